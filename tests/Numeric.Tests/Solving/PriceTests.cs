using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Tests.Solving;

// The derived response chi[A] against finite differences of E2 itself, on and off the diagonal and at equal inputs.
public class PriceTests
{
    [Theory]
    [InlineData("tanh(x)", 1.4, 0.5, 0.8)]
    [InlineData("tanh(x)", 4.37, -2.9, 3.1)]
    [InlineData("sin(x) + x^2/5", 0.6, 0.2, 1.1)]
    [InlineData("tanh(x)", 1.1, 1.1, 1.1)]
    public void The_response_is_the_directional_derivative(string activation, double kaa, double kab, double kbb)
    {
        Expression e2 = GOnlyClosure.SigmaKernel(Notation.A, Notation.B);
        Expression response = PriceTheorem.Apply(KernelExpansion.Expand(e2, Notation.AnyMatrix, 1)[1]);
        double[] kernel = [kaa, kab, kbb], direction = [0.31, 0.17, 0.23];
        double[] derived = Run(activation, response, kernel, direction);
        Expression atMean = KernelExpansion.Expand(e2, Notation.AnyMatrix, 0)[0];
        // Forward differences: equal inputs lie on the edge of the positive semidefinite kernels, and the direction points inwards.
        const double h = 1e-3;
        double[][] samples = [.. Enumerable.Range(0, 5).Select(k => Run(activation, atMean, [.. kernel.Zip(direction, (x, d) => x + (k * h * d))], direction))];
        for (int pair = 0; pair < 3; pair++)
        {
            double difference = ((-25 * samples[0][pair]) + (48 * samples[1][pair]) - (36 * samples[2][pair]) + (16 * samples[3][pair]) - (3 * samples[4][pair])) / (12 * h);
            Assert.Equal(difference, derived[pair], 2e-9 * Math.Max(1, Math.Abs(difference)));
        }
    }

    private static double[] Run(string text, Expression formula, double[] kernel, double[] direction)
    {
        var activation = Activation.Parse(text);
        var layout = new TensorLayout(2, [Notation.MeanKernel, Notation.AnyMatrix]);
        var table = new ExpectationTable();
        var program = new TensorProgram(layout, [(Notation.SigmaCorrection[Notation.A, Notation.B], formula)], table);
        var values = new double[table.Atoms.Count];
        new PairExpectations(activation, 2, table.Atoms).Evaluate(kernel, values);
        var output = new double[3];
        program.Run(default(LayerParameters).ToArray(), values, [.. kernel, .. direction], output);
        return output;
    }
}
