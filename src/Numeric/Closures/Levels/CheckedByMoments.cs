using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>
/// Equations of a program of layers that are compared, at every layer, with the moment systems of its leading order: another derivation, with expectations of their
/// own. K0 always, V4 and K1 where the moment systems have them exactly.
/// </summary>
/// <param name="equations">The equations.</param>
/// <param name="moments">The moment systems.</param>
/// <param name="inputs">N.</param>
/// <param name="isExact">Whether V4 and K1 are compared as well.</param>
internal sealed class CheckedByMoments(IDepthEquations equations, MomentEquations moments, int inputs, bool isExact) : IDepthEquations
{
    // What the two may differ by, of the size of K0, and of V4 and K1.
    private const double Agreement = 1e-8, LooseAgreement = 1e-6;

    // What either rounds by, of K0 in K1 and of its square in V4.
    private const double Rounding = 1e-13;

    private double[] _state = [], _next = [];

    public int Length => equations.Length;

    public double? RelativeError => equations.RelativeError;

    public IEnumerable<Unproved> Unproved => equations.Unproved;

    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        _state = moments.Initial(kernel);
        _next = new double[_state.Length];
        return equations.Initial(kernel);
    }

    public void Next(double[] state, double[] next)
    {
        equations.Next(state, next);
        moments.Next(_state, _next);
        (_state, _next) = (_next, _state);
        int pairs = PairIndexing.Count(inputs);
        double size = Enumerable.Range(0, inputs).Max(input => _state[PairIndexing.Of(input, input, inputs)]);
        Compare("K0", _state.AsSpan(0, pairs), next.AsSpan(0, pairs), Agreement * size);
        if (!isExact)
            return;
        double[] covariance = moments.Part(_state, "V4")!;
        // A norm of the stream fixes the kernel of one input: V4 is rounding of K0 squared then, in which no two routes agree.
        double difference = Math.Max(LooseAgreement * covariance.Max(Math.Abs), Rounding * size * size);
        Compare("V4", covariance, equations.Part(next, "V4"), difference);
        // K1 is of order V4/K0.
        Compare("K1", moments.Part(_state, "K1")!, equations.Part(next, "K1"), difference / size);
    }

    public void Slope(double[] state, double[] slope) => equations.Slope(state, slope);

    public void Scales(double[] state, double[] scales) => equations.Scales(state, scales);

    public void Record(double[] state, Action<string, double[]> add) => equations.Record(state, add);

    public double[]? Part(double[] state, string name) => equations.Part(state, name);

    public string Describe(int component) => equations.Describe(component);

    private static void Compare(string name, ReadOnlySpan<double> expected, ReadOnlySpan<double> values, double difference)
    {
        for (int at = 0; at < expected.Length; at++)
        {
            if (Math.Abs(expected[at] - values[at]) > difference)
                throw new QuadratureException(FormattableString.Invariant($"The grids of the next order have {values[at]:G10} for a component of {name}, which is {expected[at]:G10}; use order 0, or smaller kernels."));
        }
    }
}
