// Layers are read one table at a time: a table knows its keys, and any other is refused. What a list of layers means, and which lists mean nothing,
// is decided in LayerProgram.Unroll alone.

using System.Globalization;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Parsing;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Specifications;

/// <summary>Reads a program of layers.</summary>
internal static class LayersReader
{
    private const int LongestFile = 1_000_000;

    /// <summary>What layers there are.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["dense", "activation", "gate", "rmsNorm", "layerNorm", "dropout", "residual", "parallel", "postNorm", "repeat"];

    // What networks elsewhere have and the theory has not, by the names that it goes by: why, and what comes nearest.
    private static readonly (string[] Names, string Reason)[] Elsewhere =
    [
        (["batchNorm", "batchNorm1d", "batchNorm2d"], "makes every neuron a function of all inputs at once; use rmsNorm or layerNorm, which norm each input by itself"),
        (["groupNorm", "instanceNorm"], "norms some neurons apart from the others; use rmsNorm or layerNorm, over all neurons of a layer"),
        (["attention", "selfAttention", "multiHeadAttention"], "mixes positions by weights that fluctuate with what is read, which is not derived; use dense with taps, which mixes them by fixed ones, and the preset transformer-mlp for the rest of the block"),
        (["conv", "conv1d", "conv2d", "convolution"], "is a dense layer here that adds up positions; use dense with taps, such as {dense: {weightVariance: 2, taps: [-1, 0, 1]}}"),
        (["linear", "fullyConnected"], "is called dense here; use {dense: {weightVariance: 2}}"),
        (["tied", "shared", "recurrent", "rnn", "lstm", "gru"], "uses weights twice, and its rows are not fresh given what came before; use dense, in a repeat, whose weights are drawn anew each time"),
        (["highway", "maxout"], "takes products or maxima of the stream, whose law is then not Gaussian; use a residual whose branch has a gate: [dense: {weightVariance: 2, copies: 2}, gate: sigmoid, dense: {weightVariance: 2}]"),
        (["relu", "gelu", "tanh", "silu", "swish", "sigmoid", "softplus", "erf", "sin"], "is an activation; write {activation: NAME}"),
    ];

