// The grids of functions of several inputs: trapezoid rules along each direction, whose step goes down until the hardest integrals of one direction no longer
// change. In one and two directions E[f^(8) he_j] and E[f''''f''''] are among them; in three and four, where only products of two f with few derivatives
// occur, the step may be no smaller than can be afforded. A product with modes on both sides, E[he_i F he_j], is of one or two directions whatever the number
// of the others, and reaches farther out than E[F he_j].

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>A trapezoid rule; or, where sigma has kinks, Gauss-Legendre panels.</summary>
/// <param name="Step">Distance of nodes, in standard units; the widest panel.</param>
/// <param name="Range">It covers [-range, range].</param>
/// <param name="PanelNodes">Nodes of a panel.</param>
internal readonly record struct NodeRule(double Step, double Range, int PanelNodes = 0);

/// <summary>Rules for each number of directions.</summary>
/// <param name="Functions">For functions of 0, 1, 2, 3, 4 directions, by <see cref="ClassOf"/>.</param>
/// <param name="Products">For products with modes on both sides, which are of one or two directions.</param>
/// <param name="Modes">The highest k that they serve.</param>
/// <param name="Accuracy">To which share of the norm of a function its modes are known with the coarsest of them that is used.</param>
internal sealed record NodeChoice(NodeRule[][] Functions, NodeRule Products, int Modes, double Accuracy)
{
    private const double Wanted = 1e-10, WantedOfMany = 1e-8, LeastAccuracy = 1e-2, LargestRange = 40, WidestPanel = 2.5, PanelAccuracy = 1e-11, CoarsePanelAccuracy = 1e-10;

    // Nodes of a panel in one and two directions, and in more, where they count to the third power.
    private const int FinePanel = 16, CoarsePanel = 10;

    private static readonly double[] Steps = [0.8, 0.65, 0.5, 0.4, 0.32, 0.25, 0.2, 0.16, 0.125, 0.1, 0.08, 0.0625, 0.05, 0.04];

    // By the number of directions.
    private static readonly int[] MostNodes = [1, 4000, 400, 80, 44];

    /// <summary>By how much the modes that are integrated exceed k, since a derivative is taken as a shift of modes: in one and two directions, in more, and where a product has modes on both sides.</summary>
    public const int InTwo = 8, InMany = 4, InProducts = 2;

    /// <summary>Which rule serves a function with derivatives of sigma up to an order.</summary>
    public static int ClassOf(int derivative) => derivative <= 2 ? 0 : derivative <= 4 ? 1 : 2;

