using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>Formulas in comments of generated programs: plain text with all indices in brackets; repeated indices are summed.</summary>
internal sealed class MomentCodeFormula : TextStyle
{
    public static new MomentCodeFormula Instance { get; } = new();

    public override string Indexed(Indexed indexed) => $"{indexed.Tensor.Name}[{string.Join(",", indexed.Indices.ToArray())}]";

    public override string Product(IReadOnlyList<string> factors) => string.Join(' ', factors);
}
