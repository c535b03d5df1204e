using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Every diagram and every symmetry factor against Wick contractions written out one by one.</summary>
public class BruteForceWickTests
{
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 0, true)]
    [InlineData(2, 1, true)]
    [InlineData(3, 0, true)]
    [InlineData(4, 0, true)]
    [InlineData(2, 1, false)]
    [InlineData(3, 0, false)]
    public void Generator_finds_the_same_diagrams_with_the_same_symmetry_factors(int external, int loops, bool connected)
    {
        DiagramRequest request = DiagramRequest.OneField(Theories.OneField("all", "all"), external, loops) with
        {
            Connectivity = connected ? Connectivity.Connected : Connectivity.All,
        };

        AssertSame(request, external, loops, (p, m) => p == 1 ? m >= 2 : p == 2, connected);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Third_cumulants_of_the_noise_are_weighed_correctly(int external, int loops)
    {
        FieldTheory theory = FieldTheory.OneField(LegCounts.Of(2, 3), LegCounts.Of(0, 1), new VertexFamily(3, LegCounts.Of(0, 1)));

        AssertSame(
            DiagramRequest.OneField(theory, external, loops), external, loops, (p, m) => p == 1 ? m is 2 or 3 : p <= 3 && m <= 1, connected: true);
    }

    [Fact]
    public void Generation_wastes_little_because_equal_partial_diagrams_are_met_once()
    {
        var last = new LastReport();

        DiagramCount count = DiagramGenerator.Count(DiagramRequest.OneField(Theories.OneField("all", "all"), 1, 3), last);

        Assert.Equal(count.Count, last.Value.Found);
        Assert.InRange(last.Value.Built, count.Count, 3 * count.Count);
    }

    private static void AssertSame(DiagramRequest request, int external, int loops, Func<int, int, bool> allowed, bool connected)
    {
        List<BruteForceWick.Graph> contractions = BruteForceWick.Diagrams(external, loops, allowed, connected);
        DiagramSet generated = DiagramGenerator.Generate(request);

        Dictionary<string, Rational> expected = contractions.ToDictionary(graph => ToDiagram(graph, external).Key, graph => graph.Weight);
        Dictionary<string, Rational> actual = generated.Diagrams.ToDictionary(diagram => diagram.Key, diagram => diagram.SymmetryFactor);
        Assert.NotEmpty(expected);
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), actual.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private static Diagram ToDiagram(BruteForceWick.Graph graph, int external)
    {
        int vertices = graph.Vertices.Length;
        var edges = new List<Edge>();
        for (int v = 0; v < vertices; v++)
        {
            for (int w = 0; w < vertices + external; w++)
            {
                if (graph.Lines[v][w] > 0)
                    edges.Add(new Edge(v, w < vertices ? w : w - vertices, w >= vertices, graph.Lines[v][w]));
            }
        }

        return Diagram.Create(new int[external], graph.Vertices.Select(vertex => new VertexType(vertex.P, vertex.M)), edges);
    }

    private sealed class LastReport : IProgress<DiagramProgress>
    {
        internal DiagramProgress Value { get; private set; }

        public void Report(DiagramProgress value) => Value = value;
    }
}
