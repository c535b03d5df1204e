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
internal sealed partial class TangentProducts
{
    // Nearer than this the derivatives in the direction in which two inputs differ are rounding.
    private const double SmallestComplementOfTangents = 1e-3;

    private readonly ModeLayout _layout;
    private readonly int _highest, _highestOfOne, _length;
    private readonly FactorModes _first, _second, _slopeTimes, _slopeSquare;
    private readonly ProductModes _slopeWith, _withSlope;
    private readonly FluctuationEquation _slopes;
    private readonly ProductsCovariance _whole;

    /// <summary>Prepares a function.</summary>
    /// <param name="layout">The pairs.</param>
    /// <param name="highest">The highest order of a mode that is given.</param>
    /// <param name="highestOfOne">The same of pairs of an input with itself; the highest if 0.</param>
    /// <param name="length">How many modes a pair has in the results.</param>
    /// <param name="function">f.</param>
    /// <param name="slope">f'.</param>
    /// <param name="slopes">The expansion of f'_a f'_b, to an order not below the highest.</param>
    /// <param name="whole">Moments of f and f'.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public TangentProducts(ModeLayout layout, int highest, int highestOfOne, int length, ActivationDescription function, ActivationDescription slope, FluctuationEquation slopes, ProductsCovariance whole, bool estimates)
    {
        (_layout, _highest, _highestOfOne, _length, _slopes, _whole) = (layout, highest, Math.Max(highest, highestOfOne), length, slopes, whole);
        (_slopeTimes, _slopeSquare) = (whole.Power((1, 1)), whole.Power((0, 2)));
        (_first, _second) = (new(function, highest, FluctuationEquation.Target, estimates), new(slope, highest, FluctuationEquation.Target, estimates));
        (_slopeWith, _withSlope) = (new(_second, _first, _slopeTimes, highest, FluctuationEquation.Target), new(_first, _second, _slopeTimes, highest, FluctuationEquation.Target));
    }

    /// <summary>
    /// The highest order in which functions of one input are kept where there are others, and the largest share of the variance of f f' and f'f' above it so far: with pairs of an input with itself
    /// to a higher order than others, where it is no part of a closure.
    /// </summary>
    public (int Order, double Share) Beyond { get; private set; }

    /// <summary>All of it at a kernel.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="withFirst">f_c f'_a, over pairs, inputs and modes.</param>
    /// <param name="withSecond">f_c f'_b.</param>
    /// <param name="both">f'_a f'_b, over pairs and modes.</param>
    /// <param name="first">f'_a f'_a.</param>
    /// <param name="second">f'_b f'_b.</param>
    /// <param name="whole">E[f_c f_d f'_a f'_b], over pairs and two inputs.</param>
    /// <param name="slopes">E[f'_a f'_a f'_b f'_b], over pairs.</param>
    /// <exception cref="ComputationException">Two inputs are too near to each other.</exception>
    public void At(ReadOnlySpan<double> kernel, Span<double> withFirst, Span<double> withSecond, Span<double> both, Span<double> first, Span<double> second, Span<double> whole, Span<double> slopes)
    {
        FluctuationCoefficients here = _slopes.At(kernel);
        for (int pair = 0; pair < _layout.Pairs.Length; pair++)
        {
            (int a, int b) = _layout.Pairs[pair];
            PairFrame frame = ModeNumbers.Frame(kernel, a, b, _layout.Inputs);
            if (a != b && frame.Complement is > 0 and < SmallestComplementOfTangents)
                throw new ComputationException($"Inputs {a} and {b} are nearly equal or opposite, and the mean of their tangent kernel at order 1/n is lost to rounding; drop one of the two, or leave ntk out.");
            Span<double> left = withFirst.Slice(2 * pair * _length, 2 * _length), right = withSecond.Slice(2 * pair * _length, 2 * _length), integrals = whole.Slice(4 * pair, 4);
            int modes = pair * _length;
            OfOne(_slopeSquare, kernel, a, false, frame, first[modes..]);
            OfOne(_slopeSquare, kernel, b, a != b, frame, second[modes..]);
            OfOne(_slopeTimes, kernel, a, false, frame, left);
            if (a == b)
            {
                left.CopyTo(right);
                first.Slice(modes, _length).CopyTo(both[modes..]);
                (integrals[0], slopes[pair]) = (_whole.Mean(a, a, (2, 2), (0, 0), kernel), _whole.Mean(a, a, (0, 4), (0, 0), kernel));
                Weigh(left, integrals[0]);
                Weigh(first.Slice(modes, _length), slopes[pair]);
                continue;
            }

            for (int order = 0; order <= _highest; order++)
                here.Pairs[pair].Order(order).CopyTo(both[(modes + ProductModes.Offset(order, frame.Dimension))..]);
            double kaa = kernel[PairIndexing.Of(a, a, _layout.Inputs)], kbb = kernel[PairIndexing.Of(b, b, _layout.Inputs)];
            _slopeWith.TwoInputs(frame, kaa, kbb, left.Slice(_length, ProductModes.Length(_highest, 2)));
            _withSlope.TwoInputs(frame, kaa, kbb, right[..ProductModes.Length(_highest, 2)]);
            OfOne(_slopeTimes, kernel, b, true, frame, right[_length..]);
            (integrals[0], integrals[3], slopes[pair]) = (_whole.Mean(a, b, (2, 1), (0, 1), kernel), _whole.Mean(a, b, (0, 1), (2, 1), kernel), _whole.Mean(a, b, (0, 2), (0, 2), kernel));
            integrals[1] = integrals[2] = _whole.Mean(a, b, (1, 1), (1, 1), kernel);
        }
    }

    private void Weigh(ReadOnlySpan<double> function, double square)
    {
        int order = _layout.Inputs > 1 ? _highest : _highestOfOne;
        double variance = square - (function[0] * function[0]), share = (variance - VectorSums.Dot(function[1..(order + 1)], function[1..(order + 1)])) / variance;
        if (_highestOfOne > _highest && variance > 1e-12 * square && share > Beyond.Share)
            Beyond = (order, share);
    }

    private void OfOne(FactorModes function, ReadOnlySpan<double> kernel, int input, bool isSecond, PairFrame frame, Span<double> result)
    {
        int stage = 0;
        while (function.Orders(stage) <= _highestOfOne)
            stage++;
        TwoNeuronModes.OfOneInput(function.At(kernel[PairIndexing.Of(input, input, _layout.Inputs)], stage).Coefficients, isSecond, frame, frame.Dimension == 1 ? _highestOfOne : _highest, result);
    }
}
