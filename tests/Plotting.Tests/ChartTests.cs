using System.Globalization;
using System.Text;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace SymbolicEft.Plotting.Tests;

public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void No_two_texts_meet_and_none_lies_over_the_data_whatever_the_numbers() =>
        Prop.ForAll(Arb.From(Charts), chart =>
        {
            SvgTexts.AssertNothingOverlaps(chart);
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_point_of_a_line_lies_in_the_plot() =>
        Prop.ForAll(Arb.From(Charts), chart =>
        {
            XElement svg = XElement.Parse(chart.ToSvg());
            if (!chart.HasData)
                return true;
            SvgTexts.Box data = SvgTexts.Data(svg);
            return Lines(svg).SelectMany(line => line).All(at => at.X >= data.Left - 0.1 && at.X <= data.Right + 0.1 && at.Y >= data.Top - 0.1 && at.Y <= data.Bottom + 0.1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Positions_follow_the_values_on_linear_and_logarithmic_axes()
    {
        (double X, double Y)[] line = Assert.Single(Lines(XElement.Parse((Chart([new(0, 1), new(1, 10), new(2, 100)]) with { Y = new ChartAxis("y", AxisScale.Logarithmic) }).ToSvg())));
        Assert.Equal(line[0].Y - line[1].Y, line[1].Y - line[2].Y, 0.05);
        Assert.True(line[2].Y < line[1].Y - 50);
        Assert.Equal(line[1].X - line[0].X, line[2].X - line[1].X, 0.05);
    }

    [Fact]
    public void A_line_is_broken_at_values_that_are_not_finite()
    {
        string svg = Chart([new(0, 1), new(1, 2), new(2, double.NaN), new(3, 1), new(4, double.PositiveInfinity), new(5, 2), new(6, 3)]).ToSvg();
        // One point between two breaks is no line; two and two are.
        Assert.Equal([2, 2], Lines(XElement.Parse(svg)).Where(line => line.Length > 1).Select(line => line.Length));
        Assert.DoesNotContain("NaN", svg, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("inf", svg, StringComparison.OrdinalIgnoreCase);
    }

    // A mark at 1 of 0 to 2 stands in the middle of the line, over the whole height, and is no data.
    [Fact]
    public void A_mark_stands_over_the_whole_height()
    {
        Chart chart = Chart([new(0, 1), new(1, 5), new(2, 3)]);
        (double X, double Y)[] line = Assert.Single(Lines(XElement.Parse(chart.ToSvg())));
        XElement svg = XElement.Parse((chart with { Series = [.. chart.Series, new ChartSeries("mark", SeriesKind.Mark, Styles.Guide, [new(1, 0)])] }).ToSvg());
        SvgTexts.Box data = SvgTexts.Data(svg);
        (double X, double Y)[] mark = Lines(svg).Single(each => each.Length == 2 && Math.Abs(each[0].X - each[1].X) < 0.01 && each[0].Y != each[1].Y);
        Assert.Equal(line[1].X, mark[0].X, 0.05);
        Assert.Equal(data.Bottom - data.Top, Math.Abs(mark[0].Y - mark[1].Y), 0.1);
        Assert.False((chart with { Series = [new ChartSeries(null, SeriesKind.Mark, Styles.Guide, [new(1, 0)])] }).HasData);
    }

    // 10 to 20 of 0 to 40, and what is seen there fills the height.
    [Fact]
    public void A_chart_shows_the_part_that_is_looked_at_and_says_where_it_is()
    {
        Chart chart = Chart([.. Enumerable.Range(0, 41).Select(at => new ChartPoint(at, at * at))]);
        XElement svg = XElement.Parse((chart with { X = chart.X with { View = (10, 20) } }).ToSvg());
        double[] Numbers(string name) => [.. ((string)svg.Attribute(name)!).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        double[] limits = Numbers("data-limits"), plot = Numbers("data-plot");
        SvgTexts.Box data = SvgTexts.Data(svg);
        Assert.Equal([10, 20], limits[..2]);
        Assert.InRange(limits[3], 400, 450);
        Assert.Equal([data.Left, data.Top, data.Right, data.Bottom], plot, (want, have) => Math.Abs(want - have) < 0.1);
    }

    [Fact]
    public void A_chart_without_finite_values_says_so()
    {
        Chart chart = Chart([new(0, double.NaN)]);
        Assert.False(chart.HasData);
        Assert.Contains("no finite values to show", chart.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("no finite values to show", (chart with { Series = [] }).ToSvg(), StringComparison.Ordinal);
        SvgTexts.AssertNothingOverlaps(chart);
    }

    [Fact]
    public void Error_bars_span_one_standard_error_to_each_side()
    {
        // The scale is read off a line from 0 to 2.
        Chart chart = Chart([new(0, 0), new(1, 2)]);
        var svg = XElement.Parse((chart with { Series = [.. chart.Series, new ChartSeries("points", SeriesKind.Points, Styles.Simulation, [new(0.5, 1, 0.5)])] }).ToSvg());
        (double X, double Y)[] line = Lines(svg).First(each => each.Length == 2);
        double[] bar = [.. Paths(svg).Single(path => path.Attribute("stroke")!.Value == "black").Attribute("d")!.Value.Split('M', 'L').Skip(1).Select(at => Second(at)).Distinct()];
        Assert.Equal((line[0].Y - line[1].Y) / 2, bar.Max() - bar.Min(), 0.1);
    }

    [Fact]
    public void Bars_below_zero_leave_a_logarithmic_axis_at_its_end()
    {
        Chart chart = Chart([new(0, 1, 3), new(1, 20, 1)], SeriesKind.Points) with { Y = new ChartAxis("y", AxisScale.Logarithmic) };
        SvgTexts.AssertNothingOverlaps(chart);
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_title_a_description_and_the_role_of_an_image_are_there_for_screen_readers()
    {
        var svg = XElement.Parse(Chart([new(0, 1)]).ToSvg());
        Assert.Equal("img", (string?)svg.Attribute("role"));
        string[] labels = ((string)svg.Attribute("aria-labelledby")!).Split(' ');
        Assert.Equal(labels, new[] { "title", "desc" }.Select(name => (string)svg.Element(Svg + name)!.Attribute("id")!));
        Assert.Equal(["(a) V^(4)", "A chart."], new[] { "title", "desc" }.Select(name => svg.Element(Svg + name)!.Value));
    }

    [Fact]
    public void Dashes_are_dashes_and_identifiers_are_the_charts_own()
    {
        Chart chart = Chart([new(0, 1), new(1, 2)]) with { Id = "one" };
        chart = chart with { Series = [chart.Series[0] with { Style = Styles.SourceOnly }] };
        XElement svg = XElement.Parse(chart.ToSvg());
        Assert.Contains(Paths(svg), path => (string?)path.Attribute("stroke-dasharray") == "7 4");
        Assert.All(svg.Descendants().Attributes("id"), id => Assert.StartsWith("one-", id.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("miterlimit", svg.ToString(), StringComparison.Ordinal);
    }

    // Skia keeps counters through the process, and draws on several threads.
    [Fact]
    public void The_same_chart_gives_the_same_bytes_on_any_thread_and_after_others()
    {
        Chart chart = Chart([new(0, 1, 1), new(1, 2, 1)], SeriesKind.Points);
        (string svg, string pdf, string png) = (chart.ToSvg(), Convert.ToHexString(chart.ToPdf()), Convert.ToHexString(chart.ToPng()));
        Parallel.For(0, 8, at =>
        {
            (chart with { Heading = $"other {at.ToString(CultureInfo.InvariantCulture)}" }).ToSvg();
            Assert.Equal(svg, chart.ToSvg());
            Assert.Equal(pdf, Convert.ToHexString(chart.ToPdf()));
            Assert.Equal(png, Convert.ToHexString(chart.ToPng()));
        });
    }

    [Fact]
    public void A_PDF_file_carries_its_letters_and_no_date()
    {
        string pdf = Encoding.Latin1.GetString(Chart([new(0, 1), new(1, 2)]).ToPdf());
        Assert.StartsWith("%PDF-", pdf, StringComparison.Ordinal);
        int faces = pdf.Split("/FontDescriptor ").Length - 1;
        Assert.True(faces >= 2, "upright and italic letters are in the labels");
        Assert.Equal(faces, pdf.Split("/FontFile2 ").Length - 1);
        Assert.DoesNotContain("Date", pdf, StringComparison.Ordinal);
        Assert.DoesNotContain("Helvetica", pdf, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PNG_file_is_as_large_as_its_scale_says()
    {
        byte[] png = Chart([new(0, 1), new(1, 2)]).ToPng(1.5);
        Assert.Equal((660, 480), (png[18] * 256 + png[19], png[22] * 256 + png[23]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Chart([]).ToPng(0));
    }

    [Fact]
    public void A_name_decides_what_is_written_and_others_are_refused()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-plot-").FullName;
        Chart chart = Chart([new(0, 1), new(1, 2)]);
        chart.Save(Path.Combine(folder, "a.svg"));
        chart.Save(Path.Combine(folder, "a.PDF"));
        chart.Save(Path.Combine(folder, "a.png"));
        Assert.Equal(chart.ToSvg(), File.ReadAllText(Path.Combine(folder, "a.svg")));
        Assert.Equal(chart.ToPdf(), File.ReadAllBytes(Path.Combine(folder, "a.PDF")));
        Assert.Equal(chart.ToPng(), File.ReadAllBytes(Path.Combine(folder, "a.png")));
        Assert.Contains(".svg, .png or .pdf", Assert.Throws<ArgumentException>(() => chart.Save(Path.Combine(folder, "a.jpg"))).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<XElement> Paths(XElement svg) => svg.Descendants(Svg + "g").Elements(Svg + "path").Where(path => (string?)path.Attribute("fill") == "none");

    // Curves: what is drawn in the plot with a line of ours.
    private static IEnumerable<(double X, double Y)[]> Lines(XElement svg) => Paths(svg).Where(path => path.Attribute("stroke-linejoin") is not null)
        .SelectMany(path => ((string)path.Attribute("d")!).Split('M', StringSplitOptions.RemoveEmptyEntries))
        .Select(stretch => stretch.Split('L').Select(at => (First(at), Second(at))).ToArray());

    private static double First(string point) => double.Parse(point.Split(' ', ',')[0], CultureInfo.InvariantCulture);

    private static double Second(string point) => double.Parse(point.Split(' ', ',')[1], CultureInfo.InvariantCulture);

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
                    new string((char)('a' + i), labelLength), (SeriesKind)(i % 3), Styles.Family[i % Styles.Family.Count],
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
        Series = [new ChartSeries("series", kind, Styles.Family[0], points)],
    };
}
