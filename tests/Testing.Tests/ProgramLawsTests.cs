using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

// Laws on random programs of layers, and that they notice what is wrong.
public class ProgramLawsTests
{
    private static readonly LawOptions Small = new() { MostInputs = 2, MostLayers = 6 };

    public static TheoryData<string> Closures => ["g-only", "g-connected", "hermite(4)"];

    [Theory]
    [MemberData(nameof(Closures))]
    public void Closures_obey_every_law_on_programs(string closure)
    {
        // Few of the programs have a dense layer that reads the rows of another.
        foreach (Law law in ProgramLaws.All(closure, Small)) law.Check(networks: law.Name == "a dense layer may be taken apart" ? 30 : 6, seed: closure.Length);
    }

    [Fact]
    public void Simulation_agrees_with_the_exact_leading_order() => ProgramLaws.Simulated("hermite(14)", options: Small with { MostLayers = 4 }).Check(networks: 6);

    // Wrong by a constant in one component, or by a factor where there are several layers.
    [Theory]
    [InlineData("inputs may be permuted", "K1")]
    [InlineData("dropping an input changes no other number", "V4")]
    [InlineData("initial values are those of Gaussian rows", "V4")]
    [InlineData("a residual of step 0 changes nothing", "K0")]
    [InlineData("a repetition may be taken apart", "K1")]
    [InlineData("a program that spells a flat network is that network", "V4")]
    public void A_mistake_is_caught_and_shrinks_to_a_specification(string name, string tensor)
    {
        int calls = 0;
        TheorySolution Wrong(ClosureCase each)
        {
            TheorySolution solution = each.Solve();
            // Every other solution is off: laws compare two.
            double mistake = name.StartsWith("initial", StringComparison.Ordinal) || ++calls % 2 == 0 ? 5 : 0;
            var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            tensors[tensor] = [.. tensors[tensor].Select(row => row.Select((value, at) => at == 0 ? value + mistake : value).ToArray())];
            return solution with { Tensors = tensors };
        }

        Law law = ProgramLaws.All(ClosureRegistry.Parse("g-only"), Small, Wrong).Single(each => each.Name == name);
        LawViolationException problem = Assert.Throws<LawViolationException>(() => law.Check(10));
        Assert.Contains(name.StartsWith("a program that spells", StringComparison.Ordinal) ? "activation:" : "network:\n", problem.Specification, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_theory_is_caught_by_simulation()
    {
        // One part in ten of V4.
        static TheorySolution Wrong(ClosureCase each)
        {
            TheorySolution solution = each.Solve();
            var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            tensors["V4"] = [.. tensors["V4"].Select(row => row.Select(value => 1.1 * value).ToArray())];
            return solution with { Tensors = tensors };
        }

        Law law = ProgramLaws.Simulated("hermite(14)", options: Small with { MostLayers = 4 }, solve: Wrong);
        Assert.Contains("by simulation", Assert.Throws<LawViolationException>(() => law.Check(6)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_that_are_all_declined_do_not_count_as_tested()
    {
        Law law = ProgramLaws.All(ClosureRegistry.Parse("g-only"), Small, _ => throw new NotSupportedException("not today")).First();
        Assert.Contains("declined", Assert.Throws<LawViolationException>(() => law.Check(4)).Message, StringComparison.Ordinal);
    }
}
