using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Tests.Closures;

/// <summary>
/// The formulas that a document prints, evaluated as they stand by a reader who has nothing else: each right side in numbers, its letters the inputs, its expectations by Gauss and Hermite.
/// What is printed is complete, and it is what the solver solves.
/// </summary>
public sealed class PrintedEquationsTests
{
    private const int Depth = 4;

    private static readonly Activation Sigma = Activation.Parse("sin(x) + x^2/5");

    [Theory]
    [InlineData("g-only", 1)]
    [InlineData("g-only", 0)]
    [InlineData("g-connected", 0.9)]
    [InlineData("hermite(1)", 0.9)]
    [InlineData("hermite(3)", 0.9)]
    [InlineData("hermite(4)", 0.9)]
    [InlineData("hermite(4)", 0)]
    public void ADocumentIsReadAsTheSolverSolves(string closure, double skip)
    {
        (IReadOnlyList<DerivationStep> steps, LayerParameters layer, TheorySolution solution) = Solve(closure, DepthForm.Discrete, skip, 0.7);
        foreach (IReadOnlyList<DerivationStep> read in Readings(steps))
        {
            var reader = new Reader(read, layer);
            Dictionary<string, double> state = reader.AtDepthZero(Kernel);
            for (int at = 0; at <= Depth; at++)
            {
                AssertSame(solution, at, reader, state, 1e-11);
                state = reader.Next(state);
            }
        }
    }

    [Theory]
    [InlineData("g-only")]
    [InlineData("g-connected")]
    [InlineData("hermite(3)")]
    [InlineData("hermite(4)")]
    public void SoItIsInDepthTime(string closure)
    {
        (IReadOnlyList<DerivationStep> steps, LayerParameters layer, TheorySolution solution) = Solve(closure, DepthForm.Continuous, 1, 0.2);
        foreach (IReadOnlyList<DerivationStep> read in Readings(steps))
        {
            var reader = new Reader(read, layer);
            Dictionary<string, double> state = reader.AtDepthZero(Kernel);
            for (int at = 0; at <= Depth; at++)
            {
                AssertSame(solution, at, reader, state, 1e-8);
                state = reader.After(state, layer.Step * layer.Step);
            }
        }
    }

    // What says the same twice is read in both ways: the last formula of a quantity is the one that is taken.
    private static IEnumerable<IReadOnlyList<DerivationStep>> Readings(IReadOnlyList<DerivationStep> steps) =>
        steps[^1].Title == "Compact form" ? [steps, [.. steps.SkipLast(1)]] : [steps];

    private static readonly double[] Kernel = [1.2, 0.5, 0.8];

    private static (IReadOnlyList<DerivationStep> Steps, LayerParameters Layer, TheorySolution Solution) Solve(string closure, DepthForm form, double skip, double step)
    {
        LayerParameters layer = new(skip, step, 1.3, 0.2);
        Network network = Networks.Of(Sigma, layer, 2, Kernel, Depth, [0, 1, 2, 3, Depth]);
        IClosure parsed = ClosureRegistry.Parse(closure);
        return (ClosureDerivation.Of(parsed, form).Steps, layer, ClosureSolver.Solve(network, parsed, form == DepthForm.Discrete ? Stepping.Discrete : Stepping.Continuous));
    }

    private static void AssertSame(TheorySolution solution, int at, Reader reader, Dictionary<string, double> state, double tolerance)
    {
        int[][] pairs = [[0, 0], [0, 1], [1, 1]];
        for (int p = 0; p < 3; p++)
        {
            Near(solution.K0[at][p], Notation.MeanKernel, pairs[p]);
            Near(solution.K1[at][p], Notation.MeanCorrection, pairs[p]);
            Near(solution.U1[at][p], Notation.SigmaCorrection, pairs[p]);
            Near(solution.E2[at][p], Notation.MeanSigmaKernel, pairs[p]);
            for (int q = p; q < 3; q++)
            {
                Near(solution.V4[at][PairIndexing.Of(p, q, 3)], Notation.Covariance, [.. pairs[p], .. pairs[q]]);
                Near(solution.SourceOnlyV4[at][PairIndexing.Of(p, q, 3)], Notation.SourceOnlyCovariance, [.. pairs[p], .. pairs[q]]);
            }
        }

        void Near(double expected, Tensor tensor, int[] inputs) =>
            Assert.InRange((reader.Value(state, tensor, inputs) - expected) / (1 + Math.Abs(expected)), -tolerance, tolerance);
    }

    private sealed class Reader
    {
        private static readonly GaussHermiteRule Rule = GaussHermiteRule.Of(40);

        private readonly Dictionary<string, (Indexed Left, Expression Right)> _plain = [], _evolved = [], _initial = [];
        private readonly LayerParameters _layer;

        public Reader(IReadOnlyList<DerivationStep> steps, LayerParameters layer)
        {
            _layer = layer;
            foreach (DerivedFormula formula in steps.SelectMany(step => step.Formulas))
            {
                if (formula.Left.Operands is not [Indexed left]) continue;
                Dictionary<string, (Indexed, Expression)>? table = formula.Left.Kind switch
                {
                    HeadKind.Plain => _plain,
                    // Equations of paths are for the eye: their covariances are written out.
                    HeadKind.NextLayer or HeadKind.TimeDerivative when left.Tensor != Notation.Fluctuation && left.Tensor != Notation.Preactivation && !left.Tensor.Name.StartsWith("xi", StringComparison.Ordinal) => _evolved,
                    HeadKind.AtDepthZero => _initial,
                    _ => null,
                };
                if (table is not null) table[left.Tensor.Name] = (left, formula.Right);
            }
        }

