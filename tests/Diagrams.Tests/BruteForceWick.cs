using System.Numerics;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

// Wick's theorem by hand: write down the vertices, contract every response leg with a kernel leg in every possible way,
// keep the contractions without a closed loop of retarded lines in which everything hangs together, divide by p! m! of every
// vertex and by the permutations of equal vertices. Contractions that differ by exchanging equal vertices are one diagram.

/// <summary>Plain Wick contraction of a one-field theory; it shares no code with the generator.</summary>
internal static class BruteForceWick
{
    /// <summary>One diagram: its vertices, its matrix of lines [earlier vertex][later vertex or, behind them, external leg], and its weight.</summary>
    internal sealed record Graph((int P, int M)[] Vertices, int[][] Lines, Rational Weight);

    internal static List<Graph> Diagrams(int external, int loops, Func<int, int, bool> allowed, bool connected = true)
    {
        var result = new List<Graph>();
        int budget = external + loops - 1;
        foreach ((int P, int M)[] content in Contents(budget, external, allowed))
        {
            var contractions = new Dictionary<string, int>();
            Contract(content, external, connected, contractions);
            Rational norm = Rational.One;
            foreach ((int p, int m) in content) norm *= Factorial(p) * Factorial(m);
            foreach (IGrouping<(int, int), (int, int)> equal in content.GroupBy(vertex => vertex)) norm *= Factorial(equal.Count());

            foreach (IGrouping<string, KeyValuePair<string, int>> orbit in contractions.GroupBy(pair => Smallest(pair.Key, content, external)))
            {
                Rational weight = orbit.Sum(pair => pair.Value) / norm;
                result.Add(new Graph(content, Read(orbit.Key), weight));
            }
        }

        return result;
    }

    // All multisets of vertices that spend the budget and match the numbers of legs.
    private static IEnumerable<(int P, int M)[]> Contents(int budget, int external, Func<int, int, bool> allowed)
    {
        var types = new List<(int P, int M)>();
        for (int p = 1; p <= budget + 1; p++)
        {
            for (int m = 0; m <= 2 * budget; m++)
            {
                if (allowed(p, m)) types.Add((p, m));
            }
        }

        return Extend([], 0, budget);

        IEnumerable<(int, int)[]> Extend(List<(int P, int M)> chosen, int from, int left)
        {
            if (left == 0 && chosen.Sum(v => v.P) == external + chosen.Sum(v => v.M)) yield return [.. chosen];
            if (chosen.Count > 3 * budget) yield break;
            for (int i = from; i < types.Count; i++)
            {
                if (types[i].P - 1 > left) continue;
                chosen.Add(types[i]);
                foreach ((int, int)[] content in Extend(chosen, i, left - types[i].P + 1)) yield return content;
                chosen.RemoveAt(chosen.Count - 1);
            }
        }
    }

    private static void Contract((int P, int M)[] content, int external, bool connected, Dictionary<string, int> contractions)
    {
        int vertices = content.Length;
        var responses = new List<int>();
        var kernels = new List<int>();
        for (int v = 0; v < vertices; v++)
        {
            responses.AddRange(Enumerable.Repeat(v, content[v].P));
            kernels.AddRange(Enumerable.Repeat(v, content[v].M));
        }

        for (int e = 0; e < external; e++) kernels.Add(vertices + e);
        int[][] lines = [.. Enumerable.Range(0, vertices).Select(_ => new int[vertices + external])];
        var used = new bool[kernels.Count];
        Next(0);

        void Next(int leg)
        {
            if (leg == responses.Count)
            {
                if (!IsAcyclic(lines, vertices) || (connected && !IsConnected(lines, vertices, external))) return;
                string key = Write(lines);
                contractions[key] = contractions.GetValueOrDefault(key) + 1;
                return;
            }

            for (int k = 0; k < kernels.Count; k++)
            {
                if (used[k] || kernels[k] == responses[leg]) continue;
                used[k] = true;
                lines[responses[leg]][kernels[k]]++;
                Next(leg + 1);
                lines[responses[leg]][kernels[k]]--;
                used[k] = false;
            }
        }
    }

    private static bool IsAcyclic(int[][] lines, int vertices)
    {
        var left = Enumerable.Range(0, vertices).ToList();
        while (left.Count > 0)
        {
            // A vertex without lines to the remaining vertices can be the latest of them.
            int latest = left.FindIndex(v => left.All(w => lines[v][w] == 0));
            if (latest < 0) return false;
            left.RemoveAt(latest);
        }

        return true;
    }

    private static bool IsConnected(int[][] lines, int vertices, int external)
    {
        int[] component = [.. Enumerable.Range(0, vertices + external)];
        for (int v = 0; v < vertices; v++)
        {
            for (int w = 0; w < vertices + external; w++)
            {
                if (lines[v][w] == 0) continue;
                int from = component[v];
                int to = component[w];
                for (int i = 0; i < component.Length; i++)
                {
                    if (component[i] == from) component[i] = to;
                }
            }
        }

        return component.Distinct().Count() == 1;
    }

    // The smallest text among all renumberings of equal vertices.
    private static string Smallest(string key, (int P, int M)[] content, int external)
    {
        int[][] lines = Read(key);
        string smallest = key;
        foreach (int[] order in Permutations(content.Length))
        {
            if (order.Where((image, v) => content[image] != content[v]).Any()) continue;
            string text = Write([.. order.Select(v => order.Select(w => lines[v][w]).Concat(lines[v][content.Length..]).ToArray())]);
            if (string.CompareOrdinal(text, smallest) < 0) smallest = text;
        }

        return smallest;
    }

    private static IEnumerable<int[]> Permutations(int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        foreach (int[] shorter in Permutations(count - 1))
        {
            for (int at = 0; at < count; at++) yield return [.. shorter[..at], count - 1, .. shorter[at..]];
        }
    }

    private static string Write(int[][] lines) => string.Join(';', lines.Select(row => string.Join(',', row)));

    private static int[][] Read(string key) => [.. key.Split(';').Select(row => row.Split(',').Select(int.Parse).ToArray())];

    private static Rational Factorial(int k) =>
        Enumerable.Range(1, k).Aggregate(BigInteger.One, (product, i) => product * i);
}
