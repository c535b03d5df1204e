using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// Gaussian expectations as sums over m Gauss-Hermite nodes: the convention of published codes, kept to reproduce their
/// digits. The rule knows nothing of its error.
/// </summary>
/// <remarks>
/// Off the diagonal the nodes are (x, y) = (sqrt(Kaa) z1, sqrt(Kbb) (rho z1 + sqrt(1 - rho^2) z2)); the rule is therefore
/// not symmetric in its two inputs.
/// </remarks>
internal sealed class GaussHermiteQuadrature
{
    private readonly GaussHermiteRule _rule;

    /// <summary>Makes the rule.</summary>
    /// <param name="nodes">m, 1..256.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is out of range.</exception>
    public GaussHermiteQuadrature(int nodes)
    {
        if (nodes < 1 || nodes > GaussHermiteRule.MaximumNodes)
            throw new ArgumentOutOfRangeException(nameof(nodes), string.Create(CultureInfo.InvariantCulture,
                $"gauss-hermite({nodes}) does not exist here: the number of nodes must be between 1 and {GaussHermiteRule.MaximumNodes}."));
        _rule = GaussHermiteRule.Of(nodes);
    }

    /// <summary>m.</summary>
    public int Count => _rule.Nodes.Length;

    /// <summary>Nodes in standard units (weight function exp(-z^2/2)), ascending.</summary>
    public ReadOnlySpan<double> Nodes => _rule.Nodes;

    /// <summary>Weights; their sum is one.</summary>
    public ReadOnlySpan<double> Weights => _rule.Weights;

    /// <summary>The node sum for E[f(x)], x ~ N(0, K).</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="k">K.</param>
    /// <exception cref="InvalidKernelException">K is negative or not finite.</exception>
    public double Expect(Func<double, double> f, double k)
    {
        KernelBlock.RequireVariance(k);
        var deviation = Math.Sqrt(k);
        var sum = 0.0;
        for (var n = 0; n < Count; n++) sum += _rule.Weights[n] * f(deviation * _rule.Nodes[n]);
        return sum;
    }

    /// <summary>The node sum for E[f(x, y)], (x, y) ~ N(0, [[Kxx, Kxy], [Kxy, Kyy]]).</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="kxx">Kxx.</param>
    /// <param name="kxy">Kxy.</param>
    /// <param name="kyy">Kyy.</param>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    public double Expect(Func<double, double, double> f, double kxx, double kxy, double kyy)
    {
        var block = KernelBlock.Factorise(kxx, kxy, kyy);
        var sum = 0.0;
        for (var n = 0; n < Count; n++)
        {
            var x = block.DeviationX * _rule.Nodes[n];
            var inner = 0.0;
            for (var m = 0; m < Count; m++)
                inner += _rule.Weights[m] * f(x, block.DeviationY * (block.Correlation * _rule.Nodes[n] + block.Complement * _rule.Nodes[m]));
            sum += _rule.Weights[n] * inner;
        }

        return sum;
    }
}
