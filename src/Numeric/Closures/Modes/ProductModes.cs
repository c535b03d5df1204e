using SymbolicEft.Numeric.Expectations;
using System.Runtime.CompilerServices;

namespace SymbolicEft.Numeric.Closures.Modes;

// Coefficients of F(phi_a) G(phi_b) in the orthonormal modes he_p(z1) he_q(z2) of the pair's frame.
//   One input (a = b):   f_k = E[F G he_k], one dimension.
//   Two inputs: he_m(rho z1 + s z2) = sum_q sqrt(binomial(m, q)) rho^(m-q) s^q he_(m-q)(z1) he_q(z2) gives
//       f_pq = sum_{m >= q} c_m w_mq G_{p,m-q},   w_mq = sqrt(binomial(m, q)) rho^(m-q) s^q,
//   with c of G and the products of F. Tail from M on, by Cauchy-Schwarz:
//       |tail| <= max_{m >= M} w_mq  sqrt(sum_{m >= M} c_m^2)  sqrt(E[F^2 he_p^2]).
//   Where the tail is too large (|rho| near 1) the plane is integrated directly (PlaneIntegrator).
//   Proportional inputs (s = 0), phi_b = r phi_a, are one: f_p0 = E[F(phi_a) G(r phi_a) he_p], one dimension, and no other. So equal and opposite inputs of functions with
//   kinks, whose product may vanish as relu(x) relu(-x) does, and others that are not proved in the plane.
// All coefficients are bounded by the norm of F G (Bessel).

/// <summary>Expands products of two functions of one input each.</summary>
internal sealed partial class ProductModes
{
    private readonly int _highest;
    private readonly double _target;
    private readonly FactorModes _first, _second, _product;
    private readonly PlaneIntegrator _plane;
    private readonly double[] _sums, _weights, _roots, _inverseRoots; // sqrt(m), 1/sqrt(m)
    private readonly bool _hasKinks;
    private readonly Dictionary<double, FactorModes> _onLines = [];

    /// <summary>Prepares F(x) G(y).</summary>
    /// <param name="first">F.</param>
    /// <param name="second">G.</param>
    /// <param name="product">F(x) G(x), one function.</param>
    /// <param name="highest">The highest order p + q.</param>
    /// <param name="target">Relative accuracy of each coefficient, in units of the norms of F and G.</param>
    public ProductModes(FactorModes first, FactorModes second, FactorModes product, int highest, double target)
    {
        (_first, _second, _product, _highest, _target) = (first, second, product, highest, target);
        _sums = new double[highest + 1];
        _weights = new double[first.Orders(FactorModes.StageCount - 1)];
        _roots = [.. Enumerable.Range(0, _weights.Length + 1).Select(m => Math.Sqrt(m))];
        _inverseRoots = [.. _roots.Select(root => 1 / root)];
        _hasKinks = first.Function.Kinks.Count + second.Function.Kinks.Count > 0;
        _plane = new PlaneIntegrator(first.Function, second.Function, highest, target);
    }

    /// <summary>F.</summary>
    public ActivationDescription First => _first.Function;

    /// <summary>G.</summary>
    public ActivationDescription Second => _second.Function;

    /// <summary>By how much each of the coefficients computed last can be off.</summary>
    public double Error { get; private set; }

    /// <summary>Length of a block of coefficients: order k starts at <see cref="Offset"/>.</summary>
    public static int Length(int highest, int dimension) => dimension == 1 ? highest + 1 : (highest + 1) * (highest + 2) / 2;

    /// <summary>Where the modes of order k begin; he_(k-j)(z1) he_j(z2) is the j-th.</summary>
    public static int Offset(int order, int dimension) => dimension == 1 ? order : order * (order + 1) / 2;

    /// <summary>The first stage of F G with more than the highest order.</summary>
    public int StageOfOneInput
    {
        get
        {
            var stage = 0;
            while (_product.Orders(stage) <= _highest) stage++;
            return stage;
        }
    }

    /// <summary>The coefficients of F(phi_a) G(phi_a) for one input.</summary>
    public void OneInput(double variance, Span<double> coefficients)
    {
        FactorSample sample = _product.At(variance, StageOfOneInput);
        sample.Coefficients.AsSpan(0, _highest + 1).CopyTo(coefficients);
        Error = OfCoefficients(sample);
    }

    /// <summary>The coefficients of F(phi_a) G(phi_b).</summary>
    /// <param name="frame">The pair's frame.</param>
    /// <param name="kaa">K_aa.</param>
    /// <param name="kbb">K_bb.</param>
    /// <param name="coefficients">Receives them, order by order.</param>
    public void TwoInputs(in PairFrame frame, double kaa, double kbb, Span<double> coefficients)
    {
        double factor = 1;
        Rescale(kaa, kbb, ref factor);
        if (factor == 1)
        {
            Expand(frame, kaa, kbb, coefficients);
            return;
        }

        Expand(frame.OfUnits, 1, 1, coefficients);
        foreach (ref double coefficient in coefficients) coefficient *= factor;
        Error *= factor;
    }

