using System.Linq.Expressions;
using System.Numerics;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>One function of a plan, compiled. Its helper arrays belong to it: not for several threads at once.</summary>
internal sealed class LoopProgram : ITensorProgram
{
    private delegate void Kernel(double[] parameters, double[] expectations, double[] variables, double[] output, int first, int end);

    // Below this many passes through a body, starting threads costs more than they save.
    private const long PassesWorthThreads = 200_000;

    private readonly (Kernel Kernel, bool Parallel)[] _kernels;
    private readonly int _inputs;

    private LoopProgram(TensorLayout output, (Kernel Kernel, bool Parallel)[] kernels) => (Output, _kernels, _inputs) = (output, kernels, output.Inputs);

    /// <inheritdoc/>
    public TensorLayout Output { get; }

    /// <summary>Compiles a section of a plan.</summary>
    /// <param name="section">The function.</param>
    /// <param name="variables">The layout of the vector that it reads.</param>
    /// <param name="output">The layout of what it fills.</param>
    /// <param name="expectations">Where each array of expectations stands in the vector of expectations.</param>
    public static LoopProgram Compile(CodeSection section, TensorLayout variables, TensorLayout output, IReadOnlyDictionary<string, int[]> expectations)
    {
        var helpers = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        foreach (Assignment line in section.Helpers.SelectMany(block => block.Outputs))
            helpers.Add(((Indexed)line.Left).Tensor.Name, new double[variables.Inputs * variables.Inputs]);
        var scope = new LoopScope(section.Scalars, variables, output, expectations, helpers);
        long passes = output.Blocks.Count == 0 ? 0 : output.Blocks.Max(block => (long)block.Count);
        return new(output, [
            .. section.Helpers.Select(block => (scope.Compile<Kernel>(block), false)),
            .. section.Outputs.Select(block => (scope.Compile<Kernel>(block), block.Shape.HasTwoPairs && passes >= PassesWorthThreads))]);
    }

    /// <inheritdoc/>
    public void Run(double[] parameters, double[] expectations, double[] variables, double[] output)
    {
        foreach ((Kernel kernel, bool parallel) in _kernels)
        {
            if (parallel)
                Split(kernel, parameters, expectations, variables, output);
            else
                kernel(parameters, expectations, variables, output, 0, _inputs);
        }
    }

    private void Split(Kernel kernel, double[] parameters, double[] expectations, double[] variables, double[] output) =>
        Parallel.For(0, _inputs, a => kernel(parameters, expectations, variables, output, a, a + 1));
}

