using System.Collections.Immutable;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>A way to write a drawing of a diagram. A new format is one class in one file, listed in <see cref="DiagramFormats"/>.</summary>
public interface IDiagramFormat
{
    /// <summary>The name by which it is asked for, in lower case.</summary>
    string Name { get; }

    /// <summary>The extension of its files, with the dot.</summary>
    string Extension { get; }

    /// <summary>Draws one diagram; the same diagram always gives the same text.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="fields">Names of the fields, used when there are several; null for one field.</param>
    string Draw(Diagram diagram, IReadOnlyList<string>? fields = null);
}

/// <summary>The drawing formats.</summary>
public static class DiagramFormats
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<IDiagramFormat> All { get; } = [new SvgFormat(), new TikzFormat(), new DotFormat()];

    /// <summary>Finds a format by name.</summary>
    /// <param name="name">svg, tikz or dot.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static IDiagramFormat Find(string name) => All.FirstOrDefault(format => format.Name == name)
        ?? throw new ArgumentException($"'{name}' is not a drawing format; choose one of {string.Join(", ", All.Select(format => format.Name))}.", nameof(name));
}
