using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Notation;

namespace SymbolicEft.Numeric.Tests.Solving;

// Equations in the letters of inputs, compiled, against loops over the letters written by hand.
public class ElementwiseEquationTests
{
    private const int Inputs = 3, Pairs = 6;
    private static readonly Tensor Vector = new("x", "x", 1), Square = new("y", "y", 2);
    private static readonly IReadOnlyList<InputPair> All = PairIndexing.All(Inputs);
    private static readonly Random Random = new(4);
    private static readonly double[] K = Draw(Pairs), Q = Draw(Pairs), X = Draw(Pairs), Y = Draw(Pairs * Pairs);

    [Fact]
    public void Of_one_pair_tensors_are_in_letters_or_of_the_pair()
    {
        // With a delta, a power, and a sum that is no product of tensors.
        Expression right = BiasVariance + (WeightVariance * Vector[MomentLetters.P])
            + (Skip.Pow(2) * KroneckerDelta.Of(A, B) * MeanRowCovariance[A, B] * Power.Of(MeanKernel[A, A] + Step, -Expression.Half));
        foreach (Indexed left in new[] { MeanKernel[A, B], new Tensor("z", "z", 1)[MomentLetters.P] })
        {
            double[] values = Evaluate(left, right, new(0.9, 0.3, 1.7, 0.2));
            Assert.Equal(Pairs, values.Length);
            for (int p = 0; p < Pairs; p++)
                Near(0.2 + (1.7 * X[p]) + (All[p].IsDiagonal ? 0.81 * Q[p] / Math.Sqrt(K[p] + 0.3) : 0), values[p]);
        }
    }

    [Fact]
    public void Of_two_pairs_letters_and_pairs_may_be_in_any_order()
    {
        TensorIndex p = MomentLetters.P, q = MomentLetters.Q;
        Expression right = (2 * Step.Pow(4) * ((MeanKernel[A, C] * MeanRowCovariance[B, D]) + (MeanKernel[A, D] * MeanRowCovariance[B, C])))
            - (Skip * Square[q, p]) + (Square[p, q] * Vector[q] * Vector[p].Pow(2)) + (MeanKernel[A, C].Pow(2) * KroneckerDelta.Of(B, D));
        // Other numbers of the layer, then the first again.
        foreach (double step in new[] { 0.3, 1.1, 0.3 })
        {
            double[] values = Evaluate(new Tensor("z", "z", 2)[p, q], right, new(0.9, step, 1.7, 0.2));
            for (int at = 0; at < Pairs * Pairs; at++)
            {
                (int left, int other) = (at / Pairs, at % Pairs);
                ((int a, int b), (int c, int d)) = (All[left], All[other]);
                double ac = K[Of(a, c)], expected = 2 * Math.Pow(step, 4) * ((ac * Q[Of(b, d)]) + (K[Of(a, d)] * Q[Of(b, c)]))
                    - (0.9 * Y[(other * Pairs) + left]) + (Y[at] * X[other] * X[left] * X[left]) + (b == d ? ac * ac : 0);
                Near(expected, values[at]);
            }
        }
    }

    private static double[] Evaluate(Indexed left, Expression right, LayerParameters layer)
    {
        var equation = new ElementwiseEquation(left, right, new IndexRanges(Inputs, []));
        // Tensors and the result lie anywhere in their arrays.
        double[] result = Draw(equation.Length + 5);
        TensorValues[] given = [.. equation.Tensors.Select(tensor => tensor is null ? default : new TensorValues([7, 7, .. tensor.Tensor.Name switch { "x" => X, "y" => Y, "K0" => K, _ => Q }], 2))];
        double before = result[4];
        equation.Evaluate(layer, given, new(result, 5));
        Assert.Equal(before, result[4]);
        return result[5..];
    }

    private static int Of(int a, int b) => PairIndexing.Of(a, b, Inputs);

    private static double[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => 0.5 + Random.NextDouble())];

    private static void Near(double expected, double value) => Assert.Equal(expected, value, 1e-14 * (1 + Math.Abs(expected)));
}
