// P(u_1 > 0, ..., u_m > 0):
//   one      Phi(mean / sqrt Var)
//   two      1/4 + arcsin(rho)/(2 pi)                      for means 0 (Sheppard)
//   three    1/8 + sum of the three arcsin(rho)/(4 pi)      for means 0
// Independent groups multiply. Anything else (means, or four dependent steps) has no elementary form.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Steps alone: orthant probabilities.</summary>
internal sealed class OrthantLaw : IGaussianLaw
{
    public string Name => "orthant probability";

    public bool Applies(GaussianTerm term) => term.Steps.Length > 0;

    public Expression? Expect(GaussianTerm term, Func<GaussianTerm, Expression?> others)
    {
        GaussianVector vector = term.Vector;
        var left = new List<int>(term.Steps);
        Expression factor = Expression.One;
        Expression? single = null;
        while (left.Count > 0)
        {
            List<int> group = [left[0]];
            left.RemoveAt(0);
            for (int at = 0; at < group.Count; at++)
            {
                foreach (int other in left.Where(other => !vector.Covariance(group[at], other).IsZero).ToList())
                {
                    group.Add(other);
                    left.Remove(other);
                }
            }

            if (group.Count == 1 && single is null && Threshold(vector, group[0]) is { } threshold)
                single = threshold;
            else if (Probability(vector, group) is { } probability)
                factor *= probability;
            else
                return null;
        }

        return factor * (single is null
            ? Expression.Apply(ElementaryFunctions.Exp, term.Exponent)
            : Expression.Apply(CompoundFunctions.ExpPhi, term.Exponent, single));
    }

    private static Expression? Threshold(GaussianVector vector, int u) =>
        vector.Covariance(u, u).IsZero ? null : vector.Mean(u) * GaussianVector.PositivePower(vector.Covariance(u, u), -Rational.Half);

    private static Expression? Probability(GaussianVector vector, List<int> group)
    {
        if (group.Count == 1)
        {
            return Threshold(vector, group[0]) is { } threshold
                ? Expression.Apply(ElementaryFunctions.Phi, threshold)
                : Expression.Apply(ElementaryFunctions.Step, vector.Mean(group[0]));
        }

        if (group.Any(u => !vector.Mean(u).IsZero))
            return null;
        return group.Count switch
        {
            2 => Rational.Of(1, 4) + (Angle(0, 1) / (2 * Constant.Pi)),
            3 => Rational.Of(1, 8) + ((Angle(0, 1) + Angle(0, 2) + Angle(1, 2)) / (4 * Constant.Pi)),
            _ => null,
        };

        Expression Angle(int i, int j) => Expression.Apply(
            CompoundFunctions.GramAngle,
            vector.Covariance(group[i], group[i]),
            vector.Covariance(group[i], group[j]),
            vector.Covariance(group[j], group[j]));
    }
}
