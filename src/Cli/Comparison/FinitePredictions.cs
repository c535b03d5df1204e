// What a theory says of networks of a width, order by order in 1/n, beside a simulation.

using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Predictions at finite width.</summary>
internal static class FinitePredictions
{
    /// <summary>The simulation with the predictions of the specification's closure, where orders beyond the leading one are asked for and can be had; otherwise a message says why not.</summary>
    /// <param name="context">Where it is said if there are none, and what interrupts.</param>
    /// <param name="specification">The specification.</param>
    /// <param name="series">The simulation, of all pairs.</param>
    public static EnsembleSeries Beside(CommandContext context, Specification specification, EnsembleSeries series)
    {
        if (specification.Order == 0)
            return series;
        IClosure closure = ClosureRegistry.Parse(specification.Closure);
        string? refusal = specification.Pairs is not null ? "predictions are of all pairs, and some were chosen; leave --pairs out" : ClosureSolver.Refusal(closure, specification.Solver, Theory.Network(specification));
        if (refusal is not null)
        {
            context.Messages.WriteLine($"symeft: No prediction stands beside the simulation: {refusal.TrimEnd('.')}.");
            return series;
        }

        TheorySolution theory;
        try
        {
            theory = LongWork.Run(context, () => $"solving {specification.Closure}", () => Theory.Solve(specification, context.Cancellation));
        }
        catch (Exception problem) when (Failures.IsComputation(problem) || problem is OperationCanceledException)
        {
            // The networks are simulated, and are not to be lost with what would stand beside them.
            context.Messages.WriteLine($"symeft: No prediction stands beside the simulation: {(problem is OperationCanceledException ? "it was interrupted" : problem.Message.TrimEnd('.'))}.");
            return series;
        }

        return series with { Predictions = [.. Enumerable.Range(0, specification.Order + 1).Select(order => Of(theory, order, series.Width))] };
    }

    /// <summary>The exit code of a simulation that is complete: predictions may have been interrupted.</summary>
    /// <param name="context">What interrupts.</param>
    public static int ExitCode(CommandContext context) => context.Cancellation.IsCancellationRequested ? 130 : 0;

    /// <summary>The prediction to an order: the mean to 1/n^(order + 1), n times the covariance to 1/n^order.</summary>
    /// <param name="theory">A solution that has the order.</param>
    /// <param name="order">The order.</param>
    /// <param name="width">n.</param>
    public static FinitePrediction Of(TheorySolution theory, int order, int width)
    {
        IReadOnlyList<double[]> At(string shape, Func<Func<string, double>, int, double, double> sum) =>
            [.. theory.Tensors[shape].Select((row, record) => row.Select((_, at) => sum(tensor => theory.Tensors[tensor][record][at], order, width)).ToArray())];
        return new(order, At("K0", FiniteWidth.MeanAt), [.. At("V4", FiniteWidth.CovarianceAt).Select(upper => (IReadOnlyList<IReadOnlyList<double>>)SolveCommand.Full(upper, PairIndexing.Count(theory.Inputs)))]);
    }
}
