// An integrand that sees its variables through one linear form, as (x + y + z)^40 or tanh(x + y) does, is a function of one Gaussian variable.

using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>Finds the one linear form that an integrand depends on.</summary>
internal static class OneForm
{
    // Of a form that is not written out, such as 2 (x + y) - 3; more are multiplied out for nothing.
    private const int MostTerms = 64;

    /// <summary>The integrand as a function of the first variable alone, which stands for the form, and the form's coefficients; null if there is no such form.</summary>
    /// <param name="integrand">An expression in at least two variables, without other symbols.</param>
    /// <param name="variables">The variables.</param>
    public static (Expression Integrand, Rational[] Slopes)? TryRead(Expression integrand, IReadOnlyList<Symbol> variables)
    {
        Rational[]? direction = null;
        // Seen from the top: a sum that is a form is not taken apart.
        return DeepRecursion.Call(Visit, integrand) is { } reduced && direction is not null
            ? (reduced, direction)
            : null;

        Expression? Visit(Expression node)
        {
            if (!variables.Any(node.Contains))
                return node;
            if (node is Symbol or Sum or Product && node.TermsExpanded() <= MostTerms && AffineForm.TryRead(node, variables) is { } form)
                return Form(form);
            var operands = new Expression[node.Operands.Length];
            for (int at = 0; at < operands.Length; at++)
            {
                if (DeepRecursion.Call(Visit, node.Operands[at]) is not { } operand)
                    return null;
                operands[at] = operand;
            }

            return node.WithOperands(operands);
        }

        Expression? Form(AffineForm form)
        {
            if (form.Slopes.Any(slope => slope is not Number))
                return null;
            Rational[] slopes = [.. form.Slopes.Select(slope => ((Number)slope).Value)];
            Rational scale = slopes.FirstOrDefault(slope => !slope.IsZero);
            if (scale.IsZero)
                return form.Constant;
            Rational[] own = [.. slopes.Select(slope => slope / scale)];
            direction ??= own;
            return direction.SequenceEqual(own) ? (scale * (Expression)variables[0]) + form.Constant : null;
        }
    }
}
