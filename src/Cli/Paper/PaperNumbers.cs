// Every number of the paper stands here once, under a name; the text has names alone, and the JSON beside it is this table.

using System.Globalization;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Paper;

/// <summary>The numbers of the paper, by name.</summary>
internal sealed class PaperNumbers
{
    private readonly SortedDictionary<string, Estimate> _numbers = new(StringComparer.Ordinal);

    /// <summary>A number without an error of chance.</summary>
    public void Add(string name, double value) => Add(name, new Estimate(value, 0));

    /// <summary>A number with its standard error.</summary>
    public void Add(string name, Estimate value) => _numbers.Add(name, value);

    /// <summary>The value of a number.</summary>
    /// <exception cref="InvalidOperationException">There is no such number.</exception>
    public Estimate this[string name] => _numbers.TryGetValue(name, out Estimate value) ? value : throw new InvalidOperationException($"The paper has no number {name}.");

    /// <summary>A number as it is printed, marked with its name, so that it can be compared with the JSON.</summary>
    /// <param name="name">The name.</param>
    /// <param name="format">How: F2 for two decimals, G4 for four digits; null for six digits, or the digits that its error leaves.</param>
    public string Latex(string name, string? format = null) => $"\\N{{{name}}}{{{Text(this[name], format)}}}";

    /// <summary>Writes the numbers.</summary>
    public string Json() => new JsonFields(
    [
        .. _numbers.Select(number => (number.Key, (object?)new JsonFields { ("value", number.Value.Value), ("standardError", number.Value.StandardError > 0 ? number.Value.StandardError : null) })),
    ]).Document();

    /// <summary>A number with the error of its last digits in parentheses, 48.67(42).</summary>
    internal static string Text(Estimate value, string? format)
    {
        string text;
        if (format is null && value.StandardError > 0)
        {
            int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(value.StandardError)), 0, 15);
            text = string.Create(CultureInfo.InvariantCulture, $"{value.Value.ToString("F" + decimals, CultureInfo.InvariantCulture)}({Math.Round(value.StandardError * Math.Pow(10, decimals)):F0})");
        }
        else
        {
            text = value.Value.ToString(format ?? "G6", CultureInfo.InvariantCulture);
        }

        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        return exponent < 0 ? text : $"{text[..exponent]}\\times10^{{{int.Parse(text[(exponent + 1)..], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)}}}";
    }
}
