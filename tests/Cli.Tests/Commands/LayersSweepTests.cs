using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

// A program of layers over its numbers, named by the paths by which refusals name them: the rows are what solve gives for the program written out.
public class LayersSweepTests
{
    private const string Step = "layers[0].repeat.of[0].residual.step", Count = "layers[0].repeat.count", Width = "layers[0].repeat.of[0].residual.branch[1].dense.width";

    private static string Block(string count, string step, string width, string kernel = "2") => Symeft.File(
        $"name: block\nnetwork: {{ width: 230, layers: [repeat: {{ count: {count}, of: [residual: {{ step: {step}, branch: [rmsNorm: {{ epsilon: 0.1 }}, dense: {{ weightVariance: 1.5, width: {width} }}, activation: gelu, dense: {{ weightVariance: 1.7 }}] }}] }}] }}\ninputs: {{ kernel: {kernel} }}\nclosure: g-only\nrecord: 2\n");

    private static JsonElement[] Rows(string file, params string[] flags) =>
        [.. Symeft.Json(["sweep", file, "--out", Path.Combine(Symeft.Folder(), "sweep"), "--exact", "8", .. flags]).GetProperty("rows").EnumerateArray()];

    [Fact]
    public void A_row_is_what_solve_gives_for_the_program_written_out()
    {
        JsonElement[] rows = Rows(Block("4", "0.5", "3"), "--over", $"{Count}=2,5", "--over", $"{Width}=1,4", "--over", $"{Step}=0.3:0.5:2", "--over", "kernel=2,[[1,.5],[.5,2]]");
        Assert.Equal(16, rows.Length);
        foreach (JsonElement row in rows)
        {
            JsonElement solved = Symeft.Json("solve", Block(row.GetProperty(Count).ToString(), row.GetProperty(Step).ToString(), row.GetProperty(Width).ToString(), row.GetProperty("kernel").ToString()));
            Assert.Equal(solved.GetProperty("K0")[1][0].GetDouble(), row.GetProperty("K0").GetDouble());
            Assert.Equal(solved.GetProperty("V4")[1][0][0].GetDouble(), row.GetProperty("V4").GetDouble(), 1e-12);
            Assert.Equal(solved.GetProperty("K1")[1][0].GetDouble(), row.GetProperty("K1").GetDouble(), 1e-12);
            Assert.Equal(JsonValueKind.Null, row.GetProperty("U1").ValueKind);
            // Branches that begin with a dense layer close on G: g-only is exact, and never leaves it.
            Assert.Equal(double.Parse(row.GetProperty(Count).ToString(), System.Globalization.CultureInfo.InvariantCulture), row.GetProperty("V4_window_1").GetDouble());
        }

        // The first input's; it is all there is in every other row.
        foreach (JsonElement row in rows.Where((_, at) => at % 2 == 0))
        {
            JsonElement wide = Symeft.Json("solve", Block(row.GetProperty(Count).ToString(), row.GetProperty(Step).ToString(), row.GetProperty(Width).ToString())).GetProperty("wideEnough");
            Assert.Equal((wide.GetProperty("width").GetDouble(), wide.GetProperty("holdsTo").GetDouble()), (row.GetProperty("width_needed").GetDouble(), row.GetProperty("depth_held").GetDouble()));
        }
    }

    [Fact]
    public void Windows_of_a_program_are_layers_also_where_a_point_is_a_flat_network()
    {
        // With width 1 and the last dense layer alone the residual is a flat one, whose depth time is eps^2 l.
        string file = Symeft.File("network: { layers: [repeat: { count: 3, of: [residual: { step: 0.5, branch: [activation: x, dense: { weightVariance: 1.7, weights: uniform }] }] }] }\ninputs: { kernel: 2 }\nclosure: g-only\n");
        JsonElement[] rows = Rows(file, "--over", "layers[0].repeat.of[0].residual.branch[1].dense.weights=uniform,gaussian");
        Assert.All(rows, row => Assert.Equal(3, row.GetProperty("V4_window_1").GetDouble()));
    }

