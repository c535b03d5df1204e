using System.Globalization;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Tests.Expectations.Proofs;

// Pairs of inputs that nearly determine each other are integrated in the plane, with a proof. Their numbers against 25-digit values
// (near_singular_pairs.py), which come from Taylor's series, shifted grids and polar coordinates, with kinks elsewhere than at 0 against 25-digit values
// (near_singular_kinks.py) from closed forms in one of the two directions, and against closed forms over scans of
// correlation and variance; never outside the bound.
public sealed class NearSingularPairTests
{
    private static readonly string[][] Lines = [.. new[] { "near_singular_pairs.txt", "near_singular_kinks.txt" }
        .SelectMany(file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Expectations", "Proofs", file))).Select(line => line.Split('|'))];

    public static TheoryData<string, string> Functions()
    {
        var data = new TheoryData<string, string>();
        foreach ((string kind, string name) in Lines.Select(line => (line[0], line[1])).Distinct()) data.Add(kind, name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Values_are_within_their_bounds(string kind, string name)
    {
        ActivationDescription sigma = Activation.Parse(name).Description;
        var plane = new PlaneIntegrator(sigma, sigma, 20, 1e-12);
        var engines = Enumerable.Range(0, 3).Select(order => new PairExpectationEngine(sigma, order, 1e-12)).ToArray();
        foreach (string[] line in Lines.Where(line => line[0] == kind && line[1] == name))
        {
            int i = int.Parse(line[2], CultureInfo.InvariantCulture), j = int.Parse(line[3], CultureInfo.InvariantCulture);
            double[] numbers = [.. line[4..].Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            (double kaa, double kab, double kbb, double exact) = (numbers[0], numbers[1], numbers[2], numbers[3]);
            if (kind == "pair")
            {
                PairExpectationEngine engine = engines[i + j];
                double[] values = new double[engine.ValuesPerPair], bounds = new double[values.Length];
                engine.Evaluate(kaa, kab, kbb, values, bounds);
                double value = values[engine.IndexOf(i, j)], bound = bounds[engine.IndexOf(i, j)];
                Assert.True(Math.Abs(value - exact) <= bound, $"{string.Join(' ', line)}: {value:R} +- {bound:E1}");
                Assert.True(engine.IsPlaneProved, string.Join(' ', line));
                continue;
            }

            PairFrame frame = PairFrame.Of(kaa, kab, kbb);
            double[] modes = new double[ProductModes.Length(20, 2)];
            plane.Project(frame, modes);
            Assert.Null(plane.Unproved);

            // To 1e-12 of what the modes of the same number of parts are sums of, and rounding; what is integrated by parts has the slope, or the curvature, of sigma.
            int parts = Math.Min(j, 2);
            double found = modes[ProductModes.Offset(i + j, 2) + j], allowed = 2e-12 * Math.Pow(frame.Complement * Math.Sqrt(kbb), parts) * Math.Max(1, sigma.Value(Math.Sqrt(kaa)));
            Assert.True(Math.Abs(found - exact) <= allowed, $"{string.Join(' ', line)}: {found:R}, off by {Math.Abs(found - exact):E1}, {allowed:E1} allowed");
        }
    }

    [Theory]
    [InlineData("erf")]
    [InlineData("gelu")]
    [InlineData("sin(x)")]
    [InlineData("sin(7*x)")]
    [InlineData("relu")]
    [InlineData("leakyrelu")]
    public void Closed_forms_are_within_the_bounds_over_correlations_and_variances(string name)
    {
        ActivationDescription sigma = Activation.Parse(name).Description;
        var engine = new PairExpectationEngine(sigma, 0);
        double[] values = new double[1], bounds = new double[1];
        int known = 0;
        foreach (double variance in (double[])[1e-4, 0.03, 1, 7, 100, 1e4])
        {
            foreach (double ratio in (double[])[1, 1.7])
            {
                for (int k = 1; k <= 14; k++)
                {
                    foreach (int sign in (ReadOnlySpan<int>)[1, -1])
                    {
                        double a = variance, b = variance * ratio, c = sign * (1 - Math.Pow(10, -k)) * Math.Sqrt(a * b);
                        try
                        {
                            engine.Evaluate(a, c, b, values, bounds);
                        }
                        catch (QuadratureException)
                        {
                            // An honest refusal; that most are served is asked for below.
                            continue;
                        }

                        known++;
                        double exact = Exact(name, a, c, b, out double size);
                        Assert.True(Math.Abs(values[0] - exact) <= bounds[0] + (4e-16 * size), FormattableString.Invariant($"{name} at {a}, {c:R}, {b}: {values[0]:R} +- {bounds[0]:E1}, exactly {exact:R}"));
                        Assert.True(bounds[0] <= 1.1e-13 * Math.Max(size, Math.Abs(exact)));
                    }
                }
            }
        }

        Assert.InRange(known, 250, 336);
        if (sigma.Kinks.Count == 0) Assert.True(engine.IsPlaneProved);
    }

    // Of functions with kinks: by Mehler's series, in the plane, and at proportional inputs on a line; the mean of the product against its closed form.
    [Theory]
    [InlineData("relu", 1.0)]
    [InlineData("leakyrelu", 1.0)]
    [InlineData("elu", 1.0)]
    [InlineData("x/(1+abs(x))", 0.95)]
    [InlineData("relu(x+1)-relu(x-1)-1", 1.0)]
    public void Modes_of_kinked_functions_are_proved_at_all_correlations(string name, double furthest)
    {
        FactorModes sigma = new(Activation.Parse(name).Description, 20, 1e-12);
        var products = new ProductModes(sigma, sigma, sigma, 20, 1e-12);
        var modes = new double[ProductModes.Length(20, 2)];
        foreach (double size in (double[])[0.3, 0.88, 0.9, 0.93, 0.95, 0.97, 0.99, 0.9999, 1])
        {
            if (size > furthest && size < 1) continue;
            foreach ((double a, double b) in (ReadOnlySpan<(double, double)>)[(1, 1), (1, 4), (2, 0.5)])
            {
                foreach (int sign in (ReadOnlySpan<int>)[1, -1])
                {
                    double c = sign * size * Math.Sqrt(a * b);
                    products.TwoInputs(PairFrame.Of(a, c, b), a, b, modes);
                    Assert.True(products.UnprovedPlane is null, FormattableString.Invariant($"{name} at {a}, {c}, {b}: {products.UnprovedPlane}"));
                    if (name.EndsWith("relu", StringComparison.Ordinal)) Assert.Equal(Exact(name, a, c, b, out double scale), modes[0], 2e-12 * scale);
                }
            }
        }

        Assert.Null(sigma.Unproved);
    }

    [Theory]
    [InlineData("leakyrelu", 1, -0.01)]
    [InlineData("leakyrelu", -1, -0.01)]
    [InlineData("abs(x)", -1, 1)]
    [InlineData("relu", -1, 0)]
    [InlineData("relu", 1, 0)]
    public void Proportional_inputs_are_one(string name, int sign, double ofSquare)
    {
        // sigma(x) sigma(-r x) = a r x^2, of modes a r K (1 + sqrt2 he_2), and of no others; sigma(x) sigma(r x) is sigma(x)^2 r, whose mode of order 2 is that of (1 + a^2) x^2 on half the line.
        FactorModes sigma = new(Activation.Parse(name).Description, 8, 1e-12);
        var products = new ProductModes(sigma, sigma, sigma, 8, 1e-12);
        var modes = new double[ProductModes.Length(8, 2)];
        foreach ((double a, double b) in (ReadOnlySpan<(double, double)>)[(1, 1), (1, 4), (2, 2)])
        {
            products.TwoInputs(PairFrame.Of(a, sign * Math.Sqrt(a * b), b), a, b, modes);
            double size = Math.Sqrt(a * b), square = sign < 0 ? ofSquare : 0.5 * (1 + (ofSquare * ofSquare));
            for (var k = 0; k <= 8; k++)
            {
                for (var q = 0; q <= k; q++)
                {
                    double found = modes[ProductModes.Offset(k, 2) + q];
                    if (q > 0 || (sign < 0 && k != 0 && k != 2)) Assert.Equal(0, found, 1e-11 * size);
                    else if (k is 0 or 2) Assert.Equal(square * size * (k == 0 ? 1 : Math.Sqrt(2)), found, 1e-11 * size);
                }
            }

            Assert.Null(products.UnprovedPlane);
        }
    }

    // Features that grids have missed: against proofs in the plane by interval arithmetic, panel by panel.
    [Theory]
    [InlineData("x+sin(30*x)/30")]
    [InlineData("1/(1+400*x^2)")]
    [InlineData("tanh(20*x)+x")]
    [InlineData("cos(20*x)*exp(-x^2)")]
    public void Fast_features_are_within_the_bounds(string name)
    {
        ActivationDescription sigma = Activation.Parse(name).Description;
        var engine = new PairExpectationEngine(sigma, 0, 1e-12);
        double[] values = new double[1], bounds = new double[1];
        foreach ((double kaa, double kab, double kbb) in (ReadOnlySpan<(double, double, double)>)[(1, 0.9999, 1), (2, -2.4494, 3)])
        {
            engine.Evaluate(kaa, kab, kbb, values, bounds);
            ExpectationResult proved = GaussianExpectation.Evaluate($"({name})*({name.Replace("exp", "E", StringComparison.Ordinal).Replace("x", "y", StringComparison.Ordinal).Replace("E", "exp", StringComparison.Ordinal)})", new[,] { { kaa, kab }, { kab, kbb } });
            Assert.True(Math.Abs(values[0] - proved.Value) <= bounds[0] + proved.ErrorBound, FormattableString.Invariant($"{name} at {kab}: {values[0]:R} +- {bounds[0]:E1}, proved {proved.Value:R} +- {proved.ErrorBound:E1}"));
            Assert.True(engine.IsPlaneProved);
        }
    }

    // Closed forms, and the size of what they are sums of; differences of products are exact.
    private static double Exact(string name, double a, double c, double b, out double size)
    {
        double Product(double x, double y, double z) => ((Rational.Exactly(x) + Rational.Exactly(a)) * (Rational.Exactly(y) + Rational.Exactly(b)) - (Rational.Exactly(z) * Rational.Exactly(c) * Rational.Exactly(c))).ToDouble();
        double Linear(int sign) => (Rational.Exactly(a) + Rational.Exactly(b) + (Rational.Exactly(2 * sign) * Rational.Exactly(c))).ToDouble();
        double Relu(double of)
        {
            double root = Math.Sqrt(Math.Max(0, Product(0, 0, 1)));
            return (root + (of * Math.Atan2(of, root)) + (of * Math.PI / 2)) / (2 * Math.PI);
        }

        size = Math.Sqrt(a * b);
        switch (name)
        {
            case "relu":
                return Relu(c);
            case "leakyrelu":
                return (1.0001 * Relu(c)) - (0.02 * Relu(-c));
            case "erf":
                size = 1;
                return 2 / Math.PI * Math.Atan2(c, Math.Sqrt(Product(0.5, 0.5, 1)));
            case "gelu":
                double root = Math.Sqrt(Product(1, 1, 1)), density = 1 / (2 * Math.PI * root), both = 0.25 + (Math.Atan2(c, root) / (2 * Math.PI));
                double ofX = c * density / (1 + a), ofY = c * density / (1 + b), slope = (b * density) - (c * ofX);
                return (a * slope) + (c * (both + ofY));
            default:
                double frequency = name == "sin(x)" ? 1 : 7;
                size = Math.Min(1, frequency * frequency * size);
                double exponent = frequency * frequency * c;
                return Math.Abs(exponent) < 0.1
                    ? Math.Exp(-0.5 * frequency * frequency * (a + b)) * exponent * (1 + (exponent * exponent / 6 * (1 + (exponent * exponent / 20 * (1 + (exponent * exponent / 42))))))
                    : 0.5 * (Math.Exp(-0.5 * frequency * frequency * Linear(-1)) - Math.Exp(-0.5 * frequency * frequency * Linear(1)));
        }
    }
}
