// What the errors of the Gaussian numbers of hermite(k), and rounding, make of V4 and K1, in discrete depth: bounds to first order in these errors, norm by norm, of a layer g' = alpha^2 g + f
// (StreamLayer), f = h C_W sigma sigma of the plain network. Every coefficient beta of f of a pair p may be off by e. So K0 may be off by kappa, and all that depends on it: in standard units,
// D_p = |delta K0| of a pair and D_pq between two,
//   E[d^j f] moves by 1/2 E[d^(j+2) f] : delta K0           |delta beta_j| <= e_j + 1/2 sqrt((j+1)(j+2)) |beta_(j+2)| D_p =: t_j       (of tensors: frames need not be followed)
//   the overlaps of order j of two pairs by j D_pq at most
// A = alpha^2 + chi;  |beta|, t: the norms over all orders but 0 and 2;  x_rq = |Cov(g_r, modes of q)|;  |v|_p the norm of v in the units of p;  n_0, n_1 the widths before and after, in units of n:
//   kappa'  = |A| kappa + t_0
//   z_pq    = t_2 |x_.q|_p/sqrt2 + t_p + |j beta_p| D_pq/n_0        what Cov(f_p, modes of q) is off but for |chi| xi, xi what x is off; t_p stands with overlaps too, of 1/n_0
//   xi'_pq  = rho^j (|A| xi + z),                                   j the lowest order
//   dV4'    = |A| dV4 |A|^T + t_2 |Cov(g, g_q')|_p/sqrt2 + (|A| (|beta_p| xi_.p + t_p x_.p))_q + transpose
//             + (t_p |beta_q| + |beta_p| t_q + |sqrt(j) beta_p| |sqrt(j) beta_q| D_pq)/n_0 + what the noise of a layer is off
//   mu'_q   = rho^(j+2) mu + 1/2 sqrt(k(k-1)) rho^j ||chi| xi + z|_q          of the means of modes, but for those of order 4, which are V4 - free(K0)/n_0 in three pairings
//   dK1'    = |A| dK1 + t_2 |K1|_p/sqrt2 + t_p |m_p| + |beta_p| mu_p
// Rounding, u = 2^-53 at each operation, is an error like these. The longest way of a coefficient into V4' or K1' has r/u operations, two sums over the modes of a pair among them; that of anything else, and of
// sums with coefficients once they are made, v/u. Letters and K(0) are decimals, rounded:
//   r |beta_j| is added to t_j,   v |E2| to e of order 0,   v (alpha^2 |K0| + h |Q|) to kappa';   frames are the exact ones of a kernel that is off by v |K0|, which counts in every D
//   S_k(T) = V^T (T x S_(k-1)) V with V^T V = 1: what is wrong with S_(k-1) is not amplified, so that S_k is off by 8 u sum_(j<=k) sqrt2 sqrt(j) of |T|^k, with the product that follows by 10 u (k+1)^(3/2);
//   T = L^T W'^T by 8 u ||L|^T |W'|^T|, k times.  All of it is a:   z_pq + a y,   xi' + a rho^j alpha^2 x,   mu' + a rho^j |m|,   y = |chi| x + |beta|/n_0
//   dV4' + R,   R = v (alpha^4 |V4| + alpha^2 |Cov(f, g)| + transpose + |Cov(f, f)| + 2 free(alpha^2 |K0| + h |Q|)/n_1), of absolute terms;   dK1' + v alpha^2 |K1|
//   d' = rho^4 (d + a |m_4|) + R in three pairings:   by what the modes of order 4 part from V4 - free(K0)/n_0

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds, to first order, on what the errors of Gaussian numbers and rounding make of V4 and K1, layer by layer, where all that a layer adds reads the stream.</summary>
internal sealed class NumberErrors
{
    // A change of the kernel in standard units beyond which its square counts.
    private const double LargestChange = 1e-3;

    private const double Unit = 1.0 / (1L << 53);

    private readonly PairUnits _units;
    private readonly ModeLayout _modes;
    private readonly int _count, _lowest, _covariance, _withModes, _means, _correction;
    private readonly double _few, _longest, _raising; // v, r, and a but for frames

    // Over pairs: t_2/sqrt2, t, |beta|, |sqrt(j) beta|, |j beta|, the error of eps^2 Q, rho, a, what the kernels of frames are off; three entries of |A|, of its terms and of |chi| for each.
    private readonly double[] _second, _total, _norm, _root, _weighted, _rowErrors, _powers, _carried, _moved, _change, _terms, _chi, _sizes;

