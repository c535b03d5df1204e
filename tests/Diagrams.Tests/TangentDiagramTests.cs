using System.Collections.Immutable;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Tangent;
using SymbolicEft.Diagrams.Tests.Routes;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>The mixed theory of G and the tangent kernel against the statements of its equations, which know no diagrams.</summary>
public class TangentDiagramTests
{
    private static readonly EquationSystem OfKernel = TangentTheory.Plain(new GOnly()), OfModes = TangentTheory.Plain(new HermiteModes(4));

    // Theta1 carried on; K1, V4 and the covariance with Theta in derivatives; two neurons.
    [Fact]
    public void The_mean_has_five_contributions_in_G_and_four_in_modes()
    {
        Assert.Equal(["1", "0", "01", "00", ""], Legs(OfKernel));
        Assert.Equal(["1", "0", "01", ""], Legs(OfModes));
        Assert.Equal(["1", "0", "01", "00", ""], Legs(TangentTheory.Plain(new GConnected())));

        static string[] Legs(EquationSystem system) => [.. new TangentTerms(system).Of(TangentDerivation.Correction).Select(term => string.Concat(term.Legs))];
    }

    // Two routes, and both name the cumulants that the statements hold.
    [Theory]
    [InlineData(false, "1", 1)]
    [InlineData(false, "01", 0)]
    [InlineData(false, "11", 0)]
    [InlineData(true, "1", 1)]
    [InlineData(true, "11", 0)]
    public void Diagrams_moments_and_statements_agree(bool hasModes, string legs, int loops)
    {
        EquationSystem system = hasModes ? OfModes : OfKernel;
        ImmutableArray<int> external = [.. legs.Select(leg => leg - '0')];
        CumulantEquation equation = EquationComparison.DeriveTwice(new DiagramRequest { Theory = TangentTheory.Of(system), ExternalFields = external, Loops = loops });
        IEnumerable<string> held = equation.Terms.Select(term => string.Concat(term.Factors.SelectMany(factor => factor.Cumulant.LegsByField.SelectMany((count, field) => Enumerable.Repeat(field, count))))).Distinct();

        // In a layer both legs may be driven by G at once, in depth time only one after the other.
        string[] stated = [.. new TangentTerms(system).Of(loops == 1 ? TangentDerivation.Correction : legs == "01" ? TangentDerivation.WithKernel : TangentDerivation.Variance).Select(term => string.Concat(term.Legs))];
        Assert.Equal(stated.Where(each => loops == 1 || each.Count(leg => leg == '0') <= legs.Count(leg => leg == '0') + 1).Order(StringComparer.Ordinal), held.Order(StringComparer.Ordinal));
    }

    // Every diagram stands beside one term, and every term but the one that is carried on beside one diagram.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_diagram_of_the_mean_has_its_term(bool hasModes)
    {
        EquationSystem system = hasModes ? OfModes : OfKernel;
        DiagramSet set = DiagramGenerator.Generate(new DiagramRequest { Theory = TangentTheory.Of(system), ExternalFields = [TangentTheory.Tangent], Loops = 1 });
        IReadOnlyList<TangentTerm> terms = new TangentTerms(system).Of(TangentDerivation.Correction);

        Assert.Equal(set.Diagrams.Select(diagram => diagram.Id).Order(StringComparer.Ordinal), terms.SelectMany(term => TangentTheory.Of(set, term)).Select(diagram => diagram.Id).Order(StringComparer.Ordinal));
        Assert.Equal(terms.Count - 1, set.Diagrams.Length);
    }
}
