namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Sums of products of arrays over components that they have in common.</summary>
internal static class LegContraction
{
    /// <summary>Adds a multiple of a product, summed over all components but those of the result.</summary>
    /// <param name="factor">The multiple.</param>
    /// <param name="arrays">The arrays, the last component running fastest, and the numbers of their components.</param>
    /// <param name="sizes">Of each number how many values it has.</param>
    /// <param name="result">Over the components 0, 1, ..., in this order.</param>
    /// <param name="rank">How many these are.</param>
    public static void Add(double factor, IEnumerable<(double[] Values, int[] Legs)> arrays, IReadOnlyList<int> sizes, double[] result, int rank)
    {
        List<(double[] Values, int[] Legs)> left = [.. arrays];
        while (left.Count > 1)
        {
            // The pair whose product is smallest: what it sums over is gone from then on.
            (int one, int other, int[] legs, double size) best = (-1, -1, [], double.PositiveInfinity);
            for (int one = 0; one < left.Count; one++)
            {
                for (int other = one + 1; other < left.Count; other++)
                {
                    int[] legs = Kept(one, other);
                    double size = legs.Aggregate(1.0, (product, leg) => product * sizes[leg]) / (left[one].Legs.Intersect(left[other].Legs).Any() ? 2 : 1);
                    if (size < best.size)
                        best = (one, other, legs, size);
                }
            }

            (double[] Values, int[] Legs) product = (Product(left[best.one], left[best.other], best.legs, sizes), best.legs);
            left.RemoveAt(best.other);
            left.RemoveAt(best.one);
            left.Add(product);
        }

        double[] values = Product(left[0], ([1], []), [.. Enumerable.Range(0, rank)], sizes);
        for (int at = 0; at < result.Length; at++)
            result[at] += factor * values[at];

        int[] Kept(int one, int other) =>
            [.. left[one].Legs.Union(left[other].Legs).Where(leg => leg < rank || left.Where((_, at) => at != one && at != other).Any(array => array.Legs.Contains(leg))).Order()];
    }

    private static double[] Product((double[] Values, int[] Legs) left, (double[] Values, int[] Legs) right, int[] legs, IReadOnlyList<int> sizes)
    {
        int[] all = [.. legs, .. left.Legs.Union(right.Legs).Except(legs)];
        int[] ofLeft = Strides(all, left.Legs, sizes), ofRight = Strides(all, right.Legs, sizes), ofResult = Strides(all, legs, sizes);
        var result = new double[legs.Aggregate(1, (product, leg) => checked(product * sizes[leg]))];
        Loop(0, 0, 0, 0);
        return result;

        void Loop(int depth, int atLeft, int atRight, int atResult)
        {
            if (depth == all.Length)
            {
                result[atResult] += left.Values[atLeft] * right.Values[atRight];
                return;
            }

            int count = sizes[all[depth]], onLeft = ofLeft[depth], onRight = ofRight[depth], onResult = ofResult[depth];
            if (depth == all.Length - 1)
            {
                for (int at = 0; at < count; at++, atLeft += onLeft, atRight += onRight, atResult += onResult)
                    result[atResult] += left.Values[atLeft] * right.Values[atRight];
                return;
            }

            for (int at = 0; at < count; at++, atLeft += onLeft, atRight += onRight, atResult += onResult)
                Loop(depth + 1, atLeft, atRight, atResult);
        }
    }

    private static int[] Strides(int[] all, int[] legs, IReadOnlyList<int> sizes)
    {
        var strides = new int[all.Length];
        for (int at = legs.Length - 1, stride = 1; at >= 0; stride *= sizes[legs[at]], at--)
            strides[Array.IndexOf(all, legs[at])] += stride;
        return strides;
    }
}
