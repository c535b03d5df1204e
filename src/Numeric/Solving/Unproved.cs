using System.Globalization;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Solving;

/// <summary>What is known of the errors of the expectations that a solution rests on.</summary>
public enum ProofStatus
{
    /// <summary>The error of every expectation is bounded by a proof.</summary>
    Proved,

    /// <summary>Some errors are estimates, from grids that agree, or exceed what the numbers need.</summary>
    Estimate,

    /// <summary>Sums over nodes, whose error nothing bounds or estimates.</summary>
    None,
}

/// <summary>A kind of number that a solution rests on and that nothing proves.</summary>
/// <param name="Subject">What it is, in the plural, with the kernel entry where it was met first: the Gaussian moments of relu(x) at K = 2.</param>
/// <param name="Obstacle">What a proof would need, and what stands in its way.</param>
public sealed record Unproved(string Subject, string Obstacle)
{
    /// <summary>False where not even an estimate of the error is known.</summary>
    internal bool HasError { get; init; } = true;

    /// <summary>True where grids that agree estimate the error.</summary>
    internal bool IsEstimated { get; init; }

    /// <summary>The sentence that stands beside the numbers.</summary>
    public override string ToString() => $"{char.ToUpperInvariant(Subject[0])}{Subject[1..]} are {(IsEstimated ? "estimated, " : "")}not proved: {Obstacle}";

    /// <summary>Moments that were summed on grids which agree.</summary>
    /// <param name="function">The function.</param>
    /// <param name="variance">K of its input.</param>
    /// <param name="reason">Why there is no proof, as a clause.</param>
    internal static Unproved Moments(ActivationDescription function, double variance, string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the Gaussian moments of {function.Name} at K = {variance:G6}"), reason) { IsEstimated = true };

    /// <summary>What was integrated in the plane.</summary>
    /// <param name="first">The function of the first input.</param>
    /// <param name="second">The function of the second.</param>
    /// <param name="kxx">K of the first input.</param>
    /// <param name="correlation">The correlation of the two.</param>
    /// <param name="kyy">K of the second input.</param>
    internal static Unproved Plane(ActivationDescription first, ActivationDescription second, double kxx, double correlation, double kyy) => new(
        string.Create(CultureInfo.InvariantCulture, $"the Gaussian moments of {first.Name} times {second.Name} at Kxx = {kxx:G6}, Kyy = {kyy:G6}, correlation {correlation:R}"),
        "Mehler's series, whose tail is bounded, has too many terms for inputs that nearly determine each other, and no rule in the plane that fits has a proof")
    {
        IsEstimated = true,
    };

    /// <summary>Sums over nodes.</summary>
    /// <param name="nodes">How many.</param>
    internal static Unproved Nodes(int nodes) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the sums over {nodes} Gauss-Hermite nodes"), "they know nothing of their error") { HasError = false };
}
