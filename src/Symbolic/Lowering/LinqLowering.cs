// From expressions to LINQ expression trees, with one common-subexpression pass over all outputs:
//   1. Count the users of every node over all outputs; hash-consing makes equal subexpressions one node.
//   2. A node with more than one user that costs arithmetic becomes a local variable, assigned before its first use;
//      so does every fortieth level of nesting, and every fortieth term of a long sum.
//   3. Sums and products fold from the left in canonical order; small integer powers are products, halves square roots.
// The order of every operation is fixed by the canonical order, so the same system gives the same bits in any process.

using System.Linq.Expressions;
using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Expressions;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Symbolic.Lowering;

/// <summary>Lowers several expressions together to LINQ trees, in double arithmetic or in vectors of eight doubles.</summary>
internal sealed class LinqLowering
{
    // A tree as deep, or a chain as long, as an expression can be would exhaust the stack of the LINQ compiler.
    private const int LevelsPerLocal = 40;
    private const int TermsPerLocal = 40;

    private static readonly System.Reflection.MethodInfo Broadcast = typeof(Vector512).GetMethod(nameof(Vector512.Create), [typeof(double)])!;

    private readonly Func<SymbolicExpression, Linq?> _atom;
    private readonly bool _inVectors;
    private readonly Dictionary<SymbolicExpression, int> _levels = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SymbolicExpression, int> _users = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SymbolicExpression, Linq> _lowered = new(ReferenceEqualityComparer.Instance);
    private readonly List<ParameterExpression> _locals = [];
    private readonly List<Linq> _assignments = [];

    /// <summary>Prepares the lowering of outputs.</summary>
    /// <param name="outputs">All expressions that will be lowered.</param>
    /// <param name="atom">The tree of a variable (a symbol, a component, an expectation); null for a node that is not one.</param>
    /// <param name="inVectors">True for trees of Vector512 of double: variables are of that type, and functions other than the square root are refused.</param>
    public LinqLowering(IEnumerable<SymbolicExpression> outputs, Func<SymbolicExpression, Linq?> atom, bool inVectors = false)
    {
        _atom = atom;
        _inVectors = inVectors;
        foreach (SymbolicExpression output in outputs)
            Count(output);
    }

    /// <summary>Distinct nodes of the outputs.</summary>
    public int Nodes => _users.Count;

    /// <summary>The local variables made so far.</summary>
    public IReadOnlyList<ParameterExpression> Locals => _locals;

    /// <summary>The assignments made so far, in the order in which they must run.</summary>
    public IReadOnlyList<Linq> Assignments => _assignments;

    /// <summary>The tree of an expression; appends to <see cref="Locals"/> and <see cref="Assignments"/> what it needs.</summary>
    /// <exception cref="NotSupportedException">A node is neither a variable nor arithmetic.</exception>
    public Linq Lower(SymbolicExpression node) => DeepRecursion.Call(LowerHere, node);

    private Linq LowerHere(SymbolicExpression node)
    {
        if (_lowered.TryGetValue(node, out Linq? before))
            return before;
        Linq tree = _atom(node) ?? Arithmetic(node);
        int level = 0;
        foreach (SymbolicExpression operand in node.Operands)
            level = Math.Max(level, _levels.GetValueOrDefault(operand) + 1);
        if ((_users[node] > 1 || level >= LevelsPerLocal) && tree is not (ConstantExpression or ParameterExpression))
        {
            tree = Name(tree);
            level = 0;
        }

        _levels.Add(node, level);
        _lowered.Add(node, tree);
        return tree;
    }

    private void Count(SymbolicExpression output)
    {
        foreach (SymbolicExpression node in output.Nodes(node => _atom(node) is not null))
        {
            if (!_users.TryAdd(node, 0) || _atom(node) is not null)
                continue;
            foreach (SymbolicExpression operand in node.Operands)
                _users[operand]++;
        }

        _users[output]++;
    }

    private Linq Arithmetic(SymbolicExpression node) => node switch
    {
        Number number => Literal(number.Value.ToDouble()),
        Constant constant => Literal(constant.Value),
        Sum sum => Fold(sum.Operands, Linq.Add),
        Product product => Fold(product.Operands, Linq.Multiply),
        Power power => LowerPower(power),
        Call call => LowerCall(call),
        _ => throw new NotSupportedException($"{node} has no value in a compiled delegate; give it a variable."),
    };

    // A broadcast of a literal is a literal to the compiler behind; a boxed vector would be unboxed each time.
    private Linq Literal(double value) => _inVectors ? Linq.Call(Broadcast, Linq.Constant(value)) : Linq.Constant(value);

    private Linq Fold(ReadOnlySpan<SymbolicExpression> operands, Func<Linq, Linq, Linq> combine)
    {
        Linq result = Lower(operands[0]);
        for (int at = 1; at < operands.Length; at++)
        {
            if (at % TermsPerLocal == 0)
                result = Name(result);
            result = combine(result, Lower(operands[at]));
        }

        return result;
    }

    private Linq LowerPower(Power power)
    {
        Linq @base = Lower(power.Base);
        if (power.Exponent is Number { Value: var p })
        {
            if (p.IsInteger && Rational.Abs(p) <= 64)
            {
                Linq positive = Repeated(@base, (int)System.Numerics.BigInteger.Abs(p.Numerator));
                return p.Sign > 0 ? positive : Linq.Divide(Literal(1), positive);
            }

            if (Rational.Abs(p) == Rational.Half)
            {
                Linq root = _inVectors ? Linq.Call(typeof(Vector512), nameof(Vector512.Sqrt), [typeof(double)], @base) : Linq.Call(typeof(Math), nameof(Math.Sqrt), null, @base);
                return p.Sign > 0 ? root : Linq.Divide(Literal(1), root);
            }
        }

        return _inVectors
            ? throw new NotSupportedException($"{power} has no place in a program for vectors.")
            : Linq.Call(typeof(Math), nameof(Math.Pow), null, @base, Lower(power.Exponent));
    }

    // x^n by squaring; every intermediate is a local, so that nothing is computed twice.
    private Linq Repeated(Linq @base, int exponent)
    {
        if (exponent == 1)
            return @base;
        if (@base is not (ParameterExpression or ConstantExpression))
            @base = Name(@base);
        if (exponent == 2)
            return Linq.Multiply(@base, @base);
        Linq half = Name(Repeated(@base, exponent / 2));
        Linq square = Linq.Multiply(half, half);
        return exponent % 2 == 0 ? square : Linq.Multiply(square, @base);
    }

    private ParameterExpression Name(Linq tree)
    {
        ParameterExpression local = Linq.Variable(_inVectors ? typeof(Vector512<double>) : typeof(double));
        _locals.Add(local);
        _assignments.Add(Linq.Assign(local, tree));
        return local;
    }

    private Linq LowerCall(Call call)
    {
        if (_inVectors || call.Function.Implementation is not { } implementation)
            throw new NotSupportedException($"{call.Function.Name} has no value in a compiled delegate.");
        var arguments = new Linq[call.Operands.Length];
        for (int at = 0; at < arguments.Length; at++)
            arguments[at] = Lower(call.Operands[at]);
        // A static method is called directly; a closure goes through its delegate.
        return implementation.Method.IsStatic && implementation.Target is null
            ? Linq.Call(implementation.Method, arguments)
            : Linq.Invoke(Linq.Constant(implementation), arguments);
    }
}
