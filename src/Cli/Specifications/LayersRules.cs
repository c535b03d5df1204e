// What ties a program of layers to the other values of a specification.

using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Specifications;

/// <summary>The rules of programs of layers among the values of a specification.</summary>
internal static class LayersRules
{
    /// <summary>The values that a program of layers stands in place of.</summary>
    public static IReadOnlyList<string> Flat { get; } = ["network.activation", "network.weightVariance", "network.biasVariance", "network.skip", "network.step", "network.depth"];

    /// <summary>The values that hold a program of layers.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["network.layers", "network.preset"];

    /// <summary>One network: a program that is given by a flag overrules the network of the file; else flat values and a program do not go together.</summary>
    /// <exception cref="InputException">Both are given, or two programs.</exception>
    public static void Apply(List<(SpecificationField Field, YamlDotNet.RepresentationModel.YamlNode Value, ValueContext Context)> given)
    {
        if (given.Any(each => Programs.Contains(each.Field.Path) && !each.Context.IsFromFile))
            given.RemoveAll(each => each.Context.IsFromFile && (Programs.Contains(each.Field.Path) || Flat.Contains(each.Field.Path)));
        string[] programs = [.. given.Where(each => Programs.Contains(each.Field.Path)).Select(each => each.Context.Label)];
        if (programs.Length > 1)
            throw new InputException($"{programs[0]} and {programs[1]} both give the layers of the network; leave one out.");
        if (programs is [var program] && given.FirstOrDefault(each => Flat.Contains(each.Field.Path)) is { Field: not null } flat)
            throw new InputException($"{flat.Context.Label} is given beside {program}, whose layers say all of {string.Join(", ", Flat.Select(path => path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..]))}; leave one of the two out.");
    }

    /// <summary>The specification with its program unrolled once: what the flat values can say, they say, since the flat form is the same network in other words.</summary>
    /// <exception cref="InputException">The program does not fit together, or does not fit the inputs.</exception>
    public static Specification Settled(Specification specification)
    {
        if (specification.Layers is not { } program)
            return specification;
        IReadOnlyList<StreamStep> steps = Unrolled(program, specification.Inputs);
        // Numbers that the flat values do not take stay in the program.
        return PlainNetwork.Of(steps, out _) is { } plain && plain is { WeightVariance: <= 1e6, BiasVariance: <= 1e6, Skip: >= -10 and <= 10, Step: <= 10 }
            ? specification with
            {
                Layers = null,
                Network = specification.Network with
                {
                    Activation = plain.Activation,
                    WeightVariance = plain.WeightVariance,
                    BiasVariance = plain.BiasVariance,
                    Skip = plain.Skip,
                    Step = plain.Step,
                    Depth = plain.Depth,
                },
            }
            : specification with { Network = specification.Network.As(program, steps.Count) };
    }

    /// <summary>Refuses a program where only flat networks are served: the one place that changes when more is.</summary>
    /// <param name="specification">The specification.</param>
    /// <exception cref="InputException">It has a program that is no flat network.</exception>
    public static void RequireFlat(Specification specification)
    {
        if (specification.Layers is not { } program)
            return;
        _ = PlainNetwork.Of(Unrolled(program, specification.Inputs), out string? reason);
        throw new InputException(
            $"The network is a program of layers, which this command does not take yet, since {reason ?? "its numbers are out of the range of flat networks"}; what works here is the same activation and dense layer repeated with the same numbers and Gaussian weights, as a residual or not, which --network resnet and --network mlp are.");
    }

    private static IReadOnlyList<StreamStep> Unrolled(LayerProgram program, int inputs)
    {
        try
        {
            return program.Unroll(inputs);
        }
        catch (LayerProgramException problem)
        {
            throw new InputException(problem.Message);
        }
    }
}
