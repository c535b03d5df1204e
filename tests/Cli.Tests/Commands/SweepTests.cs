using System.Globalization;
using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

public class SweepTests
{
    private const string OneInput = """
        name: one
        network: { activation: tanh(x), weightVariance: 2, step: 0.1, depth: 40, width: 64 }
        inputs: { kernel: [[2]] }
        """;

    [Fact]
    public void A_row_is_what_solve_says_at_that_point()
    {
        string spec = Symeft.File(OneInput);
        JsonElement sweep = Symeft.Json("sweep", spec, "--over", "weightVariance=0.5:3:3", "--over", "activation=tanh,gelu", "--out", Symeft.Folder());
        Assert.Equal(6, sweep.GetProperty("rows").GetArrayLength());
        foreach (JsonElement row in sweep.GetProperty("rows").EnumerateArray())
        {
            string variance = row.GetProperty("weightVariance").GetRawText(), activation = row.GetProperty("activation").GetString()!;
            foreach ((string closure, string suffix) in new[] { ("g-only", ""), ("hermite(20)", "_exact") })
            {
                JsonElement solve = Symeft.Json("solve", spec, "--weight-variance", variance, "--activation", activation, "--closure", closure);
                Assert.Equal(solve.GetProperty("V4")[8][0][0].GetDouble(), row.GetProperty("V4" + suffix).GetDouble(), 1e-9);
                Assert.Equal(solve.GetProperty("K1")[8][0].GetDouble(), row.GetProperty("K1" + suffix).GetDouble(), 1e-9);
            }
        }
    }

    [Fact]
    public void A_window_ends_where_the_deviation_is_its_share()
    {
        JsonElement row = Symeft.Json("sweep", Symeft.File(OneInput), "--over", "activation=gelu", "--depth", "150", "--out", Symeft.Folder()).GetProperty("rows")[0];
        double window = row.GetProperty("V4_window_5").GetDouble();
        Assert.InRange(window, 0.01, 1.49);
        // Solved at whole layers on either side of it.
        int layer = (int)Math.Floor(window / 0.01);
        Assert.InRange(Deviation(layer), 0, 0.05);
        Assert.InRange(Deviation(layer + 2), 0.05, 1);
        Assert.True(row.GetProperty("V4_window_1").GetDouble() < window && window < row.GetProperty("V4_window_10").GetDouble());

        static double Deviation(int depth)
        {
            double V4(string closure) => Symeft.Json("solve", Symeft.File(OneInput), "--activation", "gelu", "--depth", depth.ToString(CultureInfo.InvariantCulture), "--record", "2", "--closure", closure).GetProperty("V4")[1][0][0].GetDouble();
            return Math.Abs((V4("g-only") / V4("hermite(20)")) - 1);
        }
    }

