using System.Text.Json;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Sweeping;
using SymbolicEft.Numeric;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Tests.Commands;

// Programs of layers from YAML and flags: what is read, what is refused and how, and that the flat form is the same network in other words.
public class LayersTests
{
    private const string Inputs = "inputs: { kernel: [[2, 0.6], [0.6, 2]] }\n";

    // That of the contract.
    private const string Contract = """
        network:
          width: 64
          layers:
            - repeat:
                count: 4
                of:
                  - residual:
                      skip: 1
                      step: 0.5
                      branch:
                        - rmsNorm: { gain: 1.2, epsilon: 0.1 }
                        - dense: { weightVariance: 1.5, biasVariance: 0.1, width: 2, copies: 2 }
                        - gate: gelu
                        - dropout: { keep: 0.9, mask: shared }
                        - dense: { weightVariance: 1.7 }
            - parallel: { width: 1, branches: [[{ dense: { weightVariance: 1 } }], [{ activation: tanh }, { dense: { weightVariance: 1 } }]] }
            - postNorm: { gain: 1, epsilon: 0 }

        """;

    private static Specification Read(string yaml) => SpecificationReader.ReadText(yaml, "spec.yaml", ".", []);

    private static string Refusal(string yaml, params (string, string)[] flags) =>
        Assert.Throws<InputException>(() => SpecificationReader.ReadText(yaml, "spec.yaml", ".", flags)).Message;

    private static string OfLayers(string layers) => Refusal($"network: {{ layers: {layers} }}\n{Inputs}");

    [Fact]
    public void The_example_of_the_contract_is_read_and_written()
    {
        var expected = new LayerProgram(
        [
            new Repeat(4,
            [
                new Residual([new RmsNorm(1.2, 0.1), new Dense(1.5) { BiasVariance = 0.1, Width = 2, Copies = 2 }, new Gate("gelu"), new Dropout(0.9), new Dense(1.7)]) { Step = 0.5 },
            ]),
            new ParallelBranches([[new Dense(1)], [new Activate("tanh"), new Dense(1)]]) { Width = 1 },
            new PostNorm(1, 0),
        ]);
        Specification read = Read(Contract + Inputs);
        Assert.Equivalent(expected, read.Layers, strict: true);
        Assert.Equal((64, 6), (read.Width, read.Network.Depth));
        Assert.Equivalent(read, Read(SpecificationWriter.Yaml(read)), strict: true);
    }

    [Fact]
    public void Every_form_of_every_value_comes_back()
    {
        LayerProgram read = Read($$"""
            network:
              layers:
                - layerNorm: { epsilon: 1e-5 }
                - activation: "x + gelu(2*x)"
                - dropout: { keep: .5, mask: independent }
                - dense: { weightVariance: 1/3, weights: rademacher, taps: [0, -1] }
                - repeat:
                    count: 3
                    of:
                      - residual: { skip: [1, .9, 8e-1], step: "0.5/sqrt(l+1)", branch: [parallel: { branches: [[dense: { weightVariance: 1, weights: { kurtosis: 2.5 } }], [dense: { weightVariance: 2*l, weights: orthogonal }]] }] }
                      - repeat: { count: 2, of: [dense: { weightVariance: l, biasVariance: [1, 2], weights: uniform }] }
                      - postNorm: {}
            {{Inputs}}
            """).Layers!;
        var expected = new LayerProgram(
        [
            new LayerNorm(1, 1e-5),
            new Activate("x + gelu(2*x)"),
            new Dropout(0.5, IsShared: false),
            new Dense(1.0 / 3) { Weights = WeightKind.Rademacher, Taps = [0, -1] },
            new Repeat(3,
            [
                new Residual([new ParallelBranches([[new Dense(1) { Weights = WeightKind.Kurtosis, ExcessKurtosis = 2.5 }], [new Dense("2*l") { Weights = WeightKind.Orthogonal }]])]) { Skip = LayerNumber.Of([1, 0.9, 0.8]), Step = "0.5/sqrt(l+1)" },
                new Repeat(2, [new Dense("l") { BiasVariance = LayerNumber.Of([1, 2]), Weights = WeightKind.Uniform }]),
                new PostNorm(1, 0),
            ]),
        ]);
        Assert.Equivalent(expected, read, strict: true);
        Assert.Equivalent(read, Read($"network:\n  layers:\n{LayersWriter.Yaml(read, 4)}{Inputs}").Layers, strict: true);
    }

