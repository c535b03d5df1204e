// A perceptron of two inputs whose activation is linear on both sides of 0: the covariance Q of a row given the layers before is a Markov chain, Q' the average
// of n independent f(x) = C_W sigma sigma^T, x ~ N(0, Q). So the orders of its cumulants in 1/n follow from E f, E f f, E f f f as functions of Q alone, by the
// delta method: no modes, no Hermite functions, no integration by parts. In polar coordinates the means are integrals over arcs between the angles at which
// an input changes sign, analytic in Q; their derivatives are Cauchy's. Components of Q are 00, 01, 11.

using System.Numerics;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

/// <summary>The first orders in 1/n of the chain's cumulants and of those of G.</summary>
internal sealed class GramChain
{
    private const int Samples = 16, ArcNodes = 24, Highest = 4;

    private static readonly (int First, int Second)[] Pairs = [(0, 0), (0, 1), (1, 1)];

    private readonly double _weightVariance, _biasVariance;
    private readonly double[] _slopes;
    private readonly (double Node, double Weight)[] _arc;
    private double[] _kernel, _mean1 = new double[3], _mean2 = new double[3];
    private Tensor _covariance = new(2), _covariance1 = new(2), _third = new(3);

    /// <summary>Starts at K(0).</summary>
    public GramChain(double positive, double negative, double weightVariance, double biasVariance, double[] kernel)
    {
        (_weightVariance, _biasVariance, _slopes, _kernel) = (weightVariance, biasVariance, [positive, negative], kernel);
        var rule = new MathNet.Numerics.Integration.GaussLegendreRule(-1, 1, ArcNodes);
        _arc = [.. Enumerable.Range(0, ArcNodes).Select(at => (rule.GetAbscissa(at), rule.GetWeight(at)))];
    }

    /// <summary>A layer.</summary>
    public void Next()
    {
        // Derivatives of E f_r and of Cov(f_r, f_s).
        Dictionary<(int, int, int), Complex[]> derivatives = Derivatives();
        double Mean(int r, params int[] by) => derivatives[Orders(by)][r].Real;
        double Product(int r, int s, params int[] by) => derivatives[Orders(by)][3 + (r * 3) + s].Real;
        double[] three = Thirds();
        (double[] k1, double[] k2, Tensor d, Tensor d1, Tensor e) = (_mean1, _mean2, _covariance, _covariance1, _third);
        double[] kernel = new double[3], mean1 = new double[3], mean2 = new double[3];
        Tensor covariance = new(2), covariance1 = new(2), third = new(3);
        for (int r = 0; r < 3; r++)
        {
            kernel[r] = Mean(r);
            mean1[r] = Sum(1, i => Mean(r, i[0]) * k1[i[0]]) + Sum(2, i => Mean(r, i[0], i[1]) * d[i[0], i[1]] / 2);
            mean2[r] = Sum(1, i => Mean(r, i[0]) * k2[i[0]]) + Sum(2, i => Mean(r, i[0], i[1]) * (d1[i[0], i[1]] + (k1[i[0]] * k1[i[1]])) / 2)
                + Sum(3, i => Mean(r, i) * ((e[i] / 6) + (d[i[0], i[1]] * k1[i[2]] / 2))) + Sum(4, i => Mean(r, i) * d[i[0], i[1]] * d[i[2], i[3]] / 8);
            for (int s = 0; s < 3; s++)
            {
                covariance[r, s] = Sum(2, i => Mean(r, i[0]) * Mean(s, i[1]) * d[i[0], i[1]]) + Product(r, s);
                covariance1[r, s] = Sum(2, i => Mean(r, i[0]) * Mean(s, i[1]) * d1[i[0], i[1]]) + Half(r, s) + Half(s, r)
                    + Sum(4, i => Mean(r, i[0], i[1]) * Mean(s, i[2], i[3]) * d[i[0], i[2]] * d[i[1], i[3]] / 2)
                    + Sum(1, i => Product(r, s, i[0]) * k1[i[0]]) + Sum(2, i => Product(r, s, i[0], i[1]) * d[i[0], i[1]] / 2);
                for (int t = 0; t < 3; t++)
                {
                    third[r, s, t] = Sum(3, i => Mean(r, i[0]) * Mean(s, i[1]) * Mean(t, i[2]) * e[i]) + Curved(r, s, t) + Curved(s, t, r) + Curved(t, r, s)
                        + Noise(r, s, t) + Noise(s, t, r) + Noise(t, r, s) + three[(((r * 3) + s) * 3) + t];
                }
            }
        }

        (_kernel, _mean1, _mean2, _covariance, _covariance1, _third) = (kernel, mean1, mean2, covariance, covariance1, third);

        // Cov of the slope of E f_r with the curvatures of E f_s.
        double Half(int r, int s) => Sum(3, i => Mean(r, i[0]) * Mean(s, i[1], i[2]) * ((e[i] / 2) + (k1[i[1]] * d[i[0], i[2]]))) + Sum(4, i => Mean(r, i[0]) * Mean(s, i[1..]) * d[i[0], i[1]] * d[i[2], i[3]] / 2);
        double Curved(int r, int s, int t) => Sum(4, i => Mean(r, i[0]) * Mean(s, i[1]) * Mean(t, i[2], i[3]) * d[i[0], i[2]] * d[i[1], i[3]]);
        double Noise(int r, int s, int t) => Sum(2, i => Mean(r, i[0]) * Product(s, t, i[1]) * d[i[0], i[1]]);
    }

