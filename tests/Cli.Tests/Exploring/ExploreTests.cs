using System.Globalization;
using System.Net;
using System.Text.Json;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Exploring;

// What the page shows is what the command line prints.
public class ExploreTests
{
    [Fact]
    public async Task The_page_may_load_nothing_and_run_only_its_own_script()
    {
        await using ExploreClient client = await ExploreClient.Start();
        using HttpResponseMessage answer = await client.Http.GetAsync(client.Address);
        string html = await answer.Content.ReadAsStringAsync(), policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        Assert.Equal(4, html.Split($"nonce=\"{nonce}\"").Length - 1);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("%VALUES%", html, StringComparison.Ordinal);
        Assert.NotEqual(policy, (await client.Http.GetAsync(client.Address)).Headers.GetValues("Content-Security-Policy").Single());
    }

    [Theory]
    [InlineData("--closure", "g-only")]
    [InlineData("--closure", "sigma-kernel")]
    [InlineData("--closure", "g-only", "--stepping", "continuous")]
    [InlineData("--closure", "g-only", "--activation", "relu")]
    [InlineData("--closure", "g-only", "--stepping", "euler", "--quadrature", "gauss-hermite(32)")]
    public async Task Theory_has_the_numbers_of_solve(params string[] flags)
    {
        await using ExploreClient client = await ExploreClient.Start();
        string[] all = Merged(flags);
        JsonElement answer = await client.Json("theory", ExploreClient.Request(all));
        Assert.Equal(Minified(Symeft.Json(["solve", .. all])), Minified(answer.GetProperty("solution")));
        Assert.Contains("<math", answer.GetProperty("equations").GetString(), StringComparison.Ordinal);
        Assert.Contains("<svg", answer.GetProperty("charts")[0].GetProperty("panels")[0].GetString(), StringComparison.Ordinal);
    }

    // Not the initial conditions, which once stood alone there.
    [Theory]
    [InlineData("sigma-kernel", "xi(sigma(x)*sigma(y))_ab' = ", "K1_ab' = ")]
    [InlineData("hermite(4)", "V4_ab,cd' = ", "K1_ab' = ")]
    [InlineData("hermite(auto)", "V4_ab,cd' = ", "K1_ab' = ")]
    [InlineData("g-connected", "V4_ab,cd' = ", "K1_ab' = ")]
    public async Task Equations_are_the_layer_maps_of_the_closure(string closure, params string[] heads)
    {
        await using ExploreClient client = await ExploreClient.Start();
        string equations = WebUtility.HtmlDecode((await client.Json("theory", ExploreClient.Request(Merged("--closure", closure)))).GetProperty("equations").GetString())!;
        Assert.All(heads, head => Assert.Contains($"aria-label=\"{head}", equations, StringComparison.Ordinal));
        Assert.DoesNotContain("aria-label=\"phi_", equations, StringComparison.Ordinal);
    }

