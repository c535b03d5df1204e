using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Programs of layers that several tests share.</summary>
internal static class Programs
{
    public static double[,] TwoInputs => new[,] { { 1.5, 0.6 }, { 0.6, 1.0 } };

    public static ProgramSettings Settings(double[,] kernel, int width, params Layer[] layers)
    {
        IReadOnlyList<StreamStep> steps = new LayerProgram(layers).Unroll(kernel.GetLength(0));
        return new() { Steps = steps, Width = width, InitialKernel = kernel, RecordedLayers = [.. Enumerable.Range(0, steps.Count + 1)], Precision = StatePrecision.Double, Seed = 11 };
    }

    public static Residual Residual(double step, params Layer[] branch) => new(branch) { Step = step };

    public static Dense Dense(double weightVariance, double biasVariance = 0.1, double? width = null) =>
        new(weightVariance) { BiasVariance = biasVariance, Width = width is { } r ? r : null };

    public static EnsembleStatistics Run(ProgramSettings settings, long samples, double[]? lastK0 = null, int threads = 1)
    {
        // A reference is wanted of the last layer alone; the others are measured about zero.
        EnsembleReference? reference = lastK0 is null ? null
            : new() { K0 = [.. settings.RecordedLayers.Select(layer => layer == settings.Layers ? lastK0 : new double[settings.Pairs])], E2 = [] };
        return new EnsembleSampler(settings, reference).Run(new EnsembleRun { Samples = samples, Threads = threads });
    }

    /// <summary>A program of each kind of layer, by name.</summary>
    public static ProgramSettings Kind(string name) => name switch
    {
        "two-layer" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new Activate("gelu"), Dense(1.7, width: 0.5), new Activate("softplus"), Dense(1.2, 0))])),
        "three-layer" => Settings(TwoInputs, 6, Residual(0.8, Dense(1.5, width: 2), new Activate("gelu"), Dense(1.7), new Activate("tanh"), Dense(1.3))),
        "rms-norm" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new RmsNorm(1.2, 0.2), new Activate("gelu"), Dense(1.7))])),
        "rms-norm-inside" => Settings(TwoInputs, 6, Residual(0.9, new Activate("tanh"), Dense(1.5, width: 1.5), new RmsNorm(1.2, 0.1), new Activate("gelu"), Dense(1.7))),
        "layer-norm" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new LayerNorm(1.2, 0.2), new Activate("gelu"), Dense(1.7))])),
        "layer-norm-inside" => Settings(TwoInputs, 6, Residual(0.9, Dense(1.5, width: 0.5), new LayerNorm(1.1, 0.1), new Activate("softplus"), Dense(1.7))),
        "post-norm" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new Activate("gelu"), Dense(1.7)), new PostNorm(1.2, 0.1)])),
        "dropout-shared" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new Activate("gelu"), new Dropout(0.7), Dense(1.7))])),
        "dropout-independent" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new Activate("gelu"), new Dropout(0.6, false), Dense(1.7))])),
        "gate" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new RmsNorm(1, 0.1), Dense(1.5, width: 2) with { Copies = 2 }, new Gate("silu"), new Dropout(0.9), Dense(1.2))])),
        "taps" => Settings(new[,] { { 1.5, 0.6, 0.1 }, { 0.6, 1, 0.3 }, { 0.1, 0.3, 0.8 } }, 6, new Repeat(2, [Residual(0.7, new Activate("gelu"), Dense(1.7) with { Taps = [0, 1] })]), Residual(0.5, new Activate("tanh"), Dense(1.3, width: 0.5) with { Taps = [-1, 0, 1] }, Dense(1) with { Taps = [1] })),
        "parallel" => Settings(TwoInputs, 6, Residual(0.7, new ParallelBranches([[new Activate("tanh"), Dense(1.5)], [new RmsNorm(1, 0.1), Dense(1.2, width: 1.5), new Activate("gelu"), Dense(1)]])), new ParallelBranches([[Dense(0.7)], [new Activate("sin"), Dense(0.9)]]) { Width = 0.5 }),
        "widths" => Settings(TwoInputs, 6, Dense(1.2, width: 2), new Activate("gelu"), Dense(1.7, width: 0.5), new RmsNorm(1.1, 0.1), new Activate("tanh"), Dense(1.3)),
        "nested" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, Residual(0.5, new Activate("gelu"), Dense(1.5)) with { Skip = 0.8 }, new Activate("softplus"), Dense(1.2))])),
        "nested-hidden" => Settings(TwoInputs, 6, Residual(0.9, new Activate("tanh"), Dense(1.5, width: 0.5), Residual(0.6, Residual(0.4, Dense(0.8)), new RmsNorm(1, 0.1), new Activate("gelu"), Dense(1.4, width: 2), new Activate("tanh"), Dense(1.1)), new ParallelBranches([[new Activate("sin"), Dense(0.9)], [Dense(0.5)]]) { Width = 1.5 }, new Activate("gelu"), Dense(1.7))),
        "nested-parallel" => Settings(TwoInputs, 6, new Repeat(2, [Residual(0.7, new ParallelBranches([
            [
                Residual(0.5, new LayerNorm(1.1, 0.1), new Activate("gelu"), Dense(1.2, width: 2), new Activate("tanh"), Dense(1)) with { Skip = 0.8 },
                Residual(0.4, new ParallelBranches([[new Activate("softplus"), Dense(0.9)], [Dense(0.6)]])),
                new Activate("softplus"), Dense(1.2),
            ],
            [Residual(0.6, new Activate("tanh"), Dense(1.5)) with { Skip = 0 }, new Activate("gelu"), Dense(0.8)],
            [new Activate("tanh"), Dense(0.8)],
        ]))])),
        "norm-in-nested" => Settings(TwoInputs, 6, Residual(0.8, new Activate("softplus"), Dense(1.4), Residual(0.7, new Activate("gelu"), Dense(0.8, width: 0.5), new RmsNorm(1.1, 0.1), new Activate("sin"), Dense(0.9)), new Activate("tanh"), Dense(1.1), new ParallelBranches([
            [new Activate("gelu"), Dense(0.8)],
            [new Activate("tanh"), Dense(1.2), new ParallelBranches([[new Activate("softplus"), Dense(0.7)], [Dense(0.5)]]), new LayerNorm(1, 0.2), Dense(0.6)],
        ]), new Activate("gelu"), Dense(1.2))),
        "layer-norm-taps" => Settings(new[,] { { 1.5, 0.6, 0.1 }, { 0.6, 1, 0.3 }, { 0.1, 0.3, 0.8 } }, 6, new Repeat(2, [Residual(0.7, new LayerNorm(1.2, 0.2), new Activate("gelu"), new Dropout(0.7, false), Dense(1.7) with { Taps = [0, 1] }), Residual(0.5, new LayerNorm(1, 0.1), Dense(1.2, width: 0.5), new Activate("softplus"), Dense(1.1))])),
        "schedule" => Settings(TwoInputs, 6, new Repeat(3, [new Residual([new Activate("softplus"), new Dense("1+0.3*l") { BiasVariance = LayerNumber.Of([0.1, 0.3, 0]) }]) { Skip = "1-0.1*l", Step = "0.7/sqrt(l+1)" }])),
        _ => throw new ArgumentException(name),
    };
}