    private void Expand(in PairFrame frame, double kaa, double kbb, Span<double> coefficients)
    {
        if (_hasKinks && frame.Complement == 0)
        {
            // Few ratios: 1 and -1 stay what they are at all layers, others are rounded at each and would have a proof each.
            double ratio = frame.L21 / frame.L11;
            if (Math.Abs(ratio) == 1 || !_plane.TryProve(frame, coefficients)) OnLine(kaa, ratio, coefficients);
            else Error = _plane.Error;
            return;
        }

        for (var stage = 0; stage < FactorModes.StageCount; stage++)
        {
            // Coefficients of a function with kinks fall as powers of the order: rho^m alone must end the series.
            if (stage > 0 && _hasKinks && Math.Pow(Math.Abs(frame.Correlation), _first.Orders(stage)) > 1e-9) continue;
            FactorSample a = _first.At(kaa, stage), b = _second.At(kbb, stage);
            if (!Sum(a, b, frame, coefficients)) continue;
            Error = OfSums(a, b, frame);
            return;
        }

        _plane.Project(frame, coefficients);
        Error = _plane.Error;
    }

    // Discretisation and truncation are within twice the target, relative to the norms.
    private double OfCoefficients(FactorSample sample) => 2 * _target * Math.Sqrt(sample.MeanSquare);

    // sum_m |w_mq| |c_m| <= |c|/s and at most sqrt(M) |c|, of the products likewise; and the tail.
    private double OfSums(FactorSample a, FactorSample b, in PairFrame frame)
    {
        double norm = Math.Sqrt(b.MeanSquare), weights = Math.Min(1 / frame.Complement, Math.Sqrt(b.Orders)), largest = 0;
        foreach (double each in a.Norms) largest = Math.Max(largest, each);
        return _target * norm * ((4 * weights * largest) + Math.Sqrt(a.MeanSquare));
    }

    private void OnLine(double kaa, double ratio, Span<double> coefficients)
    {
        if (!_onLines.TryGetValue(ratio, out FactorModes? modes))
        {
            if (_onLines.Count == FactorModes.MostOnLines) _onLines.Clear();
            _onLines.Add(ratio, modes = FactorModes.OnLine([(1, First, Second)], ratio, _target, _first.Estimates));
        }

        var stage = 0;
        while (modes.Orders(stage) <= _highest) stage++;
        FactorSample sample = modes.At(kaa, stage);
        Report(modes);
        coefficients.Clear();
        for (var p = 0; p <= _highest; p++) coefficients[Offset(p, 2)] = sample.Coefficients[p];
        Error = OfCoefficients(sample);
    }

    // Of functions that have the numbers of variances of 1, times a factor.
    partial void Rescale(double kaa, double kbb, ref double factor);

    // For what was not proved.
    partial void Report(FactorModes onLine);

    // False if a tail exceeds the target.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Sum(FactorSample a, FactorSample b, in PairFrame frame, Span<double> coefficients)
    {
        double rho = frame.Correlation, s = frame.Complement, allowed = _target * Math.Sqrt(a.MeanSquare * b.MeanSquare);
        var rest = Math.Sqrt(b.Remainder);
        int orders = b.Orders;
        var start = 1.0;
        for (var q = 0; q <= _highest; q++)
        {
            // w_mq at m = q, q + 1, ...; and its maximum from m = M on.
            var weight = start;
            for (var m = q; m < orders; m++)
            {
                _weights[m - q] = weight * b.Coefficients[m];
                weight *= rho * _roots[m + 1] * _inverseRoots[m + 1 - q];
            }

            var largest = Math.Abs(weight);
            if (rest > 0 && largest > 0)
            {
                for (var m = Math.Max(orders, q); m < 1_000_000; m++)
                {
                    var ratio = Math.Abs(rho) * Math.Sqrt((m + 1.0) / (m + 1 - q));
                    if (ratio <= 1) break;
                    largest *= ratio;
                }

                largest = Math.Min(largest, 1);
            }

            for (var p = 0; p + q <= _highest; p++)
            {
                if (largest * rest * a.Norms[p] > allowed) return false;
            }

            Span<double> sums = _sums.AsSpan(0, _highest + 1 - q);
            VectorSums.Dots(_weights.AsSpan(0, orders - q), a.Products, orders, sums);
            for (var p = 0; p < sums.Length; p++) coefficients[Offset(p + q, 2) + q] = sums[p];

            start *= s;
        }

        return true;
    }
}
