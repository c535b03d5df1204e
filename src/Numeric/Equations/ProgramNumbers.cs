// What programs of layers need beside ModeNumbers, in the same modes:
//   NumberOfModes      he_k(v phi), v_a -> the derivative v_a d/dv_a: phi_a scaled alone, w1 d/dw1 and w2 d/dw2 up to a shear w2 d/dw1
//   NormBeyondModes    SecondDerivatives of the two orders above those kept, with their coefficients
//   CentredModes       no modes of order 1;  <he_3(w.(z - M))> = <he_3(w.z)> - sqrt3 (w.M) <he_2(w.z)>, he_2(w.z) = g(w)/sqrt2
//   CurvatureOfSigmaKernel  of Gaussian rows: modes of order 4 and FourthDerivatives
//   MeanOverTaps       the matrix over pairs that shifts positions on a ring;  MeanOfPairsOverTaps: both pairs of a matrix shifted alike

using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of programs of layers.</summary>
/// <param name="numbers">Those of closures on modes.</param>
internal sealed class ProgramNumbers(ModeNumbers numbers)
{
    /// <summary>The refusal of proportional inputs whose ratio a norm lets fluctuate.</summary>
    public static ComputationException TakenApart(int a, int b) => new($"Inputs {a} and {b} are proportional, and a norm takes them apart; drop one of the two, or give epsilon: 0.");

    private ModeLayout Modes => numbers.Ranges.Modes;

    /// <summary>1/8 sum_ru C_ru E[D_r D_u sigma sigma].</summary>
    public void CurvatureOfSigmaKernel(FluctuationEquation expansion, ReadOnlySpan<double> kernel, ReadOnlySpan<double> covariance, Span<double> result)
    {
        numbers.UseFrames(kernel);
        FluctuationCoefficients here = expansion.At(kernel);
        Span<double> second = stackalloc double[5];
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
        {
            Span<double> modes = second[..ModeLayout.Count(4, Modes.Dimension(pair))];
            modes.Clear();
            numbers.AddFourthDerivatives(pair, covariance, modes);
            result[pair] = VectorSums.Dot(here.Pairs[pair].Order(4), modes) / 8;
        }
    }

    /// <summary>The sum over the inputs a of a pair of A_a he_k, from covariances with something of the pair (a, a).</summary>
    public void NumberOfModes(ReadOnlySpan<double> withModes, ReadOnlySpan<double> kernel, Span<double> result)
    {
        ReadOnlySpan<PairFrame> frames = numbers.UseFrames(kernel);
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
        {
            (int a, int b) = Modes.Pairs[pair];
            PairFrame frame = frames[pair];
            if (a != b && frame.D == 0 && Math.Abs(frame.L21) != frame.L11)
                throw TakenApart(a, b);
            foreach (int order in Modes.Orders)
            {
                int start = Modes.Offset(pair, order), count = Modes.CountOf(pair, order);
                Span<double> target = result.Slice(start, count);
                ReadOnlySpan<double> first = withModes.Slice((Modes.PairOf(a, a) * Modes.Length) + start, count), second = withModes.Slice((Modes.PairOf(b, b) * Modes.Length) + start, count);
                if (a == b)
                {
                    target[0] += order * first[0];
                    continue;
                }

                // w = L^T v: v_a d/dv_a = (w1 + L11 B w2) d/dw1,  v_b d/dv_b = L21 D w2 d/dw1 + w2 d/dw2.
                for (int j = 0; j < count; j++)
                {
                    target[j] += ((order - j) * first[j]) + (j * second[j]);
                    if (j + 1 < count)
                        target[j + 1] += Math.Sqrt((order - j) * (j + 1.0)) * ((frame.L11 * frame.B * first[j]) + (frame.L21 * frame.D * second[j]));
                }
            }
        }
    }

