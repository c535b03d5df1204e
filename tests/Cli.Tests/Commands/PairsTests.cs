using System.Globalization;
using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

// pairs: which pairs of inputs are given changes no number, fits into memory, and is said before the work begins.
public class PairsTests
{
    private const string Three = "[[2, .6, .3], [.6, 1.5, .2], [.3, .2, 1]]";

    private static readonly string[] Simulated = With(Three, 400);

    [Theory]
    [InlineData("plain")]
    [InlineData("control-variate")]
    public void Chosen_pairs_have_the_numbers_they_have_among_all(string estimator)
    {
        string[] run = [.. Simulated, "--estimator", estimator];
        JsonElement chosen = Symeft.Json([.. run, "--pairs", "[[1, 0], [2, 2]]"]);
        Assert.Equal([0, 1, 2, 2], Flat(chosen.GetProperty("pairs")));
        AssertPart(Symeft.Json(run), chosen, 1, 5);
        AssertPart(Symeft.Json(run), Symeft.Json([.. run, "--pairs", "diagonal"]), 0, 3, 5);
        Assert.Equal(Symeft.Run([.. run, "--format", "json"]).Output, Symeft.Run([.. run, "--format", "json", "--pairs", "all"]).Output);
        // Inputs that no pair names are not there.
        AssertPart(Symeft.Json([.. With("[[1.5, .2], [.2, 1]]", 400), "--estimator", estimator]), Symeft.Json([.. run, "--pairs", "[[1,2],[2,2]]"]), 1, 2);
    }

    [Fact]
    public void Solve_gives_chosen_pairs_at_every_order()
    {
        string[] solve = ["solve", "--kernel", Three, "--depth", "3", "--record", "2", "--order", "1"];
        JsonElement all = Symeft.Json(solve), some = Symeft.Json([.. solve, "--pairs", "[[0,1],[2,2]]"]);
        AssertPart(all, some, 1, 5);
        // V6 over three of six pairs in ascending order, last fastest: the places of (1,1,1), (1,1,5), (1,5,5), (5,5,5).
        double[][] cumulants = [Flat(all.GetProperty("V6")[1]), Flat(some.GetProperty("V6")[1])];
        double V6(int p, int q, int r) => cumulants[0][(((p * 6) + q) * 6) + r];
        Assert.Equal([V6(1, 1, 1), V6(1, 1, 5), V6(1, 5, 1), V6(1, 5, 5), V6(5, 1, 1), V6(5, 1, 5), V6(5, 5, 1), V6(5, 5, 5)], cumulants[1]);
    }

