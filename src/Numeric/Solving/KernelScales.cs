using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Solving;

// What the components of the theory are measured by where they vanish: sqrt(K_aa K_bb) for every pair of indices ab, which by
// Cauchy-Schwarz bounds K_ab, and is the size of V4, V6, K1, ... of Gaussian neurons.

/// <summary>Natural scales of tensors over inputs.</summary>
internal static class KernelScales
{
    /// <summary>sqrt(K_aa K_bb) of every pair.</summary>
    /// <param name="kernel">K over pairs.</param>
    /// <param name="inputs">N.</param>
    public static double[] OfPairs(ReadOnlySpan<double> kernel, int inputs)
    {
        var deviations = new double[inputs];
        for (int a = 0; a < inputs; a++)
            deviations[a] = Math.Sqrt(Math.Max(kernel[PairIndexing.Of(a, a, inputs)], 0));
        return [.. PairIndexing.All(inputs).Select(pair => deviations[pair.First] * deviations[pair.Second])];
    }

    /// <summary>The scales of a full matrix over pairs, such as V4.</summary>
    /// <param name="pairs">The scales of the pairs.</param>
    /// <param name="scales">Receives the products, row by row.</param>
    public static void OfMatrix(ReadOnlySpan<double> pairs, Span<double> scales)
    {
        int at = 0;
        foreach (double left in pairs)
        {
            foreach (double right in pairs) scales[at++] = left * right;
        }
    }

    /// <summary>The scales of a whole state of tensors over inputs.</summary>
    /// <param name="layout">The tensors, with K0 among them.</param>
    /// <param name="state">Their values.</param>
    /// <param name="scales">Receives the scales.</param>
    public static void Of(TensorLayout layout, double[] state, double[] scales)
    {
        double[] pairs = OfPairs(layout.Part(state, Notation.MeanKernel), layout.Inputs);
        foreach (TensorBlock block in layout.Blocks)
            OfComponents(block.Tensor, pairs, layout.Inputs, scales.AsSpan(block.Offset, block.Count));
    }

    /// <summary>The scales of the independent components of a tensor over inputs.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="pairs">The scales of the pairs.</param>
    /// <param name="inputs">N.</param>
    /// <param name="scales">Receives the scales, in the order of <see cref="TensorComponents"/>.</param>
    public static void OfComponents(Tensor tensor, ReadOnlySpan<double> pairs, int inputs, Span<double> scales)
    {
        int at = 0;
        switch (tensor.Arity, tensor.Symmetry)
        {
            case (2, TensorSymmetry.Symmetric):
                pairs.CopyTo(scales);
                break;
            case (4, TensorSymmetry.SymmetricInEachPair):
                OfMatrix(pairs, scales);
                break;
            case (4, TensorSymmetry.CovarianceOfSymmetric):
                for (int p = 0; p < pairs.Length; p++)
                {
                    for (int q = p; q < pairs.Length; q++) scales[at++] = pairs[p] * pairs[q];
                }

                break;
            default:
                foreach (Indexed component in tensor.ComponentsOver(inputs))
                {
                    double scale = 1;
                    for (int pair = 0; pair < component.Indices.Length; pair += 2)
                        scale *= pairs[PairIndexing.Of(component.Indices[pair].Value, component.Indices[pair + 1].Value, inputs)];
                    scales[at++] = scale;
                }

                break;
        }
    }
}
