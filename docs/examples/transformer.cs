#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// The perceptron blocks of a transformer, 16 of them: theory beside simulation at two widths, in standard errors. With a folder as its argument it draws the figure
// of docs/from-a-transformer-block.md there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Plotting;
using SymbolicEft.Symbolic.Layers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Network network = Network.Of(LayerPresets.Find("transformer-mlp")!.Program, new[,] { { 1, 0.3 }, { 0.3, 1 } });

// Each block begins with a dense layer: on G alone the leading order is exact.
TheorySolution theory = network.Solve("g-only");
Chart chart = (network with { RecordedLayers = [.. Enumerable.Range(0, network.Depth + 1)] }).Solve("g-only").Plot(Quantity.V4, (0, 1), closure: "g-only");
foreach (int width in new[] { 64, 256 })
{
    EnsembleStatistics simulation = network.Simulate(width, samples: 20_000, seed: 1);
    if (width == 64)
        chart = chart.With(simulation.Plot(Quantity.V4, (0, 1), label: $"simulation, n = {width}"));
    foreach ((int First, int Second) pair in new[] { (0, 0), (0, 1) })
    {
        Estimate v4 = simulation.V4At(^1, pair, pair), k1 = simulation.K1At(^1, pair);
        double V4 = theory.V4At(^1, pair, pair), K1 = theory.K1At(^1, pair);
        Console.WriteLine($"n = {width,3}, inputs {pair.First}{pair.Second}: V4 {v4} against {V4:F3} (z = {v4.ZScore(V4),4:F1}), K1 {k1} against {K1:F6} (z = {k1.ZScore(K1),4:F1})");
    }
}

if (args is [string folder])
    chart.Save(Path.Combine(folder, "transformer-V4-01-01.svg"));
