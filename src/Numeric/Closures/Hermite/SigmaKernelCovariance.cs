// Cov(sigma_a sigma_b, sigma_c sigma_d) over N(0, K), for all pairs of inputs.
//   one or two different inputs among a, b, c, d    E[f(phi_a) g(phi_b)] = sum_m rho^m f_m g_m, f and g powers of sigma (Mehler); at |rho| = 1 the mean of one function
//   three or four                                   E[F_p F_q] of the split of the four into two pairs that are least correlated: the modes of both products up to a highest order,
//                                                   through the correlations C of their frames; by Bessel's inequality what is left out is at most |C|^k times the geometric mean of
//                                                   what is left of each. Of three, the one that occurs twice is a pair: |C| is its correlation with the other two

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Covariances of products of a function at different inputs.</summary>
internal sealed partial class SigmaKernelCovariance
{
    /// <summary>The highest order of the modes in which products at three and four inputs are kept.</summary>
    internal const int HighestOfProducts = 40;

    private const double Negligible = 1e-15;

    private readonly int _inputs;
    private readonly bool _estimates;
    private readonly FactorModes[] _powers; // sigma^m, m = 1..4
    private readonly FluctuationEquation? _modes;
    private readonly SymmetricPower? _symmetric;
    private readonly IReadOnlyList<InputPair> _pairs;
    private readonly ModeLayout _layout;
    private readonly (int P, int Q)[][] _splits = [];
    private readonly PairFrame[] _frames = [];
    private readonly double[] _beyond = [], _above = []; // of each pair what is beyond all orders, and after each order with that
    private readonly Dictionary<(int First, int Second, double Ratio), FactorModes> _onLines = [];

    /// <summary>Prepares a function.</summary>
    /// <param name="function">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public SigmaKernelCovariance(ActivationDescription function, int inputs, bool estimates)
    {
        (_inputs, _estimates, _pairs) = (inputs, estimates, PairIndexing.All(inputs));
        _layout = new ModeLayout(inputs, []);
        _powers = [.. Enumerable.Range(1, 4).Select(power => new FactorModes(Power(function, power), -1, FluctuationEquation.Target, estimates))];
        if (inputs < 3)
            return;
        _modes = new FluctuationEquation(function, inputs, HighestOfProducts, estimates);
        _symmetric = new SymmetricPower(HighestOfProducts);
        (_splits, _frames, _beyond, _above) = (Splits(_pairs), new PairFrame[_pairs.Count], new double[_pairs.Count], new double[_pairs.Count * (HighestOfProducts + 1)]);
    }

    /// <summary>The highest order kept of products at different inputs, and the largest share of their variance above it.</summary>
    public (int Order, double Share) Beyond { get; private set; }

    /// <summary>The covariances, pairs by pairs, at a kernel over pairs.</summary>
    public void At(ReadOnlySpan<double> kernel, Span<double> result)
    {
        int pairs = _pairs.Count;
        var means = new double[pairs];
        for (int pair = 0; pair < pairs; pair++)
            means[pair] = Mean(_pairs[pair].First, _pairs[pair].Second, 1, 1, kernel);
        for (int p = 0; p < pairs; p++)
        {
            for (int q = p; q < pairs; q++)
            {
                (int a, int b) = _pairs[p];
                (int c, int d) = _pairs[q];
                int other = b != a ? b : c != a ? c : d;
                if ((c != a && c != other) || (d != a && d != other))
                    continue;
                int first = 1 + (b == a ? 1 : 0) + (c == a ? 1 : 0) + (d == a ? 1 : 0);
                double value = Mean(a, other, first, 4 - first, kernel) - (means[p] * means[q]);
                (result[(p * pairs) + q], result[(q * pairs) + p]) = (value, value);
            }
        }

        if (_modes is not null)
            InModes(kernel, result);
    }

    // Those of three and four different inputs: each set of four is computed once, for all of its splits.
    private void InModes(ReadOnlySpan<double> kernel, Span<double> result)
    {
        FluctuationCoefficients here = _modes!.At(kernel);
        int pairs = _pairs.Count, stride = HighestOfProducts + 1;
        for (int pair = 0; pair < pairs; pair++)
        {
            (_frames[pair], _beyond[pair]) = (here.Pairs[pair].Frame, _modes.SquareBeyond(kernel, pair));
            for (int order = HighestOfProducts; order > 0; order--)
            {
                ReadOnlySpan<double> modes = here.Pairs[pair].Order(order);
                _above[(pair * stride) + order - 1] = (order == HighestOfProducts ? _beyond[pair] : _above[(pair * stride) + order]) + VectorSums.Dot(modes, modes);
            }
        }

        foreach ((int P, int Q)[] splits in _splits)
        {
            (int P, int Q) best = splits[0];
            double smallest = double.PositiveInfinity;
            foreach ((int P, int Q) split in splits)
            {
                double norm = _layout.Correlations(_frames, split.P, split.Q, kernel).Norm;
                if (norm < smallest && !IsFourth(split))
                    (best, smallest) = (split, norm);
            }

            double mean = Covariance(here, best.P, best.Q, smallest, kernel) + (here.Pairs[best.P].Mean * here.Pairs[best.Q].Mean);
            foreach ((int p, int q) in splits)
            {
                double value = mean - (here.Pairs[p].Mean * here.Pairs[q].Mean);
                (result[(p * pairs) + q], result[(q * pairs) + p]) = (value, value);
            }
        }

        // Of three inputs (ab, ac) has the input a in common, and |C| = 1.
        bool IsFourth((int P, int Q) split) => _pairs[split.P] is var (a, b) && _pairs[split.Q] is var (c, d) && (a == c || a == d || b == c || b == d);
    }

