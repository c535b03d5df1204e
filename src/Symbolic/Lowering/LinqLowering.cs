// From expressions to LINQ expression trees, with one common-subexpression pass over all outputs:
//   1. Count the users of every node over all outputs; hash-consing makes equal subexpressions one node.
//   2. A node with more than one user that costs arithmetic becomes a local variable, assigned before its first use.
//   3. Sums and products fold from the left in canonical order; small integer powers are products, halves square roots.
// The order of every operation is fixed by the canonical order, so the same system gives the same bits in any process.

using System.Linq.Expressions;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Symbolic.Lowering;

/// <summary>Lowers several expressions together to LINQ trees in double arithmetic.</summary>
public sealed class LinqLowering
{
    private readonly Func<SymbolicExpression, Linq?> _atom;
    private readonly Dictionary<SymbolicExpression, int> _users = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SymbolicExpression, Linq> _lowered = new(ReferenceEqualityComparer.Instance);
    private readonly List<ParameterExpression> _locals = [];
    private readonly List<Linq> _assignments = [];

    /// <summary>Prepares the lowering of outputs.</summary>
    /// <param name="outputs">All expressions that will be lowered.</param>
    /// <param name="atom">The tree of a variable (a symbol, a component, an expectation); null for a node that is not one.</param>
    public LinqLowering(IEnumerable<SymbolicExpression> outputs, Func<SymbolicExpression, Linq?> atom)
    {
        _atom = atom;
        foreach (SymbolicExpression output in outputs)
            Count(output);
    }

    /// <summary>The local variables made so far.</summary>
    public IReadOnlyList<ParameterExpression> Locals => _locals;

    /// <summary>The assignments made so far, in the order in which they must run.</summary>
    public IReadOnlyList<Linq> Assignments => _assignments;

    /// <summary>The tree of an expression; appends to <see cref="Locals"/> and <see cref="Assignments"/> what it needs.</summary>
    /// <exception cref="NotSupportedException">A node is neither a variable nor arithmetic.</exception>
    public Linq Lower(SymbolicExpression node)
    {
        if (_lowered.TryGetValue(node, out Linq? before))
            return before;
        Linq tree = _atom(node) ?? Arithmetic(node);
        if (_users[node] > 1 && tree is not (ConstantExpression or ParameterExpression))
        {
            ParameterExpression local = Linq.Variable(typeof(double));
            _locals.Add(local);
            _assignments.Add(Linq.Assign(local, tree));
            tree = local;
        }

        _lowered.Add(node, tree);
        return tree;
    }

    private void Count(SymbolicExpression node)
    {
        if (_users.TryGetValue(node, out int users))
        {
            _users[node] = users + 1;
            return;
        }

        _users.Add(node, 1);
        if (_atom(node) is not null)
            return;
        foreach (SymbolicExpression operand in node.Operands)
            Count(operand);
    }

    private Linq Arithmetic(SymbolicExpression node) => node switch
    {
        Number number => Linq.Constant(number.Value.ToDouble()),
        Constant constant => Linq.Constant(constant.Value),
        Sum sum => Fold(sum.Operands, Linq.Add),
        Product product => Fold(product.Operands, Linq.Multiply),
        Power power => LowerPower(power),
        Call call => LowerCall(call),
        _ => throw new NotSupportedException($"{node} has no value in a compiled delegate; give it a variable."),
    };

    private Linq Fold(ReadOnlySpan<SymbolicExpression> operands, Func<Linq, Linq, Linq> combine)
    {
        Linq result = Lower(operands[0]);
        for (int at = 1; at < operands.Length; at++)
            result = combine(result, Lower(operands[at]));
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
                return p.Sign > 0 ? positive : Linq.Divide(Linq.Constant(1.0), positive);
            }

            if (Rational.Abs(p) == Rational.Half)
            {
                Linq root = Linq.Call(typeof(Math), nameof(Math.Sqrt), null, @base);
                return p.Sign > 0 ? root : Linq.Divide(Linq.Constant(1.0), root);
            }
        }

        return Linq.Call(typeof(Math), nameof(Math.Pow), null, @base, Lower(power.Exponent));
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
        ParameterExpression local = Linq.Variable(typeof(double));
        _locals.Add(local);
        _assignments.Add(Linq.Assign(local, tree));
        return local;
    }

    private Linq LowerCall(Call call)
    {
        if (call.Function is not ElementaryFunction { Value: var value })
            throw new NotSupportedException($"{call.Function.Name} has no value in a compiled delegate.");
        Linq argument = Lower(call.Operands[0]);
        // A static method is called directly; a closure goes through its delegate.
        return value.Method.IsStatic && value.Target is null
            ? Linq.Call(value.Method, argument)
            : Linq.Invoke(Linq.Constant(value), argument);
    }
}
