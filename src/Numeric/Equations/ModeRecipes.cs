using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on modes by their names.</summary>
internal sealed class ModeRecipes : IRecipeBook
{
    private readonly FluctuationEquation? _fluctuations;
    private readonly FunctionModes? _functions;
    private readonly ModeNumbers _numbers;
    private readonly ProgramNumbers _program;
    private readonly TwoNeuronModes _pairs;
    private readonly int _highestOfOne;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="fluctuations">The expansion of sigma_a sigma_b, to an order not below any of the orders.</param>
    /// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity are left out.</param>
    public ModeRecipes(FluctuationEquation fluctuations, IEnumerable<int> orders)
    {
        (_fluctuations, _numbers) = (fluctuations, new(fluctuations, orders));
        (_program, _pairs) = (new(_numbers), new(Ranges.Modes, TwoNeuronModes.HighestOf(Ranges.Modes)));
    }

    /// <summary>Prepares the recipes of a network with several functions.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity of all functions are left out.</param>
    /// <param name="highestOfOne">The highest order that averages over two neurons have of an input with itself; that of the others if 0.</param>
    public ModeRecipes(FunctionModes functions, IEnumerable<int> orders, int highestOfOne = 0)
    {
        (_highestOfOne, _functions, _numbers) = (highestOfOne, functions, new(new IndexRanges(functions.Inputs, orders.Where(order => !functions.HaveOnlyEvenOrders || order % 2 == 0))));
        (_program, _pairs) = (new(_numbers), new(Ranges.Modes, TwoNeuronModes.HighestOf(Ranges.Modes), highestOfOne));
    }

    /// <summary>The expansion of sigma_a sigma_b, where there is one sigma.</summary>
    /// <exception cref="InvalidOperationException">The network has several functions.</exception>
    public FluctuationEquation Fluctuations => _fluctuations ?? throw new InvalidOperationException("The network has several functions.");

    /// <inheritdoc/>
    public IndexRanges Ranges => _numbers.Ranges;

    /// <inheritdoc/>
    public double? RelativeError => FluctuationEquation.Target;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _functions?.Unproved ?? _fluctuations!.Unproved;

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => _functions?.Beyond ?? default;

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => KernelPart.OfModes(Ranges.Modes.Pairs.Length);

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianStatement statement] => new Recipe(statement.Recipe switch
    {
        GaussianRecipe.SigmaKernelInModes when OfStream(statement) is var function => (given, _, results) => _numbers.SigmaKernelInModes(function, Kernel(given[0]), results[0], results[1], results[2]),
        GaussianRecipe.ContractWithOverlaps => (given, _, results) => _numbers.ContractWithOverlaps(Kernel(given[0]), given[1].Whole, results[0]),
        GaussianRecipe.CarriedModes => (given, scalars, results) => _numbers.CarriedModes(Kernel(given[0]), Kernel(given[1]), scalars[0], results[0]),
        GaussianRecipe.DriftOfModes => (given, _, results) => _numbers.DriftOfModes(Kernel(given[0]), Kernel(given[1]), results[0]),
        GaussianRecipe.SecondDerivatives => (given, scalars, results) => _numbers.SecondDerivatives(given[0].Whole, given[1].Whole, Kernel(given[2]), scalars[0], results[0]),
        GaussianRecipe.FourthDerivatives => (given, _, results) => _numbers.FourthDerivatives(given[0].Whole, Kernel(given[1]), results[0]),
        GaussianRecipe.NumberOfModes => (given, _, results) => _program.NumberOfModes(given[0].Whole, Kernel(given[1]), results[0]),
        GaussianRecipe.NormBeyondModes when _functions!.OfNormedStream(statement.Function!) is var function => (given, _, results) => _program.NormBeyondModes(function, Kernel(given[0]), given[1].Whole, results[0]),
        GaussianRecipe.MeanOverTaps => (_, _, results) => _program.MeanOverTaps(statement.Taps, results[0]),
        GaussianRecipe.CentredModes => (given, _, results) => _program.CentredModes(given[0].Whole, given[1].Whole, given[2].Whole, Kernel(given[3]), results[0], results[1], results[2]),
        GaussianRecipe.MeanOfPairsOverTaps => (given, _, results) => _program.MeanOfPairsOverTaps(statement.Taps, given[0].Whole, results[0]),
        GaussianRecipe.SigmaKernelOfRows when _functions!.OfRows(statement.Function!) is var function => (given, _, results) => _numbers.SigmaKernelOfRows(function, Kernel(given[0]), results[0], results[1]),
        GaussianRecipe.CurvatureOfSigmaKernel when _functions!.OfRows(statement.Function!) is var function => (given, _, results) => _program.CurvatureOfSigmaKernel(function, Kernel(given[0]), given[1].Whole, results[0]),
        GaussianRecipe.CovarianceOfSigmaKernel when _functions!.CovarianceOf(statement.Function!) is var covariance => (given, _, results) => covariance.At(Kernel(given[0]), results[0]),
        GaussianRecipe.FramesOfPairs => (given, _, results) => _pairs.Frames(Kernel(given[0]), results[0], results[1], results[2]),
        GaussianRecipe.MarksOfModes => (_, _, results) => _pairs.Marks(results[0], results[1], results[2], results[3], results[4], results[5]),
        GaussianRecipe.OverInputs => (given, _, results) => _pairs.OverInputs(given[0].Whole, results[0], results[1], results[2]),
        GaussianRecipe.OverInputsOfPairs => (given, _, results) => _pairs.OverInputs(given[0].Whole, results[0]),
        GaussianRecipe.CarriedTables => (given, scalars, results) =>
        {
            for (int at = 0; at < results.Length; at++)
                _pairs.Carried(Kernel(given[0]), Kernel(given[1]), scalars[0], given[at + 2].Whole, results[at]);
        }
        ,
        GaussianRecipe.DerivativesOfTables => (given, _, results) => _pairs.Derivatives(given[0].Whole, results[0]),
        GaussianRecipe.ProductsOfTables => (given, _, results) => _pairs.Products(given[0].Whole, results[0]),
        GaussianRecipe.TangentProducts or GaussianRecipe.TangentProductsOfRows when _functions!.TangentsOf(statement, Ranges, _highestOfOne) is var sources => (given, _, results) => sources.At(Kernel(given[0]), results[0], results[1], results[2], results[3], results[4], results[5], results[6]),
        GaussianRecipe.CovarianceOfProducts when _functions!.CovarianceOf(statement.Function!, statement.Other!) is var covariance => (given, _, results) => covariance.At(Kernel(given[0]), results[0]),
        _ => throw new NotSupportedException($"{statement.Recipe} is no recipe of closures on modes."),
    });

    /// <inheritdoc/>
    public void Weigh(double[] state, Func<string, double[]> tensors, LayerNumbers layer, int layers)
    {
        // Modes are orthonormal: nothing is amplified.
    }

    private FluctuationEquation OfStream(GaussianStatement statement) => statement.Function is { } function ? _functions!.OfStream(function) : _fluctuations!;

    private ReadOnlySpan<double> Kernel(TensorValues values) => values.Whole[..Ranges.Modes.Pairs.Length];
}
