using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Serialization;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft diagrams: enumerates, weighs and draws the diagrams of the response-field theory.</summary>
internal static class DiagramsCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("diagrams", "Enumerates the diagrams with E external legs and L loops, with exact symmetry factors.");
        var external = new Option<string>("--external") { Description = "E: external kernel legs, at least 1; with several kernels also their names, such as G,S, or K,H and G,T of --theory", Required = true, HelpName = "E" };
        var file = new Option<string>("--spec") { Description = "specification file: one field for each kernel that its closure keeps, and formulas in the gallery", HelpName = "SPEC" };
        var loops = new Option<string>("--loops") { Description = "L: loops; the order is n^-(L+E-1)", Required = true, HelpName = "L" };
        var name = new Option<string>("--theory") { Description = DiagramTheories.Description, HelpName = "THEORY" };
        var drift = new Option<string>("--drift") { Description = "kernel legs of the drift vertices: a list such as 2,3, or all (from 2)", DefaultValueFactory = _ => "all", HelpName = "M" };
        var noise = new Option<string>("--noise") { Description = "kernel legs of the noise vertices: a list such as 0,1, or all (from 0)", DefaultValueFactory = _ => "all", HelpName = "M" };
        var count = new Option<bool>("--count") { Description = "count and weigh without storing" };
        var draw = new Option<string>("--draw") { Description = "svg, tikz or dot: one file per diagram in --out; with svg also gallery.svg and the page gallery.html", HelpName = "FORMAT" };
        var folder = new Option<string>("--out") { Description = "folder for drawings", HelpName = "DIR" };
        var pieces = new Option<string>("--connectivity") { Description = "connected, all, or one-particle-irreducible", DefaultValueFactory = _ => "connected", HelpName = "WHICH" };
        var tadpoles = new Option<string>("--tadpoles") { Description = "keep, drop-self-contractions, drop-insertions, or drop (both)", DefaultValueFactory = _ => "keep", HelpName = "WHICH" };
        var unlabelled = new Option<bool>("--unlabelled") { Description = "do not tell the external legs apart" };
        var limit = new Option<string>("--limit") { Description = "stop with a message beyond so many diagrams", DefaultValueFactory = _ => "1000000", HelpName = "COUNT" };
        Option<string> format = FormatOption.Create();
        foreach (Option option in new Option[] { external, loops, name, file, drift, noise, pieces, tadpoles, unlabelled, limit, count, draw, folder, format })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            IDiagramFormat? drawing = Drawing(parsed.GetValue(draw), OutputPath.Read(parsed, folder), parsed.GetValue(count));
            LegCounts drifts = Legs(parsed.GetValue(drift)!, 2, "--drift"), noises = Legs(parsed.GetValue(noise)!, 0, "--noise");
            DiagramTheory? derived = DiagramTheories.Find(parsed.GetValue(name));
            foreach (Option option in (Option[])[file, drift, noise])
            {
                if (parsed.GetResult(option) is { Implicit: false } && (derived is not null || (option == file && parsed.GetValue(name) is not null)))
                    throw new InputException($"--theory {parsed.GetValue(name)} {(option == file ? "is a theory of its own" : "has vertices of its own")}, and {option.Name} names {(option == file ? "another" : "some")}; leave one of them out.");
            }

            Specification? specification = parsed.GetValue(file) is { } path ? SpecificationReader.Read(path, [], context.Cancellation) : null;
            if (specification is not null)
                LayersRules.RequireFlat(specification); // the formulas of the gallery are those of the flat network
            IClosure? closure = specification is not null ? ClosureRegistry.Parse(specification.Closure) : parsed.GetValue(name) == DiagramTheories.GOnly ? new GOnly() : null;
            FieldTheory theory = derived?.At(1) ?? (closure is null ? FieldTheory.OneField(drifts, noises) : OfClosure(closure, drifts, noises));
            ImmutableArray<int> legs = External(parsed.GetValue(external)!, theory);
            int loopCount = Whole(parsed.GetValue(loops)!, "--loops", 0, 20);
            var request = new DiagramRequest
            {
                Theory = derived?.At(legs.Length + loopCount - 1) ?? theory,
                ExternalFields = legs,
                Loops = loopCount,
                Connectivity = Named(Connectivities, parsed.GetValue(pieces)!, "--connectivity"),
                Tadpoles = Named(TadpoleRules, parsed.GetValue(tadpoles)!, "--tadpoles"),
                LabelledExternals = !parsed.GetValue(unlabelled),
                MaximumDiagrams = Whole(parsed.GetValue(limit)!, "--limit", 1, int.MaxValue),
            };
            if (derived is { Remark.Length: > 0 })
                context.Messages.WriteLine(derived.Remark);
            using var line = new ProgressLine(context.Messages, "enumerating");
            var progress = new Telling(line);
            if (parsed.GetValue(count))
            {
                DiagramCount counted = DiagramGenerator.Count(request, progress, context.Cancellation);
                line.Dispose();
                Print(context.Output, chosen, DiagramDocument.Of(counted));
            }
            else
            {
                DiagramSet set = DiagramGenerator.Generate(request, progress, context.Cancellation);
                line.Dispose();
                if (drawing is not null)
                    Draw(context, set, drawing, OutputPath.Read(parsed, folder)!, derived?.Page ?? (each => GalleryPage.Html(each, closure?.IsKernelOfNetwork() == true ? new GOnlyProcess(DepthForm.Continuous) : null)));
                Print(context.Output, chosen, DiagramDocument.Of(set), derived is { HasLetters: true } ? theory.Fields : null);
            }

            exit(0);
        });
        return command;
    }

    private static readonly (string Name, Connectivity Value)[] Connectivities =
        [("connected", Connectivity.Connected), ("all", Connectivity.All), ("one-particle-irreducible", Connectivity.OneParticleIrreducible)];

    private static readonly (string Name, TadpoleRule Value)[] TadpoleRules =
    [
        ("keep", TadpoleRule.Keep),
        ("drop-self-contractions", TadpoleRule.DropSelfContractions),
        ("drop-insertions", TadpoleRule.DropInsertions),
        ("drop", TadpoleRule.DropSelfContractions | TadpoleRule.DropInsertions),
    ];

    private static T Named<T>((string Name, T Value)[] choices, string text, string label)
    {
        int at = Array.FindIndex(choices, choice => choice.Name == text);
        return at >= 0 ? choices[at].Value : throw new InputException($"{label} is '{text}'; use {string.Join(", ", choices.Select(choice => choice.Name))}.");
    }

    private static IDiagramFormat? Drawing(string? name, string? folder, bool counting)
    {
        if (name is null)
            return folder is null ? null : throw new InputException("--out is for drawings; add --draw svg, tikz or dot.");
        if (counting)
            throw new InputException("--count stores no diagrams, so there is nothing to --draw; leave one of them out.");
        if (folder is null)
            throw new InputException("--draw writes files; name their folder with --out.");
        return DiagramFormats.All.FirstOrDefault(each => each.Name == name)
            ?? throw new InputException($"--draw is '{name}'; use {string.Join(", ", DiagramFormats.All.Select(each => each.Name))}.");
    }

    private static FieldTheory OfClosure(IClosure closure, LegCounts drift, LegCounts noise)
    {
        try
        {
            return KernelTheories.Of(closure, drift, noise);
        }
        catch (NotSupportedException problem)
        {
            throw new InputException(problem.Message);
        }
        catch (ArgumentException)
        {
            throw new InputException($"The closure {closure.Name} keeps more fields than the 4 that diagrams are enumerated for; use g-only, sigma-kernel, or hermite(k) with k of at most 4.");
        }
    }

    // A number of legs of the first kernel, or the kernels by name.
    private static ImmutableArray<int> External(string text, FieldTheory theory)
    {
        if (text.All(letter => char.IsAsciiDigit(letter) || letter is '-' or '+'))
            return [.. Enumerable.Repeat(theory.DefaultExternal, Whole(text, "--external", 1, 20))];
        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        int[] fields = [.. names.Select(name => theory.Fields.IndexOf(name))];
        int unknown = Array.IndexOf(fields, -1);
        if (unknown < 0 && theory.Outside >= 0 && fields.Contains(theory.Outside) && fields.Any(field => field != theory.Outside))
            throw new InputException($"--external is '{text}'; legs on {theory.Fields[theory.Outside]} are the kernel after the last layer and do not go with others, so use it alone, or only {string.Join(" and ", theory.Fields.Where((_, field) => field != theory.Outside))}.");
        if (theory.Outside >= 0)
            Array.Sort(fields);
        return unknown < 0 && fields.Length <= 20
            ? [.. fields]
            : throw new InputException($"--external is '{text}'{(unknown < 0 ? "" : $" and '{names[unknown]}' is no field")}; use a whole number from 1 to 20, or up to 20 of {string.Join(", ", theory.Fields)} with commas.");
    }

    private static void Draw(CommandContext context, DiagramSet set, IDiagramFormat drawing, string folder, Func<DiagramSet, string> page)
    {
        IReadOnlyList<string>? fields = set.Request.Theory.Fields.Length > 1 ? set.Request.Theory.Fields : null;
        Directory.CreateDirectory(folder);
        foreach (Diagram diagram in set.Diagrams)
            AtomicFile.Write(Path.Combine(folder, diagram.Id + drawing.Extension), drawing.Draw(diagram, fields));
        if (drawing is SvgFormat)
        {
            AtomicFile.Write(Path.Combine(folder, "gallery.svg"), Gallery.Svg(set.Diagrams, fields: fields));
            // The page has the equation too, which takes all diagrams.
            if (set.Request is { LabelledExternals: true, Connectivity: Connectivity.Connected, Tadpoles: TadpoleRule.Keep })
                AtomicFile.Write(Path.Combine(folder, "gallery.html"), page(set));
        }

        context.Messages.WriteLine($"wrote {set.Diagrams.Length.ToString(CultureInfo.InvariantCulture)} drawings to {folder}");
    }

    private static void Print(TextWriter output, OutputFormat format, DiagramDocument document, IReadOnlyList<string>? letters = null)
    {
        switch (format)
        {
            case OutputFormat.Json:
                output.Write(document.ToJson() + "\n");
                break;
            case OutputFormat.Csv:
                output.Write("id,symmetryFactor,loops,vertices\n");
                foreach (Diagram diagram in document.Diagrams ?? [])
                    output.Write($"{diagram.Id},{diagram.SymmetryFactor},{diagram.Loops},{Vertices(diagram)}\n");
                break;
            default:
                if (document.Diagrams is { } diagrams)
                    TextTable.Write(
                        output,
                        [("id", at => diagrams[at].Id), ("symmetry factor", at => diagrams[at].SymmetryFactor.ToString()), ("vertices (response;kernel)", at => Vertices(diagrams[at])), ("in one line", at => LineNotation.Write(diagrams[at], letters))],
                        diagrams.Length);
                output.WriteLine($"{document.Count.ToString(CultureInfo.InvariantCulture)} diagrams, sum of symmetry factors {document.WeightedSum}");
                break;
        }
    }

    private static string Vertices(Diagram diagram) => string.Join(' ', diagram.Vertices.Select(vertex => $"({vertex.ResponseLegs};{vertex.KernelLegs})"));

    // Tells the progress line at once, in the order of events.
    private sealed class Telling(ProgressLine line) : IProgress<DiagramProgress>
    {
        public void Report(DiagramProgress value) =>
            line.Say(string.Create(CultureInfo.InvariantCulture, $"{value.Found:N0} diagrams found, {value.Built:N0} graphs built"));
    }

    private static LegCounts Legs(string text, int least, string label)
    {
        try
        {
            return LegCounts.Parse(text, least);
        }
        catch (FormatException problem)
        {
            throw new InputException($"{label}: {problem.Message}");
        }
    }

    private static int Whole(string text, string label, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new InputException($"{label} is '{text}'; use a whole number from {least} to {most}.");
}
