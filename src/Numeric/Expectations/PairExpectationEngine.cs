using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

// E[sigma^(i)(x_a) sigma^(j)(x_b)] for all i + j <= maxOrder at once, x ~ N(0, [[Kaa, Kab], [Kab, Kbb]]).
//
// 1. Equal inputs: one-dimensional sums over the samples of sigma and its derivatives.
// 2. Mehler: with c^(i)_m = E[sigma^(i)(sqrt(K) z) he_m(z)] and rho = Kab / sqrt(Kaa Kbb),
//        E[sigma^(i)_a sigma^(j)_b] = sum_m rho^m c^(i)_{a,m} c^(j)_{b,m},
//    tail bounded by Parseval. Where sigma^(i) is not supplied, c^(i)_m follows from a lower derivative by parts,
//    c^(i)_m = K^{-s/2} sqrt((m+s)!/m!) c^(i-s)_{m+s}. Tried in stages: 64 orders with half of the derivatives sampled
//    (cheap, and enough for most kernels), then all derivatives with 64, 192 and 512 orders.
// 3. Direct integration in two dimensions (PairIntegrator) where neither the tail nor the rounding of Mehler's series meets the
//    target: |rho| too near 1, or K so small that integration by parts costs too many digits.
// Every entry comes with a bound; an entry that no route brings to the target is an exception.

/// <summary>
/// Gaussian expectations of products of two derivatives of one activation, for repeated use: one instance serves many
/// kernels without allocating, and the result is a pure function of the arguments. Not thread-safe; use one a thread.
/// </summary>
internal sealed partial class PairExpectationEngine
{
    private readonly ActivationDescription _activation;
    private readonly double _target;
    private readonly bool _estimates;
    private readonly int _derivatives;
    private readonly SamplingStage[] _stages;

    /// <summary>The first stage that samples every derivative.</summary>
    private readonly int _complete;
    private readonly PairIntegrator _integrator;
    private readonly double[] _bounds;
    private readonly double[] _allowances;
    private readonly List<InputMoments> _inputs = [];
    private readonly List<InputMoments> _assigned = [];

    /// <summary>Prepares an engine.</summary>
    /// <param name="activation">The activation. With all derivatives up to <paramref name="maxOrder"/> supplied, every kernel can be served; without, kernels near K = 0 or |rho| = 1 may be refused.</param>
    /// <param name="maxOrder">The highest i + j, 0..64.</param>
    /// <param name="relativeTarget">The error allowed in each entry, relative to the larger of |value| and sqrt(E[sigma^(i)^2] E[sigma^(j)^2]).</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order or the target is out of range.</exception>
    public PairExpectationEngine(ActivationDescription activation, int maxOrder, double relativeTarget = 1e-13, bool estimates = false)
    {
        _estimates = estimates;
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentOutOfRangeException.ThrowIfNegative(maxOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxOrder, 64);
        if (!(relativeTarget >= 1e-14 && relativeTarget < 1))
            throw new ArgumentOutOfRangeException(nameof(relativeTarget), string.Create(CultureInfo.InvariantCulture,
                $"The relative target {relativeTarget:R} is not between 1e-14 and 1."));
        _activation = activation;
        _target = relativeTarget;
        MaxOrder = maxOrder;
        _derivatives = activation.HighestDerivative(maxOrder);
        var half = Math.Min(_derivatives, (maxOrder + 1) / 2);
        List<SamplingStage> stages = [];
        if (half < _derivatives) stages.Add(MakeStage(half, 64, 1.1));
        stages.Add(MakeStage(_derivatives, 64, 1.1));
        stages.Add(MakeStage(_derivatives, 192, 1));
        stages.Add(MakeStage(_derivatives, 512, 1));
        _stages = [.. stages];
        _complete = stages.Count - 3;
        _integrator = new PairIntegrator(activation, maxOrder, _derivatives);
        _bounds = new double[ValuesPerPair];
        _allowances = new double[ValuesPerPair];
    }

    /// <summary>The highest i + j.</summary>
    public int MaxOrder { get; }

    /// <summary>Length of the block of one pair, (MaxOrder + 1)^2.</summary>
    public int ValuesPerPair => (MaxOrder + 1) * (MaxOrder + 1);

    /// <summary>Where E[sigma^(i)_a sigma^(j)_b] stands in the block of a pair.</summary>
    /// <param name="i">Derivative order at the first input.</param>
    /// <param name="j">Derivative order at the second input.</param>
    public int IndexOf(int i, int j) => i * (MaxOrder + 1) + j;

