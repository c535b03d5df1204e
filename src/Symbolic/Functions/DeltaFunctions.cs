// delta, delta_1 = delta', delta_2 = delta'', ...: distributions that appear when step is differentiated.
// delta_k(c x) = delta_k(x) / (c^k |c|) for a number c; a shift inside the argument stays.

using System.Collections.Concurrent;
using System.Globalization;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>Dirac's delta and its derivatives.</summary>
internal static class DeltaFunctions
{
    private const int HighestOrder = 200;
    private static readonly ConcurrentDictionary<int, ElementaryFunction> Known = new();

    /// <summary>The k-th derivative of delta.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative or above 200.</exception>
    public static ElementaryFunction OfOrder(int order) =>
        order is < 0 or > HighestOrder
            ? throw new ArgumentOutOfRangeException(nameof(order), order, $"The order of a derivative of delta is 0 to {HighestOrder}.")
            : Known.GetOrAdd(order, Make);

    /// <summary>The order k if the function is the k-th derivative of delta, else null.</summary>
    public static int? OrderOf(Function function) => OrderOf(function.Name);

    /// <summary>An expression away from its deltas, as a function that has a value everywhere: every delta is 0.</summary>
    public static Expression LeaveOut(Expression expression) =>
        expression.Rewrite(node => node is Call { Function: var function } && OrderOf(function) is not null ? Expression.Zero : null);

    internal static ElementaryFunction? Find(string name) => OrderOf(name) is { } order ? OfOrder(order) : null;

    private static int? OrderOf(string name) =>
        name == "delta" ? 0
        : name.StartsWith("delta_", StringComparison.Ordinal) && name.Length > 6 && name[6] != '0'
            && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int order) && order <= HighestOrder ? order
        : null;

    private static ElementaryFunction Make(int order) =>
        new(
            order == 0 ? "delta" : $"delta_{order.ToString(CultureInfo.InvariantCulture)}",
            SpecialFunctions.Delta,
            x => Expression.Apply(OfOrder(order + 1), x),
            order switch { 0 => @"\delta", <= 3 => @"\delta" + new string('\'', order), _ => $@"\delta^{{({order.ToString(CultureInfo.InvariantCulture)})}}" },
            x => Rewrite(order, x))
        {
            Branches = (_, _) => Expression.Zero,
        };

    private static Expression? Rewrite(int order, Expression argument)
    {
        if (argument is Number number)
            return number.Value.IsZero ? null : Expression.Zero;
        (Rational scale, Expression primitive) = ElementaryFunctions.SplitScale(argument);
        return scale.IsOne ? null : Rational.One / (Rational.Pow(scale, order) * Rational.Abs(scale)) * Expression.Apply(OfOrder(order), primitive);
    }
}
