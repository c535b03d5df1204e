using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>Supplies the Gaussian expectations of a compiled system, one quadrature convention per implementation.</summary>
public interface IExpectations
{
    /// <summary>Evaluates every atom it was made for.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="values">The values, in the order of the atoms.</param>
    void Evaluate(ReadOnlySpan<double> kernel, Span<double> values);

    /// <summary>The largest bound on the relative error of an expectation seen so far; null if the convention has none.</summary>
    double? LargestRelativeError { get; }

    /// <summary>What the values rest on so far and nothing proves.</summary>
    IReadOnlyList<Unproved> Unproved { get; }

    /// <summary>Bounds on, or estimates of, the absolute errors of the values last evaluated.</summary>
    /// <param name="bounds">Receives them, in the order of the atoms.</param>
    /// <returns>False if the convention has none.</returns>
    bool TryErrorBounds(Span<double> bounds);
}
