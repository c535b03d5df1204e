using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Plotting.Tests;

public sealed class PlotExtensionsTests
{
    private static readonly Network Network = new() { Activation = "tanh(x)", WeightVariance = 2, Step = 0.1, Depth = 20, Kernel = new[,] { { 2, 0.6 }, { 0.6, 2 } }, RecordedLayers = [0, 10, 20] };

    [Theory]
    [InlineData(Quantity.V4, "V^(4)_00,01")]
    [InlineData(Quantity.K1, "K^(1)_00")]
    [InlineData(Quantity.U1, "U^(1)_00")]
    [InlineData(Quantity.K0, "K^(0)_00")]
    public void A_line_has_the_numbers_of_the_solution(Quantity quantity, string heading)
    {
        TheorySolution theory = Network.Solve("g-only");
        Chart chart = theory.Plot(quantity, (0, 0), (0, 1), "g-only");
        Assert.Equal(heading, RichText.Parse(chart.Heading).PlainText);
        Assert.Equal(Styles.Of("g-only"), chart.Series[0].Style);
        Func<int, double> at = quantity switch
        {
            Quantity.V4 => record => theory.V4At(record, (0, 0), (0, 1)),
            Quantity.K1 => record => theory.K1At(record, (0, 0)),
            Quantity.U1 => record => theory.U1At(record, (0, 0)),
            _ => record => theory.K0At(record, (0, 0)),
        };
        Assert.Equal([(0, at(0)), (10, at(1)), (20, at(2))], chart.Series[0].Points.Select(point => (point.X, point.Y)));
        SvgTexts.AssertNothingOverlaps(chart);
    }

    [Fact]
    public void Points_have_the_error_bars_of_the_simulation_and_stand_on_a_theory()
    {
        EnsembleStatistics simulation = Network.Simulate(width: 16, samples: 16);
        Chart both = Network.Solve().Plot().With(simulation.Plot());
        Assert.Equal(2, both.Series.Count);
        Assert.Equal(SeriesKind.Points, both.Series[1].Kind);
        Estimate last = simulation.V4At(^1, (0, 0), (0, 0));
        Assert.Equal(new ChartPoint(20, last.Value, last.StandardError), both.Series[1].Points[^1]);
        SvgTexts.AssertNothingOverlaps(both);
        Assert.Equal("E G_01", RichText.Parse(simulation.Plot(Quantity.K0, (0, 1)).Heading).PlainText);
    }

    [Fact]
    public void A_comparison_shows_the_exact_order_and_how_far_closures_are_off()
    {
        NetworkComparison comparison = (Network with { Kernel = new[,] { { 2.0 } } }).Compare([ClosureRegistry.Parse("g-only"), ClosureRegistry.Parse("hermite(4)")]);
        Chart values = comparison.Plot(), deviations = comparison.PlotDeviations();
        Assert.Equal(["exact leading order", "g-only", "hermite(4)"], values.Series.Select(series => series.Label));
        Assert.Equal(AxisScale.Logarithmic, deviations.Y.Scale);
        double exact = comparison.Exact.V4At(^1, (0, 0), (0, 0)), closure = comparison.SolutionOf(comparison.Closures[0]).V4At(^1, (0, 0), (0, 0));
        Assert.Equal(100 * Math.Abs((closure - exact) / exact), deviations.Series[0].Points[^1].Y, 1e-9);
        SvgTexts.AssertNothingOverlaps(deviations);
    }

    [Fact]
    public void An_input_that_is_not_there_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Network.Solve().Plot(pair: (0, 2)));
}
