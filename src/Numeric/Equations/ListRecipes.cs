using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of a list of observables on the stream of a program of layers: those of the list, those of Gaussian rows, and what takes one to the other.</summary>
internal sealed class ListRecipes : IRecipeBook
{
    private readonly ObservableRecipes _observables;
    private readonly ModeRecipes _rows, _pairs;
    private readonly TangentSpan? _tangents;
    private readonly ObservableExpansion[] _ofTangents = [];
    private readonly ListNumbers _numbers;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private (double[] Kernel, ExpansionAt Expansion) _latest = ([], new([], [], [], []));

    /// <summary>Prepares the recipes.</summary>
    /// <param name="kept">The list.</param>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="statements">The statements with Gaussian functions of all steps.</param>
    /// <param name="functions">The functions of Gaussian rows.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    /// <exception cref="LayerProgramException">The list names sigma, and the program has several.</exception>
    public ListRecipes(KeptObservables kept, IReadOnlyList<StreamStep> steps, IEnumerable<GaussianStatement> statements, FunctionModes functions, bool estimates)
    {
        int inputs = functions.Inputs;
        ActivationDefinition sigma = ListFunctions.SigmaOf(kept, steps);
        List<Observable> observables = [.. kept.Observables];
        if (!observables.Contains(Observable.SigmaKernel))
            observables.Add(Observable.SigmaKernel);
        var list = new ObservableFunctions(new Activation(sigma));
        List<ObservableFunction> all = [.. observables.Select(observable => list.Of(observable, inputs > 1))];
        _places[sigma.Text] = observables.IndexOf(Observable.SigmaKernel);
        foreach (ActivationDefinition function in ListFunctions.Of(statements))
        {
            if (_places.TryAdd(function.Text, all.Count))
                all.Add(new ObservableFunctions(new Activation(function)).Of(Observable.SigmaKernel, inputs > 1) with { Name = $"{function.Text} times {function.Text}" });
        }

        var expansion = new ObservableExpansion(all, inputs, estimates);
        var span = new ObservableSpan(expansion, kept.Observables.Count, _places[sigma.Text]);
        _observables = new ObservableRecipes(expansion, span);
        (_rows, _pairs) = (new(functions, [4]), new(functions, [ObservableExpansion.HighestOfTwo], ObservableExpansion.HighestOfOne));
        if (statements.Any(statement => statement.Recipe == GaussianRecipe.ProjectedOnTangents))
        {
            _ofTangents = [.. new[] { TangentsOfList.One(kept, sigma), TangentsOfList.Two(kept, sigma) }.Select(tangents => new ObservableExpansion([.. tangents.Select(tangent => list.Of(tangent, inputs > 1))], inputs, estimates))];
            _tangents = new(_ofTangents[0], _ofTangents[1], _pairs.Ranges.Modes, ObservableExpansion.HighestOfTwo);
        }

        _numbers = new ListNumbers(span, _observables.Ranges, kernel => (_latest = _latest.Kernel.AsSpan().SequenceEqual(kernel) ? _latest : (kernel, expansion.At(kernel))).Expansion);
    }

    /// <inheritdoc/>
    public IndexRanges Ranges => _observables.Ranges;

    /// <inheritdoc/>
    public double? RelativeError => Math.Max(_observables.RelativeError!.Value, _rows.RelativeError!.Value);

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _observables.Unproved.Concat(_rows.Unproved).Concat(_ofTangents.SelectMany(each => each.Unproved));

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => _rows.Beyond.Share > _observables.Beyond.Share ? _rows.Beyond : _observables.Beyond;

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => _observables.Parts;

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianStatement statement] => statement.Recipe switch
    {
        GaussianRecipe.ProductInObservables when PlaceOf(statement) is var place => new Recipe((given, _, results) => _numbers.Product(place, Kernel(given[0]), Kernel(given[1]), results[0])),
        GaussianRecipe.ScaledProductInObservables when PlaceOf(statement) is var place => new Recipe((given, _, results) => _numbers.Scaled(place, Kernel(given[0]), Kernel(given[1]), results[0], results[1], results[2])),
        GaussianRecipe.OverBlocks when statement.Outputs[0].Tensor.IsInOneBlock => new Recipe((given, _, results) => _numbers.WithinBlocks(given[0].Whole, results[0])),
        GaussianRecipe.OverBlocks when statement.Outputs[0].Indices.Length > 1 is var isMatrix => new Recipe((given, _, results) => _numbers.OverAll(given[0].Whole, isMatrix, results[0])),
        GaussianRecipe.MeanOverTaps when IsOfMembers(statement) => new Recipe((_, _, results) => _numbers.MeanOverTaps(statement.Taps, results[0])),
        GaussianRecipe.CurvatureOfSigmaKernel when IsOfMembers(statement) && _rows[statement] is var ofPairs => new Recipe((given, _, results) =>
        {
            TensorValues kernel = given[0];
            _numbers.BlockByBlock(given[1].Whole, covariance =>
            {
                var numbers = new double[Ranges.Count(IndexKind.Pair)];
                ofPairs.Evaluate([kernel, new(covariance, 0)], [], [numbers]);
                return numbers;
            }, results[0]);
        }),
        GaussianRecipe.GramMatrix or GaussianRecipe.CarriedObservables or GaussianRecipe.NoiseOfObservables or GaussianRecipe.DriftOfObservables or GaussianRecipe.NoiseRateOfObservables => _observables[statement],
        GaussianRecipe.ProjectedOnTangents => new Recipe((given, _, results) =>
        {
            for (int at = 0; at < results.Length; at++)
                _tangents!.Project(Math.Min(at, TangentSpan.OfBoth), Kernel(given[0]), given[at + 1].Whole, results[at]);
        }),
        GaussianRecipe.FramesOfPairs or GaussianRecipe.MarksOfModes or GaussianRecipe.OverInputs or GaussianRecipe.OverInputsOfPairs or GaussianRecipe.CarriedTables or GaussianRecipe.DerivativesOfTables
            or GaussianRecipe.ProductsOfTables or GaussianRecipe.TangentProducts or GaussianRecipe.TangentProductsOfRows => _pairs[statement],
        _ => _rows[statement],
    };

    /// <inheritdoc/>
    public void Weigh(double[] state, Func<string, double[]> tensors, LayerNumbers layer, int layers) => _observables.Weigh(state, tensors, layer, layers);

    private static bool IsOfMembers(GaussianStatement statement) => statement.Outputs[0].Indices[0].Kind == IndexKind.Member;

    private int? PlaceOf(GaussianStatement statement) => ListFunctions.IsIdentity(statement.Function!) ? null : _places[statement.Function!.Text];

    private ReadOnlySpan<double> Kernel(TensorValues values) => values.Whole[..Ranges.Count(IndexKind.Pair)];
}
