using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric;

/// <summary>How Gaussian expectations are taken.</summary>
/// <param name="Nodes">m of gauss-hermite(m), or null for certified and estimated.</param>
public sealed record QuadratureChoice(int? Nodes)
{
    /// <summary>True where sums that agree on several grids are enough, without a proof.</summary>
    public bool IsEstimated { get; private init; }

    /// <summary>True where every expectation has to be proved.</summary>
    public bool IsCertified => Nodes is null && !IsEstimated;

    /// <summary>Sums that agree on several grids are enough where nothing proves an expectation: the error is estimated then, and the numbers say so.</summary>
    public static QuadratureChoice Estimated { get; } = new((int?)null) { IsEstimated = true };

    /// <summary>Every expectation with a proved bound on its error.</summary>
    public static QuadratureChoice Certified { get; } = new((int?)null);

    /// <summary>Sums over m Gauss-Hermite nodes, without a bound: what published numbers were made with.</summary>
    /// <param name="nodes">m, from 1 to 200.</param>
    public static QuadratureChoice GaussHermite(int nodes) => nodes is >= 1 and <= 200
        ? new(nodes)
        : throw new ArgumentOutOfRangeException(nameof(nodes), $"gauss-hermite({nodes}) is no quadrature; the number of nodes is from 1 to 200.");

    /// <summary>The same; for sums over nodes the quadrature that has proofs, which is what they are compared with.</summary>
    internal QuadratureChoice WithErrors => Nodes is null ? this : Certified;

    /// <summary>Why an activation's expectations cannot be taken so, in one sentence; null where they can.</summary>
    internal string? Refusal(Activation activation) => Nodes is not null && activation.Definition.Kinks is [var kink, ..]
        ? $"quadrature is {this} and the activation {activation.Text} has a kink at x = {kink.Position}, where a sum over nodes misses the delta in its derivatives; use certified."
        : null;

    /// <summary>What evaluates a compiled system's expectations.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="atoms">The expectations that the system needs.</param>
    /// <exception cref="NotSupportedException">A sum over nodes was asked for, and the activation has a kink.</exception>
    public IExpectations ExpectationsFor(Network network, IReadOnlyList<ExpectationAtom> atoms)
    {
        if (Nodes is not { } nodes)
            return new PairExpectations(network.Sigma, network.Inputs, atoms, IsEstimated);
        if (Refusal(network.Sigma) is { } refusal)
            throw new NotSupportedException(refusal);
        var rule = new GaussHermiteQuadrature(nodes);
        return new NodeSumExpectations(network.Sigma, network.Inputs, atoms, rule.Nodes.ToArray(), rule.Weights.ToArray());
    }

    /// <inheritdoc/>
    public override string ToString() => Nodes is { } nodes ? $"gauss-hermite({nodes})" : IsEstimated ? "estimated" : "certified";
}
