using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Modes;

/// <summary>A quadrature rule for the standard normal on the line, and the table of sqrt(w) he_p(z) on it.</summary>
internal sealed class LineRule
{
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

    /// <summary>The trapezoid rule of step 2^-level on [-range, range], or a double-exponential rule split at the cuts.</summary>
    public static LineRule Make(ReadOnlySpan<double> cuts, int range, int level, int orders)
    {
        var rule = new SplitRule();
        rule.Build(cuts, range, level);
        // Beyond the smallest weight a square root can carry nothing is left to sum.
        int[] kept = [.. Enumerable.Range(0, rule.Count).Where(n => rule.Weights[n] > 1e-280)];
        return new LineRule([.. kept.Select(n => rule.Nodes[n])], [.. kept.Select(n => rule.Weights[n])], orders);
    }
}
