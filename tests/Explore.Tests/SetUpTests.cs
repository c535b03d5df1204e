using System.Text.Json;
using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace SymbolicEft.Explore.Tests;

/// <summary>Set-ups on one click, Back and Forward, closures of one's own, the phase diagram.</summary>
[Collection(nameof(Explorer))]
public sealed class SetUpTests(Explorer explorer)
{
    // What is said where it will appear may be gone before it could be asked for: the page notes the first of each.
    private const string Note =
        """
        () => {
          window.said = {};
          for (const place of document.querySelectorAll('.doing'))
            new MutationObserver(changes => { for (const change of changes) for (const node of change.addedNodes) window.said[place.id] ??= node.textContent; }).observe(place, { childList: true });
        }
        """;

    private static readonly string[] Names = ["paper", "gelu-resnet", "edge-of-chaos", "transformer", "relu-perceptron"];

    [BrowserFact]
    public Task Set_ups_are_one_click_away_and_Back_and_Forward_go_through_them() => explorer.Use([], async page =>
    {
        Assert.Equal(["paper", "GELU ResNet", "edge of chaos", "pre-norm transformer block", "ReLU perceptron"], await page.All("[data-preset]", "textContent"));
        for (int at = 0; at < Names.Length; at++)
        {
            await page.Follows(Names[at], async () =>
            {
                await page.Page.EvaluateAsync(Note);
                await page[$"[data-preset='{at}']"].ClickAsync();
            });
            Assert.Equal(Names[at], await page.Value("name"));
            JsonElement said = (await page.Page.EvaluateAsync("window.said"))!.Value;
            foreach (string part in new[] { "curves", "finite", "windows", "budget", "equations", "diagrams", "phase" })
                Assert.True(said.TryGetProperty("doing-" + part, out JsonElement sentence) && sentence.GetString()!.Length > 10, $"what was being computed for {part} was said: {said}");
            await page.Picture("preset-" + Names[at]);
        }

        // ReLU, n = 256: V4 grows by a step a layer.
        JsonElement expected = await Programs.Solve([("activation", "relu"), ("weight-variance", "2"), ("skip", "0"), ("step", "1"), ("depth", "50"), ("width", "256"), ("kernel", "[[1, 0.5], [0.5, 1]]")]);
        Assert.Contains($"trust to layer {expected.GetProperty("wideEnough").GetProperty("holdsTo").GetInt32()} (within 0.1)", await page.Text("[data-chart=kernel-b] .drawing svg"), StringComparison.Ordinal);
        await page.Follows("Back", () => page.Page.EvaluateAsync("history.back()"));
        Assert.Equal("transformer", await page.Value("name"));
        await page.Follows("Forward", () => page.Page.EvaluateAsync("history.forward()"));
        Assert.Equal("relu-perceptron", await page.Value("name"));
        Assert.StartsWith("g-only at layer 50", await page.Text("#status"), StringComparison.Ordinal);
        await page.Type("own", "[x*y, x]");
        Assert.Contains("[x*y, x]", await page.Text("#windows"), StringComparison.Ordinal);
        Assert.Contains("%5Bx*y%2C+x%5D", page.Page.Url, StringComparison.Ordinal);
        await page.Type("own", "");
        Assert.DoesNotContain("[x*y, x]", await page.Text("#windows"), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task The_map_over_C_W_and_C_b_shows_the_critical_line_and_is_moved_over_with_pointer_and_keyboard() => explorer.Use([], async page =>
    {
        // The map is drawn where it is looked at, after the rest where it comes onto the screen late.
        Task Drawn() => Expect(page["#doing-phase"]).ToHaveTextAsync("");
        await page.Scroll("#phase-section");
        await page.Follows("the set-up at the edge of chaos", () => page.Page.EvaluateAsync("document.querySelector(\"[data-preset='2']\").click()"));
        await page.Type("width", "500");
        await page.Scroll("#phase-section");
        await Expect(page["#map .drawing svg"]).ToBeVisibleAsync();
        await Drawn();
        await Expect(page["#here"]).ToContainTextAsync("the edge of chaos");
        await Expect(page["#here"]).ToContainTextAsync("K* = 0.5,");
        await Expect(page["#phase-caption"]).ToContainTextAsync("Line: the edge of chaos");
        await Expect(page["#map circle.here"]).ToHaveCountAsync(1);
        await Expect(page["#trust .drawing svg"]).ToHaveCountAsync(1);
        await page.Picture("phase");

        PlotPlace at = await page.Where("#map .plot");
        await page.Follows("a place on the map", () => page.Page.Mouse.ClickAsync(at.Left + (0.75f * (at.Right - at.Left)), at.Middle));
        Assert.InRange(await page.Number("weight-variance"), 3.5, 4.1);
        Assert.InRange(await page.Number("bias-variance"), 0.27, 0.33);
        await Drawn();
        await Expect(page["#here"]).ToContainTextAsync("(chaos)");
        // From the left edge: where the pointer is, is where the keys would go on.
        await page.Page.Mouse.MoveAsync(1, 1);
        await page.Follows("a place from the keyboard", async () =>
        {
            foreach (string key in new[] { "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Enter" })
                await page["#map .plot"].PressAsync(key);
        });
        Assert.InRange(await page.Number("weight-variance"), 0.1, 2.9);
        await Drawn();

        string before = await page.Text("#map .drawing svg");
        await page["#map [data-tool=in]"].ClickAsync();
        await Expect(page["#map .drawing svg"]).Not.ToHaveTextAsync(before);
        await Drawn();
        string[] quantities = await page.All("#quantity option", "value");
        Assert.True(quantities.Length > 3, "the map shows several quantities");
        foreach (string name in quantities)
        {
            await page["#quantity"].SelectOptionAsync(name);
            await Expect(page["#map .plot"]).ToHaveAttributeAsync("aria-label", new Regex("^" + Regex.Escape(name)));
        }
    });
}
