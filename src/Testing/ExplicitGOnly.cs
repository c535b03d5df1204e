// The G-only equations written down by hand, in plain code, as a second route to what the derivation produces:
//   K0'   = alpha^2 K0 + h Q(K0),   Q_ab = C_b + C_W E2_ab,   h = eps^2
//   V4'   = (alpha^2 + h chi) V4 (alpha^2 + h chi)^T + free(K0') - alpha^4 free(K0)
//   K1'   = alpha^2 K1 + h (chi K1 + 1/2 Hess(Q):V4)
// E2_ab is a function of (K_aa, K_ab, K_bb); by Price's theorem its derivatives are
//   aa: E[s''s]/2   ab: E[s's']   bb: E[ss'']/2
//   aa,aa: E[s''''s]/4   aa,ab: E[s'''s']/2   aa,bb: E[s''s'']/4   ab,ab: E[s''s'']   ab,bb: E[s's''']/2   bb,bb: E[ss'''']/4
// and at a = b, as a function of K_aa:   E[s'^2 + s s''],   E[s s''''/2 + 2 s' s''' + 3/2 s''^2].
// Kawase & Ota, arXiv:2604.15742, with the eps^4 terms of discrete depth.

using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Testing;

/// <summary>G-only from formulas written by hand: what the derived equations are checked against.</summary>
public static class ExplicitGOnly
{
    /// <summary>Solves in discrete depth; sigma must be smooth.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <returns>K0, V4, K1, E2 and U1 at the recorded layers.</returns>
    public static TheorySolution Solve(Network network)
    {
        int inputs = network.Inputs, pairs = PairIndexing.Count(inputs);
        var engine = new PairExpectationEngine(network.Sigma.Description, 4);
        var values = new double[engine.ValuesPerPair];
        double[] kernel = network.InitialKernel, mean = new double[pairs];
        double[,] covariance = Free(kernel, inputs);
        var records = new Dictionary<string, IReadOnlyList<double[]>>(StringComparer.Ordinal)
        {
            ["K0"] = new List<double[]>(),
            ["V4"] = new List<double[]>(),
            ["K1"] = new List<double[]>(),
            ["E2"] = new List<double[]>(),
            ["U1"] = new List<double[]>(),
        };
        for (int at = 0; at <= network.Depth; at++)
        {
            LayerParameters layer = network.LayerAt(at);
            double h = layer.Time, alpha2 = layer.Skip * layer.Skip;
            double[] sigma = new double[pairs], source = new double[pairs];
            var step = new double[pairs, pairs];
            foreach ((int a, int b) in PairIndexing.All(inputs))
            {
                int row = PairIndexing.Of(a, b, inputs);
                int[] variables = a == b ? [row] : [PairIndexing.Of(a, a, inputs), row, PairIndexing.Of(b, b, inputs)];
                engine.Evaluate(kernel[PairIndexing.Of(a, a, inputs)], kernel[row], kernel[PairIndexing.Of(b, b, inputs)], values, out _);
                double E(int i, int j) => values[engine.IndexOf(i, j)];
                double[] slope = a == b ? [E(1, 1) + E(0, 2)] : [E(2, 0) / 2, E(1, 1), E(0, 2) / 2];
                double[,] curvature = a == b
                    ? new[,] { { (E(0, 4) / 2) + (2 * E(1, 3)) + (1.5 * E(2, 2)) } }
                    : new[,]
                    {
                        { E(4, 0) / 4, E(3, 1) / 2, E(2, 2) / 4 },
                        { E(3, 1) / 2, E(2, 2), E(1, 3) / 2 },
                        { E(2, 2) / 4, E(1, 3) / 2, E(0, 4) / 4 },
                    };
                sigma[row] = E(0, 0);
                step[row, row] += alpha2;
                for (int i = 0; i < variables.Length; i++)
                {
                    step[row, variables[i]] += h * layer.WeightVariance * slope[i];
                    source[row] += slope[i] * mean[variables[i]];
                    for (int j = 0; j < variables.Length; j++)
                        source[row] += 0.5 * curvature[i, j] * covariance[variables[i], variables[j]];
                }
            }

            if (network.RecordedLayers.Contains(at))
            {
                void Add(string name, double[] row) => ((List<double[]>)records[name]).Add(row);
                Add("K0", kernel);
                Add("V4", PairIndexing.Upper(covariance));
                Add("K1", mean);
                Add("E2", sigma);
                Add("U1", source);
            }

            double[] next = [.. kernel.Select((value, pair) => (alpha2 * value) + (h * (layer.BiasVariance + (layer.WeightVariance * sigma[pair]))))];
            mean = [.. mean.Select((value, pair) => (alpha2 * value) + (h * layer.WeightVariance * source[pair]))];
            double[,] before = Free(kernel, inputs), after = Free(next, inputs), moved = Product(step, covariance);
            for (int p = 0; p < pairs; p++)
            {
                for (int q = 0; q < pairs; q++)
                {
                    double sum = after[p, q] - (alpha2 * alpha2 * before[p, q]);
                    for (int r = 0; r < pairs; r++)
                        sum += moved[p, r] * step[q, r];
                    covariance[p, q] = sum;
                }
            }

            kernel = next;
        }

        return new(inputs, network.RecordedLayers, [.. network.RecordedLayers.Select(network.TimeOf)], records, null);
    }

    private static double[,] Free(double[] kernel, int inputs)
    {
        double K(int a, int b) => kernel[PairIndexing.Of(a, b, inputs)];
        int pairs = PairIndexing.Count(inputs);
        var free = new double[pairs, pairs];
        foreach ((int a, int b) in PairIndexing.All(inputs))
        {
            foreach ((int c, int d) in PairIndexing.All(inputs))
                free[PairIndexing.Of(a, b, inputs), PairIndexing.Of(c, d, inputs)] = (K(a, c) * K(b, d)) + (K(a, d) * K(b, c));
        }

        return free;
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        int size = left.GetLength(0);
        var product = new double[size, size];
        for (int p = 0; p < size; p++)
        {
            for (int q = 0; q < size; q++)
            {
                for (int r = 0; r < size; r++)
                    product[p, q] += left[p, r] * right[r, q];
            }
        }

        return product;
    }
}
