namespace SymbolicEft.Cli.Output;

/// <summary>A table in plain text, columns aligned to the right.</summary>
internal static class TextTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, IReadOnlyList<(string Head, Func<int, string> Cell)> columns, int rows)
    {
        List<string[]> cells = [.. columns.Select(column => (string[])[column.Head, .. Enumerable.Range(0, rows).Select(column.Cell)])];
        int[] widths = [.. cells.Select(column => column.Max(cell => cell.Length))];
        for (int row = 0; row <= rows; row++)
            output.WriteLine(string.Join("  ", cells.Select((column, at) => column[row].PadLeft(widths[at]))).TrimEnd());
    }
}
