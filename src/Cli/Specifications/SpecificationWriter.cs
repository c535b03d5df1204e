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
            .Append($"{(specification.Order > 0 ? $"order: {Whole(specification.Order)}\n" : "")}{Tangent(specification)}quadrature: {specification.Quadrature}\nstepping: {SpecificationFields.Kebab(specification.Stepping.ToString())}\n")
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

    private static string Tangent(Specification specification)
    {
        if (specification.Tangent == TangentKernel.None)
            return "";
        (LearningRates rates, LearningRates standard) = (specification.Rates, new());
        List<string> values = [];
        if (specification.Tangent == TangentKernel.WithInput)
            values.Add("input: dense");
        if (rates.Parametrization != standard.Parametrization)
            values.Add($"parametrization: {SpecificationFields.Kebab(rates.Parametrization.ToString())}");
        if (rates.First is { } first)
            values.Add($"first: {SpecificationFields.Digits(first)}");
        foreach ((string name, double value) in new[] { ("weights", rates.Weights), ("hidden", rates.Hidden), ("biases", rates.Biases) })
        {
            if (value != 1)
                values.Add($"{name}: {SpecificationFields.Digits(value)}");
        }

        return values.Count == 0 ? "ntk: true\n" : $"ntk: {{ {string.Join(", ", values)} }}\n";
    }
}
