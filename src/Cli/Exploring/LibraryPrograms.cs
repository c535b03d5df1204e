// A specification as a program of a few lines for those who go on from the page: against the C# library, and with the Python package.

using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>Programs that solve and simulate a specification.</summary>
internal static class LibraryPrograms
{
    private const long StandardSamples = 20_000;

    /// <summary>A C# file: the network, its solution, its simulation, and both side by side.</summary>
    public static string CSharp(Specification specification)
    {
        Network network = specification.Network;
        string kernel = $"new double[,] {{ {string.Join(", ", Rows(network).Select(row => $"{{ {string.Join(", ", row.Select(Number))} }}"))} }}";
        string made = specification.Layers is { } program
            ? $"Network.Of(new LayerProgram({List(program.Layers)}), {kernel})"
            : $"new Network {{ Activation = {Text(network.Activation)}, WeightVariance = {Number(network.WeightVariance)}, BiasVariance = {Number(network.BiasVariance)}, Skip = {Number(network.Skip)}, Step = {Number(network.Step)}, Depth = {Whole(network.Depth)}, Kernel = {kernel} }}";
        string quadrature = specification.Quadrature switch
        {
            { Nodes: { } nodes } => $"QuadratureChoice.GaussHermite({Whole(nodes)})",
            { IsEstimated: true } => "QuadratureChoice.Estimated",
            _ => "",
        };
        string solve = $"network.Solve({Text(specification.Closure)}{(quadrature.Length > 0 ? $", quadrature: {quadrature}" : "")}{(specification.Stepping == Stepping.Discrete ? "" : $", stepping: Stepping.{specification.Stepping}")})";
        string law = specification.Estimator switch
        {
            EstimatorChoice.Plain => ", controlVariate: false",
            EstimatorChoice.Weights => ", law: SamplingLaw.GaussianWeights",
            EstimatorChoice.UniformWeights => ", law: SamplingLaw.UniformWeights",
            EstimatorChoice.OrthogonalWeights => ", law: SamplingLaw.OrthogonalWeights",
            _ => "",
        };
        string simulate = $"network.Simulate(width: {Whole(specification.Width)}, samples: {Whole(Samples(specification))}, seed: {specification.Seed.ToString(CultureInfo.InvariantCulture)}{law})";
        return new StringBuilder()
            .Append("#:package SymbolicEft.Numeric@").Append(typeof(Network).Assembly.GetName().Version!.ToString(3)).Append("\n#:property PublishAot=false\n")
            .Append("using SymbolicEft.Numeric;\n")
            .Append(law.Contains("law", StringComparison.Ordinal) ? "using SymbolicEft.Numeric.Simulation;\n" : "")
            .Append(specification.Stepping == Stepping.Discrete ? "" : "using SymbolicEft.Numeric.Solving;\n")
            .Append(specification.Layers is null ? "" : "using SymbolicEft.Symbolic.Layers;\n")
            .Append(CultureInfo.InvariantCulture, $"var network = {made};\nvar theory = {solve};\nvar simulation = {simulate};\n")
            .Append("System.Console.WriteLine($\"V4 = {theory.V4At(^1, (0, 0), (0, 0))}, simulated {simulation.V4At(^1, (0, 0), (0, 0))}; K1 = {theory.K1At(^1, (0, 0))}, simulated {simulation.K1At(^1, (0, 0))}\");\n")
            .ToString();
    }

