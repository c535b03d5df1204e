// Gaussian integrals by composite Gauss-Legendre, in deliberately plain code that shares nothing with the library:
//   E[F] = integral du phi(u) integral dv phi(v) F(sqrt(a) u, (b/sqrt(a)) u + s v),  s^2 = c - b^2/a,
// with the outer range cut where the first argument has a kink and the inner where the second has one.

namespace SymbolicEft.Symbolic.Tests.Expectations;

public static class PlainIntegration
{
    private const double Reach = 13;
    private static readonly (double X, double Weight)[] Rule = Legendre(24);

    public static double One(Func<double, double> f, double variance, params double[] kinks) =>
        Integrate(u => Density(u) * f(Math.Sqrt(variance) * u), kinks.Select(kink => kink / Math.Sqrt(variance)));

    public static double Two(Func<double, double, double> f, double a, double b, double c, params double[] kinks)
    {
        double s = Math.Sqrt(c - (b * b / a));
        return Integrate(
            u =>
            {
                double x = Math.Sqrt(a) * u, mean = b / a * x;
                return Density(u) * Integrate(v => Density(v) * f(x, mean + (s * v)), kinks.Select(kink => (kink - mean) / s));
            },
            kinks.Select(kink => kink / Math.Sqrt(a)));
    }

    private static double Density(double u) => Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI);

    private static double Integrate(Func<double, double> f, IEnumerable<double> cuts)
    {
        List<double> borders = [-Reach, Reach, .. cuts.Where(cut => Math.Abs(cut) < Reach)];
        borders.Sort();
        double sum = 0;
        for (int at = 0; at + 1 < borders.Count; at++)
        {
            int pieces = (int)Math.Ceiling((borders[at + 1] - borders[at]) / 1.5);
            double half = (borders[at + 1] - borders[at]) / (2 * Math.Max(1, pieces));
            for (int piece = 0; piece < pieces; piece++)
            {
                double middle = borders[at] + (half * ((2 * piece) + 1));
                foreach ((double x, double weight) in Rule)
                    sum += half * weight * f(middle + (half * x));
            }
        }

        return sum;
    }

    // Roots of the Legendre polynomial by Newton's iteration on its three-term recursion.
    private static (double X, double Weight)[] Legendre(int n)
    {
        var rule = new (double, double)[n];
        for (int i = 0; i < n; i++)
        {
            double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 0;
            for (int step = 0; step < 50; step++)
            {
                double p = 1, before = 0;
                for (int k = 0; k < n; k++)
                    (p, before) = ((((2 * k) + 1) * x * p - k * before) / (k + 1), p);
                slope = n * ((x * p) - before) / ((x * x) - 1);
                x -= p / slope;
            }

            rule[i] = (x, 2 / ((1 - (x * x)) * slope * slope));
        }

        return rule;
    }
}
