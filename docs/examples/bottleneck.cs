#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// A residual network whose branch has a hidden layer, four times as wide as the stream or four times narrower: what does a bottleneck cost in fluctuations?
// With a folder as its argument it draws the figure there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Plotting;
using SymbolicEft.Symbolic.Layers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Chart? chart = null;
foreach (double width in new[] { 4, 1, 0.25 })
{
    var branch = new Residual([new Activate("gelu"), new Dense(2) { Width = width }, new Activate("gelu"), new Dense(2)]) { Step = 0.25 };
    Network network = Network.Of(new LayerProgram([new Repeat(12, [branch])]), new[,] { { 1.0 } });
    TheorySolution theory = network.Solve("hermite(8)"), every = (network with { RecordedLayers = [.. Enumerable.Range(0, network.Depth + 1)] }).Solve("hermite(8)");
    Console.WriteLine($"hidden width {width} n: K0 {theory.K0At(^1, (0, 0)):F4}, V4 {theory.V4At(^1, (0, 0), (0, 0)):F3}, K1 {theory.K1At(^1, (0, 0)):F4}");
    Chart line = every.Plot(Quantity.V4, (0, 0), closure: $"hidden width {width} n");
    chart = chart?.With(line) ?? line;
}

if (args is [string folder])
    chart!.Save(Path.Combine(folder, "bottleneck-V4.svg"));
