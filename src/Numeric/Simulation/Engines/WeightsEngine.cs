using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

// The definition itself, as a check of the block law: every dense layer with weights and biases drawn,
//
//   u_a = sum over taps of W_tap x_(a+tap) + b,   phi' = alpha phi + eps (u of branch 1 + u of branch 2 + ...)
//
// and x made of what is read as the layers before it say. Plain loops in double, eight samples to a vector; only the random numbers, the
// activations and the recorder are shared with the block law.

/// <summary>Samples of a network from drawn weights, as many numbers as there are weights.</summary>
internal sealed unsafe class WeightsEngine : LaneEngine
{
    private readonly ulong seed;
    private readonly int width;
    private readonly int inputs;
    private readonly int[] recorded;
    private readonly ProgramPlan<double> plan;
    private readonly LaneActivation<double>? sigmaOfRecords;
    private readonly double[,] initialFactor;
    private readonly Vector512<double>*[] hidden, updates; // of the branches of the stream, of updates inside these, ...
    private readonly Vector512<double>* x;
    private readonly Vector512<double>* turned;
    private readonly Vector512<double>* product;
    private readonly Vector512<double>* part;
    private readonly Vector512<double>* row;
    private readonly Vector512<double>* sums;
    private readonly Vector512<ulong>* keys;
    private readonly KernelRecorder<double, DoubleLanes> recorder;
    private Vector512<double>* state;
    private Vector512<double>* next;

    /// <summary>An engine.</summary>
    /// <param name="settings">The network.</param>
    /// <param name="plan">Its layers.</param>
    /// <param name="sigmaOfRecords">What S is measured of at recorded layers; null where it is not.</param>
    public WeightsEngine(SamplingSettings settings, ProgramPlan<double> plan, LaneActivation<double>? sigmaOfRecords = null)
    {
        (this.plan, this.sigmaOfRecords) = (plan, sigmaOfRecords);
        (seed, width, inputs, recorded) = (settings.Seed, settings.Width, settings.Inputs, [.. settings.Recorded]);
        initialFactor = SemidefiniteCholesky.Factor(settings.Kernel);
        Vector512<double>* Field(long rows) => (Vector512<double>*)Allocate(rows * inputs);
        state = Field(plan.MostStreamRows);
        next = Field(plan.MostStreamRows);
        hidden = new Vector512<double>*[plan.Depth];
        updates = new Vector512<double>*[plan.Depth];
        for (int depth = 0; depth < plan.Depth; depth++)
        {
            hidden[depth] = Field(plan.MostRows);
            updates[depth] = depth == 0 ? null : Field(plan.MostRows);
        }

        x = Field(plan.MostRows);
        turned = Field(plan.MostRows);
        product = Field(plan.MostRows);
        part = Field(plan.MostRows);
        row = (Vector512<double>*)Allocate(WeightStream.Room(Math.Max(plan.MostRows, inputs)));
        sums = (Vector512<double>*)Allocate(settings.Pairs);
        keys = (Vector512<ulong>*)Allocate(16);
        recorder = new KernelRecorder<double, DoubleLanes>(inputs, n => (nint)Allocate(n));
    }

    public override int Lanes => DoubleLanes.Count;

    public override void Run(long firstSample, IKernelObserver observer, CancellationToken cancellation)
    {
        var lanes = new LanePhilox(seed, (ulong)firstSample, 1);
        LanePhilox.FillRoundKeys(seed, keys);
        WeightStream initial = Stream(ref lanes, 0, cancellation);
        for (int i = 0; i < width; i++)
        {
            Vector512<double>* z = initial.Normals(inputs);
            for (int a = 0; a < inputs; a++)
            {
                Vector512<double> sum = default;
                for (int b = 0; b <= a; b++) sum += z[b] * initialFactor[a, b];
                state[((long)i * inputs) + a] = sum;
            }
        }

        int rows = width, record = 0;
        for (int layer = 0; ; layer++)
        {
            if (recorded[record] == layer) Record(record++, rows, observer);
            if (record == recorded.Length) return;
            PlanStep<double> step = plan.Steps[layer];
            if (step.Norm is { } norm) Norm(state, state, rows, norm, false);
            else UpdateStream(step, ref lanes, cancellation);
            rows = step.Rows;
        }
    }

    private void Record(int record, int rows, IKernelObserver observer)
    {
        if (sigmaOfRecords is not null)
        {
            sigmaOfRecords.Apply(state, x, rows * inputs);
            for (int pair = 0; pair < inputs * (inputs + 1) / 2; pair++) sums[pair] = default;
            LaneGram<double, DoubleLanes>.Accumulate(x, rows, inputs, sums);
        }

        recorder.Record(record, state, rows, sigmaOfRecords is null ? null : sums, observer);
    }

    private void UpdateStream(PlanStep<double> step, ref LanePhilox lanes, CancellationToken cancellation)
    {
        Update(step, state, next, 0, ref lanes, cancellation);
        Vector512<double>* before = state;
        state = next;
        next = before;
    }

