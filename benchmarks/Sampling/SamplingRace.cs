// One run, everything side by side, on the paper's set-up (n = 64, N = 4, L = 800, tanh):
//   1. rate of plain sampling, ours and the peers' (peers.py), round after round, so that a busy machine slows all of them alike;
//   2. the control variate's cost and gain, and with them the time to a given standard error of K1 and V4 against the peer's plain estimator;
//   3. the stages of one layer, one core, and the distance from the multiply-add peak.
// Medians over rounds.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Benchmarks.Sampling;

/// <summary>The sampler against PyTorch and NumPy.</summary>
internal static unsafe class SamplingRace
{
    private const int Rounds = 5, PeerLayers = 40;

    public static void Run(string python)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits{(Avx512F.IsSupported ? " with AVX-512 instructions" : "")}; milliseconds a network, medians of {Rounds} rounds"));
        double torch = Race(python);
        TimeToError(torch);
        Stages();
    }

    private static double Race(string python)
    {
        (string Name, Func<double> Measure)[] runners =
        [
            ("symeft float", () => Milliseconds(Settings(64, StatePrecision.Single), null, 4096)),
            ("symeft double", () => Milliseconds(Settings(64, StatePrecision.Double), null, 2048)),
            ("PyTorch float", () => Peer(python, "torch", "float32")),
            ("PyTorch double", () => Peer(python, "torch", "float64")),
            ("NumPy float", () => Peer(python, "numpy", "float32")),
            ("NumPy double", () => Peer(python, "numpy", "float64")),
        ];
        double[][] times = [.. runners.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int k = 0; k < runners.Length; k++) times[k][round] = runners[k].Measure();
        }

        for (int k = 0; k < runners.Length; k++)
        {
            int ours = k % 2;
            double[] ratios = [.. times[k].Select((time, round) => time / times[ours][round])];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {runners[k].Name,-16}{Median(times[k]),9:F3}{(k < 2 ? "" : $"   ratio {Median(ratios):F1}")}"));
        }

        return Median(times[2]);
    }

    private static void TimeToError(double torch)
    {
        Console.WriteLine("control variate, float; times the peer's plain estimator takes for the same standard error, over ours (PyTorch float)");
        foreach (int width in new[] { 64, 256 })
        {
            EnsembleSettings settings = Settings(width, StatePrecision.Single);
            Stopwatch clock = Stopwatch.StartNew();
            ControlVariate control = ControlVariate.Prepare(settings);
            double preparation = clock.Elapsed.TotalSeconds;
            long samples = width == 64 ? 8192 : 4096;
            clock.Restart();
            EnsembleStatistics statistics = new EnsembleSampler(settings, null, control).Run(new EnsembleRun { Samples = samples });
            double each = clock.Elapsed.TotalMilliseconds / samples;
            LayerStatistics last = statistics.Layers[^1];
            // The peer's time grows as the width.
            double peer = torch * width / 64;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  n = {width}: prepared in {preparation:F1} s, {each:F3} ms a network; gain of K1_00 {last.Gain!.G[0]:F0}, of V4_00,00 {last.Gain.V4[0, 0]:F0}; K1 {last.Gain.G[0] * peer / each:F0} times, V4 {last.Gain.V4[0, 0] * peer / each:F0} times; K1 to .005 in {each * samples * Square(last.K1!.StandardError[0] / 0.005) / 1000:F1} s, V4 to .1 in {each * samples * Square(last.V4.StandardError[0, 0] / 0.1) / 1000:F1} s"));
        }
    }

    private static void Stages()
    {
        const int rows = 16, inputs = 4, repeats = 20_000;
        Vector512<float>* memory = (Vector512<float>*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(64 * 512, 64);
        Vector512<float>* state = memory, normals = memory + 64, sigma = memory + 140, factor = memory + 220, sums = memory + 240, scratch = memory + 260;
        var keys = (Vector512<ulong>*)(memory + 280);
        for (int k = 0; k < 300; k++) memory[k] = Vector512.Create(0.1f);
        var lanes = default(SingleLanes);
        lanes.Start(1, 0, keys);
        lanes.SetLayer(1);
        (string Name, Action Stage)[] stages =
        [
            ("normals", () => lanes.Fill(normals, 0, rows * inputs / 4)),
            ("phi update", () => LaneUpdate<float, SingleLanes>.Apply(state, normals, factor, rows, inputs, Vector512.Create(0.999f))),
            ("tanh", () => LaneActivation.Apply(default(TanhActivation), state, sigma, rows * inputs)),
            ("Gram matrix", () => LaneGram<float, SingleLanes>.Accumulate(sigma, rows, inputs, sums)),
            ("factor (once a layer)", () =>
            {
                for (int k = 0; k < 10; k++) factor[k] = Vector512.Create(k is 0 or 2 or 5 or 9 ? 0.1f : 0.02f);
                LaneCholesky<float, SingleLanes>.Factor(factor, inputs, scratch);
            }),
        ];
        Console.WriteLine("stages, one core, float: nanoseconds for 16 normals (one vector)");
        double total = 0;
        foreach ((string name, Action stage) in stages)
        {
            double perVector = Median([.. Enumerable.Range(0, 7).Select(_ => Nanoseconds(stage, repeats))]) / (rows * inputs);
            if (name.StartsWith("factor", StringComparison.Ordinal)) perVector *= rows / 64.0;
            total += perVector;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22}{perVector,7:F2}"));
        }

        // Counted in the source, for a vector of normals: Philox 28 integer operations, Box-Muller 22 of which 10 multiply-adds, update 3.5
        // of which 2.5, tanh 14 of which 8, Gram matrix 2.5. A square root every other vector and a division come on top.
        const double operations = 70, multiplyAdds = 23;
        double peak = Median([.. Enumerable.Range(0, 7).Select(_ => PeakMultiplyAdds())]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {"all",-22}{total,7:F2}   {operations:F0} vector operations, {multiplyAdds:F0} of them multiply-adds; at the multiply-add peak, {peak:F2} a nanosecond, the latter alone would take {multiplyAdds / peak:F1} ns ({100 * multiplyAdds / peak / total:F0} %), all {operations / peak:F1} ns ({100 * operations / peak / total:F0} %)"));
        System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
    }

    private static double Nanoseconds(Action stage, int repeats)
    {
        for (int k = 0; k < repeats / 10; k++) stage();
        long start = Stopwatch.GetTimestamp();
        for (int k = 0; k < repeats; k++) stage();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
    }

    // Multiply-adds of sixteen floats in a nanosecond, twelve independent chains.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double PeakMultiplyAdds()
    {
        const int rounds = 2_000_000;
        Vector512<float> a = Vector512.Create(0.9999f), b = Vector512.Create(0.0001f);
        Vector512<float> x0 = b, x1 = b, x2 = b, x3 = b, x4 = b, x5 = b, x6 = b, x7 = b, x8 = b, x9 = b, x10 = b, x11 = b;
        long start = Stopwatch.GetTimestamp();
        for (int k = 0; k < rounds; k++)
        {
            x0 = MultiplyAdd(x0, a, b);
            x1 = MultiplyAdd(x1, a, b);
            x2 = MultiplyAdd(x2, a, b);
            x3 = MultiplyAdd(x3, a, b);
            x4 = MultiplyAdd(x4, a, b);
            x5 = MultiplyAdd(x5, a, b);
            x6 = MultiplyAdd(x6, a, b);
            x7 = MultiplyAdd(x7, a, b);
            x8 = MultiplyAdd(x8, a, b);
            x9 = MultiplyAdd(x9, a, b);
            x10 = MultiplyAdd(x10, a, b);
            x11 = MultiplyAdd(x11, a, b);
        }

        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Sink = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11;
        return 12.0 * rounds / elapsed;
    }

    private static Vector512<float> Sink;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
        Avx512F.IsSupported ? Avx512F.FusedMultiplyAdd(x, y, z) : Vector512.MultiplyAddEstimate(x, y, z);

    private static double Milliseconds(EnsembleSettings settings, ControlVariate? control, long samples)
    {
        var sampler = new EnsembleSampler(settings, null, control);
        Stopwatch clock = Stopwatch.StartNew();
        sampler.Run(new EnsembleRun { Samples = samples });
        return clock.Elapsed.TotalMilliseconds / samples;
    }

    private static double Peer(string python, string library, string precision)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Sampling", "peers.py");
        using Process process = Process.Start(new ProcessStartInfo(python, [script, library, precision, PeerLayers.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(output, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
    }

    private static EnsembleSettings Settings(int width, StatePrecision precision) => new()
    {
        Network = SolveBenchmark.Network,
        Width = width,
        Precision = precision,
    };

    private static double Square(double value) => value * value;

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
