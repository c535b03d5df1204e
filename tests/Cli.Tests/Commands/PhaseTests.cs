using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Commands;

public class PhaseTests
{
    private static readonly string[] Erf = ["phase", "--activation", "erf(x)", "--over", "weightVariance=1:2:5", "--over", "biasVariance=0.04655,0.1"];

    [Fact]
    public void The_edge_of_chaos_of_erf_is_that_of_its_closed_form()
    {
        JsonElement found = Symeft.Json(Erf);
        JsonElement[] line = [.. found.GetProperty("edgeOfChaos").EnumerateArray()];
        Assert.Equal(10, found.GetProperty("points").GetArrayLength());
        Assert.Equal(2, line.Length);
        foreach (JsonElement point in line)
        {
            double kernel = point.GetProperty("kernel").GetDouble(), weights = point.GetProperty("weightVariance").GetDouble(), bias = point.GetProperty("biasVariance").GetDouble();
            // chi = 1 and the fixed point: C_W = pi/4 sqrt(1 + 4 K), C_b = K - C_W 2/pi asin(2K/(1 + 2K)).
            Assert.Equal(Math.PI / 4 * Math.Sqrt(1 + (4 * kernel)), weights, 1e-8);
            Assert.Equal(kernel - (weights * 2 / Math.PI * Math.Asin(2 * kernel / (1 + (2 * kernel)))), bias, 1e-9);
        }

        // K* = 1/2: C_W = pi sqrt(3)/4.
        Assert.Equal(Math.PI * Math.Sqrt(3) / 4, line[0].GetProperty("weightVariance").GetDouble(), 2e-5);
    }

    [Fact]
    public void A_narrow_network_is_trusted_less_deep()
    {
        int Depth(string width) => Symeft.Json("phase", "--activation", "tanh", "--weight-variance", "1.5", "--bias-variance", "0.05", "--width", width, "--depth", "50").GetProperty("points")[0].TryGetProperty("trustedTo", out JsonElement layer) ? layer.GetInt32() : -1;
        int narrow = Depth("200"), wide = Depth("1000");
        Assert.True(narrow >= 0 && narrow < wide, $"{narrow} and {wide}");
    }

    // A stream of skip nearly 1 takes some million layers to its fixed point, on whose way the slope of a layer is above 1; one of skip 1 has none.
    [Theory]
    [InlineData("0.9999995")]
    [InlineData("1")]
    public void A_kernel_that_grows_slowly_is_followed_to_its_end(string skip)
    {
        JsonElement found = Symeft.Json("phase", "--activation", "erf(x)", "--weight-variance", "2", "--skip", skip, "--step", "0.01", "--width", "500", "--depth", "10").GetProperty("points")[0];
        double alpha = double.Parse(skip, System.Globalization.CultureInfo.InvariantCulture), left = 1 - (alpha * alpha);
        if (left == 0)
        {
            Assert.Equal(JsonValueKind.Null, found.GetProperty("kernel").ValueKind);
            Assert.Equal(1, found.GetProperty("kernelSlope").GetDouble(), 1e-6);
            return;
        }

        double kernel = found.GetProperty("kernel").GetDouble();
        Assert.Equal(1e-4 * 2 * 2 / Math.PI * Math.Asin(2 * kernel / (1 + (2 * kernel))), left * kernel, 1e-7 * left * kernel);
        Assert.True(kernel > 100 && found.GetProperty("kernelSlope").GetDouble() < 1);
    }

    [Fact]
    public void Figures_are_written()
    {
        string folder = Path.Combine(Symeft.Folder(), "phase");
        (int code, string output, _) = Symeft.Run([.. Erf, "--out", folder]);
        Assert.Equal(0, code);
        Assert.Contains("edge of chaos: weightVariance = 1.3603", output);
        Assert.Equal(["correlation-length.svg", "correlation.svg", "edge-of-chaos.svg", "kernel.svg", "phase.csv", "phase.json", "slope.svg", "trusted-to.svg"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--over is given 3 times, and a diagram has at most two axes; leave some out.", "--over", "weightVariance=1,2", "--over", "biasVariance=0,1", "--over", "depth=3,4")]
    [InlineData("--over names weightVariance twice; once is enough.", "--over", "weightVariance=1,2", "--over", "weightVariance=2,3")]
    public void What_is_no_diagram_is_refused(string sentence, params string[] arguments)
    {
        (int code, string output, string messages) = Symeft.Run(["phase", "--activation", "tanh", .. arguments]);
        Assert.Equal((2, "", $"symeft: {sentence}"), (code, output, messages.TrimEnd()));
    }
}
