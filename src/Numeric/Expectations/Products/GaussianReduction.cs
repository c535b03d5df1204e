namespace SymbolicEft.Numeric.Expectations;

/// <summary>What can be said of a product of Gaussian factors before anything is integrated.</summary>
internal static class GaussianReduction
{
    // Gauss-Hermite nodes for magnitudes: an order of magnitude is wanted, and a few per cent are had.
    private const int CoarseNodes = 10;

    /// <summary>Without variables of variance 0, and without variables that are multiples of others.</summary>
    public static (List<GaussianFactor> Factors, double[,] Kernel, double Constant) Reduce(IReadOnlyList<GaussianFactor> factors, double[,] kernel)
    {
        var constant = 1.0;
        var kept = new List<int>();
        var reduced = new List<GaussianFactor>();
        for (var j = 0; j < factors.Count; j++)
        {
            if (kernel[j, j] == 0)
            {
                constant *= factors[j].Function(0);
                continue;
            }

            var same = kept.FindIndex(i => KernelBlock.Factorise(kernel[i, i], kernel[i, j], kernel[j, j]).Complement == 0);
            if (same >= 0)
            {
                reduced[same] = reduced[same].Times(factors[j], kernel[kept[same], j] / kernel[kept[same], kept[same]]);
                continue;
            }

            kept.Add(j);
            reduced.Add(factors[j]);
        }

        return (reduced, Part(kernel, [.. kept]), constant);
    }

    /// <summary>The rows and columns of some variables.</summary>
    public static double[,] Part(double[,] kernel, int[] variables)
    {
        var part = new double[variables.Length, variables.Length];
        for (var i = 0; i < variables.Length; i++)
        {
            for (var j = 0; j < variables.Length; j++) part[i, j] = kernel[variables[i], variables[j]];
        }

        return part;
    }

    /// <summary>Groups of variables that are correlated, directly or through others; each in increasing order.</summary>
    public static List<int[]> IndependentBlocks(double[,] kernel)
    {
        var count = kernel.GetLength(0);
        var blocks = new List<int[]>();
        var taken = new bool[count];
        for (var start = 0; start < count; start++)
        {
            if (taken[start]) continue;
            List<int> block = [start];
            taken[start] = true;
            for (var at = 0; at < block.Count; at++)
            {
                for (var other = 0; other < count; other++)
                {
                    if (taken[other] || kernel[block[at], other] == 0) continue;
                    taken[other] = true;
                    block.Add(other);
                }
            }

            block.Sort();
            blocks.Add([.. block]);
        }

        return blocks;
    }

    /// <summary>E|product|, by a few Gauss-Hermite nodes in each direction.</summary>
    public static double Magnitude(GaussianFactor[] factors, double[,] kernel)
    {
        var count = factors.Length;
        var rule = GaussHermiteRule.Of(CoarseNodes);
        var root = Cholesky(kernel);
        var z = new double[count];
        return Sum(0);

        double Sum(int at)
        {
            if (at == count) return 1;
            var sum = 0.0;
            for (var n = 0; n < CoarseNodes; n++)
            {
                z[at] = rule.Nodes[n];
                var x = 0.0;
                for (var k = 0; k <= at; k++) x += root[at, k] * z[k];
                var value = Math.Abs(factors[at].Function(x));
                if (value > 0 && double.IsFinite(value)) sum += rule.Weights[n] * value * Sum(at + 1);
            }

            return sum;
        }
    }

    private static double[,] Cholesky(double[,] kernel)
    {
        var count = kernel.GetLength(0);
        var root = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = kernel[i, j];
                for (var k = 0; k < j; k++) rest -= root[i, k] * root[j, k];
                root[i, j] = i == j ? Math.Sqrt(Math.Max(rest, 0)) : root[j, j] > 1e-7 * Math.Sqrt(kernel[j, j]) ? rest / root[j, j] : 0;
            }
        }

        return root;
    }
}
