using FsCheck;
using FsCheck.Fluent;

namespace SymbolicEft.Plotting.Tests;

public sealed class LabelTests
{
    [Theory]
    [InlineData("*V*^{(4)}_{00,00}", "V^(4)_00,00")]
    [InlineData(@"a\*b\_{c}", "a*b_{c}")]
    [InlineData("n = 64 & <b>", "n = 64 & <b>")]
    public void Labels_read_as_plain_text(string markup, string plain) => Assert.Equal(plain, RichText.Parse(markup).PlainText);

    [Fact]
    public void Any_text_survives_as_a_literal_label() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => RichText.Parse(RichText.Literal(text.Get)).PlainText == text.Get)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("*x")]
    [InlineData("x^{2")]
    public void Markup_that_is_not_closed_is_refused(string markup) => Assert.Throws<FormatException>(() => RichText.Parse(markup));

    [Fact]
    public void A_subscript_after_a_superscript_takes_no_width_of_its_own() =>
        Assert.Equal(RichText.Parse("*V*_{00,00}").Width(10), RichText.Parse("*V*^{(4)}_{00,00}").Width(10), 1e-4);

    // Advance widths of Helvetica in thousandths of the size, from the Adobe font metrics: an SVG file is set in whatever the reader has of these widths.
    [Theory]
    [InlineData("0", 556)]
    [InlineData("V", 667)]
    [InlineData("hermite", 556 + 556 + 333 + 833 + 222 + 278 + 556)]
    [InlineData("\u2212", 584)]
    public void The_letters_have_the_widths_of_Helvetica(string text, double thousandths) => Assert.Equal(thousandths, ChartFonts.Width(text, 1000), 1.0);

    [Theory]
    [InlineData("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩϕ")]
    [InlineData("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−×±≤≥∞√∂→′\u2009\u202F\u2013\u2026")]
    [InlineData("äöüßéèñçø")]
    public void The_letters_of_physics_are_there(string text) => Assert.True(ChartFonts.Regular.ContainsGlyphs(text));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.25, "−0.25")]
    [InlineData(0.001, "0.001")]
    [InlineData(20_000, "20000")]
    [InlineData(1128.07109, "1130")]
    [InlineData(100_000, "10⁵")]
    [InlineData(-3e-12, "−3×10⁻¹²")]
    [InlineData(2.5e7, "2.5×10⁷")]
    public void Numbers_beside_ticks_are_short(double value, string text) => Assert.Equal(text, AxisNumbers.Text(value, 3));

    [Fact]
    public void A_range_has_a_length_and_reaches_zero_where_that_is_asked()
    {
        Assert.Equal((-1, 1), AxisNumbers.Range(new ChartAxis("y"), [0, 0], 0.05));
        (double low, double high) = AxisNumbers.Range(new ChartAxis("y"), [4, 4], 0);
        Assert.Equal((2, 6), (low, high));
        (low, high) = AxisNumbers.Range(new ChartAxis("y", IncludeZero: true), [4, 5], 0.05);
        Assert.True(low is <= 0 and > -0.2 && high > 5);
        (low, high) = AxisNumbers.Range(new ChartAxis("y", AxisScale.Logarithmic), [0.01, 100, -1, double.NaN, double.PositiveInfinity], 0);
        Assert.True(low is < -2 and > -3 && high is > 2 and < 3);
        Assert.Equal((-0.5, 2.5), AxisNumbers.Range(new ChartAxis("y", Categories: ["a", "b", "c"]), [], 0));
    }
}
