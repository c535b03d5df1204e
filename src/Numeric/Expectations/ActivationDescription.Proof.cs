using System.Collections.Concurrent;

namespace SymbolicEft.Numeric.Expectations;

public sealed partial class ActivationDescription
{
    /// <summary>
    /// The function of each row of <see cref="BatchDerivatives"/> as an expression in <see cref="Symbolic.Functions.KnownActivations.Variable"/>, so that what is
    /// computed with it can be proved; null where only delegates are known.
    /// </summary>
    internal Func<int, Proofs.StripFunction?> Expressions { get; set; } = static _ => null;

    // A proof depends on nothing else: what one solution found serves the next.
    internal ConcurrentDictionary<GridSelector.StripQuestion, (GridSelector.Choice? Choice, string? TooFast)> Strips { get; } = [];
}
