using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>Solves points of a sweep; from any thread. What does not change from point to point is derived and compiled once.</summary>
/// <param name="exactOrder">k of the hermite(k) that stands for the exact leading order.</param>
/// <param name="countsLayers">Whether windows are layers and not depth times: of a program of layers, some points of which may be flat networks.</param>
/// <param name="cancellation">Stops between layers.</param>
internal sealed class PointSolver(int exactOrder, bool countsLayers, CancellationToken cancellation)
{
    // Windows are looked for on a grid of this many depths.
    private const int Depths = 101;

    private readonly CompiledClosures _compiled = new();

    /// <summary>Solves one point. A point that cannot be solved says why; it does not end the sweep.</summary>
    public SweepRow Solve(int point, Specification specification)
    {
        var row = new SweepRow { Point = point };
        try
        {
            // K1 and V4 of inputs do not depend on the other inputs, unless taps mix them: the first is enough. Orders beyond the leading one have no columns.
            Network inputs = specification.Network.MixesInputs ? specification.Network : specification.Network.OnInputs([0]);
            Specification first = specification with { Order = 0, Network = inputs with { Records = Math.Min(Depths, specification.Network.Depth + 1) } };
            SolverSettings exactly = first.Solver with { Quadrature = first.Quadrature.WithErrors, Cancellation = cancellation };
            TheorySolution solution = ToWhereItStops(() => Theory.Solve(first, _compiled, cancellation), ref row);
            if (row.Failure is null)
                row = row with { K0 = solution.K0[^1][0], V4 = solution.V4[^1][0], K1 = solution.K1[^1][0], U1 = solution.U1 is [.., var last] ? last[0] : null };
            if (row.Failure is null && WideEnough.Of(solution, first.Width, first.Fraction) is var wide)
                row = row with { WidthNeeded = double.IsFinite(wide.Width) ? wide.Width : null, DepthHeld = wide.HoldsTo };
            TheorySolution exact = ToWhereItStops(() => ClosureSolver.Solve(first.Network, new HermiteModes(exactOrder), exactly), ref row);
            if (exact.Layers[^1] == first.Network.Depth)
                row = row with { ExactV4 = exact.V4[^1][0], ExactK1 = exact.K1[^1][0] };
            var proof = Reporting.Proof.Of(solution, exact);
            row = row with { Proof = proof.Status, Unproved = proof.IsProved ? null : proof.Unproved };
            int common = Math.Min(solution.Layers.Count, exact.Layers.Count);
            return common < 2 ? row : row with
            {
                V4Windows = Windows(solution.V4, exact.V4, exact.V4),
                K1Windows = Windows(solution.K1, exact.K1, exact.K0),
            };

            double[] Windows(IReadOnlyList<double[]> values, IReadOnlyList<double[]> wanted, IReadOnlyList<double[]> scales)
            {
                double[] Known(IReadOnlyList<double[]> records) => [.. records.Take(common).Select(record => record[0])];
                double[] rounding = [.. Known(scales).Select(scale => ClosureComparison.Rounding * scale)];
                return [.. SweepRow.Shares.Select(share => ValidityWindow.Of([.. (countsLayers ? solution.Layers.Select(layer => (double)layer) : solution.Times).Take(common)], Known(values), Known(wanted), share / 100.0, rounding).Depth)];
            }
        }
        catch (Exception reason) when (Failures.IsOfOnePart(reason))
        {
            return row with { Failure = row.Failure ?? reason.Message };
        }
    }

    // The layers before one at which a solution stops are enough for windows; why it stopped is in the row.
    private static TheorySolution ToWhereItStops(Func<TheorySolution> solve, ref SweepRow row)
    {
        try
        {
            return solve();
        }
        catch (ComputationException reason) when (reason.Finished is { } finished)
        {
            row = row with { Failure = row.Failure ?? reason.Message };
            return finished;
        }
    }
}
