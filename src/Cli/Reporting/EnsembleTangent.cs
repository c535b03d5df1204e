namespace SymbolicEft.Cli.Reporting;

/// <summary>The tangent kernel of simulated networks at the recorded layers, with standard errors.</summary>
public sealed record EnsembleTangent
{
    /// <summary>Quantities over pairs by name, [record][pair], with their standard errors; null for what is known without.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<double>> Values, IReadOnlyList<IReadOnlyList<double>>? Errors)> OverPairs { get; init; }

    /// <summary>Quantities over pairs and pairs by name, [record][pair][pair], with their standard errors.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Values, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Errors)> OverTwoPairs { get; init; }

    /// <summary>What the control variate saved; null without one.</summary>
    public TangentTables? Gains { get; init; }

    /// <summary>How many networks standard errors rest on; null where that is not counted.</summary>
    public TangentTables? EffectiveSamples { get; init; }

    /// <summary>The most by which covariances can be off beyond their standard errors, not random; null if not at all.</summary>
    public TangentTables? Truncation { get; init; }

    /// <summary>The same of some of its pairs.</summary>
    internal EnsembleTangent Only(IReadOnlyList<int> places) => new()
    {
        Gains = Gains?.Only(places),
        EffectiveSamples = EffectiveSamples?.Only(places),
        Truncation = Truncation?.Only(places),
        OverPairs = [.. OverPairs.Select(each => (each.Name, Some.Rows(each.Values, places)!, Some.Rows(each.Errors, places)))],
        OverTwoPairs = [.. OverTwoPairs.Select(each => (each.Name, Some.Matrices(each.Values, places)!, Some.Matrices(each.Errors, places)!))],
    };
}

/// <summary>Numbers beside those of <see cref="EnsembleTangent"/>, by the same names.</summary>
/// <param name="OverPairs">[record][pair].</param>
/// <param name="OverTwoPairs">[record][pair][pair].</param>
public sealed record TangentTables(
    IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<double>> Values)> OverPairs, IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Values)> OverTwoPairs)
{
    /// <summary>The same of some of its pairs.</summary>
    internal TangentTables Only(IReadOnlyList<int> places) => new([.. OverPairs.Select(each => (each.Name, Some.Rows(each.Values, places)!))], [.. OverTwoPairs.Select(each => (each.Name, Some.Matrices(each.Values, places)!))]);
}
