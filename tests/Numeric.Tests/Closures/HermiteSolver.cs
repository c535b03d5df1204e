using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures;

/// <summary>Closures on modes in short.</summary>
internal static class HermiteSolver
{
    public static TheorySolution Solve(Network problem, int highestOrder, SolverSettings stepping, ActivationDescription? activation = null) =>
        MomentSolver.Solve(problem, new HermiteModes(highestOrder), stepping, activation);

    public static TheorySolution SolveConnected(Network problem, Stepping stepping) => MomentSolver.Solve(problem, new GConnected(), stepping);

    public static TheorySolution SolveKernelOnly(Network problem, Stepping stepping) => MomentSolver.Solve(problem, new GOnly(), stepping);
}
