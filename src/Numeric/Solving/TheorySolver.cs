using System.Globalization;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Solving;

/// <summary>Integrates derived equations over depth.</summary>
internal static class TheorySolver
{
    /// <summary>Relative tolerance of the continuous-depth integrator.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Solves a system for a problem.</summary>
    /// <param name="system">The derived equations; discrete form for <see cref="Stepping.Discrete"/>, else continuous.</param>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="stepping">How to advance.</param>
    /// <param name="sourceFor">Makes the expectation source for the atoms that the system needs.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="ArgumentException">The form of the system does not fit the stepping, or alpha is not 1 where it must be.</exception>
    public static TheorySolution Solve(
        EquationSystem system,
        TheoryProblem problem,
        Stepping stepping,
        Func<CompiledSystem, IExpectationSource> sourceFor,
        CancellationToken cancellation = default)
    {
        if ((stepping == Stepping.Discrete) != (system.Form == DepthForm.Discrete))
            throw new ArgumentException($"Stepping {stepping} needs the {(stepping == Stepping.Discrete ? "discrete" : "continuous")} form of the equations.");
        if (stepping != Stepping.Discrete && problem.Layer.Skip != 1)
            throw new ArgumentException($"Stepping {stepping} needs skip = 1, not {problem.Layer.Skip.ToString("R", CultureInfo.InvariantCulture)}: depth time t = eps^2 l exists only for the ResNet; use discrete.");
        var compiled = new CompiledSystem(system, problem.Inputs);
        return Solve(compiled, problem, stepping, sourceFor(compiled), cancellation);
    }

    /// <summary>Solves a system that is compiled already, as for many problems with one number of inputs.</summary>
    /// <param name="compiled">The compiled equations.</param>
    /// <param name="problem">The network and its inputs.</param>
    /// <param name="stepping">How to advance; fits the form of the equations.</param>
    /// <param name="source">The expectations of the compiled system's atoms; serves one solution at a time.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    public static TheorySolution Solve(CompiledSystem compiled, TheoryProblem problem, Stepping stepping, IExpectationSource source, CancellationToken cancellation = default) =>
        new Run(compiled, problem, stepping, source).Solve(cancellation);

    private sealed class Run(CompiledSystem compiled, TheoryProblem problem, Stepping stepping, IExpectationSource source)
    {
        private readonly double[] _parameters = problem.Layer.ToArray();
        private readonly PairSeparation _separation = new(problem, compiled.State.Blocks.Max(block => block.Tensor.Arity) / 2);
        private readonly double[] _expectations = new double[compiled.Atoms.Count];
        private int _layer;
        private readonly double[] _quantities = new double[compiled.Quantities.Output.Length];
        private readonly SortedDictionary<string, List<double[]>> _records = new(StringComparer.Ordinal);

        public TheorySolution Solve(CancellationToken cancellation)
        {
            double[] state = compiled.InitialState([.. problem.InitialKernel]);
            double layerTime = problem.Layer.Step * problem.Layer.Step;
            var next = new double[state.Length];
            if (stepping == Stepping.Continuous)
            {
                var integrator = new DormandPrince(Slope, (from, scales) => KernelScales.Of(compiled.State, from, scales), state.Length, Tolerance);
                integrator.Integrate(state, [.. problem.RecordedLayers.Select(problem.TimeOf)], (record, at) =>
                {
                    _layer = problem.RecordedLayers[record];
                    RequireFinite(at, _layer);
                    Record(at);
                    problem.Reached?.Invoke(_layer);
                }, cancellation, (time, at, reached) =>
                {
                    int layer = (int)Math.Ceiling(at / layerTime);
                    RequireFinite(reached, layer);
                    _separation.ReachTime(Kernel(reached), time, layer);
                });
            }

            foreach (int recorded in stepping == Stepping.Continuous ? [] : problem.RecordedLayers)
            {
                for (; _layer < recorded; _layer++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Slope(state, next);
                    if (stepping == Stepping.Discrete)
                        (state, next) = (next, state);
                    else
                        for (int at = 0; at < state.Length; at++)
                            state[at] += layerTime * next[at];
                    RequireFinite(state, _layer + 1);
                    _separation.ReachLayer(Kernel(state), _layer + 1);
                    problem.Reached?.Invoke(_layer + 1);
                }

                Record(state);
            }

            return new TheorySolution(
                problem.Inputs,
                problem.RecordedLayers,
                [.. problem.RecordedLayers.Select(problem.TimeOf)],
                _records.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double[]>)entry.Value, StringComparer.Ordinal),
                source.LargestRelativeError);
        }

        private void Slope(double[] state, double[] output)
        {
            Expect(state);
            compiled.RightSide.Run(_parameters, _expectations, state, output);
        }

        private Span<double> Kernel(double[] state) => compiled.State.Part(state, Notation.MeanKernel);

        // A quadrature that fails says at which kernel; the user also wants to know how deep.
        private void Expect(double[] state)
        {
            try
            {
                source.Evaluate(Kernel(state), _expectations);
            }
            catch (Exception problem) when (problem is QuadratureException or InvalidKernelException)
            {
                throw new ComputationException($"At layer {_layer.ToString(CultureInfo.InvariantCulture)}: {problem.Message}");
            }
        }

        private void Record(double[] state)
        {
            Add(compiled.State, state);
            RequireNumbersOfOneInput(state);
            Expect(state);
            compiled.Quantities.Run(_parameters, _expectations, state, _quantities);
            Add(compiled.Quantities.Output, _quantities);
        }

        private void RequireNumbersOfOneInput(double[] state)
        {
            if (compiled.State.Blocks.FirstOrDefault(block => block.Tensor == Notation.Covariance) is not { } covariance)
                return;
            foreach (TensorBlock block in compiled.State.Blocks)
            {
                bool ascending = block.Tensor.Arity == 2 || block.Tensor.Symmetry is TensorSymmetry.CovarianceOfSymmetric or TensorSymmetry.CumulantOfSymmetric;
                if (ascending && block.Tensor != Notation.MeanKernel)
                    _separation.RequireNumbersOfOneInput(Kernel(state), Part(covariance), block.Tensor.Name, Part(block), block.Tensor.Arity / 2, source.LargestRelativeError ?? 0, _layer);
            }

            ReadOnlySpan<double> Part(TensorBlock block) => state.AsSpan(block.Offset, block.Count);
        }

        private void Add(TensorLayout layout, double[] vector)
        {
            foreach (TensorBlock block in layout.Blocks)
                Add(block.Tensor, layout.Part(vector, block.Tensor));
        }

        private void Add(Tensor tensor, ReadOnlySpan<double> values)
        {
            if (!_records.TryGetValue(tensor.Name, out List<double[]>? rows))
                _records.Add(tensor.Name, rows = []);
            rows.Add(values.ToArray());
        }

        private void RequireFinite(double[] state, int layer)
        {
            for (int at = 0; at < state.Length; at++)
            {
                if (double.IsFinite(state[at]))
                    continue;
                TensorBlock block = compiled.State.Blocks.Last(each => each.Offset <= at);
                throw new ComputationException($"{block.Components[at - block.Offset]} left the range of finite numbers at layer {layer.ToString(CultureInfo.InvariantCulture)}; use fewer layers or a smaller step.");
            }
        }
    }
}
