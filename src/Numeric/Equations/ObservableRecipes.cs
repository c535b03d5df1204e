// Gaussian numbers of closures on a list of observables f_I, each expanded in the Hermite modes of its pair of inputs. The block of a pair of inputs
// is the list at (a, a), (a, b), (b, b), closed in itself (ObservableSpan). P f = E_u f(alpha phi + eps u), u ~ N(0, Q(K0)).
//   SourceInObservables      E2, and Pi = projection of sigma sigma
//   GramMatrix               E_K0[f_I f_J] - E f_I E f_J
//   CarriedObservables       A = projection of P f_I,  R = E_K0'[D_v f_I],  D = projection of P D_v f_I,  F = E_K0'[D_v D_w f_I]
//   NoiseOfObservables       E_K0'[f_I f_J] - E_K0[P f_I P f_J]
//   DriftOfObservables       A = projection of 1/2 Q:dd f_I, R and D at this kernel
//   NoiseRateOfObservables   E[d_e f_I Q_ef d_f f_J]
// With f in modes everything is a Mehler sum over orders:
//   E_K0'[f g]: correlations L'^-1 K0' L'^-T      E_K0[P f P g]: alpha^2 L'^-1 K0 L'^-T      E_K0[P f g]: alpha L'^-1 K0 L^-T

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on observables.</summary>
internal sealed class ObservableRecipes : IRecipeBook
{
    private readonly ObservableExpansion _expansion;
    private readonly int _pairs;
    private Unproved? _lost;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="expansion">The expansion of the observables.</param>
    /// <param name="span">Their blocks.</param>
    public ObservableRecipes(ObservableExpansion expansion, ObservableSpan span)
    {
        (_expansion, Span, _pairs) = (expansion, span, span.Pairs.Length);
        Ranges = new IndexRanges(span.Inputs, [.. span.Blocks.Select(block => block.Functions.Length)], [.. span.Blocks.Select(block => block.Members.Length)]);
    }

    /// <summary>The observables and their blocks.</summary>
    public ObservableSpan Span { get; }

    /// <inheritdoc/>
    public IndexRanges Ranges { get; }

    /// <inheritdoc/>
    public double RelativeError => Math.Max(1e-12, Span.LargestRest);

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _lost is null ? Span.Unproved : Span.Unproved.Append(_lost);

    /// <inheritdoc/>
    public (int Order, double Share) Beyond => _expansion.LargestShareOfOne > _expansion.LargestShareBeyond
        ? (ObservableExpansion.HighestOfOne, _expansion.LargestShareOfOne)
        : (ObservableExpansion.HighestOfTwo, _expansion.LargestShareBeyond);

    /// <inheritdoc/>
    public IReadOnlyList<KernelPart> Parts => KernelPart.OfObservables(
        _pairs, Span.Count, Span.Kernel, Span.Own, [.. Span.Blocks.Select((block, pair) => Ranges.Members[pair] + Array.IndexOf(block.Members, pair))]);

    /// <inheritdoc/>
    public IGaussianRecipe this[GaussianStatement statement] => new Recipe(statement.Recipe switch
    {
        GaussianRecipe.SourceInObservables => SourceInObservables,
        GaussianRecipe.GramMatrix => GramMatrix,
        GaussianRecipe.CarriedObservables => CarriedObservables,
        GaussianRecipe.NoiseOfObservables => NoiseOfObservables,
        GaussianRecipe.DriftOfObservables => DriftOfObservables,
        GaussianRecipe.NoiseRateOfObservables => NoiseRateOfObservables,
        _ => throw new NotSupportedException($"{statement.Recipe} is no recipe of closures on observables."),
    });

    // Observables that nearly depend on each other have projections of large coefficients that nearly cancel. To first order, what a layer's rounding
    // makes of K1; layers add up. K1 is measured by itself or, where it is less, by a share of K0.

    /// <inheritdoc/>
    public void Weigh(Func<string, double[]> state, int layers)
    {
        const double rounding = 1e-15, smallest = 1e-5;
        SpanAt here = Span.At(state("K0"));
        double[] mean = state("m");
        for (int pair = 0; pair < _pairs && _lost is null; pair++)
        {
            ObservableBlock block = Span.Blocks[pair];
            BlockProjection projection = here.Projections[pair][Array.IndexOf(block.Members, pair)];
            double[] means = [.. projection.Places.Select(place => mean[block.Start + place])];
            int own = Span.Kernel[pair];
            (int a, int b) = Span.Pairs[pair];
            double scale = Math.Sqrt(here.Kernel[Span.PairOf(a, a)] * here.Kernel[Span.PairOf(b, b)]);
            double error = rounding * Math.Max(1, layers) * Math.Sqrt(here.Covariances[own, own]) * projection.Projection.Amplification(means);
            double share = error / Math.Max(Math.Abs(mean[own]), smallest * scale);
            if (share > Cancellation.Tolerance)
            {
                _lost = new(
                    FormattableString.Invariant($"the digits of K1_{a}{b}"),
                    FormattableString.Invariant($"the observables of the closure nearly depend on each other at K_{a}{a} = {here.Kernel[Span.PairOf(a, a)]:G6}, and the rounding of their covariances, amplified, {(share < 1 ? $"leaves {share:G1} of it open" : "leaves none of them")}; hermite(k) has no such observables"));
            }
        }
    }

