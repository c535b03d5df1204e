using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Cli.Comparison;

/// <summary>
/// The specification's closure among all others, on its first two inputs: closures are marginally consistent, so their numbers do not depend
/// on the others. Not solved by sums over nodes, whatever the specification solves with: what is compared is closures.
/// </summary>
internal sealed class ClosureStage
{
    /// <summary>Depths between which validity windows are interpolated.</summary>
    private const int Depths = 81;

    /// <summary>Orders beyond are gathered in one line of the budget.</summary>
    private const int HighestBudgetOrder = 12;

    // The exact leading order of more positions, at every depth between which windows are interpolated, takes minutes.
    private const int MostMixed = 3;

    // What is drawn in the figures beside the specification's closure: the repair, and the converged modes.
    private static readonly string[] Drawn = ["sigma-kernel", "hermite(20)"];

    // Several seconds for two inputs.
    private static readonly string[] ComparedOnFirstInput = ["sigma-kernel(2)"];

    private readonly Specification _specification;
    private readonly ClosureComparison _comparison;
    private readonly VarianceBudget? _budget;

    private ClosureStage(Specification specification, ClosureComparison comparison, VarianceBudget? budget) =>
        (_specification, _comparison, _budget) = (specification, comparison, budget);

    /// <summary>Solves the specification's closure and all that a report compares it with.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The exact leading order has no solution.</exception>
    public static ClosureStage Run(Specification specification, CancellationToken cancellation) => Run(
        specification,
        ClosureRegistry.Compared.Contains(specification.Closure) || ComparedOnFirstInput.Contains(specification.Closure) ? ClosureRegistry.Compared : [specification.Closure, .. ClosureRegistry.Compared],
        ComparedOnFirstInput, Depths, HighestBudgetOrder, cancellation);

    /// <summary>Solves closures.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="closures">The closures.</param>
    /// <param name="onFirstInput">Those that are solved for the first input alone.</param>
    /// <param name="depths">Number of depths between which windows are interpolated.</param>
    /// <param name="highestBudgetOrder">The highest order with a line of its own in the budget.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The exact leading order has no solution.</exception>
    public static ClosureStage Run(Specification specification, IReadOnlyList<string> closures, IReadOnlyList<string> onFirstInput, int depths, int highestBudgetOrder, CancellationToken cancellation)
    {
        Specification two = specification with { Order = 0, Network = Compares(specification), Quadrature = specification.Quadrature.WithErrors };
        Network network = Theory.Network(two).WithLayersBetween(depths);
        SolverSettings settings = two.Solver with { Cancellation = cancellation };
        ClosureComparison comparison = ClosureComparison.Solve(
            network,
            [.. closures.Select(ClosureRegistry.Parse)],
            settings,
            onFirstInput: [.. (network.Layers is null ? onFirstInput : []).Select(ClosureRegistry.Parse)]);
        // Orders of a program of layers mix where fields inside branches do.
        VarianceBudget? budget = network.Layers is not null ? null : VarianceBudget.Solve(network with { RecordedLayers = [network.Depth] }, highestBudgetOrder, settings);
        return new(two, comparison, budget);
    }

    /// <summary>The network whose closures are compared: on its first two inputs, or on all of them where taps mix a few.</summary>
    /// <exception cref="NotSupportedException">Taps mix more.</exception>
    public static Network Compares(Specification specification) =>
        specification.Network is { MixesInputs: true, Inputs: <= MostMixed } network ? network : specification.Network.FirstTwo;

    /// <summary>The closures that the figures of a report show beside the specification's, at its recorded layers.</summary>
    public IEnumerable<TheorySeries> Alternatives() => Others(Drawn.Contains);

    /// <summary>Closures that were solved beside the specification's, at its recorded layers.</summary>
    /// <param name="wanted">Which, by name; those on the first input alone have no series of the specification's inputs.</param>
    public IEnumerable<TheorySeries> Others(Func<string, bool> wanted)
    {
        foreach (ComparedClosure closure in _comparison.Closures.Where(closure => closure.Closure.Name != _specification.Closure && wanted(closure.Closure.Name)))
        {
            if (closure.Solution is not { } solution)
                continue;
            yield return SolveCommand.Series(_specification with { Closure = closure.Closure.Name }, new SolutionWithCurve(solution.At(_specification.Network.RecordedLayers), solution), SeriesRole.Alternative);
        }
    }

