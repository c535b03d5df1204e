/// <summary>Solves the specification and prints a table; leave it out of a program of your own.</summary>
internal static class CLASSProgram
{
    private static void Main()
    {
        double[,] kernel = { KERNEL };
        int[] layers = [LAYERS];
        string[] names = [NAMES];
        var network = new CLASS.Network();
        List<(int Layer, CLASS.State State)> records = [.. CLASS.Solve(kernel, network, layers)];
        for (int other = 0; other < Math.Min(2, kernel.GetLength(0)); other++)
        {
            Console.WriteLine($"component a = c = 0, b = d = {other}");
            Console.WriteLine($"{"layer",6} {"t",9} {string.Join(" ", Array.ConvertAll(names, name => $"{name,14}"))}");
            foreach ((int layer, CLASS.State state) in records)
            {
                CLASS.Quantities quantities = CLASS.QuantitiesOf(state, network);
                double[] row = [VALUES];
                string numbers = string.Join(" ", Array.ConvertAll(row, value => value.ToString("G9", CultureInfo.InvariantCulture).PadLeft(14)));
                Console.WriteLine(FormattableString.Invariant($"{layer,6} {TIME,9:G6} {numbers}"));
            }
        }
    }
}
