using System.Diagnostics;
using System.Runtime.InteropServices;
using static Microsoft.Playwright.Assertions;

namespace SymbolicEft.Explore.Tests;

/// <summary>What is seen first, simulations, and the end.</summary>
[Collection(nameof(Explorer))]
public sealed class StartTests(Explorer explorer)
{
    private const int Interrupt = 2;

    [BrowserFact]
    public Task The_page_solves_compares_and_simulates_what_the_explorer_was_started_with() => explorer.Use(explorer.Address, async page =>
    {
        Assert.Matches("^Simulation finished.*6,000 networks", await page.Text("#status"));
        Assert.True(await page.Count("#charts svg") >= 6, "curves are drawn");
        Assert.True(await page.Count("#charts svg :is(circle, ellipse)") > 10, "with points of the simulation");
        Assert.True(await page.Count("#equations math") >= 3, "equations are shown");
        Assert.True(await page.Count("#diagrams figure svg") >= 2, "diagrams are shown");
        Assert.True(await page.Count("#finite svg") >= 2, "the orders in 1/n at the width stand beside the simulation");
        Assert.Contains("to order 1", await page.Text("#finite-text"), StringComparison.Ordinal);
        Assert.Contains("simulated", await page.Text("#finite-text"), StringComparison.Ordinal);
        Assert.Contains("sigma-kernel", await page.Text("#windows"), StringComparison.Ordinal);
        Assert.Contains("no transport", await page.Text("#budget"), StringComparison.Ordinal);
        Assert.True(await page.Holds("[...document.querySelectorAll('input:not([type=hidden]), select, textarea, progress')].every(field => field.labels.length > 0 || field.ariaLabel)"), "every control has a label");
        Assert.True(await page.Holds("[...document.querySelectorAll('.chart[data-chart] .tools')].every(tools => tools.ariaLabel && [...tools.children].every(button => button.ariaLabel.length > 5))"), "every tool says what it does, and to which chart");
        Assert.True(await page.Holds("[...document.querySelectorAll('#block .box')].every(box => /^[a-zA-Z]+, layers/.test(box.ariaLabel))"), "every box says which layer it is");
        await page.Picture("start", all: true);
        await page.Press("#simulate");
        await Expect(page["#simulation"]).ToBeHiddenAsync();
        Assert.DoesNotContain("networks", await page.Text("#status"), StringComparison.Ordinal);
    });

    // Wide and deep enough not to end before it is stopped.
    [BrowserFact]
    public Task A_simulation_is_stopped_from_the_keyboard() => explorer.Use([("width", "1024"), ("depth", "200"), ("samples", "1000000")], async page =>
    {
        await page.Follows("the simulation is stopped", async () =>
        {
            await page["#simulate"].PressAsync("Space");
            await page.Until("() => document.body.dataset.state === 'simulation'");
            await Expect(page["#simulation"]).ToBeVisibleAsync();
            await page["#stop"].PressAsync("Space");
        });
        Assert.StartsWith("Simulation stopped.", await page.Text("#status"), StringComparison.Ordinal);
    });

    [BrowserFact]
    public async Task Ctrl_C_ends_it_while_a_page_is_open_and_nothing_but_the_address_was_printed()
    {
        (Process server, string address) = await Explorer.Serve();
        using (server)
        {
            try
            {
                await explorer.Use(address + "#simulate=0", async page =>
                {
                    Assert.StartsWith("g-only at layer 40", await page.Text("#status"), StringComparison.Ordinal);
                    Assert.Equal(0, Kill(server.Id, Interrupt));
                    Assert.Equal("", await server.StandardOutput.ReadToEndAsync());
                    await server.WaitForExitAsync();
                    Assert.Contains(server.ExitCode, new[] { 0, 130 });
                });
            }
            finally
            {
                server.Kill();
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
