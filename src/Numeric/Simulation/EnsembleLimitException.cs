namespace SymbolicEft.Numeric.Simulation;

/// <summary>A simulation that would need more memory or time than is allowed; the message says how much, and what would be right.</summary>
/// <param name="message">The sentence.</param>
internal sealed class EnsembleLimitException(string message) : ArgumentException(message);
