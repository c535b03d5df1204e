namespace SymbolicEft.Cli.Tests.Commands;

// What a user reads when something is wrong: whole sentences, exit code 2, nothing on standard output.
public class MessageTests
{
    [Theory]
    [InlineData("symeft: --closure: 'foo' is no closure; known are g-only, g-connected, sigma-kernel, sigma-kernel(m), hermite(k), hermite(auto), or a list of observables such as [x*y, sigma(x)*sigma(y), x].", "--closure", "foo")]
    [InlineData("symeft: --step is 'abc', which is not a finite number; write it like 0.05 or 5e-2.", "--step", "abc")]
    [InlineData("symeft: --depth is 0, which is out of range; use a whole number from 1 to 10000000.", "--depth", "0")]
    [InlineData("symeft: --weight-variance is -1, which is out of range; use a number from 0 to 1000000.", "--weight-variance", "-1")]
    [InlineData("symeft: --kernel is not symmetric: entry (0, 1) is 0.6 and entry (1, 0) is 0.5; make them equal.", "--kernel", "[[2,.6],[.5,2]]")]
    [InlineData("symeft: --kernel has the eigenvalue -1; a covariance has none below 0, so make the off-diagonal entries smaller.", "--kernel", "[[1,2],[2,1]]")]
    [InlineData("symeft: Row 1 of --kernel must be a list of 2 numbers, as there are 2 rows.", "--kernel", "[[1,2,3],[2,1,3]]")]
    [InlineData("symeft: Row 1 of --kernel must be a list of 1 number, as there is 1 row.", "--kernel", "[[1,2]]")]
    [InlineData("symeft: --quadrature is 'gauss', which is not a quadrature; use certified, estimated, or gauss-hermite(m) with m from 1 to 200.", "--quadrature", "gauss")]
    [InlineData("symeft: --stepping is 'leap'; use discrete or continuous or euler.", "--stepping", "leap")]
    [InlineData("symeft: stepping is euler and skip is 0; depth time t = step^2 l exists only at skip 1, so use discrete.", "--stepping", "euler", "--skip", "0")]
    [InlineData("symeft: --until is 'K1 < 3', which is not a stopping rule; write it like K1[0,0] < 0.005 or V4[0,0,1,1] < 0.1, which is a limit on the standard error.", "--until", "K1 < 3")]
    [InlineData("symeft: --until is 'V4[0,0] < 1', and V4 has 4 indices, not 2; write it like K1[0,0] < 0.005 or V4[0,0,1,1] < 0.1, which is a limit on the standard error.", "--until", "V4[0,0] < 1")]
    [InlineData("symeft: until is Theta1[0,0] < 1, about the tangent kernel, which is not asked for; add ntk, or name G, V4, K1 or U1.", "--until", "Theta1[0,0] < 1")]
    [InlineData("symeft: until names input 2 in K1[0,2] < 1, and there are 2 inputs, 0 to 1; use one of those.", "--until", "K1[0,2] < 1")]
    [InlineData("symeft: --format is 'xml'; use table, json, csv, parquet or hdf5.", "--format", "xml")]
    public void Wrong_values_are_named_with_the_reason_and_the_mend(string sentence, params string[] flags)
    {
        (int code, string output, string messages) = Symeft.Run(["solve", Symeft.File(Symeft.TwoInputs), .. flags]);
        Assert.Equal(sentence, messages.TrimEnd());
        Assert.Equal(2, code);
        Assert.Equal("", output);
    }

