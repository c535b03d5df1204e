// Gaussian numbers of closures on modes, in the orthonormal Hermite modes of each pair of inputs:
//   SourceInModes         sigma_a sigma_b = E2 + B2 g + B he:   products of one-input expansions (FluctuationEquation)
//   ContractWithOverlaps  B_k . S_k(C), C the correlations of the frames of two pairs (Mehler)
//   CarriedModes          P he_k' in the modes of this frame:   S_k(alpha T)^T,   w = T w'
//   DriftOfModes          the same for a frame that moves with dK0 = Q dt
//   SecondDerivatives     sum_r s_r D_r he_k = sqrt(k(k-1)) s(w) he_(k-2),   s(w) = v_e v_f s_ef, v = L'^-T w, as binary forms
//   FourthDerivatives     sum_ru C_ru D_r D_u he_4 = sqrt(4!) C(w, w)

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on modes.</summary>
internal sealed class ModeRecipes : IRecipeBook
{
    private readonly FluctuationEquation _fluctuations;
    private readonly SymmetricPower _power;
    private readonly PairFrame[] _frames, _nextFrames;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="fluctuations">The expansion of sigma_a sigma_b, to an order not below any of the orders.</param>
    /// <param name="orders">The orders of the modes, 2 not among them; those that vanish by parity are left out.</param>
    public ModeRecipes(FluctuationEquation fluctuations, IEnumerable<int> orders)
    {
        _fluctuations = fluctuations;
        Ranges = new IndexRanges(fluctuations.Inputs, orders.Where(order => !fluctuations.HasOnlyEvenOrders || order % 2 == 0));
        _power = new SymmetricPower(Math.Max(2, Modes.Orders.DefaultIfEmpty(2).Max()));
        (_frames, _nextFrames) = (new PairFrame[Modes.Pairs.Length], new PairFrame[Modes.Pairs.Length]);
    }

    /// <inheritdoc/>
    public IndexRanges Ranges { get; }

    /// <inheritdoc/>
    public double RelativeError => FluctuationEquation.Target;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _fluctuations.Unproved;

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => default;

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => KernelPart.OfModes(Modes.Pairs.Length);

    private ModeLayout Modes => Ranges.Modes;

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianRecipe recipe] => new Recipe(recipe switch
    {
        GaussianRecipe.SourceInModes => SourceInModes,
        GaussianRecipe.ContractWithOverlaps => ContractWithOverlaps,
        GaussianRecipe.CarriedModes => CarriedModes,
        GaussianRecipe.DriftOfModes => DriftOfModes,
        GaussianRecipe.SecondDerivatives => SecondDerivatives,
        GaussianRecipe.FourthDerivatives => FourthDerivatives,
        _ => throw new NotSupportedException($"{recipe} is no recipe of closures on modes."),
    });

    /// <inheritdoc/>
    public void Weigh(Func<string, double[]> state, int layers)
    {
        // Modes are orthonormal: nothing is amplified.
    }

    private void SourceInModes(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        int pairs = Modes.Pairs.Length;
        FluctuationCoefficients here = _fluctuations.At(arguments[0].Values.AsSpan(arguments[0].Offset, pairs));
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

            foreach (int order in Modes.Orders)
                each.Order(order).CopyTo(results[2].AsSpan(Modes.Offset(pair, order)));
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
        int pairs = Modes.Pairs.Length;
        TensorValues covariance = arguments[0];
        Frames(arguments[1], _nextFrames);
        for (int pair = 0; pair < pairs; pair++)
        {
            Span<double> target = results[0].AsSpan(Modes.Offset(pair, 4), Modes.CountOf(pair, 4));
            (int Pair, QuadraticForm Form)[] forms = Forms(pair);
            // ToModes divides by sqrt2, and the product multiplies by sqrt(4 * 3).
            foreach ((int kernel, QuadraticForm form) in forms)
                form.AddProduct(Along(forms, other => covariance.Values[covariance.Offset + (kernel * pairs) + other]).ToModes(), 4, Math.Sqrt(4), target);
        }
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
