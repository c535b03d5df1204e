// How wrong can Gauss-Legendre panels be? For all variances of an interval at once, of F(z) = f(sqrt(K) z) he_p(z) he_q(z) phi(z), f a function
// with kinks or jumps, or a product of two.
//   Panels are intervals of a coordinate c >= 0 and their mirror images, x = S c and z = Z c. Where all kinks are at 0 the coordinate is z and S = sqrt(K), so
//   that one table of nodes serves all variances; otherwise, and where that fails, it is x and Z = 1/sqrt(K): a kink or a peak of f stays where it is
//   among the panels, whatever the variance.
//   On a panel no function meets a kink (KinkSides, at all variances), and the rule of 20 points is off by at most that of EllipseRule for |F| <= M on its ellipse:
//   f from its enclosure on a rectangle about it, continued from the branch of the panel, which proves that it is analytic there; he_p by
//   Mehler's formula (StripProof). The smallest of a few ellipses counts. A panel that leaves too much is halved.
//   A kink is enclosed: what is said of it only tells where to look, and outside of the interval that bisection leaves no function meets one. In that
//   interval nothing is summed; its length times |F| counts.
//   Beyond the last panel f is bounded by how fast it can grow (Growth), he_p by Mehler's formula, he_q by Cramer's inequality.

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Finds panels whose errors are proved to be small enough for a range of variances.</summary>
internal sealed class PanelProof
{
    private const int MostPanels = 2000, MostTries = 4, MostBisections = 2000;
    private const double TailShare = 0.25;

    private static readonly double[] Ellipses = [2, 3, 4.5, 6];
    private static readonly int[] Ranges = [10, 12, 14, 17, 20, 24, 28, 33, 37];

    private readonly EnclosureProgram[] _programs;
    private readonly KinkSides[] _sides;
    private readonly Symbol _variable;
    private readonly Interval _deviation, _scaleX, _scaleZ;
    private readonly Interval[] _kinks;
    private readonly bool _inX;

    private PanelProof(IReadOnlyList<Expression> functions, Symbol variable, Interval variances, IReadOnlyList<double> kinks, bool inX)
    {
        _variable = variable;
        _programs = [.. functions.Select(function => EnclosureProgram.Of(DeltaFunctions.LeaveOut(function), variable))];
        _sides = [.. _programs.Select(program => new KinkSides(program, variable))];
        _deviation = variances.SquareRoot();
        _inX = inX;
        (_scaleX, _scaleZ) = _inX ? (Interval.At(1), _deviation.Inverse()) : (_deviation, Interval.At(1));
        _kinks = [.. kinks.Distinct().Select(Enclose)];
    }

    /// <summary>The panels, with bounds of what they leave; null, with the reason, if nothing is proved.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="variable">Their variable.</param>
    /// <param name="kinks">Where they are believed to have kinks; nothing depends on its being true.</param>
    /// <param name="variances">The variances.</param>
    /// <param name="error">The largest relative error of bounds; additive in panels, but for a maximum.</param>
    /// <param name="target">What it may be.</param>
    /// <param name="orders">How many rows a table over the nodes has.</param>
    /// <param name="reason">What stood in the way, as a clause.</param>
    public static PanelBounds? Find(IReadOnlyList<Expression> functions, Symbol variable, IReadOnlyList<double> kinks, Interval variances, Func<PanelBounds, double> error, double target, int orders, out string reason)
    {
        reason = "";
        foreach (bool inX in kinks.Any(kink => kink != 0) ? [true] : new[] { false, true })
        {
            if (new PanelProof(functions, variable, variances, kinks, inX).Find(error, target, orders, out reason) is { } found) return found;
        }

        return null;
    }

