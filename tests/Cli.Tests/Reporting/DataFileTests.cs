using System.Globalization;
using System.Text.Json;
using SymbolicEft.Cli.Reporting;

namespace SymbolicEft.Cli.Tests.Reporting;

public sealed class DataFileTests
{
    private static readonly double[] Awkward = [0.1, 1.0 / 3, -0.0, 5e-324, 1.7976931348623157e308, -2.2250738585072014e-308, 123456789.123456789];

    [Fact]
    public void Json_numbers_read_back_bit_for_bit()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(WithAwkwardNumbers()));
        var k1 = json.RootElement.GetProperty("theory")[0].GetProperty("K1").EnumerateArray().Select(row => row[0].GetDouble());
        Assert.Equal(Awkward.Select(BitConverter.DoubleToInt64Bits), k1.Take(Awkward.Length).Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("theory")[0].GetProperty("K1")[Awkward.Length][0].ValueKind);
    }

    [Fact]
    public void Csv_numbers_read_back_bit_for_bit()
    {
        var lines = Rows(CsvReport.Render(WithAwkwardNumbers())).Where(row => row[0] == "main, \"quoted\"" && row[1] == "K1" && row[4] == "0" && row[5] == "0").ToList();
        Assert.Equal(Awkward.Select(BitConverter.DoubleToInt64Bits),
            lines.Take(Awkward.Length).Select(row => BitConverter.DoubleToInt64Bits(double.Parse(row[8], NumberStyles.Float, CultureInfo.InvariantCulture))));
        Assert.Equal("NaN", lines[Awkward.Length][8]);
    }

    [Fact]
    public void Json_has_the_shape_of_solve_and_simulate()
    {
        var data = SampleReport.Paper();
        using var json = JsonDocument.Parse(JsonReport.Render(data));
        var simulation = json.RootElement.GetProperty("simulation");
        Assert.Equal(10, simulation.GetProperty("pairs").GetArrayLength());
        Assert.Equal(9, simulation.GetProperty("layers").GetArrayLength());
        foreach (string name in new[] { "G", "V4", "K1", "U1" })
            Assert.Equal(9, simulation.GetProperty(name).GetArrayLength());
        Assert.Equal(10, simulation.GetProperty("standardErrors").GetProperty("V4")[8][9].GetArrayLength());
        Assert.Equal(data.Ensemble!.V4![8][3][9], simulation.GetProperty("V4")[8][3][9].GetDouble());
        Assert.Equal(data.Headline[3].ZScore, json.RootElement.GetProperty("headline")[3].GetProperty("z").GetDouble());
    }

    [Fact]
    public void Csv_holds_every_component_once_with_its_error()
    {
        var data = SampleReport.Paper(inputs: 2);
        var rows = Rows(CsvReport.Render(data)).ToList();
        Assert.All(rows, row => Assert.Equal(11, row.Count));
        Assert.Equal(CsvReport.Header + ",proof", string.Join(',', rows[0]));
        var v4 = rows.Where(row => row[0] == "simulation, n = 64" && row[1] == "V4").ToList();
        Assert.Equal(9 * 6, v4.Count);
        var found = v4.Single(row => row[2] == "800" && string.Join("", row.Skip(4).Take(4)) == "0011");
        Assert.Equal(data.Ensemble!.V4![8][0][2], double.Parse(found[8], CultureInfo.InvariantCulture));
        Assert.Equal(data.Ensemble.V4StandardErrors![8][0][2], double.Parse(found[9], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Closures_are_in_both_files()
    {
        var data = SampleReport.WithClosures(SampleReport.Paper(inputs: 2));
        using var json = JsonDocument.Parse(JsonReport.Render(data));
        var closures = json.RootElement.GetProperty("closures");
        Assert.Equal(9, closures.GetProperty("components").GetArrayLength());
        var first = closures.GetProperty("closures")[0];
        Assert.Equal("g-only", first.GetProperty("name").GetString());
        Assert.Equal(data.Closures!.Closures[0].Numbers[3]!.Values[40], first.GetProperty("numbers")[3].GetProperty("values")[40].GetDouble());
        Assert.Equal(data.Closures.Closures[0].Numbers[0]!.Windows[0].Layer, first.GetProperty("numbers")[0].GetProperty("windows")[0].GetProperty("layer").GetDouble());
        Assert.Equal(JsonValueKind.Null, closures.GetProperty("closures")[3].GetProperty("numbers")[1].ValueKind);
        Assert.Contains("vary", closures.GetProperty("closures")[2].GetProperty("failure").GetString());
        Assert.Equal(10, closures.GetProperty("budget").GetProperty("orders")[0].GetProperty("V4")[1].GetDouble());

        var rows = Rows(CsvReport.Render(data)).ToList();
        Assert.All(rows, row => Assert.Equal(11, row.Count));
        var window = rows.Single(row => row[0] == "closure g-only" && row[1] == "V4 within 1 % up to layer" && string.Join("", row.Skip(4).Take(4)) == "0000");
        Assert.Equal(800 / 3.0, double.Parse(window[8], CultureInfo.InvariantCulture), 1e-9);
        Assert.Contains(rows, row => row[0] == "budget: order 1" && row[1] == "transport of V4" && row[8] == "4");
    }

    private static ReportData WithAwkwardNumbers()
    {
        var paper = SampleReport.Paper(inputs: 1);
        var main = paper.Theory[0];
        return paper with
        {
            Theory = [main with { Label = "main, \"quoted\"", K1 = [.. main.K1!.Select((row, i) => i < Awkward.Length ? [Awkward[i]] : new[] { double.NaN })] }],
        };
    }

    // A reader of quoted fields, apart from the writer.
    private static IEnumerable<List<string>> Rows(string csv)
    {
        foreach (string line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = new List<string> { "" };
            bool quoted = false;
            for (int i = 0; i < line.Length; i++)
            {
                if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                    fields[^1] += line[++i];
                else if (line[i] == '"')
                    quoted = !quoted;
                else if (line[i] == ',' && !quoted)
                    fields.Add("");
                else
                    fields[^1] += line[i];
            }

            yield return fields;
        }
    }
}