    // Over two pairs.
    private readonly double[] _overlaps, _mixed, _through, _new, _half, _whole, _driven, _rounded;
    private double[] _kernel, _nextKernel, _ofCovariance, _nextCovariance, _ofMixed, _nextMixed, _ofMeans, _ofFourth, _ofCorrection, _nextCorrection;
    private bool _isLost;

    /// <summary>Begins at layer 0.</summary>
    /// <param name="equations">The equations of the closure.</param>
    /// <param name="units">The units of the pairs.</param>
    /// <param name="kernel">K0 of layer 0.</param>
    /// <param name="dense">The number of dense layers that add to the stream at once, at most.</param>
    public NumberErrors(MomentEquations equations, PairUnits units, ReadOnlySpan<double> kernel, int dense = 1)
    {
        (_units, _modes, _count, _lowest) = (units, equations.Modes, units.Pairs.Length, equations.Modes.Orders[0]);
        (_covariance, _withModes, _means, _correction) = (equations.OffsetOf(Notation.Covariance.Name), equations.OffsetOf(MomentLetters.WithModes.Name), equations.OffsetOf(MomentLetters.ModeMeans.Name), equations.OffsetOf(Notation.MeanCorrection.Name));
        double[] Vector(int times = 1) => new double[times * _count];
        (_second, _total, _norm, _root, _weighted, _rowErrors, _powers, _carried, _moved) = (Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector());
        (_change, _terms, _chi, _sizes) = (Vector(3), Vector(3), Vector(3), Vector());
        (_kernel, _nextKernel, _ofMeans, _ofFourth, _ofCorrection, _nextCorrection) = (Vector(), Vector(), Vector(), Vector(), Vector(), Vector());
        (_overlaps, _mixed, _through, _new, _half, _whole, _driven, _rounded) = (Vector(_count), Vector(_count), Vector(_count), Vector(_count), Vector(_count), Vector(_count), Vector(_count), Vector(_count));
        (_ofCovariance, _nextCovariance, _ofMixed, _nextMixed) = (Vector(_count), Vector(_count), Vector(_count), Vector(_count));
        int longest = Enumerable.Range(0, _count).Max(_modes.LengthOf), highest = _modes.Orders[^1];
        _few = Unit * (24 + (8 * dense));
        _longest = (2 * Unit * longest) + (2 * _few);
        _raising = _longest + (Unit * 10 * Math.Pow(highest + 1, 1.5));
        for (int p = 0; p < _count; p++) _kernel[p] = Unit * Math.Abs(kernel[p]);
        for (int p = 0; p < _count; p++)
        {
            for (int q = 0; q < _count; q++) _ofCovariance[(p * _count) + q] = Products(p, q, _kernel, kernel) + (Unit * Products(p, q, kernel, kernel));
        }

        for (int p = 0; p < _count; p++)
        {
            // Equal and opposite inputs are one; of others a frame that has lost a direction is not near the exact one.
            (int a, int b) = units.Pairs[p];
            PairFrame frame = ModeNumbers.Frame(kernel, a, b, _modes.Inputs);
            double first = kernel[units.First(p)], second = kernel[units.Second(p)];
            _isLost |= a != b && frame.D == 0 && first * second != 0 && !(Math.Abs(kernel[p]) == first && first == second);
        }
    }

    /// <summary>By how much V4 of two pairs can be off; infinite where the first order is not enough.</summary>
    public double V4(int left, int right) => _isLost ? double.PositiveInfinity : _ofCovariance[(left * _count) + right];

    /// <summary>By how much K1 of a pair can be off; infinite where the first order is not enough.</summary>
    public double K1(int pair) => _isLost ? double.PositiveInfinity : _ofCorrection[pair];

    /// <summary>Goes on to the next layer.</summary>
    /// <param name="state">The state of the equations.</param>
    /// <param name="nextKernel">K0 after the layer.</param>
    /// <param name="layer">The layer.</param>
    public void Advance(ReadOnlySpan<double> state, ReadOnlySpan<double> nextKernel, StreamLayer layer)
    {
        ReadOnlySpan<double> kernel = state[.._count];
        FluctuationCoefficients here = layer.Coefficients;
        double keep = layer.Skip * layer.Skip;
        Weigh(kernel, here, layer, keep, nextKernel);
        Measure(state, here);
        AdvanceMixed(here, keep, layer.Width);
        AdvanceMeans(state, kernel, here, keep, layer.Width, nextKernel);
        AdvanceCovariance(state, kernel, here, keep, layer);
        AdvanceFourth(nextKernel, here);
        (_kernel, _nextKernel, _ofCovariance, _nextCovariance, _ofMixed, _nextMixed, _ofCorrection, _nextCorrection) = (_nextKernel, _kernel, _nextCovariance, _ofCovariance, _nextMixed, _ofMixed, _nextCorrection, _ofCorrection);
    }

