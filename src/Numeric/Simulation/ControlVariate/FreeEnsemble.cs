using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Equations;

namespace SymbolicEft.Numeric.Simulation;

// One layer of the free ensemble of a group of samples (the equations: ControlVariate; their numbers: PathwiseMap, from the derivation):
//
//   BeginLayer   c <- alpha^2 c + eps^2 C_W t,  the part of g = gf + c beyond the free ensemble's own kernel
//   Move         hf <- alpha hf + Z R^T chunk by chunk, with the normals of the network; sums of hf_a hf_b and of the modes
//                sum_i He_p(z1) He_q(z2), (p, q) of the orders wanted, z in the standard units of each pair of inputs
//                with all orders, sums of sigma(hf_a) sigma(hf_b) instead
//   EndLayer     gf = (hf^T hf - n K0) / sqrt n;  t = chi g + n^(-1/2) sum beta (sum_i He_p He_q)
//                with all orders, t = chi c + (sigma(hf)^T sigma(hf) - n E2) / sqrt n
//                r = n (S - E2 - A (G - K0) - F) and, in BeginLayer, m <- alpha^2 m + eps^2 C_W (A m + r), the path of the means
//                with all orders, r = n (S - S(hf) - A (G - G(hf))): no mean of either enters, and r = 0 to the bit at layer 0
//
// Everything is deterministic but hf: the coefficients are the same in all lanes. Sums over neurons start anew with each chunk.

