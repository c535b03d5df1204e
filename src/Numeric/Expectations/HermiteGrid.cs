using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Expectations;

// A symmetric quadrature grid in standard units z, and the table of w_k he_p(z_k) on it.
//
// 1. Only nodes z >= 0 are stored: with even and odd parts of the integrand, fe(z) = f(z) + f(-z), fo(z) = f(z) - f(-z),
//    E[f he_p] = sum_k w_k he_p(z_k) (fe or fo)(z_k) for even or odd p.
// 2. Every second node of the underlying trapezoid rule comes first ("coarse"), so that one pass yields both the sum
//    over the full grid and, doubled, the sum over the coarse grid; their difference is a check of the result.
// 3. he_p is orthonormal, he_{p+1} = (z he_p - sqrt(p) he_{p-1}) / sqrt(p+1). The table is built once, in double-double,
//    and shared by every kernel: x = sqrt(K) z moves the nodes, not the Hermite polynomials.

/// <summary>Quadrature nodes in standard units with their weights and orthonormal Hermite polynomials.</summary>
internal sealed class HermiteGrid
{
    /// <summary>The highest number of Hermite orders any table holds.</summary>
    public const int MaximumOrders = 1024;

    private readonly Lock _extension = new();
    private readonly double[] _rootWeights;
    private double[][] _rows = [];

    /// <summary>Creates a grid from its nodes z >= 0.</summary>
    /// <param name="coarse">Nodes and trapezoid weights of the coarse half, the Gaussian density not included.</param>
    /// <param name="fine">The same for the nodes in between.</param>
    /// <param name="range">Where the grid ends.</param>
    /// <param name="hasRoundedNodes">True if the nodes are not exactly those of the rule.</param>
    /// <param name="kinks">Positions between which differences are slopes.</param>
    public HermiteGrid(List<(double Node, double Weight)> coarse, List<(double Node, double Weight)> fine, double range, bool hasRoundedNodes = false, params ReadOnlySpan<double> kinks)
    {
        Range = range;
        HasRoundedNodes = hasRoundedNodes;
        CoarseCount = RoundUp(coarse.Count);
        Count = CoarseCount + RoundUp(fine.Count);
        Nodes = new double[Count];
        Weights = new double[Count];
        _rootWeights = new double[Count];
        CoarseNodeCount = coarse.Count;
        Place(coarse, 0);
        Place(fine, CoarseCount);
        InverseCoarseSteps = new double[CoarseCount];
        for (var n = 0; n + 1 < CoarseNodeCount; n++)
        {
            // Neighbours closer than 1e-9 sit at a kink, where a difference is no slope.
            var step = Nodes[n + 1] - Nodes[n];
            InverseCoarseSteps[n] = step > 1e-9 ? 1 / step : 0;
            foreach (var kink in kinks)
            {
                if (Nodes[n] <= Math.Abs(kink) && Math.Abs(kink) <= Nodes[n + 1]) InverseCoarseSteps[n] = 0;
            }
        }
    }

    /// <summary>Nodes z >= 0: coarse, padding, fine, padding. Padding repeats a node with weight 0.</summary>
    public double[] Nodes { get; }

    /// <summary>Weights of f(z) + f(-z), Gaussian density included.</summary>
    public double[] Weights { get; }

    /// <summary>The grid covers [-Range, Range].</summary>
    public double Range { get; }

    /// <summary>True if the nodes are not exactly those of the rule.</summary>
    public bool HasRoundedNodes { get; }

    /// <summary>Number of stored nodes, padding included.</summary>
    public int Count { get; }

    /// <summary>Where the fine nodes begin.</summary>
    public int CoarseCount { get; }

    /// <summary>Number of coarse nodes, padding not included; they are in ascending order.</summary>
    public int CoarseNodeCount { get; }

    /// <summary>1 / (z_{n+1} - z_n) over the coarse nodes.</summary>
    public double[] InverseCoarseSteps { get; }

    /// <summary>w_k he_p(z_k) over the nodes. <see cref="EnsureOrders"/> must have been called.</summary>
    public double[] Row(int order) => Volatile.Read(ref _rows)[order];

