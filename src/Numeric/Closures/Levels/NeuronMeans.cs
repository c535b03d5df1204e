// Gaussian means of products of powers of a function, E prod_a sigma(phi_a)^(e_a), as Taylor polynomials in the kernel K of phi. Price's theorem: a derivative in K_ab is
// d_a d_b on the product, in K_aa half of d_a d_a; of a product over inputs each power is differentiated by itself.
//   One input:        E[P^(2j)] = E[P he_2j] sqrt((2j)!)/K^j, the derivatives taken away by parts: kinks and jumps are no obstacle. Grids of GridChoice.
//   Several inputs:   phi = L z, L lower triangular, so that phi_a is a function of z_1, ..., z_a: the last direction is summed first, once for all that stands before it.
//                     Trapezoid rules of NeuronRule. No kernel is inverted; an input that others determine adds no direction. With kinks: two inputs, KinkedMeans.
// Grids serve kernels up to a power of two, and are chosen when one is met.

using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Means of products of powers of a function of Gaussian inputs.</summary>
/// <param name="function">sigma.</param>
/// <param name="inputs">N.</param>
/// <param name="highestDegree">The highest degree that will be asked for.</param>
internal sealed class NeuronMeans(ActivationDefinition function, int inputs, int highestDegree)
{
    // What a derivative may be off by, of the mean itself, in units of the kernel.
    private const double Rounding = 2e-16, Tolerance = 1e-6;

    private readonly ActivationDescription _sigma = new Activation(function).Description;
    private readonly Dictionary<int, LineGrid> _lines = [];
    private readonly Dictionary<(int, int, int, int), NeuronRule> _rules = [];
    private readonly Dictionary<(int, int, int, int), KinkedRule> _panels = [];
    private readonly Dictionary<string, TaylorPolynomial> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NeuronTables> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KinkedMeans> _kinked = new(StringComparer.Ordinal);
    private double[] _kernel = [];

    /// <summary>What the means were known to, of their size, in units of the kernel.</summary>
    public double Accuracy { get; private set; } = GridChoice.Accuracy;

    /// <summary>Takes a kernel.</summary>
    /// <param name="kernel">K over pairs.</param>
    public void Use(ReadOnlySpan<double> kernel)
    {
        if (kernel.SequenceEqual(_kernel))
            return;
        _kernel = kernel.ToArray();
        _known.Clear();
        _tables.Clear();
        _kinked.Clear();
    }

    /// <summary>A mean, in the components of the kernel over pairs.</summary>
    /// <param name="factors">The inputs whose sigma are multiplied, with repetition.</param>
    /// <param name="degree">The degree.</param>
    /// <exception cref="QuadratureException">No grid is fine enough.</exception>
    public TaylorPolynomial Of(IReadOnlyList<int> factors, int degree)
    {
        (int Input, int Power)[] powers = [.. factors.GroupBy(input => input).Select(group => (group.Key, group.Count())).OrderBy(each => each.Key)];
        string key = FormattableString.Invariant($"{degree}: {string.Join(' ', factors.Order())}");
        if (!_known.TryGetValue(key, out TaylorPolynomial? known))
            _known[key] = known = TaylorPolynomial.Of(Derivatives(powers, degree), degree);
        return known;
    }

    private IEnumerable<(int[] Variables, double Derivative)> Derivatives((int Input, int Power)[] powers, int degree)
    {
        (int First, int Second)[] pairs = [.. from one in Enumerable.Range(0, powers.Length) from other in Enumerable.Range(one, powers.Length - one) select (one, other)];
        for (int order = 0; order <= degree; order++)
        {
            foreach (int[] chosen in Multisets.Ascending(pairs.Length, order))
            {
                var orders = new int[powers.Length];
                double factor = 1;
                foreach (int pair in chosen)
                {
                    orders[pairs[pair].First]++;
                    orders[pairs[pair].Second]++;
                    factor *= pairs[pair].First == pairs[pair].Second ? 0.5 : 1;
                }

                int[] variables = [.. chosen.Select(pair => PairIndexing.Of(powers[pairs[pair].First].Input, powers[pairs[pair].Second].Input, inputs)).Order()];
                yield return (variables, factor * Mean(powers, orders, Math.Max(1, 2 * degree)));
            }
        }
    }

