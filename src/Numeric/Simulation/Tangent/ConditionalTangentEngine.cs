// A group of networks of a chain of dense layers, with the directions of their tangents integrated (ConditionalTangent). Of a field phi = R z with the tangents' A and B, sums over its neurons i:
//
//   S_ab = s_a s_b,  U_ab = s'_a s'_b,  P_(ae)(bf) = s'_a z_e s'_b z_f,  X_(ca)(db) = s_c s'_a s_d s'_b,  W_cae = s_c s'_a z_e                      s = sigma(phi)
//   E u_a u_b        = B_ab U_ab + A_(ea)(fb) P_(ae)(bf)                        of the tangents read, u_a = s'_a d_a
//   E x_c u_a x_d u_b = B_ab X_(ca)(db) + A_(ea)(fb) W_cae W_dbf = Y
//   Q' = scale (C_b + w S),  D = scale w E u_a u_b + (the layer's own share);  R' = chol Q',  A' = R'^-1 (scale w)^2 Y R'^-T over c and d,  B'_ab = D_ab - A'_(ca)(cb)
//
// Free rows of a pair (a, b), with the covariance K0: T z, T of the plane of rows a and b of R (e1 along r_a, e2 the rest of r_b; where there is none, the unit vectors a and b, as R is
// triangular), the angle between its two rows that of K0 and their bisector that of r_a and r_b: as close to phi as can be. Of an input with itself T = sqrt(K0_aa) e1.

using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Samples the mean of the tangent kernel given everything but directions, for one thread.</summary>
internal sealed unsafe class ConditionalTangentEngine : LaneEngine
{
    private const int VectorsInChunk = 64, Shown = 4;

    private readonly ProgramSettings settings;
    private readonly ConditionalTangent prepared;
    private readonly int inputs;
    private readonly int squared; // N^2
    private readonly int chunk;
    private readonly double[,] initialFactor;
    private readonly int[] packed; // of a pair, in a packed lower triangle
    private readonly int[] diagonals; // of an input, among pairs
    private readonly Vector512<float>* normals;
    private readonly Vector512<float>* phi;
    private readonly Vector512<float>* value;
    private readonly Vector512<float>* slope;
    private readonly Vector512<float>* withNormals;
    private readonly Vector512<float>* withValues;
    private readonly Vector512<float>* free;
    private readonly Vector512<float>* freeSlope;
    private readonly Vector512<float>* freeFactor; // T, columns of free rows x N
    private readonly Vector512<float>* freeSums; // four numbers of each pair
    private readonly Vector512<float>* products;
    private readonly Vector512<float>* slopes;
    private readonly Vector512<float>* ofNormals;
    private readonly Vector512<float>* ofValues;
    private readonly Vector512<float>* crossed;
    private readonly Vector512<float>* factor;
    private readonly Vector512<float>* scratch;
    private readonly Vector512<float>* shared; // A
    private readonly Vector512<float>* single; // B
    private readonly Vector512<float>* joint; // Y
    private readonly Vector512<float>* half;
    private readonly Vector512<float>* covariance; // Q, then D, over pairs
    private readonly Vector512<float>* shown; // what free rows show of each field, four numbers of each pair
    private readonly Vector512<float>* off; // Q and D of each field less those of infinite width, over pairs
    private readonly Vector512<float>* features;
    private readonly Vector512<ulong>* keys;
    private readonly double[] row;
    private SingleLanes lanes;

