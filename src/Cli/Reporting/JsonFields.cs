// How every JSON document of the command is written: an object is the list of its values in order, a row of numbers or pairs stays on one line, since the files
// are read by people too, and numbers read back exactly.

using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// A JSON object: its values by name, in order. A value is text, a truth, a number (null where it is not finite), a pair of inputs, a list of values, or an object; one
/// that is null is left out.
/// </summary>
internal sealed class JsonFields : List<(string Name, object? Value)>
{
    /// <summary>An empty object.</summary>
    public JsonFields()
    {
    }

    /// <summary>An object of given values.</summary>
    public JsonFields(IEnumerable<(string Name, object? Value)> fields)
        : base(fields)
    {
    }

    /// <summary>A value that is written as null.</summary>
    public static object Null => DBNull.Value;

    /// <summary>The object as a document of its own, with a line feed at the end.</summary>
    /// <param name="isIndented">Whether it is for people.</param>
    public byte[] Document(bool isIndented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = isIndented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, this);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same as every command writes it.</summary>
    public string Document() => Encoding.UTF8.GetString(Document(isIndented: true));

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case int whole:
                json.WriteNumberValue(whole);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case JsonFields fields:
                json.WriteStartObject();
                foreach ((string name, object? each) in fields.Where(field => field.Value is not null))
                {
                    json.WritePropertyName(name);
                    Write(json, each);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list and not (IEnumerable<double> or IEnumerable<int> or IEnumerable<InputPair>):
                json.WriteStartArray();
                foreach (object? each in list)
                    Write(json, each);
                json.WriteEndArray();
                break;
            default:
                json.WriteRawValue(Line(value));
                break;
        }
    }

    private static string Line(object? value) => value switch
    {
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "null",
        bool truth => truth ? "true" : "false",
        InputPair pair => FormattableString.Invariant($"[{pair.First}, {pair.Second}]"),
        JsonLine { Fields: var fields } => $"{{{string.Join(", ", fields.Select(field => $"\"{field.Name}\": {Line(field.Value)}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Line))}]",
        _ => FormattableString.Invariant($"{value}"),
    };
}

/// <summary>An object of numbers that stays on one line.</summary>
/// <param name="Fields">Its values.</param>
internal sealed record JsonLine(JsonFields Fields);
