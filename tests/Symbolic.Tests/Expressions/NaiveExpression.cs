// An expression tree that knows nothing of the library: no sharing, no canonical form, evaluated as written. Each value
// comes with a bound of its rounding error, so that a comparison is as strict as double arithmetic allows.

using System.Globalization;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Tests.Expressions;

/// <summary>A value and a bound of its rounding error.</summary>
public readonly record struct Rounded(double Value, double Error);

public abstract record NaiveExpression
{
    protected const double Unit = 2.3e-16;

    public abstract Rounded Evaluate(double x, double y);

    public abstract Expression Build();

    public abstract string Text();

    public sealed override string ToString() => Text();
}

public sealed record NaiveNumber(int Numerator, int Denominator) : NaiveExpression
{
    public override Rounded Evaluate(double x, double y)
    {
        double value = (double)Numerator / Denominator;
        return new(value, Math.Abs(value) * Unit);
    }

    public override Expression Build() => Rational.Of(Numerator, Denominator);

    public override string Text() => string.Create(CultureInfo.InvariantCulture, $"({Numerator}/{Denominator})");
}

public sealed record NaiveVariable(string Name) : NaiveExpression
{
    public override Rounded Evaluate(double x, double y) => new(Name == "x" ? x : y, 0);

    public override Expression Build() => Symbol.Of(Name);

    public override string Text() => Name;
}

public sealed record NaiveBinary(char Operator, NaiveExpression Left, NaiveExpression Right) : NaiveExpression
{
    public override Rounded Evaluate(double x, double y)
    {
        (double a, double ea) = Left.Evaluate(x, y);
        (double b, double eb) = Right.Evaluate(x, y);
        double value = Operator switch { '+' => a + b, '-' => a - b, '*' => a * b, _ => a / b };
        double error = Operator switch
        {
            '+' or '-' => ea + eb + (Unit * (Math.Abs(a) + Math.Abs(b))),
            '*' => (Math.Abs(a) * eb) + (Math.Abs(b) * ea) + (ea * eb),
            _ => Math.Abs(b) > 2 * eb ? (ea + (Math.Abs(value) * eb)) / (Math.Abs(b) - eb) : double.PositiveInfinity,
        };
        return new(value, error + (Unit * Math.Abs(value)));
    }

    public override Expression Build() => Operator switch
    {
        '+' => Left.Build() + Right.Build(),
        '-' => Left.Build() - Right.Build(),
        '*' => Left.Build() * Right.Build(),
        _ => Left.Build() / Right.Build(),
    };

    public override string Text() => $"({Left.Text()}{Operator}{Right.Text()})";
}

public sealed record NaivePower(NaiveExpression Base, int Numerator, int Denominator) : NaiveExpression
{
    public override Rounded Evaluate(double x, double y)
    {
        (double a, double ea) = Base.Evaluate(x, y);
        double exponent = (double)Numerator / Denominator;
        double value = Math.Pow(a, exponent);
        double error = Math.Abs(a) > 4 * ea
            ? Math.Abs(value) * ((Math.Abs(exponent) * ea / (Math.Abs(a) - (2 * ea))) + (Unit * (1 + Math.Abs(exponent * Math.Log(Math.Abs(a))))))
            : a == 0 && ea == 0 && double.IsFinite(value) ? 0 : double.PositiveInfinity;
        return new(value, error + (Unit * Math.Abs(value)));
    }

    public override Expression Build() => Power.Of(Base.Build(), Rational.Of(Numerator, Denominator));

    public override string Text() => string.Create(CultureInfo.InvariantCulture, $"({Base.Text()})^({Numerator}/{Denominator})");
}

public sealed record NaiveCall(string Function, NaiveExpression Argument) : NaiveExpression
{
    // Written out once more, by the framework's own functions where it has them.
    private static double Apply(string function, double x) => function switch
    {
        "exp" => Math.Exp(x),
        "ln" => Math.Log(x),
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        "tan" => Math.Tan(x),
        "sinh" => Math.Sinh(x),
        "cosh" => Math.Cosh(x),
        "tanh" => Math.Tanh(x),
        "arcsin" => Math.Asin(x),
        "arccos" => Math.Acos(x),
        "arctan" => Math.Atan(x),
        "arsinh" => Math.Asinh(x),
        "arcosh" => Math.Acosh(x),
        "artanh" => Math.Atanh(x),
        "abs" => Math.Abs(x),
        "sign" => x > 0 ? 1 : x < 0 ? -1 : x,
        "step" => x > 0 ? 1 : x < 0 ? 0 : x + 0.5,
        "relu" => x > 0 ? x : x - x,
        "logistic" => 1 / (1 + Math.Exp(-x)),
        "softplus" => x > 30 ? x : Math.Log(1 + Math.Exp(x)),
        "expm1" => Math.Exp(x) - 1,
        "log1p" => Math.Log(1 + x),
        _ => ElementaryFunctions.All[function].Value(x), // erf, erfc, Phi: compared with tables elsewhere
    };

    public override Rounded Evaluate(double x, double y)
    {
        (double a, double ea) = Argument.Evaluate(x, y);
        double value = Apply(Function, a);
        // The error in the argument, widened so that a difference of the function over it is meaningful.
        double reach = (4 * ea) + (4 * Unit * Math.Abs(a));
        double change = Math.Max(Math.Abs(Apply(Function, a + reach) - value), Math.Abs(Apply(Function, a - reach) - value));
        return new(value, double.IsNaN(change) ? double.PositiveInfinity : change + (4 * Unit * (1 + Math.Abs(value))));
    }

    public override Expression Build() => Expression.Apply(ElementaryFunctions.Find(Function)!, Argument.Build());

    public override string Text() => $"{Function}({Argument.Text()})";
}
