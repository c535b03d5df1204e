// E[G delta(v)] = density of v at 0 times E[G | v = 0].
// E[G delta_k(v)] = (-d/dt)^k E[G delta(v - t)] at t = 0.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Deltas: conditioning.</summary>
internal sealed class DeltaLaw : IGaussianLaw
{
    public string Name => "conditioning on a delta";

    public bool Applies(GaussianTerm term) => term.Deltas.Length > 0;

    public Expression? Expect(GaussianTerm term, Func<GaussianTerm, Expression?> others)
    {
        (int v, int order) = term.Deltas[0];
        GaussianTerm rest = term with { Deltas = term.Deltas[1..] };
        if (order == 0)
            return Condition(rest, v, Expression.Zero, others, allowCoincidentSteps: true);
        Symbol shift = Symbol.Of($"_shift{term.Deltas.Length}");
        Expression? shifted = Condition(rest, v, shift, others, allowCoincidentSteps: false);
        for (int count = 0; shifted is not null && count < order; count++)
            shifted = -shifted.Differentiate(shift);
        return shifted?.Substitute(shift, Expression.Zero);
    }

    /// <summary>The term times delta(v - value).</summary>
    public static Expression? Condition(GaussianTerm term, int v, Expression value, Func<GaussianTerm, Expression?> others, bool allowCoincidentSteps)
    {
        Expression variance = term.Vector.Covariance(v, v), mean = term.Vector.Mean(v);
        if (variance.IsZero)
            return null; // delta(u) delta(u) has no meaning
        GaussianVector given = term.Vector.Given(v, value);
        Expression weight = GaussianVector.PositivePower(2 * Constant.Pi * variance, -Rational.Half);
        var steps = new List<int>();
        int coincident = 0;
        foreach (int step in term.Steps)
        {
            if (!given.Covariance(step, step).IsZero)
                steps.Add(step);
            else if (!given.Mean(step).IsZero)
                weight *= Expression.Apply(ElementaryFunctions.Step, given.Mean(step));
            else
                coincident++;
        }

        // The step of a variable that is the same as v under this kernel: half of it at its jump.
        if (coincident > (allowCoincidentSteps ? 1 : 0))
            return null;
        if (coincident == 1)
            weight /= 2;
        Expression? rest = others(term with
        {
            Exponent = term.Exponent - ((mean - value).Pow(2) / (2 * variance)),
            Vector = given,
            Steps = [.. steps],
        });
        return rest is null ? null : weight * rest;
    }
}
