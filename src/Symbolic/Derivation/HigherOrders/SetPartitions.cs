namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>Partitions of the set {0, ..., count - 1}.</summary>
internal static class SetPartitions
{
    /// <summary>All partitions: blocks in the order of their smallest members, members ascending.</summary>
    /// <param name="count">The number of members; 0 has one partition, without blocks.</param>
    public static IEnumerable<IReadOnlyList<IReadOnlyList<int>>> All(int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        int last = count - 1;
        foreach (IReadOnlyList<IReadOnlyList<int>> smaller in All(last))
        {
            for (int at = 0; at < smaller.Count; at++)
                yield return [.. smaller.Select((block, index) => index == at ? [.. block, last] : block)];
            yield return [.. smaller, [last]];
        }
    }

    /// <summary>Whether the blocks of a partition join all groups into one.</summary>
    /// <param name="partition">Blocks of members.</param>
    /// <param name="groupOf">The group of every member.</param>
    /// <param name="groups">The number of groups.</param>
    public static bool Connects(IReadOnlyList<IReadOnlyList<int>> partition, IReadOnlyList<int> groupOf, int groups)
    {
        int[] cluster = [.. Enumerable.Range(0, groups)];
        foreach (IReadOnlyList<int> block in partition)
        {
            int to = cluster[groupOf[block[0]]];
            foreach (int member in block)
            {
                int from = cluster[groupOf[member]];
                for (int group = 0; group < groups; group++)
                {
                    if (cluster[group] == from)
                        cluster[group] = to;
                }
            }
        }

        return cluster.All(each => each == cluster[0]);
    }
}
