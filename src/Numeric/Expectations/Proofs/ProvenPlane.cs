// E[f(x, y)] with a bound that is proved: x = s z, y = c z + t w for standard normal z and w, first over w, then over z.
// Every kink lies on a line (KinkLines), for given z at w = a + b z. On a panel of z that no vertical line and no crossing of lines meets,
// the order of the lines is fixed, and the inner integral is the sum of integrals between neighbouring lines,
//   G(z) = sum_k int_0^1 F_k(z, w_k + u (w_k+1 - w_k)) (w_k+1 - w_k) du,   w_0 = -R, ..., w_m = R,
// F_k = f phi(w) continued from the piece. This form is analytic in z and u together, so that one bound serves twice:
//   the inner rule  z real in the panel, u in the ellipse of a panel of [0, 1]: the Gauss-Legendre rule in u holds for all z at once;
//   the outer rule  z in the ellipse, u real: |G| is at most the sum of the bounds over the panels of u.
// Panels that do not fulfil both are halved; what is thin enough counts as an interval. The tails are bounded by Growth.

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Proves Gaussian expectations in two variables. An instance is for one thread.</summary>
internal sealed class ProvenPlane
{
    private const double TailShare = 1e-17;
    private const double RuleShare = 1e-17;
    private const double NegligibleShare = 1e-17;
    private const double WidestInner = 1;

    // How far beyond the square panels may reach, to where lines of kinks leave it.
    private const double Margin = 2;
    private const int MostEvaluations = 5_000_000;
    private const int MostInnerPanels = 4000;

    private readonly Symbol[] _variables;
    private readonly Expression _expression;
    private readonly EnclosureProgram _program;
    private readonly Interval _deviation;
    private readonly Interval _slope;
    private readonly Interval _complement;
    private readonly Interval[] _arguments = new Interval[2];
    private readonly ComplexBox[] _boxes = new ComplexBox[2];

    private double _mass;
    private long _evaluations;

    /// <summary>Prepares a proof.</summary>
    /// <param name="expression">f.</param>
    /// <param name="x">The first variable.</param>
    /// <param name="y">The second.</param>
    /// <param name="kxx">Its variance, positive.</param>
    /// <param name="kxy">The covariance.</param>
    /// <param name="determinant">Kxx Kyy - Kxy^2, positive.</param>
    public ProvenPlane(Expression expression, Symbol x, Symbol y, double kxx, double kxy, Interval determinant)
    {
        (_expression, _variables) = (expression, [x, y]);
        _program = EnclosureProgram.Of(expression, x, y);
        _deviation = Interval.At(kxx).SquareRoot();
        _slope = Interval.At(kxy) * _deviation.Inverse();
        _complement = (determinant * Interval.At(kxx).Inverse()).SquareRoot();
    }

    /// <summary>The expectation with its bound and an estimate of E|f|; null, with the reason, if nothing is proved.</summary>
    public LineSample? Integrate(out string reason)
    {
        double sampled = Mass();
        return ProofTolerance.Refine(sampled > 0 ? sampled : 1e-6 * Enumerable.Range(-12, 24).Sum(z => (GaussianDensity.Of(new(z, z + 1)) * Interval.At(InnerSize(new(z, z + 1), 12))).High), Once, out reason);
    }

