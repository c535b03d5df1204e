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

using System.Collections.Concurrent;
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
    /// <summary>Where the Gaussian density leaves double precision; beyond, growth alone is known.</summary>
    public const double Furthest = 38.5;

    /// <summary>How far strips are known for the largest range.</summary>
    public const double Reach = Furthest + 1;

    private const double Step = 0.25;
    internal const double CramerFactor = 1.0865;
    internal const double InverseRootTwoPi = 0.39894228040143270;
    private const int MostHalvings = 10;

    // More than the rounding of the sums below.
    internal const double Slack = 1 + 1e-9;

    private static readonly double[] Heights = [192, 48, 12, 6, 3, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.17, 0.12, 0.06, 0.03, 0.015];

    // How many of them are tried first: the highest say most, but of functions that oscillate.
    private const int FirstStrips = 3;

    // Rectangles are the same for every order and range of the same function and variances.
    private const int MostKept = 4096;
    private static readonly ConcurrentDictionary<(Expression Base, Interval Deviation, double Height), double[]> Kept = new();

    // Radii of circles in the variable of f itself, for variances so small that all of the line is close to 0 beside them.
    private static readonly double[] Circles = [8, 4, 2, 1, 0.5, 0.25, 0.1, 0.05];

    // r of Mehler's formula: the larger, the better for high orders.
    internal static readonly double[] Radii = [0, 0.1, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98];

    private readonly Interval _deviation;
    private readonly double _range;
    private readonly List<Strip> _strips = [];
    private readonly double[][] _outer;
    private readonly double[] _nearZero;
    private readonly IReadOnlyList<StripFunction> _functions;
    private readonly Expression[] _bases;
    private readonly EnclosureProgram[] _programs;
    private readonly int[] _places;
    private int _nextHeight;
    private readonly Growth?[][] _growths;
    private readonly Dictionary<(int First, int Second, int R, int Q), double[]> _sizes = [];
    private readonly Dictionary<(int First, int Second, int R, bool Two), double> _tails = [];

    // |f_k| on the line Im z = Height, panel by panel, and on the two ends.
    private sealed record Strip(double Height, double[][] Line, double[][] Ends);

    private StripProof(Interval deviation, double range, IReadOnlyList<StripFunction> functions, Symbol variable)
    {
        (_deviation, _range, _functions) = (deviation, range, functions);
        _bases = [.. functions.Select(function => function.Base).Distinct()];
        _programs = [.. _bases.Select(body => EnclosureProgram.Of(body, variable))];
        _places = [.. functions.Select(function => Array.IndexOf(_bases, function.Base))];
        _nearZero = [.. functions.Select(_ => double.PositiveInfinity)];
        _growths = [.. functions.Select(function => Growths(function.Function, variable))];
        _outer = [.. functions.Select(_ => Enumerable.Repeat(double.PositiveInfinity, 2 * (int)Math.Ceiling(Furthest / Step)).ToArray())];
    }

    /// <summary>The variances 2^((octave - 1)/4) to 2^(octave/4), which share a proof.</summary>
    public static Interval QuarterOctave(int octave) => PartOfOctave(octave, 4);

    /// <summary>The variances 2^((index - 1)/parts) to 2^(index/parts).</summary>
    public static Interval PartOfOctave(int index, int parts) => new(Math.Pow(2, (index - 1.0) / parts) * (1 - 1e-12), Math.Pow(2, (double)index / parts) * (1 + 1e-12));

    /// <summary>Prepares the bounds from a few strips; null if a function has kinks, or its enclosures say nothing.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="variable">Their variable.</param>
    /// <param name="variances">The variances.</param>
    /// <param name="range">T.</param>
    public static StripProof? Of(IReadOnlyList<StripFunction> functions, Symbol variable, Interval variances, double range)
    {
        var proof = new StripProof(variances.SquareRoot(), range, functions, variable);
        if (proof._growths.Any(growth => growth.Any(side => side is null))) return null;
        foreach (EnclosureProgram program in proof._programs)
        {
            // The sides of kinks, of which an analytic function has none.
            program.Range(proof._deviation * new Interval(-2 * Furthest, 2 * Furthest));
            if (program.MeetsKink) return null;
        }

        proof.SetNearZero();
        return proof.Extend(FirstStrips) ? proof : null;
    }

    /// <summary>Adds strips, the next lower ones in which all functions are analytic; false if there are none.</summary>
    public bool Extend(int most = int.MaxValue)
    {
        int before = _strips.Count;
        for (int added = 0; added < most && _nextHeight < Heights.Length; _nextHeight++)
        {
            double height = Heights[_nextHeight];
            if (Bases(height) is not { } sizes) continue;
            added++;
            foreach (double share in _functions.All(function => function.Order == 0) ? [0] : height > 3 ? [0.5, 0.75, 0.9375] : (double[])[0.5, 0.75])
                _strips.Add(Bound(sizes, height, share));
            SetOuter(sizes, height);
        }

        _sizes.Clear();
        _tails.Clear();
        return _strips.Count > before;
    }

    /// <summary>A bound of the error of E[f_i he_p he_q]; it grows with p and q.</summary>
    public double Coefficient(int i, double step, int p, int q = 0) => Error(i, -1, p, q, step);

    /// <summary>A bound of the error of E[f_i f_j he_q]; it grows with q.</summary>
    public double Product(int i, int j, double step, int q = 0) => Error(Math.Max(i, j), Math.Min(i, j), 0, q, step);

    /// <summary>
    /// For each strip its height and the largest |f_i(x + iy)| exp(-decay x^2) in it and, beyond range + 1, on the axis; infinite where that is not known.
    /// </summary>
    public IEnumerable<(double Height, double Size)> Envelopes(int i, double decay)
    {
        double beyond = _growths[i].Max(growth => growth!.Value.Envelope(Furthest, decay));
        foreach (Strip strip in _strips)
        {
            double size = beyond;
            for (int place = 0; place < strip.Line[i].Length; place++)
            {
                double x = place / 2 * Step;
                size = Math.Max(size, strip.Line[i][place] * Math.Exp(-decay * x * x));
            }

            yield return (strip.Height, _functions[i].Function.IsZero ? 0 : size * Slack);
        }
    }

    private double Error(int i, int j, int p, int q, double step)
    {
        // Of nothing nothing is wrong.
        if (_functions[i].Function.IsZero || (j >= 0 && _functions[j].Function.IsZero)) return 0;
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
            tail = Math.Min(tail, InverseRootTwoPi * (q > 0 ? CramerFactor : 1) * Mehler(p, Radii[r], 0) * Tail(i, j, r, q > 0));
        }

        return (best + tail) * Slack;
    }

    // |he_p(x + iy)| over e^(x^2 Spread): r^(-p/2) (1 - r^2)^(-1/4) e^(r y^2 / (2 (1 - r))).
    internal static double Mehler(int order, double radius, double height) => Math.Exp(LogMehler(order, radius, height));

    /// <summary>ln of a bound of |he_p(x + iy)| exp(-Spread x^2), for a radius between 0 and 1; 0 is for order 0.</summary>
    internal static double LogMehler(int order, double radius, double height) =>
        (order == 0 ? 0 : -0.5 * order * Math.Log(radius)) - (0.25 * Math.Log(1 - (radius * radius))) + (height * height * 0.5 * radius / (1 - radius));

    /// <summary>What he_p grows with off the axis, for a radius.</summary>
    internal static double Spread(double radius) => 0.5 * radius / (1 + radius);

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
    private double Tail(int i, int j, int r, bool withCramer)
    {
        if (_tails.TryGetValue((i, j, r, withCramer), out double known)) return known;
        double sum = 0, spread = Spread(Radii[r]) + (withCramer ? 0.25 : 0);
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

        _tails.Add((i, j, r, withCramer), sum);
        return sum;
    }

    // |f| of each base on the rectangles of a strip, to where Cauchy's circles reach; null where one is not bounded.
    private double[][]? Bases(double height)
    {
        var sizes = new double[_bases.Length][];
        for (int at = 0; at < sizes.Length; at++)
        {
            (Expression, Interval, double) key = (_bases[at], _deviation, height);
            if (!Kept.TryGetValue(key, out double[]? known))
            {
                if (Kept.Count >= MostKept) Kept.Clear();
                Kept[key] = known = Rectangles(_programs[at], height) ?? [];
            }

            if (known.Length == 0) return null;
            sizes[at] = known;
        }

        return sizes;
    }

    // Both sides in turn; behind them the largest of all panels up to each.
    private double[]? Rectangles(EnclosureProgram program, double height)
    {
        int panels = (int)Math.Ceiling((Furthest + 1 + height) / Step);
        double[] sizes = new double[3 * panels];
        double largest = 0;
        for (int panel = 0; panel < panels; panel++)
        {
            double near = panel * Step, far = (panel + 1) * Step;
            sizes[2 * panel] = Size(program, _deviation, new(near, far), new(0, height), 0);
            if (!double.IsFinite(sizes[2 * panel])) return null;
            sizes[(2 * panel) + 1] = Size(program, _deviation, new(-far, -near), new(0, height), 0);
            if (!double.IsFinite(sizes[(2 * panel) + 1])) return null;
            sizes[(2 * panels) + panel] = largest = Math.Max(largest, Math.Max(sizes[2 * panel], sizes[(2 * panel) + 1]));
        }

        return sizes;
    }

    /// <summary>|f| over a rectangle of z; halved until the enclosure is bounded.</summary>
    internal static double Size(EnclosureProgram program, Interval scale, Interval x, Interval y, int halvings)
    {
        double size = program.Continued(scale * new ComplexBox(x, y)).Size;
        if (double.IsFinite(size) || halvings == MostHalvings) return size;
        bool wide = x.High - x.Low >= y.High - y.Low;
        double middle = wide ? x.Middle : y.Middle, first = wide ? Size(program, scale, x with { High = middle }, y, halvings + 1) : Size(program, scale, x, y with { High = middle }, halvings + 1);
        return double.IsFinite(first) ? Math.Max(first, wide ? Size(program, scale, x with { Low = middle }, y, halvings + 1) : Size(program, scale, x, y with { Low = middle }, halvings + 1)) : first;
    }

    private Strip Bound(double[][] sizes, double height, double share)
    {
        int panels = (int)Math.Ceiling((_range + 1) / Step);
        double[][] line = new double[_functions.Count][], ends = new double[_functions.Count][];
        for (int k = 0; k < line.Length; k++)
        {
            line[k] = new double[2 * panels];
            ends[k] = new double[2];
            for (int panel = 0; panel < panels; panel++)
            {
                for (int side = 0; side < 2; side++)
                {
                    double size = Derivative(k, sizes[_places[k]], panel, side, share * height);
                    line[k][(2 * panel) + side] = size;
                    if ((panel + 1) * Step > _range) ends[k][side] = Math.Max(ends[k][side], size);
                }
            }
        }

        return new((1 - share) * height, line, ends);
    }

    // Where the line is near 0 as a whole, a circle of radius R/2 about each of its points lies within R.
    private void SetNearZero()
    {
        double reach = 2 * Furthest * _deviation.High;
        foreach (double circle in Circles.Where(circle => reach <= 0.5 * circle))
        {
            for (int k = 0; k < _functions.Count; k++)
            {
                var square = new Interval(-circle, circle);
                double size = Size(_programs[_places[k]], Interval.At(1), square, square, 0);
                _nearZero[k] = Math.Min(_nearZero[k], size * Cauchy(_functions[k].Order, 0.5 * circle));
            }
        }
    }

    // k!/R^k.
    private static double Cauchy(int order, double radius)
    {
        double logarithm = 0;
        for (int k = 1; k <= order; k++) logarithm += Math.Log(k / radius);
        return Math.Exp(logarithm) * Slack;
    }

    // |f^(k)| over a panel from |f| within the radius; the variable of f is sqrt(K) z.
    private double Derivative(int at, double[] sizes, int panel, int side, double radius)
    {
        StripFunction function = _functions[at];
        if (function.Order == 0) return sizes[(2 * panel) + side];

        // The largest within reach: near enough, that of all panels up to there.
        int panels = sizes.Length / 3;
        double largest = sizes[(2 * panels) + Math.Min(panels - 1, panel + (int)Math.Ceiling(radius / Step))];
        return Math.Min(_nearZero[at], largest * Cauchy(function.Order, radius * _deviation.Low));
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
    private void SetOuter(double[][] sizes, double radius)
    {
        for (int k = 0; k < _functions.Count; k++)
        {
            for (int place = 2 * (int)Math.Floor(_range / Step); place < _outer[k].Length; place++)
                _outer[k][place] = Math.Min(_outer[k][place], Derivative(k, sizes[_places[k]], place / 2, place % 2, radius));
        }
    }
}
