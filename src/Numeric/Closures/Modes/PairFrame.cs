using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Modes;

// Two inputs in independent standard units: phi = L z with L lower triangular, K0 = L L^T,
//   phi_a = L11 z1,   phi_b = L21 z1 + L22 z2;      z1 = A phi_a,   z2 = B phi_a + D phi_b.
// A function of (phi_a, phi_b) is expanded in he_i(z1) he_j(z2), which are orthonormal whatever the correlation: no digit
// is lost as rho -> +-1, where the products of H_{a^i b^j} become linearly dependent. A direction of no variance (equal,
// opposite or proportional inputs; an input that vanishes) drops out: its row of L is zero and A, or B and D, are set to zero.

/// <summary>The standard units of one or two inputs at one kernel.</summary>
internal readonly struct PairFrame
{
    /// <summary>Below this share of the variance what is left of phi_b given phi_a is the rounding of the kernel.</summary>
    private const double SmallestComplement = 3e-8;

    private PairFrame(int dimension, double l11, double l21, double l22, double correlation, double complement)
    {
        (Dimension, L11, L21, L22, Correlation, Complement) = (dimension, l11, l21, l22, correlation, complement);
        A = l11 > 0 ? 1 / l11 : 0;
        D = l22 > 0 ? 1 / l22 : 0;
        B = l11 > 0 ? -l21 * A * D : 0;
    }

    /// <summary>1 for a pair of an input with itself, else 2.</summary>
    public int Dimension { get; }

    /// <summary>The frame of two inputs of the same correlation whose variances are 1.</summary>
    public PairFrame OfUnits => new(2, 1, Correlation, Complement, Correlation, Complement);

    public double L11 { get; }

    public double L21 { get; }

    public double L22 { get; }

    public double A { get; }

    public double B { get; }

    public double D { get; }

    /// <summary>rho; 0 where a variance is 0.</summary>
    public double Correlation { get; }

    /// <summary>sqrt(1 - rho^2), exactly 0 where the pair is singular.</summary>
    public double Complement { get; }

    /// <summary>The frame of one input.</summary>
    public static PairFrame Of(double variance)
    {
        KernelBlock.RequireVariance(variance);
        return new PairFrame(1, Math.Sqrt(variance), 0, 0, 1, 0);
    }

    /// <summary>The frame of two inputs.</summary>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    public static PairFrame Of(double kaa, double kab, double kbb)
    {
        var block = KernelBlock.Factorise(kaa, kab, kbb);
        return block.Complement < SmallestComplement
            ? new PairFrame(2, block.DeviationX, Math.Sign(block.Correlation) * block.DeviationY, 0, Math.Sign(block.Correlation), 0)
            : new PairFrame(2, block.DeviationX, block.Correlation * block.DeviationY, block.Complement * block.DeviationY, block.Correlation, block.Complement);
    }

    /// <summary>E[z z'^T] of this frame with another, from the covariances of the pre-activations.</summary>
    /// <param name="other">The other frame, inputs (c, d).</param>
    /// <param name="ac">Cov(phi_a, phi_c).</param>
    /// <param name="ad">Cov(phi_a, phi_d).</param>
    /// <param name="bc">Cov(phi_b, phi_c).</param>
    /// <param name="bd">Cov(phi_b, phi_d).</param>
    public Matrix2 Correlations(in PairFrame other, double ac, double ad, double bc, double bd)
    {
        double first = (B * ac) + (D * bc), second = (B * ad) + (D * bd);
        return new Matrix2(
            A * ac * other.A,
            A * ((ac * other.B) + (ad * other.D)),
            first * other.A,
            (first * other.B) + (second * other.D));
    }

    /// <summary>T = L^T L'^(-T): the direction w' in the units of the next layer is w = T w' in these.</summary>
    public Matrix2 ToNext(in PairFrame next) => new(
        L11 * next.A,
        (L11 * next.B) + (L21 * next.D),
        0,
        L22 * next.D);
}

/// <summary>A 2 x 2 matrix; for frames of one dimension only the entries that exist are read.</summary>
internal readonly record struct Matrix2(double M11, double M12, double M21, double M22)
{
    /// <summary>The unit matrix.</summary>
    public static readonly Matrix2 Identity = new(1, 0, 0, 1);

    /// <summary>The larger singular value.</summary>
    public double Norm
    {
        get
        {
            double trace = (M11 * M11) + (M12 * M12) + (M21 * M21) + (M22 * M22), determinant = (M11 * M22) - (M12 * M21);
            return Math.Sqrt(0.5 * (trace + Math.Sqrt(Math.Max(0, (trace * trace) - (4 * determinant * determinant)))));
        }
    }

    /// <summary>The matrix times a number.</summary>
    public Matrix2 Scale(double factor) => new(factor * M11, factor * M12, factor * M21, factor * M22);

    /// <summary>The transposed matrix.</summary>
    public Matrix2 Transposed() => new(M11, M21, M12, M22);
}
