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

    private static double Score(double x, double xError, double y, double yError) => (x - y) / Math.Sqrt((xError * xError) + (yError * yError));
}
