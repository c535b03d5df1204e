using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on observables.</summary>
internal sealed class ObservableRecipes : IRecipeBook
{
    private readonly ObservableExpansion _expansion;
    private readonly ObservableNumbers _numbers;
    private readonly int _pairs;
    private Unproved? _lost;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="expansion">The expansion of the observables.</param>
    /// <param name="span">Their blocks.</param>
    public ObservableRecipes(ObservableExpansion expansion, ObservableSpan span) => (_expansion, _numbers, _pairs) = (expansion, new(span), span.Pairs.Length);

    /// <summary>The observables and their blocks.</summary>
    public ObservableSpan Span => _numbers.Span;

    /// <inheritdoc/>
    public IndexRanges Ranges => _numbers.Ranges;

    /// <inheritdoc/>
    public double? RelativeError => Math.Max(1e-12, Span.LargestRest);

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _lost is null ? Span.Unproved : Span.Unproved.Append(_lost);

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => _expansion.LargestShareOfOne > _expansion.LargestShareBeyond
        ? (ObservableExpansion.HighestOfOne, _expansion.LargestShareOfOne)
        : (ObservableExpansion.HighestOfTwo, _expansion.LargestShareBeyond);

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => KernelPart.OfObservables(
        _pairs, Span.Count, Span.Kernel, Span.Own, _numbers.Own);

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianStatement statement] => new Recipe(statement.Recipe switch
    {
        GaussianRecipe.SigmaKernelInObservables => (given, _, results) => _numbers.SigmaKernelInObservables(Kernel(given[0]), results[0], results[1]),
        GaussianRecipe.GramMatrix => (given, _, results) => _numbers.GramMatrix(Kernel(given[0]), results[0]),
        GaussianRecipe.CarriedObservables => (given, scalars, results) => _numbers.CarriedObservables(Kernel(given[0]), Kernel(given[1]), scalars[0], results[0], results[1], results[2], results[3]),
        GaussianRecipe.NoiseOfObservables => (given, scalars, results) => _numbers.NoiseOfObservables(Kernel(given[0]), Kernel(given[1]), scalars[0], results[0]),
        GaussianRecipe.DriftOfObservables => (given, _, results) => _numbers.DriftOfObservables(Kernel(given[0]), Kernel(given[1]), results[0], results[1], results[2]),
        GaussianRecipe.NoiseRateOfObservables => (given, _, results) => _numbers.NoiseRateOfObservables(Kernel(given[0]), Kernel(given[1]), results[0]),
        _ => throw new NotSupportedException($"{statement.Recipe} is no recipe of closures on observables."),
    });

    // Observables that nearly depend on each other have projections of large coefficients that nearly cancel. To first order, what a layer's rounding
    // makes of K1; layers add up. K1 is measured by itself or, where it is less, by a share of K0.

    /// <inheritdoc/>
    public void Weigh(double[] state, Func<string, double[]> tensors, LayerNumbers layer, int layers)
    {
        const double rounding = 1e-15, smallest = 1e-5;
        SpanAt here = Span.At(tensors("K0"));
        double[] mean = tensors("m");
        for (int pair = 0; pair < _pairs && _lost is null; pair++)
        {
            ObservableBlock block = Span.Blocks[pair];
            BlockProjection projection = here.Projections[pair][Array.IndexOf(block.Members, pair)];
            double[] means = [.. projection.Places.Select(place => mean[block.Start + place])];
            int own = Span.Kernel[pair];
            (int a, int b) = Span.Pairs[pair];
            double scale = Math.Sqrt(here.Kernel[Span.PairOf(a, a)] * here.Kernel[Span.PairOf(b, b)]);
            double error = rounding * Math.Max(1, layers) * Math.Sqrt(here.Covariances[own, own]) * projection.Projection.Amplification(means);
            double share = error / Math.Max(Math.Abs(mean[own]), smallest * scale);
            if (share > Cancellation.Tolerance)
            {
                _lost = new(
                    FormattableString.Invariant($"the digits of K1_{a}{b}"),
                    FormattableString.Invariant($"the observables of the closure nearly depend on each other at K_{a}{a} = {here.Kernel[Span.PairOf(a, a)]:G6}, and the rounding of their covariances, amplified, {(share < 1 ? $"leaves {share:G1} of it open" : "leaves none of them")}; hermite(k) has no such observables"));
            }
        }
    }

    private ReadOnlySpan<double> Kernel(TensorValues values) => values.Whole[.._pairs];
}
