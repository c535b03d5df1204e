// The main job, stage by stage:
//   1. derive and solve what the specification asks for;
//   2. where it applies, solve the published scheme beside it (gauss-hermite(32) nodes, euler steps);
//   3. compare the closure with all others and with the exact leading order (ClosureStage.cs);
//   4. simulate the finite network, with the moments that the one-step residual of the V4 equation needs;
//   5. theory and simulation at two larger steps eps, at equal depth time;
//   6. put everything into ReportData (ReportAssembly.cs), write the folder, print the headline.
// An interruption in stage 4 or 5 still writes the report, with what was finished.

using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Derive, solve, simulate, compare, report.</summary>
/// <param name="context">Where to print, and Ctrl-C.</param>
/// <param name="specification">What to do.</param>
/// <param name="folder">The report folder.</param>
/// <param name="simulated">A simulation of the specification that exists already, or null.</param>
internal sealed class MainJob(CommandContext context, Specification specification, string folder, EnsembleSeries? simulated = null)
{
    // The figure of V4 against eps: the specification's step and two larger ones, as in the paper (.05, .07, .1).
    private static readonly double[] StepFactors = [1.4, 2];
    private const int ShortRunDivisor = 4;

    // The second width, and how many fewer networks it takes for error bars like those of the first.
    private const int WidthFactor = 4, WideRunDivisor = 8;

    private readonly CompiledClosures _compiled = new();

    /// <summary>Runs all stages.</summary>
    /// <returns>The exit code: 0, or 130 if interrupted.</returns>
    public int Run()
    {
        using var progress = new ProgressLine(context.Messages, "simulating");
        progress.Say("deriving and solving");
        DerivationResult derivation = Theory.Derive(specification);
        TheorySolution solution = Solve(specification);
        var assembly = new ReportAssembly(specification, derivation, solution);
        progress.Say("valuing the diagrams");
        assembly.Diagrams = DiagramValues.Compute(specification, solution, context.Cancellation);
        if (PublishedScheme() is { } published)
            assembly.Published = Solve(published);
        progress.Say("comparing closures");
        assembly.Closures = ClosureStage.Run(specification, out string? notCompared, context.Cancellation);
        assembly.ClosuresMissing = notCompared;

        bool interrupted = false;
        if (simulated is not null)
            assembly.Ensemble = simulated;
        else if (specification.Simulates)
            interrupted = !Simulate(assembly, progress) || !SecondWidth(assembly, progress);
        if (!interrupted)
            interrupted = !OtherSteps(assembly, progress);
        progress.Dispose();
        ReportData data = assembly.Build();
        IReadOnlyList<string> files = ReportWriter.Write(folder, data);
        HeadlinePrinter.Print(context.Output, data);
        context.Output.WriteLine($"report: {files[^1]}");
        if (!interrupted)
            return 0;
        context.Messages.WriteLine("symeft: Interrupted; the report holds what was finished, with the error bars of the finished samples.");
        return 130;
    }

    private TheorySolution Solve(Specification asked) => Theory.Solve(asked, Theory.Problem(asked), _compiled, context.Cancellation);

    // The published code's choices, for the closure and the network that it treats.
    private Specification? PublishedScheme()
    {
        Specification published = specification with { Order = 0, Quadrature = new QuadratureChoice(32), Stepping = Stepping.Euler };
        if (!Theory.HasComponents(specification, published.Stepping, published.Quadrature))
            return null;
        return published.Quadrature == specification.Quadrature && published.Stepping == specification.Stepping ? null : published;
    }

    private bool Simulate(ReportAssembly assembly, ProgressLine progress)
    {
        TheorySolution reference = Simulation.InfiniteWidth(specification, context.Cancellation);
        double[][,]? response = OneStep(assembly, () => new LinearResponse(specification, reference).ClosureMatrices);
        EnsembleStatistics? statistics = TrySimulate(specification, reference, response, progress);
        if (statistics is null)
            return false;
        assembly.Ensemble = Simulation.Series(specification, statistics, reference);
        assembly.Interrupted = statistics.Cancelled;
        assembly.LinearNetwork = statistics.Cancelled ? [] : [.. SamplerChecks.LinearNetwork(specification, context.Cancellation)];
        if (response is not null)
            assembly.Residuals = OneStep(assembly, () => new OneStepResiduals(specification, reference, statistics).Compute()) ?? [];
        return !statistics.Cancelled;
    }

    // The leading order is what is left at infinite width: only an extrapolation can tell a closure's error from a correction of order 1/n.
    private bool SecondWidth(ReportAssembly assembly, ProgressLine progress)
    {
        if (specification.Estimator != EstimatorChoice.ControlVariate || specification.Width * WidthFactor > 16_384 || assembly.Ensemble!.Samples / WideRunDivisor < 2)
            return true;
        Specification wide = specification with
        {
            Width = specification.Width * WidthFactor,
            Samples = assembly.Ensemble.Samples / WideRunDivisor,
            Until = null,
            Kernel = ClosureStage.FirstTwo(specification.Kernel),
            Record = 2,
        };
        TheorySolution reference = Simulation.InfiniteWidth(wide, context.Cancellation);
        EnsembleStatistics? statistics = TrySimulate(wide, reference, null, progress);
        if (statistics is null || statistics.Cancelled)
            return false;
        assembly.Wide = Simulation.Series(wide, statistics, reference);
        return true;
    }

    private bool OtherSteps(ReportAssembly assembly, ProgressLine progress)
    {
        foreach (double factor in StepFactors)
        {
            // Equal depth time: L eps^2 stays as near as whole layers allow.
            double step = Math.Round(specification.Step * factor, 12);
            int depth = (int)Math.Round(specification.Depth / (factor * factor));
            if (specification.Skip != 1 || depth < specification.Record)
                return true;
            Specification coarse = specification with { Step = step, Depth = depth, Samples = simulated is null ? (assembly.Ensemble?.Samples ?? 0) / ShortRunDivisor : 0, Until = null, Order = 0, Record = Math.Min(specification.Record, 5) };
            TheorySeries theory = SolveCommand.Series(coarse, Solve(coarse));
            EnsembleSeries? ensemble = null;
            bool cancelled = false;
            if (coarse.Samples > 1)
            {
                TheorySolution reference = Simulation.InfiniteWidth(coarse, context.Cancellation);
                EnsembleStatistics? statistics = TrySimulate(coarse, reference, null, progress);
                cancelled = statistics is null || statistics.Cancelled;
                ensemble = statistics is null ? null : Simulation.Series(coarse, statistics, reference);
            }

            assembly.StepSizes.Add(new StepSizeRun(step, theory, ensemble));
            if (cancelled)
                return false;
        }

        return true;
    }

    // The derivatives of Price's theorem do not exist one by one where sigma jumps; the report goes on without the residual.
    private static T? OneStep<T>(ReportAssembly assembly, Func<T> compute)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (Exception reason) when (Failures.IsComputation(reason))
        {
            assembly.ResidualsMissing = reason.Message;
            return null;
        }
    }

    // Null if interrupted before anything was finished.
    private EnsembleStatistics? TrySimulate(Specification asked, TheorySolution reference, double[][,]? closure, ProgressLine progress)
    {
        try
        {
            return Simulation.Run(asked, reference, closure, progress.Report, context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
