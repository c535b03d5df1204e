using System.CommandLine;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft merge: shards of a simulation to the result of the whole.</summary>
internal static class MergeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("merge", "Puts shards of a simulation together; the result is that of a single run, byte for byte.");
        var files = new Argument<string[]>("FILE") { Description = "shard files, or folders of *.shard files", Arity = ArgumentArity.OneOrMore };
        var merged = new Option<string>("--out") { Description = "also write the whole as one shard file", HelpName = "FILE" };
        var report = new Option<string>("--report") { Description = "also write a report folder with this simulation in it", HelpName = "DIR" };
        Option<string> format = FormatOption.Create();
        command.Arguments.Add(files);
        foreach (Option option in new Option[] { merged, report, format })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            string? path = OutputPath.Read(parsed, merged), folder = OutputPath.Read(parsed, report);
            if (path is not null)
                ShardFile.RequireReplaceable(path, context.Cancellation);
            string[] parts = parsed.GetValue(files) ?? [];
            ShardMerge.Merged whole = LongWork.Run(context, () => "reading shards", () => ShardMerge.Read(parts, context.Cancellation));
            (EnsembleStatistics statistics, TheorySolution reference) = LongWork.Run(context, () => "summing up", () => ShardMerge.Summarise(whole, context.Cancellation));
            if (path is not null)
                ShardFile.Write(path, whole.Head, whole.Tree.Nodes);
            ResultPrinter.Print(context.Output, chosen, whole.Specification, Simulation.Series(whole.Specification, statistics, reference));
            if (folder is not null)
                new MainJob(context with { Output = context.Messages }, whole.Specification, folder, Simulation.Series(whole.Specification, statistics, reference)).Run();
            exit(0);
        });
        return command;
    }
}
