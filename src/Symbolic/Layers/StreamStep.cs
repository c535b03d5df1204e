using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Layers;

// What a program of layers does to the stream, repetitions unrolled and numbers filled in:
//   StreamUpdate   phi' = skip phi + step (u_1 + u_2 + ...), u_i the output of branch i, which reads phi;   skip 0: a fresh field
//   StreamNorm     phi' = gain phi / sqrt(G + epsilon)
// A branch is a chain of stages, each of which reads a field, neuron by neuron, and makes the Gaussian rows of the next:
//   x = [mask] sigma([norm] phi),  or the gate p sigma(q);      u = W x + b
// Before a stage reads a field, updates of the same form may change it: residuals and parallel branches inside a branch.

/// <summary>A layer of the results: the stream before it, the stream after it.</summary>
/// <param name="Path">Where it stands in the program, such as layers[0].repeat.of[0].</param>
public abstract record StreamStep(string Path);

/// <summary>phi' = skip phi + step (u_1 + u_2 + ...).</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Skip">alpha; 0 where nothing of the field before is left.</param>
/// <param name="Step">eps.</param>
/// <param name="Width">r of the stream after it: it has r n neurons.</param>
/// <param name="Branches">What the outputs come from.</param>
public sealed record StreamUpdate(string Path, double Skip, double Step, double Width, IReadOnlyList<Branch> Branches) : StreamStep(Path);

/// <summary>phi'_a = gain phi_a / sqrt(G_aa + epsilon).</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Gain">gain.</param>
/// <param name="Epsilon">epsilon.</param>
public sealed record StreamNorm(string Path, double Gain, double Epsilon) : StreamStep(Path);

/// <summary>What several steps have in common.</summary>
internal static class StreamSteps
{
    /// <summary>Whether branches make fields that are more than their kernels: by updates inside them, or by norms of rows.</summary>
    public static bool HaveFieldsInBranches(this IEnumerable<StreamStep> steps) =>
        steps.OfType<StreamUpdate>().SelectMany(step => step.Branches).Any(branch => branch.Stages.Any(stage => stage.Before.Count > 0) || branch.Stages.Skip(1).Any(stage => stage.Norm is not null));

    /// <summary>The updates inside the branches of one, in the order in which they begin; not those inside these.</summary>
    public static IEnumerable<StreamUpdate> Inner(this StreamUpdate update) => update.Branches.SelectMany(branch => branch.Stages).SelectMany(stage => stage.Before);

    /// <summary>All stages of all branches, those of updates inside a branch before the stage that reads what they make.</summary>
    public static IEnumerable<BranchStage> Stages(this IEnumerable<StreamStep> steps) =>
        steps.OfType<StreamUpdate>().SelectMany(step => step.Branches).SelectMany(branch => branch.Stages).SelectMany(stage => stage.Before.Count == 0 ? [stage] : stage.Before.Stages().Append(stage));
}

/// <summary>A chain of stages; the first reads the stream, each other one the Gaussian rows of the one before.</summary>
/// <param name="Stages">The stages, at least one.</param>
public sealed record Branch(IReadOnlyList<BranchStage> Stages);

/// <summary>What a dense layer reads, and its weights.</summary>
/// <param name="Path">Where its dense layer stands.</param>
public sealed record BranchStage(string Path)
{
    /// <summary>What happens to the field, in this branch alone, before the stage reads it.</summary>
    public IReadOnlyList<StreamUpdate> Before { get; init; } = [];

    /// <summary>gain and epsilon of the RMS norm before anything else; null for none.</summary>
    public (double Gain, double Epsilon)? Norm { get; init; }

    /// <summary>Where <see cref="Norm"/> stands; empty where there is none.</summary>
    public string NormPath { get; init; } = "";

    /// <summary>True if <see cref="Norm"/> takes the mean off too.</summary>
    public bool IsCentred { get; init; }

    /// <summary>sigma; null for the identity.</summary>
    public ActivationDefinition? Activation { get; init; }

    /// <summary>True for p sigma(q) of the two copies that the stage before has made.</summary>
    public bool IsGate { get; init; }

    /// <summary>The chance that a neuron is kept by dropout; 1 for none.</summary>
    public double Keep { get; init; } = 1;

    /// <summary>Whether one mask serves all inputs.</summary>
    public bool IsMaskShared { get; init; } = true;

    /// <summary>C_W.</summary>
    public double WeightVariance { get; init; }

    /// <summary>C_b.</summary>
    public double BiasVariance { get; init; }

    /// <summary>r of the rows it makes.</summary>
    public double Width { get; init; } = 1;

    /// <summary>The law of the weights.</summary>
    public WeightKind Weights { get; init; }

    /// <summary>Excess kurtosis of the weights, 0 for Gaussian and orthogonal ones.</summary>
    public double ExcessKurtosis { get; init; }

    /// <summary>Taps on a ring of positions; empty for none.</summary>
    public IReadOnlyList<int> Taps { get; init; } = [];

    /// <summary>The learning rates that its tangents have, where they are not 1: of its weights in units in which they have variance 1, and of its biases times C_b.</summary>
    public (double Weights, double Biases)? Rates { get; init; }

    /// <summary>How many independent outputs of the same law.</summary>
    public int Copies { get; init; } = 1;
}
