// Ticks at multiples of 1, 2 or 5 times a power of ten. A tick is kept as the integer m in m 10^e, so that its label is exact
// and its value is the double nearest to that label (never 0.30000000000000004).
using System.Globalization;

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>A tick of an axis.</summary>
/// <param name="Value">Where it stands, in the units of the data.</param>
/// <param name="Label">Its label in the markup of <see cref="RichText"/>.</param>
public readonly record struct Tick(double Value, string Label);

/// <summary>Chooses ticks and ranges.</summary>
public static class Ticks
{
    /// <summary>Values beyond this size are treated as not finite: differences of them overflow.</summary>
    public const double Largest = 1e300;

    /// <summary>Widens a range so that it has a length that ticks can divide: one value v becomes [v - |v|/2, v + |v|/2], zero
    /// becomes [-1, 1].</summary>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The largest value, not below it.</param>
    public static (double Minimum, double Maximum) Widen(double minimum, double maximum)
    {
        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        if (size < 1e-290)
            return (-1, 1);
        return maximum - minimum > 1e-9 * size ? (minimum, maximum) : (minimum - (size / 2), maximum + (size / 2));
    }

    /// <summary>Ticks of a linear axis that lie within the range: at least two, and about as many as wished for.</summary>
    /// <param name="minimum">The lower end.</param>
    /// <param name="maximum">The upper end; above the lower by more than 1e-9 of their size (see <see cref="Widen"/>).</param>
    /// <param name="wish">The number of ticks wished for, at least 2.</param>
    /// <exception cref="ArgumentException">The range is empty, reversed or not finite.</exception>
    public static IReadOnlyList<Tick> Linear(double minimum, double maximum, int wish = 5)
    {
        if (!(maximum > minimum) || Math.Abs(minimum) > Largest || Math.Abs(maximum) > Largest)
            throw new ArgumentException($"An axis cannot run from {minimum:R} to {maximum:R}: its end must be larger than its beginning, and both finite.");

        double rough = (maximum - minimum) / Math.Max(2, wish);
        int exponent = (int)Math.Floor(Math.Log10(rough));
        ReadOnlySpan<int> mantissas = [10, 5, 2, 1];
        // The coarsest step that is not coarser than wished; a finer one if it leaves fewer than two ticks.
        while (true)
        {
            foreach (int mantissa in mantissas)
            {
                double step = mantissa * Math.Pow(10, exponent);
                if (step > rough * 1.5)
                    continue;
                var ticks = Multiples(minimum, maximum, mantissa, exponent);
                if (ticks.Count >= 2)
                    return ticks;
            }

            exponent--;
        }
    }

    /// <summary>Ticks of a logarithmic axis: powers of ten, thinned out over many decades, with 2 and 5 times them over few; a
    /// range too short for two of these gets the ticks of a linear axis.</summary>
    /// <param name="minimum">The lower end, positive.</param>
    /// <param name="maximum">The upper end, larger.</param>
    /// <param name="wish">The number of ticks wished for, at least 2.</param>
    /// <exception cref="ArgumentException">The range is empty, reversed, not positive or not finite.</exception>
    public static IReadOnlyList<Tick> Logarithmic(double minimum, double maximum, int wish = 6)
    {
        if (!(minimum > 0) || !(maximum > minimum) || maximum > Largest)
            throw new ArgumentException($"A logarithmic axis cannot run from {minimum:R} to {maximum:R}: both ends must be positive, the second larger.");

        int first = (int)Math.Ceiling(Math.Log10(minimum) - 1e-9), last = (int)Math.Floor(Math.Log10(maximum) + 1e-9);
        int decades = last - first + 1;
        var ticks = new List<Tick>();
        if (decades >= 3)
        {
            int every = Math.Max(1, (decades + Math.Max(2, wish) - 1) / Math.Max(2, wish));
            for (int k = first; k <= last; k += every)
                ticks.Add(Decimal(1, k));
        }
        else
        {
            for (int k = first - 1; k <= last; k++)
            {
                foreach (int mantissa in (ReadOnlySpan<int>)[1, 2, 5])
                {
                    var tick = Decimal(mantissa, k);
                    if (tick.Value >= minimum * (1 - 1e-9) && tick.Value <= maximum * (1 + 1e-9))
                        ticks.Add(tick);
                }
            }
        }

        return ticks.Count >= 2 ? ticks : Linear(minimum, maximum, wish);
    }

    private static List<Tick> Multiples(double minimum, double maximum, int mantissa, int exponent)
    {
        double step = mantissa * Math.Pow(10, exponent);
        double slack = 1e-9 * (maximum - minimum) / step;
        double from = Math.Ceiling((minimum / step) - slack), to = Math.Floor((maximum / step) + slack);
        var ticks = new List<Tick>();
        if (to - from > 1000)
            return ticks;
        bool scientific = UsesPowers(Math.Max(Math.Abs(from), Math.Abs(to)) * mantissa, exponent);
        for (double i = from; i <= to; i++)
            ticks.Add(Decimal((long)i * mantissa, exponent, scientific));
        return ticks;
    }

    // Powers of ten where plain digits would be long: from 10^5 on, and where more than four decimals are needed.
    private static bool UsesPowers(double largest, int exponent) =>
        largest * Math.Pow(10, exponent) >= 99_999.5 || exponent < -4;

    private static Tick Decimal(long mantissa, int exponent) => Decimal(mantissa, exponent, UsesPowers(Math.Abs((double)mantissa), exponent));

    private static Tick Decimal(long mantissa, int exponent, bool scientific)
    {
        double value = double.Parse(FormattableString.Invariant($"{mantissa}E{exponent}"), NumberStyles.Float, CultureInfo.InvariantCulture);
        if (mantissa == 0)
            return new Tick(0, "0");

        string sign = mantissa < 0 ? "\u2212" : "";
        string digits = Math.Abs(mantissa).ToString(CultureInfo.InvariantCulture);
        if (scientific)
        {
            int power = exponent + digits.Length - 1;
            digits = digits.TrimEnd('0');
            string lead = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            if (power == 0)
                return new Tick(value, sign + lead);
            string powerText = (power < 0 ? "\u2212" : "") + Math.Abs(power).ToString(CultureInfo.InvariantCulture);
            return new Tick(value, lead == "1" ? $"{sign}10^{{{powerText}}}" : $"{sign}{lead}\u00D710^{{{powerText}}}");
        }

        if (exponent >= 0)
            return new Tick(value, sign + digits + new string('0', exponent));
        digits = digits.PadLeft(1 - exponent, '0');
        return new Tick(value, $"{sign}{digits[..^(-exponent)]}.{digits[^(-exponent)..]}");
    }
}