    // The coefficients, and K0 of the next layer.
    private void Weigh(ReadOnlySpan<double> kernel, FluctuationCoefficients here, StreamLayer layer, double keep, ReadOnlySpan<double> nextKernel)
    {
        int highest = here.HighestOrder;
        for (int p = 0; p < _count; p++) _moved[p] = _kernel[p] + (_few * Math.Abs(kernel[p]));
        for (int p = 0; p < _count; p++)
        {
            PairFluctuation each = here.Pairs[p];
            (int a, int b) = _units.Pairs[p];
            Span<double> chi = _chi.AsSpan(3 * p, 3), change = _change.AsSpan(3 * p, 3), terms = _terms.AsSpan(3 * p, 3);
            (chi[0], chi[1], chi[2]) = a == b ? (0, each.ResponseFirst, 0) : (each.ResponseFirst, each.ResponseCross, each.ResponseSecond);
            for (int at = 0; at < 3; at++)
            {
                double kept = at == 1 ? keep : 0;
                (change[at], chi[at]) = (Math.Abs(kept + chi[at]), Math.Abs(chi[at]));
                terms[at] = kept + chi[at];
            }

            double raised = (highest + 1.0) * (highest + 2) * layer.Above[p] * layer.Above[p], norm = 0, root = 0, weighted = 0, fourth = 0;
            for (int order = 1; order <= highest; order++)
            {
                double square = VectorSums.Dot(each.Order(order), each.Order(order));
                if (order == 4) fourth = square;
                else if (order > 2) raised += (order - 1.0) * order * square;
                if (order == 2) continue;
                (norm, root, weighted) = (norm + square, root + (order * square), weighted + ((double)order * order * square));
            }

            double error = each.Error, moved = _units.Norm(each.Frame, p, _moved);
            _second[p] = Math.Sqrt(0.5) * ((Math.Sqrt(each.Dimension == 1 ? 1 : 3) * error) + (0.5 * Math.Sqrt(12 * fourth) * moved) + (_longest * MeanTail.Norm(each.Order(2))));
            (_norm[p], _root[p], _weighted[p]) = (Math.Sqrt(norm), Math.Sqrt(root), Math.Sqrt(weighted));
            _total[p] = (Math.Sqrt(_modes.LengthOf(p)) * error) + (0.5 * Math.Sqrt(raised) * moved) + (_longest * _norm[p]);
            _rowErrors[p] = Apply(_chi, p, _kernel) + error + (_few * layer.Rows[p]);
            _nextKernel[p] = Apply(_change, p, _kernel) + error + (_few * ((keep * Math.Abs(kernel[p])) + layer.Rows[p]));
            PairFrame next = ModeNumbers.Frame(nextKernel, a, b, here.Inputs);
            Matrix2 carried = each.Frame.ToNext(next);
            _powers[p] = Math.Pow(Math.Min(1, carried.Scale(layer.Skip).Norm), _lowest);
            double size = carried.Norm, terms12 = (each.Frame.L11 * Math.Abs(next.B)) + (Math.Abs(each.Frame.L21) * next.D);
            double terms2 = (carried.M11 * carried.M11) + (terms12 * terms12) + (carried.M22 * carried.M22);
            _carried[p] = _raising + (size > 0 ? 8 * Unit * highest * Math.Sqrt(terms2) / size : 0);
        }
    }

    // D and x.
    private void Measure(ReadOnlySpan<double> state, FluctuationCoefficients here)
    {
        for (int q = 0; q < _count; q++)
        {
            for (int r = 0; r < _count; r++)
            {
                double overlap = _overlaps[(q * _count) + r] = Change(here.Pairs[q].Frame, _units.Pairs[q], here.Pairs[r].Frame, _units.Pairs[r], here.Inputs);
                _isLost |= !(overlap <= LargestChange);
                ReadOnlySpan<double> modes = state.Slice(_withModes + (r * _modes.Length) + _modes.Start(q), _modes.LengthOf(q));
                _mixed[(q * _count) + r] = Math.Sqrt(VectorSums.Dot(modes, modes));
            }
        }
    }

