// The expression graph.
//
//   * Hash-consed: every constructor goes through ExpressionPool, so two equal expressions are one object and
//     equality is reference equality; a common subexpression is shared by construction.
//   * Canonical on construction: sums and products are flattened, sorted by ExpressionOrder and collected; there is
//     no separate "simplify". A rewrite is made only if it is true wherever the original expression is defined.
//   * Exact: numbers are rationals of big integers until a printer or a compiler lowers them.

using System.Numerics;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>A real-valued mathematical expression. Immutable; equal expressions are the same object.</summary>
public abstract class Expression : IComparable<Expression>
{
    private protected Expression(int hash) => StructuralHash = hash;

    /// <summary>Hash of the structure; used by the pool only, never for an order.</summary>
    internal int StructuralHash { get; }

    /// <summary>Place of the node's class in the total order.</summary>
    internal abstract int Rank { get; }

    /// <summary>The direct subexpressions, in canonical order.</summary>
    public virtual ReadOnlySpan<Expression> Operands => default;

    /// <summary>The same operation on other operands, canonicalised again.</summary>
    /// <param name="operands">As many operands as <see cref="Operands"/> has.</param>
    public virtual Expression WithOperands(ReadOnlySpan<Expression> operands) => this;

    /// <summary>True when the other node has the same class and content, with the same operand objects.</summary>
    internal abstract bool HasSameContent(Expression other);

    /// <summary>The number 0.</summary>
    public static Expression Zero => Number.Of(Rational.Zero);

    /// <summary>The number 1.</summary>
    public static Expression One => Number.Of(Rational.One);

    /// <summary>The number 1/2.</summary>
    public static Expression Half => Number.Of(Rational.Half);

    /// <summary>True for the number 0.</summary>
    public bool IsZero => this is Number { Value.IsZero: true };

    /// <summary>True for the number 1.</summary>
    public bool IsOne => this is Number { Value.IsOne: true };

    /// <summary>A whole number.</summary>
    public static implicit operator Expression(int value) => Number.Of(value);

    /// <summary>An exact rational number.</summary>
    public static implicit operator Expression(Rational value) => Number.Of(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Expression(BigInteger value) => Number.Of(value);

    /// <summary>The sum.</summary>
    public static Expression operator +(Expression left, Expression right) => Sum.Of([left, right]);

    /// <summary>The difference.</summary>
    public static Expression operator -(Expression left, Expression right) => Sum.Of([left, -right]);

    /// <summary>The negative.</summary>
    public static Expression operator -(Expression value) => Product.Of([Number.Of(-1), value]);

    /// <summary>The product.</summary>
    public static Expression operator *(Expression left, Expression right) => Product.Of([left, right]);

    /// <summary>The quotient.</summary>
    /// <exception cref="DivideByZeroException">The divisor is the number 0.</exception>
    public static Expression operator /(Expression left, Expression right) => Product.Of([left, Power.Of(right, -1)]);

    /// <summary>The power; 0^0 is 1.</summary>
    public Expression Pow(Expression exponent) => Power.Of(this, exponent);

    /// <summary>The sum of all terms; 0 for none.</summary>
    public static Expression Add(IEnumerable<Expression> terms) => Sum.Of([.. terms]);

    /// <summary>The product of all factors; 1 for none.</summary>
    public static Expression Multiply(IEnumerable<Expression> factors) => Product.Of([.. factors]);

    /// <summary>The function applied to arguments.</summary>
    public static Expression Apply(Function function, params ReadOnlySpan<Expression> arguments) => Call.Of(function, arguments);

    /// <summary>The terms of a sum, or the expression itself as the only term.</summary>
    public ReadOnlySpan<Expression> Terms => this is Sum ? Operands : new Expression[] { this };

    /// <summary>The factors of a product, or the expression itself as the only factor.</summary>
    public ReadOnlySpan<Expression> Factors => this is Product ? Operands : new Expression[] { this };

    /// <inheritdoc/>
    public int CompareTo(Expression? other) => other is null ? 1 : ExpressionOrder.Compare(this, other);

    /// <summary>Plain text that the parser reads back to this object.</summary>
    public override string ToString() => Printing.ExpressionPrinter.Text(this);
}
