// Derivatives of powers of sigma at many points, from those of sigma by Leibniz, one factor sigma after another.

using System.Numerics;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Evaluates the functions of one input of which others are products.</summary>
/// <param name="sigma">The activation.</param>
/// <param name="functions">The functions.</param>
internal sealed class FactorValues(ActivationDescription sigma, SeparableFunctions functions)
{
    private double[] _sigma = [];

    /// <summary>Each of some factors on some points.</summary>
    /// <param name="points">The points.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="values">For each factor its values.</param>
    public void Fill(ReadOnlySpan<double> points, IReadOnlyList<int> factors, double[][] values)
    {
        int count = points.Length, most = 0;
        for (int at = 0; at < factors.Count; at++)
            most = Math.Max(most, functions.Factors[factors[at]].Derivative);
        if (_sigma.Length < (most + 1) * count)
            _sigma = new double[(most + 1) * count];
        Span<double> derivatives = _sigma.AsSpan(0, (most + 1) * count);
        sigma.Fill(most, points, derivatives);
        for (int each = 0; each < factors.Count; each++)
        {
            InputFactor factor = functions.Factors[factors[each]];
            Span<double> target = values[each].AsSpan(0, count);
            if (factor.Derivative == 0)
            {
                if (factor.Sigmas > 0)
                    derivatives[..count].CopyTo(target);
                else
                    target.Fill(1);
                for (int power = 1; power < factor.Sigmas; power++)
                    Multiply(derivatives[..count], target);
            }
            else
            {
                OfPower(factor, derivatives, count).AsSpan(factor.Derivative * count, count).CopyTo(target);
            }

            for (int power = 0; power < factor.Power; power++)
                Multiply(points, target);
        }
    }

    private static void Multiply(ReadOnlySpan<double> by, Span<double> target)
    {
        int lanes = Vector<double>.Count, at = 0;
        for (; at <= target.Length - lanes; at += lanes)
            (new Vector<double>(target[at..]) * new Vector<double>(by[at..])).CopyTo(target[at..]);
        for (; at < target.Length; at++)
            target[at] *= by[at];
    }

    // All derivatives of sigma^m up to the one wanted, order by order.
    private static double[] OfPower(InputFactor factor, ReadOnlySpan<double> sigma, int count)
    {
        int rows = factor.Derivative + 1;
        double[] product = sigma[..(rows * count)].ToArray();
        for (int power = 1; power < factor.Sigmas; power++)
        {
            var next = new double[product.Length];
            for (int order = 0; order < rows; order++)
            {
                double choose = 1;
                for (int left = 0; left <= order; left++)
                {
                    for (int at = 0; at < count; at++)
                        next[(order * count) + at] += choose * product[(left * count) + at] * sigma[((order - left) * count) + at];
                    choose = choose * (order - left) / (left + 1);
                }
            }

            product = next;
        }

        return product;
    }
}