    /// <summary>The cumulants of G, whose rows are of N(0, Q), by the names and in the order of a solution.</summary>
    public Dictionary<string, double[]> Cumulants()
    {
        var result = new Dictionary<string, double[]> { ["K0"] = _kernel, ["K1"] = _mean1, ["K2"] = _mean2 };
        List<double> covariance = [], covariance1 = [], third = [];
        for (int p = 0; p < 3; p++)
        {
            for (int q = p; q < 3; q++)
            {
                covariance.Add(_covariance[p, q] + Loop(p, q, (u, v) => _kernel[u] * _kernel[v]));
                covariance1.Add(_covariance1[p, q] + Loop(p, q, (u, v) => (_kernel[u] * _mean1[v]) + (_mean1[u] * _kernel[v]) + _covariance[u, v]));
                for (int r = q; r < 3; r++)
                    third.Add(_third[p, q, r] + WithLoop(p, q, r) + WithLoop(q, r, p) + WithLoop(r, p, q) + Triangles(p, q, r));
            }
        }

        (result["V4"], result["V4_1"], result["V6"]) = ([.. covariance], [.. covariance1], [.. third]);
        return result;

        static double Loop(int p, int q, Func<int, int, double> value)
        {
            (int a, int b) = Pairs[p];
            (int c, int d) = Pairs[q];
            return value(a + c, b + d) + value(a + d, b + c);
        }

        double WithLoop(int p, int q, int r) => Loop(q, r, (u, v) => (_kernel[u] * _covariance[p, v]) + (_kernel[v] * _covariance[p, u]));

        double Triangles(int p, int q, int r) => Enumerable.Range(0, 8).Sum(way =>
        {
            (int First, int Second)[] ends = [.. new[] { p, q, r }.Select((pair, at) => (way >> at & 1) == 0 ? Pairs[pair] : (Pairs[pair].Second, Pairs[pair].First))];
            return _kernel[ends[0].Second + ends[1].First] * _kernel[ends[1].Second + ends[2].First] * _kernel[ends[2].Second + ends[0].First];
        });
    }

    private static (int, int, int) Orders(int[] by) => (by.Count(at => at == 0), by.Count(at => at == 1), by.Count(at => at == 2));

    private static double Sum(int indices, Func<int[], double> term)
    {
        double sum = 0;
        var at = new int[indices];
        for (int place = 0; place < (int)Math.Pow(3, indices); place++)
        {
            for (int index = 0, rest = place; index < indices; index++, rest /= 3)
                at[index] = rest % 3;
            sum += term(at);
        }

        return sum;
    }

