using System.Linq.Expressions;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Numeric.Activations;

/// <summary>An activation sigma(x): the expression, and compiled delegates of it and its derivatives.</summary>
public sealed class Activation
{
    private delegate void Derivatives(double x, double[] values);

    private readonly Lock _lock = new();
    private readonly List<SymbolicExpression> _derivatives;
    private Derivatives? _compiled;
    private int _compiledOrder = -1;

    /// <summary>Wraps an expression in x.</summary>
    /// <param name="text">As the user wrote it.</param>
    /// <param name="expression">sigma(x).</param>
    public Activation(string text, SymbolicExpression expression)
    {
        Text = text;
        _derivatives = [expression];
    }

    /// <summary>The variable x.</summary>
    public static Symbol Variable { get; } = Symbol.Of("x");

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>sigma(x).</summary>
    public SymbolicExpression Expression => _derivatives[0];

    /// <summary>Reads an activation such as "tanh(x)".</summary>
    /// <exception cref="ExpressionSyntaxException">The text is not an expression in x.</exception>
    public static Activation Parse(string text) => new(text, ExpressionParser.Parse(text, "x"));

    /// <summary>The derivative of that order, as an expression.</summary>
    public SymbolicExpression Derivative(int order)
    {
        lock (_lock)
        {
            while (_derivatives.Count <= order)
                _derivatives.Add(_derivatives[^1].Differentiate(Variable));
            return _derivatives[order];
        }
    }

    /// <summary>The activation as the quadratures take it.</summary>
    public ActivationDescription Description => new(Text, Delegate(0))
    {
        Derivative = Delegate,
        BatchDerivatives = Fill,
    };

    /// <summary>sigma and its derivatives up to an order at many points, row by row.</summary>
    /// <param name="highestOrder">The highest derivative.</param>
    /// <param name="points">Arguments.</param>
    /// <param name="values">Receives (highestOrder + 1) rows of points.Length values.</param>
    public void Fill(int highestOrder, ReadOnlySpan<double> points, Span<double> values)
    {
        Derivatives all = Compiled(highestOrder);
        var column = new double[Math.Max(highestOrder, _compiledOrder) + 1];
        for (int at = 0; at < points.Length; at++)
        {
            all(points[at], column);
            for (int order = 0; order <= highestOrder; order++)
                values[(order * points.Length) + at] = column[order];
        }
    }

    /// <summary>A delegate of one derivative; order 0 is sigma.</summary>
    public Func<double, double> Delegate(int order)
    {
        ParameterExpression x = Linq.Parameter(typeof(double));
        SymbolicExpression derivative = Derivative(order);
        var lowering = new LinqLowering([derivative], node => ReferenceEquals(node, Variable) ? x : null);
        Linq result = lowering.Lower(derivative);
        return Linq.Lambda<Func<double, double>>(Linq.Block(lowering.Locals, [.. lowering.Assignments, result]), x).Compile();
    }

    private Derivatives Compiled(int highestOrder)
    {
        lock (_lock)
        {
            if (_compiled is not null && _compiledOrder >= highestOrder)
                return _compiled;
            ParameterExpression x = Linq.Parameter(typeof(double)), values = Linq.Parameter(typeof(double[]));
            List<SymbolicExpression> outputs = [.. Enumerable.Range(0, highestOrder + 1).Select(Derivative)];
            var lowering = new LinqLowering(outputs, node => ReferenceEquals(node, Variable) ? x : null);
            var results = new List<Linq>();
            for (int order = 0; order <= highestOrder; order++)
                results.Add(Linq.Assign(Linq.ArrayAccess(values, Linq.Constant(order)), lowering.Lower(outputs[order])));
            _compiled = Linq.Lambda<Derivatives>(Linq.Block(lowering.Locals, [.. lowering.Assignments, .. results, Linq.Empty()]), x, values).Compile();
            _compiledOrder = highestOrder;
            return _compiled;
        }
    }
}
