using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Derivation;

public class ComponentSystemTests
{
    private static readonly EquationSystem Discrete = ClosureDerivation.Of("g-only").System;

    [Fact]
    public void Every_independent_component_is_a_variable_of_one_name()
    {
        ComponentSystem system = Discrete.OverInputs(2);
        // Pairs 00, 01, 11, and pairs of pairs: 3 of K0, K1 and 6 of V4 and of V4 without transport.
        Assert.Equal(3 + 6 + 6 + 3, system.Rows.Count);
        Assert.Contains("V_4x00x01", system.Rows.Select(row => row.Variable.Name));
        Assert.All(system.Rows, row => Assert.Matches("^[A-Za-z]+_[A-Za-z0-9]+$", row.Variable.Name));
        Assert.Equal(system.Rows.Count, system.Rows.Select(row => row.Variable).Distinct().Count());
    }

    // sigma(x) = x: K0' = (alpha^2 + eps^2 C_W) K0 + eps^2 C_b, by hand.
    [Fact]
    public void A_linear_network_has_its_equations_in_closed_form()
    {
        ComponentSystem system = Discrete.OverInputs(1, ActivationParser.Parse("identity"));
        Assert.Empty(system.Expectations);
        Expression expected = ExpressionParser.Parse("alpha^2*K_0x00 + eps^2*(C_W*K_0x00 + C_b)", "alpha", "eps", "C_W", "C_b", "K_0x00");
        ComponentRow row = system.Rows.Single(each => each.Variable.Name == "K_0x00");
        var values = new[] { "alpha", "eps", "C_W", "C_b", "K_0x00" }.Select((name, at) => (name, value: 0.3 + (0.4 * at))).ToArray();
        Assert.Equal(expected.Evaluate(values.ToDictionary(each => (Expression)Symbol.Of(each.name), each => each.value)), row.RightSide.Evaluate(row.RightSide.Nodes().OfType<Symbol>().ToDictionary(each => (Expression)each, each => values.Single(value => value.name == each.Name).value)), 14);
        Assert.Same(row.Variable, row.Initial);
    }

    [Fact]
    public void Expectations_without_a_closed_form_are_listed_with_what_they_are()
    {
        ComponentSystem system = Discrete.OverInputs(1, ActivationParser.Parse("tanh(x)"));
        Assert.Contains(system.Expectations, each => each.Integrand.ToString() == "tanh(x)^2" && each.Inputs is [0]);
        Symbol[] used = [.. system.Rows.SelectMany(row => row.RightSide.Nodes().OfType<Symbol>()).Where(symbol => symbol.Name.StartsWith("E_", StringComparison.Ordinal)).Distinct()];
        Assert.Equal(system.Expectations.Select(each => each.Variable).Order(), used.Order());
    }

    [Fact]
    public void What_is_not_made_of_components_or_has_a_kink_is_refused_with_what_would_be_right()
    {
        Assert.Contains("g-only", Assert.Throws<NotSupportedException>(() => ClosureDerivation.Of("hermite(2)").System.OverInputs(1)).Message);
        Assert.Contains("leave the activation out", Assert.Throws<NotSupportedException>(() => Discrete.OverInputs(1, ActivationParser.Parse("relu"))).Message);
        Assert.Contains("1 to 36", Assert.Throws<ArgumentOutOfRangeException>(() => Discrete.OverInputs(0)).Message);
    }
}
