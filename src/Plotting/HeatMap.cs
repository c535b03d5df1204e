using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using SymbolicEft.Symbolic.Languages.Xml;

namespace SymbolicEft.Plotting;

/// <summary>
/// A grid of cells, coloured by value, with a bar that explains the colours. Numbers of one sign run from dark blue over green to yellow with even steps of
/// lightness; numbers of both signs, or with a zero that means something, from blue over white at zero to red. A cell without a value is left white with a cross.
/// </summary>
public sealed record HeatMap : Picture
{
    // Cells that are large enough have their value written in them, all in letters in which the longest fits.
    private const int MostWritten = 12;
    private const float LargestLetters = 10, SmallestLetters = 5, Breadth = 0.58f;

    private static readonly string[] Diverging = ["#2166ac", "#67a9cf", "#d1e5f0", "#ffffff", "#fddbc7", "#ef8a62", "#b2182b"];

    /// <summary>The horizontal axis, whose categories are the columns from the left.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis, whose categories are the rows from below.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>The value of a cell, by column and row; not finite for none.</summary>
    public required Func<int, int, double> Value { get; init; }

    /// <summary>Whether a cell has a dot: its value is not proved.</summary>
    public Func<int, int, bool> IsMarked { get; init; } = (_, _) => false;

    /// <summary>Lines over the cells, such as a critical one: in columns and rows, which are whole numbers at the middle of a cell.</summary>
    public IReadOnlyList<IReadOnlyList<(double Column, double Row)>> Lines { get; init; } = [];

    /// <summary>Whether zero is where signs change, so that colours diverge from it even where all values have one sign.</summary>
    public bool IsSigned { get; init; }

    private int Columns => X.Categories?.Count ?? 0;

    private int Rows => Y.Categories?.Count ?? 0;

    internal override Drawing Draw(bool forSvg)
    {
        Plot plot = PlotSurface.Empty();
        double[] values = [.. from column in Enumerable.Range(0, Columns) from row in Enumerable.Range(0, Rows) select Value(column, row) into value where double.IsFinite(value) select value];
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.SetLimits(-0.5, Math.Max(1, Columns) - 0.5, -0.5, Math.Max(1, Rows) - 0.5);
        AxisNumbers.SetTicks(plot.Axes.Bottom, X, Width - 160);
        AxisNumbers.SetTicks(plot.Axes.Left, Y, 6 * (Height - 90));
        PlotSurface.AddHeading(plot, Heading, 2);
        PlotSurface.AddAxisLabels(plot, X.Label, Y.Label);
        if (values.Length == 0)
            PlotSurface.AddNotice(plot, "no values");
        else
            AddCells(plot, values.Min(), values.Max());
        foreach (IReadOnlyList<(double Column, double Row)> line in Lines)
        {
            // Dark on a light edge: seen on cells of any colour.
            foreach ((Color colour, float breadth) in new[] { (Colors.White, 4.5f), (PlotSurface.Ink, 2f) })
            {
                Scatter drawn = plot.Add.ScatterLine(line.Select(at => new Coordinates(at.Column, at.Row)).ToArray());
                (drawn.LineColor, drawn.LineWidth) = (colour, breadth);
            }
        }

        return new(plot, Width, Height);
    }

    internal override string Overlay(PixelRect data)
    {
        var cells = new StringBuilder();
        for (int column = 0; column < Columns; column++)
        {
            for (int row = 0; row < Rows; row++)
            {
                if (Value(column, row) is not (var value and not double.NaN))
                    continue;
                string says = $"{RichText.Parse(X.Label).PlainText} = {X.Categories![column]}, {RichText.Parse(Y.Label).PlainText} = {Y.Categories![row]}: {value.ToString("G6", CultureInfo.InvariantCulture)}{(IsMarked(column, row) ? ", not proved" : "")}";
                cells.Append(CultureInfo.InvariantCulture, $"<rect fill-opacity=\"0\" x=\"{data.Left + (column * data.Width / Columns):0.##}\" y=\"{data.Bottom - ((row + 1) * data.Height / Rows):0.##}\" width=\"{data.Width / Columns:0.##}\" height=\"{data.Height / Rows:0.##}\"><title>{XmlText.Escape(says)}</title></rect>\n");
            }
        }

        return cells.ToString();
    }

