using System.Globalization;
using System.Text.Json;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Tests.Expectations.Rounding;

// The bound of a closed form's rounding holds, and is not much wider than what rounding does, where terms cancel and exponents are large: against
// 50-digit values (closed_forms.py) at kernels that are doubles.
public class RoundingBoundTests
{
    [Fact]
    public void Closed_forms_lie_within_their_bounds()
    {
        var ratios = new List<double>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Expectations", "Rounding", "closed_forms.txt")))
        {
            string[] parts = line.Split('|');
            double[][] rows = JsonSerializer.Deserialize<double[][]>(parts[1])!;
            var kernel = new double[rows.Length, rows.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                for (int j = 0; j < rows.Length; j++) kernel[i, j] = rows[i][j];
            }

            ClosedFormExpectation closed = ClosedForm.TryFind(ExpressionParser.Parse(parts[0], Dialect.Activations, "x", "y"), [.. ClosedForm.Variables.Take(rows.Length)], ClosedForm.KernelEntry)!;
            double value = closed.Evaluate(kernel, out double bound);
            Rational exact = Rational.Parse(parts[2]);
            double error = Rational.Abs(Rational.Exactly(value) - exact).ToDouble();
            Assert.True(error <= bound + (1e-48 * Math.Abs(value)), $"{parts[0]} at {parts[1]}: {value:R} +- {bound:E2} is off by {error:E2}");
            Assert.True(double.IsFinite(bound), $"{parts[0]} at {parts[1]}");
            ratios.Add(bound / Math.Max(error, 1e-17 * Math.Abs(value)));
        }

        ratios.Sort();
        Assert.True(ratios.Count >= 150, ratios.Count.ToString(CultureInfo.InvariantCulture));
        Assert.InRange(ratios[ratios.Count / 2], 1, 300);
    }
}
