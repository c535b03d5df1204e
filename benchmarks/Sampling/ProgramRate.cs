// What a program of layers costs beside the plain process: normals a second and core (by the process's own clock, one thread), in turns.

using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Benchmarks.Sampling;

/// <summary>The sampler of programs against the sampler of the plain network.</summary>
internal static class ProgramRate
{
    private const int Layers = 800, Rounds = 7;
    private const double NormalsInRun = 1.5e8;

    public static void Run()
    {
        foreach ((int width, int inputs) in new[] { (64, 1), (64, 4), (512, 1), (512, 4), (4096, 4) })
        {
            var kernel = new double[inputs, inputs];
            for (int a = 0; a < inputs; a++)
            {
                for (int b = 0; b < inputs; b++) kernel[a, b] = a == b ? 2 : 0.6;
            }

            var plain = new EnsembleSettings { Network = new() { Activation = "tanh", Depth = Layers, Step = 0.05, WeightVariance = 2, Kernel = kernel, RecordedLayers = [Layers] }, Width = width };
            (string Name, SamplingSettings Settings)[] sides =
            [
                ("plain network", plain),
                ("the same as a program", Program(plain, new Activate("tanh"), new Dense(2))),
                ("branch of two layers", Program(plain, new Activate("tanh"), new Dense(2), new Activate("tanh"), new Dense(2))),
                ("RMS norm, two layers", Program(plain, new RmsNorm(1, 0.1), new Activate("tanh"), new Dense(2), new Activate("tanh"), new Dense(2))),
                ("RMS norm, gate", Program(plain, new RmsNorm(1, 0.1), new Dense(2) { Copies = 2 }, new Gate("tanh"), new Dense(2))),
                ("dropout", Program(plain, new Activate("tanh"), new Dropout(0.9), new Dense(2))),
            ];
            double[][] rates = [.. sides.Select(side => new double[Rounds])];
            for (int round = -1; round < Rounds; round++)
            {
                for (int side = 0; side < sides.Length; side++)
                {
                    double rate = Rate(sides[side].Settings);
                    if (round >= 0) rates[side][round] = rate;
                }
            }

            for (int side = 0; side < sides.Length; side++)
            {
                double median = Median(rates[side]), ratio = Median([.. rates[side].Zip(rates[0], (ours, theirs) => ours / theirs)]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"n = {width}, N = {inputs}: {sides[side].Name,-22} {median / 1e6,6:F0} million normals a second and core, {ratio:F2} of the plain network"));
            }
        }
    }

    private static ProgramSettings Program(EnsembleSettings plain, params Layer[] branch) => new()
    {
        Steps = new LayerProgram([new Repeat(Layers / branch.OfType<Dense>().Sum(dense => dense.Copies), [new Residual(branch) { Step = 0.05 }])]).Unroll(plain.Inputs),
        Width = plain.Width,
        InitialKernel = plain.Network.Kernel,
        RecordedLayers = [Layers / branch.OfType<Dense>().Sum(dense => dense.Copies)],
    };

    private static double Rate(SamplingSettings settings)
    {
        // Without a pilot: a reference is given.
        double[][] zero = [new double[settings.Pairs]];
        var sampler = new EnsembleSampler(settings, new EnsembleReference { K0 = zero, E2 = settings.HasSigma ? zero : [] });
        long samples = Math.Max(1, (long)(NormalsInRun / settings.NumbersInSample / 16)) * 16;
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        sampler.Run(new EnsembleRun { Samples = samples, Threads = 1 });
        process.Refresh();
        return samples * settings.NumbersInSample / (process.TotalProcessorTime - before).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
