using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SymbolicEft.Explore.Tests;

/// <summary>Pages as axe sees them: no violation of WCAG 2.2 at levels A and AA, in light and in dark, on a wide screen and a narrow one.</summary>
[Collection(nameof(Explorer))]
public sealed class AccessibilityTests(Explorer explorer, AccessibilityTests.Reports reports) : IClassFixture<AccessibilityTests.Reports>
{
    private static readonly AxeRunOptions Rules = new() { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }, ResultTypes = [ResultType.Violations] };

    public static TheoryData<ColorScheme, int> Looks => new() { { ColorScheme.Light, 1280 }, { ColorScheme.Light, 420 }, { ColorScheme.Dark, 1280 }, { ColorScheme.Dark, 420 } };

    public static TheoryData<string> Pages => [.. Reports.Pages.Keys];

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public Task The_explorer_is_for_everyone(ColorScheme scheme, int width) => explorer.Use(
        [("samples", "500"), ("simulate", "1"), ("compare", "hermite(4)")],
        async page =>
        {
            await page.Page.SetViewportSizeAsync(width, 900);
            await page.Scroll("#phase-section");
            await page.Until("() => document.querySelector('#map .drawing svg') && document.getElementById('doing-phase').textContent === ''");
            await page["details summary"].First.ClickAsync();
            string found = await Violations(page.Page, "flat values");
            await page.Choose("program", "transformer-mlp");
            await page["[data-chart=kernel-b] .plot"].PressAsync("ArrowRight");
            await page.Refused("kernel", "[[1, 2], [2, 1]]");
            found += await Violations(page.Page, "a program, a chart that was read, and a refusal");
            Assert.True(found == "", found);
        },
        scheme);

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public async Task What_is_written_is_for_everyone(string name)
    {
        string address = new Uri(await reports.Path(name)).AbsoluteUri, found = "";
        // What depends on the width does not depend on the colours.
        foreach ((ColorScheme scheme, int width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 420) })
        {
            await explorer.Open(
                async page =>
                {
                    await page.SetViewportSizeAsync(width, 900);
                    await page.GotoAsync(address);
                    await page.EvaluateAsync("for (const part of document.querySelectorAll('details')) part.open = true");
                    found += await Violations(page, $"{scheme}, {width}");
                    if (width > 1000)
                        found += await page.EvaluateAsync<string>("[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > each.clientWidth + 1).map(each => `\\n${each.ariaLabel} is cut on a wide screen`).join('')");
                },
                scheme);
        }

        Assert.True(found == "", found);
    }

    private static async Task<string> Violations(IPage page, string where)
    {
        AxeResult result = await page.RunAxe(Rules);
        Assert.True(result.Passes.Length > 5, $"{where}: axe found nothing to look at");
        return string.Concat(result.Violations.Select(violation =>
            $"\n{where}: {violation.Help} ({violation.Id})" + string.Concat(violation.Nodes.Take(5).Select(node => $"\n  {node.Target}: {string.Join(' ', node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}"))));
    }

    /// <summary>Pages that commands write, made when the first is asked for.</summary>
    public sealed class Reports : IDisposable
    {
        private const string Folder = "FOLDER";

        private static readonly string[] Network = ["--kernel", "[[2, 0.6], [0.6, 2]]", "--depth", "20", "--step", "0.2", "--width", "16", "--record", "5"];

        private static readonly string[] Report = ["run", .. Network, "--samples", "256", "--out", Folder];

        internal static readonly Dictionary<string, (string[] Command, string Page)> Pages = new()
        {
            ["report"] = (Report, "index.html"),
            ["diagrams of the report"] = (Report, "diagrams.html"),
            ["report of a program"] = (["run", "--network", "transformer-mlp", "--width", "16", "--kernel", "[[1, 0.3], [0.3, 1]]", "--samples", "256", "--out", Folder], "index.html"),
            ["sweep"] = (["sweep", .. Network, "--over", "weightVariance=1,2", "--over", "depth=10,20", "--report", "--out", Folder], "index.html"),
            ["diagrams"] = (["diagrams", "--external", "2", "--loops", "1", "--draw", "svg", "--out", Folder], "gallery.html"),
        };

        private readonly string _root = Directory.CreateTempSubdirectory("symeft-pages-").FullName;

        public void Dispose() => Directory.Delete(_root, recursive: true);

        public async Task<string> Path(string name)
        {
            (string[] command, string page) = Pages[name];
            string folder = System.IO.Path.Combine(_root, Array.IndexOf([.. Pages.Values.Select(each => each.Command)], command).ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (!Directory.Exists(folder))
                await Programs.Output([.. command.Select(argument => argument == Folder ? folder : argument)]);
            return System.IO.Path.Combine(folder, page);
        }
    }
}
