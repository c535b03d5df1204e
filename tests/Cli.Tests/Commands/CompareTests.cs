using System.Globalization;
using System.Text;
using System.Text.Json;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;

namespace SymbolicEft.Cli.Tests.Commands;

public class CompareTests
{
    private const string Perceptron = "network: { activation: tanh(x), weightVariance: 1.5, biasVariance: 0.1, skip: 0, step: 1, depth: 3, width: 24 }\ninputs: { kernel: [[1, 0.4], [0.4, 0.52]] }\nclosure: hermite(12)\n";

    [Fact]
    public void Means_covariances_and_their_errors_are_those_of_the_definition()
    {
        double[][] networks = [[1, 2], [3, 5], [2, 1], [6, 4]];
        Dictionary<string, MeasuredNumber> numbers = MeasuredKernels.Of(7, 10, [new(0, 0), new(0, 1)], networks).ToDictionary(number => $"{number.Quantity}{number.Pair.Name}{number.Second?.Name}");

        Assert.Equal(3, numbers["G00"].Measured.Value);
        // Deviations -2, 0, -1, 3: sum of squares 14, Var = 14/3, and of the mean 14/12.
        Assert.Equal(Math.Sqrt(14.0 / 12), numbers["G00"].Measured.StandardError, 1e-14);
        // Products with the deviations -1, 2, -2, 1: 2, 0, 2, 3; their sum is 7, the mean of their squares 17/4.
        Assert.Equal(10 * 7.0 / 3, numbers["V40001"].Measured.Value, 1e-13);
        Assert.Equal(10 * Math.Sqrt(((17.0 / 4) - (49.0 / 16)) / 4), numbers["V40001"].Measured.StandardError, 1e-13);
        Assert.All(numbers.Values, number => Assert.Equal(7, number.Layer));
    }

    [Fact]
    public void Networks_drawn_here_agree_with_the_theory()
    {
        // W entry by entry, not by the sampler of this project.
        const int width = 24, networks = 1500, depth = 3;
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var csv = new StringBuilder("network,layer,G_00,G_01,G_11\n");
        for (int network = 0; network < networks; network++)
        {
            double[][] rows = [.. Enumerable.Range(0, width).Select(_ => (Normal(), Normal())).Select(pair => new[] { pair.Item1, (0.4 * pair.Item1) + (0.6 * pair.Item2) })];
            for (int layer = 1; layer <= depth; layer++)
            {
                double[][] before = rows;
                rows = [.. Enumerable.Range(0, width).Select(_ =>
                {
                    double bias = Math.Sqrt(0.1) * Normal();
                    double[] sum = [bias, bias];
                    foreach (double[] row in before)
                    {
                        double weight = Math.Sqrt(1.5 / width) * Normal();
                        sum[0] += weight * Math.Tanh(row[0]);
                        sum[1] += weight * Math.Tanh(row[1]);
                    }

                    return sum;
                })];
                double G(int a, int b) => rows.Average(row => row[a] * row[b]);
                csv.Append(CultureInfo.InvariantCulture, $"{network},{layer},{G(0, 0):R},{G(0, 1):R},{G(1, 1):R}\n");
            }
        }

        JsonElement found = Symeft.Json("compare", Symeft.File(csv.ToString()), Symeft.File(Perceptron));

        Assert.Equal(networks, found.GetProperty("networks").GetInt32());
        JsonElement[] numbers = [.. found.GetProperty("numbers").EnumerateArray()];
        Assert.Equal(3 * (3 + 6), numbers.Length);
        Assert.All(numbers, number => Assert.InRange(number.GetProperty("z").GetDouble(), -4.5, 4.5));
        // Another C_W is found out.
        JsonElement wrong = Symeft.Json("compare", Symeft.File(csv.ToString()), Symeft.File(Perceptron), "--weight-variance", "1.6");
        Assert.True(wrong.GetProperty("numbers").EnumerateArray().Max(number => Math.Abs(number.GetProperty("z").GetDouble())) > 8);
    }

    [Fact]
    public void What_simulate_writes_is_compared_number_by_number()
    {
        string specification = Symeft.File(Perceptron), csv = Symeft.Run("simulate", specification, "--samples", "4000", "--format", "csv").Output;
        JsonElement simulated = Symeft.Json("simulate", specification, "--samples", "4000"), solved = Symeft.Json("solve", specification);
        JsonElement[] numbers = [.. Symeft.Json("compare", Symeft.File(csv), specification).GetProperty("numbers").EnumerateArray()];

        int records = solved.GetProperty("layers").GetArrayLength();
        Assert.Equal(records * (3 + 6 + 3 + 3), numbers.Length);
        foreach (JsonElement number in numbers.Where(number => number.GetProperty("layer").GetInt32() == 3))
        {
            string quantity = number.GetProperty("quantity").GetString()!;
            int p = Place(number.GetProperty("pair"));
            JsonElement Last(JsonElement document, string name) => document.GetProperty(name)[records - 1];
            double At(JsonElement document, string name) => quantity == "V4" ? Last(document, name)[p][Place(number.GetProperty("second"))].GetDouble() : Last(document, name)[p].GetDouble();
            double theory = quantity == "G" ? At(solved, "K0") + (At(solved, "K1") / 24) : At(solved, quantity);
            double error = At(simulated.GetProperty("standardErrors"), quantity);
            Assert.Equal(At(simulated, quantity), number.GetProperty("value").GetDouble());
            Assert.Equal(theory, number.GetProperty("theory").GetDouble(), 1e-13);
            Assert.Equal((At(simulated, quantity) - theory) / error, number.GetProperty("z").GetDouble(), 1e-9);
        }

        static int Place(JsonElement pair) => PairIndexing.Of(pair[0].GetInt32(), pair[1].GetInt32(), 2);
    }

