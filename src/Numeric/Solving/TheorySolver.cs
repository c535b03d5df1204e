using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
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
    /// <param name="network">The network and its inputs.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="sourceFor">Makes the expectation source for the atoms that the system needs.</param>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="ArgumentException">The form of the system does not fit the stepping, or alpha is not 1 where it must be.</exception>
    public static TheorySolution Solve(EquationSystem system, Network network, SolverSettings settings, Func<CompiledSystem, IExpectationSource> sourceFor)
    {
        if (ClosureSolver.FormOf(settings.Stepping) != system.Form)
            throw new ArgumentException($"Stepping {settings.Stepping} needs the {(settings.Stepping == Stepping.Discrete ? "discrete" : "continuous")} form of the equations.");
        var compiled = new CompiledSystem(system, network.Inputs);
        return Solve(compiled, network, settings, sourceFor(compiled));
    }

    /// <summary>Solves a system that is compiled already, as for many problems with one number of inputs.</summary>
    /// <param name="compiled">The compiled equations.</param>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="settings">How to solve; the stepping fits the form of the equations.</param>
    /// <param name="source">The expectations of the compiled system's atoms; serves one solution at a time.</param>
    /// <param name="hasOtherRoute">True to stop where a number loses its digits; false to go on, and to say so in the solution.</param>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="LostDigitsException">A number lost its digits, and there is another route.</exception>
    public static TheorySolution Solve(
        CompiledSystem compiled, Network network, SolverSettings settings, IExpectationSource source, bool hasOtherRoute = false) =>
        new Run(compiled, network, settings, source, hasOtherRoute).Solve();

    private sealed class Run(CompiledSystem compiled, Network network, SolverSettings settings, IExpectationSource source, bool hasOtherRoute)
    {
        private readonly PairSeparation _separation = new(network, compiled.State.Blocks.Max(block => block.Tensor.Arity) / 2);
        private readonly double[] _expectations = new double[compiled.Atoms.Count];
        private readonly double[] _quantities = new double[compiled.Quantities.Output.Length];
        private readonly Cancellation _cancellation = new(compiled, network);
        private DepthRecords? _depthRecords;

        private DepthRecords Records => _depthRecords ??= new(network, settings, () => _cancellation.Found is { } lost ? [.. source.Unproved, lost] : source.Unproved);

        public TheorySolution Solve() => Records.Follow(Advance, () => source.LargestRelativeError);

        private void Advance()
        {
            Stepping stepping = settings.Stepping;
            IReadOnlyList<int> layers = network.RecordedLayers;
            double[] state = compiled.InitialState(network.InitialKernel);
            double layerTime = network.LayerAt(0).Time;
            var next = new double[state.Length];
            if (stepping == Stepping.Continuous)
            {
                var integrator = new DormandPrince(Slope, (from, scales) => KernelScales.Of(compiled.State, from, scales), state.Length, Tolerance);
                integrator.Integrate(state, [.. layers.Select(network.TimeOf)], (record, at) =>
                {
                    Records.Layer = layers[record];
                    RequireFinite(at, Records.Layer);
                    Record(at);
                    Records.Keep(Records.Layer, name => Part(at, name));
                    settings.Reached?.Invoke(Records.Layer);
                }, settings.Cancellation, (time, at, reached) =>
                {
                    Records.Layer = (int)Math.Ceiling(at / layerTime);
                    RequireFinite(reached, Records.Layer);
                    _separation.ReachTime(Kernel(reached), time, Records.Layer);
                });
            }

            if (stepping != Stepping.Continuous)
                Records.Keep(0, name => Part(state, name));
            foreach (int recorded in stepping == Stepping.Continuous ? [] : layers)
            {
                for (; Records.Layer < recorded; Records.Layer++)
                {
                    settings.Cancellation.ThrowIfCancellationRequested();
                    Slope(state, next);
                    if (stepping == Stepping.Discrete)
                        (state, next) = (next, state);
                    else
                        for (int at = 0; at < state.Length; at++)
                            state[at] += layerTime * next[at];
                    RequireFinite(state, Records.Layer + 1);
                    _separation.ReachLayer(Kernel(state), Records.Layer + 1);
                    Records.Keep(Records.Layer + 1, name => Part(state, name));
                    settings.Reached?.Invoke(Records.Layer + 1);
                }

                Record(state);
            }
        }

        private void Slope(double[] state, double[] output)
        {
            Expect(state);
            compiled.RightSide.Run(Parameters(), _expectations, state, output);
        }

        private double[] Parameters() => network.LayerAt(Records.Layer).ToArray();

        private Span<double> Kernel(double[] state) => compiled.State.Part(state, Notation.MeanKernel);

        private double[]? Part(double[] state, string name) =>
            compiled.State.Blocks.FirstOrDefault(block => block.Tensor.Name == name) is { } block ? state[block.Offset..(block.Offset + block.Count)] : null;

        private void Expect(double[] state) => Records.Evaluate(() => source.Evaluate(Kernel(state), _expectations));

        private void Record(double[] state)
        {
            Add(compiled.State, state);
            RequireNumbersOfOneInput(state);
            Records.Evaluate(() =>
            {
                source.Evaluate(Kernel(state), _expectations);
                _cancellation.Weigh(source, Parameters(), _expectations, state);
                if (hasOtherRoute && _cancellation.Found is not null) throw new LostDigitsException();
            });
            compiled.Quantities.Run(Parameters(), _expectations, state, _quantities);
            Add(compiled.Quantities.Output, _quantities);
            Records.Finish();
        }

        private void RequireNumbersOfOneInput(double[] state)
        {
            if (compiled.State.Blocks.FirstOrDefault(block => block.Tensor == Notation.Covariance) is not { } covariance)
                return;
            foreach (TensorBlock block in compiled.State.Blocks)
            {
                bool ascending = block.Tensor.Arity == 2 || block.Tensor.Symmetry is TensorSymmetry.CovarianceOfSymmetric or TensorSymmetry.CumulantOfSymmetric;
                if (ascending && block.Tensor != Notation.MeanKernel)
                    _separation.RequireNumbersOfOneInput(Kernel(state), Part(covariance), block.Tensor.Name, Part(block), block.Tensor.Arity / 2, source.LargestRelativeError ?? 0, Records.Layer);
            }

            ReadOnlySpan<double> Part(TensorBlock block) => state.AsSpan(block.Offset, block.Count);
        }

        private void Add(TensorLayout layout, double[] vector)
        {
            foreach (TensorBlock block in layout.Blocks)
                Records.Add(block.Tensor.Name, layout.Part(vector, block.Tensor).ToArray());
        }

        private void RequireFinite(double[] state, int layer) => DepthRecords.RequireFinite(state, at => Component(at).ToString(), layer);

        private Indexed Component(int at)
        {
            TensorBlock block = compiled.State.Blocks.Last(each => each.Offset <= at);
            return block.Components[at - block.Offset];
        }
    }
}
