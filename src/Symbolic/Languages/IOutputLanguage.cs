using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;

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
    /// <param name="subject">What was derived.</param>
    /// <exception cref="NotSupportedException">The language cannot express it; the message says what and what to do instead.</exception>
    string Write(DerivationResult derivation, DerivationSubject subject);

    /// <summary>Files that the document refers to, by their paths from its folder; none unless the language needs some.</summary>
    /// <param name="derivation">The derivation.</param>
    /// <param name="subject">What was derived.</param>
    IReadOnlyList<(string Path, string Text)> FilesBeside(DerivationResult derivation, DerivationSubject subject) => [];
}

/// <summary>What a derivation was made for, as documents state it and code computes with it.</summary>
/// <param name="Name">Name of the specification.</param>
/// <param name="Activation">sigma(x), as the user wrote it.</param>
public sealed record DerivationSubject(string Name, string Activation)
{
    /// <summary>The activation's exact definition; documents do without, code needs it.</summary>
    public ActivationDefinition? Definition { get; init; }

    /// <summary>The folder beside the document for its figures; null for a document that stands alone.</summary>
    public string? FigureFolder { get; init; }

    /// <summary>The layers where the network is a program of layers, which then has no one activation; else null.</summary>
    public LayerProgram? Layers { get; init; }

    /// <summary>The numbers of the specification, which code has as defaults; documents do without.</summary>
    public SubjectNumbers? Numbers { get; init; }
}

/// <summary>The numbers of a specification.</summary>
/// <param name="Skip">alpha.</param>
/// <param name="Step">eps.</param>
/// <param name="WeightVariance">C_W.</param>
/// <param name="BiasVariance">C_b.</param>
/// <param name="Kernel">K(0), N x N.</param>
/// <param name="RecordedLayers">The layers to report, increasing, from 0.</param>
/// <param name="EulerSteps">True if continuous depth is advanced by one Euler step of eps^2 a layer, the published scheme.</param>
public sealed record SubjectNumbers(
    double Skip,
    double Step,
    double WeightVariance,
    double BiasVariance,
    double[,] Kernel,
    IReadOnlyList<int> RecordedLayers,
    bool EulerSteps = false);
