// Cov(f_a f_b, h_c h_d) over N(0, K) of two functions, for all pairs of inputs; as SigmaKernelCovariance, whose two functions are one.
//   one or two different inputs among a, b, c, d    E[F(phi_a) H(phi_b)] = sum_m rho^m F_m H_m, F and H products of powers of f and h (Mehler)
//   three or four                                   the modes of both products up to a highest order, through the correlations of their frames

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Covariances of products of one function with products of another.</summary>
internal sealed partial class ProductsCovariance
{
    private const int HighestOrder = SigmaKernelCovariance.HighestOfProducts;

    private readonly int _inputs;
    private readonly bool _estimates;
    private readonly ActivationDescription _function, _other;
    private readonly SortedDictionary<(int, int), FactorModes> _powers = [];
    private readonly FluctuationEquation? _first, _second;
    private readonly SymmetricPower? _symmetric;
    private readonly ModeLayout _layout;

    /// <summary>Prepares two functions.</summary>
    /// <param name="function">f.</param>
    /// <param name="other">h.</param>
    /// <param name="inputs">N.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public ProductsCovariance(ActivationDescription function, ActivationDescription other, int inputs, bool estimates)
    {
        (_function, _other, _inputs, _estimates) = (function, other, inputs, estimates);
        _layout = new ModeLayout(inputs, []);
        if (inputs < 3)
            return;
        (_first, _second) = (new(function, inputs, HighestOrder, estimates), new(other, inputs, HighestOrder, estimates));
        _symmetric = new SymmetricPower(HighestOrder);
    }

    /// <summary>The highest order kept of products at different inputs, and the largest share of their variance above it.</summary>
    public (int Order, double Share) Beyond { get; private set; }

    /// <summary>The covariances, pairs of f by pairs of h, at a kernel over pairs.</summary>
    public void At(ReadOnlySpan<double> kernel, Span<double> result)
    {
        int pairs = _layout.Pairs.Length;
        FluctuationCoefficients? left = null, right = null;
        PairFrame[] frames = [];
        for (int p = 0; p < pairs; p++)
        {
            for (int q = 0; q < pairs; q++)
            {
                (int a, int b) = _layout.Pairs[p];
                (int c, int d) = _layout.Pairs[q];
                int other = b != a ? b : c != a ? c : d;
                if ((c != a && c != other) || (d != a && d != other))
                {
                    left ??= _first!.At(kernel);
                    right ??= _second!.At(kernel);
                    if (frames.Length == 0)
                        frames = [.. left.Pairs.Select(pair => pair.Frame)];
                    result[(p * pairs) + q] = InModes(left.Pairs[p], right.Pairs[q], frames, p, q, kernel);
                    continue;
                }

                int first = (b == a ? 1 : 0) + 1, second = (c == a ? 1 : 0) + (d == a ? 1 : 0);
                result[(p * pairs) + q] = Mean(a, other, (first, second), (2 - first, 2 - second), kernel)
                    - (Mean(a, b, a == b ? (2, 0) : (1, 0), a == b ? (0, 0) : (1, 0), kernel) * Mean(c, d, c == d ? (0, 2) : (0, 1), c == d ? (0, 0) : (0, 1), kernel));
            }
        }
    }

    private double InModes(PairFluctuation left, PairFluctuation right, PairFrame[] frames, int p, int q, ReadOnlySpan<double> kernel)
    {
        _symmetric!.Start(_layout.Correlations(frames, p, q, kernel), left.Dimension, right.Dimension);
        double sum = 0;
        Span<double> row = stackalloc double[HighestOrder + 1];
        for (int order = 1; order <= HighestOrder; order++)
        {
            _symmetric.Raise(order);
            Span<double> columns = row[.._symmetric.Columns];
            columns.Clear();
            _symmetric.AddTransposed(left.Order(order), 1, columns);
            sum += VectorSums.Dot(columns, right.Order(order));
        }

        // By Bessel's inequality the modes above hold at most the geometric mean of what is left of each.
        double first = _first!.SquareBeyond(kernel, p), second = _second!.SquareBeyond(kernel, q);
        if (first > 0 && second > 0)
            Note(HighestOrder, Math.Sqrt(first * second / (left.Square * right.Square)));
        return sum;
    }

    /// <summary>E[(f^m h^n)(phi_a) (f^m' h^n')(phi_b)].</summary>
    public double Mean(int a, int b, (int F, int H) here, (int F, int H) there, ReadOnlySpan<double> kernel)
    {
        double kaa = kernel[PairIndexing.Of(a, a, _inputs)];
        if (a == b || there == (0, 0))
            return Power((here.F + there.F, here.H + there.H)).At(kaa, 0).Coefficients[0];
        double kbb = kernel[PairIndexing.Of(b, b, _inputs)];
        PairFrame frame = PairFrame.Of(kaa, kernel[PairIndexing.Of(a, b, _inputs)], kbb);
        if (frame.Complement == 0 && kaa > 0 && kbb > 0)
        {
            return frame.L21 == frame.L11
                ? Power((here.F + there.F, here.H + there.H)).At(kaa, 0).Coefficients[0]
                : FactorModes.OnLine([(1, Power(here).Function, Power(there).Function)], frame.L21 / frame.L11, FluctuationEquation.Target, _estimates).At(kaa, 0).Coefficients[0];
        }

        (double value, int orders, double left) = FactorModes.MeanOfProduct(Power(here), kaa, Power(there), kbb, frame.Correlation, FluctuationEquation.Target);
        if (left > 0)
            Note(orders, left);
        return value;
    }

    /// <summary>f^m h^n.</summary>
    public FactorModes Power((int F, int H) of)
    {
        if (_powers.TryGetValue(of, out FactorModes? known))
            return known;
        return _powers[of] = new FactorModes(Product(of.F, of.H), -1, FluctuationEquation.Target, _estimates);
    }

    private ActivationDescription Product(int f, int h)
    {
        if (f + h == 1)
            return f == 1 ? _function : _other;
        string name = f == 0 ? $"({_other.Name})^{h}" : h == 0 ? $"({_function.Name})^{f}" : $"({_function.Name})^{f} ({_other.Name})^{h}";
        var product = new ActivationDescription(name, x => Math.Pow(_function.Value(x), f) * Math.Pow(_other.Value(x), h)) { Kinks = [.. _function.Kinks.Concat(_other.Kinks).DistinctBy(kink => kink.Position)] };
        Express(product, f, h);
        return product;
    }

    // f^m h^n as a formula, where proofs are at hand.
    partial void Express(ActivationDescription product, int f, int h);

    private void Note(int order, double share)
    {
        if (share > Beyond.Share)
            Beyond = (order, share);
    }
}
