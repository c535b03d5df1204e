// The main job, stage by stage:
//   1. derive and solve what the specification asks for;
//   2. where it applies, solve the published scheme beside it (gauss-hermite(32) nodes, euler steps);
//   3. compare the closure with all others and with the exact leading order (ClosureStage.cs);
//   4. simulate the finite network, with the moments that the one-step residual of the V4 equation needs;
//   5. theory and simulation at two larger steps eps, at equal depth time;
//   6. put everything into ReportData (ReportAssembly.cs), write the folder, print the headline.
// An interruption in stage 4 or 5 still writes the report, with what was finished. What one comparison cannot compute is left out of the
// report with a sentence: an order in 1/n that there is not, too, and the report is of the next lower one. Where the closure itself stops
// at a layer, the report is of the layers before; there, and without the simulation, the exit code is that of a failed computation.

using System.Globalization;
using System.Runtime.ExceptionServices;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Derive, solve, simulate, compare, report.</summary>
/// <param name="context">Where to print, and Ctrl-C.</param>
/// <param name="specification">What to do.</param>
/// <param name="folder">The report folder.</param>
/// <param name="simulated">A simulation of the specification that exists already, or null.</param>
/// <param name="note">What the report is to say of its inputs, or null.</param>
/// <param name="leftOut">What the specification does not ask for any more, its order or all of its depth, and why, a sentence each; null for nothing.</param>
internal sealed class MainJob(CommandContext context, Specification specification, string folder, EnsembleSeries? simulated = null, string? note = null, IReadOnlyList<string>? leftOut = null)
{
    // The figure of V4 against eps: the specification's step and two larger ones, as in the paper (.05, .07, .1).
    private static readonly double[] StepFactors = [1.4, 2];
    private const int ShortRunDivisor = 4;

    // The second width, and how many fewer networks it takes for error bars like those of the first.
    private const int WidthFactor = 4, WideRunDivisor = 8;

    private readonly CompiledClosures _compiled = new();

    /// <summary>Runs all stages.</summary>
    /// <returns>The exit code: 0, or 130 if interrupted.</returns>
    /// <exception cref="ComputationException">The closure stopped, or the network cannot be simulated; the report of what there is has been written.</exception>
    public int Run()
    {
        using var progress = new ProgressLine(context.Messages, "simulating");
        int layer = 0;
        progress.Say(() => string.Create(CultureInfo.InvariantCulture, $"solving {specification.Closure}, layer {Volatile.Read(ref layer):N0} of {specification.Network.Depth:N0}"));
        DerivationResult derivation;
        SolutionWithCurve solved;
        try
        {
            derivation = Theory.Derive(specification);
            solved = Theory.SolveWithCurve(specification, _compiled, context.Cancellation, reached => Volatile.Write(ref layer, reached));
        }
        catch (ComputationException reason) when (simulated is null && reason.Finished is { Layers: { Count: > 1 } layers })
        {
            progress.Dispose();
            string sentence = string.Create(CultureInfo.InvariantCulture, $"The closure stopped, and this report is of the first {layers[^1]} of {specification.Network.Depth} layers: {reason.Message}");
            int code = new MainJob(context, specification with { Network = specification.Network with { Depth = layers[^1], Records = layers.Count } }, folder, note: note, leftOut: [.. leftOut ?? [], sentence]).Run();
            if (code != 0)
                return code;
            throw;
        }
        catch (Exception reason) when (specification.Order > 0 && Failures.IsOfOnePart(reason))
        {
            progress.Dispose();
            string sentence = string.Create(CultureInfo.InvariantCulture, $"Order {specification.Order} is left out: {reason.Message}");
            return new MainJob(context, specification with { Order = specification.Order - 1 }, folder, simulated, note, [.. leftOut ?? [], sentence]).Run();
        }

        var assembly = new ReportAssembly(specification, derivation, solved) { InputsNote = note };
        assembly.LeftOut.AddRange(leftOut ?? []);
        progress.Say("valuing the diagrams");
        assembly.Diagrams = assembly.Attempt("The diagrams have no values", () => DiagramValues.Compute(specification, solved.Recorded, context.Cancellation));
        if (PublishedScheme() is { } published)
            assembly.Published = assembly.Attempt("The published scheme is not shown", () => Solve(published));
        progress.Say("comparing closures");
        assembly.Closures = assembly.Attempt("The closures were not compared with the exact leading order", () => ClosureStage.Run(specification, context.Cancellation));

        bool interrupted = false;
        Exception? unsimulated = null;
        if (simulated is not null)
        {
            assembly.Ensemble = simulated;
        }
        else if (specification.Simulates)
        {
            try
            {
                interrupted = !Simulate(assembly, progress);
            }
            catch (Exception reason) when (Failures.IsComputation(reason))
            {
                unsimulated = reason;
                assembly.LeftOut.Add($"There is no simulation: {reason.Message}");
            }

            interrupted = interrupted || (assembly.Ensemble is not null && !SecondWidth(assembly, progress));
        }

        if (!interrupted)
            interrupted = !OtherSteps(assembly, progress);
        progress.Dispose();
        ReportData data = assembly.Build();
        IReadOnlyList<string> files = ReportWriter.Write(folder, data);
        HeadlinePrinter.Print(context.Output, data);
        foreach (string sentence in assembly.LeftOut)
            context.Output.WriteLine(sentence);
        context.Output.WriteLine($"report: {files[^1]}");
        if (unsimulated is not null)
            ExceptionDispatchInfo.Throw(unsimulated);
        if (!interrupted)
            return 0;
        context.Messages.WriteLine("symeft: Interrupted; the report holds what was finished, with the error bars of the finished samples.");
        return 130;
    }

