using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Tests.Layers;

// Every refusal of a program, word for word: the layer by its path, the reason, the mend.
public class LayerRefusalTests
{
    private const string Gelu = "gelu";

    private static readonly Dense Two = new(2);

    private static void Refused(string sentence, params Layer[] layers) => RefusedFor(1, sentence, layers);

    private static void RefusedFor(int inputs, string sentence, params Layer[] layers) =>
        Assert.Equal(sentence, Assert.Throws<LayerProgramException>(() => new LayerProgram(layers).Unroll(inputs)).Message);

    [Fact]
    public void Programs_that_do_not_end_in_a_dense_layer()
    {
        Refused("layers is empty; a program has at least one layer, such as {dense: {weightVariance: 2}}.");
        Refused("layers[1] acts on the stream with no dense layer after it, and its law is then not Gaussian; end the list with a dense layer.", Two, new Activate(Gelu));
        Refused("layers[0].repeat.of[1] acts on the stream with no dense layer after it, and its law is then not Gaussian; end the list with a dense layer.", new Repeat(3, [Two, new Activate(Gelu)]));
        Refused("layers[0].residual.branch is empty, and so ends without a dense layer; what is added to the stream must be the Gaussian rows of one, so end the branch with dense.", new Residual([]));
        Refused("layers[0].residual.branch[1] ends without a dense layer; what is added to the stream must be the Gaussian rows of one, so end the branch with dense.", new Residual([Two, new Activate(Gelu)]));
        Refused("layers[0].repeat.of[0].residual.branch[0] ends without a dense layer; what is added to the stream must be the Gaussian rows of one, so end the branch with dense.", new Repeat(2, [new Residual([new RmsNorm(1, 0)])]));
        Refused("layers[0].parallel.branches[1] is empty, and so ends without a dense layer; what is added to the stream must be the Gaussian rows of one, so end the branch with dense.", new ParallelBranches([[Two], []]));
    }

    [Fact]
    public void What_acts_on_the_stream_itself()
    {
        const string mend = "; put a dense layer between them, or the activation into the branch.";
        Refused("layers[0] acts on the stream itself, whose law is then not Gaussian, before layers[1].residual" + mend, new Activate(Gelu), new Residual([Two]));
        Refused("layers[0].repeat.of[1] acts on the stream itself, whose law is then not Gaussian, before layers[0].repeat.of[0].residual" + mend, new Repeat(2, [new Residual([Two]), new Activate(Gelu)]));
        Refused("layers[1] acts on the stream itself, whose law is then not Gaussian, before layers[2].postNorm" + mend, Two, new Dropout(0.5), new PostNorm(1, 0));
        Refused("layers[1] acts on the stream itself, whose law is then not Gaussian, before layers[2].parallel" + mend, Two, new RmsNorm(1, 0), new ParallelBranches([[Two]]));
        Refused("layers[0].residual.branch[0].postNorm acts on the stream, and stands inside a branch; use rmsNorm there.", new Residual([new PostNorm(1, 0), Two]));
    }

