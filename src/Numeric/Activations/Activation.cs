using System.Collections.Concurrent;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Activations;

/// <summary>An activation sigma(x) ready for numbers: compiled delegates of it and its derivatives, and where it is not smooth.</summary>
/// <param name="definition">The activation's exact definition.</param>
public sealed class Activation(ActivationDefinition definition)
{
    private readonly Lock _lock = new();
    private readonly List<Expression> _derivatives = [definition.Expression];

    // Networks of one activation share it, and ask for it in every solution: each derivative is compiled once.
    private readonly ConcurrentDictionary<int, Func<double, double>> _delegates = [];
    private ActivationDescription? _description;
    private Action<double[], double[]>? _compiled;
    private int _compiledOrder = -1;

    /// <summary>The variable x.</summary>
    public static Symbol Variable => KnownActivations.Variable;

    /// <summary>The exact definition.</summary>
    public ActivationDefinition Definition => definition;

    /// <summary>As the user wrote it.</summary>
    public string Text => definition.Text;

    /// <summary>sigma(x).</summary>
    public Expression Expression => definition.Expression;

    /// <summary>The activation as the quadratures take it.</summary>
    /// <exception cref="NotSupportedException">Its kinks cannot be located.</exception>
    public ActivationDescription Description => LazyInitializer.EnsureInitialized(ref _description, () => new(Text, Delegate(0))
    {
        Derivative = Delegate,
        BatchDerivatives = Fill,
        Expressions = order => new(Expression, order, Derivative(order)),
        Kinks = [.. definition.Kinks.Select(kink => new Kink(kink.Value, kink.Order))],
    });

    /// <summary>Reads an activation: a known name such as "gelu", or an expression such as "tanh(x)".</summary>
    /// <exception cref="ExpressionSyntaxException">The text is neither.</exception>
    public static Activation Parse(string text) => new(ActivationParser.Parse(text));

    /// <summary>The derivative of that order, as an expression.</summary>
    public Expression Derivative(int order)
    {
        lock (_lock)
        {
            while (_derivatives.Count <= order)
                _derivatives.Add(_derivatives[^1].Differentiate(Variable));
            return _derivatives[order];
        }
    }

    /// <summary>A delegate of one derivative, pointwise; order 0 is sigma.</summary>
    public Func<double, double> Delegate(int order) => _delegates.GetOrAdd(order, of => ScalarCompiler.Compile(DeltaFunctions.LeaveOut(Derivative(of)), Variable));

    /// <summary>sigma and its pointwise derivatives up to an order at many points, row by row.</summary>
    /// <param name="highestOrder">The highest derivative.</param>
    /// <param name="points">Arguments.</param>
    /// <param name="values">Receives (highestOrder + 1) rows of points.Length values.</param>
    public void Fill(int highestOrder, ReadOnlySpan<double> points, Span<double> values)
    {
        (Action<double[], double[]> all, int compiledOrder) = Compiled(highestOrder);
        double[] argument = new double[1], column = new double[compiledOrder + 1];
        for (int at = 0; at < points.Length; at++)
        {
            argument[0] = points[at];
            all(argument, column);
            for (int order = 0; order <= highestOrder; order++)
                values[(order * points.Length) + at] = column[order];
        }
    }

    // All derivatives in one delegate: tanh and its powers are computed once for all orders.
    private (Action<double[], double[]> Function, int Order) Compiled(int highestOrder)
    {
        lock (_lock)
        {
            if (_compiled is null || _compiledOrder < highestOrder)
            {
                _compiled = ScalarCompiler.CompileMany([.. Enumerable.Range(0, highestOrder + 1).Select(order => DeltaFunctions.LeaveOut(Derivative(order)))], [Variable]);
                _compiledOrder = highestOrder;
            }

            return (_compiled, _compiledOrder);
        }
    }
}
