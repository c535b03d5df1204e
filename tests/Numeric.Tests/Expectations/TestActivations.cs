using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>Activations written out by hand, with derivatives, independent of the symbolic layer.</summary>
internal static class TestActivations
{
    /// <summary>tanh with derivatives as polynomials in t = tanh x: d/dx P(t) = P'(t) (1 - t^2).</summary>
    public static ActivationDescription Tanh(int derivatives = 8)
    {
        var polynomials = new double[derivatives + 1][];
        polynomials[0] = [0, 1];
        for (var k = 1; k <= derivatives; k++)
        {
            var old = polynomials[k - 1];
            var next = new double[old.Length + 1];
            for (var n = 1; n < old.Length; n++)
            {
                next[n - 1] += n * old[n];
                next[n + 1] -= n * old[n];
            }

            polynomials[k] = next;
        }

        return new ActivationDescription("tanh(x)", Math.Tanh)
        {
            Derivative = k => k > derivatives ? null : x => Horner(polynomials[k], Math.Tanh(x)),
            BatchDerivatives = (highest, points, values) =>
            {
                for (var n = 0; n < points.Length; n++)
                {
                    var t = Math.Tanh(points[n]);
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
