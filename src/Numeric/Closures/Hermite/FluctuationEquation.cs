using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Hermite;

// The linear equation of the fluctuations at leading order,
//   g' = alpha^2 g + eps^2 C_W xi(sigma sigma) + noise,
//   xi(sigma_a sigma_b) = chi_aa g_aa + chi_ab g_ab + chi_bb g_bb + sum over orders k other than 2 of
//                         sum_j beta_kj xi(he_(k-j)(z1) he_j(z2)),
// in the frame z = (A phi_a, B phi_a + D phi_b) of each pair. beta are the Hermite coefficients of sigma_a sigma_b; those of
// order 2 become chi by writing he_2(z1)/..., z1 z2, he_2(z2) as quadratic forms in phi:
//   he_2(z1) = (z1^2 - 1)/sqrt2,  z1^2 = A^2 aa,  z1 z2 = AB aa + AD ab,  z2^2 = B^2 aa + 2BD ab + D^2 bb.

/// <summary>Coefficients of the linear fluctuation equation at any kernel.</summary>
internal sealed partial class FluctuationEquation
{
    /// <summary>Accuracy of every coefficient, relative to the norm of sigma_a sigma_b.</summary>
    internal const double Target = 1e-12;

    // The size s^j of a mode below which it is rounding.
    private const double SmallestMode = 1e-14;

    private readonly FactorModes _factor, _square;
    private readonly ProductModes _products;
    private double[] _latestKernel = [];
    private FluctuationCoefficients? _latest;

    /// <summary>Prepares an activation.</summary>
    /// <param name="activation">sigma; only its values and kinks are used, never its derivatives.</param>
    /// <param name="inputs">N.</param>
    /// <param name="highestOrder">The highest order k of a mode, 2 to 162: that of a closure, and two more where a norm takes them.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public FluctuationEquation(ActivationDescription activation, int inputs, int highestOrder, bool estimates = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(highestOrder, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(highestOrder, 162);
        (Inputs, HighestOrder) = (inputs, highestOrder);
        HasOnlyEvenOrders = IsEvenOrOdd(activation);
        var square = new ActivationDescription($"({activation.Name})^2", x => activation.Value(x) is var y ? y * y : 0)
        {
            Batch = (points, values) =>
            {
                activation.Fill(0, points, values);
                for (var n = 0; n < values.Length; n++) values[n] *= values[n];
            },
            Kinks = activation.Kinks,
        };
        Express(square, activation);
        _square = new FactorModes(square, -1, Target, estimates);
        _factor = new FactorModes(activation, highestOrder, Target, estimates);
        _products = new ProductModes(_factor, _factor, _square, highestOrder, Target);
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>The highest order of a mode.</summary>
    public int HighestOrder { get; }

    /// <summary>True if sigma is even or odd, so that sigma_a sigma_b has no modes of odd order.</summary>
    public bool HasOnlyEvenOrders { get; }

    /// <summary>The coefficients at a kernel.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <exception cref="InvalidKernelException">The kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    public FluctuationCoefficients At(ReadOnlySpan<double> kernel)
    {
        // Several equations that advance together ask for the same kernel one after another.
        if (_latest is not null && kernel.SequenceEqual(_latestKernel)) return _latest;
        IReadOnlyList<InputPair> pairs = PairIndexing.All(Inputs);
        var result = new PairFluctuation[pairs.Count];
        for (var pair = 0; pair < result.Length; pair++)
        {
            (int a, int b) = pairs[pair];
            double kaa = kernel[PairIndexing.Of(a, a, Inputs)];
            if (a == b)
            {
                var one = new double[HighestOrder + 1];
                _products.OneInput(kaa, one);
                result[pair] = new PairFluctuation(PairFrame.Of(kaa), one, _products.Error);
                continue;
            }

            double kbb = kernel[PairIndexing.Of(b, b, Inputs)];
            PairFrame frame = PairFrame.Of(kaa, kernel[pair], kbb);
            var two = new double[ProductModes.Length(HighestOrder, 2)];
            _products.TwoInputs(frame, kaa, kbb, two);
            double dropped = DropRounding(frame, two);
            result[pair] = new PairFluctuation(frame, two, _products.Error + dropped);
        }

        (_latestKernel, _latest) = (kernel.ToArray(), new FluctuationCoefficients(Inputs, HighestOrder, result));
        return _latest;
    }

