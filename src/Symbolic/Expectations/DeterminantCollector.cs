// a c g^p M - b^2 g^p M = g^(p+1) M, where g = gramdet(a, b, c) = a c - b^2: near correlation 1 or -1 the two terms on the left
// nearly cancel, and each is as large as 1/sqrt(g).

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Puts determinants together that integration has multiplied out.</summary>
internal static class DeterminantCollector
{
    /// <summary>The same sum with fewer terms.</summary>
    public static Expression Collect(Expression sum)
    {
        var terms = new List<Expression>(sum.Terms.ToArray());
        for (int at = 0; at < terms.Count; at++)
        {
            foreach (Expression factor in terms[at].Factors)
            {
                if (Power.BaseOf(factor) is not Call { Function: var function } determinant || function != CompoundFunctions.GramDeterminant
                    || Power.ExponentOf(factor) is not Number { Value.Sign: < 0 })
                    continue;
                Expression product = determinant.Operands[0] * determinant.Operands[2], square = determinant.Operands[1].Pow(2);
                int partner = terms.IndexOf(-terms[at] * square / product);
                if (partner < 0)
                    continue;
                Expression joined = terms[at] * determinant / product;
                terms.RemoveAt(Math.Max(at, partner));
                terms.RemoveAt(Math.Min(at, partner));
                return Collect(Expression.Add([.. terms, joined]));
            }
        }

        return sum;
    }
}
