using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The equations of a program, ready to run.</summary>
/// <param name="Equations">The equations.</param>
/// <param name="Program">They as they are derived.</param>
/// <param name="Functions">The functions of its layers.</param>
/// <param name="Numbers">The numbers of each layer.</param>
/// <param name="Book">The recipes.</param>
internal sealed record ProgramEquations(MomentEquations Equations, ProgramSystem Program, FunctionModes Functions, LayerNumbers[] Numbers, IRecipeBook Book)
{
    /// <summary>The noise of what each stage's fresh rows show, pairs by pairs, at a layer that was advanced last; null for stages that read a field in modes.</summary>
    public double[]?[] NoisesAt(int layer) => [.. Program.Systems[Program.Layers[layer].System].Stages.Select(stage => stage.Products is { } products ? Equations.ValueOf(products.Name) : null)];
}

/// <summary>Solves closures on the stream of a program of layers.</summary>
internal static class ProgramSolver
{
    /// <summary>Derives the equations of a program and runs them.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="network">The network that the program is, with its inputs and the layers to report.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="wanted">Tensors of the state that are wanted, with what they depend on; all if null.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    public static TheorySolution Solve(IReadOnlyList<StreamStep> steps, Network network, IClosure closure, SolverSettings settings, IReadOnlyList<Tensor>? wanted = null)
    {
        QuadratureChoice quadrature = settings.Quadrature;
        ProgramEquations solved = Equations(steps, network.Inputs, closure, quadrature.IsEstimated, wanted, settings.Tangent == TangentKernel.None ? null : settings.RateOfFirst, ClosureSolver.FormOf(settings.Stepping));
        bool isBounded = closure.Keeps is KeptModes { HighestOrder: >= 4 } && settings.Stepping == Stepping.Discrete && wanted is null && ProgramBounds.Know(steps);
        IDepthEquations equations = isBounded ? new BoundedEquations(solved.Equations, new ProgramBounds(steps, solved, network.InitialKernel)) : solved.Equations;
        return MomentSolver.WithTruncation(solved.Book, () => DepthSolver.Solve(equations, network, settings, new ProgramDepth(steps, solved.Equations, solved.Functions.Descriptions, settings.Stepping)));
    }

    /// <summary>The equations of a program, ready to run.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="inputs">N.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    /// <param name="wanted">Tensors of the state that are wanted, with what they depend on; all if null.</param>
    /// <param name="tangent">The learning rate of the layer before layer 0, 0 where it is not trained; null where the tangent kernel does not join.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    public static ProgramEquations Equations(
        IReadOnlyList<StreamStep> steps, int inputs, IClosure closure, bool estimates, IReadOnlyList<Tensor>? wanted = null, double? tangent = null, DepthForm form = DepthForm.Discrete)
    {
        ProgramSystem program = ProgramDerivation.Of(steps, closure, tangent is { } first ? Rational.FromShortestDecimal(first) : null, form);
        IReadOnlyList<int> orders = program.Systems[0].Orders;
        // Of a list functions meet the tangents of two neurons in all modes that functions of two inputs are kept in.
        var functions = new FunctionModes(inputs, closure.Keeps is KeptObservables ? ObservableExpansion.HighestOfTwo : orders.DefaultIfEmpty(2).Max(), estimates);
        GaussianStatement[] recipes = [.. program.Systems.SelectMany(system => system.Step).OfType<GaussianStatement>()];
        foreach (GaussianStatement normed in recipes.Where(statement => statement.Recipe == GaussianRecipe.NormBeyondModes))
            functions.OfNormedStream(normed.Function!);
        foreach (GaussianStatement source in recipes.Where(statement => statement.Recipe == GaussianRecipe.SigmaKernelInModes))
            functions.OfStream(source.Function!);

        var numbers = new Dictionary<IReadOnlyDictionary<Symbolic.Expressions.Symbol, double>, LayerNumbers>(ReferenceEqualityComparer.Instance);
        LayerNumbers Of(IReadOnlyDictionary<Symbolic.Expressions.Symbol, double> values) => numbers.TryGetValue(values, out LayerNumbers? known) ? known : numbers[values] = new(values);
        IRecipeBook book = closure.Keeps is KeptObservables kept ? new ListRecipes(kept, steps, recipes, functions, estimates) : new ModeRecipes(functions, orders);
        LayerNumbers[] layers = [.. program.Layers.Select(layer => Of(layer.Numbers))];
        return new(new MomentEquations(program.Systems, [.. program.Layers.Select((layer, at) => (layer.System, layers[at]))], book, wanted), program, functions, layers, book);
    }
}
