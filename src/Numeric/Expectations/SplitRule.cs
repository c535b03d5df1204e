namespace SymbolicEft.Numeric.Expectations;

// Quadrature against the standard Gaussian on [-T, T]. Without breakpoints: the trapezoid rule of step 2^-level. With them:
// a double-exponential rule of the same step on each piece (PieceMap). Nodes of the coarse rule, of twice the step, come
// first; its weights are twice the ones stored.

/// <summary>Workspace: nodes and weights (Gaussian density included) of a one-dimensional rule split at breakpoints.</summary>
internal sealed partial class SplitRule
{
    private const double Merge = 1e-14;
    private const double InverseRootTwoPi = 0.39894228040143267794;

    private double[] _cuts = new double[8];
    private double[] _fineNodes = new double[64];
    private double[] _fineWeights = new double[64];

    public double[] Nodes { get; private set; } = new double[64];

    public double[] Weights { get; private set; } = new double[64];

    public int Count { get; private set; }

    public int CoarseCount { get; private set; }

    /// <summary>Makes the rule of step 2^-level. Breakpoints outside (-T, T) are ignored; order does not matter.</summary>
    public void Build(ReadOnlySpan<double> breakpoints, double range, int level) => BuildWithStep(breakpoints, range, Math.ScaleB(1.0, -level));

    /// <summary>Makes the rule of any step.</summary>
    public void BuildWithStep(ReadOnlySpan<double> breakpoints, double range, double step)
    {
        IsSinglePoint = false;
        Count = 0;
        var fine = 0;
        var cuts = Cuts(breakpoints, range);
        if (cuts.Length == 0)
        {
            var last = (int)Math.Round(range / step);
            for (var k = -last; k <= last; k++) Add(k, k * step, step, ref fine);
        }
        else
        {
            AddPieces(cuts, range, step, ref fine);
        }

        CoarseCount = Count;
        Reserve(Count + fine);
        _fineNodes.AsSpan(0, fine).CopyTo(Nodes.AsSpan(Count));
        _fineWeights.AsSpan(0, fine).CopyTo(Weights.AsSpan(Count));
        Count += fine;
    }

    /// <summary>True for the rule of a Gaussian of no width.</summary>
    public bool IsSinglePoint { get; private set; }

    /// <summary>The rule for a Gaussian of no width: the node 0 with weight 1.</summary>
    public void SinglePoint()
    {
        IsSinglePoint = true;
        Count = CoarseCount = 1;
        Nodes[0] = 0;
        Weights[0] = 1;
    }

    private ReadOnlySpan<double> Cuts(ReadOnlySpan<double> breakpoints, double range)
    {
        if (_cuts.Length < breakpoints.Length) _cuts = new double[breakpoints.Length];
        var count = 0;
        foreach (var point in breakpoints)
        {
            if (Math.Abs(point) < range) _cuts[count++] = point;
        }

        var cuts = _cuts.AsSpan(0, count);
        cuts.Sort();
        var kept = 0;
        for (var n = 0; n < count; n++)
        {
            if (kept == 0 || cuts[n] - cuts[kept - 1] > Merge) cuts[kept++] = cuts[n];
        }

        return cuts[..kept];
    }

    // The double-exponential rules between the cuts; a program without kinks does without.
    partial void AddPieces(ReadOnlySpan<double> cuts, double range, double step, ref int fine);

    private void Add(int parity, double node, double weight, ref int fine)
    {
        weight *= InverseRootTwoPi * Math.Exp(-0.5 * node * node);
        if (weight == 0) return;
        if ((parity & 1) == 0)
        {
            Reserve(Count + 1);
            Nodes[Count] = node;
            Weights[Count++] = weight;
            return;
        }

        if (fine == _fineNodes.Length)
        {
            Array.Resize(ref _fineNodes, 2 * fine);
            Array.Resize(ref _fineWeights, 2 * fine);
        }

        _fineNodes[fine] = node;
        _fineWeights[fine++] = weight;
    }

    private void Reserve(int count)
    {
        if (count <= Nodes.Length) return;
        var nodes = Nodes;
        var weights = Weights;
        Array.Resize(ref nodes, Math.Max(count, 2 * nodes.Length));
        Array.Resize(ref weights, nodes.Length);
        Nodes = nodes;
        Weights = weights;
    }
}