    /// <summary>All expectations of one pair of inputs, with the largest of their error bounds.</summary>
    /// <param name="kaa">K_aa.</param>
    /// <param name="kab">K_ab.</param>
    /// <param name="kbb">K_bb.</param>
    /// <param name="valuesByOrder">Receives E[sigma^(i)_a sigma^(j)_b] at <see cref="IndexOf"/>; entries with i + j > MaxOrder become NaN.</param>
    /// <param name="errorBound">The largest absolute error bound of any entry.</param>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">An entry cannot be brought to the target.</exception>
    public void Evaluate(double kaa, double kab, double kbb, Span<double> valuesByOrder, out double errorBound)
    {
        Evaluate(kaa, kab, kbb, valuesByOrder, _bounds);
        errorBound = 0;
        foreach (var bound in _bounds) errorBound = Math.Max(errorBound, double.IsNaN(bound) ? 0 : bound);
    }

    /// <summary>All expectations of one pair of inputs, each with its error bound.</summary>
    /// <param name="kaa">K_aa.</param>
    /// <param name="kab">K_ab.</param>
    /// <param name="kbb">K_bb.</param>
    /// <param name="valuesByOrder">Receives E[sigma^(i)_a sigma^(j)_b] at <see cref="IndexOf"/>; entries with i + j > MaxOrder become NaN.</param>
    /// <param name="errorBounds">Receives the absolute error bounds in the same places.</param>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">An entry cannot be brought to the target.</exception>
    public void Evaluate(double kaa, double kab, double kbb, Span<double> valuesByOrder, Span<double> errorBounds)
    {
        var block = KernelBlock.Factorise(kaa, kab, kbb);
        _assigned.Clear();
        var a = Assign(kaa);
        var b = Assign(kbb);
        EvaluatePair(block, a, b, valuesByOrder, errorBounds);
    }

