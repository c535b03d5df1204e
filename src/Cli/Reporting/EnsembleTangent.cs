namespace SymbolicEft.Cli.Reporting;

/// <summary>The tangent kernel of simulated networks at the recorded layers, with standard errors.</summary>
public sealed record EnsembleTangent
{
    /// <summary>Quantities over pairs by name, [record][pair], with their standard errors; null for what is known without.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<double>> Values, IReadOnlyList<IReadOnlyList<double>>? Errors)> OverPairs { get; init; }

    /// <summary>Quantities over pairs and pairs by name, [record][pair][pair], with their standard errors.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Errors)> OverTwoPairs { get; init; }

    /// <summary>The same of some of its pairs.</summary>
    internal EnsembleTangent Only(IReadOnlyList<int> places) => new()
    {
        OverPairs = [.. OverPairs.Select(each => (each.Name, Some.Rows(each.Values, places)!, Some.Rows(each.Errors, places)))],
        OverTwoPairs = [.. OverTwoPairs.Select(each => (each.Name, Some.Matrices(each.Values, places)!, Some.Matrices(each.Errors, places)!))],
    };
}
