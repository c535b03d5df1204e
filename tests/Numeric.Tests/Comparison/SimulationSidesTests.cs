using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Comparison;

// Finite networks decide between closures. Two widths n and 2n extrapolate the correction of order 1/n away, 2 x(2n) - x(n), so that what is
// left beside the standard error is of order 1/n^2; the control variate makes K1 sharp enough to show the 1/n itself.
//
// hermite(80) is the exact leading order to well below the standard errors. What it leaves out falls faster than any power of k for the
// analytic activations. relu^2 = (x^2 + x|x|)/2 has a jump in its second derivative: the squares of its Hermite coefficients fall like
// k^(-7/2), so what is left out of V4 falls like k^(-5/2), 2e-5 of it at k = 80. Price's delta functions never enter: modes need values alone.
public sealed class SimulationSidesTests
{
    private const int Narrow = 512, Wide = 1024;

    [Theory]
    [InlineData("tanh", 2.0, 2.0, 0.0, 0.1)]
    [InlineData("erf", 2.0, 2.0, 0.0, 0.1)]
    [InlineData("gelu", 1.5, 1.7, 0.1, 0.05)]
    [InlineData("softplus", 1.5, 1.0, 0.1, 0.05)]
    [InlineData("relu", 1.5, 2.0, 0.1, 0.05)]
    public void SimulationSidesWithHermiteAndTheSigmaKernelAgainstGOnly(string activation, double kernel, double weights, double bias, double square)
    {
        const int depth = 20;
        var problem = Networks.Of(Activation.Parse(activation), new LayerParameters(1, Math.Sqrt(square), weights, bias), 1, [kernel], depth, [0, depth]);
        (double Value, double Error) v4, k1;
        (v4, k1) = Simulated(problem);
        TheorySolution exact = HermiteSolver.Solve(problem, 80, Stepping.Discrete);
        TheorySolution gOnly = ClosureSolver.Solve(problem, new GOnly(), Stepping.Discrete), sigma = ClosureSolver.Solve(problem, new SigmaKernel(1), Stepping.Discrete);
        double V4(TheorySolution solution) => (solution.V4[1][0] - v4.Value) / v4.Error;
        double K1(TheorySolution solution) => (solution.K1[1][0] - k1.Value) / k1.Error;
        string scores = FormattableString.Invariant($"z of V4, K1: hermite {V4(exact):F1}, {K1(exact):F1}; sigma-kernel {V4(sigma):F1}, {K1(sigma):F1}; g-only {V4(gOnly):F1}, {K1(gOnly):F1}");

        Assert.True(Math.Abs(V4(exact)) < 4 && Math.Abs(K1(exact)) < 4, scores);
        Assert.True(Math.Abs(V4(gOnly)) > 6 && Math.Abs(K1(gOnly)) > 6, scores);
        // A closure, not the exact leading order: it differs from the simulation by its own error, which is a fraction of g-only's.
        Assert.True(Math.Abs(V4(sigma)) < Math.Max(4, 0.25 * Math.Abs(V4(gOnly))) && Math.Abs(K1(sigma)) < Math.Max(4, 0.5 * Math.Abs(K1(gOnly))), scores);
    }

    private static ((double Value, double Error) V4, (double Value, double Error) K1) Simulated(Network problem)
    {
        (double, double) Extrapolated((double Value, double Error) narrow, (double Value, double Error) wide) =>
            ((2 * wide.Value) - narrow.Value, Math.Sqrt((4 * wide.Error * wide.Error) + (narrow.Error * narrow.Error)));
        (LayerStatistics narrow, LayerStatistics wide) = (Run(problem, Narrow, 11), Run(problem, Wide, 12));
        return (
            Extrapolated((narrow.V4.Value[0, 0], narrow.V4.StandardError[0, 0]), (wide.V4.Value[0, 0], wide.V4.StandardError[0, 0])),
            Extrapolated((narrow.K1!.Value[0], narrow.K1.StandardError[0]), (wide.K1!.Value[0], wide.K1.StandardError[0])));
    }

    private static LayerStatistics Run(Network problem, int width, ulong seed)
    {
        var settings = new EnsembleSettings
        {
            Network = new()
            {
                Activation = problem.Sigma.Text,
                Depth = problem.Depth,
                Step = problem.LayerAt(0).Step,
                WeightVariance = problem.LayerAt(0).WeightVariance,
                BiasVariance = problem.LayerAt(0).BiasVariance,
                Kernel = new[,] { { problem.InitialKernel[0] } },
                RecordedLayers = [problem.Depth],
            },
            Width = width,
            Seed = seed,
        };
        ControlVariate control = ControlVariate.Prepare(settings, covarianceOrder: 80);
        return new EnsembleSampler(settings, null, control).Run(new EnsembleRun { Samples = 12288, Threads = 1 }).Layers[^1];
    }
}
