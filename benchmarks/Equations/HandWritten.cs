namespace SymbolicEft.Benchmarks.Equations;

/// <summary>
/// One step of the G-only equations in discrete depth, written by hand: K0, V4, V4 without transport, K1 over packed pairs, everything that can
/// be taken out of a loop taken out.
/// </summary>
internal sealed class HandWritten
{
    private readonly int _inputs, _pairs;
    private readonly int[] _pairOf, _rowOf;
    private readonly double[] _q, _identity, _half;

    public HandWritten(int inputs)
    {
        (_inputs, _pairs) = (inputs, inputs * (inputs + 1) / 2);
        _pairOf = new int[inputs * inputs];
        for (int a = 0, at = 0; a < inputs; a++)
        {
            for (int b = a; b < inputs; b++, at++) _pairOf[(a * inputs) + b] = _pairOf[(b * inputs) + a] = at;
        }

        _rowOf = [.. Enumerable.Range(0, _pairs).Select(p => (p * _pairs) - (p * (p + 1) / 2))];
        (_q, _identity, _half) = (new double[inputs * inputs], new double[inputs * inputs], new double[inputs * inputs]);
    }

    /// <summary>Expectations over (a, b), N x N: s02 is sigma_a sigma''_b, and so on.</summary>
    public sealed record Expectations(double[] S00, double[] S11, double[] S22, double[] S02, double[] S04, double[] S13);

    public void Step(double alpha, double eps, double weight, double bias, Expectations e, double[] kernel, double[] v4, double[] source, double[] k1, double[] nextKernel, double[] nextV4, double[] nextSource, double[] nextK1)
    {
        int n = _inputs;
        double h = eps * eps, skip = alpha * alpha, noise1 = skip * h, noise2 = h * h, keep = skip * skip;
        for (int at = 0; at < n * n; at++)
        {
            _q[at] = bias + (weight * e.S00[at]);
            _identity[at] = skip + (h * weight * e.S11[at]);
            _half[at] = h * weight * e.S02[at] / 2;
        }

        double V(int p, int q) => p <= q ? v4[_rowOf[p] + q] : v4[_rowOf[q] + p];
        for (int a = 0; a < n; a++)
        {
            for (int b = a; b < n; b++)
            {
                int ab = (a * n) + b, ba = (b * n) + a, p = _pairOf[ab], aa = _pairOf[(a * n) + a], bb = _pairOf[(b * n) + b];
                nextKernel[p] = (skip * kernel[p]) + (h * _q[ab]);
                nextK1[p] = (_identity[ab] * k1[p]) + (_half[ba] * k1[aa]) + (_half[ab] * k1[bb])
                    + (h * weight * ((((e.S04[ab] * V(bb, bb)) + (e.S04[ba] * V(aa, aa))) / 8) + (((e.S13[ab] * V(p, bb)) + (e.S13[ba] * V(aa, p))) / 2) + (e.S22[ab] * ((V(aa, bb) / 4) + (V(p, p) / 2)))));
                double ownAb = _identity[ab], ownA = _half[ba], ownB = _half[ab];
                for (int c = a; c < n; c++)
                {
                    double kac = kernel[_pairOf[(a * n) + c]], kbc = kernel[_pairOf[(b * n) + c]], qac = _q[(a * n) + c], qbc = _q[(b * n) + c];
                    int cc = _pairOf[(c * n) + c];
                    double columnCc = (ownAb * V(p, cc)) + (ownA * V(aa, cc)) + (ownB * V(bb, cc));
                    for (int d = c == a ? b : c; d < n; d++)
                    {
                        int cd = (c * n) + d, q = _pairOf[cd], dd = _pairOf[(d * n) + d], dc = (d * n) + c;
                        double kad = kernel[_pairOf[(a * n) + d]], kbd = kernel[_pairOf[(b * n) + d]], qad = _q[(a * n) + d], qbd = _q[(b * n) + d];
                        double noise = (noise1 * ((kac * qbd) + (kad * qbc) + (kbc * qad) + (kbd * qac))) + (noise2 * ((qac * qbd) + (qad * qbc)));
                        double columnCd = (ownAb * V(p, q)) + (ownA * V(aa, q)) + (ownB * V(bb, q)), columnDd = (ownAb * V(p, dd)) + (ownA * V(aa, dd)) + (ownB * V(bb, dd));
                        int place = _rowOf[p] + q;
                        nextV4[place] = noise + (_identity[cd] * columnCd) + (_half[dc] * columnCc) + (_half[cd] * columnDd);
                        nextSource[place] = noise + (keep * source[place]);
                    }
                }
            }
        }
    }
}
