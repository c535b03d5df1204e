using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Numeric.Comparison;

namespace SymbolicEft.Cli.Phases;

/// <summary>A phase diagram as a table, CSV and JSON.</summary>
internal static class PhaseTable
{
    /// <summary>For people.</summary>
    public static void Print(TextWriter output, PhaseDiagram diagram)
    {
        var columns = new List<(string, Func<int, string>)>();
        for (int axis = 0; axis < diagram.Axes.Count; axis++)
        {
            int at = axis;
            columns.Add((diagram.Axes[at].Name, row => diagram.Axes[at].Texts[diagram.Points[row].Places[at]]));
        }

        void Column(string head, Func<KernelFixedPoint, double> value) => columns.Add((head, row => diagram.Points[row].Found is { } found ? Short(value(found)) : "-"));
        Column("K*", found => found.Kernel);
        Column("dK'/dK", found => found.KernelSlope);
        Column("chi", found => found.Slope);
        Column("c*", found => found.Correlation);
        Column("xi_kernel", found => found.KernelLength);
        Column("xi_corr", found => found.CorrelationLength);
        columns.Add((string.Create(CultureInfo.InvariantCulture, $"n = {diagram.Specification.Width} to layer"), row => diagram.Points[row].TrustedTo is { } layer ? layer.ToString(CultureInfo.InvariantCulture) + (layer == diagram.Specification.Network.Depth ? "+" : "") : "-"));
        TextTable.Write(output, columns, diagram.Points.Count);
        output.WriteLine("chi = dK_ab'/dK_ab of nearly equal inputs: below 1 order, above 1 chaos; xi in layers; K* is where K(0) runs to, and the last column begins there");
        foreach (CriticalPoint point in diagram.Line)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"edge of chaos: {diagram.Axes[0].Name} = {point.Value:G8}{(point.Row is { } row ? $" at {diagram.Axes[1].Name} = {diagram.Axes[1].Texts[row]}" : "")}, K* = {point.Found.Kernel:G6}"));
        foreach (string failure in diagram.Points.Select(point => point.Failure).OfType<string>().Distinct().Take(3))
            output.WriteLine(failure);
    }

    /// <summary>One point a line.</summary>
    public static string Csv(PhaseDiagram diagram)
    {
        var csv = new StringBuilder(string.Concat(diagram.Axes.Select(axis => axis.Name + ",")) + "kernel,kernelSlope,slope,correlation,correlationSlope,kernelLength,correlationLength,trustedTo,failure\n");
        foreach (PhasePoint point in diagram.Points)
        {
            KernelFixedPoint? found = point.Found;
            csv.Append(string.Concat(point.Places.Select((place, axis) => CsvReport.Field(diagram.Axes[axis].Texts[place]) + ",")))
                .Append(CultureInfo.InvariantCulture, $"{found?.Kernel:R},{found?.KernelSlope:R},{found?.Slope:R},{found?.Correlation:R},{found?.CorrelationSlope:R},{found?.KernelLength:R},{found?.CorrelationLength:R},{point.TrustedTo},{CsvReport.Field(point.Failure ?? "")}\n");
        }

        return csv.ToString();
    }

    /// <summary>The points and the critical line; what is not finite is null.</summary>
    public static string Json(PhaseDiagram diagram)
    {
        JsonFields document =
        [
            ("width", diagram.Specification.Width),
            ("fraction", diagram.Specification.Fraction),
            ("points", diagram.Points.Select(point => new JsonFields(
            [
                .. point.Places.Select((place, axis) => (diagram.Axes[axis].Name, (object?)diagram.Axes[axis].Value(place))),
                .. Found(point.Found), ("trustedTo", point.TrustedTo), ("failure", point.Failure),
            ]))),
            ("edgeOfChaos", diagram.Line.Select(point => new JsonFields(
            [
                (diagram.Axes[0].Name, point.Value), .. point.Row is { } row ? new JsonFields { (diagram.Axes[1].Name, diagram.Axes[1].Value(row)) } : [], .. Found(point.Found),
            ]))),
        ];
        return document.Document();
    }

    private static JsonFields Found(KernelFixedPoint? found) => found is null ? [] :
    [
        ("kernel", found.Kernel),
        ("kernelSlope", found.KernelSlope),
        ("slope", found.Slope),
        ("correlation", found.Correlation),
        ("correlationSlope", found.CorrelationSlope),
        ("kernelLength", found.KernelLength),
        ("correlationLength", found.CorrelationLength),
    ];

    private static string Short(double value) => double.IsPositiveInfinity(value) ? "inf" : value.ToString("G6", CultureInfo.InvariantCulture);
}
