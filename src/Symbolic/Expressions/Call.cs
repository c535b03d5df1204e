using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>A function applied to arguments.</summary>
public sealed class Call : Expression
{
    private readonly Expression[] _arguments;

    private Call(Function function, Expression[] arguments)
        : base(ExpressionPool.Mix(HashCode.Combine(19, function.Name), arguments)) => (Function, _arguments) = (function, arguments);

    /// <summary>The function.</summary>
    public Function Function { get; }

    /// <summary>The arguments.</summary>
    public override ReadOnlySpan<Expression> Operands => _arguments;

    internal override int Rank => 5;

    /// <summary>The canonical application.</summary>
    /// <exception cref="ArgumentException">Wrong number of arguments.</exception>
    public static Expression Of(Function function, ReadOnlySpan<Expression> arguments)
    {
        if (arguments.Length != function.Arity)
            throw new ArgumentException($"{function.Name} takes {function.Arity} argument{(function.Arity == 1 ? "" : "s")}, not {arguments.Length}.");
        return function.Rewrite(arguments) ?? ExpressionPool.Intern(new Call(function, arguments.ToArray()));
    }

    /// <inheritdoc/>
    public override Expression WithOperands(ReadOnlySpan<Expression> operands) => Of(Function, operands);

    internal override bool HasSameContent(Expression other) =>
        other is Call call && call.Function.Equals(Function) && _arguments.AsSpan().SequenceEqual(call._arguments);
}
