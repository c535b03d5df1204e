namespace SymbolicEft.Plotting.Tests;

public sealed class StyleTests
{
    private static readonly string[] Compared = ["g-only", "g-connected", "sigma-kernel", "sigma-kernel(2)", "hermite(1)", "hermite(4)", "hermite(10)", "hermite(20)", "hermite(auto)"];

    [Fact]
    public void What_is_drawn_together_differs_in_dashes_and_in_colour_or_tone()
    {
        SeriesStyle[] lines = [.. Compared.Select(Styles.Of)];
        Assert.Equal(lines.Length, lines.Select(style => style.Dash).Distinct().Count());
        Assert.Equal(lines.Length, lines.Select(style => (style.Colour, style.Dash)).Distinct().Count());
        SeriesStyle[] inOnePanel = [Styles.SourceOnly, Styles.ExactSource, Styles.Published, Styles.Of("g-only"), Styles.Of("sigma-kernel"), Styles.Of("hermite(20)")];
        Assert.Equal(inOnePanel.Length, inOnePanel.Select(style => style.Dash).Distinct().Count());
        Assert.Equal(Styles.Family.Count, Styles.Family.Select(style => style.Dash).Distinct().Count());
    }

    [Theory]
    [InlineData("g-only")]
    [InlineData("[x*y, sigma(x)*sigma(y), x]")]
    [InlineData("hermite(1e-4)")]
    [InlineData("")]
    public void A_closure_has_one_style(string closure)
    {
        Assert.Equal(Styles.Of(closure), Styles.Of(closure));
        Assert.Matches("^#[0-9A-Fa-f]{6}$", Styles.Of(closure).Colour);
    }

    [Fact]
    public void Other_closures_are_not_drawn_as_one_of_the_known() =>
        Assert.DoesNotContain(Styles.Of("[x*y, relu(x)]"), Compared.Select(Styles.Of));
}
