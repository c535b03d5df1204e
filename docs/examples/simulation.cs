#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// Does a closure agree with the network? A GELU network of width 1024 against three closures, in standard errors of the simulation.
// GELU is not odd, so the layer mean of phi fluctuates (the Hermite mode of order 1), and g-only leaves that out.
// With a folder as its argument it draws the figure there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Plotting;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var network = new Network
{
    Activation = "gelu",
    WeightVariance = 1.7,
    BiasVariance = 0.1,
    Step = Math.Sqrt(0.005),
    Depth = 300,
    Kernel = new[,] { { 1.5 } },
    RecordedLayers = [0, 60, 120, 180, 240, 300],
};

// From the exact law of each layer; the derived fluctuation equation is the control variate. The seed fixes every digit, whatever the number of cores.
EnsembleStatistics simulation = network.Simulate(width: 1024, samples: 2000, seed: 1);
Estimate v4 = simulation.V4At(^1, (0, 0), (0, 0)), k1 = simulation.K1At(^1, (0, 0));
Console.WriteLine($"simulation, {simulation.Samples} networks: V4 {v4}, K1 {k1}");

Chart chart = simulation.Plot(Quantity.V4, (0, 0), label: "simulation, n = 1024");

// Beyond |z| = 3 or so, the closure is wrong, not the dice.
foreach (string closure in new[] { "g-only", "sigma-kernel", "hermite(18)" })
{
    TheorySolution theory = network.Solve(closure);
    chart = theory.Plot(Quantity.V4, (0, 0), closure: closure).With(chart);
    double V4 = theory.V4At(^1, (0, 0), (0, 0)), K1 = theory.K1At(^1, (0, 0));
    Console.WriteLine($"{closure,-12}  V4 {V4,7:F2} (z = {v4.ZScore(V4),6:F1})   K1 {K1,6:F3} (z = {k1.ZScore(K1),6:F1})");
}

if (args is [string folder])
    chart.Save(Path.Combine(folder, "simulation-V4.svg"));
