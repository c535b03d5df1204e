using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Drawing;

/// <summary>Turns a diagram into a picture: time runs from left to right, external legs are at the right.</summary>
internal static class PictureBuilder
{
    private const double ColumnWidth = 66;
    private const double LegLength = 48;
    private const double Bow = 15;
    private const double Margin = 12;
    private const double LabelWidth = 9;

    /// <summary>Lays out a diagram; the same diagram always gives the same picture.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="fields">Names of the fields, used to name the legs when there are several; null for one field.</param>
    public static Picture Arrange(Diagram diagram, IReadOnlyList<string>? fields = null)
    {
        var layout = ColumnLayout.Of(diagram);
        var lines = ImmutableArray.CreateBuilder<PictureLine>();
        var arrows = ImmutableArray.CreateBuilder<PictureArrow>();
        foreach (ColumnLayout.Bundle bundle in layout.Bundles)
        {
            int count = bundle.Fields.Count;
            bool meets = layout.Bundles.Count(other => other.Fields.Count > 1 && other.Path[^1] == bundle.Path[^1]) > 1;
            for (int i = 0; i < count; i++)
                Route(bundle, (2 * i) - (count - 1), meets, bundle.Fields[i], Place, lines, arrows);
        }

        var markers = ImmutableArray.CreateBuilder<PictureMarker>();
        var labels = ImmutableArray.CreateBuilder<PictureLabel>();
        for (int leg = 0; leg < diagram.External; leg++)
        {
            Point end = Place(layout.Nodes[leg]);
            markers.Add(new PictureMarker(end, MarkerKind.External, Hollow: false));
            string name = fields is { Count: > 1 } ? fields[diagram.ExternalFields[leg]] : "";
            if (diagram.LabelledExternals && diagram.External > 1) name += (leg + 1).ToString(CultureInfo.InvariantCulture);
            if (name.Length > 0) labels.Add(new PictureLabel(end + new Point(7, 0), name));
        }

        for (int i = 0; i < diagram.Vertices.Length; i++)
        {
            VertexType vertex = diagram.Vertices[i];
            MarkerKind kind = vertex.Origin == VertexOrigin.InitialTime ? MarkerKind.Initial
                : vertex.Origin == VertexOrigin.Meeting ? MarkerKind.Meeting
                : vertex.ResponseLegs == 1 ? MarkerKind.Drift
                : vertex.ResponseLegs == 2 ? MarkerKind.Noise
                : MarkerKind.HigherNoise;
            markers.Add(new PictureMarker(Place(layout.Nodes[diagram.External + i]), kind, vertex.ExtraOrder > 0));
        }

        return Crop(new Picture(diagram, 0, 0, lines.ToImmutable(), arrows.ToImmutable(), markers.ToImmutable(), labels.ToImmutable()));

        Point Place(ColumnLayout.Node node) =>
            new(((layout.LastColumn - node.Column) * ColumnWidth) - (node.Column == 0 ? ColumnWidth - LegLength : 0), node.Y);
    }

    // One line along its path, bowed sideways by a multiple of the bow, as a smooth chain of curves.
    private static void Route(
        ColumnLayout.Bundle bundle,
        int side,
        bool meets,
        (int Response, int Kernel) fields,
        Func<ColumnLayout.Node, Point> place,
        ImmutableArray<PictureLine>.Builder lines,
        ImmutableArray<PictureArrow>.Builder arrows)
    {
        Point[] path = [.. bundle.Path.Select(place)];
        double bow = bundle.Fields.Count > 3 ? 2.2 * Bow / (bundle.Fields.Count - 1) : Bow;
        Point across = Across(path[0], path[^1]);
        for (int i = 1; i + 1 < path.Length; i++) path[i] += bow * side * 0.75 * across;

        var curves = new List<Cubic>();
        for (int i = 0; i + 1 < path.Length; i++)
        {
            Point step = path[i + 1] - path[i];
            Point control1 = path[i] + (1.0 / 3 * step);
            Point control2 = path[i] + (2.0 / 3 * step);
            if (path.Length == 2)
            {
                // A cubic reaches 3/4 of the way to its control points. Bundles that meet at a vertex are narrow there.
                double late = meets ? 0.4 : 1;
                control1 = path[i] + (0.28 * step) + ((2 - late) * bow * side * 4 / 3 * across);
                control2 = path[i] + (0.72 * step) + (late * bow * side * 4 / 3 * across);
            }
            else
            {
                // The slope at a bend is that of the chord between its neighbours.
                if (i > 0) control1 = path[i] + Tangent(path[i - 1], path[i], path[i + 1], step.X);
                if (i + 2 < path.Length) control2 = path[i + 1] - Tangent(path[i], path[i + 1], path[i + 2], step.X);
            }

            curves.Add(new Cubic(path[i], control1, control2, path[i + 1]));
        }

        Cubic first = curves[0];
        // Near the response end, before the places where lines cross, a third of the way or half-way.
        double at = bundle.Fields.Count > 1 ? 0.5 : path.Length == 2 ? 0.26 : 0.45;
        arrows.Add(new PictureArrow(first.At(at), first.DirectionAt(at)));
        if (fields.Response == fields.Kernel)
        {
            lines.AddRange(curves.Select(curve => new PictureLine(curve, fields.Response)));
            return;
        }

        // The field changes on the way: the earlier half is drawn as the response field, the later half as the kernel field.
        if (curves.Count == 1)
        {
            (Cubic early, Cubic late) = first.Split(0.5);
            curves = [early, late];
        }

        for (int i = 0; i < curves.Count; i++)
            lines.Add(new PictureLine(curves[i], 2 * i < curves.Count - 1 ? fields.Response : fields.Kernel));
    }

    private static Point Tangent(Point before, Point at, Point after, double step)
    {
        double slope = (after.Y - before.Y) / (after.X - before.X);
        bool isExtreme = (at.Y - before.Y) * (after.Y - at.Y) <= 0;
        return new Point(step / 3, isExtreme ? 0 : slope * step / 3);
    }

    private static Point Across(Point from, Point to)
    {
        Point along = to - from;
        double length = Math.Sqrt((along.X * along.X) + (along.Y * along.Y));
        return new Point(-along.Y / length, along.X / length);
    }

    private static Picture Crop(Picture picture)
    {
        var points = new List<Point>();
        foreach (PictureLine line in picture.Lines)
        {
            for (int i = 0; i <= 8; i++) points.Add(line.Curve.At(i / 8.0));
        }

        points.AddRange(picture.Markers.Select(marker => marker.Centre));
        points.AddRange(picture.Labels.Select(label => label.At + new Point((LabelWidth * label.Text.Length) - Margin, 0)));
        var corner = new Point(Margin - points.Min(point => point.X), Margin - points.Min(point => point.Y));
        return picture with
        {
            Width = points.Max(point => point.X) + corner.X + Margin,
            Height = points.Max(point => point.Y) + corner.Y + Margin,
            Lines = [.. picture.Lines.Select(line => line with
            {
                Curve = new Cubic(line.Curve.Start + corner, line.Curve.Control1 + corner, line.Curve.Control2 + corner, line.Curve.End + corner),
            })],
            Arrows = [.. picture.Arrows.Select(arrow => arrow with { Centre = arrow.Centre + corner })],
            Markers = [.. picture.Markers.Select(marker => marker with { Centre = marker.Centre + corner })],
            Labels = [.. picture.Labels.Select(label => label with { At = label.At + corner })],
        };
    }
}
