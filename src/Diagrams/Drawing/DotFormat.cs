using System.Globalization;
using System.Text;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>The graph language of Graphviz, for other programs to lay out; columns are given as ranks.</summary>
public sealed class DotFormat : IDiagramFormat
{
    /// <inheritdoc/>
    public string Name => "dot";

    /// <inheritdoc/>
    public string Extension => ".dot";

    /// <inheritdoc/>
    public string Draw(Diagram diagram, IReadOnlyList<string>? fields = null)
    {
        // The picture is used for its markers only: they stand in the order legs, vertices.
        Picture picture = PictureBuilder.Arrange(diagram, fields);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"digraph diagram_{diagram.Id} {{\n");
        text.Append(CultureInfo.InvariantCulture, $"  label=\"{diagram.SymmetryFactor}\";\n");
        text.Append("  rankdir=LR;\n  node [label=\"\", style=filled, width=0.13, height=0.13, fixedsize=true];\n");
        text.Append(CultureInfo.InvariantCulture, $"  edge [color=\"#{Palette.Line}\", arrowsize=0.6];\n");
        text.Append("  { rank=sink;");
        for (int leg = 0; leg < diagram.External; leg++)
        {
            string name = fields is { Count: > 1 } ? fields[diagram.ExternalFields[leg]] : "x";
            if (diagram.LabelledExternals) name += (leg + 1).ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $" x{leg} [shape=plaintext, style=\"\", fixedsize=false, label={DotText.Quoted(name)}];");
        }

        text.Append(" }\n");
        for (int i = 0; i < diagram.Vertices.Length; i++)
        {
            PictureMarker marker = picture.Markers[diagram.External + i];
            string shape = marker.Kind switch
            {
                MarkerKind.Drift => "circle",
                MarkerKind.Noise => "square",
                MarkerKind.HigherNoise => "diamond",
                MarkerKind.Meeting => "hexagon",
                _ => "triangle",
            };
            string colour = "#" + Palette.Colour(marker.Kind);
            string look = marker.Hollow ? $"fillcolor=white, color=\"{colour}\"" : $"fillcolor=\"{colour}\"";
            text.Append(CultureInfo.InvariantCulture, $"  v{i} [shape={shape}, {look}, tooltip={DotText.Quoted(diagram.Vertices[i].ToString())}];\n");
        }

        foreach (IGrouping<int, int> layer in Enumerable.Range(0, diagram.Vertices.Length).GroupBy(i => diagram.Layers[i]))
            text.Append(CultureInfo.InvariantCulture, $"  {{ rank=same; {string.Join(' ', layer.Select(i => $"v{i};"))} }}\n");
        foreach (Edge edge in diagram.Edges)
        {
            string style = edge.ResponseField == 0 && edge.KernelField == 0 ? "" : $" [taillabel=\"{edge.ResponseField}\", headlabel=\"{edge.KernelField}\"]";
            for (int i = 0; i < edge.Count; i++)
                text.Append(CultureInfo.InvariantCulture, $"  v{edge.From} -> {(edge.ToExternal ? "x" : "v")}{edge.To}{style};\n");
        }

        text.Append("}\n");
        return text.ToString();
    }
}
