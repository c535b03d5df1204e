using System.Globalization;
using System.Net;
using System.Text.Json;
using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Cli.Tests.Documentation;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Exploring;

// What stands beside the charts of the page: their data, zoom, the line of trust, the block by hand, the map, and programs to take away.
public class ExploreToolsTests
{
    private const string Block = "- residual:\n    skip: 1\n    step: 0.5\n    branch:\n      - activation: 'gelu'\n      - dense: { weightVariance: 2, biasVariance: 0 }\n";

    private static readonly string[] Relu = ["--activation", "relu", "--weight-variance", "2", "--skip", "0", "--step", "1", "--depth", "50", "--width", "300", "--kernel", "[[1, 0.5], [0.5, 1]]", "--record", "3", "--fraction", "0.3"];

    private static string With(string request, string name, string json) => $"{request[..^1]},\"{name}\":{json}}}";

    private static double[] Numbers(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetDouble())];

    [Theory]
    [InlineData("theory")]
    [InlineData("preview")]
    public async Task The_data_of_a_chart_are_those_of_solve_and_its_line_of_trust_is_where_solve_says(string path)
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json(path, ExploreClient.Request(Relu)), solved = Symeft.Json(["solve", .. Relu]);
        JsonElement data = answer.GetProperty("charts")[0].GetProperty("panelsData")[1];
        Assert.Equal("kernel-b", data.GetProperty("id").GetString());
        JsonElement line = data.GetProperty("series").EnumerateArray().Single(series => series.GetProperty("label").GetString() == "g-only");
        Assert.Equal(solved.GetProperty("V4")[2][0][0].GetDouble(), Numbers(line.GetProperty("y"))[^1]);
        int holds = solved.GetProperty("wideEnough").GetProperty("holdsTo").GetInt32();
        Assert.InRange(holds, 1, 49);
        JsonElement mark = data.GetProperty("series").EnumerateArray().Single(series => series.GetProperty("kind").GetString() == "mark");
        Assert.Equal([(double)holds], Numbers(mark.GetProperty("x")));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"n = 300: trust to layer {holds} (within 0.3)"), mark.GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_chart_is_drawn_as_it_is_looked_at()
    {
        await using ExploreClient client = await ExploreClient.Start();
        string request = With(ExploreClient.Request(Relu), "views", "{\"kernel-b\":{\"x\":[10,20],\"y\":[100,400],\"log\":true}}");
        string svg = (await client.Json("charts", request)).GetProperty("charts")[0].GetProperty("panels")[1].GetString()!;
        double[] limits = [.. svg.Split("data-limits=\"")[1].Split('"')[0].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Equal([10, 20], limits[..2]);
        Assert.Equal(2, limits[2], 6);
        Assert.Equal(Math.Log10(400), limits[3], 6);
    }

    [Theory]
    [InlineData("{\"kernel-b\":{\"x\":[20,10]}}", "The range x of a chart is not two numbers, the lesser first.")]
    [InlineData("{\"kernel-b\":{\"y\":[1]}}", "The range y of a chart is not two numbers, the lesser first.")]
    [InlineData("[]", "The request is not JSON of the form {\"values\": {\"depth\": \"800\"}, \"compare\": [\"sigma-kernel\"]}, with text for every value.")]
    public async Task Wrong_views_get_one_sentence(string views, string sentence)
    {
        await using ExploreClient client = await ExploreClient.Start();
        (HttpStatusCode status, string text) = await client.Post("charts", With(ExploreClient.Request(Relu), "views", views));
        Assert.Equal((HttpStatusCode.BadRequest, sentence), (status, ExploreClient.Sentence(text)));
    }

    [Theory]
    [InlineData("{\"edit\":\"add\",\"at\":\"layers[0].residual.branch\",\"place\":1,\"name\":\"dropout\"}", "\"gelu\"\n      - dropout: { keep: 0.9, mask: shared }\n      - dense")]
    [InlineData("{\"edit\":\"add\",\"at\":\"layers\",\"place\":1,\"name\":\"postNorm\"}", "- postNorm: { gain: 1, epsilon: 1E-05 }\n")]
    [InlineData("{\"edit\":\"remove\",\"at\":\"layers[0].residual.branch[0]\"}", "branch:\n      - dense: { weightVariance: 2, biasVariance: 0 }\n")]
    [InlineData("{\"edit\":\"set\",\"at\":\"layers[0].residual.branch[1].dense\",\"name\":\"weightVariance\",\"text\":\"1.5\"}", "- dense: { weightVariance: 1.5, biasVariance: 0 }\n")]
    [InlineData("{\"edit\":\"set\",\"at\":\"layers[0].residual.branch[0]\",\"name\":\"activation\",\"text\":\"tanh(x)\"}", "- activation: \"tanh(x)\"\n")]
    public async Task Layers_are_changed_by_hand(string edit, string part)
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("layers", $"{{\"values\":{{\"layers\":{JsonSerializer.Serialize(Block)}}},{edit[1..]}");
        Assert.Contains(part, answer.GetProperty("layers").GetString(), StringComparison.Ordinal);
        Assert.Equal("layers", answer.GetProperty("block").GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("{\"edit\":\"add\",\"at\":\"layers[7].residual.branch\",\"place\":0,\"name\":\"dense\"}")]
    [InlineData("{\"edit\":\"add\",\"at\":\"layers\",\"place\":9,\"name\":\"dense\"}")]
    [InlineData("{\"edit\":\"remove\",\"at\":\"layers[1]\"}")]
    [InlineData("{\"edit\":\"set\",\"at\":\"\",\"name\":\"depth\",\"text\":\"3\"}")]
    [InlineData("{\"edit\":\"add\",\"at\":\"layers\",\"place\":0,\"name\":\"attention\"}")]
    [InlineData("{\"edit\":\"set\",\"at\":\"layers[0].residual\",\"name\":\"stride\",\"text\":\"3\"}")]
    public async Task A_change_that_does_not_fit_is_refused(string edit)
    {
        await using ExploreClient client = await ExploreClient.Start();
        (HttpStatusCode status, string text) = await client.Post("layers", $"{{\"values\":{{\"layers\":{JsonSerializer.Serialize(Block)}}},{edit[1..]}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        ExploreClient.Sentence(text);
    }

    // A flat network is a program of one layer, repeated.
    [Fact]
    public async Task The_block_of_a_flat_network_is_its_program()
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("layers", With(ExploreClient.Request(Relu), "edit", "\"set\",\"at\":\"layers[0].repeat\",\"name\":\"count\",\"text\":\"7\""));
        string layers = answer.GetProperty("layers").GetString()!;
        Assert.StartsWith("- repeat:\n    count: 7\n", layers, StringComparison.Ordinal);
        JsonElement theory = await client.Json("theory", ExploreClient.Request([.. Relu, "--layers", layers]));
        JsonElement solved = Symeft.Json(["solve", .. Relu[..8], "--depth", "7", .. Relu[10..]]);
        Assert.Equal(solved.GetProperty("V4")[2][0][0].GetDouble(), theory.GetProperty("solution").GetProperty("V4")[2][0][0].GetDouble());
    }

    // At the critical point of erf, in closed form, K* = 1/2: C_W = pi sqrt(3)/4, C_b = 1/2 - C_W/3.
    [Fact]
    public async Task The_critical_line_of_the_map_is_the_closed_form()
    {
        double weights = Math.PI * Math.Sqrt(3) / 4, biases = 0.5 - (weights / 3);
        await using ExploreClient client = await ExploreClient.Start();
        string[] flags = ["--activation", "erf(x)", "--skip", "0", "--step", "1", "--depth", "40", "--width", "500", "--kernel", "1", "--weight-variance", weights.ToString("R", CultureInfo.InvariantCulture), "--bias-variance", biases.ToString("R", CultureInfo.InvariantCulture)];
        string views = string.Create(CultureInfo.InvariantCulture, $"{{\"phase\":{{\"x\":[1,2],\"y\":[{biases:R},0.2]}}}}");
        JsonElement answer = await client.Json("phase", With(ExploreClient.Request(flags), "views", views));
        Assert.StartsWith("Here: K* = 0.5, \u03c7 = 1 (the edge of chaos)", answer.GetProperty("here").GetString(), StringComparison.Ordinal);
        // The lowest row of the map is that of the closed form: chi crosses 1 there between the columns beside its C_W.
        JsonElement map = answer.GetProperty("maps").EnumerateArray().First(each => each.GetProperty("data").GetProperty("id").GetString() == "slope").GetProperty("data");
        double[] columns = Numbers(map.GetProperty("columns")), slopes = Numbers(map.GetProperty("values")[0]);
        int crossing = Array.FindIndex(slopes, slope => slope > 1);
        Assert.True(columns[crossing - 1] < weights && weights < columns[crossing], $"{columns[crossing - 1]} to {columns[crossing]}");
        // The first point of the line is that network: how deep the width carries is what symeft phase says of it.
        JsonElement phase = Symeft.Json(["phase", .. flags[..10], "--kernel", "0.5", .. flags[12..], "--closure", "g-only"]);
        Assert.Equal(phase.GetProperty("points")[0].GetProperty("trustedTo").GetInt32(), Numbers(answer.GetProperty("trustData")[0].GetProperty("series")[0].GetProperty("y"))[0], 0);
    }

    [Fact]
    public async Task A_program_of_layers_has_a_map_over_its_last_dense_layer()
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("phase", ExploreClient.Request("--kernel", "1", "--width", "500", "--layers", "- repeat: { count: 5, of: [activation: relu, dropout: { keep: 0.9 }, dense: { weightVariance: 1.71, biasVariance: 0.1 }] }"));
        // K' = C_W K/1.8 + C_b, and two inputs of one mask are as one: chi = C_W/1.8.
        Assert.StartsWith("Here: K* = 2, \u03c7 = 0.95", answer.GetProperty("here").GetString(), StringComparison.Ordinal);
        Assert.Equal(("layers[0].repeat.of[2].dense", "1.71", "0.1"), (answer.GetProperty("dense").GetString(), answer.GetProperty("weightVariance").GetString(), answer.GetProperty("biasVariance").GetString()));
        foreach ((string id, Func<double, double, double> expected) in new (string, Func<double, double, double>)[] { ("slope", (weights, _) => weights / 1.8), ("kernel", (weights, biases) => biases / (1 - (weights / 1.8))) })
        {
            JsonElement map = answer.GetProperty("maps").EnumerateArray().Select(each => each.GetProperty("data")).First(each => each.GetProperty("id").GetString() == id);
            double[] columns = Numbers(map.GetProperty("columns")), rows = Numbers(map.GetProperty("rows"));
            // Where the kernel grows without end there is none.
            JsonElement low = map.GetProperty("values")[1];
            Assert.True(columns.Length > 8 && rows.Length > 4 && columns[2] < 1.8);
            for (int column = 0; column < 3; column++)
                Assert.Equal(expected(columns[column], rows[1]), low[column].GetDouble(), 1e-6 * low[column].GetDouble());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(Block)]
    public async Task The_program_for_the_library_compiles_and_has_the_numbers_of_solve(string layers)
    {
        await using ExploreClient client = await ExploreClient.Start();
        string[] flags = ["--activation", "tanh(x)", "--depth", "6", "--step", "0.5", "--kernel", "[[2, 0.6], [0.6, 2]]", "--width", "8", "--samples", "50", "--closure", "hermite(4)"];
        string text = (await client.Json("documents/network", ExploreClient.Request([.. flags, "--layers", layers]))).GetProperty("text").GetString()!;
        Assert.StartsWith("#:package SymbolicEft.Numeric@", text, StringComparison.Ordinal);
        string folder = Symeft.Folder();
        string printed = LibraryPageTests.Run(folder, LibraryPageTests.Program([.. text.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal))]));
        Directory.Delete(folder, recursive: true);
        JsonElement solved = layers.Length == 0 ? Symeft.Json(["solve", .. flags]) : Symeft.Json("solve", Symeft.File($"network:\n  layers:\n{string.Concat(layers.TrimEnd().Split('\n').Select(line => $"    {line}\n"))}"), "--kernel", "[[2, 0.6], [0.6, 2]]", "--width", "8", "--closure", "hermite(4)");
        double[][] last = [.. solved.GetProperty("V4").EnumerateArray().Last().EnumerateArray().Select(Numbers)];
        Assert.StartsWith($"V4 = {last[0][0].ToString("R", CultureInfo.InvariantCulture)}, simulated ", printed, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task The_program_for_python_has_the_numbers_of_solve()
    {
        await using ExploreClient client = await ExploreClient.Start();
        string[] flags = ["--activation", "tanh(x)", "--depth", "6", "--step", "0.5", "--kernel", "[[2, 0.6], [0.6, 2]]", "--width", "8", "--samples", "50", "--closure", "g-only"];
        string text = (await client.Json("documents/symeft", ExploreClient.Request(flags))).GetProperty("text").GetString()!;
        (int code, string output, string errors) = Tools.Run("env", Symeft.Folder(),
            [$"SYMEFT={typeof(Cli.Commands.CommandLine).Assembly.Location}", $"PATH={Path.GetDirectoryName(Tools.Dotnet)}:{Environment.GetEnvironmentVariable("PATH")}", "PYTHONDONTWRITEBYTECODE=1", $"PYTHONPATH={Path.Combine(Tools.Repository, "python")}", Tools.Python!, "-c", text]);
        Assert.True(code == 0, errors);
        Assert.Equal(Symeft.Json(["solve", .. flags]).GetProperty("V4").EnumerateArray().Last()[0][0].GetDouble(), double.Parse(output.Split(' ')[0], CultureInfo.InvariantCulture), 12);
    }
}
