namespace SymbolicEft.Numeric.Expectations;

// Direct two-dimensional integration: x = sqrt(Kaa) z1, y = sqrt(Kbb) (rho z1 + s z2), s^2 = 1 - rho^2.
//
//   E[sigma^(i)(x) sigma^(j)(y)] = sum_k w_k sigma^(i)(x_k) F_j(z_k),   F_j(z1) = sum_l w_l sigma^(j)(y(z1, z_l)).
//
// Derivatives that are not supplied are integrated by parts onto Hermite polynomials. With u = z1, v = rho z1 + s z2 the
// chain rule gives d_v = d_2 / s and d_u = d_1 - (rho/s) d_2, and E[d_1^a d_2^b G] = E[G He_a(z1) He_b(z2)]:
//   E[d_u^p d_v^q G] = s^-q sum_k C(p,k) (-rho/s)^k E[G He_{p-k}(z1) He_{q+k}(z2)].
// The powers of 1/s are what it costs: digits are lost as s^-(p+q) when |rho| -> 1, and the bound says how many.
//
// Kinks of sigma split the inner integral; the outer one is split at the kinks of sigma(x), and, where s is small, around the
// points where F_j has the kink of sigma(y) smoothed over a width s.
//
// Without kinks both rules are trapezoid rules. Where proofs are at hand, steps and range are those that are proved to be enough (PairIntegrator.Proof.cs).
// Otherwise, an estimate: both steps are halved, each until coarse and full grid agree in its own direction.

/// <summary>Two-dimensional integration for pairs that Mehler's series does not serve.</summary>
internal sealed partial class PairIntegrator
{
    private const int HighestLevel = 9;

    private readonly ActivationDescription _activation;
    private readonly int _maxOrder;
    private readonly int _derivatives;
    private readonly SplitRule _outer = new();
    private readonly SplitRule _inner = new();
    private readonly OrderSums _sums;
    private double[] _breakpoints = new double[16];
    private double[] _points = [];
    private double[] _values = [];
    private double[] _outerValues = [];

    public PairIntegrator(ActivationDescription activation, int maxOrder, int derivatives)
    {
        _activation = activation;
        _maxOrder = maxOrder;
        _derivatives = derivatives;
        _sums = new OrderSums(maxOrder, derivatives);
    }

    /// <summary>True if the bounds of the last integration are proved but for rounding, false if they are from grids that agree.</summary>
    public bool IsProved { get; private set; }

    /// <summary>One variance, or both, zero: sigma^(i)(0) times a one-dimensional expectation. What is not known stays NaN.</summary>
    public void AtPoints(InputMoments a, InputMoments b, Span<double> values, Span<double> bounds)
    {
        for (var i = 0; i <= _maxOrder; i++)
        {
            var first = a.MeanDerivative(i);
            for (var j = 0; i + j <= _maxOrder; j++)
            {
                var second = b.MeanDerivative(j);
                values[i * (_maxOrder + 1) + j] = first.Value * second.Value;
                bounds[i * (_maxOrder + 1) + j] = Math.Abs(first.Value) * second.ErrorBound
                    + first.ErrorBound * (Math.Abs(second.Value) + second.ErrorBound);
            }
        }
    }

    /// <summary>
    /// Integrates, and replaces each value whose new bound is smaller. It goes on until every bound is within the
    /// allowance, relative or absolute, or finer grids no longer help.
    /// </summary>
    public void Improve(KernelBlock block, ActivationSample a, ActivationSample b, double relative, ReadOnlySpan<double> allowances, Span<double> values, Span<double> bounds)
    {
        _sums.SetKernel(block, a, b);
        bool isProved = false;
        Prove(block, relative, allowances, values, bounds, ref isProved);
        IsProved = isProved;
        if (isProved) return;
        var range = Math.Ceiling(0.7 * Math.Max(a.Grid.Range, b.Grid.Range));
        var outerLevel = _activation.Kinks.Count == 0 ? 3 : 4;
        var innerLevel = _activation.Kinks.Count == 0 ? 2 : 4;
        while (true)
        {
            Integrate(block, range, outerLevel, innerLevel);
            var (outer, inner, met) = _sums.Report(relative, allowances, [], values, bounds);
            if (met || (!outer && !inner)) return;
            if (outer) outerLevel++;
            if (inner) innerLevel++;
            if (outerLevel > HighestLevel || innerLevel > HighestLevel) return;
        }
    }

