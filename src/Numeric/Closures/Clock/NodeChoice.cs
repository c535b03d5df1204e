// How many Gauss-Hermite nodes for functions of several inputs: of one and two directions as many as the hardest integrals of one need to agree with those of
// half as many more, E[f f he_k he_k], E[f''''''''], E[f''^2 he_k] and their like; of three and four directions no more than can be afforded.

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Numbers of nodes for each number of directions.</summary>
/// <param name="Nodes">For 0, 1, 2, 3, 4 directions.</param>
/// <param name="Accuracy">To which share of their size integrals of one direction are known with the fewest of them that are used.</param>
internal sealed record NodeChoice(int[] Nodes, double Accuracy)
{
    /// <summary>To which share of their size the integrals agree where nodes are no matter.</summary>
    public const double Wanted = 1e-10;

    private const double LeastAccuracy = 1e-3;

    private const int HighestDerivative = 8;

    private static readonly int[] Counts = [16, 24, 32, 48, 64, 96, 128, 192];

    /// <summary>Chooses.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="inputs">N.</param>
    /// <param name="modes">k.</param>
    /// <param name="kernels">The variances between which K moves.</param>
    /// <exception cref="QuadratureException">No number of nodes that can be afforded is enough.</exception>
    public static NodeChoice For(ActivationDescription sigma, int inputs, int modes, IReadOnlyList<double> kernels)
    {
        double[][] values = [.. Counts.Append(GaussHermiteRule.MaximumNodes).Select(Probe)];
        double[] errors = [.. Enumerable.Range(0, Counts.Length).Select(at => Difference(values[at], values[at + 1]))];
        int enough = Array.FindIndex(errors, error => error <= Wanted);
        if (enough < 0)
            enough = Counts.Length - 1;
        int few = Math.Min(enough, Array.FindIndex(Counts, count => count >= Math.Max(24, modes + 12))), some = Math.Min(enough, Math.Max(few, Array.IndexOf(Counts, 48)));
        double accuracy = errors[inputs < 3 ? enough : inputs < 4 ? some : few];
        if (!(accuracy <= LeastAccuracy))
        {
            throw new QuadratureException(FormattableString.Invariant(
                $"{Counts[inputs < 3 ? enough : inputs < 4 ? some : few]} nodes a direction integrate the square of {sigma.Name} with {modes} modes to {accuracy:G2} only; use fewer modes, fewer inputs or a smaller kernel."));
        }

        return new([1, Counts[enough], Counts[enough], Counts[some], Counts[few]], accuracy);

        double[] Probe(int count)
        {
            var table = new NodeTable(count, modes);
            var result = new List<double>();
            foreach (double kernel in kernels)
            {
                double deviation = Math.Sqrt(kernel);
                double[] points = [.. table.Nodes.Select(node => deviation * node)], derivatives = new double[(HighestDerivative + 1) * count];
                sigma.Fill(HighestDerivative, points, derivatives);
                foreach ((int first, int second) in ((int, int)[])[(0, 0), (1, 1), (0, 2), (2, 2), (4, 4), (0, 8)])
                {
                    foreach (int power in (int[])[1, 2])
                    {
                        if (first + second > 4 && power > 1)
                            continue;
                        for (int left = 0; left <= modes; left += Math.Max(1, modes - 1))
                        {
                            for (int right = left; right <= modes; right += Math.Max(1, modes - 1))
                            {
                                double sum = 0, size = 0;
                                for (int at = 0; at < count; at++)
                                {
                                    double value = Math.Pow(derivatives[(first * count) + at] * derivatives[(second * count) + at], power) * table.Table[left][at] * table.Table[right][at];
                                    sum += value;
                                    size += Math.Abs(value);
                                }

                                result.Add(sum);
                                result.Add(size);
                            }
                        }
                    }
                }
            }

            return [.. result];
        }

        static double Difference(double[] few, double[] more)
        {
            double largest = 0;
            for (int at = 0; at < few.Length; at += 2)
                largest = Math.Max(largest, Math.Abs(few[at] - more[at]) / Math.Max(more[at + 1], 1e-280));
            return largest;
        }
    }
}
