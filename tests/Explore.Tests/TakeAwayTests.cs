using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SymbolicEft.Explore.Tests;

/// <summary>What is read from charts, and what is taken away: figures, data, documents, links.</summary>
[Collection(nameof(Explorer))]
public sealed class TakeAwayTests(Explorer explorer)
{
    private const string Chart = "[data-chart=kernel-b]", Plot = Chart + " .plot";

    private static readonly string[] Solved = ["activation", "weight-variance", "bias-variance", "skip", "step", "depth", "width", "kernel", "closure"];

    [BrowserFact]
    public Task Everything_can_be_copied_and_the_link_carries_all_of_it() => explorer.Use([("activation", "erf(x)"), ("kernel", "[[1.5]]"), ("step", "0.3"), ("depth", "30"), ("width", "24")], async page =>
    {
        string copied = "";
        foreach ((string kind, string part) in new[] { ("yaml", "depth: 30"), ("csharp", "class"), ("latex", "\\documentclass"), ("network", "new Network {"), ("symeft", "symeft.solve("), ("link", "depth=30") })
        {
            await page.Page.EvaluateAsync("document.getElementById('output').value = document.getElementById('copied').textContent = ''");
            await page[$"[data-copy={kind}]"].PressAsync("Space");
            await Expect(page["#copied"]).ToHaveTextAsync("Copied.");
            copied = await page.Value("output");
            Assert.Contains(part, copied, StringComparison.Ordinal);
            Assert.Equal(copied, await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        }

        string seen = await page.Text("#status");
        await page.Open(copied);
        Assert.Equal(seen, await page.Text("#status"));
    });

    [BrowserFact]
    public Task Charts_are_read_and_zoomed_with_the_pointer_and_the_keyboard() => explorer.Use([("depth", "100"), ("compare", "g-connected;hermite(1);hermite(4)")], async page =>
    {
        JsonElement expected = await Programs.Solve(await page.Values(Solved));
        PlotPlace at = await page.Where(Plot);
        await page.Page.Mouse.MoveAsync(at.Right - ((at.Right - at.Left) * 0.02f / 1.04f) + 1, at.Middle);
        await Expect(page[Plot + " .tip"]).ToContainTextAsync("g-only: ");
        string tip = await page[Plot + " .tip"].InnerTextAsync();
        double found = double.Parse(Regex.Match(tip, @"g-only: ([-\d.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(expected.AtTheEnd("V4")[0][0].GetDouble(), found, 1e-4 * Math.Abs(found));
        await Expect(page[Plot + " .cross"]).ToHaveCountAsync(2);
        foreach (string name in await page.All("[name=compare]:checked", "value"))
            Assert.Contains(name + ": ", tip, StringComparison.Ordinal);
        await page.Picture("crosshair");

        await page.Looked(async () =>
        {
            await page.Page.Mouse.MoveAsync(at.Left + 20, at.Middle);
            await page.Page.Mouse.DownAsync();
            await page.Page.Mouse.MoveAsync(at.Centre, at.Middle);
            await page.Page.Mouse.UpAsync();
        });
        double[] seen = (await page.Where(Plot)).Limits;
        Assert.True(seen[1] < 0.6 * at.Limits[1] && seen[0] > at.Limits[0], $"dragging zooms, to {seen[0]}, {seen[1]}");
        await page.Looked(() => page[Chart + " [data-tool=all]"].ClickAsync());
        Assert.Equal(at.Limits, (await page.Where(Plot)).Limits);
        await page.Looked(() => page[Chart + " [data-tool=log]"].ClickAsync());
        await Expect(page[Chart + " [data-tool=log]"]).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.True((await page.Where(Plot)).Limits[3] < 5, "an axis can be logarithmic");
        await page.Looked(() => page[Chart + " [data-tool=all]"].ClickAsync());

        for (int press = 0; press < 3; press++)
            await page[Plot].PressAsync("ArrowRight");
        await Expect(page[Chart + " [role=status]"]).ToContainTextAsync("g-only: ");
        await page.Looked(() => page[Plot].PressAsync("+"));
        Assert.True((await page.Where(Plot)).Limits[1] < at.Limits[1], "plus zooms");
        await page.Looked(() => page[Plot].PressAsync("0"));
        Assert.Equal(at.Limits, (await page.Where(Plot)).Limits);
    });

    [BrowserFact]
    public Task A_figure_is_given_as_SVG_and_PNG_and_its_data_as_CSV_with_every_digit() => explorer.Use([("depth", "100")], async page =>
    {
        async Task<byte[]> Given(string kind)
        {
            IDownload given = await page.Page.RunAndWaitForDownloadAsync(() => page[$"{Chart} [data-tool={kind}]"].ClickAsync());
            Assert.Equal("kernel-b." + kind.ToLowerInvariant(), given.SuggestedFilename);
            return await File.ReadAllBytesAsync(await given.PathAsync());
        }

        JsonElement expected = await Programs.Solve(await page.Values(Solved));
        string svg = Encoding.UTF8.GetString(await Given("SVG"));
        Assert.StartsWith("<?xml", svg, StringComparison.Ordinal);
        Assert.Contains("</svg>", svg, StringComparison.Ordinal);
        byte[] png = await Given("PNG");
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.True(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)) >= 1320, "the picture is three times as wide as it is shown");
        string last = Encoding.UTF8.GetString(await Given("CSV")).Split('\n').Last(line => line.StartsWith("g-only,", StringComparison.Ordinal));
        Assert.Equal(expected.AtTheEnd("V4")[0][0].GetDouble(), double.Parse(last.Split(',')[2], CultureInfo.InvariantCulture));
    });
}
