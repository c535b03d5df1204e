// The closure on a list of observables f_I, evaluated as the derivation states it. P f = E_u f(alpha phi + eps u), u ~ N(0, Q(K0));
// t_c = xi(sigma sigma) of a pair c; Proj = projection on the observables of the same inputs (and constants), in L2(N(0, K0)).
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

namespace SymbolicEft.Numeric.Closures.Galerkin;

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
    public double RelativeError => Math.Max(1e-12, _span.LargestRest);

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
        Transport(matrix, state, (i, k, half) => Dot(matrix[k], half), next);
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
        Transport(matrix, state, (i, k, half) => half[k], slope);
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
        double[] covariance = new double[_pairs * _pairs], sigma = new double[_pairs * _pairs];
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
            {
                covariance[(c * _pairs) + d] = state[_covariance + (_span.Kernel[c] * _count) + _span.Kernel[d]];
                for (var i = 0; i < _count; i++) sigma[(c * _pairs) + d] += here.Sigma[c][i] * state[_covariance + (i * _count) + _span.Kernel[d]];
            }
        }

        add("K0", kernel);
        add("V4", _free.Upper(covariance));
        add("V4_source", _free.Upper(state.AsSpan(_sourceOnly, _pairs * _pairs)));
        add("K1", [.. _span.Kernel.Select(place => state[_mean + place])]);
        add("E2", [.. _span.Sigma.Select(place => here.Expansion.Coefficients[place][0])]);
        add("U1", [.. here.Sigma.Select(row => Dot(row, state.AsSpan(_mean, _count)))]);
        add("C_SG", sigma);
        add("V_state", state[_covariance.._mean]);
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

    private delegate double Finish(int row, int column, ReadOnlySpan<double> half);

    // Row i of M V, finished to the entry (i, k) of what is wanted.
    private void Transport(double[][] matrix, double[] state, Finish finish, double[] target)
    {
        var half = new double[_count];
        for (var i = 0; i < _count; i++)
        {
            Array.Clear(half);
            for (var j = 0; j < _count; j++)
            {
                if (matrix[i][j] == 0) continue;
                for (var k = 0; k < _count; k++) half[k] += matrix[i][j] * state[_covariance + (j * _count) + k];
            }

            for (var k = 0; k < _count; k++) target[_covariance + (i * _count) + k] = finish(i, k, half);
        }
    }

    // The matrix M of xi' (or d xi/dt), and the means; derivatives act on the expansions of "there".
    private double[][] Drift(
        double[] state, double[] target, SpanAt here, SpanAt there, double alpha,
        Func<ResponseForms, double[][], double[][][], double[][]> carry, double weight, double second)
    {
        ReadOnlySpan<double> mean = state.AsSpan(_mean, _count);
        var withSigma = new double[_pairs][]; // Cov(xi_I, t_c)
        var correction = new double[_pairs]; // m(sigma sigma)
        for (var c = 0; c < _pairs; c++)
        {
            withSigma[c] = new double[_count];
            for (var i = 0; i < _count; i++) withSigma[c][i] = Dot(here.Sigma[c], state.AsSpan(_covariance + (i * _count), _count));
            correction[c] = Dot(here.Sigma[c], mean);
        }

        var matrix = new double[_count][];
        for (var pair = 0; pair < _pairs; pair++)
        {
            int[] rows = _span.OfPair(pair);
            if (rows.Length == 0) continue;
            var forms = ResponseForms.Of(there.Expansion.Frames[pair], pair, _span.Pairs[pair], _span.Inputs);
            double[][] functions = [.. rows.Select(row => there.Expansion.Coefficients[row])];
            double[][][] curvatures = [.. functions.Select(function => ModeDerivatives.Second(function, forms.Dimension))];
            double[][] both = _span.Project(pair, [.. carry(forms, functions, curvatures), .. curvatures.SelectMany(parts => parts)], there, here, alpha);
            double[][] carried = both[..rows.Length], projected = both[rows.Length..];
            int parts = curvatures[0].Length;
            for (var i = 0; i < rows.Length; i++)
            {
                matrix[rows[i]] = carried[i];
                double value = Dot(carried[i], mean);
                for (var e = 0; e < forms.Kernels.Length; e++)
                {
                    int kernel = forms.Kernels[e];
                    double response = 0, covariance = 0;
                    for (var part = 0; part < parts; part++)
                    {
                        response += forms.Coefficients[e][part] * curvatures[i][part][0];
                        covariance += forms.Coefficients[e][part] * Dot(projected[(i * parts) + part], withSigma[kernel]);
                    }

                    value += 0.5 * weight * ((response * correction[kernel]) + covariance);
                    for (var j = 0; j < _count; j++) carried[i][j] += 0.5 * weight * response * here.Sigma[kernel][j];
                    for (var f = 0; second > 0 && f < forms.Kernels.Length; f++)
                        value += second * forms.Fourth(e, f, functions[i]) * Dot(here.Sigma[forms.Kernels[f]], withSigma[kernel]);
                }

                target[_mean + rows[i]] = value;
            }
        }

        return matrix;
    }
}