    /// <summary>Makes rows 0..<paramref name="orders"/>-1 available.</summary>
    public void EnsureOrders(int orders)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orders, MaximumOrders);
        if (Volatile.Read(ref _rows).Length >= orders) return;
        lock (_extension)
        {
            if (_rows.Length < orders) Volatile.Write(ref _rows, Tabulate(Math.Max(orders, 64)));
        }
    }

    private double[][] Tabulate(int orders)
    {
        var rows = new double[orders][];
        for (var p = 0; p < orders; p++) rows[p] = new double[Count];
        var roots = new DoubleDouble[orders + 1];
        var inverses = new DoubleDouble[orders + 1];
        for (var p = 0; p <= orders; p++)
        {
            roots[p] = DoubleDouble.Sqrt(p);
            if (p > 0) inverses[p] = (DoubleDouble)1.0 / roots[p];
        }

        // Half of the Gaussian before the recursion and half after it: he_p grows like exp(z^2/4), and the whole density
        // would underflow at the far end of wide grids. Four nodes at a time.
        for (var k = 0; k < Count; k += 4)
        {
            var z = Vector256.Create(Nodes.AsSpan(k, 4));
            var half = Vector256.Create(_rootWeights.AsSpan(k, 4));
            var positive = Vector256.GreaterThan(half, Vector256<double>.Zero);
            var after = Vector256.ConditionalSelect(positive, Vector256.Create(Weights.AsSpan(k, 4)) / half, Vector256<double>.Zero);
            var (previousHigh, previousLow) = (Vector256<double>.Zero, Vector256<double>.Zero);
            var (high, low) = (half, Vector256<double>.Zero);
            for (var p = 0; p < orders; p++)
            {
                ((high + low) * after).CopyTo(rows[p].AsSpan(k, 4));
                var (risenHigh, risenLow) = Multiply(high, low, z, Vector256<double>.Zero);
                var (fallenHigh, fallenLow) = Multiply(previousHigh, previousLow, -Vector256.Create(roots[p].High), -Vector256.Create(roots[p].Low));
                var (sumHigh, sumLow) = Add(risenHigh, risenLow, fallenHigh, fallenLow);
                (previousHigh, previousLow) = (high, low);
                (high, low) = Multiply(sumHigh, sumLow, Vector256.Create(inverses[p + 1].High), Vector256.Create(inverses[p + 1].Low));
            }
        }

        return rows;
    }

    /// <summary>The product of double-doubles, as in <see cref="DoubleDouble"/>, four at a time.</summary>
    private static (Vector256<double> High, Vector256<double> Low) Multiply(Vector256<double> aHigh, Vector256<double> aLow, Vector256<double> bHigh, Vector256<double> bLow)
    {
        var product = aHigh * bHigh;
        var error = Vector256.FusedMultiplyAdd(aHigh, bHigh, -product) + (aHigh * bLow + aLow * bHigh);
        var sum = product + error;
        return (sum, error - (sum - product));
    }

    /// <summary>The sum of double-doubles, four at a time.</summary>
    private static (Vector256<double> High, Vector256<double> Low) Add(Vector256<double> aHigh, Vector256<double> aLow, Vector256<double> bHigh, Vector256<double> bLow)
    {
        var total = aHigh + bHigh;
        var part = total - aHigh;
        var error = aHigh - (total - part) + (bHigh - part) + aLow + bLow;
        var sum = total + error;
        return (sum, error - (sum - total));
    }

    private void Place(List<(double Node, double Weight)> nodes, int start)
    {
        const double inverseRootTwoPi = 0.39894228040143267794;
        for (var n = 0; n < nodes.Count; n++)
        {
            var (z, weight) = nodes[n];
            var half = Math.Exp(-0.25 * z * z);
            Nodes[start + n] = z;
            _rootWeights[start + n] = half;
            Weights[start + n] = half * half * weight * inverseRootTwoPi;
        }

        for (var n = nodes.Count; n < RoundUp(nodes.Count); n++) Nodes[start + n] = nodes[0].Node;
    }

    /// <summary>The longest chain of additions in <see cref="VectorSums.Dot"/>, for rounding bounds.</summary>
    public int AdditionDepth => Count / 8 + 8;

    private static int RoundUp(int count) => (count + 3) / 4 * 4;
}
