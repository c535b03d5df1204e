// E[f] along a line, for a standard normal z: every variable is mean + deviation z. After Johansson (Numerical integration in
// arbitrary-precision interval arithmetic, 2018). On each panel of the line one of three things is known:
//   1. Where the enclosure of F = f phi times the length is negligible, it counts as an interval.
//   2. Where rectangles about the ellipse of the panel prove that F is analytic there, and small enough, the Gauss-Legendre rule counts, with
//      its error (EllipseRule); the values at the nodes are intervals.
//   3. Otherwise the panel is halved.
// A kink is never inside a panel of the second kind; nobody has to say where it is. Panels about it shrink until the first applies, and a
// jump costs fifty of them. What is beyond the last panel is bounded by how fast f can grow (Growth).

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Proves Gaussian expectations along a line. An instance is for one thread.</summary>
internal sealed class ProvenLine
{
    private const double Furthest = 38.5;
    private const int MostEvaluations = 3_000_000;

    // Of the integral of |F|: what a panel of the first kind may leave open, the rule on a panel of the second, and the tails.
    private const double NegligibleShare = 1e-18;
    private const double RuleShare = 1e-17;
    private const double TailShare = 1e-17;

    private readonly Symbol[] _variables;
    private readonly EnclosureProgram _program;
    private readonly Interval[] _means;
    private readonly Interval[] _deviations;
    private readonly Interval[] _arguments;
    private readonly ComplexBox[] _boxes;

    /// <summary>Prepares a proof.</summary>
    /// <param name="expression">f.</param>
    /// <param name="variables">Its variables.</param>
    /// <param name="means">The value of each at z = 0.</param>
    /// <param name="deviations">What z adds to each.</param>
    public ProvenLine(Expression expression, Symbol[] variables, Interval[] means, Interval[] deviations)
    {
        (_variables, _means, _deviations) = (variables, means, deviations);
        _program = EnclosureProgram.Of(expression, variables);
        _arguments = new Interval[variables.Length];
        _boxes = new ComplexBox[variables.Length];
    }

    /// <summary>E[f(x)] for x of a variance, whichever of the interval.</summary>
    public static ProvenLine Of(Expression expression, Symbol variable, Interval variance) => new(expression, [variable], [Interval.At(0)], [variance.SquareRoot()]);

    /// <summary>The expectation with its bound and an estimate of E|f|; null, with the reason, if nothing is proved.</summary>
    /// <param name="reason">What stood in the way.</param>
    /// <param name="cuts">Values of z where f is believed to have kinks: panels end there, which saves halvings and proves nothing.</param>
    public LineSample? Integrate(out string reason, params double[] cuts)
    {
        double sampled = Mass();
        return ProofTolerance.Refine(
            sampled > 0 ? sampled : 1e-6 * Enumerable.Range(-12, 24).Sum(z => Value(new(z, z + 1)).Size),
            (double mass, out string why) => Once(mass, cuts, out why),
            out reason);
    }

    private LineSample? Once(double mass, double[] cuts, out string reason)
    {
        double range = 0, tail = double.PositiveInfinity;
        foreach (double cut in (ReadOnlySpan<double>)[9, 12, 16, 22, 30, Furthest])
        {
            (range, tail) = (cut, Tail(1, cut) + Tail(-1, cut));
            if (tail <= TailShare * mass) break;
        }

        reason = "how fast it grows is not known";
        if (!double.IsFinite(tail)) return null;
        var sum = new BallSum();
        sum.AddError(tail);
        double magnitude = 0;
        var open = new Stack<(double Start, double End)>();
        double[] edges = Edges(range, cuts);
        for (int at = edges.Length - 1; at > 0; at--) open.Push((edges[at - 1], edges[at]));
        for (int evaluations = 0; open.TryPop(out (double Start, double End) panel); evaluations++)
        {
            reason = $"more than {MostEvaluations} values are needed";
            if (evaluations > MostEvaluations) return null;
            var z = new Interval(panel.Start, panel.End);
            Interval value = Value(z) * (Interval.At(panel.End) - Interval.At(panel.Start));
            double middle = (0.5 * panel.Start) + (0.5 * panel.End);
            bool indivisible = !(panel.Start < middle && middle < panel.End);
            if (value.IsBounded && (value.High - value.Low <= NegligibleShare * mass || indivisible))
            {
                sum.Add(value);
                magnitude += value.Size;
                continue;
            }

            if (AtZero(panel) is { } left)
            {
                reason = "it has no integral at 0, as far as its growth there is known";
                if (double.IsInfinity(left)) return null;
                if (left <= RuleShare * mass)
                {
                    sum.AddError(left);
                    continue;
                }
            }

            reason = FormattableString.Invariant($"it has no bound in double precision near {middle:G6} standard deviations");
            if (indivisible) return null;
            if (!_program.MeetsKink && RuleError(panel) is var error && error <= RuleShare * mass)
            {
                sum.AddError(error);
                mass = Math.Max(mass, magnitude += Rule(panel, ref sum));
                evaluations += EllipseRule.Count;
                continue;
            }

            open.Push((middle, panel.End));
            open.Push((panel.Start, middle));
        }

        reason = "";
        return new LineSample(sum.Value, sum.Bound, magnitude, 0);
    }

