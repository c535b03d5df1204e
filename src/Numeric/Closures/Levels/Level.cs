using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>
/// The law of new kernels given those that are read, near a point: n^(p-1) times the conditional cumulant of p components, with its derivatives in the
/// components that are read.
/// </summary>
internal sealed class Level
{
    private readonly Dictionary<(int Components, int Degree), double[]> _derivatives = [];

    /// <summary>Takes the derivatives of a law.</summary>
    /// <param name="outputs">The number of new components.</param>
    /// <param name="reads">The number of components that are read: the variables.</param>
    /// <param name="power">Up to which power of 1/n cumulants are followed.</param>
    /// <param name="cumulant">n^(p-1) times the cumulant of ascending components, up to a degree; null for none of so many.</param>
    public Level(int outputs, int reads, int power, Func<int[], int, TaylorPolynomial?> cumulant)
    {
        (Outputs, Reads) = (outputs, reads);
        Mean = new double[outputs];
        for (int components = 1; components <= power + 1; components++)
        {
            int degree = LevelEquation.HighestDegree(power, components);
            foreach (int[] legs in Multisets.Ascending(outputs, components))
            {
                if (cumulant(legs, degree) is not { } law)
                    continue;
                if (components == 1)
                    Mean[legs[0]] = law.Value;
                foreach ((int[] variables, double derivative) in law.Derivatives)
                {
                    if (derivative != 0 && variables.Length <= degree)
                        Set(legs, variables, derivative);
                }
            }
        }
    }

    /// <summary>The number of new components.</summary>
    public int Outputs { get; }

    /// <summary>The number of components that are read.</summary>
    public int Reads { get; }

    /// <summary>The mean of the new components at the point.</summary>
    public double[] Mean { get; }

    /// <summary>The derivatives of a degree of n^(p-1) times the cumulant of p components, all components before all variables; null where they vanish.</summary>
    public double[]? Derivative(int components, int degree) => _derivatives.GetValueOrDefault((components, degree));

    // In every order of the components and of the variables.
    private void Set(int[] legs, int[] variables, double derivative)
    {
        (int, int) key = (legs.Length, variables.Length);
        if (!_derivatives.TryGetValue(key, out double[]? values))
            _derivatives.Add(key, values = new double[checked((int)(Math.Pow(Outputs, legs.Length) * Math.Pow(Reads, variables.Length)))]);
        foreach (int[] first in Orders(legs))
        {
            foreach (int[] second in Orders(variables))
            {
                int place = 0;
                foreach (int leg in first)
                    place = (place * Outputs) + leg;
                foreach (int variable in second)
                    place = (place * Reads) + variable;
                values[place] = derivative;
            }
        }
    }

    private static IEnumerable<int[]> Orders(int[] list) => list.Length < 2
        ? [list]
        : Enumerable.Range(0, list.Length).Where(at => Array.IndexOf(list, list[at]) == at).SelectMany(at => Orders([.. list[..at], .. list[(at + 1)..]]).Select(rest => (int[])[list[at], .. rest]));
}
