using System.Globalization;
using System.Text;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Languages.Yaml;

namespace SymbolicEft.Testing;

/// <summary>A network as a specification file, so that a failing case can be saved and run.</summary>
public static class SpecificationText
{
    /// <summary>The YAML that symeft reads.</summary>
    /// <param name="problem">The network.</param>
    /// <param name="closure">The closure's name.</param>
    public static string Yaml(TheoryProblem problem, string closure = "g-only")
    {
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        var rows = new List<string>();
        for (int a = 0; a < problem.Inputs; a++)
            rows.Add($"[{string.Join(", ", Enumerable.Range(0, problem.Inputs).Select(b => Number(problem.InitialKernel[PairIndexing.Of(a, b, problem.Inputs)])))}]");
        return new StringBuilder()
            .Append("name: counterexample\nnetwork:\n")
            .Append($"  activation: {YamlText.Quoted(problem.Activation.Text)}\n")
            .Append($"  weightVariance: {Number(problem.Layer.WeightVariance)}\n  biasVariance: {Number(problem.Layer.BiasVariance)}\n")
            .Append($"  skip: {Number(problem.Layer.Skip)}\n  step: {Number(problem.Layer.Step)}\n  depth: {problem.Depth.ToString(CultureInfo.InvariantCulture)}\n")
            .Append($"inputs:\n  kernel: [{string.Join(", ", rows)}]\nclosure: {YamlText.Quoted(closure)}\n")
            .ToString();
    }
}
