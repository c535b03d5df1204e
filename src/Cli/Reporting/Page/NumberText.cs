using System.Globalization;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>Numbers as people read them: a true minus, a sensible number of digits, no culture.</summary>
internal static class NumberText
{
    /// <summary>A dash for what is not there.</summary>
    public const string Missing = "\u2013";

    /// <summary>A number with so many significant digits, as HTML; powers of ten where plain digits would be long.</summary>
    public static string Significant(double value, int digits)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "not a number" : value > 0 ? "infinity" : "\u2212infinity";
        if (value == 0)
            return "0";
        // The exponent after rounding: 0.9999 to three digits is 1.00.
        int exponent = Exponent(value, digits);
        if (exponent is >= 6 or < -4)
            return Scientific(value, digits);
        return Fixed(value, digits - 1 - exponent);
    }

    /// <summary>A value with its standard error to two digits, "48.74 ± 0.15", as HTML.</summary>
    public static string Uncertain(double value, double? error)
    {
        if (error is not > 0 || !double.IsFinite(error.Value) || !double.IsFinite(value))
            return Significant(value, 6);
        int exponent = Exponent(error.Value, 2);
        int size = value == 0 ? exponent : Math.Max(exponent, Exponent(value, 15));
        if (size is >= 6 or < -4 || size - exponent > 14)
            return $"{Scientific(value, Math.Clamp(size - exponent + 2, 2, 15))}\u00A0±\u00A0{Scientific(error.Value, 2)}";
        int decimals = 1 - exponent;
        return $"{Fixed(value, decimals)}\u00A0±\u00A0{Fixed(error.Value, decimals)}";
    }

    /// <summary>A z-score with its sign and one decimal; a large one without decimals.</summary>
    public static string ZScore(double z) =>
        z == 0 ? "0.0" : (z > 0 ? "+" : "\u2212") + (Math.Abs(z) < 99.95 ? Math.Abs(z).ToString("F1", CultureInfo.InvariantCulture) : Significant(Math.Abs(z), 3));

    /// <summary>A percentage without its sign: "1.9 %".</summary>
    public static string Percent(double fraction)
    {
        double percent = Math.Abs(100 * fraction);
        return (percent == 0 ? "0" : Significant(percent, percent >= 100 ? 3 : 2)) + "\u202F%";
    }

    /// <summary>A number as it was given, with as many digits as it takes.</summary>
    public static string Plain(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("-", "\u2212");

    /// <summary>A number as it was given, as chart markup.</summary>
    public static string Markup(double value) => RichText.Literal(Plain(value));

    /// <summary>A count with commas between thousands.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static int Exponent(double value, int digits)
    {
        // From the decimal form, because the logarithm rounds wrongly next to powers of ten.
        string text = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static string Fixed(double value, int decimals)
    {
        string text = decimals >= 0
            ? value.ToString("F" + Math.Min(decimals, 15).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : Math.Round(value).ToString("F0", CultureInfo.InvariantCulture);
        bool isZero = text.AsSpan().IndexOfAnyExcept("-0.") < 0;
        return isZero ? text.Replace("-", "") : text.Replace("-", "\u2212");
    }

    private static string Scientific(double value, int digits)
    {
        string text = value.ToString("E" + Math.Clamp(digits - 1, 0, 15).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int at = text.IndexOf('E');
        int exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[..at].Replace("-", "\u2212")}×10<sup>{exponent.ToString(CultureInfo.InvariantCulture).Replace("-", "\u2212")}</sup>";
    }
}