    // E f_r, then Cov(f_r, f_s), by orders of derivatives in the three components of Q.
    private Dictionary<(int, int, int), Complex[]> Derivatives()
    {
        double radius = 0.2 * Math.Min(Math.Min(_kernel[0], _kernel[2]), Math.Sqrt(_kernel[0] * _kernel[2]) - Math.Abs(_kernel[1]));
        var result = new Dictionary<(int, int, int), Complex[]>();
        (int I, int J, int K)[] orders = [.. from i in Enumerable.Range(0, Highest + 1) from j in Enumerable.Range(0, Highest + 1 - i) from k in Enumerable.Range(0, Highest + 1 - i - j) select (i, j, k)];
        foreach ((int, int, int) order in orders)
            result[order] = new Complex[12];
        Complex[] turns = [.. Enumerable.Range(0, Samples).Select(at => Complex.FromPolarCoordinates(1, 2 * Math.PI * at / Samples))];
        double[] factorial = [1, 1, 2, 6, 24];
        // What is real on the axis has conjugate values on the other half of the circle.
        for (int a = 0; a <= Samples / 2; a++)
        {
            double sides = a is 0 or Samples / 2 ? 1 : 2;
            for (int b = 0; b < Samples; b++)
            {
                for (int c = 0; c < Samples; c++)
                {
                    Complex[] values = Values(_kernel[0] + (radius * turns[a]), _kernel[1] + (radius * turns[b]), _kernel[2] + (radius * turns[c]));
                    foreach ((int i, int j, int k) in orders)
                    {
                        Complex weight = Complex.Conjugate(turns[((a * i) + (b * j) + (c * k)) % Samples]) * (sides * factorial[i] * factorial[j] * factorial[k] / Math.Pow(radius, i + j + k) / (Samples * Samples * Samples));
                        Complex[] sum = result[(i, j, k)];
                        for (int at = 0; at < sum.Length; at++)
                            sum[at] += weight * values[at];
                    }
                }
            }
        }

        return result;
    }

    private Complex[] Values(Complex a, Complex b, Complex c)
    {
        Complex[,] moments = Moments(4, a, b, c);
        var values = new Complex[12];
        for (int r = 0; r < 3; r++)
        {
            values[r] = _biasVariance + (_weightVariance * moments[2 - r, r]);
            for (int s = 0; s < 3; s++)
                values[3 + (r * 3) + s] = _weightVariance * _weightVariance * (moments[4 - r - s, r + s] - (moments[2 - r, r] * moments[2 - s, s]));
        }

        return values;
    }

    // The third cumulant of C_W sigma sigma^T.
    private double[] Thirds()
    {
        Complex[,] moments = Moments(6, _kernel[0], _kernel[1], _kernel[2]);
        double Of(params int[] legs) => moments[(2 * legs.Length) - legs.Sum(), legs.Sum()].Real;
        return
        [
            .. from r in Enumerable.Range(0, 3) from s in Enumerable.Range(0, 3) from t in Enumerable.Range(0, 3)
               select Math.Pow(_weightVariance, 3) * (Of(r, s, t) - (Of(r) * Of(s, t)) - (Of(s) * Of(r, t)) - (Of(t) * Of(r, s)) + (2 * Of(r) * Of(s) * Of(t))),
        ];
    }

    // E sigma(x)^i sigma(y)^j for i + j even, with x = sqrt(a) r cos(t), y = sqrt(c) r cos(t - phi).
    private Complex[,] Moments(int highest, Complex a, Complex b, Complex c)
    {
        Complex first = Complex.Sqrt(a), second = Complex.Sqrt(c), phi = Complex.Acos(b / (first * second));
        Complex[] cuts = [-Math.PI / 2, phi - (Math.PI / 2), Math.PI / 2, phi + (Math.PI / 2), 3 * Math.PI / 2];
        (double X, double Y)[] slopes = [(_slopes[0], _slopes[1]), (_slopes[0], _slopes[0]), (_slopes[1], _slopes[0]), (_slopes[1], _slopes[1])];
        var moments = new Complex[highest + 1, highest + 1];
        for (int arc = 0; arc < 4; arc++)
        {
            Complex centre = (cuts[arc] + cuts[arc + 1]) / 2, half = (cuts[arc + 1] - cuts[arc]) / 2;
            foreach ((double node, double weight) in _arc)
            {
                Complex angle = centre + (half * node), x = slopes[arc].X * first * Complex.Cos(angle), y = slopes[arc].Y * second * Complex.Cos(angle - phi), left = half * weight / (2 * Math.PI);
                for (int i = 0; i <= highest; i++, left *= x)
                {
                    Complex product = left;
                    for (int j = 0; i + j <= highest; j++, product *= y)
                        moments[i, j] += product;
                }
            }
        }

        // E r^(2m) = 2^m m!.
        for (int i = 0; i <= highest; i++)
        {
            for (int j = i % 2; i + j <= highest; j += 2)
            {
                for (int m = 1; m <= (i + j) / 2; m++)
                    moments[i, j] *= 2 * m;
            }
        }

        return moments;
    }

    private sealed class Tensor(int rank)
    {
        private readonly double[] _values = new double[(int)Math.Pow(3, rank)];

        public double this[params int[] at]
        {
            get => _values[Place(at)];
            set => _values[Place(at)] = value;
        }

        private int Place(int[] at) => at.Take(rank).Aggregate(0, (place, index) => (place * 3) + index);
    }
}
