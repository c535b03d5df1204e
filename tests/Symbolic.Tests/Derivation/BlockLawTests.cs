using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Notation;

namespace SymbolicEft.Symbolic.Tests.Derivation;

public class BlockLawTests
{
    private static readonly BlockLaw Law = BlockLaw.Derive();
    private static readonly TensorIndex E = TensorIndex.Input("e"), F = TensorIndex.Input("f"), G = TensorIndex.Input("g"), H = TensorIndex.Input("h");

    [Fact]
    public void Rows_of_the_increment_have_covariance_bias_plus_weights_times_the_sigma_kernel() =>
        Assert.Same(BiasVariance + (WeightVariance * SigmaKernel[A, B]), Law.RowCovariance);

    [Fact]
    public void The_conditional_mean_is_that_of_the_definition() =>
        Assert.Same((Skip.Pow(2) * Kernel[A, B]) + (Step.Pow(2) * RowCovariance[A, B]), Law.Cumulant((A, B)));

    [Fact]
    public void The_conditional_covariance_has_the_four_open_and_two_closed_terms()
    {
        Expression open = (Kernel[A, C] * RowCovariance[B, D]) + (Kernel[A, D] * RowCovariance[B, C]) + (Kernel[B, C] * RowCovariance[A, D]) + (Kernel[B, D] * RowCovariance[A, C]);
        Expression closed = (RowCovariance[A, C] * RowCovariance[B, D]) + (RowCovariance[A, D] * RowCovariance[B, C]);
        Expression expected = (Skip.Pow(2) * Step.Pow(2) * open) + (Step.Pow(4) * closed);
        Assert.Same(expected.Expand(), Law.Cumulant((A, B), (C, D)));
    }

    // ln E[exp tr(J G')] = -(n/2) ln det(1 - (2 eps^2/n) Q J) + alpha^2 tr(J (1 - (2 eps^2/n) Q J)^-1 G), expanded by hand of matrices:
    // the derivative by t_1 ... t_m of J = sum_k t_k (e_a e_b^T + e_b e_a^T)/2 is
    //   (2 eps^2/n)^m n/(2m) sum_perm tr(Q J_1 ... Q J_m) + alpha^2 (2 eps^2/n)^(m-1) sum_perm tr(J_1 Q J_2 ... Q J_m G).
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Cumulants_are_the_expansion_of_the_generating_function(int order)
    {
        const int inputs = 3;
        const double alpha = 0.7, eps = 0.3, n = 11;
        var random = new Random(20260421 + order);
        double[,] kernel = Symmetric(random, inputs), rows = Symmetric(random, inputs);
        TensorIndex[] letters = [A, B, C, D, E, F, G, H];
        Expression cumulant = Law.Cumulant([.. Enumerable.Range(0, order).Select(k => (letters[2 * k], letters[(2 * k) + 1]))]);
        for (int trial = 0; trial < 12; trial++)
        {
            int[] at = [.. Enumerable.Range(0, 2 * order).Select(_ => random.Next(inputs))];
            double[][,] sources = [.. Enumerable.Range(0, order).Select(k => Drive(inputs, at[2 * k], at[(2 * k) + 1]))];
            double expected = 0;
            foreach (int[] permutation in Permutations(order))
            {
                double[,] loop = Unit(inputs), chain = sources[permutation[0]];
                foreach (int k in permutation)
                    loop = Times(loop, Times(rows, sources[k]));
                foreach (int k in permutation.Skip(1))
                    chain = Times(chain, Times(rows, sources[k]));
                expected += (Math.Pow(2 * eps * eps / n, order) * n / (2 * order) * Trace(loop))
                    + (alpha * alpha * Math.Pow(2 * eps * eps / n, order - 1) * Trace(Times(chain, kernel)));
            }

            var atoms = new Dictionary<Expression, double> { [Skip] = alpha, [Step] = eps };
            Expression definite = cumulant.Rename(Enumerable.Range(0, 2 * order).ToDictionary(k => letters[k], k => TensorIndex.Input(at[k])));
            for (int a = 0; a < inputs; a++)
            {
                for (int b = a; b < inputs; b++)
                {
                    atoms[Kernel[TensorIndex.Input(a), TensorIndex.Input(b)]] = kernel[a, b];
                    atoms[RowCovariance[TensorIndex.Input(a), TensorIndex.Input(b)]] = rows[a, b];
                }
            }

            double derived = definite.Evaluate(atoms) / Math.Pow(n, order - 1);
            Assert.Equal(expected, derived, 1e-12 * Math.Max(1, Math.Abs(expected)));
        }
    }

    private static double[,] Symmetric(Random random, int size)
    {
        var matrix = new double[size, size];
        for (int a = 0; a < size; a++)
        {
            for (int b = a; b < size; b++)
                matrix[a, b] = matrix[b, a] = random.NextDouble();
        }

        return matrix;
    }

    private static double[,] Drive(int size, int a, int b)
    {
        var matrix = new double[size, size];
        matrix[a, b] += 0.5;
        matrix[b, a] += 0.5;
        return matrix;
    }

    private static double[,] Unit(int size)
    {
        var matrix = new double[size, size];
        for (int a = 0; a < size; a++)
            matrix[a, a] = 1;
        return matrix;
    }

    private static double[,] Times(double[,] left, double[,] right)
    {
        int size = left.GetLength(0);
        var product = new double[size, size];
        for (int a = 0; a < size; a++)
        {
            for (int b = 0; b < size; b++)
            {
                for (int c = 0; c < size; c++)
                    product[a, b] += left[a, c] * right[c, b];
            }
        }

        return product;
    }

    private static double Trace(double[,] matrix) => Enumerable.Range(0, matrix.GetLength(0)).Sum(a => matrix[a, a]);

    private static IEnumerable<int[]> Permutations(int count)
    {
        if (count == 0)
            return [[]];
        return Permutations(count - 1).SelectMany(shorter => Enumerable.Range(0, count).Select(place => (int[])[.. shorter[..place], count - 1, .. shorter[place..]]));
    }
}
