using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Tests.Closures;

public sealed class NumberErrorsTests
{
    public static TheoryData<string, double, double, double, int, int> All
    {
        get
        {
            var all = new TheoryData<string, double, double, double, int, int>();
            foreach (var (name, weights, biases) in new[] { ("tanh", 2.0, 0.0), ("relu", 2.0, 0.0), ("gelu", 1.7, 0.1) })
            {
                foreach (int inputs in new[] { 1, 2, 4 })
                {
                    foreach (int depth in new[] { 100, 800 }) all.Add(name, weights, biases, depth == 100 ? 0.1414 : 0.05, inputs, depth);
                }
            }

            all.Add("tanh", 1.5, 0.1, -1, 2, 10);
            all.Add("gelu", 1.5, 0.1, -1, 2, 10);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Measure(string name, double weights, double biases, double step, int inputs, int depth)
    {
        const double epsilon = 1e-6;
        double[] kernel = [.. PairIndexing.All(inputs).Select(pair => pair.IsDiagonal ? 2 : 0.6)];
        Network Of(string activation) => Networks.Of(Activation.Parse(activation), new(step < 0 ? 0 : 1, step < 0 ? 1 : step, weights, biases), inputs, kernel, depth, [0, depth]);
        TheorySolution plain = HermiteSolver.Solve(Of(name), 20, Stepping.Discrete);
        string body = name == "relu" ? "relu(x)" : name == "gelu" ? "x*Phi(x)" : "tanh(x)";
        int pair = inputs == 1 ? 0 : 1, at = PairIndexing.Of(pair, pair, PairIndexing.Count(inputs));
        string Line(TheorySolution moved, int p)
        {
            int q = PairIndexing.Of(p, p, PairIndexing.Count(inputs));
            double v = Math.Abs(moved.V4[1][q] - plain.V4[1][q]) / epsilon, k = Math.Abs(moved.K1[1][p] - plain.K1[1][p]) / epsilon;
            return $" V4 {v:G3} {plain.Tensors["V4_numbers"][1][q] / 1e-12 / v:G3}x, K1 {k:G3} {plain.Tensors["K1_numbers"][1][p] / 1e-12 / k:G3}x;";
        }

        TheorySolution scaled = HermiteSolver.Solve(Of($"{1 + epsilon:R}*{body}"), 20, Stepping.Discrete);
        string text = $"MEASURE {name} N={inputs} L={depth} V4={plain.V4[1][at]:G4} bound {plain.Tensors["V4_numbers"][1][at]:G3} (modes {plain.Tensors["V4_beyond"][1][at]:G3}) K1={plain.K1[1][pair]:G4} bound {plain.Tensors["K1_numbers"][1][pair]:G3} (modes {plain.Tensors["K1_beyond"][1][pair]:G3}) | scaled 00:{Line(scaled, 0)} 01:{Line(scaled, pair)}";
        if (depth < 800 || inputs < 4)
        {
            TheorySolution waved = HermiteSolver.Solve(Of($"{body}*(1 + {epsilon:R}*cos(2*x))"), 20, Stepping.Discrete);
            text += $" | waved 00:{Line(waved, 0)} 01:{Line(waved, pair)}";
        }

        Console.WriteLine(text);
    }
}
