using MathNet.Numerics.LinearAlgebra;

namespace SymbolicEft.Numeric.Expectations;

// Two groups A, B of one or two variables each. In standard units z_A = L_A^-1 x_A, z_B = L_B^-1 x_B the covariance is
// C = L_A^-1 K_AB L_B^-T; its singular value decomposition C = U S V^T gives the canonical coordinates u = U^T z_A and
// v = V^T z_B (Hotelling), in which E[u_i v_j] = s_i delta_ij: whatever the four variables, they meet in two pairs.

/// <summary>Canonical correlations of two groups of Gaussian variables.</summary>
internal sealed class CanonicalFrame
{
    private CanonicalFrame(int[] first, int[] second, KernelBlock firstBlock, KernelBlock secondBlock, Rotation u, Rotation v, double s1, double s2) =>
        (First, Second, FirstBlock, SecondBlock, FirstAxes, SecondAxes, Largest, Smallest) = (first, second, firstBlock, secondBlock, u, v, s1, s2);

    /// <summary>The variables of A.</summary>
    public int[] First { get; }

    /// <summary>The variables of B.</summary>
    public int[] Second { get; }

    /// <summary>The covariance of A.</summary>
    public KernelBlock FirstBlock { get; }

    /// <summary>The covariance of B.</summary>
    public KernelBlock SecondBlock { get; }

    /// <summary>The canonical axes of A in its standard units.</summary>
    public Rotation FirstAxes { get; }

    /// <summary>The canonical axes of B in its standard units.</summary>
    public Rotation SecondAxes { get; }

    /// <summary>s1.</summary>
    public double Largest { get; }

    /// <summary>s2, at most s1.</summary>
    public double Smallest { get; }

    /// <summary>The frame of two groups.</summary>
    /// <exception cref="InvalidKernelException">The covariance is not positive semidefinite.</exception>
    public static CanonicalFrame Of(double[,] kernel, int[] first, int[] second)
    {
        var a = Block(kernel, first);
        var b = Block(kernel, second);
        var c = new double[2, 2];
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < second.Length; j++) c[i, j] = kernel[first[i], second[j]] / (Deviation(a, i) * Deviation(b, j));
        }

        // Rows, then columns: the second variable of a group less its regression on the first.
        for (var j = 0; j < 2; j++) c[1, j] = first.Length == 2 && a.Complement > 0 ? (c[1, j] - (a.Correlation * c[0, j])) / a.Complement : 0;
        for (var i = 0; i < 2; i++) c[i, 1] = second.Length == 2 && b.Complement > 0 ? (c[i, 1] - (b.Correlation * c[i, 0])) / b.Complement : 0;
        var svd = Matrix<double>.Build.DenseOfArray(c).Svd();
        return new CanonicalFrame(
            first, second, a, b,
            new Rotation(svd.U[0, 0], svd.U[1, 0], svd.U[0, 1], svd.U[1, 1]),
            new Rotation(svd.VT[0, 0], svd.VT[0, 1], svd.VT[1, 0], svd.VT[1, 1]),
            Math.Min(svd.S[0], 1), Math.Min(svd.S[1], 1));
    }

    private static KernelBlock Block(double[,] kernel, int[] group) => group.Length == 1
        ? KernelBlock.Factorise(kernel[group[0], group[0]], 0, 0)
        : KernelBlock.Factorise(kernel[group[0], group[0]], kernel[group[0], group[1]], kernel[group[1], group[1]]);

    private static double Deviation(KernelBlock block, int i) => i == 0 ? block.DeviationX : block.DeviationY;
}

/// <summary>u1 = X1 z1 + Y1 z2, u2 = X2 z1 + Y2 z2.</summary>
internal readonly record struct Rotation(double X1, double Y1, double X2, double Y2);
