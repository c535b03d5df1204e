using System.Text.Json;
using Parquet;
using Parquet.Schema;
using PureHDF;
using PureHDF.VOL.Native;
using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Commands;

// What is written as Parquet and HDF5 is read back, by libraries of .NET and by h5py, and compared with the JSON document.
public class DataFormatTests
{
    private static readonly string[] Solve = ["--activation", "tanh(x)", "--weight-variance", "2", "--step", "0.5", "--depth", "4", "--record", "3", "--kernel", "[[2,.6],[.6,1]]", "--closure", "hermite(4)"];

    [Fact]
    public void Hdf5_holds_the_arrays_of_the_json_document()
    {
        string path = Path.Combine(Symeft.Folder(), "solution.h5");
        (int code, string output, string messages) = Symeft.Run(["solve", .. Solve, "--format", "hdf5", "--out", path]);
        Assert.Equal((0, "", ""), (code, output, messages));
        JsonElement json = Symeft.Json(["solve", .. Solve]);

        using NativeFile file = H5File.OpenRead(path);
        Assert.Equal(json.GetProperty("layers").EnumerateArray().Select(each => each.GetInt64()), file.Dataset("layers").Read<long[]>());
        double[,] mean = file.Dataset("K0").Read<double[,]>();
        double[,,] covariance = file.Dataset("V4").Read<double[,,]>();
        Assert.Equal((3, 3), (mean.GetLength(0), mean.GetLength(1)));
        for (int record = 0; record < 3; record++)
        {
            for (int p = 0; p < 3; p++)
            {
                Assert.Equal(json.GetProperty("K0")[record][p].GetDouble(), mean[record, p]);
                for (int q = 0; q < 3; q++)
                    Assert.Equal(json.GetProperty("V4")[record][p][q].GetDouble(), covariance[record, p, q]);
            }
        }

        Assert.Equal("proved", file.Attribute("proof").Read<string>());
        Assert.Contains("activation: \"tanh(x)\"", file.Attribute("specification").Read<string>());
        Assert.Equal("1", file.Attribute("seed").Read<string>());
    }

    [Fact]
    public void Python_reads_it()
    {
        if (new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(command => Tools.Works(command, "-c", "import h5py")) is not { } python)
            return;
        string path = Path.Combine(Symeft.Folder(), "simulation.h5");
        string[] simulation = ["simulate", .. Solve, "--samples", "200"];
        Assert.Equal(0, Symeft.Run([.. simulation, "--format", "hdf5", "--out", path]).Code);
        JsonElement json = Symeft.Json(simulation);
        (int code, string output, string messages) = Tools.Run(python, Path.GetTempPath(), "-c", "import h5py,sys; f=h5py.File(sys.argv[1]); print(repr(float(f['V4'][2,0,1])), f['standardErrors/G'].shape, f['pairs'][1].tolist(), f.attrs['seed'])", path);
        Assert.True(code == 0, messages);
        string value = json.GetProperty("V4")[2][0][1].GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"{value} (3, 3) [0, 1] 1", output.Trim());
    }

    [Fact]
    public async Task Parquet_holds_the_table_of_the_csv_document()
    {
        string path = Path.Combine(Symeft.Folder(), "solution.parquet");
        Assert.Equal(0, Symeft.Run(["solve", .. Solve, "--format", "parquet", "--out", path]).Code);
        string[][] rows = [.. Symeft.Run(["solve", .. Solve, "--format", "csv"]).Output.TrimEnd().Split('\n').Select(line => line.Split(','))];

        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        Assert.Equal(rows[0].Order(StringComparer.Ordinal), reader.Schema.GetDataFields().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Contains("activation: \"tanh(x)\"", reader.CustomMetadata["symeft.specification"]);
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        Assert.Equal(rows.Length - 1, group.RowCount);
        DataField Field(string name) => reader.Schema.GetDataFields().Single(field => field.Name == name);
        var values = new double[rows.Length - 1];
        await group.ReadAsync(Field("value"), values.AsMemory());
        var quantities = new string?[rows.Length - 1];
        await group.ReadAsync(Field("quantity"), quantities.AsMemory());
        var second = new int?[rows.Length - 1];
        await group.ReadAsync<int>(Field("c"), second.AsMemory());
        for (int row = 0; row < values.Length; row++)
        {
            string Cell(string name) => rows[row + 1][Array.IndexOf(rows[0], name)];
            Assert.Equal(Cell("value"), values[row].ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Cell("quantity"), quantities[row]);
            Assert.Equal(Cell("c"), second[row]?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "");
        }
    }

    [Theory]
    [InlineData("hdf5")]
    [InlineData("parquet")]
    public void The_same_result_gives_the_same_bytes(string format)
    {
        string folder = Symeft.Folder(), first = Path.Combine(folder, "first"), second = Path.Combine(folder, "second");
        foreach (string path in new[] { first, second })
            Assert.Equal(0, Symeft.Run(["simulate", .. Solve, "--samples", "100", "--format", format, "--out", path]).Code);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        string[] shard = ["simulate", .. Solve, "--samples", "10", "--format", "hdf5", "--shard", "1/2", "--out", "x"];
        Assert.Equal((2, "", "symeft: --format parquet is no text for a terminal; name the file with --out FILE."), Trimmed(["solve", .. Solve, "--format", "parquet"]));
        Assert.Equal((2, "", "symeft: --out is the file of --format parquet or hdf5; name one of these, or redirect the output."), Trimmed(["solve", .. Solve, "--out", "x"]));
        Assert.Equal((2, "", "symeft: --shard keeps sums in --out, and --format parquet or hdf5 results; leave one of the two out."), Trimmed(shard));
        Assert.Equal((2, "", "symeft: --format is 'hdf5'; use table, json or csv."), Trimmed(["expect", "x^2", "--kernel", "1", "--format", "hdf5"]));

        static (int, string, string) Trimmed(string[] arguments)
        {
            (int code, string output, string messages) = Symeft.Run(arguments);
            return (code, output, messages.TrimEnd());
        }
    }
}
