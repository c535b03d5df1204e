// Labels with sub- and superscripts. Markup: *x* is italic, ^{...} a superscript, _{...} a subscript; a subscript straight
// after a superscript is set under it, as in V^{(4)}_{00,00}. A backslash makes the next character stand for itself.
using System.Text;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Cli.Reporting.Charts;

/// <summary>A label with italics, sub- and superscripts, that knows its width and writes itself as SVG.</summary>
public sealed class RichText
{
    private const double ScriptSize = 0.68;
    private const double SuperscriptRise = 0.48;
    private const double SubscriptDrop = 0.28;

    private readonly List<Run> _runs;

    private RichText(List<Run> runs) => _runs = runs;

    private enum Level
    {
        Base,
        Superscript,
        Subscript,
    }

    /// <summary>The label without its typography, for screen readers: V^(4)_00,00.</summary>
    public string PlainText
    {
        get
        {
            var text = new StringBuilder();
            foreach (var run in _runs)
                text.Append(run.Level switch { Level.Superscript => "^", Level.Subscript => "_", _ => "" }).Append(run.Text);
            return text.ToString();
        }
    }

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
    /// <param name="fontSize">The font size; the width comes in the same unit.</param>
    public double Width(double fontSize)
    {
        double width = 0;
        for (int i = 0; i < _runs.Count; i++)
        {
            width += RunWidth(i, fontSize);
            if (IsUnderPrevious(i))
                width -= Math.Min(RunWidth(i - 1, fontSize), RunWidth(i, fontSize));
        }

        return width;
    }

    /// <summary>The tspan elements of the label, to stand inside a text element.</summary>
    /// <param name="fontSize">The font size of that element.</param>
    public string ToSvg(double fontSize)
    {
        var svg = new StringBuilder();
        double drop = 0, advance = 0;
        for (int i = 0; i < _runs.Count; i++)
        {
            var run = _runs[i];
            double target = run.Level switch
            {
                Level.Superscript => -SuperscriptRise * fontSize,
                Level.Subscript => SubscriptDrop * fontSize,
                _ => 0,
            };
            if (IsUnderPrevious(i))
            {
                // Back to where the superscript began; what follows starts after the wider of the two.
                double above = RunWidth(i - 1, fontSize), below = RunWidth(i, fontSize);
                Append(svg, run, fontSize, -above, target - drop);
                advance = Math.Max(0, above - below);
            }
            else
            {
                Append(svg, run, fontSize, advance, target - drop);
                advance = 0;
            }

            drop = target;
        }

        return svg.ToString();
    }

    /// <summary>The runs of the label, each with its place along the baseline and above it, its font size and whether it is italic.</summary>
    /// <param name="fontSize">The font size of the label.</param>
    public IEnumerable<(string Text, double X, double Rise, double Size, bool Italic)> Pieces(double fontSize)
    {
        double end = 0, begin = 0;
        for (int i = 0; i < _runs.Count; i++)
        {
            Run run = _runs[i];
            double width = RunWidth(i, fontSize), rise = run.Level switch { Level.Superscript => SuperscriptRise, Level.Subscript => -SubscriptDrop, _ => 0 } * fontSize;
            begin = IsUnderPrevious(i) ? begin : end;
            yield return (run.Text, begin, rise, fontSize * (run.Level == Level.Base ? 1 : ScriptSize), run.Italic);
            end = Math.Max(end, begin + width);
        }
    }

    private static void Append(StringBuilder svg, Run run, double fontSize, double dx, double dy)
    {
        svg.Append("<tspan");
        if (Math.Abs(dx) > 0.005)
            svg.Append(" dx=\"").Append(SvgText.Number(dx)).Append('"');
        if (Math.Abs(dy) > 0.005)
            svg.Append(" dy=\"").Append(SvgText.Number(dy)).Append('"');
        if (run.Level != Level.Base)
            svg.Append(" font-size=\"").Append(SvgText.Number(ScriptSize * fontSize)).Append('"');
        if (run.Italic)
            svg.Append(" font-style=\"italic\"");
        svg.Append('>').Append(XmlText.Escape(run.Text)).Append("</tspan>");
    }

    private double RunWidth(int index, double fontSize) =>
        FontMetrics.Width(_runs[index].Text, fontSize * (_runs[index].Level == Level.Base ? 1 : ScriptSize));

    private bool IsUnderPrevious(int index) =>
        index > 0 && _runs[index].Level == Level.Subscript && _runs[index - 1].Level == Level.Superscript;

    private sealed record Run(string Text, bool Italic, Level Level);
}
