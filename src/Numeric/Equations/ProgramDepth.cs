using System.Globalization;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Equations;

/// <summary>What is asked of a program of layers while its equations are followed over depth.</summary>
/// <param name="steps">What the program does to the stream.</param>
/// <param name="equations">Its equations.</param>
/// <param name="functions">Its functions.</param>
/// <param name="stepping">How depth advances.</param>
internal sealed class ProgramDepth(IReadOnlyList<StreamStep> steps, MomentEquations equations, IReadOnlyList<ActivationDescription> functions, Stepping stepping)
{
    private readonly double[] _times = stepping == Stepping.Discrete ? [] : Times(steps);

    // (K + epsilon)^(-5/2) is near the end of the range of numbers.
    private const double Vanished = 1e-100;

    // Kernels of inputs that are equal, up to rounding.
    private const double Equal = 1e-12;

    /// <summary>The functions.</summary>
    public IReadOnlyList<ActivationDescription> Functions => functions;

    /// <summary>Depth time of a layer, where depth is no number of layers: the sum of step^2, of exact decimals rounded once.</summary>
    public double TimeOf(int layer) => _times[layer];

    /// <summary>The layer that a time is in, counted from 1; 0 at the beginning.</summary>
    public int LayerAt(double time) => Array.BinarySearch(_times, time) is >= 0 and var layer ? layer : Math.Min(~Array.BinarySearch(_times, time), steps.Count);

    /// <summary>From here on the equations are those of a layer, in depth time.</summary>
    /// <param name="layer">The layer that is left.</param>
    /// <returns>The layer up to which they stay the same.</returns>
    public int Use(int layer) => equations.Use(layer);

    /// <summary>What the step that was taken last makes of differences of K0, over pairs and pairs: |dK0'/dK0| of a layer, or a bound on it of a stretch of depth time.</summary>
    /// <param name="kernel">K0 before it.</param>
    /// <param name="time">The depth time that it took; null for a layer.</param>
    public double[] KernelResponse(double[] kernel, double? time)
    {
        var state = new double[equations.Length];
        kernel.CopyTo(state, 0);
        double[] response = [.. equations.KernelResponse(state).Select(Math.Abs)];
        if (stepping == Stepping.Discrete)
            return response;
        int pairs = kernel.Length;
        double elapsed = time ?? _times[Layer] - _times[Layer - 1];
        double[] sum = new double[pairs * pairs], term = new double[pairs * pairs];
        for (int p = 0; p < pairs; p++)
            sum[(p * pairs) + p] = term[(p * pairs) + p] = 1;
        // exp(t |R|), of positive terms; Euler's step is its first two.
        const int most = 200;
        for (int power = 1; power <= (stepping == Stepping.Euler ? 1 : most) && term.Max() > 1e-16 * sum.Max(); power++)
        {
            var next = new double[pairs * pairs];
            for (int p = 0; p < pairs; p++)
            {
                for (int r = 0; r < pairs; r++)
                {
                    if (term[(p * pairs) + r] is var factor && factor != 0)
                        VectorSums.AddMultiple(response.AsSpan(r * pairs, pairs), factor * elapsed / power, next.AsSpan(p * pairs, pairs));
                }
            }

            term = next;
            VectorSums.AddMultiple(term, 1, sum);
        }

        return sum;
    }

    /// <summary>The layer that was reached last, for Euler's steps.</summary>
    public int Layer { get; set; }

    /// <summary>Refuses inputs that are proportional where a norm of the stream, with an epsilon, has a fluctuating ratio of them: one function of one input serves the pair no longer.</summary>
    /// <param name="layer">The layer to be reached, counted from 0.</param>
    /// <param name="state">The state before it.</param>
    /// <exception cref="ComputationException">There are such inputs.</exception>
    public void RequireRatios(int layer, double[] state)
    {
        if (!(steps[layer] is StreamNorm { Epsilon: > 0 } || (steps[layer] is StreamUpdate update && update.Branches.Any(branch => branch.Stages[0] is { Norm.Epsilon: > 0 }))))
            return;
        int inputs = equations.Inputs;
        for (int a = 0; a < inputs; a++)
        {
            for (int b = a + 1; b < inputs; b++)
            {
                double kaa = state[PairIndexing.Of(a, a, inputs)], kbb = state[PairIndexing.Of(b, b, inputs)];
                if (Math.Abs(kaa - kbb) > Equal * kaa && PairFrame.Of(kaa, state[PairIndexing.Of(a, b, inputs)], kbb) is { D: 0, L11: > 0, L21: not 0 })
                    throw ProgramNumbers.TakenApart(a, b);
            }
        }
    }

    private static double[] Times(IReadOnlyList<StreamStep> steps)
    {
        var times = new double[steps.Count + 1];
        (Rational sum, int from) = (Rational.Zero, 0);
        Rational each = Rational.Zero;
        for (int layer = 0; layer < steps.Count; layer++)
        {
            if (layer == 0 || !ReferenceEquals(steps[layer], steps[layer - 1]))
                (sum, from, each) = (sum + (each * (layer - from)), layer, Rational.Pow(Rational.FromShortestDecimal(((StreamUpdate)steps[layer]).Step), 2));
            times[layer + 1] = (sum + (each * (layer + 1 - from))).ToDouble();
        }

        return times;
    }

    /// <summary>Why a layer failed, in one sentence that names it, where a norm divides by a kernel that vanishes; else null.</summary>
    /// <param name="layer">The layer that was not reached, counted from 0.</param>
    /// <param name="state">The state before it.</param>
    public string? Reason(int layer, double[] state)
    {
        (string Path, double Epsilon)[] norms = steps[layer] is StreamNorm stream
            ? [(stream.Path, stream.Epsilon)]
            : [.. new[] { steps[layer] }.Stages().Where(stage => stage.Norm is not null).Select(stage => (stage.NormPath, stage.Norm!.Value.Epsilon))];
        foreach (((string path, double epsilon), double[] kernel) in norms.Zip(equations.NormedKernels(layer, state)))
        {
            int inputs = equations.Inputs;
            for (int a = 0; a < inputs; a++)
            {
                if (kernel[PairIndexing.Of(a, a, inputs)] is var variance && variance + epsilon < Vanished)
                    return string.Create(CultureInfo.InvariantCulture, $"At layer {layer} {path} divides input {a} by sqrt(G + epsilon), and its kernel is {variance:G3} and epsilon {epsilon:G3}; give the norm an epsilon such as 1e-5, or leave the input out.");
            }
        }

        return null;
    }
}
