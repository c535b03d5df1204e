// A specification is read in three layers: the defaults, the YAML file, the flags; each field found is put in through the
// table in SpecificationFields.cs. Flags are read as YAML too, so "[[2,.6],[.6,2]]" means the same in both.

using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Specifications;

/// <summary>Reads specifications from files and flags.</summary>
public static class SpecificationReader
{
    private const int LongestFile = 1_000_000;
    private const int DeepestNesting = 60;
    private const long MostNumbers = 1_000_000_000;

    /// <summary>Reads a file, then applies flags, which win.</summary>
    /// <param name="path">The file, or null for none.</param>
    /// <param name="flags">Pairs of a flag and its text.</param>
    /// <param name="cancellation">Ends it, also where the file is a pipe that nobody writes to.</param>
    /// <exception cref="InputException">A value is wrong.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static Specification Read(string? path, IReadOnlyList<(string Flag, string Text)> flags, CancellationToken cancellation = default)
    {
        if (path is null)
            return ReadText(null, "", Directory.GetCurrentDirectory(), flags, cancellation);
        string text;
        try
        {
            text = InputFile.Text(path, LongestFile, cancellation)
                ?? throw new InputException($"The specification '{path}' is longer than {LongestFile} characters, and no specification is; give the path of a YAML file.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"The specification '{path}' cannot be read: {(Directory.Exists(path) ? "It is a folder" : problem.Message.TrimEnd('.'))}; give the path of a YAML file.");
        }

        return ReadText(text, path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", flags, cancellation);
    }

    /// <summary>Reads a specification's text, then applies flags.</summary>
    /// <param name="text">YAML, or null for none.</param>
    /// <param name="source">How to name the text in messages.</param>
    /// <param name="folder">Where relative paths in the text start.</param>
    /// <param name="flags">Pairs of a flag and its text.</param>
    /// <param name="cancellation">Ends the reading of data that the text names.</param>
    public static Specification ReadText(string? text, string source, string folder, IReadOnlyList<(string Flag, string Text)> flags, CancellationToken cancellation = default)
    {
        var given = new List<(SpecificationField Field, YamlNode Value, ValueContext Context)>();
        if (text is not null)
        {
            foreach ((string path, YamlNode value) in Leaves(Parse(text, $"The specification '{source}'"), source))
            {
                SpecificationField field = SpecificationFields.All.First(each => each.Path == path);
                given.Add((field, value, new($"'{path}' in {source} (line {value.Start.Line})", folder) { IsFromFile = true, Cancellation = cancellation }));
            }
        }

        // How many networks are simulated is one choice: either flag overrules both values of the file.
        if (flags.Any(each => each.Flag is "--samples" or "--until"))
            given.RemoveAll(each => each.Field.Path is "simulate.samples" or "simulate.until");
        foreach ((string flag, string value) in flags)
        {
            SpecificationField field = SpecificationFields.All.First(each => each.Flag == flag);
            YamlNode node = FlagValue(flag, value);
            // A flag overrules the file, and --kernel overrules the file's data.
            given.RemoveAll(each => each.Field == field || (field.Path.StartsWith("inputs.", StringComparison.Ordinal) && each.Field.Path.StartsWith("inputs.", StringComparison.Ordinal) && !each.Context.Label.StartsWith("--", StringComparison.Ordinal)));
            given.Add((field, node, new(flag, Directory.GetCurrentDirectory()) { Cancellation = cancellation }));
        }

        LayersRules.Apply(given);
        if (given.Count(each => each.Field.Path.StartsWith("inputs.", StringComparison.Ordinal)) > 1)
            throw new InputException("Both a kernel and data are given; K(0) must come from one of them, so leave one out.");
        Specification result = given.Aggregate(new Specification(), (spec, each) => each.Field.Set(spec, each.Value, each.Context));
        if (given.All(each => !each.Field.Path.StartsWith("inputs.", StringComparison.Ordinal)))
            throw new InputException("There are no inputs; give inputs: kernel: [[2, 0.6], [0.6, 2]] in the file, or --kernel.");
        return Checked(result);
    }

    /// <summary>Reads a covariance given on the command line; a single number is a 1 x 1 matrix.</summary>
    /// <exception cref="InputException">It is not a covariance.</exception>
    public static double[,] ReadKernel(string text) =>
        KernelReader.FromMatrix(FlagValue("--kernel", text), new("--kernel", Directory.GetCurrentDirectory()));

    /// <summary>Reads a quadrature given on the command line.</summary>
    /// <exception cref="InputException">It is not one.</exception>
    public static QuadratureChoice ReadQuadrature(string text) =>
        SpecificationFields.Quadrature(new YamlScalarNode(text), new("--quadrature", Directory.GetCurrentDirectory()));

    // A list is read as YAML, except a list of observables, whose commas and brackets are its own; text that YAML would
    // read as something else than one value, such as "a: b", is taken literally.
    internal static YamlNode FlagValue(string flag, string text) =>
        text.TrimStart().StartsWith('[') && flag != "--closure" ? Parse(text, $"{flag} '{text}'")! : new YamlScalarNode(text);

    // Conditions that tie several values together.
    internal static Specification Checked(Specification spec)
    {
        spec = LayersRules.Settled(spec);
        spec.Until?.RequireFor(spec.Inputs);
        if (spec.Until is { IsOfTangents: true } && spec.Tangent == TangentKernel.None)
            throw new InputException($"until is {spec.Until}, about the tangent kernel, which is not asked for; add ntk, or name {(spec.Layers is null ? "G, V4, K1 or U1" : "G, V4 or K1")}.");
        if (spec.Until is { Quantity: "U1" } && spec.Layers is not null)
            throw new InputException($"until is {spec.Until}, and U1 is not a quantity of a program of layers; name G, V4 or K1.");
        spec.Pairs?.RequireFor(spec.Inputs);
        if (spec.Pairs is not null)
            spec.Until?.RequireAmong(spec.Pairs, spec.Inputs);
        // What a solution needs beyond that is refused where one is asked for: a simulation takes no closure's expectations, and a report leaves an order out.
        if ((ClosureSolver.OrderBesideTangent(spec.Solver) ?? ClosureSolver.Refusal(ClosureRegistry.Parse(spec.Closure), spec.Solver with { Order = 0 }, spec.Network, withActivation: false)) is { } refusal)
            throw new InputException(refusal);
        // V4 at every recorded depth; what fits in no memory is refused before the work begins.
        long numbers = (long)spec.Network.Records * PairIndexing.Count(spec.Inputs) * PairIndexing.Count(spec.Inputs);
        if (numbers > MostNumbers)
            throw new InputException($"record is {SpecificationFields.Digits(spec.Network.Records)} and there are {spec.Inputs} inputs, which makes {numbers} numbers of V4, and at most {MostNumbers} are kept; record fewer depths or give fewer inputs.");
        return spec;
    }

    internal static YamlNode? Parse(string text, string source)
    {
        try
        {
            // Anchors and tags are not needed here, and aliases can make a small file enormous: refuse them before they are built.
            var scanner = new Parser(new StringReader(text));
            int depth = 0, documents = 0;
            while (scanner.MoveNext())
            {
                if (scanner.Current is YamlDotNet.Core.Events.AnchorAlias or YamlDotNet.Core.Events.NodeEvent { Anchor.IsEmpty: false })
                    throw new InputException($"{source} uses a YAML anchor or alias (line {scanner.Current.Start.Line}); write the value out.");
                if (scanner.Current is YamlDotNet.Core.Events.DocumentStart && ++documents > 1)
                    throw new InputException($"{source} holds more than one YAML document; keep one.");
                depth += scanner.Current?.NestingIncrease ?? 0;
                if (depth > DeepestNesting)
                    throw new InputException($"{source} is nested more deeply than any specification (line {scanner.Current!.Start.Line}).");
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        }
        catch (YamlException problem)
        {
            throw new InputException($"{source} is not YAML (line {problem.Start.Line}, column {problem.Start.Column}): {problem.Message.TrimEnd('.')}.");
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or FormatException or ArithmeticException or IndexOutOfRangeException)
        {
            // The YAML library ends so on some texts that are none, such as a control character after a plain value.
            throw new InputException($"{source} is not YAML: its reader stops without saying where; look for characters that do not belong in a text file.");
        }
    }

    private static IEnumerable<(string Path, YamlNode Value)> Leaves(YamlNode? root, string source)
    {
        if (root is not YamlMappingNode top)
            throw new InputException($"The specification '{source}' must be a YAML table with keys such as network, inputs and closure.");
        foreach ((string path, YamlNode value) in Entries(top, "", source))
            yield return (path, value);
    }

    private static IEnumerable<(string Path, YamlNode Value)> Entries(YamlMappingNode table, string prefix, string source)
    {
        foreach ((YamlNode key, YamlNode value) in table.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            string path = prefix + name;
            if (SpecificationFields.All.Any(field => field.Path == path))
            {
                yield return (path, value);
                continue;
            }

            string[] below = [.. SpecificationFields.All.Where(field => field.Path.StartsWith(path + ".", StringComparison.Ordinal)).Select(field => field.Path)];
            if (below.Length > 0 && value is YamlMappingNode inner)
            {
                foreach ((string Path, YamlNode Value) entry in Entries(inner, path + ".", source))
                    yield return entry;
                continue;
            }

            if (below.Length > 0)
                throw new InputException($"'{path}' in {source} (line {key.Start.Line}) must be a table with {string.Join(", ", below.Select(each => each[(path.Length + 1)..]))}.");
            IEnumerable<string> known = SpecificationFields.All
                .Where(field => field.Path.StartsWith(prefix, StringComparison.Ordinal))
                .Select(field => field.Path[prefix.Length..].Split('.')[0])
                .Distinct();
            throw new InputException($"'{path}' in {source} (line {key.Start.Line}) is not a known key; known here are {string.Join(", ", known)}.");
        }
    }
}
