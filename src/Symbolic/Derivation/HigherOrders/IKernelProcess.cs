using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>
/// A Markov process of a kernel x = G - K0 in the form its cumulants need: the conditional joint cumulants of its
/// components as power series in x. In the response-field theory these are the vertices (p, m).
/// </summary>
internal interface IKernelProcess
{
    /// <summary>Discrete: cumulants of the next layer's kernel. Continuous: cumulants of the increment per unit of depth time.</summary>
    DepthForm Form { get; }

    /// <summary>
    /// The part of degree m in x of n^(p-1) times the conditional joint cumulant of p components, collected by monomials
    /// in components of <see cref="Notation.Fluctuation"/>. It is 1/m! times the derivative of order m, with every
    /// monomial written once.
    /// </summary>
    /// <param name="legs">The index pairs of the p components; letters, all different.</param>
    /// <param name="degree">m, 0 or more.</param>
    IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)> Vertex(
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, int degree);

    /// <summary>Whether there are conditional cumulants of p components at all, at any degree.</summary>
    /// <param name="components">p, at least 1.</param>
    bool HasCumulants(int components);
}
