using System.Globalization;
using System.Xml.Linq;

namespace SymbolicEft.Plotting.Tests;

// Read off the file that a reader gets: every text fills the box of its textLength and font size, whatever the reader's font.
internal static class SvgTexts
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // A text's box, less what of a line's height letters rarely fill.
    internal readonly record struct Box(string What, double Left, double Top, double Right, double Bottom)
    {
        public bool Meets(Box other) => Left < other.Right - 0.5 && other.Left < Right - 0.5 && Top < other.Bottom - 0.5 && other.Top < Bottom - 0.5;
    }

    public static IReadOnlyList<Box> Boxes(XElement svg) => [.. svg.Descendants(Svg + "text").Select(BoxOf)];

    public static Box Data(XElement svg)
    {
        XElement rectangle = svg.Elements(Svg + "clipPath").First().Element(Svg + "rect")!;
        double left = Number(rectangle, "x"), top = Number(rectangle, "y");
        return new("data", left, top, left + Number(rectangle, "width"), top + Number(rectangle, "height"));
    }

    public static void AssertNothingOverlaps(Chart chart)
    {
        XElement svg = XElement.Parse(chart.ToSvg());
        double[] view = [.. ((string)svg.Attribute("viewBox")!).Split(' ').Select(each => double.Parse(each, CultureInfo.InvariantCulture))];
        IReadOnlyList<Box> boxes = Boxes(svg);
        Assert.NotEmpty(boxes);
        foreach (Box box in boxes)
            Assert.True(box.Left >= -0.5 && box.Top >= -0.5 && box.Right <= view[2] + 0.5 && box.Bottom <= view[3] + 0.5, $"{box} leaves the picture of {chart.Id}");
        if (chart.HasData)
        {
            Box data = Data(svg);
            Assert.All(boxes, box => Assert.False(box.Meets(data), $"{box} lies over the data of {chart.Id}, {data}"));
        }

        for (int i = 0; i < boxes.Count; i++)
            for (int j = i + 1; j < boxes.Count; j++)
                Assert.False(boxes[i].Meets(boxes[j]), $"{boxes[i]} and {boxes[j]} of {chart.Id} overlap");
    }

    private static Box BoxOf(XElement text)
    {
        double x = Number(text, "x"), y = Number(text, "y"), size = Number(text, "font-size"), length = Number(text, "textLength");
        // From the height of capitals to the baseline: descenders of one line may reach between the letters of the next.
        (double left, double top, double right, double bottom) = (x, y - (0.7 * size), x + length, y);
        string transform = (string?)text.Attribute("transform") ?? "";
        double[] numbers = [.. transform.Split('(', ')', ' ', ',').Where(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        string what = text.Value;
        if (transform.Length == 0)
            return new(what, left, top, right, bottom);
        if (!transform.Contains("rotate", StringComparison.Ordinal) && !transform.Contains("matrix", StringComparison.Ordinal))
            return new(what, left + numbers[0], top + numbers[1], right + numbers[0], bottom + numbers[1]);
        // Turned by -90 degrees: what ran right runs up. The place is the matrix' last two numbers, or the translation before the turn.
        (double atX, double atY) = transform.Contains("matrix", StringComparison.Ordinal) ? (numbers[4], numbers[5]) : (numbers[0], numbers[1]);
        return new(what, atX + top, atY - right, atX + bottom, atY - left);
    }

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);
}
