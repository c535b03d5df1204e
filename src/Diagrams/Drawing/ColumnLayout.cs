using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

// Layered layout (after Sugiyama).
//
// 1. Columns: external legs at the right; a vertex stands as many columns to the left as its longest path to a leg has
//    lines; cumulants of the initial state stand at the far left. A line over several columns gets a bend in each.
// 2. Order within the columns: start from the mean position of the neighbours to the right, then exchange neighbours as
//    long as that lowers (crossings, total height of the lines).
// 3. Heights: every node is drawn to the mean of its neighbours; within a column the order and the least distances are
//    kept, which is an isotonic regression (pool adjacent violators).

/// <summary>Places the vertices, legs and bends of a diagram.</summary>
internal sealed class ColumnLayout
{
    private const double NodeGap = 46;
    private const double BendGap = 30;
    private const double BowRoom = 12;
    private const int Starts = 24;
    private const int FewStarts = 6;

    private readonly List<Node> nodes = [];
    private readonly List<List<Node>> columns = [];

    // External legs keep the order of their labels; legs without labels are free.
    private readonly int firstFree;

    private ColumnLayout(Diagram diagram)
    {
        firstFree = diagram.LabelledExternals ? 1 : 0;
        int last = diagram.Layers.IsEmpty ? 0 : diagram.Layers.Max();
        bool initial = diagram.Vertices.Any(vertex => vertex.Origin == VertexOrigin.InitialTime);
        int lastOfDynamics = diagram.Layers.Where((_, i) => diagram.Vertices[i].Origin == VertexOrigin.Dynamics).DefaultIfEmpty(0).Max();
        if (initial) last = Math.Max(last, lastOfDynamics + 1);
        for (int column = 0; column <= last; column++) columns.Add([]);
        for (int leg = 0; leg < diagram.External; leg++) AddNode(0, isBend: false);
        for (int i = 0; i < diagram.Vertices.Length; i++)
            AddNode(diagram.Vertices[i].Origin == VertexOrigin.InitialTime ? last : diagram.Layers[i], isBend: false);

        foreach (IGrouping<(int, int), Edge> bundle in diagram.Edges.GroupBy(edge => (edge.From, edge.ToExternal ? edge.To : diagram.External + edge.To)))
        {
            Node earlier = nodes[diagram.External + bundle.Key.Item1];
            Node later = nodes[bundle.Key.Item2];
            var path = new List<Node> { earlier };
            for (int column = earlier.Column - 1; column > later.Column; column--) path.Add(AddNode(column, isBend: true));
            path.Add(later);
            for (int i = 1; i < path.Count; i++)
            {
                path[i - 1].Later.Add(path[i]);
                path[i - 1].LaterLines.Add(bundle.Sum(edge => edge.Count));
                path[i].Earlier.Add(path[i - 1]);
            }

            Bundles.Add(new Bundle(path, [.. bundle.SelectMany(edge => Enumerable.Repeat((edge.ResponseField, edge.KernelField), edge.Count))]));
        }

        // Room for the bows of bundles.
        foreach (Bundle bundle in Bundles.Where(bundle => bundle.Fields.Count > 1))
        {
            bundle.Path[0].Extent = BowRoom;
            if (bundle.Path[0].Later.Count > 1) bundle.Path[^1].Extent = BowRoom;
            foreach (Node bend in bundle.Path.Where(node => node.IsBend)) bend.Extent = BowRoom;
        }

        OrderColumns();
        SetHeights();
    }

    /// <summary>External legs, then vertices, as numbered in the diagram; bends behind them.</summary>
    internal IReadOnlyList<Node> Nodes => nodes;

    /// <summary>All lines between two nodes, with the bends on their way.</summary>
    internal List<Bundle> Bundles { get; } = [];

    internal int LastColumn => columns.Count - 1;

    internal static ColumnLayout Of(Diagram diagram) => new(diagram);

    private Node AddNode(int column, bool isBend)
    {
        var node = new Node(column, isBend) { Position = columns[column].Count };
        nodes.Add(node);
        columns[column].Add(node);
        return node;
    }

    // Exchanges find a local minimum; a fixed sequence of shuffled starts finds a better one.
    private void OrderColumns()
    {
        (int Crossings, double Height) best = default;
        int[]? positions = null;
        uint shuffle = 1;
        for (int start = 0; start < Starts && !(start >= FewStarts && best.Crossings == 0); start++)
        {
            for (int column = 1; column < columns.Count; column++)
            {
                if (start == 0) Sort(columns[column], node => node.Later.Average(other => (double)other.Position));
                else Sort(columns[column], _ => shuffle = (shuffle * 1664525) + 1013904223);
            }

            for (int sweep = 0; sweep < 4; sweep++)
            {
                for (int column = columns.Count - 1; column >= firstFree; column--)
                    Sort(columns[column], node => node.Later.Concat(node.Earlier).Average(other => (double)other.Position));
                for (int column = 1; column < columns.Count; column++)
                    Sort(columns[column], node => node.Later.Average(other => (double)other.Position));
            }

            ExchangeNeighbours();
            (int, double) cost = TotalCost();
            if (positions is not null && cost.CompareTo(best) >= 0) continue;
            best = cost;
            positions = [.. nodes.Select(node => node.Position)];
        }

        for (int i = 0; i < nodes.Count; i++) nodes[i].Position = positions![i];
        foreach (List<Node> column in columns) column.Sort((left, right) => left.Position.CompareTo(right.Position));
    }

