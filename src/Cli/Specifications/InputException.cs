namespace SymbolicEft.Cli.Specifications;

/// <summary>The input is wrong: the message is one sentence that names the value, the reason and the mend. Exit code 2.</summary>
/// <param name="message">The sentence.</param>
public sealed class InputException(string message) : Exception(message);
