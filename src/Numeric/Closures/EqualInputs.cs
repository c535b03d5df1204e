// Equal inputs have equal numbers at every depth: those of the distinct inputs are solved, and written at every place that has them. A component of E legs is
// that of the first inputs equal to its own, with its pairs in order again. So no equation sees a pair of equal inputs, whose difference is rounding that depth may
// amplify, nor takes three or four inputs apart, in modes, that are one or two.

using SymbolicEft.Numeric.Closures.Clock;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Solves a network without the inputs that equal an earlier one.</summary>
internal static class EqualInputs
{
    /// <summary>The inputs that equal no earlier one, ascending.</summary>
    /// <param name="kernel">K(0).</param>
    public static int[] Distinct(double[,] kernel) => [.. Enumerable.Range(0, kernel.GetLength(0)).Where(input => First(kernel, input) == input)];

    /// <summary>Solves for the distinct inputs and writes the numbers of all; for all, where equal inputs do not stay equal: as positions on a ring, and under masks of their own.</summary>
    /// <param name="network">The network.</param>
    /// <param name="solve">Solves the network on some of its inputs.</param>
    /// <exception cref="ComputationException">The solution cannot be continued; what was finished is of all inputs.</exception>
    public static TheorySolution Solve(Network network, Func<Network, TheorySolution> solve)
    {
        int[] distinct = Distinct(network.Kernel);
        if (distinct.Length == network.Inputs || ClosureSolver.Steps(network).Stages().Any(stage => stage.Taps.Count > 0 || !stage.IsMaskShared))
            return solve(network);
        int[] places = [.. Enumerable.Range(0, network.Inputs).Select(input => Array.IndexOf(distinct, First(network.Kernel, input)))];
        try
        {
            return Written(solve(network.OnInputs(distinct)), places);
        }
        catch (ComputationException reason)
        {
            if (reason.Finished is { } finished)
                reason.Finished = Written(finished, places);
            // An input that it names is one of the distinct ones.
            if (!distinct.Where((input, place) => input != place).Any())
                throw;
            string renamed = $"{reason.Message} Inputs are numbered here without those that equal an earlier one.";
            throw reason is UnprovedException ? new UnprovedException(renamed) { Finished = reason.Finished } : new ComputationException(renamed) { Finished = reason.Finished };
        }
    }

    // Equal variances and covariance, and equal covariances with every other.
    private static int First(double[,] kernel, int input) => Enumerable.Range(0, input + 1).First(earlier => Enumerable.Range(0, kernel.GetLength(0)).All(other =>
        kernel[earlier, other] == kernel[input, other] && kernel[other, earlier] == kernel[other, input]));

    private static TheorySolution Written(TheorySolution solution, int[] places)
    {
        int[] pairs = [.. PairIndexing.All(places.Length).Select(pair => PairIndexing.Of(places[pair.First], places[pair.Second], solution.Inputs))];
        int count = PairIndexing.Count(solution.Inputs);
        var components = new Dictionary<int, int[]>();
        return solution with
        {
            Inputs = places.Length,
            // The covariance of all observables of a list is over blocks, which are others here.
            Tensors = solution.Tensors.Where(tensor => tensor.Key != "V_state").ToDictionary(tensor => tensor.Key, tensor => All(tensor.Value, tensor.Key), StringComparer.Ordinal),
        };

        IReadOnlyList<double[]> All(IReadOnlyList<double[]> records, string name)
        {
            int[] places = name is "C_SG" or "CovThetaG" ? PlacesOf(0) : PlacesOf(name is "C_SS" or "VarTheta" ? 2 : ClockSolver.Legs(name));
            return [.. records.Select(record => (double[])[.. places.Select(place => record[place])])];
        }

        // Of symmetric tensors of so many legs; 0: of matrices that are not symmetric, pairs by pairs.
        int[] PlacesOf(int legs) => components.TryGetValue(legs, out int[]? known) ? known : components[legs] = legs == 0
            ? [.. pairs.SelectMany(row => pairs.Select(column => (row * count) + column))]
            : [.. Multisets.Ascending(pairs.Length, legs).Select(component => Multisets.Place(component.Select(pair => pairs[pair]), count))];
    }
}