    [Fact]
    public void Repeats_and_lists()
    {
        Refused("layers[0].repeat has count 0 and 1 layers; both must be at least 1.", new Repeat(0, [Two]));
        Refused("layers[0].repeat has count -5 and 1 layers; both must be at least 1.", new Repeat(-5, [Two]));
        Refused("layers[0].repeat has count 3 and 0 layers; both must be at least 1.", new Repeat(3, []));
        Refused("layers[0].repeat.of[1].repeat has count 2 and 0 layers; both must be at least 1.", new Repeat(3, [Two, new Repeat(2, [])]));
        Refused("layers[0].repeat.of[0].residual.step lists 2 numbers for 3 repetitions; give one number for each, or one for all.", new Repeat(3, [new Residual([Two]) { Step = LayerNumber.Of([1, 2]) }]));
        Refused("layers[0].repeat.of[0].residual.branch[0].dense.weightVariance lists 4 numbers for 3 repetitions; give one number for each, or one for all.", new Repeat(3, [new Residual([new Dense(LayerNumber.Of([1, 2, 3, 4]))])]));
        Refused("layers[0].repeat.of[0].parallel.branches[1][0].dropout.keep lists 0 numbers for 3 repetitions; give one number for each, or one for all.", new Repeat(3, [new ParallelBranches([[Two], [new Dropout(LayerNumber.Of([])), Two]])]));
        // The list of an inner repeat is the inner one's, whatever the outer one counts.
        Refused("layers[0].repeat.of[0].repeat.of[0].dense.weightVariance lists 6 numbers for 3 repetitions; give one number for each, or one for all.", new Repeat(2, [new Repeat(3, [new Dense(LayerNumber.Of([1, 2, 3, 4, 5, 6]))])]));
        Refused("layers[1].dense.biasVariance lists 2 numbers for 1 repetition; give one number for each, or one for all.", Two, Two with { BiasVariance = LayerNumber.Of([1, 2]) });
        // Told before a million layers are made.
        Refused("layers[0].repeat.of[0].dense.width lists 2 numbers for 1000000000 repetitions; give one number for each, or one for all.", new Repeat(1_000_000_000, [Two with { Width = LayerNumber.Of([1, 2]) }]));
    }

    [Fact]
    public void More_layers_than_are_solved()
    {
        const string mend = " brings the program to more than 1000000 layers, which is as many as are solved; repeat less.";
        Refused("layers[0].repeat" + mend, new Repeat(int.MaxValue, [Two]));
        Refused("layers[0].repeat" + mend, new Repeat(1001, [new Repeat(1000, [Two])]));
        Refused("layers[0].repeat" + mend, new Repeat(500_001, [Two, Two]));
        Refused("layers[0].repeat" + mend, new Repeat(2_000_000, [new Dense("1/(l+1)")]));
        Refused("layers[0].repeat.of[0].dense" + mend, new Repeat(500_001, [Two, new Dense("1/(l+1)")]));
        Refused("layers[1].dense" + mend, new Repeat(LayerProgram.MostSteps, [Two]), Two);
    }

    [Fact]
    public void Numbers_out_of_their_range()
    {
        Refused("layers[0].dense.weightVariance is -1; it must be a finite number, at least 0.", new Dense(-1));
        Refused("layers[0].dense.biasVariance is NaN; it must be a finite number, at least 0.", Two with { BiasVariance = double.NaN });
        Refused("layers[0].dense.width is -2; it must be a finite number, greater than 0.", Two with { Width = -2 });
        Refused("layers[0].dense.width is 0; it must be a finite number, greater than 0.", Two with { Width = 0 });
        Refused("layers[0].parallel.width is -1; it must be a finite number, greater than 0.", new ParallelBranches([[Two]]) { Width = -1 });
        Refused("layers[0].residual.step is Infinity; it must be a finite number.", new Residual([Two]) { Step = double.PositiveInfinity });
        Refused("layers[0].residual.skip is NaN; it must be a finite number.", new Residual([Two]) { Skip = double.NaN });
        Refused("layers[0].dropout.keep is 0; it must be a finite number, greater than 0 and at most 1.", new Dropout(0), Two);
        Refused("layers[0].dropout.keep is 1.5; it must be a finite number, greater than 0 and at most 1.", new Dropout(1.5), Two);
        Refused("layers[0].rmsNorm.epsilon is -0.1; it must be a finite number, at least 0.", new RmsNorm(1, -0.1), Two);
        Refused("layers[1].postNorm.gain is NaN; it must be a finite number.", Two, new PostNorm(double.NaN, 0));
        Refused("layers[1].postNorm.gain is -2, which turns the sign of the stream; use 2, and activations of -x after it.", Two, new PostNorm(-2, 0));
        Refused("layers[0].repeat.of[0].residual.step is Infinity in repetition 0; it must be a finite number.", new Repeat(3, [new Residual([Two]) { Step = "1/l" }]));
        Refused("layers[0].repeat.of[0].dense.weightVariance is -1 in repetition 2; it must be a finite number, at least 0.", new Repeat(3, [new Dense("1 - l")]));
        Refused("layers[0].dense.weights has excess kurtosis -3; no law has less than -2.", Two with { Weights = WeightKind.Kurtosis, ExcessKurtosis = -3 });
        Refused("layers[0].dense.copies is 3; it must be 1, or 2 before a gate.", Two with { Copies = 3 });
    }

