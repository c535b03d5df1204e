// A report is about every two pairs of its inputs: it solves, compares and simulates all of them. The statistics of some inputs do not depend on the
// others, so of many inputs it takes some, and says which.

using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Comparison;

/// <summary>The inputs that a report is about.</summary>
internal static class ReportInputs
{
    /// <summary>So many inputs at most, if nobody asks for more.</summary>
    public const int Most = 12;

    /// <summary>The specification of those inputs alone.</summary>
    /// <param name="specification">What was asked for.</param>
    /// <returns>The specification, and a sentence that says which inputs are in it if not all are.</returns>
    public static (Specification Specification, string? Note) Of(Specification specification)
    {
        if (specification.Network.MixesInputs)
            return (Whole(specification), null);
        int[] inputs = specification.Pairs is { } choice
            ? choice.Named(specification.Inputs)
            : [.. Enumerable.Range(0, Math.Min(Most, specification.Inputs))];
        return Of(specification, inputs, specification.Pairs is null ? "; choose them with --pairs" : "");
    }

    // Positions that taps mix: all of them, or none.
    private static Specification Whole(Specification specification) =>
        specification.Inputs > Most
            ? throw new InputException($"There are {specification.Inputs} inputs, which are positions that taps mix, and a report is about every two pairs of at most {Most}; use solve and simulate with --pairs, or fewer positions.")
        : specification.Pairs is { } choice && choice.Of(specification.Inputs).Count != PairIndexing.Count(specification.Inputs)
            ? throw new InputException($"pairs is {choice.Text}, and the inputs are positions that taps mix, of which a report is about all; leave pairs out, or use solve and simulate.")
        : specification with { Pairs = null };

    /// <summary>What of a simulation a report can be made of: the first inputs of which all pairs were kept.</summary>
    /// <returns>The specification of them, their series and a sentence that says which they are; null if there are none.</returns>
    public static (Specification Specification, EnsembleSeries Series, string? Note)? Of(Specification specification, EnsembleSeries series)
    {
        if (specification.Network.MixesInputs && series.Pairs.Count != PairIndexing.Count(specification.Inputs))
            return null;
        var inputs = new List<int>();
        for (int input = 0; input < specification.Inputs && (inputs.Count < Most || series.Pairs.Count == PairIndexing.Count(specification.Inputs)); input++)
        {
            if (inputs.Append(input).All(other => series.Pairs.Contains(new(other, input)))) inputs.Add(input);
        }

        if (inputs.Count == 0)
            return null;
        (Specification some, string? note) = Of(specification, inputs, "");
        int[] places = [.. PairIndexing.All(inputs.Count).Select(pair => series.Pairs.ToList().IndexOf(new(inputs[pair.First], inputs[pair.Second])))];
        return (some, series.Only(places) with { Pairs = PairIndexing.All(inputs.Count) }, note);
    }

    private static StoppingRule? Until(Specification specification, IReadOnlyList<int> inputs) =>
        specification.Until is not { } rule ? null
        : rule.Indices.All(inputs.Contains) ? rule.Among([.. inputs])
        : throw new InputException($"until is {rule}, and the report is about the inputs {Sharding.ShardMerge.List(inputs)}; name its pairs with --pairs.");

    private static (Specification Specification, string? Note) Of(Specification specification, IReadOnlyList<int> inputs, string mend)
    {
        if (inputs.Count == specification.Inputs)
            return (specification with { Pairs = null }, null);
        return (
            specification.OfInputs(inputs) with { Until = Until(specification, inputs) },
            $"The report is about {inputs.Count} of {specification.Inputs} inputs, whose statistics do not depend on the others: its input{(inputs.Count == 1 ? " 0 is" : $"s 0 to {inputs.Count - 1} are")} {Sharding.ShardMerge.List(inputs)} of the specification{mend}.");
    }
}