    public ConditionalTangentEngine(ProgramSettings settings, ConditionalTangent prepared)
    {
        (this.settings, this.prepared) = (settings, prepared);
        inputs = settings.Positions;
        squared = inputs * inputs;
        initialFactor = SemidefiniteCholesky.Factor(settings.InitialKernel);
        int pairs = prepared.Pairs.Length, most = prepared.Coefficients.SelectMany(record => record).Select(each => each.Length).DefaultIfEmpty(0).Max();
        chunk = Math.Max(4, VectorsInChunk / inputs / 4 * 4);
        packed = [.. prepared.Pairs.Select(pair => LaneGram<float, SingleLanes>.Packed(pair.Second, pair.First))];
        diagonals = [.. Enumerable.Range(0, inputs).Select(a => PairIndexing.Of(a, a, inputs))];
        Vector512<float>* Room(int vectors) => (Vector512<float>*)Allocate(vectors);
        normals = Room((chunk * inputs) + 4);
        phi = Room(chunk * inputs);
        value = Room(chunk * inputs);
        slope = Room(chunk * inputs);
        withNormals = Room(chunk * squared);
        withValues = Room(chunk * squared);
        free = Room(chunk * squared);
        freeSlope = Room(chunk * squared);
        freeFactor = Room(squared * inputs);
        freeSums = Room(Shown * pairs);
        products = Room(pairs);
        slopes = Room(pairs);
        ofNormals = Room(PairIndexing.Count(squared));
        ofValues = Room(PairIndexing.Count(squared));
        crossed = Room(squared * inputs);
        factor = Room(pairs);
        scratch = Room(inputs);
        shared = Room(squared * squared);
        single = Room(squared);
        joint = Room(squared * squared);
        half = Room(squared * squared);
        covariance = Room(2 * pairs);
        shown = Room(Shown * pairs * Math.Max(1, prepared.Fields.Length));
        off = Room(2 * pairs * Math.Max(1, prepared.Fields.Length));
        features = Room(most + 1);
        keys = (Vector512<ulong>*)Allocate(16);
        row = new double[(most + 2) * SingleLanes.Count];
        lanes = default;
    }

    public override int Lanes => SingleLanes.Count;

    public override void Run(long firstSample, IKernelObserver observer, CancellationToken cancellation) =>
        throw new NotSupportedException("It measures means alone; use Measure.");

    /// <summary>Adds the first four powers of D - Theta0, less its control variate, of a group of networks.</summary>
    /// <param name="first">The first network.</param>
    /// <param name="valid">How many of the group count.</param>
    /// <param name="sums">Over records and pairs.</param>
    /// <param name="cancellation">Looked at in every layer.</param>
    public void Measure(long first, int valid, double[] sums, CancellationToken cancellation) => Follow(first, CounterPurpose.Conditional, cancellation, (record, p, fields) =>
    {
        double* wide = stackalloc double[SingleLanes.Count];
        ReadOnlySpan<float> coefficients = prepared.Coefficients[record][p];
        Vector512<float> sum = Features(p, fields);
        for (int k = 0; k < coefficients.Length; k++) sum = SingleLanes.MultiplyAdd(Vector512.Create(-coefficients[k]), features[k], sum);
        SingleLanes.Widen(sum, wide);
        int place = ((record * packed.Length) + p) * MomentLayout.Powers;
        for (int lane = 0; lane < valid; lane++)
        {
            if (!double.IsFinite(wide[lane])) throw BatchAccumulator.Overflow(settings, record);
            double power = wide[lane];
            for (int k = 0; k < MomentLayout.Powers; k++, power *= wide[lane]) sums[place + k] += power;
        }
    });

    /// <summary>Adds products of 1, what the control variate is made of, and D - Theta0, for the fit: upper triangles, over records and pairs.</summary>
    /// <param name="first">The first network.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="cancellation">Looked at in every layer.</param>
    public void AddProducts(long first, double[][][] sums, CancellationToken cancellation) => Follow(first, CounterPurpose.Pilot, cancellation, (record, p, fields) =>
    {
        double* wide = stackalloc double[SingleLanes.Count];
        int size = prepared.Coefficients[record][p].Length + 2;
        features[size - 2] = Features(p, fields);
        for (int k = 0; k < size - 1; k++)
        {
            SingleLanes.Widen(features[k], wide);
            for (int lane = 0; lane < SingleLanes.Count; lane++) row[(lane * size) + k + 1] = wide[lane];
        }

        for (int lane = 0; lane < SingleLanes.Count; lane++)
        {
            Span<double> each = row.AsSpan(lane * size, size);
            each[0] = 1;
            // Rare networks that overflow are for the measurement to refuse.
            if (!double.IsFinite(TensorPrimitives.Sum<double>(each))) continue;
            for (int k = 0; k < size; k++)
            {
                Span<double> to = sums[record][p].AsSpan((k * size) + k, size - k);
                TensorPrimitives.MultiplyAdd(each[k..], each[k], to, to);
            }
        }
    });

