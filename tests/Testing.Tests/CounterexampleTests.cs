using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

// A law that cannot fail is no law: each one catches a closure that is wrong in its way, and hands back a specification that runs.
public class CounterexampleTests
{
    public static TheoryData<string, string, double> Mistakes => new()
    {
        { "inputs may be permuted", "K1", 1 },
        { "dropping an input changes no other number", "U1", 1 },
        { "V4 is positive semidefinite", "V4", -1000 },
        { "the covariance of the state is positive semidefinite", "C_SS", -1000 },
        { "initial values are those of Gaussian rows", "V4", 5 },
        { "initial values are those of Gaussian rows", "U1", 5 },
        { "homogeneous activations rescale", "V4", 5 },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_closure_with_a_mistake_is_caught_and_shrinks_to_a_specification_that_runs(string law, string tensor, double mistake)
    {
        // Wrong by a constant times N in the first component.
        TheorySolution Wrong(ClosureCase each)
        {
            TheorySolution solution = each.Solve();
            var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            tensors[tensor] = [.. tensors[tensor].Select(row => row.Select((value, at) => at == 0 ? value + (mistake * each.Network.Inputs) : value).ToArray())];
            return solution with { Tensors = tensors };
        }

        Law wrong = ClosureLaws.All(FsCheck.Fluent.Gen.Constant(ClosureRegistry.Parse("hermite(4)")), null, Wrong).Single(each => each.Name == law);
        LawViolationException problem = Assert.Throws<LawViolationException>(() => wrong.Check(40));
        Assert.Contains(problem.Specification, problem.Message, StringComparison.Ordinal);
        ClosureCase smallest = problem.Case!;
        Assert.True(smallest.Network.Depth == 1, problem.Message);
        Assert.InRange(smallest.Network.Inputs, 1, 2);
        // It is a counterexample, and a smaller network would not be one.
        Assert.NotNull(wrong.Violation(smallest));
        Assert.DoesNotContain(NetworkGenerators.Shrink(smallest.Network), network => wrong.Violation(smallest with { Network = network }) is not null);
        Run(problem.Specification);
    }

    [Fact]
    public void A_wrong_closure_in_a_list_of_random_ones_shrinks_to_the_closure()
    {
        // Wrong where x is among the observables.
        TheorySolution Wrong(ClosureCase each)
        {
            TheorySolution solution = each.Solve();
            if (!each.Closure.Name.Contains(", x]", StringComparison.Ordinal) && !each.Closure.Name.Contains(", x,", StringComparison.Ordinal))
                return solution;
            var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            tensors["V4"] = [.. tensors["V4"].Select(row => row.Select(value => value + 7).ToArray())];
            return solution with { Tensors = tensors };
        }

        Law wrong = ClosureLaws.All(ClosureGenerators.Lists(), new LawOptions { MostInputs = 1, MostLayers = 1 }, Wrong).Single(each => each.Name == "initial values are those of Gaussian rows");
        LawViolationException problem = Assert.Throws<LawViolationException>(() => wrong.Check(40));
        Assert.Equal("[x*y, x]", problem.Case!.Closure.Name);
        Run(problem.Specification);
    }

    [Fact]
    public void A_law_that_was_never_tested_does_not_count_as_obeyed()
    {
        // Second derivatives of a kink are no observables.
        Law law = ClosureLaws.All("sigma-kernel(3)", new LawOptions { Activations = ["relu"], MostInputs = 1 })[0];
        Assert.Contains("declined", Assert.Throws<LawViolationException>(() => law.Check(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_counterexample()
    {
        Law law = ClosureLaws.Same("hermite(4)", "g-only", ["V4"]);
        string[] found = [.. new[] { 11, 11 }.Select(seed => Assert.Throws<LawViolationException>(() => law.Check(20, seed)).Message)];
        Assert.Equal(found[0], found[1]);
    }

    [Fact]
    public void The_guide_shows_the_code_that_is_tested()
    {
        string guide = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "how-to-property-test.md"));
        string code = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "MyClosureTests.cs"));
        Assert.Contains($"```csharp\n{code}```", guide, StringComparison.Ordinal);
    }

    private static void Run(string specification)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("symeft-law-").FullName, "counterexample.yaml");
        File.WriteAllText(path, specification);
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var messages = new StringWriter(CultureInfo.InvariantCulture);
        Assert.True(CommandLine.Run(["solve", path], output, messages) == 0, $"{messages}\n{specification}");
        Assert.Contains("V4_00,00", output.ToString(), StringComparison.Ordinal);
    }
}
