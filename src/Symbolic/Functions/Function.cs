using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>
/// A real function that expressions can apply. To add one: derive a class, or fill an
/// <see cref="ElementaryFunction"/> in, and list it in <see cref="ElementaryFunctions.All"/>.
/// </summary>
public abstract class Function : IEquatable<Function>, IComparable<Function>
{
    /// <summary>Name in plain text; unique.</summary>
    public abstract string Name { get; }

    /// <summary>Name in LaTeX.</summary>
    public virtual string Latex => $@"\operatorname{{{Name}}}";

    /// <summary>Number of arguments.</summary>
    public virtual int Arity => 1;

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
/// <param name="evaluate">The value.</param>
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

    /// <summary>The value, as a delegate that compilers call.</summary>
    public Func<double, double> Value => evaluate;

    /// <inheritdoc/>
    public override Expression Derivative(ReadOnlySpan<Expression> arguments, int position) => derivative(arguments[0]);

    /// <inheritdoc/>
    public override Expression? Rewrite(ReadOnlySpan<Expression> arguments) => rewrite?.Invoke(arguments[0]);

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> arguments) => evaluate(arguments[0]);
}
