// From an expression in scalar variables to machine code:
//
//   1. List the nodes, operands first (equal subexpressions are one node already).
//   2. A node used more than once, or at every few levels of nesting, becomes a local variable; the rest is inlined.
//   3. x^n with an integer |n| <= 64 becomes products by repeated squaring, x^(1/2) a square root, other powers Math.Pow.
//   4. The block of assignments is compiled by System.Linq.Expressions.
//
// NaN and infinity come out as from Calculus.Evaluate; values agree with it to rounding.

using System.Linq.Expressions;
using SymbolicEft.Symbolic.Expressions;
using Code = System.Linq.Expressions.Expression;
using Expression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Symbolic.Lowering;

/// <summary>Compiles scalar expressions to delegates. The delegates have no state and may be called from any thread.</summary>
public static class ScalarCompiler
{
    private const int LevelsPerLocal = 40;
    private const int TermsPerLocal = 40;
    private const int HighestProduct = 64;

    /// <summary>The value of the expression as a function of one variable.</summary>
    /// <exception cref="InvalidOperationException">The expression contains something that has no value, such as another symbol.</exception>
    public static Func<double, double> Compile(Expression expression, Symbol variable)
    {
        ParameterExpression x = Code.Parameter(typeof(double), variable.Name);
        var writer = new Writer(new() { [variable] = x }, [expression]);
        return Code.Lambda<Func<double, double>>(writer.Block(writer.Value(expression)), x).Compile();
    }

    /// <summary>The value of the expression as a function of two variables.</summary>
    /// <exception cref="InvalidOperationException">The expression contains something that has no value, such as another symbol.</exception>
    public static Func<double, double, double> Compile(Expression expression, Symbol first, Symbol second)
    {
        ParameterExpression x = Code.Parameter(typeof(double), first.Name), y = Code.Parameter(typeof(double), second.Name);
        var writer = new Writer(new() { [first] = x, [second] = y }, [expression]);
        return Code.Lambda<Func<double, double, double>>(writer.Block(writer.Value(expression)), x, y).Compile();
    }

    /// <summary>The values of the expression at many points: result[i] = f(x[i]).</summary>
    /// <exception cref="InvalidOperationException">The expression contains something that has no value, such as another symbol.</exception>
    public static Action<ReadOnlySpan<double>, Span<double>> CompileBatch(Expression expression, Symbol variable)
    {
        Func<double, double> function = Compile(expression, variable);
        return (points, values) =>
        {
            if (values.Length < points.Length)
                throw new ArgumentException($"{points.Length} points do not fit into {values.Length} values.");
            for (int at = 0; at < points.Length; at++)
                values[at] = function(points[at]);
        };
    }

    /// <summary>
    /// Several expressions of any number of variables at once, common parts computed once: given the values of the
    /// variables in order, fills the values of the expressions in order.
    /// </summary>
    /// <exception cref="InvalidOperationException">An expression contains something that has no value, such as another symbol.</exception>
    public static Action<double[], double[]> CompileMany(IReadOnlyList<Expression> expressions, IReadOnlyList<Expression> variables)
    {
        ParameterExpression input = Code.Parameter(typeof(double[]), "input"), output = Code.Parameter(typeof(double[]), "output");
        var atoms = new Dictionary<Expression, Code>();
        for (int at = 0; at < variables.Count; at++)
            atoms[variables[at]] = Code.ArrayIndex(input, Code.Constant(at));
        var writer = new Writer(atoms, expressions);
        var stores = new List<Code>();
        for (int at = 0; at < expressions.Count; at++)
            stores.Add(Code.Assign(Code.ArrayAccess(output, Code.Constant(at)), writer.Value(expressions[at])));
        stores.Add(Code.Empty());
        return Code.Lambda<Action<double[], double[]>>(writer.Block([.. stores]), input, output).Compile();
    }

    private sealed class Writer
    {
        private readonly Dictionary<Expression, Code> _values = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expression, int> _level = new(ReferenceEqualityComparer.Instance);
        private readonly List<ParameterExpression> _locals = [];
        private readonly List<Code> _assignments = [];