    [Fact]
    public void Presets_are_written_and_read_back()
    {
        foreach (LayerPreset preset in LayerPresets.All)
        {
            const string three = "inputs: { kernel: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] }\n";
            Specification named = Read($"network: {{ preset: {preset.Name} }}\n{three}"), written = Read($"network:\n  layers:\n{LayersWriter.Yaml(preset.Program, 4)}{three}");
            Assert.Equal(SpecificationWriter.Yaml(named), SpecificationWriter.Yaml(written));
            Assert.Equal(16, named.Network.Depth);
        }
    }

    [Theory]
    [InlineData("[dense: {weightvariance: 2}]", "layers[0].dense (line 1) has the unknown key 'weightvariance' (did you mean weightVariance?); known here are weightVariance, biasVariance, width, weights, taps, copies.")]
    [InlineData("[dense: {}]", "layers[0].dense (line 1) has no weightVariance; give it one, such as weightVariance: 2.")]
    [InlineData("[dense: 2]", "layers[0].dense (line 1) must be a table, such as {weightVariance: 2}, not '2'.")]
    [InlineData("[dense: {weightVariance: {a: 1}}]", "layers[0].dense.weightVariance (line 1) is a table; use a number, such as 2, a list with one for each repetition, or an expression in l.")]
    [InlineData("[dense: {weightVariance: [1, x]}]", "layers[0].dense.weightVariance[1] (line 1) is 'x', which is not a finite number; write it like 0.05 or 5e-2.")]
    [InlineData("[dense: {weightVariance: 2, weights: normal}]", "layers[0].dense.weights (line 1) is 'normal'; use gaussian, uniform, rademacher, orthogonal, or {kurtosis: 3}.")]
    [InlineData("[dense: {weightVariance: 2, weights: {}}]", "layers[0].dense.weights (line 1) has no kurtosis; give it one, such as kurtosis: 3.")]
    [InlineData("[dense: {weightVariance: 2, taps: 1}]", "layers[0].dense.taps (line 1) must be a list of positions, such as [-1, 0, 1], not '1'.")]
    [InlineData("[dense: {weightVariance: 2, taps: [0, .5]}]", "layers[0].dense.taps[1] (line 1) is '.5'; use a whole number, such as -1.")]
    [InlineData("[dense: {weightVariance: 2, copies: two}]", "layers[0].dense.copies (line 1) is 'two'; use 1 or 2.")]
    [InlineData("[dropout: {mask: shared}]", "layers[0].dropout (line 1) has no keep; give it one, such as keep: 0.9.")]
    [InlineData("[dropout: {keep: .5, mask: both}]", "layers[0].dropout.mask (line 1) is 'both'; use shared or independent.")]
    [InlineData("[residual: {skip: 1}]", "layers[0].residual (line 1) has no branch; give it one, such as branch: [activation: gelu, dense: {weightVariance: 2}].")]
    [InlineData("[parallel: {width: 1}]", "layers[0].parallel (line 1) has no branches; give it one, such as branches: [[dense: {weightVariance: 1}], [activation: gelu, dense: {weightVariance: 1}]].")]
    [InlineData("[parallel: {branches: 3}]", "layers[0].parallel.branches (line 1) must be a list of lists of layers, not '3'.")]
    [InlineData("[parallel: {branches: [dense: {weightVariance: 1}]}]", "layers[0].parallel.branches[0] (line 1) must be a list of layers, such as [activation: gelu, dense: {weightVariance: 2}], not a table.")]
    [InlineData("[repeat: {of: []}]", "layers[0].repeat (line 1) has no count; give it one, such as count: 4.")]
    [InlineData("[repeat: {count: 2}]", "layers[0].repeat (line 1) has no of; give it one, such as of: [activation: gelu, dense: {weightVariance: 2}].")]
    [InlineData("[repeat: {count: 2.5, of: []}]", "layers[0].repeat.count (line 1) is '2.5'; use a whole number from 1 to 1000000.")]
    [InlineData("[rmsNorm: 1]", "layers[0].rmsNorm (line 1) must be a table, such as {gain: 1, epsilon: 0}, not '1'.")]
    [InlineData("[activation: ]", "layers[0].activation (line 1) is empty; use an activation, such as gelu or tanh(x).")]
    [InlineData("[gate: [gelu]]", "layers[0].gate (line 1) is a list; use an activation, such as gelu or tanh(x).")]
    [InlineData("[desne: {weightVariance: 2}]", "layers[0] (line 1) is 'desne', which is no layer (did you mean dense?); the layers are dense, activation, gate, rmsNorm, layerNorm, dropout, residual, parallel, postNorm, repeat.")]
    [InlineData("[activation: gelu, BatchNorm: {}, dense: {weightVariance: 2}]", "layers[1] (line 1) is 'BatchNorm', which makes every neuron a function of all inputs at once; use rmsNorm or layerNorm, which norm each input by itself.")]
    [InlineData("[residual: {branch: [attention: {heads: 8}]}]", "layers[0].residual.branch[0] (line 1) is 'attention', which mixes positions by weights that fluctuate with what is read, which is not derived; use dense with taps, which mixes them by fixed ones, and the preset transformer-mlp for the rest of the block.")]
    [InlineData("[conv: {}]", "layers[0] (line 1) is 'conv', which is a dense layer here that adds up positions; use dense with taps, such as {dense: {weightVariance: 2, taps: [-1, 0, 1]}}.")]
    [InlineData("[gelu: {}]", "layers[0] (line 1) is 'gelu', which is an activation; write {activation: gelu}.")]
    [InlineData("[repeat: {count: 2, of: [lstm: {}]}]", "layers[0].repeat.of[0] (line 1) is 'lstm', which uses weights twice, and its rows are not fresh given what came before; use dense, in a repeat, whose weights are drawn anew each time.")]
    [InlineData("[dense: {weightVariance: 2, weights: tied}]", "layers[0].dense.weights (line 1) is 'tied', and the rows of weights that are used twice are not fresh given what came before; use gaussian, uniform, rademacher, orthogonal, or {kurtosis: 3}.")]
    [InlineData("[residual: {branch: [repeat: {count: 1000000000, of: [activation: gelu, dense: {weightVariance: 2}]}]}]", "layers[0].residual.branch[0].repeat.of[1].dense brings its branch to more than 1000 dense layers, which is as many as are solved; put some into the outermost list, or repeat less.")]
    [InlineData("[repeat: {count: 1000000, of: [residual: {step: 1/(l+1), branch: [repeat: {count: 1000, of: [dense: {weightVariance: 2}]}]}]}]", "layers[0].repeat.of[0].residual.branch[0].repeat.of[0].dense brings the branches of the program to more than 4000000 dense layers with numbers of their own, which is as many as are solved; repeat less, or leave out what depends on l.")]
    [InlineData("[gelu]", "layers[0] (line 1) must be one layer, such as {dense: {weightVariance: 2}}, not 'gelu'; the layers are dense, activation, gate, rmsNorm, layerNorm, dropout, residual, parallel, postNorm, repeat.")]
    [InlineData("[{activation: gelu, dense: {weightVariance: 2}}]", "layers[0] (line 1) must be one layer, such as {dense: {weightVariance: 2}}, not a table of 2 keys; the layers are dense, activation, gate, rmsNorm, layerNorm, dropout, residual, parallel, postNorm, repeat.")]
    [InlineData("{repeat: 3}", "layers (line 1) must be a list of layers, such as [activation: gelu, dense: {weightVariance: 2}], not a table.")]
    [InlineData("[]", "layers is empty; a program has at least one layer, such as {dense: {weightVariance: 2}}.")]
    [InlineData("[repeat: {count: 3, of: [residual: {branch: [rmsNorm: {}, dense: {weightVariance: 2, widht: 2}]}]}]", "layers[0].repeat.of[0].residual.branch[1].dense (line 1) has the unknown key 'widht' (did you mean width?); known here are weightVariance, biasVariance, width, weights, taps, copies.")]
    [InlineData("[repeat: {count: 3, of: [residual: {branch: [rmsNorm: {}, dense: {weightVariance: -2}]}]}]", "layers[0].repeat.of[0].residual.branch[1].dense.weightVariance is -2; it must be a finite number, at least 0.")]
    [InlineData("[repeat: {count: 3, of: [residual: {step: [1, 2], branch: [dense: {weightVariance: 2}]}]}]", "layers[0].repeat.of[0].residual.step lists 2 numbers for 3 repetitions; give one number for each, or one for all.")]
    [InlineData("[residual: {branch: [dense: {weightVariance: 2}, activation: gelu]}]", "layers[0].residual.branch[1] ends without a dense layer; what is added to the stream must be the Gaussian rows of one, so end the branch with dense.")]
    [InlineData("[dense: {weightVariance: 2, taps: [-1, 0, 1]}]", "layers[0].dense.taps [-1, 0, 1] do not fit 2 positions; there can be as many as positions, each shifted by less than that.")]
    public void Wrong_programs_are_refused_by_the_path_of_the_layer(string layers, string sentence) => Assert.Equal(sentence, OfLayers(layers));

