// Gaussian numbers of closures on modes, in the orthonormal Hermite modes of each pair of inputs:
//   SigmaKernelInModes         sigma_a sigma_b = E2 + B2 g + B he:   products of one-input expansions (FluctuationEquation)
//   ContractWithOverlaps  B_k . S_k(C), C the correlations of the frames of two pairs (Mehler)
//   CarriedModes          P he_k' in the modes of this frame:   S_k(alpha T)^T,   w = T w'
//   DriftOfModes          the same for a frame that moves with dK0 = Q dt
//   SecondDerivatives     sum_r s_r D_r he_k = sqrt(k(k-1)) s(w) he_(k-2),   s(w) = v_e v_f s_ef, v = L'^-T w, as binary forms
//   FourthDerivatives     sum_ru C_ru D_r D_u he_4 = sqrt(4!) C(w, w)

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on modes.</summary>
internal sealed class ModeNumbers
{
    private readonly FluctuationEquation? _fluctuations;
    private readonly SymmetricPower _power;
    private readonly PairFrame[] _frames, _nextFrames;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="fluctuations">The expansion of sigma_a sigma_b, to an order not below any of the orders.</param>
    /// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity are left out.</param>
    public ModeNumbers(FluctuationEquation fluctuations, IEnumerable<int> orders)
        : this(new IndexRanges(fluctuations.Inputs, orders.Where(order => !fluctuations.HasOnlyEvenOrders || order % 2 == 0))) => _fluctuations = fluctuations;

    /// <summary>Prepares the recipes of a network with several functions.</summary>
    /// <param name="ranges">What the indices count to.</param>
    public ModeNumbers(IndexRanges ranges)
    {
        Ranges = ranges;
        _power = new SymmetricPower(Math.Max(2, Modes.Orders.DefaultIfEmpty(2).Max()));
        (_frames, _nextFrames) = (new PairFrame[Modes.Pairs.Length], new PairFrame[Modes.Pairs.Length]);
    }

    /// <summary>What the indices count to.</summary>
    public IndexRanges Ranges { get; }

    private ModeLayout Modes => Ranges.Modes;

    /// <summary>sigma_a sigma_b = E2 + B2 g + B he.</summary>
    /// <param name="kernel">K0 over pairs, as everywhere here.</param>
    /// <param name="mean">E2 over pairs.</param>
    /// <param name="response">B2 over pairs and pairs.</param>
    /// <param name="modes">B over the modes of the orders other than 2.</param>
    public void SigmaKernelInModes(ReadOnlySpan<double> kernel, Span<double> mean, Span<double> response, Span<double> modes) => SigmaKernelInModes(_fluctuations!, kernel, mean, response, modes);

    /// <summary>The same of one function among several.</summary>
    public void SigmaKernelInModes(FluctuationEquation fluctuations, ReadOnlySpan<double> kernel, Span<double> mean, Span<double> response, Span<double> modes)
    {
        FluctuationCoefficients here = SigmaKernelOfRows(fluctuations, kernel, mean, response);
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
        {
            foreach (int order in Modes.Orders)
                here.Pairs[pair].Order(order).CopyTo(modes[Modes.Offset(pair, order)..]);
        }
    }

    /// <summary>E2 and its derivative B2 in the kernel.</summary>
    public FluctuationCoefficients SigmaKernelOfRows(FluctuationEquation fluctuations, ReadOnlySpan<double> kernel, Span<double> mean, Span<double> response)
    {
        int pairs = Modes.Pairs.Length;
        FluctuationCoefficients here = fluctuations.At(kernel);
        for (int pair = 0; pair < pairs; pair++)
        {
            PairFluctuation each = here.Pairs[pair];
            (int a, int b) = Modes.Pairs[pair];
            mean[pair] = each.Mean;
            response[(pair * pairs) + Modes.PairOf(a, a)] += each.ResponseFirst;
            if (a != b)
            {
                response[(pair * pairs) + pair] += each.ResponseCross;
                response[(pair * pairs) + Modes.PairOf(b, b)] += each.ResponseSecond;
            }
        }

        return here;
    }

