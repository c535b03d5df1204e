using SymbolicEft.Benchmarks.Expectations;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>The fast path against the engine that shares only the moments' grid with it.</summary>
public class PairMomentTableTests
{
    [Theory]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("relu")]
    public void The_table_agrees_with_the_pair_engine_within_both_bounds(string name)
    {
        // Moderate and high correlations, equal inputs, an input that vanishes.
        double[] kernel =
        [
            1.2, 0.5, 1.19, 0.5, 0,
            0.5, 0.8, 0.45, 0.8, 0,
            1.19, 0.45, 1.2, 0.45, 0,
            0.5, 0.8, 0.45, 0.8, 0,
            0, 0, 0, 0, 0,
        ];
        int highest = name == "relu" ? 0 : 6; // the step at an input that vanishes is refused
        ActivationDescription activation = Activation.Parse(name).Description;
        var table = new PairMomentTable(activation, highest);
        var engine = new PairExpectationEngine(activation, highest);
        var values = new double[15 * table.ValuesPerPair];
        var bounds = new double[values.Length];
        var others = new double[values.Length];
        var otherBounds = new double[values.Length];
        table.Evaluate(kernel, 5, values, bounds);
        engine.EvaluateKernel(kernel, 5, others, otherBounds);
        for (var at = 0; at < values.Length; at++)
        {
            Assert.Equal(double.IsNaN(others[at]), double.IsNaN(values[at]));
            if (double.IsNaN(values[at])) continue;
            Assert.True(Math.Abs(values[at] - others[at]) <= bounds[at] + otherBounds[at], $"entry {at}: {values[at]:R} +- {bounds[at]:E1}, engine {others[at]:R} +- {otherBounds[at]:E1}");
        }

        // The guard lets most pairs through, and stops some.
        Assert.InRange(table.DirectPairs, 5, 15);
        if (name == "tanh") Assert.InRange(table.DirectPairs, 5, 8);
    }
}
