using System.Globalization;
using System.Numerics;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Enclosures;

// Against exact rational arithmetic, 30-digit values, System.Numerics.Complex, and points inside.
public class IntervalTests
{
    [Fact]
    public void Sums_products_and_quotients_hold_the_exact_result_and_are_at_most_one_place_wide()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 20_000; trial++)
        {
            double a = Draw(random), b = Draw(random);
            Holds(Interval.At(a) + Interval.At(b), Rational.Exactly(a) + Rational.Exactly(b), 1);
            Holds(Interval.At(a) - Interval.At(b), Rational.Exactly(a) - Rational.Exactly(b), 1);
            Holds(Interval.At(a) * Interval.At(b), Rational.Exactly(a) * Rational.Exactly(b), 1);
            Holds(Interval.At(b).Inverse(), 1 / Rational.Exactly(b), 6);
            Holds(Interval.At(a).Power(5), Rational.Pow(Rational.Exactly(a), 5), 12);
        }

        static void Holds(Interval interval, Rational exact, int places)
        {
            Assert.True(Rational.Exactly(interval.Low) <= exact && exact <= Rational.Exactly(interval.High), $"[{interval.Low:R}, {interval.High:R}] does not hold {exact.ToDouble():R}");
            double widest = interval.Low;
            for (int place = 0; place < places; place++) widest = Math.BitIncrement(widest);
            Assert.True(interval.High <= widest, $"[{interval.Low:R}, {interval.High:R}] is too wide");
        }
    }

    [Fact]
    public void Signs_of_the_ends_do_not_matter()
    {
        double[] ends = [double.NegativeInfinity, -3, -0.5, -0.0, 0, 0.25, 2, double.PositiveInfinity];
        Interval[] all = [.. ends.SelectMany(low => ends.Where(high => high >= low && !double.IsInfinity(low + high) | low != high).Select(high => new Interval(low, high)))];
        foreach (Interval a in all)
        {
            foreach (Interval b in all)
            {
                foreach (double x in Inside(a))
                {
                    foreach (double y in Inside(b))
                    {
                        Assert.True((a * b).Contains(x * y), $"{a} * {b} does not hold {x} * {y}");
                        Assert.True((a - b).Contains(x - y), $"{a} - {b} does not hold {x} - {y}");
                    }
                }
            }

            foreach (double x in Inside(a).Where(x => x != 0)) Assert.True(a.Inverse().Low <= 1 / x && 1 / x <= a.Inverse().High, $"1/{a} does not hold 1/{x}");
        }

        static double[] Inside(Interval a) => [.. new[] { a.Low, a.High, Math.Max(a.Low, Math.Min(a.High, 0.3)) }.Where(double.IsFinite)];
    }

    [Fact]
    public void Special_functions_hold_their_30_digit_values()
    {
        int checkedValues = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reference", "special_functions.txt")))
        {
            if (line.Split('|') is not [var name, var argument, var value] || ElementaryFunctions.All[name].Enclosure is not { } image) continue;
            double x = double.Parse(argument, CultureInfo.InvariantCulture);
            Interval found = image(ComplexBox.At(x)).Real;
            Rational exact = Rational.Parse(value);
            Assert.True(Rational.Exactly(found.Low) <= exact && exact <= Rational.Exactly(found.High), $"{name}({argument}): [{found.Low:R}, {found.High:R}] does not hold {value}");
            checkedValues++;
        }

        Assert.True(checkedValues > 50);
    }

    [Theory]
    [InlineData("tanh(x)*x - sin(3*x)/(2+cos(x))")]
    [InlineData("exp(-x^2)*erf(x) + softplus(2*x-1)")]
    [InlineData("relu(x-0.3)*abs(x+1)^3 - step(x)*arctan(x)")]
    [InlineData("(1+x^2)^(1/2) + ln(2+sin(x))^(1/3) + Phi(x)*logistic(-x)")]
    [InlineData("arsinh(x) + cosh(x/3) - sinh(x/4)^2 + tan(x/7) + erfc(x) + expm1(x) + log1p(exp(x))")]
    public void Ranges_hold_the_values_inside(string text)
    {
        Symbol x = Symbol.Of("x");
        Expression expression = ExpressionParser.Parse(text, "x");
        EnclosureProgram program = EnclosureProgram.Of(expression, x);
        var random = new Random(2);
        for (int trial = 0; trial < 3000; trial++)
        {
            double centre = (8 * random.NextDouble()) - 4, radius = Math.Pow(10, (-8 * random.NextDouble()) + 0.3);
            Interval range = program.Range(new Interval(centre - radius, centre + radius));
            for (int point = 0; point < 5; point++)
            {
                double at = centre + (radius * ((2 * random.NextDouble()) - 1)), value = expression.Evaluate(new Dictionary<Expression, double> { [x] = at });

                // The value has its own rounding.
                Assert.True(range.Low <= value + (1e-13 * (1 + Math.Abs(value))) && value - (1e-13 * (1 + Math.Abs(value))) <= range.High, $"{text} at {at:R}: {value:R} is not in [{range.Low:R}, {range.High:R}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ComplexFunctions))]
    public void Rectangles_hold_the_complex_values_inside(string name, Func<Complex, Complex> function)
    {
        Func<ComplexBox, ComplexBox> image = ElementaryFunctions.All[name].Enclosure!;
        var random = new Random(3);
        int bounded = 0;
        for (int trial = 0; trial < 20_000; trial++)
        {
            double x = (6 * random.NextDouble()) - 3, y = (3 * random.NextDouble()) - 1.5, width = Math.Pow(10, -3 * random.NextDouble()), height = Math.Pow(10, -3 * random.NextDouble());
            ComplexBox found = image(new(new(x, x + width), new(y, y + height)));
            if (!found.IsBounded) continue;
            bounded++;
            Complex value = function(new(x + (width * random.NextDouble()), y + (height * random.NextDouble())));
            double slack = 1e-12 * (1 + Complex.Abs(value));
            Assert.True(
                found.Real.Low <= value.Real + slack && value.Real - slack <= found.Real.High && found.Imaginary.Low <= value.Imaginary + slack && value.Imaginary - slack <= found.Imaginary.High,
                $"{name} on [{x:R}, {x + width:R}] x [{y:R}, {y + height:R}]: {value} is not in {found}");
        }

        Assert.True(bounded > 5000, $"{name}: only {bounded} images are bounded");
    }

    public static TheoryData<string, Func<Complex, Complex>> ComplexFunctions() => new()
    {
        { "exp", Complex.Exp },
        { "ln", Complex.Log },
        { "sin", Complex.Sin },
        { "cos", Complex.Cos },
        { "tan", Complex.Tan },
        { "sinh", Complex.Sinh },
        { "cosh", Complex.Cosh },
        { "tanh", Complex.Tanh },
        { "logistic", z => 1 / (1 + Complex.Exp(-z)) },
        { "arctan", z => Complex.ImaginaryOne / 2 * (Complex.Log(1 - (Complex.ImaginaryOne * z)) - Complex.Log(1 + (Complex.ImaginaryOne * z))) },
        { "arsinh", z => Complex.Log(z + Complex.Sqrt(1 + (z * z))) },
        { "expm1", z => Complex.Exp(z) - 1 },
        { "log1p", z => Complex.Log(1 + z) },
        { "erf", Erf },
        { "Phi", z => (1 + Erf(z / Math.Sqrt(2))) / 2 },
    };

    [Theory]
    [InlineData("tanh", 0, 1.5707963267948966)]
    [InlineData("logistic", 0, 3.141592653589793)]
    [InlineData("tan", 1.5707963267948966, 0)]
    [InlineData("ln", -1, 0)]
    [InlineData("arctan", 0, 1.2)]
    public void A_rectangle_about_a_singularity_is_not_bounded(string name, double x, double y) =>
        Assert.False(ElementaryFunctions.All[name].Enclosure!(new(new(x - 0.01, x + 0.01), new(y - 0.01, y + 0.01))).IsBounded);

    // The series of erf, far from cancelling for |z| below 5.
    private static Complex Erf(Complex z)
    {
        Complex term = z, sum = z;
        for (int k = 1; k < 200; k++)
        {
            term *= 2 * z * z / ((2 * k) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Complex.Exp(-z * z) * sum;
    }

    private static double Draw(Random random) => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20));
}
