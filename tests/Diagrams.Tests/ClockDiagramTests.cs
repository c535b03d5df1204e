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

    private static void Same(ClockSum expected, ClockSum actual) => Assert.Equal(
        expected.Keys.Select(key => $"{expected[key]} {key}"), actual.Keys.Select(key => $"{actual[key]} {key}"));
}
