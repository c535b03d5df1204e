// Sines and cosines by products to sums, down to one angle t, and then E[P(x) e^(it)] = e^(i E t - Var t / 2) E[P(x + i Cov(x, t))].
// The complex moments of P are kept as pairs of real expressions. Two waves with centred angles a and b and nothing else:
// E[sin a sin b] = e^(-(Var a + Var b)/2) sinh Cov(a, b), and cosh for two cosines, without the cancellation of the general way.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Sines and cosines: the characteristic function.</summary>
internal sealed class WaveLaw : IGaussianLaw
{
    public string Name => "characteristic function";

    public bool Applies(GaussianTerm term) => term.Waves.Length > 0;

    public Expression? Expect(GaussianTerm term, Func<GaussianTerm, Expression?> others)
    {
        if (term.Steps.Length > 0)
            return null; // an error function of a complex argument
        GaussianVector vector = term.Vector;
        if (term.Waves is [var first, var second] && term.Powers.All(power => power == 0)
            && vector.Mean(first.Component).IsZero && vector.Mean(second.Component).IsZero)
        {
            if (first.IsSine != second.IsSine)
                return Expression.Zero;
            return Expression.Apply(
                first.IsSine ? CompoundFunctions.ExpSinh : CompoundFunctions.ExpCosh,
                term.Exponent - ((vector.Covariance(first.Component, first.Component) + vector.Covariance(second.Component, second.Component)) / 2),
                vector.Covariance(first.Component, second.Component));
        }

        // cos a cos b = (cos(a-b) + cos(a+b))/2 and so on: the product as a sum of single waves.
        var sums = new List<(Rational Weight, int[] Signs, bool IsSine)> { (Rational.One, Signs(0, 1), term.Waves[0].IsSine) };
        for (int at = 1; at < term.Waves.Length; at++)
        {
            var next = new List<(Rational, int[], bool)>();
            foreach ((Rational weight, int[] signs, bool isSine) in sums)
            {
                Rational half = weight / 2;
                int[] plus = With(signs, at, 1), minus = With(signs, at, -1);
                switch (isSine, term.Waves[at].IsSine)
                {
                    case (false, false):
                        next.AddRange([(half, plus, false), (half, minus, false)]);
                        break;
                    case (true, true):
                        next.AddRange([(half, minus, false), (-half, plus, false)]);
                        break;
                    case (true, false):
                        next.AddRange([(half, plus, true), (half, minus, true)]);
                        break;
                    default:
                        next.AddRange([(half, plus, true), (-half, minus, true)]);
                        break;
                }
            }

            sums = next;
        }

        Expression result = Expression.Zero;
        foreach ((Rational weight, int[] signs, bool isSine) in sums)
            result += weight * Single(term, signs, isSine);
        return result;

        int[] Signs(int at, int sign) => With(new int[term.Waves.Length], at, sign);

        static int[] With(int[] signs, int at, int sign)
        {
            int[] result = [.. signs];
            result[at] = sign;
            return result;
        }
    }

    private static Expression Single(GaussianTerm term, int[] signs, bool isSine)
    {
        GaussianVector vector = term.Vector;
        Expression mean = Expression.Zero, variance = Expression.Zero;
        var with = new Expression[vector.Count];
        Array.Fill(with, Expression.Zero);
        for (int k = 0; k < signs.Length; k++)
        {
            int wave = term.Waves[k].Component;
            mean += signs[k] * vector.Mean(wave);
            for (int i = 0; i < vector.Count; i++)
                with[i] += signs[k] * vector.Covariance(i, wave);
            for (int l = 0; l < signs.Length; l++)
                variance += signs[k] * signs[l] * vector.Covariance(wave, term.Waves[l].Component);
        }

        (Expression real, Expression imaginary) = new ComplexMoments(vector, with).Of(term.Powers);
        Expression cosine = Expression.Apply(ElementaryFunctions.Cos, mean), sine = Expression.Apply(ElementaryFunctions.Sin, mean);
        Expression part = isSine ? (real * sine) + (imaginary * cosine) : (real * cosine) - (imaginary * sine);
        return part.Expand() * Expression.Apply(ElementaryFunctions.Exp, term.Exponent - (variance.Expand() / 2));
    }

    // Moments with the means moved by i times a vector.
    private sealed class ComplexMoments(GaussianVector vector, Expression[] imaginary)
    {
        private readonly Dictionary<string, (Expression Real, Expression Imaginary)> _known = new(StringComparer.Ordinal);

        public (Expression Real, Expression Imaginary) Of(int[] powers)
        {
            int i = Array.FindIndex(powers, power => power > 0);
            if (i < 0)
                return (Expression.One, Expression.Zero);
            string key = string.Join(',', powers);
            if (_known.TryGetValue(key, out (Expression Real, Expression Imaginary) before))
                return before;
            int[] less = [.. powers];
            less[i]--;
            (Expression a, Expression b) = Of(less);
            Expression real = (vector.Mean(i) * a) - (imaginary[i] * b), unreal = (vector.Mean(i) * b) + (imaginary[i] * a);
            for (int j = 0; j < less.Length; j++)
            {
                if (less[j] == 0)
                    continue;
                int[] lesser = [.. less];
                lesser[j]--;
                (Expression c, Expression d) = Of(lesser);
                real += less[j] * vector.Covariance(i, j) * c;
                unreal += less[j] * vector.Covariance(i, j) * d;
            }

            return _known[key] = (real.Expand(), unreal.Expand());
        }
    }
}
