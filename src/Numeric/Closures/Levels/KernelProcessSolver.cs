using System.Globalization;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Solves the order 1/n beyond the leading one of programs whose kernels are a Markov process.</summary>
internal static class KernelProcessSolver
{
    // Means of six functions of more inputs would need grids of more directions.
    private const int MostInputs = 4;

    /// <summary>Why a program and its settings have no such solution, in one sentence; null where they may have.</summary>
    /// <param name="closure">The closure; null to leave it out.</param>
    /// <param name="settings">How it is to be solved.</param>
    /// <param name="inputs">N.</param>
    public static string? Refusal(IClosure? closure, SolverSettings settings, int inputs)
    {
        string order = settings.Order.ToString(CultureInfo.InvariantCulture);
        if (settings.Order > 1)
            return $"order is {order}, and a program of layers is solved to order 1; use order 1, or 0.";
        if (settings.Stepping != Stepping.Discrete)
            return $"order is {order} and stepping is {settings.Stepping.ToString().ToLowerInvariant()}; the next order of a program of layers is solved layer by layer, so use discrete, or order 0.";
        if (settings.Tangent != TangentKernel.None)
            return $"ntk is asked for and order is {order}; the tangent kernel is derived to leading order, so use order 0, or leave ntk out.";
        if (closure is not (null or HermiteModes))
            return $"order is {order} and the closure is {closure.Name}; the next order of a program of layers is that of the network itself, so use hermite(k), or order 0.";
        if (inputs > MostInputs)
            return string.Create(CultureInfo.InvariantCulture, $"order is {order} and there are {inputs} inputs; the next order of a program of layers is solved for at most {MostInputs}, and the statistics of some inputs do not depend on the others, so give fewer, or use order 0.");
        return null;
    }

    /// <summary>Solves.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="network">The network that the program is, with its inputs and the layers to report.</param>
    /// <param name="settings">How to solve.</param>
    /// <exception cref="LayerProgramException">A layer makes more of the stream than kernels.</exception>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    public static TheorySolution Solve(IReadOnlyList<StreamStep> steps, Network network, SolverSettings settings)
    {
        IClosure closure = steps.HaveFieldsInBranches() ? new HermiteModes(4) : new GOnly();
        (MomentEquations means, _, Hermite.FunctionModes functions, _, _) = ProgramSolver.Equations(steps, network.Inputs, closure, estimates: true, [Notation.MeanKernel]);
        _ = means.Initial(network.InitialKernel);
        var process = new KernelProcess(steps, network.Inputs, settings.Order, means);
        return DepthSolver.Solve(process, network, settings with { Quadrature = QuadratureChoice.Estimated }, new ProgramDepth(steps, means, functions.Descriptions, settings.Stepping));
    }
}