        public Writer(Dictionary<Expression, Code> atoms, IReadOnlyList<Expression> roots)
        {
            var uses = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
            var nodes = new List<Expression>();
            foreach (Expression root in roots)
            {
                foreach (Expression node in root.Nodes(atoms.ContainsKey))
                {
                    if (!uses.TryAdd(node, 0))
                        continue;
                    nodes.Add(node);
                    if (atoms.ContainsKey(node))
                        continue;
                    foreach (Expression operand in node.Operands)
                        uses[operand]++;
                }

                uses[root]++;
            }

            foreach (Expression node in nodes)
            {
                if (atoms.TryGetValue(node, out Code? atom))
                {
                    _values[node] = atom;
                    continue;
                }

                int level = 0;
                foreach (Expression operand in node.Operands)
                    level = Math.Max(level, _level.GetValueOrDefault(operand) + 1);
                Code value = Lower(node);
                bool keep = node is not (Number or Constant) && (uses[node] > 1 || level >= LevelsPerLocal);
                _values[node] = keep ? Local(value) : value;
                _level[node] = keep ? 0 : level;
            }
        }

        public Code Value(Expression expression) => _values[expression];

        public Code Block(params Code[] results) => Code.Block(_locals, [.. _assignments, .. results]);

        private ParameterExpression Local(Code value)
        {
            ParameterExpression local = Code.Variable(typeof(double));
            _locals.Add(local);
            _assignments.Add(Code.Assign(local, value));
            return local;
        }

        private Code Lower(Expression node)
        {
            switch (node)
            {
                case Number number:
                    return Code.Constant(number.Value.ToDouble());
                case Constant constant:
                    return Code.Constant(constant.Value);
                case Sum sum:
                    return Fold(sum.Operands, Code.Add);
                case Product product:
                    return Fold(product.Operands, Code.Multiply);
                case Power { Exponent: Number { Value: var exponent } } power when exponent == Rational.Half:
                    return Code.Call(((Func<double, double>)Math.Sqrt).Method, _values[power.Base]);
                case Power { Exponent: Number { Value: { IsInteger: true } n } } power when Rational.Abs(n) <= HighestProduct:
                    Code product1 = IntegerPower(_values[power.Base], Math.Abs((int)n.Numerator));
                    return n.Sign > 0 ? product1 : Code.Divide(Code.Constant(1.0), product1);
                case Power power:
                    return Code.Call(((Func<double, double, double>)Math.Pow).Method, _values[power.Base], _values[power.Exponent]);
                case Call { Function.Implementation: { } implementation } call:
                    var arguments = new List<Code>();
                    foreach (Expression operand in call.Operands)
                        arguments.Add(_values[operand]);
                    return implementation.Method.IsStatic && implementation.Target is null
                        ? Code.Call(implementation.Method, arguments)
                        : Code.Invoke(Code.Constant(implementation), arguments);
                default:
                    throw new InvalidOperationException($"{node} has no value; substitute one, or make it a variable.");
            }
        }

        // Left to right, as the interpreter; a long chain is cut, so that the tree stays shallow.
        private Code Fold(ReadOnlySpan<Expression> operands, Func<Code, Code, Code> operation)
        {
            Code result = _values[operands[0]];
            for (int at = 1; at < operands.Length; at++)
            {
                if (at % TermsPerLocal == 0)
                    result = Local(result);
                result = operation(result, _values[operands[at]]);
            }

            return result;
        }

        private Code IntegerPower(Code @base, int exponent)
        {
            if (@base is not ParameterExpression)
                @base = Local(@base);
            Code? result = null;
            Code square = @base;
            while (true)
            {
                if ((exponent & 1) == 1)
                    result = result is null ? square : Code.Multiply(result, square);
                exponent >>= 1;
                if (exponent == 0)
                    return result!;
                square = Local(Code.Multiply(square, square));
            }
        }
    }
}
