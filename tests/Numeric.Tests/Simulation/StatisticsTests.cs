using SymbolicEft.Numeric.Simulation;
using static SymbolicEft.Numeric.Tests.Simulation.Ensembles;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>Estimates and standard errors against plain sums over single samples.</summary>
public class StatisticsTests
{
    [Theory]
    [InlineData(2, StatePrecision.Single)]
    [InlineData(17, StatePrecision.Single)]
    [InlineData(1003, StatePrecision.Single)]
    [InlineData(9, StatePrecision.Double)]
    [InlineData(1003, StatePrecision.Double)]
    public void Statistics_are_those_of_the_samples(int samples, StatePrecision precision)
    {
        const int inputs = 3, pairs = 6;
        EnsembleSettings settings = (Tanh(width: 5, depth: 2, precision) with { CovariancePairs = [0, 1, 3, 5] }).On(network => network with { Kernel = Kernel(inputs, 1, 0.3), RecordedLayers = [0, 2] });
        EnsembleReference reference = EnsembleSamplerTests.Reference(2, pairs, closure: true);
        var sampler = new EnsembleSampler(settings, reference);
        EnsembleStatistics statistics = sampler.Run(new EnsembleRun { Samples = samples, Threads = 1 });
        Assert.Equal(samples, statistics.Samples);
        KernelSample[] all = sampler.Samples(0, samples);
        for (int record = 0; record < 2; record++)
        {
            LayerStatistics layer = statistics.Layers[record];
            for (int p = 0; p < pairs; p++)
            {
                double[] g = [.. all.Select(s => s.G[record][p])], sigma = [.. all.Select(s => s.S[record][p])];
                Close(g.Average(), layer.G.Value[p]);
                Close(sigma.Average(), layer.S.Value[p]);
                Close(5 * (g.Average() - reference.K0[record][p]), layer.K1!.Value[p]);
                Close(5 * (sigma.Average() - reference.E2[record][p]), layer.U1!.Value[p]);
                double error = Math.Sqrt(Covariance(g, g) / samples);
                Close(error, layer.G.StandardError[p]);
                Close(5 * error, layer.K1.StandardError[p]);
                Close(5 * Math.Sqrt(Covariance(sigma, sigma) / samples), layer.U1.StandardError[p]);
            }

            for (int p = 0; p < 4; p++)
            {
                for (int q = 0; q < 4; q++)
                {
                    int left = settings.CovariancePairs![p], right = settings.CovariancePairs[q];
                    double[] g = [.. all.Select(s => s.G[record][left])], h = [.. all.Select(s => s.G[record][right])];
                    double[] sigma = [.. all.Select(s => s.S[record][left])], tau = [.. all.Select(s => s.S[record][right])];
                    double[] rest = [.. all.Select(s => s.S[record][left] - Enumerable.Range(0, pairs).Sum(k => reference.Closure![record][left, k] * s.G[record][k]))];
                    Check(g, h, layer.V4, p, q);
                    Check(sigma, h, layer.SigmaKernelCovariance, p, q);
                    Check(sigma, tau, layer.SigmaSigmaCovariance, p, q);
                    Check(rest, h, layer.ClosureResidual!, p, q);
                }
            }
        }
    }

    // The error bar of V4 must be right for a very non-Gaussian G: ten inputs' worth of independent runs, their spread against the bar.
    [Fact]
    public void Error_bars_of_V4_cover_the_spread_of_independent_runs()
    {
        const int runs = 300;
        EnsembleSettings settings = Linear(8, 2, new[,] { { 1.0 } }, StatePrecision.Double).On(network => network with { RecordedLayers = [2] });
        double c = settings.Network.Step * settings.Network.Step * settings.Network.WeightVariance;
        double exact = 8 * ((1.25 * Math.Pow(((1 + c) * (1 + c)) + (((4 * c) + (2 * c * c)) / 8), 2)) - Math.Pow(1 + c, 4));
        double meanScore = 0, covarianceScore = 0;
        for (ulong seed = 1; seed <= runs; seed++)
        {
            LayerStatistics layer = Run(settings with { Seed = seed }, 4000, new EnsembleReference { K0 = [[1.3]], E2 = [[1.3]] }).Layers[0];
            meanScore += Math.Pow((layer.G.Value[0] - ((1 + c) * (1 + c))) / layer.G.StandardError[0], 2);
            covarianceScore += Math.Pow((layer.V4.Value[0, 0] - exact) / layer.V4.StandardError[0, 0], 2);
        }

        // Mean square scores are 1 +- sqrt(2 / runs) = 1 +- .08.
        Assert.InRange(meanScore / runs, 0.7, 1.3);
        Assert.InRange(covarianceScore / runs, 0.7, 1.35);
    }

    [Fact]
    public void Origin_of_the_sums_does_not_matter()
    {
        EnsembleSettings settings = Tanh();
        EnsembleStatistics pilot = Run(settings, 5000), reference = Run(settings, 5000, EnsembleSamplerTests.Reference(3, 3, closure: false));
        for (int p = 0; p < 3; p++)
        {
            Close(pilot.Layers[2].G.Value[p], reference.Layers[2].G.Value[p]);
            for (int q = 0; q < 3; q++)
            {
                Close(pilot.Layers[2].V4.Value[p, q], reference.Layers[2].V4.Value[p, q]);
                Close(pilot.Layers[2].V4.StandardError[p, q], reference.Layers[2].V4.StandardError[p, q]);
            }
        }

        Assert.Null(pilot.Layers[2].K1);
    }

    private static double Covariance(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / (x.Length - 1);
    }

    private static void Check(double[] x, double[] y, PairMatrixEstimate estimate, int p, int q)
    {
        Close(5 * Covariance(x, y), estimate.Value[p, q]);
        // Infinitesimal jackknife: spread of (x - mean)(y - mean).
        double mx = x.Average(), my = y.Average(), mean = x.Zip(y, (a, b) => (a - mx) * (b - my)).Average();
        double influence = x.Zip(y, (a, b) => Math.Pow(((a - mx) * (b - my)) - mean, 2)).Average();
        double error = 5.0 * x.Length / (x.Length - 1) * Math.Sqrt(influence / x.Length);
        Assert.Equal(error, estimate.StandardError[p, q], 1e-6 * (1 + error));
        if (x.Length < 1000) return;
        // And the ordinary delete-one jackknife, which needs no formula.
        double n = x.Length, full = Covariance(x, y), sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            double leaveOut = ((full * (n - 1)) - (n / (n - 1) * (x[k] - mx) * (y[k] - my))) / (n - 2);
            sum += (leaveOut - full) * (leaveOut - full);
        }

        Assert.Equal(5 * Math.Sqrt((n - 1) / n * sum), estimate.StandardError[p, q], 5e-3 * error);
    }

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * (1 + Math.Abs(expected)));
}
