// What the off-diagonal tangent kernel Theta_ij (i, j neurons) adds up to, layer by layer, from
//   Theta'_ij,ab = alpha^2 Theta_ij,ab + alpha eps (Theta_ik,ab sigma'_kb W_jk + W_ik sigma'_ka Theta_kj,ab) + eps^2 W_ik sigma'_ka Theta_kl,ab sigma'_lb W_jl + eps^2 delta_ij Qhat_ab
// averaged over the weights given phi (Wick; W meets phi' too: E[W_ik f(phi'_i)] = eps (C_W/n) sum_c sigma_kc E d_c f). For each pair (a, b), in the orthonormal modes he_A(z) of
// its frame up to order k, with P f = E f(alpha phi + eps u), c_1 = alpha eps^2 C_W and c_2 = eps^4 C_W^2:
//   B(f, g) = (1/n) sum_ij f(phi_i) Theta_ij g(phi_j) = Theta0 [f g] + b(f, g), b of i other than j:
//     b'(f, g) = alpha^2 b(P f, P g) + c_1 sum_c ([d_c g]' B(P f, sigma'_b sigma_c) + [d_c f]' B(sigma'_a sigma_c, P g)) + c_2 sum_cd [d_c f]' [d_d g]' B(sigma_c sigma'_a, sigma'_b sigma_d)
//   X_A = n E (1/n) sum_i H_A(phi_i) (Theta_ii - Theta):
//     X'_A = alpha^2 X(P H_A) + c_1 sum_c (B(P d_c H_A, sigma'_b sigma_c) + B(sigma'_a sigma_c, P d_c H_A)) + c_2 sum_cd [d_c d_d H_A]' B(sigma_c sigma'_a, sigma'_b sigma_d)
//   T(f, g) = (1/n) sum_ij f(phi_i) Theta_ij,ab Theta_ij,cd g(phi_j) = Theta0_ab Theta0_cd [f g] + w(f, g), for (c, d) = (a, b) and (b, a):
//     w'(f, g) = alpha^4 w(P f, P g) + alpha c_1 ([g]' T(P f, sigma'_b sigma'_d) + [f]' T(sigma'_a sigma'_c, P g)) + c_2 [f]' [g]' T(sigma'_a sigma'_c, sigma'_b sigma'_d)
// b needs a mode of order 1 on one side, w a constant: these are the tables. The four products of B(sigma sigma', sigma' sigma) and T(sigma'^2, sigma'^2) are whole integrals.

using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>The averages over two neurons that the mean of the tangent kernel at order 1/n is made of; of one activation.</summary>
internal sealed class TwoNeuronNumbers
{
    // Nearer than this the derivatives in the direction in which two inputs differ are rounding.
    private const double SmallestComplement = 1e-3;

    private readonly ModeLayout _layout;
    private readonly int _highest;
    private readonly FactorModes _first, _second, _slopeTimes, _slopeSquare;
    private readonly ProductModes _slopeWith, _withSlope;
    private readonly FluctuationEquation _slopes;
    private readonly ProductsCovariance _whole;
    private readonly SymmetricPower _power;

    /// <summary>Prepares an activation.</summary>
    /// <param name="layout">The pairs.</param>
    /// <param name="highest">k.</param>
    /// <param name="function">sigma.</param>
    /// <param name="slope">sigma'.</param>
    /// <param name="slopes">The expansion of sigma'_a sigma'_b, to an order not below k.</param>
    /// <param name="whole">Moments of sigma and sigma'.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public TwoNeuronNumbers(ModeLayout layout, int highest, ActivationDescription function, ActivationDescription slope, FluctuationEquation slopes, ProductsCovariance whole, bool estimates)
    {
        (_layout, _highest, _slopes, _whole) = (layout, highest, slopes, whole);
        (_slopeTimes, _slopeSquare) = (whole.Power((1, 1)), whole.Power((0, 2)));
        (_first, _second) = (new(function, highest, FluctuationEquation.Target, estimates), new(slope, highest, FluctuationEquation.Target, estimates));
        (_slopeWith, _withSlope) = (new(_second, _first, _slopeTimes, highest, FluctuationEquation.Target), new(_first, _second, _slopeTimes, highest, FluctuationEquation.Target));
        _power = new SymmetricPower(Math.Max(2, highest));
    }

