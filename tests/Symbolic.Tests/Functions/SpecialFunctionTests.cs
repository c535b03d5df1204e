using System.Globalization;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Tests.Functions;

/// <summary>Values against 40-digit ones of mpmath: reference/special_functions.py.</summary>
public class SpecialFunctionTests
{
    public static TheoryData<string, string, string> References()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reference", "special_functions.txt")))
        {
            if (line.Split('|') is [var name, var argument, var value])
                rows.Add(name, argument, value);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Functions_are_accurate_to_a_few_units_in_the_last_place(string name, string argument, string value)
    {
        double x = double.Parse(argument, CultureInfo.InvariantCulture), expected = double.Parse(value, CultureInfo.InvariantCulture);
        double actual = ElementaryFunctions.All[name].Value(x);
        Assert.True(Math.Abs(actual - expected) <= 2e-15 * Math.Abs(expected), $"{name}({argument}) = {actual:R}, should be {expected:R}");
    }

    [Theory]
    [InlineData("softplus", -800, 0)]
    [InlineData("softplus", 800, 800)]
    [InlineData("logistic", -800, 0)]
    [InlineData("logistic", 800, 1)]
    [InlineData("erfc", 40, 0)]
    [InlineData("erfc", -40, 2)]
    [InlineData("Phi", -60, 0)]
    [InlineData("relu", double.NegativeInfinity, 0)]
    [InlineData("step", 0, 0.5)]
    [InlineData("sign", 0, 0)]
    public void Extreme_arguments_have_their_limits(string name, double x, double expected) =>
        Assert.Equal(expected, ElementaryFunctions.All[name].Value(x));

    [Fact]
    public void Every_function_hands_NaN_through() =>
        Assert.All(ElementaryFunctions.All.Values, function => Assert.True(double.IsNaN(function.Value(double.NaN)), function.Name));

    [Fact]
    public void Every_compound_function_hands_NaN_through()
    {
        foreach (CompoundFunction function in CompoundFunctions.All)
        {
            for (int at = 0; at < function.Arity; at++)
            {
                double[] arguments = [.. Enumerable.Repeat(1.0, function.Arity)];
                arguments[at] = double.NaN;
                Assert.True(double.IsNaN(function.Evaluate(arguments)), $"{function.Name}, argument {at}");
            }
        }
    }

    [Fact]
    public void Gram_determinants_keep_their_digits_next_to_perfect_correlation()
    {
        double rho = 1 - Math.ScaleB(1, -52); // then 1 - rho^2 = 2^-51 - 2^-104
        Assert.Equal(Math.ScaleB(1, -51), SpecialFunctions.GramDeterminant(1, rho, 1), 1e-15 * Math.ScaleB(1, -51));
        Assert.Equal(0, SpecialFunctions.GramDeterminant(0.1, 0.1, 0.1));
        Assert.True(double.IsNaN(SpecialFunctions.GramDeterminant(1, 1.1, 1)));
        Assert.Equal(0, SpecialFunctions.GramAngle(0, 0, 2));
    }

    [Fact]
    public void Compound_functions_agree_with_their_definitions_and_differentiate_as_they_do()
    {
        Symbol[] names = [Symbol.Of("a"), Symbol.Of("b"), Symbol.Of("c")];
        var values = new Dictionary<Expression, double> { [names[0]] = 1.7, [names[1]] = -0.6, [names[2]] = 0.9 };
        foreach (CompoundFunction function in CompoundFunctions.All)
        {
            Expression call = Expression.Apply(function, names[..function.Arity]);
            Expression definition = CompoundFunctions.WriteOut(call);
            Assert.Equal(definition.Evaluate(values), call.Evaluate(values), 1e-14);
            foreach (Symbol name in names[..function.Arity])
                Assert.Equal(definition.Differentiate(name).Evaluate(values), call.Differentiate(name).Evaluate(values), 1e-13);
        }
    }
}