    [Fact]
    public void Widths_that_do_not_meet()
    {
        Refused("layers[0].residual.branch[0].dense has width 2, and what it is added to has width 1; leave width out.", new Residual([Two with { Width = 2 }]));
        Refused("layers[0].parallel.branches[1][0].dense has width 2, and what it is added to has width 0.5; leave width out.", new ParallelBranches([[Two], [Two with { Width = 2 }]]) { Width = 0.5 });
        Refused("layers[0].residual.branch[0].parallel has width 2, and the stream that it is added to 1; leave width out.", new Residual([new ParallelBranches([[Two]]) { Width = 2 }]));
        Refused("layers[0].residual.branch[0].parallel.branches[0][0].parallel has no branches; give it at least one list of layers.", new Residual([new ParallelBranches([[new ParallelBranches([])]])]));
        Refused("layers[0].parallel has no branches; give it at least one list of layers.", new ParallelBranches([]));
        Refused("layers[0].dense has orthogonal weights from width 1 to width 2, and they are square; use the same width, or weights: gaussian.", Two with { Width = 2, Weights = WeightKind.Orthogonal });
        Refused("layers[1].residual.branch[1].dense has orthogonal weights from width 3 to width 2, and they are square; use the same width, or weights: gaussian.", Two with { Width = 2 }, new Residual([Two with { Width = 3 }, Two with { Weights = WeightKind.Orthogonal }]));
        RefusedFor(2, "layers[0].dense has taps and orthogonal weights, for which the theory has no noise yet; use weights: gaussian.", Two with { Taps = [0, 1], Weights = WeightKind.Orthogonal });
    }

    [Fact]
    public void Taps_that_do_not_fit()
    {
        RefusedFor(1, "layers[0].dense.taps [-1, 0, 1] do not fit 1 position; there can be as many as positions, each shifted by less than that.", Two with { Taps = [-1, 0, 1] });
        RefusedFor(3, "layers[0].dense.taps [0, 3] do not fit 3 positions; there can be as many as positions, each shifted by less than that.", Two with { Taps = [0, 3] });
        RefusedFor(3, "layers[0].dense.taps [0, -2147483648] do not fit 3 positions; there can be as many as positions, each shifted by less than that.", Two with { Taps = [0, int.MinValue] });
        RefusedFor(3, "layers[0].dense.taps [0, 1, 1] names a position on the ring of 3 twice; once is enough.", Two with { Taps = [0, 1, 1] });
        RefusedFor(3, "layers[0].dense.taps [-1, 2] names a position on the ring of 3 twice; once is enough.", Two with { Taps = [-1, 2] });
        Assert.Single(new LayerProgram([Two with { Taps = [-1, 0, 1] }]).Unroll(3));
    }

