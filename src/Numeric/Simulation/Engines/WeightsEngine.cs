using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Compilation;

namespace SymbolicEft.Numeric.Simulation;

// The definition itself, as a check of the block law: phi' = alpha phi + eps (W sigma(phi) + b) with weights and biases drawn. Plain
// loops in double, eight samples to a vector; only the random numbers and the recorder are shared with the block law.

/// <summary>Samples of the network from drawn weights, n^2 numbers a layer.</summary>
internal sealed unsafe class WeightsEngine<TActivation, TWeights> : LaneEngine
    where TActivation : struct, IVectorActivation
    where TWeights : struct, IWeightDistribution
{
    // Counter word 1 carries the purpose in its highest bits: 0 is the block law (and the initial layer of both).
    private const uint WeightPurpose = 1u << 28;
    private const uint BiasPurpose = 2u << 28;

    private readonly EnsembleSettings settings;
    private readonly TActivation activation;
    private readonly int[] recordedLayers;
    private readonly int width;
    private readonly int inputs;
    private readonly double[,] initialFactor;
    private readonly Vector512<double>* state;
    private readonly Vector512<double>* sigma;
    private readonly Vector512<double>* product;
    private readonly Vector512<double>* row;
    private readonly Vector512<double>* sums;
    private readonly Vector512<ulong>* keys;
    private readonly KernelRecorder<double, DoubleLanes> recorder;

    public WeightsEngine(EnsembleSettings settings, TActivation activation)
    {
        this.settings = settings;
        this.activation = activation;
        width = settings.Width;
        inputs = settings.Inputs;
        recordedLayers = [.. settings.Network.RecordedLayers];
        initialFactor = SemidefiniteCholesky.Factor(settings.Network.Kernel);
        long size = (long)width * inputs;
        state = (Vector512<double>*)Allocate(size);
        sigma = (Vector512<double>*)Allocate(size);
        product = (Vector512<double>*)Allocate(size);
        row = (Vector512<double>*)Allocate(Math.Max(width, inputs) + 4);
        sums = (Vector512<double>*)Allocate(settings.Pairs);
        keys = (Vector512<ulong>*)Allocate(16);
        recorder = new KernelRecorder<double, DoubleLanes>(width, inputs, n => (nint)Allocate(n));
    }

    public override int Lanes => DoubleLanes.Count;

    public override void Run(long firstSample, IKernelObserver observer, CancellationToken cancellation)
    {
        var lanes = new LanePhilox(settings.Seed, (ulong)firstSample, 1);
        LanePhilox.FillRoundKeys(settings.Seed, keys);
        lanes.SetLayer(0);
        var initial = new WeightStream(lanes, keys, row, cancellation);
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

        int record = 0;
        for (int layer = 0; ; layer++)
        {
            for (long k = 0; k < (long)width * inputs; k++) sigma[k] = activation.Invoke(state[k]);
            if (recordedLayers[record] == layer)
            {
                for (int pair = 0; pair < settings.Pairs; pair++) sums[pair] = default;
                LaneGram<double, DoubleLanes>.Accumulate(sigma, width, inputs, sums);
                recorder.Record(record++, state, sums, observer);
            }

            if (record == recordedLayers.Length) return;
            LayerParameters numbers = settings.Network.LayerAt(layer);
            lanes.SetLayer(WeightPurpose + (uint)layer + 1);
            TWeights.Apply(sigma, product, width, inputs, numbers.WeightVariance, new WeightStream(lanes, keys, row, cancellation));
            lanes.SetLayer(BiasPurpose + (uint)layer + 1);
            AddLayer(numbers, new WeightStream(lanes, keys, row, cancellation).Normals(width));
        }
    }

    private void AddLayer(LayerParameters numbers, Vector512<double>* biases)
    {
        double biasDeviation = numbers.Step * Math.Sqrt(numbers.BiasVariance);
        for (int i = 0; i < width; i++)
        {
            for (int a = 0; a < inputs; a++)
            {
                long k = ((long)i * inputs) + a;
                state[k] = (state[k] * numbers.Skip) + (product[k] * numbers.Step) + (biases[i] * biasDeviation);
            }
        }
    }
}
