// Combinations that occur in closed forms and lose all their digits, or overflow, when evaluated part by part. Each is a
// function of its own with an accurate value; Definition gives the same thing in plain terms for readers.

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>A function of several arguments that stands for a combination of simpler ones.</summary>
internal sealed class CompoundFunction : Function
{
    private readonly Delegate _implementation;
    private readonly Func<Expression[], Expression> _definition;
    private readonly Func<Expression[], int, Expression> _derivative;
    private readonly Func<Expression[], Expression?> _rewrite;

    internal CompoundFunction(
        string name,
        Delegate implementation,
        Func<Expression[], Expression> definition,
        Func<Expression[], int, Expression> derivative,
        Func<Expression[], Expression?> rewrite)
    {
        (Name, _implementation, _definition, _derivative, _rewrite) = (name, implementation, definition, derivative, rewrite);
        Arity = implementation is Func<double, double, double> ? 2 : 3;
    }

    /// <summary>An interval that holds the values over intervals of the arguments.</summary>
    internal required Func<Interval[], Interval> Enclosure { get; init; }

    public override string Name { get; }

    public override int Arity { get; }

    public override Delegate Implementation => _implementation;

    public override Expression Definition(ReadOnlySpan<Expression> arguments) => _definition(arguments.ToArray());

    public override Expression Derivative(ReadOnlySpan<Expression> arguments, int position) => _derivative(arguments.ToArray(), position);

    public override Expression? Rewrite(ReadOnlySpan<Expression> arguments) => _rewrite(arguments.ToArray());

    public override double Evaluate(ReadOnlySpan<double> arguments) =>
        _implementation is Func<double, double, double> two
            ? two(arguments[0], arguments[1])
            : ((Func<double, double, double, double>)_implementation)(arguments[0], arguments[1], arguments[2]);
}

/// <summary>Functions of several arguments.</summary>
internal static class CompoundFunctions
{
    /// <summary>gramdet(a, b, c) = a c - b^2, the determinant of a covariance; never negative, and accurate when it is small.</summary>
    public static CompoundFunction GramDeterminant { get; } = new(
        "gramdet",
        (Func<double, double, double, double>)SpecialFunctions.GramDeterminant,
        x => (x[0] * x[2]) - x[1].Pow(2),
        (x, position) => position switch { 0 => x[2], 1 => -2 * x[1], _ => x[0] },
        RewriteDeterminant)
    { Enclosure = CompoundEnclosures.GramDeterminant };

    /// <summary>gramangle(a, b, c) = arcsin(b / sqrt(a c)), accurate at every correlation; 0 where a or c is 0.</summary>
    public static CompoundFunction GramAngle { get; } = new(
        "gramangle",
        (Func<double, double, double, double>)SpecialFunctions.GramAngle,
        x => Expression.Apply(ElementaryFunctions.ArcSin, x[1] * (x[0] * x[2]).Pow(-Expression.Half)),
        (x, position) =>
        {
            Expression inverseRoot = Expression.Apply(GramDeterminant, x).Pow(-Expression.Half);
            return position == 1 ? inverseRoot : -x[1] / (2 * x[position]) * inverseRoot;
        },
        RewriteAngle)
    { Enclosure = CompoundEnclosures.GramAngle };

    /// <summary>expphi(s, t) = e^s Phi(t).</summary>
    public static CompoundFunction ExpPhi { get; } = new(
        "expphi",
        (Func<double, double, double>)SpecialFunctions.ExpPhi,
        x => Exp(x[0]) * Expression.Apply(ElementaryFunctions.Phi, x[1]),
        (x, position) => position == 0
            ? Expression.Apply(ExpPhi!, x)
            : (2 * Constant.Pi).Pow(-Expression.Half) * Exp(x[0] - (x[1].Pow(2) / 2)),
        x => x[1].IsZero ? Exp(x[0]) / 2 : x[0].IsZero ? Expression.Apply(ElementaryFunctions.Phi, x[1]) : null)
    { Enclosure = CompoundEnclosures.ExpPhi };

    /// <summary>expsinh(s, t) = e^s sinh t.</summary>
    public static CompoundFunction ExpSinh { get; } = new(
        "expsinh",
        (Func<double, double, double>)SpecialFunctions.ExpSinh,
        x => Exp(x[0]) * Expression.Apply(ElementaryFunctions.Sinh, x[1]),
        (x, position) => Expression.Apply(position == 0 ? ExpSinh! : ExpCosh!, x),
        x => x[1].IsZero ? Expression.Zero
            : IsNegative(x[1]) ? -Expression.Apply(ExpSinh!, x[0], -x[1])
            : x[0].IsZero ? Expression.Apply(ElementaryFunctions.Sinh, x[1]) : null)
    { Enclosure = CompoundEnclosures.ExpSinh };

    /// <summary>expcosh(s, t) = e^s cosh t.</summary>
    public static CompoundFunction ExpCosh { get; } = new(
        "expcosh",
        (Func<double, double, double>)SpecialFunctions.ExpCosh,
        x => Exp(x[0]) * Expression.Apply(ElementaryFunctions.Cosh, x[1]),
        (x, position) => Expression.Apply(position == 0 ? ExpCosh! : ExpSinh, x),
        x => x[1].IsZero ? Exp(x[0])
            : IsNegative(x[1]) ? Expression.Apply(ExpCosh!, x[0], -x[1])
            : x[0].IsZero ? Expression.Apply(ElementaryFunctions.Cosh, x[1]) : null)
    { Enclosure = CompoundEnclosures.ExpCosh };

    /// <summary>All of them, in the order of the name.</summary>
    public static IReadOnlyList<CompoundFunction> All { get; } = [ExpCosh, ExpPhi, ExpSinh, GramAngle, GramDeterminant];

    /// <summary>The expression with every compound function written out in simpler ones: for readers, not for evaluation.</summary>
    public static Expression WriteOut(Expression expression) =>
        expression.Rewrite(node => node is Call { Function: CompoundFunction compound } call ? compound.Definition(call.Operands) : null);

    internal static CompoundFunction? Find(string name) => All.FirstOrDefault(f => f.Name == name);

    private static Expression Exp(Expression x) => Expression.Apply(ElementaryFunctions.Exp, x);

    private static bool IsNegative(Expression x) => ElementaryFunctions.SplitScale(x).Scale.Sign < 0;

    private static Expression? RewriteDeterminant(Expression[] x)
    {
        if (x[1].IsZero)
            return x[0] * x[2];
        if (ReferenceEquals(x[0], x[2]) && (ReferenceEquals(x[0], x[1]) || ReferenceEquals(x[0], -x[1])))
            return Expression.Zero;
        if (IsNegative(x[1]))
            return Expression.Apply(GramDeterminant, x[0], -x[1], x[2]);
        return x[0].CompareTo(x[2]) > 0 ? Expression.Apply(GramDeterminant, x[2], x[1], x[0]) : null;
    }

    private static Expression? RewriteAngle(Expression[] x)
    {
        if (x[1].IsZero)
            return Expression.Zero;
        if (IsNegative(x[1]))
            return -Expression.Apply(GramAngle, x[0], -x[1], x[2]);
        return x[0].CompareTo(x[2]) > 0 ? Expression.Apply(GramAngle, x[2], x[1], x[0]) : null;
    }
}
