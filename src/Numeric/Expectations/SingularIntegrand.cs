// Where a quadrature fails, why: at a zero of the base of a negative power an integrand may grow like |x - r|^-q, and with q of 1 and more it
// has no integral. q is measured, |f| at r + h from h = 2^-16 to 2^-32, so that factors that vanish at r count as well.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>Recognises integrands of one or two variables that are not integrable at a point or along a line.</summary>
internal static class SingularIntegrand
{
    private const int FirstHalving = 16, LastHalving = 32;
    private const double Tolerance = 1e-4;

    // Where the other variable is held: nowhere that anything happens.
    private const double Generic = 0.7390851;

    /// <summary>Why E[f] does not exist, a sentence; null if no such singularity is found.</summary>
    /// <param name="integrand">f.</param>
    /// <param name="variables">The variables that occur in it.</param>
    public static string? Explain(Expression integrand, IReadOnlyList<Symbol> variables)
    {
        if (variables.Count is 0 or > 2)
            return null;
        foreach (Symbol variable in variables)
        {
            Symbol? other = variables.FirstOrDefault(each => each != variable);
            Func<double, double> f = other is null
                ? ScalarCompiler.Compile(integrand, variable)
                : ScalarCompiler.Compile(integrand, variable, other) is var both ? x => both(x, Generic) : throw new InvalidOperationException();
            foreach (double root in Roots(integrand, variable, other))
            {
                double growth = Math.Max(Growth(f, root, 1), Growth(f, root, -1));
                if (growth >= 1 - Tolerance)
                {
                    string distance = root == 0 ? $"|{variable}|" : FormattableString.Invariant($"|{variable} - {root:G6}|").Replace("- -", "+ ", StringComparison.Ordinal);
                    return FormattableString.Invariant($"E[{integrand}] does not exist: near {variable} = {root:G6} the integrand grows like {distance}^-{growth:G3}, and from the power -1 on there is no integral.");
                }
            }
        }

        return null;
    }

    private static IEnumerable<double> Roots(Expression integrand, Symbol variable, Symbol? other)
    {
        var roots = new SortedSet<double>();
        foreach (Expression node in integrand.Nodes())
        {
            if (node is not Power { Exponent: Number { Value.Sign: < 0 } } power || !power.Base.Contains(variable) || (other is not null && power.Base.Contains(other)))
                continue;
            try
            {
                foreach (KinkPoint zero in Kinks.Find(Call.Of(ElementaryFunctions.Delta, [power.Base]), variable))
                    roots.Add(zero.Value);
            }
            catch (NotSupportedException)
            {
                // 1/sin(x): infinitely many.
            }
        }

        return roots;
    }

    private static double Growth(Func<double, double> f, double root, int sign)
    {
        double scale = Math.Max(1, Math.Abs(root));
        double At(int halving) => Math.Abs(f(root + (sign * scale * Math.ScaleB(1, -halving))));
        double growth = Math.Log2(At(LastHalving) / At(FirstHalving)) / (LastHalving - FirstHalving);
        return double.IsFinite(growth) ? growth : 0;
    }
}
