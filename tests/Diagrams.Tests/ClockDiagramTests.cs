using SymbolicEft.Diagrams.Clock;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>The diagrams of the random clock against its equations, which come from moments and know no diagrams.</summary>
public class ClockDiagramTests
{
    public static TheoryData<DepthForm, int> Forms() => new() { { DepthForm.Continuous, 1 }, { DepthForm.Discrete, 1 } };

    // Term by term, coefficient by coefficient: all cumulants up to n^-2.
    [Theory]
    [MemberData(nameof(Forms))]
    public void The_diagrams_add_up_to_the_equations(DepthForm form, int order)
    {
        ClockEquations equations = ClockEquations.Derive(order, form);
        FieldTheory theory = ClockTheory.Of(form, order + 1);
        foreach (ClockEquation equation in equations.State)
        {
            DiagramSet set = ClockTheory.Diagrams(theory, equation.Variable);
            Same(equation.RightSide, ClockRoute.Derive(set, form).Sum);
        }

        foreach (ClockOutput output in equations.Kernel)
        {
            DiagramSet set = ClockTheory.Diagrams(theory, [.. Enumerable.Repeat(ClockTheory.Kernel, output.External)], output.Loops);
            Same(output.Value, ClockRoute.Derive(set, form).Sum);
        }
    }

    // ORDERS 1: dM is quadratic, its noise bilinear.
    [Fact]
    public void The_modes_at_infinite_width_are_a_polynomial_process() =>
        Assert.Equal(["(1,2)", "(2,0)", "(2,1)", "(2,2)"], ModeTheory.Create().TypesUpTo(3, 8).Select(type => type.ToString()));

    // Drift vertices of the clock alone, with one mode leg at most, and meetings.
    [Theory]
    [InlineData(DepthForm.Continuous, 2)]
    [InlineData(DepthForm.Discrete, 3)]
    public void The_vertices_are_those_of_a_driven_clock(DepthForm form, int most)
    {
        IEnumerable<VertexType> types = ClockTheory.Of(form, 2).TypesUpTo(2, 8);
        Assert.All(types, type => Assert.True(type.KernelByField[ClockTheory.Mode] <= 1 && type.KernelByField[ClockTheory.Kernel] == 0));
        Assert.All(types.Where(type => type.Origin == VertexOrigin.Dynamics), type => Assert.Equal((1, 1), (type.ResponseLegs, type.ResponseByField[ClockTheory.Clock])));
        // Three modes of G meet after the last layer in any case.
        Assert.Equal(3, types.Max(type => type.ResponseLegs));
        Assert.Equal(most == 3, ClockTheory.Diagrams(ClockTheory.Of(form, 2), [ClockTheory.Clock, ClockTheory.Clock, ClockTheory.Clock], 0).Diagrams.Any(diagram => diagram.Vertices.Any(type => type.ResponseLegs == 3)));
    }

    [Theory]
    [InlineData(1, 1, 2, "3/2")]
    [InlineData(2, 0, 1, "1")]
    [InlineData(1, 2, 73, "221/4")]
    public void The_clock_has_so_many_diagrams(int legs, int loops, int count, string sum)
    {
        DiagramSet set = ClockTheory.Diagrams(ClockTheory.Of(DepthForm.Continuous, legs + loops - 1), [.. Enumerable.Repeat(ClockTheory.Clock, legs)], loops);
        Assert.Equal((count, sum), (set.Diagrams.Length, set.WeightedSum.ToString()));
    }

    private static void Same(ClockSum expected, ClockSum actual) => Assert.Equal(
        expected.Keys.Select(key => $"{expected[key]} {key}"), actual.Keys.Select(key => $"{actual[key]} {key}"));
}