/// <summary>What the loops of one function see: parameters, packed vectors, helper arrays.</summary>
/// <param name="scalars">Products of parameters, computed before the loops.</param>
/// <param name="variables">The vector that is read.</param>
/// <param name="output">The vector that is filled.</param>
/// <param name="expectations">Slots of the expectations.</param>
/// <param name="helpers">Helper arrays, N x N.</param>
internal sealed class LoopScope(
    IReadOnlyList<Assignment> scalars, TensorLayout variables, TensorLayout output, IReadOnlyDictionary<string, int[]> expectations, IReadOnlyDictionary<string, double[]> helpers)
{
    private readonly int _inputs = variables.Inputs;
    private readonly int[] _pairOf = [.. from a in Enumerable.Range(0, variables.Inputs) from b in Enumerable.Range(0, variables.Inputs) select PairIndexing.Of(a, b, variables.Inputs)];

    // Row p of an upper triangle over pairs begins at rowOf[p] + p.
    private readonly int[] _rowOf = [.. Enumerable.Range(0, PairIndexing.Count(variables.Inputs)).Select(p => (p * PairIndexing.Count(variables.Inputs)) - (p * (p + 1) / 2))];

    public TKernel Compile<TKernel>(LoopBlock block)
        where TKernel : Delegate => new Nest(this, block).Compile<TKernel>();

    private sealed class Nest
    {
        private readonly LoopScope _scope;
        private readonly LoopBlock _block;
        private readonly ParameterExpression[] _arguments;
        private readonly ParameterExpression _first = Linq.Parameter(typeof(int), "first"), _end = Linq.Parameter(typeof(int), "end");
        private readonly ParameterExpression _pairs = Linq.Variable(typeof(int[]), "pairOf"), _rows = Linq.Variable(typeof(int[]), "rowOf");
        private readonly List<ParameterExpression> _locals = [];
        private readonly List<Linq> _before = [];
        private readonly Dictionary<TensorIndex, (ParameterExpression Variable, int Level)> _letters = [];
        private readonly List<Linq>[] _levels;
        private readonly Dictionary<(TensorIndex, TensorIndex), ParameterExpression> _knownPairs = [];
        private readonly Dictionary<SymbolicExpression, Linq> _known = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<object, ParameterExpression> _arrays = new(ReferenceEqualityComparer.Instance);

        public Nest(LoopScope scope, LoopBlock block)
        {
            (_scope, _block) = (scope, block);
            _arguments = [.. Enumerable.Range(0, 4).Select(_ => Linq.Parameter(typeof(double[])))];
            for (int at = 0; at < block.Shape.Letters.Count; at++)
                _letters.Add(block.Shape.Letters[at], (Local(typeof(int)), at));
            _levels = [.. block.Shape.Letters.Select(_ => new List<Linq>())];
            _locals.AddRange([_pairs, _rows]);
            _before.Add(Linq.Assign(_pairs, Linq.Constant(scope._pairOf)));
            _before.Add(Linq.Assign(_rows, Linq.Constant(scope._rowOf)));
        }

        public TKernel Compile<TKernel>()
            where TKernel : Delegate
        {
            List<Linq> innermost = _levels[^1];
            foreach (Assignment line in _block.Locals)
            {
                Linq value = Lower(line.Value);
                ParameterExpression local = Local(typeof(double));
                innermost.Add(Linq.Assign(local, value));
                _known.Add(line.Left, local);
            }

            foreach (Assignment line in _block.Outputs)
            {
                Linq value = Lower(line.Value);
                ParameterExpression local = Local(typeof(double));
                innermost.Add(Linq.Assign(local, value));
                Store((Indexed)line.Left, local, innermost);
            }

            Linq body = Linq.Empty();
            for (int at = _levels.Length - 1; at >= 0; at--)
                body = Loop(at, Linq.Block([.. _levels[at], body]));
            return Linq.Lambda<TKernel>(Linq.Block(_locals, [.. _before, body, Linq.Empty()]), [.. _arguments, _first, _end]).Compile();
        }

        private Linq Loop(int at, Linq body)
        {
            IReadOnlyList<TensorIndex> letters = _block.Shape.Letters;
            ParameterExpression variable = _letters[letters[at]].Variable;
            Linq Letter(int which) => _letters[letters[which]].Variable;
            Linq start = _block.Shape.StartOf(at) switch
            {
                LoopStart.First => Letter(0),
                LoopStart.Third => Letter(2),
                LoopStart.SecondPairInOrder => Linq.Condition(Linq.Equal(Letter(2), Letter(0)), Letter(1), Letter(2)),
                _ => at == 0 ? _first : Linq.Constant(0),
            };
            LabelTarget leave = Linq.Label();
            return Linq.Block(
                Linq.Assign(variable, start),
                Linq.Loop(
                    Linq.Block(
                        Linq.IfThen(Linq.GreaterThanOrEqual(variable, at == 0 ? _end : Linq.Constant(_scope._inputs)), Linq.Break(leave)),
                        body,
                        Linq.PreIncrementAssign(variable)),
                    leave));
        }

        private void Store(Indexed left, Linq value, List<Linq> lines)
        {
            if (_scope.Helper(left.Tensor) is { } array)
            {
                Linq target = ArrayOf(array);
                (TensorIndex a, TensorIndex b) = (left.Indices[0], left.Indices[1]);
                lines.Add(Linq.Assign(Linq.ArrayAccess(target, Square(a, b)), value));
                if (_block.Shape.Symmetry == TensorSymmetry.Symmetric) lines.Add(Linq.Assign(Linq.ArrayAccess(target, Square(b, a)), value));
                return;
            }

            lines.Add(Linq.Assign(Linq.ArrayAccess(_arguments[3], Place(_scope.OutputBlock(left.Tensor), left)), value));
        }

        private Linq Lower(SymbolicExpression node)
        {
            if (_known.TryGetValue(node, out Linq? known)) return known;
            return node switch
            {
                Number number => Linq.Constant(number.Value.ToDouble()),
                Constant constant => Linq.Constant(constant.Value),
                Symbol symbol => Keep(symbol, _scope.Scalar(symbol) is { } scalar ? Lower(scalar) : Linq.ArrayIndex(_arguments[0], Linq.Constant(LayerParameters.SlotOf(symbol))), -1),
                Indexed component => Keep(component, Load(component), LevelOf(component.Indices)),
                Sum => node.Operands.ToArray().Select(Lower).Aggregate(Linq.Add),
                Product => node.Operands.ToArray().Select(Lower).Aggregate(Linq.Multiply),
                Power { Exponent: Number { Value: { IsInteger: true } p } } power => LowerPower(Lower(power.Base), p),
                _ => throw new NotSupportedException($"{node} has no place in a loop."),
            };
        }

        private static Linq LowerPower(Linq @base, Rational p)
        {
            Linq positive = Enumerable.Repeat(@base, (int)BigInteger.Abs(p.Numerator)).Aggregate(Linq.Multiply);
            return p.Sign > 0 ? positive : Linq.Divide(Linq.Constant(1.0), positive);
        }

        private Linq Load(Indexed component)
        {
            if (_scope.Helper(component.Tensor) is { } array)
                return Linq.ArrayIndex(ArrayOf(array), Square(component.Indices[0], component.Indices[1]));
            if (_scope.Expectation(component.Tensor) is { } slots)
            {
                Linq place = component.Indices.Length == 1 ? _letters[component.Indices[0]].Variable : Square(component.Indices[0], component.Indices[1]);
                return Linq.ArrayIndex(_arguments[1], Linq.ArrayIndex(ArrayOf(slots), place));
            }

            return Linq.ArrayIndex(_arguments[2], Place(_scope.VariableBlock(component.Tensor), component));
        }

        // Where a component stands in a packed vector.
        private Linq Place(TensorBlock block, Indexed component)
        {
            ReadOnlySpan<TensorIndex> indices = component.Indices;
            Linq offset = Linq.Constant(block.Offset), first = Pair(indices[0], indices[1]);
            if (indices.Length == 2) return Linq.Add(offset, first);
            Linq second = Pair(indices[2], indices[3]);
            if (block.Tensor.Symmetry == TensorSymmetry.SymmetricInEachPair)
                return Linq.Add(Linq.Add(offset, Linq.Multiply(first, Linq.Constant(PairIndexing.Count(_scope._inputs)))), second);
            Linq least = Linq.Call(typeof(Math), nameof(Math.Min), null, first, second), most = Linq.Call(typeof(Math), nameof(Math.Max), null, first, second);
            return Linq.Add(Linq.Add(offset, Linq.ArrayIndex(_rows, least)), most);
        }

        private ParameterExpression Pair(TensorIndex a, TensorIndex b)
        {
            if (_knownPairs.TryGetValue((a, b), out ParameterExpression? known)) return known;
            ParameterExpression local = Local(typeof(int));
            _levels[Math.Max(_letters[a].Level, _letters[b].Level)].Add(Linq.Assign(local, Linq.ArrayIndex(_pairs, Square(a, b))));
            _knownPairs.Add((a, b), local);
            return local;
        }

        private BinaryExpression Square(TensorIndex a, TensorIndex b) =>
            Linq.Add(Linq.Multiply(_letters[a].Variable, Linq.Constant(_scope._inputs)), _letters[b].Variable);

        private int LevelOf(ReadOnlySpan<TensorIndex> indices)
        {
            int level = 0;
            foreach (TensorIndex index in indices) level = Math.Max(level, _letters[index].Level);
            return level;
        }

        private ParameterExpression Keep(SymbolicExpression node, Linq value, int level)
        {
            ParameterExpression local = Local(typeof(double));
            (level < 0 ? _before : _levels[level]).Add(Linq.Assign(local, value));
            _known.Add(node, local);
            return local;
        }

        private ParameterExpression ArrayOf(object array)
        {
            if (_arrays.TryGetValue(array, out ParameterExpression? known)) return known;
            ParameterExpression local = Local(array.GetType());
            _before.Add(Linq.Assign(local, Linq.Constant(array)));
            _arrays.Add(array, local);
            return local;
        }

        private ParameterExpression Local(Type type)
        {
            ParameterExpression local = Linq.Variable(type);
            _locals.Add(local);
            return local;
        }
    }

    private double[]? Helper(Tensor tensor) => helpers.GetValueOrDefault(tensor.Name);

    private int[]? Expectation(Tensor tensor) => expectations.GetValueOrDefault(tensor.Name);

    private SymbolicExpression? Scalar(Symbol symbol) => scalars.FirstOrDefault(line => ReferenceEquals(line.Left, symbol))?.Value;

    private TensorBlock VariableBlock(Tensor tensor) => variables.Blocks.Single(block => block.Tensor == tensor);

    private TensorBlock OutputBlock(Tensor tensor) => output.Blocks.Single(block => block.Tensor == tensor);
}
