namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>
/// Advance widths of the sans-serif faces that the figures ask for (Helvetica, Arial and Liberation Sans agree on them),
/// so that a layout can be computed without a font at hand and comes out the same on every machine.
/// </summary>
public static class FontMetrics
{
    /// <summary>The font families of every figure, first choice first.</summary>
    public const string Families = "Helvetica, Arial, Liberation Sans, sans-serif";

    /// <summary>Height of a line of text over its font size, with descenders.</summary>
    public const double LineHeight = 1.25;

    /// <summary>Height of the ascenders above the baseline over the font size.</summary>
    public const double Ascent = 0.80;

    // Thousandths of the font size, characters 32..126.
    private static ReadOnlySpan<short> Ascii =>
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    /// <summary>The width of a text set on one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fontSize">The font size; the width comes in the same unit.</param>
    public static double Width(string text, double fontSize)
    {
        int thousandths = 0;
        foreach (char character in text)
        {
            thousandths += character switch
            {
                >= ' ' and <= '~' => Ascii[character - ' '],
                '\u2009' or '\u202F' => 200,
                '\u00A0' => 278,
                '\u2212' or '\u00B1' or '\u00D7' => 584,
                '\u2013' => 556,
                '\u2032' => 191,
                // Other letters of Europe and Greek are at most about this wide; beyond them count a full square.
                < '\u0500' => 611,
                _ => 1000,
            };
        }

        return thousandths * fontSize / 1000.0;
    }
}
