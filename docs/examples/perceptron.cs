#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// A ReLU perceptron at its critical point, C_W = 2, without skip connection and with step 1. ReLU is homogeneous, so that the second moment of G of one input is a product
// over layers, n Var(G) = n ((1 + 5/n)^l (1 + 2/n) - 1) at every width, and 2 + 5 l at leading order: theory and simulation beside both.
// With a folder as its argument it draws the figure there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Plotting;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var network = new Network { Activation = "relu", WeightVariance = 2, Skip = 0, Step = 1, Depth = 20, Kernel = new[,] { { 1.0 } }, RecordedLayers = [0, 5, 10, 15, 20] };
TheorySolution theory = network.Solve("hermite(60)");
EnsembleStatistics simulation = network.Simulate(width: 256, samples: 4000, seed: 1);
for (int record = 0; record < theory.Layers.Count; record++)
{
    int layer = theory.Layers[record], n = 256;
    double exact = n * ((Math.Pow(1 + (5.0 / n), layer) * (1 + (2.0 / n))) - 1);
    Console.WriteLine($"layer {layer,2}: V4 {theory.V4At(record, (0, 0), (0, 0)),7:F3}, exactly {2 + (5 * layer),3}; at n = {n} {simulation.V4At(record, (0, 0), (0, 0))}, exactly {exact:F2}");
}

if (args is [string folder])
    theory.Plot(Quantity.V4, (0, 0), closure: "hermite(60)").With(simulation.Plot(Quantity.V4, (0, 0), label: "simulation, n = 256")).Save(Path.Combine(folder, "perceptron-V4.svg"));
