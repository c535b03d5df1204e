using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Expectations;

internal sealed partial class PairTable
{
    private readonly List<Unproved> _unproved = [];

    /// <summary>What the values rest on so far and nothing proves.</summary>
    public IReadOnlyList<Unproved> Unproved => _unproved;

    // Of one kind one is enough.
    partial void Report(PairExpectationEngine engine)
    {
        foreach (Unproved each in engine.Unproved)
        {
            if (!_unproved.Any(known => known.Obstacle == each.Obstacle)) _unproved.Add(each);
        }
    }
}
