// An oracle: the closure on a list of observables f_I, written by hand. P f = E_u f(alpha phi + eps u), u ~ N(0, Q(K0));
// t_c = xi(sigma sigma) of a pair c; Proj = projection on the observables of a block (and constants), in L2(N(0, K0)). The block of a pair of inputs is
// the list at (a, a), (a, b), (b, b), and closed in itself: M has no entries between blocks, and what a block knows of (a, a) is its own. (Were f(a, a)
// projected without b and f(a, b) with both, their difference for similar inputs would not stay small.)
//
//   xi'(f_I) = A_I . xi + (h C_W/2) <d_e d_f f_I>' t_ef + noise,        A_I = Proj P f_I,   t_c = Pi_c . xi,   Pi_c = Proj sigma sigma
//   noise      E_{K0'}[f_I f_J] - E_{K0}[P f_I P f_J]
//   V'       = M V M^T + noise,   M the matrix of xi'
//   m_I'     = A_I . m + (h C_W/2) (<d_e d_f f_I>' Pi_ef . m + Cov(xi(Proj P d_e d_f f_I), t_ef))
//            + (h C_W)^2/8 <d_e d_f d_g d_h f_I>' Cov(t_ef, t_gh)
// With f in modes everything is a Mehler sum over orders k:
//   E_{K0'}[f g]     correlations L'^-1 K0' L'^-T      E_{K0}[P f P g]   alpha^2 L'^-1 K0 L'^-T     E_{K0}[P f g]   alpha L'^-1 K0 L^-T
// Depth time, the order h at alpha = 1:   A -> Proj (1/2 Q:dd f),   noise -> E[d_e f_I Q_ef d_f f_J],   V' = M V + V M^T + noise.

using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Galerkin;

namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>A closure on a list of observables over depth.</summary>
internal sealed class GalerkinEquations : IDepthEquations
{
    private readonly ObservableSpan _span;
    private readonly LayerParameters _layer;
    private readonly FreeCovariance _free;
    private readonly int _pairs, _count, _sourceOnly, _covariance, _mean;

