namespace SymbolicEft.Cli.Phases;

/// <summary>A phase diagram as figures: curves over one axis, maps over two, and the critical line.</summary>
internal static class PhaseFigures
{
    /// <summary>The figures.</summary>
    public static IEnumerable<Picture> Of(PhaseDiagram diagram)
    {
        if (diagram.Axes.Count == 0)
            yield break;
        foreach ((string id, string heading, Func<PhasePoint, double> value) in Quantities)
        {
            string description = $"{RichText.Parse(heading).PlainText} over {string.Join(" and ", diagram.Axes.Select(axis => axis.Name))}.";
            yield return diagram.Axes.Count == 2
                ? new HeatMap
                {
                    Id = id,
                    Heading = heading,
                    Description = description,
                    X = Axis(diagram, 0),
                    Y = Axis(diagram, 1),
                    Value = (column, row) => value(diagram.Points[(row * diagram.Axes[0].Texts.Count) + column]),
                    Lines = Critical(diagram),
                }
                : new Chart
                {
                    Id = id,
                    Heading = heading,
                    Description = description,
                    X = Axis(diagram, 0),
                    Y = new ChartAxis(heading),
                    Series = [new ChartSeries(null, SeriesKind.Line, Styles.Exact, [.. diagram.Points.Select((point, at) => new ChartPoint(diagram.Axes[0].Numbers?[at] ?? at, value(point)))])],
                };
        }

        if (diagram.Axes.Count == 2 && diagram.Axes[1].Numbers is not null && diagram.Line.Count > 1)
        {
            yield return new Chart
            {
                Id = "edge-of-chaos",
                Heading = "edge of chaos, *\u03c7* = 1",
                Description = $"The line on which the slope is 1, over {diagram.Axes[0].Name} and {diagram.Axes[1].Name}.",
                X = new ChartAxis(diagram.Axes[0].Name),
                Y = new ChartAxis(diagram.Axes[1].Name),
                Series = [new ChartSeries(null, SeriesKind.Line, Styles.Exact, [.. diagram.Line.OrderBy(point => point.Value).Select(point => new ChartPoint(point.Value, diagram.Axes[1].Numbers![point.Row!.Value]))])],
            };
        }
    }

    private static (string Id, string Heading, Func<PhasePoint, double> Value)[] Quantities =>
    [
        ("slope", "slope *\u03c7*", point => point.Found?.Slope ?? double.NaN),
        ("kernel", "fixed point of *K*", point => point.Found is { Kernel: var kernel } && double.IsFinite(kernel) ? kernel : double.NaN),
        ("correlation", "correlation in the end", point => point.Found?.Correlation ?? double.NaN),
        ("correlation-length", "correlation length in layers", point => point.Found is { CorrelationLength: var length } && double.IsFinite(length) ? length : double.NaN),
        ("trusted-to", "layer up to which the width is wide enough", point => point.TrustedTo ?? double.NaN),
    ];

    // The k-th crossings of the rows are a line, as long as no row is without one.
    private static List<IReadOnlyList<(double Column, double Row)>> Critical(PhaseDiagram diagram)
    {
        var lines = new List<IReadOnlyList<(double, double)>>();
        if (diagram.Axes[0].Numbers is not { } numbers)
            return lines;
        var open = new List<(int Row, List<(double, double)> Line)>();
        foreach (IGrouping<int, CriticalPoint> row in diagram.Line.GroupBy(point => point.Row!.Value).OrderBy(row => row.Key))
        {
            int order = 0;
            foreach (CriticalPoint point in row.OrderBy(point => point.Value))
            {
                while (open.Count <= order)
                    open.Add((-2, []));
                (int last, List<(double, double)> line) = open[order];
                if (last != row.Key - 1)
                    lines.Add(line = []);
                line.Add((Place(point.Value), row.Key));
                open[order++] = (row.Key, line);
            }
        }

        return lines;

        // Between the middles of two columns.
        double Place(double value)
        {
            int at = Enumerable.Range(0, numbers.Count - 1).First(column => (value - numbers[column]) * (value - numbers[column + 1]) <= 0);
            return at + ((value - numbers[at]) / (numbers[at + 1] - numbers[at]));
        }
    }

    private static ChartAxis Axis(PhaseDiagram diagram, int axis) => diagram.Axes.Count == 2 || diagram.Axes[axis].Numbers is null
        ? new ChartAxis(diagram.Axes[axis].Name, Categories: diagram.Axes[axis].Texts)
        : new ChartAxis(diagram.Axes[axis].Name);
}
