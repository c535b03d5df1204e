using SymbolicEft.Benchmarks.Expectations;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>Values, bounds and targets against thirty digits computed elsewhere.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Activations => [.. ReferenceValues.Pairs.Select(pair => pair.Activation).Distinct()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void PairEngineKeepsItsBoundAndItsTarget(string activation)
    {
        List<string> failures = [];
        foreach (var pair in ReferenceValues.Pairs.Where(pair => pair.Activation == activation))
        {
            var description = TestActivations.Named(activation);

            // The block of order 2 holds E[s'' s] too, which for a kink near equal inputs is refused: tested on its own.
            if (description.Kinks.Count > 0 && pair.I + pair.J > 0) continue;
            var engine = new PairExpectationEngine(description, pair.I + pair.J);
            var values = new double[engine.ValuesPerPair];
            var bounds = new double[engine.ValuesPerPair];
            engine.Evaluate(pair.Kaa, pair.Kab, pair.Kbb, values, bounds);
            var slot = engine.IndexOf(pair.I, pair.J);
            Judge(pair, values[slot], bounds[slot], failures);
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void SampledQuadratureKeepsItsBoundAndItsTarget(string activation)
    {
        List<string> failures = [];
        var quadrature = new SampledQuadrature();
        foreach (var pair in ReferenceValues.Pairs.Where(pair => pair.Activation == activation))
        {
            var description = TestActivations.Named(activation);
            var f = pair.I == 0 ? description.Value : description.Derivative(pair.I)!;
            var g = pair.J == 0 ? description.Value : description.Derivative(pair.J)!;
            double[] kinks = [.. description.Kinks.Select(kink => kink.Position)];
            var result = quadrature.Expect((x, y) => f(x) * g(y), pair.Kaa, pair.Kab, pair.Kbb, kinks, kinks, activation);
            Judge(pair, result.Value, result.ErrorBound, failures);
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    [Fact]
    public void MomentTableKeepsItsBound()
    {
        foreach (var group in ReferenceValues.Moments.GroupBy(moment => moment.Activation))
        {
            var table = new ActivationMomentTable(TestActivations.Named(group.Key), 120);
            foreach (var moment in group)
            {
                table.Evaluate(moment.Kernel);
                var error = Math.Abs(table.Coefficients[moment.Order] - moment.Value);
                Assert.True(error <= table.CoefficientBounds[moment.Order], $"{moment}: {error:E1}");
                Assert.True(table.CoefficientBounds[moment.Order] <= 1e-13 * Math.Sqrt(table.MeanSquare.Value), moment.ToString());
            }
        }
    }

    /// <summary>
    /// |value - reference| within the bound; the bound within 1e-13 of rms(f) rms(g), and of the value itself wherever the
    /// positive and negative parts of the expectation do not cancel (E[sin sin] = e^-40/2 at K = 100 is known to nobody
    /// who samples, relative to itself).
    /// </summary>
    private static void Judge(ReferenceValues.Pair pair, double value, double bound, List<string> failures)
    {
        var error = Math.Abs(value - pair.Value);
        var size = RootMeanSquare(pair.Activation, pair.I, pair.Kaa) * RootMeanSquare(pair.Activation, pair.J, pair.Kbb);
        if (Math.Abs(pair.Value) > 0.4 * size) size = Math.Abs(pair.Value);
        if (!(error <= bound)) failures.Add($"{pair}: off by {error:E2}, bound {bound:E2}");
        if (!(bound <= 1e-13 * size)) failures.Add($"{pair}: bound {bound:E2} is {bound / size:E2} of the value");
    }

    private static double RootMeanSquare(string name, int order, double k)
    {
        var activation = TestActivations.Named(name);
        var f = order == 0 ? activation.Value : activation.Derivative(order)!;
        return Math.Sqrt(new SampledQuadrature().Expect(x => f(x) * f(x), k, [.. activation.Kinks.Select(kink => kink.Position)]).Value);
    }
}
