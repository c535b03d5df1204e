using System.Collections.Concurrent;

namespace SymbolicEft.Numeric.Expectations;

// Two families of grids.
//
// Trapezoid: z = k h, h = 2^-level. For an integrand analytic in |Im z| < d the error falls like exp(-2 pi d / h).
//
// Double exponential: the half-line is split at the kinks (mirrored, so that the grid stays symmetric). A piece [a, b] is
// mapped by z = (a+b)/2 + (b-a)/2 tanh(pi/2 sinh t), the last one by z = a + exp(t - exp(-t)), and t gets the trapezoid
// rule: end-point singularities are pushed to infinity and convergence is again geometric.

/// <summary>Makes and keeps quadrature grids.</summary>
internal static class HermiteGrids
{
    private static readonly ConcurrentDictionary<(int Range, int Level, bool Incommensurate), Lazy<HermiteGrid>> Trapezoids = new();

    private static readonly ConcurrentDictionary<(int Range, int Level, bool Incommensurate), Lazy<HermiteGrid>> SplitAtZero = new();

    /// <summary>The trapezoid grid of step 2^-level, or that over the golden ratio, on [-range, range].</summary>
    public static HermiteGrid Trapezoid(int range, int level, bool incommensurate) =>
        Trapezoids.GetOrAdd((range, level, incommensurate), static key => new Lazy<HermiteGrid>(() => MakeTrapezoid(key.Range, key.Level, key.Incommensurate))).Value;

    /// <summary>The grid split at the points +-kinks (standard units, z >= 0) and at zero.</summary>
    public static HermiteGrid Split(ReadOnlySpan<double> kinks, int range, int level, bool incommensurate)
    {
        var inside = new SortedSet<double>();
        foreach (var kink in kinks)
        {
            var position = Math.Abs(kink);
            if (position > 0 && position < range) inside.Add(position);
        }

        if (inside.Count == 0)
            return SplitAtZero.GetOrAdd((range, level, incommensurate), static key => new Lazy<HermiteGrid>(() => MakeSplit([], key.Range, key.Level, key.Incommensurate))).Value;
        return MakeSplit([.. inside], range, level, incommensurate);
    }

    private static double Step(int level, bool incommensurate) =>
        Math.ScaleB(incommensurate ? 0.6180339887498949 : 1.0, -level);

    private static HermiteGrid MakeTrapezoid(int range, int level, bool incommensurate)
    {
        var coarse = new List<(double, double)>();
        var fine = new List<(double, double)>();
        var step = Step(level, incommensurate);
        var last = (int)Math.Floor(range / step);
        for (var k = 0; k <= last; k++)
        {
            // z = 0 appears in f(z) and in f(-z).
            var weight = k == 0 ? 0.5 * step : step;
            (k % 2 == 0 ? coarse : fine).Add((k * step, weight));
        }

        return new HermiteGrid(coarse, fine, range);
    }

    private static HermiteGrid MakeSplit(double[] kinks, int range, int level, bool incommensurate)
    {
        var coarse = new List<(double, double)>();
        var fine = new List<(double, double)>();
        var start = 0.0;
        foreach (var end in kinks)
        {
            AddPiece(PieceMap.Finite(start, end), Step(level, incommensurate), coarse, fine);
            start = end;
        }

        AddPiece(PieceMap.HalfLine(start, range), Step(level, incommensurate), coarse, fine);
        return new HermiteGrid(coarse, fine, range);
    }

    private static void AddPiece(PieceMap map, double step, List<(double, double)> coarse, List<(double, double)> fine)
    {
        var first = (int)Math.Ceiling(map.LowestParameter / step);
        var last = (int)Math.Floor(map.HighestParameter / step);
        for (var k = first; k <= last; k++)
        {
            var (node, jacobian) = map.At(k * step);
            if (jacobian > 0) ((k & 1) == 0 ? coarse : fine).Add((node, jacobian * step));
        }
    }
}