    [Fact]
    public void Positions_that_taps_mix_are_solved_together()
    {
        const string kernel = "[[1.5, .6, .1], [.6, 1, .2], [.1, .2, 1]]";
        string Ring(string step) => Symeft.File($"network: {{ layers: [repeat: {{ count: 2, of: [residual: {{ step: {step}, branch: [activation: gelu, dense: {{ weightVariance: 1.7, taps: [0, 1] }}] }}] }}] }}\ninputs: {{ kernel: {kernel} }}\nclosure: g-only\nrecord: 2\n");
        JsonElement row = Rows(Ring("1"), "--over", $"{Step}=0.5")[0], solved = Symeft.Json("solve", Ring("0.5"));
        Assert.Equal((solved.GetProperty("K0")[1][0].GetDouble(), solved.GetProperty("V4")[1][0][0].GetDouble()), (row.GetProperty("K0").GetDouble(), row.GetProperty("V4").GetDouble()));
    }

    [Theory]
    [InlineData("layers[0].repeat.cuont=2", "--over sets layers[0].repeat.cuont to 2: layers[0].repeat has the unknown key 'cuont' (did you mean count?); known here are count, of.")]
    [InlineData("layers[1].repeat.count=2", "--over names layers[1].repeat.count, and layers has one entry, [0]; name a value that is there.")]
    [InlineData("layers[0].repeat.of[0].residual.branch[9].dense.width=2", "--over names layers[0].repeat.of[0].residual.branch[9].dense.width, and layers[0].repeat.of[0].residual.branch has 4 entries, [0] to [3]; name a value that is there.")]
    [InlineData("layers[0].residual.step=2", "--over names layers[0].residual.step, and layers[0] has repeat; name a value that is there.")]
    [InlineData("layers[0].repeat.count.x=2", "--over names layers[0].repeat.count.x, and layers[0].repeat.count is the value 4; name a value that is there.")]
    [InlineData("layers[0].repeat.count=2.5", "--over sets layers[0].repeat.count to 2.5: layers[0].repeat.count is '2.5'; use a whole number from 1 to 1000000.")]
    [InlineData("layers[0]repeat=3", "--over names 'layers[0]repeat', which is no path of a layer; write it like layers[0].repeat.of[0].residual.branch[1].dense.width=1,2,4.")]
    [InlineData("layers[99999999999].repeat.count=3", "--over names 'layers[99999999999].repeat.count', which is no path of a layer; write it like layers[0].repeat.of[0].residual.branch[1].dense.width=1,2,4.")]
    [InlineData("depth=3,4", "--over names depth, and the network is a program of layers, which says it itself; leave this axis out, or give the network by its flat values.")]
    [InlineData("layers[0].repeat.of[0].residual.branch[3].dense.weightVariance=1,-1", "layers[0].repeat.of[0].residual.branch[3].dense.weightVariance is -1; it must be a finite number, at least 0.")]
    [InlineData("layers[0].repeat.of[0].residual.step=[0.1,0.2]", "layers[0].repeat.of[0].residual.step lists 2 numbers for 4 repetitions; give one number for each, or one for all.")]
    public void Wrong_paths_and_values_are_refused_before_anything_is_solved(string axis, string sentence)
    {
        string folder = Path.Combine(Symeft.Folder(), "sweep");
        (int code, string output, string messages) = Symeft.Run("sweep", Block("4", "0.5", "3"), "--out", folder, "--over", axis);
        Assert.Equal((2, "", "symeft: " + sentence), (code, output, messages.TrimEnd()));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Paths_of_a_flat_network_are_its_flat_values() => Assert.Equal(
        "symeft: --over names layers[0].repeat.count, and the network is one that the flat values say (activation, weightVariance, biasVariance, skip, step, depth), by which it can be swept; name one of these.",
        Symeft.Run("sweep", "--network", "mlp", "--kernel", "2", "--over", "layers[0].repeat.count=2,3", "--out", Path.Combine(Symeft.Folder(), "sweep")).Messages.TrimEnd());
}