    /// <summary>1/2 sum_r C(., r) D_r he_k with the coefficients of sigma sigma, of the two orders above those kept.</summary>
    public void NormBeyondModes(FluctuationEquation expansion, ReadOnlySpan<double> kernel, ReadOnlySpan<double> withModes, Span<double> result)
    {
        numbers.UseFrames(kernel);
        FluctuationCoefficients here = expansion.At(kernel);
        foreach (int order in Modes.Orders.Where(order => order + 2 > Modes.Orders[^1] && order + 2 <= expansion.HighestOrder))
        {
            for (int pair = 0; pair < Modes.Pairs.Length; pair++)
            {
                var derivatives = new double[ModeLayout.Count(order + 2, Modes.Dimension(pair))];
                foreach ((int with, QuadraticForm form) in numbers.Forms(pair))
                    form.AddProduct(withModes.Slice((with * Modes.Length) + Modes.Offset(pair, order), Modes.CountOf(pair, order)), order + 2, 1, derivatives);
                result[pair] += VectorSums.Dot(here.Pairs[pair].Order(order + 2), derivatives) / 2;
            }
        }
    }

    /// <summary>The mean of S_(a + tap, b + tap).</summary>
    public void MeanOverTaps(IReadOnlyList<int> taps, Span<double> result)
    {
        int pairs = Modes.Pairs.Length, inputs = Modes.Inputs;
        for (int pair = 0; pair < pairs; pair++)
        {
            (int a, int b) = Modes.Pairs[pair];
            foreach (int tap in taps)
                result[(pair * pairs) + Modes.PairOf((a + tap + inputs) % inputs, (b + tap + inputs) % inputs)] += 1.0 / taps.Count;
        }
    }

    /// <summary>The mean over taps of X_pq, both pairs moved by the tap, over the number of taps.</summary>
    public void MeanOfPairsOverTaps(IReadOnlyList<int> taps, ReadOnlySpan<double> values, Span<double> result)
    {
        int pairs = Modes.Pairs.Length, inputs = Modes.Inputs;
        foreach (int tap in taps)
        {
            int Moved(int pair) => Modes.PairOf((Modes.Pairs[pair].First + tap + inputs) % inputs, (Modes.Pairs[pair].Second + tap + inputs) % inputs);
            for (int p = 0; p < pairs; p++)
            {
                for (int q = 0; q < pairs; q++)
                    result[(p * pairs) + q] += values[(Moved(p) * pairs) + Moved(q)] / ((double)taps.Count * taps.Count);
            }
        }
    }

    /// <summary>What is left of the modes where M, the mean over neurons, has been taken off.</summary>
    public void CentredModes(ReadOnlySpan<double> mixed, ReadOnlySpan<double> means, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> kernel, Span<double> mixedLeft, Span<double> meansLeft, Span<double> coefficientsLeft)
    {
        int pairs = Modes.Pairs.Length;
        mixed[..mixedLeft.Length].CopyTo(mixedLeft);
        means[..meansLeft.Length].CopyTo(meansLeft);
        coefficients[..coefficientsLeft.Length].CopyTo(coefficientsLeft);
        if (!Modes.Orders.Contains(1))
            return;
        numbers.UseFrames(kernel);
        for (int pair = 0; pair < pairs; pair++)
        {
            int start = Modes.Offset(pair, 1), count = Modes.CountOf(pair, 1);
            for (int with = 0; with < pairs; with++)
                mixedLeft.Slice((with * Modes.Length) + start, count).Clear();
            meansLeft.Slice(start, count).Clear();
            coefficientsLeft.Slice(start, count).Clear();
            if (!Modes.Orders.Contains(3))
                continue;
            // g(w) with M along each of the axes.
            Span<double> third = meansLeft.Slice(Modes.Offset(pair, 3), Modes.CountOf(pair, 3));
            for (int axis = 0; axis < count; axis++)
            {
                var along = default(QuadraticForm);
                foreach ((int of, QuadraticForm form) in numbers.Forms(pair))
                    along = along.Plus(form, mixed[(of * Modes.Length) + start + axis]);
                double factor = -Math.Sqrt(1.5), other = factor / Math.Sqrt(3);
                // w_axis g(w) in the basis sqrt(binomial(3, j)) w1^(3-j) w2^j.
                third[axis] += (axis == 0 ? factor : other) * along.First;
                if (count == 1)
                    continue;
                third[axis + 1] += other * along.Cross;
                third[axis + 2] += (axis == 1 ? factor : other) * along.Second;
            }
        }
    }
}