    private PanelBounds? Find(Func<PanelBounds, double> error, double target, int orders, out string reason)
    {
        reason = "how fast it grows is not known, or too fast for double precision";
        int found = Array.FindIndex(Ranges, range => error(new([], Tail(range), Layout)) <= TailShare * target);
        if (found < 0) return null;
        PanelTail tail = Tail(Ranges[found])!;
        double allowed = target / 16;
        for (int again = 0; again < MostTries; again++, allowed /= 16)
        {
            if (Divide(Ranges[found] / _scaleZ.Low, panel => error(new([panel], null, Layout)) <= allowed, orders, out reason) is not { } panels) return null;
            var bounds = new PanelBounds(panels, tail, Layout);
            double whole = error(bounds);
            if (whole <= target) return bounds;
            reason = FormattableString.Invariant($"what is left of it is proved to be at most {whole:E1} of its size, with a target of {target:E1}");
        }

        return null;
    }

    private PanelLayout Layout => new(_programs.Length, _inX, _scaleZ.High);

    // Where the kink is that is believed to be here: outside of the interval, up to a distance far larger than the error of a root, there is none.
    private Interval Enclose(double kink)
    {
        if (kink == 0) return Interval.At(0);
        double reach = 1e-9 * Math.Abs(kink);
        var open = new Stack<Interval>();
        Interval? found = null;
        Look(new(kink - reach, kink + reach));
        for (int bisections = 0; open.TryPop(out Interval piece); bisections++)
        {
            // Where the argument only touches 0 all doubles around may be zeros.
            if (bisections > MostBisections) return open.Aggregate((found ?? piece).And(piece), (all, rest) => all.And(rest));
            double middle = piece.Middle;
            if (!(piece.Low < middle && middle < piece.High))
            {
                Keep(piece);
                continue;
            }

            // If it is inside neither half it is where they meet.
            bool right = Look(new(middle, piece.High)), left = Look(new(piece.Low, middle));
            if (!left && !right) Keep(Interval.At(middle));
        }

        return found ?? Interval.At(kink);

        bool Look(Interval piece)
        {
            if (!Meets(piece)) return false;
            open.Push(piece);
            return true;
        }

        void Keep(Interval piece) => found = found is { } known ? known.And(piece) : piece;
    }

    private bool Meets(Interval x)
    {
        foreach (KinkSides sides in _sides)
        {
            if (!sides.Settle(x)) return true;
        }

        return false;
    }

    // From 0 to the end, cut at the kinks and their mirror images, and halved as long as a panel is not good enough.
    private List<ProvenPanel>? Divide(double end, Func<ProvenPanel, bool> isGood, int orders, out string reason)
    {
        var open = new Stack<(double Start, double End, bool IsKink)>();
        double at = 0;
        var pieces = new List<(double, double, bool)>();
        foreach (Interval kink in _kinks.Select(kink => kink.Low < 0 ? -kink : kink).OrderBy(kink => kink.Low).ThenBy(kink => kink.High))
        {
            if (kink.Low >= end) break;
            if (kink.Low > at) pieces.Add((at, kink.Low, false));
            double start = Math.Max(at, kink.Low);
            if (kink.High > start) pieces.Add((start, kink.High, true));
            at = Math.Max(at, kink.High);
        }

        pieces.Add((at, Math.Max(end, Math.BitIncrement(at)), false));
        foreach ((double, double, bool) piece in Enumerable.Reverse(pieces)) open.Push(piece);
        var panels = new List<ProvenPanel>();
        while (open.TryPop(out (double Start, double End, bool IsKink) piece))
        {
            ProvenPanel panel = piece.IsKink ? Gap(piece.Start, piece.End) : Bound(piece.Start, piece.End);
            if (piece.IsKink || isGood(panel))
            {
                panels.Add(panel);
                continue;
            }

            double middle = 0.5 * (piece.Start + piece.End);
            reason = FormattableString.Invariant($"it is not known to be smooth on both sides of x = {(middle * _scaleX).Middle:G6}, or varies too fast there");
            if (!(piece.End - piece.Start > 1e-11 * end) || panels.Count + open.Count > MostPanels || (panels.Count + open.Count) * (double)EllipseRule.Count * orders > 1 << 23) return null;
            open.Push((middle, piece.End, false));
            open.Push((piece.Start, middle, false));
        }

        reason = "";
        return panels;
    }

