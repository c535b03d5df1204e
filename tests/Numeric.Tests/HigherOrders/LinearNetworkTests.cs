using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Numeric.Tests.HigherOrders.HigherOrderSolutions;

namespace SymbolicEft.Numeric.Tests.HigherOrders;

// sigma(x) = x: the g-only closure is exact, and so are the moments at every width.
//
// One input, one layer: n G' = |phi + eps U|^2 with U of independent N(0, C_W G) components, so R = G'/G is (c/n) times a
// noncentral chi-squared variable of n degrees and noncentrality n/c, c = eps^2 C_W, independent of all before. Its
// cumulants are (c/n)^j 2^(j-1) (j-1)! (n + j n/c):
//   kappa_1 = 1 + c,  kappa_2 = 2 (c^2 + 2 c)/n,  kappa_3 = 8 (c^3 + 3 c^2)/n^2,
// and E G^k = K^k (1 + 2/n) ... (1 + 2(k-1)/n) (E R^k)^l. With p = 2 (c^2 + 2c)/(1+c)^2 and q = 8 (c^3 + 3c^2)/(1+c)^3,
//   E R^2 = (1+c)^2 (1 + p/n),  E R^3 = (1+c)^3 (1 + 3p/n + q/n^2).
public class LinearNetworkTests
{
    private const double Kernel = 1.3, WeightVariance = 1.5;

    [Theory]
    [InlineData(0.1, 60)]
    [InlineData(0.5, 7)]
    public void Discrete_depth_is_the_exact_product_to_order_one_over_n_squared(double step, int depth)
    {
        TheorySolution solution = Solve("x", [Kernel], 1, new(1, step, WeightVariance, 0), depth, Stepping.Discrete);
        double c = step * step * WeightVariance, mean = Kernel * Math.Pow(1 + c, depth);
        double p = 2 * ((c * c) + (2 * c)) / Math.Pow(1 + c, 2), q = 8 * ((c * c * c) + (3 * c * c)) / Math.Pow(1 + c, 3);
        double pairs = depth * (depth - 1) / 2.0;
        Near(mean * mean * (2 + (depth * p)), solution.V4[1][0], 1e-12);
        Near(mean * mean * ((2 * depth * p) + (pairs * p * p)), solution.Tensors["V4_1"][1][0], 1e-12);
        // Of E G^3/mean^3 - 3 E G^2/mean^2 + 2 the order 1/n^2.
        double third = (8 + (18 * depth * p) + (depth * q) + (9 * pairs * p * p)) - (3 * ((2 * depth * p) + (pairs * p * p)));
        Near(Math.Pow(mean, 3) * third, solution.Tensors["V6"][1][0], 1e-12);
        Assert.Equal(0, solution.Tensors["K2"][1][0], 1e-12);
    }

    // E G^2 = K^2 (1 + 2/n) e^((2 + 4/n) T), E G^3 = K^3 (1 + 2/n)(1 + 4/n) e^((3 + 12/n) T), T = C_W t.
    [Fact]
    public void Continuous_depth_is_the_exact_exponential_to_order_one_over_n_squared()
    {
        TheorySolution solution = Solve("x", [Kernel], 1, new(1, 0.1, WeightVariance, 0), 60, Stepping.Continuous);
        double time = 0.6 * WeightVariance, mean = Kernel * Math.Exp(time);
        Near(mean * mean * (2 + (4 * time)), solution.V4[1][0], 1e-9);
        Near(mean * mean * 8 * (time + (time * time)), solution.Tensors["V4_1"][1][0], 1e-9);
        Near(Math.Pow(mean, 3) * (8 + (48 * time) + (48 * time * time)), solution.Tensors["V6"][1][0], 1e-9);
        Assert.Equal(0, solution.Tensors["K2"][1][0], 1e-9);
    }

    // A linear network on a combination of inputs is the network of one input with the kernel v K v.
    [Fact]
    public void Two_inputs_reduce_to_one_on_every_combination_of_them()
    {
        double[] kernel = [1.3, -0.4, 0.9];
        LayerParameters layer = new(1, 0.2, WeightVariance, 0);
        TheorySolution two = Solve("x", kernel, 2, layer, 12, Stepping.Discrete);
        IReadOnlyList<Indexed> components = CumulantTensors.Of(3, 0).ComponentsOver(2);
        Assert.Equal(10, components.Count);
        foreach (double[] v in new[] { new[] { 1.0, 0.7 }, [0.4, -1.3], [1.0, 1.0], [-0.2, 0.9] })
        {
            double reduced = (v[0] * v[0] * kernel[0]) + (2 * v[0] * v[1] * kernel[1]) + (v[1] * v[1] * kernel[2]);
            TheorySolution one = Solve("x", [reduced], 1, layer, 12, Stepping.Discrete);
            double contracted = 0;
            for (int indices = 0; indices < 64; indices++)
            {
                int[] bits = [.. Enumerable.Range(0, 6).Select(at => (indices >> at) & 1)];
                Indexed component = CumulantTensors.Of(3, 0)[[.. bits.Select(TensorIndex.Input)]];
                int place = Enumerable.Range(0, components.Count).Single(at => ReferenceEquals(components[at], component));
                contracted += two.Tensors["V6"][1][place] * bits.Aggregate(1.0, (product, bit) => product * v[bit]);
            }

            Near(one.Tensors["V6"][1][0], contracted, 1e-11);
        }
    }
}
