namespace SymbolicEft.Numeric.Expectations;

/// <summary>How one stage of the pair engine samples the activation.</summary>
/// <param name="Derivatives">Derivatives sampled along with sigma; higher ones follow by parts.</param>
/// <param name="Orders">Number of Hermite orders.</param>
/// <param name="Selector">The grids for it.</param>
/// <param name="Series">Mehler's series over it.</param>
internal sealed record SamplingStage(int Derivatives, int Orders, GridSelector Selector, MehlerSum Series);

/// <summary>Workspace for one input: its variance, and samples of the activation at it, stage by stage as needed.</summary>
internal sealed class InputMoments
{
    private readonly ActivationDescription _activation;
    private readonly SamplingStage[] _stages;
    private readonly ActivationSample?[] _samples;
    private readonly bool[] _loaded;
    private readonly double[] _rootMeanSquares;

    public InputMoments(ActivationDescription activation, int maxOrder, SamplingStage[] stages)
    {
        _activation = activation;
        _stages = stages;
        _samples = new ActivationSample?[stages.Length];
        _loaded = new bool[stages.Length];
        _rootMeanSquares = new double[2 * (maxOrder + 1)];
    }

    /// <summary>The variance.</summary>
    public double Kernel { get; private set; } = double.NaN;

    /// <summary>Takes another variance; samples are made when asked for.</summary>
    public void Reset(double variance)
    {
        Kernel = variance;
        Array.Clear(_loaded);
        Array.Fill(_rootMeanSquares, double.NaN);
    }

    /// <summary>The sample of the given stage.</summary>
    public ActivationSample Sample(int stage)
    {
        var (derivatives, orders, selector, _) = _stages[stage];
        var sample = _samples[stage] ??= new ActivationSample(_activation, derivatives, orders);
        if (_loaded[stage]) return sample;
        selector.Load(sample, Kernel);
        _loaded[stage] = true;
        return sample;
    }

    /// <summary>E[sigma^(order)], by parts where that derivative is not supplied.</summary>
    public ApproximateValue MeanDerivative(int order)
    {
        if (Kernel == 0) return AtZero(order);
        var stage = _stages.Length - 1;
        var sample = Sample(stage);
        var function = Math.Min(order, sample.Derivatives);
        var shift = order - function;
        var scale = Math.Sqrt(MehlerSum.FallingFactorial(shift, shift)) * Math.Pow(Kernel, -0.5 * shift);
        return new ApproximateValue(scale * sample.Coefficients[function * sample.Orders + shift], scale * sample.Bounds[function * sample.Orders + shift]);
    }

    /// <summary>
    /// A lower bound of sqrt(E[(sigma^(order))^2]): the whole where the stage samples sigma^(order), else the part of
    /// Parseval's sum that it knows.
    /// </summary>
    public double RootMeanSquare(int order, int stage)
    {
        // Later stages differ from each other by rounding only.
        var slot = order + (stage > 0 ? _rootMeanSquares.Length / 2 : 0);
        if (double.IsNaN(_rootMeanSquares[slot])) _rootMeanSquares[slot] = FindRootMeanSquare(order, Math.Min(stage, 1));
        return _rootMeanSquares[slot];
    }

    private double FindRootMeanSquare(int order, int stage)
    {
        if (Kernel == 0) return Math.Abs(AtZero(order).Value);
        var sample = Sample(stage);
        if (order <= sample.Derivatives) return Math.Sqrt(sample.MeanSquares[order]);
        var shift = order - sample.Derivatives;
        var start = sample.Derivatives * sample.Orders + shift;
        var sum = 0.0;
        for (var m = 0; m + shift < sample.Orders; m++)
        {
            var certain = Math.Max(Math.Abs(sample.Coefficients[start + m]) - sample.Bounds[start + m], 0);
            sum += certain * certain * MehlerSum.FallingFactorial(m + shift, shift);
        }

        return Math.Sqrt(sum / Math.Pow(Kernel, shift));
    }

    /// <summary>sigma^(order)(0), or NaN where it is not known or jumps.</summary>
    private ApproximateValue AtZero(int order)
    {
        var known = order <= _activation.HighestDerivative(order);
        foreach (var kink in _activation.Kinks) known &= order == 0 || kink.Position != 0 || order < kink.Order;
        if (!known) return new ApproximateValue(double.NaN, double.NaN);
        var value = order == 0 ? _activation.Value(0) : _activation.Derivative(order)!(0);
        return new ApproximateValue(value, _activation.EvaluationError * Math.Abs(value));
    }
}
