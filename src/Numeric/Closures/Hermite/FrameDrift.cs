using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Hermite;

// In depth time the frame moves with K0: L' = L (1 + h Phi), Phi the lower half of R = L^-1 Q L^-T with half its diagonal. A
// form F(w) at fixed v = L^-T w changes by F(w - h Phi^T w) - F(w): w1 -> w1 - h (R11 w1/2 + R12 w2), w2 -> w2 - h R22 w2/2.

/// <summary>The drift of binary forms that comes from the moving frame of a pair.</summary>
internal readonly record struct FrameDrift(int Dimension, double R11, double R12, double R22)
{
    /// <summary>What of Q in a direction of no variance is still rounding.</summary>
    private const double LargestDrift = 1e-10;

    /// <summary>The drift of a pair's frame.</summary>
    /// <exception cref="ComputationException">The pair is singular and becomes regular at once; its frame has no derivative.</exception>
    public static FrameDrift Of(in PairFrame frame, ReadOnlySpan<double> rows, ModeLayout layout, int pair)
    {
        var (a, b) = layout.Pairs[pair];
        double aa = rows[layout.PairOf(a, a)], ab = rows[pair], bb = rows[layout.PairOf(b, b)];
        if (frame.L11 == 0 && aa != 0) throw Missing(a);
        if (frame.Dimension == 1) return new(1, frame.A * aa * frame.A, 0, 0);
        if (frame.D == 0)
        {
            // phi_b = r phi_a must go on to hold: Q_bb - 2 r Q_ab + r^2 Q_aa = 0.
            double ratio = frame.L21 * frame.A, rest = bb - (2 * ratio * ab) + (ratio * ratio * aa);
            if (Math.Abs(rest) > LargestDrift * (Math.Abs(bb) + (ratio * ratio * aa))) throw frame.L21 == 0 ? Missing(b) : Missing(a, b);
        }

        Matrix2 rates = frame.Correlations(frame, aa, ab, ab, bb);
        return new(2, rates.M11, rates.M12, rates.M22);
    }

    /// <summary>matrix += the drift as a matrix over the forms of degree k, row by row.</summary>
    public void AddMatrix(int degree, Span<double> matrix)
    {
        int count = ModeLayout.Count(degree, Dimension);
        for (var j = 0; j < count; j++)
        {
            matrix[(j * count) + j] -= 0.5 * (((degree - j) * R11) + (j * R22));
            if (j + 1 < count) matrix[((j + 1) * count) + j] -= R12 * Math.Sqrt((degree - j) * (j + 1.0));
        }
    }

    /// <summary>Says that modes have no derivative in depth time.</summary>
    /// <param name="inputs">One input, which is 0 or determined by others here and not at once after, or two that are proportional.</param>
    public static ComputationException Missing(params ReadOnlySpan<int> inputs) => new(FormattableString.Invariant(
        $"{(inputs.Length == 1 ? $"Input {inputs[0]} is 0, or determined by others," : $"Inputs {inputs[0]} and {inputs[1]} are proportional")} at this depth and not at once after, so that the Hermite modes have no derivative in depth time; use discrete stepping."));
}
