// symeft paper: the figures of record, as a preprint. Every number is computed and simulated anew; the text has none of its own.

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Cli.Paper;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Latex;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft paper: writes a preprint from derivations and simulations.</summary>
internal static class PaperCommand
{
    private const long StandardSamples = 20_000, MostSamples = 100_000_000;

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("paper", "A preprint from derivations and simulations: the published failure told apart, the exact leading order, the next order, a program of layers. With pdflatex as PDF.");
        var folder = new Option<string>("--out") { Description = "folder; default out/paper", HelpName = "DIR" };
        var samples = new Option<string>("--samples") { Description = string.Create(CultureInfo.InvariantCulture, $"networks of each width; default {StandardSamples}"), HelpName = "COUNT" };
        var seed = new Option<string>("--seed") { Description = "seed of the random numbers; default 1", HelpName = "SEED" };
        foreach (Option option in new Option[] { folder, samples, seed })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string place = OutputPath.Read(parsed, folder) ?? Path.Combine("out", "paper");
            var studies = new PaperStudies(context, Number(parsed.GetValue(samples), "--samples", 2, MostSamples, StandardSamples), (ulong)Number(parsed.GetValue(seed), "--seed", 0, long.MaxValue, 1));
            AtomicFile.MakeFolder(place, place);
            for (int at = 0; at < studies.All.Count; at++)
            {
                (string what, Action compute) = studies.All[at];
                context.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at + 1}/{studies.All.Count}: {what}"));
                compute();
                // What is finished is kept whatever comes.
                AtomicFile.Write(Path.Combine(place, "paper.json"), studies.Numbers.Json());
            }

            Write(place, studies);
            exit(Compile(context, place));
        });
        return command;
    }

    private static void Write(string place, PaperStudies studies)
    {
        string figures = Path.Combine(place, "figures");
        AtomicFile.MakeFolder(figures, figures);
        foreach (Picture figure in studies.Figures)
        {
            AtomicFile.Write(Path.Combine(figures, figure.Id + ".pdf"), figure.ToPdf());
            if (figure is Chart chart)
                AtomicFile.Write(Path.Combine(figures, figure.Id + ".csv"), PanelNumbers.Csv(chart));
        }

        AtomicFile.Write(Path.Combine(place, LatexReport.ReferencesName), LatexReport.Bibliography(typeof(PaperCommand).Assembly.GetName().Version?.ToString(3)));
        AtomicFile.Write(Path.Combine(place, "paper.tex"), PaperText.Write(studies.Numbers, DerivationPipeline.GOnly(DepthForm.Discrete)));
    }

    private static long Number(string? text, string flag, long least, long most, long standard) => text is null ? standard
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most ? value
        : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{flag} is '{text}'; give a whole number from {least} to {most}."));

    // pdflatex, bibtex, pdflatex twice; the same bytes from the same text.
    private static int Compile(CommandContext context, string place)
    {
        foreach (string tool in (string[])["pdflatex", "bibtex", "pdflatex", "pdflatex"])
        {
            var start = new ProcessStartInfo(tool) { WorkingDirectory = place, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in tool == "pdflatex" ? (string[])["-interaction=nonstopmode", "-halt-on-error", "paper.tex"] : ["paper"])
                start.ArgumentList.Add(argument);
            (start.Environment["SOURCE_DATE_EPOCH"], start.Environment["FORCE_SOURCE_DATE"]) = ("0", "1");
            try
            {
                using Process process = Process.Start(start)!;
                Task<string> errors = process.StandardError.ReadToEndAsync(context.Cancellation), said = process.StandardOutput.ReadToEndAsync(context.Cancellation);
                process.WaitForExit();
                if (process.ExitCode != 0)
                {
                    context.Messages.WriteLine($"symeft: {tool} could not compile {Path.Combine(place, "paper.tex")}: {said.GetAwaiter().GetResult().Split('\n').FirstOrDefault(line => line.StartsWith('!')) ?? errors.GetAwaiter().GetResult().Trim()}; its log is {Path.Combine(place, "paper.log")}.");
                    return 1;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                context.Messages.WriteLine($"symeft: there is no {tool} here; the paper is {Path.Combine(place, "paper.tex")}, with its figures beside it, to be compiled by pdflatex, bibtex and pdflatex twice.");
                return 0;
            }
        }

        foreach (string ending in (string[])[".aux", ".bbl", ".blg", ".out"])
            AtomicFile.TryDelete(Path.Combine(place, "paper" + ending));
        context.Messages.WriteLine($"wrote {Path.Combine(place, "paper.pdf")}; its numbers are in {Path.Combine(place, "paper.json")}");
        return 0;
    }
}