    private void AddCells(Plot plot, double least, double most)
    {
        bool isSigned = IsSigned || (least < 0 && most > 0);
        if (isSigned)
            (least, most) = (-Math.Max(-least, most), Math.Max(-least, most));
        if (most - least <= 1e-9 * Math.Max(Math.Abs(least), Math.Abs(most)))
            (least, most) = least == 0 ? (-1, 1) : (least - (Math.Abs(least) / 2), most + (Math.Abs(most) / 2));
        // Rows of the library count from above.
        var cells = new double[Rows, Columns];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                cells[Rows - 1 - row, column] = Value(column, row) is var value && double.IsFinite(value) ? value : double.NaN;
        }

        IColormap colours = isSigned ? new ScottPlot.Colormaps.CustomInterpolated([.. Diverging.Select(Color.FromHex)]) : new ScottPlot.Colormaps.Viridis();
        Heatmap map = plot.Add.Heatmap(cells);
        (map.Colormap, map.ManualRange, map.NaNCellColor) = (colours, new(least, most), Colors.White);
        map.RenderStrategy = new Heatmap.RenderStrategies.Rectangles();
        int longest = Columns <= MostWritten && Rows <= MostWritten ? cells.Cast<double>().Where(double.IsFinite).Select(value => AxisNumbers.Text(value, 3).Length).DefaultIfEmpty(1).Max() : int.MaxValue;
        float letters = Math.Min(LargestLetters, (Width - 160) / (float)Columns / (Breadth * longest));
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                AddSigns(plot, column, row, cells[Rows - 1 - row, column], at => colours.GetColor((at - least) / (most - least)), letters >= SmallestLetters ? letters : 0);
        }

        plot.Axes.AddPanel(new Bar(colours, least, most));
        PlotSurface.SetSize(plot.Axes.Right, 12);
    }

    private void AddSigns(Plot plot, int column, int row, double value, Func<double, Color> colour, float letters)
    {
        if (!double.IsFinite(value))
        {
            foreach (int side in (int[])[-1, 1])
            {
                LinePlot line = plot.Add.Line(column - 0.5, row - (0.5 * side), column + 0.5, row + (0.5 * side));
                (line.LineWidth, line.LineColor, line.MarkerSize) = (0.6f, Color.FromHex("#999999"), 0);
            }

            return;
        }

        Color ground = colour(value), ink = (0.299 * ground.R) + (0.587 * ground.G) + (0.114 * ground.B) < 128 ? Colors.White : PlotSurface.Ink;
        if (letters > 0)
        {
            ScottPlot.Plottables.Text text = plot.Add.Text(AxisNumbers.Text(value, 3), column, row);
            text.LabelStyle.Font = ChartFonts.Regular;
            (text.LabelStyle.FontSize, text.LabelStyle.ForeColor, text.LabelStyle.Alignment, text.LabelStyle.BorderWidth) = (letters, ink, Alignment.MiddleCenter, 0);
        }

        if (IsMarked(column, row))
            plot.Add.Marker(column + (letters > 0 ? 0.38 : 0), row + (letters > 0 ? 0.36 : 0), MarkerShape.FilledCircle, 3.5f, ink);
    }

    // ScottPlot's own bar is an image of pixels, which a page may not be allowed to show.
    private sealed class Bar : PanelBase
    {
        private const int Steps = 64;
        private const float Breadth = 14;
        private readonly IColormap _colours;
        private readonly RightAxis _axis = new();

        public Bar(IColormap colours, double least, double most)
        {
            (_colours, Edge) = (colours, Edge.Right);
            PlotSurface.SetLetters(_axis);
            _axis.Range.Set(least, most);
            AxisNumbers.SetTicks(_axis, new ChartAxis(""), 0);
        }

        public override float Measure(Paint paint)
        {
            _axis.RegenerateTicks(230, paint);
            return Breadth + _axis.Measure(paint);
        }

        public override void Render(RenderPack rp, float size, float offset)
        {
            PixelRect place = GetPanelRect(rp.DataRect, size, offset, rp.Paint);
            float height = place.Height / Steps;
            for (int step = 0; step < Steps; step++)
            {
                // A hair higher than the step: no seams.
                var part = new PixelRect(place.Left, place.Left + Breadth, place.Bottom - (step * height), Math.Max(place.Top, place.Bottom - ((step + 1.2f) * height)));
                ScottPlot.Drawing.FillRectangle(rp.Canvas, part, rp.Paint, new FillStyle { Color = _colours.GetColor((step + 0.5) / Steps), AntiAlias = false });
            }

            _axis.RegenerateTicks(rp.DataRect.Height, rp.Paint);
            _axis.Render(rp, size - Breadth, offset + Breadth);
        }
    }
}
