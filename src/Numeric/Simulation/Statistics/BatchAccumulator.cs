using System.Globalization;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// A group of samples arrives as G and S over (pair, lane). Rows of u and u^2 over pairs, one row to a sample, are laid out, and the
// tables of products are then small matrix products (rows^T rows), with the samples as inner loop.

/// <summary>Gathers the sums of one batch after another.</summary>
internal interface IBatchAccumulator : IKernelObserver
{
    /// <summary>The sums of the current batch.</summary>
    double[] Sums { get; }

    /// <summary>Starts a batch.</summary>
    void Begin();

    /// <summary>How many lanes of the next group are samples of this run; the rest is ignored.</summary>
    void Expect(int samples);
}

/// <summary>Adds the kernels of groups of samples to the sums of one batch.</summary>
internal sealed class BatchAccumulator : IBatchAccumulator
{
    private readonly SamplingSettings settings;
    private readonly MomentLayout layout;
    private readonly double[][] kernelOrigin;
    private readonly double[][] sigmaOrigin;
    private readonly double[][,]? closure;
    private readonly int lanes;
    private readonly double[][] linear;
    private readonly double[][] square;
    private readonly double[][] chosenLinear;
    private readonly double[][] chosenSquare;
    private int valid;

    public BatchAccumulator(SamplingSettings settings, MomentLayout layout, double[][] kernelOrigin, double[][] sigmaOrigin, double[][,]? closure, int lanes)
    {
        this.settings = settings;
        this.layout = layout;
        this.kernelOrigin = kernelOrigin;
        this.sigmaOrigin = sigmaOrigin;
        this.closure = closure;
        this.lanes = lanes;
        linear = Rows(layout.Fields, lanes * layout.PairStride);
        square = Rows(layout.Fields, lanes * layout.PairStride);
        chosenLinear = Rows(layout.Fields, lanes * layout.ChosenStride);
        chosenSquare = Rows(layout.Fields, lanes * layout.ChosenStride);
        Sums = [];
    }

    public double[] Sums { get; private set; }

    public void Begin() => Sums = new double[layout.Length];

    public void Expect(int samples) => valid = samples;

    public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
        LayOut(kernel, kernelOrigin[record], record, MomentLayout.X);
        if (layout.Fields > MomentLayout.Y) LayOut(sigmaKernel, sigmaOrigin[record], record, MomentLayout.Y);
        if (closure is not null) SubtractClosure(closure[record]);
        for (int field = 0; field < layout.Fields; field++) AddMeans(record, field);
        for (int block = 0; block < layout.Blocks; block++) AddProducts(record, block);
    }

    private static double[][] Rows(int count, int length)
    {
        var rows = new double[count][];
        for (int k = 0; k < count; k++) rows[k] = new double[length];
        return rows;
    }

    private void LayOut(ReadOnlySpan<double> values, double[] origin, int record, int field)
    {
        double[] rows = linear[field];
        for (int pair = 0; pair < layout.Pairs; pair++)
        {
            for (int sample = 0; sample < valid; sample++)
            {
                double value = values[(pair * lanes) + sample];
                if (!double.IsFinite(value)) throw Overflow(settings, record);
                rows[(sample * layout.PairStride) + pair] = value - origin[pair];
            }
        }
    }

    /// <summary>What to say of a sample that is not finite.</summary>
    internal static ArithmeticException Overflow(SamplingSettings settings, int record) => new(string.Create(CultureInfo.InvariantCulture,
        $"The kernel of a sample is not finite at layer {settings.Recorded[record]}: {settings.OverflowReason}."));

    private void SubtractClosure(double[,] matrix)
    {
        for (int sample = 0; sample < valid; sample++)
        {
            int row = sample * layout.PairStride;
            for (int p = 0; p < layout.Pairs; p++)
            {
                double rest = linear[MomentLayout.Y][row + p];
                for (int q = 0; q < layout.Pairs; q++) rest -= matrix[p, q] * linear[MomentLayout.X][row + q];
                linear[MomentLayout.R][row + p] = rest;
            }
        }
    }

    private void AddMeans(int record, int field)
    {
        double[] rows = linear[field], squares = square[field];
        int first = layout.Mean(record, field, 1), second = layout.Mean(record, field, 2), third = layout.Mean(record, field, 3), fourth = layout.Mean(record, field, 4);
        for (int sample = 0; sample < valid; sample++)
        {
            int row = sample * layout.PairStride;
            for (int pair = 0; pair < layout.Pairs; pair++)
            {
                double value = rows[row + pair], valueSquare = value * value;
                squares[row + pair] = valueSquare;
                Sums[first + pair] += value;
                Sums[second + pair] += valueSquare;
                Sums[third + pair] += value * valueSquare;
                Sums[fourth + pair] += valueSquare * valueSquare;
            }

            for (int k = 0; k < layout.Chosen.Length; k++)
            {
                chosenLinear[field][(sample * layout.ChosenStride) + k] = rows[row + layout.Chosen[k]];
                chosenSquare[field][(sample * layout.ChosenStride) + k] = squares[row + layout.Chosen[k]];
            }
        }
    }

    private void AddProducts(int record, int block)
    {
        (int left, int right) = MomentLayout.FieldsOf(block);
        ReadOnlySpan<double> u = chosenLinear[left], uu = chosenSquare[left], v = chosenLinear[right], vv = chosenSquare[right];
        int stride = layout.ChosenStride, width = Vector512<double>.Count;
        for (int p = 0; p < layout.Chosen.Length; p++)
        {
            for (int q = 0; q < stride; q += width)
            {
                Vector512<double> product = default, squareSquare = default, squareLinear = default, linearSquare = default, quartic = default;
                for (int sample = 0, row = 0; sample < valid; sample++, row += stride)
                {
                    Vector512<double> one = Vector512.Create(u[row + p]), two = Vector512.Create(uu[row + p]);
                    Vector512<double> other = Vector512.Create(v.Slice(row + q, width)), otherTwo = Vector512.Create(vv.Slice(row + q, width));
                    product = Vector512.MultiplyAddEstimate(one, other, product);
                    Vector512<double> both = two * otherTwo;
                    squareSquare += both;
                    quartic = Vector512.MultiplyAddEstimate(both, both, quartic);
                    squareLinear = Vector512.MultiplyAddEstimate(two, other, squareLinear);
                    linearSquare = Vector512.MultiplyAddEstimate(one, otherTwo, linearSquare);
                }

                int place = (p * stride) + q;
                Add(layout.Table(record, block, MomentLayout.Product) + place, product);
                Add(layout.Table(record, block, MomentLayout.SquareSquare) + place, squareSquare);
                Add(layout.Table(record, block, MomentLayout.SquareLinear) + place, squareLinear);
                Add(layout.Table(record, block, MomentLayout.LinearSquare) + place, linearSquare);
                Add(layout.Table(record, block, MomentLayout.Quartic) + place, quartic);
            }
        }
    }

    private void Add(int place, Vector512<double> value)
    {
        Span<double> target = Sums.AsSpan(place, Vector512<double>.Count);
        (Vector512.Create<double>(target) + value).CopyTo(target);
    }
}
