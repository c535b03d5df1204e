namespace SymbolicEft.Numeric.Expectations;

/// <summary>E[sigma^(i)(x_a) sigma^(j)(x_b)] for all pairs of some inputs and all i + j up to an order, as accurate as it can be had: what equations of components read.</summary>
internal sealed partial class PairTable
{
    // The looser one, tried second, serves derivatives that cancel, such as those of a sigmoid near K = 0, where double
    // arithmetic holds no thirteen digits.
    private const double Target = 1e-13, FallbackTarget = 1e-10;

    private readonly PairExpectationEngine _engine;
    private readonly Lazy<PairExpectationEngine> _fallback;

    /// <summary>Prepares a table.</summary>
    /// <param name="activation">sigma, with its derivatives.</param>
    /// <param name="inputs">N.</param>
    /// <param name="maxOrder">The highest i + j.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public PairTable(ActivationDescription activation, int inputs, int maxOrder, bool estimates = false)
    {
        Inputs = inputs;
        _engine = new(activation, maxOrder, Target, estimates);
        _fallback = new(() => new(activation, maxOrder, FallbackTarget, estimates));
        Values = new double[PairIndexing.Count(inputs) * _engine.ValuesPerPair];
        Bounds = new double[Values.Length];
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>The expectations.</summary>
    public double[] Values { get; }

    /// <summary>Bounds on, or estimates of, their absolute errors.</summary>
    public double[] Bounds { get; }

    /// <summary>E[sigma^(i)(x_a) sigma^(j)(x_b)].</summary>
    public double this[int a, int b, int i, int j] => Values[PlaceOf(a, b, i, j)];

    /// <summary>Where it stands.</summary>
    public int PlaceOf(int a, int b, int i, int j) => (PairIndexing.Of(a, b, Inputs) * _engine.ValuesPerPair) + (a <= b ? _engine.IndexOf(i, j) : _engine.IndexOf(j, i));

    /// <summary>Fills the table.</summary>
    /// <param name="kernel">K, row by row.</param>
    /// <exception cref="InvalidKernelException">A 2 x 2 block of the kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">An expectation cannot be brought to the looser target.</exception>
    public void Evaluate(ReadOnlySpan<double> kernel)
    {
        PairExpectationEngine engine = _engine;
        try
        {
            engine.EvaluateKernel(kernel, Inputs, Values, Bounds);
        }
        catch (QuadratureException)
        {
            engine = _fallback.Value;
            engine.EvaluateKernel(kernel, Inputs, Values, Bounds);
        }

        Report(engine);
    }

    // For what was not proved.
    partial void Report(PairExpectationEngine engine);
}
