using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>Terms of equations between tensors.</summary>
internal static class EquationTerm
{
    /// <summary>The number in front of a term, at a layer's parameters, and its tensors.</summary>
    public static (double Coefficient, IReadOnlyList<Indexed> Tensors) Of(Expression term, LayerParameters layer)
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

        return (ValueOf(coefficient, layer), tensors);
    }

    /// <summary>The value of an expression in the parameters of a layer.</summary>
    public static double ValueOf(Expression coefficient, LayerParameters layer)
    {
        double[] parameters = layer.ToArray();
        var atoms = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance);
        foreach (Symbol symbol in coefficient.Nodes().OfType<Symbol>())
            atoms[symbol] = parameters[LayerParameters.SlotOf(symbol)];
        return coefficient.Evaluate(atoms);
    }
}
