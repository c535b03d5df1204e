using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Options of the generator, each against a plain filter over all diagrams.</summary>
public class OptionTests
{
    private static readonly FieldTheory General = Theories.OneField("all", "all");

    // The one-line calls, against the table of the theory.
    [Theory]
    [InlineData(1, 3, "2", "0", 34, "315/16")]
    [InlineData(2, 2, "2", "0,1", 193, "1059/8")]
    [InlineData(3, 1, "all", "0", 88, "64")]
    [InlineData(4, 0, "all", "all", 91, "91")]
    public void Legs_given_as_text_are_those_of_the_request(int external, int loops, string drift, string noise, int count, string sum)
    {
        DiagramSet set = DiagramGenerator.Generate(external, loops, drift, noise);
        Assert.Equal((count, sum), (set.Diagrams.Length, set.WeightedSum.ToString()));
        Assert.Equal(new DiagramCount(count, set.WeightedSum), DiagramGenerator.Count(external, loops, drift, noise));
        Assert.Throws<FormatException>(() => DiagramGenerator.Count(external, loops, "1", noise));
    }

    public static TheoryData<int, int> Orders() => new() { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 2, 0 }, { 2, 1 }, { 2, 2 }, { 3, 0 }, { 3, 1 } };

    [Theory]
    [MemberData(nameof(Orders))]
    public void One_particle_irreducible_diagrams_are_those_without_a_separating_internal_line(int external, int loops)
    {
        DiagramRequest request = DiagramRequest.OneField(General, external, loops);
        IEnumerable<string> expected = DiagramGenerator.Generate(request).Diagrams
            .Where(diagram => !SeparatingCuts(diagram).Any())
            .Select(diagram => diagram.Key);

        DiagramSet irreducible = DiagramGenerator.Generate(request with { Connectivity = Connectivity.OneParticleIrreducible });

        Assert.Equal(expected, irreducible.Diagrams.Select(diagram => diagram.Key));
        Assert.Equal(irreducible.Diagrams.Length, DiagramGenerator.Count(irreducible.Request).Count);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Tadpole_rules_drop_self_contractions_and_insertions_without_external_legs(int external, int loops)
    {
        DiagramRequest request = DiagramRequest.OneField(General, external, loops);
        Diagram[] all = [.. DiagramGenerator.Generate(request).Diagrams];

        foreach (TadpoleRule rule in Enum.GetValues<TadpoleRule>().Append(TadpoleRule.DropSelfContractions | TadpoleRule.DropInsertions))
        {
            IEnumerable<string> expected = all
                .Where(diagram => !rule.HasFlag(TadpoleRule.DropSelfContractions) || !HasSelfContraction(diagram))
                .Where(diagram => !rule.HasFlag(TadpoleRule.DropInsertions) || !SeparatingCuts(diagram).Any(externals => externals == 0))
                .Select(diagram => diagram.Key);
            Assert.Equal(expected, DiagramGenerator.Generate(request with { Tadpoles = rule }).Diagrams.Select(diagram => diagram.Key));
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void Diagrams_without_labels_on_the_external_legs_are_the_orbits_of_those_with(int external, int loops)
    {
        DiagramRequest request = DiagramRequest.OneField(General, external, loops);
        DiagramSet labelled = DiagramGenerator.Generate(request);
        IEnumerable<string> orbits = labelled.Diagrams
            .Select(diagram => Diagram.Create(diagram.ExternalFields, diagram.Vertices, diagram.Edges, labelledExternals: false).Key)
            .Distinct();

        DiagramSet unlabelled = DiagramGenerator.Generate(request with { LabelledExternals = false });

        Assert.Equal(orbits.Order(StringComparer.Ordinal), unlabelled.Diagrams.Select(diagram => diagram.Key).Order(StringComparer.Ordinal));
        int permutations = Enumerable.Range(1, external).Aggregate(1, (product, i) => product * i);
        Assert.Equal(labelled.WeightedSum / permutations, unlabelled.WeightedSum);
    }

    [Fact]
    public void All_diagrams_of_two_legs_are_the_connected_ones_and_the_products_of_means()
    {
        // Order n^-2: kappa_(2,1), and kappa_(1,1)^2.
        DiagramSet all = DiagramGenerator.Generate(DiagramRequest.OneField(General, 2, 1) with { Connectivity = Connectivity.All });

        Assert.Equal(13 + 1, all.Diagrams.Length);
        Assert.Equal(Rational.Of(17, 2) + Rational.Of(1, 4), all.WeightedSum);
    }

    [Fact]
    public void Initial_covariances_act_as_sources_beside_the_noise()
    {
        var initial = new VertexFamily(2, LegCounts.Of(0), VertexOrigin.InitialTime);
        FieldTheory theory = FieldTheory.OneField(LegCounts.Of(2), LegCounts.Of(0), initial);

        DiagramSet tadpoles = DiagramGenerator.Generate(DiagramRequest.OneField(theory, 1, 1));

        Assert.Equal(["x0|(1,2) (2,0)i|0>x0 1>0*2", "x0|(1,2) (2,0)|0>x0 1>0*2"], tadpoles.Diagrams.Select(diagram => diagram.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Rational.One, tadpoles.WeightedSum);
    }

    [Fact]
    public void A_limit_stops_the_enumeration_with_a_sentence()
    {
        DiagramRequest request = DiagramRequest.OneField(General, 1, 4) with { MaximumDiagrams = 1000 };

        DiagramLimitException problem = Assert.Throws<DiagramLimitException>(() => DiagramGenerator.Count(request));

        Assert.Equal("There are more diagrams than the limit of 1000; ask for fewer legs, loops or vertices, or raise the limit.", problem.Message);
    }

    [Fact]
    public void An_order_beyond_the_node_limit_is_refused_at_once()
    {
        DiagramLimitException problem = Assert.Throws<DiagramLimitException>(
            () => DiagramGenerator.Count(DiagramRequest.OneField(General, 2, 40)));

        Assert.Equal("Diagrams with 2 external legs and 40 loops can have more than 63 nodes, which is the limit; ask for fewer legs or loops.", problem.Message);
    }

    [Fact]
    public void An_enumeration_can_be_cancelled_while_it_runs()
    {
        using var source = new CancellationTokenSource();
        DiagramRequest request = DiagramRequest.OneField(General, 1, 8) with { MaximumDiagrams = long.MaxValue };

        Assert.ThrowsAny<OperationCanceledException>(() => DiagramGenerator.Count(request, new CancelOnReport(source), source.Token));
    }

    [Theory]
    [InlineData(0, 1, "The number of external legs is 0; a diagram needs at least 1.")]
    [InlineData(1, -1, "The number of loops is -1; it must be 0 or more.")]
    public void Impossible_requests_say_what_would_be_right(int external, int loops, string message)
    {
        var problem = Assert.Throws<ArgumentException>(() => DiagramGenerator.Count(DiagramRequest.OneField(General, external, loops)));

        Assert.Equal(message, problem.Message);
    }

    [Fact]
    public void A_vertex_that_could_be_inserted_without_end_is_refused()
    {
        var problem = Assert.Throws<ArgumentException>(() => FieldTheory.OneField(LegCounts.Of(1, 2), LegCounts.Of(0)));

        Assert.StartsWith("The vertex (1,1,2) has order zero and fewer than two kernel legs", problem.Message);
    }

    [Theory]
    [InlineData("2,3", 2, "2,3")]
    [InlineData("all", 2, "2..")]
    [InlineData(" 1 , 0 ", 0, "0,1")]
    [InlineData("none", 0, "none")]
    public void Lists_of_leg_counts_are_read(string text, int minimum, string expected) =>
        Assert.Equal(expected, LegCounts.Parse(text, minimum).ToString());

    [Theory]
    [InlineData("1,2", 2)]
    [InlineData("two", 0)]
    [InlineData("", 0)]
    [InlineData("-1", 0)]
    public void Lists_of_leg_counts_that_make_no_sense_are_refused(string text, int minimum)
    {
        var problem = Assert.Throws<FormatException>(() => LegCounts.Parse(text, minimum));

        Assert.Contains($"'{text}' is not a list of numbers of kernel legs", problem.Message);
    }

    private static bool HasSelfContraction(Diagram diagram) => diagram.Edges.Any(edge =>
        !edge.ToExternal && diagram.Vertices[edge.From].KernelLegs == 0 && edge.Count == diagram.Vertices[edge.From].ResponseLegs && edge.Count > 1);

    // For every internal line whose removal separates the diagram: the number of external legs on its earlier side.
    private static IEnumerable<int> SeparatingCuts(Diagram diagram)
    {
        foreach (Edge cut in diagram.Edges.Where(edge => !edge.ToExternal && edge.Count == 1))
        {
            var side = new HashSet<int> { cut.From };
            for (int size = 0; size != side.Count;)
            {
                size = side.Count;
                foreach (Edge edge in diagram.Edges.Where(edge => edge != cut && !edge.ToExternal))
                {
                    if (side.Contains(edge.From) || side.Contains(edge.To)) side.UnionWith([edge.From, edge.To]);
                }
            }

            if (!side.Contains(cut.To)) yield return diagram.Edges.Count(edge => edge.ToExternal && side.Contains(edge.From));
        }
    }

    private sealed class CancelOnReport(CancellationTokenSource source) : IProgress<DiagramProgress>
    {
        public void Report(DiagramProgress value) => source.Cancel();
    }
}