    private ProvenPanel Bound(double start, double end)
    {
        double half = 0.5 * (end - start) * (1 + 1e-12);
        var bounds = new List<PanelBound>();
        foreach (double rho in Ellipses)
        {
            double[][] sizes = new double[2][];
            ComplexBox z = _scaleZ * EllipseRule.Rectangle(start, end, rho);
            for (int side = 0; side < 2; side++) sizes[side] = Sizes(side == 0 ? new(start, end) : new(-end, -start), rho);
            if (sizes.All(side => side.All(double.IsFinite))) bounds.Add(new(EllipseRule.FactorOf(rho) * half, z.Real.Smallest, z.Imaginary.Size, sizes));
        }

        return new(start, end, false, [.. bounds]);
    }

    private double[] Sizes(Interval piece, double rho)
    {
        double[] sizes = new double[_programs.Length];
        for (int k = 0; k < sizes.Length; k++)
        {
            sizes[k] = _sides[k].Settle(_scaleX * piece) ? _programs[k].Continued(_scaleX * EllipseRule.Rectangle(piece.Low, piece.High, rho)).Size : double.PositiveInfinity;
        }

        return sizes;
    }

    private ProvenPanel Gap(double start, double end)
    {
        double[] Values(Interval piece) => [.. _programs.Select(program => program.Range(_scaleX * piece).Size)];
        return new(start, end, true, [new(Interval.SumUp(end, -start), (_scaleZ * new Interval(start, end)).Smallest, 0, [Values(new(start, end)), Values(new(-end, -start))])]);
    }

    private PanelTail? Tail(double range)
    {
        var growths = new Growth[2][];
        for (int side = 0; side < 2; side++)
        {
            growths[side] = new Growth[_programs.Length];
            for (int k = 0; k < _programs.Length; k++)
            {
                if (Growth.Of(_programs[k], [_deviation * (side == 0 ? new(range, double.PositiveInfinity) : new Interval(double.NegativeInfinity, -range))], [(_variable, Growth.OfVariable(_deviation.High))], range) is not { } growth)
                    return new(range, null);
                growths[side][k] = growth;
            }
        }

        return new(range, growths);
    }
}

/// <summary>A bound of the error on a panel: the factor of |F|, where |z| is smallest, how far from the axis it is, and |f_k| on either side.</summary>
internal sealed record PanelBound(double Factor, double Nearest, double Height, double[][] Sizes);

/// <summary>A panel and its mirror image; nothing is summed where a kink is.</summary>
internal sealed record ProvenPanel(double Start, double End, bool IsKink, PanelBound[] Bounds);

/// <summary>How the functions grow from a range on, on either side; null where that is not known.</summary>
internal sealed record PanelTail(double Range, Growth[][]? Growths);

/// <summary>What all panels of a proof have in common.</summary>
/// <param name="Functions">Number of functions.</param>
/// <param name="InX">True if the coordinate is x, false if it is z.</param>
/// <param name="Scale">The largest dz/dc.</param>
internal readonly record struct PanelLayout(int Functions, bool InX, double Scale);

/// <summary>Panels, and bounds of the errors of sums over them.</summary>
internal sealed class PanelBounds(IReadOnlyList<ProvenPanel> panels, PanelTail? tail, PanelLayout layout)
{
    private List<(double Node, double Weight)>? _nodes;

    /// <summary>True if one rule in z serves all variances.</summary>
    public bool IsCommon => !layout.InX;

    /// <summary>The end of the last panel, in standard units at the largest variance.</summary>
    public double Range => tail?.Range ?? 0;

    /// <summary>A bound of the error of E[f_i he_p he_q]; it grows with p and q.</summary>
    public double Coefficient(int i, int p, int q = 0) => Error(i, -1, p, q);

    /// <summary>A bound of the error of E[f_i f_j he_q]; it grows with q.</summary>
    public double Product(int i, int j, int q = 0) => Error(i, j, 0, q);

