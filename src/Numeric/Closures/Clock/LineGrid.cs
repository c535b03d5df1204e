// Products of functions of one neuron, taken point by point, and their modes. A rule for the standard normal z, x = sqrt(K) z, with the table
// sqrt(w) he_j(z), bounded at every j: as far out as the highest mode reaches, 2 sqrt(k), and until f^3 is nothing against the density; fine enough for
// products of two modes and three functions. Analytic f: the trapezoid rule, whose step is halved until integrals agree. Kinks: Gauss-Legendre panels between them.
//   Where f' jumps, f'' has a delta function: a node of its own, at which all products without f'' are 0.
//   Even f: the nodes z >= 0, with twice the weight; odd modes vanish, and nothing odd is integrated.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Nodes, and modes on them, for one input.</summary>
internal sealed class LineGrid
{
    private const int PanelNodes = 16;

    private readonly double[] _cuts;
    private readonly double _range, _step;
    private readonly bool _moves;
    private readonly PanelRule? _panels;
    private double _kernel = double.NaN;

    /// <summary>Prepares a rule.</summary>
    /// <param name="modes">The number of modes, 0 included.</param>
    /// <param name="kinks">Where f is not analytic, in x.</param>
    /// <param name="jumps">Where f' jumps, in x.</param>
    /// <param name="isEven">Whether f is even.</param>
    /// <param name="range">It covers [-range, range] in z.</param>
    /// <param name="step">Distance of nodes, or width of panels.</param>
    public LineGrid(int modes, double[] kinks, double[] jumps, bool isEven, double range, double step)
    {
        (Modes, IsEven, _range, _step) = (modes, isEven, range, step);
        _cuts = isEven ? [.. kinks.Where(kink => kink > 0)] : kinks;
        Jumps = isEven ? [.. jumps.Where(jump => jump > 0)] : jumps;
        _moves = _cuts.Any(cut => cut != 0) || Jumps.Length > 0;
        _panels = kinks.Length > 0 ? new PanelRule() : null;
        Table = [];
    }

    /// <summary>The number of modes, 0 included.</summary>
    public int Modes { get; }

    /// <summary>Whether f is even: the nodes are z >= 0.</summary>
    public bool IsEven { get; }

    /// <summary>Where f' jumps, in x; of an even f those at x > 0.</summary>
    public double[] Jumps { get; }

    /// <summary>The number of nodes, those at jumps included, which come last.</summary>
    public int Count { get; private set; }

    /// <summary>z.</summary>
    public double[] Nodes { get; private set; } = [];

    /// <summary>sqrt(w), the density in w; the root of the density at a jump.</summary>
    public double[] Roots { get; private set; } = [];

    /// <summary>sqrt(w) he_j over the nodes, mode by mode.</summary>
    public double[][] Table { get; private set; }

    /// <summary>Makes the rule serve a kernel.</summary>
    /// <param name="kernel">K.</param>
    public void Use(double kernel)
    {
        if (kernel == _kernel || (!double.IsNaN(_kernel) && !_moves))
            return;
        _kernel = kernel;
        double deviation = Math.Sqrt(kernel), start = IsEven ? 0 : -_range, times = IsEven ? 2 : 1;
        var nodes = new List<(double Node, double Root)>();
        if (_panels is null)
        {
            int last = (int)Math.Ceiling(_range / _step);
            for (int at = IsEven ? 0 : -last; at <= last; at++)
                nodes.Add((at * _step, Math.Sqrt((at == 0 ? 1 : times) * _step * GaussianTails.Density(at * _step))));
        }
        else
        {
            double[] ends = [start, .. _cuts.Select(cut => cut / deviation).Where(cut => Math.Abs(cut) < _range).Order(), _range];
            _panels.Start(PanelNodes);
            for (int piece = 0; piece + 1 < ends.Length; piece++)
                _panels.AddEven(ends[piece], ends[piece + 1], _step);
            for (int at = 0; at < _panels.Count; at++)
                nodes.Add((_panels.Nodes[at], Math.Sqrt(times * _panels.Weights[at])));
        }

        nodes.AddRange(Jumps.Select(jump => (jump / deviation, Math.Sqrt(times * GaussianTails.Density(jump / deviation)))));
        Count = nodes.Count;
        Nodes = [.. nodes.Select(each => each.Node)];
        Roots = [.. nodes.Select(each => each.Root)];
        Table = new double[Modes][];
        for (int mode = 0; mode < Modes; mode++)
        {
            double[] row = Table[mode] = new double[Count];
            for (int at = 0; at < Count; at++)
            {
                row[at] = mode == 0
                    ? Roots[at]
                    : ((Nodes[at] * Table[mode - 1][at]) - (mode > 1 ? Math.Sqrt(mode - 1.0) * Table[mode - 2][at] : 0)) / Math.Sqrt(mode);
            }
        }
    }
}
