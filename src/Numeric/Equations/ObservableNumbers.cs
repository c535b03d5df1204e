// Gaussian numbers of closures on a list of observables f_I, each expanded in the Hermite modes of its pair of inputs. The block of a pair of inputs
// is the list at (a, a), (a, b), (b, b), closed in itself (ObservableSpan). P f = E_u f(alpha phi + eps u), u ~ N(0, Q(K0)).
//   SigmaKernelInObservables      E2, and Pi = projection of sigma sigma
//   GramMatrix               E_K0[f_I f_J] - E f_I E f_J
//   CarriedObservables       A = projection of P f_I,  R = E_K0'[D_v f_I],  D = projection of P D_v f_I,  F = E_K0'[D_v D_w f_I]
//   NoiseOfObservables       E_K0'[f_I f_J] - E_K0[P f_I P f_J]
//   DriftOfObservables       A = projection of 1/2 Q:dd f_I, R and D at this kernel
//   NoiseRateOfObservables   E[d_e f_I Q_ef d_f f_J]
// With f in modes everything is a Mehler sum over orders:
//   E_K0'[f g]: correlations L'^-1 K0' L'^-T      E_K0[P f P g]: alpha^2 L'^-1 K0 L'^-T      E_K0[P f g]: alpha L'^-1 K0 L^-T

using SymbolicEft.Numeric.Closures.Galerkin;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of closures on observables.</summary>
internal sealed class ObservableNumbers
{
    private readonly int _pairs;

    /// <summary>Prepares the recipes.</summary>
    /// <param name="span">The blocks of the observables.</param>
    public ObservableNumbers(ObservableSpan span)
    {
        (Span, _pairs) = (span, span.Pairs.Length);
        Ranges = new IndexRanges(span.Inputs, [.. span.Blocks.Select(block => block.Functions.Length)], [.. span.Blocks.Select(block => block.Members.Length)]);
    }

    /// <summary>The observables and their blocks.</summary>
    public ObservableSpan Span { get; }

    /// <summary>What the indices count to.</summary>
    public IndexRanges Ranges { get; }

    /// <summary>Where each pair stands among the members of its own block.</summary>
    public int[] Own => [.. Span.Blocks.Select((block, pair) => Ranges.Members[pair] + Array.IndexOf(block.Members, pair))];

    /// <summary>E2, and Pi, the projection of sigma sigma.</summary>
    /// <param name="kernel">K0 over pairs, as everywhere here.</param>
    /// <param name="mean">E2 over pairs.</param>
    /// <param name="projection">Pi in blocks, over members and observables.</param>
    public void SigmaKernelInObservables(ReadOnlySpan<double> kernel, Span<double> mean, Span<double> projection)
    {
        SpanAt here = Span.At(kernel);
        for (int pair = 0; pair < _pairs; pair++)
            mean[pair] = here.Expansion.Coefficients[Span.Sigma[pair]][0];
        int place = 0;
        foreach (double coefficient in here.Sigma.SelectMany(block => block).SelectMany(member => member))
            projection[place++] = coefficient;
    }

    /// <summary>Covariances of the observables.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="result">Over observables and observables.</param>
    public void GramMatrix(ReadOnlySpan<double> kernel, Span<double> result) => Symmetric(Span.At(kernel).Covariances, result);

    /// <summary>E_K0'[f_I f_J] - E_K0[P f_I P f_J].</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="next">K0 of the next layer.</param>
    /// <param name="alpha">alpha.</param>
    /// <param name="result">Over observables and observables.</param>
    public void NoiseOfObservables(ReadOnlySpan<double> kernel, ReadOnlySpan<double> next, double alpha, Span<double> result)
    {
        SpanAt there = Span.At(next);
        var noise = (double[,])there.Covariances.Clone();
        Span.AddCovariances(there, kernel, alpha * alpha, -1, noise);
        Symmetric(noise, result);
    }

    /// <summary>E[d_e f_I Q_ef d_f f_J].</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="rows">Q over pairs.</param>
    /// <param name="result">Over observables and observables.</param>
    public void NoiseRateOfObservables(ReadOnlySpan<double> kernel, ReadOnlySpan<double> rows, Span<double> result)
    {
        var noise = new double[Span.Count, Span.Count];
        Span.AddNoiseRate(Span.At(kernel), rows.ToArray(), noise);
        Symmetric(noise, result);
    }

    /// <summary>A = projection of P f_I, R = E_K0'[D_v f_I], D = projection of P D_v f_I, F = E_K0'[D_v D_w f_I], all in blocks.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="next">K0 of the next layer.</param>
    /// <param name="alpha">alpha.</param>
    /// <param name="carried">A over observables and observables.</param>
    /// <param name="response">R over observables and members.</param>
    /// <param name="responses">D over observables, members and observables.</param>
    /// <param name="curvature">F over observables, members and members.</param>
    public void CarriedObservables(ReadOnlySpan<double> kernel, ReadOnlySpan<double> next, double alpha, Span<double> carried, Span<double> response, Span<double> responses, Span<double> curvature) =>
        Carried(Span.At(kernel), Span.At(next), alpha, (_, functions, _) => functions, carried, response, responses, curvature);

    /// <summary>A = projection of 1/2 Q:dd f_I, R and D at this kernel, all in blocks.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="q">Q over pairs.</param>
    /// <param name="carried">A over observables and observables.</param>
    /// <param name="response">R over observables and members.</param>
    /// <param name="responses">D over observables, members and observables.</param>
    public void DriftOfObservables(ReadOnlySpan<double> kernel, ReadOnlySpan<double> q, Span<double> carried, Span<double> response, Span<double> responses)
    {
        SpanAt here = Span.At(kernel);
        double[] rows = q.ToArray();
        Carried(here, here, 1, HalfLaplacians, carried, response, responses, []);

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
    private void Carried(SpanAt here, SpanAt there, double alpha, Func<ResponseForms, double[][], double[][][], double[][]> carry, Span<double> carried, Span<double> response, Span<double> responses, Span<double> curvature)
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
                    both[i].CopyTo(carried[(startA + (rows[i] * size))..]);
                    for (int e = 0; e < kernels.Length; e++)
                    {
                        int v = (rows[i] * members) + kernels[e];
                        for (int part = 0; part < parts; part++)
                        {
                            double form = forms.Coefficients[e][part];
                            response[startR + v] += form * curvatures[i][part][0];
                            double[] projected = both[rows.Length + (i * parts) + part];
                            for (int l = 0; l < size; l++)
                                responses[startD + (v * size) + l] += form * projected[l];
                        }

                        for (int f = 0; !curvature.IsEmpty && f < kernels.Length; f++)
                            curvature[startF + (v * members) + kernels[f]] += forms.Fourth(e, f, functions[i]);
                    }
                }
            }

            startA += size * size;
            startR += size * members;
            startD += size * members * size;
            startF += size * members * members;
        }
    }

    private static void Symmetric(double[,] values, Span<double> result)
    {
        int count = values.GetLength(0);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                result[(i * count) + j] = 0.5 * (values[i, j] + values[j, i]);
        }
    }
}