    private LineSample? Once(double mass, out string reason)
    {
        (_mass, _evaluations) = (mass, 0);
        if (Reach(out double range, out double tail, out reason) is not true) return null;
        double yReach = Interval.Up((_slope.Size * range) + (_complement.High * (range + Margin)), 4);
        List<EnclosedLine> lines = KinkLines.Find(_expression, _variables[0], _variables[1], _deviation.High * range, yReach);
        var (borders, fixedCuts) = Borders(lines, range);
        reason = "two of its kinks lie on lines that are too close to tell apart";
        if (fixedCuts.Any(cut => !cut.IsBounded)) return null;
        var sum = new BallSum();
        sum.AddError(tail);
        double magnitude = 0;
        var open = new Stack<(double Start, double End)>();
        double[] edges = Edges(range, fixedCuts);
        for (int at = edges.Length - 1; at > 0; at--) open.Push((edges[at - 1], edges[at]));
        while (open.TryPop(out (double Start, double End) panel))
        {
            reason = $"more than {MostEvaluations} values are needed";
            if (_evaluations++ > MostEvaluations) return null;
            var z = new Interval(panel.Start, panel.End);
            double width = Interval.Up(panel.End - panel.Start, 1), thin = width * GaussianDensity.Of(z).High;
            double middle = (0.5 * panel.Start) + (0.5 * panel.End);
            bool divisible = panel.Start < middle && middle < panel.End;
            if ((thin <= 1e-14 || !divisible) && thin * InnerSize(z, range) is var size && (size <= NegligibleShare * _mass || !divisible))
            {
                reason = FormattableString.Invariant($"it is not bounded near {_variables[0]} = {_deviation.Middle * middle:G6}");
                if (!double.IsFinite(size)) return null;
                sum.AddError(size);
                continue;
            }

            if (!fixedCuts.Any(cut => cut.High > panel.Start && cut.Low < panel.End) && Panel(panel, borders, range, ref sum) is { } part)
            {
                _mass = Math.Max(_mass, magnitude += part);
                continue;
            }

            open.Push((middle, panel.End));
            open.Push((panel.Start, middle));
        }

        reason = "";
        return new LineSample(sum.Value, sum.Bound, magnitude, 0);
    }

    // A line of kinks in (z, w): w = Constant + Slope z.
    private readonly record struct Border(Interval Constant, Interval Slope)
    {
        public Interval At(Interval z) => Constant + (Slope * z);

        public ComplexBox At(ComplexBox z) => ComplexBox.At(Constant) + (Slope * z);
    }

    private (List<Border> Borders, List<Interval> Cuts) Borders(List<EnclosedLine> lines, double range)
    {
        var borders = new List<Border>();
        var cuts = new List<Interval>();
        foreach (EnclosedLine line in lines.Distinct())
        {
            Interval alongZ = (line.X * _deviation) + (line.Y * _slope), alongW = line.Y * _complement;
            if (alongW.Size == 0) cuts.Add(-line.Constant * alongZ.Inverse());
            else borders.Add(new(-line.Constant * alongW.Inverse(), -alongZ * alongW.Inverse()));
        }

        for (int n = 0; n < borders.Count; n++)
        {
            for (int m = 0; m < n; m++)
            {
                Interval slopes = borders[n].Slope - borders[m].Slope, constants = borders[m].Constant - borders[n].Constant;

                // Parallel lines do not cross; lines that are nearly one have no crossing that could be located.
                if (slopes.Contains(0) && !constants.Contains(0) && slopes.Size * range < constants.Smallest) continue;
                cuts.Add(constants * slopes.Inverse());
            }
        }

        return (borders, cuts);
    }

    private static double[] Edges(double range, List<Interval> cuts)
    {
        var edges = new SortedSet<double>();
        for (double edge = -range; edge < range; edge++) edges.Add(edge);
        edges.Add(range);
        foreach (Interval cut in cuts)
        {
            if (cut.IsBounded && cut.Size < range && cut.High - cut.Low < 1e-10) edges.UnionWith([cut.Low, cut.High]);
        }

        return [.. edges];
    }

