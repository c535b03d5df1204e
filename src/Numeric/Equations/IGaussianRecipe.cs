using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Equations;

/// <summary>A computation with Gaussian functions that the statements of a moment system call for.</summary>
internal interface IGaussianRecipe
{
    /// <summary>Fills the results.</summary>
    /// <param name="arguments">The tensors that the statement gives, in its order.</param>
    /// <param name="scalars">The numbers that it gives, in its order.</param>
    /// <param name="results">The arrays of the results, cleared, in its order.</param>
    /// <exception cref="Expectations.QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    void Evaluate(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results);
}

/// <summary>The recipes of one family of closures, for an activation and N inputs.</summary>
internal interface IRecipeBook
{
    /// <summary>What the indices count to.</summary>
    IndexRanges Ranges { get; }

    /// <summary>Bound on, or estimate of, the relative error of what the recipes gave so far; null if there is none.</summary>
    double? RelativeError { get; }

    /// <summary>What the recipes' results rest on so far and nothing proves.</summary>
    IEnumerable<Unproved> Unproved { get; }

    /// <summary>Weighs what rounding makes of a state where recipes amplify it, for <see cref="Unproved"/>.</summary>
    /// <param name="state">The state, at which what follows from it was computed last.</param>
    /// <param name="tensors">Its tensors by name.</param>
    /// <param name="layer">The numbers of the layer.</param>
    /// <param name="layers">How many layers led to it.</param>
    void Weigh(double[] state, Func<string, double[]> tensors, LayerNumbers layer, int layers);

    /// <summary>An estimate of the largest share of a function's variance beyond the modes in which it is kept, 0 where it is not kept in modes, and the highest order of these.</summary>
    (int Order, double Share) Beyond { get; }

    /// <summary>What a solution reports of the tensors.</summary>
    IReadOnlyList<KernelPart> Parts { get; }

    /// <summary>The computation that a statement calls for.</summary>
    /// <exception cref="NotSupportedException">These closures have none.</exception>
    IGaussianRecipe this[GaussianStatement statement] { get; }
}

/// <summary>A recipe that is a method.</summary>
/// <param name="evaluate">The method.</param>
internal sealed class Recipe(Recipe.Evaluation evaluate) : IGaussianRecipe
{
    /// <summary>See <see cref="IGaussianRecipe.Evaluate"/>.</summary>
    public delegate void Evaluation(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results);

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results) => evaluate(arguments, scalars, results);
}
