using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Charts;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Cli.Exploring;

/// <summary>The closures of a request beside the exact leading order, on the first two inputs: validity windows and variance budget.</summary>
/// <param name="Numbers">Table of V4 and K1 at the last depth, as HTML.</param>
/// <param name="Windows">Table of validity windows, as HTML.</param>
/// <param name="Budget">Table of the variance budget, as HTML.</param>
/// <param name="Charts">Deviations against depth.</param>
/// <param name="Alternatives">The other closures at the recorded layers.</param>
internal sealed record ClosureAnswer(string Numbers, string Windows, string Budget, IReadOnlyList<string> Charts, IReadOnlyList<TheorySeries> Alternatives)
{
    // As many as windows need to be interpolated well enough to be read; orders such that the answer follows in about a second.
    private const int Depths = 41, HighestBudgetOrder = 8;

    /// <summary>Solves all closures of a request.</summary>
    public static ClosureAnswer Of(ExploreRequest request, CancellationToken cancellation)
    {
        Specification asked = request.Specification;
        Specification two = asked with { Kernel = FirstTwo(asked.Kernel), Quadrature = asked.Quadrature.WithErrors };
        int[] layers = [.. TheoryProblem.EvenlySpacedLayers(two.Depth, Math.Min(two.Depth + 1, Depths)).Union(two.RecordedLayers).Order()];
        TheoryProblem problem = Theory.Problem(two) with { RecordedLayers = layers };
        string[] names = [.. request.Compare.Prepend(two.Closure).Distinct()];
        ClosureComparison comparison = ClosureComparison.Solve(problem, [.. names.Select(ClosureRegistry.Parse)], two.Stepping, ExactLeadingOrder.DefaultOrder, cancellation: cancellation);
        VarianceBudget budget = VarianceBudget.Solve(problem with { RecordedLayers = [two.Depth] }, HighestBudgetOrder, two.Stepping, null, cancellation);
        ClosureReport report = Report(comparison, budget, two);
        var view = new ReportView(new ReportData { SetUp = ResultPrinter.SetUpOf(two), Closures = report });
        return new(
            ClosureTables.Introduction(view) + ClosureTables.Numbers(view),
            ClosureTables.Windows(view),
            ClosureTables.Budget(view),
            [.. (ClosureFigures.Deviations(view)?.Panels ?? []).Select(SvgRenderer.Render)],
            [.. Others(comparison, two)]);
    }

    private static double[,] FirstTwo(double[,] kernel) =>
        kernel.GetLength(0) <= 2 ? kernel : new[,] { { kernel[0, 0], kernel[0, 1] }, { kernel[1, 0], kernel[1, 1] } };

    private static IEnumerable<TheorySeries> Others(ClosureComparison comparison, Specification two)
    {
        int[] kept = [.. two.RecordedLayers.Select(layer => Array.IndexOf([.. comparison.Problem.RecordedLayers], layer))];
        foreach (ComparedClosure closure in comparison.Closures.Where(closure => closure.Closure.Name != two.Closure))
        {
            if (closure.Solution is not { } solution)
                continue;
            TheorySolution recorded = solution with
            {
                Layers = [.. kept.Select(at => solution.Layers[at])],
                Times = [.. kept.Select(at => solution.Times[at])],
                Tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double[]>)[.. kept.Select(at => entry.Value[at])], StringComparer.Ordinal),
            };
            yield return SolveCommand.Series(two with { Closure = closure.Closure.Name }, recorded, SeriesRole.Alternative);
        }
    }

    private static ClosureReport Report(ClosureComparison comparison, VarianceBudget budget, Specification two)
    {
        IReadOnlyList<InputPair> pairs = InputPair.All(two.Inputs);
        TheorySolution exact = comparison.Exact.Solution;
        (int Left, int? Right)[] places =
        [
            .. from left in Enumerable.Range(0, pairs.Count) from right in Enumerable.Range(left, pairs.Count - left) select (left, (int?)right),
            .. Enumerable.Range(0, pairs.Count).Select(pair => (pair, (int?)null)),
        ];
        double[]? Values(TheorySolution solution, (int Left, int? Right) place) =>
            place.Right is { } right ? comparison.Covariances(solution, place.Left, right) : comparison.Corrections(solution, place.Left);
        DepthWindow Window(ComparedClosure closure, (int Left, int? Right) place, double share)
        {
            ValidityWindow window = (place.Right is { } right ? comparison.CovarianceWindow(closure, place.Left, right, share) : comparison.CorrectionWindow(closure, place.Left, share))!.Value;
            return new(share, window.Depth, window.Leaves ? window.Depth * two.Step * two.Step : exact.Times[^1], window.Leaves);
        }

        int[] shown = [.. Enumerable.Range(0, Math.Min(2, pairs.Count))];
        double[] At(double[] upper) => [.. shown.Select(pair => upper[PairIndexing.Of(pair, pair, pairs.Count)])];
        double[] source = At(budget.Source[^1]), total = At(exact.V4[^1]);
        BudgetOrder[] orders = [.. budget.Orders.Select(order => new BudgetOrder(order.Order, At(order.V4[^1]), At(order.Transport[^1])))];
        return new()
        {
            ExactName = new HermiteModes(comparison.Exact.Order).Name,
            Layers = exact.Layers,
            Proof = Proof.Of(comparison.Solutions),
            Times = exact.Times,
            Components =
            [
                .. places.Select(place => place.Right is { } right
                    ? new ExactComponent(Quantity.V4, pairs[place.Left], pairs[right], Values(exact, place)!, comparison.Exact.V4Remainder[PairIndexing.Of(place.Left, right, pairs.Count)], null, null)
                    : new ExactComponent(Quantity.K1, pairs[place.Left], null, Values(exact, place)!, comparison.Exact.K1Remainder[place.Left], null, null)),
            ],
            Closures =
            [
                .. comparison.Closures.Select(closure => new ClosureEntry(
                    closure.Closure.Name,
                    closure.Failure,
                    closure.CorrectionIsUnfed,
                    [.. places.Select(place => closure.Solution is { } solution && Values(solution, place) is { } values
                        ? new ClosureNumbers(values, [.. ClosureReport.Shares.Select(share => Window(closure, place, share))])
                        : null)])),
            ],
            Budget = new([.. shown.Select(pair => pairs[pair])], source, orders, [.. shown.Select(pair => total[pair] - source[pair] - orders.Sum(order => order.V4[pair]))], total),
        };
    }
}
