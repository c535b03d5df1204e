using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Derivation.Tangent;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft solve: integrates the derived equations.</summary>
internal static class SolveCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("solve", "Integrates the derived equations.");
        var options = new SpecificationOptions(command);
        Option<string> format = FormatOption.Create(takesFiles: true);
        var file = new Option<string>("--out") { Description = "the file of --format parquet or hdf5", HelpName = "FILE" };
        command.Options.Add(format);
        command.Options.Add(file);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format, takesFiles: true);
            string? path = OutputPath.Read(parsed, file);
            if (!FormatOption.IsFile(chosen, path) && path is not null)
                throw new InputException("--out is the file of --format parquet or hdf5; name one of these, or redirect the output.");
            Specification asked = options.Read(parsed, context, takesTangent: true), specification = KeptPairs.Computed(asked);
            int layer = 0;
            try
            {
                Print(LongWork.Run(
                    context,
                    () => string.Create(CultureInfo.InvariantCulture, $"solving {specification.Closure}, layer {Volatile.Read(ref layer):N0} of {specification.Network.Depth:N0}"),
                    () => Theory.Solve(specification, context.Cancellation, reached => Volatile.Write(ref layer, reached))));
                exit(0);
            }
            catch (ComputationException reason) when (reason.Finished is { } finished)
            {
                Print(finished, reason.Message);
                throw;
            }

            void Print(TheorySolution solution, string? failure = null)
            {
                TheorySeries series = Series(specification, solution) with { Failure = failure };
                if (specification.Pairs is { } pairs)
                    series = series.Only(KeptPairs.Places(pairs.Of(specification.Inputs), specification.Inputs)) with { Pairs = asked.Pairs!.Of(asked.Inputs) };
                if (series.Tangent is { Theta1: null })
                    context.Messages.WriteLine($"symeft: Theta1 and tau are left out: {TangentDerivation.WithoutMean(ClosureSolver.Steps(Theory.Network(specification)))}, with which they are not derived.");
                if (FormatOption.IsFile(chosen, path))
                    ResultPrinter.Write(path!, chosen, specification, series);
                else
                    ResultPrinter.Print(context.Output, chosen, specification, series);
            }
        });
        return command;
    }

    /// <summary>A solution as a series of the report, which the JSON and CSV writers take.</summary>
    public static TheorySeries Series(Specification specification, TheorySolution solution, SeriesRole role = SeriesRole.Main, string? label = null) => new()
    {
        Label = label ?? specification.Closure,
        Role = role,
        Quadrature = specification.Quadrature.ToString(),
        Stepping = SpecificationFields.Kebab(specification.Stepping.ToString()),
        Pairs = PairIndexing.All(specification.Inputs),
        Layers = solution.Layers,
        Times = solution.Times,
        K0 = solution.K0,
        V4 = [.. solution.V4.Select(record => Full(record, PairIndexing.Count(specification.Inputs)))],
        K1 = solution.K1,
        U1 = solution.U1 is { Count: > 0 } corrections ? corrections : null,
        Proof = Proof.Of(solution),
        Truncation = solution.Truncation,
        ErrorBounds = Bounds(solution, BoundedEquations.OfCovariance, BoundedEquations.OfMean) is { } bounds
            ? bounds with { OfNumbers = Bounds(solution, BoundedEquations.OfCovarianceInNumbers, BoundedEquations.OfMeanInNumbers) }
            : null,
        WideEnough = role == SeriesRole.Main ? WideEnough.Of(solution, specification.Width, specification.Fraction) : null,
        ModeChanges = solution.ModeChanges,
        Tangent = TangentSeries.Of(solution),
        HigherCumulants =
        [
            .. from power in Enumerable.Range(2, specification.Order)
               from cumulant in HigherOrderEquations.Cumulants(power)
               let name = CumulantTensors.Of(cumulant.External, cumulant.Loops).Name
               select new HigherCumulant(name, cumulant.External, solution.Tensors[name]),
            .. from power in Enumerable.Range(2, specification.Order)
               let name = "U" + power.ToString(CultureInfo.InvariantCulture)
               where solution.Tensors.ContainsKey(name)
               select new HigherCumulant(name, 1, solution.Tensors[name]),
        ],
    };

    /// <summary>A solution as a series, with the curve through it.</summary>
    public static TheorySeries Series(Specification specification, SolutionWithCurve solved, SeriesRole role = SeriesRole.Main, string? label = null) =>
        Series(specification, solved.Recorded, role, label) with { Curve = Series(specification, solved.Curve, role, label) };

    private static ErrorBounds? Bounds(TheorySolution solution, string ofCovariance, string ofMean) => solution.Tensors.TryGetValue(ofCovariance, out IReadOnlyList<double[]>? records)
        ? new([.. records.Select(record => Full(record, PairIndexing.Count(solution.Inputs)))], solution.Tensors.GetValueOrDefault(ofMean))
        : null;

    /// <summary>The full symmetric matrix of an upper triangle.</summary>
    internal static double[][] Full(double[] upper, int size) =>
        [.. Enumerable.Range(0, size).Select(row => Enumerable.Range(0, size).Select(column => upper[PairIndexing.Of(row, column, size)]).ToArray())];
}
