using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The limit of small steps: t = eps^2 l at alpha = 1.</summary>
internal static class DepthTimeLimit
{
    /// <summary>The rate of change in t: the coefficient of eps^2 in one layer's change, at alpha = 1.</summary>
    /// <param name="change">Value at the next layer less the present value.</param>
    /// <exception cref="InvalidOperationException">The change has a term of order eps^0 or eps^1: there is no such limit.</exception>
    public static Expression Rate(Expression change)
    {
        Expression atOne = change.Substitute(Notation.Skip, 1).Expand();
        for (int power = 0; power < 2; power++)
        {
            if (!atOne.Coefficient(Notation.Step, power).IsZero)
                throw new InvalidOperationException($"The change of a layer does not vanish like eps^2 (order eps^{power} is left), so it has no depth-time limit.");
        }

        return atOne.Coefficient(Notation.Step, 2);
    }
}
