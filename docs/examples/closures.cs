#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Plotting/Plotting.csproj
#:property PublishAot=false

// Which part of the published theory's error is quadrature, and which is the closure's?
// The network of arXiv:2604.15742, two of its inputs: statistics of some inputs do not depend on the others.
// With a folder as its argument it draws the figure there.

using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Plotting;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var network = new Network
{
    Activation = "tanh(x)",
    WeightVariance = 2,                               // C_W
    Step = 0.05,                                      // eps: depth time t = eps^2 L = 2
    Depth = 800,
    Kernel = new[,] { { 2, 0.6 }, { 0.6, 2 } },       // K(0)
};

// As published: 32 Gauss-Hermite nodes, one Euler step a layer. Then the same equations with expectations that know their error.
Print("g-only, as published", network.Solve("g-only", QuadratureChoice.GaussHermite(32), Stepping.Euler));
Print("g-only, proved", network.Solve("g-only"));

// The tadpole closed by the connected covariance; then closures that keep more than G. hermite(k) tends to the exact leading order in 1/n.
Print("g-connected", network.Solve("g-connected"));
Print("sigma-kernel", network.Solve("sigma-kernel"));
Print("hermite(20)", network.Solve("hermite(20)"));

if (args is [string folder])
{
    Network drawn = network with { RecordedLayers = [.. Enumerable.Range(0, 41).Select(at => 20 * at)] };
    drawn.Solve("g-only").Plot(Quantity.V4, (0, 0), closure: "g-only")
        .With(drawn.Solve("g-only", QuadratureChoice.GaussHermite(32), Stepping.Euler).Plot(Quantity.V4, (0, 0), closure: "as published"))
        .With(drawn.Solve("hermite(20)").Plot(Quantity.V4, (0, 0), closure: "hermite(20)"))
        .Save(Path.Combine(folder, "closures-V4.svg"));
}

static void Print(string what, TheorySolution theory) => Console.WriteLine(
    $"{what,-20}  V4_0000 {theory.V4At(^1, (0, 0), (0, 0)),8:F4}  V4_0101 {theory.V4At(^1, (0, 1), (0, 1)),8:F4}  K1_00 {theory.K1At(^1, (0, 0)),8:F4}");
