using System.Numerics.Tensors;

namespace SymbolicEft.Numeric.Expectations;

// F_pq = E[F he_p(u1) he_q(u2)], F the product of one or two factors, (u1, u2) the canonical axes of its variables. The plane
// is integrated in the standard units x = sqrt(Kxx) z1, y = sqrt(Kyy) (rho z1 + s z2), in which the kinks of the factors are a
// point of z1 and, for each z1, a point of z2: the rules are split there (SplitRule).
//
// Range of the square in z: by Cramer's inequality |he_p(u1) he_q(u2)| <= 1.0865^2 exp(|z|^2/4), so the integral of
// |F| exp(-|z|^2/4) over what is left out bounds the error of every mode. It is summed over probes out to 38.5, where the
// Gaussian density leaves double precision.
//
// Sums run over blocks of sixteen nodes, and a compensated sum of the blocks: rounding does not grow with the grid.

/// <summary>Projects a product of one or two factors on the modes of its canonical axes.</summary>
internal sealed class GroupProjection
{
    private const double Unit = 1.1102230246251565e-16, CramerSquared = 1.1804, LastProbe = 38.5;
    private const int BlockLength = 16;

    private readonly GaussianFactor _first;
    private readonly GaussianFactor? _second;
    private readonly KernelBlock _block;
    private readonly Rotation _axes;
    private readonly SplitRule _outer = new(), _inner = new();
    private readonly double _sensitivity;
    private double _range = double.NaN;
    private double[] _sums = [], _corrections = [], _blockSums = [], _alongFirst = [], _alongSecond = [];
    private int _inBlock;

    public GroupProjection(GaussianFactor first, GaussianFactor? second, KernelBlock block, Rotation axes)
    {
        (_first, _second, _block, _axes) = (first, second, block, axes);
        _sensitivity = Sensitivity(first, block.DeviationX) + (second is null ? 0 : Sensitivity(second, block.DeviationY));
    }

    /// <summary>True if no factor has a breakpoint.</summary>
    public bool IsSmooth => _first.Breakpoints.Count == 0 && _second is null or { Breakpoints.Count: 0 };

    /// <summary>F_pq over the modes of the last <see cref="Project"/>.</summary>
    public ReadOnlySpan<double> Coefficients => _sums;

    /// <summary>E[F^2].</summary>
    public double MeanSquare { get; private set; }

    /// <summary>Bound on the part of any mode beyond the range.</summary>
    public double Truncation { get; private set; }

    /// <summary>Rounding of a mode of order 0 relative to sqrt(E[F^2]): delegates, arguments, additions.</summary>
    public double Rounding => Unit * (BlockLength + 8 + (8 * (_second is null ? 1 : 2)) + (6 * _sensitivity));

    /// <summary>Computes all modes of a set.</summary>
    /// <param name="modes">The set.</param>
    /// <param name="step">Step of the rules, in standard units or in the parameter of a double-exponential map.</param>
    /// <exception cref="QuadratureException">F is not finite somewhere, or is not negligible at the end of the range.</exception>
    public void Project(ModeSet modes, double step)
    {
        if (double.IsNaN(_range)) FindRange();
        if (_sums.Length != modes.Count)
            (_sums, _corrections, _blockSums) = (new double[modes.Count], new double[modes.Count], new double[modes.Count]);
        Array.Clear(_sums);
        Array.Clear(_corrections);
        _alongFirst = new double[modes.Length(0)];
        _alongSecond = new double[modes.Rows];
        var square = new CompensatedSum();
        _outer.BuildWithStep(OuterCuts(), _range, step);
        var plane = _second is not null && _block.Complement > 0;
        var moving = plane && _second!.Breakpoints.Count > 0;
        if (!plane) _inner.SinglePoint();
        else if (!moving) _inner.BuildWithStep([], _range, step);
        for (var k = 0; k < _outer.Count; k++)
        {
            var z1 = _outer.Nodes[k];
            var f = _first.Function(_block.DeviationX * z1);
            if (f == 0) continue;
            var centre = _block.Correlation * z1;
            if (moving) _inner.BuildWithStep([.. _second!.Breakpoints.Select(point => ((point / _block.DeviationY) - centre) / _block.Complement)], _range, step);
            for (var l = 0; l < _inner.Count; l++)
            {
                var z2 = plane ? _inner.Nodes[l] : 0;
                var value = _second is null ? f : f * _second.Function(_block.DeviationY * (centre + (_block.Complement * z2)));
                var weighted = _outer.Weights[k] * _inner.Weights[l] * value;
                if (!double.IsFinite(weighted)) throw NotFinite();
                square.Add(weighted * value);
                Add(modes, weighted, (_axes.X1 * z1) + (_axes.Y1 * z2), (_axes.X2 * z1) + (_axes.Y2 * z2));
            }
        }

        EndBlock();
        for (var n = 0; n < _sums.Length; n++) _sums[n] += _corrections[n];
        MeanSquare = square.Total;
    }

