namespace SymbolicEft.Numeric.Expectations;

/// <summary>
/// Accumulators of a two-dimensional integration: for every pair of derivative orders the sum over the full grid, over the
/// coarse outer grid and over the coarse inner grid, and the sum of magnitudes.
/// </summary>
internal sealed class OrderSums
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    private readonly int _maxOrder;
    private readonly int _derivatives;
    private readonly int _weights;
    private readonly double[] _full;
    private readonly double[] _compensation;
    private readonly double[] _outerCoarse;
    private readonly double[] _innerCoarse;
    private readonly double[] _magnitude;
    private readonly double[] _argument;
    private readonly double[] _innerFull;
    private readonly double[] _innerHalf;
    private readonly double[] _innerMagnitude;
    private readonly double[] _hermite;
    private double[] _innerWeights = [];
    private int _innerCount;
    private int _innerCoarseCount;
    private double _ratio;
    private double _complement;
    private double _scaleX;
    private double _scaleY;

    public OrderSums(int maxOrder, int derivatives)
    {
        _maxOrder = maxOrder;
        _derivatives = derivatives;
        _weights = maxOrder - derivatives == 0 ? 1 : maxOrder + 1;
        var size = (maxOrder + 1) * (maxOrder + 1);
        _full = new double[size];
        _compensation = new double[size];
        _outerCoarse = new double[size];
        _innerCoarse = new double[size];
        _magnitude = new double[size];
        _argument = new double[size];
        _innerFull = new double[(derivatives + 1) * _weights];
        _innerHalf = new double[_innerFull.Length];
        _innerMagnitude = new double[_innerFull.Length];
        _hermite = new double[_weights];
    }

    /// <summary>Fixes the kernel and the rounding of the delegates for the sums to come.</summary>
    public void SetKernel(KernelBlock block, ActivationSample a, ActivationSample b)
    {
        _complement = block.Complement;
        _ratio = block.Complement == 0 ? 0 : block.Correlation / block.Complement;
        _scaleX = 1 / block.DeviationX;
        _scaleY = 1 / block.DeviationY;
        for (var i = 0; i <= _maxOrder; i++)
        {
            for (var j = 0; i + j <= _maxOrder; j++)
            {
                var fi = Math.Min(i, _derivatives);
                var fj = Math.Min(j, _derivatives);
                var rootA = Math.Sqrt(a.MeanSquares[fi]);
                var rootB = Math.Sqrt(b.MeanSquares[fj]);

                // Arguments: x carries 2u relative to itself, y the same relative to its two parts.
                var pointwise = rootB * a.Rounding[fi] + rootA * b.Rounding[fj] + 6 * UnitRoundoff * rootA * b.Slopes[fj];
                var sum = 0.0;
                for (var k = 0; k <= i - fi; k++)
                {
                    var p = i - fi - k;
                    var q = j - fj + k;
                    sum += Math.Abs(Coefficient(i, j, fi, fj, k)) * Math.Sqrt(MehlerSum.FallingFactorial(p, p) * MehlerSum.FallingFactorial(q, q));
                }

                _argument[i * (_maxOrder + 1) + j] = sum * pointwise;
            }
        }
    }

    public void Clear()
    {
        Array.Clear(_full);
        Array.Clear(_compensation);
        Array.Clear(_outerCoarse);
        Array.Clear(_innerCoarse);
        Array.Clear(_magnitude);
    }

    /// <summary>Tabulates w_l He_b(z_l) of the inner rule.</summary>
    public void SetInnerRule(SplitRule rule)
    {
        _innerCount = rule.Count;
        _innerCoarseCount = rule.CoarseCount;
        if (_innerWeights.Length < _weights * _innerCount) _innerWeights = new double[_weights * _innerCount];
        for (var l = 0; l < _innerCount; l++)
        {
            var previous = 0.0;
            var current = rule.Weights[l];
            for (var b = 0; b < _weights; b++)
            {
                _innerWeights[b * _innerCount + l] = current;
                (previous, current) = (current, rule.Nodes[l] * current - b * previous);
            }
        }
    }

    /// <summary>Forms F_{j,b} from the derivatives of sigma(y) at the inner nodes.</summary>
    public void AddInner(ReadOnlySpan<double> values, SplitRule rule)
    {
        for (var j = 0; j <= _derivatives; j++)
        {
            var row = values.Slice(j * rule.Count, rule.Count);
            for (var b = 0; b < _weights; b++)
            {
                var weights = _innerWeights.AsSpan(b * _innerCount, _innerCount);
                var coarse = VectorSums.Dot(weights[.._innerCoarseCount], row[.._innerCoarseCount]);
                var fine = VectorSums.Dot(weights[_innerCoarseCount..], row[_innerCoarseCount..]);
                var slot = j * _weights + b;
                _innerFull[slot] = coarse + fine;
                _innerHalf[slot] = rule.IsSinglePoint ? coarse + fine : 2 * coarse;
                _innerMagnitude[slot] = AbsoluteDot(weights, row);
            }
        }
    }

    /// <summary>Adds one outer node: the derivatives of sigma(x) there, its position and its weight.</summary>
    public void AddOuter(ReadOnlySpan<double> values, double z, double weight, bool coarse)
    {
        var before = 0.0;
        var now = 1.0;
        for (var b = 0; b < _weights; b++)
        {
            _hermite[b] = now;
            (before, now) = (now, z * now - b * before);
        }

        for (var i = 0; i <= _maxOrder; i++)
        {
            var fi = Math.Min(i, _derivatives);
            var f = weight * values[fi];
            for (var j = 0; i + j <= _maxOrder; j++)
            {
                var fj = Math.Min(j, _derivatives);
                var full = 0.0;
                var half = 0.0;
                var magnitude = 0.0;
                for (var k = 0; k <= i - fi; k++)
                {
                    var factor = Coefficient(i, j, fi, fj, k) * f * _hermite[i - fi - k];
                    var slot = fj * _weights + j - fj + k;
                    full += factor * _innerFull[slot];
                    half += factor * _innerHalf[slot];
                    magnitude += Math.Abs(factor) * _innerMagnitude[slot];
                }

                Accumulate(i * (_maxOrder + 1) + j, full, half, magnitude, coarse);
            }
        }
    }

    /// <summary>Compares grids, hands over what is better than before, and says in which direction to refine.</summary>
    /// <param name="relative">The error allowed relative to a value.</param>
    /// <param name="allowances">The error allowed in any case.</param>
    /// <param name="proved">Proved errors of the full grids, in place of what comparing them says; empty if there are none.</param>
    /// <param name="values">The values.</param>
    /// <param name="bounds">Their error bounds.</param>
    public (bool RefineOuter, bool RefineInner, bool Met) Report(double relative, ReadOnlySpan<double> allowances, ReadOnlySpan<double> proved, Span<double> values, Span<double> bounds)
    {
        var refineOuter = false;
        var refineInner = false;
        var met = true;
        for (var i = 0; i <= _maxOrder; i++)
        {
            for (var j = 0; i + j <= _maxOrder; j++)
            {
                var slot = i * (_maxOrder + 1) + j;
                var value = _full[slot];
                var outer = proved.Length > 0 ? proved[slot] : Math.Abs(value - 2 * _outerCoarse[slot]);
                var inner = proved.Length > 0 ? 0 : Math.Abs(value - _innerCoarse[slot]);
                var rounding = _argument[slot] + (_innerCount / 8.0 + 12) * UnitRoundoff * _magnitude[slot];
                var bound = outer + inner + rounding;
                var allowed = Math.Max(allowances[slot], relative * Math.Abs(value));
                if (_complement == 0 && (i > _derivatives || j > _derivatives)) bound = double.NaN;
                if (!(bounds[slot] <= bound) && !double.IsNaN(bound))
                {
                    values[slot] = value;
                    bounds[slot] = bound;
                }

                if (bounds[slot] <= allowed) continue;
                met = false;
                if (double.IsNaN(bound)) continue;
                refineOuter |= outer > Math.Max(0.25 * allowed, rounding);
                refineInner |= inner > Math.Max(0.25 * allowed, rounding);
            }
        }

        return (refineOuter, refineInner, met);
    }

    private void Accumulate(int slot, double full, double half, double magnitude, bool coarse)
    {
        // Compensated, so that the number of outer nodes does not enter the rounding bound.
        var corrected = full - _compensation[slot];
        var sum = _full[slot] + corrected;
        _compensation[slot] = sum - _full[slot] - corrected;
        _full[slot] = sum;
        _innerCoarse[slot] += half;
        _magnitude[slot] += magnitude;
        if (coarse) _outerCoarse[slot] += full;
    }

    /// <summary>C(p,k) (-rho/s)^k s^-q Kaa^-p/2 Kbb^-q/2 with p = i - fi, q = j - fj.</summary>
    private double Coefficient(int i, int j, int fi, int fj, int k)
    {
        var p = i - fi;
        var q = j - fj;
        if (p == 0 && q == 0) return 1;
        return MehlerSum.FallingFactorial(p, k) / MehlerSum.FallingFactorial(k, k) * Math.Pow(-_ratio, k)
            * Math.Pow(_scaleX, p) * Math.Pow(_scaleY / _complement, q);
    }

    private static double AbsoluteDot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++) sum += Math.Abs(a[k] * b[k]);
        return sum;
    }
}
