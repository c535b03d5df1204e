// Gaussian numbers of closures on modes, in the orthonormal Hermite modes of each pair of inputs:
//   SourceInModes         sigma_a sigma_b = E2 + B2 g + B he:   products of one-input expansions (FluctuationEquation)
//   ContractWithOverlaps  B_k . S_k(C), C the correlations of the frames of two pairs (Mehler)
//   CarriedModes          P he_k' in the modes of this frame:   S_k(alpha T)^T,   w = T w'
//   DriftOfModes          the same for a frame that moves with dK0 = Q dt
//   SecondDerivatives     sum_r s_r D_r he_k = sqrt(k(k-1)) s(w) he_(k-2),   s(w) = v_e v_f s_ef, v = L'^-T w, as binary forms
//   FourthDerivatives     sum_ru C_ru D_r D_u he_4 = sqrt(4!) C(w, w)
//   NumberOfModes         he_k(v phi), v_a -> the derivative v_a d/dv_a: phi_a scaled alone, w1 d/dw1 and w2 d/dw2 up to a shear w2 d/dw1
// and of Gaussian rows that nothing of a layer before is left in:
//   SourceInKernel        E2 and chi: the modes of order 0 and 2
//   CurvatureOfSource     modes of order 4 and FourthDerivatives
//   CovarianceOfSource    see SourceCovariance

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on modes.</summary>
internal sealed class ModeRecipes : IRecipeBook
{
    private readonly FluctuationEquation? _fluctuations;
    private readonly FunctionModes? _functions;
    private readonly SymmetricPower _power;
    private readonly PairFrame[] _frames, _nextFrames;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="fluctuations">The expansion of sigma_a sigma_b, to an order not below any of the orders.</param>
    /// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity are left out.</param>
    public ModeRecipes(FluctuationEquation fluctuations, IEnumerable<int> orders)
        : this(fluctuations.Inputs, orders.Where(order => !fluctuations.HasOnlyEvenOrders || order % 2 == 0)) => _fluctuations = fluctuations;

    /// <summary>Prepares the recipes of a network with several functions.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity of all functions are left out.</param>
    public ModeRecipes(FunctionModes functions, IEnumerable<int> orders)
        : this(functions.Inputs, orders.Where(order => !functions.HaveOnlyEvenOrders || order % 2 == 0)) => _functions = functions;

    private ModeRecipes(int inputs, IEnumerable<int> orders)
    {
        Ranges = new IndexRanges(inputs, orders);
        _power = new SymmetricPower(Math.Max(2, Modes.Orders.DefaultIfEmpty(2).Max()));
        (_frames, _nextFrames) = (new PairFrame[Modes.Pairs.Length], new PairFrame[Modes.Pairs.Length]);
    }

    /// <inheritdoc/>
    public IndexRanges Ranges { get; }

    /// <inheritdoc/>
    public double RelativeError => FluctuationEquation.Target;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _functions?.Unproved ?? _fluctuations!.Unproved;

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => _functions?.Beyond ?? default;

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => KernelPart.OfModes(Modes.Pairs.Length);

