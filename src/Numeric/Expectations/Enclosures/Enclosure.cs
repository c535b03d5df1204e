// The values of an expression over rectangles of complex arguments, node by node. Functions with a kink are continued
// analytically from the side on which the middle of the rectangle lies.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>Bounds an expression of one or two variables over rectangles of the complex plane.</summary>
internal sealed class Enclosure
{
    private readonly List<Func<Box[], Box>> _steps = [];
    private readonly Box[] _values;
    private readonly int _variables;

    private Enclosure(Expression expression, Symbol[] variables)
    {
        _variables = variables.Length;
        var places = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
        for (var at = 0; at < variables.Length; at++) places.Add(variables[at], at);
        foreach (Expression node in expression.Nodes())
        {
            if (places.ContainsKey(node)) continue;
            _steps.Add(Step(node, places));
            places.Add(node, variables.Length + _steps.Count - 1);
        }

        _values = new Box[variables.Length + _steps.Count];
        Last = places[expression];
    }

    private int Last { get; }

    /// <summary>Prepares the bounds. An instance is for one thread.</summary>
    public static Enclosure Of(Expression expression, params Symbol[] variables) => new(expression, variables);

    /// <summary>A bound of |f| over a rectangle.</summary>
    public double Bound(Box x) => Bound(x, default);

    /// <summary>A bound of |f| over the product of two rectangles.</summary>
    public double Bound(Box x, Box y)
    {
        _values[0] = x;
        if (_variables > 1) _values[1] = y;
        for (var at = 0; at < _steps.Count; at++) _values[_variables + at] = _steps[at](_values);
        return _values[Last].Size;
    }

    /// <summary>f(deviation z, 0).</summary>
    public EllipseBound AlongX(double deviation) => (centre, a, b) => Bound(Line(0, deviation, centre, a, b), Box.At(0));

    /// <summary>f(x, mean + deviation w).</summary>
    public EllipseBound AlongY(double x, double mean, double deviation) => (centre, a, b) => Bound(Box.At(x), Line(mean, deviation, centre, a, b));

    /// <summary>f along the line on which x determines y.</summary>
    public EllipseBound AlongDiagonal(KernelBlock block) => (centre, a, b) =>
        Bound(Line(0, block.DeviationX, centre, a, b), Line(0, block.DeviationY * block.Correlation, centre, a, b));

    /// <summary>
    /// E[f | z1], with the integral over z2 or over y itself bounded panel by panel, whichever says more: the first where y is
    /// nearly independent of x, the second where f varies fast in y.
    /// </summary>
    public EllipseBound OfInnerIntegral(KernelBlock block, double mass) => (centre, a, b) =>
        OverSecond(block, centre, a, b) is var second && second <= 100 * mass ? second : Math.Min(second, OverY(block, centre, a, b));

    /// <summary>
    /// True if, for all values of z1 from <paramref name="start"/> to <paramref name="end"/> together, panels of an eighth of a standard
    /// deviation of z2 suffice; see <see cref="HiddenFeatures"/>.
    /// </summary>
    public bool IsSmoothInSecond(KernelBlock block, double start, double end, double mass)
    {
        const double range = 9, finest = 0.125;
        var span = new Span(start, end);
        Box x = new(block.DeviationX * span, Span.At(0)), mean = new((block.DeviationY * block.Correlation) * span, Span.At(0));
        var share = HiddenFeatures.Allowed * mass / ((end - start) * GaussianTails.Density(span.Smallest));
        for (var w = -range; w < range; w += 0.5)
        {
            if (!IsSmooth(w + 0.25, 0.25)) return false;
        }

        return true;

        bool IsSmooth(double centre, double half)
        {
            var y = mean + Line(0, block.DeviationY * block.Complement, centre, 5 * half / 3, 4 * half / 3);
            return Bound(x, y) * half * GaussianTails.Density(Math.Max(0, Math.Abs(centre) - (5 * half / 3))) * Math.Exp(8 * half * half / 9) <= share
                || (half > 0.5 * finest && IsSmooth(centre - (0.5 * half), 0.5 * half) && IsSmooth(centre + (0.5 * half), 0.5 * half));
        }
    }

