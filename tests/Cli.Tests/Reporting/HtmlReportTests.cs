using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class HtmlReportTests
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Variants => ["paper", "no simulation", "one input", "mlp", "bare", "alternatives", "two unlike inputs", "hostile names", "not finite", "closures", "closures of one input"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_page_is_well_formed_and_asks_for_nothing_from_outside(string variant)
    {
        string page = HtmlReport.Render(Variant(variant));
        var document = Parse(page);

        Assert.Empty(document.Descendants(Html + "script"));
        Assert.Empty(document.Descendants(Html + "link"));
        // A figure's files are those that stand beside the page.
        HashSet<string> files = [.. Figures(Variant(variant)).SelectMany(figure => figure.Panels).SelectMany(panel => new[] { "svg", "pdf", "csv" }.Select(ending => $"figures/{panel.Id}.{ending}"))];
        Assert.All(document.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "href" or "src"),
            attribute => Assert.True(attribute.Value is "data.json" or "data.csv" or "figures" or "report.tex" or "references.bib" || attribute.Value.StartsWith('#') || files.Contains(attribute.Value), attribute.Value));
        Assert.DoesNotContain("NaN", page);
        // Every link within the page has its target, and no identifier stands twice.
        var ids = document.Descendants().Attributes("id").Select(attribute => attribute.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(document.Descendants(Html + "a").Select(link => link.Attribute("href")!.Value).Where(target => target[0] == '#'), target => Assert.Contains(target[1..], ids));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void In_every_panel_nothing_overlaps(string variant)
    {
        foreach (var figure in Figures(Variant(variant)))
            Assert.All(figure.Panels, Plotting.Tests.SvgTexts.AssertNothingOverlaps);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_same_data_gives_the_same_bytes_in_any_culture(string variant)
    {
        var data = Variant(variant);
        string[] first = [HtmlReport.Render(data), JsonReport.Render(data), CsvReport.Render(data)];
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.NumberFormat.NumberGroupSeparator = ".";
            other.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = other;
            var again = Variant(variant);
            string[] second = [HtmlReport.Render(again), JsonReport.Render(again), CsvReport.Render(again)];
            Assert.Equal(first, second);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void The_papers_page_has_its_figures_tables_and_derivation()
    {
        var document = Parse(HtmlReport.Render(SampleReport.Paper()));

        Assert.Equal(["figure-kernel", "figure-steps", "figure-k1", "figure-u1", "figure-residual", "figure-u1-initial", "figure-scheme"],
            document.Descendants(Html + "figure").Select(figure => figure.Attribute("id")!.Value));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => $"Figure {i}."),
            document.Descendants(Html + "figcaption").Select(caption => string.Join(' ', caption.Value.Split(' ')[..2])));
        Assert.Equal(17, document.Descendants(Svg + "svg").Count());
        Assert.Equal(2, document.Descendants(Html + "li").Count(step => ((string?)step.Attribute("id"))?.StartsWith("step-", StringComparison.Ordinal) == true));
        // Three displayed equations in two steps.
        Assert.Equal(3, document.Descendants().Count(element => element.Name.LocalName == "math" && (string?)element.Attribute("display") == "block"));
        Assert.Contains("200,000 simulated networks of width", document.ToString());
    }

    [Fact]
    public void Parts_that_are_missing_leave_no_section_and_no_claim()
    {
        var document = Parse(HtmlReport.Render(Variant("bare")));
        Assert.Empty(document.Descendants(Html + "figure"));
        Assert.Equal(["brief", "set-up", "methods", "data"], document.Descendants(Html + "h2").Select(heading => heading.Attribute("id")!.Value));

        string alone = HtmlReport.Render(Variant("no simulation"));
        Assert.Contains("No simulation was run", alone);
        Assert.DoesNotContain("± s.e.", alone);
        Assert.DoesNotContain("simulated networks", alone);

        string single = HtmlReport.Render(Variant("one input"));
        Assert.DoesNotContain("01,01", single);
        Assert.DoesNotContain("inputs 0 and 1", single);
    }

    [Fact]
    public void A_plain_network_is_drawn_against_layers()
    {
        string page = HtmlReport.Render(Variant("mlp"));
        Assert.Contains("Multilayer perceptron", page);
        Assert.DoesNotContain("depth time", page);
        Assert.Contains("layer 800", page);
    }

    [Fact]
    public void The_kernels_symmetry_is_claimed_only_where_it_holds()
    {
        Assert.Contains("inputs are alike under", HtmlReport.Render(SampleReport.Paper()));
        Assert.DoesNotContain("inputs are alike under", HtmlReport.Render(Variant("two unlike inputs")));
    }

    [Fact]
    public void The_closures_tables_say_what_the_numbers_say()
    {
        string page = HtmlReport.Render(Variant("closures"));
        var document = Parse(page);
        string[] Row(string section, string name) =>
            [.. document.Descendants(Html + "section").Single(each => (string?)each.Attribute("aria-labelledby") == section).Descendants(Html + "tr").First(row => row.Elements(Html + "th").First().Value == name).Elements(Html + "td").Select(cell => cell.Value)];
        Assert.Equal("+3.0\u202F%", Row("closures", "g-only")[1]);
        Assert.Equal("0", Row("closures", "[x*y, x]")[1]);
        Assert.Equal("0.67 · > 2 · > 2", Row("windows", "g-only")[0]);
        Assert.Equal("> 2", Row("windows", "[x*y, x]")[0]);
        Assert.Equal("\u2013", Row("windows", "hermite(1)")[1]);
        Assert.Equal("25\u202F%", Row("budget", "order 1, the layer mean of φ")[1]);
        Assert.Equal("40\u202F%", Row("budget", "order 1, the layer mean of φ")[3]);
        Assert.Contains("sigma-kernel(3) was not solved: The observables &lt;vary&gt; too fast.", page);
        Assert.Contains("is 0 in hermite(1) because nothing that it keeps feeds it", page);
        Assert.Contains("G-only misses 28\u202F% of", page);
    }

    [Fact]
    public void Closures_of_the_wrong_shape_are_refused()
    {
        var data = Variant("closures");
        var closures = data.Closures!;
        var exception = Assert.Throws<ReportException>(() => HtmlReport.Render(data with { Closures = closures with { Closures = [closures.Closures[0] with { Numbers = [] }] } }));
        Assert.Contains("9 components but 0 of g-only", exception.Message);
    }

    [Fact]
    public void Names_that_a_user_chose_are_text_and_never_markup()
    {
        var document = Parse(HtmlReport.Render(Variant("hostile names")));
        Assert.DoesNotContain(document.Descendants(), element => element.Name.LocalName is "script" or "img");
        Assert.Contains(document.Descendants(Svg + "text"), text => text.Value == "a*b_{c}^{d} </svg><script>");
    }

    [Theory]
    [InlineData("<math><mi>x</math>", "not well-formed")]
    [InlineData("<math><script>1</script></math>", "the element script")]
    [InlineData("<math><mi onclick='x'>x</mi></math>", "the attribute onclick")]
    [InlineData("<math><mo>&InvisibleTimes;</mo></math>", "not well-formed")]
    [InlineData("<p>x</p>", "the element p")]
    [InlineData("x = 1", "no math element")]
    public void MathML_that_is_none_is_refused_with_the_step(string mathMl, string reason)
    {
        var data = SampleReport.Paper() with { Derivation = [new(3, "Closure", "We close.", mathMl, "")] };
        var exception = Assert.Throws<ReportException>(() => HtmlReport.Render(data));
        Assert.Contains("step 3 (Closure)", exception.Message);
        Assert.Contains(reason, exception.Message);
    }

    [Fact]
    public void Tables_of_the_wrong_shape_are_refused_by_name()
    {
        var data = SampleReport.Paper();
        var broken = data.Theory[0] with { K1 = [.. data.Theory[0].K1!.Skip(1)] };
        var exception = Assert.Throws<ReportException>(() => HtmlReport.Render(data with { Theory = [broken] }));
        Assert.Equal("Series \"g-only, proved\" has 41 layers but 40 rows of K1.", exception.Message);
        Assert.Throws<ReportException>(() => HtmlReport.Render(data with { Theory = [data.Theory[0], data.Theory[0]] }));
        Assert.Throws<ReportException>(() => HtmlReport.Render(data with { Headline = [data.Headline[0] with { SecondPair = null }] }));
    }

    private static IEnumerable<Figure> Figures(ReportData data) => HtmlReport.Figures(new ReportView(data));

    internal static ReportData Variant(string name)
    {
        var paper = SampleReport.Paper();
        switch (name)
        {
            case "no simulation": return SampleReport.Paper(simulated: false);
            case "one input": return SampleReport.Paper(inputs: 1);
            case "mlp": return SampleReport.Paper(inputs: 2, skip: 0);
            case "bare": return new ReportData { SetUp = paper.SetUp with { Samples = 0 } };
            case "alternatives":
                var extra = Enumerable.Range(1, 3).Select(k => paper.Theory[0] with { Label = $"hermite({2 * k})", Role = SeriesRole.Alternative });
                return paper with { Theory = [.. paper.Theory, .. extra] };
            case "two unlike inputs":
                var two = SampleReport.Paper(inputs: 2);
                return two with { SetUp = two.SetUp with { Network = two.SetUp.Network with { Kernel = new[,] { { 2, .6 }, { .6, 1.5 } } } } };
            case "closures": return SampleReport.WithClosures(SampleReport.Paper());
            case "closures of one input": return SampleReport.WithClosures(SampleReport.Paper(inputs: 1, simulated: false, skip: 0));
            case "hostile names":
                return paper with
                {
                    SetUp = paper.SetUp with { Name = "<img src=x>", Network = paper.SetUp.Network with { Activation = "x*\"<b>\"" }, Closure = "'&" },
                    Ensemble = paper.Ensemble! with { Label = "a*b_{c}^{d} </svg><script>" },
                };
            case "not finite":
                var broken = paper.Theory[0] with { K1 = [.. paper.Theory[0].K1!.Select((row, i) => i > 20 ? [.. row.Select(_ => double.NaN)] : row)], U1 = [.. paper.Theory[0].U1!.Select(row => row.Select(_ => double.PositiveInfinity).ToArray())] };
                return paper with { Theory = [broken, .. paper.Theory.Skip(1)], Headline = [] };
            default: return paper;
        }
    }

    private static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
