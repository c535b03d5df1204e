// hermite(accuracy): solve at k = 8, 16, 32, ..., until what the last order leaves out is small enough. With d = x(k) - x(k/2) and the d before it,
// r = |d / d before| is how fast the sequence falls per doubling of k, and d r/(1 - r) what is left out; r is never taken below the half (so
// that a fall that was quicker by chance is not trusted), nor above .7, beyond which the sequence counts as not converging. Half is added.
//   relative to sqrt(V4_pp V4_qq) for V4_pq, and to the largest |K1| for K1, at every record

using System.Globalization;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Chooses the order of a Hermite closure.</summary>
internal static class OrderChoice
{
    private const int FirstOrder = 8, LastOrder = 128;
    private const double QuickestRatio = 0.5, SlowestRatio = 0.7, Allowance = 1.5;

    /// <summary>Solves to an accuracy.</summary>
    /// <exception cref="ComputationException">The highest order leaves out more.</exception>
    public static TheorySolution Solve(TheoryProblem problem, double accuracy, Stepping stepping, ActivationDescription? activation, CancellationToken cancellation)
    {
        try
        {
            return SolveAll(problem, accuracy, stepping, activation, cancellation);
        }
        catch (ComputationException reason) when (reason.Finished is { } finished)
        {
            // What an order found before it stopped has not the accuracy asked for: that is another problem, of fewer layers.
            reason.Finished = Solve(problem with { Depth = finished.Layers[^1], RecordedLayers = finished.Layers }, accuracy, stepping, activation, cancellation);
            throw;
        }
    }

    private static TheorySolution SolveAll(TheoryProblem problem, double accuracy, Stepping stepping, ActivationDescription? activation, CancellationToken cancellation)
    {
        TheorySolution below = MomentSolver.Solve(problem, new HermiteModes(FirstOrder / 2), stepping, activation, cancellation);
        double change = double.NaN, left = double.PositiveInfinity;
        for (int order = FirstOrder; order <= LastOrder; order *= 2)
        {
            TheorySolution here = MomentSolver.Solve(problem, new HermiteModes(order), stepping, activation, cancellation);
            double before = change;
            change = Change(below, here);
            // The first change has nothing to be compared with.
            double ratio = double.IsNaN(before) ? SlowestRatio : before == 0 ? QuickestRatio : change / before;
            left = Allowance * change * Math.Clamp(ratio, QuickestRatio, SlowestRatio) / (1 - Math.Clamp(ratio, QuickestRatio, SlowestRatio));
            if (left <= accuracy && !(ratio > SlowestRatio && change > 1e-12))
                return here with { Truncation = new(order, left) };
            below = here;
        }

        throw new ComputationException(string.Create(CultureInfo.InvariantCulture, $"The Hermite modes up to order {LastOrder} leave out about {left:G2} of V4 and K1, more than the {accuracy:R} asked for; ask for a larger share, such as hermite({Math.Min(0.1, 10 * accuracy):G1}), or name an order, as in hermite({LastOrder})."));
    }

    private static double Change(TheorySolution one, TheorySolution other)
    {
        int pairs = PairIndexing.Count(one.Inputs);
        double largest = 0;
        for (int record = 0; record < one.V4.Count; record++)
        {
            double[] v = other.V4[record];
            for (int p = 0; p < pairs; p++)
            {
                for (int q = p; q < pairs; q++)
                {
                    int at = PairIndexing.Of(p, q, pairs);
                    double scale = Math.Sqrt(v[PairIndexing.Of(p, p, pairs)] * v[PairIndexing.Of(q, q, pairs)]), difference = Math.Abs(v[at] - one.V4[record][at]);
                    if (difference > 0) largest = Math.Max(largest, difference / scale);
                }
            }
        }

        double size = other.K1.Max(record => record.Max(Math.Abs));
        for (int record = 0; record < one.K1.Count && size > 0; record++)
        {
            for (int p = 0; p < pairs; p++) largest = Math.Max(largest, Math.Abs(other.K1[record][p] - one.K1[record][p]) / size);
        }

        return largest;
    }
}
