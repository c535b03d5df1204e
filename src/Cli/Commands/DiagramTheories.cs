using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams;
using SymbolicEft.Diagrams.Clock;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Tangent;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Cli.Commands;

/// <summary>A theory whose vertices are derived, and not asked for.</summary>
/// <param name="Name">What --theory calls it.</param>
/// <param name="Meaning">What it is, in a few words.</param>
/// <param name="HighestPower">The highest power of 1/n that its diagrams are derived for.</param>
/// <param name="Create">The theory up to a power of 1/n.</param>
/// <param name="Page">The page of a set of its diagrams.</param>
internal sealed record DiagramTheory(string Name, string Meaning, int HighestPower, Func<int, FieldTheory> Create, Func<DiagramSet, string> Page)
{
    /// <summary>A sentence that goes with its diagrams; may be empty.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Whether its lines are named by letters.</summary>
    public bool HasLetters { get; init; }

    /// <summary>The theory for the legs and loops asked for.</summary>
    /// <param name="power">The power of 1/n.</param>
    /// <exception cref="InputException">It is higher than the theory is derived for.</exception>
    public FieldTheory At(int power) => power <= HighestPower ? Create(power) : throw new InputException(FormattableString.Invariant(
        $"--external and --loops ask for n^-{power}, and the diagrams of --theory {Name} are derived up to n^-{HighestPower}; ask for fewer legs or loops."));
}

/// <summary>The theories of <c>symeft diagrams --theory</c>.</summary>
internal static class DiagramTheories
{
    /// <summary>The closure on G alone, whose vertices are chosen by --drift and --noise.</summary>
    public const string GOnly = "g-only";

    private static readonly Lazy<EquationSystem> OfTangent = new(() => TangentTheory.Plain(new GOnly()));

    private static readonly DiagramTheory[] Derived =
    [
        new("clock", "the network itself, in the random clock", 2, power => ClockTheory.Of(DepthForm.Continuous, power), set => ClockTermDiagrams.Page(set, DepthForm.Continuous)) { HasLetters = true },
        new("modes", "its Hermite modes at infinite width", int.MaxValue, _ => ModeTheory.Create(), set => GalleryPage.Html(set)) { Remark = ModeTheory.Remark },
        new("tangent", "G and the tangent kernel T, of the closure on G alone", 1, _ => TangentTheory.Of(OfTangent.Value), set => TangentTermDiagrams.Page(set, OfTangent.Value)) { HasLetters = true },
    ];

    /// <summary>What the option says of itself.</summary>
    public static string Description => $"{GOnly}: the closure on G alone, with --drift and --noise; {string.Join("; ", Derived.Select(each => $"{each.Name}: {each.Meaning}"))}";

    /// <summary>The theory of a name; null for none, or g-only.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InputException">There is no such theory.</exception>
    public static DiagramTheory? Find(string? name) => name is null or GOnly ? null
        : Derived.FirstOrDefault(each => each.Name == name) ?? throw new InputException($"--theory is '{name}'; use {string.Join(", ", Derived.Select(each => each.Name).Prepend(GOnly))}.");
}
