using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>Closures beside the exact leading order, for the first two inputs: their numbers over depth, how far each can be trusted, and what each Hermite order carries.</summary>
public sealed record ClosureReport
{
    /// <summary>The shares of the exact value within which windows are stated.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.01, 0.05, 0.1];

    /// <summary>What stands for the exact leading order, such as hermite(40).</summary>
    public required string ExactName { get; init; }

    /// <summary>The layers at which the closures are compared, increasing, from 0.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>t = eps^2 l at these layers.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>The numbers compared: components of V4, then of K1.</summary>
    public required IReadOnlyList<ExactComponent> Components { get; init; }

    /// <summary>The closures.</summary>
    public required IReadOnlyList<ClosureEntry> Closures { get; init; }

    /// <summary>The second width that was simulated for the extrapolation, with its number of networks; null for none.</summary>
    public (int Width, long Samples)? SecondWidth { get; init; }

    /// <summary>V4 at the last depth by Hermite orders, or null.</summary>
    public BudgetReport? Budget { get; init; }

    /// <summary>What is proved of the expectations that all these numbers rest on.</summary>
    public Proof Proof { get; init; } = Proof.Whole;
}

/// <summary>One number of the exact leading order, and of the simulation.</summary>
/// <param name="Quantity">V4 or K1.</param>
/// <param name="Pair">The pair, the first of V4.</param>
/// <param name="SecondPair">The second pair of V4.</param>
/// <param name="Values">The exact leading order at each depth.</param>
/// <param name="Remainder">Estimate of what it leaves out at the last depth.</param>
/// <param name="Simulation">The simulated value at the last depth, or null.</param>
/// <param name="StandardError">Its standard error, or null.</param>
public sealed record ExactComponent(
    Quantity Quantity, InputPair Pair, InputPair? SecondPair, IReadOnlyList<double> Values, double Remainder, double? Simulation, double? StandardError)
{
    /// <summary>The simulation extrapolated in 1/n to infinite width, with its standard error; null where only one width was simulated.</summary>
    public (double Value, double StandardError)? InfiniteWidth { get; init; }
}

/// <summary>A closure's numbers.</summary>
/// <param name="Name">The closure.</param>
/// <param name="Failure">Why it could not be solved, or null.</param>
/// <param name="CorrectionIsUnfed">Whether its K1 is 0 because nothing it keeps feeds K1.</param>
/// <param name="Numbers">For each component its numbers; null where the closure was not solved for it.</param>
public sealed record ClosureEntry(string Name, string? Failure, bool CorrectionIsUnfed, IReadOnlyList<ClosureNumbers?> Numbers);

/// <summary>One component of a closure.</summary>
/// <param name="Values">At each depth.</param>
/// <param name="Windows">For each share the largest depth up to which it stays within it.</param>
public sealed record ClosureNumbers(IReadOnlyList<double> Values, IReadOnlyList<DepthWindow> Windows);

/// <summary>A validity window.</summary>
/// <param name="Share">The share of the exact value, such as 0.05.</param>
/// <param name="Layer">Where the closure leaves it, interpolated between layers; 0 if before the first depth compared, the last layer if never.</param>
/// <param name="Time">The same as t = eps^2 l.</param>
/// <param name="IsLeft">Whether it leaves at all.</param>
public sealed record DepthWindow(double Share, double Layer, double Time, bool IsLeft);

/// <summary>V4 and its transport at the last depth, by Hermite orders.</summary>
/// <param name="Pairs">The components shown: V4 of each pair with itself.</param>
/// <param name="Source">V4 without transport, for each component.</param>
/// <param name="Orders">What each order adds, by order; all of them and the source add up to the whole.</param>
/// <param name="Rest">What the orders above the last one add, up to that of the exact leading order; the transport of these is not split off.</param>
/// <param name="Total">V4 of the exact leading order.</param>
public sealed record BudgetReport(
    IReadOnlyList<InputPair> Pairs,
    IReadOnlyList<double> Source,
    IReadOnlyList<BudgetOrder> Orders,
    IReadOnlyList<double> Rest,
    IReadOnlyList<double> Total);

/// <summary>What one Hermite order carries at the last depth.</summary>
/// <param name="Order">k.</param>
/// <param name="V4">Its part of V4, for each component.</param>
/// <param name="Transport">Its part of the transport, in units of V4 per depth time, for each component.</param>
public sealed record BudgetOrder(int Order, IReadOnlyList<double> V4, IReadOnlyList<double> Transport);
