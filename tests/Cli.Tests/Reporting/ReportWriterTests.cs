using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class ReportWriterTests
{
    [Theory]
    [MemberData(nameof(HtmlReportTests.Variants), MemberType = typeof(HtmlReportTests))]
    public void The_folder_has_the_page_the_data_and_every_panel_and_no_partial_file(string variant)
    {
        // Name a folder to keep the pages and look at them in a browser.
        string? keep = Environment.GetEnvironmentVariable("SYMEFT_SAMPLE_REPORT");
        string folder = keep is null ? Directory.CreateTempSubdirectory("symeft-report-").FullName : Path.Combine(keep, variant.Replace(' ', '-'));
        var data = HtmlReportTests.Variant(variant);
        var paths = ReportWriter.Write(folder, data);

        Assert.Equal(paths, ReportWriter.Write(folder, data));
        Assert.Equal(Path.Combine(folder, "index.html"), paths[^1]);
        Assert.Equal(paths.Order(), Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order());
        Assert.Equal(HtmlReport.Render(data), File.ReadAllText(paths[^1]));
        if (keep is null)
            Directory.Delete(folder, recursive: true);
    }
}
