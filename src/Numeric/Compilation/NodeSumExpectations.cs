// Expectations as sums over the nodes of a Gauss-Hermite rule, in the convention of the published code:
//   off the diagonal   E[f(phi_a) g(phi_b)] ~ sum_pq w_p w_q f(sqrt(K_aa) x_p) g(sqrt(K_bb) (rho x_p + sqrt(1 - rho^2) x_q))
//   on the diagonal    E[f(phi_a) g(phi_a)] ~ sum_p  w_p     f(sqrt(K_aa) x_p) g(sqrt(K_aa) x_p)
// Off the diagonal the sum is not symmetric in its two inputs. f, on the unmixed node x_p, is the factor of the higher
// derivative of sigma: the published code has one table <sigma''_a sigma_b> and transposes it for <sigma_a sigma''_b>. Of
// equal derivatives it is the input of the lower number.
// A derivative with respect to kernel entries is the derivative *of that sum*, done symbolically on the summand. On the
// diagonal the sum is a function of K_aa alone: the slot derivatives K_aa, K_ab, K_bb of the general formula are then
// one variable, and their total is carried by the first slot, the others being 0.
//
// These sums have no error bound. At 32 nodes and K = 4 they miss tanh's poles and are wrong by far more than any
// plotted line; that is what they are here to show.

using System.Linq.Expressions;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>Expectations by a fixed Gauss-Hermite rule.</summary>
internal sealed class NodeSumExpectations : IExpectations
{
    private delegate void Summand(double x, double y, double first, double cross, double second, double weight, double[] sums);

    private static readonly Symbol X = Symbol.Of("x"), Y = Symbol.Of("y");
    private static readonly Symbol First = Symbol.Of("K_aa"), Cross = Symbol.Of("K_ab"), Second = Symbol.Of("K_bb");

    private readonly Activation _activation;
    private readonly int _inputs;
    private readonly double[] _nodes, _weights;
    private readonly List<PairAtoms> _pairs = [];
    private readonly Dictionary<(bool Diagonal, string Shape), Summand> _compiled = [];

    /// <summary>Prepares the sums for a list of atoms.</summary>
    /// <param name="activation">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="atoms">The expectations wanted.</param>
    /// <param name="nodes">Nodes x_p for the weight of the standard normal.</param>
    /// <param name="weights">Weights that add up to 1.</param>
    public NodeSumExpectations(Activation activation, int inputs, IReadOnlyList<ExpectationAtom> atoms, double[] nodes, double[] weights)
    {
        (_activation, _inputs, _nodes, _weights) = (activation, inputs, nodes, weights);
        foreach (var group in atoms.Select((atom, slot) => (atom, slot)).GroupBy(each => (Math.Min(each.atom.FirstInput, each.atom.SecondInput), Math.Max(each.atom.FirstInput, each.atom.SecondInput))).OrderBy(group => group.Key))
        {
            ExpectationAtom[] members = [.. group.Select(each => each.atom)];
            bool diagonal = group.Key.Item1 == group.Key.Item2;
            string shape = string.Join(';', members.Select(each => each with { FirstInput = 0, SecondInput = diagonal ? 0 : 1 }));
            if (!_compiled.TryGetValue((diagonal, shape), out Summand? summand))
                _compiled.Add((diagonal, shape), summand = Compile(members, diagonal));
            _pairs.Add(new(group.Key.Item1, group.Key.Item2, [.. group.Select(each => each.slot)], summand, new double[members.Length]));
        }
    }

    /// <inheritdoc/>
    public double? LargestRelativeError => null;

    /// <inheritdoc/>
    public IReadOnlyList<Unproved> Unproved => [Solving.Unproved.Nodes(_nodes.Length)];

    /// <inheritdoc/>
    public bool TryErrorBounds(Span<double> bounds) => false;

    /// <inheritdoc/>
    /// <exception cref="InvalidKernelException">Two inputs are proportional, or one is zero, where a derivative divides by their difference or its variance.</exception>
    public void Evaluate(ReadOnlySpan<double> kernel, Span<double> values)
    {
        for (int at = 0; at < _pairs.Count; at++)
        {
            PairAtoms pair = _pairs[at];
            double first = kernel[PairIndexing.Of(pair.First, pair.First, _inputs)];
            double cross = kernel[PairIndexing.Of(pair.First, pair.Second, _inputs)];
            double second = kernel[PairIndexing.Of(pair.Second, pair.Second, _inputs)];
            pair.Kernel = (first, cross, second);
            // Exchangeable inputs have the same three numbers: sum once.
            int twin = _pairs.FindIndex(0, at, other => ReferenceEquals(other.Summand, pair.Summand) && other.Kernel == pair.Kernel);
            if (twin >= 0)
                _pairs[twin].Sums.CopyTo(pair.Sums, 0);
            else
                Sum(pair);
            RequireDefined(pair);
            for (int member = 0; member < pair.Slots.Length; member++)
                values[pair.Slots[member]] = pair.Sums[member];
        }
    }