    // Draws a group of networks field by field; of each record and pair it is told after how many fields.
    private void Follow(long first, uint purpose, CancellationToken cancellation, Action<int, int, int> visit)
    {
        Start(first);
        for (int field = 0; field < prepared.Fields.Length; field++)
        {
            Read(field, purpose, cancellation);
            int record = prepared.Fields[field].Record;
            for (int p = 0; record >= 0 && p < packed.Length; p++) visit(record, p, field + 1);
        }
    }

    // The first field: rows of K(0), with tangents independent of them.
    private void Start(long first)
    {
        lanes.Start(settings.Seed, first, keys);
        if (prepared.Fields is not [var input, ..]) return;
        for (int k = 0; k < squared * squared; k++) shared[k] = default;
        for (int p = 0; p < packed.Length; p++)
        {
            (int a, int b) = prepared.Pairs[p];
            factor[packed[p]] = SingleLanes.Broadcast(initialFactor[b, a]);
            (covariance[p], covariance[packed.Length + p]) = (SingleLanes.Broadcast(input.Kernel[p]), SingleLanes.Broadcast(input.Tangent[p]));
            single[(a * inputs) + b] = single[(b * inputs) + a] = covariance[packed.Length + p];
        }
    }

    // Draws a field, reads it, and makes the law of the rows that follow.
    private void Read(int number, uint purpose, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ConditionalField field = prepared.Fields[number];
        PlanStage<float> stage = field.Stage;
        Begin(field, number);
        lanes.SetLayer(purpose + (uint)number);
        for (int first = 0; first < stage.Reads; first += chunk)
        {
            int rows = Math.Min(chunk, stage.Reads - first);
            lanes.Fill(normals, (uint)((long)first * inputs / 4), ((rows * inputs) + 3) / 4);
            AddNeurons(stage, rows);
            AddFree(stage, rows);
        }

        Vector512<float> share = SingleLanes.Broadcast(1.0 / stage.Reads);
        for (int p = 0; p < packed.Length; p++)
        {
            (int a, int b) = prepared.Pairs[p];
            ReadOnlySpan<double> means = [field.Products[diagonals[a]], field.Slopes[p], field.Products[p], field.Products[diagonals[b]]];
            for (int k = 0; k < Shown; k++)
                shown[(((number * packed.Length) + p) * Shown) + k] = (freeSums[(p * Shown) + k] * share) - SingleLanes.Broadcast(means[k]);
        }

        End(field);
    }

    private void Begin(ConditionalField field, int number)
    {
        int pairs = packed.Length;
        for (int p = 0; p < pairs; p++)
        {
            (int a, int b) = prepared.Pairs[p];
            double Size(double[] of) => Math.Sqrt(of[diagonals[a]] * of[diagonals[b]]);
            (double kernel, double tangent) = (Size(field.Kernel), Size(field.Tangent));
            off[(2 * number * pairs) + p] = (covariance[p] - SingleLanes.Broadcast(field.Kernel[p])) * SingleLanes.Broadcast(kernel > 0 ? 1 / kernel : 0);
            off[(((2 * number) + 1) * pairs) + p] = (covariance[pairs + p] - SingleLanes.Broadcast(field.Tangent[p])) * SingleLanes.Broadcast(tangent > 0 ? 1 / tangent : 0);
            products[p] = slopes[p] = default;
        }

        for (int p = 0, column = 0; p < pairs; column += ColumnsOf(p), p++) Place(field, p, freeFactor + (column * inputs));
        for (int k = 0; k < Shown * pairs; k++) freeSums[k] = default;
        for (int k = 0; k < PairIndexing.Count(squared); k++) ofNormals[k] = ofValues[k] = default;
        for (int k = 0; k < squared * inputs; k++) crossed[k] = default;
    }