    /// <summary>
    /// The variance of sigma_a sigma_b in modes above <see cref="HighestOrder"/>: E[sigma_a^2 sigma_b^2], by Mehler's formula from the modes of
    /// sigma^2, less what the coefficients have. Not below it but for rounding of the former, never negative.
    /// </summary>
    public double SquareBeyond(ReadOnlySpan<double> kernel, int pair)
    {
        (int a, int b) = PairIndexing.All(Inputs)[pair];
        double kaa = kernel[PairIndexing.Of(a, a, Inputs)], kbb = kernel[PairIndexing.Of(b, b, Inputs)], whole = 0;
        PairFluctuation here = At(kernel).Pairs[pair];
        if (a == b)
        {
            whole = _square.At(kaa, _products.StageOfOneInput).MeanSquare;
        }
        else
        {
            FactorSample first = _square.At(kaa, _products.StageOfOneInput), second = _square.At(kbb, _products.StageOfOneInput);
            double power = 1;
            for (int m = 0; m < first.Orders; m++, power *= here.Frame.Correlation) whole += first.Coefficients[m] * second.Coefficients[m] * power;
            whole += Math.Abs(power) * Math.Sqrt(first.Remainder * second.Remainder);
        }

        return Math.Max(0, whole - here.Square);
    }

    // sigma^2 as a formula, where proofs are at hand.
    static partial void Express(ActivationDescription square, ActivationDescription activation);

    // Near rho = +-1 the coefficient of he_i(z1) he_j(z2) is of order s^j, and the covariances of g in these units carry
    // rounding of order s^-j. Where s^j is below the accuracy of a coefficient only noise would be left of it.
    private double DropRounding(in PairFrame frame, Span<double> coefficients)
    {
        double size = 1, largest = 0;
        for (var j = 0; j <= HighestOrder; j++, size *= frame.Complement)
        {
            if (size > SmallestMode) continue;
            for (var order = j; order <= HighestOrder; order++)
            {
                ref double coefficient = ref coefficients[ProductModes.Offset(order, 2) + j];
                (largest, coefficient) = (Math.Max(largest, Math.Abs(coefficient)), 0);
            }
        }

        return largest;
    }

    /// <summary>Whether sigma is even or odd, as far as values at many points tell: products of two of it are even then.</summary>
    internal static bool IsEvenOrOdd(ActivationDescription activation)
    {
        bool even = true, odd = true;
        for (var n = 0; n <= 256; n++)
        {
            double x = n * 0.1875, above = activation.Value(x), below = activation.Value(-x);
            even &= above == below;
            odd &= above == -below;
        }

        return even || odd;
    }
}

/// <summary>Coefficients of the linear fluctuation equation at one kernel.</summary>
/// <param name="Inputs">N.</param>
/// <param name="HighestOrder">The highest order of a mode.</param>
/// <param name="Pairs">One entry per pair of inputs.</param>
internal sealed record FluctuationCoefficients(int Inputs, int HighestOrder, IReadOnlyList<PairFluctuation> Pairs);

/// <summary>xi(sigma_a sigma_b) of one pair of inputs in the modes of that pair; without the factor C_W.</summary>
internal sealed class PairFluctuation
{
    private readonly double[] _coefficients;

    internal PairFluctuation(PairFrame frame, double[] coefficients, double error)
    {
        (Frame, _coefficients, Error) = (frame, coefficients, error);
        ReadOnlySpan<double> second = Order(2);
        var root = Math.Sqrt(0.5);
        ResponseFirst = second[0] * frame.A * frame.A * root;
        if (frame.Dimension == 1) return;
        ResponseFirst += (second[1] * frame.A * frame.B) + (second[2] * frame.B * frame.B * root);
        ResponseCross = (second[1] * frame.A * frame.D) + (2 * second[2] * frame.B * frame.D * root);
        ResponseSecond = second[2] * frame.D * frame.D * root;
    }

    internal PairFrame Frame { get; }

    /// <summary>By how much each coefficient can be off.</summary>
    public double Error { get; }

    /// <summary>1 for a pair of an input with itself, else 2.</summary>
    public int Dimension => Frame.Dimension;

    /// <summary>z1 = A phi_a.</summary>
    public double A => Frame.A;

    /// <summary>z2 = B phi_a + D phi_b.</summary>
    public double B => Frame.B;

    /// <summary>z2 = B phi_a + D phi_b; 0 for a singular pair, where z2 does not occur.</summary>
    public double D => Frame.D;

    /// <summary>E[sigma_a sigma_b].</summary>
    public double Mean => _coefficients[0];

    /// <summary>The coefficient of g_aa; for one input the whole response.</summary>
    public double ResponseFirst { get; }

    /// <summary>The coefficient of g_ab.</summary>
    public double ResponseCross { get; }

    /// <summary>The coefficient of g_bb.</summary>
    public double ResponseSecond { get; }

    /// <summary>The sum of the squares of all coefficients.</summary>
    public double Square => VectorSums.Dot(_coefficients, _coefficients);

    /// <summary>
    /// beta of one order k: the j-th belongs to he_(k-j)(z1) he_j(z2), j = 0..k; for one input there is only j = 0.
    /// he_k are the orthonormal Hermite polynomials.
    /// </summary>
    public ReadOnlySpan<double> Order(int order) =>
        _coefficients.AsSpan(ProductModes.Offset(order, Dimension), Dimension == 1 ? 1 : order + 1);
}
