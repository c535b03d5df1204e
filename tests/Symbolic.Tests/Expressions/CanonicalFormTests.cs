using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Expressions;

public class CanonicalFormTests
{
    private static readonly Symbol X = Symbol.Of("x");

    [Theory]
    [InlineData("sqrt(x^2)", "abs(x)")]
    [InlineData("sqrt(4*x^2)", "2*abs(x)")]
    [InlineData("(x^6)^(1/2)", "abs(x)^3")]
    [InlineData("abs(x)^2", "x^2")]
    [InlineData("abs(-3*x)", "3*abs(x)")]
    [InlineData("(x*y)^2", "x^2*y^2")]
    [InlineData("sqrt(x*y)", "sqrt(x*y)")]
    [InlineData("sqrt(x)^2", "x")]
    [InlineData("arcsin(sin(x))", "arcsin(sin(x))")]
    [InlineData("sin(arcsin(x))", "x")]
    [InlineData("ln(exp(x))", "x")]
    [InlineData("arctan(tan(x))", "arctan(tan(x))")]
    [InlineData("ln(x^2)", "ln(x^2)")]
    [InlineData("sqrt(8)", "2*sqrt(2)")]
    [InlineData("sqrt(1/2)", "sqrt(2)/2")]
    [InlineData("sqrt(2)*sqrt(3)", "sqrt(6)")]
    [InlineData("sqrt(6)/sqrt(2)", "sqrt(3)")]
    [InlineData("(27/8)^(2/3)", "9/4")]
    [InlineData("(-8)^(1/3)", "(-8)^(1/3)")]
    [InlineData("tanh(1 - x)", "-tanh(x - 1)")]
    [InlineData("cos(1 - x)", "cos(x - 1)")]
    [InlineData("step(-x)", "-step(x) + 1")]
    [InlineData("delta(2*x)", "delta(x)/2")]
    [InlineData("delta_1(-2*x)", "-delta_1(x)/4")]
    [InlineData("relu(-3*x)", "3*relu(-x)")]
    [InlineData("sin(pi/3)", "sqrt(3)/2")]
    [InlineData("cos(3*pi/4)", "-sqrt(2)/2")]
    [InlineData("2*(x+y)", "2*x + 2*y")]
    [InlineData("(2*x+4)^2", "4*(x + 2)^2")]
    [InlineData("x/x", "1")]
    [InlineData("x-x", "0")]
    public void Expressions_take_their_canonical_form(string text, string canonical)
    {
        Expression expression = ExpressionParser.Parse(text, "x", "y");
        string wanted = canonical.StartsWith("-step", StringComparison.Ordinal) ? "1 - step(x)" : canonical;
        Assert.Equal(wanted, expression.ToString());
        Assert.Same(expression, ExpressionParser.Parse(expression.ToString(), "x", "y"));
    }

    [Fact]
    public void The_order_is_total_and_the_same_for_every_order_of_construction()
    {
        var expressions = new SortedSet<Expression>();
        string[] texts = ["1", "2/3", "pi", "x", "y", "X", "x^2", "sqrt(x)", "x*y", "2*x", "(x*y)^(1/2)", "x+1", "(x+1)^2", "x*(x+1)", "tanh(x)", "tanh(y)^2", "x^y", "(x^y)^(1/2)", "exp(x)", "1/x", "sqrt(2)", "sqrt(x)*y", "x*y^2", "(x+1)^(1/2)*x"];
        Expression[] all = [.. texts.Select(text => ExpressionParser.Parse(text, "x", "y", "X"))];
        foreach (Expression a in all)
        {
            foreach (Expression b in all)
            {
                Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
                Assert.Equal(ReferenceEquals(a, b), a.CompareTo(b) == 0);
                foreach (Expression c in all)
                    Assert.False(a.CompareTo(b) < 0 && b.CompareTo(c) < 0 && a.CompareTo(c) >= 0, $"{a} < {b} < {c}");
            }
        }

        Expression forward = Expression.Add(all), backward = Expression.Add(all.Reverse());
        Assert.Same(forward, backward);
        Assert.Same(Expression.Multiply(all), Expression.Multiply(all.Reverse()));
    }

