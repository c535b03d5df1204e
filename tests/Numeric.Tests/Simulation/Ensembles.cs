using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Networks and comparisons that several tests share.</summary>
internal static class Ensembles
{
    public static EnsembleSettings Linear(int width, int depth, double[,] kernel, StatePrecision precision) => new()
    {
        Network = new()
        {
            Activation = "identity",
            Depth = depth,
            Step = 0.3,
            WeightVariance = 1.5,
            Kernel = kernel,
            RecordedLayers = [0, depth],
        },
        Width = width,
        Precision = precision,
    };

    public static EnsembleSettings Tanh(int width = 6, int depth = 5, StatePrecision precision = StatePrecision.Double) => new()
    {
        Network = new()
        {
            Activation = "tanh",
            Depth = depth,
            Skip = 0.9,
            Step = 0.5,
            WeightVariance = 1.3,
            BiasVariance = 0.2,
            Kernel = new[,] { { 1.5, 0.6 }, { 0.6, 0.8 } },
            RecordedLayers = [0, 2, depth],
        },
        Width = width,
        Precision = precision,
        Seed = 5,
    };

    public static EnsembleSettings On(this EnsembleSettings settings, Func<Network, Network> change) => settings with { Network = change(settings.Network) };

    public static double[,] Kernel(int inputs, double diagonal, double correlation)
    {
        var kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b < inputs; b++) kernel[a, b] = diagonal * (a == b ? 1 : correlation);
        }

        return kernel;
    }

    public static EnsembleStatistics Run(EnsembleSettings settings, long samples, EnsembleReference? reference = null) =>
        new EnsembleSampler(settings, reference).Run(new EnsembleRun { Samples = samples, Threads = 1 });

    public static void AssertScore(double difference, double standardError, double limit = 4)
    {
        Assert.True(standardError > 0, "The standard error is zero.");
        Assert.InRange(difference / standardError, -limit, limit);
    }

    /// <summary>Every number of the statistics, bit by bit.</summary>
    public static List<long> Bits(EnsembleStatistics statistics)
    {
        var bits = new List<long> { statistics.Samples };
        void Add(System.Collections.IEnumerable values)
        {
            foreach (double value in values) bits.Add(BitConverter.DoubleToInt64Bits(value));
        }

        foreach (LayerStatistics layer in statistics.Layers)
        {
            foreach (PairEstimate? e in new[] { layer.G, layer.S, layer.K1, layer.U1 })
            {
                if (e is null) continue;
                Add(e.Value);
                Add(e.StandardError);
            }

            foreach (PairMatrixEstimate? e in new[] { layer.V4, layer.SigmaKernelCovariance, layer.SigmaSigmaCovariance, layer.ClosureResidual })
            {
                if (e is null) continue;
                Add(e.Value);
                Add(e.StandardError);
            }
        }

        return bits;
    }
}
