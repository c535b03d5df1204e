using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Reporting;

// Every diagram of the network itself has its own equation, made of its last moves; the cumulants come from moments. They must add up.
public class ClockDiagramValuesTests
{
    [Theory]
    [InlineData("discrete", 1e-11, "tanh(x)", "1.4", 6)]
    [InlineData("continuous", 1e-7, "gelu", "1.4", 4)]
    [InlineData("euler", 1e-11, "x^2/2 + x", "[[1.4, .3], [.3, 1]]", 4)]
    public void The_diagrams_add_up_to_the_cumulants_of_the_network(string stepping, double tolerance, string activation, string kernel, int modes)
    {
        DiagramGallery gallery = Gallery(
            ("--kernel", kernel), ("--activation", activation), ("--weight-variance", "1.3"), ("--step", ".2"), ("--depth", "6"), ("--record", "3"), ("--stepping", stepping), ("--closure", $"hermite({modes})"), ("--order", "1"))!;
        Assert.Equal(["V4", "K1", "V6", "V4_1", "K2"], gallery.Cumulants.Select(cumulant => cumulant.Name));
        Assert.Equal(stepping == "discrete" ? 78 : 73, gallery.Cumulants[^1].Diagrams.Count);
        foreach (CumulantDiagrams cumulant in gallery.Cumulants)
        {
            double scale = cumulant.Diagrams.SelectMany(diagram => diagram.Values[0]).Max(Math.Abs);
            Assert.True(scale > 0);
            for (int record = 0; record < 3; record++)
                Assert.Equal(cumulant.Solved[0][record], cumulant.Diagrams.Sum(diagram => diagram.Values[0][record]), tolerance * scale);
            Assert.All(cumulant.Diagrams, diagram => Assert.NotEmpty(diagram.Terms));
        }
    }

    // sigma(x) = x, one input, T = C_W t: with c = n Cov(Khat, <H>) and D = n Var Khat, dc/dT = c + 2 K0^2 and dD/dT = 2 D + 2 c. In all V4 = K^2 e^(2T) (2 + 4T).
    [Fact]
    public void The_parts_of_a_linear_network_are_the_exact_ones()
    {
        CumulantDiagrams covariance = Gallery(
            ("--kernel", "1.3"), ("--activation", "x"), ("--weight-variance", "1.5"), ("--step", ".1"), ("--depth", "40"), ("--record", "3"), ("--stepping", "continuous"), ("--closure", "hermite(4)"), ("--order", "1"))!.Cumulants[0];
        for (int record = 0; record < 3; record++)
        {
            double time = record * 20 * .01 * 1.5, square = 1.3 * 1.3, growth = Math.Exp(time);
            Assert.Equal(2 * square * growth * growth, Of("a(HH,0)>x1,x2"), 1e-7);
            Assert.Equal(2 * 2 * square * growth * (growth - 1), Of("a(K,H)>x1 b(HH,0)>x2,a"), 1e-7);
            Assert.Equal(4 * square * growth * growth * (time - 1 + (1 / growth)), Of("a(K,H)>x1 b(K,H)>x2 c(HH,0)>a,b"), 1e-7);

            double Of(string notation) => covariance.Diagrams.Single(diagram => diagram.Notation == notation).Values[0][record];
        }
    }

    // Of a kink products of derivatives are finite together, and not one by one.
    [Fact]
    public void There_is_no_gallery_without_the_order_or_with_kinks()
    {
        Assert.Null(Gallery(("--kernel", "1"), ("--closure", "hermite(4)"), ("--depth", "2")));
        Assert.Null(Gallery(("--kernel", "1"), ("--closure", "hermite(4)"), ("--depth", "2"), ("--activation", "relu"), ("--order", "1")));
    }

    [Fact]
    public void The_report_shows_the_two_loop_mean_of_the_network()
    {
        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run("run", "--kernel", "1", "--depth", "3", "--record", "2", "--samples", "16", "--width", "8", "--closure", "hermite(4)", "--order", "1", "--out", folder).Code);
        string page = File.ReadAllText(Path.Combine(folder, "diagrams.html"));
        System.Xml.Linq.XDocument.Parse(page);
        Assert.Contains("<h2 id=\"K2\">", page, StringComparison.Ordinal);
        Assert.Contains("78 diagrams", page, StringComparison.Ordinal);
        Assert.Contains("of the network itself", page, StringComparison.Ordinal);
    }

    private static DiagramGallery? Gallery(params (string Flag, string Text)[] flags)
    {
        Specification specification = SpecificationReader.Read(null, flags);
        return DiagramValues.Compute(specification, Theory.Solve(specification, default), default);
    }
}
