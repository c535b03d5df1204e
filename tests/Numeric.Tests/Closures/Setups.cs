using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Closures;

/// <summary>The networks that the closures are tested on.</summary>
internal static class Setups
{
    public static readonly Activation Tanh = Activation.Parse("tanh(x)"), Gelu = Activation.Parse("x*(1+erf(x/sqrt(2)))/2"), Linear = Activation.Parse("x");

    /// <summary>ReLU with its kink declared.</summary>
    public static readonly ActivationDescription Relu = new("relu(x)", x => x > 0 ? x : 0) { Kinks = [new Kink(0, 1)] };

    /// <summary>The paper's network on any inputs, in depth time 2.</summary>
    public static Network Paper(params double[] kernel) => Paper(800, [0, 100, 200, 300, 400, 500, 600, 700, 800], kernel);

    public static Network Paper(int depth, int[] layers, params double[] kernel) =>
        Networks.Of(Tanh, new LayerParameters(1, 0.05, 2, 0), Inputs(kernel), kernel, depth, layers);

    /// <summary>GELU, one input, K(0) = 1.5, C_W = 1.7, C_b = 0.1, eps^2 = 0.005, 300 layers.</summary>
    public static Network GeluNetwork() => Networks.Of(Gelu, new LayerParameters(1, Math.Sqrt(0.005), 1.7, 0.1), 1, [1.5], 300, [0, 300]);

    /// <summary>The square of the k-th Hermite coefficient of x|x|/2, k odd and at least 3: its third derivative is 2 delta, so c_k = 2 E[delta^(k-3)]/sqrt(k!).</summary>
    public static double SquareOfReluMode(int k)
    {
        // (2/pi) ((k-4)!!)^2/k!, factor by factor.
        double value = 2 / Math.PI;
        for (int factor = 2; factor <= k; factor++)
        {
            value /= factor;
            if (factor <= k - 4 && (k - factor) % 2 == 0) value *= factor * (double)factor;
        }

        return value;
    }

    public static int Inputs(double[] kernel) => (int)Math.Round((Math.Sqrt(1 + (8 * kernel.Length)) - 1) / 2);
}
