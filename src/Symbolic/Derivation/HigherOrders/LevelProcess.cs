using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>
/// A level of a Markov chain of kernels with a law that is not said: n^(p-1) times the conditional cumulant of p components of the new kernels y is a
/// function c^(p) of the kernels x before it, and the vertices are its derivatives, c(p,m) over p components of y and m of x. Some components may be
/// those of x that are carried on as they are.
/// </summary>
/// <param name="carried">How many of the legs, the first ones, are carried on.</param>
internal sealed class LevelProcess(int carried) : IKernelProcess
{
    public DepthForm Form => DepthForm.Discrete;

    /// <summary>The derivative of order m of n^(p-1) times the cumulant of p components.</summary>
    /// <param name="components">p.</param>
    /// <param name="degree">m.</param>
    public static Tensor Derivative(int components, int degree) =>
        new(FormattableString.Invariant($"c({components},{degree})"), FormattableString.Invariant($"c^{{({components},{degree})}}"), 2 * (components + degree));

    public bool HasCumulants(int components) => true;

    public IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)> Vertex(IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, int degree)
    {
        if (legs.Any(leg => CumulantTensors.Pairs(carried).Contains(leg)))
            return legs.Count == 1 && degree == 1 ? [([Notation.Fluctuation[legs[0].First, legs[0].Second]], Expression.One)] : [];
        // The letters summed over are this vertex' own: they begin with that of its first leg.
        (TensorIndex First, TensorIndex Second)[] summed =
            [.. Enumerable.Range(1, degree).Select(at => (TensorIndex.Input(FormattableString.Invariant($"{legs[0].First.Letter}{at}")), TensorIndex.Input(FormattableString.Invariant($"{legs[0].Second.Letter}{at}"))))];
        Expression derivative = Derivative(legs.Count, degree)[[.. legs.Concat(summed).SelectMany(pair => new[] { pair.First, pair.Second })]];
        return [([.. summed.Select(pair => Notation.Fluctuation[pair.First, pair.Second])], derivative / Enumerable.Range(1, degree).Aggregate(1, (product, each) => product * each))];
    }
}
