using System.Globalization;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>The table that a generated program prints.</summary>
internal static class ProgramTables
{
    /// <summary>Checks the last row of the table of component 0 against the toolkit, to the digits printed.</summary>
    public static void Check(ProgramCase program, string table)
    {
        TheorySolution expected = program.Solve();
        string[] lines = [.. table.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        int start = Array.FindIndex(lines, line => line.TrimStart().StartsWith("layer", StringComparison.Ordinal));
        string[] names = lines[start].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double[] last = [.. lines[start + expected.Layers.Count].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        Assert.Equal(expected.Layers[^1], last[0]);
        Assert.Equal(8, names.Length);
        for (int column = 2; column < names.Length; column++)
        {
            double value = expected.Tensors[names[column]][^1][0];
            Assert.InRange(last[column], value - (1e-8 * Math.Abs(value)), value + (1e-8 * Math.Abs(value)));
        }
    }
}