    // One panel of z by both rules; null if it has to be halved.
    private double? Panel((double Start, double End) panel, List<Border> borders, double range, ref BallSum sum)
    {
        var z = new Interval(panel.Start, panel.End);
        ComplexBox ellipse = EllipseRule.Rectangle(panel.Start, panel.End);

        // Lines that come nowhere near are left out; none of the others crosses another inside the panel.
        List<Border> ordered;
        double reach = range, before;
        do
        {
            before = reach;
            ordered = [.. borders.Where(border => border.At(z) is var w && w.High > -before && w.Low < before)];
            if (ordered.Any(border => border.At(z) is var w && w.High - w.Low > 4)) return null;
            reach = ordered.Select(border => border.At(z).Size + 0.5).Append(before).Max();
        }
        while (reach > before);
        if (reach > range + Margin) return null;
        ordered.Sort((one, other) => one.At(Interval.At(z.Middle)).Middle.CompareTo(other.At(Interval.At(z.Middle)).Middle));
        ordered.Insert(0, new(Interval.At(-reach), Interval.At(0)));
        ordered.Add(new(Interval.At(reach), Interval.At(0)));
        var inner = new List<(int Piece, double Start, double End, int[] Sides)>();
        double size = 0, allowedInner = RuleShare * _mass, density = GaussianDensity.Of(z).High * (panel.End - panel.Start), outerDensity = GaussianDensity.Bound(ellipse);
        double outerAllowed = RuleShare * _mass / (EllipseRule.Factor * 0.5 * (panel.End - panel.Start));
        var error = 0.0;
        for (int piece = 0; piece + 1 < ordered.Count; piece++)
        {
            Border from = ordered[piece], to = ordered[piece + 1];
            if (Sides(z.Middle, from, to) is not { } sides) return null;
            double length = (to.At(Interval.At(z.Middle)) - from.At(Interval.At(z.Middle))).Size;
            int parts = Math.Max(1, (int)Math.Ceiling(length / WidestInner));
            var open = new Stack<(double Start, double End)>();
            for (int part = parts - 1; part >= 0; part--) open.Push(((double)part / parts, (part + 1.0) / parts));
            while (open.TryPop(out (double Start, double End) u))
            {
                double half = 0.5 * (u.End - u.Start) * (1 + 1e-12);
                double rule = EllipseRule.Factor * half * Bound(ComplexBox.At(z), EllipseRule.Rectangle(u.Start, u.End), from, to, sides);
                double alongOuter = 2 * half * Bound(ellipse, ComplexBox.At(new Interval(u.Start, u.End)), from, to, sides);
                if (rule * density <= allowedInner && size + alongOuter is var total && outerDensity * total <= outerAllowed)
                {
                    inner.Add((piece, u.Start, u.End, sides));
                    error += rule * density;
                    size = total;
                    continue;
                }

                double middle = (0.5 * u.Start) + (0.5 * u.End);
                if (inner.Count + open.Count > MostInnerPanels || u.End - u.Start < 1e-13) return null;

                // Where halving in u would not make the outer bound small, the panel of z is too wide.
                if (outerDensity * 2 * half * Bound(ellipse, ComplexBox.At(middle), from, to, sides) > outerAllowed) return null;
                open.Push((middle, u.End));
                open.Push((u.Start, middle));
            }
        }

        sum.AddError(Interval.Up(error + (EllipseRule.Factor * 0.5 * (panel.End - panel.Start) * outerDensity * size), 8));
        return Rule(panel, ordered, inner, ref sum);
    }

    // On which sides of its kinks f is between two lines; null if a sample does not say.
    private int[]? Sides(double z, Border from, Border to)
    {
        Interval at = Interval.At(z), w = 0.5 * (from.At(at) + to.At(at));
        Place(at, w);
        _program.Range(_arguments);
        return _program.MeetsKink ? null : _program.Sides;
    }

    // A bound of |f phi(w) dw/du| over rectangles of z and u.
    private double Bound(ComplexBox z, ComplexBox u, Border from, Border to, int[] sides)
    {
        _evaluations++;
        ComplexBox start = from.At(z), end = to.At(z), length = end - start, w = ((ComplexBox.At(1) - u) * start) + (u * end);
        _boxes[0] = _deviation * z;
        _boxes[1] = (_slope * z) + (_complement * w);
        _program.Sides = sides;
        double size = _program.Continued(_boxes).Size * GaussianDensity.Bound(w) * length.Size;
        return double.IsFinite(size) ? size : double.PositiveInfinity;
    }

