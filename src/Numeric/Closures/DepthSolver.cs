using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Advances the equations of a closure over depth and records them.</summary>
internal static class DepthSolver
{
    private const double Tolerance = 1e-10;

    /// <summary>Solves.</summary>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="ArgumentException">alpha is not 1 where it must be.</exception>
    /// <param name="equations">The equations.</param>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="program">A program of layers that the equations are of; null for the plain network.</param>
    public static TheorySolution Solve(IDepthEquations equations, Network network, SolverSettings settings, ProgramDepth? program = null)
    {
        var records = new DepthRecords(network, settings, () => equations.Unproved, program is not null && settings.Stepping != Stepping.Discrete ? program.TimeOf : null);
        return records.Follow(() => Advance(equations, network, settings, records, program), () => equations.RelativeError);
    }

    private static void Advance(IDepthEquations equations, Network network, SolverSettings settings, DepthRecords records, ProgramDepth? program)
    {
        Stepping stepping = settings.Stepping;
        IReadOnlyList<int> layers = network.RecordedLayers;
        double[] state = equations.Initial(network.InitialKernel), next = new double[equations.Length];
        double layerTime = network.LayerAt(0).Time;
        var separation = new PairSeparation(network, equations.Degree, program?.Functions, program is null ? null : program.KernelResponse);
        int pairs = PairIndexing.Count(network.Inputs);
        if (stepping == Stepping.Continuous)
        {
            Func<int, double> timeOf = program is null ? network.TimeOf : program.TimeOf;
            // One stretch after another in which the equations are the same.
            for (int from = 0, to; from < layers[^1] || from == 0; from = to)
            {
                to = Math.Min(layers[^1], program?.Use(from) ?? layers[^1]);
                program?.RequireRatios(from, state);
                double start = timeOf(from);
                int[] recorded = [.. layers.Where(layer => (layer > from && layer <= to) || (layer == 0 && from == 0))];
                double[] times = [.. recorded.Select(layer => timeOf(layer) - start), .. recorded.Contains(to) ? Array.Empty<double>() : [timeOf(to) - start]];
                var integrator = new DormandPrince(Slope, equations.Scales, equations.Length, Tolerance);
                integrator.Integrate(state, times, (record, at) =>
                {
                    if (record == recorded.Length)
                        return;
                    records.Layer = recorded[record];
                    DepthRecords.RequireFinite(at, equations.Describe, records.Layer);
                    Record(at);
                    records.Keep(records.Layer, name => equations.Part(at, name));
                    settings.Reached?.Invoke(records.Layer);
                }, settings.Cancellation, (time, at, reached) =>
                {
                    records.Layer = program?.LayerAt(start + at) ?? (int)Math.Ceiling(at / layerTime);
                    DepthRecords.RequireFinite(reached, equations.Describe, records.Layer);
                    separation.ReachTime(reached.AsSpan(0, pairs), time, records.Layer);
                });
                if (to == 0)
                    break;
            }
        }

        if (stepping != Stepping.Continuous)
            records.Keep(0, name => equations.Part(state, name));
        foreach (int recorded in stepping == Stepping.Continuous ? [] : layers)
        {
            for (; records.Layer < recorded; records.Layer++)
            {
                settings.Cancellation.ThrowIfCancellationRequested();
                if (stepping == Stepping.Discrete)
                {
                    Next();
                    (state, next) = (next, state);
                }
                else
                {
                    double time = layerTime;
                    if (program is not null)
                    {
                        program.Use(records.Layer);
                        program.RequireRatios(records.Layer, state);
                        program.Layer = records.Layer + 1;
                        time = program.TimeOf(records.Layer + 1) - program.TimeOf(records.Layer);
                    }

                    Slope(state, next);
                    for (var at = 0; at < state.Length; at++) state[at] += time * next[at];
                    DepthRecords.RequireFinite(state, equations.Describe, records.Layer + 1);
                }

                separation.ReachLayer(state.AsSpan(0, pairs), records.Layer + 1);
                records.Keep(records.Layer + 1, name => equations.Part(state, name));
                settings.Reached?.Invoke(records.Layer + 1);
            }

            Record(state);
        }

        void Next()
        {
            try
            {
                program?.RequireRatios(records.Layer, state);
                records.Evaluate(() => equations.Next(state, next));
                DepthRecords.RequireFinite(next, equations.Describe, records.Layer + 1);
            }
            catch (ComputationException) when (program?.Reason(records.Layer, state) is { } reason)
            {
                throw new ComputationException(reason);
            }
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
            foreach ((string name, int degree) in equations.Cumulants)
            {
                // Their size is measured by that of V4.
                if (tensors.TryGetValue("V4", out double[]? covariance) && tensors.TryGetValue(name, out double[]? values))
                    separation.RequireNumbersOfOneInput(at.AsSpan(0, pairs), covariance, name, values, degree, equations.RelativeError ?? 0, records.Layer);
            }

            records.Finish();
        }
    }
}
