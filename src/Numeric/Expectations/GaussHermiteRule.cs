using System.Collections.Concurrent;
using MathNet.Numerics.LinearAlgebra;

namespace SymbolicEft.Numeric.Expectations;

// Golub-Welsch for starting values (eigenvalues of the Jacobi matrix with off-diagonal sqrt(1), sqrt(2), ...), then Newton on
// the orthonormal he_m in double-double, he_m' = sqrt(m) he_{m-1}; weights from Christoffel's formula
// w_k = 1 / (m he_{m-1}(z_k)^2). Nodes and weights are correctly rounded or one unit in the last place off.

/// <summary>Nodes and weights of the m-point Gauss-Hermite rule for the standard normal distribution.</summary>
internal sealed class GaussHermiteRule
{
    /// <summary>Beyond this the outermost weights underflow.</summary>
    public const int MaximumNodes = 256;

    private static readonly ConcurrentDictionary<int, Lazy<GaussHermiteRule>> Rules = new();

    private GaussHermiteRule(int count)
    {
        Nodes = new double[count];
        Weights = new double[count];
        var jacobi = Matrix<double>.Build.Dense(count, count);
        for (var n = 1; n < count; n++) jacobi[n, n - 1] = jacobi[n - 1, n] = Math.Sqrt(n);
        var starts = jacobi.Evd(Symmetricity.Symmetric).EigenValues.Select(static value => value.Real).Order().ToArray();
        for (var k = 0; k < (count + 1) / 2; k++)
        {
            var mirror = count - 1 - k;
            DoubleDouble z = k == mirror ? 0 : starts[mirror];
            DoubleDouble previous = 0;
            for (var step = 0; step < 4; step++)
            {
                (var value, previous) = Evaluate(count, z);
                if (k != mirror) z -= value / (previous * DoubleDouble.Sqrt(count));
            }

            (_, previous) = Evaluate(count, z);
            Nodes[mirror] = (double)z;
            Nodes[k] = k == mirror ? 0 : -(double)z;
            Weights[k] = Weights[mirror] = (double)((DoubleDouble)1.0 / (previous * previous * count));
        }
    }

    public double[] Nodes { get; }

    public double[] Weights { get; }

    /// <summary>The rule with the given number of nodes, made once.</summary>
    public static GaussHermiteRule Of(int count) =>
        Rules.GetOrAdd(count, static key => new Lazy<GaussHermiteRule>(() => new GaussHermiteRule(key))).Value;

    private static (DoubleDouble Value, DoubleDouble Previous) Evaluate(int order, DoubleDouble z)
    {
        DoubleDouble previous = 0;
        DoubleDouble current = 1;
        for (var p = 0; p < order; p++)
        {
            var next = (current * z - previous * DoubleDouble.Sqrt(p)) / DoubleDouble.Sqrt(p + 1);
            previous = current;
            current = next;
        }

        return (current, previous);
    }
}
