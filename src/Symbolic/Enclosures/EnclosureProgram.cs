// What values does an expression take? Node by node, over
//   Range      intervals of real arguments. It also notes on which side of 0 the argument of each function with a kink lies; where that
//              is both, the image is that of both branches.
//   Continued  rectangles of complex arguments. A function with a kink is continued from the branch that the last Range noted, so that
//              the image is that of the analytic function with which the expression agrees on the real part; Everything if a side is open.
// A bounded image of Continued proves that this function is analytic on the rectangle.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Enclosures;

/// <summary>Encloses the values of an expression over intervals and over rectangles of the complex plane. An instance is for one thread.</summary>
internal sealed class EnclosureProgram
{
    private readonly List<Func<Interval[], Interval>> _ranges = [];
    private readonly List<Func<ComplexBox[], ComplexBox>> _continuations = [];
    private readonly List<(int Place, Expression Argument)> _kinked = [];
    private readonly Interval[] _intervals;
    private readonly ComplexBox[] _boxes;

    // Of each function with a kink, by its place: -1, 1, or 0 where its argument has both signs.
    private readonly int[] _sides;
    private readonly int _variables;
    private readonly int _result;
    private readonly Dictionary<Expression, int> _places = new(ReferenceEqualityComparer.Instance);

    private EnclosureProgram(Expression plain, ReadOnlySpan<Symbol> variables)
    {
        _variables = variables.Length;
        Dictionary<Expression, int> places = _places;
        foreach (Symbol variable in variables) places.Add(variable, places.Count);
        Nodes = plain.Nodes();
        _sides = new int[places.Count + Nodes.Count];
        foreach (Expression node in Nodes)
        {
            if (places.ContainsKey(node)) continue;
            Add(node, places);
            places.Add(node, places.Count);
        }

        _intervals = new Interval[places.Count];
        _boxes = new ComplexBox[places.Count];
        _result = places[plain];
    }

    /// <summary>The expression's parts, operands before what they are part of; the last is the expression, with composite functions written out.</summary>
    public IReadOnlyList<Expression> Nodes { get; }

    /// <summary>True if the last <see cref="Range"/> left open on which side of a kink it lies.</summary>
    public bool MeetsKink
    {
        get
        {
            foreach ((int place, _) in _kinked)
            {
                if (_sides[place] == 0) return true;
            }

            return false;
        }
    }

    /// <summary>The arguments of all functions with a kink, and their places among <see cref="Sides"/>.</summary>
    public IReadOnlyList<(int Place, Expression Argument)> Kinks => _kinked;

    /// <summary>On which side of each kink the last <see cref="Range"/> was, to be set again before <see cref="Continued"/>.</summary>
    public int[] Sides
    {
        get => [.. _sides];
        set => value.CopyTo(_sides, 0);
    }

    /// <summary>What the last <see cref="Range"/> found for a part.</summary>
    public Interval RangeOf(Expression node) => _intervals[_places[node]];

    /// <summary>Prepares the enclosure of an expression.</summary>
    public static EnclosureProgram Of(Expression expression, params ReadOnlySpan<Symbol> variables) => new(CompoundFunctions.WriteOut(expression), variables);

    /// <summary>Prepares the enclosure of a closed form over real arguments, in which composite functions are kept: written out they cancel.</summary>
    public static EnclosureProgram OfClosedForm(Expression expression, params ReadOnlySpan<Symbol> variables) => new(expression, variables);

    /// <summary>An interval that holds the number.</summary>
    public static Interval Enclose(Rational value)
    {
        double nearest = value.ToDouble(), numerator = (double)value.Numerator, denominator = (double)value.Denominator;
        bool small = System.Numerics.BigInteger.Abs(value.Numerator) < 1L << 53 && value.Denominator < 1L << 53;
        return small && Math.FusedMultiplyAdd(nearest, denominator, -numerator) == 0
            ? Interval.At(nearest)
            : new(Math.BitDecrement(nearest), Math.BitIncrement(nearest));
    }

    /// <summary>The values over real arguments.</summary>
    public Interval Range(params ReadOnlySpan<Interval> arguments)
    {
        arguments.CopyTo(_intervals);
        for (int at = 0; at < _ranges.Count; at++) _intervals[_variables + at] = _ranges[at](_intervals);
        return _intervals[_result];
    }

