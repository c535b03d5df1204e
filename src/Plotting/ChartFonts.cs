using SkiaSharp;

namespace SymbolicEft.Plotting;

/// <summary>The two faces of every figure. They are in this library, so that a figure is the same on every machine; their widths are those of Helvetica and Arial.</summary>
internal static class ChartFonts
{
    /// <summary>What an SVG file asks the reader's machine for: faces with the widths of ours, and any other, which is then fitted to them.</summary>
    public const string Families = "Helvetica, Arial, Liberation Sans, Arimo, sans-serif";

    /// <summary>Height of a line of text over its font size, with descenders.</summary>
    public const float LineHeight = 1.25f;

    /// <summary>Where the baseline of a line is, from its top, over its font size.</summary>
    public const float Baseline = 0.925f;

    private static readonly Lazy<SKTypeface> Upright = new(() => Load("SymeftSans-Regular.ttf")), Slanted = new(() => Load("SymeftSans-Italic.ttf"));

    /// <summary>The upright face.</summary>
    public static SKTypeface Regular => Upright.Value;

    /// <summary>A face at a size, without hints: its widths grow with the size.</summary>
    /// <param name="size">The size.</param>
    /// <param name="italic">Whether it is the italic face.</param>
    public static SKFont At(float size, bool italic) => new(italic ? Slanted.Value : Upright.Value, size) { Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None };

    /// <summary>The width of a text set on one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The font size; the width comes in the same unit.</param>
    /// <param name="italic">Whether it is set in italics.</param>
    public static float Width(string text, float size, bool italic = false)
    {
        using SKFont font = At(size, italic);
        return font.MeasureText(text);
    }

    private static SKTypeface Load(string name)
    {
        using Stream file = typeof(ChartFonts).Assembly.GetManifestResourceStream(name)!;
        return SKTypeface.FromStream(file);
    }
}
