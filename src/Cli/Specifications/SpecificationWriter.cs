using System.Globalization;
using System.Text;
using SymbolicEft.Symbolic.Languages.Yaml;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Specifications;

/// <summary>A specification as the YAML that reads back as the same specification, every value written out.</summary>
public static class SpecificationWriter
{
    /// <summary>Writes the file.</summary>
    public static string Yaml(Specification specification)
    {
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
        int inputs = specification.Inputs;
        var yaml = new StringBuilder()
            .Append($"name: {specification.Name}\nnetwork:\n")
            .Append(specification.Layers is { } program ? $"  layers:\n{LayersWriter.Yaml(program, 4)}" : Flat())
            .Append($"  width: {Whole(specification.Width)}\n")
            .Append("inputs:\n  kernel:\n");
        for (int a = 0; a < inputs; a++)
            yaml.Append($"    - [{string.Join(", ", Enumerable.Range(0, inputs).Select(b => Number(specification.Kernel[a, b])))}]\n");
        yaml.Append($"closure: {YamlText.Quoted(specification.Closure)}\n{(specification.Order > 0 ? $"order: {Whole(specification.Order)}\n" : "")}quadrature: {specification.Quadrature}\nstepping: {SpecificationFields.Kebab(specification.Stepping.ToString())}\n")
            .Append($"simulate:\n  samples: {Whole(specification.Samples)}\n");
        if (specification.Until is { } rule)
            yaml.Append($"  until: {YamlText.Quoted(rule.ToString())}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  seed: {specification.Seed}\n  estimator: {SpecificationFields.Kebab(specification.Estimator.ToString())}\nrecord: {specification.Record}\n");
        if (specification.Pairs is { } pairs)
            yaml.Append($"pairs: {pairs.Text}\n");
        return yaml.ToString();

        string Flat() =>
            $"  activation: {YamlText.Quoted(specification.Activation)}\n  weightVariance: {Number(specification.WeightVariance)}\n  biasVariance: {Number(specification.BiasVariance)}\n"
            + $"  skip: {Number(specification.Skip)}\n  step: {Number(specification.Step)}\n  depth: {Whole(specification.Depth)}\n";
    }
}
