#!/usr/bin/env -S dotnet run -c Release
#:project ../../src/Numeric/Numeric.csproj
#:project ../../src/Diagrams/Diagrams.csproj
#:property PublishAot=false

// No network yet: equations, Gaussian expectations with their bounds, diagrams with their symmetry factors. With a folder as its argument it draws the tadpole there.

using System.Globalization;
using SymbolicEft.Diagrams;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// The steps of the derivation, and the equation of K1. Console.WriteLine(derivation) prints all of it.
DerivationResult derivation = ClosureDerivation.Of("g-only", DepthForm.Continuous);
Console.WriteLine(string.Join(" -> ", derivation.Steps.Select(step => step.Title)));
Console.WriteLine(derivation.Steps.Single(step => step.Title == "Depth time").Formulas.Single(formula => formula.ToString().StartsWith("dK1")));

// A closed form, an integral in one variable, an integral in two. The bound is on the absolute error.
double[,] kernel = { { 4.37, 1.5 }, { 1.5, 4.37 } };
foreach (string integrand in new[] { "relu(x)*relu(y)", "tanh(x)^2", "tanh(x)*tanh(y)" })
{
    ExpectationResult answer = GaussianExpectation.Evaluate(integrand, kernel);
    string how = answer.IsClosedForm ? "in closed form" : "by quadrature";
    Console.WriteLine($"E[{integrand}] = {answer.Value:F12} {how}, error at most 1E{Math.Ceiling(Math.Log10(answer.ErrorBound))}");
}

// Diagrams with E external legs and L loops, of order n^-(L+E-1), for drift vertices (1,2) and noise vertices (2,0): mean, covariance, its first correction.
foreach ((int external, int loops) in new[] { (1, 1), (2, 0), (2, 1) })
{
    DiagramSet set = DiagramGenerator.Generate(external, loops, drift: "2", noise: "0");
    Console.WriteLine($"E = {external}, L = {loops}: sum of symmetry factors {set.WeightedSum}");
    foreach (var diagram in set.Diagrams)
        Console.WriteLine($"  {diagram.SymmetryFactor}  {LineNotation.Write(diagram)}");
}

// Counting stores nothing: three loops of the mean, with every vertex that a drift and a noise can have.
DiagramCount counted = DiagramGenerator.Count(external: 1, loops: 3);
Console.WriteLine($"E = 1, L = 3, all vertices: {counted.Count} diagrams, sum of symmetry factors {counted.WeightedSum}");

if (args is [string folder])
    File.WriteAllText(Path.Combine(folder, "formulas-tadpole.svg"), DiagramFormats.Find("svg").Draw(DiagramGenerator.Generate(1, 1, drift: "2", noise: "0").Diagrams[0]));
