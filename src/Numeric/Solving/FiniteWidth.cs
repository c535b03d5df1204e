// What a solution says of networks of a width: E G = K0 + K1/n + K2/n^2 + ..., n Cov(G, G) = V4 + V4_1/n + ..., cut where they are, not resummed: a Pade
// approximant of two known coefficients has a pole where they have the same sign, and at the widths where it would differ the next order is not known.

using System.Globalization;

namespace SymbolicEft.Numeric.Solving;

/// <summary>The expansions in 1/n of the mean and of the covariance of G, by the names that tensors of a solution have.</summary>
public static class FiniteWidth
{
    // Of what vanishes, such as V4 of a kernel that a norm fixes.
    private const double Rounding = 1e-13;

    /// <summary>The tensor of the mean at a power of 1/n: K0, K1, K2, ...</summary>
    /// <param name="power">The power.</param>
    public static string Mean(int power) => "K" + power.ToString(CultureInfo.InvariantCulture);

    /// <summary>The tensor of n Cov(G, G) at a power of 1/n: V4, V4_1, V4_2, ...</summary>
    /// <param name="power">The power.</param>
    public static string Covariance(int power) => power == 0 ? "V4" : "V4_" + power.ToString(CultureInfo.InvariantCulture);

    /// <summary>E G to n^-(order + 1).</summary>
    /// <param name="component">A component of a tensor by the tensor's name.</param>
    /// <param name="order">The powers of 1/n beyond the leading one.</param>
    /// <param name="width">n.</param>
    public static double MeanAt(Func<string, double> component, int order, double width) => Sum(power => component(Mean(power)), order + 1, width);

    /// <summary>n (E G - K0) to n^-order.</summary>
    /// <param name="component">A component of a tensor by the tensor's name.</param>
    /// <param name="order">The powers of 1/n beyond the leading one.</param>
    /// <param name="width">n.</param>
    public static double ShiftAt(Func<string, double> component, int order, double width) => Sum(power => component(Mean(power + 1)), order, width);

    /// <summary>n Cov(G, G) to n^-order.</summary>
    /// <param name="component">A component of a tensor by the tensor's name.</param>
    /// <param name="order">The powers of 1/n beyond the leading one.</param>
    /// <param name="width">n.</param>
    public static double CovarianceAt(Func<string, double> component, int order, double width) => Sum(power => component(Covariance(power)), order, width);

    /// <summary>The powers of 1/n beyond the leading one that a solution has.</summary>
    /// <param name="has">Whether it has a tensor.</param>
    public static int Order(Func<string, bool> has)
    {
        int order = 0;
        while (has(Covariance(order + 1)) && has(Mean(order + 2)))
            order++;
        return order;
    }

    /// <summary>The width at which the next coefficient adds a tenth of what the one before is; null where that is 0 but for rounding, and has no relative size.</summary>
    /// <param name="next">The coefficient of the next power of 1/n.</param>
    /// <param name="before">The coefficient before it.</param>
    /// <param name="scale">Of which size it would be: K0 for means, its square for covariances.</param>
    public static double? TenthAt(double next, double before, double scale) => Math.Abs(before) <= Rounding * scale ? null : 10 * Math.Abs(next / before);

    private static double Sum(Func<int, double> coefficient, int last, double width)
    {
        double sum = 0;
        for (int power = last; power >= 0; power--)
            sum = coefficient(power) + (sum / width);
        return sum;
    }
}
