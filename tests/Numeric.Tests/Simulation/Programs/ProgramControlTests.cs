using System.Globalization;
using SymbolicEft.Numeric.Simulation;
using Xunit.Abstractions;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>The control variate of programs: no bias at any width, a prediction with the covariance it claims, and error bars that shrink.</summary>
public sealed class ProgramControlTests(ITestOutputHelper output)
{
    public static TheoryData<string> Kinds => ["two-layer", "three-layer", "rms-norm", "post-norm", "dropout-shared", "dropout-independent", "gate", "taps", "parallel", "widths", "schedule"];

    // n = 6: nothing is small, and an estimator that is right only for wide networks would be seen.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Controlled_and_plain_estimates_agree(string kind)
    {
        ProgramSettings settings = Programs.Kind(kind) with { Precision = StatePrecision.Single };
        ProgramControlVariate control = ProgramControlVariate.Prepare(settings);
        var run = new EnsembleRun { Samples = 100_000, Threads = 1 };
        EnsembleStatistics plain = new EnsembleSampler(settings, new EnsembleReference { K0 = control.K0, E2 = [] }).Run(run);
        EnsembleStatistics controlled = new EnsembleSampler(settings with { Seed = 77 }, null, control).Run(run);
        double largest = 0;
        for (int record = 1; record < plain.Layers.Count; record++)
        {
            LayerStatistics one = plain.Layers[record], two = controlled.Layers[record];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind} {record}: gains K1 {string.Join(" ", two.Gain!.G.Select(g => g.ToString("F1", CultureInfo.InvariantCulture)))}; V4 {two.Gain.V4[0, 0]:F1}; truncation {two.V4.Truncation![0, 0] / two.V4.Value[0, 0]:E1}"));
            for (int p = 0; p < settings.Pairs; p++)
            {
                largest = Math.Max(largest, Math.Abs(Score(one.K1!.Value[p], one.K1.StandardError[p], two.K1!.Value[p], two.K1.StandardError[p])));
                for (int q = p; q < settings.Pairs; q++)
                    largest = Math.Max(largest, Math.Abs(Score(one.V4.Value[p, q], one.V4.StandardError[p, q], two.V4.Value[p, q], two.V4.StandardError[p, q])));
            }
        }

        Assert.True(largest < 4.5, $"The largest z is {largest:F2}.");
    }

    // Free rows are iid Gaussian, so the covariance of the prediction is that of the equations at every n, n = 6 too.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_prediction_has_mean_zero_and_the_covariance_of_the_equations(string kind)
    {
        const int samples = 60_000;
        ProgramSettings settings = Programs.Kind(kind) with { Precision = StatePrecision.Single };
        ProgramControlVariate control = ProgramControlVariate.Prepare(settings);
        using LaneEngine engine = settings.Engines(control)();
        var sums = new Moments(engine.Lanes, settings.Pairs, settings.Recorded.Count);
        for (int first = 0; first < samples; first += engine.Lanes) engine.Run(first, sums, CancellationToken.None);
        double largest = 0;
        for (int record = 0; record < settings.Recorded.Count; record++)
        {
            for (int p = 0; p < settings.Pairs; p++)
            {
                for (int q = p; q < settings.Pairs; q++)
                {
                    (double mean, double square) = (sums.Products[record][p, q] / samples, sums.Squares[record][p, q] / samples);
                    double error = Math.Sqrt((square - (mean * mean)) / samples);
                    largest = Math.Max(largest, Math.Abs((settings.Width * mean) - control.KernelCovariance[record][p, q]) / (settings.Width * error));
                    if (p == q) largest = Math.Max(largest, Math.Abs(sums.Means[record][p] / samples) / Math.Sqrt(mean / samples));
                }
            }
        }

        Assert.True(largest < 4.5, $"The largest z is {largest:F2}.");
    }

    // What is left is smaller by a factor of order n^(-1/2), path by path: a map that is wrong in one number leaves what does not shrink.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_left_shrinks_with_the_width(string kind)
    {
        ProgramSettings settings = Programs.Kind(kind) with { Precision = StatePrecision.Double };
        ControlGain Gain(int width)
        {
            ProgramSettings wide = settings with { Width = width, RecordedLayers = [settings.Layers] };
            return new EnsembleSampler(wide, null, ProgramControlVariate.Prepare(wide)).Run(new EnsembleRun { Samples = 3000, Threads = 1 }).Layers[0].Gain!;
        }

        ControlGain narrow = Gain(48), broad = Gain(384);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: gains at n = 48 and 384: K1 {narrow.G[1]:F1} {broad.G[1]:F1}; V4 {narrow.V4[1, 1]:F1} {broad.V4[1, 1]:F1}"));
        for (int p = 0; p < settings.Pairs; p++)
        {
            Assert.True(broad.G[p] > 5 * narrow.G[p], $"K1 gains {narrow.G[p]:F1} and {broad.G[p]:F1} at pair {p}.");
            Assert.True(broad.V4[p, p] > 4 * narrow.V4[p, p], $"V4 gains {narrow.V4[p, p]:F1} and {broad.V4[p, p]:F1} at pair {p}.");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_loop_over_layers_allocates_nothing(string kind)
    {
        ProgramSettings settings = Programs.Kind(kind) with { Precision = StatePrecision.Single };
        using LaneEngine engine = settings.Engines(ProgramControlVariate.Prepare(settings))();
        var observer = new Moments(engine.Lanes, settings.Pairs, settings.Recorded.Count);
        engine.Run(0, observer, default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        engine.Run(16, observer, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Another_program_and_drawn_weights_are_refused()
    {
        ProgramSettings settings = Programs.Kind("gate");
        ProgramControlVariate control = ProgramControlVariate.Prepare(settings);
        _ = new EnsembleSampler(settings with { Width = 12, Seed = 9, Precision = StatePrecision.Single }, null, control);
        foreach (ProgramSettings other in new[] { Programs.Kind("gate"), settings with { RecordedLayers = [0, 1] }, settings with { InitialKernel = new double[,] { { 1, 0 }, { 0, 1 } } }, settings with { DrawsWeights = true } })
            Assert.StartsWith("The control variate was prepared for another program", Assert.Throws<ArgumentException>(() => new EnsembleSampler(other, null, control)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Weights are drawn one by one", Assert.Throws<ArgumentException>(() => ProgramControlVariate.Prepare(settings with { DrawsWeights = true })).Message, StringComparison.Ordinal);
    }

    private static double Score(double x, double xError, double y, double yError) => (x - y) / Math.Sqrt((xError * xError) + (yError * yError));

    // Sums of the predictions, their products and the squares of these.
    private sealed class Moments(int lanes, int pairs, int records) : IKernelObserver
    {
        public double[][] Means { get; } = [.. Enumerable.Range(0, records).Select(_ => new double[pairs])];

        public double[][,] Products { get; } = [.. Enumerable.Range(0, records).Select(_ => new double[pairs, pairs])];

        public double[][,] Squares { get; } = [.. Enumerable.Range(0, records).Select(_ => new double[pairs, pairs])];

        public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
        {
        }

        public void ObservePrediction(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                for (int p = 0; p < pairs; p++)
                {
                    Means[record][p] += kernel[(p * lanes) + lane];
                    for (int q = p; q < pairs; q++)
                    {
                        double product = kernel[(p * lanes) + lane] * kernel[(q * lanes) + lane];
                        Products[record][p, q] += product;
                        Squares[record][p, q] += product * product;
                    }
                }
            }
        }
    }
}
