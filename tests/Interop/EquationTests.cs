using AngouriMath;
using MathNet.Symbolics;
using SymbolicEft.AngouriMath;
using SymbolicEft.MathNetSymbolics;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Interop;

/// <summary>The equations of g-only handed over component by component, iterated in the other system, and compared with the solver's numbers.</summary>
public class EquationTests
{
    private const int Layers = 2;

    private static readonly Network Network = new()
    {
        Activation = "erf(x)", WeightVariance = 1.3, BiasVariance = 0.1, Skip = 0.9, Step = 0.5, Depth = Layers, Kernel = new[,] { { 1.1, 0.4 }, { 0.4, 0.7 } },
    };

    private static readonly ActivationDefinition Sigma = ActivationParser.Parse("erf(x)");

    private static readonly Dictionary<string, double> Parameters = new() { ["alpha"] = 0.9, ["eps"] = 0.5, ["C_W"] = 1.3, ["C_b"] = 0.1 };

    private static readonly Dictionary<string, double> Kernel = new() { ["K_0x00"] = 1.1, ["K_0x01"] = 0.4, ["K_0x11"] = 0.7 };

    [Fact]
    public void AngouriMath_iterates_the_layer_map_to_the_numbers_of_the_solver()
    {
        IReadOnlyList<EntityEquation> equations = Network.Derive("g-only").System.ToEntities(inputs: 2, Sigma);
        Iterate([.. equations.Select(equation => equation.Variable.Name)], [.. equations.Select(equation => equation.Initial)], [.. equations.Select(equation => equation.RightSide)], (entity, values) =>
        {
            foreach ((string name, double value) in values)
                entity = entity.Substitute(MathS.Var(name), value);
            return (double)entity.EvalNumerical().RealPart.EDecimal.ToDouble();
        });
    }

    [Fact]
    public void MathNet_Symbolics_iterates_the_layer_map_to_the_numbers_of_the_solver()
    {
        IReadOnlyList<SymbolicEquation> equations = Network.Derive("g-only").System.ToSymbolicExpressions(inputs: 2, Sigma);
        Iterate([.. equations.Select(equation => equation.Variable.VariableName)], [.. equations.Select(equation => equation.Initial)], [.. equations.Select(equation => equation.RightSide)], (expression, values) =>
            expression.Evaluate(values.ToDictionary(pair => pair.Key, pair => (FloatingPoint)pair.Value)).RealValue);
    }

    [Fact]
    public void Without_an_activation_expectations_are_variables_that_are_listed()
    {
        EquationSystem system = Network.Derive("g-only", Stepping.Continuous).System;
        IReadOnlyList<EntityEquation> equations = system.ToEntities(inputs: 1);
        ComponentSystem components = system.OverInputs(1);
        string[] used = [.. equations.SelectMany(equation => equation.RightSide.Vars).Select(variable => variable.Name).Where(name => name.StartsWith("E_", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(components.Expectations.Select(each => each.Variable.Name).Order(StringComparer.Ordinal), used);
        Assert.Contains("E_0", equations[0].RightSide.Stringize());
    }

    private static void Iterate<T>(string[] names, T[] initial, T[] rightSides, Func<T, Dictionary<string, double>, double> value)
    {
        var state = new Dictionary<string, double>(Kernel.Concat(Parameters));
        state = Next(initial);
        for (int layer = 0; layer < Layers; layer++)
            state = Next(rightSides);
        TheorySolution expected = Network.Solve("g-only");
        foreach ((int a, int b) in new[] { (0, 0), (0, 1), (1, 1) })
        {
            InteropCases.Near(expected.K0At(^1, (a, b)), state[$"K_0x{a}{b}"], "K0");
            InteropCases.Near(expected.K1At(^1, (a, b)), state[$"K_1x{a}{b}"], "K1");
            InteropCases.Near(expected.V4At(^1, (0, 1), (a, b)), state[(a, b) == (0, 0) ? "V_4x00x01" : $"V_4x01x{a}{b}"], "V4");
        }

        Dictionary<string, double> Next(T[] values)
        {
            var next = new Dictionary<string, double>(Parameters);
            for (int at = 0; at < names.Length; at++)
                next[names[at]] = value(values[at], state);
            return next;
        }
    }
}
