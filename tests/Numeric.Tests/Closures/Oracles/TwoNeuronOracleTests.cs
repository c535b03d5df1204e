using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>The derived averages over two neurons, run, against a recursion written by hand from the tangents Theta_ij of plain layers.</summary>
public sealed class TwoNeuronOracleTests
{
    [Theory]
    [InlineData("tanh", "hermite(9)", "1.3")]
    [InlineData("gelu", "hermite(8)", "1.5 .6 1")]
    [InlineData("relu", "hermite(7)", "1.5 .6 .2 1 .1 .7")]
    [InlineData("softplus", "hermite(4)", "1 1 1")]
    public void DerivedAveragesAreThoseOfTheHandWrittenRecursion(string activation, string closure, string kernel)
    {
        double[] values = [.. kernel.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];
        int inputs = values.Length == 1 ? 1 : values.Length == 3 ? 2 : 3;
        var matrix = new double[inputs, inputs];
        foreach ((int a, int b) in PairIndexing.All(inputs))
            matrix[a, b] = matrix[b, a] = values[PairIndexing.Of(a, b, inputs)];
        const int depth = 4;
        const double skip = 0.9, step = 0.6, weight = 1.7;
        Network network = new() { Activation = activation, WeightVariance = weight, BiasVariance = 0.1, Skip = skip, Step = step, Depth = depth, Kernel = matrix };
        (MomentEquations equations, _, _, _, IRecipeBook book) = ProgramSolver.Equations(ClosureSolver.Steps(network), inputs, ClosureRegistry.Parse(closure), estimates: false, tangent: 1);

        int highest = TwoNeuronModes.HighestOf(book.Ranges.Modes);
        ActivationDescription Describe(ActivationDefinition of) => new Activation(of).Description;
        ActivationDescription function = Describe(network.Sigma.Definition), slope = Describe(TangentFunctions.Derivative(network.Sigma.Definition, ""));
        var oracle = new TwoNeuronNumbers(book.Ranges.Modes, highest, function, slope, new FluctuationEquation(slope, inputs, highest), new ProductsCovariance(function, slope, inputs, estimates: false), estimates: false);
        double[] tables = new double[values.Length * TwoNeuronNumbers.Length(highest)], state = equations.Initial(values);
        for (int layer = 0; layer < depth; layer++)
        {
            double[] next = new double[equations.Length], here = equations.Part(state, "K0")!, mean = equations.Part(state, "Theta0")!, diagonal = new double[values.Length], result = new double[tables.Length], pairs = new double[values.Length];
            equations.Next(state, next);
            oracle.Diagonal(here, tables, diagonal);
            oracle.Next(here, equations.Part(next, "K0"), mean, tables, skip, step * step * weight, result, pairs);
            double[] after = equations.Part(next, "Theta0")!, tau = equations.Part(next, "tau")!, derived = equations.ValueOf("dX");
            for (int pair = 0; pair < values.Length; pair++)
            {
                double square = after[pair] * after[pair], size = mean.Max(Math.Abs);
                Assert.InRange(derived[pair] - diagonal[pair], -1e-12 * size, 1e-12 * size);
                Assert.InRange(tau[pair] - square - pairs[pair], -1e-12 * square, 1e-12 * square);
            }

            (state, tables) = (next, result);
        }
    }
}