    private SpanAt At(TensorValues kernel) => Span.At(kernel.Values.AsSpan(kernel.Offset, _pairs));

    private void SourceInObservables(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        SpanAt here = At(arguments[0]);
        for (int pair = 0; pair < _pairs; pair++)
            results[0][pair] = here.Expansion.Coefficients[Span.Sigma[pair]][0];
        int place = 0;
        foreach (double coefficient in here.Sigma.SelectMany(block => block).SelectMany(member => member))
            results[1][place++] = coefficient;
    }

    private void GramMatrix(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results) => Symmetric(At(arguments[0]).Covariances, results[0]);

    private void NoiseOfObservables(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        SpanAt there = At(arguments[1]);
        var noise = (double[,])there.Covariances.Clone();
        Span.AddCovariances(there, arguments[0].Values.AsSpan(arguments[0].Offset, _pairs), scalars[0] * scalars[0], -1, noise);
        Symmetric(noise, results[0]);
    }

    private void NoiseRateOfObservables(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        var noise = new double[Span.Count, Span.Count];
        Span.AddNoiseRate(At(arguments[0]), Rows(arguments[1]), noise);
        Symmetric(noise, results[0]);
    }

    private void CarriedObservables(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results) =>
        Carried(At(arguments[0]), At(arguments[1]), scalars[0], (_, functions, _) => functions, results);

    private void DriftOfObservables(ReadOnlySpan<TensorValues> arguments, ReadOnlySpan<double> scalars, double[][] results)
    {
        SpanAt here = At(arguments[0]);
        double[] rows = Rows(arguments[1]);
        Carried(here, here, 1, HalfLaplacians, results);

        double[][] HalfLaplacians(ResponseForms forms, double[][] functions, double[][][] curvatures) => [.. curvatures.Select(parts =>
        {
            var sum = new double[parts[0].Length];
            for (int e = 0; e < forms.Kernels.Length; e++)
            {
                for (int part = 0; part < parts.Length; part++)
                {
                    double factor = 0.5 * rows[forms.Kernels[e]] * forms.Coefficients[e][part];
                    for (int n = 0; n < sum.Length; n++)
                        sum[n] += factor * parts[part][n];
                }
            }

            return sum;
        })];
    }

    // A, R, D and, if asked for, F, block by block, for functions of each pair of a block; derivatives act on the expansions of "there".
    private void Carried(SpanAt here, SpanAt there, double alpha, Func<ResponseForms, double[][], double[][][], double[][]> carry, double[][] results)
    {
        int startA = 0, startR = 0, startD = 0, startF = 0;
        for (int pair = 0; pair < _pairs; pair++)
        {
            ObservableBlock block = Span.Blocks[pair];
            int size = block.Functions.Length, members = block.Members.Length;
            for (int member = 0; member < members; member++)
            {
                int of = block.Members[member];
                int[] rows = [.. Enumerable.Range(0, size).Where(place => Span.PairOf(block.Functions[place]) == of)];
                if (rows.Length == 0)
                    continue;
                var forms = ResponseForms.Of(there.Expansion.Frames[of], of, Span.Pairs[of], Span.Inputs);
                int[] kernels = [.. forms.Kernels.Select(kernel => Array.IndexOf(block.Members, kernel))];
                double[][] functions = [.. rows.Select(row => Span.Function(pair, block.Functions[row], there))];
                double[][][] curvatures = [.. functions.Select(function => ModeDerivatives.Second(function, forms.Dimension))];
                double[][] both = Span.Project(pair, member, [.. carry(forms, functions, curvatures), .. curvatures.SelectMany(parts => parts)], there, here, alpha);
                int parts = curvatures[0].Length;
                for (int i = 0; i < rows.Length; i++)
                {
                    both[i].CopyTo(results[0], startA + (rows[i] * size));
                    for (int e = 0; e < kernels.Length; e++)
                    {
                        int v = (rows[i] * members) + kernels[e];
                        for (int part = 0; part < parts; part++)
                        {
                            double form = forms.Coefficients[e][part];
                            results[1][startR + v] += form * curvatures[i][part][0];
                            double[] projected = both[rows.Length + (i * parts) + part];
                            for (int l = 0; l < size; l++)
                                results[2][startD + (v * size) + l] += form * projected[l];
                        }

                        for (int f = 0; results.Length > 3 && f < kernels.Length; f++)
                            results[3][startF + (v * members) + kernels[f]] += forms.Fourth(e, f, functions[i]);
                    }
                }
            }

            startA += size * size;
            startR += size * members;
            startD += size * members * size;
            startF += size * members * members;
        }
    }

    private double[] Rows(TensorValues rows) => rows.Values.AsSpan(rows.Offset, _pairs).ToArray();

    private static void Symmetric(double[,] values, double[] result)
    {
        int count = values.GetLength(0);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                result[(i * count) + j] = 0.5 * (values[i, j] + values[j, i]);
        }
    }
}