    private void AddNeurons(PlanStage<float> stage, int rows)
    {
        for (int k = 0; k < rows * inputs; k++) phi[k] = default;
        LaneUpdate<float, SingleLanes>.Apply(phi, normals, factor, rows, inputs, default);
        Activate(stage, phi, value, slope, rows * inputs);
        LaneGram<float, SingleLanes>.Accumulate(value, rows, inputs, products);
        LaneGram<float, SingleLanes>.Accumulate(slope, rows, inputs, slopes);
        for (int i = 0; i < rows; i++)
        {
            Vector512<float>* z = normals + (i * inputs), s = value + (i * inputs), d = slope + (i * inputs), left = withNormals + (i * squared), right = withValues + (i * squared);
            for (int a = 0; a < inputs; a++)
            {
                for (int e = 0; e < inputs; e++)
                {
                    left[(a * inputs) + e] = d[a] * z[e];
                    right[(e * inputs) + a] = s[e] * d[a];
                }
            }
        }

        LaneGram<float, SingleLanes>.Accumulate(withNormals, rows, squared, ofNormals);
        LaneGram<float, SingleLanes>.Accumulate(withValues, rows, squared, ofValues);
        for (int c = 0; c < inputs; c++)
        {
            for (int ae = 0; ae < squared; ae++)
            {
                Vector512<float> sum = default;
                for (int i = 0; i < rows; i++) sum = SingleLanes.MultiplyAdd(value[(i * inputs) + c], withNormals[(i * squared) + ae], sum);
                crossed[(c * squared) + ae] += sum;
            }
        }
    }

    private int ColumnsOf(int pair) => prepared.Pairs[pair].First == prepared.Pairs[pair].Second ? 1 : 2;

    // The rows of T of a pair.
    private void Place(ConditionalField field, int pair, Vector512<float>* rows)
    {
        (int a, int b) = prepared.Pairs[pair];
        Vector512<float>* left = rows, right = rows + inputs;
        (double first, double second, double across) = (field.Kernel[diagonals[a]], field.Kernel[diagonals[b]], field.Kernel[pair]);
        Unit(left, RowOf(a, left), a);
        if (a == b)
        {
            for (int c = 0; c < inputs; c++) left[c] *= SingleLanes.Broadcast(Math.Sqrt(first));
            return;
        }

        Vector512<float> length = RowOf(b, right), along = default;
        for (int c = 0; c < inputs; c++) along = SingleLanes.MultiplyAdd(left[c], right[c], along);
        Vector512<float> square = default;
        for (int c = 0; c < inputs; c++)
        {
            right[c] -= along * left[c];
            square = SingleLanes.MultiplyAdd(right[c], right[c], square);
        }

        // What little is left of r_b is rounding, at right angles to nothing.
        Unit(right, Vector512.GreaterThan(square, SingleLanes.Broadcast(1e-6) * length) & square, b);
        Vector512<float> one = Vector512<float>.One, half = SingleLanes.Broadcast(0.5);
        Vector512<float> cosine = Vector512.GreaterThan(length, Vector512<float>.Zero) & Vector512.MaxNative(-one, Vector512.MinNative(one, along / Vector512.Sqrt(length)));
        double wanted = first > 0 && second > 0 ? Math.Clamp(across / Math.Sqrt(first * second), -1, 1) : 0;
        // Half of the angle between the rows of R, and of that wanted; the first row of T is off by their difference.
        (Vector512<float> x, Vector512<float> y) = (Vector512.Sqrt(half * (one + cosine)), Vector512.Sqrt(half * (one - cosine)));
        (Vector512<float> u, Vector512<float> v) = (SingleLanes.Broadcast(Math.Sqrt((1 + wanted) / 2)), SingleLanes.Broadcast(Math.Sqrt((1 - wanted) / 2)));
        (Vector512<float> turn, Vector512<float> turnSine) = ((x * u) + (y * v), (y * u) - (x * v));
        (Vector512<float> angle, Vector512<float> angleSine) = (SingleLanes.Broadcast(wanted), SingleLanes.Broadcast(Math.Sqrt(1 - (wanted * wanted))));
        (Vector512<float> end, Vector512<float> endSine) = ((turn * angle) - (turnSine * angleSine), (turnSine * angle) + (turn * angleSine));
        (Vector512<float> sizeOfFirst, Vector512<float> sizeOfSecond) = (SingleLanes.Broadcast(Math.Sqrt(first)), SingleLanes.Broadcast(Math.Sqrt(second)));
        for (int c = 0; c < inputs; c++)
        {
            Vector512<float> onFirst = left[c], onRest = right[c];
            left[c] = sizeOfFirst * ((turn * onFirst) + (turnSine * onRest));
            right[c] = sizeOfSecond * ((end * onFirst) + (endSine * onRest));
        }
    }

