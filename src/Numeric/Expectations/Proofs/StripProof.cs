// How wrong can the trapezoid rule be? For all variances of an interval at once, on the nodes k h, |k h| <= T, of F(z) = f(sqrt(K) z) he_p(z) phi(z).
//   Let F be analytic on |Re z| <= T' = T + h/2, |Im z| <= a. By residues (Trefethen and Weideman, The exponentially convergent trapezoidal
//   rule, 2014, theorem 5.1, on a rectangle) the sum differs from the integral over [-T', T'] by at most
//     2/(e^(2 pi a/h) - 1) int |F(x + ia)| dx + 2 max over the ends of int_0^a |F(+-T' + iy)| dy,
//   the kernel of the sum being at most 1/2 half way between nodes, and F real on the axis.
//   Off the axis Mehler's formula with z and its conjugate has no negative term, so that for every r between 0 and 1
//     |he_p(x + iy)|^2 <= r^(-p) (1 - r^2)^(-1/2) exp(r x^2/(1 + r) + r y^2/(1 - r)).
//   On the axis |he_p(z)| <= 1.0865 e^(z^2/4) (Cramer), for the integral beyond T'.
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
    private readonly double[,] _tails;
    private readonly Dictionary<(int First, int Second), double[]> _sizes = [];

    // |f_k| on the line Im z = Height, panel by panel, and on the two ends.
    private sealed record Strip(double Height, double[][] Line, double[][] Ends);

    private StripProof(Interval deviation, double range, int functions)
    {
        (_deviation, _range) = (deviation, range);
        _tails = new double[functions + 1, functions + 1];
    }

    /// <summary>Prepares the bounds; null if a function has kinks, or its enclosures say nothing.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="variable">Their variable.</param>
    /// <param name="variances">The variances.</param>
    /// <param name="range">T.</param>
    public static StripProof? Of(IReadOnlyList<StripFunction> functions, Symbol variable, Interval variances, double range)
    {
        var proof = new StripProof(variances.SquareRoot(), range, functions.Count);
        Expression[] bases = [.. functions.Select(function => function.Base).Distinct()];
        EnclosureProgram[] programs = [.. bases.Select(body => EnclosureProgram.Of(body, variable))];
        foreach (EnclosureProgram program in programs)
        {
            // The sides of kinks, of which an analytic function has none.
            program.Range(proof._deviation * new Interval(-2 * Furthest, 2 * Furthest));
            if (program.MeetsKink) return null;
        }

        Growth?[][] growths = [.. functions.Select(function => proof.Growths(function.Function, variable))];
        for (int i = 0; i <= functions.Count; i++)
        {
            for (int j = 0; j <= functions.Count; j++) proof._tails[i, j] = double.PositiveInfinity;
        }

        int[] places = [.. functions.Select(function => Array.IndexOf(bases, function.Base))];
        foreach (double height in Heights)
        {
            // To where Cauchy's circles reach.
            int panels = (int)Math.Ceiling((Furthest + height) / Step);
            if (programs.Select(program => proof.Rectangles(program, height, panels)).ToArray() is not { } sizes || sizes.Contains(null)) continue;
            foreach (double share in Shares)
                proof._strips.Add(proof.Bound(functions, places, sizes!, height, share));
            proof.SetTails(functions, places, sizes!, growths, height);
        }

        return proof._strips.Count > 0 && proof._tails.Cast<double>().All(double.IsFinite) ? proof : null;
    }

    /// <summary>A bound of the error of E[f_i he_p].</summary>
    public double Coefficient(int i, int order, double step) => Error(i, -1, order, step);

    /// <summary>A bound of the error of E[f_i f_j he_q].</summary>
    public double Product(int i, int j, int order, double step) => Error(Math.Max(i, j), Math.Min(i, j), order, step);

    private double Error(int i, int j, int order, double step)
    {
        if (!_sizes.TryGetValue((i, j), out double[]? sizes)) _sizes.Add((i, j), sizes = [.. _strips.SelectMany(strip => Radii.SelectMany(radius => (double[])[OnLine(strip, i, j, radius), OnEnds(strip, i, j, radius)]))]);
        double best = double.PositiveInfinity;
        for (int at = 0; at < _strips.Count; at++)
        {
            double height = _strips[at].Height, resonance = 2 / (Math.Exp(Math.Min(700, 2 * Math.PI * height / step)) - 1);
            for (int r = order > 0 ? 1 : 0; r < Radii.Length; r++)
            {
                int place = 2 * ((at * Radii.Length) + r);
                best = Math.Min(best, Mehler(order, Radii[r], height) * ((resonance * sizes[place]) + (2 * sizes[place + 1])));
            }
        }

        return (best * Slack) + _tails[i + 1, j + 1];
    }

    // r^(-p/2) (1 - r^2)^(-1/4) e^(r a^2 / (2 (1 - r)) + a^2/2) / sqrt(2 pi): what does not depend on x.
    private static double Mehler(int order, double radius, double height) => InverseRootTwoPi * Math.Exp(
        (order == 0 ? 0 : -0.5 * order * Math.Log(radius)) - (0.25 * Math.Log(1 - (radius * radius))) + (height * height * ((0.5 * radius / (1 - radius)) + 0.5)));

    private static double OnLine(Strip strip, int i, int j, double radius)
    {
        double sum = 0;
        double[] first = strip.Line[i];
        for (int panel = 0; panel < first.Length / 2; panel++)
        {
            // From x to x + Step on either side, the density at the nearer end.
            double x = panel * Step, weight = Step * Math.Exp(-x * x / (2 * (1 + radius)));
            for (int side = 0; side < 2; side++)
                sum += weight * first[(2 * panel) + side] * (j < 0 ? 1 : strip.Line[j][(2 * panel) + side]);
        }

        return sum;
    }

    private double OnEnds(Strip strip, int i, int j, double radius)
    {
        double weight = strip.Height * Math.Exp(-_range * _range / (2 * (1 + radius)));
        return weight * Math.Max(strip.Ends[i][0] * (j < 0 ? 1 : strip.Ends[j][0]), strip.Ends[i][1] * (j < 0 ? 1 : strip.Ends[j][1]));
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

    // Panels from T to where Growth takes over, each function at most what Cauchy's circles of that radius say. Place 0 is the constant 1.
    private void SetTails(IReadOnlyList<StripFunction> functions, int[] places, double[][] sizes, Growth?[][] growths, double radius)
    {
        int first = (int)Math.Floor(_range / Step), last = (int)Math.Ceiling(Furthest / Step);
        var panels = new double[functions.Count + 1][];
        panels[0] = [.. Enumerable.Repeat(1.0, 2 * last)];
        for (int k = 0; k < functions.Count; k++)
        {
            panels[k + 1] = new double[2 * last];
            for (int place = 2 * first; place < 2 * last; place++) panels[k + 1][place] = Derivative(functions[k].Order, sizes[places[k]], place / 2, place % 2, radius);
        }

        for (int i = 0; i <= functions.Count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int place = 2 * first; place < 2 * last; place++)
                {
                    double z = place / 2 * Step;
                    sum += Step * CramerFactor * InverseRootTwoPi * panels[i][place] * panels[j][place] * Math.Exp(-0.25 * z * z) * Slack;
                }

                for (int side = 0; side < 2; side++) sum += Beyond(i == 0 ? null : growths[i - 1], j == 0 ? null : growths[j - 1], side);
                _tails[i, j] = _tails[j, i] = double.IsNaN(sum) ? _tails[i, j] : Math.Min(_tails[i, j], sum);
            }
        }
    }

    private static double Beyond(Growth?[]? first, Growth?[]? second, int side)
    {
        Growth product = new(Math.Log(CramerFactor), 0, 0, 0.25);
        foreach (Growth?[]? of in (Growth?[]?[])[first, second])
        {
            if (of is null) continue;
            if (of[side] is not { } own) return double.PositiveInfinity;
            product = new(product.Constant + own.Constant, product.Power + own.Power, product.Linear + own.Linear, product.Quadratic + own.Quadratic);
        }

        return product.GaussianTail(Furthest);
    }
}
