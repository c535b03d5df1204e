using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures;

/// <summary>K0' = alpha^2 K0 + eps^2 (C_b + C_W E2(K0)) with E2 as the zeroth modes of sigma_a sigma_b, in discrete depth.</summary>
/// <param name="network">The network and its inputs.</param>
/// <param name="settings">How to solve.</param>
internal sealed class InfiniteWidthEquations(Network network, SolverSettings settings) : IDepthEquations
{
    private readonly FluctuationEquation _fluctuations = new(network.Sigma.Description, network.Inputs, 2, settings.Quadrature.IsEstimated);
    private int _layers;

    /// <inheritdoc/>
    public int Length => PairIndexing.Count(network.Inputs);

    /// <inheritdoc/>
    public double RelativeError => FluctuationEquation.Target;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _fluctuations.Unproved;

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel) => kernel.ToArray();

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        LayerParameters layer = network.LayerAt(_layers++);
        double[] means = Means(state);
        for (int pair = 0; pair < Length; pair++)
            next[pair] = (layer.Skip * layer.Skip * state[pair]) + (layer.Step * layer.Step * (layer.BiasVariance + (layer.WeightVariance * means[pair])));
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("The kernel of infinite width is solved in discrete depth.");

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales) => KernelScales.OfPairs(state, network.Inputs).CopyTo(scales, 0);

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        add("K0", [.. state]);
        add("E2", Means(state));
    }

    /// <inheritdoc/>
    public string Describe(int component) => "K0";

    private double[] Means(double[] state) => [.. _fluctuations.At(state).Pairs.Select(pair => pair.Mean)];
}