    /// <summary>The number of entries of the tables of a pair: X, two of b for each direction, two of w and one for (b, a).</summary>
    /// <param name="highest">k.</param>
    public static int Length(int highest) => 8 * ProductModes.Length(highest, 2);

    /// <summary>sum_A d_A X_A, with the expansion of sigma'_a sigma'_b.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="tables">The tables of all pairs.</param>
    /// <param name="result">Over pairs.</param>
    public void Diagonal(ReadOnlySpan<double> kernel, ReadOnlySpan<double> tables, Span<double> result)
    {
        FluctuationCoefficients here = _slopes.At(kernel);
        for (int pair = 0; pair < _layout.Pairs.Length; pair++)
        {
            int dimension = _layout.Dimension(pair);
            ReadOnlySpan<double> x = tables.Slice(pair * Length(_highest), ProductModes.Length(_highest, dimension));
            for (int order = 1; order <= _highest; order++)
                result[pair] += VectorSums.Dot(here.Pairs[pair].Order(order), x.Slice(ProductModes.Offset(order, dimension), here.Pairs[pair].Order(order).Length));
        }
    }

    /// <summary>The tables of the next layer, and what is off the diagonal of tau there.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="next">K0 of the next layer.</param>
    /// <param name="mean">Theta0.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="alpha">alpha.</param>
    /// <param name="rate">eps^2 C_W.</param>
    /// <param name="result">The tables there.</param>
    /// <param name="offDiagonal">(1/n) sum of Theta_ij^2 over i other than j there, of the symmetric part of Theta_ij.</param>
    /// <exception cref="ComputationException">Two inputs are too near to each other.</exception>
    public void Next(ReadOnlySpan<double> kernel, ReadOnlySpan<double> next, ReadOnlySpan<double> mean, ReadOnlySpan<double> tables, double alpha, double rate, Span<double> result, Span<double> offDiagonal)
    {
        FluctuationCoefficients slopes = _slopes.At(kernel);
        int length = Length(_highest);
        for (int pair = 0; pair < _layout.Pairs.Length; pair++)
        {
            (int a, int b) = _layout.Pairs[pair];
            PairFrame frame = ModeNumbers.Frame(kernel, a, b, _layout.Inputs), after = ModeNumbers.Frame(next, a, b, _layout.Inputs);
            if (a != b && frame.Complement is > 0 and < SmallestComplement)
                throw new ComputationException($"Inputs {a} and {b} are nearly equal or opposite, and the mean of their tangent kernel at order 1/n is lost to rounding; drop one of the two, or leave ntk out.");
            var numbers = new OfPair(this, kernel, pair, frame, after, slopes.Pairs[pair], mean[pair], tables.Slice(pair * length, length), alpha, rate);
            offDiagonal[pair] = numbers.Next(result.Slice(pair * length, length));
        }
    }

    // A function of one input of a pair, in the modes of the frame: he_m(rho z1 + s z2) of the second.
    private double[] OfOne(FactorModes function, ReadOnlySpan<double> kernel, int input, bool isSecond, PairFrame frame)
    {
        int stage = 0;
        while (function.Orders(stage) <= _highest)
            stage++;
        double[] all = function.At(kernel[PairIndexing.Of(input, input, _layout.Inputs)], stage).Coefficients, result = new double[ProductModes.Length(_highest, frame.Dimension)];
        for (int order = 0; order <= _highest; order++)
        {
            int start = ProductModes.Offset(order, frame.Dimension);
            if (!isSecond || frame.Dimension == 1)
            {
                result[start] = all[order];
                continue;
            }

            // sqrt(binomial) rho^(k-j) s^j.
            double binomial = 1;
            for (int j = 0; j <= order; j++)
            {
                result[start + j] = all[order] * Math.Sqrt(binomial) * Math.Pow(frame.Correlation, order - j) * Math.Pow(frame.Complement, j);
                binomial *= (order - j) / (j + 1.0);
            }
        }

        return result;
    }