    /// <summary>Prepares the equations.</summary>
    public GalerkinEquations(ObservableSpan span, LayerParameters layer)
    {
        (_span, _layer, _free) = (span, layer, new FreeCovariance(span.Inputs));
        (_pairs, _count) = (span.Pairs.Length, span.Count);
        _sourceOnly = _pairs;
        _covariance = _sourceOnly + (_pairs * _pairs);
        _mean = _covariance + (_count * _count);
        Length = _mean + _count;
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public double? RelativeError => Math.Max(1e-12, _span.LargestRest);

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _span.Unproved;

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        var state = new double[Length];
        kernel.CopyTo(state);
        Add(_span.At(kernel).Covariances, state);
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++) state[_sourceOnly + (c * _pairs) + d] = _free.Of(kernel, c, d);
        }

        return state;
    }

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        double h = _layer.Step * _layer.Step, weight = h * _layer.WeightVariance, alpha = _layer.Skip, alpha2 = alpha * alpha;
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs);
        SpanAt here = _span.At(kernel);
        Rows(here, next);
        for (var pair = 0; pair < _pairs; pair++) next[pair] = (alpha2 * kernel[pair]) + (h * next[pair]);
        ReadOnlySpan<double> nextKernel = next.AsSpan(0, _pairs);
        SpanAt there = _span.At(nextKernel);
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
            {
                int at = _sourceOnly + (c * _pairs) + d;
                next[at] = (alpha2 * alpha2 * (state[at] - _free.Of(kernel, c, d))) + _free.Of(nextKernel, c, d);
            }
        }

        double[][] matrix = Drift(state, next, here, there, alpha, (_, functions, _) => functions, weight, 0.125 * weight * weight);
        Transport(matrix, state, both: true, next);
        var noise = (double[,])there.Covariances.Clone();
        _span.AddCovariances(there, kernel, alpha2, -1, noise);
        Add(noise, next);
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope)
    {
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs);
        SpanAt here = _span.At(kernel);
        Rows(here, slope);
        double[] rows = slope[.._pairs];
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++) slope[_sourceOnly + (c * _pairs) + d] = _free.Rate(kernel, rows, c, d);
        }

        // 1/2 Q:dd f in place of P f.
        double[][] HalfLaplacians(ResponseForms forms, double[][] functions, double[][][] curvatures) => [.. curvatures.Select(parts =>
        {
            var sum = new double[parts[0].Length];
            for (var e = 0; e < forms.Kernels.Length; e++)
            {
                for (var part = 0; part < parts.Length; part++)
                {
                    double factor = 0.5 * rows[forms.Kernels[e]] * forms.Coefficients[e][part];
                    for (var n = 0; n < sum.Length; n++) sum[n] += factor * parts[part][n];
                }
            }

            return sum;
        })];

        double[][] matrix = Drift(state, slope, here, here, 1, HalfLaplacians, _layer.WeightVariance, 0);
        Transport(matrix, state, both: false, slope);
        for (var i = 0; i < _count; i++)
        {
            // M V + (M V)^T.
            for (var k = i; k < _count; k++)
            {
                int at = _covariance + (i * _count) + k, mirror = _covariance + (k * _count) + i;
                slope[at] = slope[mirror] = slope[at] + slope[mirror];
            }
        }

        var noise = new double[_count, _count];
        _span.AddNoiseRate(here, rows, noise);
        Add(noise, slope);
    }

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales)
    {
        ReadOnlySpan<double> kernel = KernelScales.OfPairs(state.AsSpan(0, _pairs), _span.Inputs);
        kernel.CopyTo(scales);
        KernelScales.OfMatrix(kernel, scales.AsSpan(_sourceOnly));
        for (var i = 0; i < _count; i++)
        {
            double variance = Math.Max(state[_covariance + (i * _count) + i], 0);
            for (var j = 0; j < _count; j++)
                scales[_covariance + (i * _count) + j] = Math.Sqrt(variance * Math.Max(state[_covariance + (j * _count) + j], 0));
            scales[_mean + i] = Math.Sqrt(variance);
        }
    }

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        double[] kernel = state[.._pairs];
        SpanAt here = _span.At(kernel);
        double[] covariance = new double[_pairs * _pairs], withSigma = new double[_pairs * _pairs], mean = new double[_pairs];
        double Covariance(int i, int j) => state[_covariance + (i * _count) + j];
        for (var c = 0; c < _pairs; c++)
        {
            ObservableBlock block = _span.Blocks[c];
            double[] sigma = here.Sigma[c][Array.IndexOf(block.Members, c)];
            mean[c] = Dot(sigma, state.AsSpan(_mean + block.Start));
            for (var d = 0; d < _pairs; d++)
            {
                covariance[(c * _pairs) + d] = Covariance(_span.Kernel[c], _span.Kernel[d]);
                for (var i = 0; i < sigma.Length; i++) withSigma[(c * _pairs) + d] += sigma[i] * Covariance(block.Start + i, _span.Kernel[d]);
            }
        }

        add("K0", kernel);
        add("V4", _free.Upper(covariance));
        add("V4_source", _free.Upper(state.AsSpan(_sourceOnly, _pairs * _pairs)));
        add("K1", [.. _span.Kernel.Select(place => state[_mean + place])]);
        add("E2", [.. _span.Sigma.Select(place => here.Expansion.Coefficients[place][0])]);
        add("U1", mean);
        add("C_SG", withSigma);
        add("V_state", [.. _span.Own.SelectMany(i => _span.Own.Select(j => Covariance(i, j)))]);
    }

    /// <inheritdoc/>
    public string Describe(int component) =>
        component < _sourceOnly ? "K0" : component < _covariance ? "V4_source" : component < _mean ? "A covariance of the observables" : "The mean of an observable";

    private static double Dot(double[] left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var at = 0; at < left.Length; at++) sum += left[at] * right[at];
        return sum;
    }

    // Q = C_b + C_W E[sigma sigma].
    private void Rows(SpanAt here, double[] target)
    {
        for (var pair = 0; pair < _pairs; pair++)
            target[pair] = _layer.BiasVariance + (_layer.WeightVariance * here.Expansion.Coefficients[_span.Sigma[pair]][0]);
    }

    private void Add(double[,] covariances, double[] target)
    {
        for (var i = 0; i < _count; i++)
        {
            for (var j = 0; j < _count; j++) target[_covariance + (i * _count) + j] += 0.5 * (covariances[i, j] + covariances[j, i]);
        }
    }

    // M V of the blocks, and M V M^T: entry (i, k) for i in one block and k in another.
    private void Transport(double[][] matrix, double[] state, bool both, double[] target)
    {
        foreach (ObservableBlock block in _span.Blocks)
        {
            int size = block.Functions.Length;
            var half = new double[_count];
            for (var i = 0; i < size; i++)
            {
                Array.Clear(half);
                double[] row = matrix[block.Start + i];
                for (var j = 0; j < size; j++)
                {
                    if (row[j] == 0) continue;
                    int from = _covariance + ((block.Start + j) * _count);
                    for (var k = 0; k < _count; k++) half[k] += row[j] * state[from + k];
                }

                int to = _covariance + ((block.Start + i) * _count);
                foreach (ObservableBlock other in _span.Blocks)
                {
                    for (var k = other.Start; k < other.Start + other.Functions.Length; k++)
                        target[to + k] = both ? Dot(matrix[k], half.AsSpan(other.Start)) : half[k];
                }
            }
        }
    }

    // The matrix M of xi' (or d xi/dt), row by row over the components of the row's block, and the means; derivatives act on the expansions of "there".
    private double[][] Drift(
        double[] state, double[] target, SpanAt here, SpanAt there, double alpha,
        Func<ResponseForms, double[][], double[][][], double[][]> carry, double weight, double second)
    {
        var matrix = new double[_count][];
        for (var pair = 0; pair < _pairs; pair++)
        {
            ObservableBlock block = _span.Blocks[pair];
            ReadOnlySpan<double> mean = state.AsSpan(_mean + block.Start, block.Functions.Length);
            double[][] sigma = here.Sigma[pair];
            var withSigma = new double[sigma.Length][]; // Cov(xi_I, t_c) in the block
            var correction = new double[sigma.Length]; // m(sigma sigma)
            for (var c = 0; c < sigma.Length; c++)
            {
                withSigma[c] = new double[block.Functions.Length];
                for (var i = 0; i < withSigma[c].Length; i++) withSigma[c][i] = Dot(sigma[c], state.AsSpan(_covariance + ((block.Start + i) * _count) + block.Start));
                correction[c] = Dot(sigma[c], mean);
            }

            for (var member = 0; member < block.Members.Length; member++)
            {
                int of = block.Members[member];
                int[] rows = [.. Enumerable.Range(0, block.Functions.Length).Where(place => _span.PairOf(block.Functions[place]) == of)];
                if (rows.Length == 0) continue;
                var forms = ResponseForms.Of(there.Expansion.Frames[of], of, _span.Pairs[of], _span.Inputs);
                int[] kernels = [.. forms.Kernels.Select(kernel => Array.IndexOf(block.Members, kernel))];
                double[][] functions = [.. rows.Select(row => _span.Function(pair, block.Functions[row], there))];
                double[][][] curvatures = [.. functions.Select(function => ModeDerivatives.Second(function, forms.Dimension))];
                double[][] both = _span.Project(pair, member, [.. carry(forms, functions, curvatures), .. curvatures.SelectMany(parts => parts)], there, here, alpha);
                double[][] carried = both[..rows.Length], projected = both[rows.Length..];
                int parts = curvatures[0].Length;
                for (var i = 0; i < rows.Length; i++)
                {
                    matrix[block.Start + rows[i]] = carried[i];
                    double value = Dot(carried[i], mean);
                    for (var e = 0; e < kernels.Length; e++)
                    {
                        double response = 0, covariance = 0;
                        for (var part = 0; part < parts; part++)
                        {
                            response += forms.Coefficients[e][part] * curvatures[i][part][0];
                            covariance += forms.Coefficients[e][part] * Dot(projected[(i * parts) + part], withSigma[kernels[e]]);
                        }

                        value += 0.5 * weight * ((response * correction[kernels[e]]) + covariance);
                        for (var j = 0; j < carried[i].Length; j++) carried[i][j] += 0.5 * weight * response * sigma[kernels[e]][j];
                        for (var f = 0; second > 0 && f < kernels.Length; f++)
                            value += second * forms.Fourth(e, f, functions[i]) * Dot(sigma[kernels[f]], withSigma[kernels[e]]);
                    }

                    target[_mean + block.Start + rows[i]] = value;
                }
            }
        }

        return matrix;
    }
}
