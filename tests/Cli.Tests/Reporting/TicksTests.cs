using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class TicksTests
{
    private static readonly Gen<(double, double)> Ranges =
        from centre in Gen.Choose(-1000, 1000)
        from size in Gen.Choose(1, 100_000)
        from exponent in Gen.Choose(-30, 30)
        select ((centre - (size / 100.0)) * Math.Pow(10, exponent), (centre + (size / 100.0)) * Math.Pow(10, exponent));

    [Fact]
    public void Linear_ticks_lie_in_the_range_increase_evenly_and_are_neither_few_nor_many() =>
        Prop.ForAll(Arb.From(Ranges), range =>
        {
            var (minimum, maximum) = range;
            var ticks = Ticks.Linear(minimum, maximum);
            double slack = 1e-6 * (maximum - minimum), step = ticks[1].Value - ticks[0].Value;
            return ticks.Count is >= 2 and <= 12
                && ticks.All(tick => tick.Value >= minimum - slack && tick.Value <= maximum + slack)
                && Enumerable.Range(1, ticks.Count - 1).All(i => Math.Abs(ticks[i].Value - ticks[i - 1].Value - step) <= slack);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_label_of_a_tick_reads_back_as_its_value() =>
        Prop.ForAll(Arb.From(Ranges), range => Ticks.Linear(range.Item1, range.Item2).All(tick => Read(tick.Label) == tick.Value))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Logarithmic_ticks_lie_in_the_range_and_read_back() =>
        Prop.ForAll(Arb.From(from low in Gen.Choose(-120, 100) from decades in Gen.Choose(1, 200) select (low / 10.0, decades / 10.0)), range =>
        {
            double minimum = Math.Pow(10, range.Item1), maximum = Math.Pow(10, range.Item1 + range.Item2);
            var ticks = Ticks.Logarithmic(minimum, maximum);
            return ticks.Count is >= 2 and <= 12
                && ticks.All(tick => tick.Value >= minimum * 0.999999 && tick.Value <= maximum * 1.000001 && Read(tick.Label) == tick.Value);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 2, new[] { "0", "0.5", "1.0", "1.5", "2.0" })]
    [InlineData(0, 50, new[] { "0", "10", "20", "30", "40", "50" })]
    [InlineData(-0.5, 0.1, new[] { "\u22120.5", "\u22120.4", "\u22120.3", "\u22120.2", "\u22120.1", "0", "0.1" })]
    [InlineData(0, 300_000, new[] { "0", "5\u00D710^{4}", "10^{5}", "1.5\u00D710^{5}", "2\u00D710^{5}", "2.5\u00D710^{5}", "3\u00D710^{5}" })]
    public void Labels_are_what_a_reader_expects(double minimum, double maximum, string[] labels) =>
        Assert.Equal(labels, Ticks.Linear(minimum, maximum).Select(tick => tick.Label));

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(-1e-300, -1e-300)]
    [InlineData(1e20, 1e20)]
    [InlineData(1, 1 + 1e-14)]
    public void A_range_without_length_is_widened_until_it_has_ticks(double minimum, double maximum)
    {
        var (low, high) = Ticks.Widen(minimum, maximum);
        Assert.True(low < minimum && high > maximum);
        Assert.True(Ticks.Linear(low, high).Count >= 2);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void A_range_that_is_none_is_refused(double minimum, double maximum) =>
        Assert.Throws<ArgumentException>(() => Ticks.Linear(minimum, maximum));

    private static double Read(string label)
    {
        string text = label.Replace("\u2212", "-").Replace("\u00D710^{", "E").Replace("}", "");
        text = text.Contains("10^{", StringComparison.Ordinal) ? text.Replace("10^{", "1E") : text;
        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
