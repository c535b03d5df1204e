namespace SymbolicEft.Symbolic.Layers;

/// <summary>phi' = alpha phi + eps (W sigma(phi) + b), L times with the same numbers and Gaussian weights: what the flat keys of a specification say.</summary>
/// <param name="Activation">sigma.</param>
/// <param name="WeightVariance">C_W.</param>
/// <param name="BiasVariance">C_b.</param>
/// <param name="Skip">alpha.</param>
/// <param name="Step">eps, not negative: the weights have no preferred sign.</param>
/// <param name="Depth">L.</param>
public sealed record PlainNetwork(string Activation, double WeightVariance, double BiasVariance, double Skip, double Step, int Depth)
{
    /// <summary>The plain network that does the same as a program; null if there is none.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="refusal">Where it first does something else, or null.</param>
    public static PlainNetwork? Of(IReadOnlyList<StreamStep> steps, out string? refusal)
    {
        StreamStep? checkedBefore = null;
        PlainNetwork? network = null;
        for (int at = 0; at < steps.Count; at++)
        {
            // Repetitions share their steps.
            if (ReferenceEquals(steps[at], checkedBefore))
                continue;
            checkedBefore = steps[at];
            refusal = Refusal(steps[at]);
            if (refusal is not null)
                return null;
            var update = (StreamUpdate)steps[at];
            BranchStage stage = update.Branches[0].Stages[0];
            var here = new PlainNetwork(stage.Activation?.Text ?? "identity", stage.WeightVariance, stage.BiasVariance, update.Skip, Math.Abs(update.Step), steps.Count);
            network ??= here;
            if (here != network)
            {
                refusal = $"{update.Path} differs in layer {at + 1} from layer 1";
                return null;
            }
        }

        refusal = null;
        return network;
    }

    private static string? Refusal(StreamStep step) => step switch
    {
        StreamNorm => $"{step.Path} norms the stream",
        StreamUpdate { Branches.Count: > 1 } => $"{step.Path} adds branches",
        StreamUpdate { Branches: [{ Stages.Count: > 1 }] } => $"{step.Path} has more than one dense layer",
        StreamUpdate { Branches: [{ Stages: [var stage] }] } =>
            stage.Before.Count > 0 ? $"{stage.Before[0].Path} stands inside a branch"
            : stage.Norm is not null ? $"{stage.Path} has a norm before it"
            : stage.Keep != 1 ? $"{stage.Path} has dropout before it"
            : stage.Width != 1 ? $"{stage.Path} changes the width"
            : stage.Taps.Count > 0 ? $"{stage.Path} has taps"
            : stage.Weights != WeightKind.Gaussian && !(stage.Weights == WeightKind.Kurtosis && stage.ExcessKurtosis == 0) ? $"{stage.Path} has weights that are not Gaussian"
            : null,
        _ => $"{step.Path} is no layer of activation and dense",
    };
}
