// Every sentence here is computed from the numbers it speaks of; a claim that the numbers do not bear out is not made.
using System.Globalization;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>Sentences about the data.</summary>
internal static class Sentences
{
    /// <summary>Where a value lies as seen from a measured one: "1.9 % below the simulation (z = −6.2)". The per cent is left out
    /// where the measured value is not clear of zero.</summary>
    public static string Position(double value, double measured, double? error)
    {
        double difference = value - measured;
        bool relative = measured != 0 && Math.Abs(measured) > 3 * (error ?? 0);
        string size = relative ? NumberText.Percent(difference / measured) : NumberText.Significant(Math.Abs(difference), 2);
        string z = error is > 0 ? $" (<i>z</i>\u00A0=\u00A0{NumberText.ZScore(difference / error.Value)})" : "";
        return difference == 0 ? "equal to the simulation" : $"{size} {(difference > 0 ? "above" : "below")} the simulation{z}";
    }

    /// <summary>The results in brief.</summary>
    public static IEnumerable<string> InBrief(ReportView view)
    {
        if (view.Main is not { } main || view.LastCommon(main) is not { } last)
        {
            yield return "No theory was solved at a depth that can be reported.";
            yield break;
        }

        string at = view.DepthText(last.Layer, last.Time);
        foreach (var component in SchemeFigures.Components(view))
        {
            if (main.At(component, last.Layer) is not { } value)
                continue;
            string theory = $"At {at} the closure {Captions.Escape(view.SetUp.Closure)} gives {component.MathMl} = {NumberText.Significant(value, 6)}";
            yield return view.Ensemble?.At(component, last.Layer) is { } measured
                ? $"{theory}; the simulation gives {NumberText.Uncertain(measured.Value, measured.Error)}. The theory lies {Position(value, measured.Value, measured.Error)}."
                : $"{theory}.";
        }

        foreach (var alternative in view.Alternatives)
        {
            foreach (var component in new[] { Component.Variance(view.Diagonal), new Component(Quantity.K1, view.Diagonal) })
            {
                if (alternative.At(component, last.Layer) is { } value && view.Ensemble?.At(component, last.Layer) is { } measured)
                    yield return $"{Captions.Name(alternative)} puts {component.MathMl} at {NumberText.Significant(value, 6)}, {Position(value, measured.Value, measured.Error)}.";
            }
        }

        if (view.Data.Closures is { SecondWidth: { } wide } report)
        {
            foreach (ExactComponent exact in report.Components.Where(each => each.Pair == view.Diagonal && (each.SecondPair ?? view.Diagonal) == view.Diagonal && each.InfiniteWidth is { StandardError: > 0 }))
            {
                (double value, double error) = exact.InfiniteWidth!.Value;
                yield return $"Extrapolated to infinite width, from <i>n</i> = {NumberText.Count(view.SetUp.Width)} and {NumberText.Count(wide.Width)}, the simulation gives {ClosureTables.Of(exact).MathMl} = {NumberText.Uncertain(value, error)}; "
                    + $"the exact leading order, {Captions.Escape(report.ExactName)}, is {NumberText.Significant(exact.Values[^1], 6)} (<i>z</i> = {NumberText.ZScore((exact.Values[^1] - value) / error)}).";
            }
        }

        yield return view.Ensemble is null
            ? "No simulation was run: these are the theory's numbers alone."
            : ScoreSummary(view.Data.Headline);
    }

    /// <summary>How many rows of the headline agree, and the largest z.</summary>
    public static string ScoreSummary(IReadOnlyList<HeadlineRow> rows)
    {
        var scores = rows.Where(row => row.ZScore is not null).Select(row => row.ZScore!.Value).ToList();
        if (scores.Count == 0)
            return "";
        double largest = scores.MaxBy(Math.Abs);
        int within = scores.Count(score => Math.Abs(score) <= 2);
        return $"Of the {Number(scores.Count)} comparisons in the table, {Number(within)} agree within two standard errors; the largest <i>z</i> is {NumberText.ZScore(largest)}.";
    }

