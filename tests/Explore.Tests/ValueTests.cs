using System.Globalization;
using System.Text.Json;
using static Microsoft.Playwright.Assertions;

namespace SymbolicEft.Explore.Tests;

/// <summary>Values, chosen and typed: numbers are those of symeft solve, and what is wrong is refused in its sentences.</summary>
[Collection(nameof(Explorer))]
public sealed class ValueTests(Explorer explorer)
{
    private static readonly (string, string)[] OneInput = [("activation", "erf(x)"), ("kernel", "[[1.5]]"), ("step", "0.3"), ("depth", "30"), ("width", "24"), ("record", "4")];

    [BrowserFact]
    public Task Every_value_can_be_typed_and_the_numbers_are_those_of_solve() => explorer.Use([], async page =>
    {
        (string Name, string Value)[] typed =
        [
            ("activation", "erf(x)"), ("weight-variance", "1.5"), ("bias-variance", "0.25"), ("skip", "0.9"), ("step", "0.3"), ("depth", "30"), ("width", "24"), ("kernel", "[[1.5]]"),
            ("closure", "hermite(4)"), ("quadrature", "certified"), ("record", "4"), ("seed", "5"), ("samples", "3000"), ("name", "mine"),
        ];
        await page.Type(typed);
        JsonElement expected = await Programs.Solve(typed.Concat(Explorer.Start).DistinctBy(value => value.Name));
        foreach ((string name, double number) in new[]
        {
            ("K0_00", expected.AtTheEnd("K0")[0].GetDouble()), ("V4_00,00", expected.AtTheEnd("V4")[0][0].GetDouble()), ("K1_00", expected.AtTheEnd("K1")[0].GetDouble()),
        })
            Assert.Equal(number, await page.Result(name), 1e-5 * Math.Abs(number));
        await page.Type(("skip", "1"), ("closure", "g-only"));
        Assert.StartsWith("g-only at layer 30", await page.Text("#status"), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task Every_stepping_and_estimator_can_be_chosen() => explorer.Use(OneInput, async page =>
    {
        foreach (string name in new[] { "continuous", "euler", "discrete" })
            await page.Choose("stepping", name);
        foreach (string name in new[] { "control-variate", "weights", "uniform-weights", "orthogonal-weights", "plain" })
            await page.Choose("estimator", name);
    });

    [BrowserFact]
    public Task The_closures_that_are_compared_are_those_that_are_ticked() => explorer.Use(OneInput, async page =>
    {
        string[] names = await page.All("[name=compare]", "value");
        Assert.Contains("hermite(20)", names);
        foreach (string name in names)
        {
            string box = $"[value=\"{name}\"][name=compare]";
            bool before = await page[box].IsCheckedAsync();
            await page.Press(box);
            await Expect(page[box]).ToBeCheckedAsync(new() { Checked = !before });
        }

        Assert.Contains("hermite(20)", await page.Text("#windows"), StringComparison.Ordinal);
    });

    // The answer about the slow closure is held back until the other is there: which of them is first must not depend on the machine.
    [BrowserFact]
    public Task While_a_slow_closure_is_solved_a_quick_one_is_shown_under_its_own_name() => explorer.Use([("kernel", "[[1.5, 0.5], [0.5, 1]]"), ("step", "0.05"), ("depth", "300"), ("compare", "")], async page =>
    {
        string meanwhile = "";
        await page.Page.RouteAsync("**/theory", async route =>
        {
            var answer = await route.FetchAsync(new() { Timeout = Explorer.Never });
            await page.Until("() => Number(document.body.dataset.previews ?? 0) > 0");
            meanwhile = await page.Text("#status");
            await route.FulfillAsync(new() { Response = answer });
        });
        await page.Type("closure", "sigma-kernel");
        Assert.StartsWith("sigma-kernel at layer 300", await page.Text("#status"), StringComparison.Ordinal);
        Assert.Matches(@"^sigma-kernel is being solved; shown meanwhile.*hermite\(4\) at layer ", meanwhile);
    });

    [BrowserFact]
    public Task A_wrong_value_is_refused_at_its_field_and_mended() => explorer.Use(OneInput, async page =>
    {
        Assert.Equal("--depth is 0, which is out of range; use a whole number from 1 to 10000000.", await page.Refused("depth", "0"));
        await Expect(page["#depth"]).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Picture("wrong", all: true);
        await page.Type("depth", "30");
        Assert.Equal("", await page.Text("#error"));
        await Expect(page["#depth"]).Not.ToHaveAttributeAsync("aria-invalid", "true");
    });

    [BrowserFact]
    public Task Sliders_and_typed_values_move_one_another_from_the_keyboard() => explorer.Use([("step", "0.05"), ("depth", "200"), ("width", "512"), ("compare", "hermite(4)")], async page =>
    {
        foreach (string name in new[] { "weight-variance", "bias-variance", "skip", "step", "depth", "width", "size", "correlation" })
        {
            double before = await page.Number(name);
            await page.Follows($"the slider of {name}", () => page["#slide-" + name].PressAsync("ArrowRight"));
            Assert.True(await page.Number(name) > before, $"{name} is {await page.Value(name)}, {before} before");
        }

        using (JsonDocument kernel = JsonDocument.Parse(await page.Value("kernel")))
        {
            double size = kernel.RootElement[0][0].GetDouble();
            Assert.True(size > 2, $"the size, {size}, is written into the kernel");
            Assert.Equal(0.31, kernel.RootElement[0][1].GetDouble() / size, 1e-4);
        }

        await page.Type("kernel", "[[2, .5], [.5, .5]]");
        Assert.Equal(("2", "0.5"), (await page.Value("size"), await page.Value("correlation")));
        await page.Type("kernel", "[[2]]");
        await Expect(page["#slide-correlation"]).ToBeDisabledAsync();
    });

    // How fast is for the eye to judge; that each move is drawn before the slider rests is not.
    [BrowserFact]
    public Task Curves_follow_every_move_of_a_slider_and_everything_follows_when_it_rests() => explorer.Use([("step", "0.05"), ("depth", "800"), ("width", "512")], async page =>
    {
        await page.Scroll("[data-chart=kernel-b]", "center");
        await page.Follows("the slider rests", async () =>
        {
            for (int move = 0; move < 25; move++)
            {
                string value = string.Create(CultureInfo.InvariantCulture, $"{1.5 + (0.02 * move):0.##}");
                await page.Page.EvaluateAsync(
                    """
                    value => {
                      window.before = { svg: document.querySelector('[data-chart=kernel-b] svg'), drawn: Number(document.body.dataset.drawn ?? 0) };
                      const slider = document.getElementById('slide-weight-variance');
                      slider.value = value;
                      slider.dispatchEvent(new Event('input', { bubbles: true }));
                    }
                    """,
                    value);
                await page.Until("() => Number(document.body.dataset.drawn ?? 0) > window.before.drawn && document.querySelector('[data-chart=kernel-b] svg') !== window.before.svg");
                Assert.Equal(value, await page.Value("weight-variance"));
            }
        });
        JsonElement expected = await Programs.Solve([.. Explorer.Start.Where(value => value.Name is "activation" or "kernel"), ("step", "0.05"), ("depth", "800"), ("width", "512"), ("weight-variance", "1.98")]);
        double number = expected.AtTheEnd("V4")[0][0].GetDouble();
        Assert.Equal(number, await page.Result("V4_00,00"), 1e-5 * number);
    });
}