    private double[] OfTwo(ProductModes product, ReadOnlySpan<double> kernel, int a, int b, PairFrame frame)
    {
        var result = new double[ProductModes.Length(_highest, 2)];
        product.TwoInputs(frame, kernel[PairIndexing.Of(a, a, _layout.Inputs)], kernel[PairIndexing.Of(b, b, _layout.Inputs)], result);
        return result;
    }

    // One pair in one layer.
    private sealed class OfPair
    {
        private readonly TwoNeuronNumbers _of;
        private readonly int _dimension, _length, _highest;
        private readonly PairFrame _frame, _next;
        private readonly double _mean, _alpha, _rate, _fourSlopes;
        private readonly double[] _slopes, _slopesOfFirst, _slopesOfSecond;
        private readonly double[][] _left, _right; // sigma'_a sigma_c and sigma'_b sigma_c along the directions of the next frame
        private readonly double[,] _whole;
        private readonly double[] _x, _first, _second, _swapped;
        private readonly double[][] _from, _to; // b(he_r, he_A), b(he_A, he_r)
        private readonly double[][] _matrices; // P he' in he, order by order

        public OfPair(TwoNeuronNumbers of, ReadOnlySpan<double> kernel, int pair, PairFrame frame, PairFrame next, PairFluctuation slopes, double mean, ReadOnlySpan<double> tables, double alpha, double rate)
        {
            (_of, _frame, _next, _mean, _alpha, _rate, _highest) = (of, frame, next, mean, alpha, rate, of._highest);
            (int a, int b) = of._layout.Pairs[pair];
            _dimension = frame.Dimension;
            _length = ProductModes.Length(_highest, _dimension);
            _slopes = new double[_length];
            for (int order = 0; order <= _highest; order++)
                slopes.Order(order).CopyTo(_slopes.AsSpan(ProductModes.Offset(order, _dimension)));
            (_slopesOfFirst, _slopesOfSecond) = (of.OfOne(of._slopeSquare, kernel, a, false, frame), of.OfOne(of._slopeSquare, kernel, b, a != b, frame));
            _fourSlopes = of._whole.Mean(a, b, a == b ? (0, 4) : (0, 2), a == b ? (0, 0) : (0, 2), kernel);
            double[] firstOfLeft = of.OfOne(of._slopeTimes, kernel, a, false, frame);
            if (_dimension == 1)
            {
                double scale = next.A;
                (_left, _right) = ([Scaled(firstOfLeft, scale)], [Scaled(firstOfLeft, scale)]);
                _whole = new[,] { { scale * scale * of._whole.Mean(a, a, (2, 2), (0, 0), kernel) } };
            }
            else
            {
                double[][] left = [firstOfLeft, of.OfTwo(of._slopeWith, kernel, a, b, frame)], right = [of.OfTwo(of._withSlope, kernel, a, b, frame), of.OfOne(of._slopeTimes, kernel, b, true, frame)];
                double[,] directions = { { next.A, 0 }, { next.B, next.D } };
                double[][] Along(double[][] functions) => [.. Enumerable.Range(0, 2).Select(r => Enumerable.Range(0, _length).Select(at => (directions[r, 0] * functions[0][at]) + (directions[r, 1] * functions[1][at])).ToArray())];
                (_left, _right) = (Along(left), Along(right));
                double crossed = of._whole.Mean(a, b, (1, 1), (1, 1), kernel);
                double[,] products = { { of._whole.Mean(a, b, (2, 1), (0, 1), kernel), crossed }, { crossed, of._whole.Mean(a, b, (0, 1), (2, 1), kernel) } };
                _whole = new double[2, 2];
                for (int r = 0; r < 2; r++)
                {
                    for (int s = 0; s < 2; s++)
                    {
                        for (int c = 0; c < 2; c++)
                        {
                            for (int d = 0; d < 2; d++)
                                _whole[r, s] += directions[r, c] * directions[s, d] * products[c, d];
                        }
                    }
                }
            }

            int stride = ProductModes.Length(_highest, 2), length = _length;
            double[][] parts = new double[8][];
            for (int at = 0; at < 8; at++)
                parts[at] = tables.Slice(at * stride, length).ToArray();
            SymmetricPower power = of._power;
            power.Start((_dimension == 1 ? new Matrix2(frame.L11 * next.A, 0, 0, 0) : frame.ToNext(next)).Scale(alpha), _dimension, _dimension);
            _matrices = new double[_highest + 1][];
            for (int order = 0; order <= _highest; order++)
            {
                power.Raise(order);
                power.CopyTransposed(_matrices[order] = new double[ModeLayout.Count(order, _dimension) * ModeLayout.Count(order, _dimension)]);
            }

            (_x, _from, _to, _first, _second, _swapped) = (parts[0], parts[1..3], parts[3..5], parts[5], parts[6], parts[7]);
        }

