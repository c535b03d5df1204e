using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Simulation;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Standard errors that rest on a few samples say so.</summary>
public class ErrorBarsTests
{
    // sigma = |x|, C_W = 1, skip 0: S = G, so G is a product of l + 1 independent chi-squared over n, and E G^2 = (1 + 2/n)^(l+1).
    private static EnsembleSettings Perceptron(int depth) => Linear(64, depth, new[,] { { 1.0 } }, StatePrecision.Single).On(network => network with { Activation = "abs", Skip = 0, Step = 1, WeightVariance = 1 });

    [Fact]
    public void Effective_samples_are_those_of_plain_sums()
    {
        EnsembleSettings settings = Tanh(width: 5, depth: 2).On(network => network with { RecordedLayers = [2] });
        EnsembleReference reference = EnsembleSamplerTests.Reference(1, 3, closure: false);
        var sampler = new EnsembleSampler(settings, reference);
        LayerStatistics layer = sampler.Run(new EnsembleRun { Samples = 300, Threads = 1 }).Layers[0];
        KernelSample[] all = sampler.Samples(0, 300);
        for (int p = 0; p < 3; p++)
        {
            double mean = all.Average(s => s.G[0][p]);
            Assert.Equal(Ratio(all.Select(s => s.G[0][p] - mean)), layer.K1!.EffectiveSamples[p], 1e-6 * 300);
            for (int q = 0; q < 3; q++)
                Assert.Equal(Ratio(all.Select(s => (s.G[0][p] - reference.K0[0][p]) * (s.G[0][q] - reference.K0[0][q]))), layer.V4.EffectiveSamples[p, q], 1e-6 * 300);
        }

        static double Ratio(IEnumerable<double> influences)
        {
            double[] squares = [.. influences.Select(w => w * w)];
            return squares.Sum() * squares.Sum() / squares.Sum(square => square * square);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Heavy_tails_are_told(bool controlled)
    {
        EnsembleStatistics Run(int depth, int samples)
        {
            EnsembleSettings settings = Perceptron(depth);
            var description = new ActivationDescription("abs", Math.Abs) { Kinks = [new Kink(0, 1)] };
            return new EnsembleSampler(settings, null, controlled ? ControlVariate.Prepare(settings) : null).Run(new EnsembleRun { Samples = samples, Threads = 1 });
        }

        EnsembleStatistics heavy = Run(20, 2000);
        string warning = Assert.Single(heavy.Warnings, sentence => sentence.Contains("error bars of V4", StringComparison.Ordinal));
        Assert.Matches("^1 of 2 error bars of V4 cannot be trusted: that of V4_00,00 at layer 20 rests on the equivalent of [0-9]+ of 2000 networks, and a few rare ones can change it by half and more; simulate more networks, or take it for a rough guess.$", warning);
        Assert.Empty(Run(1, 2000).Warnings);
    }

    // The threshold: where nothing is told, z-scores have the spread they should have; where it always is, they have not.
    [Fact]
    public void What_is_told_is_what_fails()
    {
        (double Trusted, int Told) Spread(int depth, int samples)
        {
            EnsembleSettings settings = Perceptron(depth);
            double exact = 64 * (Math.Pow(1 + (2.0 / 64), depth + 1) - 1), sum = 0;
            int told = 0;
            for (ulong seed = 1; seed <= 60; seed++)
            {
                EnsembleStatistics run = new EnsembleSampler((settings with { Seed = seed }).On(network => network with { RecordedLayers = [depth] })).Run(new EnsembleRun { Samples = samples, Threads = 1 });
                double z = run.V4At(0, (0, 0), (0, 0)).ZScore(exact);
                sum += z * z;
                told += run.Warnings.Any(sentence => sentence.Contains("V4", StringComparison.Ordinal)) ? 1 : 0;
            }

            return (Math.Sqrt(sum / 60), told);
        }

        (double light, int lightTold) = Spread(1, 2000);
        Assert.InRange(light, 0.75, 1.25);
        Assert.Equal(0, lightTold);
        (double heavy, int heavyTold) = Spread(20, 200);
        Assert.True(heavy > 1.3, $"The spread of z is {heavy}.");
        Assert.InRange(heavyTold, 55, 60);
    }
}
