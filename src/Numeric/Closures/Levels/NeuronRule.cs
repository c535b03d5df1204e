// A trapezoid rule for each direction of a product of functions of several inputs: the step goes down until E[sigma^(i) sigma^(j)], with the highest derivatives that occur,
// and powers of sigma no longer change, about a point that no symmetry singles out. In three and four directions it may be no smaller than can be afforded.

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Nodes and weights for the standard normal.</summary>
/// <param name="Nodes">z.</param>
/// <param name="Weights">The weights, with the density.</param>
/// <param name="Accuracy">To which share of their size integrals of one direction agree with those of half the step.</param>
internal sealed record NeuronRule(double[] Nodes, double[] Weights, double Accuracy)
{
    private const double Wanted = 1e-14, WantedOfMany = 1e-10, LeastAccuracy = 1e-5, Tail = 1e-17, LargestRange = 40, Shift = 0.37;

    private static readonly double[] Steps = [0.65, 0.5, 0.4, 0.32, 0.25, 0.2, 0.16, 0.125, 0.1, 0.08, 0.0625, 0.05, 0.04, 0.032, 0.025, 0.02];

    // By the number of directions.
    private static readonly int[] MostNodes = [1, 1000, 1000, 100, 44];

    /// <summary>Chooses.</summary>
    /// <param name="sigma">sigma, smooth.</param>
    /// <param name="directions">The number of directions.</param>
    /// <param name="kernels">Variances between which those of the inputs are.</param>
    /// <param name="highest">The highest derivative, at least 1.</param>
    /// <exception cref="QuadratureException">No rule that can be afforded is fine enough.</exception>
    public static NeuronRule For(ActivationDescription sigma, int directions, IReadOnlyList<double> kernels, int highest)
    {
        double range = RangeOf(sigma, kernels), least = 2 * range / MostNodes[directions];
        double[] steps = [.. Steps.Where(step => step > least), Math.Max(least, Steps[^1])];
        for (int at = 0; ; at++)
        {
            double error = Difference(Probe(steps[at]), Probe(steps[at] / 2));
            if (error > (directions > 2 ? WantedOfMany : Wanted) && at < steps.Length - 1)
                continue;
            if (!(error <= LeastAccuracy))
            {
                throw new QuadratureException(FormattableString.Invariant(
                    $"A step of {steps[at]:G3} in each direction integrates products of {sigma.Name} and its derivatives to {error:G2} only; use fewer inputs or a smaller kernel, or order 0."));
            }

            (double[] nodes, double[] weights) = Rule(steps[at]);
            return new(nodes, weights, error);
        }

        (double[] Nodes, double[] Weights) Rule(double step)
        {
            int half = (int)Math.Ceiling(range / step);
            // None at 0, where formulas of derivatives may not say what a function is, such as tanh(relu(x)) - tanh(relu(-x)).
            double[] nodes = [.. Enumerable.Range(-half, 2 * half).Select(at => (at + 0.5) * step)];
            return (nodes, [.. nodes.Select(node => step * GaussianTails.Density(node))]);
        }

        // Integrals, each followed by its size.
        double[] Probe(double step)
        {
            (double[] nodes, double[] weights) = Rule(step);
            int count = nodes.Length;
            var derivatives = new double[(highest + 1) * count];
            var result = new List<double>();
            foreach (double kernel in kernels)
            {
                double deviation = Math.Sqrt(kernel);
                sigma.Fill(highest, [.. nodes.Select(node => deviation * (node + Shift))], derivatives);
                foreach ((int first, int second, int power) in ((int, int, int)[])[(0, 0, 1), (0, 0, 3), (0, highest, 1), (highest / 2, highest / 2, 1), (1, highest - 1, 1)])
                {
                    double sum = 0, square = 0;
                    for (int at = 0; at < count; at++)
                    {
                        double value = Math.Pow(derivatives[(first * count) + at] * derivatives[(second * count) + at], power);
                        sum += weights[at] * value;
                        square += weights[at] * value * value;
                    }

                    result.Add(sum);
                    result.Add(Math.Sqrt(square));
                }
            }

            return [.. result];
        }

    }

    /// <summary>The largest difference of integrals, each followed by its size, of that size.</summary>
    public static double Difference(double[] few, double[] more)
    {
        double largest = 0;
        for (int at = 0; at < few.Length; at += 2)
            largest = Math.Max(largest, Math.Abs(few[at] - more[at]) / Math.Max(more[at + 1], 1e-280));
        return largest;
    }

    /// <summary>How far out the sixth power of sigma is seen by the Gaussian.</summary>
    /// <param name="sigma">sigma.</param>
    /// <param name="kernels">Variances between which those of the inputs are.</param>
    public static double RangeOf(ActivationDescription sigma, IReadOnlyList<double> kernels)
    {
        double range = 6;
        foreach (double kernel in kernels)
        {
            double deviation = Math.Sqrt(kernel);
            double Size(double z) => Math.Exp(-z * z / 2) * Math.Max(1, Math.Pow(Math.Max(Math.Abs(sigma.Value(deviation * z)), Math.Abs(sigma.Value(-deviation * z))), 6));
            double largest = Enumerable.Range(0, 80).Max(at => Size(at / 4.0));
            while (range < LargestRange && Size(range) > Tail * largest)
                range += 0.5;
        }

        return range;
    }
}
