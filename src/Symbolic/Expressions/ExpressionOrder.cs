// A total order of expressions by structure alone: no hash, address or culture enters, so sorted operands come out the
// same in every process. Numbers come first, then constants, scalars, applied functions, expectations, tensors, sums.
// A power is placed beside its base, so that x, x^2, x*y print next to each other.

using System.Runtime.CompilerServices;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>The total structural order of expressions.</summary>
internal static class ExpressionOrder
{
    /// <summary>Negative, 0 or positive; 0 only for the same object.</summary>
    public static int Compare(Expression left, Expression right)
    {
        if (ReferenceEquals(left, right))
            return 0;
        if (left is Product || right is Product)
            return CompareLists(left.Factors, right.Factors);
        Expression leftBase = Power.BaseOf(left), rightBase = Power.BaseOf(right);
        if (!ReferenceEquals(leftBase, rightBase))
            return CompareBases(leftBase, rightBase);
        return Compare(Power.ExponentOf(left), Power.ExponentOf(right));
    }

    /// <summary>Lexicographic; a list comes before its continuations.</summary>
    public static int CompareLists(ReadOnlySpan<Expression> left, ReadOnlySpan<Expression> right)
    {
        for (int at = 0; at < left.Length && at < right.Length; at++)
        {
            int order = Compare(left[at], right[at]);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareBases(Expression left, Expression right) =>
        left.Operands.IsEmpty || right.Operands.IsEmpty || RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? CompareBasesHere(left, right)
            : DeepRecursion.Call(pair => CompareBasesHere(pair.left, pair.right), (left, right));

    private static int CompareBasesHere(Expression left, Expression right)
    {
        if (left is Product || right is Product) // a product under a power that does not distribute
            return left is Product && right is Product ? CompareLists(left.Factors, right.Factors) : left is Product ? 1 : -1;
        if (left is Power || right is Power)
            return left is Power && right is Power ? CompareLists(left.Operands, right.Operands) : left is Power ? 1 : -1;
        if (left.Rank != right.Rank)
            return left.Rank.CompareTo(right.Rank);
        switch (left)
        {
            case Number number:
                return number.Value.CompareTo(((Number)right).Value);
            case Constant constant:
                return string.CompareOrdinal(constant.Name, ((Constant)right).Name);
            case Symbol symbol:
                var otherSymbol = (Symbol)right;
                int byName = CompareNames(symbol.Name, otherSymbol.Name);
                return byName != 0 ? byName : string.CompareOrdinal(symbol.Latex, otherSymbol.Latex);
            case Call call:
                var otherCall = (Call)right;
                int byFunction = call.Function.CompareTo(otherCall.Function);
                return byFunction != 0 ? byFunction : CompareLists(call.Operands, otherCall.Operands);
            case ITensorExpression tensor:
                int byContent = tensor.CompareContent(right);
                return byContent != 0 ? byContent : CompareLists(left.Operands, right.Operands);
            default:
                return CompareLists(left.Operands, right.Operands);
        }
    }

    // Small letters before capitals, as products are written: alpha^2 eps^2 C_W.
    private static int CompareNames(string left, string right)
    {
        bool leftCapital = left.Length > 0 && char.IsAsciiLetterUpper(left[0]);
        bool rightCapital = right.Length > 0 && char.IsAsciiLetterUpper(right[0]);
        return leftCapital != rightCapital ? leftCapital.CompareTo(rightCapital) : string.CompareOrdinal(left, right);
    }
}