    /// <summary>B_k . S_k(C), C the correlations of the frames of two pairs.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="modes">B over modes.</param>
    /// <param name="result">Over pairs and modes.</param>
    public void ContractWithOverlaps(ReadOnlySpan<double> kernel, ReadOnlySpan<double> modes, Span<double> result)
    {
        Frames(kernel, _frames);
        for (int left = 0; left < _frames.Length; left++)
        {
            for (int right = 0; right < _frames.Length; right++)
            {
                _power.Start(Modes.Correlations(_frames, left, right, kernel), _frames[left].Dimension, _frames[right].Dimension);
                foreach (int order in Modes.Orders)
                {
                    _power.Raise(order);
                    _power.AddTransposed(modes.Slice(Modes.Offset(left, order), Modes.CountOf(left, order)), 1, result[((left * Modes.Length) + Modes.Offset(right, order))..]);
                }
            }
        }
    }

    /// <summary>P he_k' in the modes of this frame, S_k(alpha T)^T.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="next">K0 of the next layer.</param>
    /// <param name="alpha">alpha.</param>
    /// <param name="result">For each pair and order the matrix over its modes.</param>
    public void CarriedModes(ReadOnlySpan<double> kernel, ReadOnlySpan<double> next, double alpha, Span<double> result)
    {
        Frames(kernel, _frames);
        Frames(next, _nextFrames);
        for (int pair = 0; pair < _frames.Length; pair++)
        {
            int dimension = Modes.Dimension(pair);
            _power.Start(_frames[pair].ToNext(_nextFrames[pair]).Scale(alpha), dimension, dimension);
            for (int at = 0; at < Modes.Orders.Length; at++)
            {
                _power.Raise(Modes.Orders[at]);
                int place = (pair * Modes.Orders.Length) + at, count = Ranges.ModeCounts[place];
                _power.CopyTransposed(result.Slice(Ranges.MatrixStarts[place], count * count));
            }
        }
    }

    /// <summary>The rate of change of the modes with their moving frame, dK0 = Q dt.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="rows">Q over pairs.</param>
    /// <param name="result">For each pair and order the matrix over its modes.</param>
    public void DriftOfModes(ReadOnlySpan<double> kernel, ReadOnlySpan<double> rows, Span<double> result)
    {
        Frames(kernel, _frames);
        for (int pair = 0; pair < _frames.Length; pair++)
        {
            FrameDrift drift = FrameDrift.Of(_frames[pair], rows, Modes, pair);
            for (int at = 0; at < Modes.Orders.Length; at++)
            {
                int place = (pair * Modes.Orders.Length) + at, count = Ranges.ModeCounts[place];
                drift.AddMatrix(Modes.Orders[at], result.Slice(Ranges.MatrixStarts[place], count * count));
            }
        }
    }

    /// <summary>sum_r C(., r) D_r he_k, from covariances with the modes two orders below.</summary>
    /// <param name="withModes">Over pairs and modes.</param>
    /// <param name="withKernel">With g, which is order 2, over pairs and pairs.</param>
    /// <param name="kernel">The K0 that the modes are of.</param>
    /// <param name="carried">What g is multiplied by.</param>
    /// <param name="result">Over modes.</param>
    public void SecondDerivatives(ReadOnlySpan<double> withModes, ReadOnlySpan<double> withKernel, ReadOnlySpan<double> kernel, double carried, Span<double> result)
    {
        int pairs = Modes.Pairs.Length;
        Frames(kernel, _nextFrames);
        foreach (int order in Modes.Orders.Where(order => order >= 3 && (order == 4 || Modes.Orders.Contains(order - 2))))
        {
            for (int pair = 0; pair < pairs; pair++)
            {
                Span<double> target = result.Slice(Modes.Offset(pair, order), Modes.CountOf(pair, order));
                (int Pair, QuadraticForm Form)[] forms = Forms(pair);
                foreach ((int of, QuadraticForm form) in forms)
                {
                    // he_2(w.z) = g(w)/sqrt2 with g(w) = v_e v_f g_ef.
                    if (order == 4)
                        form.AddProduct(Along(forms, withKernel.Slice(of * pairs, pairs), carried).ToModes(), 4, 1, target);
                    else
                        form.AddProduct(withModes.Slice((of * Modes.Length) + Modes.Offset(pair, order - 2), Modes.CountOf(pair, order - 2)), order, 1, target);
                }
            }
        }
    }

