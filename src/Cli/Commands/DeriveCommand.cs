using System.CommandLine;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Languages;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft derive: the equations of the closure, as documents and code.</summary>
internal static class DeriveCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("derive", "Derives the equations step by step; with --to, writes them as documents and code.");
        var options = new SpecificationOptions(command);
        var languages = new Option<string>("--to") { Description = $"languages, separated by commas: {string.Join(", ", OutputLanguages.All.Select(language => language.Name))}", HelpName = "LANGUAGES" };
        var folder = new Option<string>("--out") { Description = "folder for the files", HelpName = "DIR" };
        var check = new Option<bool>("--check") { Description = "write nothing; fail if the files in the folder differ" };
        command.Options.Add(languages);
        command.Options.Add(folder);
        command.Options.Add(check);
        command.SetAction(parsed =>
        {
            IReadOnlyList<IOutputLanguage> chosen = Languages(parsed.GetValue(languages));
            Specification specification = options.Read(parsed, context, takesTangent: true);
            string? target = OutputPath.Read(parsed, folder);
            bool checking = parsed.GetValue(check);
            if (checking && target is null)
                throw new InputException("--check compares with files in a folder; name it with --out.");
            bool every = target is not null && chosen.Count == 0;
            DerivationSubject subject = Subject(specification) with { FigureFolder = target is null ? null : "diagrams" }; // a wrong activation is the user's slip even where the equations do not need it
            DerivationResult derivation = LongWork.Run(context, () => $"deriving {specification.Closure}", () => Theory.Derive(specification).WithDiagrams(specification.Order));
            // Every document is made before any is written, so that a refusal leaves no file behind.
            List<(IOutputLanguage Language, string Text)> documents = LongWork.Run<List<(IOutputLanguage Language, string Text)>>(context, () => "writing", () => every
                ? [.. EveryDocument(context, derivation, subject)]
                : [.. chosen.Select(language => (language, Document(language, derivation, subject)))]);
            if (documents.Count == 0)
                context.Output.Write(derivation.ToString());
            else if (target is null)
                documents.ForEach(document => context.Output.Write(document.Text));
            else
                exit(checking ? Compare(context, Files(documents, derivation, subject, specification), target) : Write(context, Files(documents, derivation, subject, specification), target));
        });
        return command;
    }

    private static IReadOnlyList<IOutputLanguage> Languages(string? names)
    {
        if (names is null)
            return [];
        var chosen = new List<IOutputLanguage>();
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            chosen.Add(OutputLanguages.All.FirstOrDefault(language => language.Name == name)
                ?? throw new InputException($"--to names '{name}', which is not an output language; use {string.Join(", ", OutputLanguages.All.Select(language => language.Name))}."));
        }

        return chosen;
    }

    // Without --to: every language that can express the derivation; one that cannot is named on standard error.
    private static IEnumerable<(IOutputLanguage Language, string Text)> EveryDocument(CommandContext context, DerivationResult derivation, DerivationSubject subject)
    {
        foreach (IOutputLanguage language in OutputLanguages.All)
        {
            string text;
            try
            {
                text = language.Write(derivation, subject);
            }
            catch (NotSupportedException problem)
            {
                context.Messages.WriteLine($"no {language.Name}: {problem.Message}");
                continue;
            }

            yield return (language, text);
        }
    }

    /// <summary>A derivation in a language.</summary>
    /// <exception cref="InputException">The language cannot express it.</exception>
    internal static string Document(IOutputLanguage language, DerivationResult derivation, DerivationSubject subject)
    {
        try
        {
            return language.Write(derivation, subject);
        }
        catch (NotSupportedException problem)
        {
            throw new InputException($"--to {language.Name} is not possible here. {problem.Message}");
        }
    }

    // Every document, and behind it the files that it refers to, by path from the folder.
    private static List<(IOutputLanguage Language, string Path, string Text)> Files(
        IEnumerable<(IOutputLanguage Language, string Text)> documents, DerivationResult derivation, DerivationSubject subject, Specification specification) =>
        [
            .. documents.SelectMany(document => document.Language.FilesBeside(derivation, subject)
                .Select(file => (document.Language, file.Path, file.Text))
                .Prepend((document.Language, specification.Name + document.Language.FileEnding, document.Text))),
        ];

    private static int Write(CommandContext context, IReadOnlyList<(IOutputLanguage Language, string Path, string Text)> files, string folder)
    {
        foreach ((_, string name, string text) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.Write(path, text);
            context.Messages.WriteLine($"wrote {path}");
        }

        return 0;
    }

    private static int Compare(CommandContext context, IReadOnlyList<(IOutputLanguage Language, string Path, string Text)> files, string folder)
    {
        int different = 0;
        foreach ((IOutputLanguage language, string name, string expected) in files)
        {
            string path = Path.Combine(folder, name);
            string? found = File.Exists(path) ? InputFile.Text(path, 4 * (expected.Length + 1_000_000), context.Cancellation) ?? "" : null;
            if (found == expected)
                continue;
            different++;
            string where = found is null ? "is missing" : $"differs from what is derived now, first in line {FirstDifference(found, expected)}";
            context.Messages.WriteLine($"symeft: {path} {where}; regenerate it with 'symeft derive SPEC --to {language.Name} --out {folder}'.");
        }

        return different == 0 ? 0 : 1;
    }

    private static int FirstDifference(string found, string expected)
    {
        string[] left = found.Split('\n'), right = expected.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
            line++;
        return line + 1;
    }

    /// <summary>What a document tells of a specification.</summary>
    internal static DerivationSubject Subject(Specification specification) => Theory.Network(specification).Subject(specification.Name, specification.Stepping);
}
