using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using Linq = System.Linq.Expressions.Expression;

namespace SymbolicEft.Numeric.Simulation;

// An expression in x as a function of a vector of samples: one local variable to each node of the hash-consed graph, in an order in
// which operands come first; sums and products fold from the left; small integer powers are products, halves square roots. Functions are
// those of VectorFunctions, and what is not there is called lane by lane.

/// <summary>Any expression as an activation, compiled to vector instructions in both state precisions.</summary>
internal readonly struct CompiledActivation : IVectorActivation
{
    // The runtime refuses a method that is much longer.
    private const int MostNodes = 3_000;

    private readonly Func<Vector512<float>, Vector512<float>> single;
    private readonly Func<Vector512<double>, Vector512<double>> wide;

    /// <summary>Compiles an activation.</summary>
    /// <param name="expression">sigma(x).</param>
    /// <param name="variable">x.</param>
    /// <exception cref="NotSupportedException">The expression has no values: it holds a delta function, or another variable; or it is too long.</exception>
    public CompiledActivation(Expression expression, Symbol variable)
    {
        ArgumentNullException.ThrowIfNull(expression);
        if (expression.Nodes().Count is > MostNodes and var nodes)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"The activation has {nodes:N0} different parts, and at most {MostNodes:N0} are compiled for a simulation; write it with fewer terms."));
        single = Compile<float>(expression, variable);
        wide = Compile<double>(expression, variable);
    }

    public Vector512<float> Invoke(Vector512<float> x) => single(x);

    public Vector512<double> Invoke(Vector512<double> x) => wide(x);

    private static Func<Vector512<T>, Vector512<T>> Compile<T>(Expression expression, Symbol variable)
        where T : unmanaged, INumber<T>
    {
        System.Linq.Expressions.ParameterExpression argument = Linq.Parameter(typeof(Vector512<T>));
        var lowering = new Lowering<T>(variable, argument);
        Linq value = lowering.Lower(expression);
        return Linq.Lambda<Func<Vector512<T>, Vector512<T>>>(Linq.Block(lowering.Locals, [.. lowering.Assignments, value]), argument).Compile();
    }

    private sealed class Lowering<T>(Symbol variable, System.Linq.Expressions.ParameterExpression argument)
        where T : unmanaged, INumber<T>
    {
        private readonly Dictionary<Expression, Linq> lowered = new(ReferenceEqualityComparer.Instance);

        public List<System.Linq.Expressions.ParameterExpression> Locals { get; } = [];

        public List<Linq> Assignments { get; } = [];

        public Linq Lower(Expression node)
        {
            if (ReferenceEquals(node, variable)) return argument;
            if (lowered.TryGetValue(node, out Linq? before)) return before;
            Linq value = node switch
            {
                Number number => Broadcast(number.Value.ToDouble()),
                Constant constant => Broadcast(constant.Value),
                Sum => Fold(node, Linq.Add),
                Product => Fold(node, Linq.Multiply),
                Power power => LowerPower(power),
                Call call => LowerCall(call),
                _ => throw new NotSupportedException($"{node} has no value in an activation; an activation is an expression in {variable} alone."),
            };
            value = Name(value);
            lowered.Add(node, value);
            return value;
        }

        private static System.Linq.Expressions.ConstantExpression Broadcast(double value) => Linq.Constant(Vector512.Create(T.CreateChecked(value)));

        private Linq Name(Linq value)
        {
            System.Linq.Expressions.ParameterExpression local = Linq.Variable(typeof(Vector512<T>));
            Locals.Add(local);
            Assignments.Add(Linq.Assign(local, value));
            return local;
        }

        private Linq Fold(Expression node, Func<Linq, Linq, Linq> combine)
        {
            Linq[] operands = new Linq[node.Operands.Length];
            for (int at = 0; at < operands.Length; at++) operands[at] = Lower(node.Operands[at]);
            return operands.Aggregate(combine);
        }

        private Linq LowerPower(Power power)
        {
            Linq @base = Lower(power.Base);
            if (power.Exponent is Number { Value: var p })
            {
                if (p.IsInteger && Rational.Abs(p) <= 64)
                {
                    Linq positive = Repeated(@base, (int)BigInteger.Abs(p.Numerator));
                    return p.Sign > 0 ? positive : Linq.Divide(Broadcast(1), positive);
                }

                if (Rational.Abs(p) == Rational.Half)
                {
                    Linq root = Linq.Call(typeof(Vector512), nameof(Vector512.Sqrt), [typeof(T)], @base);
                    return p.Sign > 0 ? root : Linq.Divide(Broadcast(1), root);
                }

                double exponent = p.ToDouble();
                return VectorFunctions.Elementwise<T>(x => Math.Pow(x, exponent), @base);
            }

            if (power.Base is Constant or Number)
            {
                double fixedBase = power.Base is Constant constant ? constant.Value : ((Number)power.Base).Value.ToDouble();
                return VectorFunctions.Elementwise<T>(x => Math.Pow(fixedBase, x), Lower(power.Exponent));
            }

            throw new NotSupportedException($"{power} has a base and an exponent that both vary; write it as exp({power.Exponent}*ln({power.Base})).");
        }

        private Linq Repeated(Linq @base, int exponent)
        {
            if (exponent == 1) return @base;
            Linq half = Repeated(@base, exponent / 2), square = Name(Linq.Multiply(half, half));
            return exponent % 2 == 0 ? square : Name(Linq.Multiply(square, @base));
        }

        private Linq LowerCall(Call call)
        {
            if (call.Operands.Length != 1 || DeltaFunctions.OrderOf(call.Function) is not null || call.Function.Implementation is not { } implementation)
                throw new NotSupportedException($"{call} has no value; an activation is a function of {variable}.");
            Linq operand = Lower(call.Operands[0]);
            if (VectorFunctions.Find<T>(call.Function) is { } method) return Linq.Call(method, operand);
            return VectorFunctions.Elementwise<T>((Func<double, double>)implementation, operand);
        }
    }
}
