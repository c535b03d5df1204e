namespace SymbolicEft.Symbolic.Expressions;

/// <summary>An exact rational number.</summary>
public sealed class Number : Expression
{
    private static readonly Number[] Small = [.. Enumerable.Range(-32, 65).Select(i => ExpressionPool.Intern(new Number(i)))];

    private Number(Rational value)
        : base(HashCode.Combine(1, value)) => Value = value;

    /// <summary>The value.</summary>
    public Rational Value { get; }

    internal override int Rank => 0;

    /// <summary>The number as an expression.</summary>
    public static Number Of(Rational value)
    {
        if (value.IsInteger && value.Numerator >= -32 && value.Numerator <= 32)
            return Small[(int)value.Numerator + 32];
        return ExpressionPool.Intern(new Number(value));
    }

    internal override bool HasSameContent(Expression other) => other is Number number && number.Value == Value;
}

/// <summary>A mathematical constant: pi or e.</summary>
public sealed class Constant : Expression
{
    private Constant(string name, string latex, double value)
        : base(HashCode.Combine(2, name)) => (Name, Latex, Value) = (name, latex, value);

    /// <summary>The circle number.</summary>
    public static Constant Pi { get; } = ExpressionPool.Intern(new Constant("pi", @"\pi", Math.PI));

    /// <summary>Name in plain text.</summary>
    public string Name { get; }

    /// <summary>Name in LaTeX.</summary>
    public string Latex { get; }

    /// <summary>The nearest double.</summary>
    public double Value { get; }

    internal override int Rank => 1;

    internal override bool HasSameContent(Expression other) => other is Constant constant && constant.Name == Name;
}

/// <summary>A real scalar without indices: a variable or a parameter such as C_W.</summary>
public sealed class Symbol : Expression
{
    private Symbol(string name, string latex)
        : base(HashCode.Combine(3, name, latex)) => (Name, Latex) = (name, latex);

    /// <summary>Name in plain text.</summary>
    public string Name { get; }

    /// <summary>Name in LaTeX.</summary>
    public string Latex { get; }

    internal override int Rank => 2;

    /// <summary>The symbol of that name.</summary>
    /// <param name="name">Name in plain text.</param>
    /// <param name="latex">Name in LaTeX; the plain name if left out.</param>
    public static Symbol Of(string name, string? latex = null) => ExpressionPool.Intern(new Symbol(name, latex ?? name));

    internal override bool HasSameContent(Expression other) =>
        other is Symbol symbol && symbol.Name == Name && symbol.Latex == Latex;
}
