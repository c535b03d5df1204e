using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Sharding;

/// <summary>Where the tasks of a job run.</summary>
internal static class JobEngines
{
    /// <summary>Puts the open tasks into Slurm's queue, and a merge job behind them.</summary>
    /// <returns>The numbers of the array and of the merge job.</returns>
    /// <exception cref="ComputationException">Slurm refused, or is not there.</exception>
    public static IReadOnlyList<string> Slurm(JobFolder job, IReadOnlyList<int> open)
    {
        string tasks = ShardMerge.List(open).Replace(" to ", "-", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal);
        // More runs than a list shows: finished tasks start, find nothing to do, and end.
        if (tasks.EndsWith("...", StringComparison.Ordinal)) tasks = string.Create(CultureInfo.InvariantCulture, $"{open[0]}-{open[^1]}");
        string array = Parsable(job, open.Count == 0 ? null : ["--array=" + tasks, "array.sbatch"]);
        string merge = Parsable(job, array.Length == 0 ? ["merge.sbatch"] : [$"--dependency=afterok:{array}", "--kill-on-invalid-dep=yes", "merge.sbatch"]);
        return [array, merge];
    }

    /// <summary>Whether Slurm still has one of these jobs.</summary>
    public static bool IsQueued(IReadOnlyList<string>? jobs) =>
        jobs?.Any(job => job.Length > 0 && Run("squeue", ".", ["--noheader", "--jobs=" + job, "--states=PENDING,RUNNING,SUSPENDED,COMPLETING,REQUEUED,CONFIGURING"]) is { Code: 0, Output: var output } && output.Trim().Length > 0) ?? false;

    /// <summary>Runs the open tasks as processes here, so many at a time, then merges.</summary>
    /// <returns>Whether all ended well.</returns>
    public static bool Local(CommandContext context, JobFolder job, IReadOnlyList<int> open, int parallel)
    {
        bool well = true;
        try
        {
            Parallel.ForEach(open, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = context.Cancellation }, task =>
            {
                if (Follow(context, job, ["run.sh", task.ToString(CultureInfo.InvariantCulture)]) != 0) Volatile.Write(ref well, false);
            });
        }
        catch (OperationCanceledException)
        {
            context.Messages.WriteLine("symeft: Interrupted; the same command goes on with what is missing.");
            throw;
        }

        return well && Follow(context, job, ["merge.sh"]) == 0;
    }

    private static string Parsable(JobFolder job, string[]? arguments)
    {
        if (arguments is null) return "";
        (int code, string output, string errors) = Run("sbatch", job.Location, ["--parsable", .. arguments]);
        return code == 0
            ? output.Trim().Split(';')[0]
            : throw new ComputationException($"Slurm did not take the job: {(errors.Length > 0 ? errors.Trim().Split('\n')[0] : "sbatch is not installed here")}; the scripts are in {job.Location}, and --engine local runs them on this machine.");
    }

    private static int Follow(CommandContext context, JobFolder job, IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("bash", arguments) { WorkingDirectory = job.Location, RedirectStandardOutput = true, RedirectStandardError = true })!;
        // TERM lets the shard keep what is finished.
        using CancellationTokenRegistration stop = context.Cancellation.Register(() => Run("kill", ".", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0 && !context.Cancellation.IsCancellationRequested)
            context.Messages.WriteLine($"symeft: {string.Join(" ", arguments)} ended with {process.ExitCode}: {errors.Result.Trim()}");
        return process.ExitCode;
    }

    private static (int Code, string Output, string Errors) Run(string command, string folder, IReadOnlyList<string> arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (Win32Exception)
        {
            return (127, "", "");
        }
    }
}
