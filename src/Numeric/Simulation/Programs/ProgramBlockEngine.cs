using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

// The exact law of a program without its weights. Given what a dense layer reads, its rows are iid N(0, Q), so r n N normals draw it:
//
//   x = [mask] sigma([norm] phi), or the gate p sigma(q), neuron by neuron;  S = x^T x / (neurons read)
//   Q_ab = C_b + C_W S_ab;   with taps Q_ab = C_b + (C_W / taps) sum_tap S_(a+tap)(b+tap), positions counted around
//   hidden field: u = Z R^T, R = chol Q        stream: phi <- alpha phi + Z R^T, R = chol eps^2 (Q of branch 1 + Q of branch 2 + ...)
//
// Given the stream, outputs of branches are independent, so their sum takes one set of normals. Norms are of the sampled field itself: its mean
// and its mean square, then one pass. Masks are drawn. Two copies are the rows of a field one after the other.
// A layer is a pass over the neurons that makes rows and a pass that reads them, in chunks that stay in the first-level cache. The normal of
// neuron i and input a of dense layer d is number i N + a of the counters (draw, d, sample), whatever the chunks, lanes and threads.
//
// With tangents in directions of all parameters (ProgramSettings.Directions) rows are (phi, d phi, ...), and so is what is read, (x, x' d phi, ...): given it, rows are iid N(0, Q) again,
//   Q = C_b + C_W S of phi;  C_W S + [rates: C_b + C_W S of phi] of a direction with itself, the share of this layer's own parameters;  C_W S between directions
// and a norm D(G_aa) phi_a has the tangent D_a (d phi_a - phi_a <phi_a d phi_a>/(G_aa + epsilon)).
//
// With a control variate, free rows move with the normals of each field and are read in the same way (FreeFields).

