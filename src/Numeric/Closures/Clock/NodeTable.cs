using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Nodes of a trapezoid rule for the standard normal, and modes on them.</summary>
internal sealed class NodeTable
{
    private double[]? _products;

    /// <summary>Makes the tables.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="highest">k.</param>
    public NodeTable(NodeRule rule, int highest)
    {
        int half = (int)Math.Ceiling(rule.Range / rule.Step), count = (2 * half) + 1;
        (Count, Nodes) = (count, [.. Enumerable.Range(-half, count).Select(at => at * rule.Step)]);
        Table = new double[highest + 1][];
        WeightedRows = new double[(highest + 1) * count];
        for (int order = 0; order <= highest; order++)
        {
            double[] row = Table[order] = new double[count];
            for (int at = 0; at < count; at++)
            {
                row[at] = order == 0
                    ? Math.Sqrt(rule.Step * GaussianTails.Density(Nodes[at]))
                    : ((Nodes[at] * Table[order - 1][at]) - (order > 1 ? Math.Sqrt(order - 1.0) * Table[order - 2][at] : 0)) / Math.Sqrt(order);
                WeightedRows[(order * count) + at] = row[at] * Table[0][at];
            }
        }
    }

    /// <summary>The number of nodes.</summary>
    public int Count { get; }

    /// <summary>z.</summary>
    public double[] Nodes { get; }

    /// <summary>sqrt(w) he_j over the nodes, order by order.</summary>
    public double[][] Table { get; }

    /// <summary>w he_j over the nodes, one order after another.</summary>
    public double[] WeightedRows { get; }

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

    private double[] MakeProducts()
    {
        int size = Table.Length;
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