    private double Mean((int Input, int Power)[] powers, int[] orders, int highest)
    {
        // Rows whose variance has the mean 0 are 0 in every network, their kernels never move, and no derivative in them is asked for.
        if (Array.FindIndex(powers, each => _kernel[PairIndexing.Of(each.Input, each.Input, inputs)] == 0) is >= 0 and var still)
        {
            double value = orders[still] > 0 ? 0 : Math.Pow(_sigma.Value(0), powers[still].Power);
            return powers.Length == 1 || value == 0 ? value : value * Mean([.. powers.Where((_, at) => at != still)], [.. orders.Where((_, at) => at != still)], highest);
        }

        if (powers.Length == 1)
            return OfLine(powers[0].Input, powers[0].Power, orders[0]);
        int[] support = [.. powers.Select(each => each.Input)];
        string key = string.Join(' ', support);
        int[] exponents = [.. powers.Select(each => each.Power)];
        double mean, lost, whole;
        if (_sigma.Kinks.Count > 0)
        {
            if (!_kinked.TryGetValue(key, out KinkedMeans? kinked) || kinked.Highest < highest)
            {
                double[,] factor = Factor(support);
                if (factor[1, 1] == 0)
                    throw new QuadratureException($"Inputs {support[0]} and {support[1]} are proportional where {_sigma.Name} reads them, and has a kink; drop one of the two, or use order 0.");
                _kinked[key] = kinked = new KinkedMeans(_sigma, factor, RuleOf(support, _panels, kernels => KinkedRule.For(_sigma, kernels, highest), highest), highest);
            }

            (mean, lost, whole) = (kinked.Mean(exponents, orders), kinked.Lost(exponents, orders, Rounding), kinked.Lost(exponents, new int[orders.Length], 1));
        }
        else
        {
            if (!_tables.TryGetValue(key, out NeuronTables? tables) || tables.Highest < highest)
                _tables[key] = tables = new NeuronTables(_sigma, Factor(support), RuleOf(support, _rules, kernels => NeuronRule.For(_sigma, support.Length, kernels, highest), highest), highest);
            (mean, lost, whole) = (tables.Mean(exponents, orders), (Rounding + tables.Accuracy) * tables.Norm(exponents, orders), tables.Norm(exponents, new int[orders.Length]));
        }

        // What a derivative is known to, in units of the kernel, beside the function itself.
        for (int at = 0; at < orders.Length; at++)
            lost *= Math.Pow(_kernel[PairIndexing.Of(support[at], support[at], inputs)], orders[at] / 2.0);
        if (!(lost <= Tolerance * whole))
        {
            throw new QuadratureException(FormattableString.Invariant(
                $"Derivatives in the kernel of means of {_sigma.Name} at inputs {string.Join(" and ", support)} are known to {lost / whole:G2} of the mean only, since the function or its mean changes so fast; use one input, less similar ones, a smaller kernel, or order 0."));
        }

        Accuracy = Math.Max(Accuracy, lost / whole);
        return mean;
    }

    private double OfLine(int input, int power, int order)
    {
        double kernel = _kernel[PairIndexing.Of(input, input, inputs)];
        int octave = Octave(kernel);
        if (!_lines.TryGetValue(octave, out LineGrid? grid))
            _lines.Add(octave, grid = Grid(octave));
        grid.Use(kernel);
        int count = grid.Count - grid.Jumps.Length;
        double deviation = Math.Sqrt(kernel), sum = 0, factor = 1;
        for (int at = 0; at < count; at++)
            sum += grid.Roots[at] * grid.Table[order][at] * Math.Pow(_sigma.Value(deviation * grid.Nodes[at]), power);
        for (int at = 1; at <= order; at++)
            factor *= Math.Sqrt(at / kernel);
        return factor * sum;
    }

    private LineGrid Grid(int octave)
    {
        try
        {
            return GridChoice.For(_sigma, 2, 2 * highestDegree, (2 * highestDegree) + 1, [Math.ScaleB(1, octave - 1), Math.ScaleB(1, octave)]);
        }
        catch (QuadratureException)
        {
            throw new QuadratureException(FormattableString.Invariant($"No grid integrates powers of {_sigma.Name} at a kernel of {Math.ScaleB(1, octave):G3}; use a smaller kernel, or order 0."));
        }
    }

    private TRule RuleOf<TRule>(int[] support, Dictionary<(int, int, int, int), TRule> rules, Func<double[], TRule> choose, int highest)
    {
        double[] variances = [.. support.Select(input => _kernel[PairIndexing.Of(input, input, inputs)])];
        (int Least, int Largest, int, int) key = (Octave(variances.Min()) - 1, Octave(variances.Max()), support.Length, highest);
        if (!rules.TryGetValue(key, out TRule? rule))
            rules.Add(key, rule = choose([Math.ScaleB(1, key.Least), Math.ScaleB(1, key.Largest)]));
        return rule;
    }

    private double[,] Factor(int[] support)
    {
        var kernel = new double[support.Length, support.Length];
        for (int a = 0; a < support.Length; a++)
        {
            for (int b = 0; b < support.Length; b++)
                kernel[a, b] = _kernel[PairIndexing.Of(support[a], support[b], inputs)];
        }

        return SemidefiniteCholesky.Factor(kernel);
    }

    private static int Octave(double kernel) => kernel > 0 && double.IsFinite(kernel)
        ? (int)Math.Ceiling(Math.Log2(kernel))
        : throw new ComputationException(FormattableString.Invariant($"A kernel of neurons is {kernel:G3}, at which their functions have no means; use fewer layers, or smaller weights."));
}
