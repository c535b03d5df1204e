// Joint cumulants of kernels at finite width, kappa_(E,L) at n^-(E-1+L), pushed through a level of their Markov chain: the equations are those of LevelEquation.

using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>The values of some kernels at infinite width, and their joint cumulants up to a power of 1/n.</summary>
internal sealed class JointCumulants
{
    private readonly Dictionary<(int External, int Loops), double[]> _cumulants;

    private JointCumulants(int power, double[] mean, Dictionary<(int, int), double[]> cumulants) => (Power, Mean, _cumulants) = (power, mean, cumulants);

    /// <summary>The highest power of 1/n.</summary>
    public int Power { get; }

    /// <summary>The values at infinite width.</summary>
    public double[] Mean { get; }

    /// <summary>The numbers of all cumulants up to a power, in their order.</summary>
    public static IEnumerable<(int External, int Loops)> All(int power) => Enumerable.Range(1, power).SelectMany(HigherOrderEquations.Cumulants);

    /// <summary>Kernels that do not fluctuate.</summary>
    public static JointCumulants Certain(int power, ReadOnlySpan<double> mean) => new(power, mean.ToArray(), []);

    /// <summary>A cumulant over all components; null where it vanishes.</summary>
    public double[]? this[int external, int loops] => _cumulants.GetValueOrDefault((external, loops));

    /// <summary>From numbers in a row.</summary>
    /// <param name="power">The highest power.</param>
    /// <param name="components">How many components.</param>
    /// <param name="values">Mean, then cumulants.</param>
    public static JointCumulants From(int power, int components, ReadOnlySpan<double> values)
    {
        var cumulants = new Dictionary<(int, int), double[]>();
        int offset = components;
        foreach ((int external, int loops) in All(power))
        {
            int length = Size(components, external);
            double[] tensor = values.Slice(offset, length).ToArray();
            if (tensor.AsSpan().ContainsAnyExcept(0))
                cumulants.Add((external, loops), tensor);
            offset += length;
        }

        return new(power, values[..components].ToArray(), cumulants);
    }

    /// <summary>How many numbers in a row.</summary>
    public static int Length(int power, int components) => components + All(power).Sum(each => Size(components, each.External));

    /// <summary>Puts the numbers in a row.</summary>
    public void CopyTo(Span<double> values)
    {
        values.Clear();
        Mean.CopyTo(values);
        int offset = Mean.Length;
        foreach ((int external, int loops) in All(Power))
        {
            this[external, loops]?.CopyTo(values[offset..]);
            offset += Size(Mean.Length, external);
        }
    }

    /// <summary>Takes a level.</summary>
    /// <param name="equations">The equations up to the power.</param>
    /// <param name="level">The level, at <see cref="Mean"/> of what it reads.</param>
    /// <param name="reads">The components that it reads.</param>
    /// <param name="kept">The components that are carried on: they come first, and the new ones after them.</param>
    public JointCumulants After(IReadOnlyList<LevelEquation> equations, Level level, int[] reads, int[] kept)
    {
        int all = kept.Length + level.Outputs;
        var gathered = new Dictionary<(int, int, int), double[]?>();
        var result = new Dictionary<(int, int), double[]>();
        foreach (IGrouping<(int External, int Loops), LevelEquation> tensor in equations.GroupBy(each => (each.External, each.Loops)))
        {
            int external = tensor.Key.External;
            // By how many of the legs are carried, which come first.
            var blocks = new double[external + 1][];
            blocks[external] = Gathered((external, tensor.Key.Loops, external)) ?? [];
            foreach (LevelEquation equation in tensor)
                blocks[equation.Carried] = Evaluate(equation);
            var values = new double[Size(all, external)];
            var legs = new int[external];
            for (int place = 0; place < values.Length; place++)
            {
                for (int at = external - 1, rest = place; at >= 0; at--, rest /= all)
                    legs[at] = rest % all;
                int carried = legs.Count(leg => leg < kept.Length), from = 0;
                if (blocks[carried].Length == 0)
                    continue;
                foreach (int leg in legs)
                    from = leg < kept.Length ? (from * kept.Length) + leg : from;
                foreach (int leg in legs)
                    from = leg < kept.Length ? from : (from * level.Outputs) + leg - kept.Length;
                values[place] = blocks[carried][from];
            }

            if (values.AsSpan().ContainsAnyExcept(0))
                result.Add(tensor.Key, values);
        }

        return new(Power, [.. kept.Select(at => Mean[at]), .. level.Mean], result);

        double[] Evaluate(LevelEquation equation)
        {
            var values = new double[Size(kept.Length, equation.Carried) * Size(level.Outputs, equation.External - equation.Carried)];
            foreach (LevelTerm term in equation.Terms)
            {
                var arrays = new List<(double[], int[])>();
                foreach (LevelFactor factor in term.Factors)
                {
                    // A cumulant is symmetric: carried legs first.
                    int[] legs = factor.IsDerivative ? [.. factor.Legs] : [.. factor.Legs.OrderBy(leg => leg >= equation.External)];
                    double[]? array = factor.IsDerivative ? level.Derivative(factor.First, factor.Second) : Gathered((factor.First, factor.Second, legs.Count(leg => leg < equation.External)));
                    if (array is null)
                        break;
                    arrays.Add((array, legs));
                }

                if (arrays.Count < term.Factors.Count)
                    continue;
                int[] sizes = [.. Enumerable.Range(0, term.Factors.Max(factor => factor.Legs.Max()) + 1).Select(leg => leg < equation.Carried ? kept.Length : leg < equation.External ? level.Outputs : level.Reads)];
                LegContraction.Add(term.Coefficient.ToDouble(), arrays, sizes, values, equation.External);
            }

            return values;
        }

        // Over components that are carried and, after them, such as are read.
        double[]? Gathered((int External, int Loops, int Carried) key)
        {
            if (gathered.TryGetValue(key, out double[]? known))
                return known;
            if (this[key.External, key.Loops] is not { } tensor)
                return gathered[key] = null;
            int[][] axes = [.. Enumerable.Range(0, key.External).Select(axis => axis < key.Carried ? kept : reads)];
            var values = new double[axes.Aggregate(1, (product, axis) => checked(product * axis.Length))];
            for (int place = 0; place < values.Length; place++)
            {
                int from = 0;
                for (int axis = key.External - 1, rest = place, stride = 1; axis >= 0; axis--, stride *= Mean.Length)
                {
                    from += axes[axis][rest % axes[axis].Length] * stride;
                    rest /= axes[axis].Length;
                }

                values[place] = tensor[from];
            }

            return gathered[key] = values;
        }
    }

    private static int Size(int components, int external)
    {
        int size = 1;
        for (int at = 0; at < external; at++)
            size = checked(size * components);
        return size;
    }
}