    // K1 of ReLU is 0 in g-only, to rounding: one sentence in place of a map of rounding, and 100 % off the exact one.
    [Fact]
    public void A_map_shows_no_rounding()
    {
        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run("sweep", Symeft.File(OneInput), "--activation", "relu", "--over", "weightVariance=1,2", "--over", "biasVariance=0,0.5", "--report", "--out", folder).Code);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Matches("K.{0,8}00 at the last depth: 0 at every point\\.", page);
        Assert.Matches("K.{0,8}00: deviation from the exact order \\(%\\): -100 at every point\\.", page);
        Assert.DoesNotContain("×10⁻¹", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_sweep_goes_on_to_the_same_bytes()
    {
        string spec = Symeft.File(OneInput), whole = Symeft.Folder(), folder = Symeft.Folder();
        string[] sweep = ["sweep", spec, "--over", "biasVariance=0:1:7", "--report", "--out"];
        Assert.Equal(0, Symeft.Run([.. sweep, whole]).Code);
        Assert.Equal(0, Symeft.Run([.. sweep, folder]).Code);
        // As a crash leaves it: some points, the last line torn.
        string[] lines = File.ReadAllLines(Path.Combine(folder, "points.jsonl"));
        File.WriteAllText(Path.Combine(folder, "points.jsonl"), string.Join("\n", lines.Take(4)) + "\n" + lines[4][..20]);
        (int code, _, string messages) = Symeft.Run([.. sweep, folder]);
        Assert.Equal(0, code);
        Assert.Contains("3 of 7 points are finished already", messages, StringComparison.Ordinal);
        foreach (string file in new[] { "sweep.csv", "sweep.json", "index.html" })
            Assert.Equal(File.ReadAllText(Path.Combine(whole, file)), File.ReadAllText(Path.Combine(folder, file)));
        (code, _, messages) = Symeft.Run("sweep", spec, "--over", "biasVariance=0:1:8", "--out", folder);
        Assert.Equal(2, code);
        Assert.Contains("holds the points of another sweep (points.jsonl); give another folder with --out, or delete that file.", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_that_cannot_be_solved_says_why_and_the_rest_goes_on()
    {
        JsonElement rows = Symeft.Json("sweep", Symeft.File(OneInput), "--over", "activation=tanh,exp(x^2)", "--out", Symeft.Folder()).GetProperty("rows");
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("failure").ValueKind);
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("V4").ValueKind);
        Assert.Contains("exp(x^2)", rows[1].GetProperty("failure").GetString(), StringComparison.Ordinal);
    }

    // The table of what was tried is there all the same.
    [Fact]
    public void A_sweep_without_a_single_solved_point_has_failed()
    {
        string folder = Symeft.Folder();
        (int code, string output, string messages) = Symeft.Run("sweep", Symeft.File(OneInput), "--over", "activation=exp(x^2),exp(x^4)", "--out", folder, "--format", "csv");
        Assert.Equal(1, code);
        Assert.Equal("symeft: No point of 2 could be solved; the first: At layer 0: exp(x^2) at K = 2 has no finite Gaussian mean square in double precision; use a smaller kernel, or a function that grows less.", messages.Trim());
        Assert.Equal(3, output.TrimEnd().Split('\n').Length);
        Assert.Equal(output, File.ReadAllText(Path.Combine(folder, "sweep.csv")));
    }

    // Continuous, with a kink: once solved by equations that have no finite tadpole there.
    [Fact]
    public void A_kinked_activation_is_swept_as_it_is_solved()
    {
        string[] flags = ["--kernel", "1", "--depth", "1", "--record", "2"];
        JsonElement row = Symeft.Json(["sweep", .. flags, "--over", "activation=relu", "--out", Symeft.Folder()]).GetProperty("rows")[0];
        // E2 = K/2, so Q = C_W K/2 is linear: K' = (1 + h) K, V4' = (1 + h)^2 V4 + free(K') - free(K) with V4 = free(K) = 2 K^2, h = eps^2 C_W/2, and no tadpole.
        const double step = 0.05 * 0.05 * 2 / 2, growth = 1 + step;
        Assert.Equal(growth, row.GetProperty("K0").GetDouble(), 1e-13);
        Assert.Equal((2 * growth * growth) + (2 * growth * growth) - 2, row.GetProperty("V4").GetDouble(), 1e-13);
        Assert.Equal(0, row.GetProperty("K1").GetDouble(), 1e-14);
    }

    [Theory]
    [InlineData("--over is 'weightVariance', which sets nothing; write --over weightVariance=0.5:3:26 (first, last, how many) or --over activation=tanh,gelu.", "--over", "weightVariance")]
    [InlineData("--over names 'samples', which cannot be swept; use one of activation, weightVariance, biasVariance, skip, step, depth, width, kernel, closure, quadrature, stepping, fraction, or a value of a layer by its path, such as layers[0].repeat.count.", "--over", "samples=1,2")]
    [InlineData("--over weightVariance is -1, which is out of range; use a number from 0 to 1000000.", "--over", "weightVariance=-1:1:3")]
    [InlineData("--over is 'step=0:1:1', and a range has finite ends and 2 to 100000 values; write --over weightVariance=0.5:3:26 (first, last, how many) or --over activation=tanh,gelu.", "--over", "step=0:1:1")]
    [InlineData("There is nothing to sweep; write --over weightVariance=0.5:3:26 or --over activation=tanh,gelu.")]
    [InlineData("The sweep has 1E+08 points, more than 1000000; use fewer values.", "--over", "step=0:1:10000", "--over", "weightVariance=0:1:10000")]
    [InlineData("stepping is euler and skip is 0; depth time t = step^2 l exists only at skip 1, so use discrete.", "--over", "skip=1,0", "--stepping", "euler")]
    public void Wrong_axes_are_explained(string sentence, params string[] flags)
    {
        (int code, string output, string messages) = Symeft.Run(["sweep", Symeft.File(OneInput), "--out", Symeft.Folder(), .. flags]);
        Assert.Equal("symeft: " + sentence, messages.TrimEnd());
        Assert.Equal(2, code);
        Assert.Equal("", output);
    }
}
