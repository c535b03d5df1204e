// Cov(sigma_a sigma_b, sigma_c sigma_d) over N(0, K), for all pairs of inputs.
//   one or two different inputs among a, b, c, d    E[f(phi_a) g(phi_b)] = sum_m rho^m f_m g_m, f and g powers of sigma (Mehler); at |rho| = 1 the mean of one function
//   three or four                                   the modes of both products up to a highest order, through the correlations of their frames; by Bessel's inequality
//                                                   what is left out is at most the geometric mean of what is left of each

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Covariances of products of a function at different inputs.</summary>
internal sealed partial class SourceCovariance
{
    private const int HighestOfProducts = 40;
    private const double Negligible = 1e-14;

    private readonly int _inputs;
    private readonly bool _estimates;
    private readonly FactorModes[] _powers; // sigma^m, m = 1..4
    private readonly FluctuationEquation? _modes;
    private readonly SymmetricPower? _symmetric;
    private readonly IReadOnlyList<InputPair> _pairs;
    private readonly ModeLayout _layout;
    private readonly Dictionary<(int First, int Second, double Ratio), FactorModes> _onLines = [];

    /// <summary>Prepares a function.</summary>
    /// <param name="function">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public SourceCovariance(ActivationDescription function, int inputs, bool estimates)
    {
        (_inputs, _estimates, _pairs) = (inputs, estimates, PairIndexing.All(inputs));
        _layout = new ModeLayout(inputs, []);
        _powers = [.. Enumerable.Range(1, 4).Select(power => new FactorModes(Power(function, power), -1, FluctuationEquation.Target, estimates))];
        if (inputs < 3)
            return;
        _modes = new FluctuationEquation(function, inputs, HighestOfProducts, estimates);
        _symmetric = new SymmetricPower(HighestOfProducts);
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

    // Those of three and four different inputs.
    private void InModes(ReadOnlySpan<double> kernel, Span<double> result)
    {
        FluctuationCoefficients here = _modes!.At(kernel);
        int pairs = _pairs.Count;
        var frames = new PairFrame[pairs];
        double[] beyond = new double[pairs], above = new double[pairs * (HighestOfProducts + 1)];
        for (int pair = 0; pair < pairs; pair++)
        {
            (frames[pair], beyond[pair]) = (here.Pairs[pair].Frame, _modes.SquareBeyond(kernel, pair));
            for (int order = HighestOfProducts; order > 0; order--)
            {
                ReadOnlySpan<double> modes = here.Pairs[pair].Order(order);
                above[(pair * (HighestOfProducts + 1)) + order - 1] = above[(pair * (HighestOfProducts + 1)) + order] + VectorSums.Dot(modes, modes);
            }
        }

        Span<double> row = stackalloc double[HighestOfProducts + 1];
        for (int p = 0; p < pairs; p++)
        {
            for (int q = p + 1; q < pairs; q++)
            {
                (int a, int b) = _pairs[p];
                (int c, int d) = _pairs[q];
                int other = b != a ? b : c != a ? c : d;
                if ((c == a || c == other) && (d == a || d == other))
                    continue;
                PairFluctuation left = here.Pairs[p], right = here.Pairs[q];
                Matrix2 correlations = _layout.Correlations(frames, p, q, kernel);
                _symmetric!.Start(correlations, left.Dimension, right.Dimension);
                double sum = 0, size = Math.Sqrt(left.Square * right.Square);
                for (int order = 1; order <= HighestOfProducts; order++)
                {
                    // By Cauchy-Schwarz what the orders that follow hold is at most this.
                    if (Math.Sqrt(above[(p * (HighestOfProducts + 1)) + order - 1] * above[(q * (HighestOfProducts + 1)) + order - 1]) < Negligible * size)
                        break;
                    _symmetric.Raise(order);
                    Span<double> columns = row[.._symmetric.Columns];
                    columns.Clear();
                    _symmetric.AddTransposed(left.Order(order), 1, columns);
                    sum += VectorSums.Dot(columns, right.Order(order));
                }

                (result[(p * pairs) + q], result[(q * pairs) + p]) = (sum, sum);
                if (beyond[p] > 0 && beyond[q] > 0)
                    Note(HighestOfProducts, Math.Sqrt(beyond[p] * beyond[q]) / size);
            }
        }
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
        double sum = 0;
        for (int stage = 0; stage < FactorModes.StageCount; stage++)
        {
            FactorSample first = _powers[m - 1].At(kaa, stage), second = _powers[n - 1].At(kbb, stage);
            double power = 1;
            sum = 0;
            for (int order = 0; order < first.Orders; order++, power *= frame.Correlation)
                sum += first.Coefficients[order] * second.Coefficients[order] * power;
            double left = Math.Abs(power) * Math.Sqrt(first.Remainder * second.Remainder), size = Math.Sqrt(first.MeanSquare * second.MeanSquare);
            if (left <= FluctuationEquation.Target * size)
                return sum;
            if (stage == FactorModes.StageCount - 1)
                Note(first.Orders, left / size);
        }

        return sum;
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
