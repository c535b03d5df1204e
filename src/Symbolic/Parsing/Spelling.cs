namespace SymbolicEft.Symbolic.Parsing;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate that differs least, by case alone or by at most one or two letters; null if none does.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int least = name.Length <= 3 ? 2 : 3; // one slip in a short name, two in a long one
        foreach (string candidate in candidates)
        {
            int distance = string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, candidate);
            // Of two as near, the one of the same letters: neighbours are swapped more often than lost.
            bool isAsNear = best is not null && distance == least && candidate.Order().SequenceEqual(name.Order());
            if ((distance < least || isAsNear) && distance < name.Length)
                (best, least) = (candidate, distance);
        }

        return best;
    }

    // Letters inserted, left out, exchanged or swapped with their neighbour.
    private static int Distance(string left, string right)
    {
        var steps = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                int cost = left[i - 1] == right[j - 1] ? 0 : 1;
                int least = Math.Min(Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1, steps[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    least = Math.Min(least, steps[i - 2, j - 2] + 1);
                steps[i, j] = least;
            }
        }

        return steps[left.Length, right.Length];
    }
}
