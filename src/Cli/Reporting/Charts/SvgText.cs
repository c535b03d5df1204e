using System.Globalization;

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>Numbers as SVG wants them, the same in every culture.</summary>
public static class SvgText
{
    /// <summary>A coordinate with at most two decimals, never "-0".</summary>
    /// <param name="value">A finite number.</param>
    public static string Number(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }
}
