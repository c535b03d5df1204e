// What a function f of one neuron and its derivative give to averages over two neurons, for each pair (a, b), in the modes of its frame (TwoNeuronModes):
//   f_c f'_a and f_c f'_b, c = a, b      what a tangent of a or of b is multiplied by in the kernel with c
//   f'_a f'_b, f'_a f'_a, f'_b f'_b      two tangents
//   [f_c f_d f'_a f'_b], [f'_a f'_a f'_b f'_b]     whole integrals: noise of one neuron

using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Equations;

/// <summary>Products of a function and its derivative in the modes of pairs.</summary>
internal sealed class TangentSources
{
    // Nearer than this the derivatives in the direction in which two inputs differ are rounding.
    private const double SmallestComplement = 1e-3;

    private readonly ModeLayout _layout;
    private readonly int _highest, _length;
    private readonly FactorModes _first, _second, _slopeTimes, _slopeSquare;
    private readonly ProductModes _slopeWith, _withSlope;
    private readonly FluctuationEquation _slopes;
    private readonly TwoSourceCovariance _whole;

    /// <summary>Prepares a function.</summary>
    /// <param name="layout">The pairs.</param>
    /// <param name="highest">The highest order of a mode that is given.</param>
    /// <param name="length">How many modes a pair has in the results.</param>
    /// <param name="function">f.</param>
    /// <param name="slope">f'.</param>
    /// <param name="slopes">The expansion of f'_a f'_b, to an order not below the highest.</param>
    /// <param name="whole">Moments of f and f'.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public TangentSources(ModeLayout layout, int highest, int length, ActivationDescription function, ActivationDescription slope, FluctuationEquation slopes, TwoSourceCovariance whole, bool estimates)
    {
        (_layout, _highest, _length, _slopes, _whole) = (layout, highest, length, slopes, whole);
        (_slopeTimes, _slopeSquare) = (whole.Power((1, 1)), whole.Power((0, 2)));
        (_first, _second) = (new(function, highest, FluctuationEquation.Target, estimates), new(slope, highest, FluctuationEquation.Target, estimates));
        (_slopeWith, _withSlope) = (new(_second, _first, _slopeTimes, highest, FluctuationEquation.Target), new(_first, _second, _slopeTimes, highest, FluctuationEquation.Target));
    }

    /// <summary>What rests on nothing proved so far.</summary>
    public IEnumerable<Unproved> Unproved => new[] { _first.Unproved, _second.Unproved, _slopeWith.UnprovedPlane, _withSlope.UnprovedPlane }.OfType<Unproved>();

    /// <summary>All of it at a kernel.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="results">f_c f'_a, f_c f'_b over pairs, inputs and modes; f'_a f'_b, f'_a f'_a, f'_b f'_b over pairs and modes; the whole integrals over pairs and two inputs, and over pairs.</param>
    /// <exception cref="ComputationException">Two inputs are too near to each other.</exception>
    public void At(ReadOnlySpan<double> kernel, double[][] results)
    {
        FluctuationCoefficients here = _slopes.At(kernel);
        for (int pair = 0; pair < _layout.Pairs.Length; pair++)
        {
            (int a, int b) = _layout.Pairs[pair];
            PairFrame frame = ModeNumbers.Frame(kernel, a, b, _layout.Inputs);
            if (a != b && frame.Complement is > 0 and < SmallestComplement)
                throw new ComputationException($"Inputs {a} and {b} are nearly equal or opposite, and the mean of their tangent kernel at order 1/n is lost to rounding; drop one of the two, or leave ntk out.");
            Span<double> left = results[0].AsSpan(2 * pair * _length, 2 * _length), right = results[1].AsSpan(2 * pair * _length, 2 * _length);
            int modes = pair * _length;
            for (int order = 0; order <= _highest; order++)
                here.Pairs[pair].Order(order).CopyTo(results[2].AsSpan(modes + ProductModes.Offset(order, frame.Dimension)));
            OfOne(_slopeSquare, kernel, a, false, frame, results[3].AsSpan(modes));
            OfOne(_slopeSquare, kernel, b, a != b, frame, results[4].AsSpan(modes));
            OfOne(_slopeTimes, kernel, a, false, frame, left);
            Span<double> whole = results[5].AsSpan(4 * pair, 4);
            if (a == b)
            {
                left.CopyTo(right);
                (whole[0], results[6][pair]) = (_whole.Mean(a, a, (2, 2), (0, 0), kernel), _whole.Mean(a, a, (0, 4), (0, 0), kernel));
                continue;
            }

            double kaa = kernel[PairIndexing.Of(a, a, _layout.Inputs)], kbb = kernel[PairIndexing.Of(b, b, _layout.Inputs)];
            _slopeWith.TwoInputs(frame, kaa, kbb, left.Slice(_length, ProductModes.Length(_highest, 2)));
            _withSlope.TwoInputs(frame, kaa, kbb, right[..ProductModes.Length(_highest, 2)]);
            OfOne(_slopeTimes, kernel, b, true, frame, right[_length..]);
            (whole[0], whole[3], results[6][pair]) = (_whole.Mean(a, b, (2, 1), (0, 1), kernel), _whole.Mean(a, b, (0, 1), (2, 1), kernel), _whole.Mean(a, b, (0, 2), (0, 2), kernel));
            whole[1] = whole[2] = _whole.Mean(a, b, (1, 1), (1, 1), kernel);
        }
    }

    // A function of one input of a pair: he_m(rho z1 + s z2) of the second.
    private void OfOne(FactorModes function, ReadOnlySpan<double> kernel, int input, bool isSecond, PairFrame frame, Span<double> result)
    {
        int stage = 0;
        while (function.Orders(stage) <= _highest)
            stage++;
        double[] all = function.At(kernel[PairIndexing.Of(input, input, _layout.Inputs)], stage).Coefficients;
        for (int order = 0; order <= _highest; order++)
        {
            int start = ProductModes.Offset(order, frame.Dimension);
            if (!isSecond)
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
    }
}
