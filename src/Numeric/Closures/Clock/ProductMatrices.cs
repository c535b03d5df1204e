// E[he_A F he_B] for a function F of one or two inputs, over the modes of their frame: on nodes, point by point. Of a derivative of F it is, by parts,
//   E[he_A (dF/dz_i) he_B] = sqrt(A_i + 1) E[he_(A + e_i) F he_B] - sqrt(B_i) E[he_A F he_(B - e_i)].

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Matrices of products with modes on both sides.</summary>
/// <param name="functions">All functions.</param>
/// <param name="values">What evaluates their factors.</param>
/// <param name="nodes">The nodes.</param>
/// <param name="rule">The rule of a direction.</param>
/// <param name="spaces">The modes of so many directions up to a degree.</param>
internal sealed class ProductMatrices(SeparableFunctions functions, FactorValues values, DirectionNodes nodes, NodeRule rule, Func<int, int, ModeSpace> spaces)
{
    /// <summary>E[he_A F he_B] over the modes up to a degree, row by row.</summary>
    /// <param name="function">F.</param>
    /// <param name="frame">The frame of its inputs, in their order.</param>
    /// <param name="degree">The degree.</param>
    /// <param name="isEven">Whether F is even, so that half of the first direction is enough; what vanishes then, A and B of different parity, is left undefined.</param>
    public double[] Of(int function, InputFrame frame, int degree, bool isEven)
    {
        int count = spaces(frame.Rank, degree).Count;
        var matrix = new double[count * count];
        double constant = 1;
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            if (frame.Levels[input] == 0)
                constant *= Values(function, frame, input, [0.0])[0];
        }

        if (frame.Rank == 0)
        {
            matrix[0] = constant;
            return matrix;
        }

        var centres = new double[frame.Inputs.Length];
        NodeTable table = nodes.At(frame, 1, centres, rule, degree, isEven);
        double[] first = AtLevel(function, frame, 1, centres, table);
        for (int at = 0; at < first.Length; at++)
            first[at] *= constant;
        if (frame.Rank == 1)
            table.Matrix(first, matrix);
        else
            InTwoDirections(first, table, SecondMatrices(function, frame, table, degree), degree, matrix);
        return matrix;
    }

    /// <summary>The matrix of dF/dx for an input, over modes up to one degree less.</summary>
    /// <param name="matrix">That of F, over modes up to a degree.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="place">The input's place in the frame.</param>
    /// <param name="degree">The degree.</param>
    public double[] Differentiated(double[] matrix, InputFrame frame, int place, int degree)
    {
        ModeSpace space = spaces(frame.Rank, degree);
        int wide = space.Count, count = spaces(frame.Rank, degree - 1).Count;
        var result = new double[count * count];
        var lowered = new (int Place, double Root)[count];
        for (int axis = 0; axis < frame.Rank; axis++)
        {
            double slope = frame.Inverse[axis, place];
            for (int column = 0; column < count; column++)
                lowered[column] = space.Lowered(column, axis) is >= 0 and var below ? (below, slope * space.Root(column, axis)) : (0, 0);
            for (int row = 0; row < count && slope != 0; row++)
            {
                double raised = slope * space.Root(space.Raised(row, axis), axis);
                VectorSums.AddMultiple(matrix.AsSpan(space.Raised(row, axis) * wide, count), raised, result.AsSpan(row * count, count));
                ReadOnlySpan<double> from = matrix.AsSpan(row * wide, wide);
                Span<double> to = result.AsSpan(row * count, count);
                for (int column = 0; column < to.Length; column++)
                    to[column] -= lowered[column].Root * from[lowered[column].Place];
            }
        }

        return result;
    }

    private double[] Values(int function, InputFrame frame, int input, ReadOnlySpan<double> points)
    {
        double[][] target = [new double[points.Length]];
        values.Fill(points, [functions.Functions[function].Factors[frame.Inputs[input]]], target);
        return target[0];
    }

    private double[] AtLevel(int function, InputFrame frame, int level, double[] centres, NodeTable table)
    {
        var product = new double[table.Count];
        Array.Fill(product, 1);
        for (int input = 0; input < frame.Inputs.Length; input++)
        {
            if (frame.Levels[input] != level)
                continue;
            double[] points = [.. table.Nodes.Select(node => centres[input] + (frame.Root[input, level - 1] * node))];
            double[] here = Values(function, frame, input, points);
            for (int at = 0; at < product.Length; at++)
                product[at] *= here[at];
        }

        return product;
    }

    // E[he_i F he_j] over the second direction, for i <= j, on the nodes of the first; F the product of the factors of that direction.
    private double[] SecondMatrices(int function, InputFrame frame, NodeTable first, int degree)
    {
        int size = degree + 1, pairs = size * (size + 1) / 2, count = first.Count;
        double[] result = new double[pairs * count], sums = new double[pairs], centres = new double[frame.Inputs.Length], row = [];
        for (int node = 0; node < count; node++)
        {
            for (int input = 0; input < centres.Length; input++)
                centres[input] = frame.Root[input, 0] * first.Nodes[node];
            NodeTable table = nodes.At(frame, 2, centres, rule, degree);
            double[] second = AtLevel(function, frame, 2, centres, table);
            if (row.Length < table.Count)
                row = new double[table.Count];
            for (int one = 0, pair = 0; one < size; pair += size - one, one++)
            {
                for (int at = 0; at < table.Count; at++)
                    row[at] = second[at] * table.Table[one][at];
                for (int other = one; other < size; other++)
                    sums[pair + other - one] = VectorSums.Dot(row.AsSpan(0, table.Count), table.Table[other]);
            }

            for (int pair = 0; pair < pairs; pair++)
                result[(pair * count) + node] = sums[pair];
        }

        return result;
    }

    private void InTwoDirections(double[] first, NodeTable table, double[] seconds, int degree, double[] matrix)
    {
        int count = table.Count, size = degree + 1, pair = 0;
        double[] row = new double[count], sums = new double[size * size];
        ModeSpace plane = spaces(2, degree);
        for (int one = 0; one < size; one++)
        {
            for (int other = one; other < size; other++, pair++)
            {
                for (int at = 0; at < count; at++)
                    row[at] = first[at] * seconds[(pair * count) + at];

                // Products of orders that are symmetric in themselves, as far as they are needed.
                int most = size - one, least = size - other;
                for (int left = 0; left < most; left++)
                {
                    int until = Math.Min(left + 1, least);
                    VectorSums.Dots(row, table.Products.AsSpan(left * size * count), count, sums.AsSpan(left * size, until));
                }

                for (int left = 0; left < most; left++)
                {
                    for (int right = 0; right < least; right++)
                    {
                        double value = sums[(Math.Max(left, right) * size) + Math.Min(left, right)];
                        int from = plane.InPlane(left, one), to = plane.InPlane(right, other);
                        matrix[(from * plane.Count) + to] = matrix[(to * plane.Count) + from] = value;
                    }
                }
            }
        }
    }
}
