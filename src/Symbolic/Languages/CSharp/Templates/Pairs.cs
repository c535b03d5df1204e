// The table for so many inputs, with what it remembers.
[ThreadStatic]
private static PairTable? latest;

private static PairTable TableFor(int inputs) => latest?.Inputs == inputs ? latest : latest = new(Activation, inputs, HIGHEST);

private static ActivationDescription Activation { get; } = new("sigma(x)", x => SigmaAt(x, 0)) { Derivative = order => order <= HIGHEST ? x => SigmaAt(x, order) : null, BatchDerivatives = FillSigma };

private static double SigmaAt(double x, int order)
{
    Span<double> f = stackalloc double[HIGHEST + 1];
    Sigma(x, f);
    return f[order];
}

// The k-th derivative at the n-th point is values[k * points.Length + n].
private static void FillSigma(int highestOrder, ReadOnlySpan<double> points, Span<double> values)
{
    Span<double> f = stackalloc double[HIGHEST + 1];
    for (int n = 0; n < points.Length; n++)
    {
        Sigma(points[n], f);
        for (int k = 0; k <= highestOrder; k++)
            values[k * points.Length + n] = f[k];
    }
}
