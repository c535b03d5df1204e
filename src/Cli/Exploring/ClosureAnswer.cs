using SymbolicEft.Cli.Comparison;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Exploring;

/// <summary>The closures of a request beside the exact leading order, on the first two inputs: validity windows and variance budget.</summary>
/// <param name="Numbers">Table of V4 and K1 at the last depth, as HTML.</param>
/// <param name="Windows">Table of validity windows, as HTML.</param>
/// <param name="Budget">Table of the variance budget, as HTML.</param>
/// <param name="Charts">Deviations against depth.</param>
/// <param name="Alternatives">The other closures at the recorded layers.</param>
internal sealed record ClosureAnswer(string Numbers, string Windows, string Budget, IReadOnlyList<Chart> Charts, IReadOnlyList<TheorySeries> Alternatives)
{
    // As many as windows need to be interpolated well enough to be read; orders such that the answer follows in about a second.
    private const int Depths = 41, HighestBudgetOrder = 8;

    /// <summary>Solves all closures of a request.</summary>
    public static ClosureAnswer Of(ExploreRequest request, CancellationToken cancellation)
    {
        Specification asked = request.Specification;
        var stage = ClosureStage.Run(asked, [.. request.Compare.Prepend(asked.Closure).Distinct()], [], Depths, HighestBudgetOrder, cancellation);
        Specification two = asked with { Network = ClosureStage.Compares(asked), Quadrature = asked.Quadrature.WithErrors };
        ClosureReport report = stage.Report(null);
        var view = new ReportView(new ReportData { SetUp = two, Closures = report });
        return new(
            ClosureTables.Introduction(view) + ClosureTables.Numbers(view),
            ClosureTables.Windows(view),
            report.Budget is null ? "<p>V4 is split by Hermite orders for the plain network; in a program of layers orders mix inside branches.</p>" : ClosureTables.Budget(view),
            ClosureFigures.Deviations(view)?.Panels ?? [],
            [.. stage.Others(_ => true)]);
    }
}
