// One step of the G-only equations, expectations given, in one run: the tiers of compiled delegates, C# written by hand, and NumPy's einsum.
// Microseconds; medians over rounds.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Benchmarks.Equations;

/// <summary>Compiled right-hand sides against their peers.</summary>
internal static class EquationRace
{
    private const int Rounds = 7;

    public static void Run(string python)
    {
        EquationSystem system = DerivationPipeline.GOnly(DepthForm.Discrete).System;
        Console.WriteLine("one step of K0, V4, V4 without transport, K1; microseconds");
        Console.WriteLine("   N  compile ms   components      loops  by hand     einsum   eight in a batch, each   components/hand  loops/hand  components/batch");
        var loopTimes = new List<(int Inputs, double Time)>();
        foreach (int inputs in new[] { 1, 2, 4, 8, 16, 32, 64 })
        {
            double[] row = Row(system, inputs, python);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inputs,4}{row[0],12:F0}{row[1],13:F3}{row[2],11:F3}{row[3],9:F3}{row[4],11:F1}{row[5],25:F3}{row[1] / row[3],18:F2}{row[2] / row[3],12:F2}{row[1] / row[5],18:F1}"));
            if (inputs >= 16) loopTimes.Add((inputs, row[2]));
        }

        double slope = Math.Log(loopTimes[^1].Time / loopTimes[0].Time) / Math.Log((double)loopTimes[^1].Inputs / loopTimes[0].Inputs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loops grow as N^{slope:F2} from {loopTimes[0].Inputs} to {loopTimes[^1].Inputs} inputs"));
        Console.WriteLine("whole solves, tanh, C_W = 2, discrete depth, after start; seconds");
        foreach ((string closure, int inputs, int depth) in new[] { ("g-only", 1, 800), ("g-only", 4, 800), ("g-only", 16, 100), ("g-only", 64, 100), ("sigma-kernel", 1, 800), ("sigma-kernel", 4, 100), ("hermite(20)", 1, 800), ("hermite(20)", 4, 800), ("hermite(80)", 2, 800), ("hermite(20)", 16, 20) })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {closure,-14} N = {inputs,2}, L = {depth,3}: {Solve(closure, inputs, depth):F3}"));
    }

    private static double[] Row(EquationSystem system, int inputs, string python)
    {
        Stopwatch clock = Stopwatch.StartNew();
        CompiledSystem? components = inputs <= 8 ? new(system, inputs, false) : null;
        CompiledSystem loops = new(system, inputs, true);
        double compile = clock.Elapsed.TotalMilliseconds / (components is null ? 1 : 2);
        var random = new Random(1);
        double[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble())];
        double[] state = Draw(loops.State.Length), next = new double[state.Length], expectations = Draw(loops.Atoms.Count + (components?.Atoms.Count ?? 0)), parameters = new LayerParameters(1, 0.05, 2, 0.1).ToArray();
        var hand = new HandWritten(inputs);
        int square = inputs * inputs, pairs = PairIndexing.Count(inputs), triangle = pairs * (pairs + 1) / 2;
        var e = new HandWritten.Expectations(Draw(square), Draw(square), Draw(square), Draw(square), Draw(square), Draw(square));
        double[] kernel = Draw(pairs), v4 = Draw(triangle), source = Draw(triangle), k1 = Draw(pairs), kernel2 = new double[pairs], v42 = new double[triangle], source2 = new double[triangle], k12 = new double[pairs];
        BatchedProgram? batch = inputs <= 4 ? new(system, inputs) : null;
        Vector512<double>[] Wide(int length) => [.. Draw(length).Select(Vector512.Create)];
        Vector512<double>[] wideParameters = Wide(5), wideExpectations = Wide(batch?.Atoms.Count ?? 0), wideState = Wide(state.Length), wideNext = new Vector512<double>[batch is null ? 0 : state.Length];
        Action?[] runs =
        [
            components is null ? null : () => components.RightSide.Run(parameters, expectations, state, next),
            () => loops.RightSide.Run(parameters, expectations, state, next),
            () => hand.Step(1, 0.05, 2, 0.1, e, kernel, v4, source, k1, kernel2, v42, source2, k12),
            batch is null ? null : () => batch.Run(wideParameters, wideExpectations, wideState, wideNext),
        ];
        double[][] times = [.. runs.Select(_ => new double[Rounds])];
        foreach (Action? run in runs) Warm(run);
        for (int round = 0; round < Rounds; round++)
        {
            for (int k = 0; k < runs.Length; k++) times[k][round] = runs[k] is { } run ? Microseconds(run) : double.NaN;
        }

        return [compile, Median(times[0]), Median(times[1]), Median(times[2]), inputs <= 32 ? Peer(python, inputs) : double.NaN, Median(times[3]) / BatchedProgram.Lanes];
    }

    // Long enough for the runtime's second compilation.
    private static void Warm(Action? run)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (run is not null && clock.ElapsedMilliseconds < 500) run();
    }

    private static double Microseconds(Action run)
    {
        long count = 0;
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 60)
        {
            for (int k = 0; k < 8; k++) run();
            count += 8;
        }

        return clock.Elapsed.TotalMicroseconds / count;
    }

    private static double Solve(string closure, int inputs, int depth)
    {
        var kernel = new double[inputs, inputs];
        foreach ((int a, int b) in PairIndexing.All(inputs)) kernel[a, b] = kernel[b, a] = a == b ? 2 : 0.6;
        var network = new Network { Activation = "tanh", WeightVariance = 2, Step = 0.05, Depth = depth, Kernel = kernel, RecordedLayers = [0, depth] };
        Stopwatch clock = Stopwatch.StartNew();
        ClosureSolver.Solve(network, ClosureRegistry.Parse(closure), Stepping.Discrete);
        return clock.Elapsed.TotalSeconds;
    }

    private static double Peer(string python, int inputs)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Equations", "peers.py"), inputs.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(output, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
