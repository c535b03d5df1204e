using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Symbolic.Layers;
using Xunit.Abstractions;

namespace SymbolicEft.Numeric.Tests.Simulation;

// Networks that another program simulated from real weight matrices at two widths, a(n) = a0 + a1/n, and the a0 that followed (stored-simulations.json, with the
// leading order of a theory beside them). Ours are taken at the same widths in the same way, so what is left of order 1/n^2 is the same on both sides.
// SYMEFT_LONG_TESTS=1 takes 20 times the samples (some minutes).
public sealed class StoredSimulationTests(ITestOutputHelper output)
{
    private static readonly JsonElement Stored = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "stored-simulations.json"))).RootElement;

    [Theory]
    [InlineData("plain-gelu", 400_000)]
    [InlineData("a-schedule", 400_000)]
    [InlineData("a-schedule-2", 250_000)]
    [InlineData("b-two-layer", 400_000)]
    [InlineData("b-transformer-mlp", 400_000)]
    [InlineData("c-prenorm", 400_000)]
    [InlineData("c-postnorm-2", 250_000)]
    [InlineData("d-uniform", 20_000)]
    [InlineData("d-rademacher-branch", 20_000)]
    [InlineData("d-rademacher", 20_000)]
    [InlineData("d-orthogonal", 10_000)]
    [InlineData("e-dropout", 400_000)]
    [InlineData("g-conv", 250_000)]
    public void Both_programs_find_the_same_leading_order(string name, int samples)
    {
        JsonElement stored = Stored.GetProperty(name);
        int[] widths = [.. stored.GetProperty("widths").EnumerateArray().Select(width => width.GetInt32())];
        Assert.Equal(2 * widths[0], widths[1]);
        double[] k0 = Numbers(stored, "K0");
        if (Environment.GetEnvironmentVariable("SYMEFT_LONG_TESTS") == "1") samples *= 20;
        // A seed of its own for each case: layer 0 is the same in most of them.
        int number = Stored.EnumerateObject().TakeWhile(other => other.Name != name).Count();
        LayerStatistics[] ours = [.. widths.Select(width =>
        {
            ProgramSettings settings = Case(name, Matrix(stored), width);
            return Programs.Run(settings with { RecordedLayers = [settings.Layers], Seed = (ulong)((1000 * number) + width) }, samples, k0, Environment.ProcessorCount).Layers[0];
        })];
        int pairs = k0.Length, place = 0;
        double largest = 0;
        for (int p = 0; p < pairs; p++)
        {
            Compare("K1", p, layer => new(layer.K1!.Value[p], layer.K1.StandardError[p]));
            for (int q = p; q < pairs; q++, place++) Compare("V4", place, layer => new(layer.V4.Value[p, q], layer.V4.StandardError[p, q]));
        }

        Assert.True(largest < 4, $"The largest z is {largest:F2}.");

        void Compare(string quantity, int at, Func<LayerStatistics, Estimate> of)
        {
            Estimate narrow = of(ours[0]), wide = of(ours[1]);
            var found = new Estimate((2 * wide.Value) - narrow.Value, Math.Sqrt((4 * wide.StandardError * wide.StandardError) + (narrow.StandardError * narrow.StandardError)));
            double theirs = Numbers(stored, quantity)[at], error = Numbers(stored, quantity + "_se")[at], theory = Numbers(stored, "theory" + quantity)[at];
            double z = (found.Value - theirs) / Math.Sqrt((found.StandardError * found.StandardError) + (error * error));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {quantity}[{at}] {found}, theirs {new Estimate(theirs, error)}: z {z:F2}; theory {theory:G6}: z {found.ZScore(theory):F2}"));
            largest = Math.Max(largest, Math.Abs(z));
        }
    }

    private static ProgramSettings Case(string name, double[,] kernel, int width)
    {
        Dense dense = Programs.Dense(1.7);
        Activate gelu = new("gelu");
        Dense Of(WeightKind kind) => Programs.Dense(2) with { Weights = kind };
        Layer Scheduled(int layer, string activation) => new Residual([new Activate(activation), Programs.Dense(1 + (0.3 * layer), 0.1 + (0.05 * layer))])
        {
            Skip = 1 - (0.02 * layer),
            Step = new[] { 0.5, 0.353553390593, 0.288675134595, 0.25, 0.22360679775, 0.204124145232 }[layer],
        };
        Layer[] layers = name switch
        {
            "plain-gelu" => [new Repeat(5, [Programs.Residual(0.4, gelu, dense)])],
            "a-schedule" => [Scheduled(0, "gelu"), Scheduled(1, "softplus"), Scheduled(2, "tanh"), Scheduled(3, "silu"), Scheduled(4, "gelu"), Scheduled(5, "softplus")],
            "a-schedule-2" => [Scheduled(0, "gelu"), Scheduled(1, "softplus"), Scheduled(2, "tanh"), Scheduled(3, "silu")],
            "b-two-layer" => [new Repeat(4, [Programs.Residual(0.5, gelu, Programs.Dense(1.7, 0.1, 0.5), new Activate("softplus"), Programs.Dense(1.2, 0))])],
            "b-transformer-mlp" => [new Repeat(4, [Programs.Residual(0.5, Programs.Dense(1.5, 0.1, 2), gelu, dense)])],
            "c-prenorm" => [new Repeat(5, [Programs.Residual(0.5, new RmsNorm(1.2, 0.2), gelu, dense)])],
            "c-postnorm-2" => [new Repeat(4, [Programs.Residual(0.6, gelu, dense), new PostNorm(1.2, 0.1)])],
            "d-uniform" => [new Repeat(4, [gelu, Of(WeightKind.Uniform)])],
            "d-rademacher" => [new Repeat(4, [gelu, Of(WeightKind.Rademacher)])],
            "d-rademacher-branch" => [new Repeat(4, [Programs.Residual(0.6, gelu, Programs.Dense(1.7, 0.1, 0.5) with { Weights = WeightKind.Rademacher }, new Activate("softplus"), Programs.Dense(1.2, 0) with { Weights = WeightKind.Rademacher })])],
            "d-orthogonal" => [new Repeat(3, [new Residual([gelu, dense with { Weights = WeightKind.Orthogonal }]) { Skip = 0.8, Step = 0.8 }])],
            "e-dropout" => [new Repeat(4, [Programs.Residual(0.5, gelu, new Dropout(0.7), dense)])],
            "g-conv" => [new Repeat(4, [Programs.Residual(0.5, gelu, dense with { Taps = [0, 1] })])],
            _ => throw new ArgumentException(name),
        };
        return Programs.Settings(kernel, width, layers) with { DrawsWeights = name.StartsWith("d-", StringComparison.Ordinal), Precision = StatePrecision.Single };
    }

    private static double[,] Matrix(JsonElement stored)
    {
        double[][] rows = [.. stored.GetProperty("kernel").EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray())];
        var matrix = new double[rows.Length, rows.Length];
        for (int a = 0; a < rows.Length; a++)
        {
            for (int b = 0; b < rows.Length; b++) matrix[a, b] = rows[a][b];
        }

        return matrix;
    }

    private static double[] Numbers(JsonElement stored, string name) => [.. stored.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