    private double OverSecond(KernelBlock block, double centre, double a, double b)
    {
        const double range = 9, width = 0.5;
        Box x = Line(0, block.DeviationX, centre, a, b), mean = Line(0, block.DeviationY * block.Correlation, centre, a, b);
        var sum = 0.0;
        for (var w = -range; w < range && double.IsFinite(sum); w += width)
        {
            var y = mean + new Box((block.DeviationY * block.Complement) * new Span(w, w + width), Span.At(0));
            sum += width * Bound(x, y) * GaussianTails.Density(Math.Min(Math.Abs(w), Math.Abs(w + width)));
        }

        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }

    private double OverY(KernelBlock block, double centre, double a, double b)
    {
        const double range = 9;
        const int mostPanels = 300;
        double slope = Math.Abs(block.Correlation) / block.Complement, shift = slope * b, low = (slope * (Math.Abs(centre) - a)) - range, high = (slope * (Math.Abs(centre) + a)) + range;
        if (!(high - low < 0.5 * mostPanels) || shift > 20) return double.PositiveInfinity;
        var x = Line(0, block.DeviationX, centre, a, b);
        double unit = block.DeviationY * block.Complement * (centre * block.Correlation < 0 ? -1 : 1), sum = 0;
        for (var y = low; y < high && double.IsFinite(sum); y += 0.5)
        {
            var distance = Math.Max(0, Math.Max(low + range - y - 0.5, y - (high - range)));
            sum += 0.5 * Bound(x, new Box(unit * new Span(y, y + 0.5), Span.At(0))) * GaussianTails.Density(distance) * Math.Exp(0.5 * shift * shift);
        }

        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }

    private static Box Line(double mean, double deviation, double centre, double a, double b) =>
        new(Span.At(mean) + (deviation * new Span(centre - a, centre + a)), deviation * new Span(-b, b));

    private static Func<Box[], Box> Step(Expression node, Dictionary<Expression, int> places)
    {
        int[] from = [.. node.Operands.ToArray().Select(operand => places[operand])];
        switch (node)
        {
            case Number number:
                var value = Box.At(number.Value.ToDouble());
                return _ => value;
            case Constant constant:
                var known = Box.At(constant.Value);
                return _ => known;
            case Sum:
                return values =>
                {
                    var sum = values[from[0]];
                    for (var at = 1; at < from.Length; at++) sum += values[from[at]];
                    return sum;
                };
            case Product { Operands: [Number { Value: var factor }, var rest] }:
                double scale = factor.ToDouble();
                int scaled = places[rest];
                return values => scale * values[scaled];
            case Product:
                return values =>
                {
                    var product = values[from[0]];
                    for (var at = 1; at < from.Length; at++) product *= values[from[at]];
                    return product;
                };
            case Power { Exponent: Number { Value: var p } }:
                var exponent = p.ToDouble();
                return values => values[from[0]].Power(exponent);
            case Power:
                return values => (values[from[1]] * values[from[0]].Ln()).Exp();
            case Call { Function: var function } when from.Length == 1 && Of(function) is { } image:
                return values => image(values[from[0]]);
            default:
                return _ => Box.Everything;
        }
    }

    private static Func<Box, Box>? Of(Function function) => function.Name switch
    {
        "exp" => z => z.Exp(),
        "expm1" => z => z.Exp() - Box.At(1),
        "ln" => z => z.Ln(),
        "log1p" => z => (Box.At(1) + z).Ln(),
        "sin" => z => z.Sin(),
        "cos" => z => z.Cos(),
        "tan" => z => z.Tan(),
        "arcsin" => z => z.ArcSin(),
        "arccos" => z => Box.At(Math.PI / 2) - z.ArcSin(),
        "arctan" => z => z.ArcTan(),
        "sinh" => z => z.Sinh(),
        "cosh" => z => z.Cosh(),
        "tanh" => z => z.Tanh(),
        "arsinh" => z => z.ArSinh(),
        "arcosh" => z => z.ArCosh(),
        "artanh" => z => z.ArTanh(),
        "erf" => z => z.Erf(),
        "erfc" => z => Box.At(1) - z.Erf(),
        "Phi" => z => 0.5 * (Box.At(1) + (Math.Sqrt(0.5) * z).Erf()),
        "logistic" => z => z.Logistic(),
        "softplus" => z => z.Softplus(),
        "abs" => z => z.Real.Middle < 0 ? -z : z,
        "relu" => z => z.Real.Middle < 0 ? Box.At(0) : z,
        "step" => z => Box.At(z.Real.Middle < 0 ? 0 : 1),
        "sign" => z => Box.At(z.Real.Middle < 0 ? -1 : 1),
        _ => null,
    };
}
