using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Symbolic.Languages;

/// <summary>
/// One language that a derivation can be written in. To add one: a folder beside this file with a class that implements
/// this interface, and a line in <see cref="OutputLanguages.All"/>. A language reads the derivation's data only; it derives nothing.
/// </summary>
public interface IOutputLanguage
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>The ending of its file, with the dot.</summary>
    string FileEnding { get; }

    /// <summary>Writes a derivation; the same derivation gives the same text.</summary>
    /// <param name="derivation">The derivation.</param>
    /// <param name="source">What was derived.</param>
    string Write(DerivationResult derivation, DerivationSource source);
}

/// <summary>What a derivation was made for, as documents state it.</summary>
/// <param name="Name">Name of the specification.</param>
/// <param name="Activation">sigma(x), as the user wrote it.</param>
public sealed record DerivationSource(string Name, string Activation);