    // F over an interval of z.
    private Interval Value(Interval z)
    {
        for (int at = 0; at < _arguments.Length; at++) _arguments[at] = _means[at] + (_deviations[at] * z);
        return _program.Range(_arguments) * GaussianDensity.Of(z);
    }

    // What a singularity at 0 leaves between 0 and the end of a panel.
    private double? AtZero((double Start, double End) panel)
    {
        double end = Math.Max(-panel.Start, panel.End);
        if (!(panel.Start == 0 || panel.End == 0) || end > 1e-12 || _variables.Length > 1 || _means[0].Size != 0) return null;
        double reach = end * _deviations[0].High * (1 + 1e-12);
        if (_program.RangeOf(_program.Nodes[^1]).IsBounded) return null;
        return OrderAtZero.Of(_program, _variables[0], panel.End > 0 ? 1 : -1, reach)?.Integral(reach) / _deviations[0].Low;
    }

    private double Tail(int side, double cut)
    {
        var variables = new (Symbol, Growth)[_variables.Length];
        for (int at = 0; at < variables.Length; at++)
        {
            _arguments[at] = _means[at] + (_deviations[at] * (side > 0 ? new(cut, double.PositiveInfinity) : new Interval(double.NegativeInfinity, -cut)));
            variables[at] = (_variables[at], Growth.OfVariable(Math.Max(_means[at].Size, _deviations[at].Size)));
        }

        return Growth.Of(_program, _arguments, variables, cut)?.GaussianTail(cut) ?? double.PositiveInfinity;
    }

    // An estimate of E|f|, to which tolerances refer.
    private double Mass()
    {
        const double step = 0.25;
        double mass = 0;
        for (double z = -Furthest; z <= Furthest; z += step)
        {
            double size = Math.Abs(Value(Interval.At(z + 0.01)).Middle) * step;
            if (double.IsFinite(size)) mass += size;
        }

        return mass;
    }

    private static double[] Edges(double range, ReadOnlySpan<double> cuts)
    {
        var edges = new SortedSet<double>();
        for (double edge = -range; edge < range; edge++) edges.Add(edge);
        edges.Add(range);
        foreach (double z in cuts)
        {
            // The kink itself between two edges a few roundings apart.
            double slack = 4e-16 * Math.Abs(z);
            if (Math.Abs(z) < range - 1) edges.UnionWith([z - slack, z + slack]);
        }

        return [.. edges];
    }

    private double RuleError((double Start, double End) panel)
    {
        ComplexBox z = EllipseRule.Rectangle(panel.Start, panel.End);
        for (int at = 0; at < _boxes.Length; at++) _boxes[at] = ComplexBox.At(_means[at]) + (_deviations[at] * z);
        double size = _program.Continued(_boxes).Size * GaussianDensity.Bound(z);
        return double.IsFinite(size) ? EllipseRule.Factor * size * 0.5 * (panel.End - panel.Start) * (1 + 1e-12) : double.PositiveInfinity;
    }

    // The 20 nodes; returns what they say of the integral of |F|.
    private double Rule((double Start, double End) panel, ref BallSum sum)
    {
        Interval half = 0.5 * (Interval.At(panel.End) - Interval.At(panel.Start)), middle = 0.5 * (Interval.At(panel.Start) + Interval.At(panel.End));
        double magnitude = 0;
        for (int n = 0; n < EllipseRule.Count; n++)
        {
            Interval value = Value(middle + (half * EllipseRule.Nodes[n])) * (half * EllipseRule.Weights[n]);
            sum.Add(value);
            magnitude += value.Size;
        }

        return magnitude;
    }
}
