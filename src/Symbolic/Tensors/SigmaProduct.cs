using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Tensors;

/// <summary>Integrands that are products of two derivatives of sigma, which closures on G alone need.</summary>
internal static class SigmaProduct
{
    /// <summary>Reads an integrand as sigma^(i) sigma^(j), each at a slot of <see cref="GaussianMean.Slot"/>; null if it is anything else.</summary>
    /// <param name="body">The integrand.</param>
    /// <returns>Slot and order of each, in ascending order.</returns>
    public static ((int Slot, int Order) First, (int Slot, int Order) Second)? Of(Expression body)
    {
        var found = new List<(int Slot, int Order)>();
        foreach (Expression factor in body.Factors)
        {
            int copies = Power.ExponentOf(factor) is Number { Value: { IsInteger: true, Sign: > 0 } power } ? (int)power.Numerator : 0;
            if (copies == 0 || Power.BaseOf(factor) is not Call { Function: ActivationFunction activation } call)
                return null;
            int slot = ReferenceEquals(call.Operands[0], GaussianMean.Slot(0)) ? 0 : ReferenceEquals(call.Operands[0], GaussianMean.Slot(1)) ? 1 : -1;
            if (slot < 0)
                return null;
            found.AddRange(Enumerable.Repeat((slot, activation.Order), copies));
        }

        found.Sort();
        return found is [var first, var second] ? (first, second) : null;
    }
}
