// symeft compare: kernels that the user measured against the theory of the specification at its width.

using System.CommandLine;
using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft compare: measured kernels beside the theory.</summary>
internal static class CompareCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("compare", "Kernels measured elsewhere, one line a network or one line a number, beside the theory at the specification's width, with z-scores.");
        var measured = new Argument<string>("MEASURED") { Description = "CSV file: columns layer, G_00, G_01, ..., one line a network; or quantity, layer, a, b, c, d, value, standardError" };
        command.Arguments.Add(measured);
        var options = new SpecificationOptions(command);
        Option<string> format = FormatOption.Create();
        var folder = new Option<string>("--out") { Description = "write the numbers and figures of them into this folder", HelpName = "DIR" };
        command.Options.Add(format);
        command.Options.Add(folder);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            string? place = OutputPath.Read(parsed, folder);
            Specification specification = options.Read(parsed, context);
            MeasuredFile.Content content = MeasuredFile.Read(parsed.GetValue(measured)!, specification, context.Cancellation);
            specification = specification with { Network = specification.Network with { RecordedLayers = [.. content.Numbers.Select(number => number.Layer).Append(specification.Network.Depth).Distinct().Order()] } };
            SolutionWithCurve solved = LongWork.Run(context, () => $"solving {specification.Closure}", () => Theory.SolveWithCurve(specification, null, context.Cancellation));
            IReadOnlyList<ComparedNumber> rows = MeasuredKernels.Compare(content.Numbers, solved.Recorded, specification.Width);
            if (place is not null)
            {
                AtomicFile.MakeFolder(place, place);
                AtomicFile.Write(Path.Combine(place, "comparison.csv"), Csv(rows));
                AtomicFile.Write(Path.Combine(place, "comparison.json"), Json(specification, content, solved.Recorded, rows));
                foreach (Chart figure in Figures(specification, solved.Curve, rows))
                    AtomicFile.Write(Path.Combine(place, $"{figure.Id}.svg"), figure.ToSvg());
            }

            switch (chosen)
            {
                case OutputFormat.Json:
                    context.Output.Write(Json(specification, content, solved.Recorded, rows));
                    break;
                case OutputFormat.Csv:
                    context.Output.Write(Csv(rows));
                    foreach (string warning in content.Warnings)
                        context.Messages.WriteLine($"symeft: {warning}");
                    break;
                default:
                    Table(context.Output, specification, content, solved.Recorded, rows);
                    break;
            }

            exit(0);
        });
        return command;
    }

    private static string Name(ComparedNumber row) => row.Number.Name;

    private static void Table(TextWriter output, Specification specification, MeasuredFile.Content content, TheorySolution theory, IReadOnlyList<ComparedNumber> rows)
    {
        TextTable.Write(
            output,
            [
                ("layer", at => Whole(rows[at].Number.Layer)),
                ("", at => Name(rows[at])),
                ("measured", at => ResultPrinter.Short(rows[at].Number.Measured.Value)),
                ("+-", at => rows[at].Number.Measured.StandardError is > 0 and var error ? error.ToString("G2", CultureInfo.InvariantCulture) : ""),
                (specification.Closure, at => ResultPrinter.Short(rows[at].Theory)),
                ("z", at => rows[at].Z?.ToString("F1", CultureInfo.InvariantCulture) ?? ""),
            ],
            rows.Count);
        output.WriteLine();
        string networks = content.Networks is { } count ? $" of {Whole(count)} networks" : "";
        string order = specification.Order == 0 ? "G is K0 + K1/n, V4 the leading order" : "G is K0 + K1/n + K2/n^2, V4 is V4 + V4_1/n";
        output.WriteLine($"Width {Whole(specification.Width)}{networks}; {order}: what the network has beyond these is in z.");
        ComparedNumber[] known = [.. rows.Where(row => row.Z is not null)];
        if (known.MaxBy(row => Math.Abs(row.Z!.Value)) is { } largest)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Of {known.Length} numbers {known.Count(row => Math.Abs(row.Z!.Value) > 2)} are off by more than two error bars, the largest z is {largest.Z:F1} ({Name(largest)}, layer {largest.Number.Layer})."));
        foreach (string line in Proof.Of(theory).Lines)
            output.WriteLine($"not proved: {line}");
        foreach (string warning in content.Warnings)
            output.WriteLine($"warning: {warning}");
    }

    private static string Csv(IReadOnlyList<ComparedNumber> rows)
    {
        var csv = new StringBuilder("quantity,layer,a,b,c,d,value,standardError,theory,z\n");
        foreach (ComparedNumber row in rows)
        {
            (MeasuredNumber number, InputPair? second) = (row.Number, row.Number.Second);
            csv.Append(CultureInfo.InvariantCulture, $"{number.Quantity},{number.Layer},{number.Pair.First},{number.Pair.Second},{second?.First},{second?.Second},{number.Measured.Value:R},{number.Measured.StandardError:R},{row.Theory:R},{row.Z:R}\n");
        }

        return csv.ToString();
    }

    private static string Json(Specification specification, MeasuredFile.Content content, TheorySolution theory, IReadOnlyList<ComparedNumber> rows)
    {
        JsonFields document =
        [
            ("closure", specification.Closure),
            ("order", specification.Order),
            ("width", specification.Width),
            ("networks", content.Networks),
            .. JsonReport.Proof(Proof.Of(theory)),
            ("warnings", content.Warnings),
            ("numbers", rows.Select(row => new JsonFields
            {
                ("quantity", row.Number.Quantity),
                ("layer", row.Number.Layer),
                ("pair", Inputs(row.Number.Pair)),
                ("second", row.Number.Second is { } second ? Inputs(second) : null),
                ("value", row.Number.Measured.Value),
                ("standardError", row.Number.Measured.StandardError),
                ("theory", row.Theory),
                ("z", row.Z),
            })),
        ];
        return document.Document();

        static object[] Inputs(InputPair pair) => [pair.First, pair.Second];
    }

    // Each component against the layer over the theory's curve; and the z of all components at the last layer that was measured.
    private static IEnumerable<Chart> Figures(Specification specification, TheorySolution curve, IReadOnlyList<ComparedNumber> rows)
    {
        foreach (IGrouping<string, ComparedNumber> component in rows.GroupBy(Name).Where(group => group.Count() > 1))
        {
            ComparedNumber[] points = [.. component.OrderBy(row => row.Number.Layer)];
            MeasuredNumber first = points[0].Number;
            Quantity quantity = Enum.Parse<Quantity>(first.Quantity);
            Chart theory = curve.Plot(quantity, Places(first.Pair), first.Second is { } second ? Places(second) : null, specification.Closure);
            // The curve is that of the width that was measured: K0 + K1/n for G.
            ChartPoint[] line = [.. MeasuredKernels.Compare([.. curve.Layers.Select(layer => first with { Layer = layer })], curve, specification.Width).Select(row => new ChartPoint(row.Number.Layer, row.Theory))];
            yield return theory with
            {
                Series =
                [
                    theory.Series[0] with { Points = line },
                    new ChartSeries("measured", SeriesKind.Points, Styles.Simulation, [.. points.Select(row => new ChartPoint(row.Number.Layer, row.Number.Measured.Value, row.Number.Measured.StandardError))]),
                ],
            };
        }

        int last = rows.Max(row => row.Number.Layer);
        ComparedNumber[] shown = [.. rows.Where(row => row.Number.Layer == last && row.Z is not null)];
        if (shown.Length == 0)
            yield break;
        yield return new Chart
        {
            Id = "z",
            Heading = string.Create(CultureInfo.InvariantCulture, $"measured minus theory in error bars, layer {last}"),
            Description = string.Create(CultureInfo.InvariantCulture, $"Measured minus theory over the standard error at layer {last}, for each component."),
            X = new ChartAxis("", Categories: [.. shown.Select(Name)]),
            Y = new ChartAxis("*z*", IncludeZero: true),
            Series = [new ChartSeries(null, SeriesKind.Points, Styles.Simulation, [.. shown.Select((row, at) => new ChartPoint(at, row.Z!.Value, 1))])],
        };
    }

    private static (int First, int Second) Places(InputPair pair) => (pair.First, pair.Second);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
