using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds on what modes above the highest order add to V4 of a program of layers with Gaussian weights; of K1 none is known.</summary>
/// <param name="steps">What the program does to the stream.</param>
/// <param name="solved">Its equations, as they run.</param>
internal sealed class ProgramBounds(IReadOnlyList<StreamStep> steps, ProgramEquations solved) : ILeadingOrderBounds
{
    private readonly int pairs = PairIndexing.Count(solved.Equations.Inputs);
    private readonly ProgramPath path = new(solved.Program, solved.Equations, solved.Numbers, PairIndexing.Count(solved.Equations.Inputs));
    private readonly ProgramTail tail = new(solved.Functions, solved.Equations.Inputs, tangents: null);
    private int layer;
    private double width = 1;

    /// <summary>Whether the fluctuations of a program are followed, path by path.</summary>
    public static bool Know(IReadOnlyList<StreamStep> steps) => steps.Stages().All(stage => stage.Weights == WeightKind.Gaussian);

    /// <inheritdoc/>
    public double V4(int left, int right) => tail.Bound(left, right);

    /// <inheritdoc/>
    public IReadOnlyList<double>? K1 => null;

    /// <inheritdoc/>
    public void Advance(double[] state, double[] next)
    {
        StreamStep step = steps[layer];
        LayerMaps maps = path.At(layer, state);
        tail.Advance(step, maps, ofTangents: null, StageReads.Of(step, maps, state[..pairs], width), solved.NoisesAt(layer), state.AsSpan(0, pairs), next.AsSpan(0, pairs), width, solved.Book.Beyond.Share);
        if (step is StreamUpdate update)
            width = update.Width;
        layer++;
    }
}
