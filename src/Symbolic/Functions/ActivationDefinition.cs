using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>An activation sigma(x), by name or as the user wrote it, with its exact definition.</summary>
/// <param name="text">As the user wrote it.</param>
/// <param name="expression">sigma(x).</param>
public sealed class ActivationDefinition(string text, Expression expression)
{
    private IReadOnlyList<KinkPoint>? _kinks;

    /// <summary>As the user wrote it.</summary>
    public string Text { get; } = text;

    /// <summary>sigma(x), in <see cref="KnownActivations.Variable"/>.</summary>
    public Expression Expression { get; } = expression;

    /// <summary>The exact definition, such as "sigma(x) = x*Phi(x)".</summary>
    public string Definition => $"sigma(x) = {Expression}";

    /// <summary>Where sigma or a derivative of it is not continuous, in increasing order.</summary>
    /// <exception cref="NotSupportedException">They cannot be located, as those of abs(sin(x)).</exception>
    public IReadOnlyList<KinkPoint> Kinks => _kinks ??= Functions.Kinks.Find(Expression, KnownActivations.Variable);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
