using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation.Clock;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

// The derived equations hold for any number of inputs.
public class ManyInputsClockTests
{
    private const double WeightVariance = 1.3, BiasVariance = 0.1, Skip = 0.9;

    private static readonly ClockEquations Equations = ClockEquations.Derive(1);

    private static readonly string[] Names = ["K0", "K1", "K2", "V4", "V4_1", "V6"];

    // sigma = x + .3 x^2, kernel [[1.2, .5], [.5, .8]], h = .3, four layers: the exact moments of the network to that order, computed with other code.
    // Components 01; 01,00; 00,01,01.
    [Fact]
    public void Two_inputs_of_a_quadratic_activation_have_the_exact_moments()
    {
        Dictionary<string, double[]> solution = Solve("x+0.3*x^2", [1.2, 0.5, 0.8], 2, 4, 12);
        double[] expected = [1.9761628577864787, 7.959490159763348, 49.40959189508545, 218.83872533592915, 7327.507958933413, 42177.68102270203];
        int[] places = [1, 1, 1, 1, 1, 3];
        Assert.All(Enumerable.Range(0, Names.Length), at => Assert.Equal(1, solution[Names[at]][places[at]] / expected[at], 1e-11));
    }

    // What is known of some inputs does not depend on the others: the first of two is the one of one.
    [Fact]
    public void One_of_two_inputs_is_one_input()
    {
        Dictionary<string, double[]> two = Solve("sin(x)", [1.2, 0.5, 0.8], 2, 2, 6), exchanged = Solve("sin(x)", [0.8, 0.5, 1.2], 2, 2, 6), one = Solve("sin(x)", [1.2], 1, 2, 6);
        Assert.All(Names, name =>
        {
            Assert.Equal(one[name][0], two[name][0], 1e-9 * Math.Max(1, Math.Abs(one[name][0])));
            Assert.Equal(one[name][0], exchanged[name][^1], 1e-9 * Math.Max(1, Math.Abs(one[name][0])));
        });
    }

    private static Dictionary<string, double[]> Solve(string activation, double[] kernel, int inputs, int depth, int modes)
    {
        var clock = new ManyInputsClock(Equations, Activation.Parse(activation).Description, new LayerParameters(Skip, Math.Sqrt(0.3), WeightVariance, BiasVariance), inputs, modes, [1, 3]);
        double[] state = clock.Initial(kernel), next = new double[clock.Length];
        for (int layer = 0; layer < depth; layer++)
        {
            clock.Next(state, next);
            (state, next) = (next, state);
        }

        var tensors = new Dictionary<string, double[]>(StringComparer.Ordinal);
        clock.Record(state, tensors.Add);
        return tensors;
    }
}
