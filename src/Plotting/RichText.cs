// Labels with sub- and superscripts, which ScottPlot does not set. Markup: *x* is italic, ^{...} a superscript, _{...} a subscript; a subscript straight
// after a superscript is set under it, as in V^{(4)}_{00,00}. A backslash makes the next character stand for itself.
using System.Text;
using SkiaSharp;

namespace SymbolicEft.Plotting;

/// <summary>A label with italics, sub- and superscripts.</summary>
public sealed class RichText
{
    private const float ScriptSize = 0.68f, SuperscriptRise = 0.48f, SubscriptDrop = 0.28f;

    private readonly List<Run> _runs;

    private RichText(List<Run> runs) => _runs = runs;

    private enum Level
    {
        Base,
        Superscript,
        Subscript,
    }

    /// <summary>The label without its typography, for screen readers: V^(4)_00,00.</summary>
    public string PlainText => string.Concat(_runs.Select(run => (run.Level switch { Level.Superscript => "^", Level.Subscript => "_", _ => "" }) + run.Text));

    /// <summary>Whether the label has sub- or superscripts, and needs a higher line.</summary>
    internal bool IsTall => _runs.Any(run => run.Level != Level.Base);

    /// <summary>Reads the markup.</summary>
    /// <param name="markup">Text with *italic*, ^{superscript} and _{subscript}.</param>
    /// <exception cref="FormatException">A brace or an asterisk is not closed.</exception>
    public static RichText Parse(string markup)
    {
        var runs = new List<Run>();
        var text = new StringBuilder();
        bool italic = false;
        var level = Level.Base;

        void Flush()
        {
            if (text.Length > 0)
                runs.Add(new Run(text.ToString(), italic, level));
            text.Clear();
        }

        for (int i = 0; i < markup.Length; i++)
        {
            char character = markup[i];
            if (character == '\\' && i + 1 < markup.Length)
            {
                text.Append(markup[++i]);
            }
            else if (character == '*')
            {
                Flush();
                italic = !italic;
            }
            else if (character is '^' or '_' && level == Level.Base && i + 1 < markup.Length && markup[i + 1] == '{')
            {
                Flush();
                level = character == '^' ? Level.Superscript : Level.Subscript;
                i++;
            }
            else if (character == '}' && level != Level.Base)
            {
                Flush();
                level = Level.Base;
            }
            else
            {
                text.Append(character);
            }
        }

        Flush();
        if (italic || level != Level.Base)
            throw new FormatException($"The label \"{markup}\" has an asterisk or a brace that is not closed.");
        return new RichText(runs);
    }

    /// <summary>The markup of a text whose characters all stand for themselves.</summary>
    /// <param name="text">Any text, such as a name that a user chose.</param>
    public static string Literal(string text)
    {
        var markup = new StringBuilder(text.Length);
        foreach (char character in text)
            markup.Append(character is '*' or '^' or '_' or '}' or '\\' ? "\\" : "").Append(character);
        return markup.ToString();
    }

    /// <summary>The width of the label.</summary>
    /// <param name="size">The font size; the width comes in the same unit.</param>
    internal float Width(float size) => Pieces(size).Aggregate(0f, (end, piece) => Math.Max(end, piece.End));

    /// <summary>Draws the label.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="x">Where it begins.</param>
    /// <param name="baseline">Its baseline.</param>
    /// <param name="size">Its font size.</param>
    internal void Draw(SKCanvas canvas, float x, float baseline, float size)
    {
        using var ink = new SKPaint { Color = PlotSurface.Ink.ToSKColor(), IsAntialias = true };
        foreach ((Run run, float begin, _) in Pieces(size))
        {
            using SKFont font = ChartFonts.At(run.Size(size), run.Italic);
            // Spaces are places, not characters: an SVG reader would drop those at an end.
            string text = run.Shown.Trim(' ');
            float lead = font.MeasureText(run.Shown[..(run.Shown.Length - run.Shown.TrimStart(' ').Length)]);
            if (text.Length > 0)
                canvas.DrawText(text, x + begin + lead, baseline - run.Rise(size), font, ink);
        }
    }

    // The runs with where they begin and end; a subscript straight after a superscript begins where that does.
    private IEnumerable<(Run Run, float Begin, float End)> Pieces(float size)
    {
        float begin = 0, end = 0;
        for (int i = 0; i < _runs.Count; i++)
        {
            Run run = _runs[i];
            bool isUnder = i > 0 && run.Level == Level.Subscript && _runs[i - 1].Level == Level.Superscript;
            begin = isUnder ? begin : end;
            end = Math.Max(end, begin + ChartFonts.Width(run.Shown, run.Size(size), run.Italic));
            yield return (run, begin, end);
        }
    }

    private sealed record Run(string Text, bool Italic, Level Level)
    {
        // Characters that our faces lack: Latin and Greek letters and the signs of mathematics are there.
        public string Shown { get; } = string.Concat(Text.EnumerateRunes().Select(rune => ChartFonts.Regular.ContainsGlyph(rune.Value) ? rune.ToString() : "?"));

        public float Size(float size) => Level == Level.Base ? size : ScriptSize * size;

        public float Rise(float size) => Level switch { Level.Superscript => SuperscriptRise, Level.Subscript => -SubscriptDrop, _ => 0 } * size;
    }
}
