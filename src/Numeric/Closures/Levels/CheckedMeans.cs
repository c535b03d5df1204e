using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>
/// Equations of a program of layers whose K0 is compared, at every layer, with that of its moment systems: another derivation, with expectations of their own.
/// </summary>
/// <param name="equations">The equations.</param>
/// <param name="means">The equations of K0 alone.</param>
/// <param name="inputs">N.</param>
internal sealed class CheckedMeans(IDepthEquations equations, MomentEquations means, int inputs) : IDepthEquations
{
    // What the two may differ by, of the size of K0.
    private const double Agreement = 1e-8;

    /// <inheritdoc/>
    public int Length => equations.Length;

    /// <inheritdoc/>
    public double RelativeError => equations.RelativeError;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => equations.Unproved;

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        _ = means.Initial(kernel);
        return equations.Initial(kernel);
    }

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        equations.Next(state, next);
        var expected = new double[means.Length];
        means.Next(state[..means.Length], expected);
        double size = Enumerable.Range(0, inputs).Max(input => expected[PairIndexing.Of(input, input, inputs)]);
        for (int pair = 0; pair < expected.Length; pair++)
        {
            if (Math.Abs(expected[pair] - next[pair]) > Agreement * size)
                throw new QuadratureException(FormattableString.Invariant($"The grids of the next order have {next[pair]:G10} for K0, which is {expected[pair]:G10}; use order 0, or smaller kernels."));
        }
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => equations.Slope(state, slope);

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales) => equations.Scales(state, scales);

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add) => equations.Record(state, add);

    /// <inheritdoc/>
    public double[]? Part(double[] state, string name) => equations.Part(state, name);

    /// <inheritdoc/>
    public string Describe(int component) => equations.Describe(component);
}
