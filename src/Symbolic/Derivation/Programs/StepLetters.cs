using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>
/// The letters for the numbers of a step of the stream: alpha, eps, r, and for the stage i of branch b C_W, C_b, keep, and so on with the number of the stage, and of the
/// branch where there are several. A branch of one stage alone needs no number: C_W, C_b.
/// </summary>
/// <param name="step">The step.</param>
/// <param name="within">What the letters end in of an update inside a branch; empty for one of the stream.</param>
internal sealed class StepLetters(StreamStep step, string within = "")
{
    /// <summary>r before the step: the stream has r n neurons.</summary>
    public static Symbol WidthBefore { get; } = Symbol.Of("r_before", "r_{-}");

    /// <summary>r after the step.</summary>
    public static Symbol Width { get; } = Symbol.Of("r");

    /// <summary>What the names of an update inside a branch end in.</summary>
    public string Within => within;

    /// <summary>alpha.</summary>
    public Symbol Skip => Letter(Notation.Skip.Name, Notation.Skip.Latex, within);

    /// <summary>eps.</summary>
    public Symbol Step => Letter(Notation.Step.Name, Notation.Step.Latex, within);

    /// <summary>r after the step, which inside a branch has an ending.</summary>
    public Symbol WidthAfter => Letter(Width.Name, Width.Latex, within);

    private IReadOnlyList<Branch> Branches { get; } = step is StreamUpdate update ? update.Branches : [];

    /// <summary>The letters of an update that comes before a stage.</summary>
    public StepLetters Before(int branch, int stage, int at) => new(Branches[branch].Stages[stage].Before[at], $"{Suffix(branch, stage)}_n{at + 1}");

    /// <summary>What the names of a stage end in.</summary>
    public string Suffix(int branch, int stage) => within +
        (Branches.Count > 1 ? $"_{branch + 1}_{stage + 1}" : Branches[0].Stages is not [{ Before.Count: 0 }] || within.Length > 0 ? $"_{stage + 1}" : "");

    /// <summary>C_W of a stage.</summary>
    public Symbol WeightVariance(int branch, int stage) => Of("C_W", branch, stage);

    /// <summary>C_b of a stage.</summary>
    public Symbol BiasVariance(int branch, int stage) => Of("C_b", branch, stage);

    /// <summary>r of the rows of a stage.</summary>
    public Symbol RowWidth(int branch, int stage) => Of("r", branch, stage);

    /// <summary>The chance of dropout to keep a neuron.</summary>
    public Symbol Keep(int branch, int stage) => Of("keep", branch, stage);

    /// <summary>The excess kurtosis of the weights.</summary>
    public Symbol Kurtosis(int branch, int stage) => Of("kappa", branch, stage);

    /// <summary>The learning rate of weights of variance 1.</summary>
    public Symbol WeightRate(int branch, int stage) => Of("rate_W", branch, stage);

    /// <summary>The learning rate of biases, times C_b.</summary>
    public Symbol BiasRate(int branch, int stage) => Of("rate_b", branch, stage);

    /// <summary>gain of the norm of a stage; of the stream where there is none.</summary>
    public Symbol Gain(int branch, int stage) => Of("gain", branch, stage);

    /// <summary>epsilon of the norm of a stage; of the stream where there is none.</summary>
    public Symbol Epsilon(int branch, int stage) => Of("delta", branch, stage);

    /// <summary>All letters with the numbers of a step of the same structure.</summary>
    /// <param name="of">The step.</param>
    /// <param name="widthBefore">r before it.</param>
    public IReadOnlyDictionary<Symbol, double> Numbers(StreamStep of, double widthBefore)
    {
        var numbers = new Dictionary<Symbol, double> { [WidthBefore] = widthBefore };
        if (of is StreamNorm norm)
        {
            (numbers[Gain(0, 0)], numbers[Epsilon(0, 0)], numbers[Width]) = (norm.Gain, norm.Epsilon, widthBefore);
            return numbers;
        }

        AddNumbers((StreamUpdate)of, numbers);
        return numbers;
    }

    private void AddNumbers(StreamUpdate update, Dictionary<Symbol, double> numbers)
    {
        (numbers[Skip], numbers[Step], numbers[WidthAfter]) = (update.Skip, update.Step, update.Width);
        for (int branch = 0; branch < update.Branches.Count; branch++)
        {
            for (int stage = 0; stage < update.Branches[branch].Stages.Count; stage++)
            {
                BranchStage each = update.Branches[branch].Stages[stage];
                numbers[WeightVariance(branch, stage)] = each.WeightVariance;
                numbers[BiasVariance(branch, stage)] = each.BiasVariance;
                if (stage < update.Branches[branch].Stages.Count - 1)
                    numbers[RowWidth(branch, stage)] = each.Width;
                numbers[Keep(branch, stage)] = each.Keep;
                numbers[Kurtosis(branch, stage)] = each.ExcessKurtosis;
                if (each.Rates is var (weights, biases))
                    (numbers[WeightRate(branch, stage)], numbers[BiasRate(branch, stage)]) = (weights, biases);
                if (each.Norm is var (gain, epsilon))
                    (numbers[Gain(branch, stage)], numbers[Epsilon(branch, stage)]) = (gain, epsilon);
                for (int before = 0; before < each.Before.Count; before++)
                    Before(branch, stage, before).AddNumbers(each.Before[before], numbers);
            }
        }
    }

    /// <summary>What two steps have in common that are solved by the same statements: everything but numbers.</summary>
    /// <param name="of">The step.</param>
    /// <param name="widthBefore">r before it.</param>
    public static string Structure(StreamStep of, double widthBefore) => of is not StreamUpdate update ? "norm" : Structure(update) + (update.Width != 1 || widthBefore != 1 ? " wide" : "");

    private static string Structure(StreamUpdate update) => string.Join(
        " + ",
        update.Branches.Select(branch => string.Join(", ", branch.Stages.Select((stage, at) => string.Join(
            " ",
            string.Concat(stage.Before.Select(before => $"({(before.Skip != 0 ? "skip" : before.Step != 1 ? "step" : "")} {Structure(before)})")),
            stage.Norm is null ? "" : stage.IsCentred ? "layerNorm" : "rmsNorm",
            stage.IsGate ? "gate" : "",
            stage.Activation?.Text ?? "",
            stage.Keep == 1 ? "" : stage.IsMaskShared ? "shared" : "independent",
            stage.Weights == WeightKind.Orthogonal ? "orthogonal" : stage.ExcessKurtosis != 0 ? "kurtosis" : "",
            stage.Taps.Count == 0 ? "" : $"[{string.Join(",", stage.Taps)}]",
            at < branch.Stages.Count - 1 ? "hidden" : "")))));

    // What a letter ends in stands below it: C_W_1 is C_{W,1}.
    private static Symbol Letter(string name, string latex, string suffix)
    {
        int cut = latex.IndexOf('_') + 1;
        string numbers = suffix.Replace('_', ',').TrimStart(',');
        return Symbol.Of(name + suffix, suffix.Length == 0 ? latex : cut > 0 ? $"{latex[..cut]}{{{latex[cut..]},{numbers}}}" : $"{latex}_{{{numbers}}}");
    }

    private Symbol Of(string letter, int branch, int stage)
    {
        string suffix = Branches.Count == 0 ? within : Suffix(branch, stage);
        return Letter(letter, letter switch { "kappa" => @"\kappa", "delta" => @"\delta", "rate_W" => @"\lambda_W", "rate_b" => @"\lambda_b", { Length: > 3 } word => $@"\mathrm{{{word}}}", _ => letter }, suffix);
    }
}
