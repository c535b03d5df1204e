using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void No_two_texts_meet_and_none_lies_over_the_data_whatever_the_numbers() =>
        Prop.ForAll(Arb.From(Charts), chart =>
        {
            AssertNothingOverlaps(chart);
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_mark_lies_in_the_plot() =>
        Prop.ForAll(Arb.From(Charts), chart =>
        {
            var layout = new ChartLayout(chart);
            return chart.Series.SelectMany(series => series.Points).Where(point => ChartLayout.CanPlace(point, chart.X, chart.Y))
                .All(point => layout.PlaceX(point.X) >= layout.Plot.X - 1e-6 && layout.PlaceX(point.X) <= layout.Plot.Right + 1e-6
                    && layout.PlaceY(point.Y) >= layout.Plot.Y - 1e-6 && layout.PlaceY(point.Y) <= layout.Plot.Bottom + 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Positions_follow_the_values_on_linear_and_logarithmic_axes()
    {
        var layout = new ChartLayout(Chart([new(0, 1), new(1, 10), new(2, 100)]) with { Y = new ChartAxis("y", AxisScale.Logarithmic) });
        Assert.Equal(layout.PlaceY(1) - layout.PlaceY(10), layout.PlaceY(10) - layout.PlaceY(100), 9);
        Assert.True(layout.PlaceY(100) < layout.PlaceY(10));
        Assert.Equal(layout.PlaceX(1) - layout.PlaceX(0), layout.PlaceX(2) - layout.PlaceX(1), 9);
    }

    [Fact]
    public void A_line_is_broken_at_values_that_are_not_finite()
    {
        var svg = XElement.Parse(SvgRenderer.Render(Chart([new(0, 1), new(1, 2), new(2, double.NaN), new(3, 1), new(4, double.PositiveInfinity), new(5, 2), new(6, 3)])));
        string path = svg.Elements(Svg + "path").Select(element => (string)element.Attribute("d")!).Single(text => text.Split('M').Length > 3);
        Assert.Equal(3, path.Count(character => character == 'M'));
        Assert.Equal(2, path.Count(character => character == 'L'));
        Assert.DoesNotContain("NaN", path);
    }

    [Fact]
    public void A_chart_without_finite_values_says_so()
    {
        var chart = Chart([new(0, double.NaN)]);
        Assert.False(chart.HasData);
        Assert.Contains("no finite values to show", SvgRenderer.Render(chart));
        Assert.Contains("no finite values to show", SvgRenderer.Render(chart with { Series = [] }));
        AssertNothingOverlaps(chart);
    }

    [Fact]
    public void Error_bars_span_one_standard_error_to_each_side_and_stop_at_the_end_of_a_logarithmic_axis()
    {
        var chart = Chart([new(0, 1, .5), new(1, 2, .25)], SeriesKind.Points) with { Y = new ChartAxis("y", IncludeZero: true) };
        var layout = new ChartLayout(chart);
        string expected = $"M{SvgText.Number(layout.PlaceX(0))} {SvgText.Number(layout.PlaceY(1.5))}V{SvgText.Number(layout.PlaceY(.5))}";
        Assert.Contains(expected, SvgRenderer.Render(chart));

        var logarithmic = Chart([new(0, 1, 3), new(1, 20, 1)], SeriesKind.Points) with { Y = new ChartAxis("y", AxisScale.Logarithmic) };
        var logLayout = new ChartLayout(logarithmic);
        Assert.Contains($"V{SvgText.Number(logLayout.Plot.Bottom)}", SvgRenderer.Render(logarithmic));
    }

    [Fact]
    public void Series_differ_in_dashes_or_marker_and_not_in_colour_alone()
    {
        Assert.Equal(Palette.Family.Count, Palette.Family.Select(style => style.Dash).Distinct().Count());
        var lines = Palette.Others.Concat([Palette.Main, Palette.SourceOnly, Palette.ExactSource, Palette.Published]).ToList();
        Assert.Equal(lines.Count, lines.Select(style => style.Dash).Distinct().Count());
    }

    [Fact]
    public void A_title_a_description_and_the_role_of_an_image_are_there_for_screen_readers()
    {
        var svg = XElement.Parse(SvgRenderer.Render(Chart([new(0, 1)])));
        Assert.Equal("img", (string?)svg.Attribute("role"));
        string[] labels = ((string)svg.Attribute("aria-labelledby")!).Split(' ');
        Assert.Equal(labels, new[] { "title", "desc" }.Select(name => (string)svg.Element(Svg + name)!.Attribute("id")!));
        Assert.All(new[] { "title", "desc" }, name => Assert.NotEmpty(svg.Element(Svg + name)!.Value));
    }

    [Theory]
    [InlineData("*V*^{(4)}_{00,00}", "V^(4)_00,00")]
    [InlineData(@"a\*b\_{c}", "a*b_{c}")]
    [InlineData("n = 64 & <b>", "n = 64 & <b>")]
    public void Labels_read_as_plain_text(string markup, string plain) => Assert.Equal(plain, RichText.Parse(markup).PlainText);

    [Fact]
    public void Any_text_survives_as_a_literal_label() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => RichText.Parse(RichText.Literal(text.Get)).PlainText == text.Get)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("*x")]
    [InlineData("x^{2")]
    public void Markup_that_is_not_closed_is_refused(string markup) => Assert.Throws<FormatException>(() => RichText.Parse(markup));

    [Fact]
    public void A_subscript_after_a_superscript_takes_no_width_of_its_own()
    {
        double both = RichText.Parse("*V*^{(4)}_{00,00}").Width(10), lower = RichText.Parse("*V*_{00,00}").Width(10);
        Assert.Equal(lower, both, 9);
    }

    internal static void AssertNothingOverlaps(Chart chart)
    {
        var layout = new ChartLayout(chart);
        var texts = layout.Texts().ToList();
        var page = new Box(0, 0, chart.Width, layout.Height);
        foreach (var (what, box) in texts)
        {
            Assert.True(box.X >= page.X && box.Y >= page.Y && box.Right <= page.Right + .01 && box.Bottom <= page.Bottom + .01, $"{what} leaves the picture of {chart.Id}: {box}");
            Assert.False(box.Overlaps(layout.Plot), $"{what} lies over the data of {chart.Id}");
        }

        for (int i = 0; i < texts.Count; i++)
            for (int j = i + 1; j < texts.Count; j++)
                Assert.False(texts[i].Bounds.Overlaps(texts[j].Bounds), $"{texts[i].What} and {texts[j].What} of {chart.Id} overlap: {texts[i].Bounds}, {texts[j].Bounds}");
    }

    private static Gen<Chart> Charts =>
        from count in Gen.Choose(1, 7)
        from exponent in Gen.Choose(-12, 12)
        from offset in Gen.Choose(-100, 100)
        from seeds in Gen.ArrayOf(Gen.Choose(-1000, 1000), 24)
        from logarithmic in Gen.Elements(false, true)
        from labelLength in Gen.Choose(1, 60)
        select Chart([], SeriesKind.Line) with
        {
            X = new ChartAxis("depth time *t* = *ε*^{2} *l*"),
            Y = new ChartAxis("*V*^{(4)}_{00,00} = *n* Var *G*_{00}", logarithmic ? AxisScale.Logarithmic : AxisScale.Linear, IncludeZero: seeds[0] > 0),
            Series =
            [
                .. Enumerable.Range(0, count).Select(i => new ChartSeries(
                    new string((char)('a' + i), labelLength), (SeriesKind)(i % 3), Palette.Family[i % Palette.Family.Count],
                    [.. seeds.Select((seed, k) => new ChartPoint(k * Math.Pow(10, seeds[1] % 5), (offset + (seed * .01 * i)) * Math.Pow(10, exponent), Math.Abs(seed) * .02 * Math.Pow(10, exponent)))])),
            ],
        };

    private static Chart Chart(IReadOnlyList<ChartPoint> points, SeriesKind kind = SeriesKind.Line) => new()
    {
        Id = "chart",
        Heading = "(a) *V*^{(4)}",
        Description = "A chart.",
        X = new ChartAxis("x"),
        Y = new ChartAxis("y"),
        Series = [new ChartSeries("series", kind, Palette.Family[0], points)],
    };
}
