using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Modes;

/// <summary>
/// A symmetric quadrature rule for the standard normal, stored for z at least 0, and the table of sqrt(w) he_p(z) on it: with
/// fe = f(z) + f(-z) and fo = f(z) - f(-z), E[f he_p] is the sum of w he_p fe for even p and of w he_p fo for odd p.
/// </summary>
internal sealed class LineRule
{
    private const double SmallestWeight = 1e-280;

    private readonly double[][] _functions;

    private LineRule(double[] nodes, double[] weights, int orders)
    {
        Nodes = nodes;
        Roots = [.. weights.Select(Math.Sqrt)];
        _functions = new double[orders][];
        // Two steps of the recursion he_{p+1} = (z he_p - sqrt(p) he_{p-1})/sqrt(p+1) are kept in the rows themselves.
        for (var p = 0; p < orders; p++)
        {
            double[] row = _functions[p] = new double[nodes.Length];
            for (var n = 0; n < row.Length; n++)
            {
                row[n] = p == 0
                    ? Roots[n]
                    : ((nodes[n] * _functions[p - 1][n]) - (p > 1 ? Math.Sqrt(p - 1.0) * _functions[p - 2][n] : 0)) / Math.Sqrt(p);
            }
        }
    }

    /// <summary>Nodes in standard units.</summary>
    public double[] Nodes { get; }

    /// <summary>Square roots of the weights, Gaussian density included.</summary>
    public double[] Roots { get; }

    /// <summary>sqrt(w) he_p over the nodes.</summary>
    public double[] Function(int order) => _functions[order];

    /// <summary>The rule of the nodes z >= 0 and weights of f(z) + f(-z), density included, that are given.</summary>
    public static LineRule Of(IEnumerable<(double Node, double Weight)> nodes, int orders)
    {
        (double Node, double Weight)[] kept = [.. nodes.Where(node => node.Weight > SmallestWeight)];
        return new([.. kept.Select(node => node.Node)], [.. kept.Select(node => node.Weight)], orders);
    }

    /// <summary>The trapezoid rule of step 2^-level on [-range, range], or a double-exponential rule split at the cuts and their mirror images.</summary>
    public static LineRule Make(ReadOnlySpan<double> cuts, int range, int level, int orders)
    {
        var mirrored = new double[2 * cuts.Length];
        for (var n = 0; n < cuts.Length; n++) (mirrored[2 * n], mirrored[(2 * n) + 1]) = (cuts[n], -cuts[n]);
        var rule = new SplitRule();
        rule.Build(mirrored, range, level);

        // Beyond the smallest weight a square root can carry nothing is left to sum; z = 0 occurs in f(z) and in f(-z).
        int[] kept = [.. Enumerable.Range(0, rule.Count).Where(n => rule.Nodes[n] >= 0 && rule.Weights[n] > SmallestWeight)];
        return new LineRule([.. kept.Select(n => rule.Nodes[n])], [.. kept.Select(n => rule.Nodes[n] == 0 ? 0.5 * rule.Weights[n] : rule.Weights[n])], orders);
    }
}
