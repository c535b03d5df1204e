// ScottPlot's own triangles and diamonds leave the path that they draw to the garbage collector, which may take it away while Skia is drawing it: the process then ends
// with a segmentation fault. These are the same shapes, whose path lives until it is drawn.

using ScottPlot;
using SkiaSharp;

namespace SymbolicEft.Plotting;

/// <summary>A marker whose outline is a polygon.</summary>
/// <param name="radius">Half the extent of its size.</param>
/// <param name="corners">The corners about the centre for a radius, y downwards.</param>
internal sealed class PolygonMarker(Func<float, float> radius, Func<float, SKPoint[]> corners) : IMarker
{
    /// <summary>A filled triangle, point up.</summary>
    public static IMarker TriangleUp { get; } = new PolygonMarker(
        size => (float)(size / 1.732),
        r => [new(0, -r), new((float)(r * 0.866), r / 2), new(-(float)(r * 0.866), r / 2)]);

    /// <summary>A filled diamond.</summary>
    public static IMarker Diamond { get; } = new PolygonMarker(size => size / 2, r => [new(r, 0), new(0, r), new(-r, 0), new(0, -r)]);

    public void Render(SKCanvas canvas, Paint paint, Pixel center, float size, MarkerStyle markerStyle)
    {
        float half = radius(size);
        using var path = new SKPath();
        path.AddPoly([.. corners(half).Select(corner => new SKPoint(center.X + corner.X, center.Y + corner.Y))], close: true);
        ScottPlot.Drawing.FillPath(canvas, paint, path, markerStyle.FillStyle, new PixelRect(center, half));
        ScottPlot.Drawing.DrawPath(canvas, paint, path, markerStyle.OutlineStyle);
    }
}
