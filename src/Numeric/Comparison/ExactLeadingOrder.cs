// The exact leading order in 1/n, as near as modes can bring it: hermite(k) tends to it as k grows. What order k leaves out is estimated
// from two lower orders k/4 and k/2 (ModeRemainder), component by component.

using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>hermite(k) of a high order, with an estimate of what it leaves out.</summary>
internal sealed class ExactLeadingOrder
{
    /// <summary>The order k if none is chosen.</summary>
    public const int DefaultOrder = 40;

    private readonly TheorySolution _quarter, _half;

    private ExactLeadingOrder(int order, TheorySolution quarter, TheorySolution half, TheorySolution whole)
    {
        (Order, _quarter, _half, Solution) = (order, quarter, half, whole);
        V4Remainder = Remainders(quarter.V4[^1], half.V4[^1], whole.V4[^1]);
        K1Remainder = Remainders(quarter.K1[^1], half.K1[^1], whole.K1[^1]);
    }

    /// <summary>k.</summary>
    public int Order { get; }

    /// <summary>The solution of hermite(k).</summary>
    public TheorySolution Solution { get; }

    /// <summary>Estimate of what is left out of V4 at the last record, upper triangle over pairs of pairs.</summary>
    public double[] V4Remainder { get; }

    /// <summary>Estimate of what is left out of K1 at the last record, over pairs.</summary>
    public double[] K1Remainder { get; }

    /// <summary>The solution of hermite(order) if it is one of the three that were solved, else null.</summary>
    public TheorySolution? SolutionOf(int order) => order == Order ? Solution : order == Order / 2 ? _half : order == Order / 4 ? _quarter : null;

    /// <summary>Solves hermite(k/4), hermite(k/2) and hermite(k).</summary>
    /// <param name="network">The network and its inputs; the cost grows as k^3 with two inputs and more.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="order">k, a multiple of 4 from 16 to 160.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is not such a number.</exception>
    public static ExactLeadingOrder Solve(Network network, SolverSettings settings, int order = DefaultOrder)
    {
        if (order is < 16 or > 160 || order % 4 != 0)
            throw new ArgumentOutOfRangeException(nameof(order), $"Order {order} cannot be checked against its half and quarter; use a multiple of 4 from 16 to 160.");
        TheorySolution At(int k) => ClosureSolver.Solve(network, new HermiteModes(k), settings);
        var solutions = new TheorySolution[3];
        Concurrently.Run(settings.Cancellation, [.. Enumerable.Range(0, 3).Select(part => (Action)(() => solutions[2 - part] = At(order >> part)))]);
        return new ExactLeadingOrder(order, solutions[0], solutions[1], solutions[2]);
    }

    private static double[] Remainders(double[] quarter, double[] half, double[] whole) =>
        [.. whole.Select((value, at) => ModeRemainder.Of(half[at] - quarter[at], value - half[at]))];
}
