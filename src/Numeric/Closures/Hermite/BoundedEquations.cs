using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds on what modes above the highest order add to the leading order, and on what the errors of Gaussian numbers and rounding make of it, layer by layer.</summary>
internal interface ILeadingOrderBounds
{
    /// <summary>By how much V4 of two pairs can be off.</summary>
    double V4(int left, int right);

    /// <summary>By how much K1 can be off, over pairs, infinite where no bound is known; null where there is none of any pair.</summary>
    IReadOnlyList<double>? K1 { get; }

    /// <summary>What the errors of Gaussian numbers and rounding make of both; null where that is not followed.</summary>
    NumberErrors? Numbers { get; }

    /// <summary>Goes on to the next layer.</summary>
    /// <param name="state">The state of the equations, which begins with K0.</param>
    /// <param name="next">The state that they have just made of it.</param>
    void Advance(double[] state, double[] next);
}

/// <summary>The equations of a closure on modes, and beside them the bounds on what it leaves out, recorded as V4_beyond and K1_beyond, and on errors of numbers, V4_numbers and K1_numbers.</summary>
/// <param name="equations">The equations, in discrete depth.</param>
/// <param name="bounds">The bounds, at layer 0.</param>
internal sealed class BoundedEquations(MomentEquations equations, ILeadingOrderBounds bounds) : IDepthEquations
{
    /// <summary>The tensors of the bounds in a solution: over pairs, and of pairs of pairs.</summary>
    public const string OfMean = "K1_beyond", OfCovariance = "V4_beyond", OfMeanInNumbers = "K1_numbers", OfCovarianceInNumbers = "V4_numbers";

    /// <inheritdoc/>
    public int Length => equations.Length;

    /// <inheritdoc/>
    public double? RelativeError => equations.RelativeError;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => equations.Unproved;

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel) => equations.Initial(kernel);

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        equations.Next(state, next);
        bounds.Advance(state, next);
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("Bounds on what modes leave out go from layer to layer.");

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales) => equations.Scales(state, scales);

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        equations.Record(state, add);
        add(OfCovariance, OverTwoPairs(bounds.V4));
        if (bounds.K1 is { } mean)
            add(OfMean, [.. mean]);
        if (bounds.Numbers is not { } numbers)
            return;
        add(OfCovarianceInNumbers, OverTwoPairs(numbers.V4));
        add(OfMeanInNumbers, [.. Enumerable.Range(0, PairIndexing.Count(equations.Inputs)).Select(numbers.K1)]);
    }

    private double[] OverTwoPairs(Func<int, int, double> bound)
    {
        int pairs = PairIndexing.Count(equations.Inputs);
        var result = new double[PairIndexing.Count(pairs)];
        for (int p = 0; p < pairs; p++)
        {
            for (int q = p; q < pairs; q++) result[PairIndexing.Of(p, q, pairs)] = bound(p, q);
        }

        return result;
    }

    /// <inheritdoc/>
    public string Describe(int component) => equations.Describe(component);

    /// <inheritdoc/>
    public double[]? Part(double[] state, string name) => equations.Part(state, name);
}
