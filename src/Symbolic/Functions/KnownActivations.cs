// The activations that go by a name. One row of the table each: the name, its parameters, and the definition. Everything
// else (derivatives, kinks, printed forms, closed forms of expectations) follows from the definition.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>An activation known by name.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Parameters">Names of its parameters.</param>
/// <param name="Defaults">Values of the parameters where none are given; null if they must be.</param>
/// <param name="Define">The definition from the parameters and x.</param>
public sealed record KnownActivation(
    string Name,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<Expression>? Defaults,
    Func<Expression[], Expression, Expression> Define);

/// <summary>The table of known activations.</summary>
public static class KnownActivations
{
    /// <summary>The variable x that definitions are in.</summary>
    public static Symbol Variable { get; } = Symbol.Of("x");

    /// <summary>All known activations by name, in order.</summary>
    public static IReadOnlyDictionary<string, KnownActivation> All { get; } = Table();

    private static SortedDictionary<string, KnownActivation> Table()
    {
        var table = new SortedDictionary<string, KnownActivation>(StringComparer.Ordinal);
        Plain("identity", x => x);
        Plain("linear", x => x);
        Plain("relu", Relu);
        With("leakyrelu", ["a"], [Rational.Of(1, 100)], (p, x) => Relu(x) - (p[0] * Relu(-x)));
        With("abrelu", ["a", "b"], null, (p, x) => (p[1] * Relu(x)) - (p[0] * Relu(-x)));
        Plain("abs", x => Apply(ElementaryFunctions.Abs, x));
        Plain("step", x => Apply(ElementaryFunctions.Step, x));
        Plain("sign", x => Apply(ElementaryFunctions.Sign, x));
        Plain("erf", x => Apply(ElementaryFunctions.Erf, x));
        Plain("phi", x => Apply(ElementaryFunctions.Phi, x));
        Plain("gelu", x => x * Apply(ElementaryFunctions.Phi, x));
        Plain("sigmoid", x => Apply(ElementaryFunctions.Logistic, x));
        // The error function scaled to look like the logistic one; the scale is that of neural-tangents.
        Plain("sigmoidlike", x => (1 + Apply(ElementaryFunctions.Erf, x / Rational.Parse("2.4020563531719796"))) / 2);
        Plain("tanh", x => Apply(ElementaryFunctions.Tanh, x));
        Plain("silu", x => x * Apply(ElementaryFunctions.Logistic, x));
        Plain("swish", x => x * Apply(ElementaryFunctions.Logistic, x));
        With("softplus", ["beta"], [1], (p, x) => Apply(ElementaryFunctions.Softplus, p[0] * x) / p[0]);
        Plain("mish", x => x * Apply(ElementaryFunctions.Tanh, Apply(ElementaryFunctions.Softplus, x)));
        With("elu", ["alpha"], [1], (p, x) => Elu(p[0], x));
        Plain("selu", x => Rational.Parse("1.0507009873554804934193349852946") * Elu(Rational.Parse("1.6732632423543772848170429916717"), x));
        Plain("sin", x => Apply(ElementaryFunctions.Sin, x));
        Plain("cos", x => Apply(ElementaryFunctions.Cos, x));
        Plain("exp", x => Apply(ElementaryFunctions.Exp, x));
        Plain("gaussian", x => Apply(ElementaryFunctions.Exp, -x.Pow(2)));
        // sqrt(2) sin(sqrt(2 gamma) x + pi/4): E[f(x) f(y)] = exp(-gamma (K_xx + K_yy - 2 K_xy)) for the radial kernel.
        With("rbf", ["gamma"], [1], (p, x) => Root(2) * Apply(ElementaryFunctions.Sin, (Root(2 * p[0]) * x) + (Constant.Pi / 4)));
        With("monomial", ["k"], null, (p, x) => x.Pow(Whole("monomial", p[0])));
        With("rectifiedmonomial", ["k"], null, (p, x) => Whole("rectifiedmonomial", p[0]) is var k && k == 0 ? Apply(ElementaryFunctions.Step, x) : Relu(x).Pow(k));
        With("hermite", ["k"], null, (p, x) => Hermite(Whole("hermite", p[0]), x));
        return table;

        void Plain(string name, Func<Expression, Expression> define) => With(name, [], [], (_, x) => define(x));

        void With(string name, string[] parameters, Expression[]? defaults, Func<Expression[], Expression, Expression> define) =>
            table.Add(name, new(name, parameters, defaults, define));
    }

    /// <summary>Hermite's polynomial He_k, orthogonal under the standard normal, with leading coefficient 1.</summary>
    public static Expression Hermite(int k, Expression x)
    {
        Expression before = Expression.Zero, current = Expression.One;
        for (int order = 0; order < k; order++)
            (before, current) = (current, ((x * current) - (order * before)).Expand());
        return current;
    }

    private static Expression Apply(Function function, Expression x) => Expression.Apply(function, x);

    private static Expression Relu(Expression x) => Apply(ElementaryFunctions.Relu, x);

    // x for x > 0, alpha (e^x - 1) for x < 0, without an exponential that could overflow.
    private static Expression Elu(Expression alpha, Expression x) => Relu(x) + (alpha * Apply(ElementaryFunctions.ExpMinusOne, -Relu(-x)));

    private static Expression Root(Expression x) => Power.Of(x, Expression.Half);

    private static int Whole(string name, Expression parameter) =>
        parameter is Number { Value: { IsInteger: true, Sign: >= 0 } k } && k <= 60
            ? (int)k.Numerator
            : throw new ArgumentException($"{name}({parameter}) is not defined: the degree is a whole number from 0 to 60.");
}