    [Fact]
    public void Shards_and_merge_carry_the_pairs()
    {
        string folder = Symeft.Folder();
        string[] run = [.. Simulated, "--pairs", "[[0,2],[1,1]]"];
        for (int shard = 1; shard <= 2; shard++)
            Assert.Equal(0, Symeft.Run([.. run, "--shard", $"{shard}/2", "--out", Path.Combine(folder, $"{shard}.shard")]).Code);
        Assert.Equal(Symeft.Run([.. run, "--format", "json"]).Output, Symeft.Run("merge", folder, "--format", "json").Output);
        (int code, _, string messages) = Symeft.Run([.. Simulated, "--shard", "2/2", "--out", Path.Combine(folder, "2.shard")]);
        Assert.Equal(2, code);
        Assert.Contains("of another specification", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Fifty_inputs_are_simulated_on_the_diagonal_and_it_is_said_first()
    {
        string[] run = ["simulate", "--kernel", Identity(50), "--depth", "2", "--record", "3", "--samples", "32", "--width", "4", "--format", "json"];
        (int code, string output, string messages) = Symeft.Run(run);
        Assert.True(code == 0, messages);
        Assert.StartsWith("symeft: 50 inputs have 1275 pairs, and a covariance of every two of them at 3 depths makes 4876875 numbers; kept are the 50 pairs of an input with itself; choose others with --pairs, such as --pairs \"[[0,0],[0,1]]\".", messages, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(input => new double[] { input, input }), Flat(json.RootElement.GetProperty("pairs")));
        Assert.Equal(3 * 50 * 50, Flat(json.RootElement.GetProperty("V4")).Length);
        (code, output, messages) = Symeft.Run([.. run, "--pairs", "all"]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Equal("symeft: pairs is all, which makes 1275 pairs of 50 inputs and a covariance of every two of them at 3 depths; 1192 pairs fit into 4 GB, so name fewer with --pairs, or record fewer depths with --record.", messages.TrimEnd());
    }

    [Fact]
    public void A_report_of_many_inputs_takes_some_and_says_which()
    {
        string folder = Path.Combine(Symeft.Folder(), "report");
        (int code, _, string messages) = Symeft.Run("run", "--kernel", Identity(50), "--pairs", "[[7,3]]", "--depth", "4", "--record", "2", "--samples", "64", "--width", "8", "--out", folder);
        Assert.True(code == 0, messages);
        const string sentence = "The report is about 2 of 50 inputs, whose statistics do not depend on the others: its inputs 0 to 1 are 3, 7 of the specification.";
        Assert.StartsWith("symeft: " + sentence, messages, StringComparison.Ordinal);
        Assert.Contains(sentence, File.ReadAllText(Path.Combine(folder, "index.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("some", "--pairs is 'some'; use all, diagonal, or a list such as [[0,0],[0,1]] (inputs are numbered from 0).")]
    [InlineData("[]", "--pairs is no choice of pairs; use all, diagonal, or a list such as [[0,0],[0,1]] (inputs are numbered from 0).")]
    [InlineData("[[0,1],[1,0]]", "--pairs names the pair [1, 0] twice; once is enough.")]
    [InlineData("[[0,3]]", "pairs names input 3 in [0, 3], and there are 3 inputs, 0 to 2; use one of those.")]
    public void Wrong_pairs_are_explained(string pairs, string sentence)
    {
        (int code, string output, string messages) = Symeft.Run([.. Simulated, "--pairs", pairs]);
        Assert.Equal("symeft: " + sentence, messages.TrimEnd());
        Assert.Equal("", output);
        Assert.Equal(2, code);
    }

    [Fact]
    public void A_stopping_rule_is_about_pairs_that_are_kept()
    {
        string[] run = ["simulate", "--kernel", Three, "--depth", "3", "--record", "2", "--width", "8", "--pairs", "[[0,0],[2,2]]", "--until"];
        Assert.Equal(0, Symeft.Run([.. run, "V4[0,0,2,2] < 5"]).Code);
        (int code, _, string messages) = Symeft.Run([.. run, "V4[0,0,1,2] < 5"]);
        Assert.Equal(2, code);
        Assert.Equal("symeft: until is V4[0,0,1,2] < 5, and the pairs kept are [[0, 0], [2, 2]]; name its pairs with --pairs.", messages.TrimEnd());
    }

    [Fact]
    public void What_cannot_be_trusted_is_told_in_every_format()
    {
        string[] run = ["simulate", "--activation", "abs(x)", "--kernel", "1", "--weight-variance", "1", "--skip", "0", "--step", "1", "--depth", "20", "--record", "2", "--samples", "500", "--width", "64"];
        string warning = Symeft.Json(run).GetProperty("warnings")[0].GetString()!;
        Assert.Contains("cannot be trusted", warning, StringComparison.Ordinal);
        Assert.Contains(warning, Symeft.Run(run).Output, StringComparison.Ordinal);
        Assert.Contains("symeft: " + warning, Symeft.Run([.. run, "--format", "csv"]).Messages, StringComparison.Ordinal);
        Assert.Equal(0, Symeft.Json("simulate", "--kernel", "2", "--depth", "6", "--record", "2", "--samples", "4000").GetProperty("warnings").GetArrayLength());
    }

    private static string[] With(string kernel, int samples) =>
        ["simulate", "--kernel", kernel, "--depth", "6", "--record", "3", "--width", "8", "--samples", samples.ToString(CultureInfo.InvariantCulture)];

    // The numbers of some pairs among those of all.
    private static void AssertPart(JsonElement all, JsonElement some, params int[] places)
    {
        Assert.Equal(places.Length, some.GetProperty("pairs").GetArrayLength());
        var tables = new List<(JsonElement All, JsonElement Some)> { (all, some) };
        if (all.TryGetProperty("standardErrors", out JsonElement errors)) tables.Add((errors, some.GetProperty("standardErrors")));
        if (all.TryGetProperty("effectiveSamples", out JsonElement effective)) tables.Add((effective, some.GetProperty("effectiveSamples")));
        foreach ((JsonElement from, JsonElement to) in tables)
        {
            foreach (string name in new[] { "K0", "G", "K1", "U1", "V4" }.Where(name => from.TryGetProperty(name, out _)))
            {
                for (int record = 0; record < from.GetProperty(name).GetArrayLength(); record++)
                {
                    JsonElement whole = from.GetProperty(name)[record];
                    double[] expected = name == "V4"
                        ? [.. places.SelectMany(p => places.Select(q => whole[p][q].GetDouble()))]
                        : [.. places.Select(p => whole[p].GetDouble())];
                    Assert.Equal(expected, Flat(to.GetProperty(name)[record]));
                }
            }
        }
    }

    private static double[] Flat(JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Flat)] : [element.GetDouble()];

    private static string Identity(int inputs) => $"[{string.Join(", ", Enumerable.Range(0, inputs).Select(a => $"[{string.Join(", ", Enumerable.Range(0, inputs).Select(b => (a == b ? 1 : 0.25).ToString(CultureInfo.InvariantCulture)))}]"))}]";
}
