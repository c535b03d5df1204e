// Equal inputs have equal numbers at every depth: those of the distinct inputs are solved, and written at every place that has them. A component of E legs is
// that of the first inputs equal to its own, with its pairs in order again.

using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Solves a network without the inputs that equal an earlier one.</summary>
internal static class EqualInputs
{
    /// <summary>The inputs that equal no earlier one, ascending.</summary>
    /// <param name="kernel">K(0).</param>
    public static int[] Distinct(double[,] kernel) => [.. Enumerable.Range(0, kernel.GetLength(0)).Where(input => First(kernel, input) == input)];

    /// <summary>Solves for the distinct inputs and writes the numbers of all.</summary>
    /// <param name="network">The network, one in which equal inputs stay equal.</param>
    /// <param name="solve">Solves the network on some of its inputs.</param>
    /// <exception cref="ComputationException">The solution cannot be continued; what was finished is of all inputs.</exception>
    public static TheorySolution Solve(Network network, Func<Network, TheorySolution> solve)
    {
        int[] distinct = Distinct(network.Kernel);
        if (distinct.Length == network.Inputs)
            return solve(network);
        int[] places = [.. Enumerable.Range(0, network.Inputs).Select(input => Array.IndexOf(distinct, First(network.Kernel, input)))];
        try
        {
            return Written(solve(network.OnInputs(distinct)), places);
        }
        catch (ComputationException reason) when (reason is not UnprovedException)
        {
            // An input that it names is one of the distinct ones.
            bool isRenamed = distinct.Where((input, place) => input != place).Any();
            throw new ComputationException(isRenamed ? $"{reason.Message} Inputs are numbered here without those that equal an earlier one." : reason.Message)
            {
                Finished = reason.Finished is { } finished ? Written(finished, places) : null,
            };
        }
    }

    // Equal variances and covariance, and equal covariances with every other.
    private static int First(double[,] kernel, int input) => Enumerable.Range(0, input + 1).First(earlier => Enumerable.Range(0, kernel.GetLength(0)).All(other =>
        kernel[earlier, other] == kernel[input, other] && kernel[other, earlier] == kernel[other, input]));

    private static TheorySolution Written(TheorySolution solution, int[] places)
    {
        int[] pairs = [.. PairIndexing.All(places.Length).Select(pair => PairIndexing.Of(places[pair.First], places[pair.Second], solution.Inputs))];
        var components = new Dictionary<int, int[]>();
        return solution with { Inputs = places.Length, Tensors = solution.Tensors.ToDictionary(tensor => tensor.Key, tensor => All(tensor.Value, ClockSolver.Legs(tensor.Key)), StringComparer.Ordinal) };

        IReadOnlyList<double[]> All(IReadOnlyList<double[]> records, int legs)
        {
            if (!components.TryGetValue(legs, out int[]? places))
                components.Add(legs, places = PlacesOf(legs));
            return [.. records.Select(record => (double[])[.. places.Select(place => record[place])])];
        }

        int[] PlacesOf(int legs)
        {
            var known = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (int[] component in Multisets.Ascending(PairIndexing.Count(solution.Inputs), legs))
                known.Add(string.Join(' ', component), known.Count);
            return [.. Multisets.Ascending(pairs.Length, legs).Select(component => known[string.Join(' ', component.Select(pair => pairs[pair]).Order())])];
        }
    }
}
