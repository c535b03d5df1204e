// Modes of a pair (a, b) as averages over two neurons count them: for each pair one row over he_A(z), A of all orders 0..k, order by order, as long as that of two dimensions.
// Directions are z1 and z2, or the inputs a and b of the pair themselves; of a pair of an input with itself there is one.
//   Frames        z = N phi, and phi_a, phi_b in z
//   Marks         he_r of order 1 for each direction r, and he_0; 1, but 1/2 for order 1, and for order 0; a and b among the inputs of the pair
//   OverInputs    a matrix over inputs at c, d = a, b
//   Carried       X(P he'_A), P f = E f(alpha phi + eps u)
//   Derivatives   sum_r X_r(d_r he_A),   d_r he_A = sqrt(A_r) he_(A - r)
//   Products      X(z_r he_A) = sqrt(A_r + 1) X(he_(A + r)) + sqrt(A_r) X(he_(A - r))

using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;

namespace SymbolicEft.Numeric.Equations;

/// <summary>Modes of all orders of the pairs.</summary>
/// <param name="layout">The pairs.</param>
/// <param name="highest">k.</param>
/// <param name="highestOfOne">The same of pairs of an input with itself; k if 0.</param>
internal sealed class TwoNeuronModes(ModeLayout layout, int highest, int highestOfOne = 0)
{
    private readonly int _length = ProductModes.Length(highest, 2);
    private readonly SymmetricPower _power = new(Math.Max(2, Math.Max(highest, highestOfOne)));

    /// <summary>The modes of a pair.</summary>
    public int Length => _length;

    /// <summary>The highest order where averages of one neuron have modes.</summary>
    /// <param name="layout">Those modes.</param>
    public static int HighestOf(ModeLayout layout) => Math.Max(2, layout.Orders.LastOrDefault());

