using System.Globalization;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>What was found at one point; numbers of the first input at the last depth.</summary>
public sealed record SweepRow
{
    /// <summary>The shares of the windows, in percent.</summary>
    public static readonly IReadOnlyList<int> Shares = [1, 5, 10];

    /// <summary>The columns that hold numbers, in order, with what they are.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning, Func<SweepRow, double?> Value)> Columns =
    [
        ("K0", "K0_00 at the last depth", row => row.K0),
        ("V4", "V4_00,00 of the closure at the last depth", row => row.V4),
        ("K1", "K1_00 of the closure at the last depth", row => row.K1),
        ("U1", "U1_00 of the closure at the last depth", row => row.U1),
        ("V4_exact", "V4_00,00 at the exact leading order", row => row.ExactV4),
        ("K1_exact", "K1_00 at the exact leading order", row => row.ExactK1),
        .. Shares.Select((share, at) => ($"V4_window_{share}", $"depth time (of a program of layers, layer) up to which V4_00,00 is within {share} % of the exact leading order", (Func<SweepRow, double?>)(row => row.V4Windows?[at]))),
        .. Shares.Select((share, at) => ($"K1_window_{share}", $"depth time (of a program of layers, layer) up to which K1_00 is within {share} % of the exact leading order", (Func<SweepRow, double?>)(row => row.K1Windows?[at]))),
        ("width_needed", "the smallest width that keeps sqrt(V4/n)/K0 and |K1|/(n K0) within the fraction at every layer", row => row.WidthNeeded),
        ("depth_held", "the last layer up to which the width of the point does so; none where it does not at layer 0", row => row.DepthHeld),
    ];

    /// <summary>How many points are not proved, and what of the first is not, in one sentence; null where all are.</summary>
    public static string? Unproven(IReadOnlyCollection<SweepRow> rows)
    {
        SweepRow[] found = [.. rows.Where(row => row.Unproved is { Count: > 0 })];
        return found.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{found.Length} of {rows.Count} points are not proved; the first: {found[0].Unproved![0]}.");
    }

    /// <summary>The number of the point.</summary>
    public required int Point { get; init; }

    /// <summary>K0_00.</summary>
    public double? K0 { get; init; }

    /// <summary>V4_00,00.</summary>
    public double? V4 { get; init; }

    /// <summary>K1_00.</summary>
    public double? K1 { get; init; }

    /// <summary>U1_00.</summary>
    public double? U1 { get; init; }

    /// <summary>V4_00,00 at the exact leading order.</summary>
    public double? ExactV4 { get; init; }

    /// <summary>K1_00 at the exact leading order.</summary>
    public double? ExactK1 { get; init; }

    /// <summary>Depth times t = eps^2 l up to which V4 stays within the shares; where it never leaves, the last depth, or the last before a layer at which a solution stops.</summary>
    public IReadOnlyList<double>? V4Windows { get; init; }

    /// <summary>Likewise of K1.</summary>
    public IReadOnlyList<double>? K1Windows { get; init; }

    /// <summary>The smallest width that is wide enough, see <see cref="Numeric.Comparison.WideEnough"/>.</summary>
    public double? WidthNeeded { get; init; }

    /// <summary>The last layer up to which the point's width is wide enough; null also where it is not at layer 0.</summary>
    public double? DepthHeld { get; init; }

    /// <summary>Why there are no numbers, or no exact ones; null where all are there.</summary>
    public string? Failure { get; init; }

    /// <summary>What is proved of the expectations that the numbers rest on: proved, estimate or none; null where there are no numbers.</summary>
    public string? Proof { get; init; }

    /// <summary>What is not proved, a sentence each.</summary>
    public IReadOnlyList<string>? Unproved { get; init; }
}
