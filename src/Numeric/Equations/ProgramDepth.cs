using System.Globalization;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Equations;

/// <summary>What is asked of a program of layers while its equations are followed over depth.</summary>
/// <param name="steps">What the program does to the stream.</param>
/// <param name="equations">Its equations.</param>
/// <param name="functions">Its functions.</param>
internal sealed class ProgramDepth(IReadOnlyList<StreamStep> steps, MomentEquations equations, IReadOnlyList<ActivationDescription> functions)
{
    // (K + epsilon)^(-5/2) is near the end of the range of numbers.
    private const double Vanished = 1e-100;

    // Kernels of inputs that are equal, up to rounding.
    private const double Equal = 1e-12;

    /// <summary>The functions.</summary>
    public IReadOnlyList<ActivationDescription> Functions => functions;

    /// <summary>The derivative of K0 of the layer that was reached last in K0 of the one before it, over pairs and pairs.</summary>
    /// <param name="before">The state before that layer.</param>
    public double[] KernelResponse(double[] before) => equations.KernelResponse(before);

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
