// How wrong can the trapezoid rule be? For all variances of an interval at once, on the nodes k h, |k h| <= T, of
// F(z) = f(sqrt(K) z) he_p(z) he_q(z) phi(z), f a function or a product of two.
//   Let F be analytic on |Re z| <= T' = T + h/2, |Im z| <= a. By residues (Trefethen and Weideman, The exponentially convergent trapezoidal
//   rule, 2014, theorem 5.1, on a rectangle) the sum differs from the integral over [-T', T'] by at most
//     2/(e^(2 pi a/h) - 1) int |F(x + ia)| dx + 2 max over the ends of int_0^a |F(+-T' + iy)| dy,
//   the kernel of the sum being at most 1/2 half way between nodes, and F real on the axis.
//   Off the axis Mehler's formula with z and its conjugate has no negative term, so that for every r between 0 and 1
//     |he_p(x + iy)|^2 <= r^(-p) (1 - r^2)^(-1/2) exp(r x^2/(1 + r) + r y^2/(1 - r)).
//   The same with y = 0, or |he_p(x)| <= 1.0865 e^(x^2/4) (Cramer), bounds the integral beyond T'.
// f is bounded by its enclosure on rectangles, halved where that needs it, which proves that it is analytic there. A derivative of order k is
// at most k! M / R^k where f is at most M within R (Cauchy): the rectangles of f are enough for all of them. Beyond 38.5 standard deviations
// what f can grow to is negligible (Growth).

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>A function to be summed: the derivative, of that order, of a base.</summary>
/// <param name="Base">The base.</param>
/// <param name="Order">Derivatives taken of it, in its own variable.</param>
/// <param name="Function">The derivative itself.</param>
internal sealed record StripFunction(Expression Base, int Order, Expression Function)
{
    /// <summary>The square of a function, as a base of its own; null of null.</summary>
    public static StripFunction? Square(StripFunction? of) => of?.Function.Pow(2) is { } square ? new(square, 0, square) : null;
}

/// <summary>Bounds of the trapezoid rule's error for Hermite coefficients of functions and of products of two of them, for a range of variances.</summary>
internal sealed class StripProof
{
    private const double Step = 0.25;
    private const double Furthest = 38.5;
    private const double CramerFactor = 1.0865;
    private const double InverseRootTwoPi = 0.39894228040143270;
    private const int MostHalvings = 10;

    // More than the rounding of the sums below.
    private const double Slack = 1 + 1e-9;

    private static readonly double[] Heights = [3, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.17, 0.12, 0.06, 0.03, 0.015];

    // How much of the height is kept for Cauchy's circles.
    private static readonly double[] Shares = [0, 0.25, 0.5, 0.75];

