using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Layers;

// What a program unrolls to, and what is shared between repetitions.
public class LayerProgramTests
{
    private static readonly Dense Two = new(2);

    [Fact]
    public void A_block_of_everything_unrolls_to_its_stages()
    {
        var program = new LayerProgram(
        [
            new Repeat(4,
            [
                new Residual(
                [
                    new RmsNorm(1.2, 0.1),
                    new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 },
                    new Gate("gelu"),
                    new Dropout(0.9),
                    new Dense("1.7/(l+1)"),
                ])
                { Step = LayerNumber.Of([0.5, 0.4, 0.3, 0.2]) },
            ]),
        ]);
        IReadOnlyList<StreamStep> steps = program.Unroll(1);
        Assert.Equal(4, steps.Count);
        for (int l = 0; l < 4; l++)
        {
            var update = Assert.IsType<StreamUpdate>(steps[l]);
            Assert.Equal(("layers[0].repeat.of[0].residual", 1, new[] { 0.5, 0.4, 0.3, 0.2 }[l], 1), (update.Path, update.Skip, update.Step, update.Width));
            BranchStage[] stages = [.. Assert.Single(update.Branches).Stages];
            Assert.Equal(2, stages.Length);
            Assert.Equal(((1.2, 0.1), false, null, 1.5, 0.1, 2, 2), (stages[0].Norm, stages[0].IsCentred, stages[0].Activation, stages[0].WeightVariance, stages[0].BiasVariance, stages[0].Width, stages[0].Copies));
            Assert.Equal(("layers[0].repeat.of[0].residual.branch[4]", true, "gelu", 0.9, true, 1.7 / (l + 1), 0, 1, 1), (stages[1].Path, stages[1].IsGate, stages[1].Activation!.Text, stages[1].Keep, stages[1].IsMaskShared, stages[1].WeightVariance, stages[1].BiasVariance, stages[1].Width, stages[1].Copies));
        }
    }

    [Fact]
    public void Widths_follow_the_stream()
    {
        var program = new LayerProgram([new Dense(1) { Width = 2 }, new Residual([new Activate("tanh"), new Dense(1) { Width = 3 }, new Dense(1)]), new ParallelBranches([[Two], [new Activate("tanh"), Two]]) { Width = 0.5 }, Two]);
        StreamUpdate[] steps = [.. program.Unroll(1).Cast<StreamUpdate>()];
        Assert.Equal([2, 2, 0.5, 1], steps.Select(step => step.Width));
        Assert.Equal([3, 2], steps[1].Branches[0].Stages.Select(stage => stage.Width));
        Assert.Equal([0.5, 0.5], steps[2].Branches.Select(branch => branch.Stages[0].Width));
    }

    // The order of layers that dense-then-activation stacks have: the last activation is what the dense layer after the stack reads.
    [Fact]
    public void An_activation_at_the_end_of_a_repetition_is_read_by_the_next()
    {
        StreamUpdate[] steps = [.. new LayerProgram([new Repeat(3, [Two, new Activate("gelu")]), new Dense(1)]).Unroll(1).Cast<StreamUpdate>()];
        Assert.Equal([null, "gelu", "gelu", "gelu"], steps.Select(step => step.Branches[0].Stages[0].Activation?.Text));
        Assert.Equal([2, 2, 2, 1], steps.Select(step => step.Branches[0].Stages[0].WeightVariance));
    }

    // Each list and each l belongs to the repeat right around it.
    [Fact]
    public void Nested_repeats_count_each_for_themselves()
    {
        var program = new LayerProgram([new Repeat(2, [new Repeat(3, [new Dense("l + 1") { BiasVariance = LayerNumber.Of([3, 2, 1]) }]), new Dense("10*(l + 1)")])]);
        Assert.Equal([1, 2, 3, 10, 1, 2, 3, 20], program.Unroll(1).Cast<StreamUpdate>().Select(step => step.Branches[0].Stages[0].WeightVariance));
        Assert.Equal([3, 2, 1, 0, 3, 2, 1, 0], program.Unroll(1).Cast<StreamUpdate>().Select(step => step.Branches[0].Stages[0].BiasVariance));
    }

    // Written out one by one, with a number in l that is none, the same comes out: sharing changes nothing.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Shared_repetitions_are_those_written_out(int count)
    {
        IReadOnlyList<StreamStep> Of(LayerNumber weights) =>
            new LayerProgram(
            [
                new Repeat(count, [new Dense(weights) { Width = 2 }, new Activate("gelu"), new Dense(weights), new Residual([new Activate("tanh"), Two]), new PostNorm(1, 0.1), new Repeat(2, [Two, new Activate("tanh")])]),
                Two,
            ]).Unroll(1);
        Assert.Equivalent(Of(LayerNumber.Of([.. Enumerable.Repeat(1.5, count)])), Of(1.5), strict: true);
        Assert.Equal((6 * count) + 1, Of(1.5).Count);
    }

    [Fact]
    public void A_million_constant_repetitions_share_one_step()
    {
        var program = new LayerProgram([new Repeat(1000, [new Repeat(1000, [new Residual([new RmsNorm(1, 0), new Dense(1) { Width = 2 }, new Activate("gelu"), Two])])])]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        IReadOnlyList<StreamStep> steps = program.Unroll(1);
        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(LayerProgram.MostSteps, steps.Count);
        Assert.Same(steps[0], steps[^1]);
        // A list of a million references doubles to 2^20 of them; nothing else grows.
        Assert.True(used < 64L << 20, $"{used} bytes");
    }

    [Fact]
    public void Activations_in_a_row_are_one_that_can_be_read_back()
    {
        BranchStage stage = ((StreamUpdate)new LayerProgram([new Activate("gelu"), new Activate("tanh(x)"), Two]).Unroll(1)[0]).Branches[0].Stages[0];
        Assert.Equal(stage.Activation!.Expression, ActivationParser.Parse(stage.Activation.Text).Expression);
        Assert.Equal(ActivationParser.Parse("tanh(gelu(x))").Expression, stage.Activation.Expression);
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.0, 1.0)]
    [InlineData(0.9, 0.25)]
    public void The_flat_network_is_found_again(double skip, double step)
    {
        var network = new PlainNetwork("gelu", 1.7, 0.1, skip, step, 5);
        Assert.Equal(network, PlainNetwork.Of(LayerProgram.Plain("gelu", 1.7, 0.1, skip, step, 5).Unroll(2), out string? refusal));
        Assert.Null(refusal);
        // The same written in another way.
        var residual = new Residual([new Activate("gelu"), new Dense(LayerNumber.Of([1.7])) { BiasVariance = "0.1 + 0*l", Weights = WeightKind.Kurtosis }]) { Skip = skip, Step = -step };
        var written = new LayerProgram([new Repeat(2, [residual with { Branch = [new Activate("gelu"), new Dense(1.7) { BiasVariance = 0.1 }] }, residual with { Branch = [new Activate("gelu"), new Dense("1.7 + 0*l") { BiasVariance = 0.1 }] }]), residual]);
        Assert.Equal(network, PlainNetwork.Of(written.Unroll(2), out _));
    }

    [Fact]
    public void What_no_flat_network_does_is_named()
    {
        foreach ((string reason, Layer[] layers) in ((string, Layer[])[])
            [
                ("layers[1].postNorm norms the stream", [Two, new PostNorm(1, 0)]),
                ("layers[0].parallel adds branches", [new ParallelBranches([[Two], [Two]])]),
                ("layers[0].residual has more than one dense layer", [new Residual([Two, Two])]),
                ("layers[0].residual.branch[1] has a norm before it", [new Residual([new RmsNorm(1, 0), Two])]),
                ("layers[1] has dropout before it", [new Dropout(0.5), Two]),
                ("layers[0] changes the width", [new Dense(1) { Width = 2 }]),
                ("layers[0] has taps", [new Dense(1) { Taps = [0, 1] }]),
                ("layers[0] has weights that are not Gaussian", [new Dense(1) { Weights = WeightKind.Orthogonal }]),
                ("layers[1].dense differs in layer 2 from layer 1", [new Dense(1), Two]),
            ])
        {
            Assert.Null(PlainNetwork.Of(new LayerProgram(layers).Unroll(2), out string? refusal));
            Assert.Equal(reason, refusal);
        }
    }
}
