using System.Globalization;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>
/// The tensors kappa_(E,L): the coefficient at n^-(E - 1 + L) of the joint cumulant of E components of G. (1,0) is K0,
/// (1,1) is K1, (2,0) is V4; the rest follow the same pattern: K2, K3, ..., V4_1 (the 1/n correction of V4), V6 (the third
/// cumulant), V6_1, V8, ...
/// </summary>
internal static class CumulantTensors
{
    private static readonly (TensorIndex First, TensorIndex Second)[] Letters =
    [
        .. "acegikmo".Select(letter => (TensorIndex.Input(letter.ToString()), TensorIndex.Input(((char)(letter + 1)).ToString()))),
    ];

    /// <summary>The tensor of kappa_(E,L).</summary>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">No leg, or a negative number of loops.</exception>
    public static Tensor Of(int external, int loops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(external, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 0);
        string order = loops.ToString(CultureInfo.InvariantCulture), legs = (2 * external).ToString(CultureInfo.InvariantCulture);
        return (external, loops) switch
        {
            (1, 0) => Notation.MeanKernel,
            (1, 1) => Notation.MeanCorrection,
            (2, 0) => Notation.Covariance,
            (1, _) => new("K" + order, $"K^{{({order})}}", 2, TensorSymmetry.Symmetric),
            (_, 0) => new("V" + legs, $"V^{{({legs})}}", 2 * external, SymmetryOf(external)),
            _ => new($"V{legs}_{order}", $"V^{{({legs}),{order}}}", 2 * external, SymmetryOf(external)),
        };
    }

    /// <summary>The index pairs (a,b), (c,d), (e,f), ... of the legs.</summary>
    /// <param name="count">How many, at most 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">More pairs than letters.</exception>
    public static IReadOnlyList<(TensorIndex First, TensorIndex Second)> Pairs(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Letters.Length);
        return Letters[..count];
    }

    /// <summary>The component of kappa_(E,L) with one index pair for each leg.</summary>
    /// <param name="legs">The index pairs, E of them.</param>
    /// <param name="loops">L.</param>
    public static Indexed Component(IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, int loops) =>
        Of(legs.Count, loops)[[.. legs.SelectMany(leg => new[] { leg.First, leg.Second })]];

    private static TensorSymmetry SymmetryOf(int external) =>
        external == 2 ? TensorSymmetry.CovarianceOfSymmetric : TensorSymmetry.CumulantOfSymmetric;
}
