using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>
/// A real function that expressions can apply. To add one of a single argument, fill an
/// <see cref="ElementaryFunction"/> in and list it in <see cref="ElementaryFunctions"/>: the parser, every printer, the
/// interpreter, the compiler and the search for kinks read that one entry.
/// </summary>
public abstract class Function : IEquatable<Function>, IComparable<Function>
{
    /// <summary>Name in plain text; unique.</summary>
    public abstract string Name { get; }

    /// <summary>Name in LaTeX.</summary>
    public virtual string Latex => $@"\operatorname{{{Name}}}";

    /// <summary>Number of arguments.</summary>
    public virtual int Arity => 1;

    /// <summary>
    /// The numeric implementation, a delegate from as many doubles as <see cref="Arity"/> to a double, for compilers;
    /// null for a function without a value.
    /// </summary>
    public virtual Delegate? Implementation => null;

    /// <summary>The C# name of the public static method that <see cref="Implementation"/> is, or null.</summary>
    public string? CSharpName =>
        Implementation?.Method is { IsStatic: true, IsPublic: true, DeclaringType: { } type } method ? $"{type.Name}.{method.Name}" : null;

    /// <summary>False if the function or one of its derivatives is not continuous at argument 0.</summary>
    public virtual bool IsSmooth => true;

    /// <summary>
    /// What the function equals while its argument keeps a sign; null for a smooth function. This is how an expression is
    /// cut at its kinks into smooth pieces.
    /// </summary>
    /// <param name="argument">The argument.</param>
    /// <param name="sign">-1 or 1: the sign of the argument.</param>
    public virtual Expression? Branch(Expression argument, int sign) => null;

    /// <summary>The same function in terms of simpler ones, for readers and for systems that lack it; null where it is as simple as can be.</summary>
    public virtual Expression? Definition(ReadOnlySpan<Expression> arguments) => null;

    /// <summary>The application in LaTeX.</summary>
    /// <param name="arguments">The arguments in LaTeX, separated by commas.</param>
    public virtual string LatexCall(string arguments) => $@"{Latex}\left({arguments}\right)";

    /// <summary>The partial derivative with respect to one argument.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="position">Which argument, from 0.</param>
    public abstract Expression Derivative(ReadOnlySpan<Expression> arguments, int position);

    /// <summary>A simpler expression that is equal wherever the application is defined, or null.</summary>
    public virtual Expression? Rewrite(ReadOnlySpan<Expression> arguments) => null;

    /// <summary>The value; NaN outside the domain.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> arguments);

    /// <inheritdoc/>
    public bool Equals(Function? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Function);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(Function? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A function of one real argument, given by its parts.</summary>
/// <param name="name">Name in plain text.</param>
/// <param name="evaluate">The value; a public static method, so that generated code can name it.</param>
/// <param name="derivative">The derivative as an expression of the argument.</param>
/// <param name="latex">Name in LaTeX, or null for an upright name.</param>
/// <param name="rewrite">A simpler equal expression, or null where there is none.</param>
public sealed class ElementaryFunction(
    string name,
    Func<double, double> evaluate,
    Func<Expression, Expression> derivative,
    string? latex = null,
    Func<Expression, Expression?>? rewrite = null) : Function
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Latex => latex ?? base.Latex;

    /// <summary>Other names that the parser takes.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The branches of a function with a kink or jump at argument 0; see <see cref="Branch"/>.</summary>
    public Func<Expression, int, Expression>? Branches { get; init; }

    /// <summary>The image of a rectangle of the complex plane, rounded outwards; null for a function with a kink, or without values.</summary>
    internal Func<ComplexBox, ComplexBox>? Enclosure { get; init; }

    /// <summary>The image under the branch on that side of the kink; null for a smooth function.</summary>
    internal Func<ComplexBox, int, ComplexBox>? BranchEnclosure { get; init; }

    /// <summary>The function in simpler ones; null where it is as simple as can be. See <see cref="Definition"/>.</summary>
    public Func<Expression, Expression>? InSimplerTerms { get; init; }

    /// <summary>The LaTeX of an application where it is not name(argument); {0} is the argument.</summary>
    public string? LatexFormat { get; init; }

    /// <summary>The value, as a delegate that compilers call.</summary>
    public Func<double, double> Value => evaluate;

    /// <inheritdoc/>
    public override Delegate Implementation => evaluate;

    /// <inheritdoc/>
    public override bool IsSmooth => Branches is null;

    /// <inheritdoc/>
    public override Expression? Branch(Expression argument, int sign) => Branches?.Invoke(argument, sign);

    /// <inheritdoc/>
    public override Expression? Definition(ReadOnlySpan<Expression> arguments) => InSimplerTerms?.Invoke(arguments[0]);

    /// <inheritdoc/>
    public override string LatexCall(string arguments) =>
        LatexFormat is null ? base.LatexCall(arguments) : LatexFormat.Replace("{0}", arguments, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override Expression Derivative(ReadOnlySpan<Expression> arguments, int position) => derivative(arguments[0]);

    /// <inheritdoc/>
    public override Expression? Rewrite(ReadOnlySpan<Expression> arguments) => rewrite?.Invoke(arguments[0]);

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> arguments) => evaluate(arguments[0]);
}