    /// <summary>
    /// All pairs a &lt;= b of N inputs, (0,0), (0,1), ..., (0,N-1), (1,1), ...: the one-dimensional work is done once for
    /// each distinct variance.
    /// </summary>
    /// <param name="kernel">The N x N kernel, row by row; the upper triangle is read.</param>
    /// <param name="inputs">N.</param>
    /// <param name="values">Receives N(N+1)/2 blocks of <see cref="ValuesPerPair"/> numbers.</param>
    /// <param name="errorBounds">Receives the absolute error bounds in the same places.</param>
    /// <exception cref="InvalidKernelException">A 2 x 2 block of the kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">An entry cannot be brought to the target.</exception>
    public void EvaluateKernel(ReadOnlySpan<double> kernel, int inputs, Span<double> values, Span<double> errorBounds)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, inputs * inputs, nameof(kernel));
        _assigned.Clear();
        for (var a = 0; a < inputs; a++)
        {
            var variance = kernel[a * inputs + a];
            KernelBlock.RequireVariance(variance);
            Assign(variance);
        }

        var pair = 0;
        for (var a = 0; a < inputs; a++)
        {
            for (var b = a; b < inputs; b++, pair++)
            {
                var block = KernelBlock.Factorise(kernel[a * inputs + a], kernel[a * inputs + b], kernel[b * inputs + b]);
                EvaluatePair(block, Find(kernel[a * inputs + a]), Find(kernel[b * inputs + b]),
                    values.Slice(pair * ValuesPerPair, ValuesPerPair), errorBounds.Slice(pair * ValuesPerPair, ValuesPerPair));
            }
        }
    }

    private void EvaluatePair(KernelBlock block, InputMoments a, InputMoments b, Span<double> values, Span<double> bounds)
    {
        values[..ValuesPerPair].Fill(double.NaN);
        bounds[..ValuesPerPair].Fill(double.NaN);
        if (a.Kernel == 0 || b.Kernel == 0)
        {
            _integrator.AtPoints(a, b, values, bounds);
            RequireTarget(a, b, block, values, bounds);
            return;
        }

        if (block.Complement == 0 && block.Correlation > 0 && a.Kernel == b.Kernel)
        {
            for (var stage = 0; stage <= _complete; stage++)
            {
                EqualInputs.Evaluate(a.Sample(stage), MaxOrder, values, bounds);
                if (MeetsTarget(a, b, stage, values, bounds)) return;
            }

            RequireTarget(a, b, block, values, bounds);
            return;
        }

        for (var stage = 0; stage < _stages.Length; stage++)
        {
            // Coefficients of a kinked function fall as powers of the order: rho^m alone must end the series.
            if (stage > 0 && _activation.Kinks.Count > 0 && Math.Pow(Math.Abs(block.Correlation), _stages[stage].Orders) > 1e-9) continue;
            _stages[stage].Series.Evaluate(a.Sample(stage), b.Sample(stage), block.Correlation, values, bounds);
            if (MeetsTarget(a, b, stage, values, bounds)) return;
        }

        var last = _stages.Length - 1;
        for (var i = 0; i <= MaxOrder; i++)
        {
            for (var j = 0; i + j <= MaxOrder; j++)
                _allowances[IndexOf(i, j)] = _target * a.RootMeanSquare(i, last) * b.RootMeanSquare(j, last);
        }

        _integrator.Improve(block, a.Sample(_complete), b.Sample(_complete), _target, _allowances, values, bounds);
        if (!_integrator.IsProved) Report(block, a, b);
        RequireTarget(a, b, block, values, bounds);
    }

    // Of a pair that is integrated without a proof.
    partial void Report(KernelBlock block, InputMoments a, InputMoments b);

    private SamplingStage MakeStage(int derivatives, int terms, double growth)
    {
        var shift = MaxOrder - derivatives;
        var orders = terms + shift;
        var selector = new GridSelector(_activation, derivatives, orders, _target, growth, shift, _estimates);
        return new SamplingStage(derivatives, orders, selector, new MehlerSum(MaxOrder, derivatives));
    }

    private bool MeetsTarget(InputMoments a, InputMoments b, int stage, ReadOnlySpan<double> values, ReadOnlySpan<double> bounds)
    {
        for (var i = 0; i <= MaxOrder; i++)
        {
            for (var j = 0; i + j <= MaxOrder; j++)
            {
                if (!Meets(a, b, stage, i, j, values[IndexOf(i, j)], bounds[IndexOf(i, j)])) return false;
            }
        }

        return true;
    }

    private bool Meets(InputMoments a, InputMoments b, int stage, int i, int j, double value, double bound)
    {
        if (!double.IsFinite(value)) return false;
        return bound <= _target * Math.Max(Math.Abs(value), a.RootMeanSquare(i, stage) * b.RootMeanSquare(j, stage));
    }

    private void RequireTarget(InputMoments a, InputMoments b, KernelBlock block, ReadOnlySpan<double> values, ReadOnlySpan<double> bounds)
    {
        for (var i = 0; i <= MaxOrder; i++)
        {
            for (var j = 0; i + j <= MaxOrder; j++)
            {
                var value = values[IndexOf(i, j)];
                var bound = bounds[IndexOf(i, j)];
                if (Meets(a, b, _stages.Length - 1, i, j, value, bound)) continue;
                var reached = double.IsFinite(bound)
                    ? string.Create(CultureInfo.InvariantCulture, $"is known only as {value:R} +- {bound:E1}, not to the target {_target:G2}")
                    : "cannot be computed here";
                throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                    $"E[s^({i})(x) s^({j})(y)] for s = {_activation.Name} at Kxx = {a.Kernel:R}, Kyy = {b.Kernel:R}, correlation {block.Correlation:R} {reached}; {Remedy.Smoothness}."));
            }
        }
    }

    private InputMoments Find(double variance)
    {
        foreach (var input in _assigned)
        {
            if (input.Kernel == variance) return input;
        }

        throw new InvalidOperationException("Every variance is assigned before its pairs are evaluated.");
    }

    /// <summary>The workspace that holds this variance, or the next free one.</summary>
    private InputMoments Assign(double variance)
    {
        foreach (var input in _assigned)
        {
            if (input.Kernel == variance) return input;
        }

        InputMoments? chosen = null;
        foreach (var input in _inputs)
        {
            if (_assigned.Contains(input)) continue;
            if (input.Kernel == variance)
            {
                chosen = input;
                break;
            }

            chosen ??= input;
        }

        // A few spare workspaces keep the samples of earlier calls, which pair-by-pair callers come back to.
        if ((chosen is null || chosen.Kernel != variance) && _inputs.Count < Math.Max(_assigned.Count + 1, 8))
        {
            chosen = new InputMoments(_activation, MaxOrder, _stages);
            _inputs.Add(chosen);
        }

        if (chosen!.Kernel != variance) chosen.Reset(variance);
        _assigned.Add(chosen);
        return chosen;
    }
}
