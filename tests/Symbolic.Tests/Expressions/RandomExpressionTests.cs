using FsCheck.Xunit;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Tests.Expressions;

/// <summary>Properties of random expressions: 14,000 in all.</summary>
public class RandomExpressionTests
{
    private static readonly Symbol X = Symbol.Of("x"), Y = Symbol.Of("y");

    [Fact]
    public void The_canonical_form_has_the_value_of_the_expression_as_written_wherever_that_is_defined()
    {
        int compared = 0, all = 0;
        RandomExpressions.Check(RandomExpressions.All, 5000, naive =>
        {
            if (TryBuild(naive) is not { } built)
                return true;
            foreach ((double x, double y) in RandomExpressions.Points)
            {
                all++;
                Rounded expected = naive.Evaluate(x, y);
                if (!double.IsFinite(expected.Value) || !(expected.Error < 1e-5 * (1 + Math.Abs(expected.Value))))
                    continue;
                compared++;
                double value = built.Evaluate(new Dictionary<Expression, double> { [X] = x, [Y] = y });
                if (!(Math.Abs(value - expected.Value) <= 50 * expected.Error + 1e-300))
                    throw new InvalidOperationException($"{naive} is {expected} at ({x}, {y}), but {built} is {value}.");
            }

            return true;
        });
        // Most values exist, or the test would say nothing.
        Assert.True(compared > all / 3, $"only {compared} of {all} values were compared");
    }

    [Property(MaxTest = 2500, Replay = RandomExpressions.Seed, EndSize = 60, Arbitrary = [typeof(AnyExpression)])]
    public bool Plain_text_reads_back_as_the_same_object(NaiveExpression naive)
    {
        Expression built = naive.Build();
        return ReferenceEquals(ExpressionParser.Parse(built.ToString(), "x", "y"), built);
    }

    [Property(MaxTest = 1500, Replay = RandomExpressions.Seed, EndSize = 60, Arbitrary = [typeof(AnyExpression)])]
    public bool Text_with_every_bracket_is_read_as_the_expression_that_it_spells(NaiveExpression naive) => ReferenceEquals(ExpressionParser.Parse(naive.Text(), "x", "y"), naive.Build());

    [Property(MaxTest = 1500, Replay = RandomExpressions.Seed, EndSize = 60, Arbitrary = [typeof(ExpressionForOtherSystems)])]
    public bool AngouriMath_syntax_reads_back_as_the_same_object(NaiveExpression naive)
    {
        Expression built = naive.Build();
        return Same(ExpressionParser.Parse(ExpressionPrinter.Print(built, AngouriMathStyle.Instance), Dialect.AngouriMath, "x", "y"), built);
    }

    [Property(MaxTest = 1500, Replay = RandomExpressions.Seed, EndSize = 60, Arbitrary = [typeof(ExpressionForOtherSystems)])]
    public bool MathNet_Symbolics_syntax_reads_back_as_the_same_object(NaiveExpression naive)
    {
        Expression built = naive.Build();
        return Same(ExpressionParser.Parse(ExpressionPrinter.Print(built, MathNetSymbolicsStyle.Instance), Dialect.MathNetSymbolics, "x", "y"), built);
    }

    [Fact]
    public void Derivatives_agree_with_differences_of_eighth_order()
    {
        int compared = 0;
        RandomExpressions.Check(RandomExpressions.All, 1500, naive =>
        {
            if (TryBuild(naive) is not { } built)
                return true;
            const double y = 0.367;
            Func<double, double, double> both = ScalarCompiler.Compile(built, X, Y);
            Func<double, double> function = x => both(x, y);
            Expression slope = built.Differentiate(X);
            foreach (double x in (ReadOnlySpan<double>)[0.713, -0.419, 1.873])
            {
                double coarse = Difference(function, x, 2e-3), fine = Difference(function, x, 1e-3);
                double scale = 1e-6 * (1 + Math.Abs(fine) + Math.Abs(function(x)));
                if (!double.IsFinite(coarse) || !double.IsFinite(fine) || Math.Abs(coarse - fine) > scale || !(naive.Evaluate(x, y).Error < 1e-3))
                    continue; // a kink or a singularity is near, or the value goes through infinity
                double value = slope.Evaluate(new Dictionary<Expression, double> { [X] = x, [Y] = y });
                if (double.IsNaN(value) && fine == 0)
                    continue; // an inner function is saturated: its argument is on the edge of a domain, or of a step
                compared++;
                if (!(Math.Abs(value - fine) <= 10 * scale))
                    throw new InvalidOperationException($"d/dx of {built} at ({x}, {y}) is {fine} by differences, but {slope} is {value}.");
            }

            return true;
        });
        Assert.True(compared > 1500, $"only {compared} derivatives were compared");
    }

    [Property(MaxTest = 500, Replay = RandomExpressions.Seed, EndSize = 60, Arbitrary = [typeof(AnyExpression)])]
    public bool Compiled_delegates_agree_with_the_interpreter_also_where_there_is_no_value(NaiveExpression naive)
    {
        Expression built = naive.Build();
        Func<double, double, double> compiled = ScalarCompiler.Compile(built, X, Y);
        foreach ((double x, double y) in RandomExpressions.Points)
        {
            double interpreted = built.Evaluate(new Dictionary<Expression, double> { [X] = x, [Y] = y }), value = compiled(x, y);
            Rounded expected = naive.Evaluate(x, y);
            bool agree = double.IsNaN(interpreted) ? double.IsNaN(value)
                : value.Equals(interpreted) || Math.Abs(value - interpreted) <= 1e-12 * Math.Abs(interpreted) + (50 * expected.Error);
            if (!agree && expected.Error < 1e-3)
                throw new InvalidOperationException($"{built} at ({x}, {y}) is interpreted as {interpreted} and compiled to {value}.");
        }

        return true;
    }

    // A division by the number 0 has no expression; the naive value is then infinite or not a number.
    private static Expression? TryBuild(NaiveExpression naive)
    {
        try
        {
            return naive.Build();
        }
        catch (DivideByZeroException)
        {
            return null;
        }
    }

    private static bool Same(Expression read, Expression written) =>
        ReferenceEquals(read, written) ? true : throw new InvalidOperationException($"{written} was read back as {read}");

    private static double Difference(Func<double, double> f, double x, double h) =>
        ((672 * (f(x + h) - f(x - h))) - (168 * (f(x + (2 * h)) - f(x - (2 * h))))
            + (32 * (f(x + (3 * h)) - f(x - (3 * h)))) - (3 * (f(x + (4 * h)) - f(x - (4 * h))))) / (840 * h);
}
