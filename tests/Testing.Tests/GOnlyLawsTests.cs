using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Testing.Tests;

public class GOnlyLawsTests
{
    private static readonly EquationSystem System = DerivationPipeline.GOnly(DepthForm.Discrete).System;

    private static TheorySolution GOnly(TheoryProblem problem) =>
        TheorySolver.Solve(System, problem, Stepping.Discrete, compiled => new CertifiedExpectations(problem.Activation, problem.Inputs, compiled.Atoms));

    public static TheoryData<string> Names => [.. ClosureLaws.All(GOnly).Select(law => law.Name)];

    private static Config Settings => Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20260421, 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void G_only_obeys(string law) => ClosureLaws.All(GOnly).Single(each => each.Name == law).Property.Check(Settings);

    // A law that cannot fail is no law: each one catches a closure that is wrong in its way.
    [Fact]
    public void Wrong_closures_are_caught_and_shrink_to_a_specification()
    {
        Fails(ClosureLaws.InputsMayBePermuted(problem => Changed(problem, "K1", (values, _) => values[0] += 1)));
        Fails(ClosureLaws.DroppingAnInputChangesNothingElse(problem => Changed(problem, "V4", (values, inputs) => values[0] += 1e-3 * inputs * values[0] + inputs)));
        Fails(ClosureLaws.CovarianceIsPositiveSemidefinite(problem => Changed(problem, "V4", (values, _) => values[0] = -1)));
        string message = Fails(ClosureLaws.InitialValuesAreGaussian(problem => Changed(problem, "V4", (values, _) => values[0] += 5)));
        Assert.Contains("kernel: [[", message, StringComparison.Ordinal);
        Assert.Contains("closure: g-only", message, StringComparison.Ordinal);
    }

    private static TheorySolution Changed(TheoryProblem problem, string tensor, Action<double[], int> change)
    {
        TheorySolution solution = GOnly(problem);
        var tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var rows = tensors[tensor].Select(row => (double[])row.Clone()).ToList();
        foreach (double[] row in rows)
            change(row, problem.Inputs);
        tensors[tensor] = rows;
        return solution with { Tensors = tensors };
    }

    private static string Fails(Property property)
    {
        Exception problem = Assert.ThrowsAny<Exception>(() => property.Check(Settings));
        return problem.Message;
    }
}
