using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Tests.Routes;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>The equations of the cumulants: published right-hand sides, two routes, and an exactly known transient.</summary>
public class CumulantEquationTests
{
    private static readonly FieldTheory General = Theories.OneField("all", "all");

    public static TheoryData<int, int> Orders()
    {
        var data = new TheoryData<int, int>();
        for (int external = 1; external <= 4; external++)
        {
            for (int loops = external == 1 ? 1 : 0; external + loops <= 4; loops++) data.Add(external, loops);
        }

        return data;
    }

    [Theory]
    [InlineData(1, 1, "1/2 c(1,2) k(2,0)")]
    [InlineData(2, 0, "c(2,0)")]
    [InlineData(3, 0, "3 c(1,2) k(2,0)^2 | 3 c(2,1) k(2,0)")]
    [InlineData(1, 2, "1/2 c(1,2) k(2,1) | 1/2 c(1,2) k(1,1)^2 | 1/6 c(1,3) k(3,0) | 1/2 c(1,3) k(1,1) k(2,0) | 1/8 c(1,4) k(2,0)^2")]
    [InlineData(2, 1, "c(1,2) k(3,0) | 2 c(1,2) k(1,1) k(2,0) | c(1,3) k(2,0)^2 | c(2,1) k(1,1) | 1/2 c(2,2) k(2,0)")]
    public void Right_hand_sides_are_the_published_ones(int external, int loops, string expected)
    {
        CumulantEquation equation = DiagramEquations.Derive(General, external, loops);

        Assert.Equal(expected.Split(" | "), equation.Collect(linear: false).Select(term => term.ToString()));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Diagrams_and_moments_give_the_same_equation_term_by_term(int external, int loops)
    {
        CumulantEquation equation = EquationComparison.DeriveTwice(DiagramRequest.OneField(General, external, loops));

        Assert.Contains(equation.Collect(), term => term.Vertex.Equals(new VertexType(1, 1)) && term.Coefficient == external);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void The_two_routes_agree_with_higher_noise_cumulants_and_subleading_drift(int external, int loops)
    {
        FieldTheory theory = FieldTheory.OneField(
            LegCounts.From(2),
            LegCounts.From(0),
            new VertexFamily(3, LegCounts.From(0)),
            new VertexFamily(4, LegCounts.Of(0)),
            new VertexFamily(1, LegCounts.Of(0, 1, 2), ExtraOrder: 1));

        CumulantEquation equation = EquationComparison.DeriveTwice(DiagramRequest.OneField(theory, external, loops));

        Assert.NotEmpty(equation.Collect(linear: false));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void The_diagrams_behind_a_term_add_up_to_its_coefficient_times_its_cumulants(int external, int loops)
    {
        foreach (LatestVertexTerm term in DiagramEquations.Derive(General, external, loops).Terms.Where(term => !term.IsLinear))
        {
            Rational diagrams = term.Diagrams.Aggregate(Rational.Zero, (sum, diagram) => sum + diagram.SymmetryFactor);
            Rational product = term.Factors.Aggregate(
                term.Coefficient,
                (value, factor) => value * DiagramGenerator.Count(
                    DiagramRequest.OneField(General, factor.Cumulant.External, factor.Cumulant.Loops)).WeightedSum);
            Assert.Equal(product, diagrams);
        }
    }

    [Fact]
    public void A_comparison_lists_the_terms_on_both_sides()
    {
        var left = new CumulantTerm(Rational.Of(1, 2), new VertexType(1, 2), [new Cumulant(2, 0)]);
        var right = new CumulantTerm(Rational.One, new VertexType(2, 1), [new Cumulant(2, 0)]);

        TermMismatch[] expected = [new("c(1,2) k(2,0)", Rational.Of(1, 2), 0), new("c(2,1) k(2,0)", 0, 1)];
        Assert.Equal(expected, EquationComparison.Compare([left], [right]).ToArray());
    }

    [Fact]
    public void The_transient_of_a_quadratic_drift_has_the_known_mean_to_two_loops()
    {
        // dx = (-x + x^2/2) dt + sqrt(2/n) dW from x = 0, all cumulants zero at t = 0; Runge-Kutta with 2000 steps to t = 1.
        FieldTheory theory = Theories.OneField("2", "0");
        Cumulant[] unknowns = [new(1, 1), new(2, 0), new(3, 0), new(2, 1), new(1, 2)];
        Func<VertexType, double> coupling = vertex => (vertex.ResponseLegs, vertex.KernelLegs) switch
        {
            (1, 1) => -1,
            (1, 2) => 1,
            _ => 2,
        };
        (double Factor, int[] Unknowns)[][] equations =
        [
            .. unknowns.Select(unknown => DiagramEquations.Derive(theory, unknown.External, unknown.Loops).Collect().Select(term => (
                term.Coefficient.ToDouble() * coupling(term.Vertex),
                term.Factors.Select(factor => Array.IndexOf(unknowns, factor)).ToArray())).ToArray()),
        ];

        double[] state = new double[unknowns.Length];
        const int Steps = 2000;
        for (int step = 0; step < Steps; step++)
        {
            double[] k1 = Slope(state);
            double[] k2 = Slope(Move(state, k1, 0.5 / Steps));
            double[] k3 = Slope(Move(state, k2, 0.5 / Steps));
            double[] k4 = Slope(Move(state, k3, 1.0 / Steps));
            for (int i = 0; i < state.Length; i++) state[i] += (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i]) / (6.0 * Steps);
        }

        Assert.Equal(Math.Pow(1 - Math.Exp(-1), 2) / 2, state[0], 1e-12);
        Assert.Equal(1 - Math.Exp(-2), state[1], 1e-12);
        Assert.Equal(0.0288187932200648, state[4], 1e-12);

        double[] Slope(double[] at) => [.. equations.Select(terms => terms.Sum(term => term.Unknowns.Aggregate(term.Factor, (product, i) => product * at[i])))];
        static double[] Move(double[] at, double[] slope, double by) => [.. at.Select((value, i) => value + (by * slope[i]))];
    }
}
