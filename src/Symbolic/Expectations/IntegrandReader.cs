// An integrand as a sum of products of
//   number * power of variables * exp(second degree) * sin, cos(affine) * Phi(affine) * step(affine) * delta_k(affine).
//   1. Everything else is written in these: relu u = u step u, |u|^k = u^k (2 step u - 1) for odd k, sign u = 2 step u - 1,
//      erf u = 2 Phi(sqrt(2) u) - 1, sinh and cosh by exp.
//   2. The products are multiplied out and each factor classified. A factor of another kind: no closed form.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>One product of the integrand.</summary>
internal sealed class IntegrandTerm(int variables)
{
    public Expression Coefficient { get; set; } = Expression.One;

    public int[] Powers { get; } = new int[variables];

    /// <summary>The exponent of the exponential factor.</summary>
    public Expression Exponent { get; set; } = Expression.Zero;

    public List<(AffineForm Form, bool IsSine)> Waves { get; } = [];

    public List<AffineForm> Distributions { get; } = [];

    public List<(AffineForm Form, int Power)> Steps { get; } = [];

    public List<(AffineForm Form, int Order)> Deltas { get; } = [];
}

/// <summary>Reads integrands.</summary>
internal static class IntegrandReader
{
    private const int HighestPower = 64;

    /// <summary>The products whose sum the integrand is, or null if some factor is of no known kind.</summary>
    public static List<IntegrandTerm>? TryRead(Expression integrand, IReadOnlyList<Symbol> variables)
    {
        var terms = new List<IntegrandTerm>();
        foreach (Expression term in InBasicFunctions(integrand, variables).Expand().Terms)
        {
            var read = new IntegrandTerm(variables.Count);
            foreach (Expression factor in term.Factors)
            {
                if (!TryRead(factor, variables, read))
                    return null;
            }

            MergeParallelSteps(read);
            terms.Add(read);
        }

        return terms;
    }

    private static Expression InBasicFunctions(Expression integrand, IReadOnlyList<Symbol> variables) => integrand.Rewrite(node =>
    {
        switch (node)
        {
            case Call { Function: var f } call when variables.Any(call.Contains):
                Expression u = call.Operands[0];
                return f == ElementaryFunctions.Relu ? u * Step(u)
                    : f == ElementaryFunctions.Abs ? u * ((2 * Step(u)) - 1)
                    : f == ElementaryFunctions.Sign ? (2 * Step(u)) - 1
                    : f == ElementaryFunctions.Erf ? (2 * Phi(u)) - 1
                    : f == ElementaryFunctions.Erfc ? 2 - (2 * Phi(u))
                    : f == ElementaryFunctions.Sinh ? (Exp(u) - Exp(-u)) / 2
                    : f == ElementaryFunctions.Cosh ? (Exp(u) + Exp(-u)) / 2
                    : f == ElementaryFunctions.ExpMinusOne ? Exp(u) - 1
                    : null;
            default:
                return null;
        }
    });

    private static Expression Step(Expression u) => Expression.Apply(ElementaryFunctions.Step, u);

    private static Expression Phi(Expression u) => Expression.Apply(ElementaryFunctions.Phi, Power.Of(2, Expression.Half) * u);

    private static Expression Exp(Expression u) => Expression.Apply(ElementaryFunctions.Exp, u);

    private static bool TryRead(Expression factor, IReadOnlyList<Symbol> variables, IntegrandTerm term)
    {
        if (!variables.Any(factor.Contains))
        {
            term.Coefficient *= factor;
            return true;
        }

        Expression @base = Power.BaseOf(factor);
        if (Power.ExponentOf(factor) is not Number { Value: { IsInteger: true } exponent } || Rational.Abs(exponent) > HighestPower)
            return false;
        int power = (int)exponent.Numerator;
        if (@base is Call { Function: var exp } && exp == ElementaryFunctions.Exp)
        {
            term.Exponent += power * ((Call)@base).Operands[0];
            return true;
        }

        if (power < 0)
            return false;
        for (int at = 0; at < variables.Count; at++)
        {
            if (ReferenceEquals(@base, variables[at]))
            {
                term.Powers[at] += power;
                return true;
            }
        }

        if (@base is not Call { Function: var function } call || call.Operands.Length != 1 || AffineForm.TryRead(call.Operands[0], variables) is not { } form)
            return false;
        if (function == ElementaryFunctions.Sin || function == ElementaryFunctions.Cos)
        {
            for (int count = 0; count < power; count++)
                term.Waves.Add((form, function == ElementaryFunctions.Sin));
        }
        else if (function == ElementaryFunctions.Phi)
        {
            for (int count = 0; count < power; count++)
                term.Distributions.Add(form);
        }
        else if (function == ElementaryFunctions.Step)
        {
            term.Steps.Add((form, power));
        }
        else if (DeltaFunctions.OrderOf(function) is { } order && power == 1)
        {
            term.Deltas.Add((form, order));
        }
        else
        {
            return false;
        }

        return term.Waves.Count <= 8;
    }

    // step(u + a) step(u + b) = step(u + min(a, b)). Steps of proportional arguments have equal slopes, because a step has a
    // primitive argument.
    private static void MergeParallelSteps(IntegrandTerm term)
    {
        for (int i = 0; i < term.Steps.Count; i++)
        {
            for (int j = term.Steps.Count - 1; j > i; j--)
            {
                if (!term.Steps[i].Form.Slopes.SequenceEqual(term.Steps[j].Form.Slopes)
                    || (term.Steps[i].Form.Constant - term.Steps[j].Form.Constant) is not Number { Value: var difference })
                    continue;
                if (difference.Sign > 0)
                    term.Steps[i] = term.Steps[j];
                term.Steps.RemoveAt(j);
            }
        }
    }
}
