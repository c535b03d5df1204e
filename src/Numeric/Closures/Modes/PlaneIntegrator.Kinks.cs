// Kinks in PlaneIntegrator. G is the sum of what its kinks are, J_m (y - c)_+^m / m! with J_m the jump of its m-th derivative at c, and of a
// smoother rest; the modes of the former are closed, with t = (c - L21 z1)/L22 and the density p:
//   Gq(z1) = sum_{m < r} J_m L22^m sqrt((q-m-1)!/q!) he_(q-m-1)(t) p(t) + the term of the rest, G^(r) the pointwise derivative, no less smooth than bounded.
// The outer rule has panels (PanelRule) that end at the kinks of F and have the width of the smoothed kinks of G where these are; the inner one has panels
// that end at the kinks of G wherever one is within reach of z1.

using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;

namespace SymbolicEft.Numeric.Closures.Modes;

internal sealed partial class PlaneIntegrator
{
    private readonly Kink[] _kinks = KinksOf(second);
    private readonly Lazy<double[][]> _jumps = new(() => [.. KinksOf(second).Select(kink => Enumerable.Range(0, HighestParts).Select(order => second.Jump(kink, order)).ToArray())]);
    private readonly PanelRule _outer = new(), _inner = new(), _whole = new();
    private double _narrowest, _widest, _widestInner;
    private int _nodes;

    partial void IntegratePieces(in PairFrame frame, int level, Span<double> coefficients, ref bool isDone)
    {
        isDone = true;
        _nodes = level switch { 0 => 12, 1 => 16, 2 => 24, _ => 32 };
        _widest = Math.ScaleB(1, Math.Min(0, 2 - level));
        (_narrowest, _widestInner) = (Math.ScaleB(0.25, -2 * level), (highest > 40 ? 1 : 2) * _widest);
        _reach.Build([], _range, 2 + Math.Max(0, level - 1));
        BuildOuter(frame);
        Integrate(frame, _outer.Nodes.AsSpan(0, _outer.Count), _outer.Weights, coefficients);
    }

    partial void ChoosePieces(in PairFrame frame, double mean, ref double[] nodes, ref double[] weights, ref int count)
    {
        if (IsWithinReach(frame, mean)) BuildInner(frame, mean);
        PanelRule? panels = _inner.Count > 0 ? _inner : _evenInner > 0 ? _whole : null;
        if (panels is not null) (nodes, weights, count) = (panels.Nodes, panels.Weights, panels.Count);
    }

    partial void AddJumps(in PairFrame frame, double mean)
    {
        for (var kink = 0; kink < _kinks.Length; kink++)
        {
            double t = (_kinks[kink].Position - mean) * frame.D, density = GaussianTails.Density(t);
            double[] jumps = _jumps.Value[kink];
            for (var m = 0; m < _parts && density > 0; m++)
            {
                if (jumps[m] == 0) continue;
                double before = 0, here = density * jumps[m] * Math.Pow(frame.L22, m);
                for (var q = m + 1; q <= highest; q++)
                {
                    double norm = 1;
                    for (var r = 0; r <= m; r++) norm *= _roots[q - r];
                    _innerSums[q] += here / norm / Math.Pow(frame.Complement, Math.Min(q, _parts));
                    int order = q - m - 1;
                    (before, here) = (here, ((t * here) - (_roots[order] * before)) / _roots[order + 1]);
                }
            }
        }
    }

    private void BuildOuter(in PairFrame frame)
    {
        double width = frame.L22 / Math.Abs(frame.L21);
        _outer.Start(_nodes);
        foreach ((double start, double end, bool isSmoothed) in Pieces(frame, width < _widest))
            _outer.Add(start, end, _narrowest, isSmoothed ? Math.Min(_widest, _widestInner * width) : _widest);
    }

    // The line of z1 between the kinks of F and, if they are to be resolved, the ends of what is within reach of those of G, which are smoothed there.
    private List<(double Start, double End, bool IsSmoothed)> Pieces(in PairFrame frame, bool resolved)
    {
        var edges = new SortedSet<double> { -_range, _range };
        var smoothed = new List<(double Start, double End)>();
        foreach (Kink kink in first.Kinks)
        {
            if (frame.L11 > 0) Cut(kink.Position / frame.L11);
        }

        foreach (Kink kink in _kinks)
        {
            if (frame.L21 == 0 || !resolved) continue;
            double centre = kink.Position / frame.L21, reach = _range * frame.L22 / Math.Abs(frame.L21);
            smoothed.Add((centre - reach, centre + reach));
            Cut(centre - reach);
            Cut(centre + reach);
        }

        double[] ends = [.. edges];
        return [.. ends.Zip(ends.Skip(1), (start, end) => (start, end, smoothed.Any(part => part.Start < 0.5 * (start + end) && 0.5 * (start + end) < part.End)))];

        void Cut(double at)
        {
            if (Math.Abs(at) < _range) edges.Add(at);
        }
    }

    private bool IsWithinReach(in PairFrame frame, double mean)
    {
        _inner.Start(_evenInner > 0 ? EllipseRule.Count : _nodes);
        foreach (Kink kink in _kinks)
        {
            if (Math.Abs(kink.Position - mean) * frame.D < _range) return true;
        }

        return false;
    }

    private void BuildInner(in PairFrame frame, double mean)
    {
        double start = -_range;
        foreach (Kink kink in _kinks)
        {
            double end = (kink.Position - mean) * frame.D;
            if (!(end > start && end < _range)) continue;
            Piece(start, end);
            start = end;
        }

        Piece(start, _range);

        void Piece(double from, double to)
        {
            if (_evenInner > 0) _inner.AddEven(from, to, _evenInner);
            else _inner.Add(from, to, 4 * _narrowest, _widestInner);
        }
    }

    private static Kink[] KinksOf(ActivationDescription function) =>
        [.. function.Kinks.GroupBy(kink => kink.Position, (position, kinks) => new Kink(position, kinks.Min(kink => kink.Order))).OrderBy(kink => kink.Position)];
}
