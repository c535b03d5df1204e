using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

// The report of a program of layers: its numbers are those of solve and simulate, and what there is not yet is said.
public class LayersRunTests
{
    private const string Block = """
        name: block
        network:
          width: 24
          layers:
            - repeat:
                count: 5
                of:
                  - residual: { step: 0.5, branch: [rmsNorm: { epsilon: 0.1 }, dense: { weightVariance: 1.5, width: 2, copies: 2 }, gate: gelu, dense: { weightVariance: 1.7 }] }
            - postNorm: {}
        closure: hermite(8)
        record: 4
        simulate: { samples: 512 }

        """;

    private const string Ring = """
        network: { width: 12, layers: [repeat: { count: 2, of: [residual: { branch: [activation: gelu, dense: { weightVariance: 1.7, taps: [0, 1] }] }] }] }
        closure: g-only
        simulate: { samples: 64 }

        """;

    private static (int Code, string Output, string Messages, string Folder) Report(string yaml, params string[] flags)
    {
        string folder = Path.Combine(Symeft.Folder(), "report");
        (int code, string output, string messages) = Symeft.Run(["run", Symeft.File(yaml), "--out", folder, .. flags]);
        return (code, output, messages, folder);
    }

    // A document inside another is indented more.
    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    private static JsonElement Data(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json")));
        return document.RootElement.Clone();
    }

