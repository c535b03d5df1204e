// A step of which every dense layer reads the stream at once is a plain layer: g' = alpha^2 g + f, with f the sum over dense layers of w sigma sigma, w = eps^2 C_W of each, in the modes of the stream.
// A dense layer without an activation has phi_a phi_b = L11 L21 z1^2 + L11 L22 z1 z2.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>A layer of the plain network, or a step of a program that is as one.</summary>
/// <param name="Skip">alpha.</param>
/// <param name="Coefficients">f in modes.</param>
/// <param name="Above">Its norms in modes above the highest order, over pairs.</param>
/// <param name="Rows">The terms of eps^2 Q, without their signs.</param>
/// <param name="Width">The width of the stream before it, in units of n.</param>
/// <param name="NextWidth">And after it.</param>
internal sealed record StreamLayer(double Skip, FluctuationCoefficients Coefficients, double[] Above, double[] Rows, double Width = 1, double NextWidth = 1)
{
    /// <summary>Whether a step is such a layer.</summary>
    public static bool Is(StreamStep step) => step is StreamUpdate update && update.Branches.All(branch =>
        branch.Stages is [{ Norm: null, Before.Count: 0, Taps.Count: 0, IsGate: false, Keep: 1, Weights: WeightKind.Gaussian }]);

    /// <summary>The layer whose dense layers have these weights.</summary>
    /// <param name="skip">alpha.</param>
    /// <param name="dense">Of each dense layer w, sigma sigma, its norms above the highest order, and eps^2 C_b.</param>
    /// <param name="width">The width of the stream before it.</param>
    /// <param name="nextWidth">And after it.</param>
    public static StreamLayer Of(double skip, IReadOnlyList<(double Weight, FluctuationCoefficients Sigma, double[] Above, double Biases)> dense, double width = 1, double nextWidth = 1)
    {
        FluctuationCoefficients first = dense[0].Sigma;
        int count = first.Pairs.Count;
        var sums = new PairFluctuation[count];
        double[] above = new double[count], rows = new double[count];
        for (int p = 0; p < count; p++)
        {
            PairFrame frame = first.Pairs[p].Frame;
            var coefficients = new double[ProductModes.Length(first.HighestOrder, frame.Dimension)];
            double error = 0;
            foreach ((double weight, FluctuationCoefficients sigma, double[] beyond, double biases) in dense)
            {
                PairFluctuation each = sigma.Pairs[p];
                for (int order = 0; order <= first.HighestOrder; order++)
                    Expectations.VectorSums.AddMultiple(each.Order(order), weight, coefficients.AsSpan(ProductModes.Offset(order, frame.Dimension)));
                error += weight * each.Error;
                above[p] += weight * beyond[p];
                rows[p] += biases + (weight * Math.Abs(each.Mean));
            }

            sums[p] = new(frame, coefficients, error);
        }

        return new(skip, first with { Pairs = sums }, above, rows, width, nextWidth);
    }

    /// <summary>phi phi in the modes of the stream.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="inputs">N.</param>
    /// <param name="highestOrder">The highest order of a mode.</param>
    public static FluctuationCoefficients OfStream(ReadOnlySpan<double> kernel, int inputs, int highestOrder)
    {
        IReadOnlyList<InputPair> pairs = PairIndexing.All(inputs);
        var result = new PairFluctuation[pairs.Count];
        for (int p = 0; p < result.Length; p++)
        {
            PairFrame frame = ModeNumbers.Frame(kernel, pairs[p].First, pairs[p].Second, inputs);
            var coefficients = new double[ProductModes.Length(highestOrder, frame.Dimension)];
            Span<double> second = coefficients.AsSpan(ProductModes.Offset(2, frame.Dimension));
            (coefficients[0], second[0]) = (kernel[p], Math.Sqrt(2) * frame.L11 * (frame.Dimension == 1 ? frame.L11 : frame.L21));
            if (frame.Dimension == 2)
                second[1] = frame.L11 * frame.L22;
            result[p] = new(frame, coefficients, 0);
        }

        return new(inputs, highestOrder, result);
    }
}
