using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>
/// Covariances of functions of two pairs of inputs by Mehler: Cov(f, g) = sum_k f_k . S_k(C) g_k over the orders k >= 1, with C the
/// correlations of the two frames.
/// </summary>
internal sealed class FrameContraction
{
    private readonly SymmetricPower _power = new(ObservableExpansion.HighestOfOne);
    private readonly double[] _moved = new double[ObservableExpansion.HighestOfOne + 1];

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
        _power.Start(correlations, leftDimension, rightDimension);
        highest = Math.Min(highest, Math.Min(Highest(left, leftDimension), Highest(right, rightDimension)));
        for (var order = 1; order <= highest; order++)
        {
            _power.Raise(order);
            int columns = _power.Columns, rows = _power.Rows;
            for (var i = 0; i < left.Length; i++)
            {
                int start = ProductModes.Offset(order, leftDimension);
                if (start + rows > left[i].Length) continue;
                Span<double> moved = _moved.AsSpan(0, columns);
                moved.Clear();
                _power.AddTransposed(left[i].AsSpan(start, rows), factor, moved);
                for (var j = 0; j < right.Length; j++)
                {
                    int other = ProductModes.Offset(order, rightDimension);
                    if (other + columns > right[j].Length) continue;
                    result[i, j] += HermiteGrid.Dot(moved, right[j].AsSpan(other, columns));
                }
            }
        }
    }

    private static int Highest(double[][] functions, int dimension)
    {
        var length = 0;
        foreach (double[] function in functions) length = Math.Max(length, function.Length);
        var order = -1;
        while (ProductModes.Length(order + 1, dimension) <= length) order++;
        return order;
    }
}
