using System.Globalization;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Advances the equations of a closure over depth and records them.</summary>
internal static class DepthSolver
{
    // The tolerance of the pair engine and of the certified path.
    private const double Tolerance = 1e-10;

    /// <summary>Solves.</summary>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="ArgumentException">alpha is not 1 where it must be.</exception>
    public static TheorySolution Solve(IDepthEquations equations, TheoryProblem problem, Stepping stepping, CancellationToken cancellation)
    {
        if (stepping != Stepping.Discrete && problem.Layer.Skip != 1)
            throw new ArgumentException($"Stepping {stepping} needs skip = 1, not {problem.Layer.Skip.ToString("R", CultureInfo.InvariantCulture)}: depth time t = eps^2 l exists only for the ResNet; use discrete.");
        double[] state = equations.Initial([.. problem.InitialKernel]), next = new double[equations.Length];
        double layerTime = problem.Layer.Step * problem.Layer.Step;
        var records = new SortedDictionary<string, List<double[]>>(StringComparer.Ordinal);
        var separation = new PairSeparation(problem, 2);
        int pairs = PairIndexing.Count(problem.Inputs);
        void Record(double[] at, int reached)
        {
            equations.Record(at, (name, values) =>
            {
                if (!records.TryGetValue(name, out List<double[]>? rows)) records.Add(name, rows = []);
                rows.Add(values);
            });
            Require("V4", 2);
            Require("K1", 1);

            void Require(string name, int degree)
            {
                if (records.TryGetValue(name, out List<double[]>? rows))
                    separation.RequireNumbersOfOneInput(at.AsSpan(0, pairs), records["V4"][^1], name, rows[^1], degree, equations.RelativeError, reached);
            }
        }

        if (stepping == Stepping.Continuous)
        {
            var integrator = new DormandPrince(equations.Slope, equations.Scales, equations.Length, Tolerance);
            integrator.Integrate(state, [.. problem.RecordedLayers.Select(problem.TimeOf)], (record, at) =>
            {
                RequireFinite(equations, at, problem.RecordedLayers[record]);
                Record(at, problem.RecordedLayers[record]);
                problem.Reached?.Invoke(problem.RecordedLayers[record]);
            }, cancellation, (time, at, reached) =>
            {
                int end = (int)Math.Ceiling(at / layerTime);
                RequireFinite(equations, reached, end);
                separation.ReachTime(reached.AsSpan(0, pairs), time, end);
            });
        }

        var layer = 0;
        foreach (int recorded in stepping == Stepping.Continuous ? [] : problem.RecordedLayers)
        {
            for (; layer < recorded; layer++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (stepping == Stepping.Discrete)
                {
                    equations.Next(state, next);
                    (state, next) = (next, state);
                }
                else
                {
                    equations.Slope(state, next);
                    for (var at = 0; at < state.Length; at++) state[at] += layerTime * next[at];
                }

                RequireFinite(equations, state, layer + 1);
                separation.ReachLayer(state.AsSpan(0, pairs), layer + 1);
                problem.Reached?.Invoke(layer + 1);
            }

            Record(state, layer);
        }

        return new TheorySolution(
            problem.Inputs,
            problem.RecordedLayers,
            [.. problem.RecordedLayers.Select(problem.TimeOf)],
            records.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double[]>)entry.Value, StringComparer.Ordinal),
            equations.RelativeError);
    }

    private static void RequireFinite(IDepthEquations equations, double[] state, int layer)
    {
        for (var at = 0; at < state.Length; at++)
        {
            if (!double.IsFinite(state[at]))
                throw new ComputationException($"{equations.Describe(at)} left the range of finite numbers at layer {layer.ToString(CultureInfo.InvariantCulture)}; use fewer layers or a smaller step.");
        }
    }
}
