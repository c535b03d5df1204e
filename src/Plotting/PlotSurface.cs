// What all pictures share: our letters, an open frame, and labels with sub- and superscripts, which RichText sets on panels of ScottPlot's layout.

using ScottPlot;
using ScottPlot.Panels;
using SkiaSharp;

namespace SymbolicEft.Plotting;

/// <summary>A plot of ScottPlot with our letters.</summary>
internal static class PlotSurface
{
    /// <summary>Distance of labels from the edge.</summary>
    public const float Margin = 6;

    private const float HeadingSize = 13.5f, TickSize = 11.5f, LabelSize = 13, SmallestSize = 8;

    /// <summary>Height of a heading.</summary>
    public const float HeadingHeight = Margin + (HeadingSize * ChartFonts.LineHeight);

    /// <summary>The colour of letters and axes.</summary>
    public static Color Ink { get; } = Color.FromHex("#1a1a1a");

    /// <summary>A plot without data.</summary>
    public static Plot Empty()
    {
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Grid.YAxisStyle.MajorLineStyle.Color = Color.FromHex("#e4e4e4");
        foreach (IAxis axis in plot.Axes.GetAxes())
            SetLetters(axis);
        plot.Axes.Top.FrameLineStyle.Width = plot.Axes.Right.FrameLineStyle.Width = 0;
        SetSize(plot.Axes.Top, 6);
        SetSize(plot.Axes.Right, 16);
        return plot;
    }

    /// <summary>Gives an axis our letters, and no ticks between ticks.</summary>
    /// <param name="axis">The axis.</param>
    public static void SetLetters(IAxis axis)
    {
        axis.TickLabelStyle.Font = ChartFonts.Regular;
        axis.TickLabelStyle.FontSize = TickSize;
        axis.TickLabelStyle.ForeColor = axis.FrameLineStyle.Color = axis.MajorTickStyle.Color = Ink;
        axis.MinorTickStyle.Length = 0;
        // The labels are not the axis' own, so it need not leave room for them.
        if (axis is ScottPlot.AxisPanels.AxisBase own)
            own.EmptyLabelPadding = new(axis.MajorTickStyle.Length + 7, 4);
    }

    /// <summary>Fixes how much room a panel takes.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="size">Its size across the edge it lies on.</param>
    public static void SetSize(IPanel panel, float size) => panel.MinimumSize = panel.MaximumSize = size;

    /// <summary>Adds the heading, and below it whatever else stands above the data.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="heading">Its markup.</param>
    /// <param name="below">Height of what else there is.</param>
    /// <param name="draw">Draws that.</param>
    public static void AddHeading(Plot plot, string heading, float below = 0, Action<RenderPack>? draw = null) => plot.Axes.AddPanel(new LabelPanel(Edge.Top, HeadingHeight + below, (pack, _) =>
    {
        RichText text = RichText.Parse(heading);
        float size = Fitted(text, HeadingSize, pack.FigureRect.Width);
        text.Draw(pack.Canvas, Margin, Margin + (HeadingSize * ChartFonts.Baseline), size);
        draw?.Invoke(pack);
    }));

    /// <summary>Adds a label below the horizontal axis and one beside the vertical axis, smaller where they would not fit.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="below">Markup of the horizontal axis.</param>
    /// <param name="beside">Markup of the vertical axis.</param>
    public static void AddAxisLabels(Plot plot, string below, string beside)
    {
        const float height = (LabelSize * ChartFonts.LineHeight) + Margin;
        (RichText x, RichText y) = (RichText.Parse(below), RichText.Parse(beside));
        plot.Axes.AddPanel(new LabelPanel(Edge.Bottom, height, (pack, place) =>
        {
            float size = Fitted(x, LabelSize, pack.FigureRect.Width), width = x.Width(size);
            x.Draw(pack.Canvas, Begin(pack.DataRect.HorizontalCenter, width, pack.FigureRect.Width), place.Top + (size * ChartFonts.Baseline), size);
        }));
        plot.Axes.AddPanel(new LabelPanel(Edge.Left, height, (pack, place) =>
        {
            float size = Fitted(y, LabelSize, pack.FigureRect.Height), width = y.Width(size);
            using var restored = new SKAutoCanvasRestore(pack.Canvas);
            pack.Canvas.Translate(place.Left + Margin + (size * ChartFonts.Baseline), Begin(pack.DataRect.VerticalCenter, width, pack.FigureRect.Height) + width);
            pack.Canvas.RotateDegrees(-90);
            y.Draw(pack.Canvas, 0, 0, size);
        }));
    }

    /// <summary>Says in the middle of the data why there are none.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="sentence">The sentence, plain text.</param>
    public static void AddNotice(Plot plot, string sentence) => plot.Axes.AddPanel(new LabelPanel(Edge.Top, 0, (pack, _) =>
    {
        RichText text = RichText.Parse(RichText.Literal(sentence));
        text.Draw(pack.Canvas, pack.DataRect.HorizontalCenter - (text.Width(12) / 2), pack.DataRect.VerticalCenter, 12);
    }));

    private static float Fitted(RichText text, float size, float room) => Math.Clamp(size * (room - (2 * Margin)) / Math.Max(1, text.Width(size)), SmallestSize, size);

    // Where a label about a point begins: it stays in the picture.
    private static float Begin(float centre, float length, float room) => Math.Clamp(centre - (length / 2), Margin, Math.Max(Margin, room - Margin - length));

    private sealed class LabelPanel : PanelBase
    {
        private readonly Action<RenderPack, PixelRect> _draw;

        public LabelPanel(Edge edge, float size, Action<RenderPack, PixelRect> draw)
        {
            (Edge, _draw) = (edge, draw);
            SetSize(this, size);
        }

        public override float Measure(Paint paint) => MinimumSize;

        public override void Render(RenderPack rp, float size, float offset) => _draw(rp, GetPanelRect(rp.DataRect, size, offset, rp.Paint));
    }
}
