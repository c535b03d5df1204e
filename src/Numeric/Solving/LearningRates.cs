// Learning rates of the tangent kernel, Theta = sum over parameters of rate (d phi/dw)(d phi/dw). What a dense layer adds by its own weights is rate_W C_W S, and rate_b C_b by its biases, with
//   ntk         w of variance 1, in units of which W is sqrt(C_W/n) w:          rate_W = weights,                 rate_b C_b = biases C_b
//   standard    W itself, all at the rate 1/n: r neurons are read,              rate_W C_W = weights r,           rate_b C_b is of order 1/n: left out
//   mu-p        W at the rate 1/n, biases at 1 (SGD)                            rate_W C_W = weights r,           rate_b C_b = biases
// The first layer, from the data, has made K(0), which does not say what its weights are: Theta(0) = first K(0), 1 for weights and biases of variance 1. Of weights themselves of variance C/d, d
// the number of components of the data and no biases, it is d rate/C.

using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Solving;

/// <summary>In which units parameters learn.</summary>
public enum Parametrization
{
    /// <summary>All parameters in units in which they have variance 1.</summary>
    Ntk,

    /// <summary>Weights and biases themselves, all at the same rate, over n.</summary>
    Standard,

    /// <summary>Weights and biases themselves, biases at n times the rate of weights.</summary>
    MuP,
}

/// <summary>Learning rates by the kind of a layer.</summary>
public sealed record LearningRates
{
    /// <summary>In which units.</summary>
    public Parametrization Parametrization { get; init; }

    /// <summary>Of the weights that add to the stream: the last dense layer of a branch.</summary>
    public double Weights { get; init; } = 1;

    /// <summary>Of the weights of dense layers inside a branch, before its last.</summary>
    public double Hidden { get; init; } = 1;

    /// <summary>Of the biases.</summary>
    public double Biases { get; init; } = 1;

    /// <summary>Of the first layer, from the data, in units of K(0): Theta(0) = First K(0). Null: 1, for parameters of variance 1; with other parametrizations it has to be said.</summary>
    public double? First { get; init; }

    /// <summary>The steps of a program with these rates; the same steps where all are 1.</summary>
    internal IReadOnlyList<StreamStep> On(IReadOnlyList<StreamStep> steps)
    {
        if (this with { First = null } == new LearningRates())
            return steps;
        var known = new Dictionary<StreamStep, StreamStep>(ReferenceEqualityComparer.Instance);
        double width = 1;
        var result = new List<StreamStep>();
        foreach (StreamStep step in steps)
        {
            if (!known.TryGetValue(step, out StreamStep? with))
                known.Add(step, with = step is StreamUpdate update ? On(update, width) : step);
            result.Add(with);
            width = with is StreamUpdate { Width: var after } ? after : width;
        }

        return result;
    }

    private StreamUpdate On(StreamUpdate update, double width) => update with
    {
        Branches = [.. update.Branches.Select(branch => new Branch([.. branch.Stages.Select((stage, at) => stage with
        {
            Rates = (RateOf(stage, at == branch.Stages.Count - 1 ? Weights : Hidden, at == 0 ? width : branch.Stages[at - 1].Width), Parametrization switch
            {
                Parametrization.Ntk => Biases * stage.BiasVariance,
                Parametrization.MuP => Biases,
                _ => 0,
            }),
        })]))],
    };

    private double RateOf(BranchStage stage, double rate, double width) => Parametrization == Parametrization.Ntk ? rate
        : stage.WeightVariance == 0 ? 0 : rate * width * Math.Max(1, stage.Taps.Count) / stage.WeightVariance;
}
