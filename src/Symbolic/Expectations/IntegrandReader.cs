// An integrand as a sum of products of
//   number * power of variables * exp(second degree) * sin, cos(affine) * Phi(affine) * step(affine) * delta_k(affine).
//   1. Everything else is written in these: relu u = u step u, |u| = u step u - u step(-u), sign u = step u - step(-u),
//      erf u = 2 Phi(sqrt(2) u) - 1, sinh and cosh by exp; a function of a step is taken apart at it.
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

    public IntegrandTerm Copy()
    {
        var copy = new IntegrandTerm(Powers.Length) { Coefficient = Coefficient, Exponent = Exponent };
        Powers.CopyTo(copy.Powers, 0);
        copy.Waves.AddRange(Waves);
        copy.Distributions.AddRange(Distributions);
        copy.Steps.AddRange(Steps);
        copy.Deltas.AddRange(Deltas);
        return copy;
    }
}

/// <summary>Reads integrands.</summary>
internal static class IntegrandReader
{
    private const int HighestPower = 64;

    /// <summary>The most terms of an integrand that is multiplied out.</summary>
    public const int MostTerms = 2_000;

    /// <summary>The products whose sum the integrand is, or null if some factor is of no known kind, or there are too many.</summary>
    public static List<IntegrandTerm>? TryRead(Expression integrand, IReadOnlyList<Symbol> variables)
    {
        var terms = new List<IntegrandTerm>();
        Expression basic = InBasicFunctions(integrand, variables);
        if (basic.TermsExpanded() > MostTerms)
            return null;
        foreach (Expression term in basic.Expand().Terms)
        {
            var read = new IntegrandTerm(variables.Count);
            foreach (Expression factor in term.Factors)
            {
                if (!TryRead(factor, variables, read))
                    return null;
            }

            ResolveStepsAtDeltas(read);
            terms.AddRange(MergeParallelSteps(read));
        }

        return terms;
    }

    // step, without the rule step(-u) = 1 - step(u): next to a growing exponential that difference would cancel.
    private static readonly ElementaryFunction HalfLine = new("halfline", SpecialFunctions.Step, u => Expression.Apply(ElementaryFunctions.Delta, u));

    private static Expression InBasicFunctions(Expression integrand, IReadOnlyList<Symbol> variables) => integrand.Rewrite(node =>
    {
        switch (node)
        {
            case Call { Function: var f } call when variables.Any(call.Contains):
                if (SplitAtStep(call) is { } split)
                    return split;
                Expression u = call.Operands[0];
                return f == ElementaryFunctions.Step ? Half(u)
                    : f == ElementaryFunctions.Relu ? u * Half(u)
                    : f == ElementaryFunctions.Abs ? u * (Half(u) - Half(-u))
                    : f == ElementaryFunctions.Sign ? Half(u) - Half(-u)
                    : f == ElementaryFunctions.Erf ? (2 * Phi(u)) - 1
                    : f == ElementaryFunctions.Erfc ? 2 * Phi(-u)
                    : f == ElementaryFunctions.Sinh ? (Exp(u) - Exp(-u)) / 2
                    : f == ElementaryFunctions.Cosh ? (Exp(u) + Exp(-u)) / 2
                    : f == ElementaryFunctions.ExpMinusOne ? Exp(u) - 1
                    : null;
            case Power { Exponent: Number { Value: var p } } power when !p.IsInteger || p.Sign < 0:
                return SplitAtStep(power);
            case Sum { Operands: [{ IsOne: true }, Product { Operands: [Number { Value: var minus }, Call { Function: var f } call] }] } when minus == -1 && f == HalfLine:
                return Half(-call.Operands[0]);
            default:
                return null;
        }
    });

    // f(... step(u) ...) = step(u) f(... 1 ...) + step(-u) f(... 0 ...).
    private static Expression? SplitAtStep(Expression node)
    {
        Expression? step = null;
        foreach (Expression operand in node.Operands)
            step ??= operand.Nodes().FirstOrDefault(inner => inner is Call { Function: var f } && f == HalfLine);
        if (step is not Call call)
            return null;
        Expression mirror = Half(-call.Operands[0]);
        Expression on = Put(1, 0), off = Put(0, 1);
        return (step * (SplitAtStep(on) ?? on)) + (mirror * (SplitAtStep(off) ?? off));

        // The function around it is written in basic ones afresh.
        Expression Put(int here, int there) =>
            node.Substitute(new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance) { [step] = here, [mirror] = there })
                .Rewrite(inner => inner is Call { Function: var f } expm1 && f == ElementaryFunctions.ExpMinusOne ? Exp(expm1.Operands[0]) - 1 : null);
    }

    private static Expression Half(Expression u)
    {
        if (u is Number)
            return Expression.Apply(ElementaryFunctions.Step, u);
        Rational scale = Rational.Abs(ElementaryFunctions.SplitScale(u).Scale);
        return Expression.Apply(HalfLine, scale.IsOne ? u : u * (Rational.One / scale));
    }

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
        else if (function == HalfLine)
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

    // At a delta of the same argument, a product of p steps of it and q of its mirror image has the weight
    // p! q! / (p + q + 1)!, the integral of s^p (1 - s)^q ds: then derivatives of powers of steps come out right.
    private static void ResolveStepsAtDeltas(IntegrandTerm term)
    {
        foreach ((AffineForm delta, int order) in term.Deltas)
        {
            if (order > 0)
                continue;
            int here = 0, mirrored = 0;
            AffineForm mirror = delta.Mirrored();
            for (int at = term.Steps.Count - 1; at >= 0; at--)
            {
                (AffineForm form, int power) = term.Steps[at];
                if (!form.Equals(delta) && !form.Equals(mirror))
                    continue;
                if (form.Equals(delta))
                    here += power;
                else
                    mirrored += power;
                term.Steps.RemoveAt(at);
            }

            term.Coefficient *= Rational.Factorial(here) * Rational.Factorial(mirrored) / Rational.Factorial(here + mirrored + 1);
        }
    }

    // step(u + a) step(u + b) = step(u + min(a, b)), and step(u + a) step(b - u) = step(u + a) - step(u - b), or 0 where
    // a + b is not positive. Proportional arguments have equal slopes, because they are primitive.
    private static IEnumerable<IntegrandTerm> MergeParallelSteps(IntegrandTerm term)
    {
        for (int i = 0; i < term.Steps.Count; i++)
        {
            for (int j = term.Steps.Count - 1; j > i; j--)
            {
                AffineForm first = term.Steps[i].Form, second = term.Steps[j].Form, mirror = second.Mirrored();
                if (first.IsParallelTo(second) && (first.Constant - second.Constant) is Number { Value: var difference })
                {
                    if (difference.Sign > 0)
                        term.Steps[i] = term.Steps[j];
                    term.Steps.RemoveAt(j);
                }
                else if (first.IsParallelTo(mirror) && (first.Constant - mirror.Constant) is Number { Value: var width })
                {
                    if (width.Sign <= 0)
                        return [];
                    term.Steps.RemoveAt(j);
                    IntegrandTerm beyond = term.Copy();
                    beyond.Steps[i] = (mirror, 1);
                    beyond.Coefficient = -beyond.Coefficient;
                    return [.. MergeParallelSteps(term), .. MergeParallelSteps(beyond)];
                }
            }
        }

        return [term];
    }
}
