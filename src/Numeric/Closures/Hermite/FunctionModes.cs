using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>The expansions of the functions of a network that has several: each is made once, and shared by all layers that have the function.</summary>
/// <param name="inputs">N.</param>
/// <param name="highestOrder">The highest order of a mode of the stream.</param>
/// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
internal sealed class FunctionModes(int inputs, int highestOrder, bool estimates)
{
    // Second derivatives in the covariance of Gaussian rows meet modes of order 4.
    private const int OrderOfRows = 4;

    private readonly SortedDictionary<string, ActivationDescription> _descriptions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FluctuationEquation> _stream = new(StringComparer.Ordinal), _normed = new(StringComparer.Ordinal), _rows = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SigmaKernelCovariance> _covariances = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ProductsCovariance> _crossed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TangentProducts> _tangents = new(StringComparer.Ordinal);

    /// <summary>N.</summary>
    public int Inputs => inputs;

    /// <summary>The highest order of a mode of the stream.</summary>
    public int HighestOrder => Math.Max(2, highestOrder);

    /// <summary>Whether none of the functions that read the stream has a mode of odd order; they have to be prepared before.</summary>
    public bool HaveOnlyEvenOrders => _stream.Values.Concat(_normed.Values).All(each => each.HasOnlyEvenOrders);

    /// <summary>What the expansions rest on so far and nothing proves.</summary>
    public IEnumerable<Unproved> Unproved => [.. _stream.Values.Concat(_normed.Values).Concat(_rows.Values).SelectMany(each => each.Unproved), .. _covariances.Values.SelectMany(each => each.Unproved), .. _crossed.Values.SelectMany(each => each.Unproved), .. _tangents.Values.SelectMany(each => each.Unproved)];

    /// <summary>The largest share of variance that covariances of products, and products with tangents, lost to modes that are not kept.</summary>
    public (int Order, double Share) Beyond => _covariances.Values.Select(each => each.Beyond).Concat(_crossed.Values.Select(each => each.Beyond)).Concat(_tangents.Values.Select(each => each.Beyond)).DefaultIfEmpty().MaxBy(each => each.Share);

    /// <summary>The functions, as quadratures take them.</summary>
    public IReadOnlyList<ActivationDescription> Descriptions => [.. _descriptions.Values];

    /// <summary>The expansion of a function that reads the stream.</summary>
    public FluctuationEquation OfStream(ActivationDefinition function) => _normed.TryGetValue(function.Text, out FluctuationEquation? more) ? more : Of(_stream, function, Math.Max(2, highestOrder));

    /// <summary>The expansion of a function that reads the stream through a norm, to two orders more; prepared before the others it serves them too.</summary>
    public FluctuationEquation OfNormedStream(ActivationDefinition function) => Of(_normed, function, Math.Max(2, highestOrder) + 2);

    /// <summary>The expansion of a function that reads Gaussian rows.</summary>
    public FluctuationEquation OfRows(ActivationDefinition function) => Of(_rows, function, OrderOfRows);

    /// <summary>The covariances of products of a function.</summary>
    public SigmaKernelCovariance CovarianceOf(ActivationDefinition function)
    {
        if (!_covariances.TryGetValue(function.Text, out SigmaKernelCovariance? known))
            _covariances.Add(function.Text, known = new(Description(function), inputs, estimates));
        return known;
    }

    /// <summary>The covariances of products of one function with products of another.</summary>
    public ProductsCovariance CovarianceOf(ActivationDefinition function, ActivationDefinition other)
    {
        string name = $"{function.Text}, {other.Text}";
        if (!_crossed.TryGetValue(name, out ProductsCovariance? known))
            _crossed.Add(name, known = new(Description(function), Description(other), inputs, estimates));
        return known;
    }

    /// <summary>Products of a function and its derivative, of the stream or of Gaussian rows.</summary>
    /// <param name="statement">What calls for them.</param>
    /// <param name="ranges">The modes.</param>
    /// <param name="highestOfOne">The highest order of pairs of an input with itself; that of all if 0.</param>
    public TangentProducts TangentsOf(GaussianStatement statement, IndexRanges ranges, int highestOfOne = 0)
    {
        (ActivationDefinition function, ActivationDefinition slope, bool isOfRows) = (statement.Function!, statement.Other!, statement.Recipe == GaussianRecipe.TangentProductsOfRows);
        string name = isOfRows ? $"{function.Text} of rows" : function.Text;
        int all = TwoNeuronModes.HighestOf(ranges.Modes), highest = isOfRows ? Math.Min(2, all) : all;
        if (!_tangents.TryGetValue(name, out TangentProducts? known))
            _tangents.Add(name, known = new(ranges.Modes, highest, isOfRows ? 0 : highestOfOne, ProductModes.Length(all, 2), Description(function), Description(slope), isOfRows ? OfRows(slope) : OfStream(slope), CovarianceOf(function, slope), estimates));
        return known;
    }

    private FluctuationEquation Of(SortedDictionary<string, FluctuationEquation> among, ActivationDefinition function, int order)
    {
        if (!among.TryGetValue(function.Text, out FluctuationEquation? known))
            among.Add(function.Text, known = new(Description(function), inputs, order, estimates));
        return known;
    }

    private ActivationDescription Description(ActivationDefinition function)
    {
        if (!_descriptions.TryGetValue(function.Text, out ActivationDescription? known))
            _descriptions.Add(function.Text, known = new Activation(function).Description);
        return known;
    }
}
