using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Serialization;

/// <summary>
/// The JSON document of an enumeration: <c>{"count": 34, "weightedSum": "315/16", "diagrams": [{"id": "...",
/// "symmetryFactor": "1/2", "loops": 1, "vertices": [{"response": 1, "kernel": 2}, ...], ...}]}</c>, the diagrams left
/// out if they were only counted.
/// </summary>
/// <remarks>
/// Beside what is shown, a diagram has "external" (the field of every external leg), "labelledExternals", and "lines"
/// (from an earlier vertex to a later vertex or an external leg, with the number of equal lines, and the fields of their
/// ends if these are not 0), so that it can be read back. A vertex says "initial" or "meeting" if it is such.
/// </remarks>
public sealed class DiagramDocument
{
    private DiagramDocument(long count, Rational weightedSum, ImmutableArray<Diagram>? diagrams)
    {
        Count = count;
        WeightedSum = weightedSum;
        Diagrams = diagrams;
    }

    /// <summary>Number of diagrams.</summary>
    public long Count { get; }

    /// <summary>Sum of the symmetry factors.</summary>
    public Rational WeightedSum { get; }

    /// <summary>The diagrams, or null if they were only counted.</summary>
    public ImmutableArray<Diagram>? Diagrams { get; }

    /// <summary>The document of stored diagrams.</summary>
    /// <param name="set">The diagrams.</param>
    public static DiagramDocument Of(DiagramSet set) => new(set.Diagrams.Length, set.WeightedSum, set.Diagrams);

    /// <summary>The document of a count.</summary>
    /// <param name="count">The count.</param>
    public static DiagramDocument Of(DiagramCount count) => new(count.Count, count.WeightedSum, null);

    /// <summary>Writes the document as one line of JSON.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes the document as one line of JSON in UTF-8.</summary>
    /// <param name="stream">Where to write; it stays open.</param>
    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteNumber("count", Count);
        json.WriteString("weightedSum", WeightedSum.ToString());
        if (Diagrams is ImmutableArray<Diagram> diagrams)
        {
            json.WriteStartArray("diagrams");
            foreach (Diagram diagram in diagrams) DiagramJson.Write(json, diagram);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a document and checks it: every id, every symmetry factor, the count and the sum are computed anew.</summary>
    /// <param name="text">The JSON text.</param>
    /// <exception cref="FormatException">The text is no such document, or a number in it contradicts its diagrams.</exception>
    public static DiagramDocument Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            long count = root.GetProperty("count").GetInt64();
            Rational sum = Rational.Parse(root.GetProperty("weightedSum").GetString() ?? "");
            if (!root.TryGetProperty("diagrams", out JsonElement list)) return new DiagramDocument(count, sum, null);
            ImmutableArray<Diagram> diagrams = [.. list.EnumerateArray().Select(DiagramJson.Read)];
            Require("count", count.ToString(CultureInfo.InvariantCulture), diagrams.Length.ToString(CultureInfo.InvariantCulture));
            Require("weightedSum", sum.ToString(), diagrams.Aggregate(Rational.Zero, (total, diagram) => total + diagram.SymmetryFactor).ToString());
            return new DiagramDocument(count, sum, diagrams);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"The text is not a diagram document: {problem.Message}", problem);
        }
    }

    internal static void Require(string name, string stated, string computed)
    {
        if (stated != computed)
            throw new FormatException($"The document says {name} {stated}, but its diagrams give {computed}; it was changed or cut.");
    }
}
