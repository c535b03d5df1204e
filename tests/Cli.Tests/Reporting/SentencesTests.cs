using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class SentencesTests
{
    [Theory]
    [InlineData(47.8081, 48.735, .15, "1.9\u202F% below the simulation (<i>z</i>\u00A0=\u00A0\u22126.2)")]
    [InlineData(-1.027, -.7742, .025, "33\u202F% below the simulation (<i>z</i>\u00A0=\u00A0\u221210.1)")]
    [InlineData(-1.027, -.02, .1, "1.0 below the simulation (<i>z</i>\u00A0=\u00A0\u221210.1)")]
    [InlineData(2, 1, null, "100\u202F% above the simulation")]
    [InlineData(1, 1, .1, "equal to the simulation")]
    public void A_position_has_its_size_side_and_score(double value, double measured, double? error, string sentence)
    {
        Assert.Equal(sentence, Sentences.Position(value, measured, error));
    }

    // The published numbers at t = 2: V4 42.878 and K1 -.9011 against the converged 47.8081 and -1.02697, simulation 48.735 and -.7742 +- .0250.
    [Theory]
    [InlineData(42.878, 47.8081, 48.735, .1, "84\u202F% of the deviation of A from the simulation is that of its numerical treatment; the closure's own (B) is the rest.")]
    [InlineData(-.9011, -1.02697, -.7742, .025, "A comes closer to the simulation, because the error of its numerical treatment is opposite in sign to the deviation of the closure (B) and hides 50\u202F% of it.")]
    [InlineData(42.878, 47.8081, 48.735, 3, "the two differ by less than two standard errors of the simulation, which cannot tell them apart.")]
    [InlineData(42.878, 47.8081, 48.735, .5, "B agrees with the simulation within two standard errors; A does not, which is the work of its numerical treatment.")]
    [InlineData(47.5, 48.5, 48, .3, "both agree with the simulation within two standard errors.")]
    [InlineData(50, 47, 48, .1, "the two lie on opposite sides of the simulation: the numerical treatment changes the sign of the deviation.")]
    [InlineData(5, 5, 5, .1, "the two agree.")]
    public void A_verdict_says_what_the_numbers_bear_out(double published, double recomputed, double measured, double error, string verdict) =>
        Assert.Equal(verdict, Sentences.Verdict("A", published, "B", recomputed, measured, error));

    [Theory]
    [InlineData(48.735, .041, "48.735\u00A0±\u00A00.041")]
    [InlineData(-.7742, .0250, "\u22120.774\u00A0±\u00A00.025")]
    [InlineData(1234.5, 56, "1234\u00A0±\u00A056")]
    [InlineData(0, .0012, "0.0000\u00A0±\u00A00.0012")]
    [InlineData(1.23456, .0996, "1.23\u00A0±\u00A00.10")]
    [InlineData(3e-9, 4e-10, "3.00×10<sup>\u22129</sup>\u00A0±\u00A04.0×10<sup>\u221210</sup>")]
    [InlineData(1.5, double.NaN, "1.50000")]
    public void Errors_are_written_to_two_digits(double value, double error, string text) =>
        Assert.Equal(text, NumberText.Uncertain(value, error));

    [Theory]
    [InlineData(47.80814, 6, "47.8081")]
    [InlineData(-0.0001234567, 3, "\u22120.000123")]
    [InlineData(0.99999, 3, "1.00")]
    [InlineData(12345678, 3, "1.23×10<sup>7</sup>")]
    [InlineData(0, 3, "0")]
    public void Values_are_written_to_their_digits(double value, int digits, string text) =>
        Assert.Equal(text, NumberText.Significant(value, digits));

    [Fact]
    public void The_score_of_a_row_is_theory_minus_simulation_over_error()
    {
        var row = new HeadlineRow { Quantity = Quantity.K1, Pair = new(0, 0), Layer = 1, Time = 1, Theory = 3, Simulation = 2, StandardError = .5 };
        Assert.Equal(2, row.ZScore);
        Assert.Null((row with { StandardError = 0 }).ZScore);
        Assert.Null((row with { Simulation = null }).ZScore);
        Assert.Equal("Of the 1 comparisons in the table, 1 agree within two standard errors; the largest <i>z</i> is +2.0.", Sentences.ScoreSummary([row]));
    }

    [Theory]
    [InlineData(-.9011, -1.02697, "+12\u202F%")]
    [InlineData(42.878, 47.8081, "\u221210\u202F%")]
    [InlineData(1, 0, "\u2013")]
    public void A_relative_difference_has_the_sign_of_the_difference(double value, double reference, string text) =>
        Assert.Equal(text, Sentences.Relative(value, reference));

    [Theory]
    [InlineData("without transport", "without transport.")]
    [InlineData("Done.", "Done.")]
    [InlineData("a < b", "a &lt; b.")]
    [InlineData("", ".")]
    public void Descriptions_end_in_a_full_stop(string text, string sentence) => Assert.Equal(sentence, Captions.Sentence(text));

    [Fact]
    public void A_whole_residual_without_an_error_is_not_said_to_have_one()
    {
        var paper = SampleReport.Paper();
        var bare = paper with { Residuals = [.. paper.Residuals.Select(residual => residual with { TotalStandardErrors = null })] };
        Assert.Contains("drawn without bars", ResidualFigures.Residuals(new ReportView(bare))!.Caption);
        Assert.DoesNotContain("drawn without bars", ResidualFigures.Residuals(new ReportView(paper))!.Caption);
    }

    [Fact]
    public void Values_that_are_not_finite_are_warned_of()
    {
        string sentence = Assert.Single(Sentences.NotFinite(HtmlReportTests.Variant("not finite")), text => text.Contains("K1"));
        Assert.Equal("200 values of K1 in the series g-only, proved are not finite, the first at layer 420; the figures leave them out.", sentence);
        Assert.Empty(Sentences.NotFinite(SampleReport.Paper()));
    }

    [Fact]
    public void Initialisation_is_judged_by_the_data()
    {
        var paper = SampleReport.Paper();
        Assert.Contains(Sentences.Initialisation(new ReportView(paper)), sentence => sentence.Contains("an error of that closure before the first layer"));
        var exact = paper.Theory[0] with { U1 = [.. paper.Theory[0].U1!.Select((row, i) => i == 0 ? [.. row.Select(_ => 0.0)] : row)] };
        var mended = paper with { Theory = [exact, .. paper.Theory.Skip(1)] };
        Assert.Contains(Sentences.Initialisation(new ReportView(mended)), sentence => sentence.Contains("satisfies the theorem"));
    }
}
