// A one-neuron observable f(phi_a, phi_b), written in the slots x and y; (1/n) sum_i f(phi_ia, phi_ib) is its layer average.
// x y is G, sigma(x) sigma(y) is S, x the layer mean of phi. Canonical: an observable of one input is a function of x.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>A function of one neuron's pre-activations for at most two inputs.</summary>
public sealed record Observable
{
    private Observable(Expression body) => Body = body;

    /// <summary>The slot of the first input.</summary>
    public static Symbol X { get; } = (Symbol)GaussianMean.Slot(0);

    /// <summary>The slot of the second input.</summary>
    public static Symbol Y { get; } = (Symbol)GaussianMean.Slot(1);

    /// <summary>x y: the kernel G.</summary>
    public static Observable Kernel { get; } = Of(X * Y);

    /// <summary>sigma(x) sigma(y): the sigma-kernel S.</summary>
    public static Observable SigmaKernel { get; } = Of(Notation.Sigma(X) * Notation.Sigma(Y));

    /// <summary>f in the slots x and y, multiplied out, with the abstract sigma and its derivatives.</summary>
    public Expression Body { get; }

    /// <summary>True if f depends on two inputs.</summary>
    public bool HasTwoInputs => DependsOn(Body, Y);

    /// <summary>True if f(x, y) = f(y, x).</summary>
    public bool IsSymmetric => HasTwoInputs && ReferenceEquals(Exchanged, Body);

    /// <summary>f(y, x).</summary>
    public Expression Exchanged => Body.Substitute(new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance) { [X] = Y, [Y] = X }).Expand();

    /// <summary>f(x, x).</summary>
    public Expression Diagonal => Body.Substitute(Y, X).Expand();

    /// <summary>The observable of an expression in x and y.</summary>
    /// <exception cref="ArgumentException">The expression depends on neither.</exception>
    public static Observable Of(Expression body)
    {
        Expression expanded = body.Expand();
        if (!DependsOn(expanded, X))
            expanded = expanded.Substitute(Y, X).Expand();
        return DependsOn(expanded, X)
            ? new Observable(expanded)
            : throw new ArgumentException($"The observable {body} depends on no input; write it in x, or in x and y.");
    }

    /// <summary>f as a sum of products F(x) G(y).</summary>
    /// <exception cref="NotSupportedException">f is not such a sum.</exception>
    public IReadOnlyList<(Expression First, Expression Second)> Products()
    {
        var products = new List<(Expression, Expression)>();
        foreach (Expression term in Body.Terms)
        {
            Expression first = Expression.One, second = Expression.One;
            foreach (Expression factor in term.Factors)
            {
                if (!DependsOn(factor, Y))
                    first *= factor;
                else if (!DependsOn(factor, X))
                    second *= factor;
                else
                    throw new NotSupportedException($"The observable {Body} is not a sum of products of functions of one input each, because of {factor}; use such sums.");
            }

            products.Add((first, second));
        }

        return products;
    }

    /// <inheritdoc/>
    public override string ToString() => Body.ToString();

    private static bool DependsOn(Expression expression, Symbol slot) => expression.Nodes().Contains(slot);
}