    // Integrates by the rules that are proved to be enough; a program without proofs has none.
    partial void Prove(KernelBlock block, double relative, ReadOnlySpan<double> allowances, Span<double> values, Span<double> bounds, ref bool isProved);

    private void Integrate(KernelBlock block, double range, int outerLevel, int innerLevel)
    {
        _outer.Build(OuterBreakpoints(block), range, outerLevel);
        SampleOuter(block);
        _sums.Clear();
        var moving = _activation.Kinks.Count > 0 && block.Complement > 0;
        if (!moving) BuildInner(block, [], range, innerLevel);
        for (var k = 0; k < _outer.Count; k++)
        {
            var z = _outer.Nodes[k];
            if (moving) BuildInner(block, InnerBreakpoints(block, z), range, innerLevel);
            var count = _inner.Count;
            var centre = block.Correlation * z;
            for (var l = 0; l < count; l++)
                _points[l] = block.DeviationY * (centre + block.Complement * _inner.Nodes[l]);
            _activation.Fill(_derivatives, _points.AsSpan(0, count), _values.AsSpan(0, (_derivatives + 1) * count));
            _sums.AddInner(_values, _inner);
            _sums.AddOuter(_outerValues.AsSpan(k * (_derivatives + 1), _derivatives + 1), z, _outer.Weights[k], k < _outer.CoarseCount);
        }
    }

    private void BuildInner(KernelBlock block, ReadOnlySpan<double> breakpoints, double range, int level)
    {
        if (block.Complement == 0)
            _inner.SinglePoint();
        else
            _inner.Build(breakpoints, range, level);
        if (_points.Length < _inner.Count)
        {
            _points = new double[_inner.Count];
            _values = new double[(_derivatives + 1) * _inner.Count];
        }

        _sums.SetInnerRule(_inner);
    }

    private void SampleOuter(KernelBlock block)
    {
        var count = _outer.Count;
        if (_points.Length < count) _points = new double[count];
        if (_values.Length < (_derivatives + 1) * _points.Length) _values = new double[(_derivatives + 1) * _points.Length];
        if (_outerValues.Length < (_derivatives + 1) * count) _outerValues = new double[(_derivatives + 1) * count];
        for (var k = 0; k < count; k++) _points[k] = block.DeviationX * _outer.Nodes[k];
        _activation.Fill(_derivatives, _points.AsSpan(0, count), _values.AsSpan(0, (_derivatives + 1) * count));
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i <= _derivatives; i++) _outerValues[k * (_derivatives + 1) + i] = _values[i * count + k];
        }
    }

    private ReadOnlySpan<double> OuterBreakpoints(KernelBlock block)
    {
        var count = 0;
        Reserve(4 * _activation.Kinks.Count);
        foreach (var kink in _activation.Kinks)
        {
            _breakpoints[count++] = kink.Position / block.DeviationX;
            if (block.Correlation == 0) continue;
            var centre = kink.Position / (block.DeviationY * block.Correlation);
            var width = 10 * block.Complement / Math.Abs(block.Correlation);
            if (width > 3) continue;
            _breakpoints[count++] = centre;
            _breakpoints[count++] = centre - width;
            _breakpoints[count++] = centre + width;
        }

        return _breakpoints.AsSpan(0, count);
    }

    private ReadOnlySpan<double> InnerBreakpoints(KernelBlock block, double z)
    {
        var count = 0;
        Reserve(_activation.Kinks.Count);
        foreach (var kink in _activation.Kinks)
            _breakpoints[count++] = (kink.Position / block.DeviationY - block.Correlation * z) / block.Complement;
        return _breakpoints.AsSpan(0, count);
    }

    private void Reserve(int count)
    {
        if (_breakpoints.Length < count) _breakpoints = new double[count];
    }
}