    /// <summary>How V4 moves between the largest and the smallest step.</summary>
    public static string StepSizes(ReportView view)
    {
        var component = Component.Variance(view.Diagonal);
        var runs = view.Data.StepSizes.OrderByDescending(run => run.Step).ToList();
        if (runs.Count < 2)
            return "";
        var (coarse, fine) = (runs[0], runs[^1]);
        var parts = new List<string>();
        if (coarse.Theory is { } a && fine.Theory is { } b && a.At(component, a.Layers[^1]) is { } coarseTheory && b.At(component, b.Layers[^1]) is { } fineTheory && coarseTheory != 0)
            parts.Add($"the theory's {component.MathMl} at the last recorded depth changes by {Signed((fineTheory / coarseTheory) - 1)}");
        if (coarse.Ensemble is { } c && fine.Ensemble is { } d && c.At(component, c.Layers[^1]) is { Value: not 0 } coarseMeasured && d.At(component, d.Layers[^1]) is { } fineMeasured)
        {
            double ratio = fineMeasured.Value / coarseMeasured.Value;
            double? error = fineMeasured.Error is { } fineError && coarseMeasured.Error is { } coarseError && fineMeasured.Value != 0
                ? Math.Abs(ratio) * Math.Sqrt(Math.Pow(fineError / fineMeasured.Value, 2) + Math.Pow(coarseError / coarseMeasured.Value, 2))
                : null;
            string change = error is > 0 ? $"{NumberText.Uncertain(100 * (ratio - 1), 100 * error)} %" : Signed(ratio - 1);
            parts.Add($"{(parts.Count == 0 ? $"the simulated {component.MathMl} at the last recorded depth changes" : "the simulated one")} by {change}");
        }

        return parts.Count == 0
            ? ""
            : $"From <i>ε</i> = {NumberText.Plain(coarse.Step)} to {NumberText.Plain(fine.Step)} {string.Join(", ", parts)}.";
    }

    /// <summary>The residual at the last depth, and how its parts compare over all depths.</summary>
    public static IEnumerable<string> Residuals(ReportView view)
    {
        foreach (var residual in view.Data.Residuals)
        {
            var component = new Component(Quantity.V4, residual.First, residual.Second);
            int last = residual.Layers.Count - 1;
            while (last >= 0 && !(double.IsFinite(residual.Transport[last]) && double.IsFinite(residual.Source[last])))
                last--;
            if (last < 0)
                continue;
            string sentence = $"At {view.DepthText(residual.Layers[last], residual.Times[last])} the transport part of the residual of {component.MathMl} is " +
                $"{NumberText.Uncertain(residual.Transport[last], residual.TransportStandardErrors?[last])} and the source part {NumberText.Uncertain(residual.Source[last], residual.SourceStandardErrors?[last])}";
            double? transport = RootMeanSquare(residual.Transport, residual.TransportStandardErrors), source = RootMeanSquare(residual.Source, residual.SourceStandardErrors);
            yield return transport is { } t && source is { } s
                ? $"{sentence}; over all recorded depths the transport part is {NumberText.Significant(t, 2)} standard errors from zero in root mean square, the source part {NumberText.Significant(s, 2)}."
                : $"{sentence}.";
        }
    }

