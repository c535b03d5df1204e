using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

public class ClosureLawsTests
{
    // Every new activation costs the modes of its observables once; three of them do for the laws.
    private static readonly LawOptions Galerkin = new() { Activations = ["tanh", "gelu", "identity"], MostInputs = 2, MostLayers = 2, Tolerance = 1e-8 };
    private static readonly LawOptions Kinked = new() { Activations = ActivationGenerators.Kinked, MostLayers = 6 };

    public static TheoryData<string, string> Modes => Laws("g-only", "g-connected", "hermite(1)", "hermite(4)", "hermite(7)");

    public static TheoryData<string, string> Observables => Laws("sigma-kernel", "[x*y, x, sigma(x)*sigma(y)]");

    private static TheoryData<string, string> Laws(params string[] closures)
    {
        var data = new TheoryData<string, string>();
        foreach (string closure in closures)
        {
            foreach (Law law in ClosureLaws.All(closure))
                data.Add(closure, law.Name);
        }

        return data;
    }

    private static Law Law(string closure, string name, LawOptions? options = null) => ClosureLaws.All(closure, options).Single(law => law.Name == name);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Modes_obey(string closure, string law) => Law(closure, law).Check(15, seed: 3);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Modes_of_kinked_activations_obey(string closure, string law) => Law(closure, law, Kinked).Check(6, seed: 4);

    [Theory]
    [MemberData(nameof(Observables))]
    public void Lists_of_observables_obey(string closure, string law) => Law(closure, law, Galerkin).Check(2, seed: 5);

    public static TheoryData<string> Names => [.. ClosureLaws.All("g-only").Select(law => law.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_closures_obey(string law) => ClosureLaws.All(ClosureGenerators.Any(), Galerkin).Single(each => each.Name == law).Check(4, seed: 6);

    // The derivation (symbolic, then compiled) against the formulas written by hand, and against modes.
    [Fact]
    public void Two_routes_to_g_only()
    {
        string[] tensors = ["K0", "V4", "K1", "E2", "U1"];
        ClosureLaws.Same("derived g-only is the g-only written by hand", new GOnly(), each => ExplicitGOnly.Solve(each.Network), tensors).Check(30);
        ClosureLaws.Same("derived g-only is g-only by modes", new GOnly(), each => Numeric.Equations.MomentSolver.Solve(each.Network, new GOnly(), Numeric.Solving.Stepping.Discrete), tensors, new() { Tolerance = 1e-8 }).Check(15);
    }

    [Fact]
    public void Named_closures_are_lists()
    {
        ClosureLaws.Same("[x*y, sigma(x)*sigma(y)]", "sigma-kernel", ["K0", "V4", "K1", "U1"], Galerkin).Check(3);
        ClosureLaws.Same("[x*y]", "g-only", ["K0", "V4"], Galerkin).Check(3);
        ClosureLaws.Same("g-connected", "g-only", ["K0", "V4"]).Check();
    }

    [Fact]
    public void Two_closures_that_differ_are_told_apart()
    {
        LawViolationException problem = Assert.Throws<LawViolationException>(() => ClosureLaws.Same("hermite(4)", "g-only", ["V4"]).Check());
        Assert.Contains("of V4 at layer", problem.Message, StringComparison.Ordinal);
    }
}
