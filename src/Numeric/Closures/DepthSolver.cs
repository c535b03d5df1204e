using System.Globalization;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Advances the equations of a closure over depth and records them.</summary>
internal static class DepthSolver
{
    // The tolerance of the pair engine and of the certified path.
    private const double Tolerance = 1e-10;

    /// <summary>Solves.</summary>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, or cannot be integrated.</exception>
    /// <exception cref="ArgumentException">alpha is not 1 where it must be.</exception>
    public static TheorySolution Solve(IDepthEquations equations, TheoryProblem problem, Stepping stepping, CancellationToken cancellation)
    {
        if (stepping != Stepping.Discrete && problem.Layer.Skip != 1)
            throw new ArgumentException($"Stepping {stepping} needs skip = 1, not {problem.Layer.Skip.ToString("R", CultureInfo.InvariantCulture)}: depth time t = eps^2 l exists only for the ResNet; use discrete.");
        double[] state = equations.Initial([.. problem.InitialKernel]), next = new double[equations.Length];
        double layerTime = problem.Layer.Step * problem.Layer.Step;
        var records = new SortedDictionary<string, List<double[]>>(StringComparer.Ordinal);
        void Record(double[] at) => equations.Record(at, (name, values) =>
        {
            if (!records.TryGetValue(name, out List<double[]>? rows)) records.Add(name, rows = []);
            rows.Add(values);
        });

        if (stepping == Stepping.Continuous)
        {
            var integrator = new DormandPrince(equations.Slope, equations.Scales, equations.Length, Tolerance);
            integrator.Integrate(state, [.. problem.RecordedLayers.Select(problem.TimeOf)], (record, at) =>
            {
                RequireFinite(equations, at, problem.RecordedLayers[record]);
                Record(at);
                problem.Reached?.Invoke(problem.RecordedLayers[record]);
            }, cancellation);
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
                problem.Reached?.Invoke(layer + 1);
            }

            Record(state);
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
