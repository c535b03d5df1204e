// Means of products of powers of a function with kinks at two inputs, phi = L z. Derivatives in the kernel are taken away by parts: d/dphi_a = sum_i (L^-1)_ia d/dz_i, and
// E[d_1^p d_2^q P] = E[P he_p(z_1) he_q(z_2)] sqrt(p! q!). Gauss-Legendre panels end at the kinks of phi_1, and for each of its nodes at those of phi_2: what is left is
// smooth in z_1 over a distance of L_22. The width of panels goes down until integrals of one direction no longer change.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>How wide panels may be.</summary>
/// <param name="Range">They cover [-range, range].</param>
/// <param name="Width">Their width.</param>
/// <param name="Accuracy">To which share of their size integrals of one direction agree with those of the next width.</param>
internal sealed record KinkedRule(double Range, double Width, double Accuracy)
{
    private const double Wanted = 1e-14, LeastAccuracy = 1e-6;

    private static readonly double[] Widths = [1.5, 1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08];

    /// <summary>Chooses.</summary>
    /// <param name="sigma">sigma.</param>
    /// <param name="kernels">Variances between which those of the inputs are.</param>
    /// <param name="highest">The highest derivative.</param>
    /// <exception cref="QuadratureException">No rule is fine enough.</exception>
    public static KinkedRule For(ActivationDescription sigma, IReadOnlyList<double> kernels, int highest)
    {
        double range = NeuronRule.RangeOf(sigma, kernels) + Math.Sqrt(highest), error = double.PositiveInfinity;
        double[] before = Probe(Widths[0]);
        for (int at = 0; at + 1 < Widths.Length; at++)
        {
            double[] next = Probe(Widths[at + 1]);
            error = NeuronRule.Difference(before, next);
            if (error <= Wanted || (at + 2 == Widths.Length && error <= LeastAccuracy))
                return new(range, Widths[at], error);
            before = next;
        }

        throw new QuadratureException(FormattableString.Invariant($"Panels of width {Widths[^1]} integrate powers of {sigma.Name} to {error:G2} only; use one input, a smaller kernel, or order 0."));

        double[] Probe(double width)
        {
            var result = new List<double>();
            foreach (double kernel in kernels)
            {
                double deviation = Math.Sqrt(kernel);
                KinkedNodes nodes = KinkedNodes.Of(sigma, 0.3 * deviation, deviation, range, width, highest);
                foreach (int power in (int[])[1, 2, 6])
                {
                    foreach (int mode in (int[])[0, 1, highest])
                    {
                        result.Add(nodes.Mean(power, mode));
                        result.Add(Math.Sqrt(nodes.Mean(2 * power, 0)));
                    }
                }
            }

            return [.. result];
        }
    }
}

/// <summary>Nodes for a function of shift + deviation z, in panels between its kinks.</summary>
/// <param name="Weights">The weights, with the density.</param>
/// <param name="Values">sigma.</param>
/// <param name="Nodes">z.</param>
/// <param name="Modes">he_j, mode by mode.</param>
internal sealed record KinkedNodes(double[] Weights, double[] Values, double[] Nodes, double[][] Modes)
{
    private const int PanelNodes = 16;

    /// <summary>Makes them.</summary>
    public static KinkedNodes Of(ActivationDescription sigma, double shift, double deviation, double range, double width, int highest)
    {
        var panels = new PanelRule();
        panels.Start(PanelNodes);
        double[] ends = [-range, .. sigma.Kinks.Select(kink => (kink.Position - shift) / deviation).Where(cut => Math.Abs(cut) < range).Order(), range];
        for (int piece = 0; piece + 1 < ends.Length; piece++)
            panels.AddEven(ends[piece], ends[piece + 1], width);
        double[] nodes = panels.Nodes[..panels.Count], values = new double[nodes.Length];
        sigma.Fill(0, [.. nodes.Select(node => shift + (deviation * node))], values);
        var modes = new double[highest + 1][];
        for (int mode = 0; mode <= highest; mode++)
        {
            modes[mode] = new double[nodes.Length];
            for (int at = 0; at < nodes.Length; at++)
                modes[mode][at] = mode == 0 ? 1 : ((nodes[at] * modes[mode - 1][at]) - (mode > 1 ? Math.Sqrt(mode - 1.0) * modes[mode - 2][at] : 0)) / Math.Sqrt(mode);
        }

        return new(panels.Weights[..panels.Count], values, nodes, modes);
    }

