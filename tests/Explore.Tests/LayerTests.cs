using static Microsoft.Playwright.Assertions;

namespace SymbolicEft.Explore.Tests;

/// <summary>Programs of layers: by name, written out, and in the picture of the block.</summary>
[Collection(nameof(Explorer))]
public sealed class LayerTests(Explorer explorer)
{
    private static readonly (string, string)[] OneInput = [("activation", "erf(x)"), ("kernel", "[[1.5]]"), ("step", "0.3"), ("depth", "30"), ("width", "24")];

    [BrowserFact]
    public Task Programs_go_by_name_and_can_be_written_and_wrong_ones_are_refused_by_their_path() => explorer.Use(OneInput, async page =>
    {
        foreach ((string name, string part) in new[] { ("transformer-mlp", "rmsNorm"), ("glu", "gate(gelu)"), ("convnet", "taps -1 0 1"), ("mlp", "gelu dense"), ("resnet", "x 0.25 + phi") })
        {
            await page.Choose("program", name);
            Assert.Contains(part, await page.Text("#picture"), StringComparison.Ordinal);
            await Expect(page["#flat"]).ToBeHiddenAsync();
        }

        string refusal = await page.Refused("layers", "- dense: { weightVariance: 1 }\n- residual: { branch: [activation: gelu, dense: { weightVariance: 2, width: 3 }] }");
        Assert.Contains("layers[1].residual.branch[1].dense has width 3", refusal, StringComparison.Ordinal);
        await Expect(page["#layers"]).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Type("layers", "- dense: { weightVariance: 1 }\n- residual: { branch: [activation: gelu, dense: { weightVariance: 2 }] }");
        Assert.StartsWith("g-only at layer 2", await page.Text("#status"), StringComparison.Ordinal);
        Assert.Contains("Wide enough up to layer 2", await page.Text("#wide"), StringComparison.Ordinal);
        await page.Type("kernel", "[[1.5]]");
        await page.Choose("program", "by the values below");
        Assert.Contains("erf(x)", await page.Text("#picture"), StringComparison.Ordinal);
        Assert.DoesNotContain("gelu", await page.Text("#picture"), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task Layers_are_added_changed_and_removed_in_the_picture_of_the_block() => explorer.Use(OneInput, async page =>
    {
        const string branch = "layers[0].repeat.of[0].residual.branch";
        string Box(string name) => $"[data-box=\"{name}\"]";
        async Task<IEnumerable<string>> Boxes() => (await page.All("#block .box", "className")).Select(name => name.Split(' ')[1]);
        Assert.Equal(["repeat", "residual", "activation", "dense"], await Boxes());
        await page.Choose("program", "transformer-mlp");
        Assert.Equal(["repeat", "residual", "rmsNorm", "dense", "activation", "dense"], await Boxes());
        await page.Follows("a layer is added", () => page[Box(branch + "+3")].SelectOptionAsync("dropout"));
        Assert.Contains("dropout", await page.Value("layers"), StringComparison.Ordinal);
        Assert.Contains("dropout", await page.Text("#picture"), StringComparison.Ordinal);
        await page.Follows("its value is set", async () =>
        {
            await page[Box(branch + "[3].dropout.keep")].FillAsync("0.5");
            await page[Box(branch + "[3].dropout.keep")].PressAsync("Enter");
        });
        Assert.Contains("keep: 0.5", await page.Value("layers"), StringComparison.Ordinal);
        await page.Scroll("#h-network");
        await page.Picture("block");
        await page.Follows("it is removed", () => page[Box(branch + "[3]-")].ClickAsync());
        Assert.DoesNotContain("dropout", await page.Value("layers"), StringComparison.Ordinal);
        Assert.Equal("transformer-mlp", await page.Value("program"));
        Assert.Equal("failed", await page.Change(() => page[Box("layers[0]-")].ClickAsync()));
        Assert.StartsWith("A program has at least one layer;", await page.Text("#error"), StringComparison.Ordinal);
        await page.Follows("and mended by hand", () => page[Box("layers+0")].SelectOptionAsync("repeat"));
        Assert.Contains("gelu", await page.Text("#picture"), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task A_place_on_the_map_of_a_program_is_taken_into_its_last_dense_layer() => explorer.Use(OneInput, async page =>
    {
        await page.Choose("program", "transformer-mlp");
        string before = await page.Value("layers");
        await page.Scroll("#phase-section");
        await Expect(page["#map .drawing svg"]).ToBeVisibleAsync();
        await Expect(page["#doing-phase"]).ToHaveTextAsync("");
        await Expect(page["#here"]).ToContainTextAsync("grows without end");
        await Expect(page["#map circle.here"]).ToHaveCountAsync(1);
        PlotPlace at = await page.Where("#map .plot");
        await page.Follows("a place on the map", () => page.Page.Mouse.ClickAsync(at.Left + (0.75f * (at.Right - at.Left)), at.Middle));
        string[] changed = [.. (await page.Value("layers")).Split('\n').Except(before.Split('\n'))];
        Assert.Matches(@"^ *- dense: \{ weightVariance: 3\.\d+, biasVariance: 0\.[23]\d* \}$", Assert.Single(changed));
    });
}
