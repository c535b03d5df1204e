using SymbolicEft.Numeric.Closures.Hermite;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>
/// Standard units of a list of inputs at one kernel: x = Root z with z independent, Root lower triangular in the order of the list (Cholesky). An input that
/// those before it determine (equal, opposite, proportional, dependent) adds no direction: its derivatives are those of the inputs that determine it.
/// </summary>
internal sealed class InputFrame
{
    // Below this share of its variance what is left of an input given those before it is the rounding of the kernel.
    private const double SmallestRest = 1e-13;

    private InputFrame(int[] inputs, int rank, double[,] root, double[,] inverse, int[] levels) =>
        (Inputs, Rank, Root, Inverse, Levels) = (inputs, rank, root, inverse, levels);

    /// <summary>The inputs, in order.</summary>
    public int[] Inputs { get; }

    /// <summary>The number of directions.</summary>
    public int Rank { get; }

    /// <summary>x = Root z, one row for each input of the list.</summary>
    public double[,] Root { get; }

    /// <summary>z = Inverse x, one column for each input of the list; 0 for inputs that add no direction.</summary>
    public double[,] Inverse { get; }

    /// <summary>For each input of the list, on how many of the first directions it depends.</summary>
    public int[] Levels { get; }

    /// <summary>The frame of inputs.</summary>
    /// <param name="inputs">The inputs, in order.</param>
    /// <param name="kernel">K over pairs.</param>
    /// <param name="all">N.</param>
    public static InputFrame Of(int[] inputs, ReadOnlySpan<double> kernel, int all)
    {
        int count = inputs.Length, rank = 0;
        double[,] root = new double[count, count], inverse = new double[count, count];
        int[] levels = new int[count], pivots = new int[count];
        for (int row = 0; row < count; row++)
        {
            double variance = kernel[PairIndexing.Of(inputs[row], inputs[row], all)], rest = variance;
            for (int axis = 0; axis < rank; axis++)
            {
                double sum = kernel[PairIndexing.Of(inputs[row], inputs[pivots[axis]], all)];
                for (int before = 0; before < axis; before++)
                    sum -= root[row, before] * root[pivots[axis], before];
                root[row, axis] = sum / root[pivots[axis], axis];
                rest -= root[row, axis] * root[row, axis];
                if (root[row, axis] != 0)
                    levels[row] = axis + 1;
            }

            if (!(rest > SmallestRest * variance))
                continue;
            root[row, rank] = Math.Sqrt(rest);
            inverse[rank, row] = 1 / root[row, rank];
            for (int axis = 0; axis < rank; axis++)
            {
                for (int column = 0; column < row; column++)
                    inverse[rank, column] -= inverse[rank, row] * root[row, axis] * inverse[axis, column];
            }

            pivots[rank] = row;
            levels[row] = ++rank;
        }

        return new(inputs, rank, root, inverse, levels);
    }

    /// <summary>How many times the deviation of an input is what is left of it when the others of the list are given, of that of which least is left.</summary>
    /// <param name="kernel">K over pairs.</param>
    /// <param name="all">N.</param>
    public (int Input, double Times) Closest(ReadOnlySpan<double> kernel, int all)
    {
        (int Input, double Times) closest = (Inputs[0], 1);
        for (int place = 0; place < Inputs.Length; place++)
        {
            // One that is 0 is not close: it has no derivatives, since its kernels are 0 in every network.
            if (kernel[PairIndexing.Of(Inputs[place], Inputs[place], all)] == 0)
                continue;
            double inverse = 0;
            for (int axis = 0; axis < Rank; axis++)
                inverse += Inverse[axis, place] * Inverse[axis, place];
            double times = inverse == 0 ? double.PositiveInfinity : Math.Sqrt(inverse * kernel[PairIndexing.Of(Inputs[place], Inputs[place], all)]);
            if (times > closest.Times)
                closest = (Inputs[place], times);
        }

        return closest;
    }

    /// <summary>E[z z~^T] with another frame whose inputs have all of these: rows of z, columns of z~.</summary>
    public double[,] In(InputFrame wider)
    {
        var map = new double[Rank, wider.Rank];
        for (int input = 0; input < Inputs.Length; input++)
        {
            int place = Array.IndexOf(wider.Inputs, Inputs[input]);
            for (int row = 0; row < Rank; row++)
            {
                for (int column = 0; column < wider.Rank; column++)
                    map[row, column] += Inverse[row, input] * wider.Root[place, column];
            }
        }

        return map;
    }

    /// <summary>From z of this layer to z of the next, with the factor alpha.</summary>
    public double[,] ToNext(InputFrame next, double skip)
    {
        double[,] map = next.In(this);
        for (int row = 0; row < next.Rank; row++)
        {
            for (int column = 0; column < Rank; column++)
                map[row, column] *= skip;
        }

        return map;
    }

    /// <summary>
    /// How the modes turn with the frame in depth time, he' = ... : minus L^-1 dL, dL = L Phi, Phi the lower half of L^-1 dK L^-T with half its diagonal.
    /// </summary>
    /// <param name="change">dK over pairs.</param>
    /// <param name="all">N.</param>
    /// <exception cref="Solving.ComputationException">Inputs determine one another here and not at once after.</exception>
    public double[,] Drift(ReadOnlySpan<double> change, int all)
    {
        int count = Inputs.Length;
        double[,] drift = new double[Rank, Rank];
        for (int row = 0; row < Rank; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double sum = 0;
                for (int left = 0; left < count; left++)
                {
                    for (int right = 0; right < count; right++)
                        sum += Inverse[row, left] * Inverse[column, right] * change[PairIndexing.Of(Inputs[left], Inputs[right], all)];
                }

                drift[row, column] = row == column ? -sum / 2 : -sum;
            }
        }

        // What is determined by other inputs must stay so: x = w x_before with w = Root Inverse.
        for (int input = 0; input < count; input++)
        {
            var weights = new double[count];
            for (int other = 0; other < count; other++)
            {
                for (int axis = 0; axis < Rank; axis++)
                    weights[other] -= Root[input, axis] * Inverse[axis, other];
            }

            weights[input]++;
            double rest = 0, size = 0;
            for (int left = 0; left < count; left++)
            {
                for (int right = 0; right < count; right++)
                {
                    double part = weights[left] * weights[right] * change[PairIndexing.Of(Inputs[left], Inputs[right], all)];
                    rest += part;
                    size += Math.Abs(part);
                }
            }

            if (Array.TrueForAll(weights, weight => Math.Abs(weight) < 1e-9) || Math.Abs(rest) <= 1e-9 * size)
                continue;
            throw FrameDrift.Missing(Inputs[input]);
        }

        return drift;
    }
}
