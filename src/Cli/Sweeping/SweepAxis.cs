using System.Globalization;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>One swept value of the specification: --over weightVariance=0.5:3:26, --over activation=tanh,gelu.</summary>
/// <param name="Field">The value of the specification.</param>
/// <param name="Texts">What it is set to, in order.</param>
/// <param name="Numbers">The same as numbers, or null if they are none.</param>
public sealed record SweepAxis(SpecificationField Field, IReadOnlyList<string> Texts, IReadOnlyList<double>? Numbers)
{
    private const int MostValues = 100_000;
    private const string Example = "write --over weightVariance=0.5:3:26 (first, last, how many) or --over activation=tanh,gelu";

    private static readonly string[] Excluded = ["name", "order", "network.layers", "network.preset", "inputs.data", "simulate.samples", "simulate.until", "simulate.seed", "simulate.estimator", "record", "pairs"];

    private static IEnumerable<SpecificationField> Fields => SpecificationFields.All.Where(each => !each.IsOfTangent && !Excluded.Contains(each.Path));

    /// <summary>Its name as in the file.</summary>
    public string Name => IsOfLayers ? Field.Path : Field.Path[(Field.Path.LastIndexOf('.') + 1)..];

    /// <summary>Whether it is a value inside a program of layers.</summary>
    public bool IsOfLayers => Field.Path.StartsWith("layers[", StringComparison.Ordinal);

    /// <summary>One of its values: a number, or a text where they are not all numbers.</summary>
    /// <param name="at">Its place.</param>
    internal object Value(int at) => Numbers is { } numbers ? numbers[at] : Texts[at];

    /// <summary>Reads an axis.</summary>
    /// <exception cref="InputException">The text is not one.</exception>
    public static SweepAxis Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new InputException($"--over is '{text}', which sets nothing; {Example}.");
        string key = text[..equals].Trim(), values = text[(equals + 1)..].Trim();
        SpecificationField? field = LayersAxis.Of(key) ?? Fields.FirstOrDefault(each => each.Path == key || each.Path.EndsWith("." + key, StringComparison.Ordinal) || each.Flag == "--" + key);
        if (field is null)
            throw new InputException($"--over names '{key}', which cannot be swept; use one of {string.Join(", ", Fields.Select(each => each.Path[(each.Path.LastIndexOf('.') + 1)..]))}, or a value of a layer by its path, such as layers[0].repeat.count.");
        string[] texts = Range(values, text) ?? Split(values);
        if (texts.Length == 0 || texts.Any(string.IsNullOrWhiteSpace))
            throw new InputException($"--over is '{text}', which has an empty value; {Example}.");
        double[] numbers = [.. texts.Select(each => double.TryParse(each, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        var axis = new SweepAxis(field, texts, numbers.All(double.IsFinite) ? numbers : null);
        for (int at = 0; at < texts.Length && !axis.IsOfLayers; at++)
            axis.Apply(new Specification(), at);
        return axis;
    }

    /// <summary>The specification with the value of that number.</summary>
    /// <exception cref="InputException">The value is out of range.</exception>
    public Specification Apply(Specification specification, int at) => specification.Layers is not null && LayersRules.Flat.Contains(Field.Path)
        ? throw new InputException($"--over names {Name}, and the network is a program of layers, which says it itself; leave this axis out, or give the network by its flat values.")
        : Field.Set(specification, SpecificationReader.FlagValue(Field.Flag, Texts[at]), new($"--over {Name}", Directory.GetCurrentDirectory()));

    // first:last:count, evenly spaced, both ends included.
    private static string[]? Range(string values, string text)
    {
        string[] parts = values.Split(':');
        if (parts.Length != 3 || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double first) || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double last))
            return null;
        if (!int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 2 or > MostValues || !double.IsFinite(first) || !double.IsFinite(last))
            throw new InputException($"--over is '{text}', and a range has finite ends and 2 to {MostValues} values; {Example}.");
        // Twelve digits: 0.5:3:26 has 0.6 in it, not 0.6000000000000001.
        return [.. Enumerable.Range(0, count).Select(at => Math.Round(first + ((last - first) * at / (count - 1)), 12).ToString("R", CultureInfo.InvariantCulture))];
    }

    // At commas outside brackets: leakyrelu(0.1) and [x*y, x] are one value each.
    private static string[] Split(string values)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (int at = 0; at <= values.Length; at++)
        {
            char c = at < values.Length ? values[at] : ',';
            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c != ',' || (depth > 0 && at < values.Length))
                continue;
            parts.Add(values[start..at].Trim());
            start = at + 1;
        }

        return [.. parts];
    }
}
