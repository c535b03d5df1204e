using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

// A program as the engines run it: neurons counted, activations compiled, and every dense layer numbered 1, 2, ... in the order in which it is
// met. The number is the layer of the random numbers, so that those of a plain network are those of its layers.

/// <summary>A dense layer and what it reads.</summary>
/// <param name="Stage">Its numbers.</param>
/// <param name="Number">Its place among all dense layers, from 1.</param>
/// <param name="Reads">Neurons of the field that it reads; a gate reads as many of either copy.</param>
/// <param name="Rows">Neurons of each copy that it makes.</param>
/// <param name="Activation">sigma; null for the identity.</param>
/// <param name="Weights">The law of the weights.</param>
internal sealed record PlanStage<T>(BranchStage Stage, uint Number, int Reads, int Rows, LaneActivation<T>? Activation, IWeightDistribution Weights)
    where T : unmanaged
{
    /// <summary>What happens to the field before it is read.</summary>
    public PlanStep<T>[] Before { get; init; } = [];

    /// <summary>sigma', where rows have tangents; null for the identity.</summary>
    public LaneActivation<T>? Slope { get; init; }

    /// <summary>Neurons of the field before that.</summary>
    public int FirstReads { get; init; }

    /// <summary>Neurons of all copies.</summary>
    public int AllRows => Stage.Copies * Rows;

    /// <summary>Number of weight matrices whose products are added.</summary>
    public int TapCount => Math.Max(1, Stage.Taps.Count);
}

/// <summary>A layer of the results.</summary>
/// <param name="Rows">Neurons of the stream after it.</param>
/// <param name="Norm">gain and epsilon where the stream is normed; null where it is updated.</param>
/// <param name="Skip">alpha of an update.</param>
/// <param name="Step">eps of an update.</param>
/// <param name="Branches">What an update adds.</param>
internal sealed record PlanStep<T>(int Rows, (double Gain, double Epsilon)? Norm, double Skip, double Step, PlanStage<T>[][] Branches)
    where T : unmanaged;

/// <summary>A program, ready for an engine; used by all threads.</summary>
internal sealed class ProgramPlan<T>
    where T : unmanaged
{
    private ProgramPlan(PlanStep<T>[] steps, int width)
    {
        Steps = steps;
        IEnumerable<PlanStage<T>> all = steps.Distinct(ReferenceEqualityComparer.Instance).OfType<PlanStep<T>>().SelectMany(Stages);
        MostStreamRows = steps.Select(step => step.Rows).Append(width).Max();
        MostRows = all.Select(stage => Math.Max(stage.AllRows, stage.Reads)).Append(MostStreamRows).Max();
        Depth = steps.Distinct(ReferenceEqualityComparer.Instance).OfType<PlanStep<T>>().Select(DepthOf).DefaultIfEmpty(1).Max();
    }

    /// <summary>The layers of the results.</summary>
    public PlanStep<T>[] Steps { get; }

    /// <summary>The most neurons that the stream has.</summary>
    public int MostStreamRows { get; }

    /// <summary>The most neurons that any field has, copies counted.</summary>
    public int MostRows { get; }

    /// <summary>How many updates stand inside each other, at most.</summary>
    public int Depth { get; }

    /// <summary>Plans a program.</summary>
    /// <param name="settings">The program.</param>
    /// <param name="compile">An activation in the precision of the engine.</param>
    public static ProgramPlan<T> Of(ProgramSettings settings, Func<NeuronActivation, LaneActivation<T>> compile)
    {
        var compiled = new Dictionary<ActivationDefinition, LaneActivation<T>>(ReferenceEqualityComparer.Instance);
        var slopes = new Dictionary<ActivationDefinition, ActivationDefinition>(ReferenceEqualityComparer.Instance);
        uint number = 0;
        int rows = settings.Width;
        var steps = new PlanStep<T>[settings.Steps.Count];
        for (int layer = 0; layer < steps.Length; layer++)
        {
            switch (settings.Steps[layer])
            {
                case StreamNorm norm:
                    steps[layer] = new(rows, (norm.Gain, norm.Epsilon), 1, 0, []);
                    break;
                case StreamUpdate update:
                    steps[layer] = Step(update, rows);
                    rows = steps[layer].Rows;
                    break;
                default:
                    throw new ArgumentException($"{settings.Steps[layer].Path} does to the stream what is not known here.", nameof(settings));
            }
        }

        return new(steps, settings.Width);

        PlanStep<T> Step(StreamUpdate update, int reads)
        {
            PlanStage<T>[][] branches = [.. update.Branches.Select(branch => Planned(branch, reads))];
            return new(settings.Neurons(update.Width), null, update.Skip, update.Step, branches);
        }

        PlanStage<T>[] Planned(Branch branch, int reads)
        {
            var stages = new PlanStage<T>[branch.Stages.Count];
            for (int at = 0; at < stages.Length; at++)
            {
                BranchStage stage = branch.Stages[at];
                int first = reads;
                var before = new PlanStep<T>[stage.Before.Count];
                for (int update = 0; update < before.Length; update++)
                {
                    before[update] = Step(stage.Before[update], reads);
                    reads = before[update].Rows;
                }

                stages[at] = new(stage, ++number, reads, settings.Neurons(stage.Width), Compiled(stage.Activation), WeightDistributions.Of(stage)) { Before = before, FirstReads = first, Slope = settings.Directions > 0 ? CompiledSlope(stage) : null };
                reads = stages[at].Rows;
            }

            return stages;
        }

        LaneActivation<T>? CompiledSlope(BranchStage stage) => stage.Activation is null ? null : Compiled(slopes.TryGetValue(stage.Activation, out ActivationDefinition? known)
            ? known
            : slopes[stage.Activation] = TangentFunctions.Derivative(stage.Activation, stage.Path));

        LaneActivation<T>? Compiled(ActivationDefinition? activation)
        {
            if (activation is null) return null;
            if (compiled.TryGetValue(activation, out LaneActivation<T>? known)) return known;
            return compiled[activation] = compile(NeuronActivation.From(new Activations.Activation(activation)));
        }
    }

    private static int DepthOf(PlanStep<T> step) => 1 + step.Branches.SelectMany(branch => branch).SelectMany(stage => stage.Before).Select(DepthOf).DefaultIfEmpty(0).Max();

    private static IEnumerable<PlanStage<T>> Stages(PlanStep<T> step) => step.Branches.SelectMany(branch => branch).SelectMany(stage => stage.Before.SelectMany(Stages).Append(stage));

    /// <summary>Plans the plain network, whose activation may be any kernel.</summary>
    /// <param name="settings">The network.</param>
    /// <param name="activation">Its activation.</param>
    /// <param name="weights">The law of its weights.</param>
    public static ProgramPlan<T> Plain(EnsembleSettings settings, LaneActivation<T> activation, WeightKind weights)
    {
        PlanStep<T> Step(int layer)
        {
            LayerParameters numbers = settings.Network.LayerAt(layer - 1);
            var stage = new BranchStage("") { WeightVariance = numbers.WeightVariance, BiasVariance = numbers.BiasVariance, Weights = weights };
            return new(settings.Width, null, numbers.Skip, numbers.Step, [[new(stage, (uint)layer, settings.Width, settings.Width, activation, WeightDistributions.Of(stage))]]);
        }

        return new(
            [.. Enumerable.Range(1, settings.Layers).Select(Step)],
            settings.Width);
    }
}
