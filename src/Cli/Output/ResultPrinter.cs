using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Output;

/// <summary>Prints a solution or an ensemble as a table, as JSON or as CSV.</summary>
public static class ResultPrinter
{
    private const int WidestTablePairs = 3;

    /// <summary>Writes a solution as a Parquet or HDF5 file.</summary>
    internal static void Write(string path, OutputFormat format, Specification specification, TheorySeries series) =>
        DataFile.Write(path, format, Wrap(specification) with { Theory = [series] }, JsonReport.Render(series));

    /// <summary>Writes an ensemble as a Parquet or HDF5 file.</summary>
    internal static void Write(string path, OutputFormat format, Specification specification, EnsembleSeries series) =>
        DataFile.Write(path, format, Wrap(specification) with { Ensemble = series }, JsonReport.Render(series));

    /// <summary>Prints a solution.</summary>
    public static void Print(TextWriter output, OutputFormat format, Specification specification, TheorySeries series)
    {
        switch (format)
        {
            case OutputFormat.Json:
                output.Write(JsonReport.Render(series));
                break;
            case OutputFormat.Csv:
                output.Write(CsvReport.Render(Wrap(specification) with { Theory = [series] }));
                break;
            default:
                IReadOnlyList<int> shown = Shown(series.Pairs);
                var columns = new List<(string, Func<int, string>)>
                {
                    ("layer", record => series.Layers[record].ToString(CultureInfo.InvariantCulture)),
                    ("t", record => Short(series.Times[record])),
                };
                foreach (int pair in shown)
                    columns.Add(($"K0_{Name(series.Pairs[pair])}", record => Short(series.K0![record][pair])));
                foreach (int pair in shown)
                    columns.Add(($"V4_{Name(series.Pairs[pair])},{Name(series.Pairs[pair])}", record => Short(series.V4![record][pair][pair])));
                foreach (int pair in shown)
                    columns.Add(($"K1_{Name(series.Pairs[pair])}", record => Short(series.K1![record][pair])));
                foreach (int pair in series.U1 is null ? [] : shown)
                    columns.Add(($"U1_{Name(series.Pairs[pair])}", record => Short(series.U1![record][pair])));
                if (series.Tangent is { } tangent)
                {
                    foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values) in tangent.OverPairs)
                        columns.AddRange(shown.Select(pair => ($"{name}_{Name(series.Pairs[pair])}", (Func<int, string>)(record => Short(values[record][pair])))));
                    foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values) in tangent.OverTwoPairs)
                        columns.AddRange(shown.Select(pair => ($"{name}_{Name(series.Pairs[pair])},{Name(series.Pairs[pair])}", (Func<int, string>)(record => Short(values[record][pair][pair])))));
                }

                foreach (HigherCumulant cumulant in series.HigherCumulants)
                {
                    foreach (int pair in shown)
                    {
                        int place = Multisets.Place(Enumerable.Repeat(pair, cumulant.Legs), series.Pairs.Count);
                        string indices = string.Join(',', Enumerable.Repeat(Name(series.Pairs[pair]), cumulant.Legs));
                        columns.Add(($"{cumulant.Name}_{indices}", record => Short(cumulant.Components[record][place])));
                    }
                }

                Heading(output, specification);
                TextTable.Write(output, columns, series.Layers.Count);
                if (series.Truncation is { } cut)
                    output.WriteLine(Kept(specification, cut));
                if (series.Tangent?.Theta1 is not null && ClosureRegistry.Parse(specification.Closure).Keeps is KeptKernel or KeptObservables)
                    output.WriteLine($"Theta1, tau and VarTheta are what {specification.Closure} makes of them, and can be far from the network's, to which those of hermite(k) tend");
                if (series.ErrorBounds is { } bounds)
                    output.WriteLine(Beyond(series, bounds, shown[0]));
                if (series.Tangent?.Theta1 is not null && ClosureRegistry.Parse(specification.Closure).Keeps is KeptModes { HighestOrder: < HermiteModes.Limit and var highest })
                    output.WriteLine($"Theta1, VarTheta and CovThetaG lack modes above order {highest}, too, and what these add to them has no bound; hermite({Math.Min(2 * highest, HermiteModes.Limit)}) shows how much it is");
                if (series.HigherCumulants.Count > 0)
                    output.WriteLine(Expansion(specification.Order));
                if (series.HigherCumulants.Count > 0 && series.Layers.Count > 0)
                    output.WriteLine(AtWidth(series, specification.Width));
                if (series.ModeChanges.Values.Any(change => change > 0))
                    output.WriteLine("the highest quarter of the modes changes, at the last layer, " + string.Join(", ", series.ModeChanges.Where(each => each.Value > 0).Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key} by {each.Value:G1}"))) + " of its size");
                output.WriteLine($"closure {specification.Closure}, quadrature {series.Quadrature}, stepping {series.Stepping}; {(series.U1 is null ? "" : "U1 without the factor C_W; ")}all components with --format json or csv");
                if (series.WideEnough is { } wide)
                    output.WriteLine(WideEnoughText.Of(wide));
                foreach (string sentence in series.Proof?.Lines ?? [])
                    output.WriteLine(sentence);
                if (specification.Layers is not null && specification.Network.Depth > 0 && ClosureComparison.IsZero(series.K0!, series.K1!))
                    output.WriteLine("K1 is 0 to rounding: it is so in the network itself, or nothing that this closure keeps feeds it; hermite(4) and higher orders tell which.");
                if (series is { K0: { } kernel, K1: { } correction, U1: { } source } && ClosureComparison.IsUnfed(Theory.Network(specification), kernel, correction, source))
                    output.WriteLine("K1 is 0 because nothing that this closure keeps feeds it (no tadpole, no observable whose mean moves it), not because it is small; sigma-kernel and hermite(4) feed it.");
                break;
        }
    }

    /// <summary>Prints an ensemble.</summary>
    public static void Print(TextWriter output, OutputFormat format, Specification specification, EnsembleSeries series)
    {
        switch (format)
        {
            case OutputFormat.Json:
                output.Write(JsonReport.Render(series));
                break;
            case OutputFormat.Csv:
                output.Write(CsvReport.Render(Wrap(specification) with { Ensemble = series }));
                break;
            default:
                IReadOnlyList<int> shown = Shown(series.Pairs);
                var columns = new List<(string, Func<int, string>)>
                {
                    ("layer", record => series.Layers[record].ToString(CultureInfo.InvariantCulture)),
                    ("t", record => Short(series.Times[record])),
                };
                foreach (int pair in shown)
                    columns.Add(($"G_{Name(series.Pairs[pair])}", record => WithError(series.G[record][pair], series.GStandardErrors[record][pair])));
                foreach (int pair in shown)
                    columns.Add(($"V4_{Name(series.Pairs[pair])},{Name(series.Pairs[pair])}", record => WithError(series.V4![record][pair][pair], series.V4StandardErrors![record][pair][pair])));
                foreach (int pair in shown)
                    columns.Add(($"K1_{Name(series.Pairs[pair])}", record => WithError(series.K1![record][pair], series.K1StandardErrors![record][pair])));
                foreach (int pair in series.U1 is null ? [] : shown)
                    columns.Add(($"U1_{Name(series.Pairs[pair])}", record => WithError(series.U1![record][pair], series.U1StandardErrors![record][pair])));
                foreach ((string name, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlyList<double>>? errors) in series.Tangent?.OverPairs ?? [])
                    columns.AddRange(shown.Select(pair => ($"{name}_{Name(series.Pairs[pair])}", (Func<int, string>)(record => WithError(values[record][pair], errors?[record][pair] ?? 0)))));
                foreach ((string name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> errors) in series.Tangent?.OverTwoPairs ?? [])
                    columns.AddRange(shown.Select(pair => ($"{name}_{Name(series.Pairs[pair])},{Name(series.Pairs[pair])}", (Func<int, string>)(record => WithError(values[record][pair][pair], errors[record][pair][pair])))));
                Heading(output, specification);
                TextTable.Write(output, columns, series.Layers.Count);
                output.WriteLine($"n = {series.Width}, {series.Samples.ToString(CultureInfo.InvariantCulture)} networks, seed {specification.Seed}; (digits) are one standard error in the last digits; all components with --format json or csv");
                foreach (FinitePrediction prediction in series.Predictions)
                    output.WriteLine(Predicted(specification, series, prediction));
                if (series.Gains is { } gains)
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"control variate: one network does the work of {Gain(gains.Mean[^1][0])} plain ones for K1_{Name(series.Pairs[0])} at the last depth, of {Gain(gains.V4[^1][0][0])} for V4_{Name(series.Pairs[0])},{Name(series.Pairs[0])}{(series.Tangent?.Gains is { } tangents ? $", of {Gain(tangents.OverPairs[0].Values[^1][0])} for Theta1_{Name(series.Pairs[0])}, of {Gain(tangents.OverTwoPairs[0].Values[^1][0][0])} for VarTheta_{Name(series.Pairs[0])},{Name(series.Pairs[0])}" : "")}"));
                foreach (string sentence in series.Proof?.Lines ?? [])
                    output.WriteLine($"K1 and U1 are differences from numbers of infinite width. {sentence}");
                foreach (string warning in series.Reliability?.Warnings ?? [])
                    output.WriteLine(warning);
                break;
        }
    }

    // At the last layer, of the first pair.
    private static string Predicted(Specification specification, EnsembleSeries series, FinitePrediction prediction)
    {
        string name = Name(series.Pairs[0]);
        double mean = prediction.G[^1][0], variance = prediction.V4[^1][0][0];
        string Score(double value, double measured, double error) => error > 0 ? string.Create(CultureInfo.InvariantCulture, $" (z = {(value - measured) / error:F1})") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{specification.Closure} to order {prediction.Order}, at n = {series.Width}, last layer: G_{name} = {Short(mean)}{Score(mean, series.G[^1][0], series.GStandardErrors[^1][0])}, n Cov(G_{name}, G_{name}) = {Short(variance)}{Score(variance, series.V4![^1][0][0], series.V4StandardErrors![^1][0][0])}");
    }

    /// <summary>A value with its standard error in brackets, two digits of it: 48.74(25).</summary>
    public static string WithError(double value, double error)
    {
        if (!(error > 0) || !double.IsFinite(error))
            return Short(value);
        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, 15);
        long digits = (long)Math.Round(error * Math.Pow(10, decimals));
        string text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return $"{text}({digits.ToString(CultureInfo.InvariantCulture)})";
    }

    /// <summary>How many plain networks one with the control variate stands for: three digits, and no power of ten.</summary>
    internal static string Gain(double ratio)
    {
        if (!double.IsFinite(ratio))
            return double.IsNaN(ratio) ? "an unknown number of" : "any number of";
        double unit = Math.Pow(10, Math.Max(-1, Math.Floor(Math.Log10(Math.Max(ratio, 1))) - 2));
        return (Math.Round(ratio / unit) * unit).ToString(ratio < 100 ? "N1" : "N0", CultureInfo.InvariantCulture);
    }

    /// <summary>What a solution says of modes that it leaves out: hermite(auto) estimates what V4 and K1 lack, a list of observables what its observables lack.</summary>
    internal static string Kept(Specification specification, Truncation cut)
    {
        string tangent = specification.Tangent == TangentKernel.None ? "" : ", Theta1 and VarTheta";
        return FormattableString.Invariant(ClosureRegistry.Parse(specification.Closure).Keeps switch
        {
            KeptModesToAccuracy => (FormattableString)$"Hermite modes up to order {cut.Order} were needed; those above are {(cut.IsBound ? "at most" : "about")} {cut.RelativeError:G1} of V4 and K1",
            KeptObservables => $"functions of two inputs were kept to order {cut.Order}; about {cut.RelativeError:G1} of their variance is above, and V4, K1 and U1{tangent} off the diagonal can be off by about as much of those on it",
            _ => $"covariances of products of functions at different inputs were kept to order {cut.Order}; about {cut.RelativeError:G1} of them is above, and V4 and K1{tangent} of such pairs can be off by about as much of those of one input",
        });
    }

    private static string Beyond(TheorySeries series, ErrorBounds bounds, int pair)
    {
        string Within(double bound) => bound == 0 ? "not at all" : double.IsFinite(bound) ? $"by {Number(bound)} at most" : "by an amount for which there is no bound";
        string Number(double bound) => bound.ToString("G2", CultureInfo.InvariantCulture);
        string name = Name(series.Pairs[pair]);
        string ofMean = bounds.K1 is { } mean ? $" and K1_{name} {Within(mean[^1][pair])}" : "";
        string ofNumbers = bounds.OfNumbers is not { K1: { } errors } numbers ? ""
            : double.IsFinite(errors[^1][pair]) ? $"; errors of the Gaussian numbers and rounding change them by {Number(numbers.V4[^1][pair][pair])} and {Number(errors[^1][pair])} at most, to first order"
            : "; what errors of the Gaussian numbers and rounding change is not bounded, inputs being too similar";
        return $"modes that are left out change V4_{name},{name} {Within(bounds.V4[^1][pair][pair])}{ofMean} at the last depth ({(series.Proof is { IsProved: false } ? "as far as the numbers are proved" : "proved")}){ofNumbers}";
    }

    // A program is not to be guessed from its results.
    private static void Heading(TextWriter output, Specification specification)
    {
        if (specification.Layers is { } program)
            output.Write(LayersPicture.Of(program));
    }

    // What the columns are coefficients of.
    private static string Expansion(int order) =>
        "order " + order.ToString(CultureInfo.InvariantCulture) + ": E G = K0 + K1/n + K2/n^2" + (order > 1 ? " + K3/n^3" : "")
        + ", n Cov = V4 + V4_1/n" + (order > 1 ? " + V4_2/n^2" : "") + ", n^2 times the third cumulant = V6" + (order > 1 ? " + V6_1/n, n^3 times the fourth = V8" : "");

    // The numbers of a network of the width at the last layer, order by order, of the first pair; and from which width on the next order is a tenth.
    private static string AtWidth(TheorySeries series, int width)
    {
        double Last(string tensor) => series.Coefficient(tensor, series.Layers.Count - 1, 0, 0);
        int order = series.Order;
        double kernel = Last("K0");
        string name = Name(series.Pairs[0]);
        string Orders(Func<Func<string, double>, int, double, double> sum, Func<int, string> last) =>
            string.Join(", ", Enumerable.Range(0, order + 1).Select(each => $"{Short(sum(Last, each, width))} with {last(each)}"));
        return string.Create(CultureInfo.InvariantCulture, $"n = {width}, last layer: E G_{name} = {Orders(FiniteWidth.MeanAt, each => FiniteWidth.Mean(each + 1))}; n Cov(G_{name}, G_{name}) = {Orders(FiniteWidth.CovarianceAt, FiniteWidth.Covariance)}")
            + $"; order 1 is a tenth of order 0 at n = {Tenth(Last("K2"), Last("K1"), kernel)} (mean), {Tenth(Last("V4_1"), Last("V4"), kernel * kernel)} (covariance)";

        static string Tenth(double next, double before, double scale) => FiniteWidth.TenthAt(next, before, scale) is { } width ? Math.Ceiling(width).ToString("N0", CultureInfo.InvariantCulture) : "-";
    }

    internal static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static IReadOnlyList<int> Shown(IReadOnlyList<InputPair> pairs) => [.. Enumerable.Range(0, pairs.Count <= WidestTablePairs ? pairs.Count : 2)];

    private static string Name(InputPair pair) => pair.Name;

    private static ReportData Wrap(Specification specification) => new() { SetUp = specification };
}
