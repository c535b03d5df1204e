using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SymbolicEft.Explore.Tests;

/// <summary>The explorer's page, used as its reader uses it.</summary>
internal sealed class ExplorePage(IPage page)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("SYMEFT_EXPLORE_PICTURES") is { Length: > 0 } folder ? folder : null;

    public IPage Page => page;

    public ILocator this[string selector] => page.Locator(selector);

    public async Task Open(string address)
    {
        await page.GotoAsync("about:blank");
        await page.GotoAsync(address);
        Assert.True(await Settled() == "done", await Text("#error"));
    }

    public async Task<string> Text(string selector) => await page.Locator(selector).TextContentAsync() ?? "";

    public Task<string> Value(string name) => page.Locator("#" + name).InputValueAsync();

    public async Task<double> Number(string name) => double.Parse(await Value(name), CultureInfo.InvariantCulture);

    public async Task<string[]> All(string selector, string property) => await page.EvaluateAsync<string[]>("([selector, property]) => [...document.querySelectorAll(selector)].map(each => each[property])", new[] { selector, property });

    public Task<int> Count(string selector) => page.Locator(selector).CountAsync();

    public Task<bool> Holds(string expression) => page.EvaluateAsync<bool>(expression);

    /// <summary>Waits until something is so.</summary>
    public Task Until(string expression, object? argument = null) => page.WaitForFunctionAsync(expression, argument);

    /// <summary>Waits until the page is done, or has failed, with all that was asked of it.</summary>
    public async Task<string> Settled()
    {
        IJSHandle state = await page.WaitForFunctionAsync("() => ['done', 'failed'].find(state => document.body?.dataset.state === state)");
        return await state.JsonValueAsync<string>();
    }

    /// <summary>Does something that the page follows, while nothing else is under way that could end in its place, and waits for what comes of it.</summary>
    public async Task<string> Change(Func<Task> act)
    {
        await Settled();
        await page.EvaluateAsync("document.body.dataset.state = 'changing'");
        await act();
        return await Settled();
    }

    /// <summary>A change that the page must follow to its end.</summary>
    public async Task Follows(string what, Func<Task> act) => Assert.True(await Change(act) == "done", $"{what}: {await Text("#error")}");

    public Task Type(string name, string value) => Follows($"{name} is typed, {value}", () => page.Locator("#" + name).FillAsync(value));

    public async Task Type(params (string Name, string Value)[] values)
    {
        foreach ((string name, string value) in values)
            await Type(name, value);
    }

    public Task Choose(string name, string value) => Follows($"{name} is chosen, {value}", () => page.Locator("#" + name).SelectOptionAsync(value));

    /// <summary>Presses a control with the space bar.</summary>
    public Task Press(string selector) => Follows($"{selector} is pressed", () => page.Locator(selector).PressAsync("Space"));

    /// <summary>A value that is refused, and the sentence of the page.</summary>
    public async Task<string> Refused(string name, string value)
    {
        Assert.Equal("failed", await Change(() => page.Locator("#" + name).FillAsync(value)));
        return await Text("#error");
    }

    /// <summary>Waits until charts that are looked at differently are drawn.</summary>
    public async Task Looked(Func<Task> act)
    {
        int before = await page.EvaluateAsync<int>("Number(document.body.dataset.looks ?? 0)");
        await act();
        await Until("before => Number(document.body.dataset.looks ?? 0) > before", before);
    }

    /// <summary>Where the plot of a chart is on the screen, brought to its middle, and what its edges stand for.</summary>
    public async Task<PlotPlace> Where(string selector)
    {
        JsonElement place = (await page.EvaluateAsync(
            """
            selector => {
              const plot = document.querySelector(selector);
              plot.scrollIntoView({ block: 'center', behavior: 'instant' });
              const svg = plot.querySelector('svg'), box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
              const [left, top, right, bottom] = svg.dataset.plot.split(' ').map(Number);
              return [[box.x + scale * left, box.y + scale * top, box.x + scale * right, box.y + scale * bottom], svg.dataset.limits.split(' ').map(Number)];
            }
            """,
            selector))!.Value;
        float[] edges = [.. place[0].EnumerateArray().Select(each => each.GetSingle())];
        return new(edges[0], edges[1], edges[2], edges[3], [.. place[1].EnumerateArray().Select(each => each.GetDouble())]);
    }

    public Task Scroll(string selector, string block = "start") =>
        page.EvaluateAsync("([selector, block]) => document.querySelector(selector).scrollIntoView({ block, behavior: 'instant' })", new[] { selector, block });

    /// <summary>The line of results in a sentence of the page: K0_00 = 1.2.</summary>
    public async Task<double> Result(string name)
    {
        Match match = Regex.Match(await Text("#status"), Regex.Escape(name) + @" = (-?\d+(?:\.\d+)?(?:E[+-]?\d+)?)");
        Assert.True(match.Success, $"no {name} in {await Text("#status")}");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The values of fields under the names of their flags.</summary>
    public async Task<(string Name, string Value)[]> Values(params string[] names)
    {
        var values = new List<(string, string)>();
        foreach (string name in names)
            values.Add((name, await Value(name)));
        return [.. values];
    }

    /// <summary>A picture of the screen, or of all of the page, in the folder SYMEFT_EXPLORE_PICTURES, if there is one.</summary>
    public async Task Picture(string name, bool all = false)
    {
        if (Pictures is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), FullPage = all });
    }
}

/// <summary>Edges of a plot on the screen, and what they stand for: left, right, bottom, top.</summary>
internal sealed record PlotPlace(float Left, float Top, float Right, float Bottom, double[] Limits)
{
    public float Middle => (Top + Bottom) / 2;

    public float Centre => (Left + Right) / 2;
}
