using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Sums of diagrams with random couplings against the operator that generates them all at once.</summary>
public class OperatorOracleTests
{
    private static readonly Arbitrary<Rational[]> Couplings = Gen.ArrayOf(
        from numerator in Gen.Choose(-9, 9)
        from denominator in Gen.Choose(1, 9)
        select Rational.Of(numerator, denominator),
        60).ToArbitrary();

    public static TheoryData<string, int, int> Orders() => new()
    {
        { "drift and noise", 1, 1 }, { "drift and noise", 1, 2 }, { "drift and noise", 1, 3 },
        { "drift and noise", 2, 0 }, { "drift and noise", 2, 1 }, { "drift and noise", 2, 2 },
        { "drift and noise", 3, 0 }, { "drift and noise", 3, 1 }, { "drift and noise", 4, 0 },
        { "third and fourth cumulants", 1, 2 }, { "third and fourth cumulants", 2, 1 },
        { "third and fourth cumulants", 3, 1 }, { "third and fourth cumulants", 4, 0 },
        { "subleading drift", 1, 1 }, { "subleading drift", 1, 2 }, { "subleading drift", 2, 1 }, { "subleading drift", 2, 2 },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Connected_diagrams_sum_to_the_cumulants_for_any_couplings(string vertices, int external, int loops)
    {
        FieldTheory theory = TheoryOf(vertices);
        int order = external + loops - 1;
        IReadOnlyList<Diagram> diagrams = DiagramGenerator.Generate(DiagramRequest.OneField(theory, external, loops)).Diagrams;

        Prop.ForAll(Couplings, couplings =>
        {
            var oracle = new OperatorOracle(Vertices(theory, order, couplings), order);
            return Sum(diagrams, theory, order, couplings) == oracle.Cumulants(external)[external][order];
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    [Theory]
    [InlineData("2", "0", 1, 5)]
    [InlineData("all", "0", 2, 3)]
    [InlineData("all", "all", 1, 4)]
    [InlineData("all", "all", 2, 3)]
    [InlineData("all", "all", 3, 2)]
    [InlineData("all", "all", 4, 1)]
    [InlineData("all", "all", 5, 0)]
    public void Weights_beyond_the_published_table_agree_at_unit_couplings(string drift, string noise, int external, int loops)
    {
        FieldTheory theory = Theories.OneField(drift, noise);
        int order = external + loops - 1;
        Rational[] ones = [.. Enumerable.Repeat(Rational.One, 60)];

        Rational counted = DiagramGenerator.Count(DiagramRequest.OneField(theory, external, loops)).WeightedSum;

        Assert.Equal(new OperatorOracle(Vertices(theory, order, ones), order).Cumulants(external)[external][order], counted);
    }

    [Theory]
    [InlineData("drift and noise", 2, 1)]
    [InlineData("drift and noise", 2, 2)]
    [InlineData("drift and noise", 3, 1)]
    [InlineData("drift and noise", 4, 0)]
    [InlineData("third and fourth cumulants", 3, 1)]
    [InlineData("subleading drift", 3, 1)]
    public void All_diagrams_sum_to_the_moments_for_any_couplings(string vertices, int external, int loops)
    {
        FieldTheory theory = TheoryOf(vertices);
        int order = external + loops - 1;
        DiagramRequest request = DiagramRequest.OneField(theory, external, loops) with { Connectivity = Connectivity.All };
        IReadOnlyList<Diagram> diagrams = DiagramGenerator.Generate(request).Diagrams;

        Prop.ForAll(Couplings, couplings =>
        {
            var oracle = new OperatorOracle(Vertices(theory, order, couplings), order);
            return Sum(diagrams, theory, order, couplings) == oracle.Moment(external)[order];
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    [Theory]
    [InlineData(false, "0", 1)]
    [InlineData(false, "1", 2)]
    [InlineData(false, "01", 1)]
    [InlineData(true, "0", 1)]
    [InlineData(false, "0", 2)]
    [InlineData(true, "01", 1)]
    [InlineData(true, "011", 0)]
    public void Two_fields_agree_with_the_operator_with_and_without_mixing_lines(bool mixing, string fields, int loops)
    {
        var theory = new FieldTheory(
            ["G", "S"],
            [new VertexFamily(1, LegCounts.Of(2)), new VertexFamily(2, LegCounts.Of(0, 1))],
            propagators: mixing ? [(0, 0), (0, 1), (1, 0), (1, 1)] : null);
        int order = fields.Length + loops - 1;
        var request = new DiagramRequest
        {
            Theory = theory,
            ExternalFields = [.. fields.Select(field => field - '0')],
            Loops = loops,
            Connectivity = Connectivity.All,
        };
        IReadOnlyList<Diagram> diagrams = DiagramGenerator.Generate(request).Diagrams;
        Assert.NotEmpty(diagrams);

        Prop.ForAll(Couplings, couplings =>
        {
            var oracle = new OperatorOracle(Vertices(theory, order, couplings), order, mixing);
            Rational expected = oracle.Moment(fields.Count(field => field == '0'), fields.Count(field => field == '1'))[order];
            return Sum(diagrams, theory, order, couplings) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5));
    }

    private static FieldTheory TheoryOf(string vertices) => vertices switch
    {
        "drift and noise" => Theories.OneField("all", "all"),
        "third and fourth cumulants" => FieldTheory.OneField(
            LegCounts.From(2), LegCounts.From(0), new VertexFamily(3, LegCounts.From(0)), new VertexFamily(4, LegCounts.Of(0, 1))),
        _ => FieldTheory.OneField(
            LegCounts.From(2), LegCounts.From(0), new VertexFamily(1, LegCounts.Of(0, 1, 2), ExtraOrder: 1), new VertexFamily(2, LegCounts.Of(0), ExtraOrder: 1)),
    };

    private static IEnumerable<OracleVertex> Vertices(FieldTheory theory, int order, Rational[] couplings)
    {
        int index = 0;
        foreach (VertexType type in theory.TypesUpTo(order, 2 * order))
        {
            yield return new OracleVertex(
                type.KernelByField[0],
                type.FieldCount > 1 ? type.KernelByField[1] : 0,
                type.ResponseByField[0],
                type.FieldCount > 1 ? type.ResponseByField[1] : 0,
                type.Order,
                couplings[index++]);
        }
    }

    private static Rational Sum(IEnumerable<Diagram> diagrams, FieldTheory theory, int order, Rational[] couplings)
    {
        Dictionary<VertexType, Rational> coupling = theory.TypesUpTo(order, 2 * order)
            .Select((type, index) => (type, index))
            .ToDictionary(pair => pair.type, pair => couplings[pair.index]);
        Rational sum = Rational.Zero;
        foreach (Diagram diagram in diagrams)
            sum += diagram.Vertices.Aggregate(diagram.SymmetryFactor, (product, vertex) => product * coupling[vertex]);
        return sum;
    }
}
