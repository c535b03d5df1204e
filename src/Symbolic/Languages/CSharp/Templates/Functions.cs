// All terms are positive: no cancellation. Beyond 6 the result is 1 to the last digit.
private static double Erf(double x)
{
    if (Math.Abs(x) > 6)
        return Math.Sign(x);
    double term = x, sum = x;
    for (int k = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); k++)
    {
        term *= 2 * x * x / (2 * k + 1);
        sum += term;
    }

    return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
}

private static double Erfc(double x) => 1 - Erf(x);

private static double NormalDistribution(double x) => (1 + Erf(x / Math.Sqrt(2))) / 2;

private static double ExpMinusOne(double x)
{
    double exponential = Math.Exp(x);
    return Math.Abs(x) > 1 ? exponential - 1 : exponential == 1 ? x : (exponential - 1) * x / Math.Log(exponential);
}

private static double LogOnePlus(double x)
{
    double sum = 1 + x;
    return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
}

private static double Logistic(double x)
{
    double small = Math.Exp(-Math.Abs(x));
    return (x < 0 ? small : 1) / (1 + small);
}

private static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

private static double Relu(double x) => Math.Max(x, 0);

private static double Step(double x) => x > 0 ? 1 : x < 0 ? 0 : 0.5;

private static double Sign(double x) => Math.Sign(x);

private static void PutPair(double[,] array, int a, int b, double value) =>
    array[a, b] = array[b, a] = value;

private static void PutPairs(double[,,,] array, int a, int b, int c, int d, double value) =>
    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value;

private static void PutCovariance(double[,,,] array, int a, int b, int c, int d, double value)
{
    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value;
    array[c, d, a, b] = array[c, d, b, a] = array[d, c, a, b] = array[d, c, b, a] = value;
}

private static Span<double> Flat(Array array) =>
    MemoryMarshal.Cast<byte, double>(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), sizeof(double) * array.Length));
