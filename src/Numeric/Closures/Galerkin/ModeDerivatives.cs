using SymbolicEft.Numeric.Closures.Modes;

namespace SymbolicEft.Numeric.Closures.Galerkin;

// Derivatives of expansions in he_p(z1) he_q(z2) with respect to z: d he_p = sqrt(p) he_(p-1); and of t(w) = t_ef v_e v_f.

/// <summary>Derivatives of functions given by their Hermite coefficients.</summary>
internal static class ModeDerivatives
{
    /// <summary>d1 f for one input; d1 f, d2 f for two.</summary>
    public static double[][] First(double[] function, int dimension)
    {
        if (dimension == 1)
        {
            var slope = new double[function.Length - 1];
            for (var k = 0; k < slope.Length; k++) slope[k] = Math.Sqrt(k + 1) * function[k + 1];
            return [slope];
        }

        int highest = Highest(function);
        double[] first = new double[ProductModes.Length(highest - 1, 2)], second = new double[first.Length];
        for (var k = 0; k < highest; k++)
        {
            for (var j = 0; j <= k; j++)
            {
                int at = ProductModes.Offset(k, 2) + j, above = ProductModes.Offset(k + 1, 2) + j;
                first[at] = Math.Sqrt(k - j + 1) * function[above];
                second[at] = Math.Sqrt(j + 1) * function[above + 1];
            }
        }

        return [first, second];
    }

    /// <summary>d1 d1 f for one input; d1 d1 f, d1 d2 f, d2 d2 f for two.</summary>
    public static double[][] Second(double[] function, int dimension)
    {
        double[][] first = First(function, dimension);
        double[][] second = First(first[0], dimension);
        return dimension == 1 ? second : [second[0], second[1], First(first[1], 2)[1]];
    }

    private static int Highest(double[] function)
    {
        var order = 0;
        while (ProductModes.Length(order + 1, 2) <= function.Length) order++;
        return order;
    }
}

/// <summary>
/// How a symmetric matrix t over a pair's inputs acts as t_ef d_e d_f on functions of z: for each kernel component (aa, ab, bb) the
/// coefficients of d1 d1, d1 d2, d2 d2, since d_a = A d1 + B d2 and d_b = D d2.
/// </summary>
internal sealed class ResponseForms
{
    private ResponseForms(int dimension, int[] kernels, double[][] coefficients) => (Dimension, Kernels, Coefficients) = (dimension, kernels, coefficients);

    public int Dimension { get; }

    /// <summary>The pairs aa, ab, bb; only aa for one input and for proportional ones, whose functions are functions of phi_a.</summary>
    public int[] Kernels { get; }

    /// <summary>For each of them the coefficients of the second derivatives.</summary>
    public double[][] Coefficients { get; }

    public static ResponseForms Of(in PairFrame frame, int pair, InputPair inputs, int count)
    {
        if (frame.Dimension == 1) return new(1, [PairIndexing.Of(inputs.First, inputs.First, count)], [[frame.A * frame.A]]);
        double a = frame.A, b = frame.B, d = frame.D;
        return new(2, [PairIndexing.Of(inputs.First, inputs.First, count), pair, PairIndexing.Of(inputs.Second, inputs.Second, count)],
            [[a * a, 2 * a * b, b * b], [0, 2 * a * d, 2 * b * d], [0, 0, d * d]]);
    }

    /// <summary>E of (form e)(form f) acting on a function: fourth derivatives at order 0.</summary>
    public double Fourth(int e, int f, double[] function)
    {
        int start = ProductModes.Offset(4, Dimension);
        if (start >= function.Length) return 0;
        double[] left = Coefficients[e], right = Coefficients[f];
        if (Dimension == 1) return left[0] * right[0] * Math.Sqrt(24) * function[start];
        double sum = 0;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                // d1^(4-q) d2^q of he_(4-q)(z1) he_q(z2) is sqrt((4-q)! q!).
                int q = i + j;
                double norm = q is 0 or 4 ? Math.Sqrt(24) : q is 1 or 3 ? Math.Sqrt(6) : 2;
                sum += left[i] * right[j] * norm * function[start + q];
            }
        }

        return sum;
    }
}
