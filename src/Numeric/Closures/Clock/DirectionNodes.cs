// Where the functions of several inputs are integrated along one direction of x = Root z, those before it given. Analytic sigma: a trapezoid rule, the same
// whatever is given. Kinks: Gauss-Legendre panels that end where an input of this direction meets a kink. An input of later directions sees the kink through
// the Gaussian of what is left of it, a smooth step: towards its middle panels become as narrow as the step.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Makes nodes, direction by direction.</summary>
/// <param name="sigma">The activation.</param>
internal sealed class DirectionNodes(ActivationDescription sigma)
{
    // So many nodes of a panel resolve what a Gaussian step does within its deviation.
    private const double NodesPerDeviation = 4;

    private readonly double[] _kinks = [.. sigma.Kinks.Select(kink => kink.Position)];
    private readonly PanelRule _panels = new();
    private readonly Dictionary<(NodeRule Rule, int Highest, bool Half), NodeTable> _tables = [];

    /// <summary>Whether sigma has kinks.</summary>
    public bool HasKinks => _kinks.Length > 0;

    /// <summary>A direction of a frame, those before it given.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="level">The number of the direction, from 1.</param>
    /// <param name="centres">What the directions before make of each input.</param>
    /// <param name="rule">The rule, for panels their widest and the range.</param>
    /// <param name="highest">The highest mode.</param>
    /// <param name="half">The half above 0 alone, with twice the weight.</param>
    public NodeTable At(InputFrame frame, int level, ReadOnlySpan<double> centres, NodeRule rule, int highest, bool half = false)
    {
        if (!HasKinks)
        {
            if (!_tables.TryGetValue((rule, highest, half), out NodeTable? table))
                _tables.Add((rule, highest, half), table = NodeTable.Even(rule, highest, half));
            return table;
        }

        double start = half ? 0 : -rule.Range;
        var ends = new List<double> { start, rule.Range };
        double narrowest = rule.Step;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            double slope = frame.Root[input, level - 1];
            if (slope == 0 || frame.Levels[input] < level)
                continue;
            double left = 0;
            for (int axis = level; axis < frame.Rank; axis++)
                left += frame.Root[input, axis] * frame.Root[input, axis];
            double width = rule.PanelNodes / NodesPerDeviation * Math.Sqrt(left) / Math.Abs(slope);
            if (left > 0 && width >= rule.Step)
                continue;
            if (left > 0)
                narrowest = Math.Min(narrowest, width);
            foreach (double kink in _kinks)
            {
                double place = (kink - centres[input]) / slope;
                if (place > start && place < rule.Range)
                    ends.Add(place);
            }
        }

        ends.Sort();
        _panels.Start(rule.PanelNodes);
        for (int piece = 0; piece + 1 < ends.Count; piece++)
            _panels.Add(ends[piece], ends[piece + 1], narrowest, rule.Step);
        double[] weights = _panels.Weights[.._panels.Count];
        for (int at = 0; half && at < weights.Length; at++)
            weights[at] *= 2;
        return new(_panels.Nodes[.._panels.Count], weights, highest);
    }
}