    /// <summary>The values over complex arguments of the analytic function that the expression is where the last <see cref="Range"/> was taken.</summary>
    public ComplexBox Continued(params ReadOnlySpan<ComplexBox> arguments)
    {
        arguments.CopyTo(_boxes);
        for (int at = 0; at < _continuations.Count; at++) _boxes[_variables + at] = _continuations[at](_boxes);
        return _boxes[_result];
    }

    private void Add(Expression node, Dictionary<Expression, int> places)
    {
        int[] from = [.. node.Operands.ToArray().Select(operand => places[operand])];
        switch (node)
        {
            case Number number:
                Constant(Enclose(number.Value));
                break;
            case Constant constant:
                Constant(new(Math.BitDecrement(constant.Value), Math.BitIncrement(constant.Value)));
                break;
            case Sum:
                Step(values => Fold(values, from, (a, b) => a + b), values => Fold(values, from, (a, b) => a + b));
                break;
            case Product:
                Step(values => Fold(values, from, (a, b) => a * b), values => Fold(values, from, (a, b) => a * b));
                break;
            case Power { Exponent: Number { Value: var p } } when !Enclose(p).Low.Equals(Enclose(p).High):
                // x^(1/3): the exponent is no double.
                Interval exponent = Enclose(p);
                Step(values => values[from[0]].Low > 0 ? (exponent * Ln(values[from[0]])).Exp() : Root(values[from[0]], exponent), values => (exponent * values[from[0]].Ln()).Exp());
                break;
            case Power { Exponent: Number { Value: var p } }:
                double known = p.ToDouble();
                Step(values => values[from[0]].Power(known), values => values[from[0]].Power(known));
                break;
            case Power:
                Step(values => (values[from[1]] * Ln(values[from[0]])).Exp(), values => (values[from[1]] * values[from[0]].Ln()).Exp());
                break;
            case Call { Function: CompoundFunction { Enclosure: var image } }:
                Step(values => image([.. from.Select(operand => values[operand])]), _ => ComplexBox.Everything);
                break;
            case Call { Function: ElementaryFunction { Enclosure: { } image } }:
                Step(values => image(ComplexBox.At(values[from[0]])).Real, values => image(values[from[0]]));
                break;
            case Call { Function: ElementaryFunction { BranchEnclosure: { } branch } kinked }:
                int place = places.Count;
                _kinked.Add((place, node.Operands[0]));
                Step(
                    values =>
                    {
                        Interval argument = values[from[0]];
                        _sides[place] = argument.Low > 0 ? 1 : argument.High < 0 ? -1 : argument.Low >= 0 && argument.High > 0 ? 1 : argument.High <= 0 && argument.Low < 0 ? -1 : 0;
                        if (argument.Low > 0) return branch(ComplexBox.At(argument), 1).Real;
                        if (argument.High < 0) return branch(ComplexBox.At(argument), -1).Real;
                        if (argument is { Low: 0, High: 0 }) return Interval.At(kinked.Evaluate([0]));
                        return branch(ComplexBox.At(argument.Within(double.NegativeInfinity, 0)), -1).Real.And(branch(ComplexBox.At(argument.Within(0, double.PositiveInfinity)), 1).Real);
                    },
                    values => _sides[place] == 0 ? ComplexBox.Everything : branch(values[from[0]], _sides[place]));
                break;
            default:
                Step(_ => Interval.Everything, _ => ComplexBox.Everything);
                break;
        }
    }

    private void Constant(Interval value)
    {
        ComplexBox box = ComplexBox.At(value);
        Step(_ => value, _ => box);
    }

    private void Step(Func<Interval[], Interval> range, Func<ComplexBox[], ComplexBox> continued)
    {
        _ranges.Add(range);
        _continuations.Add(continued);
    }

    private static Interval Ln(Interval x) => x.Low > 0 ? x.Increasing(Math.Log, Interval.LibraryUnits) : Interval.Everything;

    // [0, b]^p, p > 0.
    private static Interval Root(Interval x, Interval p) => x.Low >= 0 && p.Low > 0 && x.IsBounded
        ? new(0, x.High == 0 ? 0 : (p * Ln(Interval.At(x.High))).Exp().High)
        : Interval.Everything;

    private static T Fold<T>(T[] values, int[] places, Func<T, T, T> operation)
    {
        T result = values[places[0]];
        for (int at = 1; at < places.Length; at++) result = operation(result, values[places[at]]);
        return result;
    }
}
