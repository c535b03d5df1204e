using System.CommandLine;
using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
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
            EnsembleSeries series = LongWork.Run(context, () => "summing up", () => ShardMerge.Series(whole, context.Cancellation));
            if (path is not null)
                ShardFile.Write(path, whole.Head, whole.Tree.Nodes);
            SimulateCommand.Print(context, chosen, whole.Specification, FinitePredictions.Beside(context, whole.Specification, series));
            if (folder is not null && whole.Specification.Tangent != TangentKernel.None)
            {
                context.Messages.WriteLine("symeft: No report was written: reports have no tangent kernel.");
            }
            else if (folder is not null)
            {
                if (ReportInputs.Of(whole.Specification, series) is (var specification, var some, var note))
                    new MainJob(context with { Output = context.Messages }, specification, folder, some, note).Run();
                else
                    context.Messages.WriteLine("symeft: No report was written: it needs all pairs of its inputs, and no input has the pair with itself among the pairs kept.");
            }

            exit(FinitePredictions.ExitCode(context));
        });
        return command;
    }
}
