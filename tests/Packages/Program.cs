// A user's program with the packages and nothing else of the repository: one published or exact number from each of them.

using SymbolicEft.Diagrams;
using SymbolicEft.Numeric;
using SymbolicEft.Plotting;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

int wrong = 0;

// Symbolic: E[relu(x)^2] = K/2.
Expression relu = ActivationParser.Parse("relu").Expression;
ClosedFormExpectation half = ClosedForm.TryFind(relu * relu, [KnownActivations.Variable], ClosedForm.KernelEntry)!;
Check("E[relu(x)^2] at K = 3", half.Evaluate(new[,] { { 3.0 } }, out _), 1.5, 1e-12);

// Diagrams: the three-loop diagrams of the mean.
DiagramSet set = DiagramGenerator.Generate(external: 1, loops: 3, drift: "2", noise: "0");
Check("three-loop diagrams", set.Diagrams.Length, 34, 0);
Check("sum of their symmetry factors", set.WeightedSum.ToDouble(), 315 / 16.0, 0);

// Numeric: the published set-up, and the ReLU network without skip, V4 = 2 K^2 + 5 K^2 l.
var paper = new Network { Activation = "tanh(x)", WeightVariance = 2, Step = 0.05, Depth = 800, Kernel = new[,] { { 2.0 } } };
Check("V4, g-only", paper.Solve("g-only").V4At(^1, (0, 0), (0, 0)), 47.8081, 5e-5);
Check("K1, g-only", paper.Solve("g-only").K1At(^1, (0, 0)), -1.02697, 5e-6);
var deep = new Network { Activation = "relu", WeightVariance = 2, Skip = 0, Step = 1, Depth = 10, Kernel = new[,] { { 1.0 } } };
Check("V4, ReLU", deep.Solve("hermite(20)").V4At(^1, (0, 0), (0, 0)), 52, 0.05);
double z = deep.Simulate(width: 256, samples: 4000).GAt(^1, (0, 0)).ZScore(1);
Check("z of the mean kernel, ReLU", z, 0, 4);

// Plotting: the native library comes with the package.
string drawn = paper.Solve("g-only").Plot(closure: "g-only").ToSvg();
Check("lines in a figure", drawn.Split("stroke-linejoin").Length - 1 > 0 ? 1 : 0, 1, 0);
return wrong;

void Check(string what, double value, double expected, double tolerance)
{
    bool right = Math.Abs(value - expected) <= tolerance;
    wrong += right ? 0 : 1;
    Console.WriteLine(FormattableString.Invariant($"{(right ? "ok   " : "WRONG")} {what}: {value} (expected {expected})"));
}
