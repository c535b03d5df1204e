using System.Xml.Linq;

namespace SymbolicEft.Plotting.Tests;

public sealed class HeatMapTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_cell_says_its_value_and_whether_it_is_proved()
    {
        var svg = XElement.Parse(Map((column, row) => column == 1 && row == 1 ? double.NaN : column + (10 * row)).ToSvg());
        string[] cells = [.. svg.Elements(Svg + "rect").Select(cell => cell.Element(Svg + "title")?.Value).OfType<string>()];
        Assert.Equal(5, cells.Length);
        Assert.Contains("step = b, depth = 2: 11", Map((column, row) => column + (10 * row)).ToSvg(), StringComparison.Ordinal);
        Assert.Contains("step = a, depth = 1: 0, not proved", cells);
        Assert.Contains("step = c, depth = 2: 12", cells);
    }

    [Fact]
    public void Numbers_in_dark_cells_are_light()
    {
        XElement[] texts = [.. XElement.Parse(Map((column, row) => column + (10 * row)).ToSvg()).Descendants(Svg + "text")];
        Assert.Equal("white", (string?)texts.First(text => text.Value == "1" && text.Attribute("fill") is not null).Attribute("fill"));
        Assert.Null(texts.Single(text => text.Value == "12" && (string?)text.Attribute("font-size") == "10").Attribute("fill") is { Value: "white" } light ? light : null);
    }

    // Long numbers are written in smaller letters, and not where they would run into the next cell.
    [Theory]
    [InlineData(3, 10)]
    [InlineData(7, 7)]
    [InlineData(12, 0)]
    public void Numbers_stay_in_their_cells(int columns, double size)
    {
        string svg = (Map((column, row) => -1.23e-14 * (column + row + 1)) with { X = new ChartAxis("step", Categories: [.. Enumerable.Range(0, columns).Select(column => $"{column}")]) }).ToSvg();
        double[] plot = [.. svg.Split("data-plot=\"")[1].Split('"')[0].Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        XElement[] written = [.. XElement.Parse(svg).Descendants(Svg + "text").Where(text => text.Value.StartsWith('\u2212') && text.Value.Contains('×', StringComparison.Ordinal) && text.Attribute("transform") is not null && (double)text.Attribute("x")! < 0)];
        Assert.Equal(size > 0 ? 2 * columns : 0, written.Length);
        foreach (XElement text in written)
        {
            Assert.InRange((double)text.Attribute("font-size")!, size - 1, size);
            Assert.InRange((double)text.Attribute("textLength")!, 1, (plot[2] - plot[0]) / columns);
        }
    }

    // From the middle of the first cell to that of the last: a cell less than the data are wide.
    [Fact]
    public void A_line_over_the_cells_goes_by_their_middles()
    {
        HeatMap map = Map((column, row) => column + (10 * row));
        string without = map.ToSvg(), with = (map with { Lines = [[(0, 0), (2, 1)]] }).ToSvg();
        double[] plot = [.. with.Split("data-plot=\"")[1].Split('"')[0].Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        string path = XElement.Parse(with).Descendants(Svg + "path").Select(each => (string)each.Attribute("d")!).Except(XElement.Parse(without).Descendants(Svg + "path").Select(each => (string)each.Attribute("d")!)).First();
        double[] numbers = [.. System.Text.RegularExpressions.Regex.Matches(path, @"-?\d+(\.\d+)?").Select(number => double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal((plot[2] - plot[0]) * 2 / 3, numbers[2] - numbers[0], 0.5);
        Assert.Equal((plot[3] - plot[1]) / 2, numbers[1] - numbers[3], 0.5);
    }

    // Nothing but vectors: a page may not be allowed to show images from data.
    [Fact]
    public void No_map_has_an_image_in_it() => Assert.DoesNotContain("<image", Map((column, row) => column - row).ToSvg(), StringComparison.Ordinal);

    [Fact]
    public void Numbers_of_both_signs_have_white_at_zero_and_equal_strengths_beside_it()
    {
        string svg = Map((column, row) => row == 0 ? column - 1 : 4).ToSvg();
        Assert.Contains("fill=\"#B2182B\"", svg, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("fill=\"#2166AC\" x", svg, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("−4", svg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7.5)]
    [InlineData(-2e-9)]
    [InlineData(double.NaN)]
    public void Maps_of_one_value_and_of_none_are_drawn(double value)
    {
        HeatMap map = Map((_, _) => value);
        Assert.DoesNotContain(">NaN", map.ToSvg(), StringComparison.Ordinal);
        Assert.Equal(double.IsNaN(value), map.ToSvg().Contains("no values", StringComparison.Ordinal));
        Assert.NotEmpty(map.ToPdf());
    }

    private static HeatMap Map(Func<int, int, double> value) => new()
    {
        Id = "map",
        Heading = "*V*^{(4)}",
        Description = "A map.",
        X = new ChartAxis("step", Categories: ["a", "b", "c"]),
        Y = new ChartAxis("depth", Categories: ["1", "2"]),
        Value = value,
        IsMarked = (column, row) => column == 0 && row == 0,
    };
}
