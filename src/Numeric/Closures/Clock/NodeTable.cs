using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Nodes and weights for the standard normal, and modes on them.</summary>
internal sealed class NodeTable
{
    private double[]? _products;
    private double[][]? _roots;

    /// <summary>Makes the table.</summary>
    /// <param name="nodes">z.</param>
    /// <param name="weights">The weights, with the density.</param>
    /// <param name="highest">The highest mode.</param>
    public NodeTable(double[] nodes, double[] weights, int highest)
    {
        (Nodes, Highest, WeightedRows) = (nodes, highest, new double[(highest + 1) * nodes.Length]);
        weights.CopyTo(WeightedRows, 0);
        int count = Count;
        for (int order = 1; order <= highest; order++)
        {
            double root = Math.Sqrt(order), before = Math.Sqrt(order - 1.0);
            Span<double> row = WeightedRows.AsSpan(order * count, count), last = WeightedRows.AsSpan((order - 1) * count, count), second = order > 1 ? WeightedRows.AsSpan((order - 2) * count, count) : last;
            for (int at = 0; at < count; at++)
                row[at] = ((nodes[at] * last[at]) - (order > 1 ? before * second[at] : 0)) / root;
        }
    }

    /// <summary>A trapezoid rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="highest">The highest mode.</param>
    /// <param name="half">The half above 0 alone, with twice the weight.</param>
    public static NodeTable Even(NodeRule rule, int highest, bool half = false)
    {
        int last = (int)Math.Ceiling(rule.Range / rule.Step), first = half ? 0 : -last;
        double[] nodes = [.. Enumerable.Range(first, last - first + 1).Select(at => at * rule.Step)];
        return new(nodes, [.. nodes.Select(node => (half && node > 0 ? 2 : 1) * rule.Step * GaussianTails.Density(node))], highest);
    }

    /// <summary>The number of nodes.</summary>
    public int Count => Nodes.Length;

    /// <summary>The highest mode.</summary>
    public int Highest { get; }

    /// <summary>z.</summary>
    public double[] Nodes { get; }

    /// <summary>w he_j over the nodes, one order after another.</summary>
    public double[] WeightedRows { get; }

    /// <summary>sqrt(w) he_j over the nodes, order by order.</summary>
    public double[][] Table => _roots ??= MakeRoots();

    /// <summary>w he_i he_j over the nodes, i after i, in each j up to i.</summary>
    public double[] Products => _products ??= MakeProducts();

    /// <summary>E[he_i F he_j], row by row.</summary>
    /// <param name="function">F on the nodes.</param>
    /// <param name="matrix">Receives the matrix.</param>
    public void Matrix(ReadOnlySpan<double> function, double[] matrix)
    {
        var row = new double[Count];
        for (int first = 0; first < Table.Length; first++)
        {
            for (int at = 0; at < Count; at++)
                row[at] = function[at] * Table[first][at];
            for (int second = first; second < Table.Length; second++)
                matrix[(first * Table.Length) + second] = matrix[(second * Table.Length) + first] = VectorSums.Dot(row, Table[second]);
        }
    }

    private double[][] MakeRoots()
    {
        var rows = new double[Highest + 1][];
        for (int order = 0; order <= Highest; order++)
        {
            double[] row = rows[order] = new double[Count];
            for (int at = 0; at < Count; at++)
            {
                row[at] = order == 0
                    ? Math.Sqrt(WeightedRows[at])
                    : ((Nodes[at] * rows[order - 1][at]) - (order > 1 ? Math.Sqrt(order - 1.0) * rows[order - 2][at] : 0)) / Math.Sqrt(order);
            }
        }

        return rows;
    }

    private double[] MakeProducts()
    {
        int size = Highest + 1;
        var products = new double[size * size * Count];
        for (int one = 0; one < size; one++)
        {
            for (int other = 0; other <= one; other++)
            {
                for (int at = 0; at < Count; at++)
                    products[(((one * size) + other) * Count) + at] = Table[one][at] * Table[other][at];
            }
        }

        return products;
    }
}
