// Ranges and ticks where ScottPlot's would mislead or be illegible: an axis can be made to reach zero; one value still has a range; on a logarithmic axis, whose coordinate is the decimal logarithm, ticks are whole powers of ten over many decades, with 2
// and 5 times them over few.

using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace SymbolicEft.Plotting;

/// <summary>Ranges and ticks of axes.</summary>
internal static class AxisNumbers
{
    /// <summary>The range of an axis, in its own coordinate.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">What it has to show.</param>
    /// <param name="padding">The part of the range that is added at either end.</param>
    public static (double Minimum, double Maximum) Range(ChartAxis axis, IEnumerable<double> values, double padding)
    {
        if (axis.Categories is { } categories)
            return (-0.5, Math.Max(1, categories.Count) - 0.5);
        if (axis.View is { } view && view.From < view.To && axis.Shows(view.From) && axis.Shows(view.To))
            return (axis.Place(view.From), axis.Place(view.To));
        double[] placed = [.. values.Where(axis.Shows).Select(axis.Place)];
        if (placed.Length == 0)
            return axis.Scale == AxisScale.Linear ? (0, 1) : (-1, 0);
        (double minimum, double maximum) = (placed.Min(), placed.Max());
        if (axis.Scale == AxisScale.Logarithmic)
            return maximum - minimum > 1e-4 ? (minimum - (0.04 * (maximum - minimum)), maximum + (0.04 * (maximum - minimum))) : (minimum - 0.3, maximum + 0.3);
        if (axis.IncludeZero)
            (minimum, maximum) = (Math.Min(0, minimum), Math.Max(0, maximum));
        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        if (size == 0)
            return (-1, 1);
        if (maximum - minimum <= 1e-9 * size)
            (minimum, maximum) = (minimum - (size / 2), maximum + (size / 2));
        // Half a marker's room where the axis ends at zero, so that little that is negative is suggested.
        double pad = padding * (maximum - minimum), atZero = Math.Min(padding, 0.02) * (maximum - minimum);
        return (minimum - (minimum == 0 ? atZero : pad), maximum + (maximum == 0 ? atZero : pad));
    }

    /// <summary>Sets the ticks of an axis whose range is set.</summary>
    /// <param name="drawn">The axis of the plot.</param>
    /// <param name="axis">What it shows.</param>
    /// <param name="room">About how long it is.</param>
    public static void SetTicks(IAxis drawn, ChartAxis axis, double room)
    {
        double minimum = drawn.Min, maximum = drawn.Max;
        if (axis.Categories is { } categories)
            SetManual(drawn, Thinned(categories, room).Select(at => ((double)at, Short(categories[at]))));
        else if (axis.Scale == AxisScale.Logarithmic && Decades(minimum, maximum) is { Count: >= 2 } decades)
            SetManual(drawn, decades);
        else
            drawn.TickGenerator = new NumericAutomatic { LabelFormatter = axis.Scale == AxisScale.Linear ? Linear(minimum, maximum) : at => Text(Math.Pow(10, at), 3), MinimumTickSpacing = drawn.Edge.IsVertical() ? 28 : 36 };
    }

    /// <summary>A number as it stands beside a tick: powers of ten where plain digits would be long.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">The most significant digits.</param>
    public static string Text(double value, int digits)
    {
        double rounded = double.Parse(value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (Math.Abs(rounded) is 0 or (>= 1e-4 and < 1e5))
            return rounded.ToString("0.##################", CultureInfo.InvariantCulture).Replace('-', '\u2212');
        string[] parts = value.ToString("0." + new string('#', digits - 1) + "E0", CultureInfo.InvariantCulture).Split('E');
        string power = "10" + string.Concat(parts[1].Select(Superscript));
        return (parts[0] is "1" or "-1" ? parts[0][..^1] + power : $"{parts[0]}×{power}").Replace('-', '\u2212');
    }

    private static char Superscript(char digit) => digit switch { '-' => '\u207B', '1' => '¹', '2' => '²', '3' => '³', _ => (char)('\u2070' + digit - '0') };

    // Ticks are sums of steps in floating point: what differs from a short number by rounding is that number.
    private static Func<double, string> Linear(double minimum, double maximum)
    {
        double span = maximum - minimum;
        int digits = (int)Math.Clamp(Math.Ceiling(Math.Log10(Math.Max(Math.Abs(minimum), Math.Abs(maximum)) / span)) + 3, 3, 14);
        return value => Math.Abs(value) < 1e-9 * span ? "0" : Text(value, digits);
    }

    private static List<(double At, string Label)> Decades(double minimum, double maximum)
    {
        const double slack = 1e-9;
        int first = (int)Math.Ceiling(minimum - slack), last = (int)Math.Floor(maximum + slack), every = Math.Max(1, (last - first + 7) / 7);
        if (last - first >= 2)
            return [.. Enumerable.Range(0, ((last - first) / every) + 1).Select(at => first + (at * every)).Select(power => ((double)power, Text(Math.Pow(10, power), 1)))];
        return [.. from power in Enumerable.Range(first - 1, last - first + 2)
                   from mantissa in new[] { 1, 2, 5 }
                   let at = power + Math.Log10(mantissa)
                   where at >= minimum - slack && at <= maximum + slack
                   select (at, Text(mantissa * Math.Pow(10, power), 1))];
    }

    // Which of many names are shown: every k-th, the smallest k for which they stand apart.
    private static IEnumerable<int> Thinned(IReadOnlyList<string> names, double room)
    {
        double widest = names.Count == 0 ? 0 : names.Max(name => ChartFonts.Width(Short(name), 11.5f));
        int every = Math.Max(1, (int)Math.Ceiling((widest + 10) * names.Count / room));
        return Enumerable.Range(0, names.Count).Where(at => at % every == 0);
    }

    private static string Short(string name)
    {
        if (name.Length > 6 && double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            name = Text(number, 3);
        return name.Length <= 14 ? name : name[..13] + "\u2026";
    }

    private static void SetManual(IAxis axis, IEnumerable<(double At, string Label)> ticks)
    {
        var manual = new NumericManual();
        foreach ((double at, string label) in ticks)
            manual.AddMajor(at, label);
        axis.TickGenerator = manual;
    }
}
