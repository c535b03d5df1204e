using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>How depth advances.</summary>
public enum DepthForm
{
    /// <summary>A map from layer l to layer l + 1, all powers of eps kept.</summary>
    Discrete,

    /// <summary>A differential equation in t = eps^2 l: the order eps^2 of the map at alpha = 1.</summary>
    Continuous,
}

/// <summary>The equation of one tensor of the state.</summary>
/// <param name="Variable">The component with free indices, such as V4_ab,cd.</param>
/// <param name="RightSide">Its value at the next layer, or its derivative in depth time.</param>
/// <param name="Initial">Its value at depth 0, in terms of K0.</param>
/// <param name="Parts">The right side in named parts that add up to it, such as transport and source; may be empty.</param>
public sealed record EvolutionEquation(
    Indexed Variable,
    Expression RightSide,
    Expression Initial,
    IReadOnlyList<(string Name, Expression Value)> Parts);

/// <summary>A quantity that follows from the state at the same depth.</summary>
/// <param name="Variable">The component with free indices.</param>
/// <param name="Value">Its value.</param>
public sealed record DerivedQuantity(Indexed Variable, Expression Value);

/// <summary>
/// The equations of a closure: the one data structure of which printed documents, generated code and compiled delegates
/// are views. Right sides contain scalars (alpha, eps, C_W, C_b), components of the state, and Gaussian expectations
/// under K0, with the free indices of the left side and no summed ones.
/// </summary>
/// <param name="Closure">Name of the closure.</param>
/// <param name="Form">Discrete or continuous depth.</param>
/// <param name="Abbreviations">Quantities that right sides refer to by name, such as Q_ab; not part of the state.</param>
/// <param name="Equations">The state, in an order in which K0 comes first.</param>
/// <param name="Quantities">Quantities that follow from the state.</param>
public sealed record EquationSystem(
    string Closure,
    DepthForm Form,
    IReadOnlyList<DerivedQuantity> Abbreviations,
    IReadOnlyList<EvolutionEquation> Equations,
    IReadOnlyList<DerivedQuantity> Quantities)
{
    /// <summary>Writes every abbreviation out.</summary>
    public Expression WriteOut(Expression expression) => expression.Rewrite(node =>
    {
        if (node is not Indexed indexed || Abbreviations.FirstOrDefault(each => each.Variable.Tensor == indexed.Tensor) is not { } abbreviation)
            return null;
        var table = new Dictionary<TensorIndex, TensorIndex>();
        for (int at = 0; at < indexed.Indices.Length; at++)
            table[abbreviation.Variable.Indices[at]] = indexed.Indices[at];
        return abbreviation.Value.Rename(table);
    });
}
