using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>D_a D_b of an RMS norm, and its derivative in G, in the letters of inputs.</summary>
/// <param name="Product">D_a D_b.</param>
/// <param name="Slope">Its derivative in G of the pair q = (c, d): that of a or b with itself.</param>
internal sealed record NormScale(Expression Product, Expression Slope)
{
    /// <summary>Those of a norm, at K0.</summary>
    /// <param name="gain">gain.</param>
    /// <param name="epsilon">epsilon.</param>
    public static NormScale Of(Symbol gain, Symbol epsilon)
    {
        Expression product = NormDerivation.Scale(NormDerivation.Kaa, gain, epsilon) * NormDerivation.Scale(NormDerivation.Kbb, gain, epsilon);
        return new(
            NormDerivation.AtKernel(product),
            (NormDerivation.AtKernel(product.Differentiate(NormDerivation.Kaa)) * NormDerivation.IsPair(Notation.A, Notation.A))
                + (NormDerivation.AtKernel(product.Differentiate(NormDerivation.Kbb)) * NormDerivation.IsPair(Notation.B, Notation.B)));
    }
}