    private ModeLayout Modes => Ranges.Modes;

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianStatement statement] => new Recipe(statement.Recipe switch
    {
        GaussianRecipe.SourceInModes when Expansion(statement) is var expansion => (arguments, _, results) => SourceInModes(expansion, arguments[0], results),
        GaussianRecipe.ContractWithOverlaps => ContractWithOverlaps,
        GaussianRecipe.CarriedModes => CarriedModes,
        GaussianRecipe.DriftOfModes => DriftOfModes,
        GaussianRecipe.SecondDerivatives => SecondDerivatives,
        GaussianRecipe.FourthDerivatives => FourthDerivatives,
        GaussianRecipe.NumberOfModes => NumberOfModes,
        GaussianRecipe.SourceInKernel when _functions!.OfRows(statement.Function!) is var expansion => (arguments, _, results) => SourceInKernel(expansion, arguments[0], results),
        GaussianRecipe.CurvatureOfSource when _functions!.OfRows(statement.Function!) is var expansion => (arguments, _, results) => CurvatureOfSource(expansion, arguments[0], arguments[1], results[0]),
        GaussianRecipe.CovarianceOfSource when _functions!.CovarianceOf(statement.Function!) is var covariance => (arguments, _, results) => covariance.At(arguments[0].Values.AsSpan(arguments[0].Offset, Modes.Pairs.Length), results[0]),
        GaussianRecipe.NormBeyondModes when _functions!.OfNormedStream(statement.Function!) is var expansion => (arguments, _, results) => NormBeyondModes(expansion, arguments[0], arguments[1], results[0]),
        GaussianRecipe.MeanOverTaps => (_, _, results) => MeanOverTaps(statement.Taps, results[0]),
        _ => throw new NotSupportedException($"{statement.Recipe} is no recipe of closures on modes."),
    });

    /// <inheritdoc/>
    public void Weigh(Func<string, double[]> state, int layers)
    {
        // Modes are orthonormal: nothing is amplified.
    }

    private FluctuationEquation Expansion(GaussianStatement statement) => statement.Function is { } function ? _functions!.OfStream(function) : _fluctuations!;

    private void SourceInModes(FluctuationEquation expansion, TensorValues kernel, double[][] results)
    {
        FluctuationCoefficients here = SourceInKernel(expansion, kernel, results);
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
        {
            foreach (int order in Modes.Orders)
                here.Pairs[pair].Order(order).CopyTo(results[2].AsSpan(Modes.Offset(pair, order)));
        }
    }

    private FluctuationCoefficients SourceInKernel(FluctuationEquation expansion, TensorValues kernel, double[][] results)
    {
        int pairs = Modes.Pairs.Length;
        FluctuationCoefficients here = expansion.At(kernel.Values.AsSpan(kernel.Offset, pairs));
        for (int pair = 0; pair < pairs; pair++)
        {
            PairFluctuation each = here.Pairs[pair];
            (int a, int b) = Modes.Pairs[pair];
            results[0][pair] = each.Mean;
            results[1][(pair * pairs) + Modes.PairOf(a, a)] += each.ResponseFirst;
            if (a != b)
            {
                results[1][(pair * pairs) + pair] += each.ResponseCross;
                results[1][(pair * pairs) + Modes.PairOf(b, b)] += each.ResponseSecond;
            }
        }

        return here;
    }

    private void CurvatureOfSource(FluctuationEquation expansion, TensorValues kernel, TensorValues covariance, double[] result)
    {
        Frames(kernel, _nextFrames);
        FluctuationCoefficients here = expansion.At(kernel.Values.AsSpan(kernel.Offset, Modes.Pairs.Length));
        var second = new double[5];
        for (int pair = 0; pair < result.Length; pair++)
        {
            Span<double> modes = second.AsSpan(0, ModeLayout.Count(4, Modes.Dimension(pair)));
            modes.Clear();
            AddFourthDerivatives(pair, covariance, modes);
            result[pair] = HermiteGrid.Dot(here.Pairs[pair].Order(4), modes) / 8;
        }
    }

    private void NumberOfModes(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        TensorValues withModes = arguments[0];
        Frames(arguments[1], _nextFrames);
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
        {
            (int a, int b) = Modes.Pairs[pair];
            PairFrame frame = _nextFrames[pair];
            if (a != b && frame.D == 0 && Math.Abs(frame.L21) != frame.L11)
                throw new ComputationException($"Inputs {a} and {b} are proportional, and a norm takes them apart; drop one of the two, or give epsilon: 0.");
            foreach (int order in Modes.Orders)
            {
                int start = Modes.Offset(pair, order), count = Modes.CountOf(pair, order);
                Span<double> target = results[0].AsSpan(start, count);
                ReadOnlySpan<double> first = withModes.Values.AsSpan(withModes.Offset + (Modes.PairOf(a, a) * Modes.Length) + start, count);
                ReadOnlySpan<double> second = withModes.Values.AsSpan(withModes.Offset + (Modes.PairOf(b, b) * Modes.Length) + start, count);
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

    private void NormBeyondModes(FluctuationEquation expansion, TensorValues kernel, TensorValues withModes, double[] result)
    {
        Frames(kernel, _nextFrames);
        FluctuationCoefficients here = expansion.At(kernel.Values.AsSpan(kernel.Offset, Modes.Pairs.Length));
        foreach (int order in Modes.Orders.Where(order => !Modes.Orders.Contains(order + 2) && order + 2 <= expansion.HighestOrder && order + 2 > Modes.Orders[^1]))
        {
            for (int pair = 0; pair < result.Length; pair++)
            {
                var derivatives = new double[ModeLayout.Count(order + 2, Modes.Dimension(pair))];
                foreach ((int with, QuadraticForm form) in Forms(pair))
                    form.AddProduct(withModes.Values.AsSpan(withModes.Offset + (with * Modes.Length) + Modes.Offset(pair, order), Modes.CountOf(pair, order)), order + 2, 1, derivatives);
                result[pair] += HermiteGrid.Dot(here.Pairs[pair].Order(order + 2), derivatives) / 2;
            }
        }
    }

    private void MeanOverTaps(IReadOnlyList<int> taps, double[] result)
    {
        int pairs = Modes.Pairs.Length, inputs = Modes.Inputs;
        for (int pair = 0; pair < pairs; pair++)
        {
            (int a, int b) = Modes.Pairs[pair];
            foreach (int tap in taps)
                result[(pair * pairs) + Modes.PairOf(((a + tap) % inputs + inputs) % inputs, ((b + tap) % inputs + inputs) % inputs)] += 1.0 / taps.Count;
        }
    }

    private void ContractWithOverlaps(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        ReadOnlySpan<double> kernel = Frames(arguments[0], _frames);
        for (int left = 0; left < _frames.Length; left++)
        {
            for (int right = 0; right < _frames.Length; right++)
            {
                _power.Start(Modes.Correlations(_frames, left, right, kernel), _frames[left].Dimension, _frames[right].Dimension);
                foreach (int order in Modes.Orders)
                {
                    _power.Raise(order);
                    _power.AddTransposed(
                        arguments[1].Values.AsSpan(arguments[1].Offset + Modes.Offset(left, order), Modes.CountOf(left, order)), 1, results[0].AsSpan((left * Modes.Length) + Modes.Offset(right, order)));
                }
            }
        }
    }

    private void CarriedModes(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        Frames(arguments[0], _frames);
        Frames(arguments[1], _nextFrames);
        for (int pair = 0; pair < _frames.Length; pair++)
        {
            int dimension = Modes.Dimension(pair);
            _power.Start(_frames[pair].ToNext(_nextFrames[pair]).Scale(scalars[0]), dimension, dimension);
            for (int at = 0; at < Modes.Orders.Length; at++)
            {
                _power.Raise(Modes.Orders[at]);
                int place = (pair * Modes.Orders.Length) + at, count = Ranges.ModeCounts[place];
                _power.CopyTransposed(results[0].AsSpan(Ranges.MatrixStarts[place], count * count));
            }
        }
    }

    private void DriftOfModes(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        Frames(arguments[0], _frames);
        ReadOnlySpan<double> rows = arguments[1].Values.AsSpan(arguments[1].Offset, _frames.Length);
        for (int pair = 0; pair < _frames.Length; pair++)
        {
            FrameDrift drift = FrameDrift.Of(_frames[pair], rows, Modes, pair);
            for (int at = 0; at < Modes.Orders.Length; at++)
            {
                int place = (pair * Modes.Orders.Length) + at, count = Ranges.ModeCounts[place];
                drift.AddMatrix(Modes.Orders[at], results[0].AsSpan(Ranges.MatrixStarts[place], count * count));
            }
        }
    }

    private void SecondDerivatives(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        int pairs = Modes.Pairs.Length;
        TensorValues withModes = arguments[0], withKernel = arguments[1];
        double carried = scalars[0];
        Frames(arguments[2], _nextFrames);
        foreach (int order in Modes.Orders.Where(order => order >= 3 && (order == 4 || Modes.Orders.Contains(order - 2))))
        {
            for (int pair = 0; pair < pairs; pair++)
            {
                Span<double> target = results[0].AsSpan(Modes.Offset(pair, order), Modes.CountOf(pair, order));
                (int Pair, QuadraticForm Form)[] forms = Forms(pair);
                foreach ((int kernel, QuadraticForm form) in forms)
                {
                    if (order == 4)
                    {
                        // he_2(w.z) = g(w)/sqrt2 with g(w) = v_e v_f g_ef.
                        form.AddProduct(Along(forms, other => carried * withKernel.Values[withKernel.Offset + (kernel * pairs) + other]).ToModes(), 4, 1, target);
                        continue;
                    }

                    int start = withModes.Offset + (kernel * Modes.Length) + Modes.Offset(pair, order - 2);
                    form.AddProduct(withModes.Values.AsSpan(start, Modes.CountOf(pair, order - 2)), order, 1, target);
                }
            }
        }
    }

    private void FourthDerivatives(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        if (!Modes.Orders.Contains(4))
            return;
        Frames(arguments[1], _nextFrames);
        for (int pair = 0; pair < Modes.Pairs.Length; pair++)
            AddFourthDerivatives(pair, arguments[0], results[0].AsSpan(Modes.Offset(pair, 4), Modes.CountOf(pair, 4)));
    }

    private void AddFourthDerivatives(int pair, TensorValues covariance, Span<double> target)
    {
        int pairs = Modes.Pairs.Length;
        (int Pair, QuadraticForm Form)[] forms = Forms(pair);
        // ToModes divides by sqrt2, and the product multiplies by sqrt(4 * 3).
        foreach ((int kernel, QuadraticForm form) in forms)
            form.AddProduct(Along(forms, other => covariance.Values[covariance.Offset + (kernel * pairs) + other]).ToModes(), 4, Math.Sqrt(4), target);
    }

    // v_e v_f s_ef in the units w of the next frame, for the pairs aa, ab, bb.
    private (int Pair, QuadraticForm Form)[] Forms(int pair)
    {
        var forms = ResponseForms.Of(_nextFrames[pair], pair, Modes.Pairs[pair], Ranges.Inputs);
        return [.. forms.Kernels.Zip(forms.Coefficients, (kernel, form) => (kernel, form.Length == 1 ? new QuadraticForm(form[0], 0, 0) : new(form[0], form[1], form[2])))];
    }

    private static QuadraticForm Along((int Pair, QuadraticForm Form)[] forms, Func<int, double> component) =>
        forms.Aggregate(default(QuadraticForm), (sum, each) => sum.Plus(each.Form, component(each.Pair)));

    private ReadOnlySpan<double> Frames(TensorValues kernel, PairFrame[] frames)
    {
        ReadOnlySpan<double> values = kernel.Values.AsSpan(kernel.Offset, frames.Length);
        for (int pair = 0; pair < frames.Length; pair++)
            frames[pair] = Frame(values, Modes.Pairs[pair].First, Modes.Pairs[pair].Second, Ranges.Inputs);
        return values;
    }

    /// <summary>The frame of a pair of inputs at a kernel over pairs.</summary>
    internal static PairFrame Frame(ReadOnlySpan<double> kernel, int a, int b, int inputs)
    {
        double kaa = kernel[PairIndexing.Of(a, a, inputs)];
        return a == b ? PairFrame.Of(kaa) : PairFrame.Of(kaa, kernel[PairIndexing.Of(a, b, inputs)], kernel[PairIndexing.Of(b, b, inputs)]);
    }
}