    /// <summary>U1 at initialisation against its theorem.</summary>
    public static IEnumerable<string> Initialisation(ReportView view)
    {
        yield return "At <i>l</i> = 0 the rows of <i>φ</i> are independent draws from N(0, <i>K</i>(0)), so E <i>S</i> = <i>E</i><sub>2</sub>(<i>K</i>(0)) and <i>U</i><sup>(1)</sup> = 0 for every activation and every width.";
        var component = new Component(Quantity.U1, view.Diagonal);
        foreach (var theory in view.Alternatives.Prepend(view.Main))
        {
            if (theory?.At(component, 0) is not { } value)
                continue;
            double scale = Enumerable.Range(0, theory.Layers.Count)
                .Max(i => theory.At(component, theory.Layers[i]) is { } later ? Math.Abs(later) : 0);
            yield return Math.Abs(value) <= 1e-9 * scale || value == 0
                ? $"{Captions.Name(theory)} satisfies the theorem: its {component.MathMl} is 0 there."
                : $"{Captions.Name(theory)} gives {component.MathMl} = {NumberText.Significant(value, 4)} in its place, an error of that closure before the first layer.";
        }

        if (view.Ensemble is not { } ensemble)
            yield break;
        var scores = MeanFigures.Pairs(view).Select(pair => ensemble.At(new Component(Quantity.U1, pair), 0))
            .Where(found => found is { Error: > 0 }).Select(found => found!.Value.Value / found.Value.Error!.Value).ToList();
        if (scores.Count > 0)
            yield return $"The simulated values lie at most {NumberText.Significant(scores.Max(Math.Abs), 2)} standard errors from 0 over {Number(scores.Count)} {(scores.Count == 1 ? "pair" : "pairs")} of inputs.";
    }

    /// <summary>What the published scheme changes, component by component.</summary>
    public static IEnumerable<string> Schemes(ReportView view)
    {
        if (view.Published is not { } published || view.Main is not { } main || view.LastCommon(main) is not { } last)
            yield break;
        foreach (var component in SchemeFigures.Components(view))
        {
            if (published.At(component, last.Layer) is { } p && main.At(component, last.Layer) is { } m
                && view.Ensemble?.At(component, last.Layer) is { } measured)
            {
                yield return $"{component.MathMl}: {Verdict(Captions.Name(published), p, Captions.Name(main), m, measured.Value, measured.Error)}";
            }
        }
    }

    /// <summary>What the difference between two numerical treatments of the same equations means for what a reader would think
    /// of the closure.</summary>
    public static string Verdict(string publishedName, double published, string name, double recomputed, double measured, double? error)
    {
        double dp = published - measured, dm = recomputed - measured, two = 2 * (error ?? 0);
        if (published == recomputed)
            return "the two agree.";
        if (Math.Abs(published - recomputed) <= two)
            return "the two differ by less than two standard errors of the simulation, which cannot tell them apart.";
        if (Math.Abs(dm) <= two)
        {
            return Math.Abs(dp) <= two
                ? "both agree with the simulation within two standard errors."
                : $"{name} agrees with the simulation within two standard errors; {publishedName} does not, which is the work of its numerical treatment.";
        }

        if (Math.Sign(dp) != Math.Sign(dm))
            return "the two lie on opposite sides of the simulation: the numerical treatment changes the sign of the deviation.";
        return Math.Abs(dp) <= Math.Abs(dm)
            ? $"{publishedName} comes closer to the simulation, because the error of its numerical treatment is opposite in sign to the deviation of the closure ({name}) and hides {NumberText.Percent((recomputed - published) / dm)} of it."
            : $"{NumberText.Percent((published - recomputed) / dp)} of the deviation of {publishedName} from the simulation is that of its numerical treatment; the closure's own ({name}) is the rest.";
    }

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string Enumeration(IReadOnlyList<string> names) =>
        names.Count <= 1 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    /// <summary>A difference over the size of its base, with the sign of the difference: "−10 %"; a dash where the base is zero.</summary>
    public static string Relative(double value, double reference) =>
        reference == 0 ? NumberText.Missing : Signed((value - reference) / Math.Abs(reference));

