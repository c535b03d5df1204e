// A vector or a matrix over pairs, or over some entries for each pair, over inputs.
private static void OverInputs(double[] values, double[,] target, int[]? places = null)
{
    int inputs = target.GetLength(0);
    for (int a = 0; a < inputs; a++)
    {
        for (int b = 0; b < inputs; b++)
        {
            int p = PairIndexing.Of(a, b, inputs);
            target[a, b] = values[places?[p] ?? p];
        }
    }
}

private static void OverInputs(double[,] values, double[,,,] target, int[]? places = null, int[]? columns = null)
{
    int inputs = target.GetLength(0);
    columns ??= places;
    for (int a = 0; a < inputs; a++)
    {
        for (int b = 0; b < inputs; b++)
        {
            int p = PairIndexing.Of(a, b, inputs);
            for (int c = 0; c < inputs; c++)
            {
                for (int d = 0; d < inputs; d++)
                {
                    int q = PairIndexing.Of(c, d, inputs);
                    target[a, b, c, d] = values[places?[p] ?? p, columns?[q] ?? q];
                }
            }
        }
    }
}

private static ActivationDescription Function(string name, params Func<double, double>[] derivatives) =>
    new(name, derivatives[0]) { Derivative = order => order < derivatives.Length ? derivatives[order] : null };