    /// <summary>sum_ru C_ru D_r D_u he_4.</summary>
    /// <param name="covariance">C over pairs and pairs.</param>
    /// <param name="kernel">The K0 that the modes are of.</param>
    /// <param name="result">Over modes.</param>
    public void FourthDerivatives(ReadOnlySpan<double> covariance, ReadOnlySpan<double> kernel, Span<double> result)
    {
        if (!Modes.Orders.Contains(4))
            return;
        UseFrames(kernel);
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
            AddFourthDerivatives(pair, covariance, result.Slice(Modes.Offset(pair, 4), Modes.CountOf(pair, 4)));
    }

    /// <summary>The same of one pair, at the frames used.</summary>
    public void AddFourthDerivatives(int pair, ReadOnlySpan<double> covariance, Span<double> target)
    {
        int pairs = Modes.Pairs.Length;
        (int Pair, QuadraticForm Form)[] forms = Forms(pair);
        // ToModes divides by sqrt2, and the product multiplies by sqrt(4 * 3).
        foreach ((int of, QuadraticForm form) in forms)
            form.AddProduct(Along(forms, covariance.Slice(of * pairs, pairs), 1).ToModes(), 4, Math.Sqrt(4), target);
    }

    /// <summary>Takes the frames of the derivatives.</summary>
    /// <param name="kernel">The K0 that the modes are of.</param>
    public ReadOnlySpan<PairFrame> UseFrames(ReadOnlySpan<double> kernel)
    {
        Frames(kernel, _nextFrames);
        return _nextFrames;
    }

    /// <summary>v_e v_f s_ef in the units w of the frames used, for the pairs aa, ab, bb.</summary>
    public (int Pair, QuadraticForm Form)[] Forms(int pair)
    {
        var forms = ResponseForms.Of(_nextFrames[pair], pair, Modes.Pairs[pair], Ranges.Inputs);
        return [.. forms.Kernels.Zip(forms.Coefficients, (kernel, form) => (kernel, form.Length == 1 ? new QuadraticForm(form[0], 0, 0) : new(form[0], form[1], form[2])))];
    }

    private static QuadraticForm Along((int Pair, QuadraticForm Form)[] forms, ReadOnlySpan<double> components, double factor)
    {
        var sum = default(QuadraticForm);
        foreach ((int pair, QuadraticForm form) in forms)
            sum = sum.Plus(form, factor * components[pair]);
        return sum;
    }

    private void Frames(ReadOnlySpan<double> kernel, PairFrame[] frames)
    {
        for (int pair = 0; pair < frames.Length; pair++)
            frames[pair] = Frame(kernel, Modes.Pairs[pair].First, Modes.Pairs[pair].Second, Ranges.Inputs);
    }

    /// <summary>The frame of a pair of inputs at a kernel over pairs.</summary>
    internal static PairFrame Frame(ReadOnlySpan<double> kernel, int a, int b, int inputs)
    {
        double kaa = kernel[PairIndexing.Of(a, a, inputs)];
        return a == b ? PairFrame.Of(kaa) : PairFrame.Of(kaa, kernel[PairIndexing.Of(a, b, inputs)], kernel[PairIndexing.Of(b, b, inputs)]);
    }
}