    [Fact]
    public void The_order_in_a_stage()
    {
        Refused("layers[0].residual.branch[1].rmsNorm norms what an activation or dropout has made of a field; put it before the activation.", new Residual([new Activate(Gelu), new RmsNorm(1, 0), Two]));
        Refused("layers[1].layerNorm is the second norm in a row, and one does the same; leave one out.", new RmsNorm(1, 0), new LayerNorm(1, 0), Two);
        Refused("layers[0].repeat.of[0].rmsNorm is the second norm in a row, and one does the same; leave one out.", new Repeat(2, [new RmsNorm(1, 0)]), Two);
        Refused("layers[1].activation comes after dropout; put dropout after it.", new Dropout(0.5), new Activate(Gelu), Two);
        Refused("layers[1].dropout is the second dropout before a dense layer; one with the product of the two numbers does the same.", new Dropout(0.5), new Dropout(0.5), Two);
        Refused("layers[3].activation is activation number 4 in a row; at most 3 are composed, so write them as one, such as activation: tanh(gelu(x)).", new Activate(Gelu), new Activate(Gelu), new Activate(Gelu), new Activate(Gelu), Two);
        Refused("layers[0].repeat.of[0].activation is activation number 4 in a row; at most 3 are composed, so write them as one, such as activation: tanh(gelu(x)).", new Repeat(1000, [new Activate(Gelu)]), Two);
        string sentence = Assert.Throws<LayerProgramException>(() => new LayerProgram([new Activate("tnah(x)"), Two]).Unroll(1)).Message;
        Assert.StartsWith("layers[0].activation is no activation: At character 1 of 'tnah(x)' there is the unknown function 'tnah' (did you mean 'tanh'?); ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_and_copies()
    {
        Dense copies = Two with { Copies = 2 };
        Refused("layers[0].gate has no two copies to take the product of; the dense layer before it needs copies: 2.", new Gate(Gelu), Two);
        Refused("layers[0].residual.branch[1].gate has no two copies to take the product of; the dense layer before it needs copies: 2.", new Residual([Two, new Gate(Gelu), Two]));
        Refused("layers[0].residual.branch[1].activation reads the two copies of the dense layer before it; a gate must come first, or leave copies out.", new Residual([copies, new Activate(Gelu), Two]));
        Refused("layers[0].residual.branch[1].dense reads the two copies of the dense layer before it; a gate must come first, or leave copies out.", new Residual([copies, Two]));
        Refused("layers[0].residual.branch[2].gate comes after another layer of its stage; put it right after the dense layer with copies: 2.", new Residual([copies, new Gate(Gelu), new Gate(Gelu), Two]));
        Refused("layers[0].residual.branch[2].activation acts on the product of a gate, which is no function of one field; put a dense layer between them.", new Residual([copies, new Gate(Gelu), new Activate(Gelu), Two]));
        Refused("layers[0].residual.branch[1].dense makes 2 copies and no gate follows; leave copies out.", new Residual([Two, copies]));
        Refused("layers[0].dense makes 2 copies, and the stream is one field; copies belong into a branch, before a gate.", copies, new Gate(Gelu), Two);
    }

    [Fact]
    public void Layers_of_the_stream_inside_a_branch()
    {
        Refused("layers[0].residual.branch[0].postNorm acts on the stream, and stands inside a branch; use rmsNorm there.", new Residual([new PostNorm(1, 0), Two]));
        Refused("layers[0].residual.branch[0] acts on a field inside a branch, whose law is then not Gaussian, before layers[0].residual.branch[1].residual; put a dense layer between them.", new Residual([new Activate(Gelu), new Residual([Two]), Two]));
        Refused("layers[0].residual.branch[1].residual ends a branch, and makes more than the Gaussian rows of one dense layer, which is what can be added to the stream; put a dense layer after it, or let it stand in the outermost list.", new Residual([Two, new Residual([Two])]));
        Refused("layers[0].parallel.branches[1][2].residual ends a branch, and makes more than the Gaussian rows of one dense layer, which is what can be added to the stream; put a dense layer after it, or let it stand in the outermost list.", new ParallelBranches([[Two], [new Activate(Gelu), Two, new Residual([Two])]]));
        Refused("layers[0].residual.branch[1].residual reads the two copies of the dense layer before it; a gate must come first, or leave copies out.", new Residual([Two with { Copies = 2 }, new Residual([Two]), new Gate(Gelu), Two]));
        Refused("layers[0].residual.branch[0].repeat.of[0].residual is update number 25 inside one branch, and at most 24 are solved; put it into the outermost list, or repeat less.", new Residual([new Repeat(30, [new Residual([Two])]), Two]));
        Refused("layers[0].residual.branch[0].repeat has count 0 and 1 layers; both must be at least 1.", new Residual([new Repeat(0, [Two]), Two]));
        Refused("layers[0].residual.branch[0].repeat.of[0].residual.step lists 2 numbers for 3 repetitions; give one number for each, or one for all.", new Residual([new Repeat(3, [new Residual([Two]) { Step = LayerNumber.Of([1, 2]) }]), Two]));
    }
}
