namespace SymbolicEft.Numeric.Solving;

/// <summary>A computation that cannot be trusted, and stopped: says where and why in one sentence.</summary>
/// <param name="message">The sentence.</param>
public partial class ComputationException(string message) : Exception(message);
