// Results as files of columns and of arrays, for programs that read no text:
//   Parquet   the table of CsvReport, typed; about the whole in the file's metadata, symeft.specification and so on
//   HDF5      the JSON document: an array of numbers is a dataset of its name and shape (null is NaN), a table a group, a text or a number an attribute
// Same bytes for the same result.

using System.Text.Json;
using Parquet;
using Parquet.Schema;
using PureHDF;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Reporting;

/// <summary>Writes results as Parquet and HDF5.</summary>
internal static class DataFile
{
    private const string Units = "K0, K1, K2, K3, G, U1, Theta: the unit of K(0); V4, V4_1, VarTheta, CovThetaG: its square; V6: its third power; V8: its fourth; times: eps^2 l";

    /// <summary>Writes a result.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Parquet or HDF5.</param>
    /// <param name="data">The result, with its specification.</param>
    /// <param name="json">The same as a JSON document.</param>
    public static void Write(string path, OutputFormat format, ReportData data, string json)
    {
        (string Name, string Text)[] about =
        [
            ("specification", SpecificationWriter.Yaml(data.SetUp)),
            ("version", data.ProgramVersion ?? ""),
            ("seed", data.SetUp.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("units", Units),
        ];
        AtomicFile.Write(path, format == OutputFormat.Parquet ? Parquet(data, about) : Hdf5(json, about));
    }

    private static byte[] Parquet(ReportData data, (string Name, string Text)[] about)
    {
        IReadOnlyList<NumberLine> lines = NumberLines.Of(data);
        int pairs = CsvReport.MostPairs(data);
        var text = new DataField<string>[] { new("series"), new("quantity"), new("proof") };
        DataField<int> layer = new("layer");
        DataField<double> time = new("time"), value = new("value");
        DataField<double?> error = new("standardError");
        DataField<int?>[] indices = [.. Enumerable.Range(0, 2 * pairs).Select(at => new DataField<int?>(((char)('a' + at)).ToString()))];
        using var file = new MemoryStream();
        Task.Run(Columns).GetAwaiter().GetResult();
        return file.ToArray();

        async Task Columns()
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([text[0], text[1], layer, time, .. indices, value, error, text[2]]), file);
            writer.CustomMetadata = about.ToDictionary(entry => $"symeft.{entry.Name}", entry => entry.Text);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(text[0], [.. lines.Select(line => line.Series)]);
            await group.WriteAsync(text[1], [.. lines.Select(line => line.Quantity)]);
            await group.WriteAsync<int>(layer, lines.Select(line => line.Layer).ToArray());
            await group.WriteAsync<double>(time, lines.Select(line => line.Time).ToArray());
            for (int at = 0; at < indices.Length; at++)
                await group.WriteAsync<int>(indices[at], lines.Select(line => Index(line, at)).ToArray());
            await group.WriteAsync<double>(value, lines.Select(line => line.Value).ToArray());
            await group.WriteAsync<double>(error, lines.Select(line => line.Error).ToArray());
            await group.WriteAsync(text[2], [.. lines.Select(line => line.Proof)]);
        }
    }

    private static int? Index(NumberLine line, int at) => at / 2 >= line.Pairs.Count ? null : at % 2 == 0 ? line.Pairs[at / 2].First : line.Pairs[at / 2].Second;

    private static byte[] Hdf5(string json, (string Name, string Text)[] about)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var file = new H5File();
        foreach ((string name, string text) in about)
            file.Attributes[name] = text;
        Fill(file, document.RootElement);
        using var bytes = new MemoryStream();
        file.Write(bytes);
        return bytes.ToArray();
    }

    private static void Fill(H5Group group, JsonElement table)
    {
        foreach (JsonProperty property in table.EnumerateObject())
        {
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    var below = new H5Group();
                    Fill(below, property.Value);
                    group[property.Name] = below;
                    break;
                case JsonValueKind.Array when property.Value.GetArrayLength() > 0:
                    group[property.Name] = Numbers(property.Value) ?? Texts(property.Value);
                    break;
                case JsonValueKind.String:
                    group.Attributes[property.Name] = property.Value.GetString()!;
                    break;
                case JsonValueKind.Number or JsonValueKind.Null:
                    group.Attributes[property.Name] = Number(property.Value);
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    group.Attributes[property.Name] = property.Value.GetBoolean() ? 1 : 0;
                    break;
            }
        }
    }

    // An array of any rank with the same length everywhere; null for another one. Whole numbers stay so.
    private static H5Dataset? Numbers(JsonElement array)
    {
        var lengths = new List<int>();
        for (JsonElement at = array; at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            lengths.Add(at.GetArrayLength());
            if (lengths[^1] == 0)
                return null;
        }

        var numbers = new List<double>();
        if (!Collect(array, 0))
            return null;
        ulong[] shape = [.. lengths.Select(length => (ulong)length)];
        return array.GetRawText().AsSpan().IndexOfAny(".eEn") < 0
            ? new H5Dataset(numbers.Select(number => (long)number).ToArray(), fileDims: shape)
            : new H5Dataset(numbers.ToArray(), fileDims: shape);

        bool Collect(JsonElement element, int depth)
        {
            if (depth == lengths.Count)
            {
                if (element.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
                    return false;
                numbers.Add(Number(element));
                return true;
            }

            return element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == lengths[depth] && element.EnumerateArray().All(inner => Collect(inner, depth + 1));
        }
    }

    // Sentences, or tables, each as its text.
    private static H5Dataset Texts(JsonElement array) => new(array.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String ? each.GetString()! : each.GetRawText()).ToArray());

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Null ? double.NaN : element.GetDouble();
}
