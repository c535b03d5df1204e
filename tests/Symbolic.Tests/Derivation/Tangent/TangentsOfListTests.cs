using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Derivation.Tangent;

/// <summary>The tangents of lists of observables, against derivatives by hand.</summary>
public class TangentsOfListTests
{
    [Theory]
    [InlineData("[x*y, x, x^3, x^2*y]", "x^2", new[] { "y", "1", "3*x^2", "2*x*y", "y^2" }, new[] { "1", "2*x" })]
    [InlineData("[x*y, sigma(x)*sigma(y)]", "x^2", new[] { "y", "2*x*y^2" }, new[] { "1", "4*x*y" })]
    [InlineData("[x*y, sigma(x)*sigma(y)]", "sin(x)", new[] { "y", "cos(x)*sin(y)" }, new[] { "1", "cos(x)*cos(y)" })]
    public void They_are_derivatives_in_the_slots(string closure, string activation, string[] one, string[] two) => AssertAre(closure, activation, one, two);

    // relu' is a step: what has a jump in a slot has no tangent there, and in the other it has.
    [Theory]
    [InlineData("[x*y, sigma(x)*sigma(y), step(x)*step(y)]", new[] { "y", "relu(y)*step(x)" }, new[] { "1", "step(x)*step(y)" })]
    [InlineData("[x*y, step(x)*y]", new[] { "y", "step(y)" }, new[] { "1" })]
    public void Jumps_have_none(string closure, string[] one, string[] two) => AssertAre(closure, "relu", one, two);

    private static void AssertAre(string closure, string activation, string[] one, string[] two)
    {
        var kept = (KeptObservables)ClosureRegistry.Parse(closure).Keeps;
        ActivationDefinition sigma = ActivationParser.Parse(activation);
        Assert.Equal(one, TangentsOfList.One(kept, sigma).Select(tangent => tangent.ToString()));
        Assert.Equal(two, TangentsOfList.Two(kept, sigma).Select(tangent => tangent.ToString()));
    }
}
