// One explorer and one browser serve all tests, one after the other; each test has a page of its own, opened by a link that carries what it begins with. Nothing is
// waited for by a clock: the page says in data-state when it is done, and every other wait ends when what is waited for is there. The limit is there for what never comes.

using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SymbolicEft.Explore.Tests;

/// <summary>symeft explore and a browser.</summary>
public sealed class Explorer : IAsyncLifetime
{
    internal const float Never = 180_000;

    /// <summary>What the explorer is started with.</summary>
    internal static readonly (string Name, string Value)[] Start =
    [
        ("activation", "tanh(x)"), ("kernel", "[[2, 0.6], [0.6, 2]]"), ("depth", "40"), ("step", "0.2"), ("width", "16"), ("samples", "6000"), ("record", "5"), ("estimator", "plain"),
    ];

    private Process? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The address that the explorer printed.</summary>
    internal string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (Programs.Browser is null)
            return;
        (_server, Address) = await Serve();
        _ = _server.StandardOutput.ReadToEndAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Programs.Browser, Args = ["--no-sandbox"], Timeout = Never });
        Assertions.SetDefaultExpectTimeout(Never);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        _server?.Kill();
        _server?.Dispose();
    }

    /// <summary>Starts an explorer; its address is the first line that it prints.</summary>
    internal static async Task<(Process Server, string Address)> Serve()
    {
        Process server = Programs.Symeft(["explore", .. Start.SelectMany(value => new[] { "--" + value.Name, value.Value })]);
        Task<string> messages = server.StandardError.ReadToEndAsync();
        string? address = await server.StandardOutput.ReadLineAsync();
        if (address is null || !Regex.IsMatch(address, @"^http://127\.0\.0\.1:\d+/$"))
        {
            server.Kill();
            Assert.Fail($"No address but '{address}'. {await messages}");
        }

        return (server, address);
    }

    /// <summary>Opens the explorer's page without simulation, with other values than those it was started with, and uses it; the browser must find nothing to complain of.</summary>
    internal Task Use((string Name, string Value)[] values, Func<ExplorePage, Task> use, ColorScheme scheme = ColorScheme.Light) =>
        Use(Address + "#" + string.Join('&', values.Prepend(("simulate", "0")).Select(value => value.Item1 + "=" + Uri.EscapeDataString(value.Item2))), use, scheme);

    /// <summary>Opens an address of the explorer.</summary>
    internal Task Use(string address, Func<ExplorePage, Task> use, ColorScheme scheme = ColorScheme.Light) => Open(
        async page =>
        {
            var opened = new ExplorePage(page);
            await opened.Open(address);
            await use(opened);
        },
        scheme);

    /// <summary>An empty page of its own; nothing may be complained of while it is used, but what the program refuses.</summary>
    internal async Task Open(Func<IPage, Task> use, ColorScheme scheme = ColorScheme.Light)
    {
        await using IBrowserContext context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, ColorScheme = scheme, Permissions = ["clipboard-read", "clipboard-write"] });
        context.SetDefaultTimeout(Never);
        IPage page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.PageError += (_, problem) => complaints.Add(problem);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("400 (Bad Request)", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        await use(page);
        Assert.Empty(complaints);
    }
}

/// <summary>The tests that share an explorer and a browser.</summary>
[CollectionDefinition(nameof(Explorer))]
public sealed class ExplorerTests : ICollectionFixture<Explorer>;
