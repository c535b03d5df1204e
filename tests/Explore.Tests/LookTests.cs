using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SymbolicEft.Explore.Tests;

/// <summary>Narrow, dark, and where the focus is.</summary>
[Collection(nameof(Explorer))]
public sealed class LookTests(Explorer explorer)
{
    [BrowserFact]
    public Task On_420_pixels_a_chart_and_the_controls_share_the_screen() => explorer.Use([("activation", "relu"), ("step", "1"), ("skip", "0"), ("width", "300")], async page =>
    {
        await page.Page.SetViewportSizeAsync(1400, 900);
        await page.Picture("wide", all: true);
        await page.Page.SetViewportSizeAsync(420, 850);
        await page.Until("() => innerWidth === 420 && document.documentElement.scrollWidth <= 420");
        await page.Scroll("[data-chart=kernel-b]");
        await page.Until(
            """
            () => {
              const chart = document.querySelector('[data-chart=kernel-b] svg').getBoundingClientRect(), form = document.getElementById('form').getBoundingClientRect();
              return chart.top >= -1 && chart.bottom <= form.top && form.bottom <= 851;
            }
            """);
        await page.Picture("narrow");
        await page["#fold"].ClickAsync();
        await Expect(page["#controls"]).ToBeHiddenAsync();
        await page.Until("() => document.getElementById('form').getBoundingClientRect().height < 60");
        await page["#fold"].ClickAsync();
        await Expect(page["#controls"]).ToBeVisibleAsync();
    });

    [BrowserFact]
    public Task It_is_dark_where_that_is_asked_for_charts_too() => explorer.Use([], async page =>
    {
        await Expect(page["body"]).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await Expect(page["#charts .drawing svg"].First).ToHaveCSSAsync("filter", "none");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(page["body"]).Not.ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await Expect(page["#charts .drawing svg"].First).Not.ToHaveCSSAsync("filter", "none");
        await page.Picture("dark", all: true);
    });

    [BrowserFact]
    public Task The_focus_is_seen() => explorer.Use([], async page =>
    {
        for (int stop = 0; stop < 4; stop++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            await page.Until("() => document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle === 'solid'");
        }
    });
}