        /// <summary>Gives the tables of the next layer; returns what is off the diagonal of tau there.</summary>
        public double Next(Span<double> result)
        {
            int d = _dimension, stride = ProductModes.Length(_highest, 2);
            double mixed = _alpha * _rate, square = _alpha * _alpha;
            double[] carriedX = Carried(_x);
            double[][] ofRight = [.. Enumerable.Range(0, d).Select(r => Carried(WithRight(_right[r])))], ofLeft = [.. Enumerable.Range(0, d).Select(r => Carried(WithLeft(_left[r])))];
            double[][] from = [.. Enumerable.Range(0, d).Select(r => Carried(_from[r]))], to = [.. Enumerable.Range(0, d).Select(r => Carried(_to[r]))];
            double[,] both = new double[d, d];
            for (int r = 0; r < d; r++)
            {
                for (int s = 0; s < d; s++)
                    both[r, s] = (_mean * _whole[r, s]) + OffDiagonal(_left[r], _right[s]);
            }

            Matrix2 transfer = d == 1 ? new(_frame.L11 * _next.A, 0, 0, 0) : _frame.ToNext(_next);
            double[,] carriedFirst = { { _alpha * transfer.M11, _alpha * transfer.M21 }, { _alpha * transfer.M12, _alpha * transfer.M22 } };
            for (int order = 0; order <= _highest; order++)
            {
                for (int j = 0; j <= (d == 1 ? 0 : order); j++)
                {
                    int at = ProductModes.Offset(order, d) + j;
                    // X.
                    double x = square * carriedX[at];
                    if (order - j > 0)
                        x += mixed * Math.Sqrt(order - j) * (ofRight[0][Below(order, j)] + ofLeft[0][Below(order, j)]);
                    if (j > 0)
                        x += mixed * Math.Sqrt(j) * (ofRight[1][Below(order, j - 1)] + ofLeft[1][Below(order, j - 1)]);
                    if (order == 2)
                        x += _rate * _rate * (j == 0 ? Math.Sqrt(2) * both[0, 0] : j == 1 ? both[0, 1] + both[1, 0] : Math.Sqrt(2) * both[1, 1]);
                    result[at] = order == 0 ? 0 : x;
                    // b.
                    for (int r = 0; r < d; r++)
                    {
                        double left = mixed * ofLeft[r][at], right = mixed * ofRight[r][at];
                        for (int s = 0; s < d; s++)
                        {
                            left += square * carriedFirst[r, s] * from[s][at];
                            right += square * carriedFirst[r, s] * to[s][at];
                        }

                        if (order == 1)
                        {
                            left += (mixed * ofRight[j][First(r)]) + (_rate * _rate * both[r, j]);
                            right += (mixed * ofLeft[j][First(r)]) + (_rate * _rate * both[j, r]);
                        }

                        result[((1 + r) * stride) + at] = left;
                        result[((3 + r) * stride) + at] = right;
                    }
                }
            }

            // w, with the slopes on either side.
            double whole = _mean * _mean * _fourSlopes;
            Tables(_first, _second, _slopesOfFirst, _slopesOfSecond, result[(5 * stride)..]);
            Tables(_second, _first, _slopesOfSecond, _slopesOfFirst, result[(6 * stride)..]);
            Tables(_swapped, _swapped, _slopes, _slopes, result[(7 * stride)..]);
            return (result[5 * stride] + result[7 * stride]) / 2;

            void Tables(double[] here, double[] other, double[] slopesHere, double[] slopesThere, Span<double> to)
            {
                // T(he_A, slopes there), and T(slopes here, 1).
                double mean = _mean * _mean;
                var functional = new double[_length];
                double against = 0;
                for (int at = 0; at < _length; at++)
                {
                    functional[at] = (mean * slopesThere[at]) + (slopesThere[0] * here[at]);
                    against += slopesThere[at] * other[at];
                }

                functional[0] += against - (slopesThere[0] * here[0]);
                double[] carried = Carried(here), carriedFunctional = Carried(functional);
                for (int at = 0; at < _length; at++)
                    to[at] = (square * square * carried[at]) + (_alpha * mixed * carriedFunctional[at]);
                double withOne = mean * slopesHere[0], withSlopes = slopesHere[0] * against;
                for (int at = 0; at < _length; at++)
                {
                    withOne += slopesHere[at] * here[at];
                    withSlopes += slopesThere[0] * slopesHere[at] * here[at];
                }

                withSlopes -= slopesHere[0] * slopesThere[0] * here[0];
                to[0] += (_alpha * mixed * withOne) + (_rate * _rate * (whole + withSlopes));
            }
        }

