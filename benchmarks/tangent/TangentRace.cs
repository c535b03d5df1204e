// The tangent kernel of two inputs, exact trace over n outputs, in turns on one core of the same machine, by the CPU time of each process:
//   1. PyTorch's autograd (torch_ntk.py), float and double;
//   2. ours from drawn weights, the same estimator in double;
//   3. ours by the exact law of rows with tangents, with the control variate, in float.
// And the error bar of Theta1 that a given time buys: PyTorch's mean over drawn networks has n Var(Theta) = VarTheta of that width, which 3 measures, its time being that of the faster
// precision. Medians over rounds.

using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Benchmarks.Tangents;

/// <summary>The simulation of the tangent kernel against PyTorch.</summary>
internal static class TangentRace
{
    private const int Rounds = 3;
    private const long Networks = 100_000;

    public static void Run(string python)
    {
        Console.WriteLine("two inputs; microseconds a network, all outputs; ratios to the faster of PyTorch's two precisions");
        foreach ((string name, int width, int depth) in new[] { ("perceptron", 16, 4), ("perceptron", 64, 4), ("perceptron", 128, 4), ("resnet", 16, 4), ("resnet", 64, 4), ("resnet", 128, 4) })
            Race(python, name, width, depth);
    }

    private static void Race(string python, string name, int width, int depth)
    {
        double[,] kernel = { { 1.5, 0.6 }, { 0.6, 1 } };
        Network network = name == "perceptron"
            ? new() { Activation = "gelu", WeightVariance = 1.98, Skip = 0, Step = 1, Depth = depth, Kernel = kernel, RecordedLayers = [depth] }
            : new() { Activation = "tanh", WeightVariance = 2, Step = 0.5, Depth = depth, Kernel = kernel, RecordedLayers = [depth] };
        TheorySolution infinite = ClosureSolver.SolveInfiniteWidth(network, QuadratureChoice.Certified, TangentKernel.OfLayers, new LearningRates(), CancellationToken.None);
        Stopwatch clock = Stopwatch.StartNew();
        TangentBlockSampler rows = TangentBlockSampler.Prepare(ClosureSolver.Steps(network), network, width, 1, rateOfFirst: 0, infinite.Tensors["K0"], infinite.Tensors["Theta0"]);
        double preparation = clock.Elapsed.TotalSeconds;
        var drawn = new TangentSampler(ClosureSolver.Steps(network), network, width, 1, rateOfFirst: 0);
        int peers = Math.Max(2, 4_000_000 / (width * width * width)), ours = Math.Max(4, 10 * peers);
        TangentStatistics statistics = Measure(rows, Networks).Statistics;
        double[][] times = [new double[Rounds], new double[Rounds], new double[Rounds], new double[Rounds]];
        for (int round = 0; round < Rounds; round++)
        {
            (times[0][round], times[1][round]) = (Peer(python, name, width, depth, peers, "float32"), Peer(python, name, width, depth, peers, "float64"));
            (times[2][round], times[3][round]) = (Measure(drawn, ours).Microseconds, Measure(rows, Networks).Microseconds);
        }

        double[] medians = [.. times.Select(Median)];
        double peer = Math.Min(medians[0], medians[1]);
        TangentLayer last = statistics.Layers[0];
        string Errors(int pair)
        {
            // Squares of the error bars of Theta1 from one network.
            double plain = width * last.Variance.Value[pair][pair], controlled = Networks * width * width * last.Theta.StandardError[pair] * last.Theta.StandardError[pair];
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Sqrt(plain * peer / (controlled * medians[3])):F0} (variance {plain / controlled:F1} times smaller)");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name}, n = {width}, L = {depth}: PyTorch {medians[0]:F0} float, {medians[1]:F0} double; drawn weights {medians[2]:F0} ({peer / medians[2]:F1} times faster), rows {medians[3]:F1} ({peer / medians[3]:F0} times faster; prepared in {preparation:F2} s); error bar of Theta1 smaller by, on the diagonal {Errors(0)}, off it {Errors(1)}"));
    }

    private static (TangentStatistics Statistics, double Microseconds) Measure(ITangentSampler sampler, long networks)
    {
        Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        BatchTree tree = sampler.NewTree();
        sampler.RunBatches(tree, 0, sampler.Batches(networks), new EnsembleRun { Samples = networks, Threads = 1 });
        self.Refresh();
        double used = (self.TotalProcessorTime - before).TotalMicroseconds;
        return (sampler.Summarize(tree), used / networks);
    }

    private static double Peer(string python, string name, int width, int depth, int networks, string precision)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "tangent", "torch_ntk.py");
        var start = new ProcessStartInfo(python, [script, name, width.ToString(CultureInfo.InvariantCulture), depth.ToString(CultureInfo.InvariantCulture), networks.ToString(CultureInfo.InvariantCulture), precision]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? 1e6 * double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{python} {script} failed; PyTorch is needed (python3-torch of Debian, and its python3).");
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
