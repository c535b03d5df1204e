namespace SymbolicEft.Numeric.Expectations;

/// <summary>Fills <paramref name="values"/> with a function's values at <paramref name="points"/> (equal lengths).</summary>
/// <param name="points">Arguments.</param>
/// <param name="values">Receives the value at each argument.</param>
public delegate void BatchFunction(ReadOnlySpan<double> points, Span<double> values);

/// <summary>
/// Fills sigma and its derivatives at many points: <c>values[k * points.Length + n]</c> receives the k-th derivative at
/// the n-th point, for k = 0..<paramref name="highestOrder"/>.
/// </summary>
/// <param name="highestOrder">The highest derivative wanted.</param>
/// <param name="points">Arguments.</param>
/// <param name="values">Receives (highestOrder + 1) rows of points.Length values.</param>
public delegate void BatchDerivatives(int highestOrder, ReadOnlySpan<double> points, Span<double> values);

/// <summary>
/// What the quadratures need to know about an activation: how to evaluate it, how to evaluate those of its derivatives
/// that are functions, and where it is not analytic.
/// </summary>
public sealed partial class ActivationDescription
{
    /// <summary>Describes an activation.</summary>
    /// <param name="name">Name for messages, such as <c>tanh(x)</c>.</param>
    /// <param name="value">sigma(x).</param>
    public ActivationDescription(string name, Func<double, double> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Value = value;
    }

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>sigma(x).</summary>
    public Func<double, double> Value { get; }

    /// <summary>sigma at many points at once; without it <see cref="Value"/> is called point by point.</summary>
    public BatchFunction? Batch { get; init; }

    /// <summary>
    /// The pointwise derivative of order k >= 1, or null where it is not supplied. Without derivatives, expectations of
    /// derivatives are found by integrating by parts onto Hermite polynomials, which loses digits as the kernel goes to
    /// zero or the correlation to +-1.
    /// </summary>
    public Func<int, Func<double, double>?> Derivative { get; init; } = static _ => null;

    /// <summary>
    /// sigma and its derivatives in one sweep, for speed. It must serve every order for which <see cref="Derivative"/>
    /// gives a function, and the two must agree.
    /// </summary>
    public BatchDerivatives? BatchDerivatives { get; init; }

    /// <summary>The points where sigma is not analytic. An analytic activation has none.</summary>
    public IReadOnlyList<Kink> Kinks { get; init; } = [];

    /// <summary>
    /// Assumed accuracy of the delegates: their error at any point, relative to the root mean square of the function
    /// under the Gaussian at hand. The default allows eight units in the last place.
    /// </summary>
    public double EvaluationError { get; init; } = 8 * 1.1102230246251565e-16;

    /// <summary>
    /// The highest order d, at most <paramref name="limit"/>, such that the derivatives of orders 1..d are supplied and
    /// are the whole derivative: no kink hides a delta function in them.
    /// </summary>
    /// <param name="limit">The highest order of interest.</param>
    public int HighestDerivative(int limit)
    {
        foreach (var kink in Kinks) limit = Math.Min(limit, kink.Order);
        var order = 0;
        while (order < limit && Derivative(order + 1) is not null) order++;
        return order;
    }

    /// <summary>By how much a pointwise derivative jumps at a kink, from its values beside it; 0 below the kink's order, or where it is not supplied.</summary>
    /// <param name="kink">The kink.</param>
    /// <param name="order">The order of the derivative, 0 for sigma.</param>
    internal double Jump(Kink kink, int order)
    {
        Func<double, double>? derivative = order < kink.Order ? null : order == 0 ? Value : Derivative(order);
        double aside = Math.Max(Math.Abs(kink.Position) * 4e-15, 1e-200);
        return derivative is null ? 0 : derivative(kink.Position + aside) - derivative(kink.Position - aside);
    }

    /// <summary>Values of sigma and its derivatives up to <paramref name="highestOrder"/>, row by row.</summary>
    internal void Fill(int highestOrder, ReadOnlySpan<double> points, Span<double> values)
    {
        if (highestOrder > 0 && BatchDerivatives is not null)
        {
            BatchDerivatives(highestOrder, points, values);
            return;
        }

        for (var order = 0; order <= highestOrder; order++)
        {
            var row = values.Slice(order * points.Length, points.Length);
            if (order == 0 && Batch is not null)
            {
                Batch(points, row);
                continue;
            }

            var function = order == 0 ? Value : Derivative(order)!;
            for (var n = 0; n < points.Length; n++) row[n] = function(points[n]);
        }
    }
}