    [Theory]
    [InlineData("netwrk: { depth: 3 }", "'netwrk' in ", " (line 1) is not a known key; known here are name, network, inputs, closure, order, ntk, quadrature, stepping, simulate, record, pairs, fraction.")]
    [InlineData("network: { dpth: 3 }", "'network.dpth' in ", " (line 1) is not a known key; known here are activation, weightVariance, biasVariance, skip, step, depth, layers, preset, width.")]
    [InlineData("network: 3", "'network' in ", " (line 1) must be a table with activation, weightVariance, biasVariance, skip, step, depth, layers, preset, width.")]
    [InlineData("a: &x 1\nb: *x", "The specification '", "' uses a YAML anchor or alias (line 1); write the value out.")]
    [InlineData("name: [", "The specification '", "is not YAML (line 2, column 1): ")]
    [InlineData("name: two", "There are no inputs; give inputs: kernel: [[2, 0.6], [0.6, 2]] in the file, or --kernel.", "")]
    [InlineData("inputs: { data: nowhere.csv }", "is 'nowhere.csv', which cannot be read (", "); give a CSV file whose rows are inputs.")]
    public void Wrong_files_are_explained(string yaml, string first, string second)
    {
        (int code, string output, string messages) = Symeft.Run("solve", Symeft.File(yaml));
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(first, messages, StringComparison.Ordinal);
        Assert.Contains(second, messages, StringComparison.Ordinal);
        Assert.Single(messages.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Unknown_flags_and_commands_are_errors()
    {
        (int code, _, string messages) = Symeft.Run("solve", Symeft.File(Symeft.TwoInputs), "--sample", "3");
        Assert.Equal(2, code);
        Assert.Equal("symeft: Unrecognized command or argument '--sample' (did you mean --samples?); 'symeft solve --help' lists what there is.", messages.TrimEnd());
        // Without a file it is no file of that name.
        Assert.Equal("symeft: Unrecognized command or argument '--wieght-variance' (did you mean --weight-variance?); 'symeft solve --help' lists what there is.", Symeft.Run("solve", "--wieght-variance", "3").Messages.TrimEnd());
        Assert.Equal((2, "symeft: Unrecognized command or argument '--nkt' (did you mean --ntk?); 'symeft solve --help' lists what there is."), (Symeft.Run("solve", "--nkt").Code, Symeft.Run("solve", "--nkt=1").Messages.TrimEnd()));
        (code, _, messages) = Symeft.Run("slove");
        Assert.Equal((2, "symeft: Unrecognized command or argument 'slove' (did you mean solve?); 'symeft --help' lists what there is."), (code, messages.TrimEnd()));
    }

    [Fact]
    public void A_matrix_in_braces_is_told_the_brackets()
    {
        (int code, _, string messages) = Symeft.Run("solve", "--activation", "tanh", "--kernel", "{{2,.6},{.6,2}}");
        Assert.Equal((2, "symeft: --kernel is written with braces; a matrix is a list of rows, such as [[2, 0.6], [0.6, 2]]."), (code, messages.TrimEnd()));
    }

    [Fact]
    public void A_perceptron_with_the_step_of_a_residual_network_is_told_so()
    {
        string[] perceptron = ["solve", "--activation", "tanh", "--skip", "0", "--depth", "2", "--kernel", "1", "--closure", "g-only"];
        Assert.Equal("symeft: skip is 0 and step is 0.05, so that every layer multiplies the kernel by 0.0025 beside what the activation does; a perceptron has --step 1.", Symeft.Run([.. perceptron, "--step", "0.05"]).Messages.TrimEnd());
        Assert.Equal("", Symeft.Run([.. perceptron, "--step", "1"]).Messages);
    }

    [Fact]
    public void A_kernel_that_dies_out_is_not_called_unfed()
    {
        string output = Symeft.Run("solve", "--activation", "tanh", "--weight-variance", "2", "--skip", "0", "--step", "0.05", "--depth", "20", "--kernel", "2", "--closure", "hermite(8)").Output;
        Assert.DoesNotContain("nothing that this closure keeps feeds it", output);
    }

    [Fact]
    public void A_missing_file_is_an_input_error()
    {
        (int code, _, string messages) = Symeft.Run("solve", "/nowhere/spec.yaml");
        Assert.Equal(2, code);
        Assert.StartsWith("symeft: The specification '/nowhere/spec.yaml' cannot be read: ", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_error_has_its_position()
    {
        (int code, _, string messages) = Symeft.Run("solve", Symeft.File(Symeft.TwoInputs), "--activation", "tahn(x)");
        Assert.Equal(2, code);
        Assert.StartsWith("symeft: The activation is wrong: At character 1 of 'tahn(x)' there is the unknown function 'tahn'", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_solution_that_leaves_the_numbers_is_a_failed_computation()
    {
        (int code, _, string messages) = Symeft.Run(
            "solve", "--kernel", "[[1]]", "--activation", "x", "--weight-variance", "1000", "--step", "1", "--depth", "500", "--record", "2");
        Assert.Equal(1, code);
        Assert.Contains("symeft: V4_00,00 left the range of finite numbers at layer ", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standard_error_out_of_reach_is_a_failed_computation()
    {
        (int code, _, string messages) = Symeft.Run("simulate", Symeft.File(Symeft.TwoInputs), "--depth", "4", "--record", "2", "--until", "V4[0,0,0,0] < 1e-9");
        Assert.Equal(1, code);
        Assert.Contains("and at most 1000000000 may be simulated; ask for a larger standard error.", messages, StringComparison.Ordinal);
        (code, _, messages) = Symeft.Run("simulate", Symeft.File(Symeft.TwoInputs), "--depth", "4", "--record", "2", "--until", "V4[0,0,0,0] < 0.2", "--samples", "2500");
        Assert.Equal(1, code);
        Assert.Contains(" where V4[0,0,0,0] < 0.2 was asked; allow more with --samples, or use --estimator control-variate.", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Node_sums_are_refused_across_a_kink()
    {
        (int code, _, string messages) = Symeft.Run("solve", Symeft.File(Symeft.TwoInputs), "--activation", "relu", "--quadrature", "gauss-hermite(32)");
        Assert.Equal(2, code);
        Assert.Contains("has a kink at x = 0", messages, StringComparison.Ordinal);
    }
}
