// The levels that a program of layers is made of, each from its law as it was derived elsewhere:
//   rows of a field, and the next kernel of one that is updated     BlockLaw: all conditional cumulants of G' in G and the row covariance
//   the kernel of a field after an RMS norm                         NormDerivation, a function of G
//   x of neurons that are independent given the covariance of rows  cumulants of their mean are those of one neuron, by set partitions
//   rows of a dense layer, sums of outputs                          linear

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>Makes levels, at the values of what they read; all are over pairs of inputs.</summary>
/// <param name="inputs">N.</param>
/// <param name="power">The highest power of 1/n.</param>
internal sealed class KernelLaws(int inputs, int power)
{
    private static readonly Symbol Gain = Symbol.Of("gain"), Epsilon = Symbol.Of("delta");

    private readonly Dictionary<string, NeuronMeans> _means = new(StringComparer.Ordinal);
    private readonly Expression?[] _block = new Expression?[power + 1];
    private readonly IReadOnlyList<InputPair> _pairs = PairIndexing.All(inputs);

    /// <summary>N.</summary>
    public int Inputs => inputs;

    /// <summary>To which share of their size the grids agree that were used so far.</summary>
    public double Accuracy => _means.Values.Select(each => each.Accuracy).DefaultIfEmpty(0).Max();

    /// <summary>G of skip phi + step u, from G of phi, where there is one, and the covariance of the rows u after it.</summary>
    /// <param name="skip">skip; 0 where only the covariance is read.</param>
    /// <param name="step">step.</param>
    /// <param name="width">r of phi.</param>
    /// <param name="at">The values that are read.</param>
    public Level Updated(double skip, double step, double width, double[] at)
    {
        int rows = skip == 0 ? 0 : _pairs.Count;
        return new(_pairs.Count, at.Length, power, (legs, degree) =>
        {
            Dictionary<TensorIndex, int> input = [];
            foreach ((int leg, (TensorIndex first, TensorIndex second)) in legs.Zip(CumulantTensors.Pairs(legs.Length)))
                (input[first], input[second]) = (_pairs[leg].First, _pairs[leg].Second);
            TaylorPolynomial Component(Indexed tensor, int offset)
            {
                int variable = offset + PairIndexing.Of(input[tensor.Indices[0]], input[tensor.Indices[1]], inputs);
                return TaylorPolynomial.Variable(variable, at[variable], degree);
            }

            TaylorPolynomial law = TaylorPolynomial.Of(
                _block[legs.Length - 1] ??= BlockLaw.Derive().Cumulant(CumulantTensors.Pairs(legs.Length)),
                atom => atom == Notation.Skip ? TaylorPolynomial.Constant(skip, degree)
                    : atom == Notation.Step ? TaylorPolynomial.Constant(step, degree)
                    : atom is not Indexed tensor ? null
                    : tensor.Tensor == Notation.RowCovariance ? Component(tensor, rows)
                    : skip == 0 ? TaylorPolynomial.Constant(0, degree) : Component(tensor, 0),
                degree);
            return Math.Pow(width, 1 - legs.Length) * law;
        });
    }

    /// <summary>The kernel after an RMS norm.</summary>
    /// <param name="gain">gain.</param>
    /// <param name="epsilon">epsilon.</param>
    /// <param name="at">The kernel.</param>
    public Level Normed(double gain, double epsilon, double[] at) => Certain(at.Length, (pair, degree) =>
    {
        TaylorPolynomial Kernel(int first, int second)
        {
            int variable = PairIndexing.Of(first, second, inputs);
            return TaylorPolynomial.Variable(variable, at[variable], degree);
        }

        (int a, int b) = _pairs[pair];
        return TaylorPolynomial.Of(
            new NormDerivation("", Gain, Epsilon).Scaled,
            atom => atom == Gain ? TaylorPolynomial.Constant(gain, degree)
                : atom == Epsilon ? TaylorPolynomial.Constant(epsilon, degree)
                : atom == NormDerivation.Kaa ? Kernel(a, a)
                : atom == NormDerivation.Kbb ? Kernel(b, b)
                : atom == NormDerivation.Kab ? Kernel(a, b)
                : null,
            degree);
    });

    /// <summary>The mean over neurons of x_a x_b, of what a stage makes of rows.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="width">r of the rows.</param>
    /// <param name="at">Their covariance.</param>
    public Level Averaged(BranchStage stage, double width, double[] at)
    {
        NeuronMeans function = MeansOf(stage.Activation ?? BranchDerivation.Identity), factor = MeansOf(BranchDerivation.Identity);
        function.Use(at);
        factor.Use(at);
        return new(_pairs.Count, at.Length, power, (legs, degree) => Math.Pow(width, 1 - legs.Length) * SetPartitions.All(legs.Length).Select(blocks =>
        {
            // Cumulants in moments: (-1)^(b-1) (b-1)! for b blocks.
            double sign = Enumerable.Range(1, blocks.Count - 1).Aggregate(1.0, (product, each) => -each * product);
            return sign * blocks.Select(block => Moment([.. block.SelectMany(leg => new[] { _pairs[legs[leg]].First, _pairs[legs[leg]].Second })], degree)).Aggregate((left, right) => left * right);
        }).Aggregate((left, right) => left + right));

        TaylorPolynomial Moment(int[] factors, int degree)
        {
            TaylorPolynomial moment = function.Of(factors, degree);
            if (stage.IsGate)
                moment *= factor.Of(factors, degree);
            // mu^k = mu: a mask for each input, or one.
            int masks = stage.IsMaskShared ? 1 : factors.Distinct().Count();
            return stage.Keep == 1 ? moment : Math.Pow(stage.Keep, masks - factors.Length) * moment;
        }
    }

    /// <summary>The covariance of the rows of a dense layer.</summary>
    /// <param name="stage">Its stage.</param>
    /// <param name="at">The mean over neurons of x_a x_b.</param>
    public Level Rows(BranchStage stage, double[] at)
    {
        IReadOnlyList<int> taps = stage.Taps.Count == 0 ? [0] : stage.Taps;
        return Certain(at.Length, (pair, degree) => taps.Select(tap =>
        {
            int moved = PairIndexing.Of((_pairs[pair].First + tap + inputs) % inputs, (_pairs[pair].Second + tap + inputs) % inputs, inputs);
            return (stage.WeightVariance / taps.Count) * TaylorPolynomial.Variable(moved, at[moved], degree);
        }).Aggregate(TaylorPolynomial.Constant(stage.BiasVariance, degree), (sum, term) => sum + term));
    }

    /// <summary>The covariance of the sum of outputs, times a step.</summary>
    /// <param name="step">step.</param>
    /// <param name="at">The covariances.</param>
    public Level Added(double step, double[] at) => Certain(at.Length, (pair, degree) => step * step * Enumerable.Range(0, at.Length / _pairs.Count)
        .Select(branch => TaylorPolynomial.Variable((branch * _pairs.Count) + pair, at[(branch * _pairs.Count) + pair], degree)).Aggregate((left, right) => left + right));

    // A function of what is read, with no noise of its own.
    private Level Certain(int reads, Func<int, int, TaylorPolynomial> function) => new(_pairs.Count, reads, power, (legs, degree) => legs.Length > 1 ? null : function(legs[0], degree));

    private NeuronMeans MeansOf(Symbolic.Functions.ActivationDefinition function)
    {
        if (!_means.TryGetValue(function.Text, out NeuronMeans? known))
            _means.Add(function.Text, known = new(function, inputs, LevelEquation.HighestDegree(power, 1)));
        return known;
    }
}
