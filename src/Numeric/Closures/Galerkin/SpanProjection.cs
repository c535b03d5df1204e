// The orthogonal projection on a span of functions with covariance (Gram) matrix M: the coefficients of a function with
// covariances r with the span are M^+ r. The pseudo-inverse is that of the correlation matrix D M D, D = diag(M)^(-1/2):
// eigenvalues below 1e-12 of the largest are combinations of observables that vanish to rounding (equal inputs,
// sigma(x) = x, observables that are multiples of one another); they are left out, which is the projection on the same span.

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>Projection on the span of functions with a given covariance matrix.</summary>
internal sealed class SpanProjection
{
    private const double SmallestEigenvalue = 1e-12;

    private readonly double[] _scales;
    private readonly double[,] _vectors;
    private readonly double[] _inverse;

    /// <summary>Factorises the covariance matrix of the span.</summary>
    /// <exception cref="QuadratureException">They are not finite.</exception>
    public SpanProjection(double[,] covariances)
    {
        if (covariances.Cast<double>().Any(value => !double.IsFinite(value)))
            throw new QuadratureException("The covariances of the closure's observables are beyond the range of finite numbers; use fewer layers or a smaller step.");
        int count = covariances.GetLength(0);
        _scales = new double[count];
        for (var i = 0; i < count; i++)
            _scales[i] = covariances[i, i] > 0 ? 1 / Math.Sqrt(covariances[i, i]) : 0;
        var scaled = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++) scaled[i, j] = 0.5 * (covariances[i, j] + covariances[j, i]) * _scales[i] * _scales[j];
        }

        (double[] eigenvalues, _vectors) = SymmetricEigenvalues.Of(scaled);
        double largest = Math.Max(0, eigenvalues.DefaultIfEmpty().Max());
        _inverse = new double[count];
        for (var i = 0; i < count; i++)
        {
            double value = eigenvalues[i];
            _inverse[i] = value > SmallestEigenvalue * largest ? 1 / value : 0;
            Rank += _inverse[i] > 0 ? 1 : 0;
        }
    }

    /// <summary>The number of independent functions in the span.</summary>
    public int Rank { get; }

    /// <summary>The combinations that were left out, as coefficients of the functions of the span.</summary>
    public IEnumerable<double[]> LeftOut()
    {
        for (var mode = 0; mode < _scales.Length; mode++)
        {
            if (_inverse[mode] > 0) continue;
            var combination = new double[_scales.Length];
            for (var i = 0; i < combination.Length; i++) combination[i] = _vectors[i, mode] * _scales[i];
            yield return combination;
        }
    }

    /// <summary>By how much the rounding of a function of norm 1 is amplified in what its projection makes of a vector over the span: the sum over modes of |mode . vector| over its eigenvalue.</summary>
    /// <param name="vector">Means of the functions of the span.</param>
    public double Amplification(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (var mode = 0; mode < _scales.Length; mode++)
        {
            if (_inverse[mode] == 0) continue;
            double part = 0;
            for (var i = 0; i < _scales.Length; i++) part += _vectors[i, mode] * _scales[i] * vector[i];
            sum += _inverse[mode] * Math.Abs(part);
        }

        return sum;
    }

    /// <summary>The coefficients of the projection of a function.</summary>
    /// <param name="covariances">Its covariances with the functions of the span.</param>
    public double[] Coefficients(ReadOnlySpan<double> covariances)
    {
        int count = _scales.Length;
        var result = new double[count];
        for (var mode = 0; mode < count; mode++)
        {
            if (_inverse[mode] == 0) continue;
            double overlap = 0;
            for (var i = 0; i < count; i++) overlap += _vectors[i, mode] * _scales[i] * covariances[i];
            overlap *= _inverse[mode];
            for (var i = 0; i < count; i++) result[i] += overlap * _vectors[i, mode] * _scales[i];
        }

        return result;
    }
}