    [Fact]
    public void Numbers_and_figures_go_into_a_folder()
    {
        string folder = Path.Combine(Symeft.Folder(), "comparison"), file = Symeft.File("layer,G_00\n1,1\n1,1.1\n3,0.9\n3,1.2\n");
        (int code, string output, _) = Symeft.Run("compare", file, Symeft.File(Perceptron), "--out", folder);

        Assert.Equal(0, code);
        Assert.Contains("G_00", output);
        Assert.Equal(["comparison.csv", "comparison.json", "g-00.svg", "v4-00-00.svg", "z.svg"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("quantity,layer,a,b,c,d,value,standardError,theory,z\nG,1,0,0,,,1.05,0.05", File.ReadAllText(Path.Combine(folder, "comparison.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Error_bars_that_rest_on_a_few_networks_and_quantities_that_are_not_compared_are_named()
    {
        // Of 30 networks one is far out: sum w^2 is its own, (sum w^2)^2/sum w^4 is near 1. V4 of two networks has no error bar: their products are equal.
        string far = "layer,G_00\n1,1\n1,1.1\n" + string.Concat(Enumerable.Range(0, 29).Select(network => $"3,{1 + (network % 2 * 0.01)}\n")) + "3,9\n";
        JsonElement found = Symeft.Json("compare", Symeft.File(far), Symeft.File(Perceptron));
        JsonElement[] numbers = [.. found.GetProperty("numbers").EnumerateArray()];
        string[] warnings = [.. found.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];

        Assert.Equal(0, numbers.Single(number => number.GetProperty("quantity").GetString() == "V4" && number.GetProperty("layer").GetInt32() == 1).GetProperty("standardError").GetDouble());
        Assert.Contains(warnings, warning => warning.StartsWith("2 of 2 error bars of G cannot be trusted: that of G_00 at layer 3 rests on the equivalent of 1 of 30 networks", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("1 of 1 error bars of V4 cannot be trusted: that of V4_00,00 at layer 3 ", StringComparison.Ordinal));
        (int code, _, string messages) = Symeft.Run("compare", Symeft.File("quantity,layer,a,b,value,standardError\nG,1,0,0,1,0.1\nV,1,0,0,1,0.1\n"), Symeft.File(Perceptron), "--format", "csv");
        Assert.Equal(0, code);
        Assert.Contains("has numbers of V too, which are not compared; compared are G, V4, K1, U1.", messages);
    }

    [Theory]
    [InlineData("", "has no column of a kernel in its first line")]
    [InlineData("G_00\n", "has no line below its first")]
    [InlineData("G_00\n1\n", "has one network at layer 3, which has no spread; measure at least 2")]
    [InlineData("G_00,G_02\n1,2\n1,2\n", "are not among those of the specification, which are 0 to 1")]
    [InlineData("G_01,G_10\n1,2\n1,2\n", "has G_01 and G_10, which are the same kernel")]
    [InlineData("G_00,H\n1,2\n1,2\n", "has the column 'H'")]
    [InlineData("G_00\n1\nnan\n", "Column G_00 in line 3 of")]
    [InlineData("layer,G_00\n4,1\n4,1\n", "is '4'; the network has the layers 0 to 3")]
    [InlineData("layer,G_00\n2,1\n2\n", "Line 3 of")]
    [InlineData("quantity,layer,a,b,value\nG,1,0,0,1\n", "none of the name standardError")]
    [InlineData("quantity,layer,a,b,value,standardError\nV4,1,0,0,1,1\n", "none of the name c")]
    [InlineData("quantity,layer,a,b,value,standardError\nK0,1,0,0,1,1\n", "there is nothing to compare")]
    [InlineData("quantity,layer,a,b,value,standardError\nG,1,0,0,1,-1\n", "it cannot be negative")]
    public void A_file_that_is_none_gets_one_sentence(string text, string sentence)
    {
        (int code, string output, string messages) = Symeft.Run("compare", Symeft.File(text), Symeft.File(Perceptron));

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(sentence, messages);
        Assert.Single(messages.TrimEnd().Split('\n'));
    }
}