    // Row a of R, and its square.
    private Vector512<float> RowOf(int a, Vector512<float>* row)
    {
        Vector512<float> square = default;
        for (int c = 0; c < inputs; c++)
        {
            row[c] = c > a ? default : factor[LaneGram<float, SingleLanes>.Packed(a, c)];
            square = SingleLanes.MultiplyAdd(row[c], row[c], square);
        }

        return square;
    }

    // A vector over its length; in lanes without one, the unit vector of an input.
    private void Unit(Vector512<float>* vector, Vector512<float> square, int input)
    {
        Vector512<float> has = Vector512.GreaterThan(square, Vector512<float>.Zero), inverse = Vector512<float>.One / Vector512.Sqrt(square);
        for (int c = 0; c < inputs; c++) vector[c] = Vector512.ConditionalSelect(has, vector[c] * inverse, c == input ? Vector512<float>.One : default);
    }

    private void AddFree(PlanStage<float> stage, int rows)
    {
        for (int column = 0; column < squared; column++)
        {
            Vector512<float>* to = free + (column * rows), of = freeFactor + (column * inputs);
            for (int i = 0; i < rows; i++)
            {
                Vector512<float> sum = of[0] * normals[i * inputs];
                for (int c = 1; c < inputs; c++) sum = SingleLanes.MultiplyAdd(of[c], normals[(i * inputs) + c], sum);
                to[i] = sum;
            }
        }

        Activate(stage, free, free, freeSlope, rows * squared);
        for (int p = 0, column = 0; p < packed.Length; column += ColumnsOf(p), p++)
        {
            int other = column + ColumnsOf(p) - 1;
            Vector512<float>* left = free + (column * rows), right = free + (other * rows), leftSlope = freeSlope + (column * rows), rightSlope = freeSlope + (other * rows);
            Vector512<float> first = default, slopeProduct = default, across = default, second = default;
            for (int i = 0; i < rows; i++)
            {
                first = SingleLanes.MultiplyAdd(left[i], left[i], first);
                slopeProduct = SingleLanes.MultiplyAdd(leftSlope[i], rightSlope[i], slopeProduct);
                across = SingleLanes.MultiplyAdd(left[i], right[i], across);
                second = SingleLanes.MultiplyAdd(right[i], right[i], second);
            }

            Vector512<float>* sums = freeSums + (p * Shown);
            sums[0] += first;
            sums[1] += slopeProduct;
            sums[2] += across;
            sums[3] += second;
        }
    }

    // sigma may take the place of what it is of.
    private static void Activate(PlanStage<float> stage, Vector512<float>* of, Vector512<float>* sigma, Vector512<float>* slope, int count)
    {
        if (stage.Activation is null)
        {
            for (int k = 0; k < count; k++) (sigma[k], slope[k]) = (of[k], Vector512<float>.One);
            return;
        }

        stage.Slope!.Apply(of, slope, count);
        stage.Activation.Apply(of, sigma, count);
    }

