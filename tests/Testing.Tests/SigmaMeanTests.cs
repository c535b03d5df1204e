using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

// The worked example of docs/how-to-add-a-closure.md.
public class SigmaMeanTests
{
    private const string Line = "[x*y, sigma(x)*sigma(y), x, sigma(x)]";

    [Fact]
    public void The_class_and_the_line_of_yaml_are_one_closure()
    {
        SolveCase byClass = each => ClosureSolver.Solve(each.Network, new SigmaMean(), Stepping.Discrete);
        ClosureLaws.Same("the class is the list", ClosureRegistry.Parse(Line), byClass, ["K0", "V4", "K1", "U1"], new LawOptions { MostInputs = 2, MostLayers = 2, Tolerance = 1e-12 }).Check(3);
        Assert.Equal(new SigmaMean().Observables, ((IObservableClosure)ClosureRegistry.Parse(Line)).Observables);
        Assert.NotEmpty(ClosureDerivation.Steps(new SigmaMean(), DepthForm.Discrete));
    }

    [Fact]
    public void The_guide_shows_the_code_that_is_tested()
    {
        string guide = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "how-to-add-a-closure.md"));
        string code = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "SigmaMean.cs")).Replace("SymbolicEft.Testing.Tests", "SymbolicEft.Symbolic.Derivation.Closures", StringComparison.Ordinal).Replace("using SymbolicEft.Symbolic.Derivation;\nusing SymbolicEft.Symbolic.Derivation.Closures;\n\n", "", StringComparison.Ordinal);
        Assert.Contains($"```csharp\n{code}```", guide, StringComparison.Ordinal);
        Assert.Contains($"closure: \"{Line}\"", guide, StringComparison.Ordinal);
    }
}