    /// <summary>A sentence for every table that has values that are not finite: they are left out of the figures.</summary>
    public static IEnumerable<string> NotFinite(ReportData data)
    {
        var tables = data.Theory.SelectMany(series => new[]
        {
            (series.Label, "K0", series.Layers, Flat(series.K0)), (series.Label, "V4", series.Layers, Flat(series.V4)),
            (series.Label, "K1", series.Layers, Flat(series.K1)), (series.Label, "U1", series.Layers, Flat(series.U1)),
        });
        if (data.Ensemble is { } ensemble)
        {
            tables = tables.Concat(
            [
                (ensemble.Label, "G", ensemble.Layers, Flat(ensemble.G)), (ensemble.Label, "V4", ensemble.Layers, Flat(ensemble.V4)),
                (ensemble.Label, "K1", ensemble.Layers, Flat(ensemble.K1)), (ensemble.Label, "U1", ensemble.Layers, Flat(ensemble.U1)),
            ]);
        }

        foreach (var (label, quantity, layers, records) in tables)
        {
            int count = records.Sum(record => record.Count(value => !double.IsFinite(value)));
            if (count == 0)
                continue;
            int first = Enumerable.Range(0, records.Count).First(i => records[i].Any(value => !double.IsFinite(value)));
            yield return $"{Number(count)} values of {quantity} in the series {Captions.Escape(label)} are not finite, the first at layer {NumberText.Count(layers[first])}; the figures leave them out.";
        }
    }

    private static List<List<double>> Flat(IReadOnlyList<IReadOnlyList<double>>? table) => [.. (table ?? []).Select(row => row.ToList())];

    private static List<List<double>> Flat(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? table) =>
        [.. (table ?? []).Select(matrix => matrix.SelectMany(row => row).ToList())];

    /// <summary>The methods paragraph.</summary>
    public static IEnumerable<string> Methods(ReportView view)
    {
        var setUp = view.SetUp;
        if (view.Main is not null)
        {
            yield return view.Data.Derivation.Count > 0
                ? $"The equations of the closure {Captions.Escape(setUp.Closure)} were derived from the definition of the process in the steps given above."
                : $"The closure is {Captions.Escape(setUp.Closure)}.";
            yield return SpecificationFields.Kebab(setUp.Stepping.ToString()) switch
            {
                "discrete" when setUp.Layers is not null => "Its equations were derived from the layers of the network and evaluated layer by layer, with nothing left out of a layer to leading order in 1/<i>n</i> but what the closure leaves out.",
                "discrete" => "They were integrated layer by layer, with the terms of order <i>ε</i>⁴ kept.",
                "continuous" => "They were integrated in continuous depth time.",
                "euler" => "The continuous equations were integrated with one Euler step of <i>ε</i>² a layer.",
                var other => $"Stepping: {other}.",
            };
            yield return view.Main.Proof is { IsProved: true }
                ? "Gaussian expectations were computed with proved bounds on their errors."
                : $"Gaussian expectations were computed with the quadrature {Captions.Escape(setUp.Quadrature.ToString())}; not all of their errors are proved.";
        }

        if (view.Ensemble is { } ensemble)
        {
            string how = setUp.Samples > 0 ? $", seed {setUp.Seed.ToString(CultureInfo.InvariantCulture)}, estimator {SpecificationFields.Kebab(setUp.Estimator.ToString())}" : "";
            yield return $"{NumberText.Count(ensemble.Samples)} networks of width {NumberText.Count(ensemble.Width)} were simulated{how}.";
            yield return "Every error is one standard error of the mean over networks, and <i>z</i> = (theory − simulation)/standard error. " +
                "Theory is of leading order in 1/<i>n</i>, so a simulation at finite width also differs from it by higher orders.";
        }

        foreach (string sentence in view.Data.Methods)
            yield return Captions.Escape(sentence);
        if (view.Data.ProgramVersion is { } version)
            yield return $"Program: SymbolicEft {Captions.Escape(version)}.";
        yield return "All quantities are dimensionless.";
    }

    private static double? RootMeanSquare(IReadOnlyList<double> values, IReadOnlyList<double>? errors)
    {
        if (errors is null)
            return null;
        // Where the simulation knows a number to rounding (the control variate at layer 0), the ratio would be one of two roundings.
        double rounding = 1e-9 * values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var squares = values.Zip(errors).Where(each => each.Second > rounding).Select(each => each.First / each.Second).Where(double.IsFinite).Select(z => z * z).ToList();
        return squares.Count == 0 ? null : Math.Sqrt(squares.Average());
    }

    private static string Signed(double fraction) =>
        fraction == 0 ? "0\u202F%" : (fraction > 0 ? "+" : "\u2212") + NumberText.Percent(fraction);

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
