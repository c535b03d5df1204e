using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Serialization;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Canonical numbering, stable ids and the JSON form.</summary>
public class CanonicalFormTests
{
    private static readonly Diagram[] Pool =
    [
        .. DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("all", "all"), 1, 3)).Diagrams,
        .. DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 3, 1)).Diagrams,
        .. DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("all", "all"), 4, 0) with { LabelledExternals = false }).Diagrams,
        .. DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 3, 1) with { Connectivity = Connectivity.All }).Diagrams,
    ];

    public sealed record Renumbering(Diagram Diagram, int[] Order, int Seed);

    public static class Renumberings
    {
        public static Arbitrary<Renumbering> All() => Arb.From(
            from diagram in Gen.Elements(Pool)
            from order in Gen.Shuffle(Enumerable.Range(0, diagram.Vertices.Length))
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select new Renumbering(diagram, order.ToArray(), seed));
    }

    [Property(MaxTest = 500, Arbitrary = [typeof(Renumberings)])]
    public bool Renumbering_the_vertices_and_splitting_the_lines_changes_neither_key_nor_id_nor_weight(Renumbering sample)
    {
        Diagram diagram = sample.Diagram;
        var vertices = new VertexType[diagram.Vertices.Length];
        for (int i = 0; i < vertices.Length; i++) vertices[sample.Order[i]] = diagram.Vertices[i];
        Edge[] edges =
        [
            .. diagram.Edges.SelectMany(edge => Enumerable.Repeat(
                edge with { From = sample.Order[edge.From], To = edge.ToExternal ? edge.To : sample.Order[edge.To], Count = 1 },
                edge.Count)),
        ];
        new Random(sample.Seed).Shuffle(edges);
        var again = Diagram.Create(diagram.ExternalFields, vertices, edges, diagram.LabelledExternals);
        return again.Key == diagram.Key && again.Id == diagram.Id && again.Automorphisms == diagram.Automorphisms
            && again.Vertices.SequenceEqual(diagram.Vertices) && again.Edges.SequenceEqual(diagram.Edges);
    }

    [Fact]
    public void The_order_of_an_automorphism_group_is_the_number_of_renumberings_that_change_nothing()
    {
        foreach (Diagram diagram in Pool.Where(diagram => diagram.Vertices.Length <= 6 && diagram.LabelledExternals))
        {
            HashSet<Edge> lines = [.. diagram.Edges];
            int fixing = Permutations(diagram.Vertices.Length).Count(order =>
                order.Select((image, v) => diagram.Vertices[image].Equals(diagram.Vertices[v])).All(same => same)
                && diagram.Edges.All(edge => lines.Contains(
                    edge with { From = order[edge.From], To = edge.ToExternal ? edge.To : order[edge.To] })));
            Assert.Equal(fixing, diagram.VertexAutomorphisms);
        }
    }

    [Fact]
    public void Ids_do_not_depend_on_the_theory_in_which_a_diagram_was_found()
    {
        Dictionary<string, string> wide = DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("all", "all"), 1, 3))
            .Diagrams.ToDictionary(diagram => diagram.Key, diagram => diagram.Id);

        foreach (Diagram diagram in DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0,1"), 1, 3)).Diagrams)
            Assert.Equal(wide[diagram.Key], diagram.Id);
    }

    [Fact]
    public void Ids_stay_the_same_from_version_to_version()
    {
        // Changing these breaks every stored reference to a diagram.
        DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 1, 2));

        Assert.Equal(
        [
            "6be2904902efdb80 1/4 x0|(1,2) (1,2) (1,2) (2,0) (2,0)|0>x0 1>0 2>0 3>1 3>2 4>1 4>2",
            "a707c5b4a5ae79bf 1/8 x0|(1,2) (1,2) (1,2) (2,0) (2,0)|0>x0 1>0 2>0 3>1*2 4>2*2",
            "2faf0f36ff734381 1/2 x0|(1,2) (1,2) (1,2) (2,0) (2,0)|0>x0 1>0 2>1 3>0 3>1 4>2*2",
            "80d4beb7fccb8b79 1 x0|(1,2) (1,2) (1,2) (2,0) (2,0)|0>x0 1>0 2>1 3>0 3>2 4>1 4>2",
        ],
            set.Diagrams.Select(diagram => $"{diagram.Id} {diagram.SymmetryFactor} {diagram.Key}"));
    }

    [Fact]
    public void The_json_document_is_the_one_that_was_agreed()
    {
        DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 1, 1));

        Assert.Equal(
            """{"count":1,"weightedSum":"1/2","diagrams":[{"id":"aef7a5e6b542b910","symmetryFactor":"1/2","loops":1,"vertices":[{"response":1,"kernel":2},{"response":2,"kernel":0}],"external":[0],"labelledExternals":true,"lines":[{"from":0,"toExternal":0,"count":1},{"from":1,"toVertex":0,"count":2}]}]}""",
            DiagramDocument.Of(set).ToJson());
        Assert.Equal("""{"count":1,"weightedSum":"1/2"}""", DiagramDocument.Of(DiagramGenerator.Count(set.Request)).ToJson());
    }

    [Fact]
    public void Json_reads_back_to_the_same_diagrams()
    {
        var twoFields = new FieldTheory(
            ["G", "S"],
            [new VertexFamily(1, LegCounts.Of(2)), new VertexFamily(2, LegCounts.Of(0, 1)), new VertexFamily(2, LegCounts.Of(0), VertexOrigin.InitialTime), new VertexFamily(1, LegCounts.Of(0), ExtraOrder: 1)],
            propagators: [(0, 0), (1, 1), (1, 0)]);
        DiagramRequest[] requests =
        [
            DiagramRequest.OneField(Theories.OneField("all", "all"), 1, 3),
            DiagramRequest.OneField(Theories.OneField("all", "all"), 3, 0) with { LabelledExternals = false },
            new DiagramRequest { Theory = twoFields, ExternalFields = [1, 0], Loops = 1 },
        ];
        foreach (DiagramRequest request in requests)
        {
            DiagramSet set = DiagramGenerator.Generate(request);
            string text = DiagramDocument.Of(set).ToJson();

            var read = DiagramDocument.Parse(text);

            Assert.NotEmpty(set.Diagrams);
            Assert.Equal(set.Diagrams.AsEnumerable(), read.Diagrams!.Value.AsEnumerable());
            Assert.Equal(text, DiagramDocument.Of(new DiagramSet(request, read.Diagrams.Value, read.WeightedSum)).ToJson());
        }
    }

    [Theory]
    [InlineData("\"weightedSum\":\"1/2\"", "\"weightedSum\":\"1/3\"", "The document says weightedSum 1/3, but its diagrams give 1/2; it was changed or cut.")]
    [InlineData("\"count\":2", "\"count\":1", "Of field 0, vertex 0 of type (1,2) has 1 response and 1 kernel lines, and needs 1 and 2.")]
    [InlineData("\"toVertex\":0", "\"toVertex\":7", "has an unknown end or field, or no count")]
    [InlineData("\"weightedSum\"", "\"sum\"", "The text is not a diagram document")]
    public void A_document_that_contradicts_itself_is_refused(string from, string to, string message)
    {
        DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("2", "0"), 1, 1));
        string text = DiagramDocument.Of(set).ToJson().Replace(from, to);

        Assert.Contains(message, Assert.Throws<FormatException>(() => DiagramDocument.Parse(text)).Message);
    }

    [Fact]
    public void A_closed_loop_of_retarded_lines_is_refused()
    {
        VertexType[] vertices = [new(1, 1), new(1, 1)];

        var problem = Assert.Throws<ArgumentException>(() => Diagram.Create([], vertices, [new Edge(0, 1, false), new Edge(1, 0, false)]));
        Assert.Equal("A diagram has at least one external leg.", problem.Message);
        VertexType[] more = [new(2, 1), new(1, 1)];
        problem = Assert.Throws<ArgumentException>(
            () => Diagram.Create([0], more, [new Edge(0, 0, true), new Edge(0, 1, false), new Edge(1, 0, false)]));
        Assert.Equal("The lines of the diagram close a loop in time; retarded lines cannot.", problem.Message);
    }

    private static IEnumerable<int[]> Permutations(int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        foreach (int[] shorter in Permutations(count - 1))
        {
            for (int at = 0; at < count; at++) yield return [.. shorter[..at], count - 1, .. shorter[at..]];
        }
    }
}