    private double Rule((double Start, double End) panel, List<Border> ordered, List<(int Piece, double Start, double End, int[] Sides)> inner, ref BallSum sum)
    {
        Interval half = 0.5 * (Interval.At(panel.End) - Interval.At(panel.Start)), middle = 0.5 * (Interval.At(panel.Start) + Interval.At(panel.End));
        double magnitude = 0;
        for (int n = 0; n < EllipseRule.Count; n++)
        {
            Interval z = middle + (half * EllipseRule.Nodes[n]), weight = GaussianDensity.Of(z) * (half * EllipseRule.Weights[n]);
            foreach ((int piece, double start, double end, _) in inner)
            {
                Interval from = ordered[piece].At(z), length = ordered[piece + 1].At(z) - from;
                Interval halfU = 0.5 * (Interval.At(end) - Interval.At(start)), middleU = 0.5 * (Interval.At(start) + Interval.At(end)), scale = weight * length * halfU;
                for (int m = 0; m < EllipseRule.Count; m++)
                {
                    Interval w = from + ((middleU + (halfU * EllipseRule.Nodes[m])) * length);
                    Place(z, w);
                    Interval value = _program.Range(_arguments) * GaussianDensity.Of(w) * (scale * EllipseRule.Weights[m]);
                    sum.Add(value);
                    magnitude += value.Size;
                }

                _evaluations += EllipseRule.Count;
            }
        }

        return magnitude;
    }

    private void Place(Interval z, Interval w)
    {
        _arguments[0] = _deviation * z;
        _arguments[1] = (_slope * z) + (_complement * w);
    }

    // An upper bound of the integral over w of |f| phi(w), |w| <= R, for all z of an interval.
    private double InnerSize(Interval z, double range)
    {
        double size = 0;
        for (double w = -range; w < range; w += 0.5)
        {
            Place(z, new(w, w + 0.5));
            size += 0.5 * (_program.Range(_arguments) * GaussianDensity.Of(new(w, w + 0.5))).Size;
        }

        return size;
    }

    // A square |z|, |w| <= R beyond which nothing matters.
    private bool Reach(out double range, out double tail, out string reason)
    {
        reason = "how fast it grows is not known";
        (range, tail) = (0, double.PositiveInfinity);
        foreach (double cut in (ReadOnlySpan<double>)[9, 12, 16, 22, 30, 38.5])
        {
            (range, tail) = (cut, Tail(cut));
            if (tail <= TailShare * _mass) break;
        }

        return double.IsFinite(tail);
    }

    // Outside the square, with r = |z| + |w|: (1 + r)^b <= (1 + |z|)^b (1 + |w|)^b and r^2 <= 2 z^2 + 2 w^2, so that the bound is a product.
    private double Tail(double cut)
    {
        double total = 0;
        var all = Interval.Everything;
        foreach (bool isZ in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (int side in (ReadOnlySpan<int>)[-1, 1])
            {
                Interval outside = side > 0 ? new(cut, double.PositiveInfinity) : new(double.NegativeInfinity, -cut);
                Place(isZ ? outside : all, isZ ? all : outside);
                Growth x = Growth.OfVariable(_deviation.High), y = Growth.OfVariable(Math.Max(_slope.Size, _complement.High));
                if (Growth.Of(_program, _arguments, [(_variables[0], x), (_variables[1], y)], cut) is not { } growth) return double.PositiveInfinity;
                Growth other = growth with { Constant = 0, Quadratic = 2 * growth.Quadratic }, own = growth with { Quadratic = 2 * growth.Quadratic };

                // The other variable: unit steps as far as 12, each at its larger end, and a tail.
                double mass = 2 * other.GaussianTail(12);
                for (double r = 0; r < 12; r += 0.25) mass += 2 * 0.25 * Math.Exp(other.At(r + 0.25)) * GaussianDensity.Of(Interval.At(r)).High;
                total += own.GaussianTail(cut) * mass * (1 + 1e-9);
            }
        }

        return double.IsNaN(total) ? double.PositiveInfinity : total;
    }

    private double Mass()
    {
        const double step = 0.5;
        double mass = 0;
        for (double z = -12; z <= 12; z += step)
        {
            for (double w = -12; w <= 12; w += step)
            {
                Place(Interval.At(z + 0.01), Interval.At(w + 0.02));
                double size = Math.Abs((_program.Range(_arguments) * GaussianDensity.Of(Interval.At(z)) * GaussianDensity.Of(Interval.At(w))).Middle) * step * step;
                if (double.IsFinite(size)) mass += size;
            }
        }

        return mass;
    }
}