/// <summary>Samples of the exact law of the kernels of a program, from the conditional law of whole layers.</summary>
internal sealed unsafe class ProgramBlockEngine<T, TLanes> : LaneEngine
    where T : unmanaged
    where TLanes : struct, ILanes<T>
{
    private const int VectorsInChunk = 64;

    private readonly ProgramSettings settings;
    private readonly ProgramPlan<T> plan;
    private readonly FreeFields<T, TLanes>? free;
    private readonly int[] recorded;
    private readonly int inputs;
    private readonly int positions;
    private readonly int pairs;
    private readonly int chunk;
    private readonly double[,] initialFactor;
    private readonly Vector512<T>* stream;
    private readonly Vector512<T>*[] hidden; // of the branches of the stream, of updates inside these, ...
    private readonly Vector512<T>* normals;
    private readonly Vector512<T>* read;
    private readonly Vector512<T>* factor;
    private readonly Vector512<T>*[] total;
    private readonly Vector512<T>* sums;
    private readonly Vector512<T>* scratch;
    private readonly Vector512<T>* mean;
    private readonly Vector512<T>* scale;
    private readonly Vector512<T>* noMean;
    private readonly Vector512<T>* coupling;
    private readonly Vector512<T>* plain;
    private readonly Vector512<T>* slopes;
    private readonly Vector512<ulong>* keys;
    private readonly KernelRecorder<T, TLanes> recorder;
    private TLanes lanes;

    public ProgramBlockEngine(ProgramSettings settings, ProgramPlan<T> plan, ProgramControlVariate? control = null)
    {
        (this.settings, this.plan) = (settings, plan);
        lanes = default;
        recorded = [.. settings.Recorded];
        inputs = settings.Inputs;
        positions = settings.Positions;
        pairs = settings.Pairs;
        initialFactor = SemidefiniteCholesky.Factor(settings.Kernel);
        // Four neurons at least: then a chunk starts on a whole draw of four numbers.
        chunk = Math.Max(4, VectorsInChunk / inputs / 4 * 4);
        stream = (Vector512<T>*)Allocate((long)plan.MostStreamRows * inputs);
        hidden = new Vector512<T>*[plan.Depth];
        total = new Vector512<T>*[plan.Depth];
        for (int depth = 0; depth < plan.Depth; depth++)
        {
            hidden[depth] = (Vector512<T>*)Allocate((long)plan.MostRows * inputs);
            total[depth] = (Vector512<T>*)Allocate(pairs);
        }

        normals = (Vector512<T>*)Allocate((chunk * inputs) + 4);
        read = (Vector512<T>*)Allocate(chunk * inputs);
        factor = (Vector512<T>*)Allocate(pairs);
        sums = (Vector512<T>*)Allocate(pairs);
        scratch = (Vector512<T>*)Allocate(inputs);
        mean = (Vector512<T>*)Allocate(inputs);
        scale = (Vector512<T>*)Allocate(inputs);
        noMean = (Vector512<T>*)Allocate(inputs);
        coupling = (Vector512<T>*)Allocate(inputs);
        plain = (Vector512<T>*)Allocate(chunk * positions);
        slopes = (Vector512<T>*)Allocate(chunk * positions);
        keys = (Vector512<ulong>*)Allocate(16);
        recorder = new KernelRecorder<T, TLanes>(inputs, n => (nint)Allocate(n));
        if (control is not null) free = new FreeFields<T, TLanes>(settings, control, plan.MostStreamRows, plan.MostRows, plan.Depth, n => (nint)Allocate(n));
    }

    public override int Lanes => TLanes.Count;

    public override void Run(long firstSample, IKernelObserver observer, CancellationToken cancellation)
    {
        lanes.Start(settings.Seed, firstSample, keys);
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b <= a; b++) factor[LaneGram<T, TLanes>.Packed(a, b)] = TLanes.Broadcast(initialFactor[a, b]);
        }

        // Rows are made as 0 times what stood there plus what is new, and an earlier group may have left infinities.
        Clear(stream, (long)plan.MostStreamRows * inputs);
        foreach (Vector512<T>* field in hidden) Clear(field, (long)plan.MostRows * inputs);
        int rows = settings.Width, record = 0;
        free?.Start(rows);
        Make(stream, factor, rows, 0, 0, cancellation);
        free?.EndMove(rows);
        for (int layer = 0; ; layer++)
        {
            if (recorded[record] == layer)
            {
                free?.Record(record, rows, recorder, observer);
                recorder.Record(record++, stream, rows, null, observer);
            }

            if (record == recorded.Length) return;
            PlanStep<T> step = plan.Steps[layer];
            free?.BeginLayer(layer);
            if (step.Norm is { } norm)
            {
                NormStream(rows, norm);
                free?.NormStream(stream, rows, chunk);
            }
            else
            {
                Update(step, stream, 0, cancellation);
            }

            rows = step.Rows;
        }
    }

    // updated <- skip updated + step (u_1 + u_2 + ...), depth updates inside those of the stream.
    private void Update(PlanStep<T> step, Vector512<T>* updated, int depth, CancellationToken cancellation)
    {
        Clear(total[depth], pairs);
        free?.BeginUpdate(depth);
        uint last = 0;
        for (int branch = 0; branch < step.Branches.Length; branch++)
        {
            PlanStage<T>[] stages = step.Branches[branch];
            Vector512<T>* field = updated;
            for (int at = 0; at < stages.Length; at++)
            {
                PlanStage<T> stage = stages[at];
                foreach (PlanStep<T> before in stage.Before)
                {
                    // In a copy: what is updated is read by other branches too, and added to at the end.
                    if (field == updated)
                    {
                        long count = (long)stages[0].FirstReads * inputs;
                        for (long k = 0; k < count; k++) hidden[depth][k] = updated[k];
                        field = hidden[depth];
                        free?.Copy(depth, stages[0].FirstReads);
                    }

                    Update(before, field, depth + 1, cancellation);
                }

                int from = field == updated ? depth : depth + 1;
                Read(stage, field, from, cancellation);
                free?.EndRead(from, depth, branch, at == stages.Length - 1, stage.Reads, sums);
                if (at == stages.Length - 1)
                {
                    AddCovariance(stage, step.Step * step.Step, total[depth]);
                    last = stage.Number;
                    continue;
                }

                Clear(factor, pairs);
                AddCovariance(stage, 1, factor);
                LaneCholesky<T, TLanes>.Factor(factor, inputs, scratch);
                Make(hidden[depth], factor, stage.AllRows, 0, stage.Number, cancellation);
                free?.EndMove(stage.AllRows);
                field = hidden[depth];
            }
        }

        LaneCholesky<T, TLanes>.Factor(total[depth], inputs, scratch);
        free?.BeginMove(depth);
        Make(updated, total[depth], step.Rows, step.Skip, last, cancellation);
        free?.EndMove(step.Rows);
    }

    // rows <- skip rows + Z R^T.
    private void Make(Vector512<T>* field, Vector512<T>* root, int rows, double skip, uint number, CancellationToken cancellation)
    {
        lanes.SetLayer(number);
        Vector512<T> keep = TLanes.Broadcast(skip);
        for (int first = 0; first < rows; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested(); // a layer of a wide network takes a good part of a second
            int count = Math.Min(chunk, rows - first);
            lanes.Fill(normals, (uint)((long)first * inputs / 4), ((count * inputs) + 3) / 4);
            free?.Move(first, count, normals, keep);
            Vector512<T>* rowsOfChunk = field + ((long)first * inputs);
            LaneUpdate<T, TLanes>.Apply(rowsOfChunk, normals, root, count, inputs, keep);
            free?.Follow(rowsOfChunk, count);
        }
    }

    // sums = x^T x of what a dense layer reads; free rows have the number of the field.
    private void Read(PlanStage<T> stage, Vector512<T>* field, int number, CancellationToken cancellation)
    {
        BranchStage layer = stage.Stage;
        if (layer.Norm is { } norm) MeasureNorm(field, stage.Reads, norm, layer.IsCentred);
        if (layer.Keep < 1) lanes.SetLayer(CounterPurpose.Masks + stage.Number);
        Clear(sums, pairs);
        free?.BeginRead();
        int masks = layer.IsMaskShared ? 1 : positions;
        for (int first = 0; first < stage.Reads; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(chunk, stage.Reads - first);
            if (layer.Keep < 1) lanes.Masks(normals, (uint)((long)first * masks / 4), ((rows * masks) + 3) / 4, layer.Keep);
            LaneGram<T, TLanes>.Accumulate(Made(stage, field + ((long)first * inputs), rows, mean, scale, coupling), rows, inputs, sums);
            if (free is null) continue;
            Vector512<T>* freeRows = free.Rows(number) + ((long)first * inputs);
            free.AddToMean(freeRows, rows);
            LaneGram<T, TLanes>.Accumulate(Made(stage, freeRows, rows, noMean, free.Scale, noMean), rows, inputs, free.Sums);
        }
    }

    // x of a chunk of rows, in the place of read or their own; masks are in the place of normals.
    private Vector512<T>* Made(PlanStage<T> stage, Vector512<T>* x, int rows, Vector512<T>* mean, Vector512<T>* scale, Vector512<T>* coupling)
    {
        BranchStage layer = stage.Stage;
        if (positions < inputs) return MadeWithTangents(stage, x, rows, mean, scale, coupling);
        int count = rows * inputs;
        if (layer.Norm is not null)
        {
            for (int i = 0, k = 0; i < rows; i++)
            {
                for (int a = 0; a < inputs; a++, k++) read[k] = (x[k] - mean[a]) * scale[a];
            }

            x = read;
        }

        if (layer.IsGate)
        {
            stage.Activation!.Apply(x + ((long)stage.Reads * inputs), read, count);
            for (int k = 0; k < count; k++) read[k] *= x[k];
            x = read;
        }
        else if (stage.Activation is not null)
        {
            stage.Activation.Apply(x, read, count);
            x = read;
        }

        if (layer.Keep == 1) return x;
        for (int k = 0; k < count; k++) read[k] = x[k] * normals[layer.IsMaskShared ? k / inputs : k];
        return read;
    }

    // The same of (phi, d phi, ...): component c is of input c mod N.
    private Vector512<T>* MadeWithTangents(PlanStage<T> stage, Vector512<T>* x, int rows, Vector512<T>* mean, Vector512<T>* scale, Vector512<T>* coupling)
    {
        BranchStage layer = stage.Stage;
        if (layer.Norm is not null)
        {
            for (int i = 0, k = 0; i < rows; i++)
            {
                Vector512<T>* row = x + ((long)i * inputs);
                for (int c = 0; c < inputs; c++, k++) read[k] = (c < positions ? row[c] - mean[c] : row[c] - mean[c] - (coupling[c] * (row[c % positions] - mean[c % positions]))) * scale[c];
            }

            x = read;
        }

        if (stage.Activation is not null)
        {
            Vector512<T>* argument = layer.IsGate ? x + ((long)stage.Reads * inputs) : x;
            for (int i = 0, k = 0; i < rows; i++)
            {
                for (int a = 0; a < positions; a++, k++) plain[k] = argument[((long)i * inputs) + a];
            }

            stage.Slope!.Apply(plain, slopes, rows * positions);
            stage.Activation.Apply(plain, plain, rows * positions);
            for (int i = 0; i < rows; i++)
            {
                Vector512<T>* from = x + ((long)i * inputs), of = argument + ((long)i * inputs), to = read + ((long)i * inputs), value = plain + (i * positions), slope = slopes + (i * positions);
                for (int c = inputs - 1; c >= positions; c--)
                    to[c] = layer.IsGate ? (from[c] * value[c % positions]) + (from[c % positions] * slope[c % positions] * of[c]) : slope[c % positions] * from[c];
                for (int a = 0; a < positions; a++) to[a] = layer.IsGate ? from[a] * value[a] : value[a];
            }

            x = read;
        }

        if (layer.Keep == 1) return x;
        for (int i = 0, k = 0; i < rows; i++)
        {
            for (int c = 0; c < inputs; c++, k++) read[k] = x[k] * normals[layer.IsMaskShared ? i : (i * positions) + (c % positions)];
        }

        return read;
    }

    private void NormStream(int rows, (double Gain, double Epsilon) norm)
    {
        MeasureNorm(stream, rows, norm, false);
        Vector512<T>* row = stream;
        for (int i = 0; i < rows; i++, row += inputs)
        {
            for (int c = positions; c < inputs; c++) row[c] = (row[c] - (coupling[c] * row[c % positions])) * scale[c];
            for (int a = 0; a < positions; a++) row[a] *= scale[a];
        }
    }

    // scale_a = gain / sqrt(mean square of phi_a - M_a + epsilon), M_a the mean if it is taken off, else 0. Sums start anew with each chunk.
    private void MeasureNorm(Vector512<T>* field, int rows, (double Gain, double Epsilon) norm, bool isCentred)
    {
        Vector512<T> share = TLanes.Broadcast(1.0 / rows), gain = TLanes.Broadcast(norm.Gain), epsilon = TLanes.Broadcast(norm.Epsilon);
        Clear(mean, inputs);
        Clear(scale, inputs);
        for (int pass = isCentred ? 0 : 1; pass < 2; pass++)
        {
            for (int first = 0; first < rows; first += chunk)
            {
                int last = Math.Min(rows, first + chunk);
                for (int a = 0; a < (pass == 0 ? inputs : positions); a++)
                {
                    Vector512<T> sum = default;
                    for (int i = first; i < last; i++)
                    {
                        Vector512<T> value = field[((long)i * inputs) + a] - mean[a];
                        sum = pass == 0 ? sum + value : TLanes.MultiplyAdd(value, value, sum);
                    }

                    scale[a] += sum;
                }
            }

            for (int a = 0; a < (pass == 0 ? inputs : positions); a++)
            {
                if (pass == 1)
                {
                    if (positions < inputs) MeasureTangents(field, rows, a, TLanes.MultiplyAdd(scale[a], share, epsilon), share);
                    scale[a] = gain / Vector512.Sqrt(TLanes.MultiplyAdd(scale[a], share, epsilon));
                    continue;
                }

                mean[a] = scale[a] * share;
                scale[a] = default;
            }
        }

        for (int c = positions; c < inputs; c++) scale[c] = scale[c % positions];
    }

    // coupling = <phi_a d phi_a>/(G_aa + epsilon) of the tangents of an input.
    private void MeasureTangents(Vector512<T>* field, int rows, int a, Vector512<T> square, Vector512<T> share)
    {
        for (int c = a + positions; c < inputs; c += positions)
        {
            coupling[c] = default;
            for (int first = 0; first < rows; first += chunk)
            {
                int last = Math.Min(rows, first + chunk);
                Vector512<T> sum = default;
                for (int i = first; i < last; i++)
                {
                    Vector512<T>* row = field + ((long)i * inputs);
                    sum = TLanes.MultiplyAdd(row[a] - mean[a], row[c] - mean[c], sum);
                }

                coupling[c] += sum;
            }

            coupling[c] = coupling[c] * share / square;
        }
    }

    // covariance += factor (C_b + C_W S), S moved by the taps.
    private void AddCovariance(PlanStage<T> stage, double scaleOfAll, Vector512<T>* covariance)
    {
        BranchStage layer = stage.Stage;
        Vector512<T> weight = TLanes.Broadcast(scaleOfAll * layer.WeightVariance / ((double)stage.TapCount * stage.Reads));
        Vector512<T> bias = TLanes.Broadcast(scaleOfAll * layer.BiasVariance);
        Vector512<T> rate = weight * TLanes.Broadcast(layer.Rates?.Weights ?? 1), biasRate = TLanes.Broadcast(scaleOfAll * (layer.Rates?.Biases ?? layer.BiasVariance));
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                Vector512<T> own = a < positions ? bias : default;
                if (a >= positions && a / positions == b / positions) own = TLanes.MultiplyAdd(Moved(layer, a % positions, b % positions), rate, biasRate);
                covariance[LaneGram<T, TLanes>.Packed(a, b)] += TLanes.MultiplyAdd(Moved(layer, a, b), weight, own);
            }
        }
    }

    // S of two components, summed over taps: positions move, directions do not.
    private Vector512<T> Moved(BranchStage layer, int a, int b)
    {
        if (layer.Taps.Count == 0) return sums[LaneGram<T, TLanes>.Packed(Math.Max(a, b), Math.Min(a, b))];
        Vector512<T> sum = default;
        for (int tap = 0; tap < layer.Taps.Count; tap++)
        {
            int Move(int component) => (component / positions * positions) + ((component + layer.Taps[tap] + positions) % positions);
            (int left, int right) = (Move(a), Move(b));
            sum += sums[LaneGram<T, TLanes>.Packed(Math.Max(left, right), Math.Min(left, right))];
        }

        return sum;
    }

    private static void Clear(Vector512<T>* values, long count)
    {
        for (long k = 0; k < count; k++) values[k] = default;
    }
}
