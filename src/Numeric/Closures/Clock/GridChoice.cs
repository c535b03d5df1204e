// The grid of one input: the step is halved until the hardest integrals, E[f he_k he_k], E[f^3], E[f''^2 he_k] and their like, no longer change, at every kernel
// that is named. What agrees with half its step to the accuracy wanted is kept: trapezoid rules and panels converge geometrically.

using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Chooses the grid of one input.</summary>
internal static class GridChoice
{
    /// <summary>To which share of their size the integrals agree.</summary>
    public const double Accuracy = 1e-11;

    private const double Widest = 0.4, Narrowest = 0.004, LargestRange = 60;

    /// <summary>A grid on which products of functions and modes are integrated.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="derivatives">The highest derivative of f that stands in a product.</param>
    /// <param name="modes">The highest mode in a product.</param>
    /// <param name="sigmaKernelModes">The number of modes of f.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="isEven">Whether half of the grid is enough; null to ask the activation.</param>
    /// <exception cref="QuadratureException">No grid is fine enough.</exception>
    public static LineGrid For(ActivationDescription sigma, int derivatives, int modes, int sigmaKernelModes, IReadOnlyList<double> kernels, bool? isEven = null)
    {
        double[] kinks = [.. sigma.Kinks.Select(kink => kink.Position)];
        double[] jumps = [.. sigma.Kinks.Where(kink => kink.Order == 1 && sigma.Value(kink.Position) != 0).Select(kink => kink.Position)];
        double range = Range(sigma, modes, kernels);
        // Panels of 16 nodes are as fine as a step of about a tenth of their width.
        double step = kinks.Length > 0 ? 4 * Widest : Widest;
        bool half = isEven ?? FluctuationEquation.IsEvenOrOdd(sigma);
        LineGrid Make() => new(sigmaKernelModes, kinks, jumps, half, range, step);
        LineGrid coarse = Make();
        double[] before = Probe(coarse);
        while (step > Narrowest)
        {
            step /= 2;
            LineGrid grid = Make();
            double[] here = Probe(grid);
            bool agrees = true;
            for (int at = 0; at < here.Length; at += 2)
                agrees &= Math.Abs(here[at] - before[at]) <= Accuracy * Math.Max(here[at + 1], 1e-280);
            if (agrees)
                return coarse;
            (coarse, before) = (grid, here);
        }

        throw new QuadratureException($"No grid integrates the square of {sigma.Name} with {modes} modes; use fewer modes, or order 0.");

        // Integrals, each followed by its size.
        double[] Probe(LineGrid grid)
        {
            var functions = new LineFunctions(sigma, derivatives, grid);
            var result = new List<double>();
            foreach (double kernel in kernels)
            {
                functions.Use(kernel, sigmaKernelModes);
                foreach (int derivative in (int[])[0, 1, 2, derivatives])
                {
                    foreach (int power in (int[])[1, 2])
                    {
                        double[] function = functions.Values(new LineProduct([.. Enumerable.Repeat(new SigmaKernelDerivative(derivative, false), power)], [], -1, 0));
                        foreach ((int left, int right) in ((int, int)[])[(0, 0), (modes - 1, 0), (modes, 0), (modes, modes), (modes, modes - 1)])
                        {
                            if (grid.IsEven && ((derivative * power) + left + right) % 2 == 1)
                                continue;
                            double sum = 0, size = 0;
                            for (int at = 0; at < grid.Count; at++)
                            {
                                double value = function[at] * grid.Table[left][at] * grid.Table[right][at];
                                sum += value;
                                size += Math.Abs(value);
                            }

                            result.Add(sum);
                            result.Add(size);
                        }
                    }
                }
            }

            return [.. result];
        }
    }

    private static double Range(ActivationDescription sigma, int modes, IReadOnlyList<double> kernels)
    {
        double range = Math.Max(11, (2 * Math.Sqrt(modes)) + 7);
        foreach (double kernel in kernels)
        {
            double deviation = Math.Sqrt(kernel);
            double Size(double z) => Math.Max(Math.Pow(sigma.Value(deviation * z), 6), Math.Pow(sigma.Value(-deviation * z), 6)) * Math.Exp(-z * z / 2);
            while (range < LargestRange && Size(range) > 1e-18 * Enumerable.Range(0, (int)(2 * range)).Max(at => Size(at / 2.0)))
                range++;
        }

        return range;
    }
}