    // xi, and what Cov(f, modes) is off, of pairs whose modes they are by pairs.
    private void AdvanceMixed(FluctuationCoefficients here, double keep, double width)
    {
        for (int q = 0; q < _count; q++)
        {
            ReadOnlySpan<double> mixed = Row(_mixed, q), errors = Row(_ofMixed, q);
            for (int p = 0; p < _count; p++)
            {
                double added = (_second[p] * _units.Norm(here.Pairs[p].Frame, p, mixed)) + (_carried[q] * Apply(_chi, p, mixed))
                    + ((_total[p] + (_weighted[p] * _overlaps[(p * _count) + q]) + (_carried[q] * _norm[p])) / width);
                _driven[(q * _count) + p] = Apply(_chi, p, errors) + added;
                _nextMixed[(q * _count) + p] = _powers[q] * (Apply(_change, p, errors) + added + (_carried[q] * keep * mixed[p]));
            }
        }
    }

    private void AdvanceMeans(ReadOnlySpan<double> state, ReadOnlySpan<double> kernel, FluctuationCoefficients here, double keep, double width, ReadOnlySpan<double> nextKernel)
    {
        // V4 - free(K0)/n_0.
        for (int p = 0; p < _count; p++)
        {
            for (int q = 0; q < _count; q++) _new[(p * _count) + q] = _ofCovariance[(p * _count) + q] + (Products(p, q, _kernel, kernel) / width);
        }

        int highest = here.HighestOrder;
        for (int p = 0; p < _count; p++)
        {
            double fourth = Pairings(here.Pairs[p].Frame, p, _new) + _ofFourth[p];
            double ofMeans = Math.Sqrt((_ofMeans[p] * _ofMeans[p]) + (fourth * fourth));
            double means = MeanTail.Norm(state.Slice(_means + _modes.Start(p), _modes.LengthOf(p)));
            for (int q = 0; q < _count; q++) _sizes[q] = Math.Abs(state[_correction + q]);
            double added = (_second[p] * _units.Norm(here.Pairs[p].Frame, p, _sizes)) + (_total[p] * means) + (_norm[p] * ofMeans);
            _nextCorrection[p] = Apply(_change, p, _ofCorrection) + added + (_few * keep * _sizes[p]);
            (int a, int b) = _units.Pairs[p];
            double driven = _units.Norm(ModeNumbers.Frame(nextKernel, a, b, here.Inputs), p, Row(_driven, p));
            _ofMeans[p] = _powers[p] * ((_ofMeans[p] * Math.Pow(_powers[p], 2.0 / _lowest)) + (0.5 * Math.Sqrt(highest * (highest - 1.0)) * driven) + (_carried[p] * means));
            _ofFourth[p] = Math.Pow(_powers[p], 4.0 / _lowest) * (_ofFourth[p] + (_carried[p] * means));
        }
    }

    // 3/sqrt(24) |x(w, w)| at most, in the standard units of a pair.
    private double Pairings(in PairFrame frame, int p, double[] sizes)
    {
        (int first, int second) = (_units.First(p), _units.Second(p));
        (_sizes[first], _sizes[p], _sizes[second]) = (_units.Norm(frame, p, Row(sizes, first)), _units.Norm(frame, p, Row(sizes, p)), _units.Norm(frame, p, Row(sizes, second)));
        return 3 / Math.Sqrt(24) * _units.Norm(frame, p, _sizes);
    }

    private void AdvanceFourth(ReadOnlySpan<double> nextKernel, FluctuationCoefficients here)
    {
        for (int p = 0; p < _count; p++)
        {
            (int a, int b) = _units.Pairs[p];
            _ofFourth[p] += Pairings(ModeNumbers.Frame(nextKernel, a, b, here.Inputs), p, _rounded);
        }
    }

