using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>Terms of equations between tensors.</summary>
internal static class EquationTerm
{
    /// <summary>What stands in front of a term, in the letters of a layer, and its tensors; the square of a component is two.</summary>
    public static (Expression Coefficient, IReadOnlyList<Indexed> Tensors) Of(Expression term)
    {
        Expression coefficient = Expression.One;
        var tensors = new List<Indexed>();
        foreach (Expression factor in term.Factors)
        {
            if (factor is Indexed tensor)
                tensors.Add(tensor);
            else if (Power.BaseOf(factor) is Indexed squared && (factor / squared).Expand() is Indexed)
                tensors.AddRange([squared, squared]);
            else
                coefficient *= factor;
        }

        return (coefficient, tensors);
    }
}
