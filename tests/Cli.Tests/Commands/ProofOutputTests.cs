using System.Text.Json;
using System.Xml.Linq;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Tests.Reporting;

namespace SymbolicEft.Cli.Tests.Commands;

// What is computed and not proved is marked in every output.
public class ProofOutputTests
{
    private const string NodeSentence = "The sums over 8 Gauss-Hermite nodes are not proved: they know nothing of their error";

    private static readonly string[] Network = ["--activation", "tanh", "--weight-variance", "2", "--step", "0.1", "--depth", "10", "--kernel", "2", "--record", "2"];

    // Of |x|^5 near 0: no enclosure shows that it is smooth beside the kink that it does not say it has. Its square is smooth, so that it takes two inputs.
    private const string Unprovable = "tanh(x)*(1-cos(x))^(5/2)";

    private static readonly string[] Nodes = ["--quadrature", "gauss-hermite(8)", "--stepping", "euler"];

    [Fact]
    public void Solve_says_what_is_proved()
    {
        JsonElement proved = Symeft.Json(["solve", .. Network]), nodes = Symeft.Json(["solve", .. Network, .. Nodes]);
        Assert.Equal("proved", proved.GetProperty("proof").GetString());
        Assert.Empty(proved.GetProperty("unproved").EnumerateArray());
        Assert.Equal("none", nodes.GetProperty("proof").GetString());
        Assert.Equal(NodeSentence, Assert.Single(nodes.GetProperty("unproved").EnumerateArray()).GetString());
        Assert.DoesNotContain("not proved", Symeft.Run(["solve", .. Network]).Output, StringComparison.Ordinal);
        Assert.Contains(NodeSentence, Symeft.Run(["solve", .. Network, .. Nodes]).Output, StringComparison.Ordinal);
        Assert.All(Symeft.Run(["solve", .. Network, .. Nodes, "--format", "csv"]).Output.TrimEnd().Split('\n').Skip(1), line => Assert.EndsWith(",none", line, StringComparison.Ordinal));
    }

