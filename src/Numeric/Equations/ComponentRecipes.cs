// A system of components calls for one thing: the Gaussian expectations that stand in its equations as they are, at K0. Its equations are compiled together,
// for N inputs (Compilation), so that they share what they have in common.

using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The equations of a system of components, compiled, with the expectations that they read; serves one solution at a time.</summary>
/// <param name="compiled">The equations.</param>
/// <param name="expectations">The expectations of the compiled system's atoms.</param>
/// <param name="activation">sigma as text, for messages.</param>
/// <param name="hasOtherRoute">True to stop where a number loses its digits; false to go on, and to say so in the solution.</param>
internal sealed class ComponentRecipes(CompiledSystem compiled, IExpectations expectations, string activation, bool hasOtherRoute) : IRecipeBook
{
    private readonly Cancellation _cancellation = new(compiled, activation);
    private readonly double[] _expectations = new double[compiled.Atoms.Count];

    /// <summary>The equations.</summary>
    public CompiledSystem Compiled => compiled;

    /// <inheritdoc/>
    public IndexRanges Ranges { get; } = new(compiled.Inputs, []);

    /// <inheritdoc/>
    public double? RelativeError => expectations.LargestRelativeError;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _cancellation.Found is { } lost ? [.. expectations.Unproved, lost] : expectations.Unproved;

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => default;

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => [.. compiled.State.Blocks.Concat(compiled.Quantities.Output.Blocks).Select(block => KernelPart.Whole(block.Tensor.Name))];

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianStatement statement] => throw new NotSupportedException($"{statement.Recipe} is no recipe of a system of components.");

    /// <summary>Runs a program of the compiled system at a state.</summary>
    /// <param name="program">Its right side or its quantities.</param>
    /// <param name="layer">The numbers of the layer.</param>
    /// <param name="state">The state.</param>
    /// <param name="output">Receives what the program gives; another array than the state.</param>
    /// <exception cref="Expectations.QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    public void Run(ITensorProgram program, LayerNumbers layer, double[] state, double[] output)
    {
        expectations.Evaluate(compiled.State.Part(state, Notation.MeanKernel), _expectations);
        program.Run(layer.Parameters, _expectations, state, output);
    }

    /// <inheritdoc/>
    /// <exception cref="LostDigitsException">A number lost its digits, and there is another route.</exception>
    public void Weigh(double[] state, Func<string, double[]> tensors, LayerNumbers layer, int layers)
    {
        _cancellation.Weigh(expectations, layer.Parameters, _expectations, state);
        if (hasOtherRoute && _cancellation.Found is not null) throw new LostDigitsException();
    }
}
