using MathNet.Numerics.Integration;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Modes;

/// <summary>
/// Workspace: nodes and weights, Gaussian density included, of Gauss-Legendre rules on panels that become narrower towards the ends of a
/// piece. Each piece is one analytic branch of the integrand, whose nearest singularities are most often those behind a kink.
/// </summary>
internal sealed class PanelRule
{
    private GaussLegendreRule _rule = new(-1, 1, 16);

    /// <summary>Nodes in standard units; the first <see cref="Count"/> count.</summary>
    public double[] Nodes { get; private set; } = new double[256];

    /// <summary>Their weights.</summary>
    public double[] Weights { get; private set; } = new double[256];

    /// <summary>The number of nodes.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a rule with so many nodes a panel.</summary>
    public void Start(int nodesPerPanel)
    {
        if (_rule.Order != nodesPerPanel) _rule = new(-1, 1, nodesPerPanel);
        Count = 0;
    }

    /// <summary>Adds a piece: panels of the narrowest width at both ends, each twice as wide as the one before, up to the widest.</summary>
    public void Add(double start, double end, double narrowest, double widest)
    {
        double fromStart = Math.Min(narrowest, widest), fromEnd = fromStart;
        while (start < end)
        {
            double rest = end - start, next = Math.Min(fromStart, fromEnd);
            if (rest <= 1.5 * next)
            {
                Panel(start, end);
                return;
            }

            if (fromStart <= fromEnd)
            {
                Panel(start, start + next);
                (start, fromStart) = (start + next, Math.Min(2 * fromStart, widest));
            }
            else
            {
                Panel(end - next, end);
                (end, fromEnd) = (end - next, Math.Min(2 * fromEnd, widest));
            }
        }
    }

    /// <summary>Adds a piece: panels of equal width, no wider than the widest.</summary>
    public void AddEven(double start, double end, double widest)
    {
        int count = (int)Math.Ceiling((end - start) / widest);
        for (int panel = 0; panel < count; panel++)
            Panel(start + ((end - start) * panel / count), start + ((end - start) * (panel + 1) / count));
    }

    private void Panel(double start, double end)
    {
        double centre = 0.5 * (start + end), half = 0.5 * (end - start);
        if (Nodes.Length < Count + _rule.Order)
        {
            double[] nodes = Nodes, weights = Weights;
            Array.Resize(ref nodes, 2 * (Count + _rule.Order));
            Array.Resize(ref weights, nodes.Length);
            (Nodes, Weights) = (nodes, weights);
        }

        for (var n = 0; n < _rule.Order; n++)
        {
            double node = centre + (half * _rule.GetAbscissa(n));
            Nodes[Count] = node;
            Weights[Count++] = half * _rule.GetWeight(n) * GaussianTails.Density(node);
        }
    }
}
