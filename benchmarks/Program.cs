using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Benchmarks;

public static class Program
{
    public static void Main(string[] arguments)
    {
        // The races against programs of other languages have a form of their own: both sides in turns, ratios.
        switch (arguments)
        {
            case ["sampling", ..]:
                Sampling.SamplingRace.Run(arguments.ElementAtOrDefault(1) ?? "python3");
                return;
            case ["equations", ..]:
                Equations.EquationRace.Run(arguments.ElementAtOrDefault(1) ?? "python3");
                return;
            case ["tangents", ..]:
                Tangents.TangentRace.Run(arguments.ElementAtOrDefault(1) ?? "python3");
                return;
            case ["programs"]:
                Sampling.ProgramRate.Run();
                return;
            case ["shards"]:
                Shards.ShardCost.Run();
                return;
            case ["proofs", var file]:
                Arb.ProofTimes.Run(file); // our half of Arb/compare.py
                return;
            case ["expectation-table", var job, var result]:
                Expectations.ExpectationTable.Run(job, result); // our half of expectations/compare.py
                return;
        }

        // In one process: the machine's state is the same for every row, and nothing is built or restored on the way.
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(
            arguments.Length == 0 ? ["--filter", "*"] : arguments,
            DefaultConfig.Instance
                .AddJob(Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance))
                .AddColumn(StatisticColumn.Median));
    }
}

/// <summary>From definitions to equations, warm.</summary>
public class DerivationBenchmark
{
    [Benchmark]
    public DerivationResult GOnlyDiscrete() => DerivationPipeline.GOnly(DepthForm.Discrete);

    [Benchmark]
    public object CompileFourInputs() => new CompiledSystem(DerivationPipeline.GOnly(DepthForm.Discrete).System, 4);
}

/// <summary>The paper's theory run: N = 4, L = 800; K0, V4 with and without transport, K1, U1. The authors' code takes 549 s for it.</summary>
public class SolveBenchmark
{
    private readonly EquationSystem _system = DerivationPipeline.GOnly(DepthForm.Discrete).System;
    /// <summary>The paper's network.</summary>
    internal static Network Network { get; } = new()
    {
        Activation = "tanh",
        WeightVariance = 2,
        Step = 0.05,
        Depth = 800,
        Kernel = new double[,] { { 2, .6, .6, .6 }, { .6, 2, .6, .6 }, { .6, .6, 2, .6 }, { .6, .6, .6, 2 } },
    };

    [Benchmark]
    public TheorySolution Paper() => MomentSolver.Solve(Network, _system, Stepping.Discrete);
}

/// <summary>1,024 networks of the paper's set-up (n = 64, N = 4, L = 800), all cores. The authors' ensemble of 5e6 takes 19,262 s: 3.9 s for as many.</summary>
public class SamplerBenchmark
{
    [Params(StatePrecision.Single, StatePrecision.Double)]
    public StatePrecision Precision { get; set; }

    [Benchmark]
    public EnsembleStatistics Paper()
    {
        var settings = new EnsembleSettings
        {
            Network = SolveBenchmark.Network,
            Width = 64,
            Precision = Precision,
        };
        return new EnsembleSampler(settings).Run(new EnsembleRun { Samples = 1024 });
    }
}
