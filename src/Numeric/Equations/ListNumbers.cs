// Gaussian numbers of lists of observables on the stream of a program of layers.
//   ProductInObservables         f f of x = D phi, D fixed: in standard units the coefficients of x are those of phi, at the kernel of x; projected on each block
//   ScaledProductInObservables   E_c = x_c d/dx_c on it. In the frame z of a pair, x_a = L11 z1, x_b = L21 z1 + L22 z2, t = L21/L22:
//                                  E_a = z1 d1 - t z1 d2,   E_b = z2 d2 + t z1 d2,   of one input, or of two that are proportional, z d
//                                  z d he_k = k he_k + sqrt(k(k-1)) he_(k-2),   z1 d2 (he_p he_q) = sqrt(q) (sqrt(p+1) he_(p+1) + sqrt(p) he_(p-1)) he_(q-1)
//   x x itself                   is an observable: D_a D_b of it, E_a E_b with the numbers of its indices
//   OverBlocks, MeanOverTaps     what stands over pairs, for the members of blocks;  CurvatureOfSigmaKernel: block by block

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Modes;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The recipes of lists of observables that only programs of layers need.</summary>
/// <param name="span">The observables and their blocks.</param>
/// <param name="ranges">What the indices count to.</param>
/// <param name="expansionOf">The expansions of all functions at a kernel.</param>
internal sealed class ListNumbers(ObservableSpan span, IndexRanges ranges, Func<double[], ExpansionAt> expansionOf)
{
    private readonly int _pairs = span.Pairs.Length;

    private int Members => ranges.Members[^1];

    /// <summary>The projection of f f on the observables of the blocks.</summary>
    /// <param name="function">The place of f f among the functions; null for x x.</param>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="ofX">The kernel of x.</param>
    /// <param name="projection">In blocks, over members and observables.</param>
    public void Product(int? function, ReadOnlySpan<double> kernel, ReadOnlySpan<double> ofX, Span<double> projection)
    {
        SpanAt here = span.At(kernel);
        ExpansionAt? there = function is null ? null : kernel.SequenceEqual(ofX) ? here.Expansion : expansionOf(ofX.ToArray());
        int place = 0;
        for (int block = 0; block < _pairs; block++)
        {
            for (int member = 0; member < span.Blocks[block].Members.Length; member++)
            {
                int pair = span.Blocks[block].Members[member];
                double[] row = function is null ? KernelIn(block, pair, Scale(pair, kernel, ofX))
                    : ReferenceEquals(there, here.Expansion) && Array.IndexOf(span.Blocks[block].Functions, span.Components(function.Value)[pair]) is >= 0 and var own ? Unit(block, own, 1)
                    : span.Project(block, member, [Coefficients(block, pair, function.Value, there!, here)], here, here, 1)[0];
                row.CopyTo(projection[place..]);
                place += row.Length;
            }
        }
    }

    /// <summary>E_c f f.</summary>
    /// <param name="function">The place of f f among the functions; null for x x.</param>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="ofX">The kernel of x.</param>
    /// <param name="means">E[E_c f f], in blocks, over members and members (c, c).</param>
    /// <param name="projections">The projection of E_c f f, over observables too.</param>
    /// <param name="twice">E[E_c E_d f f], over members, (c, c) and (d, d).</param>
    public void Scaled(int? function, ReadOnlySpan<double> kernel, ReadOnlySpan<double> ofX, Span<double> means, Span<double> projections, Span<double> twice)
    {
        SpanAt here = span.At(kernel);
        ExpansionAt? there = function is null ? null : expansionOf(ofX.ToArray());
        (int startM, int startP, int startT) = (0, 0, 0);
        for (int block = 0; block < _pairs; block++)
        {
            int[] members = span.Blocks[block].Members;
            (int count, int size) = (members.Length, span.Blocks[block].Functions.Length);
            for (int member = 0; member < count; member++)
            {
                int pair = members[member];
                (int a, int b) = span.Pairs[pair];
                bool isLine = here.Dimension(pair) == 1;
                int[] with = [.. (isLine ? [a] : new[] { a, b }).Select(input => Array.IndexOf(members, span.PairOf(input, input)))];
                if (function is null)
                {
                    // The number of indices: 1 for each of two inputs, 2 where they are one.
                    double number = isLine ? 2 : 1;
                    foreach (int c in with)
                    {
                        means[startM + (member * count) + c] = number * ofX[pair];
                        KernelIn(block, pair, number * Scale(pair, kernel, ofX)).CopyTo(projections[(startP + (((member * count) + c) * size))..]);
                        foreach (int d in with)
                            twice[startT + (((member * count) + c) * count) + d] = number * number * ofX[pair];
                    }

                    continue;
                }

                double[] whole = Coefficients(block, pair, function.Value, there!, here);
                double[][] scaled = isLine ? [Line(whole)] : Plane(whole, here.Expansion.Frames[pair]);
                double[][] projected = span.Project(block, member, scaled, here, here, 1);
                for (int c = 0; c < with.Length; c++)
                {
                    means[startM + (member * count) + with[c]] = scaled[c][0];
                    projected[c].CopyTo(projections[(startP + (((member * count) + with[c]) * size))..]);
                    double[][] again = isLine ? [Line(scaled[c])] : Plane(scaled[c], here.Expansion.Frames[pair]);
                    for (int d = 0; d < with.Length; d++)
                        twice[startT + (((member * count) + with[c]) * count) + with[d]] = again[d][0];
                }
            }

            (startM, startP, startT) = (startM + (count * count), startP + (count * count * size), startT + (count * count * count));
        }
    }

