using System.Text.Json;
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
        string folder = Symeft.Folder();
        (int code, _, string messages) = Symeft.Run(
            "run", "--kernel", "[[2,.6],[.6,1.5]]", "--activation", activation, "--weight-variance", "2", "--step", ".1", "--depth", "40", "--record", "3",
            "--stepping", stepping, "--quadrature", quadrature, "--order", order, "--samples", "16", "--width", "8", "--out", folder);
        Assert.True(code == 0, messages);
        using JsonDocument data = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json")));
        JsonElement cumulants = data.RootElement.GetProperty("diagrams").GetProperty("cumulants");
        Assert.Equal(order == "0" ? ["V4", "K1"] : ["V4", "K1", "V6", "V4_1", "K2"], cumulants.EnumerateArray().Select(each => each.GetProperty("name").GetString()));
        foreach (JsonElement cumulant in cumulants.EnumerateArray())
        {
            for (int pair = 0; pair < 2; pair++)
            {
                double[] solved = Symeft.Row(cumulant.GetProperty("solved")[pair]);
                double[][] values = [.. cumulant.GetProperty("diagrams").EnumerateArray().Select(diagram => Symeft.Row(diagram.GetProperty("values")[pair]))];
                double scale = values.SelectMany(each => each).Max(Math.Abs);
                Assert.True(scale > 0);
                for (int record = 0; record < 3; record++)
                    Assert.Equal(solved[record], values.Sum(each => each[record]), tolerance * scale);
            }
        }
    }

    // sigma(x) = x, one input: V4 = K^2 e^(2T) (2 + 4T), T = C_W t, of which the initial rows' part is 2 K^2 e^(2T).
    [Fact]
    public void The_parts_of_a_linear_network_are_the_exact_ones()
    {
        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run(
            "run", "--kernel", "1.3", "--activation", "x", "--weight-variance", "1.5", "--step", ".1", "--depth", "40", "--record", "3", "--stepping", "continuous",
            "--samples", "16", "--width", "8", "--out", folder).Code);
        using JsonDocument data = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json")));
        JsonElement covariance = data.RootElement.GetProperty("diagrams").GetProperty("cumulants")[0];
        foreach (JsonElement diagram in covariance.GetProperty("diagrams").EnumerateArray())
        {
            bool initial = diagram.GetProperty("notation").GetString() == "a(2,0)i>x1,x2";
            double[] values = Symeft.Row(diagram.GetProperty("values")[0]);
            for (int record = 0; record < 3; record++)
            {
                double time = record * 20 * .01 * 1.5, expected = 1.3 * 1.3 * Math.Exp(2 * time) * (initial ? 2 : 4 * time);
                Assert.Equal(expected, values[record], 1e-8);
            }
        }

        string page = File.ReadAllText(Path.Combine(folder, "diagrams.html"));
        System.Xml.Linq.XDocument.Parse(page);
        Assert.Contains("<span class=\"factor\">1/2</span>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"diagrams.html\">", File.ReadAllText(Path.Combine(folder, "index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_closures_have_no_gallery()
    {
        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run("run", "--kernel", "1", "--closure", "hermite(4)", "--depth", "8", "--record", "3", "--samples", "16", "--width", "8", "--out", folder).Code);
        Assert.False(File.Exists(Path.Combine(folder, "diagrams.html")));
    }
}
