using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Expectations;

internal sealed partial class PairExpectationEngine
{
    private Unproved? _plane;

    /// <summary>What the values rest on so far and nothing proves.</summary>
    public IEnumerable<Unproved> Unproved => _stages.Select(stage => stage.Selector.Unproved).Append(_plane).OfType<Unproved>();

    /// <summary>False if a pair has been integrated in the plane without a proof.</summary>
    public bool IsPlaneProved => _plane is null;

    partial void Report(KernelBlock block, InputMoments a, InputMoments b) => _plane ??= Solving.Unproved.Plane(_activation, _activation, a.Kernel, block.Correlation, b.Kernel);
}
