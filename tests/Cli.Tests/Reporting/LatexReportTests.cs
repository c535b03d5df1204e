using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Latex;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class LatexReportTests
{
    // pdflatex reads every figure, too; hostile names and values that are not finite are among the variants.
    [LatexFact]
    public void Report_and_figures_compile_and_every_reference_is_found()
    {
        foreach (string variant in HtmlReportTests.Variants)
        {
            string folder = Directory.CreateTempSubdirectory("symeft-latex-").FullName;
            ReportWriter.Write(folder, HtmlReportTests.Variant(variant));
            (int code, string output, _) = Tools.Run(Tools.PdfLatex!, folder, "-interaction=nonstopmode", "-halt-on-error", "report.tex");
            Assert.True(code == 0, $"{variant}: {output}");
            (code, output, _) = Tools.Run("bibtex", folder, "report");
            Assert.True(code == 0, $"{variant}: {output}");
            foreach (int pass in new[] { 2, 3 })
                Assert.True(Tools.Run(Tools.PdfLatex!, folder, "-interaction=nonstopmode", "-halt-on-error", "report.tex").Code == 0, $"{variant}, pass {pass}");
            string log = File.ReadAllText(Path.Combine(folder, "report.log"));
            Assert.DoesNotContain('?', File.ReadAllText(Path.Combine(folder, "report.tex")).Replace(HtmlReportTests.Variant(variant).SetUp.Name, "", StringComparison.Ordinal));
            Assert.DoesNotContain("undefined", log, StringComparison.Ordinal);
            Assert.DoesNotContain("Missing character", log, StringComparison.Ordinal);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("<i>K</i><sup>(1)</sup> &lt; 5&#160;%", @"\(K^{(1)}\) \(<\) 5~\%")]
    [InlineData("<i>C<sub>W</sub></i> = <em>a_b</em>", @"\(C_{W}\) = \emph{a\_b}")]
    [InlineData("<math><msubsup><mi>V</mi><mtext>00,01</mtext><mtext>(4)</mtext></msubsup></math>", @"\(V_{00,01}^{(4)}\)")]
    [InlineData("Cov(<i>Q̂</i>, <i>G</i>), Q̂", @"Cov(\(\hat{Q}\), \(G\)), \(\hat{Q}\)")]
    [InlineData("<i>ε</i>² × 10<sup>−3</sup> ± \\", @"\(\varepsilon ^2\) \(\times\) 10\(^{-3}\) \(\pm\) \textbackslash{}")]
    [InlineData("<table><thead><tr><th>a</th><th colspan=\"2\">b</th></tr></thead><tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>", "\\begin{tabular}{lrr}\n\\hline\na & \\multicolumn{2}{c}{b} \\\\\n\\hline\n1 & 2 & 3 \\\\\n\\hline\n\\end{tabular}\n")]
    public void Html_becomes_LaTeX(string html, string latex) => Assert.Equal(latex, HtmlToLatex.Convert(html));

    [Theory]
    [MemberData(nameof(HtmlReportTests.Variants), MemberType = typeof(HtmlReportTests))]
    public void Figures_are_PDF_files_with_their_letters_in_them(string variant)
    {
        foreach (Chart panel in Panels(variant))
        {
            byte[] pdf = panel.ToPdf();
            string text = Encoding.Latin1.GetString(pdf);
            Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
            Assert.Equal(text.Split("/FontDescriptor ").Length, text.Split("/FontFile2 ").Length);
            Assert.Equal(pdf, panel.ToPdf());
        }
    }

    [Fact]
    public void The_numbers_beside_a_panel_are_those_of_the_data()
    {
        ReportData data = HtmlReportTests.Variant("paper");
        Chart variance = Panels("paper").Single(panel => panel.Id == "kernel-b");
        string[][] rows = [.. PanelNumbers.Csv(variance).TrimEnd().Split('\n').Skip(1).Select(Fields)];
        TheorySeries main = data.Theory.Single(series => series.Role == SeriesRole.Main);
        Assert.Equal(
            main.V4!.Select((matrix, record) => (main.Times[record], matrix[0][0])),
            rows.Where(row => row[0] == main.Label).Select(row => (double.Parse(row[1], CultureInfo.InvariantCulture), double.Parse(row[2], CultureInfo.InvariantCulture))));
        EnsembleSeries ensemble = data.Ensemble!;
        Assert.Equal(
            ensemble.V4!.Select((matrix, record) => (matrix[0][0], ensemble.V4StandardErrors![record][0][0])),
            rows.Where(row => row[0].StartsWith("simulation", StringComparison.Ordinal)).Select(row => (double.Parse(row[^2], CultureInfo.InvariantCulture), row[^1].Length == 0 ? 0 : double.Parse(row[^1], CultureInfo.InvariantCulture))));
    }

    // A label may hold commas and stands in quotes then; the other three fields are numbers.
    private static string[] Fields(string line)
    {
        string[] parts = line.Split(',');
        return [string.Join(',', parts[..^3]).Trim('"'), .. parts[^3..]];
    }

    private static Chart[] Panels(string variant) => [.. HtmlReport.Figures(new ReportView(HtmlReportTests.Variant(variant))).SelectMany(figure => figure.Panels)];
}