        public Dictionary<string, double> AtDepthZero(double[] kernel)
        {
            var state = new Dictionary<string, double>();
            foreach (int[] inputs in Components(2)) state[Name(Notation.MeanKernel, inputs)] = kernel[inputs.Sum()];
            // Means of order 1/n vanish, as the document says.
            return Filled(component => component.Tensor == Notation.MeanKernel ? kernel[component.Inputs.Sum()]
                : _initial.TryGetValue(component.Tensor.Name, out var formula) ? Evaluated(state, formula, component.Inputs) : 0);
        }

        public Dictionary<string, double> Next(Dictionary<string, double> state) => Filled(component => Evaluated(state, _evolved[component.Tensor.Name], component.Inputs));

        /// <summary>By the classical rule of order 4, in two steps.</summary>
        public Dictionary<string, double> After(Dictionary<string, double> state, double time)
        {
            for (int half = 0; half < 2; half++)
            {
                double step = time / 2;
                Dictionary<string, double> begin = Next(state), first = Next(Moved(state, begin, step / 2)), second = Next(Moved(state, first, step / 2)), end = Next(Moved(state, second, step));
                state = Moved(Moved(Moved(Moved(state, begin, step / 6), first, step / 3), second, step / 3), end, step / 6);
            }

            return state;
        }

        public double Value(Dictionary<string, double> state, Tensor tensor, int[] inputs)
        {
            if (state.TryGetValue(Name(tensor, inputs), out double value)) return value;
            Assert.True(_plain.TryGetValue(tensor.Name, out var formula), $"{tensor.Name} is printed nowhere.");
            return state[Name(tensor, inputs)] = Evaluated(state, formula, inputs);
        }

        private static Dictionary<string, double> Moved(Dictionary<string, double> state, Dictionary<string, double> rate, double time) =>
            state.Where(entry => rate.ContainsKey(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value + (time * rate[entry.Key]));

        private Dictionary<string, double> Filled(Func<(Tensor Tensor, int[] Inputs), double> value) => (
            from formula in _evolved.Values
            from inputs in Components(formula.Left.Indices.Length)
            select (formula.Left.Tensor, Inputs: inputs)).ToDictionary(component => Name(component.Tensor, component.Inputs), value);

        private static IEnumerable<int[]> Components(int indices) => Enumerable.Range(0, 1 << indices).Select(bits => Enumerable.Range(0, indices).Select(at => (bits >> at) & 1).ToArray());

        private static string Name(Tensor tensor, int[] inputs) => $"{tensor.Name}_{string.Join(',', inputs)}";

        private double Evaluated(Dictionary<string, double> state, (Indexed Left, Expression Right) formula, int[] inputs)
        {
            var table = new Dictionary<TensorIndex, int>();
            for (int at = 0; at < inputs.Length; at++) table[formula.Left.Indices[at]] = inputs[at];
            return formula.Right.Evaluate(formula.Right.Nodes().Where(node => node is Indexed or GaussianMean or Symbol).Distinct().ToDictionary(node => node, Of));

            double Of(Expression atom) => atom switch
            {
                Indexed indexed => Value(state, indexed.Tensor, [.. indexed.Indices.ToArray().Select(index => table[index])]),
                GaussianMean mean => MeanOf(state, mean, [.. mean.Indices.ToArray().Select(index => table[index])]),
                _ when atom == Notation.Skip => _layer.Skip,
                _ when atom == Notation.Step => _layer.Step,
                _ when atom == Notation.WeightVariance => _layer.WeightVariance,
                _ when atom == Notation.BiasVariance => _layer.BiasVariance,
                // A variable of an expectation has no value outside of it, and none is asked for.
                _ => double.NaN,
            };
        }

        private double MeanOf(Dictionary<string, double> state, GaussianMean mean, int[] slots)
        {
            Assert.Empty(mean.Derivatives.ToArray());
            string name = $"{mean.Body} at {string.Join(',', slots)}";
            return state.TryGetValue(name, out double known) ? known : state[name] = Mean(mean.Body, slots, (a, b) => Value(state, mean.Kernel, [a, b]));
        }

        // Over x = sqrt(K_00) u and y = (K_01 u + sqrt(det K) v)/sqrt(K_00).
        private static double Mean(Expression body, int[] slots, Func<int, int, double> kernel)
        {
            double k00 = kernel(0, 0), k01 = kernel(0, 1), root = Math.Sqrt((k00 * kernel(1, 1)) - (k01 * k01)), sum = 0;
            Func<double, double, double> integrand = Integrand(body);
            for (int i = 0; i < Rule.Nodes.Length; i++)
            {
                for (int j = 0; j < Rule.Nodes.Length; j++)
                {
                    double x = Math.Sqrt(k00) * Rule.Nodes[i], y = ((k01 * Rule.Nodes[i]) + (root * Rule.Nodes[j])) / Math.Sqrt(k00);
                    sum += Rule.Weights[i] * Rule.Weights[j] * integrand(slots[0] == 0 ? x : y, slots[^1] == 0 ? x : y);
                }
            }

            return sum;
        }

        private static Func<double, double, double> Integrand(Expression body) => ScalarCompiler.Compile(
            body.Rewrite(node => node is Call { Function: ActivationFunction function } call ? Sigma.Derivative(function.Order).Substitute(Activation.Variable, call.Operands[0]) : null),
            GaussianMean.Slot(0), GaussianMean.Slot(1));
    }
}
