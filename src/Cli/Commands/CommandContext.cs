using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>What every command may use.</summary>
/// <param name="Output">Standard output: results only.</param>
/// <param name="Messages">Standard error: progress and messages.</param>
/// <param name="Cancellation">Set by Ctrl-C.</param>
public sealed record CommandContext(TextWriter Output, TextWriter Messages, CancellationToken Cancellation);

/// <summary>The options of a specification on a command: one flag per value, and the file.</summary>
public sealed class SpecificationOptions
{
    private readonly Argument<string?> _file = new("SPEC") { Description = "specification file (YAML)", Arity = ArgumentArity.ZeroOrOne };
    private readonly bool _withFile;
    private readonly IReadOnlyList<Option<string>> _flags =
        [.. SpecificationFields.All.Select(field => new Option<string>(field.Flag) { Description = field.Help, Arity = field.IsSwitch ? ArgumentArity.Zero : ArgumentArity.ExactlyOne, HelpName = field.IsSwitch ? null : "VALUE" })];

    /// <summary>Puts the options on a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFile">Whether it takes a specification file.</param>
    public SpecificationOptions(Command command, bool withFile = true)
    {
        if (withFile)
            command.Arguments.Add(_file);
        _withFile = withFile;
        foreach (Option<string> flag in _flags)
            command.Options.Add(flag);
    }

    /// <summary>Reads the specification that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="context">What interrupts.</param>
    /// <param name="standard">A specification's text to start from if there is no file; null for none.</param>
    /// <param name="takesTangent">Whether it gives the tangent kernel.</param>
    public Specification Read(ParseResult parsed, CommandContext context, string? standard = null, bool takesTangent = false)
    {
        List<(string Flag, string Text)> given = [.. _flags.Where(flag => parsed.GetResult(flag) is not null).Select(flag => (flag.Name, parsed.GetValue(flag) ?? "true"))];
        string? file = _withFile ? parsed.GetValue(_file) : null;
        Specification specification = file is null && standard is not null
            ? SpecificationReader.ReadText(standard, "the built-in specification", Directory.GetCurrentDirectory(), given, context.Cancellation)
            : SpecificationReader.Read(file, given, context.Cancellation);
        // Taken for a perceptron with the step that a file for residual networks has, it dies out.
        if (specification is { Layers: null, Network: { Skip: 0, Step: > 0 and < 1 } network })
            context.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"symeft: skip is 0 and step is {network.Step}, so that every layer multiplies the kernel by {network.Step * network.Step:G3} beside what the activation does; a perceptron has --step 1."));
        return specification.Tangent == TangentKernel.None || takesTangent
            ? specification
            : throw new InputException("ntk is asked for, and this command has no tangent kernel, which derive, solve and simulate have; leave ntk out.");
    }
}

/// <summary>The forms a result can be printed in.</summary>
public enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One number a line.</summary>
    Csv,

    /// <summary>A Parquet file.</summary>
    Parquet,

    /// <summary>An HDF5 file.</summary>
    Hdf5,
}

/// <summary>The option --format.</summary>
public static class FormatOption
{
    /// <summary>Makes the option; the default is a table.</summary>
    /// <param name="takesFiles">Whether parquet and hdf5 are among its values.</param>
    public static Option<string> Create(bool takesFiles = false) =>
        new("--format") { Description = takesFiles ? "table, json or csv, or with --out parquet or hdf5" : "table, json or csv", DefaultValueFactory = _ => "table", HelpName = "FORMAT" };

    /// <summary>Its value.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="takesFiles">Whether parquet and hdf5 are among its values.</param>
    public static OutputFormat Read(ParseResult parsed, Option<string> option, bool takesFiles = false) => parsed.GetValue(option) switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "csv" => OutputFormat.Csv,
        "parquet" when takesFiles => OutputFormat.Parquet,
        "hdf5" when takesFiles => OutputFormat.Hdf5,
        var other => throw new InputException($"--format is '{other}'; use {(takesFiles ? "table, json, csv, parquet or hdf5" : "table, json or csv")}."),
    };

    /// <summary>Whether a format is a file's, which needs --out.</summary>
    /// <param name="format">The format.</param>
    /// <param name="path">The value of --out, if it was given.</param>
    /// <exception cref="InputException">It is, and there is none.</exception>
    internal static bool IsFile(OutputFormat format, string? path) => format is OutputFormat.Parquet or OutputFormat.Hdf5
        && (path is not null ? true : throw new InputException($"--format {format.ToString().ToLowerInvariant()} is no text for a terminal; name the file with --out FILE."));
}
