using System.Runtime.CompilerServices;
using System.Text.Json;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Tests.Closures;
using SymbolicEft.Symbolic.Derivation.Closures;
using Xunit.Abstractions;

namespace SymbolicEft.Numeric.Tests.Simulation.Independent;

// Finite networks that PyTorch simulated from the definition of a layer (networks.py, run once on a GPU; networks.json is what it wrote): real
// weights in two cases, up to 7e7 networks, nothing shared with the toolkit. They decide
// 1. whether our sampler, control variate and error bars are right at a given width;
// 2. whether hermite(k) is the leading order in 1/n: two widths extrapolate the correction of order 1/n away. What remains is of order 1/n^2; it is
//    allowed for as if it were the square of the first correction.
public sealed class IndependentSimulationTests(ITestOutputHelper output)
{
    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "networks.json"))).RootElement.GetProperty("cases").EnumerateArray()];

    [Theory]
    [InlineData("paper-weights", 2048)]
    [InlineData("paper-rows", 2048)]
    [InlineData("mlp-weights", 200_000)]
    [InlineData("tanh-64", 4096)]
    [InlineData("gelu-64", 4096)]
    [InlineData("relu-64", 8192)]
    [InlineData("softplus-64", 8192)]
    [InlineData("erf-64", 8192)]
    public void OurSamplerGivesTheSameMeansAndCovariances(string name, int samples)
    {
        JsonElement theirs = Case(name);
        EnsembleSettings settings = Settings(theirs);
        ControlVariate? control = settings.Network.Skip == 0 ? null : ControlVariate.Prepare(settings);
        LayerStatistics ours = new EnsembleSampler(settings, null, control).Run(new EnsembleRun { Samples = samples }).Layers[^1];
        var scores = new List<double>();
        for (int a = 0; a < settings.Pairs; a++)
        {
            scores.Add((ours.G.Value[a] - Number(theirs, "G", a)) / Math.Sqrt(Square(ours.G.StandardError[a]) + Square(Error(theirs, "G", a))));
            for (int b = a; b < settings.Pairs; b++)
                scores.Add((ours.V4.Value[a, b] - Number(theirs, "V4", a, b)) / Math.Sqrt(Square(ours.V4.StandardError[a, b]) + Square(Error(theirs, "V4", a, b))));
        }

        // 65 numbers at the most, correlated.
        Assert.True(scores.Max(Math.Abs) < 4.5, $"largest z {scores.MaxBy(Math.Abs):F2} of {scores.Count}");
        Assert.True(scores.Average(Square) < 3, $"mean square of z {scores.Average(Square):F2}");
    }

    // |z| of g-only is what its error is in units of the simulation's: it must be seen to be wrong.
    [Theory]
    [InlineData("tanh", 80, 8, 5)]
    [InlineData("gelu", 40, 100, 20)]
    [InlineData("relu", 80, 100, 20)]
    [InlineData("softplus", 40, 20, 5)]
    [InlineData("erf", 80, 4, 4)]
    public void TheLeadingOrderIsThatOfHermiteAndNotOfGOnly(string name, int order, double leastCovarianceScore, double leastMeanScore)
    {
        JsonElement narrow = Case(name + "-64"), wide = Case(name + "-256");
        EnsembleSettings settings = Settings(narrow);
        Network problem = settings.Network.OnInputs([0]) with { RecordedLayers = [0, settings.Network.Depth] };
        TheorySolution hermite = HermiteSolver.Solve(problem, order, Stepping.Discrete), gOnly = ClosureSolver.Solve(problem, new GOnly(), Stepping.Discrete);
        double k0 = hermite.K0[^1][0], scale = hermite.V4[^1][0];
        (double value, double error, double next) v4 = Extrapolate((Number(narrow, "V4", 0, 0), Error(narrow, "V4", 0, 0)), (Number(wide, "V4", 0, 0), Error(wide, "V4", 0, 0)), scale);
        (double Value, double Error) Mean(JsonElement of, int width) => (width * (Number(of, "G", 0) - k0), width * Error(of, "G", 0));
        (double value, double error, double next) k1 = Extrapolate(Mean(narrow, 64), Mean(wide, 256), Math.Abs(hermite.K1[^1][0]));
        string seen = FormattableString.Invariant(
            $"V4 {v4.value:F3} +- {v4.error:F3} (next order {v4.next:F3}), hermite {scale:F3}, g-only {gOnly.V4[^1][0]:F3}; K1 {k1.value:F4} +- {k1.error:F4} (next order {k1.next:F4}), hermite {hermite.K1[^1][0]:F4}, g-only {gOnly.K1[^1][0]:F4}");
        output.WriteLine(seen);

        Assert.True(Math.Abs(v4.value - scale) < (4 * v4.error) + v4.next, seen);
        Assert.True(Math.Abs(k1.value - hermite.K1[^1][0]) < (4 * k1.error) + k1.next, seen);
        Assert.True(Math.Abs(v4.value - gOnly.V4[^1][0]) > (leastCovarianceScore * v4.error) + v4.next, seen);
        Assert.True(Math.Abs(k1.value - gOnly.K1[^1][0]) > (leastMeanScore * k1.error) + k1.next, seen);
    }

    // x(n) = x + b/n + c/n^2 at n = 64 and 256: (4 x(256) - x(64))/3 = x - c/(64 256); b/64 is 4/3 of the difference, and c is taken as b^2/x.
    private static (double Value, double Error, double Next) Extrapolate((double Value, double Error) narrow, (double Value, double Error) wide, double scale)
    {
        double first = 4 * (narrow.Value - wide.Value) / 3;
        return (((4 * wide.Value) - narrow.Value) / 3, Math.Sqrt((16 * Square(wide.Error)) + Square(narrow.Error)) / 3, Square(first) / (4 * scale));
    }

    private static EnsembleSettings Settings(JsonElement theirs)
    {
        double[][] rows = theirs.GetProperty("kernel").Deserialize<double[][]>()!;
        var kernel = new double[rows.Length, rows.Length];
        for (int a = 0; a < rows.Length; a++)
        {
            for (int b = 0; b < rows.Length; b++) kernel[a, b] = rows[a][b];
        }

        int depth = theirs.GetProperty("depth").GetInt32();
        return new EnsembleSettings
        {
            Network = new()
            {
                Activation = theirs.GetProperty("activation").GetString()!,
                Depth = depth,
                Skip = theirs.GetProperty("skip").GetDouble(),
                Step = theirs.GetProperty("step").GetDouble(),
                WeightVariance = theirs.GetProperty("weightVariance").GetDouble(),
                BiasVariance = theirs.GetProperty("biasVariance").GetDouble(),
                Kernel = kernel,
                RecordedLayers = [depth],
            },
            Width = theirs.GetProperty("width").GetInt32(),
            Seed = 77,
        };
    }

    private static JsonElement Case(string name) => Cases.Single(each => each.GetProperty("name").GetString() == name);

    private static double Number(JsonElement of, string name, params int[] at) => at.Aggregate(of.GetProperty(name), (part, index) => part[index]).GetDouble();

    private static double Error(JsonElement of, string name, params int[] at) => Number(of.GetProperty("standardErrors"), name, at);

    private static double Square(double x) => x * x;

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
