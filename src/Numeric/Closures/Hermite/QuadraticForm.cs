namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>F1 w1^2 + F12 w1 w2 + F2 w2^2, and its products with binary forms in the basis e_j = sqrt(binomial(k,j)) w1^(k-j) w2^j.</summary>
internal readonly record struct QuadraticForm(double First, double Cross, double Second)
{
    /// <summary>This plus a multiple of another.</summary>
    public QuadraticForm Plus(QuadraticForm other, double factor) =>
        new(First + (factor * other.First), Cross + (factor * other.Cross), Second + (factor * other.Second));

    /// <summary>The form over sqrt2 in the basis e_j of degree 2: the mode he_2(w.z) of what the form is in H_2(w.z).</summary>
    public double[] ToModes() => [First * Math.Sqrt(0.5), Cross * 0.5, Second * Math.Sqrt(0.5)];

    /// <summary>
    /// target += factor sqrt(k(k-1)) (this times lower), with lower of degree k - 2: w1^2 e_j of degree k - 2 is
    /// sqrt((k-j)(k-j-1)/(k(k-1))) e_j of degree k, and so on. A target of length 1 is a form in w1 alone.
    /// </summary>
    public void AddProduct(ReadOnlySpan<double> lower, int degree, double factor, Span<double> target)
    {
        if (target.Length == 1)
        {
            target[0] += factor * Math.Sqrt(degree * (degree - 1.0)) * First * lower[0];
            return;
        }

        for (var j = 0; j <= degree - 2; j++)
        {
            var value = factor * lower[j];
            target[j] += Math.Sqrt((degree - j) * (degree - j - 1.0)) * First * value;
            target[j + 1] += Math.Sqrt((degree - j - 1.0) * (j + 1)) * Cross * value;
            target[j + 2] += Math.Sqrt((j + 1.0) * (j + 2)) * Second * value;
        }
    }
}
