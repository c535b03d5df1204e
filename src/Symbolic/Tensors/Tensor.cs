namespace SymbolicEft.Symbolic.Tensors;

/// <summary>Permutations of the indices that leave a tensor as it is.</summary>
public enum TensorSymmetry
{
    /// <summary>None.</summary>
    None,

    /// <summary>T_ab = T_ba.</summary>
    Symmetric,

    /// <summary>T_ab,cd = T_ba,cd = T_ab,dc = T_cd,ab: a covariance of symmetric matrices.</summary>
    CovarianceOfSymmetric,

    /// <summary>T_ab,cd = T_ba,cd = T_ab,dc: a cross covariance of two symmetric matrices; the pairs do not exchange.</summary>
    SymmetricInEachPair,

    /// <summary>Symmetric in each pair and under every permutation of the pairs: a joint cumulant of a symmetric matrix.</summary>
    CumulantOfSymmetric,
}

/// <summary>A quantity with indices, such as the kernel G_ab. Tensors are equal when their names are.</summary>
/// <param name="Name">Name in plain text; unique.</param>
/// <param name="Latex">Name in LaTeX.</param>
/// <param name="Arity">Number of indices.</param>
/// <param name="Symmetry">Its symmetry.</param>
/// <param name="IsInOneBlock">True if it vanishes unless all its indices, of observables and of members, are in the block of one pair of inputs.</param>
public sealed record Tensor(string Name, string Latex, int Arity, TensorSymmetry Symmetry = TensorSymmetry.None, bool IsInOneBlock = false)
{
    /// <summary>The component with these indices.</summary>
    public Indexed this[params ReadOnlySpan<TensorIndex> indices] => Indexed.Of(this, indices);

    /// <inheritdoc/>
    public bool Equals(Tensor? other) => other is not null && other.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The indices in the canonical order that the symmetry allows.</summary>
    /// <exception cref="ArgumentException">The number of indices is wrong.</exception>
    internal TensorIndex[] Canonical(ReadOnlySpan<TensorIndex> indices)
    {
        if (indices.Length != Arity)
            throw new ArgumentException($"{Name} has {Arity} indices, not {indices.Length}.");
        TensorIndex[] result = indices.ToArray();
        if (Symmetry == TensorSymmetry.None)
            return result;
        for (int at = 0; at + 1 < result.Length; at += 2)
        {
            if (result[at].CompareTo(result[at + 1]) > 0)
                (result[at], result[at + 1]) = (result[at + 1], result[at]);
        }

        if (Symmetry is TensorSymmetry.CovarianceOfSymmetric or TensorSymmetry.CumulantOfSymmetric)
        {
            var pairs = new List<(TensorIndex First, TensorIndex Second)>();
            for (int at = 0; at + 1 < result.Length; at += 2)
                pairs.Add((result[at], result[at + 1]));
            pairs.Sort((left, right) => left.First.CompareTo(right.First) is var order && order != 0 ? order : left.Second.CompareTo(right.Second));
            for (int at = 0; at < pairs.Count; at++)
                (result[2 * at], result[(2 * at) + 1]) = pairs[at];
        }

        return result;
    }
}
