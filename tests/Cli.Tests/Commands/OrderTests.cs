using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

// Orders beyond the leading one: sigma(x) = x, where every cumulant of one input is known at every width.
public class OrderTests
{
    private const double Kernel = 1.3, WeightVariance = 1.5, Step = 0.1;
    private const int Depth = 60;

    private static readonly string[] Linear =
    [
        "--activation", "x", "--weight-variance", "1.5", "--kernel", "1.3", "--step", "0.1", "--depth", "60", "--record", "3",
    ];

    // E G^2 = K^2 (1 + 2/n) e^((2 + 4/n) T), E G^3 = K^3 (1 + 2/n)(1 + 4/n) e^((3 + 12/n) T), T = C_W t, and E G is as at infinite
    // width: the coefficients of 1/n and 1/n^2.
    [Fact]
    public void Continuous_depth_is_the_expansion_of_the_exact_exponential()
    {
        JsonElement json = Symeft.Json(["solve", .. Linear, "--stepping", "continuous", "--order", "1"]);
        for (int record = 0; record < 3; record++)
        {
            double time = record * 30 * Step * Step * WeightVariance, mean = Kernel * Math.Exp(time);
            Near(mean * mean * (2 + (4 * time)), json.GetProperty("V4")[record][0][0]);
            Near(mean * mean * 8 * (time + (time * time)), json.GetProperty("V4_1")[record][0][0]);
            Near(Math.Pow(mean, 3) * (8 + (48 * time) + (48 * time * time)), json.GetProperty("V6")[record][0][0][0]);
            Assert.Equal(0, json.GetProperty("K2")[record][0].GetDouble(), 1e-9);
        }
    }

    // E G^2 = K^2 (1 + 2/n) prod((1+c)^2 + (4c + 2c^2)/n), c = eps^2 C_W: what the expansion leaves out is of order 1/n^4.
    [Fact]
    public void Discrete_depth_is_the_expansion_of_the_exact_product()
    {
        JsonElement json = Symeft.Json(["solve", .. Linear, "--order", "2"]);
        double c = Step * Step * WeightVariance, mean = Kernel * Math.Pow(1 + c, Depth);
        foreach (double width in new[] { 40.0, 80.0 })
        {
            double exact = Kernel * Kernel * (1 + (2 / width)) * Math.Pow(((1 + c) * (1 + c)) + (((4 * c) + (2 * c * c)) / width), Depth);
            double expanded = (mean * mean) + (Value(json, "V4", 2) / width) + (Value(json, "V4_1", 2) / (width * width)) + (Value(json, "V4_2", 2) / (width * width * width));
            // What is left out is about the last term times its ratio to the one before, over n once more.
            double ratio = Value(json, "V4_2", 2) / Value(json, "V4_1", 2);
            Assert.InRange((exact - expanded) / (mean * mean), 0, ratio * Value(json, "V4_2", 2) / (mean * mean * Math.Pow(width, 4)));
        }
    }