    /// <summary>z = N phi; phi_a and phi_b in z.</summary>
    /// <param name="kernel">K0 over pairs, as everywhere here.</param>
    /// <param name="units">N, over pairs, directions and inputs.</param>
    /// <param name="first">phi_a, over pairs and directions.</param>
    /// <param name="second">phi_b.</param>
    public void Frames(ReadOnlySpan<double> kernel, Span<double> units, Span<double> first, Span<double> second)
    {
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            PairFrame frame = Frame(kernel, pair);
            (units[4 * pair], first[2 * pair], second[2 * pair]) = (frame.A, frame.L11, frame.Dimension == 1 ? frame.L11 : frame.L21);
            if (frame.Dimension == 2)
                (units[(4 * pair) + 2], units[(4 * pair) + 3], second[(2 * pair) + 1]) = (frame.B, frame.D, frame.L22);
        }
    }

    /// <summary>The modes of orders 1 and 0, and 1 with halves.</summary>
    /// <param name="first">he_r, over pairs, directions and modes.</param>
    /// <param name="constant">he_0, over pairs and modes.</param>
    /// <param name="halfFirst">1/2 for order 1, else 1.</param>
    /// <param name="halfConstant">1/2 for order 0, else 1.</param>
    /// <param name="inputA">The first input among those of a pair.</param>
    /// <param name="inputB">The second.</param>
    public void Marks(Span<double> first, Span<double> constant, Span<double> halfFirst, Span<double> halfConstant, Span<double> inputA, Span<double> inputB)
    {
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            int start = pair * _length, dimension = layout.Dimension(pair);
            halfFirst.Slice(start, _length).Fill(1);
            halfConstant.Slice(start, _length).Fill(1);
            (constant[start], halfConstant[start], inputA[2 * pair], inputB[(2 * pair) + dimension - 1]) = (1, 0.5, 1, 1);
            for (int r = 0; r < dimension; r++)
                (first[(((2 * pair) + r) * _length) + 1 + r], halfFirst[start + 1 + r]) = (1, 0.5);
        }
    }

    /// <summary>P he'_A in the modes of this layer, applied to a table.</summary>
    /// <param name="kernel">K0.</param>
    /// <param name="next">K0 of the next layer.</param>
    /// <param name="alpha">alpha.</param>
    /// <param name="table">Over pairs and modes, or over pairs, directions and modes.</param>
    /// <param name="result">Of the same shape.</param>
    public void Carried(ReadOnlySpan<double> kernel, ReadOnlySpan<double> next, double alpha, ReadOnlySpan<double> table, Span<double> result)
    {
        int rows = result.Length / (layout.Pairs.Length * _length);
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            PairFrame frame = Frame(kernel, pair), after = Frame(next, pair);
            int dimension = frame.Dimension;
            _power.Start((dimension == 1 ? new Matrix2(frame.L11 * after.A, 0, 0, 0) : frame.ToNext(after)).Scale(alpha), dimension, dimension);
            for (int order = 0; order <= HighestOf(pair); order++)
            {
                _power.Raise(order);
                int at = ProductModes.Offset(order, dimension), count = ModeLayout.Count(order, dimension);
                for (int row = pair * rows; row < (pair + 1) * rows; row++)
                    _power.AddTransposed(table.Slice((row * _length) + at, count), 1, result[((row * _length) + at)..]);
            }
        }
    }

    /// <summary>sum_r X_r(d_r he_A).</summary>
    /// <param name="tables">X_r, over pairs, directions and modes.</param>
    /// <param name="result">Over pairs and modes.</param>
    public void Derivatives(ReadOnlySpan<double> tables, Span<double> result)
    {
        foreach ((int pair, int r, int below, int above, double root) in Steps())
            result[(pair * _length) + above] += root * tables[(((2 * pair) + r) * _length) + below];
    }

    /// <summary>X(z_r he_A).</summary>
    /// <param name="table">X, over pairs and modes.</param>
    /// <param name="result">Over pairs, directions and modes.</param>
    public void Products(ReadOnlySpan<double> table, Span<double> result)
    {
        foreach ((int pair, int r, int below, int above, double root) in Steps())
        {
            result[(((2 * pair) + r) * _length) + below] += root * table[(pair * _length) + above];
            result[(((2 * pair) + r) * _length) + above] += root * table[(pair * _length) + below];
        }
    }

    /// <summary>A function of one input of a pair in the modes of both: he_m(rho z1 + s z2) = sum_j sqrt(binomial(m, j)) rho^(m-j) s^j he_(m-j)(z1) he_j(z2) of the second.</summary>
    /// <param name="function">It in the modes of its input.</param>
    /// <param name="isSecond">Whether it is of the second of two inputs.</param>
    /// <param name="frame">The frame of the pair.</param>
    /// <param name="highest">The highest order.</param>
    /// <param name="result">Cleared.</param>
    public static void OfOneInput(ReadOnlySpan<double> function, bool isSecond, PairFrame frame, int highest, Span<double> result)
    {
        for (int order = 0; order <= highest; order++)
        {
            int start = ProductModes.Offset(order, frame.Dimension);
            if (!isSecond)
            {
                result[start] = function[order];
                continue;
            }

            double binomial = 1;
            for (int j = 0; j <= order; j++)
            {
                result[start + j] = function[order] * Math.Sqrt(binomial) * Math.Pow(frame.Correlation, order - j) * Math.Pow(frame.Complement, j);
                binomial *= (order - j) / (j + 1.0);
            }
        }
    }

    /// <summary>X of the pairs (c, a), (c, b) and (c, d), c and d the inputs of the pair (a, b).</summary>
    /// <param name="table">X over pairs.</param>
    /// <param name="withFirst">Over pairs and inputs.</param>
    /// <param name="withSecond">Over pairs and inputs.</param>
    /// <param name="both">Over pairs and two inputs.</param>
    public void OverInputs(ReadOnlySpan<double> table, Span<double> withFirst, Span<double> withSecond, Span<double> both)
    {
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            (int a, int b) = layout.Pairs[pair];
            for (int c = 0; c < layout.Dimension(pair); c++)
            {
                (withFirst[(2 * pair) + c], withSecond[(2 * pair) + c]) = (table[layout.PairOf(c == 0 ? a : b, a)], table[layout.PairOf(c == 0 ? a : b, b)]);
                for (int d = 0; d < layout.Dimension(pair); d++)
                    both[(4 * pair) + (2 * c) + d] = table[layout.PairOf(c == 0 ? a : b, d == 0 ? a : b)];
            }
        }
    }

    /// <summary>X of the pairs (c, a) and (d, b).</summary>
    /// <param name="table">X over pairs and pairs.</param>
    /// <param name="both">Over pairs and two inputs.</param>
    public void OverInputs(ReadOnlySpan<double> table, Span<double> both)
    {
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            (int a, int b) = layout.Pairs[pair];
            for (int c = 0; c < layout.Dimension(pair); c++)
            {
                for (int d = 0; d < layout.Dimension(pair); d++)
                    both[(4 * pair) + (2 * c) + d] = table[(layout.PairOf(c == 0 ? a : b, a) * layout.Pairs.Length) + layout.PairOf(d == 0 ? a : b, b)];
            }
        }
    }

    private int HighestOf(int pair) => layout.Dimension(pair) == 1 && highestOfOne > 0 ? highestOfOne : highest;

    private PairFrame Frame(ReadOnlySpan<double> kernel, int pair) => ModeNumbers.Frame(kernel, layout.Pairs[pair].First, layout.Pairs[pair].Second, layout.Inputs);

    // he_A and he_(A - r), with sqrt(A_r).
    private IEnumerable<(int Pair, int Direction, int Below, int Above, double Root)> Steps()
    {
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            int dimension = layout.Dimension(pair);
            for (int order = 1; order <= HighestOf(pair); order++)
            {
                int below = ProductModes.Offset(order - 1, dimension), above = ProductModes.Offset(order, dimension);
                for (int j = 0; j < ModeLayout.Count(order, dimension); j++)
                {
                    if (j < order)
                        yield return (pair, 0, below + j, above + j, Math.Sqrt(order - j));
                    if (j > 0)
                        yield return (pair, 1, below + j - 1, above + j, Math.Sqrt(j));
                }
            }
        }
    }
}