    /// <summary>A vector or matrix over pairs as all members see it.</summary>
    public void OverAll(ReadOnlySpan<double> values, bool isMatrix, Span<double> result)
    {
        int[] pairs = [.. span.Blocks.SelectMany(block => block.Members)];
        for (int v = 0; v < pairs.Length; v++)
        {
            if (!isMatrix)
            {
                result[v] = values[pairs[v]];
                continue;
            }

            for (int w = 0; w < pairs.Length; w++)
                result[(v * pairs.Length) + w] = values[(pairs[v] * _pairs) + pairs[w]];
        }
    }

    /// <summary>A matrix over pairs within each block.</summary>
    public void WithinBlocks(ReadOnlySpan<double> values, Span<double> result)
    {
        int place = 0;
        foreach (ObservableBlock block in span.Blocks)
        {
            foreach (int v in block.Members)
            {
                foreach (int w in block.Members)
                    result[place++] = values[(v * _pairs) + w];
            }
        }
    }

    /// <summary>The mean over taps: from the members of a block to those of the block whose inputs are moved.</summary>
    public void MeanOverTaps(IReadOnlyList<int> taps, Span<double> result)
    {
        int inputs = span.Inputs;
        for (int block = 0; block < _pairs; block++)
        {
            (int a, int b) = span.Pairs[block];
            int count = span.Blocks[block].Members.Length;
            foreach (int tap in taps)
            {
                (int movedA, int movedB) = ((a + tap + inputs) % inputs, (b + tap + inputs) % inputs);
                int start = ranges.Members[span.PairOf(movedA, movedB)];
                for (int member = 0; member < count; member++)
                    result[((ranges.Members[block] + member) * Members) + start + (movedA <= movedB ? member : count - 1 - member)] += 1.0 / taps.Count;
            }
        }
    }

    /// <summary>A number of every pair that is quadratic in fluctuations, block by block.</summary>
    /// <param name="covariance">Over members and members.</param>
    /// <param name="ofPairs">From a covariance over pairs and pairs to the numbers of pairs.</param>
    /// <param name="result">Over members.</param>
    public void BlockByBlock(ReadOnlySpan<double> covariance, Func<double[], double[]> ofPairs, Span<double> result)
    {
        var ofBlock = new double[_pairs * _pairs];
        for (int block = 0; block < _pairs; block++)
        {
            Array.Clear(ofBlock);
            int[] members = span.Blocks[block].Members;
            int start = ranges.Members[block];
            for (int v = 0; v < members.Length; v++)
            {
                for (int w = 0; w < members.Length; w++)
                    ofBlock[(members[v] * _pairs) + members[w]] = covariance[((start + v) * Members) + start + w];
            }

            double[] numbers = ofPairs(ofBlock);
            for (int v = 0; v < members.Length; v++)
                result[start + v] = numbers[members[v]];
        }
    }

    // D_a D_b.
    private double Scale(int pair, ReadOnlySpan<double> kernel, ReadOnlySpan<double> ofX)
    {
        (int a, int b) = span.Pairs[pair];
        double Of(ReadOnlySpan<double> values, int input) => values[span.PairOf(input, input)];
        double before = Of(kernel, a) * Of(kernel, b);
        return before == 0 ? 0 : Math.Sqrt(Of(ofX, a) * Of(ofX, b) / before);
    }

    private double[] KernelIn(int block, int pair, double value) => Unit(block, Array.IndexOf(span.Blocks[block].Functions, span.Components(0)[pair]), value);

    private double[] Unit(int block, int place, double value)
    {
        var row = new double[span.Blocks[block].Functions.Length];
        row[place] = value;
        return row;
    }

    // As all functions of a block: those of one input to the order of functions of two.
    private double[] Coefficients(int block, int pair, int function, ExpansionAt at, SpanAt here)
    {
        double[] all = at.Coefficients[span.Components(function)[pair]];
        return here.Dimension(block) == 2 && here.Dimension(pair) == 1 ? ObservableSpan.ToOrderOfTwo(all) : all;
    }

    // z d.
    private static double[] Line(double[] function)
    {
        var result = new double[function.Length];
        for (int k = 0; k < result.Length; k++)
            result[k] = (k * function[k]) + (k + 2 < function.Length ? Math.Sqrt((k + 2.0) * (k + 1)) * function[k + 2] : 0);
        return result;
    }

    // E_a and E_b.
    private static double[][] Plane(double[] function, PairFrame frame)
    {
        double[] first = new double[function.Length], second = new double[function.Length];
        double t = frame.L21 * frame.D;
        int highest = -1;
        while (ProductModes.Length(highest + 1, 2) <= function.Length) highest++;
        static int At(int p, int q) => ProductModes.Offset(p + q, 2) + q;
        for (int order = 0; order <= highest; order++)
        {
            for (int q = 0; q <= order; q++)
            {
                int p = order - q;
                double value = function[At(p, q)];
                if (value == 0)
                    continue;
                first[At(p, q)] += p * value;
                second[At(p, q)] += q * value;
                if (p > 1)
                    first[At(p - 2, q)] += Math.Sqrt(p * (p - 1.0)) * value;
                if (q > 1)
                    second[At(p, q - 2)] += Math.Sqrt(q * (q - 1.0)) * value;
                if (q == 0)
                    continue;
                Mixed(At(p + 1, q - 1), Math.Sqrt(q * (p + 1.0)) * value);
                if (p > 0)
                    Mixed(At(p - 1, q - 1), Math.Sqrt(q * (double)p) * value);
            }
        }

        return [first, second];

        void Mixed(int at, double value)
        {
            first[at] -= t * value;
            second[at] += t * value;
        }
    }
}