    private double Covariance(FluctuationCoefficients here, int p, int q, double norm, ReadOnlySpan<double> kernel)
    {
        PairFluctuation left = here.Pairs[p], right = here.Pairs[q];
        int stride = HighestOfProducts + 1;
        _symmetric!.Start(_layout.Correlations(_frames, p, q, kernel), left.Dimension, right.Dimension);
        double sum = 0, size = Math.Sqrt(left.Square * right.Square), power = 1;
        Span<double> row = stackalloc double[stride];
        for (int order = 1; order <= HighestOfProducts; order++)
        {
            // By Cauchy-Schwarz what this order and those that follow hold is at most this.
            power *= Math.Min(1, norm);
            if (power * Math.Sqrt(_above[(p * stride) + order - 1] * _above[(q * stride) + order - 1]) < Negligible * size)
                return sum;
            _symmetric.Raise(order);
            Span<double> columns = row[.._symmetric.Columns];
            columns.Clear();
            _symmetric.AddTransposed(left.Order(order), 1, columns);
            sum += VectorSums.Dot(columns, right.Order(order));
        }

        if (_beyond[p] > 0 && _beyond[q] > 0)
            Note(HighestOfProducts, power * Math.Sqrt(_beyond[p] * _beyond[q]) / size);
        return sum;
    }

    // The pairs of pairs of three or four different inputs, together where they have the same four.
    private static (int P, int Q)[][] Splits(IReadOnlyList<InputPair> pairs)
    {
        int[] Inputs(int p, int q) => [.. new[] { pairs[p].First, pairs[p].Second, pairs[q].First, pairs[q].Second }.Order()];
        return [.. (from p in Enumerable.Range(0, pairs.Count)
                    from q in Enumerable.Range(p + 1, pairs.Count - p - 1)
                    let inputs = Inputs(p, q)
                    where inputs.Distinct().Count() > 2
                    group (p, q) by string.Join(",", inputs) into splits
                    select splits.ToArray())];
    }

    // E[sigma(phi_a)^m sigma(phi_b)^n].
    private double Mean(int a, int b, int m, int n, ReadOnlySpan<double> kernel)
    {
        double kaa = kernel[PairIndexing.Of(a, a, _inputs)];
        if (a == b || n == 0)
            return MeanOfOne(_powers[m + (a == b && n != 0 ? n : 0) - 1], kaa);
        PairFrame frame = PairFrame.Of(kaa, kernel[PairIndexing.Of(a, b, _inputs)], kernel[PairIndexing.Of(b, b, _inputs)]);
        double kbb = kernel[PairIndexing.Of(b, b, _inputs)];
        if (frame.Complement == 0 && kaa > 0 && kbb > 0)
            return MeanOfOne(frame.L21 == frame.L11 ? _powers[m + n - 1] : OnLine(m, n, frame.L21 / frame.L11), kaa);
        (double value, int orders, double left) = FactorModes.MeanOfProduct(_powers[m - 1], kaa, _powers[n - 1], kbb, frame.Correlation, FluctuationEquation.Target);
        if (left > 0)
            Note(orders, left);
        return value;
    }

    private static double MeanOfOne(FactorModes function, double variance) => function.At(variance, 0).Coefficients[0];

    private FactorModes OnLine(int m, int n, double ratio)
    {
        if (_onLines.TryGetValue((m, n, ratio), out FactorModes? known))
            return known;
        if (_onLines.Count == FactorModes.MostOnLines)
            _onLines.Clear();
        FactorModes modes = FactorModes.OnLine([(1, _powers[m - 1].Function, _powers[n - 1].Function)], ratio, FluctuationEquation.Target, _estimates);
        _onLines.Add((m, n, ratio), modes);
        return modes;
    }

    private void Note(int order, double share)
    {
        if (share > Beyond.Share)
            Beyond = (order, share);
    }

    private static ActivationDescription Power(ActivationDescription function, int exponent)
    {
        if (exponent == 1)
            return function;
        var power = new ActivationDescription($"({function.Name})^{exponent}", x => Math.Pow(function.Value(x), exponent)) { Kinks = function.Kinks };
        Express(power, function, exponent);
        return power;
    }

    // sigma^m as a formula, where proofs are at hand.
    static partial void Express(ActivationDescription power, ActivationDescription function, int exponent);
}
