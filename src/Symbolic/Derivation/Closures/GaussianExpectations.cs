using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>E_{N(0,K)}[f] of a function in slots: polynomials by Wick, everything else as a named expectation.</summary>
internal static class GaussianExpectations
{
    /// <summary>The expectation, term by term.</summary>
    /// <param name="kernel">K.</param>
    /// <param name="indices">The input of each slot.</param>
    /// <param name="body">f in the slots x, y, z, w.</param>
    public static Expression Of(Tensor kernel, ReadOnlySpan<TensorIndex> indices, Expression body)
    {
        TensorIndex[] inputs = indices.ToArray();
        return Expression.Add(body.Expand().Terms.ToArray().Select(term => Polynomial(kernel, inputs, term) ?? GaussianMean.Of(kernel, inputs, term)));
    }

    // Null if the term is not a number times powers of slots.
    private static Expression? Polynomial(Tensor kernel, TensorIndex[] inputs, Expression term)
    {
        Expression number = Expression.One, fields = Expression.One;
        foreach (Expression factor in term.Factors)
        {
            int slot = -1;
            for (var at = 0; at < inputs.Length; at++)
            {
                if (ReferenceEquals(Power.BaseOf(factor), GaussianMean.Slot(at)))
                    slot = at;
            }

            if (factor is Number)
                number *= factor;
            else if (slot >= 0 && Power.ExponentOf(factor) is Number { Value: { IsInteger: true, Sign: > 0 } })
                fields *= Notation.Preactivation[ModePolynomials.Neuron, inputs[slot]].Pow(Power.ExponentOf(factor));
            else
                return null;
        }

        return number * WickTheorem.JointCumulant(GaussianFields.Row(Notation.Preactivation, (first, second) => kernel[first, second]), fields);
    }
}
