using System.Text;
using SymbolicEft.Cli.Reporting.Latex;
using SymbolicEft.Cli.Reporting.Page;

namespace SymbolicEft.Cli.Reporting;

/// <summary>Writes a report folder: data.json, data.csv, figures/*.svg with the same as PDF and its numbers
/// as CSV, report.tex, references.bib, diagrams.html where there are diagrams, and index.html, in this order, so that the numbers are
/// safe before the page that links to them exists.</summary>
public static class ReportWriter
{
    /// <summary>The name of the page.</summary>
    public const string PageName = "index.html";

    /// <summary>Writes the folder; files of these names that are there already are replaced, others left alone.</summary>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="data">The data.</param>
    /// <returns>The paths written, the page last.</returns>
    /// <exception cref="ReportException">The data is inconsistent, or a file could not be written; files already written stay.</exception>
    public static IReadOnlyList<string> Write(string folder, ReportData data)
    {
        ReportValidation.Check(data);
        string figures = Path.Combine(folder, "figures");
        AtomicFile.MakeFolder(figures, folder);
        var paths = new List<string>();
        void Write(string path, string text) => WriteBytes(path, Encoding.UTF8.GetBytes(text));
        void WriteBytes(string path, byte[] content)
        {
            AtomicFile.Write(path, content);
            paths.Add(path);
        }

        Write(Path.Combine(folder, "data.json"), JsonReport.Render(data));
        Write(Path.Combine(folder, "data.csv"), CsvReport.Render(data));
        foreach (Chart panel in HtmlReport.Figures(new ReportView(data)).SelectMany(figure => figure.Panels))
        {
            Write(Path.Combine(figures, panel.Id + ".svg"), panel.ToSvg());
            WriteBytes(Path.Combine(figures, panel.Id + ".pdf"), panel.ToPdf());
            Write(Path.Combine(figures, panel.Id + ".csv"), PanelNumbers.Csv(panel));
        }

        Write(Path.Combine(folder, LatexReport.FileName), LatexReport.Render(data));
        Write(Path.Combine(folder, LatexReport.ReferencesName), LatexReport.Bibliography(data.ProgramVersion));
        if (data.Diagrams is { } gallery)
            Write(Path.Combine(folder, DiagramsPage.Name), DiagramsPage.Render(data, gallery));
        Write(Path.Combine(folder, PageName), HtmlReport.Render(data));
        return paths;
    }
}
