#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// The remedy that the paper suggests: keep the sigma-kernel S = sigma(phi)^T sigma(phi)/n beside G. What it does for the mean at order 1/n, against a simulation.
// With a folder as its argument it draws the figure there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Plotting;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var network = new Network { Activation = "tanh(x)", WeightVariance = 2, Step = 0.05, Depth = 800, Kernel = new[,] { { 2.0 } } };
EnsembleStatistics simulation = network.Simulate(width: 256, samples: 1000, seed: 1);
Estimate k1 = simulation.K1At(^1, (0, 0));
Console.WriteLine($"simulation, n = 256: K1 {k1}");

Chart? chart = null;
foreach (string closure in new[] { "g-only", "sigma-kernel", "sigma-kernel(2)" })
{
    var theory = network.Solve(closure);
    Console.WriteLine($"{closure,-15}  K1 {theory.K1At(^1, (0, 0)),8:F4} (z = {k1.ZScore(theory.K1At(^1, (0, 0))),5:F1})");
    Chart line = theory.Plot(Quantity.K1, (0, 0), closure: closure);
    chart = chart?.With(line) ?? line;
}

if (args is [string folder])
    chart!.With(simulation.Plot(Quantity.K1, (0, 0), label: "simulation, n = 256")).Save(Path.Combine(folder, "sigma-kernel-K1.svg"));
