using System.Globalization;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;

namespace SymbolicEft.Benchmarks.Expectations;

/// <summary>
/// All one-dimensional Gaussian moments of an activation at one variance K, in one pass over shared nodes: with
/// x ~ N(0, K) and orthonormal Hermite polynomials he_p,
/// c_p = E[sigma(x) he_p(x / sqrt K)], and the same of sigma^2.
/// </summary>
/// <remarks>
/// A workspace for repeated use: <see cref="Evaluate"/> does not allocate once it has seen a range of K. The results are a
/// pure function of K. Not thread-safe. Kinks are allowed.
/// </remarks>
internal sealed class ActivationMomentTable
{
    private readonly ActivationDescription _activation;
    private readonly GridSelector _selector;
    private readonly ActivationSample _sample;

    /// <summary>Prepares a table.</summary>
    /// <param name="activation">The activation; its derivatives are not used.</param>
    /// <param name="highestOrder">The highest p, 0..512.</param>
    /// <param name="relativeTarget">Error allowed in c_p relative to sqrt(E[sigma^2]), and in the moments of sigma^2 relative to sqrt(E[sigma^4]).</param>
    /// <exception cref="ArgumentOutOfRangeException">The order or the target is out of range.</exception>
    public ActivationMomentTable(ActivationDescription activation, int highestOrder, double relativeTarget = 1e-13)
    {
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentOutOfRangeException.ThrowIfNegative(highestOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(highestOrder, 512);
        if (!(relativeTarget >= 1e-14 && relativeTarget < 1))
            throw new ArgumentOutOfRangeException(nameof(relativeTarget), string.Create(CultureInfo.InvariantCulture,
                $"The relative target {relativeTarget:R} is not between 1e-14 and 1."));
        _activation = activation;
        HighestOrder = highestOrder;
        var pair = WithSquare(activation);
        _selector = new GridSelector(pair, 1, highestOrder + 1, relativeTarget);
        _sample = new ActivationSample(pair, 1, highestOrder + 1);
    }

    /// <summary>The highest p.</summary>
    public int HighestOrder { get; }

    /// <summary>The variance of the last <see cref="Evaluate"/>; NaN before the first.</summary>
    public double Kernel { get; private set; } = double.NaN;

    /// <summary>Null if discretisation and truncation of the last <see cref="Evaluate"/> are proved; else why not, as a clause.</summary>
    public string? NotProved => Kernel == 0 ? null : _sample.NotProved;

    /// <summary>c_p for p = 0..HighestOrder.</summary>
    public ReadOnlySpan<double> Coefficients => Part(_sample.Coefficients, 0);

    /// <summary>Absolute error bounds of <see cref="Coefficients"/>.</summary>
    public ReadOnlySpan<double> CoefficientBounds => Part(_sample.Bounds, 0);

    /// <summary>E[sigma^2 he_p] for p = 0..HighestOrder.</summary>
    public ReadOnlySpan<double> SquareCoefficients => Part(_sample.Coefficients, 1);

    /// <summary>Absolute error bounds of <see cref="SquareCoefficients"/>.</summary>
    public ReadOnlySpan<double> SquareCoefficientBounds => Part(_sample.Bounds, 1);

    /// <summary>E[sigma^2].</summary>
    public ApproximateValue MeanSquare => Kernel == 0
        ? new ApproximateValue(_sample.Coefficients[HighestOrder + 1], _sample.Bounds[HighestOrder + 1])
        : new ApproximateValue(_sample.MeanSquares[0], _sample.MeanSquareBounds[0]);

    /// <summary>An upper bound of sum_{q >= p} c_q^2, by Parseval.</summary>
    /// <param name="p">The first order left out, 0..HighestOrder + 1.</param>
    public double Remainder(int p) => Kernel == 0 ? (p == 0 ? MeanSquare.Value : 0) : _sample.Remainders[p];

    /// <summary>Computes the table for a variance.</summary>
    /// <param name="k">K; at zero c_0 = sigma(0) and the other c_p vanish.</param>
    /// <exception cref="InvalidKernelException">K is negative or not finite.</exception>
    /// <exception cref="QuadratureException">The moments do not exist, or the target cannot be met.</exception>
    public void Evaluate(double k)
    {
        KernelBlock.RequireVariance(k);
        Kernel = double.NaN;
        if (k > 0)
        {
            _selector.Load(_sample, k);
        }
        else
        {
            var value = _activation.Value(0);
            if (!double.IsFinite(value))
                throw new QuadratureException($"The moments of {_activation.Name} at K = 0 are its value at 0, which is not finite.");
            Array.Clear(_sample.Coefficients);
            Array.Clear(_sample.Bounds);
            _sample.Coefficients[0] = value;
            _sample.Coefficients[HighestOrder + 1] = value * value;
            _sample.Bounds[0] = _activation.EvaluationError * Math.Abs(value);
            _sample.Bounds[HighestOrder + 1] = 3 * _activation.EvaluationError * value * value;
        }

        Kernel = k;
    }

    private ReadOnlySpan<double> Part(double[] values, int function)
    {
        if (double.IsNaN(Kernel)) throw new InvalidOperationException("The table is empty: call Evaluate first.");
        return values.AsSpan(function * (HighestOrder + 1), HighestOrder + 1);
    }

    /// <summary>sigma and sigma^2 as two rows of one sample.</summary>
    private static ActivationDescription WithSquare(ActivationDescription activation) =>
        new(activation.Name, activation.Value)
        {
            Kinks = activation.Kinks,
            EvaluationError = 2 * activation.EvaluationError,
            Expressions = row => row == 0 ? activation.Expressions(0) : StripFunction.Square(activation.Expressions(0)),
            BatchDerivatives = (_, points, values) =>
            {
                var row = values[..points.Length];
                activation.Fill(0, points, row);
                for (var n = 0; n < points.Length; n++) values[points.Length + n] = row[n] * row[n];
            },
        };
}