    /// <summary>Chooses.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="inputs">N.</param>
    /// <param name="modes">k.</param>
    /// <param name="kernels">The variances between which K moves.</param>
    /// <exception cref="QuadratureException">No grid that can be afforded is fine enough.</exception>
    public static NodeChoice For(ActivationDescription sigma, int inputs, int modes, IReadOnlyList<double> kernels)
    {
        if (sigma.Kinks.Count > 0)
            return OfPanels();
        double worst = 0;
        (int First, int Second, int Power)[] few = [(0, 0, 1), (0, 1, 1), (1, 1, 1), (0, 2, 1)];
        (int First, int Second, int Power)[][] all = [[.. few, (2, 2, 1), (0, 0, 2), (1, 1, 2), (0, 0, 3)], [(0, 4, 1), (4, 4, 1)], [(0, 8, 1)]];
        var functions = new NodeRule[5][];
        NodeRule products = Rule(2, few, modes + InProducts, 1e-14, Wanted, modes + InProducts);
        for (int directions = 1; directions <= 4; directions++)
        {
            if (directions > Math.Max(2, inputs))
                functions[directions] = functions[2];
            else if (directions > 2)
                functions[directions] = [Rule(directions, few, 0, 1e-9, WantedOfMany, modes + InMany)];
            else
                functions[directions] = [.. all.Select(integrals => Rule(directions, integrals, 0, 1e-14, Wanted, modes + InTwo))];
        }

        functions[0] = functions[1];
        return new(functions, products, modes, worst);

        // Gauss-Legendre: what a panel holds of the highest mode is a polynomial to it.
        NodeChoice OfPanels()
        {
            NodeRule Panels(int highest, double waves, double tail, int nodes) => new(Math.Min(WidestPanel, waves / Math.Sqrt(highest)), Range(0, tail, highest), nodes);
            NodeRule two = Panels(modes + InTwo, 10, 1e-16, FinePanel), many = Panels(modes + InMany, 10, 1e-11, CoarsePanel);
            return new([[two], [two], [two], [many], [many]], Panels(modes + InProducts, 5, 1e-16, FinePanel), modes, inputs > 2 ? CoarsePanelAccuracy : PanelAccuracy);
        }

        NodeRule Rule(int directions, (int First, int Second, int Power)[] integrals, int other, double tail, double wanted, int highest)
        {
            double range = Range(other, tail, highest), least = 2 * range / MostNodes[directions];
            double[] steps = [.. Steps.Where(step => step > least), Math.Max(least, Steps[^1])];
            for (int at = 0; ; at++)
            {
                double error = Difference(Probe(new(steps[at], range), integrals, other, highest), Probe(new(steps[at] / 2, range), integrals, other, highest));
                if (error <= wanted || at == steps.Length - 1)
                {
                    if (!(error <= LeastAccuracy))
                    {
                        throw new QuadratureException(FormattableString.Invariant(
                            $"A step of {steps[at]:G3} in each direction integrates the square of {sigma.Name} with {modes} modes to {error:G2} only; use fewer modes, fewer inputs or a smaller kernel, or order 0."));
                    }

                    worst = Math.Max(worst, error);
                    return new(steps[at], range);
                }
            }
        }

        // How far out he_k, on one side or both, and f f are seen by the Gaussian.
        double Range(int other, double tail, int highest)
        {
            double range = 5;
            foreach (double kernel in kernels)
            {
                double deviation = Math.Sqrt(kernel);
                double Size(double z)
                {
                    double mode = Math.Max(1, Math.Abs(Hermite(highest, z)));
                    return Math.Exp(-z * z / 2) * mode * (other > 0 ? mode : 1) * Math.Max(1, Math.Pow(Math.Max(Math.Abs(sigma.Value(deviation * z)), Math.Abs(sigma.Value(-deviation * z))), 4));
                }

                double largest = Enumerable.Range(0, 80).Max(at => Size(at / 4.0));
                while (range < LargestRange && Size(range) > tail * largest)
                    range += 0.5;
            }

            return range;
        }

        double[] Probe(NodeRule rule, (int First, int Second, int Power)[] integrals, int other, int mode)
        {
            NodeTable table = NodeTable.Even(rule, mode);
            int count = table.Count, highest = integrals.Max(each => each.Second);
            var result = new List<double>();
            foreach (double kernel in kernels)
            {
                double deviation = Math.Sqrt(kernel);
                double[] points = [.. table.Nodes.Select(node => deviation * node)], derivatives = new double[(highest + 1) * count];
                sigma.Fill(highest, points, derivatives);
                foreach ((int first, int second, int power) in integrals)
                {
                    foreach (int order in (int[])[0, mode - 1, mode])
                    {
                        double sum = 0, square = 0;
                        for (int at = 0; at < count; at++)
                        {
                            double value = Math.Pow(derivatives[(first * count) + at] * derivatives[(second * count) + at], power);
                            sum += value * table.Table[order][at] * table.Table[other][at];
                            square += value * value * table.Table[0][at] * table.Table[0][at];
                        }

                        result.Add(sum);
                        result.Add(Math.Sqrt(square));
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

    private static double Hermite(int order, double z)
    {
        double before = 0, value = 1;
        for (int at = 1; at <= order; at++)
            (before, value) = (value, ((z * value) - (Math.Sqrt(at - 1.0) * before)) / Math.Sqrt(at));
        return value;
    }
}