    [Fact]
    public void All_components_have_the_shape_of_V4_and_stand_once_in_the_table()
    {
        string specification = Symeft.File(Symeft.TwoInputs);
        JsonElement json = Symeft.Json("solve", specification, "--depth", "20", "--record", "2", "--order", "1");
        JsonElement third = json.GetProperty("V6")[1];
        Assert.Equal((3, 3, 3), (third.GetArrayLength(), third[0].GetArrayLength(), third[2][1].GetArrayLength()));
        Assert.Equal(third[0][1][2].GetDouble(), third[2][0][1].GetDouble());
        Assert.Equal(3, json.GetProperty("V4_1")[1][2].GetArrayLength());
        Assert.Equal(3, json.GetProperty("K2")[1].GetArrayLength());
        // K(0)_ac K_be K_df and its like: 8 K^3 at equal indices.
        Assert.Equal(64, json.GetProperty("V6")[0][0][0][0].GetDouble(), 1e-12);

        string[] lines = Symeft.Run("solve", specification, "--depth", "20", "--record", "2", "--order", "1", "--format", "csv").Output.TrimEnd().Split('\n');
        Assert.Equal("series,quantity,layer,time,a,b,c,d,value,standardError,e,f,proof", lines[0]);
        Assert.All(lines, line => Assert.Equal(13, line.Split(',').Length));
        Assert.Equal(2 * 10, lines.Count(line => line.Contains(",V6,", StringComparison.Ordinal)));
        string mixed = Assert.Single(lines, line => line.StartsWith("g-only,V6,20,0.05,0,0,0,1,", StringComparison.Ordinal) && line.EndsWith(",1,1,proved", StringComparison.Ordinal));
        Assert.Equal(third[0][1][2].GetDouble(), double.Parse(mixed.Split(',')[8], System.Globalization.CultureInfo.InvariantCulture));

        string table = Symeft.Run("solve", specification, "--depth", "20", "--record", "2", "--order", "1").Output;
        Assert.Contains("V6_00,00,00", table, StringComparison.Ordinal);
        Assert.Contains("order 1: E G = K0 + K1/n + K2/n^2, n Cov = V4 + V4_1/n", table, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_may_stand_in_the_file_and_changes_nothing_of_the_leading_one()
    {
        string with = Symeft.File(Symeft.TwoInputs + "\norder: 1\n"), without = Symeft.File(Symeft.TwoInputs);
        JsonElement higher = Symeft.Json("solve", with, "--depth", "20"), leading = Symeft.Json("solve", without, "--depth", "20");
        foreach (string name in new[] { "K0", "V4", "K1", "U1" })
        {
            // The same equations, compiled among others: equal but for the order of additions.
            double[] expected = Numbers(leading.GetProperty(name)), values = Numbers(higher.GetProperty(name));
            Assert.Equal(expected.Length, values.Length);
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-14 * expected.Max(Math.Abs)));
        }

        Assert.False(leading.TryGetProperty("K2", out _));
    }

    [Theory]
    [InlineData("symeft: order is 1 and the closure is sigma-kernel; orders beyond the leading one are derived for g-only and for hermite(k), so use one of those, or order 0.", "--closure", "sigma-kernel", "--order", "1")]
    [InlineData("symeft: order is 1 and quadrature is gauss-hermite(32); a sum over nodes has no kernel derivatives beyond the second, so use certified, or order 0.", "--quadrature", "gauss-hermite(32)", "--order", "1")]
    [InlineData("symeft: order is 2 and there are 3 inputs; it is solved for at most 2, and the statistics of some inputs do not depend on the others, so give fewer.", "--kernel", "[[1,0,0],[0,1,0],[0,0,1]]", "--order", "2")]
    [InlineData("symeft: order is 1 and the activation relu has a kink at x = 0; orders beyond the leading one need its higher derivatives, so use a smooth activation, or order 0.", "--activation", "relu", "--order", "1")]
    [InlineData("symeft: --order is 3, which is out of range; use a whole number from 0 to 2.", "--order", "3")]
    public void What_is_not_derived_is_refused(string sentence, params string[] flags)
    {
        (int code, string output, string messages) = Symeft.Run(["solve", .. flags.Contains("--kernel") ? Array.Empty<string>() : ["--kernel", "1"], .. flags]);
        Assert.Equal((2, "", sentence + Environment.NewLine), (code, output, messages));
    }

    [Fact]
    public void Derive_writes_the_equations_of_the_order()
    {
        string text = Symeft.Run("derive", "--kernel", "1", "--order", "1").Output;
        Assert.Contains("V6_ab,cd,ef' = ", text, StringComparison.Ordinal);
        Assert.Contains("K2_ab' = ", text, StringComparison.Ordinal);
        Assert.Contains("V6_ab,cd,ef(0) = ", text, StringComparison.Ordinal);
    }

    // ReLU perceptron: V4_1 = K^2 (10 l + 25 l(l-1)/2), V6 = K^3 (8 + 104 l + 75 l(l-1)), all else exact at order 0.
    [Fact]
    public void The_order_of_the_network_itself_is_that_of_the_relu_perceptron()
    {
        string[] set = ["--activation", "relu", "--kernel", "1.5", "--weight-variance", "2", "--skip", "0", "--step", "1", "--depth", "4", "--closure", "hermite(8)", "--order", "1"];
        JsonElement solution = Symeft.Json(["solve", .. set, "--quadrature", "estimated"]);
        Assert.Equal(2.25 * (40 + 150), Numbers(solution.GetProperty("V4_1"))[^1], 1e-8);
        Assert.Equal(3.375 * (8 + 416 + 900), Numbers(solution.GetProperty("V6"))[^1], 1e-8);
        Assert.Equal(0, Numbers(solution.GetProperty("U2"))[^1], 1e-9);
        Assert.Equal("estimate", solution.GetProperty("proof").GetString());
        Assert.True(solution.GetProperty("modeChanges").TryGetProperty("K2", out _));

        string text = Symeft.Run(["derive", .. set]).Output;
        Assert.Contains("kappa^(0)[r | H_A]' = ", text, StringComparison.Ordinal);
        Assert.Contains("V4_1_r,s = ", text, StringComparison.Ordinal);
    }

