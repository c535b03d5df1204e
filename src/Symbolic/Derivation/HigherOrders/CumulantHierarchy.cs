// The equations of the cumulants of a kernel process, to any order in 1/n, from moments alone.
//   1. Law of total cumulance: the cumulant of x'_1 ... x'_E is the sum over partitions of the legs into blocks of the
//      joint cumulant of the blocks' conditional cumulants. Continuous depth is its order dt: one block carries the
//      increment, all other legs are alone and stand still.
//   2. A conditional cumulant of p components is n^-(p-1) times a power series in x (IKernelProcess). The joint cumulant
//      of products of x's is the sum over the partitions of all their factors that connect the products (Leonov and
//      Shiryaev), one cumulant of x for each block.
//   3. A cumulant of E components is the sum over L of n^-(E-1+L) kappa_(E,L); the power of n wanted is picked out. The
//      mean path is subtracted from x, so there is no kappa_(1,0), and the sums end.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>Derives the equation of kappa_(E,L) of a kernel process from the moment expansion.</summary>
/// <param name="process">The conditional cumulants.</param>
internal sealed class CumulantHierarchy(IKernelProcess process)
{
    /// <summary>
    /// The value of kappa_(E,L) at the next layer (discrete), or its derivative in depth time (continuous), in parts that
    /// add up to it: one part for each kind of vertex, named by legs, such as "(1,2)" for the tadpole; in discrete
    /// depth products of vertices, such as "(1,1)(1,1)".
    /// </summary>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L; not (1,0), the mean path.</param>
    /// <exception cref="ArgumentException">The mean path is asked for.</exception>
    public IReadOnlyList<(string Name, Expression Value)> Parts(int external, int loops)
    {
        if (external == 1 && loops == 0)
            throw new ArgumentException("The mean path is not a cumulant of the fluctuation; its equation is that of K0.");
        int order = external - 1 + loops;
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs = CumulantTensors.Pairs(external);
        var parts = new SortedDictionary<string, List<Expression>>(StringComparer.Ordinal);
        foreach (IReadOnlyList<IReadOnlyList<int>> blocks in SetPartitions.All(external))
        {
            int rest = order - blocks.Sum(block => block.Count - 1);
            if (rest < 0 || blocks.Any(block => !process.HasCumulants(block.Count)))
                continue;
            foreach (int[] moving in Moving(blocks))
            {
                foreach (int[] degrees in Degrees(blocks.Count, 2 * rest, blocks.Count > 1 ? 1 : 0))
                {
                    if (blocks.Where((_, at) => !moving.Contains(at) && degrees[at] != 1).Any())
                        continue;
                    IReadOnlyList<(IReadOnlyList<Indexed>, Expression)>[] series =
                    [
                        .. blocks.Select((block, at) => moving.Contains(at)
                            ? process.Vertex([.. block.Select(leg => legs[leg])], degrees[at])
                            : [([Notation.Fluctuation[legs[block[0]].First, legs[block[0]].Second]], Expression.One)]),
                    ];
                    Expression value = JointCumulant(series, rest);
                    if (value.IsZero)
                        continue;
                    string name = string.Concat(moving.Select(at => $"({blocks[at].Count},{degrees[at]})").Order(StringComparer.Ordinal));
                    if (!parts.TryGetValue(name, out List<Expression>? values))
                        parts[name] = values = [];
                    values.Add(value);
                }
            }
        }

        return [.. parts.Select(part => (part.Key, Expression.Add(part.Value)))];
    }

    /// <summary>The whole right side: the sum of the <see cref="Parts"/>.</summary>
    /// <param name="external">E.</param>
    /// <param name="loops">L.</param>
    public Expression RightSide(int external, int loops) => Expression.Add(Parts(external, loops).Select(part => part.Value));

    // The blocks that carry an increment: all in a layer; one at a time in depth time, and then the others are single legs.
    private IEnumerable<int[]> Moving(IReadOnlyList<IReadOnlyList<int>> blocks)
    {
        if (process.Form == DepthForm.Discrete)
            return [[.. Enumerable.Range(0, blocks.Count)]];
        return Enumerable.Range(0, blocks.Count)
            .Where(moving => blocks.Where((block, at) => at != moving && block.Count > 1).Any() is false)
            .Select(moving => new[] { moving });
    }

    private static IEnumerable<int[]> Degrees(int blocks, int most, int least)
    {
        if (blocks == 0)
            return [[]];
        return from first in Enumerable.Range(least, Math.Max(0, most - least + 1))
               from rest in Degrees(blocks - 1, most - first, least)
               select (int[])[first, .. rest];
    }

    // The order n^-order of the joint cumulant of sums of monomials in x.
    private static Expression JointCumulant(IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)>[] series, int order)
    {
        int[] groupOf = [.. series.SelectMany((sum, group) => Enumerable.Repeat(group, sum.Count == 0 ? 0 : sum[0].Monomial.Count))];
        if (series.Any(sum => sum.Count == 0))
            return Expression.Zero;
        IReadOnlyList<IReadOnlyList<int>>[] partitions =
            [.. SetPartitions.All(groupOf.Length).Where(blocks => Fits(blocks, order) && SetPartitions.Connects(blocks, groupOf, series.Length))];
        var terms = new List<Expression>();
        Choose(0, [], Expression.One);
        return Expression.Add(terms);

        void Choose(int at, IReadOnlyList<Indexed> atoms, Expression coefficient)
        {
            if (at == series.Length)
            {
                terms.Add(coefficient * Expression.Add(partitions.Select(blocks => Cumulants(blocks, atoms, order))));
                return;
            }

            foreach ((IReadOnlyList<Indexed> monomial, Expression factor) in series[at])
                Choose(at + 1, [.. atoms, .. monomial], coefficient * factor);
        }
    }

    // A single x begins at 1/n, a block of E at n^-(E-1).
    private static bool Fits(IReadOnlyList<IReadOnlyList<int>> blocks, int order) => blocks.Sum(block => Math.Max(1, block.Count - 1)) <= order;

    // The product over blocks of the cumulants of their atoms, at n^-order: the loops are shared out in all ways.
    private static Expression Cumulants(IReadOnlyList<IReadOnlyList<int>> blocks, IReadOnlyList<Indexed> atoms, int order)
    {
        int loops = order - blocks.Sum(block => block.Count - 1);
        return Expression.Add(Degrees(blocks.Count, loops, 0)
            .Where(shared => shared.Sum() == loops && !blocks.Where((block, at) => block.Count == 1 && shared[at] == 0).Any())
            .Select(shared => Expression.Multiply(blocks.Select((block, at) =>
                (Expression)CumulantTensors.Component([.. block.Select(atom => (atoms[atom].Indices[0], atoms[atom].Indices[1]))], shared[at])))));
    }
}
