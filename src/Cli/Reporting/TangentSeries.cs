using SymbolicEft.Cli.Commands;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Reporting;

/// <summary>The tangent kernel of a theory at the recorded layers. Quantities that are not derived are null.</summary>
public sealed record TangentSeries
{
    /// <summary>Theta0[record][pair]: the mean at infinite width.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Theta0 { get; init; }

    /// <summary>Theta1[record][pair] = n (E Theta - Theta0), or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Theta1 { get; init; }

    /// <summary>VarTheta[record][pair][pair] = n Cov(Theta, Theta).</summary>
    public required IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Variance { get; init; }

    /// <summary>CovThetaG[record][pair][pair] = n Cov(Theta, G), rows Theta.</summary>
    public required IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> WithKernel { get; init; }

    /// <summary>tau[record][pair]: one output in place of the trace has n Var = VarTheta + 2 tau, or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Tau { get; init; }

    /// <summary>n Var of the kernel of one output in place of the trace, VarTheta + 2 tau, or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Single => Tau is null ? null : [.. Tau.Select((record, at) => record.Select((tau, pair) => Variance[at][pair][pair] + (2 * tau)).ToArray())];

    /// <summary>Its quantities over pairs by name, in the order in which they are given.</summary>
    internal IEnumerable<(string Name, IReadOnlyList<IReadOnlyList<double>> Values)> OverPairs =>
        new (string Name, IReadOnlyList<IReadOnlyList<double>>? Values)[] { ("Theta0", Theta0), ("Theta1", Theta1), ("tau", Tau), ("VarThetaSingle", Single) }
            .Where(each => each.Values is not null).Select(each => (each.Name, each.Values!));

    /// <summary>Its quantities over pairs and pairs.</summary>
    internal IEnumerable<(string Name, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Values)> OverTwoPairs => [("VarTheta", Variance), ("CovThetaG", WithKernel)];

    /// <summary>That of a solution; null if it has none.</summary>
    internal static TangentSeries? Of(TheorySolution solution)
    {
        if (!solution.Tensors.TryGetValue("Theta0", out IReadOnlyList<double[]>? mean))
            return null;
        int pairs = PairIndexing.Count(solution.Inputs);
        return new()
        {
            Theta0 = mean,
            Theta1 = solution.Tensors.GetValueOrDefault("Theta1"),
            Variance = [.. solution.Tensors["VarTheta"].Select(record => SolveCommand.Full(record, pairs))],
            WithKernel = [.. solution.Tensors["CovThetaG"].Select(record => record.Chunk(pairs).ToArray())],
            Tau = solution.Tensors.GetValueOrDefault("tau"),
        };
    }

    /// <summary>The same of some of its pairs.</summary>
    internal TangentSeries Only(IReadOnlyList<int> places) => new()
    {
        Theta0 = Some.Rows(Theta0, places)!,
        Theta1 = Some.Rows(Theta1, places),
        Variance = Some.Matrices(Variance, places)!,
        WithKernel = Some.Matrices(WithKernel, places)!,
        Tau = Some.Rows(Tau, places),
    };
}