    // Bounds on V4 and K1 say nothing of the tangent kernel: with sin at K = 4.1, four layers, VarTheta is off threefold where K1 is known to a fifth.
    [Fact]
    public void Solve_says_that_the_tangent_kernel_lacks_modes()
    {
        string[] sine = ["--activation", "sin(x)", "--skip", "0", "--step", "1", "--weight-variance", "1.2", "--depth", "4", "--kernel", "4.1", "--ntk", "--closure"];
        const string Sentence = "Theta1, VarTheta and CovThetaG lack modes above order 12, too, and what these add to them has no bound; hermite(24) shows how much it is";
        Assert.Contains(Sentence, Symeft.Run(["solve", .. sine, "hermite(12)"]).Output, StringComparison.Ordinal);
        Assert.Contains("can be far from the network's", Symeft.Run(["solve", .. sine, "g-only"]).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("lack modes", Symeft.Run(["solve", .. Network, "--closure", "hermite(12)"]).Output, StringComparison.Ordinal);

        double VarTheta(string closure) => Symeft.Json(["solve", .. sine, closure]).GetProperty("VarTheta")[4][0][0].GetDouble();
        Assert.InRange(VarTheta("hermite(24)") / VarTheta("hermite(12)"), 2, 4);
    }

    [Fact]
    public void Estimated_is_a_quadrature_of_files_and_flags()
    {
        string file = Symeft.File("""
            network: { activation: tanh, weightVariance: 2, step: 0.1, depth: 10 }
            inputs: { kernel: [[2]] }
            quadrature: estimated
            """);
        foreach (string[] arguments in new string[][] { ["solve", file], ["solve", .. Network, "--quadrature", "estimated"] })
        {
            (int code, string output, string messages) = Symeft.Run(arguments);
            Assert.Equal(0, code);
            Assert.Empty(messages);
            Assert.Contains("quadrature estimated", output, StringComparison.Ordinal);
        }
    }

    // Refused by name with exit code 2, or computed and marked.
    [Fact]
    public void What_is_not_proved_is_refused_or_marked()
    {
        string[] network = ["--activation", Unprovable, "--weight-variance", "2", "--step", "0.1", "--depth", "10", "--kernel", "[[2, .6], [.6, 1]]", "--record", "2"];
        (int code, string output, string messages) = Symeft.Run(["solve", .. network]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("symeft: At layer 0", messages, StringComparison.Ordinal);
        Assert.Contains(Unprovable, messages, StringComparison.Ordinal);
        Assert.EndsWith("--quadrature estimated computes without proof, and says so.", messages.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("estimate", Symeft.Json(["solve", .. network, "--quadrature", "estimated"]).GetProperty("proof").GetString());
        string[] simulate = ["simulate", .. network, "--width", "8", "--samples", "10"];
        Assert.Equal(2, Symeft.Run(simulate).Code);
        foreach (string estimator in (string[])["plain", "control-variate"])
            Assert.Equal("estimate", Symeft.Json([.. simulate, "--quadrature", "estimated", "--estimator", estimator]).GetProperty("proof").GetString());
    }

    [Fact]
    public void A_sweep_goes_on_where_a_point_is_refused()
    {
        string folder = Symeft.Folder();
        (int code, _, _) = Symeft.Run(["sweep", .. Network[..8], "--kernel", "1e-5", "--over", "closure=hermite(4),sigma-kernel(1)", "--exact", "4", "--out", folder]);
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "sweep.json")));
        JsonElement rows = json.RootElement.GetProperty("rows");
        Assert.Equal("proved", rows[0].GetProperty("proof").GetString());
        Assert.EndsWith("--quadrature estimated computes without proof, and says so.", rows[1].GetProperty("failure").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_simulation_says_what_is_proved_of_infinite_width()
    {
        JsonElement simulation = Symeft.Json(["simulate", .. Network, "--width", "8", "--samples", "10"]);
        Assert.Equal("proved", simulation.GetProperty("proof").GetString());
    }

    [Fact]
    public void Sweeps_mark_their_points()
    {
        string folder = Symeft.Folder();
        (int code, string output, _) = Symeft.Run(["sweep", .. Network, "--over", "quadrature=certified,gauss-hermite(8)", "--over", "weightVariance=1,2", "--exact", "4", "--report", "--out", folder]);
        Assert.Equal(0, code);
        Assert.Contains($"2 of 4 points are not proved; the first: {NodeSentence}.", output, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "sweep.csv"));
        Assert.EndsWith(",failure,proof", lines[0], StringComparison.Ordinal);
        Assert.Equal(["proved", "proved", "none", "none"], lines.Skip(1).Select(line => line.Split(',')[^1]));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "sweep.json")));
        Assert.Equal(NodeSentence, json.RootElement.GetProperty("rows")[2].GetProperty("unproved")[0].GetString());
        Assert.Equal(0, json.RootElement.GetProperty("rows")[0].GetProperty("unproved").GetArrayLength());

        // Maps of four cells, two of them marked.
        XDocument page = XDocument.Load(Path.Combine(folder, "index.html"));
        Assert.Contains(NodeSentence, page.Descendants().First(element => (string?)element.Attribute("class") == "warnings").Value, StringComparison.Ordinal);
        int cells = page.Descendants().Count(element => element.Name.LocalName == "title" && element.Value.EndsWith(", not proved", StringComparison.Ordinal));
        Assert.True(cells > 0);
        Assert.Equal(cells, page.Descendants().Count(element => element.Name.LocalName == "ellipse"));
    }

    [Fact]
    public void A_report_says_it_above_its_tables_and_in_its_captions()
    {
        ReportData data = SampleReport.WithClosures(SampleReport.Paper(inputs: 2));
        var estimate = new Proof("estimate", ["The Gaussian moments of f at K = 2 are not proved: it has a kink at x = 0"]);
        Assert.DoesNotContain("not proved", HtmlReport.Render(data), StringComparison.Ordinal);
        ReportData marked = data with
        {
            Theory = [data.Theory[0] with { Proof = estimate }, .. data.Theory.Skip(1)],
            Closures = data.Closures! with { Proof = estimate },
            Ensemble = data.Ensemble! with { Proof = estimate },
        };
        string sentence = "The Gaussian moments of f at K = 2 are not proved: it has a kink at x = 0.";
        XDocument page = XDocument.Parse(HtmlReport.Render(marked));
        foreach (string label in new[] { "Theory and simulation", "Closures at the last depth", "Validity windows", "Variance budget" })
        {
            // Of closures there is a table for each quantity, and the sentence above all of them.
            XElement table = page.Descendants().First(element => ((string?)element.Attribute("aria-label"))?.StartsWith(label, StringComparison.Ordinal) == true);
            XElement block = table.Ancestors().FirstOrDefault(element => (string?)element.Attribute("class") == "blocks") ?? table;
            Assert.Equal(sentence, block.ElementsBeforeSelf().Last().Value);
        }

        Assert.All(page.Descendants().Where(element => element.Name.LocalName == "figcaption"), caption => Assert.Contains($"Estimates, not proved: {data.Theory[0].Label}.", caption.Value, StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(JsonReport.Render(marked));
        foreach (JsonElement part in new[] { json.RootElement.GetProperty("theory")[0], json.RootElement.GetProperty("closures"), json.RootElement.GetProperty("simulation") })
        {
            Assert.Equal("estimate", part.GetProperty("proof").GetString());
            Assert.Equal(estimate.Unproved[0], part.GetProperty("unproved")[0].GetString());
        }
    }
}
