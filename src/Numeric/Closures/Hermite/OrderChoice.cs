// hermite(accuracy): solve at k = 8, 16, 32, ..., until what the last order leaves out is small enough: by its bound (ModeBounds); or where there is none (depth
// time, programs of layers), or none that the last order could reach as bounds fall (kinks), by an estimate (ModeRemainder)
//   relative to sqrt(V4_pp V4_qq) for V4_pq, and to the largest |K1| for K1, at every record

using System.Globalization;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Chooses the order of a Hermite closure.</summary>
internal static class OrderChoice
{
    private const int FirstOrder = 8, LastOrder = 128;
    private const double QuickestRatio = 0.5;

    /// <summary>Solves to an accuracy.</summary>
    /// <exception cref="ComputationException">The highest order leaves out more.</exception>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="accuracy">The share of V4 and K1 that may be left out.</param>
    /// <param name="solve">Solves a network with modes up to an order.</param>
    public static TheorySolution Solve(Network network, double accuracy, Func<Network, HermiteModes, TheorySolution> solve)
    {
        try
        {
            return SolveAll(network, accuracy, solve);
        }
        catch (ComputationException reason) when (reason.Finished is { } finished)
        {
            // What an order found before it stopped has not the accuracy asked for: that is another network, of fewer layers.
            reason.Finished = Solve(network with { Depth = finished.Layers[^1], RecordedLayers = finished.Layers }, accuracy, solve);
            throw;
        }
    }

    private static TheorySolution SolveAll(Network network, double accuracy, Func<Network, HermiteModes, TheorySolution> solve)
    {
        TheorySolution below = solve(network, new HermiteModes(FirstOrder / 2));
        double change = double.NaN, left = double.PositiveInfinity, bound = double.PositiveInfinity;
        for (int order = FirstOrder; order <= LastOrder; order *= 2)
        {
            TheorySolution here = solve(network, new HermiteModes(order));
            double before = change;
            bool isBounded = here.Tensors.TryGetValue(BoundedEquations.OfMean, out IReadOnlyList<double[]>? ofMean);
            double wasBound = bound;
            bound = isBounded ? Share(here, here.Tensors[BoundedEquations.OfCovariance], ofMean!) : double.PositiveInfinity;
            if (bound <= accuracy)
                return here with { Truncation = new(order, bound) { IsBound = true } };
            change = Change(below, here);
            left = ModeRemainder.Of(before, change, QuickestRatio);
            bool falls = double.IsNaN(before) || before == 0 || change / before <= ModeRemainder.SlowestRatio;
            bool isOutOfReach = !isBounded || order == LastOrder || (double.IsFinite(wasBound) && bound * Math.Pow(bound / wasBound, Math.Log2((double)LastOrder / order)) > accuracy);
            if (isOutOfReach && left <= accuracy && (falls || change <= 1e-12))
                return here with { Truncation = new(order, left) };
            below = here;
        }

        // One digit, rounded up: what is advised is reached.
        double unit = Math.Pow(10, Math.Floor(Math.Log10(left))), share = Math.Ceiling(left / unit) * unit;
        string larger = share < 1 ? string.Create(CultureInfo.InvariantCulture, $"ask for a larger share, such as hermite({share:G1}), or ") : "";
        throw new ComputationException(string.Create(CultureInfo.InvariantCulture, $"The Hermite modes up to order {LastOrder} leave out about {left:G2} of V4 and K1, more than the {accuracy:R} asked for; {larger}name an order, as in hermite({LastOrder})."));
    }

    private static double Change(TheorySolution one, TheorySolution other)
    {
        static double[][] Differences(IReadOnlyList<double[]> left, IReadOnlyList<double[]> right) => [.. left.Zip(right, (x, y) => x.Zip(y, (a, b) => Math.Abs(b - a)).ToArray())];
        return Share(other, Differences(one.V4, other.V4), Differences(one.K1, other.K1));
    }

    // The largest of errors of V4 and K1, relative to sqrt(V4_pp V4_qq) and the largest K1.
    private static double Share(TheorySolution solution, IReadOnlyList<double[]> ofCovariance, IReadOnlyList<double[]> ofMean)
    {
        int pairs = PairIndexing.Count(solution.Inputs);
        double largest = 0;
        for (int record = 0; record < solution.V4.Count; record++)
        {
            double[] v = solution.V4[record];
            for (int p = 0; p < pairs; p++)
            {
                for (int q = p; q < pairs; q++)
                {
                    int at = PairIndexing.Of(p, q, pairs);
                    double scale = Math.Sqrt(v[PairIndexing.Of(p, p, pairs)] * v[PairIndexing.Of(q, q, pairs)]), difference = ofCovariance[record][at];
                    if (difference > 0) largest = Math.Max(largest, difference / scale);
                }
            }
        }

        double size = solution.K1.Max(record => record.Max(Math.Abs));
        for (int record = 0; record < solution.K1.Count && size > 0; record++)
        {
            for (int p = 0; p < pairs; p++) largest = Math.Max(largest, ofMean[record][p] / size);
        }

        return largest;
    }
}