    private SolutionWithCurve Solve(Specification asked) => Theory.SolveWithCurve(asked, _compiled, context.Cancellation);

    // The published code's choices, for the closure and the network that it treats.
    private Specification? PublishedScheme()
    {
        Specification published = specification with { Order = 0, Quadrature = new QuadratureChoice(32), Stepping = Stepping.Euler };
        if (!Theory.HasComponents(published))
            return null;
        return published.Quadrature == specification.Quadrature && published.Stepping == specification.Stepping ? null : published;
    }

    private bool Simulate(ReportAssembly assembly, ProgressLine progress)
    {
        TheorySolution reference = Simulation.InfiniteWidth(specification, context.Cancellation);
        LinearResponse? response = specification.Layers is not null ? null : assembly.Attempt("The one-step residuals are not shown", () => new LinearResponse(Theory.Network(specification), specification.Quadrature, reference));
        EnsembleStatistics? statistics = TrySimulate(specification, reference, response?.ClosureMatrices, progress);
        if (statistics is null)
            return false;
        assembly.Ensemble = Simulation.Series(specification, statistics, reference);
        assembly.Interrupted = statistics.Cancelled;
        if (!statistics.Cancelled && specification.Layers is null)
            assembly.LinearNetwork = assembly.Attempt<SamplerCheck[]>("The sampler is not compared with the linear network", () => [.. SamplerChecks.LinearNetwork(specification, context.Cancellation)]) ?? [];
        if (response is not null)
            assembly.Residuals = assembly.Attempt("The one-step residuals are not shown", () => Residuals(reference, statistics)) ?? [];
        return !statistics.Cancelled;
    }

    private IReadOnlyList<ResidualSeries> Residuals(TheorySolution reference, EnsembleStatistics statistics)
    {
        IReadOnlyList<InputPair> pairs = PairIndexing.All(specification.Inputs);
        return [.. new OneStepResiduals(Theory.Network(specification), specification.Quadrature, specification.Width, reference, statistics).Compute().Select(residual => new ResidualSeries
        {
            First = pairs[residual.Pair],
            Second = pairs[residual.Pair],
            Layers = reference.Layers,
            Times = reference.Times,
            Transport = residual.Transport,
            Source = residual.Source,
            TransportStandardErrors = residual.TransportStandardErrors,
            SourceStandardErrors = residual.SourceStandardErrors,
        })];
    }

    // The leading order is what is left at infinite width: only an extrapolation can tell a closure's error from a correction of order 1/n.
    private bool SecondWidth(ReportAssembly assembly, ProgressLine progress)
    {
        if (specification.Estimator != EstimatorChoice.ControlVariate || specification.Width * WidthFactor > 16_384 || assembly.Ensemble!.Samples / WideRunDivisor < 2)
            return true;
        bool cancelled = false;
        assembly.Wide = assembly.Attempt("Nothing is extrapolated to infinite width", () => SimulateBeside(
            specification with
            {
                Width = specification.Width * WidthFactor,
                Samples = assembly.Ensemble.Samples / WideRunDivisor,
                Until = null,
                Network = ClosureStage.Compares(specification) with { Records = 2 },
            },
            progress,
            out cancelled));
        if (cancelled)
            assembly.Wide = null;
        return !cancelled;
    }

    private bool OtherSteps(ReportAssembly assembly, ProgressLine progress)
    {
        if (specification.Layers is not null)
            return true;
        foreach (double factor in StepFactors)
        {
            // Equal depth time: L eps^2 stays as near as whole layers allow.
            double step = Math.Round(specification.Network.Step * factor, 12);
            int depth = (int)Math.Round(specification.Network.Depth / (factor * factor));
            if (specification.Network.Skip != 1 || depth < specification.Network.Records)
                return true;
            Network network = specification.Network with { Step = step, Depth = depth, Records = Math.Min(specification.Network.Records, 5) };
            Specification coarse = specification with { Network = network, Samples = simulated is null ? (assembly.Ensemble?.Samples ?? 0) / ShortRunDivisor : 0, Until = null, Order = 0 };
            bool cancelled = false;
            StepSizeRun? run = assembly.Attempt(string.Create(CultureInfo.InvariantCulture, $"There is no comparison at step {step}"), () =>
            {
                TheorySeries theory = SolveCommand.Series(coarse, Solve(coarse));
                return new StepSizeRun(step, theory, coarse.Samples > 1 ? SimulateBeside(coarse, progress, out cancelled) : null);
            });
            if (run is not null)
                assembly.StepSizes.Add(run);
            if (cancelled)
                return false;
        }

        return true;
    }

    // A simulation beside the main one; what was finished if it is interrupted, null if nothing was.
    private EnsembleSeries? SimulateBeside(Specification asked, ProgressLine progress, out bool cancelled)
    {
        TheorySolution reference = Simulation.InfiniteWidth(asked, context.Cancellation);
        EnsembleStatistics? statistics = TrySimulate(asked, reference, null, progress);
        cancelled = statistics is null || statistics.Cancelled;
        return statistics is null ? null : Simulation.Series(asked, statistics, reference);
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
