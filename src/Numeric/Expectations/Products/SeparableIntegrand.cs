using System.Globalization;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>One product of an integrand: a number times one function of each of some variables.</summary>
/// <param name="Term">The product as an expression.</param>
/// <param name="Coefficient">The number.</param>
/// <param name="Variables">Positions of the variables that occur, increasing.</param>
/// <param name="Functions">The function of each.</param>
internal sealed record SeparableTerm(Expression Term, double Coefficient, IReadOnlyList<int> Variables, IReadOnlyList<Expression> Functions);

/// <summary>Reads an expression as a sum of products of functions of one variable each.</summary>
internal static class SeparableIntegrand
{
    /// <summary>The products; null if some factor mixes variables.</summary>
    /// <param name="integrand">The expression, without symbols other than the variables.</param>
    /// <param name="variables">The variables.</param>
    /// <param name="mixed">A factor that mixes variables, or null.</param>
    /// <exception cref="NotSupportedException">There are too many products.</exception>
    public static IReadOnlyList<SeparableTerm>? TryRead(Expression integrand, IReadOnlyList<Symbol> variables, out Expression? mixed)
    {
        var terms = new List<SeparableTerm>();
        var separated = Separated(integrand, variables);
        var expanded = separated.TermsExpanded();
        if (expanded > IntegrandReader.MostTerms)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"E[{integrand}] has {expanded:N0} terms when it is multiplied out, and at most {IntegrandReader.MostTerms:N0} are integrated one by one; write it with lower powers or in fewer variables."));
        foreach (var term in separated.Expand().Terms)
        {
            var coefficient = 1.0;
            var functions = new SortedDictionary<int, Expression>();
            foreach (var factor in term.Factors)
            {
                int[] found = [.. Enumerable.Range(0, variables.Count).Where(at => factor.Nodes().Contains(variables[at]))];
                if (found.Length > 1)
                {
                    mixed = factor;
                    return null;
                }

                if (found.Length == 0) coefficient *= factor.Evaluate(NoAtoms);
                else functions[found[0]] = functions.TryGetValue(found[0], out var before) ? before * factor : factor;
            }

            terms.Add(new SeparableTerm(term, coefficient, [.. functions.Keys], [.. functions.Values]));
        }

        mixed = null;
        return terms;
    }

    /// <summary>A function of one variable as a factor, with its kinks located.</summary>
    /// <exception cref="NotSupportedException">Its kinks cannot be located.</exception>
    public static GaussianFactor Factor(Expression function, Symbol variable) =>
        new(ScalarCompiler.Compile(function, variable), [.. Kinks.Find(function, variable).Select(kink => kink.Value)]);

    // e^(x + y) = e^x e^y: the one function whose argument may be taken apart.
    private static Expression Separated(Expression integrand, IReadOnlyList<Symbol> variables) => integrand.Rewrite(node =>
        node is Call { Function: var function } call && function == ElementaryFunctions.Exp && call.Operands[0].Expand() is Sum { } exponent
            && variables.Count(variable => exponent.Nodes().Contains(variable)) > 1
            ? Product.Of([.. exponent.Terms.ToArray().Select(term => Expression.Apply(ElementaryFunctions.Exp, term))])
            : null);

    private static readonly Dictionary<Expression, double> NoAtoms = [];
}
