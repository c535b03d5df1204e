using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

// The JSON that other programs read.
public class ContractTests
{
    [Fact]
    public void Solve_has_the_promised_shape_and_the_converged_numbers()
    {
        JsonElement json = Symeft.Json("solve", Symeft.File(Symeft.TwoInputs));
        Assert.Equal("[[0,0],[0,1],[1,1]]", json.GetProperty("pairs").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal([0, 100, 200, 300, 400, 500, 600, 700, 800], Symeft.Row(json.GetProperty("layers")));
        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2], Symeft.Row(json.GetProperty("times")));
        Assert.Equal(9, json.GetProperty("K0").GetArrayLength());
        Assert.Equal(3, json.GetProperty("V4")[8].GetArrayLength());
        Assert.Equal(3, json.GetProperty("V4")[8][0].GetArrayLength());
        Assert.Equal(4.36796, json.GetProperty("K0")[8][0].GetDouble(), 1e-5);
        Assert.Equal(47.8081, json.GetProperty("V4")[8][0][0].GetDouble(), 1e-4);
        Assert.Equal(42.3374, json.GetProperty("V4")[8][1][1].GetDouble(), 1e-4);
        Assert.Equal(json.GetProperty("V4")[8][0][1].GetDouble(), json.GetProperty("V4")[8][1][0].GetDouble());
        Assert.Equal(-1.02697, json.GetProperty("K1")[8][0].GetDouble(), 1e-5);
        // U1 is without the factor C_W = 2; with it the model's first value is -.39971.
        Assert.Equal(-0.3997106 / 2, json.GetProperty("U1")[0][0].GetDouble(), 1e-7);
    }

    [Fact]
    public void Flags_alone_give_the_published_wrong_numbers()
    {
        JsonElement json = Symeft.Json(
            "solve", "--activation", "tanh(x)", "--weight-variance", "2", "--bias-variance", "0", "--skip", "1", "--step", ".05", "--depth", "800",
            "--width", "64", "--kernel", "[[2,.6],[.6,2]]", "--closure", "g-only", "--quadrature", "gauss-hermite(32)", "--stepping", "euler", "--record", "5");
        Assert.Equal(42.878, Math.Round(json.GetProperty("V4")[4][0][0].GetDouble(), 3));
        Assert.Equal(4.3730, Math.Round(json.GetProperty("K0")[4][0].GetDouble(), 4));
    }

    [Fact]
    public void A_flag_wins_over_the_file()
    {
        JsonElement json = Symeft.Json("solve", Symeft.File(Symeft.TwoInputs), "--kernel", "[[1.5]]", "--depth", "10", "--record", "2");
        Assert.Equal(1.5, json.GetProperty("K0")[0][0].GetDouble());
        Assert.Equal([0, 10], Symeft.Row(json.GetProperty("layers")));
    }

    [Fact]
    public void Simulate_has_standard_errors_of_the_same_shape()
    {
        JsonElement json = Symeft.Json("simulate", Symeft.File(Symeft.TwoInputs), "--depth", "20", "--record", "3", "--samples", "500");
        JsonElement errors = json.GetProperty("standardErrors");
        foreach (string name in new[] { "G", "K1", "U1" })
        {
            Assert.Equal(3, json.GetProperty(name).GetArrayLength());
            Assert.Equal(3, json.GetProperty(name)[2].GetArrayLength());
            Assert.Equal(3, errors.GetProperty(name)[2].GetArrayLength());
        }

        Assert.Equal(3, json.GetProperty("K0")[2].GetArrayLength());
        Assert.Equal(3, json.GetProperty("V4")[2][1].GetArrayLength());
        Assert.Equal(3, errors.GetProperty("V4")[2][1].GetArrayLength());
        for (int pair = 0; pair < 3; pair++)
        {
            double k1 = 64 * (json.GetProperty("G")[2][pair].GetDouble() - json.GetProperty("K0")[2][pair].GetDouble());
            Assert.Equal(k1, json.GetProperty("K1")[2][pair].GetDouble(), 1e-9);
            Assert.Equal(64 * errors.GetProperty("G")[2][pair].GetDouble(), errors.GetProperty("K1")[2][pair].GetDouble(), 1e-9);
        }
    }

    [Theory]
    [InlineData("Theta1[0,1] < 0.25", "control-variate")]
    [InlineData("VarTheta[1,1,0,0] < 0.25", "plain")]
    [InlineData("tau[0,0] < 0.15", "weights")]
    public void Simulation_of_the_tangent_kernel_goes_on_until_the_standard_error_asked_for(string rule, string estimator)
    {
        string name = rule[..rule.IndexOf('[', StringComparison.Ordinal)];
        string[] run = ["simulate", Symeft.File(Symeft.TwoInputs), "--depth", "3", "--record", "2", "--width", "8", "--step", "0.5", "--ntk", "--estimator", estimator];
        JsonElement json = Symeft.Json([.. run, "--until", rule]), errors = json.GetProperty("standardErrors").GetProperty(name)[1];
        double error = name == "VarTheta" ? errors[2][0].GetDouble() : errors[name == "tau" ? 0 : 1].GetDouble();
        Assert.True(error < double.Parse(rule[(rule.IndexOf('<', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(json.GetProperty(name).GetRawText(), Symeft.Json([.. run, "--samples", json.GetProperty("samples").GetRawText()]).GetProperty(name).GetRawText());
    }

    [Fact]
    public void Simulation_goes_on_until_the_standard_error_asked_for()
    {
        JsonElement json = Symeft.Json("simulate", Symeft.File(Symeft.TwoInputs), "--depth", "20", "--record", "3", "--until", "V4[0,1,0,1] < 0.05");
        double[] errors = [.. json.GetProperty("standardErrors").GetProperty("V4").EnumerateArray().Select(record => record[1][1].GetDouble())];
        Assert.InRange(errors.Max(), 0.035, 0.05);
        // The same number of networks asked for directly are the same networks.
        string samples = json.GetProperty("samples").GetRawText();
        Assert.Equal(
            json.GetProperty("V4").GetRawText(),
            Symeft.Json("simulate", Symeft.File(Symeft.TwoInputs), "--depth", "20", "--record", "3", "--samples", samples).GetProperty("V4").GetRawText());
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("uniform-weights")]
    public void Weights_drawn_one_by_one_give_the_same_statistics(string estimator)
    {
        // Independent weights of any law: the same infinite width, and V4 to order 1/n; Gaussian ones exactly.
        string[] common = ["simulate", Symeft.File(Symeft.TwoInputs), "--depth", "5", "--step", "0.5", "--width", "48", "--record", "2", "--samples", "6000"];
        JsonElement block = Symeft.Json([.. common, "--seed", "2"]), weights = Symeft.Json([.. common, "--estimator", estimator]);
        foreach (string name in new[] { "G", "U1" })
        {
            double difference = block.GetProperty(name)[1][0].GetDouble() - weights.GetProperty(name)[1][0].GetDouble();
            Assert.InRange(difference / block.GetProperty("standardErrors").GetProperty(name)[1][0].GetDouble() / Math.Sqrt(2), -4, 4);
        }
    }

    [Fact]
    public void Control_variate_reports_its_gain()
    {
        string[] common = ["simulate", Symeft.File(Symeft.TwoInputs), "--depth", "20", "--record", "3", "--samples", "500"];
        JsonElement plain = Symeft.Json(common), controlled = Symeft.Json([.. common, "--estimator", "control-variate"]);
        Assert.False(plain.TryGetProperty("gains", out _));
        foreach (string name in new[] { "G", "K1", "U1" })
        {
            double before = plain.GetProperty("standardErrors").GetProperty(name)[2][1].GetDouble(), after = controlled.GetProperty("standardErrors").GetProperty(name)[2][1].GetDouble();
            Assert.Equal(before / after * (before / after), controlled.GetProperty("gains").GetProperty(name)[2][1].GetDouble(), before / after * (before / after) * 1e-9);
        }

        Assert.True(controlled.GetProperty("gains").GetProperty("V4")[2][0][0].GetDouble() > 10);
    }

    [Fact]
    public void Expect_says_value_bound_method_and_closed_form()
    {
        JsonElement json = Symeft.Json("expect", "tanh(x)^2", "--kernel", "4.37");
        Assert.Equal(0.64867510362258, json.GetProperty("value").GetDouble(), 1e-14);
        Assert.Equal("quadrature", json.GetProperty("method").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("closedForm").ValueKind);
        JsonElement relu = Symeft.Json("expect", "relu(x)^2", "--kernel", "[[3]]");
        Assert.Equal(1.5, relu.GetProperty("value").GetDouble(), 1e-14);
        Assert.Equal("closed-form", relu.GetProperty("method").GetString());
        Assert.Equal("Kxx/2", relu.GetProperty("closedForm").GetString());
    }

    [Fact]
    public void Diagrams_are_counted_and_listed()
    {
        Assert.Equal("{\"count\":34,\"weightedSum\":\"315/16\"}\n", Symeft.Run("diagrams", "--external", "1", "--loops", "3", "--drift", "2", "--noise", "0", "--count", "--format", "json").Output);
        JsonElement tadpole = Symeft.Json("diagrams", "--external", "1", "--loops", "1", "--drift", "all", "--noise", "all");
        Assert.Equal(1, tadpole.GetProperty("count").GetInt32());
        Assert.Equal("1/2", tadpole.GetProperty("diagrams")[0].GetProperty("symmetryFactor").GetString());
        Assert.Equal(1, tadpole.GetProperty("diagrams")[0].GetProperty("loops").GetInt32());
        Assert.Equal(2, tadpole.GetProperty("diagrams")[0].GetProperty("vertices")[0].GetProperty("kernel").GetInt32());
    }

    [Fact]
    public void The_same_command_prints_the_same_bytes()
    {
        string[] solve = ["solve", Symeft.File(Symeft.TwoInputs), "--format", "json", "--depth", "40"];
        Assert.Equal(Symeft.Run(solve).Output, Symeft.Run(solve).Output);
        string[] simulate = ["simulate", Symeft.File(Symeft.TwoInputs), "--format", "csv", "--depth", "10"];
        Assert.Equal(Symeft.Run(simulate).Output, Symeft.Run(simulate).Output);
    }

    [Fact]
    public void Derived_documents_are_written_checked_and_found_to_differ()
    {
        string folder = Symeft.Folder(), spec = Symeft.File(Symeft.TwoInputs);
        Assert.Equal(0, Symeft.Run("derive", spec, "--to", "markdown,latex", "--out", folder).Code);
        Assert.Equal(0, Symeft.Run("derive", spec, "--to", "markdown,latex", "--out", folder, "--check").Code);
        string path = Path.Combine(folder, "two.md");
        File.WriteAllText(path, File.ReadAllText(path).Replace("Moments", "Moment", StringComparison.Ordinal));
        (int code, _, string messages) = Symeft.Run("derive", spec, "--to", "markdown", "--out", folder, "--check");
        Assert.Equal(1, code);
        Assert.Contains("two.md differs from what is derived now, first in line", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void The_main_job_writes_a_report_that_stands_alone()
    {
        string folder = Symeft.Folder();
        (int code, string output, string messages) = Symeft.Run("run", Symeft.File(Symeft.TwoInputs), "--depth", "40", "--record", "5", "--samples", "256", "--out", folder);
        Assert.True(code == 0, messages);
        Assert.Contains("V4_00,00", output, StringComparison.Ordinal);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page.Replace("https://arxiv.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "data.csv")));
        using JsonDocument data = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json")));
        Assert.Equal(256, data.RootElement.GetProperty("simulation").GetProperty("samples").GetInt32());
        Assert.Equal(3, data.RootElement.GetProperty("stepSizes").GetArrayLength());
    }
}
