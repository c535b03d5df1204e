using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>
/// The network's activation sigma, or its k-th derivative, kept abstract: a derivation holds for every activation and is
/// made once; the activation enters when expectations are evaluated.
/// </summary>
internal sealed class ActivationFunction : Function
{
    private ActivationFunction(int order) => Order = order;

    /// <summary>Sigma itself.</summary>
    public static ActivationFunction Sigma { get; } = new(0);

    /// <summary>How many times sigma was differentiated.</summary>
    public int Order { get; }

    public override string Name => Order == 0 ? "sigma" : $"sigma_{Order}";

    public override string Latex => Order switch
    {
        0 => @"\sigma",
        <= 3 => @"\sigma" + new string('\'', Order),
        _ => $@"\sigma^{{({Order})}}",
    };

    /// <summary>The derivative of sigma of that order.</summary>
    public static ActivationFunction OfOrder(int order) =>
        order switch
        {
            < 0 => throw new ArgumentOutOfRangeException(nameof(order), order, "The order of a derivative is 0 or more."),
            0 => Sigma,
            _ => new(order),
        };

    public override Expression Derivative(ReadOnlySpan<Expression> arguments, int position) =>
        Expression.Apply(OfOrder(Order + 1), arguments[0]);

    public override double Evaluate(ReadOnlySpan<double> arguments) =>
        throw new InvalidOperationException("The abstract activation has no value; substitute a definite one first.");
}