    /// <summary>A list of layers, or the name of a file that holds one.</summary>
    /// <exception cref="InputException">It is not one; the sentence names the layer by its path.</exception>
    public static LayerProgram Read(YamlNode node, ValueContext at)
    {
        if (node is not YamlScalarNode scalar)
            return new(Layers(node, "layers"));
        if (string.IsNullOrEmpty(scalar.Value))
            throw new InputException($"{at.Label} is empty; give a list of layers, such as [activation: gelu, dense: {{weightVariance: 2}}], or the path of a YAML file that holds one.");
        string path = SpecificationFields.Scalar(node, at);
        KernelReader.RequireBeside(path, at, "the layers", "--layers");
        try
        {
            string text = InputFile.Text(Path.Combine(at.Folder, path), LongestFile, at.Cancellation)
                ?? throw new InputException($"{at.Label} is '{path}', which is longer than {LongestFile} characters, and no list of layers is; give the path of a YAML file.");
            return new(Layers(SpecificationReader.Parse(text, $"The file of layers '{path}'") ?? new YamlScalarNode(""), "layers"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{at.Label} is '{path}', which {(Directory.Exists(Path.Combine(at.Folder, path)) ? "is a folder" : $"cannot be read ({problem.Message})")}; give a YAML file that holds a list of layers.");
        }
    }

    /// <summary>The program of a preset.</summary>
    /// <exception cref="InputException">There is no preset of that name.</exception>
    public static LayerProgram Preset(YamlNode node, ValueContext at)
    {
        string name = SpecificationFields.Scalar(node, at);
        return LayerPresets.Find(name)?.Program
            ?? throw new InputException($"{at.Label} is '{name}', which is no known network; use {string.Join(", ", LayerPresets.All.Select(preset => preset.Name))}, or write its layers with --layers FILE.");
    }

    private static List<Layer> Layers(YamlNode node, string path)
    {
        if (node is not YamlSequenceNode list)
            throw new InputException($"{Place(path, node)} must be a list of layers, such as [activation: gelu, dense: {{weightVariance: 2}}], not {Found(node)}.");
        return [.. list.Children.Select((item, at) => Layer(item, $"{path}[{at}]"))];
    }

    private static Layer Layer(YamlNode node, string path)
    {
        if (node is not YamlMappingNode { Children: { Count: 1 } children } || children[0].Key is not YamlScalarNode { Value: var kind })
            throw new InputException($"{Place(path, node)} must be one layer, such as {{dense: {{weightVariance: 2}}}}, not {(node is YamlMappingNode table ? $"a table of {table.Children.Count} keys" : Found(node))}; the layers are {string.Join(", ", Kinds)}.");
        YamlNode value = children[0].Value;
        string here = $"{path}.{kind}";
        return kind switch
        {
            "dense" => Dense(new(value, here, kind)),
            "activation" => new Activate(Text(value, here, "an activation, such as gelu or tanh(x)")),
            "gate" => new Gate(Text(value, here, "an activation, such as gelu or tanh(x)")),
            "rmsNorm" => Norm(new(value, here, kind), (gain, epsilon) => new RmsNorm(gain, epsilon)),
            "layerNorm" => Norm(new(value, here, kind), (gain, epsilon) => new LayerNorm(gain, epsilon)),
            "postNorm" => Norm(new(value, here, kind), (gain, epsilon) => new PostNorm(gain, epsilon)),
            "dropout" => Dropout(new(value, here, kind)),
            "residual" => Residual(new(value, here, kind)),
            "parallel" => Parallel(new(value, here, kind)),
            "repeat" => Repeat(new(value, here, kind)),
            _ => throw new InputException($"{Place(path, node)} is '{kind}', which {Otherwise(kind)}."),
        };
    }

    private static string Otherwise(string? kind) =>
        Elsewhere.FirstOrDefault(each => each.Names.Contains(kind, StringComparer.OrdinalIgnoreCase)).Reason?.Replace("NAME", kind, StringComparison.Ordinal)
        ?? $"is no layer{(kind is not null && Spelling.Nearest(kind, Kinds) is { } near ? $" (did you mean {near}?)" : "")}; the layers are {string.Join(", ", Kinds)}";

    private static Dense Dense(LayerTable table)
    {
        (WeightKind weights, double kurtosis) = table.Take("weights") is { } law ? Weights(law, table.PathOf("weights")) : (WeightKind.Gaussian, 0);
        return new(table.Number("weightVariance", "2") ?? throw table.Missing("weightVariance", "2"))
        {
            BiasVariance = table.Number("biasVariance", "0.1") ?? 0,
            Width = table.Number("width", "2"),
            Weights = weights,
            ExcessKurtosis = kurtosis,
            Taps = table.Take("taps") is { } taps ? Taps(taps, table.PathOf("taps")) : [],
            Copies = table.Take("copies") is { } copies ? Whole(copies, table.PathOf("copies"), "1 or 2") : 1,
        };
    }

    private static Layer Norm(LayerTable table, Func<LayerNumber, LayerNumber, Layer> make) => make(table.Number("gain", "1") ?? 1, table.Number("epsilon", "0") ?? 0);

    private static Dropout Dropout(LayerTable table)
    {
        LayerNumber keep = table.Number("keep", "0.9") ?? throw table.Missing("keep", "0.9");
        bool isShared = table.Take("mask") is not { } mask || Text(mask, table.PathOf("mask"), "shared or independent") switch
        {
            "shared" => true,
            "independent" => false,
            var other => throw new InputException($"{Place(table.PathOf("mask"), mask)} is '{other}'; use shared or independent."),
        };
        return new(keep, isShared);
    }

    private static Residual Residual(LayerTable table)
    {
        LayerNumber skip = table.Number("skip", "1") ?? 1, step = table.Number("step", "0.5") ?? 1;
        YamlNode branch = table.Take("branch") ?? throw table.Missing("branch", "[activation: gelu, dense: {weightVariance: 2}]");
        return new(Layers(branch, table.PathOf("branch"))) { Skip = skip, Step = step };
    }

    private static ParallelBranches Parallel(LayerTable table)
    {
        LayerNumber? width = table.Number("width", "1");
        YamlNode branches = table.Take("branches") ?? throw table.Missing("branches", "[[dense: {weightVariance: 1}], [activation: gelu, dense: {weightVariance: 1}]]");
        if (branches is not YamlSequenceNode list)
            throw new InputException($"{Place(table.PathOf("branches"), branches)} must be a list of lists of layers, not {Found(branches)}.");
        return new([.. list.Children.Select((branch, at) => Layers(branch, $"{table.PathOf("branches")}[{at}]"))]) { Width = width };
    }

    private static Repeat Repeat(LayerTable table)
    {
        int count = Whole(table.Take("count") ?? throw table.Missing("count", "4"), table.PathOf("count"), $"a whole number from 1 to {LayerProgram.MostSteps}");
        YamlNode of = table.Take("of") ?? throw table.Missing("of", "[activation: gelu, dense: {weightVariance: 2}]");
        return new(count, Layers(of, table.PathOf("of")));
    }

    private static (WeightKind Weights, double Kurtosis) Weights(YamlNode node, string path)
    {
        string[] names = LayersSchema.WeightNames;
        if (node is YamlMappingNode)
        {
            var table = new LayerTable(node, path, "{kurtosis: 3}", ["kurtosis"]);
            YamlNode kurtosis = table.Take("kurtosis") ?? throw table.Missing("kurtosis", "3");
            string inner = table.PathOf("kurtosis");
            return (WeightKind.Kurtosis, SpecificationFields.Real(Text(kurtosis, inner, "a number, such as 3"), Place(inner, kurtosis)));
        }

        string name = Text(node, path, $"{string.Join(", ", names)}, or {{kurtosis: 3}}");
        int at = Array.IndexOf(names, name);
        return at >= 0
            ? (Enum.GetValues<WeightKind>()[at], 0)
            : throw new InputException($"{Place(path, node)} is '{name}'{(name is "tied" or "shared" ? ", and the rows of weights that are used twice are not fresh given what came before" : "")}; use {string.Join(", ", names)}, or {{kurtosis: 3}}.");
    }

    private static int[] Taps(YamlNode node, string path) => node is YamlSequenceNode list
        ? [.. list.Children.Select((tap, at) => Whole(tap, $"{path}[{at}]", "a whole number, such as -1"))]
        : throw new InputException($"{Place(path, node)} must be a list of positions, such as [-1, 0, 1], not {Found(node)}.");

    private static int Whole(YamlNode node, string path, string right)
    {
        string text = Text(node, path, right);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new InputException($"{Place(path, node)} is '{text}'; use {right}.");
    }

    private static string Text(YamlNode node, string path, string right) => node is YamlScalarNode { Value: { Length: > 0 } value }
        ? value
        : throw new InputException($"{Place(path, node)} is {Found(node)}; use {right}.");

    private static string Found(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } value } ? $"'{value}'" : SpecificationFields.Describe(node);

    private static string Place(string path, YamlNode node) => $"{path} (line {node.Start.Line.ToString(CultureInfo.InvariantCulture)})";

    // The table of one layer.
    private sealed class LayerTable
    {
        private readonly YamlMappingNode _table;
        private readonly string _path;

        public LayerTable(YamlNode node, string path, string kind)
            : this(node, path, LayersSchema.Forms[kind].Example, [.. LayersSchema.Forms[kind].Keys.Select(key => key.Name)])
        {
        }

        public LayerTable(YamlNode node, string path, string example, string[] known)
        {
            _table = node as YamlMappingNode ?? throw new InputException($"{Place(path, node)} must be a table, such as {example}, not {Found(node)}.");
            _path = path;
            foreach (YamlNode key in _table.Children.Keys)
            {
                string? name = (key as YamlScalarNode)?.Value;
                if (name is null || !known.Contains(name))
                    throw new InputException($"{Place(path, key)} has the unknown key '{name}'{(name is not null && Spelling.Nearest(name, known) is { } near ? $" (did you mean {near}?)" : "")}; known here are {string.Join(", ", known)}.");
            }
        }

        public string PathOf(string key) => $"{_path}.{key}";

        public YamlNode? Take(string key) => _table.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;

        public InputException Missing(string key, string example) => new($"{Place(_path, _table)} has no {key}; give it one, such as {key}: {example}.");

        public LayerNumber? Number(string key, string example) => Take(key) switch
        {
            null => null,
            YamlSequenceNode list => LayerNumber.Of([.. list.Children.Select((each, at) => SpecificationFields.Real(Text(each, $"{PathOf(key)}[{at}]", "a number"), Place($"{PathOf(key)}[{at}]", each)))]),
            var value => Schedule(value, key, example),
        };

        private LayerNumber Schedule(YamlNode value, string key, string example)
        {
            string path = PathOf(key), text = Text(value, path, $"a number, such as {example}, a list with one for each repetition, or an expression in l");
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
                return number;
            try
            {
                return LayerNumber.Parse(text);
            }
            catch (ExpressionSyntaxException reason)
            {
                throw new InputException($"{Place(path, value)} is neither a number, nor a list of numbers, nor an expression in l, which counts repetitions from 0: {reason.Message}");
            }
        }
    }
}
