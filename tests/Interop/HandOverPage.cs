using System.Runtime.CompilerServices;
using AngouriMath;
using SymbolicEft.AngouriMath;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Interop;

/// <summary>The program of docs/how-to-hand-equations-over.md: it is this one, and it runs.</summary>
public class HandOverPage
{
    [Fact]
    public void The_program_of_the_page_runs()
    {
        // From here
        Entity gelu = ExpressionParser.Parse("x*logistic(1.7*x)", "x").ToEntity();
        var back = gelu.Differentiate("x").ToExpression();          // an expression of ours; it goes into any network

        var network = new Network { Activation = "erf(x)", WeightVariance = 1.3, Step = 0.5, Depth = 20, Kernel = new[,] { { 1.1, 0.4 }, { 0.4, 0.7 } } };
        foreach (var equation in network.Derive("g-only").System.ToEntities(inputs: 2, ActivationParser.Parse("erf(x)")))
            Console.WriteLine($"{equation.Variable}' = {equation.RightSide}, at depth 0 {equation.Initial}");
        // To here
        InteropCases.Near(InteropCases.Slope(InteropCases.Read("x*sigmoid(1.7*x)")), x => InteropCases.Value(back, x), $"{back}");
    }

    [Fact]
    public void The_page_has_this_program()
    {
        string source = File.ReadAllText(Here()), page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/how-to-hand-equations-over.md"));
        int start = source.IndexOf("// From here", StringComparison.Ordinal), end = source.IndexOf("        // To here", StringComparison.Ordinal);
        string program = source[(start + "// From here\n".Length)..end].Replace("\n        ", "\n")[8..];
        Assert.Contains($"\n{program}```", page);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
