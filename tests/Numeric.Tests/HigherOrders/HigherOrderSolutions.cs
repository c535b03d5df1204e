using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Numeric.Tests.HigherOrders;

internal static class HigherOrderSolutions
{
    private static readonly EquationSystem Discrete = HigherOrderEquations.GOnly(DepthForm.Discrete, 2).System;
    private static readonly EquationSystem Continuous = HigherOrderEquations.GOnly(DepthForm.Continuous, 2).System;

    public static TheorySolution Solve(string activation, double[] kernel, int inputs, LayerParameters layer, int depth, Stepping stepping)
    {
        var problem = Networks.Of(Activation.Parse(activation), layer, inputs, kernel, depth, [0, depth]);
        return MomentSolver.Solve(problem, stepping == Stepping.Discrete ? Discrete : Continuous, stepping);
    }

    public static void Near(double expected, double value, double relative) =>
        Assert.InRange(value, expected - (relative * Math.Abs(expected)), expected + (relative * Math.Abs(expected)));
}