        private int Below(int order, int j) => ProductModes.Offset(order - 1, _dimension) + j;

        private int First(int r) => ProductModes.Offset(1, _dimension) + r;

        // B(he_A, f) for all A.
        private double[] WithRight(double[] function) => Functional(function, _to, _from);

        // B(f, he_A).
        private double[] WithLeft(double[] function) => Functional(function, _from, _to);

        // Theta0 f_A + sum_s f_s toward_s(A) + [A = e_s] (sum_C f_C away_s(C) - sum_t f_t toward_t(e_s)).
        private double[] Functional(double[] function, double[][] toward, double[][] away)
        {
            var result = new double[_length];
            for (int at = 0; at < _length; at++)
            {
                result[at] = _mean * function[at];
                for (int s = 0; s < _dimension; s++)
                    result[at] += function[First(s)] * toward[s][at];
            }

            for (int s = 0; s < _dimension; s++)
            {
                for (int t = 0; t < _dimension; t++)
                    result[First(s)] -= function[First(t)] * toward[t][First(s)];
                for (int at = 0; at < _length; at++)
                    result[First(s)] += function[at] * away[s][at];
            }

            return result;
        }

        private double OffDiagonal(double[] left, double[] right)
        {
            double sum = 0;
            for (int r = 0; r < _dimension; r++)
            {
                for (int at = 0; at < _length; at++)
                    sum += (left[First(r)] * right[at] * _from[r][at]) + (right[First(r)] * left[at] * _to[r][at]);
                for (int s = 0; s < _dimension; s++)
                    sum -= left[First(r)] * right[First(s)] * _from[r][First(s)];
            }

            return sum;
        }

        // P he'_A in the modes of this frame, applied to a table over these.
        private double[] Carried(double[] table)
        {
            var result = new double[_length];
            for (int order = 0; order <= _highest; order++)
            {
                int count = ModeLayout.Count(order, _dimension), start = ProductModes.Offset(order, _dimension);
                for (int i = 0; i < count; i++)
                    result[start + i] = VectorSums.Dot(_matrices[order].AsSpan(i * count, count), table.AsSpan(start, count));
            }

            return result;
        }

        private static double[] Scaled(double[] function, double factor) => [.. function.Select(value => factor * value)];
    }
}
