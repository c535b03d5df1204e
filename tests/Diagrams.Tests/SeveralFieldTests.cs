using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Tests.Routes;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>A test that runs where the environment asks for long ones.</summary>
public sealed class LongTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test unless SYMEFT_LONG_TESTS is 1.</summary>
    public LongTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("SYMEFT_LONG_TESTS") != "1") Skip = "Takes minutes; set SYMEFT_LONG_TESTS=1 to run it.";
    }
}

/// <summary>Theories of several kernels: both routes to every equation with E + L of at most 4.</summary>
public class SeveralFieldTests
{
    private static readonly FieldTheory Mixed = KernelTheories.SigmaKernel(LegCounts.From(2), LegCounts.From(0));

    private static readonly FieldTheory Driven = Mixed.WithPropagators([(0, 0), (1, 1), (1, 0)]);

    // All vertices over all assignments of the fields, every field propagating to itself.
    private static readonly FieldTheory General = new(["G", "S"], [new VertexFamily(1, LegCounts.From(2)), new VertexFamily(2, LegCounts.From(0))]);

    public static TheoryData<int, int, int> Orders()
    {
        var data = new TheoryData<int, int, int>();
        for (int external = 1; external <= 3; external++)
        {
            for (int loops = external == 1 ? 1 : 0; external + loops <= 3; loops++)
            {
                for (int second = 0; second <= external; second++) data.Add(external, loops, second);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Both_routes_agree_when_G_and_S_drive_each_other(int external, int loops, int second) => Agree(Mixed, external, loops, second);

    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(4, 0, 1)]
    [InlineData(4, 0, 2)]
    [InlineData(4, 0, 3)]
    [InlineData(4, 0, 4)]
    [InlineData(3, 1, 1)]
    public void Both_routes_agree_at_the_next_order_when_G_and_S_drive_each_other(int external, int loops, int second) => Agree(Mixed, external, loops, second, many: true);

    // The rest of E + L = 4: 15 million diagrams, a few minutes; with SYMEFT_LONG_TESTS=1.
    [LongTheory]
    [InlineData(3, 1, 0)]
    [InlineData(3, 1, 2)]
    [InlineData(3, 1, 3)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 2, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(1, 3, 0)]
    [InlineData(1, 3, 1)]
    public void Both_routes_agree_in_all_of_the_next_order(int external, int loops, int second) => Agree(Mixed, external, loops, second, many: true);

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 0)]
    public void Terms_found_without_storing_diagrams_are_the_same(int external, int loops, int second)
    {
        DiagramRequest request = Request(Mixed, external, loops, second);

        Assert.Equal(
            request.Derive().Terms.Select(term => term.ToString()),
            request.DeriveWithoutDiagrams().Terms.Select(term => term.ToString()));
    }

    // Without lines between the fields the vertices still mix them in every way; the fields are on a par, so at most half
    // of the legs need be S.
    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(4, 0, 1)]
    [InlineData(4, 0, 2)]
    [InlineData(3, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 3, 0)]
    public void Both_routes_agree_at_the_next_order_for_all_vertices(int external, int loops, int second) => Agree(General, external, loops, second, many: true);

    [Theory]
    [MemberData(nameof(Orders))]
    public void Both_routes_agree_for_a_mode_without_drift(int external, int loops, int second) =>
        Agree(KernelTheories.Modes(LegCounts.From(2), LegCounts.From(0), "H1"), external, loops, second);

    // dG = (C_b + C_W S) dt: the mean of G follows that of S, and that is all.
    [Fact]
    public void The_mean_of_G_is_driven_linearly()
    {
        CumulantEquation equation = EquationComparison.DeriveTwice(Request(Mixed, 1, 2, 0));

        Assert.Equal(["c(1+0,0+1) k(0+1,2)", "c(1+0,1+0) k(1+0,2)"], equation.Collect().Select(term => term.ToString()).Order(StringComparer.Ordinal));
    }

    // Cov(dG, dG) has one leg of G and one of S at most: the average of G S.
    [Fact]
    public void The_noise_of_G_is_bilinear()
    {
        string[] noise = [.. EquationComparison.DeriveTwice(Request(Mixed, 2, 1, 0)).Collect()
            .Where(term => term.Vertex.ResponseLegs == 2).Select(term => term.ToString())];

        Assert.Equal(["c(2+0,0+1) k(0+1,1)", "c(2+0,1+0) k(1+0,1)", "c(2+0,1+1) k(1+1,0)"], noise.Order(StringComparer.Ordinal));
    }

    // Without lines from G to S one term of the covariance of G and S is missing.
    [Fact]
    public void A_mismatch_lists_the_terms_of_both_sides()
    {
        CumulantEquation equation = Request(Driven, 2, 0, 1).Derive();
        IEnumerable<CumulantTerm> other = MomentRoute.Derive(Mixed, equation.Cumulant);

        TermMismatch mismatch = Assert.Single(EquationComparison.Compare(equation.Collect(), other));

        Assert.Equal("c(0+1,1+0) k(2+0,0)", mismatch.Monomial);
        Assert.Equal((0, 1), ((int)mismatch.Left.Numerator, (int)mismatch.Right.Numerator));
    }

    private static void Agree(FieldTheory theory, int external, int loops, int second, bool many = false)
    {
        CumulantEquation equation = EquationComparison.DeriveTwice(Request(theory, external, loops, second) with { MaximumDiagrams = 10_000_000 }, keepDiagrams: !many);

        Assert.Equal(loops, equation.Cumulant.Loops);
        Assert.NotEmpty(equation.Terms);
    }

    private static DiagramRequest Request(FieldTheory theory, int external, int loops, int second) => new()
    {
        Theory = theory,
        ExternalFields = [.. Enumerable.Range(0, external).Select(leg => leg < second ? 1 : 0)],
        Loops = loops,
    };
}
