using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>
/// Covariances of functions of two pairs of inputs by Mehler: Cov(f, g) = sum_k f_k . S_k(C) g_k over the orders k >= 1, with C the
/// correlations of the two frames.
/// </summary>
internal sealed class FrameContraction
{
    // Powers of a correlation below this are 0: beyond it numbers are no longer normal, and many times slower.
    private const double Negligible = 1e-200;

    // Sized for functions of two inputs: to the orders of one input its rows would be far apart, and leave the caches.
    private readonly SymmetricPower _power = new(ObservableExpansion.HighestOfTwo);
    private readonly double[] _powers = new double[ObservableExpansion.HighestOfOne + 1], _moved = new double[ObservableExpansion.HighestOfOne + 1];

    /// <summary>Adds factor * Cov(left_i, right_j) to a matrix.</summary>
    /// <param name="correlations">C, times whatever factor per order is wanted.</param>
    /// <param name="leftDimension">1 or 2.</param>
    /// <param name="rightDimension">1 or 2.</param>
    /// <param name="left">Coefficients of functions of the first pair; may end at a lower order.</param>
    /// <param name="right">Coefficients of functions of the second pair.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="result">Receives the sums at [i, j].</param>
    /// <param name="highest">The highest order that counts.</param>
    public void Add(in Matrix2 correlations, int leftDimension, int rightDimension, double[][] left, double[][] right, double factor, double[,] result, int highest)
    {
        highest = Math.Min(highest, Math.Min(Highest(left, leftDimension), Highest(right, rightDimension)));
        if (correlations == Matrix2.Identity)
            AddInOneFrame(left, right, factor, result, ProductModes.Length(highest, leftDimension));
        else if (leftDimension == 1 && rightDimension == 1)
            AddOnLines(correlations.M11, left, right, factor, result, highest);
        else if (leftDimension == 1)
            AddOnLineAndPlane(correlations, left, right, factor, (line, plane, value) => result[line, plane] += value, highest);
        else if (rightDimension == 1)
            AddOnLineAndPlane(correlations.Transposed(), right, left, factor, (line, plane, value) => result[plane, line] += value, highest);
        else if (left.Length <= right.Length)
            AddOnPlanes(correlations, left, right, factor, (moved, other, value) => result[moved, other] += value, highest);
        else
            AddOnPlanes(correlations.Transposed(), right, left, factor, (moved, other, value) => result[other, moved] += value, highest);
    }

    // Modes of one frame are orthonormal.
    private static void AddInOneFrame(double[][] left, double[][] right, double factor, double[,] result, int length)
    {
        for (var i = 0; i < left.Length; i++)
        {
            for (var j = 0; j < right.Length; j++)
            {
                int common = Math.Min(length, Math.Min(left[i].Length, right[j].Length)) - 1;
                if (common > 0) result[i, j] += factor * VectorSums.Dot(left[i].AsSpan(1, common), right[j].AsSpan(1, common));
            }
        }
    }

    // sum_k c^k f_k g_k.
    private void AddOnLines(double correlation, double[][] left, double[][] right, double factor, double[,] result, int highest)
    {
        double power = 1;
        for (var order = 1; order <= highest; order++)
        {
            power *= correlation;
            if (Math.Abs(power) < Negligible) highest = order - 1;
            else _powers[order] = power;
        }

        for (var i = 0; i < left.Length; i++)
        {
            int count = Math.Min(highest + 1, left[i].Length);
            for (var order = 1; order < count; order++) _moved[order] = factor * left[i][order] * _powers[order];
            for (var j = 0; j < right.Length; j++)
            {
                int common = Math.Min(count, right[j].Length);
                if (common > 1) result[i, j] += VectorSums.Dot(_moved.AsSpan(1, common - 1), right[j].AsSpan(1, common - 1));
            }
        }
    }

    // S_k is one row here.
    private void AddOnLineAndPlane(in Matrix2 correlations, double[][] lines, double[][] planes, double factor, Action<int, int, double> add, int highest)
    {
        _power.Start(correlations, 1, 2);
        for (var order = 1; order <= highest; order++)
        {
            _power.Raise(order);
            int start = ProductModes.Offset(order, 2);
            for (var j = 0; j < planes.Length; j++)
            {
                if (start + order >= planes[j].Length) continue;
                double moved = factor * VectorSums.Dot(_power.FirstRow, planes[j].AsSpan(start, order + 1));
                for (var i = 0; i < lines.Length; i++)
                {
                    if (order < lines[i].Length) add(i, j, lines[i][order] * moved);
                }
            }
        }
    }

    // The functions on the left are moved: the fewer of the two.
    private void AddOnPlanes(in Matrix2 correlations, double[][] left, double[][] right, double factor, Action<int, int, double> add, int highest)
    {
        _power.Start(correlations, 2, 2);
        for (var order = 1; order <= highest; order++)
        {
            _power.Raise(order);
            int start = ProductModes.Offset(order, 2), count = order + 1;
            Span<double> moved = _moved.AsSpan(0, count);
            for (var i = 0; i < left.Length; i++)
            {
                // Of an even or odd function every other order is 0.
                if (start + count > left[i].Length || !left[i].AsSpan(start, count).ContainsAnyExcept(0.0)) continue;
                moved.Clear();
                _power.AddTransposed(left[i].AsSpan(start, count), factor, moved);
                for (var j = 0; j < right.Length; j++)
                {
                    if (start + count <= right[j].Length) add(i, j, VectorSums.Dot(moved, right[j].AsSpan(start, count)));
                }
            }
        }
    }

    private static int Highest(double[][] functions, int dimension)
    {
        var length = 0;
        foreach (double[] function in functions) length = Math.Max(length, function.Length);
        if (dimension == 1) return length - 1;
        var order = -1;
        while (ProductModes.Length(order + 1, dimension) <= length) order++;
        return order;
    }
}
