using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Compilation;

namespace SymbolicEft.Numeric.Simulation;

// The exact block law, n N normals a layer. One group of samples, one vector lane to a sample:
//
//   R = chol K(0), phi = Z R^T                                          layer 0
//   repeat: S = sigma(phi)^T sigma(phi) / n;  record G = phi^T phi / n and S if asked;
//           R = chol eps^2 (C_b 11^T + C_W S);  phi <- alpha phi + Z R^T
//
// A layer is one pass over the neurons in chunks that stay in the first-level cache; each chunk goes through four loops:
// words -> normals (LaneNormals), phi update, activation, Gram sum. The normal of neuron i and input a at the step into layer l is
// number i N + a of the counters (draw, l, sample), whatever the chunks, lanes and threads.
//
// With a control variate, the free ensemble moves with the normals of each chunk before they are used up (FreeEnsemble).

/// <summary>Samples of the exact law of the kernels, from the conditional law of a whole layer.</summary>
internal sealed unsafe class BlockLawEngine<T, TLanes, TActivation> : LaneEngine
    where T : unmanaged
    where TLanes : struct, ILanes<T>
    where TActivation : struct, IVectorActivation<T>
{
    private const int VectorsInChunk = 64;

    private readonly TActivation activation;
    private readonly EnsembleSettings settings;
    private readonly int[] recordedLayers;
    private readonly int width;
    private readonly int inputs;
    private readonly int chunk;
    private readonly double[,] initialFactor;
    private readonly Vector512<T>* state;
    private readonly Vector512<T>* normals;
    private readonly Vector512<T>* sigma;
    private readonly Vector512<T>* factor;
    private readonly Vector512<T>* sums;
    private readonly Vector512<T>* scratch;
    private readonly Vector512<ulong>* keys;
    private readonly KernelRecorder<T, TLanes> recorder;
    private readonly FreeEnsemble<T, TLanes, TActivation>? free;
    private TLanes lanes;

    public BlockLawEngine(EnsembleSettings settings, TActivation activation, ControlVariate? control = null)
    {
        this.settings = settings;
        this.activation = activation;
        lanes = default;
        width = settings.Width;
        inputs = settings.Inputs;
        recordedLayers = [.. settings.Network.RecordedLayers];
        initialFactor = SemidefiniteCholesky.Factor(settings.Network.Kernel);
        // Four neurons at least: then a chunk starts on a whole draw of four normals.
        chunk = Math.Max(4, VectorsInChunk / inputs / 4 * 4);
        int pairs = settings.Pairs;
        state = (Vector512<T>*)Allocate((long)width * inputs);
        normals = (Vector512<T>*)Allocate((chunk * inputs) + 4);
        sigma = (Vector512<T>*)Allocate(chunk * inputs);
        factor = (Vector512<T>*)Allocate(pairs);
        sums = (Vector512<T>*)Allocate(pairs);
        scratch = (Vector512<T>*)Allocate(inputs);
        keys = (Vector512<ulong>*)Allocate(16);
        recorder = new KernelRecorder<T, TLanes>(inputs, n => (nint)Allocate(n));
        if (control is not null) free = new FreeEnsemble<T, TLanes, TActivation>(settings, activation, control, chunk, n => (nint)Allocate(n));
    }

    public override int Lanes => TLanes.Count;

    public override void Run(long firstSample, IKernelObserver observer, CancellationToken cancellation)
    {
        lanes.Start(settings.Seed, firstSample, keys);
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b <= a; b++) factor[LaneGram<T, TLanes>.Packed(a, b)] = TLanes.Broadcast(initialFactor[a, b]);
        }

        for (long i = 0; i < (long)width * inputs; i++) state[i] = default;
        free?.Start();
        Pass(0, 0, cancellation);
        int record = 0;
        for (int layer = 0; ; layer++)
        {
            if (record < recordedLayers.Length && recordedLayers[record] == layer)
            {
                free?.Record(record, recorder, observer);
                recorder.Record(record++, state, width, sums, observer);
            }

            if (record == recordedLayers.Length) return;
            LayerParameters numbers = settings.Network.LayerAt(layer);
            FactorOfNextLayer(numbers);
            Pass((uint)layer + 1, numbers.Skip, cancellation);
        }
    }

    // eps R, with R R^T = C_b + C_W S.
    private void FactorOfNextLayer(LayerParameters numbers)
    {
        Vector512<T> scale = TLanes.Broadcast(numbers.Time * numbers.WeightVariance / width);
        Vector512<T> bias = TLanes.Broadcast(numbers.Time * numbers.BiasVariance);
        for (int pair = 0; pair < settings.Pairs; pair++) factor[pair] = TLanes.MultiplyAdd(sums[pair], scale, bias);
        LaneCholesky<T, TLanes>.Factor(factor, inputs, scratch);
    }

    private void Pass(uint layer, double skip, CancellationToken cancellation)
    {
        lanes.SetLayer(layer);
        free?.BeginLayer((int)layer);
        for (int pair = 0; pair < settings.Pairs; pair++) sums[pair] = default;
        for (int first = 0; first < width; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested(); // a layer of a wide network takes a good part of a second
            int rows = Math.Min(chunk, width - first);
            Vector512<T>* chunkState = state + ((long)first * inputs);
            lanes.Fill(normals, (uint)((long)first * inputs / 4), ((rows * inputs) + 3) / 4);
            free?.Move(first, rows, normals, sigma);
            LaneUpdate<T, TLanes>.Apply(chunkState, normals, factor, rows, inputs, TLanes.Broadcast(skip));
            free?.Follow(chunkState, rows);
            LaneActivation.Apply(activation, chunkState, sigma, rows * inputs);
            LaneGram<T, TLanes>.Accumulate(sigma, rows, inputs, sums);
        }

        free?.EndLayer(sums);
    }
}