    [Fact]
    public void The_numbers_of_the_report_are_those_of_solve_and_simulate()
    {
        const string inputs = "inputs: { kernel: [[2, 0.6], [0.6, 1.5]] }\n";
        (int code, string output, string messages, string folder) = Report(Block + inputs);
        Assert.True(code == 0, messages);
        JsonElement data = Data(folder), theory = data.GetProperty("theory")[0], simulation = data.GetProperty("simulation");
        string file = Symeft.File(Block + inputs);
        JsonElement solved = Symeft.Json("solve", file), simulated = Symeft.Json("simulate", file);
        foreach (string name in (string[])["layers", "times", "K0", "V4", "K1", "wideEnough"])
            Assert.Equal(Compact(solved.GetProperty(name)), Compact(theory.GetProperty(name)));
        foreach (string name in (string[])["G", "K1", "V4"])
        {
            for (int record = 0; record < 3; record++)
                Assert.Equal(Compact(simulated.GetProperty(name)[record]), Compact(simulation.GetProperty(name)[record]));
        }

        // After the norm of the stream G_00 is 1 in every network: rounding is no measurement, and has no z-score.
        Assert.Equal((1, 0, 0), (simulation.GetProperty("G")[3][0].GetDouble(), simulation.GetProperty("K1")[3][0].GetDouble(), simulation.GetProperty("V4")[3][0][0].GetDouble()));
        Assert.Equal(1, simulated.GetProperty("G")[3][0].GetDouble(), 1e-6);
        Assert.InRange(Math.Abs(simulated.GetProperty("V4")[3][0][0].GetDouble()), 0, 1e-10);
        Assert.Equal(simulated.GetProperty("V4")[3][1][1].GetDouble(), simulation.GetProperty("V4")[3][1][1].GetDouble());
        foreach (JsonElement row in data.GetProperty("headline").EnumerateArray())
            Assert.True(!row.TryGetProperty("z", out JsonElement z) || z.ValueKind == JsonValueKind.Null || Math.Abs(z.GetDouble()) < 4, row.ToString());
        Assert.DoesNotContain("U1_", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_the_layers_and_no_activation_that_the_network_has_not()
    {
        (int code, _, string messages, string folder) = Report(Block + "inputs: { kernel: 2 }\n");
        Assert.True(code == 0, messages);
        string page = File.ReadAllText(Path.Combine(folder, "index.html")), latex = File.ReadAllText(Path.Combine(folder, "report.tex"));
        Assert.Contains("phi -&gt; [rmsNorm(gain 1, epsilon 0.1) dense(C_W 1.5, width 2, copies 2) gate(gelu) dense(C_W 1.7)] x 0.5 + phi   (5 times)\nphi -&gt; postNorm(gain 1)", page, StringComparison.Ordinal);
        Assert.Contains("How wide is wide enough", page, StringComparison.Ordinal);
        Assert.Contains("The network is a program of layers: of one, the report has no", page, StringComparison.Ordinal);
        Assert.Contains("gate(gelu)", latex, StringComparison.Ordinal);
        foreach (string text in (string[])[page, latex])
            Assert.DoesNotContain("identity", text, StringComparison.Ordinal);
        Assert.NotEmpty(Data(folder).GetProperty("derivation").EnumerateArray());
        Assert.False(File.Exists(Path.Combine(folder, "diagrams.html")));
        JsonElement setUp = Data(folder).GetProperty("setUp");
        Assert.False(setUp.TryGetProperty("activation", out _));
        Assert.StartsWith("- repeat:\n    count: 5\n", setUp.GetProperty("layers").GetString(), StringComparison.Ordinal);
    }

    // hermite(40) of the program, not of a network without layers: g-only is exact where a branch begins with a dense layer.
    [Fact]
    public void Closures_of_the_program_itself_are_compared()
    {
        (int code, _, string messages, string folder) = Report(Block.Replace("            - postNorm: {}\n", "", StringComparison.Ordinal) + "inputs: { kernel: [[2, 0.6], [0.6, 1.5]] }\n", "--closure", "g-only", "--samples", "0");
        Assert.True(code == 0, messages);
        JsonElement closures = Data(folder).GetProperty("closures"), solved = Symeft.Json("solve", Symeft.File(Block.Replace("            - postNorm: {}\n", "", StringComparison.Ordinal) + "inputs: { kernel: [[2, 0.6], [0.6, 1.5]] }\n"), "--closure", "hermite(40)");
        JsonElement[] components = [.. closures.GetProperty("components").EnumerateArray()];
        double exact = components.First(each => each.GetProperty("quantity").GetString() == "V4").GetProperty("exact").EnumerateArray().Last().GetDouble();
        Assert.Equal(solved.GetProperty("V4")[3][0][0].GetDouble(), exact, 1e-12 * exact);
        Assert.DoesNotContain("is solved for the plain network only", closures.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_that_taps_mix_are_all_in_the_report()
    {
        const string three = "inputs: { kernel: [[1.5, .6, .1], [.6, 1, .2], [.1, .2, 1]] }\n";
        (int code, _, string messages, string folder) = Report(Ring + three, "--record", "2");
        Assert.True(code == 0, messages);
        JsonElement solved = Symeft.Json("solve", Symeft.File(Ring + three), "--record", "2"), theory = Data(folder).GetProperty("theory")[0];
        Assert.Equal(Compact(solved.GetProperty("V4")), Compact(theory.GetProperty("V4")));
        Assert.Equal(
            (2, "symeft: pairs is [[0, 1]], and the inputs are positions that taps mix, of which a report is about all; leave pairs out, or use solve and simulate."),
            Report(Ring + three, "--pairs", "[[0,1]]") is var some ? (some.Code, some.Messages.TrimEnd()) : default);
        string identity = $"[{string.Join(", ", Enumerable.Range(0, 13).Select(a => $"[{string.Join(", ", Enumerable.Range(0, 13).Select(b => a == b ? 1 : 0))}]"))}]";
        Assert.Equal(
            (2, "symeft: There are 13 inputs, which are positions that taps mix, and a report is about every two pairs of at most 12; use solve and simulate with --pairs, or fewer positions."),
            Report(Ring + $"inputs: {{ kernel: {identity} }}\n") is var many ? (many.Code, many.Messages.TrimEnd()) : default);
    }

    [Fact]
    public void Solve_says_which_width_is_wide_enough()
    {
        // Linear layers of 2 n neurons: V4 = K0^2 (2 + 1 + 1 + 1) after three.
        const string layers = "network: { width: 450, layers: [repeat: { count: 3, of: [dense: { weightVariance: 1, width: 2 }] }] }\ninputs: { kernel: 1.5 }\n";
        (int code, string output, string messages) = Symeft.Run("solve", Symeft.File(layers));
        Assert.True(code == 0, messages);
        Assert.Contains("Wide enough up to layer 3: n = 500 keeps sqrt(V4/n)/K0 and |K1|/(n K0) of every input within 0.1 (V4 alone needs 500, K1 alone 1). n = 450 keeps within 0.1 up to layer 2.\n", output, StringComparison.Ordinal);
        JsonElement wide = Symeft.Json("solve", Symeft.File(layers + "fraction: 0.2\n")).GetProperty("wideEnough");
        Assert.Equal((0.2, 3, 125, 450, 3), (wide.GetProperty("fraction").GetDouble(), wide.GetProperty("layer").GetInt32(), wide.GetProperty("width").GetInt32(), wide.GetProperty("givenWidth").GetInt32(), wide.GetProperty("holdsTo").GetInt32()));
        Assert.Equal(JsonValueKind.Null, wide.GetProperty("leavesAt").ValueKind);
        Assert.Contains("n = 199 is beyond 0.1 at layer 0.\n", Symeft.Run("solve", Symeft.File(layers), "--width", "199").Output, StringComparison.Ordinal);
        (code, _, messages) = Symeft.Run("solve", Symeft.File(layers), "--fraction", "0");
        Assert.Equal((2, "symeft: --fraction is 0, which is out of range; use a number from 1E-06 to 1000000."), (code, messages.TrimEnd()));
    }
}
