using System.Globalization;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Advances the equations of a closure over depth and records them.</summary>
internal static class DepthSolver
{
    // As of the equations that are solved component by component.
    private const double Tolerance = 1e-10;

    /// <summary>Solves.</summary>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="ArgumentException">alpha is not 1 where it must be.</exception>
    /// <param name="equations">The equations.</param>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="functions">The functions of a program of layers; null for the activation of the problem.</param>
    public static TheorySolution Solve(IDepthEquations equations, TheoryProblem problem, Stepping stepping, CancellationToken cancellation, IReadOnlyList<ActivationDescription>? functions = null)
    {
        if (stepping != Stepping.Discrete && problem.Layer.Skip != 1)
            throw new ArgumentException($"Stepping {stepping} needs skip = 1, not {problem.Layer.Skip.ToString("R", CultureInfo.InvariantCulture)}: depth time t = eps^2 l exists only for the ResNet; use discrete.");
        var records = new DepthRecords(problem, () => equations.Unproved);
        return records.Follow(() => Advance(equations, problem, stepping, records, functions, cancellation), () => equations.RelativeError);
    }

    private static void Advance(IDepthEquations equations, TheoryProblem problem, Stepping stepping, DepthRecords records, IReadOnlyList<ActivationDescription>? functions, CancellationToken cancellation)
    {
        double[] state = equations.Initial([.. problem.InitialKernel]), next = new double[equations.Length];
        double layerTime = problem.Layer.Step * problem.Layer.Step;
        var separation = new PairSeparation(problem, 2, functions);
        int pairs = PairIndexing.Count(problem.Inputs);
        if (stepping == Stepping.Continuous)
        {
            var integrator = new DormandPrince(Slope, equations.Scales, equations.Length, Tolerance);
            integrator.Integrate(state, [.. problem.RecordedLayers.Select(problem.TimeOf)], (record, at) =>
            {
                records.Layer = problem.RecordedLayers[record];
                DepthRecords.RequireFinite(at, equations.Describe, records.Layer);
                Record(at);
                problem.Reached?.Invoke(records.Layer);
            }, cancellation, (time, at, reached) =>
            {
                records.Layer = (int)Math.Ceiling(at / layerTime);
                DepthRecords.RequireFinite(reached, equations.Describe, records.Layer);
                separation.ReachTime(reached.AsSpan(0, pairs), time, records.Layer);
            });
        }

        foreach (int recorded in stepping == Stepping.Continuous ? [] : problem.RecordedLayers)
        {
            for (; records.Layer < recorded; records.Layer++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (stepping == Stepping.Discrete)
                {
                    records.Evaluate(() => equations.Next(state, next));
                    (state, next) = (next, state);
                }
                else
                {
                    Slope(state, next);
                    for (var at = 0; at < state.Length; at++) state[at] += layerTime * next[at];
                }

                DepthRecords.RequireFinite(state, equations.Describe, records.Layer + 1);
                separation.ReachLayer(state.AsSpan(0, pairs), records.Layer + 1);
                problem.Reached?.Invoke(records.Layer + 1);
            }

            Record(state);
        }

        void Slope(double[] from, double[] slope) => records.Evaluate(() => equations.Slope(from, slope));

        void Record(double[] at)
        {
            var tensors = new Dictionary<string, double[]>(StringComparer.Ordinal);
            records.Evaluate(() => equations.Record(at, (name, values) =>
            {
                tensors[name] = values;
                records.Add(name, values);
            }));
            Require("V4", 2);
            Require("K1", 1);
            records.Finish();

            void Require(string name, int degree)
            {
                if (tensors.TryGetValue(name, out double[]? values))
                    separation.RequireNumbersOfOneInput(at.AsSpan(0, pairs), tensors["V4"], name, values, degree, equations.RelativeError, records.Layer);
            }
        }
    }
}
