using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class ReportWriterTests
{
    [Fact]
    public void The_folder_has_the_page_the_data_and_every_panel_and_no_partial_file()
    {
        // Name a folder to look at the page in a browser.
        string folder = Environment.GetEnvironmentVariable("SYMEFT_SAMPLE_REPORT") ?? Directory.CreateTempSubdirectory("symeft-report-").FullName;
        var paths = ReportWriter.Write(folder, SampleReport.Paper());

        Assert.Equal(Path.Combine(folder, "index.html"), paths[^1]);
        Assert.All(paths, path => Assert.True(new FileInfo(path).Length > 0));
        Assert.Empty(Directory.EnumerateFiles(folder, "*.partial", SearchOption.AllDirectories));
    }
}
