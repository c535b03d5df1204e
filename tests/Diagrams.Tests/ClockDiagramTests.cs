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
        foreach (ClockEquation equation in equations.State)
        {
            DiagramSet set = Generate(form, [.. Enumerable.Repeat(ClockTheory.Clock, equation.Variable.Pairs), .. Enumerable.Repeat(ClockTheory.Mode, equation.Variable.Modes)], equation.Variable.Loops);
            Console.WriteLine($"{equation.Variable} {set.Diagrams.Length} {set.WeightedSum}");
            Same(equation.RightSide, ClockRoute.Derive(set, form).Sum);
        }

        foreach (ClockOutput output in equations.Kernel)
        {
            DiagramSet set = Generate(form, [.. Enumerable.Repeat(ClockTheory.Kernel, output.External)], output.Loops);
            Console.WriteLine($"G {output.External} {output.Loops} {set.Diagrams.Length} {set.WeightedSum}");
            Same(output.Value, ClockRoute.Derive(set, form).Sum);
        }
    }

    private static DiagramSet Generate(DepthForm form, int[] external, int loops) => DiagramGenerator.Generate(new DiagramRequest
    {
        Theory = ClockTheory.Of(form, external.Length + loops - 1),
        ExternalFields = [.. external],
        Loops = loops,
    });

    private static void Same(ClockSum expected, ClockSum actual) => Assert.Equal(
        expected.Keys.Select(key => $"{expected[key]} {key}"), actual.Keys.Select(key => $"{actual[key]} {key}"));
}