    /// <summary>Nodes z >= 0 in ascending order at a variance, and weights of f(z) + f(-z) without the density.</summary>
    public List<(double Node, double Weight)> Nodes(double variance)
    {
        _nodes ??= [.. panels.Where(panel => !panel.IsKink).SelectMany(NodesOf)];
        if (IsCommon) return _nodes;
        double scale = 1 / Math.Sqrt(variance);
        return [.. _nodes.Select(node => (scale * node.Node, scale * node.Weight))];
    }

    private static IEnumerable<(double, double)> NodesOf(ProvenPanel panel)
    {
        double middle = (0.5 * panel.Start) + (0.5 * panel.End), half = 0.5 * (panel.End - panel.Start);
        return Enumerable.Range(0, EllipseRule.Count).Select(n => (Math.FusedMultiplyAdd(half, EllipseRule.Nodes[n].Middle, middle), half * EllipseRule.Weights[n].Middle));
    }

    private double Error(int i, int j, int p, int q)
    {
        double sum = 0;
        foreach (ProvenPanel panel in panels)
        {
            double best = double.PositiveInfinity;
            foreach (PanelBound bound in panel.Bounds)
            {
                double size = 0;
                foreach (double[] side in bound.Sizes) size += side[i] * (j < 0 ? 1 : side[j]);
                double error = size == 0 ? 0 : bound.Factor * layout.Scale * size * Weight(p, q, bound.Nearest, bound.Height);
                if (error < best) best = error;
            }

            sum += best;
        }

        return (sum + (tail is null ? 0 : Beyond(i, j, p, q))) * StripProof.Slack;
    }

    // |he_p he_q phi| at a distance from the axis, |Re z| not below the nearest: the bounds of he_p grow at most like e^(x^2/4), so that the product falls with x.
    private static double Weight(int p, int q, double nearest, double height) =>
        StripProof.InverseRootTwoPi * Math.Exp((0.5 * ((height * height) - (nearest * nearest))) + Exponent(p, nearest * nearest, height * height) + Exponent(q, nearest * nearest, height * height));

    // The logarithm of the smallest bound of |he_p|.
    private static double Exponent(int order, double x2, double y2)
    {
        if (order == 0) return 0;
        double best = y2 == 0 ? Math.Log(StripProof.CramerFactor) + (0.25 * x2) : double.PositiveInfinity;
        for (int r = 1; r < StripProof.Radii.Length; r++)
        {
            double radius = StripProof.Radii[r];
            best = Math.Min(best, (-0.5 * order * Logarithms[r]) - HalfPowers[r] + (y2 * 0.5 * radius / (1 - radius)) + (StripProof.Spread(radius) * x2));
        }

        return best;
    }

    // ln r and ln(1 - r^2)/4 of Mehler's formula.
    private static readonly double[] Logarithms = [.. StripProof.Radii.Select(radius => Math.Log(radius))];
    private static readonly double[] HalfPowers = [.. StripProof.Radii.Select(radius => 0.25 * Math.Log(1 - (radius * radius)))];

    // The integral beyond the last panel.
    private double Beyond(int i, int j, int p, int q)
    {
        if (tail!.Growths is null) return double.PositiveInfinity;
        double best = double.PositiveInfinity;
        for (int r = p > 0 ? 1 : 0; r < (p > 0 ? StripProof.Radii.Length : 1); r++)
        {
            for (int t = q > 0 ? 1 : 0; t < (q > 0 ? StripProof.Radii.Length : 1); t++)
            {
                double sum = 0, spread = StripProof.Spread(StripProof.Radii[r]) + StripProof.Spread(StripProof.Radii[t]);
                foreach (Growth[] side in tail.Growths)
                {
                    Growth one = side[i], two = j < 0 ? new(0, 0, 0, 0) : side[j];
                    sum += new Growth(one.Constant + two.Constant, one.Power + two.Power, one.Linear + two.Linear, one.Quadratic + two.Quadratic + spread).GaussianTail(tail.Range);
                }

                if (sum >= 0) best = Math.Min(best, StripProof.Mehler(p, StripProof.Radii[r], 0) * StripProof.Mehler(q, StripProof.Radii[t], 0) * sum);
            }
        }

        return best;
    }
}