    [Fact]
    public void No_layers_at_all_are_refused() =>
        Assert.Equal("'network.layers' in spec.yaml (line 1) is empty; give a list of layers, such as [activation: gelu, dense: {weightVariance: 2}], or the path of a YAML file that holds one.", Refusal("network: { layers: }\n" + Inputs));

    [Fact]
    public void An_expression_that_is_none_says_where()
    {
        string sentence = OfLayers("[dense: {weightVariance: '2*m'}]");
        Assert.StartsWith("layers[0].dense.weightVariance (line 1) is neither a number, nor a list of numbers, nor an expression in l, which counts repetitions from 0: At character 3 of '2*m' there is the unknown name 'm'", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Flat_values_beside_a_program_are_errors_that_say_which()
    {
        const string all = " whose layers say all of activation, weightVariance, biasVariance, skip, step, depth; leave one of the two out.";
        Assert.Equal("'network.depth' in spec.yaml (line 1) is given beside 'network.layers' in spec.yaml (line 1)," + all, Refusal("network: { depth: 3, layers: [dense: {weightVariance: 2}] }\n" + Inputs));
        Assert.Equal("'network.skip' in spec.yaml (line 1) is given beside 'network.preset' in spec.yaml (line 1)," + all, Refusal("network: { preset: mlp, skip: 0 }\n" + Inputs));
        Assert.Equal("--step is given beside 'network.layers' in spec.yaml (line 4)," + all, Refusal(Contract + Inputs, ("--step", "0.1")));
        Assert.Equal("--depth is given beside --network," + all, Refusal(Inputs, ("--network", "mlp"), ("--depth", "3")));
        Assert.Equal("--network and --layers both give the layers of the network; leave one out.", Refusal(Inputs, ("--network", "mlp"), ("--layers", "[dense: {weightVariance: 2}]")));
        Assert.Equal("'network.preset' in spec.yaml (line 1) and 'network.layers' in spec.yaml (line 1) both give the layers of the network; leave one out.", Refusal("network: { preset: mlp, layers: [dense: {weightVariance: 2}] }\n" + Inputs));
        Assert.Equal("--network is 'lstm', which is no known network; use resnet, mlp, transformer-mlp, glu, convnet, or write its layers with --layers FILE.", Refusal(Inputs, ("--network", "lstm")));
        Assert.Contains("leads out of the specification's folder; put the layers beside the specification, or name them with --layers.", Refusal("network: { layers: ../l.yaml }\n" + Inputs), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_by_flag_overrules_the_network_of_the_file()
    {
        string file = Symeft.File("- repeat: { count: 3, of: [activation: gelu, dense: { weightVariance: 2 }] }\n");
        foreach (string network in (string[])["network: { activation: tanh(x), depth: 800, width: 32 }\n", "network: { preset: glu, width: 32 }\n", Contract.Replace("64", "32", StringComparison.Ordinal)])
        {
            Specification read = SpecificationReader.ReadText(network + Inputs, "spec.yaml", ".", [("--layers", file)]);
            Assert.Equal(("gelu", 2, 0, 0, 1, 3, 32), (read.Network.Activation, read.Network.WeightVariance, read.Network.BiasVariance, read.Network.Skip, read.Network.Step, read.Network.Depth, read.Width));
            Assert.Null(read.Layers);
        }
    }

    // The flat form is sugar: both are one specification, and so every command gives the same bytes.
    [Theory]
    [InlineData("skip: 0.9, step: 0.25", "residual: { skip: 0.9, step: 0.25, branch: [activation: gelu, dense: { weightVariance: 1.7, biasVariance: 0.1 }] }")]
    [InlineData("skip: 0, step: 1", "activation: gelu, dense: { weightVariance: 1.7, biasVariance: 0.1 }")]
    public void The_same_bytes_from_both_forms(string numbers, string layers)
    {
        const string rest = "inputs: { kernel: [[2, 0.6], [0.6, 2]] }\nclosure: hermite(6)\nrecord: 3\nname: same\nsimulate: { samples: 32 }\n";
        string flat = Symeft.File($"network: {{ activation: gelu, weightVariance: 1.7, biasVariance: 0.1, {numbers}, depth: 6, width: 32 }}\n{rest}");
        string program = Symeft.File($"network: {{ width: 32, layers: [repeat: {{ count: 6, of: [{layers}] }}] }}\n{rest}");
        foreach (string[] arguments in (string[][])[["solve"], ["solve", "--format", "json"], ["solve", "--format", "csv"], ["simulate", "--format", "json"], ["derive"], ["derive", "--to", "latex"], ["derive", "--to", "csharp"]])
        {
            (int code, string output, string messages) expected = Symeft.Run([arguments[0], flat, .. arguments[1..]]);
            Assert.True(expected.code == 0, expected.messages);
            Assert.Equal(expected, Symeft.Run([arguments[0], program, .. arguments[1..]]));
        }
    }

    [Fact]
    public void A_program_is_refused_before_anything_is_done_where_it_is_not_served()
    {
        (int code, string output, string messages) = Symeft.Run("diagrams", "--external", "1", "--loops", "1", "--spec", Symeft.File(Contract + Inputs));
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Equal(
            "symeft: The network is a program of layers, which this command does not take yet, since layers[0].repeat.of[0].residual has more than one dense layer; what works here is the same activation and dense layer repeated with the same numbers and Gaussian weights, as a residual or not, which --network resnet and --network mlp are.",
            messages.TrimEnd());
    }

    // The example of the contract, theory beside simulation: no U1, which is of one activation.
    [Fact]
    public void A_program_is_solved_and_simulated()
    {
        string file = Symeft.File(Contract + Inputs);
        (int code, string output, string messages) solved = Symeft.Run("solve", file, "--closure", "hermite(8)", "--format", "json");
        Assert.True(solved.code == 0, solved.messages);
        (int code, string output, string messages) simulated = Symeft.Run("simulate", file, "--samples", "4000", "--format", "json");
        Assert.True(simulated.code == 0, simulated.messages);
        using JsonDocument theory = JsonDocument.Parse(solved.output), simulation = JsonDocument.Parse(simulated.output);
        Assert.False(theory.RootElement.TryGetProperty("U1", out _));
        Assert.False(simulation.RootElement.TryGetProperty("U1", out _));
        double expected = theory.RootElement.GetProperty("K0")[5][0].GetDouble(), measured = simulation.RootElement.GetProperty("G")[5][0].GetDouble(), error = simulation.RootElement.GetProperty("standardErrors").GetProperty("G")[5][0].GetDouble();
        double correction = theory.RootElement.GetProperty("K1")[5][0].GetDouble() / 64;
        Assert.InRange(measured, expected + correction - (4 * error), expected + correction + (4 * error));
    }

    [Fact]
    public void A_norm_of_next_to_nothing_is_named()
    {
        string file = Symeft.File("[{residual: {branch: [{layerNorm: {}}, {activation: gelu}, {dense: {weightVariance: 2}}]}}]");
        (int code, _, string messages) = Symeft.Run("solve", "--layers", file, "--kernel", "1e-300", "--closure", "hermite(4)");
        Assert.Equal((1, "symeft: At layer 0 layers[0].residual.branch[0].layerNorm divides input 0 by sqrt(G + epsilon), and its kernel is 1E-300 and epsilon 0; give the norm an epsilon such as 1e-5, or leave the input out."), (code, messages.TrimEnd()));
        (code, _, messages) = Symeft.Run("solve", "--layers", Path.GetTempPath(), "--kernel", "1", "--closure", "hermite(4)");
        Assert.Equal(2, code);
        Assert.Contains(", which is a folder; give a YAML file that holds a list of layers.", messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--closure", "sigma-kernel", "closure is sigma-kernel, and layers[2].postNorm norms the stream, which lists of observables do not follow; use g-only, g-connected or hermite(k).")]
    [InlineData("--stepping", "continuous", "stepping is not discrete, and layers[1].parallel has no skip; depth time, the sum of step^2, exists where all layers are residuals of skip 1, so use discrete.")]
    [InlineData("--quadrature", "gauss-hermite(16)", "quadrature is gauss-hermite(16), which is for the plain network only; for a program of layers use certified or estimated.")]
    public void What_a_program_cannot_be_solved_with_is_said(string flag, string value, string sentence)
    {
        (int code, string output, string messages) = Symeft.Run("solve", Symeft.File(Contract + Inputs), flag, value);
        Assert.Equal((2, "", "symeft: " + sentence), (code, output, messages.TrimEnd()));
    }

    [Fact]
    public void What_a_program_does_not_have_is_no_limit()
    {
        (int code, string output, string messages) = Symeft.Run("simulate", "--network", "transformer-mlp", "--kernel", "[[1]]", "--samples", "64", "--until", "U1[0,0] < 0.1");
        Assert.Equal((2, "", "symeft: until is U1[0,0] < 0.1, and U1 is not a quantity of a program of layers; name G, V4 or K1."), (code, output, messages.TrimEnd()));
    }

    // Positions are not inputs that can be left out: taps mix them.
    [Fact]
    public void Pairs_of_positions_are_those_of_the_whole_ring()
    {
        string file = Symeft.File("network: { width: 8, layers: [repeat: { count: 2, of: [residual: { branch: [activation: gelu, dense: { weightVariance: 1.7, taps: [0, 1] }] }] }] }\ninputs: { kernel: [[1.5, .6, .1], [.6, 1, .2], [.1, .2, 1]] }\nclosure: g-only\nrecord: 2\n");
        JsonElement whole = Symeft.Json(["solve", file]), one = Symeft.Json(["solve", file, "--pairs", "[[1,1]]"]);
        Assert.Equal(whole.GetProperty("K0")[1][3].GetDouble(), one.GetProperty("K0")[1][0].GetDouble());
        Assert.Equal(whole.GetProperty("V4")[1][3][3].GetDouble(), one.GetProperty("V4")[1][0][0].GetDouble());
        Assert.Equal(whole.GetProperty("K1")[1][3].GetDouble(), one.GetProperty("K1")[1][0].GetDouble());
    }

    // Rows at three different inputs are known to an order of modes, and the table says what is above.
    [Fact]
    public void What_products_of_rows_leave_out_is_said()
    {
        string file = Symeft.File("network: { width: 8, layers: [dense: { weightVariance: 1 }, residual: { branch: [dense: { weightVariance: 2 }, activation: relu, dense: { weightVariance: 2 }] }] }\ninputs: { kernel: [[1, .9, .9], [.9, 1.1, .9], [.9, .9, 1.2]] }\n");
        Assert.Contains("covariances of products of functions at different inputs were kept to order 40", Symeft.Run("solve", file, "--closure", "hermite(4)").Output, StringComparison.Ordinal);
    }

    // Whoever reads the flat values of a program would compute another network.
    [Fact]
    public void No_flat_value_of_a_program_is_computed_with()
    {
        Specification program = Read(Contract + Inputs);
        Assert.Equal(program.Network.Derive("g-only").ToString(), (program.Network with { Activation = "tanh", WeightVariance = 7, Skip = 0.5 }).Derive("g-only").ToString());
        Assert.Throws<NotSupportedException>(() => program.Network.Compare([]));
        Assert.Throws<InputException>(() => SweepAxis.Parse("depth=1:3:3").Apply(program, 0));
    }

    [Fact]
    public void A_table_of_a_program_has_its_picture_above()
    {
        Specification program = Read(Contract + "inputs: { kernel: 1 }\n");
        var series = new EnsembleSeries
        {
            Label = "made up",
            Width = 64,
            Samples = 2,
            Pairs = PairIndexing.All(1),
            Layers = [0],
            Times = [0],
            K0 = [[1]],
            G = [[1]],
            GStandardErrors = [[0.1]],
            V4 = [[[1]]],
            V4StandardErrors = [[[0.1]]],
            K1 = [[0]],
            K1StandardErrors = [[0.1]],
            U1 = [[0]],
            U1StandardErrors = [[0.1]],
        };
        var output = new StringWriter();
        ResultPrinter.Print(output, OutputFormat.Table, program, series);
        Assert.StartsWith(LayersPicture.Of(program.Layers!) + "layer", output.ToString(), StringComparison.Ordinal);
    }

    // As in docs/how-to-use-the-library.md.
    [Fact]
    public void A_program_in_the_library_is_the_network_of_its_flat_values()
    {
        var program = new LayerProgram([new Repeat(6, [new Residual([new Activate("gelu"), new Dense(1.7) { BiasVariance = 0.1 }]) { Step = 0.25 }])]);
        double[,] kernel = { { 1.5 } };
        var flat = new Network { Activation = "gelu", WeightVariance = 1.7, BiasVariance = 0.1, Skip = 1, Step = 0.25, Depth = 6, Kernel = kernel };
        Assert.Equal(flat, Network.Of(program, kernel));
        Assert.Null(Network.Of(program, kernel).Layers);
        Assert.Equal(16, Network.Of(LayerPresets.Find("glu")!.Program, kernel).Depth);
    }
}
