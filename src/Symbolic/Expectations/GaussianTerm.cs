using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>
/// e^s E[ product of powers, sines, cosines, steps and deltas of the components of a Gaussian vector ]: what the laws take
/// apart, one kind of factor at a time.
/// </summary>
/// <param name="Exponent">s.</param>
/// <param name="Vector">The Gaussian vector.</param>
/// <param name="Powers">The power of each component.</param>
/// <param name="Waves">Sines and cosines: the component, and whether it is a sine.</param>
/// <param name="Steps">Steps: the component.</param>
/// <param name="Deltas">delta_k: the component and k.</param>
internal sealed record GaussianTerm(
    Expression Exponent,
    GaussianVector Vector,
    int[] Powers,
    (int Component, bool IsSine)[] Waves,
    int[] Steps,
    (int Component, int Order)[] Deltas);

/// <summary>A law that removes one kind of factor from a term, and leaves the rest to the other laws.</summary>
internal interface IGaussianLaw
{
    /// <summary>Name of the law, for people.</summary>
    string Name { get; }

    /// <summary>True if the term has a factor that the law removes.</summary>
    bool Applies(GaussianTerm term);

    /// <summary>The value, or null where there is no closed form.</summary>
    Expression? Expect(GaussianTerm term, Func<GaussianTerm, Expression?> others);
}