    /// <summary>E[sigma^power he_mode].</summary>
    public double Mean(int power, int mode)
    {
        double sum = 0;
        for (int at = 0; at < Weights.Length; at++)
            sum += Weights[at] * Modes[mode][at] * Math.Pow(Values[at], power);
        return sum;
    }
}

/// <summary>The means at one kernel of two inputs.</summary>
internal sealed class KinkedMeans
{
    private readonly double[,] _factor;
    private readonly KinkedRule _rule;
    private readonly KinkedNodes _first;
    private readonly KinkedNodes[] _second;
    private readonly Dictionary<(int Power, int Mode), double[]> _inner = [];

    /// <summary>Prepares the nodes.</summary>
    /// <param name="sigma">sigma.</param>
    /// <param name="factor">L, with a second direction.</param>
    /// <param name="rule">The panels.</param>
    /// <param name="highest">The highest derivative.</param>
    public KinkedMeans(ActivationDescription sigma, double[,] factor, KinkedRule rule, int highest)
    {
        (_factor, _rule, Highest) = (factor, rule, highest);
        double apart = factor[1, 1] / Math.Max(factor[1, 1], Math.Abs(factor[1, 0]));
        _first = KinkedNodes.Of(sigma, 0, factor[0, 0], rule.Range, rule.Width * apart, highest);
        _second = [.. _first.Nodes.Select(node => KinkedNodes.Of(sigma, factor[1, 0] * node, factor[1, 1], rule.Range, rule.Width, highest))];
    }

    /// <summary>The highest derivative.</summary>
    public int Highest { get; }

    /// <summary>E of the derivative of orders at each input of the product of powers of sigma.</summary>
    /// <param name="powers">The powers.</param>
    /// <param name="orders">The orders.</param>
    public double Mean(int[] powers, int[] orders) => Terms(orders).Sum(term => term.Coefficient * Mean(powers, term.First, term.Second));

    /// <summary>What it may be off by: that share of the norms of what is summed.</summary>
    /// <param name="powers">The powers.</param>
    /// <param name="orders">The orders.</param>
    /// <param name="rounding">The rounding of a sum, of the norm.</param>
    public double Lost(int[] powers, int[] orders, double rounding) =>
        (rounding + _rule.Accuracy) * Math.Sqrt(Mean([2 * powers[0], 2 * powers[1]], 0, 0)) * Terms(orders).Sum(term => Math.Abs(term.Coefficient));

    // (d_1/L11 - L21 d_2/(L11 L22))^k (d_2/L22)^l in powers of d_1, d_2, which are modes.
    private IEnumerable<(double Coefficient, int First, int Second)> Terms(int[] orders)
    {
        double choose = 1;
        for (int turned = 0; turned <= orders[0]; turned++)
        {
            (int first, int second) = (orders[0] - turned, orders[1] + turned);
            double coefficient = choose * Math.Pow(_factor[0, 0], -orders[0]) * Math.Pow(-_factor[1, 0], turned) * Math.Pow(_factor[1, 1], -second);
            for (int at = 1; at <= Math.Max(first, second); at++)
                coefficient *= Math.Sqrt((at <= first ? at : 1) * (double)(at <= second ? at : 1));
            yield return (coefficient, first, second);
            choose = choose * (orders[0] - turned) / (turned + 1);
        }
    }

    private double Mean(int[] powers, int first, int second)
    {
        if (!_inner.TryGetValue((powers[1], second), out double[]? inner))
            _inner[(powers[1], second)] = inner = [.. _second.Select(nodes => nodes.Mean(powers[1], second))];
        double sum = 0;
        for (int at = 0; at < inner.Length; at++)
            sum += _first.Weights[at] * _first.Modes[first][at] * Math.Pow(_first.Values[at], powers[0]) * inner[at];
        return sum;
    }
}
