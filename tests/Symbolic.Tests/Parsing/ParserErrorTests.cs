using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Tests.Parsing;

/// <summary>Whole sentences: what the user reads is part of the product.</summary>
public class ParserErrorTests
{
    private const string Functions = "the variables are x, y, the functions abs, arccos, arcosh, arcsin, arctan, arsinh, artanh, cos, cosh, delta, erf, erfc, exp, expm1, ln, log1p, logistic, Phi, relu, sign, sin, sinh, softplus, sqrt, step, tan, tanh.";

    [Theory]
    [InlineData("erf(x, 1)", 0, "there is 'erf' with 2 arguments, which takes one; write erf(x).")]
    [InlineData("1 + erf", 4, "there is the function 'erf' without its argument; write erf(x).")]
    [InlineData("erf()", 0, "there is the function 'erf' without its argument; write erf(x).")]
    [InlineData("2*(x + 1", 2, "there is a bracket that is never closed.")]
    [InlineData("tanh(x", 4, "there is a bracket of 'tanh' that is never closed.")]
    [InlineData("x + 1)", 5, "there is a closing bracket without an opening one.")]
    [InlineData("x +", 3, "there is the end where a number, a name or a bracket was expected.")]
    [InlineData("", 0, "there is the end where a number, a name or a bracket was expected.")]
    [InlineData("2x", 1, "there is 'x' where an operator or the end was expected; a product is written with *.")]
    [InlineData("2(x + 1)", 1, "there is '(' where an operator or the end was expected; a product is written with *.")]
    [InlineData("2π", 1, "there is 'π' where an operator or the end was expected; a product is written with *.")]
    [InlineData("x provided y", 2, "there is 'p' where an operator or the end was expected.")]
    [InlineData("x**2", 2, "there is '*' where a number, a name or a bracket was expected; a power is written ^.")]
    [InlineData("x²", 1, "there is '²' where an operator or the end was expected; write ^2.")]
    [InlineData("x·y", 1, "there is '·' where an operator or the end was expected; a product is written *.")]
    [InlineData("−x", 0, "there is '−' where a number, a name or a bracket was expected; a minus is written -.")]
    [InlineData("√x", 0, "there is '√' where a number, a name or a bracket was expected; write sqrt(x).")]
    [InlineData("|x|", 0, "there is '|' where a number, a name or a bracket was expected; write abs(x).")]
    [InlineData("0,5*x", 1, "there is ',' where an operator or the end was expected; decimals have a point, such as 0.5.")]
    [InlineData("sin^2(x)", 0, "there is the function 'sin' without its argument; write sin(x)^2 for a power of it.")]
    [InlineData("sec(x)", 0, "there is the unknown function 'sec'; write 1/cos(x).")]
    [InlineData("cbrt(x)", 0, "there is the unknown function 'cbrt'; write x^(1/3).")]
    [InlineData("coth(x)", 0, "there is the unknown function 'coth'; write 1/tanh(x).")]
    [InlineData("x*∞", 2, "there is '∞', which is infinity, no number.")]
    [InlineData("x(y)", 0, "there is 'x' used as a function; write x*(...) for a product.")]
    [InlineData("x/(1 - 1)", 2, "there is a division by zero.")]
    [InlineData("1.2.3", 0, "there is '1.2.3', which is not a number.")]
    [InlineData("x @ y", 2, "there is '@' where an operator or the end was expected.")]
    [InlineData("tnah(x)", 0, "there is the unknown function 'tnah' (did you mean 'tanh'?); " + Functions)]
    [InlineData("tahn(x)", 0, "there is the unknown function 'tahn' (did you mean 'tanh'?); " + Functions)]
    [InlineData("3*q42", 2, "there is the unknown name 'q42'; " + Functions)]
    public void Errors_say_where_what_and_what_would_be_right(string text, int position, string sentence)
    {
        ExpressionSyntaxException error = Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(text, "x", "y"));
        Assert.Equal($"At character {position + 1} of '{text}' {sentence}", error.Message);
        Assert.Equal(position, error.Position);
    }

    [Theory]
    [InlineData("-x^2", "-x^2")]
    [InlineData("2^3^2", "512")]
    [InlineData("2^-1", "1/2")]
    [InlineData("log(x)", "ln(x)")]
    [InlineData("e^x", "exp(x)")]
    [InlineData("π*x", "pi*x")]
    [InlineData("0.05*x - 1.5e-3", "x/20 - 3/2000")]
    [InlineData("sigmoid(x)", "logistic(x)")]
    [InlineData("x - -x", "2*x")]
    public void Arithmetic_is_read_as_it_is_written(string text, string printed) =>
        Assert.Equal(printed, ExpressionParser.Parse(text, "x").ToString());

    [Fact]
    public void A_sign_before_a_power_is_refused_where_MathNet_contradicts_itself()
    {
        Assert.Contains("write brackets", Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse("-x^2", Dialect.MathNetSymbolics, "x")).Message);
        Assert.Equal("y - x^2", ExpressionParser.Parse("y - x^2", Dialect.MathNetSymbolics, "x", "y").ToString());
        Assert.Equal("abs(x - 1)", ExpressionParser.Parse("|x - 1|", Dialect.MathNetSymbolics, "x").ToString());
    }

    [Theory]
    [InlineData("x provided x > 0", "'provided', which is a condition, which our expressions do not carry; leave it out where it may be dropped")]
    [InlineData("x + oo", "'oo', which is infinity")]
    [InlineData("2i*x", "'i', which is the imaginary unit")]
    [InlineData("RR", "'RR', which is a set")]
    public void Words_of_AngouriMath_that_are_no_expression_are_refused_by_what_they_are(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(text, Dialect.AngouriMath, "x")).Message);

    [Theory]
    [InlineData("x*∞", "'∞', which is infinity")]
    [InlineData("j*x", "'j', which is the imaginary unit")]
    public void Words_of_MathNet_that_are_no_expression_are_refused_by_what_they_are(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(text, Dialect.MathNetSymbolics, "x")).Message);

    [Theory]
    [InlineData("2x + 3(x - 1)x^2", "2*x + 3*(x - 1)*x^2")]
    [InlineData("x(x + 1)", "x*(x + 1)")]
    [InlineData("1/2x", "x/2")]
    [InlineData("sec(x)*csc(x) - cot(x)", "1/(cos(x)*sin(x)) - 1/tan(x)")]
    [InlineData("asin(x) + arcsin(x) + acosh(x)", "2*arcsin(x) + arcosh(x)")]
    [InlineData("cbrt(x) + log(x)", "x^(1/3) + ln(x)/ln(10)")]
    public void What_AngouriMath_writes_is_read(string theirs, string ours) =>
        Assert.Same(ExpressionParser.Parse(ours, "x"), ExpressionParser.Parse(theirs, Dialect.AngouriMath, "x"));

    [Theory]
    [InlineData("sin^2(x) - π*cosh^3(x)", "sin(x)^2 - pi*cosh(x)^3")]
    [InlineData("-sin^2(x)", "-sin(x)^2")]
    [InlineData("asin(x) + sec(x)", "arcsin(x) + 1/cos(x)")]
    public void What_MathNet_writes_is_read(string theirs, string ours) =>
        Assert.Same(ExpressionParser.Parse(ours, "x"), ExpressionParser.Parse(theirs, Dialect.MathNetSymbolics, "x"));

    [Theory]
    [InlineData("gramangle(2, x, 3)", "arcsin(x/sqrt(6))")]
    [InlineData("expsinh(x, 2*x)", "exp(x)*sinh(2*x)")]
    [InlineData("softplus(x)", "ln(1 + exp(x))")]
    public void Functions_that_other_systems_lack_are_written_out_by_their_definition(string ours, string meaning)
    {
        Expression written = ExpressionParser.Parse(ExpressionPrinter.Print(ExpressionParser.Parse(ours, "x"), MathNetSymbolicsStyle.Instance), Dialect.MathNetSymbolics, "x");
        Assert.Same(ExpressionParser.Parse(meaning, "x"), written);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("provided")]
    [InlineData("oops")]
    public void Names_that_mean_something_else_in_AngouriMath_are_refused(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<NotSupportedException>(() => ExpressionPrinter.Print(Symbol.Of(name), AngouriMathStyle.Instance)).Message);

    [Theory]
    [InlineData("Infinity")]
    [InlineData("inflow")]
    public void Names_that_mean_something_else_in_MathNet_are_refused(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<NotSupportedException>(() => ExpressionPrinter.Print(Symbol.Of(name), MathNetSymbolicsStyle.Instance)).Message);

    [Fact]
    public void A_hundred_thousand_terms_and_deep_nesting_are_read()
    {
        string many = string.Join(" + ", Enumerable.Range(1, 100_000).Select(i => $"x^{i}"));
        Assert.Equal(100_000, ExpressionParser.Parse(many, "x").Operands.Length);
        string deep = new string('(', 900) + "x" + new string(')', 900);
        Assert.Equal("x", ExpressionParser.Parse(deep, "x").ToString());
        Assert.Contains("nested", Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(new string('(', 2000), "x")).Message);
    }
}
