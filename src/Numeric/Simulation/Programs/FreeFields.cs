using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Equations;

namespace SymbolicEft.Numeric.Simulation;

// The free rows of the fields of a program, for a group of samples (the equations: ProgramControlVariate). Of each field, over pairs, n times everything:
//
//   c   the part of g beyond the free rows' own kernel            m   the path of the mean of its kernel
//   f   the free rows' own kernel less K                          h   the field's kernel less the free rows'
//
//   a stage    s = InKernel c + o + Own (<x x>_free - mean)                      u = InKernel (m - h) - o + Own (<x x> - <x x>_free),   o = NotInFree f + InMean M
//   a field    c' = Keep c + Drive s,  m' = Keep m + Drive u                     a hidden field: c = s, m = u
//   a norm     c' = Response c + NotInFree f,  m' = Response (m - h) - NotInFree f + h'
//
// M, the mean over neurons, is n times that of the free rows, where layerNorm takes it off: x of free rows is made without that.
// Coefficients are the same in all lanes. At layer 0 the free rows are those of the network.

/// <summary>The companion of a <see cref="ProgramBlockEngine{T, TLanes}"/> and its linear prediction of the stream's kernel.</summary>
internal sealed unsafe class FreeFields<T, TLanes>
    where T : unmanaged
    where TLanes : struct, ILanes<T>
{
    private readonly ProgramControlVariate control;
    private readonly int width;
    private readonly int inputs;
    private readonly int pairs;
    private readonly int[] packed;
    private readonly double[] initialFactor;
    private readonly Field[] fields; // the stream, then those of its branches, of updates inside these, ...
    private readonly Vector512<T>* factor;
    private readonly Vector512<T>* realGram;
    private readonly Vector512<T>* freeGram;
    private readonly Vector512<T>* own;
    private readonly Vector512<T>* rest;
    private readonly Vector512<T>* driving;
    private readonly Vector512<T>* mean;
    private readonly Vector512<T>* overNeurons;
    private readonly Vector512<T>* scale;
    private readonly double[] kernelPrediction;
    private readonly ProgramControlUpdate[] updates; // that are under way, by depth
    private ProgramControlLayer? layer;
    private Field making;
    private double[] kernel;
    private int layersDone;
    private int stage;
    private int update;

    public FreeFields(ProgramSettings settings, ProgramControlVariate control, int mostStreamRows, int mostRows, int depth, Func<long, nint> allocate)
    {
        control.RequireFor(settings);
        (this.control, width, inputs, pairs) = (control, settings.Width, settings.Inputs, settings.Pairs);
        packed = [.. PairIndexing.All(inputs).Select(pair => LaneGram<T, TLanes>.Packed(pair.Second, pair.First))];
        double[,] initial = SemidefiniteCholesky.Factor(settings.Kernel);
        initialFactor = [.. Enumerable.Range(0, inputs).SelectMany(a => Enumerable.Range(0, a + 1).Select(b => initial[a, b]))];
        Vector512<T>* Room(long vectors) => (Vector512<T>*)allocate(vectors);
        fields = new Field[depth + 1];
        updates = new ProgramControlUpdate[depth];
        for (int at = 0; at <= depth; at++)
            fields[at] = new Field(Room((long)(at == 0 ? mostStreamRows : mostRows) * inputs), Room(pairs), Room(pairs), Room(pairs), Room(pairs), Room(pairs), Room(pairs));
        factor = Room(pairs);
        realGram = Room(pairs);
        freeGram = Room(pairs);
        own = Room(pairs);
        rest = Room(pairs);
        driving = Room(pairs);
        mean = Room(pairs);
        overNeurons = Room(inputs);
        scale = Room(inputs);
        Sums = Room(pairs);
        kernelPrediction = new double[pairs * TLanes.Count];
        (making, kernel) = (fields[0], control.Kernels[0]);
    }

    /// <summary>sum_i x_ia x_ib of the free rows of the stage that is being read, packed lower triangle.</summary>
    public Vector512<T>* Sums { get; }

    /// <summary>gain/sqrt(K_aa + epsilon) of the norm of the stage that is being read, or of the stream.</summary>
    public Vector512<T>* Scale => scale;

    /// <summary>The free rows of a field: 0 is the stream, 1 what its branches make, 2 what branches of updates inside these do, and so on.</summary>
    public Vector512<T>* Rows(int field) => fields[field].Rows;

    /// <summary>Begins a group of samples.</summary>
    /// <param name="rows">Neurons of the input.</param>
    public void Start(int rows)
    {
        Field stream = fields[0];
        for (long k = 0; k < (long)rows * inputs; k++) stream.Rows[k] = default;
        Clear(stream.Correction);
        Clear(stream.Path);
        layersDone = 0;
        Begin(stream, initialFactor, control.Kernels[0]);
    }

    /// <summary>Begins a layer.</summary>
    public void BeginLayer(int number)
    {
        (layer, layersDone, stage, update) = (control.Layers[number], number + 1, 0, 0);
        if (layer.Norm is { } norm) SetScale(norm);
    }

    /// <summary>Begins an update, so many of them around it.</summary>
    public void BeginUpdate(int depth)
    {
        updates[depth] = layer!.Updates[update++];
        Clear(fields[depth].AddedDrive);
        Clear(fields[depth].AddedMean);
    }

    /// <summary>A field goes on as a copy of the one before it, which other branches read too.</summary>
    /// <param name="depth">The depth of the update whose branch it is in.</param>
    /// <param name="rows">Number of neurons.</param>
    public void Copy(int depth, int rows)
    {
        (Field from, Field to) = (fields[depth], fields[depth + 1]);
        for (long k = 0; k < (long)rows * inputs; k++) to.Rows[k] = from.Rows[k];
        for (int pair = 0; pair < pairs; pair++)
            (to.Correction[pair], to.Path[pair], to.Free[pair], to.Gap[pair]) = (from.Correction[pair], from.Path[pair], from.Free[pair], from.Gap[pair]);
    }

    /// <summary>Begins to read a field.</summary>
    public void BeginRead()
    {
        SetScale(layer!.Stages[stage]);
        Clear(Sums);
        for (int a = 0; a < inputs; a++) overNeurons[a] = default;
    }

    /// <summary>Adds a chunk of the free rows that are read to their mean, where that is wanted.</summary>
    public void AddToMean(Vector512<T>* rows, int count)
    {
        if (layer!.Stages[stage].InMean is null) return;
        for (int a = 0; a < inputs; a++)
        {
            Vector512<T> sum = default;
            for (int i = 0; i < count; i++) sum += rows[(i * inputs) + a];
            overNeurons[a] += sum;
        }
    }

    /// <summary>Ends reading a field: s and u of the rows that follow.</summary>
    /// <param name="field">The field.</param>
    /// <param name="depth">The depth of the update whose branch reads it.</param>
    /// <param name="branch">Number of the branch.</param>
    /// <param name="isLast">Whether the rows are added to what is updated.</param>
    /// <param name="reads">Number of neurons read.</param>
    /// <param name="sums">sum_i x_ia x_ib of the network.</param>
    public void EndRead(int field, int depth, int branch, bool isLast, int reads, Vector512<T>* sums)
    {
        ProgramControlStage numbers = layer!.Stages[stage++];
        (Field read, Field updated, Field hidden) = (fields[field], fields[depth], fields[depth + 1]);
        Vector512<T> each = TLanes.Broadcast((double)width / reads);
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<T> free = each * Sums[packed[pair]];
            own[pair] = free - TLanes.Broadcast(width * numbers.Mean[pair]);
            rest[pair] = (each * sums[packed[pair]]) - free;
            read.Path[pair] -= read.Gap[pair];
        }

        Clear(driving);
        Clear(mean);
        Add(numbers.InKernel, read.Correction, driving);
        Add(numbers.Own, own, driving);
        Add(numbers.InKernel, read.Path, mean);
        Add(numbers.Own, rest, mean);
        for (int pair = 0; pair < pairs; pair++) read.Path[pair] += read.Gap[pair];
        if (numbers.NotInFree is not null || numbers.InMean is not null)
        {
            Clear(own);
            if (numbers.NotInFree is { } difference) Add(difference, read.Free, own);
            if (numbers.InMean is { } inMean)
            {
                for (int a = 0; a < inputs; a++) overNeurons[a] *= each;
                Add(inMean, overNeurons, own);
            }

            for (int pair = 0; pair < pairs; pair++)
            {
                driving[pair] += own[pair];
                mean[pair] -= own[pair];
            }
        }

        Vector512<T> drive = TLanes.Broadcast(isLast ? updates[depth].Drive[branch] : 0);
        for (int pair = 0; pair < pairs; pair++)
        {
            if (isLast)
            {
                updated.AddedDrive[pair] = TLanes.MultiplyAdd(drive, driving[pair], updated.AddedDrive[pair]);
                updated.AddedMean[pair] = TLanes.MultiplyAdd(drive, mean[pair], updated.AddedMean[pair]);
                continue;
            }

            hidden.Correction[pair] = driving[pair];
            hidden.Path[pair] = mean[pair];
        }

        if (!isLast) Begin(hidden, numbers.Factor, numbers.Made);
    }

    /// <summary>Begins to move what is updated with what was read.</summary>
    public void BeginMove(int depth)
    {
        (ProgramControlUpdate numbers, Field updated) = (updates[depth], fields[depth]);
        Vector512<T> keep = TLanes.Broadcast(numbers.Keep);
        for (int pair = 0; pair < pairs; pair++)
        {
            updated.Correction[pair] = TLanes.MultiplyAdd(keep, updated.Correction[pair], updated.AddedDrive[pair]);
            updated.Path[pair] = TLanes.MultiplyAdd(keep, updated.Path[pair], updated.AddedMean[pair]);
        }

        Begin(updated, numbers.Factor, depth == 0 ? control.Kernels[layersDone] : numbers.Kernel);
    }

    /// <summary>Moves a chunk of free rows with the normals of the network's.</summary>
    /// <param name="first">The first neuron.</param>
    /// <param name="rows">Number of neurons.</param>
    /// <param name="normals">Their normals.</param>
    /// <param name="skip">Factor of the rows before.</param>
    public void Move(int first, int rows, Vector512<T>* normals, Vector512<T> skip)
    {
        Vector512<T>* phi = making.Rows + ((long)first * inputs);
        LaneUpdate<T, TLanes>.Apply(phi, normals, factor, rows, inputs, skip);
        LaneGram<T, TLanes>.Accumulate(phi, rows, inputs, freeGram);
    }

    /// <summary>Adds a chunk of the network's rows, after their step.</summary>
    public void Follow(Vector512<T>* phi, int rows) => LaneGram<T, TLanes>.Accumulate(phi, rows, inputs, realGram);

    /// <summary>Ends moving a field of so many rows.</summary>
    public void EndMove(int rows)
    {
        Vector512<T> each = TLanes.Broadcast((double)width / rows);
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<T> free = freeGram[packed[pair]];
            making.Free[pair] = (each * free) - TLanes.Broadcast(width * kernel[pair]);
            making.Gap[pair] = each * (realGram[packed[pair]] - free);
        }
    }

    /// <summary>The stream of the network has been normed: so are its free rows.</summary>
    /// <param name="phi">The network's.</param>
    /// <param name="rows">Number of neurons.</param>
    /// <param name="chunk">Neurons in a chunk.</param>
    public void NormStream(Vector512<T>* phi, int rows, int chunk)
    {
        ProgramControlStage norm = layer!.Norm!;
        Field stream = fields[0];
        for (int pair = 0; pair < pairs; pair++) stream.Path[pair] -= stream.Gap[pair];
        Clear(driving);
        Clear(mean);
        Clear(own);
        Add(norm.InKernel, stream.Correction, driving);
        Add(norm.InKernel, stream.Path, mean);
        Add(norm.NotInFree!, stream.Free, own);
        for (long i = 0; i < rows; i++)
        {
            for (int a = 0; a < inputs; a++) stream.Rows[(i * inputs) + a] *= scale[a];
        }

        Clear(freeGram);
        Clear(realGram);
        (making, kernel) = (stream, control.Kernels[layersDone]);
        for (int first = 0; first < rows; first += chunk)
        {
            LaneGram<T, TLanes>.Accumulate(stream.Rows + ((long)first * inputs), Math.Min(chunk, rows - first), inputs, freeGram);
            Follow(phi + ((long)first * inputs), Math.Min(chunk, rows - first));
        }

        EndMove(rows);
        for (int pair = 0; pair < pairs; pair++)
        {
            stream.Correction[pair] = driving[pair] + own[pair];
            stream.Path[pair] = mean[pair] - own[pair] + stream.Gap[pair];
        }
    }

    /// <summary>Hands the prediction of G - K0 at the present layer, and its path of the means, to the observer.</summary>
    public void Record(int record, int rows, KernelRecorder<T, TLanes> recorder, IKernelObserver observer)
    {
        Field stream = fields[0];
        recorder.Gram(stream.Rows, rows, kernelPrediction);
        double[] mean = control.Kernels[layersDone];
        double* wide = stackalloc double[TLanes.Count];
        for (int pair = 0; pair < pairs; pair++)
        {
            int place = pair * TLanes.Count;
            TLanes.Widen(stream.Correction[pair], wide);
            for (int lane = 0; lane < TLanes.Count; lane++)
                kernelPrediction[place + lane] = kernelPrediction[place + lane] - mean[pair] + (wide[lane] / width);
        }

        observer.ObservePrediction(record, kernelPrediction, default);
        for (int pair = 0; pair < pairs; pair++)
        {
            TLanes.Widen(stream.Path[pair], wide);
            for (int lane = 0; lane < TLanes.Count; lane++) kernelPrediction[(pair * TLanes.Count) + lane] = wide[lane] / width;
        }

        observer.ObservePath(record, kernelPrediction, default);
    }

    private void Begin(Field field, double[] numbers, double[] kernelOfField)
    {
        (making, kernel) = (field, kernelOfField);
        for (int pair = 0; pair < pairs; pair++) factor[pair] = TLanes.Broadcast(numbers[pair]);
        Clear(freeGram);
        Clear(realGram);
    }

    private void SetScale(ProgramControlStage numbers)
    {
        for (int a = 0; a < numbers.Scale.Length; a++) scale[a] = TLanes.Broadcast(numbers.Scale[a]);
    }

    private void Clear(Vector512<T>* values)
    {
        for (int pair = 0; pair < pairs; pair++) values[pair] = default;
    }

    // result += M vector.
    private static void Add(PairMap map, Vector512<T>* vector, Vector512<T>* result)
    {
        ReadOnlySpan<int> start = map.Start, columns = map.Columns;
        ReadOnlySpan<double> values = map.Values;
        for (int p = 0; p + 1 < start.Length; p++)
        {
            Vector512<T> sum = result[p];
            for (int at = start[p]; at < start[p + 1]; at++) sum = TLanes.MultiplyAdd(TLanes.Broadcast(values[at]), vector[columns[at]], sum);
            result[p] = sum;
        }
    }

    // Free rows, and the fluctuations of a field, over pairs; what an update adds to them.
    private sealed class Field(Vector512<T>* rows, Vector512<T>* correction, Vector512<T>* path, Vector512<T>* free, Vector512<T>* gap, Vector512<T>* addedDrive, Vector512<T>* addedMean)
    {
        public Vector512<T>* Rows { get; } = rows;

        public Vector512<T>* Correction { get; } = correction;

        public Vector512<T>* Path { get; } = path;

        public Vector512<T>* Free { get; } = free;

        public Vector512<T>* Gap { get; } = gap;

        public Vector512<T>* AddedDrive { get; } = addedDrive;

        public Vector512<T>* AddedMean { get; } = addedMean;
    }
}
