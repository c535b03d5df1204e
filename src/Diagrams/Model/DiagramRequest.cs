using System.Collections.Immutable;

namespace SymbolicEft.Diagrams.Model;

/// <summary>Which diagrams count as one piece.</summary>
public enum Connectivity
{
    /// <summary>Connected diagrams: their sum is a cumulant.</summary>
    Connected,

    /// <summary>All diagrams, every component with at least one external leg: their sum is a moment.</summary>
    All,

    /// <summary>Connected diagrams that no cut of a single internal line (one that does not end on an external leg) separates.</summary>
    OneParticleIrreducible,
}

/// <summary>Which diagrams with tadpoles are kept.</summary>
[Flags]
public enum TadpoleRule
{
    /// <summary>All of them.</summary>
    Keep = 0,

    /// <summary>Drop diagrams in which a source (a vertex without kernel legs) has all of its two or more legs on one vertex: the equal-time correlation line.</summary>
    DropSelfContractions = 1,

    /// <summary>Drop diagrams in which the cut of one internal line leaves a part without external legs.</summary>
    DropInsertions = 2,
}

/// <summary>What to enumerate.</summary>
public sealed record DiagramRequest
{
    /// <summary>The vertices and fields.</summary>
    public required FieldTheory Theory { get; init; }

    /// <summary>The field of every external kernel leg; its length is E. For one field, see <see cref="OneField"/>.</summary>
    public required ImmutableArray<int> ExternalFields { get; init; }

    /// <summary>L = 1 - E + sum over vertices of (p - 1 + extra order); the diagrams are of order n^-(L + E - 1).</summary>
    public required int Loops { get; init; }

    /// <summary>Whether the external legs are told apart. If not, the sum of weights is smaller by the product of E_f! over fields.</summary>
    public bool LabelledExternals { get; init; } = true;

    /// <summary>Connected, all, or one-particle irreducible.</summary>
    public Connectivity Connectivity { get; init; } = Connectivity.Connected;

    /// <summary>With or without tadpoles.</summary>
    public TadpoleRule Tadpoles { get; init; } = TadpoleRule.Keep;

    /// <summary>
    /// The limit beyond which the enumeration stops with a <see cref="DiagramLimitException"/>: on the number of
    /// diagrams, and on the number of partial diagrams held in memory at one time.
    /// </summary>
    public long MaximumDiagrams { get; init; } = 1_000_000;

    /// <summary>The request for E external legs of the only field.</summary>
    /// <param name="theory">A theory of one field.</param>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L, at least 0.</param>
    public static DiagramRequest OneField(FieldTheory theory, int external, int loops) => new()
    {
        Theory = theory,
        ExternalFields = [.. Enumerable.Repeat(0, Math.Max(0, external))],
        Loops = loops,
    };
}

/// <summary>How far an enumeration has come.</summary>
/// <param name="Found">Diagrams found.</param>
/// <param name="Built">Graphs built on the way: diagrams, partial diagrams, and duplicates that were recognised.</param>
public readonly record struct DiagramProgress(long Found, long Built);

/// <summary>The enumeration reached its stated limit.</summary>
/// <param name="message">What was reached and what to do.</param>
public sealed class DiagramLimitException(string message) : InvalidOperationException(message);
