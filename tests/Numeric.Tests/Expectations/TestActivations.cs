using MathNet.Numerics;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>Activations written out by hand, with derivatives, independent of the symbolic layer.</summary>
internal static class TestActivations
{
    /// <summary>tanh with derivatives as polynomials in t = tanh x: d/dx P(t) = P'(t) (1 - t^2).</summary>
    public static ActivationDescription Tanh(int derivatives = 8) => Polynomial("tanh(x)", Math.Tanh, 1, 0, -1, derivatives);

    /// <summary>The activation of a name in the reference file.</summary>
    public static ActivationDescription Named(string name) => name switch
    {
        "tanh" => Tanh(),
        "sigmoid" => With("sigmoid(x)", Logistic, AccurateLogistics),
        "softplus" => With("softplus(x)", x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))), Logistics(0)),
        "silu" => With("silu(x)", x => x * Logistic(x), Silus()),
        "gelu" => With("gelu(x)", x => x * NormalDistribution(x), k => x => x * Phi(x, k) + k * Phi(x, k - 1)),
        "erf" => With("erf(x)", SpecialFunctions.Erf, k => x => 2 * Math.Pow(Math.Sqrt(2), k) * Phi(Math.Sqrt(2) * x, k)),
        "sin" => With("sin(x)", Math.Sin, k => x => (k % 4) switch { 0 => Math.Sin(x), 1 => Math.Cos(x), 2 => -Math.Sin(x), _ => -Math.Cos(x) }),
        "exp" => With("exp(x)", Math.Exp, _ => Math.Exp),
        "relu" => Kinked("relu(x)", x => Math.Max(x, 0), x => x > 0 ? 1 : 0, 1),
        "abs" => Kinked("abs(x)", Math.Abs, x => Math.Sign(x), 1),
        "sign" => Kinked("sign(x)", x => Math.Sign(x), null, 0),
        _ => throw new ArgumentException(name),
    };

    private static ActivationDescription With(string name, Func<double, double> value, Func<int, Func<double, double>?> derivative) =>
        new(name, value) { Derivative = derivative };

    private static ActivationDescription Kinked(string name, Func<double, double> value, Func<double, double>? derivative, int order) =>
        new(name, value) { Derivative = k => k == 1 ? derivative : null, Kinks = [new Kink(0, order)] };

    /// <summary>s' and s'' as products: the polynomial s - 3 s^2 + 2 s^3 has no digits left near x = 0, where s'' = -x/8.</summary>
    private static Func<double, double>? AccurateLogistics(int k) => k switch
    {
        1 => x => Logistic(x) * Logistic(-x),
        2 => x => -Logistic(x) * Logistic(-x) * Math.Tanh(0.5 * x),
        _ => null,
    };

    /// <summary>ln(1 + x) without loss for small x (Kahan).</summary>
    private static double Log1p(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * (x / (1 + x - 1));

    private static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double NormalDistribution(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <summary>The k-th derivative of the normal distribution function.</summary>
    private static double Phi(double x, int k)
    {
        if (k == 0) return NormalDistribution(x);
        var (before, now) = (0.0, Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
        for (var m = 0; m < k - 1; m++) (before, now) = (now, -x * now - m * before);
        return now;
    }

    private static Func<int, Func<double, double>?> Logistics(int shift)
    {
        var logistic = Polynomial("sigmoid(x)", Logistic, 0, 1, -1, 10);
        return k => k + shift == 1 ? Logistic : logistic.Derivative(k + shift - 1);
    }

    private static Func<int, Func<double, double>?> Silus()
    {
        var logistic = Logistics(1);
        return k => k > 8 ? null : x => x * logistic(k)!(x) + k * (k == 1 ? Logistic(x) : logistic(k - 1)!(x));
    }

    /// <summary>A function with t' = a + b t + c t^2.</summary>
    private static ActivationDescription Polynomial(string name, Func<double, double> value, double a, double b, double c, int derivatives)
    {
        var polynomials = new double[derivatives + 1][];
        polynomials[0] = [0, 1];
        for (var k = 1; k <= derivatives; k++)
        {
            var old = polynomials[k - 1];
            var next = new double[old.Length + 1];
            for (var n = 1; n < old.Length; n++)
            {
                next[n - 1] += a * n * old[n];
                next[n] += b * n * old[n];
                next[n + 1] += c * n * old[n];
            }

            polynomials[k] = next;
        }

        return new ActivationDescription(name, value)
        {
            Derivative = k => k > derivatives ? null : x => Horner(polynomials[k], value(x)),
            BatchDerivatives = (highest, points, values) =>
            {
                for (var n = 0; n < points.Length; n++)
                {
                    var t = value(points[n]);
                    values[n] = t;
                    for (var k = 1; k <= highest; k++) values[k * points.Length + n] = Horner(polynomials[k], t);
                }
            },
        };
    }

    private static double Horner(double[] coefficients, double t)
    {
        var sum = 0.0;
        for (var n = coefficients.Length - 1; n >= 0; n--) sum = sum * t + coefficients[n];
        return sum;
    }
}
