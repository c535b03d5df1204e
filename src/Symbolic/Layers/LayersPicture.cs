// A program as text to look at, one line a step of the stream:
//   phi -> [rmsNorm(gain 1, epsilon 0.1) gelu dense(C_W 1.7, C_b 0.1)] x 0.5 + phi   (4 times)

using System.Text;

namespace SymbolicEft.Symbolic.Layers;

/// <summary>What a program does to the stream, as text for people.</summary>
public static class LayersPicture
{
    private const int LongestList = 4;

    /// <summary>One line for each layer that acts on the stream, repetitions said once; each line ends with a line feed.</summary>
    /// <param name="program">The program, right or wrong.</param>
    public static string Of(LayerProgram program)
    {
        var text = new StringBuilder();
        foreach (string line in Lines(program.Layers))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static List<string> Lines(IReadOnlyList<Layer> layers)
    {
        var lines = new List<string>();
        var open = new List<Layer>();
        foreach (Layer layer in layers)
        {
            if (layer is Repeat repeat)
            {
                Close();
                List<string> of = Lines(repeat.Of);
                string times = FormattableString.Invariant($"({repeat.Count} times)");
                if (of.Count == 1)
                    lines.Add($"{of[0]}   {times}");
                else
                    lines.AddRange([times, .. of.Select(line => $"  {line}")]);
                continue;
            }

            if (layer is Residual or ParallelBranches or PostNorm)
            {
                Close();
                lines.Add($"phi -> {Step(layer)}");
                continue;
            }

            open.Add(layer);
            if (layer is Dense)
                Close();
        }

        Close();
        return lines;

        void Close()
        {
            if (open.Count > 0)
                lines.Add($"phi -> {Chain(open)}");
            open.Clear();
        }
    }

    private static string Step(Layer layer) => layer switch
    {
        Residual residual => $"{Sum(residual.Branch)} x {Factor(residual.Step)}{(Is(residual.Skip, 0) ? "" : Is(residual.Skip, 1) ? " + phi" : $" + {Factor(residual.Skip)} phi")}",
        ParallelBranches parallel => Sum([parallel]),
        _ => Name(layer),
    };

    // The outputs of branches add.
    private static string Sum(IReadOnlyList<Layer> branch) => branch is [ParallelBranches { Branches.Count: > 1 } parallel]
        ? $"({string.Join(" + ", parallel.Branches.Select(Sum))})"
        : branch is [ParallelBranches { Branches: [var only] }] ? Sum(only) : $"[{Chain(branch)}]";

    private static string Chain(IEnumerable<Layer> layers) => string.Join(" ", layers.Select(layer => layer is Residual or ParallelBranches ? $"({Step(layer)})" : Name(layer)));

    private static string Name(Layer layer)
    {
        if (layer is Activate activate)
            return activate.Function;
        if (layer is Gate gate)
            return $"gate({gate.Function})";
        var values = new List<string>();
        foreach ((string name, LayerNumber? number) in layer.Numbers)
        {
            if (number is not null && !(name is "biasVariance" or "epsilon" && Is(number, 0)))
                values.Add($"{name switch { "weightVariance" => "C_W", "biasVariance" => "C_b", _ => name }} {Short(number)}");
        }

        switch (layer)
        {
            case Dropout { IsShared: false }:
                values.Add("a mask for each input");
                break;
            case Dense dense:
                if (dense.Weights != WeightKind.Gaussian)
                    values.Add(dense.Weights == WeightKind.Kurtosis ? FormattableString.Invariant($"kurtosis {dense.ExcessKurtosis:R}") : LayersWriter.Name(dense.Weights));
                if (dense.Taps.Count > 0)
                    values.Add($"taps {string.Join(" ", dense.Taps.Select(tap => FormattableString.Invariant($"{tap}")))}");
                if (dense.Copies != 1)
                    values.Add(FormattableString.Invariant($"copies {dense.Copies}"));
                break;
        }

        return $"{layer.Kind}({string.Join(", ", values)})";
    }

    private static bool Is(LayerNumber number, double value) => number.IsConstant && number.At(0) == value;

    private static string Factor(LayerNumber number) => number.IsConstant || number.Count is not null ? Short(number) : $"({number.Text})";

    private static string Short(LayerNumber number) => number.Count is > LongestList and var count
        ? FormattableString.Invariant($"[{number.At(0):R}, {number.At(1):R}, ..., {number.At(count - 1):R}]")
        : number.Text;
}