    // Shown while the closure that was asked for is being solved, and never under its name.
    [Fact]
    public async Task The_preview_is_a_quick_closure_and_says_so()
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("preview", ExploreClient.Request(Merged("--closure", "sigma-kernel")));
        double expected = Symeft.Json(["solve", .. Merged("--closure", "hermite(4)")]).GetProperty("V4")[3][0][0].GetDouble();
        Assert.StartsWith(
            "sigma-kernel is being solved; shown meanwhile: hermite(4) at layer 60: K0_00 = ",
            answer.GetProperty("summary").GetString(),
            StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"V4_00,00 = {expected:G6},"), answer.GetProperty("summary").GetString(), StringComparison.Ordinal);
        string[] panels = [.. answer.GetProperty("charts").EnumerateArray().SelectMany(chart => chart.GetProperty("panels").EnumerateArray()).Select(panel => panel.GetString()!)];
        Assert.Contains(panels, panel => panel.Contains("hermite(4)", StringComparison.Ordinal));
        Assert.DoesNotContain(panels, panel => panel.Contains("sigma-kernel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diagrams_stand_beside_the_terms_of_g_only()
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("theory", ExploreClient.Request(ExploreClient.Small));
        Assert.Contains("class=\"diagram\"><svg", answer.GetProperty("diagrams").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_ends_with_the_numbers_of_simulate_and_its_error_bars_shrink()
    {
        await using ExploreClient client = await ExploreClient.Start();
        string[] flags = Merged("--samples", "12000", "--estimator", "plain", "--depth", "200");
        (HttpStatusCode status, string text) = await client.Post("simulation", ExploreClient.Request(flags));
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement[] rounds = [.. text.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.True(rounds.Length >= 4, $"{rounds.Length} rounds");
        long[] samples = [.. rounds.Select(round => round.GetProperty("samples").GetInt64())];
        double[] errors = [.. rounds.Select(round => round.GetProperty("simulation").GetProperty("standardErrors").GetProperty("G")[3][0].GetDouble())];
        for (int at = 1; at < rounds.Length; at++)
            Assert.True(samples[at] > samples[at - 1]);
        // Like the inverse root of the number of networks; the first error bar is rough itself.
        Assert.InRange(errors[^1] / errors[0] * Math.Sqrt((double)samples[^1] / samples[0]), 0.8, 1.25);
        Assert.All(rounds.SkipLast(1), round => Assert.False(round.GetProperty("last").GetBoolean()));
        Assert.True(rounds[^1].GetProperty("last").GetBoolean());
        Assert.Equal(Minified(Symeft.Json(["simulate", .. flags])), Minified(rounds[^1].GetProperty("simulation")));
    }

    [Fact]
    public async Task Closures_are_compared_with_the_exact_leading_order()
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("closures", ExploreClient.Request(ExploreClient.Small));
        Assert.Contains("sigma-kernel", answer.GetProperty("windows").GetString(), StringComparison.Ordinal);
        Assert.Contains("no transport", answer.GetProperty("budget").GetString(), StringComparison.Ordinal);
        // Afterwards the figures have the other closure, too.
        JsonElement theory = await client.Json("theory", ExploreClient.Request(ExploreClient.Small));
        Assert.Contains(theory.GetProperty("charts").EnumerateArray(), chart => chart.GetProperty("panels").ToString().Contains("sigma-kernel", StringComparison.Ordinal));
    }

    // That of symeft solve for the first input.
    [Fact]
    public async Task The_orders_at_the_width_are_those_of_solve()
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("finite", ExploreClient.Request(ExploreClient.Small));
        JsonElement theory = Symeft.Json(["solve", .. ExploreClient.Small.Select(text => text.StartsWith("[[", StringComparison.Ordinal) ? "[[2]]" : text), "--closure", "hermite(40)", "--order", "1"]);
        double Last(string name) => theory.GetProperty(name).EnumerateArray().Last()[0][0].GetDouble();
        Assert.Contains(FormattableString.Invariant($"{Last("V4"):G6} to order 0, {Last("V4") + (Last("V4_1") / theory.GetProperty("wideEnough").GetProperty("givenWidth").GetInt32()):G6} to order 1"), answer.GetProperty("sentences").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, answer.GetProperty("panels").GetArrayLength());
    }

    [Theory]
    [InlineData("yaml", "weightVariance: 2")]
    [InlineData("csharp", "class")]
    [InlineData("latex", "\\begin{document}")]
    public async Task Documents_can_be_copied(string name, string part)
    {
        await using ExploreClient client = await ExploreClient.Start();
        JsonElement answer = await client.Json("documents/" + name, ExploreClient.Request(ExploreClient.Small));
        string text = answer.GetProperty("text").GetString()!;
        Assert.Contains(part, text, StringComparison.Ordinal);
        if (name == "yaml")
            Assert.Equal(Minified(Symeft.Json(["solve", .. ExploreClient.Small])), Minified(Symeft.Json("solve", Symeft.File(text))));
    }

    private static string[] Merged(params string[] flags)
    {
        var all = new List<string>(ExploreClient.Small);
        for (int at = 0; at < flags.Length; at += 2)
        {
            if (all.IndexOf(flags[at]) is >= 0 and var place)
                all[place + 1] = flags[at + 1];
            else
                all.AddRange(flags[at..(at + 2)]);
        }

        return [.. all];
    }

    private static string Minified(JsonElement element) => JsonSerializer.Serialize(element);
}