    /// <summary>The report of all closures.</summary>
    /// <param name="ensemble">The simulation, or null.</param>
    /// <param name="wide">A simulation of the same network, on its first inputs, at another width; or null.</param>
    public ClosureReport Report(EnsembleSeries? ensemble, EnsembleSeries? wide = null)
    {
        IReadOnlyList<InputPair> pairs = PairIndexing.All(_specification.Inputs);
        var places = new List<(int Left, int? Right)>();
        for (int left = 0; left < pairs.Count; left++)
        {
            for (int right = left; right < pairs.Count; right++)
                places.Add((left, right));
        }

        places.AddRange(Enumerable.Range(0, pairs.Count).Select(pair => (pair, (int?)null)));
        TheorySolution exact = _comparison.Exact.Solution;
        return new()
        {
            ExactName = new HermiteModes(_comparison.Exact.Order).Name,
            Layers = exact.Layers,
            Times = exact.Times,
            Components = [.. places.Select(place => Component(place, pairs, ensemble) with { InfiniteWidth = Extrapolated(place, pairs, ensemble, wide) })],
            SecondWidth = ensemble is not null && wide is not null ? (wide.Width, wide.Samples) : null,
            Closures = [.. _comparison.Closures.Select(closure => new ClosureEntry(
                closure.Closure.Name,
                closure.Failure,
                closure.CorrectionIsUnfed,
                [.. places.Select(place => Numbers(closure, place))]))],
            Budget = _budget is null ? null : Budget(_budget, pairs),
            Proof = Proof.Of(_comparison.Solutions),
        };
    }

    private static (double Value, double StandardError)? Extrapolated((int Left, int? Right) place, IReadOnlyList<InputPair> pairs, EnsembleSeries? narrow, EnsembleSeries? wide)
    {
        if (narrow is null || wide is null)
            return null;
        (int, Estimate) At(EnsembleSeries series)
        {
            int Own(InputPair pair) => Enumerable.Range(0, series.Pairs.Count).First(at => series.Pairs[at] == pair);
            int left = Own(pairs[place.Left]);
            return (series.Width, place.Right is { } right
                ? new(series.V4![^1][left][Own(pairs[right])], series.V4StandardErrors![^1][left][Own(pairs[right])])
                : new(series.K1![^1][left], series.K1StandardErrors![^1][left]));
        }

        (double value, double error) = InfiniteWidth.Extrapolate(At(narrow), At(wide));
        return (value, error);
    }

    private ExactComponent Component((int Left, int? Right) place, IReadOnlyList<InputPair> pairs, EnsembleSeries? ensemble)
    {
        ExactLeadingOrder exact = _comparison.Exact;
        InputPair left = pairs[place.Left];
        int At(InputPair pair) => ensemble is null ? -1 : Enumerable.Range(0, ensemble.Pairs.Count).First(at => ensemble.Pairs[at] == pair);
        int own = At(left);
        if (place.Right is not { } second)
        {
            return new(Quantity.K1, left, null, _comparison.Corrections(exact.Solution, place.Left)!, exact.K1Remainder[place.Left], ensemble?.K1?[^1][own], ensemble?.K1StandardErrors?[^1][own]);
        }

        InputPair right = pairs[second];
        int other = At(right);
        return new(
            Quantity.V4, left, right, _comparison.Covariances(exact.Solution, place.Left, second)!, exact.V4Remainder[PairIndexing.Of(place.Left, second, pairs.Count)],
            ensemble?.V4?[^1][own][other], ensemble?.V4StandardErrors?[^1][own][other]);
    }

    private ClosureNumbers? Numbers(ComparedClosure closure, (int Left, int? Right) place)
    {
        if (closure.Solution is not { } solution)
            return null;
        double[]? values = place.Right is { } right ? _comparison.Covariances(solution, place.Left, right) : _comparison.Corrections(solution, place.Left);
        return values is null ? null : new(values, [.. ClosureReport.Shares.Select(share => Window(closure, place, share))]);
    }

    private DepthWindow Window(ComparedClosure closure, (int Left, int? Right) place, double share)
    {
        ValidityWindow window = (place.Right is { } right ? _comparison.CovarianceWindow(closure, place.Left, right, share) : _comparison.CorrectionWindow(closure, place.Left, share))!.Value;
        double time = window.Leaves ? window.Depth * _specification.Network.Step * _specification.Network.Step : _comparison.Exact.Solution.Times[^1];
        return new(share, window.Depth, time, window.Leaves);
    }

    private BudgetReport Budget(VarianceBudget budget, IReadOnlyList<InputPair> pairs)
    {
        int[] shown = [.. Enumerable.Range(0, Math.Min(2, pairs.Count))];
        double[] At(double[] upper) => [.. shown.Select(pair => upper[PairIndexing.Of(pair, pair, pairs.Count)])];
        double[] source = At(budget.Source[^1]), total = At(_comparison.Exact.Solution.V4[^1]);
        BudgetOrder[] orders = [.. budget.Orders.Select(order => new BudgetOrder(order.Order, At(order.V4[^1]), At(order.Transport[^1])))];
        return new([.. shown.Select(pair => pairs[pair])], source, orders, [.. shown.Select(pair => total[pair] - source[pair] - orders.Sum(order => order.V4[pair]))], total);
    }
}
