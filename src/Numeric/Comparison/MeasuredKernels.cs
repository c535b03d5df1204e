// Kernels that somebody measured against the theory at their width. Of m networks with the kernels G_p at a layer, over pairs p of inputs:
//   E G_p    the mean, standard error sqrt(Var G_p / m)
//   V4_pq    n (sum of d_p d_q)/(m - 1), d_p the deviation from the mean; standard error n sqrt((mean of (d_p d_q)^2 - c_pq^2)/m), c the mean of d_p d_q
// The theory at width n as far as it was solved (FiniteWidth). z = (measured - theory)/(standard error); what a network has
// beyond the orders that are solved is in z.

using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>A measured number.</summary>
/// <param name="Quantity">G, V4, K1 or U1.</param>
/// <param name="Layer">The layer l.</param>
/// <param name="Pair">The pair (a, b), inputs numbered from 0.</param>
/// <param name="Second">The second pair of V4, else null.</param>
/// <param name="Measured">Its value, and a standard error; 0 where none is known.</param>
public sealed record MeasuredNumber(string Quantity, int Layer, InputPair Pair, InputPair? Second, Estimate Measured)
{
    /// <summary>On the equivalent of how many networks the standard error rests (<see cref="ErrorBars"/>); null where that is not known.</summary>
    public double? EffectiveSamples { get; init; }

    /// <summary>Its name in tables, such as V4_00,01.</summary>
    public string Name => $"{Quantity}_{Pair.Name}{(Second is { } second ? $",{second.Name}" : "")}";
}

/// <summary>A measured number beside the theory at the same width.</summary>
/// <param name="Number">The number.</param>
/// <param name="Theory">What the theory says.</param>
public sealed record ComparedNumber(MeasuredNumber Number, double Theory)
{
    /// <summary>By how many standard errors the measured number is above the theory; null where no error is known.</summary>
    public double? Z => Number.Measured.StandardError > 0 ? (Number.Measured.Value - Theory) / Number.Measured.StandardError : null;
}

/// <summary>Kernels measured on networks.</summary>
public static class MeasuredKernels
{
    /// <summary>What can be compared.</summary>
    public static IReadOnlyList<string> Quantities { get; } = ["G", "V4", "K1", "U1"];

    /// <summary>E G and V4 of networks at a layer.</summary>
    /// <param name="layer">The layer l.</param>
    /// <param name="width">n.</param>
    /// <param name="pairs">The pairs that were measured.</param>
    /// <param name="networks">For each network G over these pairs; at least two networks.</param>
    /// <exception cref="ArgumentException">There are fewer than two networks, or one has another number of pairs.</exception>
    public static IReadOnlyList<MeasuredNumber> Of(int layer, int width, IReadOnlyList<InputPair> pairs, IReadOnlyList<double[]> networks)
    {
        int count = networks.Count;
        if (count < 2)
            throw new ArgumentException($"There {(count == 1 ? "is 1 network" : "are no networks")} at layer {layer}, which has no spread; measure at least 2.", nameof(networks));
        if (networks.FirstOrDefault(network => network.Length != pairs.Count) is { } odd)
            throw new ArgumentException($"A network has {odd.Length} kernels and there are {pairs.Count} pairs; give one for each.", nameof(networks));
        double[] means = [.. pairs.Select((_, p) => networks.Sum(network => network[p]) / count)];
        var numbers = new List<MeasuredNumber>();
        for (int p = 0; p < pairs.Count; p++)
        {
            // Var G over count - 1, from the sum over count.
            numbers.Add(Number("G", p, null, [.. networks.Select(network => network[p] - means[p])], means[p], 1, Math.Sqrt(count / (count - 1.0)), means[p] * means[p]));
        }

        for (int p = 0; p < pairs.Count; p++)
        {
            for (int q = p; q < pairs.Count; q++)
            {
                double[] products = [.. networks.Select(network => (network[p] - means[p]) * (network[q] - means[q]))];
                double mean = products.Sum() / count;
                numbers.Add(Number("V4", p, pairs[q], [.. products.Select(product => product - mean)], width * mean * count / (count - 1), width, 1, products.Sum(product => product * product) / count));
            }
        }

        return numbers;

        // The error bar from what single networks add to the mean; none where that is rounding, such as of V4 of two networks, whose products are equal.
        MeasuredNumber Number(string quantity, int p, InputPair? second, double[] influences, double value, double unit, double correction, double scale)
        {
            double square = influences.Sum(influence => influence * influence) / count, fourth = influences.Sum(influence => influence * influence * influence * influence) / count;
            bool varies = square > 1e-20 * scale;
            return new(quantity, layer, pairs[p], second, new(value, varies ? unit * correction * Math.Sqrt(square / count) : 0))
            {
                EffectiveSamples = varies ? ErrorBars.EffectiveSamples(count, square, fourth) : null,
            };
        }
    }

    /// <summary>Puts the theory beside measured numbers.</summary>
    /// <param name="numbers">The numbers, at layers that the solution has recorded.</param>
    /// <param name="theory">A solution of the same network.</param>
    /// <param name="width">n.</param>
    /// <exception cref="ArgumentException">A quantity is none of <see cref="Quantities"/>, or the solution does not have it.</exception>
    public static IReadOnlyList<ComparedNumber> Compare(IReadOnlyList<MeasuredNumber> numbers, TheorySolution theory, int width) =>
        [.. numbers.Select(number => new ComparedNumber(number, At(number, theory, width)))];

    private static double At(MeasuredNumber number, TheorySolution theory, double width)
    {
        int record = -1;
        for (int at = 0; at < theory.Layers.Count; at++)
            record = theory.Layers[at] == number.Layer ? at : record;
        if (record < 0)
            throw new ArgumentException($"The theory was not solved at layer {number.Layer}.", nameof(theory));
        int pairs = PairIndexing.Count(theory.Inputs), p = Place(number.Pair);
        int order = FiniteWidth.Order(theory.Tensors.ContainsKey);
        return number.Quantity switch
        {
            "G" => FiniteWidth.MeanAt(tensor => theory.Tensors[tensor][record][p], order, width),
            "K1" => FiniteWidth.ShiftAt(tensor => theory.Tensors[tensor][record][p], order, width),
            "V4" when number.Second is { } second => FiniteWidth.CovarianceAt(tensor => theory.Tensors[tensor][record][PairIndexing.Of(p, Place(second), pairs)], order, width),
            "U1" when theory.U1 is { Count: > 0 } corrections => corrections[record][p],
            "U1" => throw new ArgumentException("U1 is not a quantity of a program of layers; leave it out.", nameof(number)),
            _ => throw new ArgumentException($"'{number.Quantity}' is not compared; use {string.Join(", ", Quantities)}.", nameof(number)),
        };

        int Place(InputPair pair) => PairIndexing.Of(pair.First, pair.Second, theory.Inputs);
    }
}