    [Fact]
    public void Nesting_costs_no_stack()
    {
        Expression tower = X;
        for (int level = 0; level < 3_000; level++)
            tower = Expression.Apply(level % 2 == 0 ? ElementaryFunctions.Tanh : ElementaryFunctions.Sin, tower) + 1;
        var at = new Dictionary<Expression, double> { [X] = 0.3 };
        double value = tower.Evaluate(at);
        Assert.Equal(value, ScalarCompiler.Compile(tower, X)(0.3), 1e-14);
        Assert.True(tower.ToString().Length > 10_000);
        Assert.NotSame(tower, tower.Substitute(X, Symbol.Of("y")));
        Assert.True(tower.CompareTo(tower.Substitute(X, Symbol.Of("y"))) < 0);
    }

    [Fact]
    public void Threads_that_build_the_same_expressions_get_the_same_objects()
    {
        var results = new Expression[16][];
        Parallel.For(0, results.Length, thread =>
        {
            results[thread] = new Expression[300];
            for (int k = 0; k < 300; k++)
            {
                results[thread][k] = Expression.Apply(ElementaryFunctions.Tanh, (X * (k + 1000)) + Symbol.Of($"fresh{k}")).Differentiate(X) * (X + k).Pow(2);
                if (k % 100 == 50)
                    GC.Collect();
            }
        });
        for (int k = 0; k < 300; k++)
            Assert.All(results, each => Assert.Same(results[0][k], each[k]));
    }

    [Theory]
    [InlineData("1/2/3")]
    [InlineData(".-5")]
    [InlineData("")]
    [InlineData("1e99999")]
    [InlineData("1/0")]
    public void What_is_no_rational_is_not_read_as_one(string text) => Assert.False(Rational.TryParse(text, out _));

    [Theory]
    [InlineData("1/3", 1.0 / 3)]
    [InlineData("-0.1", -0.1)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("9007199254740993", 9007199254740992)]
    [InlineData("1e-320", 1e-320)]
    public void Rationals_round_once(string text, double value) => Assert.Equal(value, Rational.Parse(text).ToDouble());

    [Fact]
    public void A_power_too_large_to_write_down_stays_a_power()
    {
        Expression power = ExpressionParser.Parse("7^99999999");
        Assert.Equal("7^99999999", power.ToString());
        Assert.Equal("7^199999998", power.Pow(2).ToString());
        Assert.Equal(double.PositiveInfinity, power.Evaluate(new Dictionary<Expression, double>()));
    }

    // Minus minus x is x, and that is not to become -x again: leakyrelu(-x) was not what it says.
    [Fact]
    public void An_argument_changes_its_sign()
    {
        Expression Of(Expression x) => (2 * Expression.Apply(ElementaryFunctions.Tanh, x)) + Expression.Apply(ElementaryFunctions.Exp, -x) - (3 * x);
        Assert.Same(Of(-X), Of(X).Substitute(X, -X));
        Assert.Same(Of(X), Of(X).Substitute(X, -X).Substitute(X, -X));
        Assert.Same(Of(Symbol.Of("y") - X), Of(X).Substitute(X, Symbol.Of("y") - X));
        Expression leaky = KnownActivations.All["leakyrelu"].Define([Rational.Of(1, 4)], X);
        Assert.Same(KnownActivations.All["leakyrelu"].Define([Rational.Of(1, 4)], -X), leaky.Substitute(X, -X));
    }

    // What is left of a sum is one operand, replaced already: once is enough.
    [Fact]
    public void Several_symbols_are_replaced_at_once()
    {
        Symbol y = Symbol.Of("y"), z = Symbol.Of("z");
        var exchanged = new Dictionary<Expression, Expression> { [X] = y, [y] = X, [z] = Number.Zero };
        Assert.Same(y, (X + z).Substitute(exchanged));
        Assert.Same(X, ((y * (z + 1)) + z).Substitute(exchanged));
    }
}