    private void Add(ModeSet modes, double weighted, double u1, double u2)
    {
        Hermite(u1, 1, _alongFirst);
        Hermite(u2, weighted, _alongSecond);
        for (var q = 0; q < modes.Rows; q++)
        {
            Span<double> row = _blockSums.AsSpan(modes.Start(q), modes.Length(q));
            TensorPrimitives.MultiplyAdd(_alongFirst.AsSpan(0, row.Length), _alongSecond[q], row, row);
        }

        if (++_inBlock == BlockLength) EndBlock();
    }

    private void EndBlock()
    {
        for (var n = 0; n < _sums.Length; n++)
        {
            var term = _blockSums[n];
            var next = _sums[n] + term;
            var back = next - _sums[n];
            _corrections[n] += (_sums[n] - (next - back)) + (term - back);
            _sums[n] = next;
        }

        Array.Clear(_blockSums);
        _inBlock = 0;
    }

    private static void Hermite(double u, double start, Span<double> values)
    {
        double before = 0, here = start;
        for (var p = 0; p < values.Length; p++)
        {
            values[p] = here;
            (before, here) = (here, ((u * here) - (Roots[p] * before)) * InverseRoots[p + 1]);
        }
    }

    // The kinks in x, and the neighbourhood of those in y where, averaged over z2, they are smooth on a small scale only.
    private double[] OuterCuts()
    {
        var cuts = new List<double>(_first.Breakpoints.Select(point => point / _block.DeviationX));
        foreach (var point in _second?.Breakpoints ?? [])
        {
            if (_block.Correlation == 0) continue;
            var centre = point / (_block.DeviationY * _block.Correlation);
            var width = 10 * _block.Complement / Math.Abs(_block.Correlation);
            if (width <= 3) cuts.AddRange(width == 0 ? [centre] : [centre - width, centre, centre + width]);
        }

        return [.. cuts];
    }

    private void FindRange()
    {
        const double step = 1;
        var rings = new double[(int)(LastProbe / step) + 1];
        var mass = 0.0;
        var side = rings.Length - 1;
        for (var a = -side; a <= side; a++)
        {
            var z1 = (a + 0.03) * step;
            var f = Math.Abs(_first.Function(_block.DeviationX * z1));
            for (var b = _second is null ? 0 : -side; b <= (_second is null ? 0 : side); b++)
            {
                var z2 = (b + 0.03) * step;
                var value = _second is null ? f : f * Math.Abs(_second.Function(_block.DeviationY * ((_block.Correlation * z1) + (_block.Complement * z2))));
                var size = value * Math.Exp(-0.25 * ((z1 * z1) + (z2 * z2)));
                rings[Math.Max(Math.Abs(a), Math.Abs(b))] += double.IsNaN(size) || double.IsInfinity(value) ? double.PositiveInfinity : size;
                if (value > 0 && double.IsFinite(value)) mass += value * value * Math.Exp(-0.5 * ((z1 * z1) + (z2 * z2)));
            }
        }

        // Each ring stands for what lies up to one step further in, so none is missed between the probes.
        var normal = Math.Sqrt(2 * Math.PI);
        var area = _second is null ? step / normal : step * step / (normal * normal);
        var allowed = 1e-17 * Math.Sqrt(mass * area);
        var outside = 0.0;
        var last = side;
        for (; last > 8; last--)
        {
            if (!(outside + rings[last] <= allowed / (4 * CramerSquared * area))) break;
            outside += rings[last];
        }

        if (last >= side - 1)
            throw new QuadratureException("The factors of a product grow too fast for an expansion in Hermite polynomials; use smaller variances.");
        _range = last + 1;
        Truncation = 4 * CramerSquared * area * outside;
    }

    // sqrt(E[(x f')^2] / E[f^2]): the error of f relative to that of its argument, from differences.
    private static double Sensitivity(GaussianFactor factor, double deviation)
    {
        const double step = 0.125;
        double slopes = 0, squares = 0, before = double.NaN;
        for (var k = -64; k <= 64; k++)
        {
            var z = k * step;
            var value = factor.Function(deviation * z);
            var weight = Math.Exp(-0.5 * z * z);
            var straddles = factor.Breakpoints.Any(point => point >= deviation * (z - step) && point <= deviation * z);
            var change = (value - before) / step;
            if (double.IsFinite(change) && !straddles) slopes += weight * change * change * Math.Max(z * z, 0.25);
            if (double.IsFinite(value)) squares += weight * value * value;
            before = value;
        }

        return squares > 0 ? Math.Sqrt(slopes / squares) : 0;
    }

    private static QuadratureException NotFinite() => new("A factor of the product is not finite somewhere; a singularity must be a breakpoint.");

    /// <summary>The highest order of a mode along one axis.</summary>
    public const int HighestOrder = 4000;

    private static readonly double[] Roots = [.. Enumerable.Range(0, HighestOrder + 2).Select(k => Math.Sqrt(k))];
    private static readonly double[] InverseRoots = [.. Roots.Select(root => 1 / root)];
}
