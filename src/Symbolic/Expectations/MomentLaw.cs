// Isserlis' theorem with means, by Stein's identity on the first power left:
//   E[x_i G] = mean_i E[G] + sum_j Cov_ij E[dG/dx_j].
// A step in G contributes Cov(x_i, u) E[... delta(u)], which the law of deltas takes.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Powers: Isserlis' theorem, with a boundary term for each step.</summary>
internal sealed class MomentLaw : IGaussianLaw
{
    public string Name => "Isserlis";

    public bool Applies(GaussianTerm term) => term.Powers.Any(power => power > 0);

    public Expression? Expect(GaussianTerm term, Func<GaussianTerm, Expression?> others)
    {
        var known = new Dictionary<string, Expression?>(StringComparer.Ordinal);
        // Without powers, and each boundary term, is asked for once only.
        return Moment(term.Powers);

        Expression? Moment(int[] powers)
        {
            string key = string.Join(',', powers);
            if (!known.TryGetValue(key, out Expression? value))
                known.Add(key, value = Compute(powers));
            return value;
        }

        Expression? Compute(int[] powers)
        {
            int i = Array.FindIndex(powers, power => power > 0);
            if (i < 0)
                return others(term with { Powers = powers });
            GaussianVector vector = term.Vector;
            int[] less = Less(powers, i);
            Expression? sum = Scaled(vector.Mean(i), () => Moment(less));
            for (int j = 0; sum is not null && j < less.Length; j++)
            {
                if (less[j] > 0)
                    sum = Plus(sum, Scaled(less[j] * vector.Covariance(i, j), () => Moment(Less(less, j))));
            }

            for (int at = 0; sum is not null && at < term.Steps.Length; at++)
            {
                int step = at;
                GaussianTerm boundary = term with { Powers = less, Steps = [.. term.Steps[..step], .. term.Steps[(step + 1)..]] };
                sum = Plus(sum, Scaled(vector.Covariance(i, term.Steps[step]), () =>
                    DeltaLaw.Condition(boundary, term.Steps[step], Expression.Zero, others, allowCoincidentSteps: true)));
            }

            return sum?.Expand();
        }
    }

    private static int[] Less(int[] powers, int at)
    {
        int[] result = [.. powers];
        result[at]--;
        return result;
    }

    private static Expression? Plus(Expression left, Expression? right) => right is null ? null : left + right;

    private static Expression? Scaled(Expression factor, Func<Expression?> value) =>
        factor.IsZero ? Expression.Zero : value() is { } found ? factor * found : null;
}
