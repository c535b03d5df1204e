using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft submit: a simulation, or one for each point of a sweep, as a job of many shards; symeft status tells how far it is.</summary>
internal static class SubmitCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("submit", "Splits a simulation into shards and runs them: on a cluster with Slurm, or as processes here. The same command again runs what is missing.");
        var options = new SpecificationOptions(command);
        var engine = new Option<string>("--engine") { Description = "slurm or local", HelpName = "ENGINE", DefaultValueFactory = _ => "slurm" };
        var shards = new Option<string>("--shards") { Description = "number of shards of each simulation", HelpName = "K" };
        var sweep = new Option<string[]>("--sweep") { Description = "KEY=FIRST:LAST:COUNT or KEY=VALUE,VALUE,...; once for each axis", HelpName = "AXIS", AllowMultipleArgumentsPerToken = false };
        var folder = new Option<string>("--out") { Description = "folder of the job; default out/NAME-job", HelpName = "DIR" };
        var dry = new Option<bool>("--dry-run") { Description = "print the scripts and an estimate of the cost; run nothing" };
        var parallel = new Option<string>("--parallel") { Description = "processes at a time with --engine local; default all cores", HelpName = "P" };
        var directive = new Option<string[]>("--sbatch") { Description = "a line for the Slurm scripts, such as \"--partition=long\"; several may be given", HelpName = "OPTION", AllowMultipleArgumentsPerToken = false };
        foreach (Option option in new Option[] { engine, shards, sweep, folder, dry, parallel, directive })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string chosen = parsed.GetValue(engine) is { } name and ("slurm" or "local") ? name : throw new InputException($"--engine is '{parsed.GetValue(engine)}'; use slurm or local.");
            string? place = OutputPath.Read(parsed, folder);
            Specification specification = options.Read(parsed, context, takesTangent: true);
            if (specification.Samples < 2 || specification.Until is not null)
                throw new InputException("A job needs a fixed number of networks, at least 2; give --samples.");
            int count = Whole("--shards", parsed.GetValue(shards) ?? "", 1, ShardChoice.Most);
            string[] lines = parsed.GetValue(directive) ?? [];
            if (lines.FirstOrDefault(line => !line.StartsWith("--", StringComparison.Ordinal) || line.Any(char.IsControl)) is { } wrong)
                throw new InputException($"--sbatch is '{wrong}'; give an option of sbatch, such as \"--partition=long\".");
            IReadOnlyList<Specification> points = Points(specification, parsed.GetValue(sweep) ?? []);
            string where = place ?? Path.Combine("out", specification.Name + "-job");
            if (parsed.GetValue(dry))
            {
                var head = new JobHead("", points.Count, count, (int)Math.Min(1000L, (long)points.Count * count), chosen, null);
                foreach ((string file, string text) in JobFolder.Scripts(head, specification.Name, Self(), lines))
                    context.Output.WriteLine($"==> {Path.Combine(where, file)} <==\n{text}");
                context.Output.WriteLine(Cost(points, count, context.Cancellation));
                exit(0);
                return;
            }

            JobFolder job = JobFolder.Write(where, points, count, chosen, Self(), lines, context.Cancellation);
            if (JobEngines.IsQueued(job.Head.Submitted))
                throw new InputException($"The job of {where} is still in the queue ({string.Join(", ", job.Head.Submitted!)}); wait for it, or scancel it first.");
            IReadOnlyList<int> open = job.OpenTasks();
            if (chosen == "local")
            {
                int processes = parsed.GetValue(parallel) is { } text ? Whole("--parallel", text, 1, 4096) : Environment.ProcessorCount;
                bool well = JobEngines.Local(context, job, open, processes);
                context.Output.WriteLine(well ? $"{points.Count * count} shards are finished and merged in {where}" : $"not all shards of {where} ended well; the same command runs them again");
                exit(well ? 0 : 1);
                return;
            }

            IReadOnlyList<string> numbers = JobEngines.Slurm(job, open);
            job.Save(numbers);
            context.Output.WriteLine(open.Count == 0
                ? $"all shards of {where} are finished; merge job {numbers[1]}"
                : $"array {numbers[0]} with {open.Count} of {job.Head.Tasks} tasks, merge job {numbers[1]}, in {where}; 'symeft status {where}' tells how far it is");
            exit(0);
        });
        return command;
    }

    private static IReadOnlyList<Specification> Points(Specification specification, string[] axes)
    {
        if (axes.Length == 0)
            return [specification];
        var plan = new SweepPlan(specification, [.. axes.Select(SweepAxis.Parse)], 20);
        return plan.Count <= JobFolder.MostPoints ? [.. Enumerable.Range(0, plan.Count).Select(plan.At)] : throw new InputException($"The sweep has {plan.Count} points, more than the {JobFolder.MostPoints} of a job; submit it in parts.");
    }

    // How this program is called again.
    private static string Self()
    {
        string assembly = typeof(SubmitCommand).Assembly.Location, process = Environment.ProcessPath ?? "symeft";
        return Path.GetFileNameWithoutExtension(process) == "symeft" || assembly.Length == 0 ? ShellText.Word(process) : $"{ShellText.Word(process)} {ShellText.Word(assembly)}";
    }

    // From a few batches of the first point, on one core.
    private static string Cost(IReadOnlyList<Specification> points, int shards, CancellationToken cancellation)
    {
        Specification first = points[0];
        double rate = Simulation.Rate(first, 2000, cancellation), hours = first.Samples / rate / 3600;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"# cost at the rate measured here, {rate:N0} networks a second and core: {hours * points.Count:G3} core-hours, {hours * 60 / shards:G3} minutes a shard; shards of about an hour want --shards {Math.Max(1, Math.Ceiling(hours)):F0}");
    }

    internal static int Whole(string flag, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new InputException($"{flag} is '{text}'; use a whole number from {least} to {most}.");
}
