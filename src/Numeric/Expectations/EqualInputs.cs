namespace SymbolicEft.Numeric.Expectations;

// x_a = x_b = x ~ N(0, K): E[sigma^(i)(x) sigma^(j)(x)] is one-dimensional.
//
// Where sigma^(i) is not a supplied function (i > d), integrate by parts, x = sqrt(K) z:
//   E[f' He_q(z)] = K^{-1/2} E[f He_{q+1}(z)]   gives, with f = sigma^(i-1) sigma^(j),
//   E[sigma^(i) sigma^(j) He_q] = K^{-1/2} E[sigma^(i-1) sigma^(j) He_{q+1}] - E[sigma^(i-1) sigma^(j+1) He_q],
// which ends on supplied derivatives as long as i + j <= 2d. This is what makes E[relu'' relu] = 0 and E[relu'' x]-like
// entries come out although relu'' is a delta function.

/// <summary>Expectations of products of two derivatives at one and the same input.</summary>
internal static class EqualInputs
{
    /// <summary>Values and bounds of all orders; what cannot be computed is left NaN.</summary>
    public static void Evaluate(ActivationSample sample, int maxOrder, Span<double> values, Span<double> bounds)
    {
        for (var i = 0; i <= maxOrder; i++)
        {
            for (var j = i; i + j <= maxOrder; j++)
            {
                var result = i + j <= 2 * sample.Derivatives
                    ? Moment(sample, i, j, 0)
                    : new ApproximateValue(double.NaN, double.NaN);
                values[i * (maxOrder + 1) + j] = values[j * (maxOrder + 1) + i] = result.Value;
                bounds[i * (maxOrder + 1) + j] = bounds[j * (maxOrder + 1) + i] = result.ErrorBound;
            }
        }
    }

    /// <summary>E[sigma^(i) sigma^(j) He_q(x / sqrt K)], He_q monic.</summary>
    private static ApproximateValue Moment(ActivationSample sample, int i, int j, int q)
    {
        if (i < j) (i, j) = (j, i);
        if (i <= sample.Derivatives) return sample.Product(i, j, q);
        var first = Moment(sample, i - 1, j, q + 1);
        var second = Moment(sample, i - 1, j + 1, q);
        var scale = 1 / Math.Sqrt(sample.Kernel);
        var value = first.Value * scale - second.Value;
        var rounding = 4e-16 * (Math.Abs(first.Value) * scale + Math.Abs(second.Value));
        return new ApproximateValue(value, first.ErrorBound * scale + second.ErrorBound + rounding);
    }
}
