using System.Runtime.Intrinsics;
using SymbolicEft.Benchmarks.Equations;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Tests.Solving;

// Loops over inputs against a formula to each component: two ways through the same equations.
public class TierTests
{
    [Theory]
    [InlineData(1, DepthForm.Discrete, 0.8)]
    [InlineData(2, DepthForm.Continuous, 1)]
    [InlineData(3, DepthForm.Discrete, 1)]
    [InlineData(5, DepthForm.Discrete, 0)]
    public void Loops_give_what_components_give(int inputs, DepthForm form, double skip)
    {
        EquationSystem system = DerivationPipeline.GOnly(form).System;
        CompiledSystem components = new(system, inputs, false), loops = new(system, inputs, true);
        Assert.IsNotType<TensorProgram>(loops.RightSide);
        var random = new Random(5);
        double[] parameters = new LayerParameters(skip, 0.3, 1.7, 0.2).ToArray();
        double[] state = [.. Enumerable.Range(0, components.State.Length).Select(_ => random.NextDouble() - 0.3)];
        // The two number their expectations in different orders.
        var values = components.Atoms.ToDictionary(atom => atom, _ => random.NextDouble());
        double[] first = [.. components.Atoms.Select(atom => values[atom])], second = [.. loops.Atoms.Select(atom => values.GetValueOrDefault(atom))];
        Compare(components.RightSide, loops.RightSide);
        Compare(components.Quantities, loops.Quantities);
        Compare(components.Initial, loops.Initial);

        void Compare(ITensorProgram one, ITensorProgram two)
        {
            double[] expected = new double[one.Output.Length], found = new double[two.Output.Length];
            one.Run(parameters, first, state, expected);
            two.Run(parameters, second, state, found);
            Assert.Equal(expected.Length, found.Length);
            for (int at = 0; at < expected.Length; at++) Assert.Equal(expected[at], found[at], 1e-13 * (1 + Math.Abs(expected[at])));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_lane_of_a_batch_is_a_run_of_its_own(int inputs)
    {
        EquationSystem system = DerivationPipeline.GOnly(DepthForm.Discrete).System;
        var single = new CompiledSystem(system, inputs, false);
        var batch = new BatchedProgram(system, inputs);
        var random = new Random(3);
        Vector512<double>[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => Vector512.Create([.. Enumerable.Range(0, 8).Select(_ => random.NextDouble())]))];
        Vector512<double>[] parameters = Draw(5), expectations = Draw(batch.Atoms.Count), state = Draw(batch.State.Length), output = new Vector512<double>[state.Length];
        batch.Run(parameters, expectations, state, output);
        for (int lane = 0; lane < BatchedProgram.Lanes; lane++)
        {
            double[] Lane(Vector512<double>[] vectors) => [.. vectors.Select(vector => vector[lane])];
            double[] values = [.. single.Atoms.Select(atom => batch.Atoms.ToList().IndexOf(atom) is >= 0 and var at ? expectations[at][lane] : 0)], alone = new double[state.Length];
            single.RightSide.Run(Lane(parameters), values, Lane(state), alone);
            double[] found = Lane(output);
            for (int at = 0; at < alone.Length; at++) Assert.Equal(alone[at], found[at], 1e-14 * (1 + Math.Abs(alone[at])));
        }
    }

    [Fact]
    public void Inputs_beyond_the_component_tier_leave_the_others_as_they_are()
    {
        // Marginal consistency across the tiers: nine inputs in loops, the first two by component.
        TheorySolution many = Solve(9), few = Solve(2);
        Assert.Equal(few.K0[^1][0], many.K0[^1][0], 1e-12);
        Assert.Equal(few.K1[^1][1], many.K1[^1][1], 1e-11);
        double[] wide = many.Tensors["V4"][^1], narrow = few.Tensors["V4"][^1];
        Assert.Equal(narrow[0], wide[0], 1e-10);
        Assert.Equal(narrow[3], wide[PairIndexing.Count(9)], 1e-10);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        foreach (int inputs in new[] { 3, 8 })
        {
            var compiled = new CompiledSystem(DerivationPipeline.GOnly(DepthForm.Discrete).System, inputs);
            double[] state = new double[compiled.State.Length], next = new double[state.Length], expectations = new double[compiled.Atoms.Count], parameters = new LayerParameters(1, 0.1, 2, 0).ToArray();
            for (int warm = 0; warm < 200; warm++) compiled.RightSide.Run(parameters, expectations, state, next);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 100; step++) compiled.RightSide.Run(parameters, expectations, state, next);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static TheorySolution Solve(int inputs)
    {
        var problem = Networks.Of(
            Activation.Parse("tanh"), new(1, 0.1, 2, 0.1), inputs,
            [.. PairIndexing.All(inputs).Select(pair => pair.First == pair.Second ? 2.0 : 0.6)], 20, [0, 20]);
        return MomentSolver.Solve(problem, DerivationPipeline.GOnly(DepthForm.Discrete).System, Stepping.Discrete);
    }
}
