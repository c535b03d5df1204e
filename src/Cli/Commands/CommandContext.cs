using System.CommandLine;
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
        return specification.Tangent == TangentKernel.None || takesTangent
            ? specification
            : throw new InputException("ntk is asked for, and this command has no tangent kernel, which solve and simulate have; leave ntk out.");
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
}

/// <summary>The option --format.</summary>
public static class FormatOption
{
    /// <summary>Makes the option; the default is a table.</summary>
    public static Option<string> Create() => new("--format") { Description = "table, json or csv", DefaultValueFactory = _ => "table", HelpName = "FORMAT" };

    /// <summary>Its value.</summary>
    public static OutputFormat Read(ParseResult parsed, Option<string> option) => parsed.GetValue(option) switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "csv" => OutputFormat.Csv,
        var other => throw new InputException($"--format is '{other}'; use table, json or csv."),
    };
}