    // to <- skip from + step (u_1 + u_2 + ...), depth updates inside those of the stream.
    private void Update(PlanStep<double> step, Vector512<double>* from, Vector512<double>* to, int depth, ref LanePhilox lanes, CancellationToken cancellation)
    {
        for (long k = 0; k < (long)step.Rows * inputs; k++) to[k] = step.Skip == 0 ? default : from[k] * step.Skip;
        foreach (PlanStage<double>[] stages in step.Branches)
        {
            Vector512<double>* field = from;
            for (int at = 0; at < stages.Length; at++)
            {
                PlanStage<double> stage = stages[at];
                foreach (PlanStep<double> before in stage.Before)
                {
                    Update(before, field, updates[depth + 1], depth + 1, ref lanes, cancellation);
                    field = hidden[depth];
                    for (long k = 0; k < (long)before.Rows * inputs; k++) field[k] = updates[depth + 1][k];
                }

                Read(stage, field, ref lanes, cancellation);
                Multiply(stage, ref lanes, cancellation);
                bool isLast = at == stages.Length - 1;
                for (long k = 0; !isLast && k < (long)stage.AllRows * inputs; k++) hidden[depth][k] = default;
                field = isLast ? to : hidden[depth];
                Add(stage, field, isLast ? step.Step : 1, ref lanes, cancellation);
            }
        }
    }

    // x of what a dense layer reads.
    private void Read(PlanStage<double> stage, Vector512<double>* field, ref LanePhilox lanes, CancellationToken cancellation)
    {
        BranchStage layer = stage.Stage;
        int count = stage.Reads * inputs;
        Vector512<double>* source = field;
        if (layer.Norm is { } norm)
        {
            Norm(field, x, stage.Reads, norm, layer.IsCentred);
            source = x;
        }

        if (layer.IsGate)
        {
            stage.Activation!.Apply(field + count, x, count);
            for (int k = 0; k < count; k++) x[k] = field[k] * x[k];
        }
        else if (stage.Activation is not null)
        {
            stage.Activation.Apply(source, x, count);
        }
        else
        {
            for (int k = 0; k < count; k++) x[k] = source[k];
        }

        if (layer.Keep == 1) return;
        WeightStream random = Stream(ref lanes, CounterPurpose.Masks + stage.Number, cancellation);
        Vector512<double> threshold = Vector512.Create((2 * layer.Keep) - 1), kept = Vector512.Create(1 / layer.Keep);
        for (int i = 0; i < stage.Reads; i++)
        {
            Vector512<double>* uniform = random.Uniforms(layer.IsMaskShared ? 1 : inputs);
            for (int a = 0; a < inputs; a++)
                x[(i * inputs) + a] *= Vector512.LessThan(uniform[layer.IsMaskShared ? 0 : a], threshold) & kept;
        }
    }

    // gain (phi - M) / sqrt(G - M^2 + epsilon), or gain phi / sqrt(G + epsilon).
    private void Norm(Vector512<double>* source, Vector512<double>* destination, int rows, (double Gain, double Epsilon) norm, bool isCentred)
    {
        for (int a = 0; a < inputs; a++)
        {
            Vector512<double> sum = default, square = default;
            for (int i = 0; i < rows; i++)
            {
                Vector512<double> phi = source[(i * inputs) + a];
                sum += phi;
                square += phi * phi;
            }

            Vector512<double> mean = isCentred ? sum / Vector512.Create((double)rows) : default;
            Vector512<double> root = Vector512.Sqrt((square / Vector512.Create((double)rows)) - (mean * mean) + Vector512.Create(norm.Epsilon));
            for (int i = 0; i < rows; i++)
                destination[(i * inputs) + a] = Vector512.Create(norm.Gain) * (source[(i * inputs) + a] - mean) / root;
        }
    }

    private void Multiply(PlanStage<double> stage, ref LanePhilox lanes, CancellationToken cancellation)
    {
        WeightStream random = Stream(ref lanes, CounterPurpose.Weights + stage.Number, cancellation);
        double variance = stage.Stage.WeightVariance / stage.TapCount;
        for (int copy = 0; copy < stage.Stage.Copies; copy++)
        {
            Vector512<double>* target = product + ((long)copy * stage.Rows * inputs);
            for (int tap = 0; tap < stage.TapCount; tap++)
            {
                Turn(stage.Reads, stage.Stage.Taps.Count == 0 ? 0 : stage.Stage.Taps[tap]);
                stage.Weights.Apply(turned, tap == 0 ? target : part, stage.Rows, stage.Reads, inputs, variance, ref random);
                for (long k = 0; tap > 0 && k < (long)stage.Rows * inputs; k++) target[k] += part[k];
            }
        }
    }

    // Position a sees what is at a + tap.
    private void Turn(int rows, int tap)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int a = 0; a < inputs; a++) turned[(i * inputs) + a] = x[(i * inputs) + ((a + tap + inputs) % inputs)];
        }
    }

    private void Add(PlanStage<double> stage, Vector512<double>* field, double step, ref LanePhilox lanes, CancellationToken cancellation)
    {
        Vector512<double>* biases = Stream(ref lanes, CounterPurpose.Biases + stage.Number, cancellation).Normals(stage.AllRows);
        double biasDeviation = step * Math.Sqrt(stage.Stage.BiasVariance);
        for (int i = 0; i < stage.AllRows; i++)
        {
            for (int a = 0; a < inputs; a++)
            {
                long k = ((long)i * inputs) + a;
                field[k] = field[k] + (product[k] * step) + (biases[i] * biasDeviation);
            }
        }
    }

    private WeightStream Stream(ref LanePhilox lanes, uint layer, CancellationToken cancellation)
    {
        lanes.SetLayer(layer);
        return new WeightStream(lanes, keys, row, cancellation);
    }
}
