using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Hands G = phi^T phi / n (summed in double) and S to the observer, n the number of neurons of the field.</summary>
internal sealed unsafe class KernelRecorder<T, TLanes>
    where T : unmanaged
    where TLanes : struct, ILanes<T>
{
    private const int Rows = 16;

    private readonly int inputs;
    private readonly int pairs;
    private readonly Vector512<double>*[] rows;
    private readonly Vector512<double>*[] sums;
    private readonly double[] kernel;
    private readonly double[] sigmaKernel;

    public KernelRecorder(int inputs, Func<long, nint> allocate)
    {
        this.inputs = inputs;
        pairs = inputs * (inputs + 1) / 2;
        int halves = TLanes.Count / 8;
        rows = new Vector512<double>*[halves];
        sums = new Vector512<double>*[halves];
        for (int half = 0; half < halves; half++)
        {
            rows[half] = (Vector512<double>*)allocate(Rows * inputs);
            sums[half] = (Vector512<double>*)allocate(pairs);
        }

        kernel = new double[pairs * TLanes.Count];
        sigmaKernel = new double[pairs * TLanes.Count];
    }

    /// <summary>Records one layer.</summary>
    /// <param name="record">Number of the recorded layer.</param>
    /// <param name="state">phi, neuron by neuron.</param>
    /// <param name="width">Number of neurons.</param>
    /// <param name="sigmaSums">n S, packed lower triangle; null where S is not measured.</param>
    /// <param name="observer">Receives G and S.</param>
    public void Record(int record, Vector512<T>* state, int width, Vector512<T>* sigmaSums, IKernelObserver observer)
    {
        Gram(state, width, kernel);
        if (sigmaSums is null)
        {
            observer.Observe(record, kernel, default);
            return;
        }

        double* wide = stackalloc double[TLanes.Count];
        int lanes = TLanes.Count, place = 0;
        for (int a = 0; a < inputs; a++)
        {
            for (int b = a; b < inputs; b++, place += lanes)
            {
                TLanes.Widen(sigmaSums[LaneGram<T, TLanes>.Packed(b, a)], wide);
                for (int lane = 0; lane < lanes; lane++) sigmaKernel[place + lane] = wide[lane] / width;
            }
        }

        observer.Observe(record, kernel, sigmaKernel);
    }

    /// <summary>phi^T phi / n, summed in double.</summary>
    /// <param name="state">phi, neuron by neuron.</param>
    /// <param name="width">Number of neurons.</param>
    /// <param name="destination">Receives it, pair by pair, the lanes of a pair side by side.</param>
    public void Gram(Vector512<T>* state, int width, double[] destination)
    {
        foreach (Vector512<double>* sum in sums)
        {
            for (int pair = 0; pair < pairs; pair++) sum[pair] = default;
        }

        double* wide = stackalloc double[TLanes.Count];
        for (int first = 0; first < width; first += Rows)
        {
            int count = Math.Min(Rows, width - first);
            for (int k = 0; k < count * inputs; k++)
            {
                TLanes.Widen(state[((long)first * inputs) + k], wide);
                for (int half = 0; half < rows.Length; half++) rows[half][k] = Vector512.Load(wide + (8 * half));
            }

            for (int half = 0; half < rows.Length; half++) LaneGram<double, DoubleLanes>.Accumulate(rows[half], count, inputs, sums[half]);
        }

        int place = 0;
        Vector512<double> scale = Vector512.Create(1.0 / width);
        for (int a = 0; a < inputs; a++)
        {
            for (int b = a; b < inputs; b++, place += TLanes.Count)
            {
                int packed = LaneGram<T, TLanes>.Packed(b, a);
                for (int half = 0; half < rows.Length; half++) (sums[half][packed] * scale).CopyTo(destination, place + (8 * half));
            }
        }
    }
}
