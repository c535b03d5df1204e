namespace SymbolicEft.Numeric.Expectations;

/// <summary>Workspace for one input: its variance, and samples of the activation at it, stage by stage as needed.</summary>
internal sealed class InputMoments
{
    private readonly GridSelector[] _selectors;
    private readonly int[] _orders;
    private readonly ActivationSample?[] _samples;
    private readonly bool[] _loaded;
    private readonly int _derivatives;

    public InputMoments(int derivatives, GridSelector[] selectors, int[] orders)
    {
        _derivatives = derivatives;
        _selectors = selectors;
        _orders = orders;
        _samples = new ActivationSample?[selectors.Length];
        _loaded = new bool[selectors.Length];
    }

    /// <summary>The variance.</summary>
    public double Kernel { get; private set; } = double.NaN;

    /// <summary>Takes another variance; samples are made when asked for.</summary>
    public void Reset(double variance)
    {
        Kernel = variance;
        Array.Clear(_loaded);
    }

    /// <summary>The sample with the number of Hermite orders of the given stage.</summary>
    public ActivationSample Stage(int stage)
    {
        var sample = _samples[stage] ??= new ActivationSample(_selectors[stage].Activation, _derivatives, _orders[stage]);
        if (_loaded[stage]) return sample;
        sample.Load(Kernel, _selectors[stage].Select(Kernel), _selectors[stage].Truncation);
        _loaded[stage] = true;
        return sample;
    }

    /// <summary>E[sigma^(order)], by parts where that derivative is not supplied.</summary>
    public CertifiedValue MeanDerivative(int order)
    {
        if (Kernel == 0) return AtZero(order);
        var sample = Stage(0);
        var function = Math.Min(order, _derivatives);
        var shift = order - function;
        var scale = Math.Sqrt(MehlerSum.FallingFactorial(shift, shift)) * Math.Pow(Kernel, -0.5 * shift);
        return new CertifiedValue(scale * sample.Coefficients[function * sample.Orders + shift], scale * sample.Bounds[function * sample.Orders + shift]);
    }

    /// <summary>
    /// A lower bound of sqrt(E[(sigma^(i))^2]): the whole where sigma^(i) is supplied, else the part of Parseval's sum that
    /// the first stage knows.
    /// </summary>
    public double RootMeanSquare(int order)
    {
        if (Kernel == 0) return Math.Abs(AtZero(order).Value);
        var sample = Stage(0);
        if (order <= _derivatives) return Math.Sqrt(sample.MeanSquares[order]);
        var shift = order - _derivatives;
        var sum = 0.0;
        for (var m = 0; m + shift < sample.Orders; m++)
        {
            var c = sample.Coefficients[_derivatives * sample.Orders + m + shift];
            var certain = Math.Max(Math.Abs(c) - sample.Bounds[_derivatives * sample.Orders + m + shift], 0);
            sum += certain * certain * MehlerSum.FallingFactorial(m + shift, shift);
        }

        return Math.Sqrt(sum / Math.Pow(Kernel, shift));
    }

    /// <summary>sigma^(order)(0), or NaN where it is not known or jumps.</summary>
    private CertifiedValue AtZero(int order)
    {
        var activation = _selectors[0].Activation;
        var known = order <= _derivatives;
        foreach (var kink in activation.Kinks) known &= order == 0 || kink.Position != 0 || order < kink.Order;
        if (!known) return new CertifiedValue(double.NaN, double.NaN);
        var value = order == 0 ? activation.Value(0) : activation.Derivative(order)!(0);
        return new CertifiedValue(value, activation.EvaluationError * Math.Abs(value));
    }
}
