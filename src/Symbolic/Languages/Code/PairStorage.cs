using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>A symmetric matrix over inputs is stored as it is declared, with the indices of inputs or with that of a pair, and read as either.</summary>
internal static class PairStorage
{
    /// <summary>The tensors of statements by name, each as it first occurs.</summary>
    public static Dictionary<string, Indexed> Declared(IEnumerable<StateVariable> state, IEnumerable<MomentStatement> statements) => state.Select(variable => variable.Tensor[[.. variable.Indices]])
        .Concat(statements.SelectMany(MomentStatements.Components)).DistinctBy(each => each.Tensor.Name).ToDictionary(each => each.Tensor.Name, StringComparer.Ordinal);

    /// <summary>What stands in the brackets of a component.</summary>
    /// <param name="component">The component.</param>
    /// <param name="declared">The tensors as they are declared.</param>
    /// <param name="inputsOf">The two inputs of a pair, in the language.</param>
    /// <param name="pairOf">The pair of two inputs.</param>
    /// <param name="nameOf">The variable of an index; its letter if null.</param>
    public static IEnumerable<string> Places(Indexed component, IReadOnlyDictionary<string, Indexed> declared, Func<TensorIndex, IEnumerable<string>> inputsOf, Func<TensorIndex, TensorIndex, string> pairOf, Func<TensorIndex, string>? nameOf = null)
    {
        TensorIndex[] indices = component.Indices.ToArray();
        bool isMatrix = (declared.TryGetValue(component.Tensor.Name, out Indexed? stored) ? stored.Indices[0] : indices[0]).Kind == IndexKind.Input;
        return isMatrix ? indices.SelectMany(index => index.Kind == IndexKind.Pair ? inputsOf(index) : [index.ToString()])
            : indices[0].Kind != IndexKind.Input ? indices.Select(index => nameOf?.Invoke(index) ?? index.ToString())
            : Enumerable.Range(0, indices.Length / 2).Select(pair => pairOf(indices[2 * pair], indices[(2 * pair) + 1]));
    }
}