    private void End(ConditionalField field)
    {
        BranchStage layer = field.Stage.Stage;
        int pairs = packed.Length;
        static int Gram(int left, int right) => LaneGram<float, SingleLanes>.Packed(Math.Max(left, right), Math.Min(left, right));
        double each = field.Scale * layer.WeightVariance / field.Stage.Reads;
        Vector512<float> weight = SingleLanes.Broadcast(each), bias = SingleLanes.Broadcast(field.Scale * layer.BiasVariance);
        Vector512<float> rate = SingleLanes.Broadcast(each * (layer.Rates?.Weights ?? 1)), biasRate = SingleLanes.Broadcast(field.Scale * (layer.Rates?.Biases ?? layer.BiasVariance));
        for (int p = 0; p < pairs; p++)
        {
            (int a, int b) = prepared.Pairs[p];
            Vector512<float> sum = single[(a * inputs) + b] * slopes[packed[p]];
            for (int e = 0; e < inputs; e++)
            {
                for (int f = 0; f < inputs; f++)
                    sum = SingleLanes.MultiplyAdd(shared[(((e * inputs) + a) * squared) + (f * inputs) + b], ofNormals[Gram((a * inputs) + e, (b * inputs) + f)], sum);
            }

            covariance[p] = SingleLanes.MultiplyAdd(weight, products[packed[p]], bias);
            covariance[pairs + p] = SingleLanes.MultiplyAdd(weight, sum, SingleLanes.MultiplyAdd(rate, products[packed[p]], biasRate));
        }

        // half_(ca)(fb) = W_cae A_(ea)(fb)
        for (int c = 0; c < inputs; c++)
        {
            for (int a = 0; a < inputs; a++)
            {
                for (int fb = 0; fb < squared; fb++)
                {
                    Vector512<float> sum = default;
                    for (int e = 0; e < inputs; e++) sum = SingleLanes.MultiplyAdd(crossed[(c * squared) + (a * inputs) + e], shared[(((e * inputs) + a) * squared) + fb], sum);
                    half[(((c * inputs) + a) * squared) + fb] = sum;
                }
            }
        }

        Vector512<float> weightSquared = weight * weight;
        for (int ca = 0; ca < squared; ca++)
        {
            for (int d = 0; d < inputs; d++)
            {
                for (int b = 0; b < inputs; b++)
                {
                    Vector512<float> sum = single[(ca % inputs * inputs) + b] * ofValues[Gram(ca, (d * inputs) + b)];
                    for (int f = 0; f < inputs; f++) sum = SingleLanes.MultiplyAdd(half[(ca * squared) + (f * inputs) + b], crossed[(d * squared) + (b * inputs) + f], sum);
                    joint[(ca * squared) + (d * inputs) + b] = weightSquared * sum;
                }
            }
        }

        for (int p = 0; p < pairs; p++) factor[packed[p]] = covariance[p];
        LaneCholesky<float, SingleLanes>.Factor(factor, inputs, scratch);
        for (int rest = 0; rest < squared * inputs; rest++) Solve(joint + rest, squared * inputs);
        for (int ca = 0; ca < squared; ca++)
        {
            for (int b = 0; b < inputs; b++) Solve(joint + (ca * squared) + b, inputs);
        }

        for (int k = 0; k < squared * squared; k++) shared[k] = joint[k];
        for (int p = 0; p < pairs; p++)
        {
            (int a, int b) = prepared.Pairs[p];
            Vector512<float> sum = covariance[pairs + p];
            for (int c = 0; c < inputs; c++) sum -= shared[(((c * inputs) + a) * squared) + (c * inputs) + b];
            single[(a * inputs) + b] = single[(b * inputs) + a] = sum;
        }
    }

    // x <- R^-1 x, in place; components on which nothing depends are 0.
    private void Solve(Vector512<float>* x, int stride)
    {
        for (int c = 0; c < inputs; c++)
        {
            Vector512<float> sum = x[c * stride], pivot = factor[LaneGram<float, SingleLanes>.Packed(c, c)];
            for (int j = 0; j < c; j++) sum -= factor[LaneGram<float, SingleLanes>.Packed(c, j)] * x[j * stride];
            x[c * stride] = Vector512.GreaterThan(pivot, Vector512<float>.Zero) & (sum / pivot);
        }
    }

    // D - Theta0 of a pair, and what its control variate is made of.
    private Vector512<float> Features(int pair, int fields)
    {
        (int a, int b) = prepared.Pairs[pair];
        int pairs = packed.Length, count = ConditionalTangent.ShownOf(prepared.Pairs[pair]), at = 0;
        Span<int> places = [diagonals[a], pairs + pair, pair, diagonals[b]];
        bool hasFactors = prepared.HasFactors(prepared.Pairs[pair], fields);
        for (int field = 0; field < fields; field++)
        {
            Vector512<float>* of = shown + (((field * pairs) + pair) * Shown), factors = off + (2 * field * pairs);
            for (int k = 0; k < count; k++) features[at++] = of[k];
            if (!hasFactors || field == 0) continue;
            for (int m = 0; m < count; m++)
            {
                for (int k = 0; k < count; k++) features[at++] = factors[places[m]] * of[k];
            }
        }

        return covariance[pairs + pair] - SingleLanes.Broadcast(prepared.Tangent(fields, pair));
    }
}
