using System.Xml.Linq;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Drawings: what a reader must be able to tell apart is apart, and the same diagram gives the same bytes.</summary>
public class DrawingTests
{
    private static readonly FieldTheory WithAllShapes = FieldTheory.OneField(
        LegCounts.Of(2, 4),
        LegCounts.Of(0, 1),
        new VertexFamily(3, LegCounts.Of(0)),
        new VertexFamily(2, LegCounts.Of(0), VertexOrigin.InitialTime),
        new VertexFamily(1, LegCounts.Of(0), ExtraOrder: 1));

    private static readonly Diagram[] Pool =
    [
        .. DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("all", "all"), 1, 3)).Diagrams,
        .. DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("all", "all"), 4, 0)).Diagrams,
        .. DiagramGenerator.Generate(DiagramRequest.OneField(WithAllShapes, 2, 1)).Diagrams,
        .. DiagramGenerator.Generate(DiagramRequest.OneField(WithAllShapes, 3, 0) with { LabelledExternals = false }).Diagrams,
    ];

    private static readonly Picture[] Pictures = [.. Pool.Select(diagram => PictureBuilder.Arrange(diagram))];

    [Fact]
    public void Time_runs_from_left_to_right_and_external_legs_are_at_the_right()
    {
        foreach (Picture picture in Pictures)
        {
            Assert.All(picture.Lines, line => Assert.True(line.Curve.Start.X < line.Curve.End.X));
            Assert.All(picture.Arrows, arrow => Assert.True(arrow.Direction.X > 0));
            double legs = picture.Markers.Where(marker => marker.Kind == MarkerKind.External).Select(marker => marker.Centre.X).Distinct().Single();
            Assert.All(picture.Markers, marker => Assert.True(marker.Kind == MarkerKind.External || marker.Centre.X < legs));
            double initial = picture.Markers.Where(marker => marker.Kind == MarkerKind.Initial).Select(marker => marker.Centre.X).DefaultIfEmpty(0).Max();
            Assert.All(picture.Markers, marker => Assert.True(marker.Kind == MarkerKind.Initial || marker.Centre.X > initial));
        }
    }

    [Fact]
    public void Every_line_has_one_arrow_and_every_vertex_one_marker_and_none_of_them_collide()
    {
        foreach (Picture picture in Pictures)
        {
            Diagram diagram = picture.Diagram;
            Assert.Equal(diagram.Edges.Sum(edge => edge.Count), picture.Arrows.Length);
            Assert.Equal(diagram.External + diagram.Vertices.Length, picture.Markers.Length);
            AssertApart(picture.Markers.Select(marker => marker.Centre), 25, diagram);

            // Lines from one vertex are drawn apart, and no line runs through a vertex that it does not end on.
            foreach (IGrouping<Point, PictureLine> fan in picture.Lines.GroupBy(line => line.Curve.Start))
                AssertApart(fan.Select(line => line.Curve.At(0.5)), 7, diagram);
            foreach (PictureLine line in picture.Lines)
            {
                foreach (PictureMarker marker in picture.Markers)
                {
                    if (marker.Centre == line.Curve.Start || marker.Centre == line.Curve.End) continue;
                    double nearest = Enumerable.Range(1, 19).Min(i => Distance(line.Curve.At(i / 20.0), marker.Centre));
                    Assert.True(nearest > 7, $"{diagram}: a line passes a vertex at distance {nearest}");
                }
            }
        }
    }

    [Fact]
    public void The_two_lines_of_a_self_contraction_enclose_a_visible_loop()
    {
        Picture tadpole = PictureBuilder.Arrange(Tadpole());

        Point[] middles = [.. tadpole.Lines.Where(line => line.Curve.Start == tadpole.Markers[2].Centre).Select(line => line.Curve.At(0.5))];

        Assert.Equal(MarkerKind.Noise, tadpole.Markers[2].Kind);
        Assert.Equal(2, middles.Length);
        Assert.Equal(30, Distance(middles[0], middles[1]), 6);
    }

    [Fact]
    public void Svg_is_well_formed_stays_inside_its_frame_and_is_the_same_every_time()
    {
        foreach (Picture picture in Pictures.Where((_, i) => i % 10 == 0))
        {
            Diagram diagram = picture.Diagram;
            string text = new SvgFormat().Draw(diagram);
            XNamespace svg = "http://www.w3.org/2000/svg";
            XElement root = XElement.Parse(text);

            Assert.Equal(diagram.Edges.Sum(edge => edge.Count), root.Descendants(svg + "polygon").Count(shape => (string?)shape.Attribute("fill") == "#333333"));
            Assert.All(picture.Lines, line => Assert.All([0.25, 0.5, 0.75], t => AssertInside(line.Curve.At(t), picture)));
            Assert.All(picture.Markers, marker => AssertInside(marker.Centre, picture));
            Diagram again = Diagram.Create(diagram.ExternalFields, diagram.Vertices, diagram.Edges, diagram.LabelledExternals);
            Assert.Equal(text, new SvgFormat().Draw(again));
        }
    }

    [Fact]
    public void The_tadpole_in_tikz_is_plain_coordinates()
    {
        Assert.Equal(
            """
            % Diagram aef7a5e6b542b910, symmetry factor 1/2
            \begin{tikzpicture}[x=0.75bp,y=-0.75bp]
            \definecolor{diagramexternal}{HTML}{333333}
            \definecolor{diagramdrift}{HTML}{0072B2}
            \definecolor{diagramnoise}{HTML}{D55E00}
            \draw[diagramexternal,line width=1.05bp] (78,27) .. controls (91.44,27) and (112.56,27) .. (126,27);
            \draw[diagramexternal,line width=1.05bp] (12,27) .. controls (30.48,7) and (59.52,7) .. (78,27);
            \draw[diagramexternal,line width=1.05bp] (12,27) .. controls (30.48,47) and (59.52,47) .. (78,27);
            \fill[diagramexternal] (93.77,27) -- (85.77,30.2) -- (85.77,23.8) -- cycle;
            \fill[diagramexternal] (49,12) -- (41,15.2) -- (41,8.8) -- cycle;
            \fill[diagramexternal] (49,42) -- (41,45.2) -- (41,38.8) -- cycle;
            \filldraw[fill=white,draw=diagramexternal,line width=1.05bp] (126,27) circle[radius=1.95bp];
            \filldraw[fill=diagramdrift,draw=black,line width=0.6bp] (78,27) circle[radius=3.45bp];
            \filldraw[fill=diagramnoise,draw=black,line width=0.6bp] (7.2,22.2) -- (16.8,22.2) -- (16.8,31.8) -- (7.2,31.8) -- cycle;
            \end{tikzpicture}

            """,
            new TikzFormat().Draw(Tadpole()));
    }

    [Fact]
    public void The_tadpole_in_dot_has_both_lines_of_the_loop()
    {
        string text = new DotFormat().Draw(Tadpole());

        Assert.Equal(2, text.Split("  v1 -> v0;\n").Length - 1);
        Assert.Contains("  v0 -> x0;\n", text);
        Assert.StartsWith("digraph diagram_aef7a5e6b542b910 {\n", text);
    }

    [Fact]
    public void Lines_of_several_fields_have_their_own_dashes_and_change_them_half_way_when_fields_mix()
    {
        var theory = new FieldTheory(["G", "S"], [], [new VertexType([0, 2], [0, 0])], [(0, 0), (1, 1), (1, 0)]);
        Diagram diagram = DiagramGenerator.Generate(new DiagramRequest { Theory = theory, ExternalFields = [0, 1], Loops = 0 }).Diagrams.Single();

        Picture picture = PictureBuilder.Arrange(diagram, theory.Fields);

        Assert.Equal([1, 0, 1], picture.Lines.Select(line => line.Field));
        Assert.Equal(["G1", "S2"], picture.Labels.Select(label => label.Text));
        Assert.Contains("stroke-dasharray", new SvgFormat().Draw(diagram, theory.Fields));
        Assert.Contains("dash pattern=on", new TikzFormat().Draw(diagram, theory.Fields));
    }

    [Fact]
    public void A_gallery_shows_every_diagram_with_its_symmetry_factor()
    {
        DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 1, 3));

        string text = Gallery.Svg(set.Diagrams, columns: 6);
        XNamespace svg = "http://www.w3.org/2000/svg";
        string[] captions = [.. XElement.Parse(text).Descendants(svg + "text").Select(element => element.Value)];

        Assert.Equal([.. set.Diagrams.Select(diagram => diagram.SymmetryFactor.ToString()), "external leg", "drift", "noise"], captions);
        Assert.Equal(text, Gallery.Svg(set.Diagrams, columns: 6));
        Assert.NotEmpty(XElement.Parse(Gallery.Svg([])).Elements());
        Assert.Contains("a &lt; b &amp; c", Gallery.Svg(set.Diagrams.Take(1), caption: _ => "a < b & c"));
    }

    [Fact]
    public void A_format_that_does_not_exist_is_refused_with_the_list_of_those_that_do()
    {
        Assert.Equal([".svg", ".tex", ".dot"], new[] { "svg", "tikz", "dot" }.Select(name => DiagramFormats.Find(name).Extension));
        var problem = Assert.Throws<ArgumentException>(() => DiagramFormats.Find("png"));
        Assert.StartsWith("'png' is not a drawing format; choose one of svg, tikz, dot.", problem.Message);
    }

    private static Diagram Tadpole() =>
        DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 1, 1)).Diagrams.Single();

    private static void AssertApart(IEnumerable<Point> points, double least, Diagram diagram)
    {
        Point[] all = [.. points];
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.True(Distance(all[i], all[j]) > least, $"{diagram}: {all[i]} and {all[j]} are closer than {least}");
        }
    }

    private static void AssertInside(Point point, Picture picture)
    {
        Assert.InRange(point.X, 0, picture.Width);
        Assert.InRange(point.Y, 0, picture.Height);
    }

    private static double Distance(Point a, Point b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));
}