    // A linear perceptron: G = K times L + 1 independent chi-squared of n over n, E G^2 = K^2 (1 + 2/n)^(L+1).
    [Fact]
    public void Order_two_of_the_network_itself_is_that_of_the_linear_perceptron()
    {
        const int depth = 5;
        JsonElement solution = Symeft.Json(["solve", "--activation", "x", "--kernel", "1.5", "--weight-variance", "1", "--skip", "0", "--step", "1", "--depth", "5", "--closure", "hermite(8)", "--order", "2"]);
        Assert.Equal(2.25 * 4 * (depth + 1) * depth / 2, Numbers(solution.GetProperty("V4_1"))[^1], 1e-9);
        Assert.Equal(2.25 * 8 * (depth + 1) * depth * (depth - 1) / 6, Numbers(solution.GetProperty("V4_2"))[^1], 1e-9);
        Assert.Equal(0, Numbers(solution.GetProperty("K3"))[^1], 1e-9);
        Assert.True(solution.TryGetProperty("V6_1", out _) && solution.TryGetProperty("V8", out _));
    }

    // The section of the report: each order at the width, and how far the simulation is from it.
    [Fact]
    public void The_report_has_the_orders_at_its_width()
    {
        string[] network = ["--activation", "tanh(x)", "--weight-variance", "2", "--kernel", "2", "--step", "0.2", "--depth", "20", "--width", "8", "--closure", "hermite(8)", "--order", "1"];
        string folder = Symeft.Folder();
        _ = Symeft.Run(["run", .. network, "--samples", "512", "--out", folder]);
        JsonElement theory = Symeft.Json(["solve", .. network]);
        double variance = theory.GetProperty("V4").EnumerateArray().Last()[0][0].GetDouble(), next = variance + (theory.GetProperty("V4_1").EnumerateArray().Last()[0][0].GetDouble() / 8);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Contains(FormattableString.Invariant($"{variance:G6} to order 0"), page, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{next:G6} to order 1"), page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "figures", "orders-a.svg")));
    }

    // An order that there is not is left out, and the rest of the report is that of the next lower one.
    [Theory]
    [InlineData("2", "1", "Order 2 is left out: order is 2 and the closure hermite(4); of the network itself order 2 is solved for one input, or two with skip 0 and discrete stepping, and no order beyond, so use order 1, or give one input.")]
    [InlineData("1", "0", "Order 1 is left out: order is 1 and the closure is sigma-kernel; orders beyond the leading one are derived for g-only and for hermite(k), so use one of those, or order 0.", "--closure", "sigma-kernel")]
    [InlineData("1", "0", "Order 1 is left out: order is 1 and the activation sign jumps at x = 0; the next order needs its derivative squared, so use an activation without jumps, or order 0.", "--activation", "sign")]
    public void A_report_leaves_out_the_order_that_there_is_not(string asked, string had, string sentence, params string[] flags)
    {
        string[] network =
        [
            .. flags.Contains("--activation") ? Array.Empty<string>() : ["--activation", "tanh(x)"], .. flags.Contains("--closure") ? Array.Empty<string>() : ["--closure", "hermite(4)"],
            "--kernel", "[[1, 0.3], [0.3, 1]]", "--step", "0.5", "--depth", "2", "--width", "8", "--samples", "64", .. flags,
        ];
        string folder = Symeft.Folder(), lower = Symeft.Folder();
        (int code, string output, string messages) = Symeft.Run(["run", .. network, "--order", asked, "--out", folder]);
        Assert.True(code == 0, messages);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Contains(sentence[..21], File.ReadAllText(Path.Combine(folder, "index.html")), StringComparison.Ordinal);
        _ = Symeft.Run(["run", .. network, "--order", had, "--out", lower]);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json"))), expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(lower, "data.json")));
        foreach (string part in (string[])["theory", "simulation", "headline", "closures"])
            Assert.Equal(expected.RootElement.GetProperty(part).GetRawText(), report.RootElement.GetProperty(part).GetRawText());
    }

    // What solve refuses in the same place says what would work.
    [Fact]
    public void An_order_that_there_is_not_is_an_error_of_solve()
    {
        (int code, string output, string messages) = Symeft.Run("solve", "--activation", "tanh(x)", "--kernel", "[[1, 0.3], [0.3, 1]]", "--depth", "2", "--closure", "hermite(4)", "--order", "2");
        Assert.Equal((2, ""), (code, output));
        Assert.EndsWith("so use order 1, or give one input." + Environment.NewLine, messages, StringComparison.Ordinal);
    }

    private static double[] Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Numbers)] : [element.GetDouble()];

    private static double Value(JsonElement json, string name, int record) => json.GetProperty(name)[record][0][0].GetDouble();

    // tanh of one input: what is predicted at n = 8 is V4 + V4_1/n of solve, and nearer to the simulation than V4.
    [Fact]
    public void A_simulation_stands_beside_the_prediction_at_its_width()
    {
        string[] network = ["--activation", "tanh(x)", "--weight-variance", "2", "--kernel", "2", "--step", "0.2", "--depth", "40", "--record", "2", "--width", "8", "--closure", "hermite(12)"];
        JsonElement theory = Symeft.Json(["solve", .. network, "--order", "1"]), simulation = Symeft.Json(["simulate", .. network, "--order", "1", "--estimator", "control-variate", "--samples", "20000"]);
        JsonElement leading = simulation.GetProperty("predictions")[0], next = simulation.GetProperty("predictions")[1];
        double Last(JsonElement of, string name) => of.GetProperty(name)[1][0] is { ValueKind: JsonValueKind.Array } row ? row[0].GetDouble() : of.GetProperty(name)[1][0].GetDouble();
        Assert.Equal(Last(theory, "V4"), Last(leading, "V4"), 1e-12);
        Assert.Equal(Last(theory, "V4") + (Last(theory, "V4_1") / 8), Last(next, "V4"), 1e-12);
        Assert.Equal(Last(theory, "K0") + (Last(theory, "K1") / 8), Last(leading, "G"), 1e-12);
        Assert.Equal(Last(theory, "K0") + (Last(theory, "K1") / 8) + (Last(theory, "K2") / 64), Last(next, "G"), 1e-12);
        double measured = Last(simulation, "V4"), error = Last(simulation.GetProperty("standardErrors"), "V4");
        Assert.True(Math.Abs(Last(next, "V4") - measured) < 4 * error, $"{Last(next, "V4")} beside {measured} +- {error}");
        Assert.True(Math.Abs(Last(leading, "V4") - measured) > 6 * error, $"{Last(leading, "V4")} beside {measured} +- {error}");
        Assert.False(Symeft.Json(["simulate", .. network, "--samples", "64"]).TryGetProperty("predictions", out _));
    }

    // Shards together have the bytes of a single run, predictions included.
    [Fact]
    public void Shards_put_together_have_the_predictions_of_a_single_run()
    {
        string folder = Symeft.Folder();
        string[] simulate = ["simulate", "--kernel", "1", "--step", "0.5", "--depth", "2", "--width", "8", "--closure", "hermite(6)", "--order", "1", "--samples", "128"];
        string part = Path.Combine(folder, "a.shard"), kept = Path.Combine(folder, "b.shard");
        Assert.Equal(0, Symeft.Run([.. simulate, "--shard", "1/1", "--out", part]).Code);
        string single = Symeft.Run([.. simulate, "--format", "json"]).Output;
        Assert.Contains("predictions", single, StringComparison.Ordinal);
        Assert.Equal(single, Symeft.Run("merge", part, "--format", "json").Output);
        Assert.Equal(single, Symeft.Run([.. simulate, "--format", "json", "--out", kept]).Output);
    }

    // Two equal inputs behind a dense layer and relu have no next order; the networks are not lost with it.
    [Fact]
    public void A_simulation_is_printed_where_its_prediction_cannot_be_had()
    {
        const string Layers = "[{residual: {branch: [{dense: {weightVariance: 1}}, {activation: relu}, {dense: {weightVariance: 1}}]}}]";
        string file = Symeft.File(Layers);
        (int code, string output, string messages) = Symeft.Run("simulate", "--layers", file, "--kernel", "[[1,2],[2,4]]", "--width", "8", "--closure", "hermite(4)", "--order", "1", "--samples", "64");
        Assert.Equal(0, code);
        Assert.Contains("64 networks", output, StringComparison.Ordinal);
        Assert.Contains("No prediction stands beside the simulation: At layer 0: Inputs 0 and 1 are proportional", messages, StringComparison.Ordinal);
    }

    // G_00 behind a post-norm without epsilon is fixed: its variance is rounding, of which neither z nor a ratio says anything.
    [Fact]
    public void Rounding_is_not_compared()
    {
        string file = Symeft.File("[{residual: {branch: [{dense: {weightVariance: 1}}, {activation: gelu}, {dense: {weightVariance: 1}}]}}, {postNorm: {gain: 1.1}}]");
        string[] network = ["--layers", file, "--kernel", "1", "--width", "8", "--closure", "hermite(4)", "--order", "1"];
        Assert.Contains("at n = - (mean), - (covariance)", Symeft.Run(["solve", .. network]).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("z =", Symeft.Run(["simulate", .. network, "--samples", "256"]).Output, StringComparison.Ordinal);
        JsonElement simulation = Symeft.Json(["simulate", .. network, "--samples", "256"]);
        Assert.Equal(0, Numbers(simulation.GetProperty("standardErrors").GetProperty("V4"))[^1]);
        string folder = Symeft.Folder();
        _ = Symeft.Run(["run", .. network, "--samples", "256", "--out", folder]);
        Assert.DoesNotContain("(<i>z</i>", File.ReadAllText(Path.Combine(folder, "index.html")), StringComparison.Ordinal);
    }

    // A program has the predictions, the steps of the derivation and the refusals of its own order.
    [Fact]
    public void A_program_of_layers_has_the_next_order()
    {
        string[] network = ["--network", "glu", "--kernel", "1.2", "--record", "2", "--width", "16", "--closure", "hermite(4)"];
        JsonElement theory = Symeft.Json(["solve", .. network, "--order", "1"]), predictions = Symeft.Json(["simulate", .. network, "--order", "1", "--samples", "64"]).GetProperty("predictions");
        Assert.Equal(Numbers(theory.GetProperty("V4"))[^1] + (Numbers(theory.GetProperty("V4_1"))[^1] / 16), Numbers(predictions[1].GetProperty("V4"))[^1], 1e-12);
        Assert.Equal("estimate", theory.GetProperty("proof").GetString());
        Assert.False(theory.TryGetProperty("modeChanges", out _));
        Near(Numbers(Symeft.Json(["solve", .. network]).GetProperty("V4"))[^1], theory.GetProperty("V4")[1][0][0]);

        string text = Symeft.Run(["derive", .. network, "--order", "1"]).Output;
        Assert.Contains("makes of kernel 0, G of the stream: 1, G after layers[0].repeat.of[0].residual.branch[0].rmsNorm, given 0; 2, the covariance of the rows of", text, StringComparison.Ordinal);
        Assert.Contains("K1 after the level = K1_a1b1*c(1,1)_ab,a1b1 + V4_a1b1,a2b2*c(1,2)_ab,a1b1,a2b2/2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order is 2 and there are 3 inputs; of a program of layers it is solved for at most 2, and the statistics of some inputs do not depend on the others, so give fewer, or use order 0.", "--order", "2", "--kernel", "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]")]
    [InlineData("order is 1 and the closure is sigma-kernel; the next order of a program of layers is that of the network itself, so use hermite(k), or order 0.", "--closure", "sigma-kernel")]
    [InlineData("order is 1 and stepping is continuous; the next order of a program of layers is solved layer by layer, so use discrete, or order 0.", "--stepping", "continuous")]
    public void What_order_a_program_has_is_said(string sentence, params string[] flags)
    {
        string[] order = flags[0] == "--order" ? [] : ["--order", "1"], closure = flags[0] == "--closure" ? [] : ["--closure", "hermite(4)"];
        (int code, string output, string messages) = Symeft.Run(["solve", "--network", "transformer-mlp", .. flags.Contains("--kernel") ? Array.Empty<string>() : ["--kernel", "1"], .. order, .. closure, .. flags]);
        Assert.Equal((2, "", "symeft: " + sentence + Environment.NewLine), (code, output, messages));
    }

    private static void Near(double expected, JsonElement value) => Assert.InRange(value.GetDouble(), expected - (1e-9 * Math.Abs(expected)), expected + (1e-9 * Math.Abs(expected)));
}
