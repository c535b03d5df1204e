// Each pair of inputs and its expectations; inputs with equal kernels have equal ones, which are summed once.
private static IEnumerable<(int A, int B, double[] Values)> EachPair(double[,] K0)
{
    int inputs = K0.GetLength(0);
    var known = new Dictionary<(double, double, double, bool), double[]>();
    for (int a = 0; a < inputs; a++)
    {
        for (int b = a; b < inputs; b++)
        {
            (double, double, double, bool) key = (K0[a, a], K0[a, b], K0[b, b], a == b);
            if (!known.TryGetValue(key, out double[]? values))
                known.Add(key, values = Gaussian(K0[a, a], K0[a, b], K0[b, b], a == b));
            yield return (a, b, values);
        }
    }
}

// Both inputs standardised; one dimension where they are one and the same.
private static double[] Gaussian(double kaa, double kab, double kbb, bool same)
{
    if (!(kaa >= 0 && kbb >= 0 && Math.Abs(kab) <= Math.Sqrt(kaa * kbb) * (1 + 1e-12)))
        throw new ArithmeticException(FormattableString.Invariant($"The kernel [[{kaa}, {kab}], [{kab}, {kbb}]] is not a covariance."));
    double rho = same ? 1 : kaa * kbb == 0 ? 0 : Math.Clamp(kab / Math.Sqrt(kaa * kbb), -1, 1);
    double reach = 9;
    double[]? coarse = null;
    for (int level = 2; level <= 8; level++)
    {
        (double[] fine, double[] magnitudes, double[] rims) = Sums(Math.Sqrt(kaa), Math.Sqrt(kbb), rho, same, level, reach);
        bool agree = coarse is not null;
        for (int k = 0; k < fine.Length; k++)
        {
            if (rims[k] > 1e-15 * magnitudes[k] && reach < 36)
            {
                // The integrand grows so fast that its tail counts: start again, further out.
                (reach, level, agree, coarse) = (1.4 * reach, 1, false, null);
                break;
            }

            agree = agree && rims[k] <= 1e-15 * magnitudes[k] && Math.Abs(fine[k] - coarse![k]) <= 1e-10 * magnitudes[k];
        }

        if (agree)
            return fine;
        if (level > 1)
            coarse = fine;
    }

    throw new ArithmeticException(FormattableString.Invariant($"A Gaussian expectation at the kernel [[{kaa}, {kab}], [{kab}, {kbb}]] did not converge on a uniform grid; the activation must be analytic near the real line."));
}

private static (double[] Values, double[] Magnitudes, double[] Rims) Sums(double sqrtA, double sqrtB, double rho, bool same, int level, double reach)
{
    double[] values = new double[COUNT], magnitudes = new double[COUNT], rims = new double[COUNT], point = new double[COUNT];
    double[] f = new double[ORDERS], g = new double[ORDERS];
    double across = Math.Sqrt((1 - rho) * (1 + rho)), step = Math.Pow(2, -level), shift = level * 0.6180339887498949 % 1;
    int last = (int)Math.Ceiling(reach / step);
    for (int p = -last - 1; p <= last; p++)
    {
        double u = (p + shift) * step;
        double outer = step * Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI);
        double x = sqrtA * u;
        Sigma(x, f);
        for (int q = same ? 0 : -last - 1; q <= (same ? 0 : last); q++)
        {
            double v = same ? 0 : (q + shift) * step;
            double square = u * u + v * v;
            if (square > reach * reach)
                continue;
            double weight = same ? outer : outer * step * Math.Exp(-v * v / 2) / Math.Sqrt(2 * Math.PI);
            double y = sqrtB * (rho * u + across * v);
            Sigma(y, g);
            Integrands(x, y, f, g, point);
            bool rim = square > (reach - 0.5) * (reach - 0.5);
            for (int k = 0; k < point.Length; k++)
            {
                double term = weight * point[k], magnitude = Math.Abs(term);
                values[k] += term;
                magnitudes[k] += magnitude;
                if (rim)
                    rims[k] += magnitude;
            }
        }
    }

    return (values, magnitudes, rims);
}
