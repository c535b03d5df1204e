using System.Globalization;
using System.Text;
using MathNet.Numerics.LinearAlgebra;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Specifications;

/// <summary>Reads K(0) from a matrix or from data points, and checks that it is a covariance.</summary>
internal static class KernelReader
{
    private const int MostInputs = 64;
    private const long LongestData = 200_000_000, MostNumbers = 20_000_000;
    private const int LongestNumber = 1000;

    /// <summary>A matrix written as a list of rows; a single number for one input.</summary>
    public static double[,] FromMatrix(YamlNode node, ValueContext at)
    {
        if (node is YamlMappingNode or YamlScalarNode { Value: ['{', ..] })
            throw new InputException($"{at.Label} is written with braces; a matrix is a list of rows, such as [[2, 0.6], [0.6, 2]].");
        if (node is YamlScalarNode)
            return Checked(new[,] { { SpecificationFields.Real(SpecificationFields.Scalar(node, at), at.Label) } }, at.Label);
        if (node is not YamlSequenceNode { Children: { Count: > 0 } rows })
            throw new InputException($"{at.Label} must be a list of rows, such as [[2, 0.6], [0.6, 2]].");
        int inputs = rows.Count;
        if (inputs > MostInputs)
            throw new InputException($"{at.Label} has {inputs} rows; at most {MostInputs} inputs are supported.");
        var kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            if (rows[a] is not YamlSequenceNode { Children: var entries } || entries.Count != inputs)
                throw new InputException($"Row {a + 1} of {at.Label} must be a list of {(inputs == 1 ? "1 number" : $"{inputs} numbers")}, as there {(inputs == 1 ? "is 1 row" : $"are {inputs} rows")}.");
            for (int b = 0; b < inputs; b++)
                kernel[a, b] = SpecificationFields.Real(SpecificationFields.Scalar(entries[b], at), $"Entry ({a}, {b}) of {at.Label}");
        }

        return Checked(kernel, at.Label);
    }

    /// <summary>A CSV file whose rows are inputs: K = X X^T / d.</summary>
    public static double[,] FromData(string path, ValueContext at)
    {
        RequireBeside(path, at, "the data", "--data");
        double[][] points;
        try
        {
            if (new FileInfo(Path.Combine(at.Folder, path)) is { Exists: true, Length: > LongestData and var length })
                throw new InputException($"{at.Label} is '{path}', which has {length} bytes; at most {LongestData} are read.");
            points = InputFile.Read(Path.Combine(at.Folder, path), at.Cancellation, reader => Points(reader, path, at));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{at.Label} is '{path}', which cannot be read ({problem.Message}); give a CSV file whose rows are inputs.");
        }

        if (points.Length == 0)
            throw new InputException($"{at.Label} is '{path}', which has no rows; give a CSV file whose rows are inputs.");
        int dimension = points[0].Length;
        if (Array.FindIndex(points, point => point.Length != dimension) is >= 0 and var odd)
            throw new InputException($"Row {odd + 1} of '{path}' has {points[odd].Length} numbers and row 1 has {dimension}; all rows must be equally long.");
        var kernel = new double[points.Length, points.Length];
        for (int a = 0; a < points.Length; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = 0;
                for (int coordinate = 0; coordinate < dimension; coordinate++)
                    product += points[a][coordinate] * points[b][coordinate];
                kernel[a, b] = kernel[b, a] = product / dimension;
            }
        }

        return Checked(kernel, at.Label);
    }

    /// <summary>A file may come from elsewhere; what it names must lie beside it.</summary>
    internal static void RequireBeside(string path, ValueContext at, string what, string flag)
    {
        if (at.IsFromFile && (Path.IsPathRooted(path) || path is [_, ':', ..] || path.Split('/', '\\').Contains("..")))
            throw new InputException($"{at.Label} is '{path}', which leads out of the specification's folder; put {what} beside the specification, or name them with {flag}.");
    }

    // The rows, number by number: what a device or a pipe gives without end is refused before it fills the memory.
    private static double[][] Points(TextReader reader, string path, ValueContext at)
    {
        var rows = new List<double[]>();
        var row = new List<double>();
        var entry = new StringBuilder();
        var piece = new char[1 << 16];
        long numbers = 0;
        for (int count; (count = reader.Read(piece)) > 0;)
        {
            at.Cancellation.ThrowIfCancellationRequested();
            foreach (char c in piece.AsSpan(0, count))
                Take(c);
        }

        Take('\n');
        return [.. rows];

        void Take(char c)
        {
            switch (c)
            {
                case ',':
                    Number();
                    break;
                case '\n' or '\r' when row.Count > 0 || entry.Length > 0:
                    Number();
                    if (rows.Count == MostInputs)
                        throw new InputException($"{at.Label} is '{path}', which has more than {MostInputs} rows; at most {MostInputs} inputs are supported.");
                    rows.Add([.. row]);
                    row.Clear();
                    break;
                case not ('\n' or '\r') when entry.Length > 0 || !char.IsWhiteSpace(c):
                    entry.Append(c);
                    if (entry.Length > LongestNumber)
                        Number();
                    break;
            }
        }

        void Number()
        {
            if (++numbers > MostNumbers)
                throw new InputException($"{at.Label} is '{path}', which has more than {MostNumbers} numbers; give fewer inputs, or fewer coordinates of each.");
            string text = entry.ToString().TrimEnd(), label = $"Row {rows.Count + 1}, column {row.Count + 1} of '{path}'";
            row.Add(text.Length <= LongestNumber ? SpecificationFields.Real(text, label) : throw new InputException($"{label} begins with '{text[..40]}' and is longer than {LongestNumber} characters, which no number is; give a CSV file whose rows are inputs."));
            entry.Clear();
        }
    }

    private static double[,] Checked(double[,] kernel, string label)
    {
        int inputs = kernel.GetLength(0);
        double largest = 0;
        for (int a = 0; a < inputs; a++)
        {
            if (kernel[a, a] < 0)
                throw new InputException($"{label} has the entry {Text(kernel[a, a])} at ({a}, {a}); a variance cannot be negative.");
            largest = Math.Max(largest, kernel[a, a]);
            for (int b = 0; b < a; b++)
            {
                if (kernel[a, b] != kernel[b, a])
                    throw new InputException($"{label} is not symmetric: entry ({b}, {a}) is {Text(kernel[b, a])} and entry ({a}, {b}) is {Text(kernel[a, b])}; make them equal.");
            }
        }

        if (largest > 1e6)
            throw new InputException($"{label} has the entry {Text(largest)}, beyond 1e6; rescale the inputs.");
        double least = Matrix<double>.Build.DenseOfArray(kernel).Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
        // Equal inputs have a zero eigenvalue, which rounding may put a few units below zero.
        if (least < -1e-12 * inputs * Math.Max(largest, double.Epsilon))
            throw new InputException($"{label} has the eigenvalue {least.ToString("G6", CultureInfo.InvariantCulture)}; a covariance has none below 0, so make the off-diagonal entries smaller.");
        return kernel;
    }

    private static string Text(double value) => SpecificationFields.Digits(value);
}
