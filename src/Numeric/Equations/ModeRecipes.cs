using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on modes by their names.</summary>
/// <param name="fluctuations">The expansion of sigma_a sigma_b, to an order not below any of the orders.</param>
/// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity are left out.</param>
internal sealed class ModeRecipes(FluctuationEquation fluctuations, IEnumerable<int> orders) : IRecipeBook
{
    private readonly ModeNumbers _numbers = new(fluctuations, orders);

    /// <inheritdoc/>
    public IndexRanges Ranges => _numbers.Ranges;

    /// <inheritdoc/>
    public double RelativeError => FluctuationEquation.Target;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => fluctuations.Unproved;

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => default;

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => KernelPart.OfModes(Ranges.Modes.Pairs.Length);

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianRecipe recipe] => new Recipe(recipe switch
    {
        GaussianRecipe.SourceInModes => (given, _, results) => _numbers.SourceInModes(Kernel(given[0]), results[0], results[1], results[2]),
        GaussianRecipe.ContractWithOverlaps => (given, _, results) => _numbers.ContractWithOverlaps(Kernel(given[0]), given[1].Whole, results[0]),
        GaussianRecipe.CarriedModes => (given, scalars, results) => _numbers.CarriedModes(Kernel(given[0]), Kernel(given[1]), scalars[0], results[0]),
        GaussianRecipe.DriftOfModes => (given, _, results) => _numbers.DriftOfModes(Kernel(given[0]), Kernel(given[1]), results[0]),
        GaussianRecipe.SecondDerivatives => (given, scalars, results) => _numbers.SecondDerivatives(given[0].Whole, given[1].Whole, Kernel(given[2]), scalars[0], results[0]),
        GaussianRecipe.FourthDerivatives => (given, _, results) => _numbers.FourthDerivatives(given[0].Whole, Kernel(given[1]), results[0]),
        _ => throw new NotSupportedException($"{recipe} is no recipe of closures on modes."),
    });

    /// <inheritdoc/>
    public void Weigh(Func<string, double[]> state, int layers)
    {
        // Modes are orthonormal: nothing is amplified.
    }

    private ReadOnlySpan<double> Kernel(TensorValues values) => values.Whole[..Ranges.Modes.Pairs.Length];
}