    // r of Mehler's formula: the larger, the better for high orders.
    private static readonly double[] Radii = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98];

    private readonly Interval _deviation;
    private readonly double _range;
    private readonly List<Strip> _strips = [];
    private readonly double[][] _outer;
    private readonly Growth?[][] _growths;
    private readonly Dictionary<(int First, int Second, int R, int Q), double[]> _sizes = [];

    // |f_k| on the line Im z = Height, panel by panel, and on the two ends.
    private sealed record Strip(double Height, double[][] Line, double[][] Ends);

    private StripProof(Interval deviation, double range, IReadOnlyList<StripFunction> functions, Symbol variable)
    {
        (_deviation, _range) = (deviation, range);
        _growths = [.. functions.Select(function => Growths(function.Function, variable))];
        _outer = [.. functions.Select(_ => Enumerable.Repeat(double.PositiveInfinity, 2 * (int)Math.Ceiling(Furthest / Step)).ToArray())];
    }

    /// <summary>Prepares the bounds; null if a function has kinks, or its enclosures say nothing.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="variable">Their variable.</param>
    /// <param name="variances">The variances.</param>
    /// <param name="range">T.</param>
    public static StripProof? Of(IReadOnlyList<StripFunction> functions, Symbol variable, Interval variances, double range)
    {
        var proof = new StripProof(variances.SquareRoot(), range, functions, variable);
        Expression[] bases = [.. functions.Select(function => function.Base).Distinct()];
        EnclosureProgram[] programs = [.. bases.Select(body => EnclosureProgram.Of(body, variable))];
        foreach (EnclosureProgram program in programs)
        {
            // The sides of kinks, of which an analytic function has none.
            program.Range(proof._deviation * new Interval(-2 * Furthest, 2 * Furthest));
            if (program.MeetsKink) return null;
        }

        int[] places = [.. functions.Select(function => Array.IndexOf(bases, function.Base))];
        foreach (double height in Heights)
        {
            // To where Cauchy's circles reach.
            int panels = (int)Math.Ceiling((Furthest + height) / Step);
            if (programs.Select(program => proof.Rectangles(program, height, panels)).ToArray() is not { } sizes || sizes.Contains(null)) continue;
            foreach (double share in Shares)
                proof._strips.Add(proof.Bound(functions, places, sizes!, height, share));
            proof.Outer(functions, places, sizes!, height);
        }

        return proof._strips.Count > 0 && proof._growths.All(growth => growth.All(side => side is not null)) ? proof : null;
    }

    /// <summary>A bound of the error of E[f_i he_p he_q]; it grows with p and q.</summary>
    public double Coefficient(int i, double step, int p, int q = 0) => Error(i, -1, p, q, step);

    /// <summary>A bound of the error of E[f_i f_j he_q]; it grows with q.</summary>
    public double Product(int i, int j, double step, int q = 0) => Error(Math.Max(i, j), Math.Min(i, j), 0, q, step);

    private double Error(int i, int j, int p, int q, double step)
    {
        double best = double.PositiveInfinity, tail = double.PositiveInfinity;
        for (int r = p > 0 ? 1 : 0; r < (p > 0 ? Radii.Length : 1); r++)
        {
            for (int t = q > 0 ? 1 : 0; t < (q > 0 ? Radii.Length : 1); t++)
            {
                double[] sizes = Sizes(i, j, r, t);
                for (int at = 0; at < _strips.Count; at++)
                {
                    double height = _strips[at].Height, resonance = 2 / (Math.Exp(Math.Min(700, 2 * Math.PI * height / step)) - 1);
                    double constant = InverseRootTwoPi * Mehler(p, Radii[r], height) * Mehler(q, Radii[t], height) * Math.Exp(0.5 * height * height);
                    best = Math.Min(best, constant * ((resonance * sizes[2 * at]) + (2 * sizes[(2 * at) + 1])));
                }
            }

            // Beyond T', one of the two by Cramer's inequality, which does not grow with its order.
            tail = Math.Min(tail, InverseRootTwoPi * (q > 0 ? CramerFactor : 1) * Mehler(p, Radii[r], 0) * Tail(i, j, Spread(Radii[r]) + (q > 0 ? 0.25 : 0)));
        }

        return (best + tail) * Slack;
    }

    // |he_p(x + iy)| over e^(x^2 Spread): r^(-p/2) (1 - r^2)^(-1/4) e^(r y^2 / (2 (1 - r))).
    private static double Mehler(int order, double radius, double height) => Math.Exp(
        (order == 0 ? 0 : -0.5 * order * Math.Log(radius)) - (0.25 * Math.Log(1 - (radius * radius))) + (height * height * 0.5 * radius / (1 - radius)));

    private static double Spread(double radius) => 0.5 * radius / (1 + radius);

    // On the line and on the ends of every strip.
    private double[] Sizes(int i, int j, int r, int t)
    {
        if (_sizes.TryGetValue((i, j, r, t), out double[]? known)) return known;
        double decay = 0.5 - Spread(Radii[r]) - Spread(Radii[t]);
        double[] sizes = [.. _strips.SelectMany(strip => (double[])[OnLine(strip, i, j, decay), OnEnds(strip, i, j, decay)])];
        _sizes.Add((i, j, r, t), sizes);
        return sizes;
    }

    private static double OnLine(Strip strip, int i, int j, double decay)
    {
        double sum = 0;
        double[] first = strip.Line[i];
        for (int panel = 0; panel < first.Length / 2; panel++)
        {
            // From x to x + Step on either side, the weight at the nearer end.
            double x = panel * Step, weight = Step * Math.Exp(-decay * x * x);
            for (int side = 0; side < 2; side++)
                sum += weight * first[(2 * panel) + side] * (j < 0 ? 1 : strip.Line[j][(2 * panel) + side]);
        }

        return sum;
    }

    private double OnEnds(Strip strip, int i, int j, double decay) => strip.Height * Math.Exp(-decay * _range * _range)
        * Math.Max(strip.Ends[i][0] * (j < 0 ? 1 : strip.Ends[j][0]), strip.Ends[i][1] * (j < 0 ? 1 : strip.Ends[j][1]));

    // The integral of |f_i f_j| e^(spread x^2 - x^2/2) beyond T', panels first, and from 38.5 on by growth.
    private double Tail(int i, int j, double spread)
    {
        double sum = 0;
        for (int place = 2 * (int)Math.Floor(_range / Step); place < _outer[i].Length; place++)
        {
            double z = place / 2 * Step;
            sum += Step * _outer[i][place] * (j < 0 ? 1 : _outer[j][place]) * Math.Exp((spread - 0.5) * z * z);
        }

        for (int side = 0; side < 2; side++)
        {
            Growth one = _growths[i][side]!.Value, two = j < 0 ? new(0, 0, 0, 0) : _growths[j][side]!.Value;
            sum += new Growth(one.Constant + two.Constant, one.Power + two.Power, one.Linear + two.Linear, one.Quadratic + two.Quadratic + spread).GaussianTail(Furthest) / InverseRootTwoPi;
        }

        return sum;
    }

    // |f| on the rectangles of a strip, both sides; null where one is not bounded.
    private double[]? Rectangles(EnclosureProgram program, double height, int panels)
    {
        double[] sizes = new double[2 * panels];
        for (int panel = 0; panel < panels; panel++)
        {
            double near = panel * Step, far = (panel + 1) * Step;
            sizes[2 * panel] = Size(program, new(near, far), new(0, height), 0);
            sizes[(2 * panel) + 1] = Size(program, new(-far, -near), new(0, height), 0);
            if (!double.IsFinite(sizes[2 * panel]) || !double.IsFinite(sizes[(2 * panel) + 1])) return null;
        }

        return sizes;
    }

    // |f| over a rectangle of z; halved until the enclosure is bounded.
    private double Size(EnclosureProgram program, Interval x, Interval y, int halvings)
    {
        double size = program.Continued(_deviation * new ComplexBox(x, y)).Size;
        if (double.IsFinite(size) || halvings == MostHalvings) return size;
        bool wide = x.High - x.Low >= y.High - y.Low;
        double middle = wide ? x.Middle : y.Middle, first = wide ? Size(program, x with { High = middle }, y, halvings + 1) : Size(program, x, y with { High = middle }, halvings + 1);
        return double.IsFinite(first) ? Math.Max(first, wide ? Size(program, x with { Low = middle }, y, halvings + 1) : Size(program, x, y with { Low = middle }, halvings + 1)) : first;
    }

    private Strip Bound(IReadOnlyList<StripFunction> functions, int[] places, double[][] sizes, double height, double share)
    {
        int panels = (int)Math.Ceiling((_range + 1) / Step);
        double[][] line = new double[functions.Count][], ends = new double[functions.Count][];
        for (int k = 0; k < line.Length; k++)
        {
            line[k] = new double[2 * panels];
            ends[k] = new double[2];
            for (int panel = 0; panel < panels; panel++)
            {
                for (int side = 0; side < 2; side++)
                {
                    double size = Derivative(functions[k].Order, sizes[places[k]], panel, side, share * height);
                    line[k][(2 * panel) + side] = size;
                    if ((panel + 1) * Step > _range) ends[k][side] = Math.Max(ends[k][side], size);
                }
            }
        }

        return new((1 - share) * height, line, ends);
    }

    // |f^(k)| over a panel from |f| within the radius; the variable of f is sqrt(K) z.
    private double Derivative(int order, double[] sizes, int panel, int side, double radius)
    {
        if (order == 0) return sizes[(2 * panel) + side];
        if (radius == 0) return double.PositiveInfinity;
        int reach = (int)Math.Ceiling(radius / Step);
        double largest = 0;
        for (int near = panel - reach; near <= panel + reach; near++)
        {
            // Across 0 on the other side.
            int place = near >= 0 ? (2 * near) + side : (2 * (-near - 1)) + (1 - side);
            if (place < sizes.Length) largest = Math.Max(largest, sizes[place]);
        }

        double logarithm = 0;
        for (int k = 1; k <= order; k++) logarithm += Math.Log(k / (radius * _deviation.Low));
        return largest * Math.Exp(logarithm) * Slack;
    }

    private Growth?[] Growths(Expression function, Symbol variable)
    {
        var program = EnclosureProgram.Of(function, variable);
        return [.. ((ReadOnlySpan<int>)[1, -1]).ToArray().Select(side => Growth.Of(
            program,
            [_deviation * (side > 0 ? new(Furthest, double.PositiveInfinity) : new Interval(double.NegativeInfinity, -Furthest))],
            [(variable, Growth.OfVariable(_deviation.High))],
            Furthest))];
    }

    // |f_k| on the axis beyond T: at most what Cauchy's circles of that radius say.
    private void Outer(IReadOnlyList<StripFunction> functions, int[] places, double[][] sizes, double radius)
    {
        for (int k = 0; k < functions.Count; k++)
        {
            for (int place = 2 * (int)Math.Floor(_range / Step); place < _outer[k].Length; place++)
                _outer[k][place] = Math.Min(_outer[k][place], Derivative(functions[k].Order, sizes[places[k]], place / 2, place % 2, radius));
        }
    }
}
