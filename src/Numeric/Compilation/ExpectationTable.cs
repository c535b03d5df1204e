using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>The distinct Gaussian expectations that programs read, numbered in the order in which they were met.</summary>
internal sealed class ExpectationTable
{
    private readonly Dictionary<Expression, int> _slots = new(ReferenceEqualityComparer.Instance);
    private readonly List<ExpectationAtom> _atoms = [];

    /// <summary>The expectations, in order.</summary>
    public IReadOnlyList<ExpectationAtom> Atoms => _atoms;

    /// <summary>The number of an expectation whose indices are numbers; a new one is appended.</summary>
    public int SlotOf(GaussianMean mean)
    {
        if (_slots.TryGetValue(mean, out int known))
            return known;
        _atoms.Add(ExpectationAtom.Of(mean));
        _slots.Add(mean, _atoms.Count - 1);
        return _atoms.Count - 1;
    }
}
