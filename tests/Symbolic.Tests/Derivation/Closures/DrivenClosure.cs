using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Tests;

/// <summary>A closure under which what drives G is multiplied, in its fluctuations and its mean at order 1/n: a change of one term of the derivation.</summary>
/// <param name="Of">What is kept.</param>
/// <param name="Drive">The factor.</param>
internal sealed record DrivenClosure(IClosure Of, Rational Drive) : IClosure
{
    public string Name => Of.Name;

    public string Summary => $"{Of.Summary} What drives G is taken {Drive} times.";

    public KeptAverages Keeps => Of.Keeps;

    // Qhat - Q is taken Drive times, so that K0 stays as it is.
    public LayerLaw Law(LayerLaw ofNetwork) => ofNetwork with
    {
        Mean = ofNetwork.Mean.Rewrite(node => node is Indexed rows && rows.Tensor == Notation.RowCovariance
            ? (Drive * (Expression)rows) + ((1 - Drive) * (Expression)Notation.MeanRowCovariance[rows.Indices])
            : null),
    };
}
