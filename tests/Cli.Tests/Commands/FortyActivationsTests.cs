using System.Globalization;
using System.Text.Json;
using SymbolicEft.Cli.Tests.Exploring;
using SymbolicEft.Cli.Tests.Languages;
using static SymbolicEft.Cli.Tests.Commands.FortyActivations;

namespace SymbolicEft.Cli.Tests.Commands;

// Every command gives the numbers of solve, or its refusal in the same sentence with the same exit code: which equations belong to a closure, and
// what goes together, is decided in one place.
public class FortyActivationsTests
{
    [Fact]
    public void There_are_forty()
    {
        Assert.Equal(40, All.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Smooth.Concat(Kinked), activation => Assert.Equal("", Solve(Flags(activation)).Messages));
        Assert.All(Refused, activation => Assert.NotEqual(0, Solve(Flags(activation)).Code));
    }

    [Theory]
    [InlineData("--closure", "g-only")]
    [InlineData("--closure", "g-connected")]
    [InlineData("--closure", "hermite(4)")]
    [InlineData("--closure", "hermite(4)", "--stepping", "continuous")]
    [InlineData("--closure", "hermite(4)", "--quadrature", "gauss-hermite(16)")]
    [InlineData("--closure", "g-only", "--quadrature", "gauss-hermite(16)", "--stepping", "euler")]
    [InlineData("--closure", "g-only", "--stepping", "continuous")]
    [InlineData("--closure", "sigma-kernel")]
    public void Sweep(params string[] flags)
    {
        string folder = Symeft.Folder();
        (int code, _, string messages) = Symeft.Run(["sweep", .. OneInput(flags), "--over", $"activation={string.Join(',', All)}", "--exact", "4", "--out", folder]);
        using JsonDocument sweep = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "sweep.json")));
        JsonElement[] rows = [.. sweep.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(All, rows.Select(row => row.GetProperty("activation").GetString()));
        foreach (JsonElement row in rows)
        {
            string activation = row.GetProperty("activation").GetString()!;
            (int solved, string output, string refusal) = Solve(["--activation", activation, .. OneInput(flags)]);
            if (solved != 0)
            {
                Assert.Equal(Sentence(refusal), row.GetProperty("failure").GetString());
                Assert.Equal(JsonValueKind.Null, row.GetProperty("V4").ValueKind);
                continue;
            }

            using JsonDocument solution = JsonDocument.Parse(output);
            JsonElement Last(string tensor) => solution.RootElement.GetProperty(tensor)[2][0];
            foreach ((string tensor, JsonElement value) in new[] { ("K0", Last("K0")), ("V4", Last("V4")[0]), ("K1", Last("K1")), ("U1", Last("U1")) })
                Assert.True(value.GetDouble().Equals(row.GetProperty(tensor).GetDouble()), $"{tensor} of {activation}: {value} or {row.GetProperty(tensor)}");
        }

        // With node sums modes are refused at every point: nothing is finished then, and that is a failure.
        bool none = rows.All(row => row.GetProperty("V4").ValueKind == JsonValueKind.Null);
        Assert.Equal(flags.Contains("hermite(4)") && flags.Contains("--quadrature"), none);
        Assert.Equal(none ? 1 : 0, code);
        Assert.Equal(none ? $"symeft: No point of 40 could be solved; the first: {rows[0].GetProperty("failure").GetString()}" : "", messages.Trim());
    }

    [Theory]
    [MemberData(nameof(Data), MemberType = typeof(FortyActivations))]
    public void Run(string activation)
    {
        string folder = Symeft.Folder();
        (int code, _, string messages) = Symeft.Run(["run", .. Flags(activation, "--width", "8", "--samples", "64", "--out", folder)]);
        (int solved, string output, string refusal) = Solve(Flags(activation, "--width", "8"));
        Assert.True(code == solved, messages);
        if (code != 0)
        {
            Assert.Equal(refusal, messages);
            return;
        }

        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data.json"))), solution = JsonDocument.Parse(output);
        Assert.Equal(Minified(solution.RootElement), Minified(report.RootElement.GetProperty("theory")[0]));
        // The exact leading order stands beside it, and the simulation.
        Assert.DoesNotContain(report.RootElement.GetProperty("notes").EnumerateArray(), note => note.ToString().Contains("were not compared", StringComparison.Ordinal));
        // Where sigma jumps, the one-step residual is left out with a sentence.
        Assert.Equal(activation is "step" or "sign", report.RootElement.GetProperty("notes").EnumerateArray().Any(note => note.ToString().Contains("The one-step residuals are not shown: ", StringComparison.Ordinal)));
        Assert.Equal(64, report.RootElement.GetProperty("simulation").GetProperty("samples").GetInt32());
    }

    // The kernel of n = 64 is K0 + K1/n to a fraction of its error bar.
    [Theory]
    [MemberData(nameof(Data), MemberType = typeof(FortyActivations))]
    public void Simulate(string activation)
    {
        const int width = 64;
        (int code, string text, string messages) = Symeft.Run(["simulate", .. Flags(activation, "--width", $"{width}", "--samples", "512", "--estimator", "plain", "--seed", "5"), "--format", "json"]);
        (int solved, string output, string refusal) = Solve(Flags(activation));
        Assert.True(code == solved, messages);
        if (code != 0)
        {
            Assert.Equal(refusal, messages);
            return;
        }

        using JsonDocument simulation = JsonDocument.Parse(text), solution = JsonDocument.Parse(output);
        for (int pair = 0; pair < 3; pair++)
        {
            double At(JsonElement owner, string tensor) => owner.GetProperty(tensor)[2][pair].GetDouble();
            double kernel = At(solution.RootElement, "K0"), predicted = kernel + (At(solution.RootElement, "K1") / width);
            double z = (At(simulation.RootElement, "G") - predicted) / At(simulation.RootElement.GetProperty("standardErrors"), "G");
            Assert.True(Math.Abs(z) < 4.5, string.Create(CultureInfo.InvariantCulture, $"pair {pair}: {z:F1} standard errors from {predicted}"));
            Assert.Equal(kernel, At(simulation.RootElement, "K0"), 1e-12 * kernel);
        }
    }

    // The square of either function is the same: numbers that are kept must not tell who asked first.
    [Theory]
    [InlineData("identity", "abs")]
    [InlineData("abs", "identity")]
    [InlineData("x^2/3", "x*abs(x)/3")]
    [InlineData("x*abs(x)", "x^2")]
    [InlineData("sign", "1 - 2*step(x)")]
    public void What_was_solved_before_leaves_no_trace(string before, string after)
    {
        string[] flags = Flags(after, "--closure", "hermite(6)");
        (int code, string output, string errors) = Tools.Run(Tools.Dotnet, Path.GetTempPath(), [typeof(Cli.Commands.CommandLine).Assembly.Location, "solve", .. flags, "--format", "json"]);
        Assert.True(code == 0, errors);
        Assert.Equal(0, Solve(Flags(before, "--closure", "hermite(6)")).Code);
        Assert.Equal(output, Solve(flags).Output);
    }

    [Fact]
    public async Task Explorer()
    {
        await using ExploreClient client = await ExploreClient.Start();
        foreach (string activation in All)
        {
            (System.Net.HttpStatusCode status, string text) = await client.Post("theory", ExploreClient.Request(Flags(activation)));
            (int code, string output, string refusal) = Solve(Flags(activation));
            Assert.Equal(code switch { 0 => 200, 2 => 400, _ => 422 }, (int)status);
            if (code != 0)
            {
                Assert.Equal(Sentence(refusal), ExploreClient.Sentence(text));
                continue;
            }

            using JsonDocument answer = JsonDocument.Parse(text), solution = JsonDocument.Parse(output);
            Assert.Equal(Minified(solution.RootElement), Minified(answer.RootElement.GetProperty("solution")));
        }
    }

    // The programs of the others are run in CSharpProgramTests and PythonProgramTests, and in C# those of kinks.
    [Fact]
    public void Generated_Python_of_kinks_is_refused()
    {
        foreach (string activation in Kinked)
        {
            (int code, string output, string messages) = Symeft.Run(["derive", .. Flags(activation), "--to", "python"]);
            Assert.Equal(2, code);
            Assert.Equal("", output);
            Assert.StartsWith($"symeft: --to python is not possible here. Generated code integrates analytic activations only, and {activation} is not smooth at x = ", messages, StringComparison.Ordinal);
            Assert.EndsWith("write csharp, markdown or latex, or solve it with symeft solve.", messages.Trim(), StringComparison.Ordinal);
        }

        foreach (string language in new[] { "csharp", "python" })
            Assert.Equal(Solve(Flags("relu(sin(x))")).Messages, Symeft.Run(["derive", .. Flags("relu(sin(x))"), "--to", language]).Messages);
    }

    private static string Minified(JsonElement element) => JsonSerializer.Serialize(element);
}
