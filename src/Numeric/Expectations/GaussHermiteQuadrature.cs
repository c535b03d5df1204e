using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// Gaussian expectations as sums over m Gauss-Hermite nodes: the convention of published codes, kept to reproduce their
/// digits. The rule knows nothing of its error; the Measure methods find it by comparison with certified quadrature.
/// </summary>
/// <remarks>
/// Off the diagonal the nodes are (x, y) = (sqrt(Kaa) z1, sqrt(Kbb) (rho z1 + sqrt(1 - rho^2) z2)); the rule is therefore
/// not symmetric in its two inputs.
/// </remarks>
public sealed class GaussHermiteQuadrature
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

    /// <summary>The node sum for E[f(x)], with its error as measured against certified quadrature.</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="k">K.</param>
    /// <param name="certified">The quadrature to compare with.</param>
    /// <param name="breakpoints">Points where f is not smooth; the node sum ignores them.</param>
    /// <param name="name">The integrand's name in messages.</param>
    /// <exception cref="InvalidKernelException">K is negative or not finite.</exception>
    /// <exception cref="QuadratureException">The certified value cannot be had.</exception>
    public MeasuredValue Measure(Func<double, double> f, double k, CertifiedQuadrature certified, IReadOnlyList<double>? breakpoints = null, string name = "f(x)")
    {
        ArgumentNullException.ThrowIfNull(certified);
        return new MeasuredValue(Expect(f, k), certified.Expect(f, k, breakpoints, name));
    }

    /// <summary>The node sum for E[f(x, y)], with its error as measured against certified quadrature.</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="kxx">Kxx.</param>
    /// <param name="kxy">Kxy.</param>
    /// <param name="kyy">Kyy.</param>
    /// <param name="certified">The quadrature to compare with.</param>
    /// <param name="xBreakpoints">Values of x where f is not smooth; the node sum ignores them.</param>
    /// <param name="yBreakpoints">Values of y where f is not smooth; the node sum ignores them.</param>
    /// <param name="name">The integrand's name in messages.</param>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">The certified value cannot be had.</exception>
    public MeasuredValue Measure(Func<double, double, double> f, double kxx, double kxy, double kyy, CertifiedQuadrature certified, IReadOnlyList<double>? xBreakpoints = null, IReadOnlyList<double>? yBreakpoints = null, string name = "f(x, y)")
    {
        ArgumentNullException.ThrowIfNull(certified);
        return new MeasuredValue(Expect(f, kxx, kxy, kyy), certified.Expect(f, kxx, kxy, kyy, xBreakpoints, yBreakpoints, name));
    }

    /// <summary>
    /// Node sums for E[sigma^(i)_a sigma^(j)_b] for all i + j &lt;= maxOrder, from pointwise derivatives. One input with
    /// itself takes the one-dimensional sum.
    /// </summary>
    /// <param name="activation">The activation, with derivatives up to <paramref name="maxOrder"/>.</param>
    /// <param name="maxOrder">The highest i + j.</param>
    /// <param name="kaa">K_aa.</param>
    /// <param name="kab">K_ab.</param>
    /// <param name="kbb">K_bb.</param>
    /// <param name="sameInput">True on the diagonal, a = b.</param>
    /// <param name="values">Receives the sums at i (maxOrder + 1) + j; entries with i + j > maxOrder become NaN.</param>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="ArgumentException">A derivative is missing.</exception>
    public void Evaluate(ActivationDescription activation, int maxOrder, double kaa, double kab, double kbb, bool sameInput, Span<double> values)
    {
        ArgumentNullException.ThrowIfNull(activation);
        RequireDerivatives(activation, maxOrder);
        var block = KernelBlock.Factorise(kaa, kab, kbb);
        var stride = maxOrder + 1;
        values[..(stride * stride)].Fill(double.NaN);
        var outer = Sample(activation, maxOrder, block.DeviationX, 0, 0);
        for (var i = 0; i <= maxOrder; i++)
        {
            for (var j = 0; i + j <= maxOrder; j++) values[i * stride + j] = 0;
        }

        for (var n = 0; n < Count; n++)
        {
            var inner = sameInput ? outer : Sample(activation, maxOrder, block.DeviationY * block.Complement, block.DeviationY * block.Correlation, n);
            for (var i = 0; i <= maxOrder; i++)
            {
                for (var j = 0; i + j <= maxOrder; j++)
                {
                    var second = sameInput ? inner[j * Count + n] : WeightedSum(inner.AsSpan(j * Count, Count));
                    values[i * stride + j] += _rule.Weights[n] * outer[i * Count + n] * second;
                }
            }
        }
    }

    /// <summary>
    /// The node sum S for E[sigma_a sigma_b], a != b, as a function of (Kaa, Kab, Kbb), with its gradient and Hessian: the
    /// nodes move with the kernel. It differs from the node sum of Price's form of the same derivatives by the error of the rule.
    /// </summary>
    /// <param name="activation">The activation, with two derivatives.</param>
    /// <param name="kaa">K_aa, positive.</param>
    /// <param name="kab">K_ab.</param>
    /// <param name="kbb">K_bb.</param>
    /// <param name="gradient">Receives dS/dKaa, dS/dKab, dS/dKbb.</param>
    /// <param name="hessian">Receives the 3 x 3 Hessian in the same order, row by row.</param>
    /// <returns>S.</returns>
    /// <exception cref="InvalidKernelException">The kernel is not positive definite; at the edge the sum has no derivatives.</exception>
    /// <exception cref="ArgumentException">A derivative is missing.</exception>
    public double PairNodeSum(ActivationDescription activation, double kaa, double kab, double kbb, Span<double> gradient, Span<double> hessian)
    {
        ArgumentNullException.ThrowIfNull(activation);
        RequireDerivatives(activation, 2);
        var block = KernelBlock.Factorise(kaa, kab, kbb);
        if (block.DeviationX == 0 || block.DeviationY == 0 || block.Complement == 0)
            throw new InvalidKernelException(string.Create(CultureInfo.InvariantCulture,
                $"The kernel [[{kaa:R}, {kab:R}], [{kab:R}, {kbb:R}]] is singular: the node sum has no derivatives there."));
        gradient[..3].Clear();
        hessian[..9].Clear();

        // x = r z1, y = c z1 + d z2 with r = sqrt(Kaa), c = Kab / r, d^2 = Kbb - Kab^2 / Kaa.
        var r = block.DeviationX;
        var d = block.DeviationY * block.Complement;
        Span<double> rFirst = [0.5 / r, 0, 0];
        Span<double> cFirst = [-0.5 * kab / (r * kaa), 1 / r, 0];
        Span<double> squareFirst = [kab * kab / (kaa * kaa), -2 * kab / kaa, 1];
        Span<double> rSecond = [-0.25 / (r * kaa), 0, 0, 0, 0, 0, 0, 0, 0];
        Span<double> cSecond = [0.75 * kab / (r * kaa * kaa), -0.5 / (r * kaa), 0, -0.5 / (r * kaa), 0, 0, 0, 0, 0];
        Span<double> squareSecond = [-2 * kab * kab / (kaa * kaa * kaa), 2 * kab / (kaa * kaa), 0, 2 * kab / (kaa * kaa), -2 / kaa, 0, 0, 0, 0];
        var outer = Sample(activation, 2, r, 0, 0);
        Span<double> yFirst = stackalloc double[3];
        var total = 0.0;
        for (var n = 0; n < Count; n++)
        {
            var z1 = _rule.Nodes[n];
            var inner = Sample(activation, 2, d, block.DeviationY * block.Correlation, n);
            var f0 = outer[n];
            var f1 = outer[Count + n];
            var f2 = outer[2 * Count + n];
            for (var m = 0; m < Count; m++)
            {
                var z2 = _rule.Nodes[m];
                var weight = _rule.Weights[n] * _rule.Weights[m];
                var g0 = inner[m];
                var g1 = inner[Count + m];
                var g2 = inner[2 * Count + m];
                total += weight * f0 * g0;
                for (var t = 0; t < 3; t++) yFirst[t] = cFirst[t] * z1 + 0.5 * squareFirst[t] / d * z2;
                for (var t = 0; t < 3; t++)
                {
                    var xt = rFirst[t] * z1;
                    gradient[t] += weight * (f1 * g0 * xt + f0 * g1 * yFirst[t]);
                    for (var u = 0; u < 3; u++)
                    {
                        var xu = rFirst[u] * z1;
                        var dSecond = 0.5 * squareSecond[3 * t + u] / d - 0.25 * squareFirst[t] * squareFirst[u] / (d * d * d);
                        var ySecond = cSecond[3 * t + u] * z1 + dSecond * z2;
                        hessian[3 * t + u] += weight * (f2 * g0 * xt * xu + f1 * g1 * (xt * yFirst[u] + xu * yFirst[t])
                            + f0 * g2 * yFirst[t] * yFirst[u] + f1 * g0 * rSecond[3 * t + u] * z1 + f0 * g1 * ySecond);
                    }
                }
            }
        }

        return total;
    }

    /// <summary>The node sum S(K) for E[sigma(x)^2] with its first and second derivative in K; the nodes move with K.</summary>
    /// <param name="activation">The activation, with two derivatives.</param>
    /// <param name="k">K, positive.</param>
    /// <exception cref="InvalidKernelException">K is not positive.</exception>
    /// <exception cref="ArgumentException">A derivative is missing.</exception>
    public (double Value, double First, double Second) DiagonalNodeSum(ActivationDescription activation, double k)
    {
        ArgumentNullException.ThrowIfNull(activation);
        RequireDerivatives(activation, 2);
        KernelBlock.RequireVariance(k);
        if (k == 0) throw new InvalidKernelException("The kernel 0 is singular: the node sum has no derivatives there.");
        var r = Math.Sqrt(k);
        var samples = Sample(activation, 2, r, 0, 0);
        var (value, first, second) = (0.0, 0.0, 0.0);
        for (var n = 0; n < Count; n++)
        {
            var z = _rule.Nodes[n];
            var weight = _rule.Weights[n];
            var (f0, f1, f2) = (samples[n], samples[Count + n], samples[2 * Count + n]);
            value += weight * f0 * f0;
            first += weight * f0 * f1 * z / r;
            second += weight * ((f1 * f1 + f0 * f2) * z * z / (2 * k) - f0 * f1 * z / (2 * r * k));
        }

        return (value, first, second);
    }

    private double[] Sample(ActivationDescription activation, int highestOrder, double spread, double centre, int node)
    {
        var points = new double[Count];
        var values = new double[(highestOrder + 1) * Count];
        for (var m = 0; m < Count; m++) points[m] = centre * _rule.Nodes[node] + spread * _rule.Nodes[m];
        activation.Fill(highestOrder, points, values);
        return values;
    }

    private double WeightedSum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var m = 0; m < Count; m++) sum += _rule.Weights[m] * values[m];
        return sum;
    }

    private static void RequireDerivatives(ActivationDescription activation, int order)
    {
        for (var k = 1; k <= order; k++)
        {
            if (activation.Derivative(k) is null)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The node sum needs derivative {k} of {activation.Name} as a function, and it is not supplied."));
        }
    }
}
