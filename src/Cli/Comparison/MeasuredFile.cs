// Two forms of a file of measured kernels, told apart by the first line:
//   networks   layer,G_00,G_01,G_11             one line a network and layer; without a column layer all are of the last one
//   numbers    quantity,layer,a,b,c,d,value,standardError   one line a number, as symeft simulate --format csv writes it; other columns are left alone

using System.Globalization;
using System.Text.RegularExpressions;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Comparison;

/// <summary>Reads measured kernels.</summary>
internal static partial class MeasuredFile
{
    private const int MostLines = 20_000_000, LongestLine = 100_000;

    /// <summary>What a file holds.</summary>
    /// <param name="Numbers">The numbers.</param>
    /// <param name="Networks">How many networks they were made of, at the layer that has most; null for a file of numbers.</param>
    /// <param name="Warnings">Error bars that rest on a few networks, and quantities that are not compared, in sentences.</param>
    public sealed record Content(IReadOnlyList<MeasuredNumber> Numbers, int? Networks, IReadOnlyList<string> Warnings);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="specification">The specification whose network was measured.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">It holds something else.</exception>
    public static Content Read(string path, Specification specification, CancellationToken cancellation)
    {
        try
        {
            return InputFile.Read(path, cancellation, reader =>
            {
                string[] header = Fields(reader.ReadLine() ?? "");
                return header.Contains("quantity") ? Numbers(reader, header, path, specification, cancellation) : Networks(reader, header, path, specification, cancellation);
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"The measurement '{path}' cannot be read: {(Directory.Exists(path) ? "It is a folder" : problem.Message.TrimEnd('.'))}; give the path of a CSV file.");
        }
    }

    private static Content Networks(TextReader reader, string[] header, string path, Specification specification, CancellationToken cancellation)
    {
        int layerColumn = Array.IndexOf(header, "layer");
        var columns = new List<(int Column, InputPair Pair)>();
        for (int column = 0; column < header.Length; column++)
        {
            if (Kernel().Match(header[column]) is { Success: true } match)
                columns.Add((column, Pair(match.Groups[1].Value, match.Groups[2].Value, $"column {header[column]} of '{path}'", specification)));
            else if (column != layerColumn && header[column] is not ("network" or "seed" or ""))
                throw new InputException($"'{path}' has the column '{header[column]}'; a file of networks has the columns G_00, G_01, ... and, if it likes, layer, network and seed, and a file of numbers has a column quantity.");
        }

        if (columns.Count == 0)
            throw new InputException($"'{path}' has no column of a kernel in its first line; name them G_00, G_01, and so on, by the inputs, which are numbered from 0.");
        if (columns.GroupBy(column => column.Pair).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"'{path}' has {header[twice.ElementAt(0).Column]} and {header[twice.ElementAt(1).Column]}, which are the same kernel; leave one out.");
        var layers = new SortedDictionary<int, List<double[]>>();
        foreach ((string[] fields, int line) in Lines(reader, header, path, cancellation))
        {
            int layer = layerColumn < 0 ? specification.Network.Depth : Layer(fields[layerColumn], path, line, specification);
            if (!layers.TryGetValue(layer, out List<double[]>? networks))
                layers.Add(layer, networks = []);
            networks.Add([.. columns.Select(column => Real(fields, column.Column, header, path, line))]);
        }

        if (layers.Count == 0)
            throw new InputException($"'{path}' has no line below its first; give one line for each network.");
        if (layers.FirstOrDefault(layer => layer.Value.Count < 2) is { Value: not null } single)
            throw new InputException($"'{path}' has one network at layer {Text(single.Key)}, which has no spread; measure at least 2.");
        MeasuredNumber[] numbers = [.. layers.SelectMany(layer => MeasuredKernels.Of(layer.Key, specification.Width, [.. columns.Select(column => column.Pair)], layer.Value))];
        int most = layers.Values.Max(networks => networks.Count);
        return new(numbers, most, [.. numbers.GroupBy(number => number.Quantity).Select(group => ErrorBars.TooFew(
            group.Key, most, group.Where(number => number.EffectiveSamples is not null).Select(number => ($"{number.Name} at layer {Text(number.Layer)}", number.EffectiveSamples!.Value)))).OfType<string>()]);
    }

    private static Content Numbers(TextReader reader, string[] header, string path, Specification specification, CancellationToken cancellation)
    {
        int Column(string name) => Array.IndexOf(header, name) is >= 0 and var at ? at
            : throw new InputException($"'{path}' has a column quantity and none of the name {name}; a file of numbers has quantity, layer, a, b, value, standardError, and c, d for V4.");
        int quantity = Column("quantity"), layer = Column("layer"), a = Column("a"), b = Column("b"), value = Column("value"), error = Column("standardError");
        var numbers = new List<MeasuredNumber>();
        var others = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((string[] fields, int line) in Lines(reader, header, path, cancellation))
        {
            // What a simulation is compared with, and what the theory here does not have, stays where it is.
            if (!MeasuredKernels.Quantities.Contains(fields[quantity]) || (fields[quantity] == "U1" && specification.Layers is not null))
            {
                others.Add(fields[quantity]);
                continue;
            }

            string where = $"line {Text(line)} of '{path}'";
            bool isCovariance = fields[quantity] == "V4";
            InputPair? second = isCovariance ? Pair(fields[Column("c")], fields[Column("d")], where, specification) : null;
            double standardError = fields[error].Length == 0 ? 0 : Real(fields, error, header, path, line);
            if (standardError < 0)
                throw new InputException($"The standard error in {where} is {fields[error]}; it cannot be negative.");
            numbers.Add(new(fields[quantity], Layer(fields[layer], path, line, specification), Pair(fields[a], fields[b], where, specification), second, new(Real(fields, value, header, path, line), standardError)));
        }

        string[] warnings = others.Count == 0 ? [] : [$"'{path}' has numbers of {string.Join(", ", others)} too, which are not compared; compared are {string.Join(", ", MeasuredKernels.Quantities.Except(others))}."];
        return numbers.Count > 0 ? new(numbers, null, warnings) : throw new InputException($"'{path}' has none of {string.Join(", ", MeasuredKernels.Quantities)} in its column quantity; there is nothing to compare.");
    }

    private static IEnumerable<(string[] Fields, int Line)> Lines(TextReader reader, string[] header, string path, CancellationToken cancellation)
    {
        int line = 1;
        while (reader.ReadLine() is { } text)
        {
            cancellation.ThrowIfCancellationRequested();
            line++;
            if (line > MostLines || text.Length > LongestLine)
                throw new InputException($"'{path}' has more than {Text(MostLines)} lines, or one of more than {Text(LongestLine)} characters (line {Text(line)}); give a smaller file.");
            if (text.Trim().Length == 0)
                continue;
            string[] fields = Fields(text);
            if (fields.Length != header.Length)
                throw new InputException($"Line {Text(line)} of '{path}' has {Text(fields.Length)} fields and the first line has {Text(header.Length)}; all lines must be equally long.");
            yield return (fields, line);
        }
    }

    // Fields of our own files hold no quotation marks but around labels.
    private static string[] Fields(string line) => [.. Field().Matches(line.Trim()).Select(field => (field.Groups[1].Success ? field.Groups[1].Value : field.Groups[2].Value).Trim())];

    private static int Layer(string text, string path, int line, Specification specification) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && layer <= specification.Network.Depth
            ? layer
            : throw new InputException($"The layer in line {Text(line)} of '{path}' is '{text}'; the network has the layers 0 to {Text(specification.Network.Depth)}.");

    private static double Real(string[] fields, int column, string[] header, string path, int line) =>
        SpecificationFields.Real(fields[column], $"Column {header[column]} in line {Text(line)} of '{path}'");

    private static InputPair Pair(string first, string second, string where, Specification specification)
    {
        if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int a) || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int b) || a >= specification.Inputs || b >= specification.Inputs)
            throw new InputException($"The inputs '{first}' and '{second}' in {where} are not among those of the specification, which are 0 to {Text(specification.Inputs - 1)}.");
        return new(Math.Min(a, b), Math.Max(a, b));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^G_(?:(\d)(\d)|(?:(?<1>\d+)[_,](?<2>\d+)))$", RegexOptions.CultureInvariant)]
    private static partial Regex Kernel();

    [GeneratedRegex(@"(?:^|,)(?:\s*""([^""]*)""\s*(?=,|$)|([^,]*))", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