    // Derivatives by kernel entries divide by K and by 1 - rho^2, of a sum over nodes as of each of its terms.
    private static void RequireDefined(PairAtoms pair)
    {
        (double first, double cross, double second) = pair.Kernel;
        if (!Array.Exists(pair.Sums, sum => !double.IsFinite(sum)) || !double.IsFinite(first + cross + second))
            return;
        if (Math.Min(first, second) <= 0)
            throw new InvalidKernelException($"input {(first > 0 ? pair.Second : pair.First)} is zero, and derivatives of a sum over nodes divide by K; use certified, or leave this input out.");
        if (!(Math.Abs(cross) < Math.Sqrt(first * second)))
            throw new InvalidKernelException($"inputs {pair.First} and {pair.Second} are equal, opposite or proportional, and derivatives of a sum over nodes divide by 1 - rho^2; use certified, or leave one of them out.");
    }

    private void Sum(PairAtoms pair)
    {
        Array.Clear(pair.Sums);
        (double first, double cross, double second) = pair.Kernel;
        for (int p = 0; p < _nodes.Length; p++)
        {
            if (pair.First == pair.Second)
            {
                pair.Summand(_nodes[p], 0, first, first, first, _weights[p], pair.Sums);
                continue;
            }

            for (int q = 0; q < _nodes.Length; q++)
                pair.Summand(_nodes[p], _nodes[q], first, cross, second, _weights[p] * _weights[q], pair.Sums);
        }
    }

    private Summand Compile(ExpectationAtom[] members, bool diagonal)
    {
        SymbolicExpression correlation = Cross / Power.Of(First * Second, SymbolicExpression.Half);
        SymbolicExpression mixed = diagonal ? X : (correlation * X) + (Power.Of(1 - correlation.Pow(2), SymbolicExpression.Half) * Y);
        var outputs = new List<SymbolicExpression>();
        foreach (ExpectationAtom atom in members)
        {
            bool swapped = atom.FirstInput > atom.SecondInput;
            (int firstOrder, int secondOrder) = swapped ? (atom.SecondOrder, atom.FirstOrder) : (atom.FirstOrder, atom.SecondOrder);
            (int inFirst, int inSecond) = swapped ? (atom.InSecond, atom.InFirst) : (atom.InFirst, atom.InSecond);
            bool secondUnmixed = secondOrder > firstOrder;
            SymbolicExpression summand = At(firstOrder, First, secondUnmixed ? mixed : X) * At(secondOrder, diagonal ? First : Second, secondUnmixed ? X : mixed);
            if (diagonal && inSecond + atom.InCross > 0)
                summand = SymbolicExpression.Zero;
            foreach ((Symbol entry, int times) in new[] { (First, inFirst), (Cross, atom.InCross), (Second, inSecond) })
            {
                for (int count = 0; count < times; count++)
                    summand = summand.Differentiate(entry);
            }

            outputs.Add(summand);
        }

        ParameterExpression x = Linq.Parameter(typeof(double)), y = Linq.Parameter(typeof(double)), weight = Linq.Parameter(typeof(double));
        ParameterExpression first = Linq.Parameter(typeof(double)), cross = Linq.Parameter(typeof(double)), second = Linq.Parameter(typeof(double));
        ParameterExpression sums = Linq.Parameter(typeof(double[]));
        var lowering = new LinqLowering(outputs, node =>
            ReferenceEquals(node, X) ? x : ReferenceEquals(node, Y) ? y : ReferenceEquals(node, First) ? first : ReferenceEquals(node, Cross) ? cross : ReferenceEquals(node, Second) ? second : null);
        var results = new List<Linq>();
        for (int at = 0; at < outputs.Count; at++)
        {
            IndexExpression sum = Linq.ArrayAccess(sums, Linq.Constant(at));
            results.Add(Linq.Assign(sum, Linq.Add(sum, Linq.Multiply(weight, lowering.Lower(outputs[at])))));
        }

        BlockExpression body = Linq.Block(lowering.Locals, [.. lowering.Assignments, .. results, Linq.Empty()]);
        return Linq.Lambda<Summand>(body, x, y, first, cross, second, weight, sums).Compile();

        SymbolicExpression At(int order, Symbol variance, SymbolicExpression node) =>
            _activation.Derivative(order).Substitute(Activation.Variable, Power.Of(variance, SymbolicExpression.Half) * node);
    }

    private sealed class PairAtoms(int first, int second, int[] slots, Summand summand, double[] sums)
    {
        public int First { get; } = first;

        public int Second { get; } = second;

        public int[] Slots { get; } = slots;

        public Summand Summand { get; } = summand;

        public double[] Sums { get; } = sums;

        public (double First, double Cross, double Second) Kernel { get; set; }
    }
}
