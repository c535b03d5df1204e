using System.Globalization;
using System.Text;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Languages.Yaml;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Specifications;

/// <summary>A specification as the YAML that reads back as the same specification, every value written out.</summary>
public static class SpecificationWriter
{
    /// <summary>Writes the file.</summary>
    public static string Yaml(Specification specification)
    {
        string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
        var yaml = new StringBuilder(NetworkYaml.Of(specification.Name, specification.Network, specification.Closure, specification.Width, specification.Layers is { } program ? LayersWriter.Yaml(program, 4) : null))
            .Append($"{(specification.Order > 0 ? $"order: {Whole(specification.Order)}\n" : "")}{(specification.Tangent == TangentKernel.None ? "" : specification.Tangent == TangentKernel.WithInput ? "ntk: { input: dense }\n" : "ntk: true\n")}quadrature: {specification.Quadrature}\nstepping: {SpecificationFields.Kebab(specification.Stepping.ToString())}\n")
            .Append($"simulate:\n  samples: {Whole(specification.Samples)}\n");
        if (specification.Until is { } rule)
            yaml.Append($"  until: {YamlText.Quoted(rule.ToString())}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  seed: {specification.Seed}\n  estimator: {SpecificationFields.Kebab(specification.Estimator.ToString())}\nrecord: {specification.Network.Records}\n");
        if (specification.Pairs is { } pairs)
            yaml.Append($"pairs: {pairs.Text}\n");
        if (specification.Fraction != WideEnough.StandardFraction)
            yaml.Append(CultureInfo.InvariantCulture, $"fraction: {specification.Fraction:R}\n");
        return yaml.ToString();
    }
}