    private void ExchangeNeighbours()
    {
        for (bool improved = true; improved;)
        {
            improved = false;
            for (int column = firstFree; column < columns.Count; column++)
            {
                for (int i = 0; i + 1 < columns[column].Count; i++)
                {
                    (int, double) before = Cost(column);
                    Exchange(columns[column], i);
                    if (Cost(column).CompareTo(before) < 0) improved = true;
                    else Exchange(columns[column], i);
                }
            }
        }
    }

    private (int Crossings, double Height) TotalCost()
    {
        int crossings = 0;
        double height = 0;
        for (int column = 1; column < columns.Count; column++)
        {
            (int Crossings, double Height) cost = CostToTheRight(column);
            crossings += cost.Crossings;
            height += cost.Height;
        }

        return (crossings, Math.Round(height, 6));
    }

    private static void Sort(List<Node> column, Func<Node, double> key)
    {
        Node[] sorted = [.. column.OrderBy(key)];
        for (int i = 0; i < sorted.Length; i++)
        {
            column[i] = sorted[i];
            sorted[i].Position = i;
        }
    }

    private static void Exchange(List<Node> column, int i)
    {
        (column[i], column[i + 1]) = (column[i + 1], column[i]);
        column[i].Position = i;
        column[i + 1].Position = i + 1;
    }

    // Crossings and total height of the lines at both sides of a column.
    private (int Crossings, double Height) Cost(int column)
    {
        (int crossings, double height) = column == 0 ? (0, 0) : CostToTheRight(column);
        if (column + 1 < columns.Count)
        {
            (int Crossings, double Height) left = CostToTheRight(column + 1);
            crossings += left.Crossings;
            height += left.Height;
        }

        return (crossings, Math.Round(height, 6));
    }

    // Positions count from the middle of a column.
    private (int Crossings, double Height) CostToTheRight(int column)
    {
        int crossings = 0;
        double height = 0;
        double shift = (columns[column].Count - columns[column - 1].Count) / 2.0;
        List<Node> nodesHere = columns[column];
        for (int i = 0; i < nodesHere.Count; i++)
        {
            for (int line = 0; line < nodesHere[i].Later.Count; line++)
            {
                Node later = nodesHere[i].Later[line];
                height += Math.Abs(i - later.Position - shift);
                for (int j = 0; j < i; j++)
                {
                    // A line that crosses a bundle crosses all its lines.
                    for (int above = 0; above < nodesHere[j].Later.Count; above++)
                    {
                        if (nodesHere[j].Later[above].Position > later.Position) crossings += nodesHere[i].LaterLines[line] * nodesHere[j].LaterLines[above];
                    }
                }
            }
        }

        return (crossings, height);
    }

    private void SetHeights()
    {
        foreach (List<Node> column in columns) Settle(column, node => node.Position * NodeGap);
        for (int sweep = 0; sweep < 60; sweep++)
        {
            foreach (List<Node> column in sweep % 2 == 0 ? columns : columns.AsEnumerable().Reverse())
                Settle(column, node => node.Later.Concat(node.Earlier).DefaultIfEmpty(node).Average(other => other.Y));
        }
    }

    // Wanted heights, moved as little as possible so that neighbours keep their distance.
    private static void Settle(List<Node> column, Func<Node, double> wanted)
    {
        var offset = new double[column.Count];
        var blocks = new List<(double Sum, int Count)>();
        for (int i = 0; i < column.Count; i++)
        {
            if (i > 0) offset[i] = offset[i - 1] + Gap(column[i - 1], column[i]);
            blocks.Add((wanted(column[i]) - offset[i], 1));
            while (blocks.Count > 1 && blocks[^1].Sum / blocks[^1].Count < blocks[^2].Sum / blocks[^2].Count)
            {
                (double sum, int count) = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (blocks[^1].Sum + sum, blocks[^1].Count + count);
            }
        }

        int index = 0;
        foreach ((double sum, int count) in blocks)
        {
            for (int i = 0; i < count; i++, index++) column[index].Y = (sum / count) + offset[index];
        }
    }

    private static double Gap(Node above, Node below) =>
        (above.IsBend || below.IsBend ? BendGap : NodeGap) + above.Extent + below.Extent;

    /// <summary>A leg, a vertex, or a bend of a line that passes a column.</summary>
    internal sealed class Node(int column, bool isBend)
    {
        internal int Column { get; } = column;

        internal bool IsBend { get; } = isBend;

        internal List<Node> Later { get; } = [];

        /// <summary>For each of <see cref="Later"/> how many lines lead there.</summary>
        internal List<int> LaterLines { get; } = [];

        internal List<Node> Earlier { get; } = [];

        internal int Position { get; set; }

        internal double Y { get; set; }

        internal double Extent { get; set; }
    }

    /// <summary>All lines between two nodes: their common path, earlier end first, and the fields of each.</summary>
    internal sealed record Bundle(List<Node> Path, List<(int Response, int Kernel)> Fields);
}
