using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Equations;

/// <summary>Solves closures on the stream of a program of layers.</summary>
internal static class ProgramSolver
{
    // The share of a covariance beyond the modes kept that goes without saying.
    private const double Negligible = 1e-9;

    /// <summary>Derives the equations of a program and runs them.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="kernel">K(0).</param>
    /// <param name="recordedLayers">The layers to report; layer 0 is the input, and each step makes one.</param>
    /// <param name="closure">g-only, g-connected or hermite(k).</param>
    /// <param name="quadrature">How Gaussian expectations are taken.</param>
    /// <param name="reached">Told of every layer that is reached.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="LayerProgramException">A layer does something that is not derived, or the closure is not for programs.</exception>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    public static TheorySolution Solve(
        IReadOnlyList<StreamStep> steps, double[,] kernel, IReadOnlyList<int> recordedLayers, IClosure closure, QuadratureChoice quadrature, Action<int>? reached = null, CancellationToken cancellation = default)
    {
        if (quadrature.Nodes is not null)
            throw new LayerProgramException($"quadrature is {quadrature}, which is for the plain network only; for a program of layers use certified or estimated.");
        int inputs = kernel.GetLength(0);
        ProgramSystem program = ProgramDerivation.Of(steps, closure);
        IReadOnlyList<int> orders = program.Systems[0].Orders;
        var functions = new FunctionModes(inputs, orders.Max(), quadrature.IsEstimated);
        foreach (BranchStage stage in steps.OfType<StreamUpdate>().SelectMany(step => step.Branches).Select(branch => branch.Stages[0]))
        {
            if (stage.Activation is { } function)
                functions.OfStream(function);
        }

        var numbers = new Dictionary<IReadOnlyDictionary<Symbolic.Expressions.Symbol, double>, LayerNumbers>(ReferenceEqualityComparer.Instance);
        LayerNumbers Of(IReadOnlyDictionary<Symbolic.Expressions.Symbol, double> values) => numbers.TryGetValue(values, out LayerNumbers? known) ? known : numbers[values] = new(values);
        var book = new ModeRecipes(functions, orders);
        var equations = new MomentEquations(program.Systems, [.. program.Layers.Select(layer => (layer.System, Of(layer.Numbers)))], book);
        // Depth is counted in layers.
        var network = new Network { Activation = "identity", WeightVariance = 0, Step = 1, Depth = steps.Count, Kernel = kernel, RecordedLayers = recordedLayers };
        var settings = new SolverSettings { Quadrature = quadrature, Reached = reached, Cancellation = cancellation };
        TheorySolution solution = DepthSolver.Solve(equations, network, settings, functions.Descriptions);
        return book.Beyond is var (order, share) && share > Negligible ? solution with { Truncation = new(order, share) } : solution;
    }
}
