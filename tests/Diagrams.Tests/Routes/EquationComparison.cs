using System.Collections.Immutable;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests.Routes;

/// <summary>A term on which two derivations disagree.</summary>
/// <param name="Monomial">The term without its coefficient.</param>
/// <param name="Left">Its coefficient in the first derivation, zero if absent.</param>
/// <param name="Right">Its coefficient in the second derivation, zero if absent.</param>
internal sealed record TermMismatch(string Monomial, Rational Left, Rational Right);

/// <summary>Compares two derivations of an equation term by term.</summary>
internal static class EquationComparison
{
    /// <summary>All terms on which two right-hand sides disagree.</summary>
    /// <param name="left">First right-hand side.</param>
    /// <param name="right">Second right-hand side.</param>
    public static ImmutableArray<TermMismatch> Compare(IEnumerable<CumulantTerm> left, IEnumerable<CumulantTerm> right)
    {
        Dictionary<string, Rational> first = Coefficients(left);
        Dictionary<string, Rational> second = Coefficients(right);
        return
        [
            .. first.Keys.Union(second.Keys)
                .Order(StringComparer.Ordinal)
                .Select(monomial => new TermMismatch(monomial, first.GetValueOrDefault(monomial), second.GetValueOrDefault(monomial)))
                .Where(term => term.Left != term.Right),
        ];
    }

    /// <summary>Derives an equation from the diagrams and from the moments; the test fails with both coefficients of every term on which they disagree.</summary>
    /// <param name="request">The diagrams of the cumulant: all connected ones with labelled external legs, of a theory with any number of fields.</param>
    /// <param name="keepDiagrams">False leaves the diagrams out of the terms, which millions of them need.</param>
    /// <returns>The equation, from the diagrams.</returns>
    public static CumulantEquation DeriveTwice(DiagramRequest request, bool keepDiagrams = true)
    {
        CumulantEquation equation = keepDiagrams ? request.Derive() : request.DeriveWithoutDiagrams();
        var vanishing = new Dictionary<Cumulant, bool>();
        ImmutableArray<TermMismatch> mismatches = Compare(Surviving(equation.Collect()), Surviving(MomentRoute.Derive(request.Theory, equation.Cumulant)));
        Assert.True(mismatches.IsEmpty, string.Join("; ", mismatches.Select(term => $"{term.Monomial}: {term.Left} from diagrams, {term.Right} from moments")));
        return equation;

        // Moments and linear terms name every cumulant; one that no diagram contributes to, such as the mean of a field without drift, is
        // zero at all times, and no term with it survives.
        IEnumerable<CumulantTerm> Surviving(IEnumerable<CumulantTerm> terms) => terms.Where(term => !term.Factors.Any(Vanishes));

        bool Vanishes(Cumulant cumulant)
        {
            if (vanishing.TryGetValue(cumulant, out bool known)) return known;
            ImmutableArray<int> fields = [.. cumulant.LegsByField.SelectMany((legs, field) => Enumerable.Repeat(field, legs))];
            bool none = !Exists(request with { ExternalFields = fields, Loops = cumulant.Loops });
            vanishing.Add(cumulant, none);
            return none;
        }
    }

    // The search is stopped at the first diagram.
    private static bool Exists(DiagramRequest request)
    {
        using var found = new CancellationTokenSource();
        try
        {
            DiagramGenerator.Visit(request, _ => found.Cancel(), null, found.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }

        return found.IsCancellationRequested;
    }

    private static Dictionary<string, Rational> Coefficients(IEnumerable<CumulantTerm> terms) =>
        CumulantTerm.Collect(terms).ToDictionary(term => term.Monomial, term => term.Coefficient);
}
