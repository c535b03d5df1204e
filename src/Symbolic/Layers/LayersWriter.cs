using System.Globalization;
using System.Text;
using SymbolicEft.Symbolic.Languages.Yaml;

namespace SymbolicEft.Symbolic.Layers;

/// <summary>A program of layers as the YAML of a specification, which reads back as the same program.</summary>
public static class LayersWriter
{
    /// <summary>The list of layers, one item after another, each line begun by an indentation and ended by a line feed.</summary>
    /// <param name="program">The program.</param>
    /// <param name="indentation">How many spaces before every item.</param>
    public static string Yaml(LayerProgram program, int indentation = 0)
    {
        var yaml = new StringBuilder();
        Write(yaml, program.Layers, indentation);
        return yaml.ToString();
    }

    private static void Write(StringBuilder yaml, IReadOnlyList<Layer> layers, int indentation)
    {
        string start = new(' ', indentation);
        foreach (Layer layer in layers)
        {
            yaml.Append(start).Append("- ").Append(layer.Kind).Append(':');
            if (layer.Inner.Count == 0 && layer is not ParallelBranches)
            {
                yaml.Append(' ').Append(Short(layer)).Append('\n');
                continue;
            }

            // Below the key, which stands two further in.
            string below = new(' ', indentation + 4);
            yaml.Append('\n');
            foreach ((string name, string value) in Values(layer))
                yaml.Append(below).Append(name).Append(": ").Append(value).Append('\n');
            if (layer is ParallelBranches parallel)
            {
                yaml.Append(below).Append(parallel.Branches.Count == 0 ? "branches: []\n" : "branches:\n");
                foreach (IReadOnlyList<Layer> branch in parallel.Branches)
                {
                    yaml.Append(below).Append(branch.Count == 0 ? "  - []\n" : "  -\n");
                    Write(yaml, branch, indentation + 8);
                }

                continue;
            }

            foreach ((string name, IReadOnlyList<Layer> inner) in layer.Inner)
            {
                yaml.Append(below).Append(name).Append(inner.Count == 0 ? ": []\n" : ":\n");
                Write(yaml, inner, indentation + 6);
            }
        }
    }

    private static string Short(Layer layer) => layer switch
    {
        Activate { Function: var function } => YamlText.Quoted(function),
        Gate { Function: var function } => YamlText.Quoted(function),
        _ => $"{{ {string.Join(", ", Values(layer).Select(each => $"{each.Name}: {each.Value}"))} }}",
    };

    private static IEnumerable<(string Name, string Value)> Values(Layer layer)
    {
        if (layer is Repeat repeat)
            yield return ("count", Whole(repeat.Count));
        foreach ((string name, LayerNumber? number) in layer.Numbers)
        {
            if (number is not null)
                yield return (name, number.IsConstant || number.Count is not null ? number.Text : YamlText.Quoted(number.Text));
        }

        switch (layer)
        {
            case Dropout dropout:
                yield return ("mask", dropout.IsShared ? "shared" : "independent");
                break;
            case Dense dense:
                if (dense.Weights == WeightKind.Kurtosis)
                    yield return ("weights", $"{{ kurtosis: {dense.ExcessKurtosis.ToString("R", CultureInfo.InvariantCulture)} }}");
                else if (dense.Weights != WeightKind.Gaussian)
                    yield return ("weights", Name(dense.Weights));
                if (dense.Taps.Count > 0)
                    yield return ("taps", $"[{string.Join(", ", dense.Taps.Select(Whole))}]");
                if (dense.Copies != 1)
                    yield return ("copies", Whole(dense.Copies));
                break;
        }
    }

    // gaussian, uniform, ...
    internal static string Name(WeightKind kind) => kind.ToString().ToLowerInvariant();

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
