using FsCheck.Fluent;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

/// <summary>The laws on the tangent kernel, which stands where they look for G: VarTheta for V4, and Theta1, or Theta0 where that is not derived, for K1.</summary>
public class TangentLawsTests
{
    private static readonly LawOptions Small = new() { MostInputs = 3, MostLayers = 4, Activations = ["tanh", "gelu"], Tolerance = 1e-8 };

    [Theory]
    [InlineData("g-only")]
    [InlineData("hermite(4)")]
    public void It_obeys_them_on_programs(string closure)
    {
        int solved = 0;
        IReadOnlyList<Law> laws = ProgramLaws.All(ClosureRegistry.Parse(closure), Small, each => OfTangents(each, ref solved));
        foreach (Law law in laws.Where(IsOfTangents)) law.Check(networks: 5, seed: 2);
        Assert.True(solved > 15, $"{solved} solutions have a tangent kernel");
    }

    [Theory]
    [InlineData("g-connected")]
    [InlineData("hermite(7)")]
    [InlineData("sigma-kernel")]
    public void It_obeys_them_on_plain_networks(string closure)
    {
        int solved = 0;
        IReadOnlyList<Law> laws = ClosureLaws.All(Gen.Constant(ClosureRegistry.Parse(closure)), Small with { MostInputs = 2, MostLayers = 3 }, each => OfTangents(each, ref solved));
        foreach (Law law in laws.Where(each => IsOfTangents(each) && !each.Name.StartsWith("the covariance of the state", StringComparison.Ordinal))) law.Check(networks: 3, seed: 3);
        Assert.True(solved > 10, $"{solved} solutions have a tangent kernel");
    }

    // Every other solution is off by one in a hundred: laws compare two.
    [Theory]
    [InlineData("inputs may be permuted")]
    [InlineData("dropping an input changes no other number")]
    public void A_mistake_is_caught(string name)
    {
        int solved = 0, calls = 0;
        TheorySolution Wrong(ClosureCase each)
        {
            TheorySolution solution = OfTangents(each, ref solved);
            if (++calls % 2 == 1)
                return solution;
            var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            tensors["K1"] = [.. tensors["K1"].Select(row => row.Select((value, at) => at == 0 ? 1.01 * value : value).ToArray())];
            return solution with { Tensors = tensors };
        }

        Law law = ProgramLaws.All(ClosureRegistry.Parse("g-only"), Small, Wrong).Single(each => each.Name == name);
        Assert.Throws<LawViolationException>(() => law.Check(20));
    }

    // Theta and its covariances are 0, or K(0), at layer 0, which is no law of them. A dense layer that is taken apart makes two branches, of which Theta1 is not derived.
    private static bool IsOfTangents(Law law) => !new[] { "initial", "homogeneous", "a dense layer may be taken apart" }.Any(other => law.Name.StartsWith(other, StringComparison.Ordinal));

    private static TheorySolution OfTangents(ClosureCase each, ref int solved)
    {
        TheorySolution solution;
        try
        {
            solution = ClosureSolver.Solve(each.Network, each.Closure, new SolverSettings { Tangent = TangentKernel.WithInput, Rates = new() { First = 0.3, Weights = 0.7, Hidden = 1.4, Biases = 0.5 } });
        }
        catch (NotSupportedException)
        {
            // Norms of rows, updates inside a branch, dropout behind a gate.
            return each.Solve();
        }

        solved++;
        var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        (tensors["V4"], tensors["K1"]) = (tensors["VarTheta"], tensors.GetValueOrDefault("Theta1") ?? tensors["Theta0"]);
        // Lists of observables have these of a plain network alone, without the tangent kernel.
        foreach (string name in new[] { "E2", "U1" })
            tensors.TryAdd(name, tensors["Theta0"]);
        return solution with { Tensors = tensors };
    }
}
