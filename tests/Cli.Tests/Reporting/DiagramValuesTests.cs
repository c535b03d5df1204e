using System.Text.Json;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Reporting;

// Every diagram's value comes from its own equation, made of its last moves; the cumulants come from the moment expansion,
// which knows no diagrams. They must add up, at every depth and for equal and different inputs.
public class DiagramValuesTests
{
    [Theory]
    [InlineData("discrete", 1e-11, "tanh(x)", "certified", "1")]
    [InlineData("continuous", 1e-8, "tanh(x)", "certified", "1")]
    [InlineData("euler", 1e-11, "gelu", "certified", "0")]
    [InlineData("euler", 1e-11, "tanh(x)", "gauss-hermite(32)", "0")]
    public void The_diagrams_add_up_to_the_cumulants(string stepping, double tolerance, string activation, string quadrature, string order)
    {
        DiagramGallery gallery = Gallery(
            ("--kernel", "[[2,.6],[.6,1.5]]"), ("--activation", activation), ("--weight-variance", "2"), ("--step", ".1"), ("--depth", "40"), ("--record", "3"),
            ("--stepping", stepping), ("--quadrature", quadrature), ("--order", order));
        Assert.Equal(order == "0" ? ["V4", "K1"] : ["V4", "K1", "V6", "V4_1", "K2"], gallery.Cumulants.Select(cumulant => cumulant.Name));
        foreach (CumulantDiagrams cumulant in gallery.Cumulants)
        {
            for (int pair = 0; pair < 2; pair++)
            {
                double scale = cumulant.Diagrams.SelectMany(diagram => diagram.Values[pair]).Max(Math.Abs);
                Assert.True(scale > 0);
                for (int record = 0; record < 3; record++)
                    Assert.Equal(cumulant.Solved[pair][record], cumulant.Diagrams.Sum(diagram => diagram.Values[pair][record]), tolerance * scale);
            }
        }
    }

    // sigma(x) = x, one input: V4 = K^2 e^(2T) (2 + 4T), T = C_W t, of which the initial rows' part is 2 K^2 e^(2T).
    [Fact]
    public void The_parts_of_a_linear_network_are_the_exact_ones()
    {
        CumulantDiagrams covariance = Gallery(
            ("--kernel", "1.3"), ("--activation", "x"), ("--weight-variance", "1.5"), ("--step", ".1"), ("--depth", "40"), ("--record", "3"), ("--stepping", "continuous")).Cumulants[0];
        foreach (ValuedDiagram diagram in covariance.Diagrams)
        {
            bool initial = diagram.Notation == "a(2,0)i>x1,x2";
            for (int record = 0; record < 3; record++)
            {
                double time = record * 20 * .01 * 1.5, expected = 1.3 * 1.3 * Math.Exp(2 * time) * (initial ? 2 : 4 * time);
                Assert.Equal(expected, diagram.Values[0][record], 1e-8);
            }
        }
    }

    [Fact]
    public void The_report_has_the_gallery_and_a_link_to_it()
    {
        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run("run", "--kernel", "1", "--depth", "8", "--record", "3", "--samples", "16", "--width", "8", "--out", folder).Code);
        string page = File.ReadAllText(Path.Combine(folder, "diagrams.html"));
        System.Xml.Linq.XDocument.Parse(page);
        Assert.Contains("<span class=\"factor\">1/2</span>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"diagrams.html\">", File.ReadAllText(Path.Combine(folder, "index.html")), StringComparison.Ordinal);
        using JsonDocument data = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json")));
        Assert.Equal("aef7a5e6b542b910", data.RootElement.GetProperty("diagrams").GetProperty("cumulants")[1].GetProperty("diagrams")[1].GetProperty("id").GetString());
    }

    [Fact]
    public void Other_closures_have_no_gallery()
    {
        Specification specification = SpecificationReader.Read(null, [("--kernel", "1"), ("--closure", "hermite(4)"), ("--depth", "8")]);
        Assert.Null(DiagramValues.Compute(specification, Theory.Solve(specification, default), default));
    }

    private static DiagramGallery Gallery(params (string Flag, string Text)[] flags)
    {
        Specification specification = SpecificationReader.Read(null, flags);
        return DiagramValues.Compute(specification, Theory.Solve(specification, default), default)!;
    }
}