    /// <summary>The same in Python; a program of layers goes through a file, as the command takes it.</summary>
    public static string Python(Specification specification)
    {
        Network network = specification.Network;
        var script = new StringBuilder("import symeft\n");
        string given, simulated;
        if (specification.Layers is null)
        {
            script.Append(CultureInfo.InvariantCulture, $"network = dict(activation={Text(network.Activation)}, weight_variance={Number(network.WeightVariance)}, bias_variance={Number(network.BiasVariance)}, skip={Number(network.Skip)}, step={Number(network.Step)}, depth={network.Depth}, kernel=[{string.Join(", ", Rows(network).Select(row => $"[{string.Join(", ", row.Select(Number))}]"))}], width={specification.Width})\n");
            given = $"**network, closure={Text(specification.Closure)}, quadrature={Text(specification.Quadrature.ToString())}, stepping={Text(SpecificationFields.Kebab(specification.Stepping.ToString()))}";
            simulated = "**network";
        }
        else
        {
            script.Append(CultureInfo.InvariantCulture, $"with open(\"network.yaml\", \"w\", encoding=\"utf-8\") as file:\n    file.write(\"\"\"\\\n{SpecificationWriter.Yaml(specification).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\"\")\n");
            given = simulated = "\"network.yaml\"";
        }

        return script.Append(CultureInfo.InvariantCulture, $"theory = symeft.solve({given})\n")
            .Append(CultureInfo.InvariantCulture, $"simulation = symeft.simulate({simulated}, samples={Samples(specification)}, seed={specification.Seed}, estimator={Text(SpecificationFields.Kebab(specification.Estimator.ToString()))})\n")
            .Append("print(theory.at(\"V4\"), simulation.at(\"V4\"), simulation.error(\"V4\"), theory.at(\"K1\"), simulation.at(\"K1\"), simulation.error(\"K1\"))\n").ToString();
    }

    private static long Samples(Specification specification) => specification.Samples < 2 ? StandardSamples : specification.Samples;

    private static IEnumerable<IEnumerable<double>> Rows(Network network) => Enumerable.Range(0, network.Inputs).Select(row => Enumerable.Range(0, network.Inputs).Select(column => network.Kernel[row, column]));

    private static string List(IEnumerable<Layer> layers) => $"[{string.Join(", ", layers.Select(Of))}]";

    private static string Of(Layer layer) => layer switch
    {
        Dense dense => $"new Dense({Of(dense.WeightVariance)})" + Properties(
            ("BiasVariance", dense.BiasVariance.Text == "0" ? "" : Of(dense.BiasVariance)),
            ("Width", Of(dense.Width)),
            ("Weights", dense.Weights == WeightKind.Gaussian ? "" : $"WeightKind.{dense.Weights}"),
            ("ExcessKurtosis", dense.Weights == WeightKind.Kurtosis ? Number(dense.ExcessKurtosis) : ""),
            ("Taps", dense.Taps.Count == 0 ? "" : $"[{string.Join(", ", dense.Taps.Select(tap => Whole(tap)))}]"),
            ("Copies", dense.Copies == 1 ? "" : Whole(dense.Copies))),
        Activate activate => $"new Activate({Text(activate.Function)})",
        Gate gate => $"new Gate({Text(gate.Function)})",
        RmsNorm norm => $"new RmsNorm({Of(norm.Gain)}, {Of(norm.Epsilon)})",
        LayerNorm norm => $"new LayerNorm({Of(norm.Gain)}, {Of(norm.Epsilon)})",
        PostNorm norm => $"new PostNorm({Of(norm.Gain)}, {Of(norm.Epsilon)})",
        Dropout dropout => $"new Dropout({Of(dropout.Keep)}{(dropout.IsShared ? "" : ", IsShared: false")})",
        Residual residual => $"new Residual({List(residual.Branch)})" + Properties(("Skip", residual.Skip.Text == "1" ? "" : Of(residual.Skip)), ("Step", residual.Step.Text == "1" ? "" : Of(residual.Step))),
        ParallelBranches parallel => $"new ParallelBranches([{string.Join(", ", parallel.Branches.Select(List))}])" + Properties(("Width", Of(parallel.Width))),
        Repeat repeat => $"new Repeat({Whole(repeat.Count)}, {List(repeat.Of)})",
        _ => throw new InputException($"The layer {layer.Kind} has no form in C# here; copy the YAML."),
    };

    private static string Properties(params (string Name, string Text)[] properties) =>
        string.Join(", ", properties.Where(property => property.Text.Length > 0).Select(property => $"{property.Name} = {property.Text}")) is { Length: > 0 } all ? $" {{ {all} }}" : "";

    private static string Of(LayerNumber? number) =>
        number is null ? "" : number.IsConstant ? number.Text : number.Count is not null ? $"LayerNumber.Of({number.Text})" : Text(number.Text);

    // The escapes of C# and of Python that a line of text can need are the same.
    private static string Text(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
