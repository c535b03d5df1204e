using System.Globalization;
using System.Text;
using System.Text.Json;
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
        return JsonReport.Document(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("width", diagram.Specification.Width);
            json.WriteNumber("fraction", diagram.Specification.Fraction);
            json.WriteStartArray("points");
            foreach (PhasePoint point in diagram.Points)
            {
                json.WriteStartObject();
                for (int axis = 0; axis < diagram.Axes.Count; axis++)
                    Value(diagram, json, axis, point.Places[axis]);
                if (point.Found is { } found)
                    Found(json, found);
                if (point.TrustedTo is { } layer)
                    json.WriteNumber("trustedTo", layer);
                if (point.Failure is { } failure)
                    json.WriteString("failure", failure);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("edgeOfChaos");
            foreach (CriticalPoint point in diagram.Line)
            {
                json.WriteStartObject();
                json.WriteNumber(diagram.Axes[0].Name, point.Value);
                if (point.Row is { } row)
                    Value(diagram, json, 1, row);
                Found(json, point.Found);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Value(PhaseDiagram diagram, Utf8JsonWriter json, int axis, int place)
    {
        if (diagram.Axes[axis].Numbers is { } numbers)
            json.WriteNumber(diagram.Axes[axis].Name, numbers[place]);
        else
            json.WriteString(diagram.Axes[axis].Name, diagram.Axes[axis].Texts[place]);
    }

    private static void Found(Utf8JsonWriter json, KernelFixedPoint found)
    {
        Number("kernel", found.Kernel);
        Number("kernelSlope", found.KernelSlope);
        Number("slope", found.Slope);
        Number("correlation", found.Correlation);
        Number("correlationSlope", found.CorrelationSlope);
        Number("kernelLength", found.KernelLength);
        Number("correlationLength", found.CorrelationLength);

        void Number(string name, double value)
        {
            if (double.IsFinite(value))
                json.WriteNumber(name, value);
            else
                json.WriteNull(name);
        }
    }

    private static string Short(double value) => double.IsPositiveInfinity(value) ? "inf" : value.ToString("G6", CultureInfo.InvariantCulture);
}