    private void AdvanceCovariance(ReadOnlySpan<double> state, ReadOnlySpan<double> kernel, FluctuationCoefficients here, double keep, StreamLayer layer)
    {
        for (int q = 0; q < _count; q++)
        {
            for (int r = 0; r < _count; r++)
            {
                // |Cov(g_r, g_q')| but for the noise, at most and of absolute terms, and half of |A| dV4 |A|^T.
                ReadOnlySpan<double> covariances = state.Slice(_covariance + (r * _count), _count);
                double driven = _norm[q] * _mixed[(q * _count) + r];
                _through[(q * _count) + r] = ApplySizes(_change, q, covariances) + driven;
                _half[(q * _count) + r] = Apply(_change, q, Row(_ofCovariance, r));
                _whole[(q * _count) + r] = ApplySizes(_terms, q, covariances) + driven;
            }
        }

        for (int p = 0; p < _count; p++)
        {
            ReadOnlySpan<double> mixed = Row(_mixed, p), errors = Row(_ofMixed, p);
            for (int q = 0; q < _count; q++)
            {
                _driven[(p * _count) + q] = (_second[p] * _units.Norm(here.Pairs[p].Frame, p, Row(_through, q))) + (_norm[p] * Apply(_change, q, errors)) + (_total[p] * Apply(_change, q, mixed));
            }
        }

        // Absolute terms of K0', whose free(.) is above both the noise and free(K0').
        for (int p = 0; p < _count; p++) _sizes[p] = (keep * Math.Abs(kernel[p])) + layer.Rows[p];
        for (int p = 0; p < _count; p++)
        {
            for (int q = p; q < _count; q++)
            {
                double terms = Apply(_terms, p, Row(_whole, q)) + (_norm[p] * (Apply(_terms, q, Row(_mixed, p)) + (_norm[q] / layer.Width)));
                double rounded = _few * (terms + (Products(p, q, _sizes, _sizes) / layer.NextWidth));
                (_rounded[(p * _count) + q], _rounded[(q * _count) + p]) = (rounded, rounded);
                double value = rounded + Apply(_change, q, Row(_half, p)) + _driven[(p * _count) + q] + _driven[(q * _count) + p]
                    + (((_total[p] * _norm[q]) + (_norm[p] * _total[q]) + (_root[p] * _root[q] * _overlaps[(p * _count) + q])) / layer.Width)
                    + (((keep * (Products(p, q, _kernel, layer.Rows) + Products(p, q, kernel, _rowErrors))) + Products(p, q, layer.Rows, _rowErrors)) / layer.NextWidth);
                (_nextCovariance[(p * _count) + q], _nextCovariance[(q * _count) + p]) = (value, value);
            }
        }
    }

    // |x_ac y_bd| + |x_ad y_bc| + the same with x and y exchanged.
    private double Products(int p, int q, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ((int a, int b), (int c, int d)) = (_units.Pairs[p], _units.Pairs[q]);
        int inputs = _modes.Inputs;
        (int ac, int bd, int ad, int bc) = (PairIndexing.Of(a, c, inputs), PairIndexing.Of(b, d, inputs), PairIndexing.Of(a, d, inputs), PairIndexing.Of(b, c, inputs));
        return Math.Abs(x[ac] * y[bd]) + Math.Abs(x[ad] * y[bc]) + Math.Abs(y[ac] * x[bd]) + Math.Abs(y[ad] * x[bc]);
    }

    // The norm of W_p kappa W_q^T.
    private double Change(in PairFrame left, InputPair p, in PairFrame right, InputPair q, int inputs)
    {
        double ac = _kernel[PairIndexing.Of(p.First, q.First, inputs)], ad = _kernel[PairIndexing.Of(p.First, q.Second, inputs)], bc = _kernel[PairIndexing.Of(p.Second, q.First, inputs)], bd = _kernel[PairIndexing.Of(p.Second, q.Second, inputs)];
        double b1 = Math.Abs(left.B), d1 = Math.Abs(left.D), b2 = Math.Abs(right.B), d2 = Math.Abs(right.D);
        double first = (b1 * ac) + (d1 * bc), second = (b1 * ad) + (d1 * bd);
        double m11 = left.A * ac * right.A, m12 = left.A * ((ac * b2) + (ad * d2)), m21 = first * right.A, m22 = (first * b2) + (second * d2);
        return Math.Sqrt((m11 * m11) + (m12 * m12) + (m21 * m21) + (m22 * m22));
    }

    private ReadOnlySpan<double> Row(double[] values, int row) => values.AsSpan(row * _count, _count);

    // A row of |A| or |chi|.
    private double Apply(double[] map, int pair, ReadOnlySpan<double> values) =>
        (map[3 * pair] * values[_units.First(pair)]) + (map[(3 * pair) + 1] * values[pair]) + (map[(3 * pair) + 2] * values[_units.Second(pair)]);

    private double ApplySizes(double[] map, int pair, ReadOnlySpan<double> values) =>
        (map[3 * pair] * Math.Abs(values[_units.First(pair)])) + (map[(3 * pair) + 1] * Math.Abs(values[pair])) + (map[(3 * pair) + 2] * Math.Abs(values[_units.Second(pair)]));
}
