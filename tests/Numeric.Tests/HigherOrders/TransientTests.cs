using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Tests.HigherOrders;

// dx = (-x + x^2/2) dt + sqrt(2/n) dW from x = 0: cumulants known in closed form, and the two-loop mean to 15 digits. The
// process goes through the same hierarchy, compiler and integrator as the kernels.
public class TransientTests
{
    [Fact]
    public void The_two_loop_mean_of_a_quadratic_drift_is_reproduced()
    {
        var hierarchy = new CumulantHierarchy(new QuadraticDrift());
        Indexed path = Notation.MeanKernel[Notation.A, Notation.B];
        List<EvolutionEquation> equations = [new(path, Expression.Zero, path, [])];
        foreach ((int external, int loops) in HigherOrderEquations.Cumulants(1).Concat(HigherOrderEquations.Cumulants(2)))
            equations.Add(HigherOrderEquations.Equation(hierarchy, external, loops) with { Initial = Expression.Zero });
        var system = EquationSystem.OfComponents(new GOnly(), DepthForm.Continuous, [], equations, []);
        var problem = Networks.Of(Activation.Parse("x"), new(1, 0.1, 1, 0), 1, [0], 100, [0, 100]);

        TheorySolution solution = MomentSolver.Solve(problem, system, Stepping.Continuous);

        Assert.Equal(Math.Pow(1 - Math.Exp(-1), 2) / 2, solution.K1[1][0], 1e-10);
        Assert.Equal(1 - Math.Exp(-2), solution.V4[1][0], 1e-10);
        Assert.Equal(0.0288187932200648, solution.Tensors["K2"][1][0], 1e-10);
    }

    private sealed class QuadraticDrift : IKernelProcess
    {
        public DepthForm Form => DepthForm.Continuous;

        public bool HasCumulants(int components) => components <= 2;

        public IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)> Vertex(
            IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, int degree)
        {
            Indexed x = Notation.Fluctuation[legs[0].First, legs[0].Second];
            return (legs.Count, degree) switch
            {
                (1, 1) => [([x], -1)],
                (1, 2) => [([x, x], Expression.Half)],
                (2, 0) => [([], 2)],
                _ => [],
            };
        }
    }
}
