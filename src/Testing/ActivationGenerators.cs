using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric.Activations;

namespace SymbolicEft.Testing;

/// <summary>FsCheck generators of activations.</summary>
public static class ActivationGenerators
{
    /// <summary>Smooth activations, for which every closure is defined: odd, even and neither.</summary>
    public static IReadOnlyList<string> Smooth { get; } = ["tanh", "erf", "gelu", "softplus", "sigmoid", "silu", "sin", "cos", "identity", "tanh(x) + x^2/10", "x^2/4", "x*exp(-x^2/2)"];

    /// <summary>Continuous activations with a kink.</summary>
    public static IReadOnlyList<string> Kinked { get; } = ["relu", "abs", "leakyrelu(1/5)", "abs(x - 1/2)", "relu(x)*tanh(x)"];

    /// <summary>Activations with sigma(c x) = c^p sigma(x) for c &gt; 0, and p.</summary>
    public static IReadOnlyList<(string Activation, int Degree)> Homogeneous { get; } =
        [("identity", 1), ("relu", 1), ("leakyrelu(1/5)", 1), ("abs", 1), ("x^2", 2), ("rectifiedmonomial(2)", 2), ("x^3", 3)];

    /// <summary>Expressions in x: sums of two or three terms a f(b x), f bounded and smooth, or a x.</summary>
    public static Gen<string> SmoothExpression() =>
        from count in Gen.Choose(2, 3)
        from terms in SmoothTerm().ListOf(count)
        select string.Join(" + ", terms);

    /// <summary>A smooth activation: a known one, or a random expression.</summary>
    public static Gen<Activation> SmoothActivation() => Gen.Frequency((3, Gen.Elements(Smooth.AsEnumerable())), (1, SmoothExpression())).Select(Activation.Parse);

    /// <summary>Any of these activations.</summary>
    /// <param name="activations">As specifications name them.</param>
    public static Gen<Activation> Of(IReadOnlyList<string> activations) => Gen.Elements(activations.AsEnumerable()).Select(Activation.Parse);

    private static Gen<string> SmoothTerm() =>
        from form in Gen.Elements("tanh({0}*x)", "erf({0}*x)", "sin({0}*x)", "exp(-({0}*x)^2/2)", "x*exp(-({0}*x)^2/2)", "{0}*x")
        from size in Gen.Choose(1, 8)
        from scale in Gen.Choose(2, 6)
        select $"{size.ToString(CultureInfo.InvariantCulture)}/8*({string.Format(CultureInfo.InvariantCulture, form, $"({scale.ToString(CultureInfo.InvariantCulture)}/4)")})";
}
