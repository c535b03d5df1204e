using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Expectations;

// E[f(x) g(y)] = sum_m rho^m a_m b_m, where a_m, b_m are the orthonormal Hermite coefficients of f and g in standard units.
//
// With f = sigma^(i), and only sigma^(i-s) sampled: a_m = K^{-s/2} sqrt((m+s)!/m!) c_{m+s}.
// Tail, m >= M, by Cauchy-Schwarz, C the coefficients of the sampled functions:
//   |tail| <= max_{m >= M} w_m sqrt(sum_{p >= M+s} C_a,p^2  sum_{p >= M+t} C_b,p^2),  w_m = |rho|^m sqrt((m+s)!/m! (m+t)!/m!),
// the sums by Parseval. w_m rises as long as |rho| sqrt((m+1+s)(m+1+t)) > m+1 and falls from there on.

/// <summary>Mehler's series for a block of derivative orders, with a rigorous bound on its tail and rounding.</summary>
internal sealed class MehlerSum
{
    private const int Stride = 512;
    private const double UnitRoundoff = 1.1102230246251565e-16;

    private readonly int _maxOrder;
    private readonly int _derivatives;
    private readonly double[] _powers = new double[Stride];
    private readonly double[] _left;
    private readonly double[] _leftBound;
    private readonly double[] _right = new double[Stride];
    private readonly double[] _rightBound = new double[Stride];
    private readonly double[][] _factors;
    private readonly double[] _scaleLeft;
    private readonly double[] _scaleRight;

    public MehlerSum(int maxOrder, int derivatives)
    {
        _maxOrder = maxOrder;
        _derivatives = derivatives;
        _left = new double[(maxOrder + 1) * Stride];
        _leftBound = new double[(maxOrder + 1) * Stride];
        _factors = new double[maxOrder - derivatives + 1][];
        _scaleLeft = new double[_factors.Length];
        _scaleRight = new double[_factors.Length];
        for (var shift = 0; shift < _factors.Length; shift++)
        {
            _factors[shift] = new double[Stride + 1];
            for (var m = 0; m <= Stride; m++) _factors[shift][m] = Math.Sqrt(FallingFactorial(m + shift, shift));
        }
    }

    /// <summary>n (n-1) ... (n-k+1).</summary>
    public static double FallingFactorial(int n, int k)
    {
        var product = 1.0;
        for (var factor = 0; factor < k; factor++) product *= n - factor;
        return product;
    }

    /// <summary>Values and error bounds of all orders i + j at most the maximum; a bound may be infinite.</summary>
    public void Evaluate(ActivationSample a, ActivationSample b, double rho, Span<double> values, Span<double> bounds)
    {
        var terms = a.Orders - (_maxOrder - _derivatives);
        var power = 1.0;
        for (var m = 0; m < terms; m++)
        {
            _powers[m] = power;
            power *= rho;
        }

        var endPower = Math.Abs(power);
        for (var shift = 0; shift < _factors.Length; shift++)
        {
            _scaleLeft[shift] = shift == 0 ? 1.0 : Math.Pow(a.Kernel, -0.5 * shift);
            _scaleRight[shift] = shift == 0 ? 1.0 : Math.Pow(b.Kernel, -0.5 * shift);
        }

        for (var j = 0; j <= _maxOrder; j++)
        {
            PrepareRight(b, j, terms);
            for (var i = 0; i + j <= _maxOrder; i++)
            {
                if (j == 0) PrepareLeft(a, i, terms);
                var slot = i * (_maxOrder + 1) + j;
                Sum(i, terms, out values[slot], out var rounding);
                bounds[slot] = rounding + Tail(a, b, Math.Abs(rho), endPower, i, j, terms);
            }
        }
    }

    /// <summary>The sum, and sum |a| db + |b| da + da db plus the rounding of the sum itself.</summary>
    private void Sum(int i, int terms, out double value, out double bound)
    {
        var left = _left.AsSpan(i * Stride, terms);
        var leftBound = _leftBound.AsSpan(i * Stride, terms);
        var right = _right.AsSpan(0, terms);
        var rightBound = _rightBound.AsSpan(0, terms);
        var sum = Vector256<double>.Zero;
        var magnitude = Vector256<double>.Zero;
        var rounding = Vector256<double>.Zero;
        for (var m = 0; m < terms; m += 4)
        {
            var x = Vector256.Create(left.Slice(m, 4));
            var y = Vector256.Create(right.Slice(m, 4));
            var dx = Vector256.Create(leftBound.Slice(m, 4));
            var dy = Vector256.Create(rightBound.Slice(m, 4));
            var product = x * y;
            sum += product;
            magnitude += Vector256.Abs(product);
            rounding += Vector256.Abs(x) * dy + dx * (Vector256.Abs(y) + dy);
        }

        value = Vector256.Sum(sum);
        bound = Vector256.Sum(rounding) + (terms / 4 + 4) * UnitRoundoff * Vector256.Sum(magnitude);
    }

    private double Tail(ActivationSample a, ActivationSample b, double rho, double endPower, int i, int j, int terms)
    {
        var fi = Math.Min(i, _derivatives);
        var fj = Math.Min(j, _derivatives);
        var s = i - fi;
        var t = j - fj;
        var rest = a.Remainders[fi * (a.Orders + 1) + terms + s] * b.Remainders[fj * (b.Orders + 1) + terms + t];
        if (rest == 0) return 0;
        var weight = 1.001 * endPower * _factors[s][terms] * _factors[t][terms];
        for (var m = terms; ; m++)
        {
            var ratio = rho * Math.Sqrt((m + 1.0 + s) * (m + 1.0 + t)) / (m + 1);
            if (ratio <= 1) break;
            if (m > 100000) return double.PositiveInfinity;
            weight *= ratio;
        }

        return weight * Math.Sqrt(rest) * _scaleLeft[s] * _scaleRight[t];
    }

    /// <summary>rho^m a_m, with its error: of the coefficient, and m times the rounding of rho.</summary>
    private void PrepareLeft(ActivationSample sample, int order, int terms)
    {
        var (start, factors, scale) = Locate(sample, order, _scaleLeft);
        var values = _left.AsSpan(order * Stride, terms);
        var bounds = _leftBound.AsSpan(order * Stride, terms);
        for (var m = 0; m < terms; m++)
        {
            var weight = factors[m] * scale * _powers[m];
            var value = weight * sample.Coefficients[start + m];
            values[m] = value;
            bounds[m] = Math.Abs(weight) * sample.Bounds[start + m] + (4 * m + 10) * UnitRoundoff * Math.Abs(value);
        }
    }

    private void PrepareRight(ActivationSample sample, int order, int terms)
    {
        var (start, factors, scale) = Locate(sample, order, _scaleRight);
        for (var m = 0; m < terms; m++)
        {
            var weight = factors[m] * scale;
            _right[m] = weight * sample.Coefficients[start + m];
            _rightBound[m] = weight * sample.Bounds[start + m];
        }
    }

    private (int Start, double[] Factors, double Scale) Locate(ActivationSample sample, int order, double[] scales)
    {
        var function = Math.Min(order, _derivatives);
        var shift = order - function;
        return (function * sample.Orders + shift, _factors[shift], scales[shift]);
    }
}