/// <summary>The companion ensemble of a <see cref="BlockLawEngine{T, TLanes, TActivation}"/> and its linear prediction of G and S.</summary>
internal sealed unsafe class FreeEnsemble<T, TLanes, TActivation>
    where T : unmanaged
    where TLanes : struct, ILanes<T>
    where TActivation : struct, IVectorActivation<T>
{
    private readonly TActivation activation;
    private readonly bool allOrders;
    private readonly ControlVariate control;
    private readonly ModeTable modes;
    private readonly int width;
    private readonly int inputs;
    private readonly int pairs;
    private readonly int chunk;
    private readonly Network network;
    private readonly PathwiseMap map;
    private readonly Vector512<T>* state;
    private readonly Vector512<T>* factor;
    private readonly Vector512<T>* gram;
    private readonly Vector512<T>* sigmaGram;
    private readonly Vector512<T>* modeSums;
    private readonly Vector512<T>* correction;
    private readonly Vector512<T>* fluctuation;
    private readonly Vector512<T>* response;
    private readonly Vector512<T>* stateGram;
    private readonly Vector512<T>* kernelGap;
    private readonly Vector512<T>* rest;
    private readonly Vector512<T>* path;
    private readonly Vector512<T>* pathResponse;
    private readonly Vector512<T>* first;
    private readonly Vector512<T>* second;
    private readonly double[] kernelPrediction;
    private readonly double[] sigmaPrediction;
    private ControlLayer layer;
    private double skip;

    public FreeEnsemble(EnsembleSettings settings, TActivation activation, ControlVariate control, int chunk, Func<long, nint> allocate)
    {
        control.RequireFor(settings);
        this.control = control;
        this.activation = activation;
        allOrders = control.HighestOrder == ControlVariate.AllOrders;
        this.chunk = chunk;
        modes = control.Modes;
        width = settings.Width;
        inputs = settings.Inputs;
        pairs = settings.Pairs;
        network = settings.Network;
        map = control.Map;
        layer = control.Layers[0];
        Vector512<T>* Room(long vectors) => (Vector512<T>*)allocate(Math.Max(1, vectors));
        state = Room((long)width * inputs);
        factor = Room(pairs);
        gram = Room(pairs);
        sigmaGram = Room(pairs);
        modeSums = Room(modes.Length);
        correction = Room(pairs);
        fluctuation = Room(pairs);
        response = Room(pairs);
        stateGram = Room(pairs);
        kernelGap = Room(pairs);
        rest = Room(pairs);
        path = Room(pairs);
        pathResponse = Room(pairs);
        first = Room((long)inputs * (modes.Highest + 1) * chunk);
        second = Room((long)(modes.Highest + 1) * chunk);
        kernelPrediction = new double[pairs * TLanes.Count];
        sigmaPrediction = new double[pairs * TLanes.Count];
    }

    /// <summary>Begins a group of samples.</summary>
    public void Start()
    {
        Clear(state, (long)width * inputs);
        Clear(correction, pairs);
        Clear(response, pairs);
        Clear(path, pairs);
        Clear(pathResponse, pairs);
    }

    /// <summary>Begins a layer.</summary>
    public void BeginLayer(int number)
    {
        layer = control.Layers[number];
        skip = network.LayerAt(Math.Max(0, number - 1)).Skip;
        Vector512<T> keep = TLanes.Broadcast(map.Keep), drive = TLanes.Broadcast(map.Drive), keepMean = TLanes.Broadcast(map.KeepMean), driveMean = TLanes.Broadcast(map.DriveMean);
        for (int pair = 0; pair < pairs; pair++)
        {
            // At layer 0 all are zero.
            correction[pair] = TLanes.MultiplyAdd(drive, response[pair], keep * correction[pair]);
            path[pair] = TLanes.MultiplyAdd(driveMean, pathResponse[pair], keepMean * path[pair]);
            factor[pair] = TLanes.Broadcast(layer.Factor[pair]);
        }

        Clear(gram, pairs);
        Clear(sigmaGram, pairs);
        Clear(stateGram, pairs);
        Clear(modeSums, modes.Length);
    }

    /// <summary>Moves a chunk of neurons with the normals of the network, and adds it to the sums.</summary>
    /// <param name="start">The first neuron.</param>
    /// <param name="rows">Number of neurons.</param>
    /// <param name="normals">Their normals, rows x inputs vectors.</param>
    /// <param name="sigma">Room for rows x inputs vectors.</param>
    public void Move(int start, int rows, Vector512<T>* normals, Vector512<T>* sigma)
    {
        Vector512<T>* phi = state + ((long)start * inputs);
        // At layer 0 the state is zero, whatever the factor.
        LaneUpdate<T, TLanes>.Apply(phi, normals, factor, rows, inputs, TLanes.Broadcast(skip));
        LaneGram<T, TLanes>.Accumulate(phi, rows, inputs, gram);
        if (modes.Length > 0) AddModes(phi, rows);
        if (!allOrders) return;
        LaneActivation.Apply(activation, phi, sigma, rows * inputs);
        LaneGram<T, TLanes>.Accumulate(sigma, rows, inputs, sigmaGram);
    }

    /// <summary>Adds a chunk of the network's own state, after its step, to its sums.</summary>
    public void Follow(Vector512<T>* phi, int rows) => LaneGram<T, TLanes>.Accumulate(phi, rows, inputs, stateGram);

    /// <summary>Ends a layer: the linear prediction of S, and what is left of the network's S.</summary>
    /// <param name="networkSigma">sigma(phi)^T sigma(phi) of the network, packed lower triangle.</param>
    public void EndLayer(Vector512<T>* networkSigma)
    {
        double root = Math.Sqrt(width);
        Vector512<T> scale = TLanes.Broadcast(1 / root), back = TLanes.Broadcast(root);
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<T> free = gram[Packed(pair)] - TLanes.Broadcast(width * layer.Kernel[pair]);
            fluctuation[pair] = (free * scale) + correction[pair];
            kernelGap[pair] = stateGram[Packed(pair)] - (allOrders ? gram[Packed(pair)] : TLanes.Broadcast(width * layer.Kernel[pair]));
        }

        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<T> modesOnly = allOrders ? sigmaGram[Packed(pair)] - TLanes.Broadcast(width * layer.Means[pair]) : default;
            int end = modes.Start(pair) + modes.Of(pair).Length;
            for (int mode = modes.Start(pair); mode < end; mode++) modesOnly = TLanes.MultiplyAdd(TLanes.Broadcast(layer.Coefficients[mode]), modeSums[mode], modesOnly);
            modesOnly *= scale;

            // sigma(hf) has the response to gf in it.
            response[pair] = modesOnly + Respond(pair, allOrders ? correction : fluctuation);
            Vector512<T> gap = allOrders
                ? networkSigma[Packed(pair)] - sigmaGram[Packed(pair)]
                : networkSigma[Packed(pair)] - TLanes.Broadcast(width * layer.Means[pair]) - (back * modesOnly);
            rest[pair] = gap - Respond(pair, kernelGap);
        }

        for (int pair = 0; pair < pairs; pair++) pathResponse[pair] = rest[pair] + Respond(pair, path);
    }

    /// <summary>Hands the predictions of G - K0 and S - E2(K0) at the present layer to the observer.</summary>
    public void Record(int record, KernelRecorder<T, TLanes> recorder, IKernelObserver observer)
    {
        recorder.Gram(state, width, kernelPrediction);
        double* wide = stackalloc double[TLanes.Count];
        double scale = 1 / Math.Sqrt(width);
        for (int pair = 0; pair < pairs; pair++)
        {
            int place = pair * TLanes.Count;
            TLanes.Widen(correction[pair], wide);
            for (int lane = 0; lane < TLanes.Count; lane++)
                kernelPrediction[place + lane] = kernelPrediction[place + lane] - layer.Kernel[pair] + (scale * wide[lane]);
            TLanes.Widen(response[pair], wide);
            for (int lane = 0; lane < TLanes.Count; lane++) sigmaPrediction[place + lane] = scale * wide[lane];
        }

        observer.ObservePrediction(record, kernelPrediction, sigmaPrediction);
        Spread(path, kernelPrediction);
        Spread(pathResponse, sigmaPrediction);
        observer.ObservePath(record, kernelPrediction, sigmaPrediction);
    }

    // The linear response of S to a change of G.
    private Vector512<T> Respond(int pair, Vector512<T>* change)
    {
        (int a, int b) = modes.Pairs[pair];
        Vector512<T> sum = TLanes.Broadcast(layer.Response[3 * pair]) * change[PairIndexing.Of(a, a, inputs)];
        if (a == b) return sum;
        sum = TLanes.MultiplyAdd(TLanes.Broadcast(layer.Response[(3 * pair) + 1]), change[pair], sum);
        return TLanes.MultiplyAdd(TLanes.Broadcast(layer.Response[(3 * pair) + 2]), change[PairIndexing.Of(b, b, inputs)], sum);
    }

    private int Packed(int pair) => LaneGram<T, TLanes>.Packed(modes.Pairs[pair].Second, modes.Pairs[pair].First);

    private void Spread(Vector512<T>* sums, double[] destination)
    {
        double* wide = stackalloc double[TLanes.Count];
        for (int pair = 0; pair < pairs; pair++)
        {
            TLanes.Widen(sums[pair], wide);
            for (int lane = 0; lane < TLanes.Count; lane++) destination[(pair * TLanes.Count) + lane] = wide[lane] / width;
        }
    }

    private static void Clear(Vector512<T>* values, long count)
    {
        for (long k = 0; k < count; k++) values[k] = default;
    }

    private void AddModes(Vector512<T>* phi, int rows)
    {
        int block = (modes.Highest + 1) * chunk;
        for (int a = 0; a < inputs; a++)
        {
            Vector512<T>* he = first + (a * block);
            Vector512<T> unit = TLanes.Broadcast(layer.Frames[3 * PairIndexing.Of(a, a, inputs)]);
            for (int i = 0; i < rows; i++) he[chunk + i] = unit * phi[(i * inputs) + a];
            Raise(he, rows);
        }

        for (int pair = 0; pair < pairs; pair++)
        {
            (int a, int b) = modes.Pairs[pair];
            Vector512<T>* left = first + (a * block), right = second;
            if (a != b)
            {
                Vector512<T> own = TLanes.Broadcast(layer.Frames[(3 * pair) + 1]), other = TLanes.Broadcast(layer.Frames[(3 * pair) + 2]);
                for (int i = 0; i < rows; i++)
                    right[chunk + i] = TLanes.MultiplyAdd(other, phi[(i * inputs) + b], own * phi[(i * inputs) + a]);
                Raise(right, rows);
            }

            Vector512<T>* sums = modeSums + modes.Start(pair);
            foreach ((int p, int q) in modes.Of(pair))
            {
                *sums += q == 0 ? Sum(left + (p * chunk), rows) : p == 0 ? Sum(right + (q * chunk), rows) : Dot(left + (p * chunk), right + (q * chunk), rows);
                sums++;
            }
        }
    }

    // Rows He_2, He_3, ... from row He_1: He_{k+1} = x He_k - k He_{k-1}. Row 0 is not used.
    private void Raise(Vector512<T>* he, int rows)
    {
        Vector512<T>* x = he + chunk;
        for (int k = 1; k < modes.Highest; k++)
        {
            Vector512<T>* below = he + ((k - 1) * chunk), here = below + chunk, above = here + chunk;
            Vector512<T> minus = TLanes.Broadcast(-k);
            if (k == 1)
            {
                for (int i = 0; i < rows; i++) above[i] = TLanes.MultiplyAdd(x[i], x[i], minus);
                continue;
            }

            for (int i = 0; i < rows; i++) above[i] = TLanes.MultiplyAdd(x[i], here[i], minus * below[i]);
        }
    }

    // Four sums at a time hide the latency of the additions; the order is a function of the number of rows alone.
    private static Vector512<T> Dot(Vector512<T>* left, Vector512<T>* right, int rows)
    {
        Vector512<T> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            s0 = TLanes.MultiplyAdd(left[i], right[i], s0);
            s1 = TLanes.MultiplyAdd(left[i + 1], right[i + 1], s1);
            s2 = TLanes.MultiplyAdd(left[i + 2], right[i + 2], s2);
            s3 = TLanes.MultiplyAdd(left[i + 3], right[i + 3], s3);
        }

        for (; i < rows; i++) s0 = TLanes.MultiplyAdd(left[i], right[i], s0);
        return s0 + s1 + (s2 + s3);
    }

    private static Vector512<T> Sum(Vector512<T>* values, int rows)
    {
        Vector512<T> s0 = default, s1 = default;
        int i = 0;
        for (; i + 2 <= rows; i += 2)
        {
            s0 += values[i];
            s1 += values[i + 1];
        }

        return i < rows ? s0 + s1 + values[i] : s0 + s1;
    }
}
