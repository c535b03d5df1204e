#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// How many Hermite modes are enough? hermite(k) keeps those up to order k and tends to the exact leading order in 1/n. GELU is not odd, so order 1, the layer mean of
// phi, carries most of what g-only leaves out; the rest comes quickly. With a folder as its argument it draws the figure there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Plotting;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var network = new Network { Activation = "gelu", WeightVariance = 1.7, BiasVariance = 0.1, Step = 0.1, Depth = 150, Kernel = new[,] { { 1.5 } } };
double exact = network.Solve("hermite(24)").V4At(^1, (0, 0), (0, 0));
Chart? chart = null;
foreach (string closure in new[] { "g-only", "hermite(1)", "hermite(2)", "hermite(4)", "hermite(8)", "hermite(16)" })
{
    TheorySolution theory = network.Solve(closure);
    double v4 = theory.V4At(^1, (0, 0), (0, 0));
    Console.WriteLine($"{closure,-12}  V4 {v4,8:F3}, off hermite(24) by {100 * ((v4 / exact) - 1),8:F4} %");
    if (closure is "g-only" or "hermite(1)" or "hermite(4)" or "hermite(16)")
        chart = chart?.With(theory.Plot(Quantity.V4, (0, 0), closure: closure)) ?? theory.Plot(Quantity.V4, (0, 0), closure: closure);
}

if (args is [string folder])
    chart!.Save(Path.Combine(folder, "hermite-V4.svg"));
