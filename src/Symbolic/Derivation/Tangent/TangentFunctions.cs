using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>The derivatives of activations that tangent kernels are made of.</summary>
internal static class TangentFunctions
{
    /// <summary>x, of a stage without an activation.</summary>
    public static ActivationDefinition Identity { get; } = new("x", KnownActivations.Variable);

    /// <summary>Its derivative.</summary>
    public static ActivationDefinition One { get; } = new("1", Expression.One);

    /// <summary>sigma' of an argument, in formulas.</summary>
    public static Expression Slope(Expression argument) => Notation.Sigma(Observable.X).Differentiate(Observable.X).Substitute(Observable.X, argument);

    /// <summary>Whether a function is one that <see cref="Derivative"/> made.</summary>
    public static bool IsSlope(ActivationDefinition function) => function.Text.EndsWith(")'", StringComparison.Ordinal);

    /// <summary>sigma' as a function of its own.</summary>
    /// <param name="function">sigma.</param>
    /// <param name="path">Where it stands, for a message.</param>
    /// <exception cref="LayerProgramException">sigma jumps.</exception>
    public static ActivationDefinition Derivative(ActivationDefinition function, string path) => function.Kinks.FirstOrDefault(kink => kink.Order < 1) is { Position: not null } jump
        ? throw new LayerProgramException($"The activation {function.Text}{(path.Length == 0 ? "" : $" before {path}")} jumps at x = {jump.Position}, where it has no derivative, and so no tangent kernel; use an activation that is continuous, or leave ntk out.")
        : new($"({function.Text})'", function.Expression.Differentiate(KnownActivations.Variable));
}
