// What K1 of a dense layer lacks that reads the stream through an RMS norm, x_a = D(G_aa) phi_a (NormDerivation), beyond what it would lack without. L = ln D, E_a = x_a d_a, f = sigma sigma of a pair, so that
//   <f(x)> = <f> + sum_a L'_a g_aa <E_a f> + 1/2 sum_ab L'_a L'_b g_aa g_bb <E_a E_b f> + ...,   and G of x as a function of G.
// In standard units E_a = sum_ij P_ij z_i d_j, P = (row a of L) (column a of W), |P| = |L_a| |W_a|. Of f_j, the part of order j, E_a has at most |P| j |f_j| in order j and |P| sqrt(j (j - 1)) |f_j| in order j - 2.
// With X_a = (sum over orders j > k of j^2 |Cov(g_aa, modes of order j)|^2)^(1/2) (MeanTail), and b what g lacks (Cov(g, g) lacks |b b| at most),
//   modes above k of E_a f              sum_a |L'_a| |P_a| (1 + (k + 3)/(k + 1)) X_a |f_>|          (those of E_a f up to k are of f up to k + 2, which are computed)
//   modes of order 2, of f_4            sum_a |L'_a| |P_a| sqrt(12) |f_4| b_aa |b|/sqrt2,   |b| in standard units
//   the second order, of f_4            1/2 sqrt(24) |f_4| (sum_a |L'_a| |P_a| b_aa)^2
//   the kernel of x                     |B2| times 1/2 sum |d^2 (D(G_aa) D(G_bb) G_ab)| b b, by the product rule

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>What means lack behind an RMS norm of the stream.</summary>
/// <param name="units">The units of the pairs.</param>
/// <param name="means">What they lack without it.</param>
internal sealed class NormMeans(PairUnits units, MeanTail means)
{
    private static readonly Symbol Gain = Symbol.Of("gain"), Epsilon = Symbol.Of("epsilon");
    private static readonly Expression Scale = NormDerivation.Scale(NormDerivation.Kaa, Gain, Epsilon), Slope = Scale.Differentiate(NormDerivation.Kaa), Curvature = Slope.Differentiate(NormDerivation.Kaa);

    // D, D' and D'' of inputs, over the pairs of each with itself.
    private readonly double[] _scales = new double[units.Pairs.Length], _slopes = new double[units.Pairs.Length], _curvatures = new double[units.Pairs.Length];

    /// <summary>Takes a norm.</summary>
    /// <param name="norm">gain and epsilon.</param>
    /// <param name="kernel">K0 of the stream.</param>
    public void Use((double Gain, double Epsilon) norm, double[] kernel)
    {
        for (int p = 0; p < kernel.Length; p++)
        {
            if (units.First(p) != units.Second(p))
                continue;
            var atoms = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance) { [Gain] = norm.Gain, [Epsilon] = norm.Epsilon, [NormDerivation.Kaa] = kernel[p] };
            (_scales[p], _slopes[p], _curvatures[p]) = (Scale.Evaluate(atoms), Slope.Evaluate(atoms), Curvature.Evaluate(atoms));
        }
    }

    /// <summary>What K1 of x lacks because of the curvature of the norm.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="kernel">K0 of the stream.</param>
    /// <param name="lacking">b, of parts that are independent.</param>
    public double OfKernel(int pair, double[] kernel, params ReadOnlySpan<double[]> lacking)
    {
        (int first, int second) = (units.First(pair), units.Second(pair));
        (double a, double a1, double a2, double b, double b1, double b2, double ab) = (_scales[first], _slopes[first], _curvatures[first], _scales[second], _slopes[second], _curvatures[second], kernel[pair]);
        double sum = 0;
        foreach (double[] lacks in lacking)
        {
            (double x, double y, double z) = (lacks[first], lacks[second], lacks[pair]);
            sum += first == second
                ? Math.Abs((((a1 * a1) + (a * a2)) * ab) + (2 * a * a1)) * x * x
                : (0.5 * ((Math.Abs(a2 * b * ab) * x * x) + (Math.Abs(a * b2 * ab) * y * y))) + (Math.Abs(a1 * b1 * ab) * x * y) + (Math.Abs(a1 * b) * x * z) + (Math.Abs(a * b1) * y * z);
        }

        return sum;
    }

    /// <summary>What the mean of a function of x lacks because the norm fluctuates.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="frame">The frame of the pair in the stream.</param>
    /// <param name="highestOrder">k.</param>
    /// <param name="above">The norm of f in modes above k.</param>
    /// <param name="fourth">Its modes of order 4.</param>
    /// <param name="lacking">b, of parts that are independent.</param>
    public double OfModes(int pair, in PairFrame frame, int highestOrder, double above, ReadOnlySpan<double> fourth, params ReadOnlySpan<double[]> lacking)
    {
        (int first, int second) = (units.First(pair), units.Second(pair));
        double ofFirst = Size(first, frame.L11, 0, frame.A, frame.B), ofSecond = first == second ? 0 : Size(second, frame.L21, frame.L22, 0, frame.D), of4 = MeanTail.Norm(fourth);
        // sigma_a sigma_a has one input, whose E is E_a of both factors.
        double sum = above == 0 ? 0 : (1 + ((highestOrder + 3.0) / (highestOrder + 1))) * above * ((ofFirst * means.WithFirst(pair)) + (ofSecond == 0 ? 0 : ofSecond * means.WithSecond(pair)));
        foreach (double[] b in lacking)
        {
            double moved = (ofFirst * b[first]) + (ofSecond * b[second]);
            sum += of4 * moved * ((Math.Sqrt(6) * units.Norm(frame, pair, b)) + (0.5 * Math.Sqrt(24) * moved));
        }

        return sum;

        double Size(int input, double l1, double l2, double w1, double w2) => Math.Abs(_slopes[input] / _scales[input]) * Math.Sqrt(((l1 * l1) + (l2 * l2)) * ((w1 * w1) + (w2 * w2)));
    }
}
