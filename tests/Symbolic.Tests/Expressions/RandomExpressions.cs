using FsCheck;
using FsCheck.Fluent;

namespace SymbolicEft.Symbolic.Tests.Expressions;

/// <summary>Random expressions for properties; a fixed seed, so that a failure is the same on every machine.</summary>
public static class RandomExpressions
{
    private static readonly string[] EveryFunction =
    [
        "exp", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "arsinh", "arcosh", "artanh",
        "erf", "erfc", "Phi", "abs", "sign", "step", "relu", "logistic", "softplus", "expm1", "log1p",
    ];

    private static readonly string[] FunctionsOfOtherSystems =
        ["exp", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "arsinh", "arcosh", "artanh", "abs"];

    public static Gen<NaiveExpression> All { get; } = Gen.Sized(size => OfSize(2 + Math.Min(size / 2, 22), EveryFunction));

    public static Gen<NaiveExpression> ForOtherSystems { get; } = Gen.Sized(size => OfSize(2 + Math.Min(size / 2, 22), FunctionsOfOtherSystems));

    /// <summary>The seed of every property.</summary>
    public const string Seed = "20260415,7";

    /// <summary>Points at which values are compared: away from 0 and from round numbers, where branches meet.</summary>
    public static IReadOnlyList<(double X, double Y)> Points { get; } = [(0.713, 1.291), (-0.419, 0.367), (1.873, -0.583)];

    /// <summary>
    /// Checks a property of at least so many expressions that exist: a division by the number 0 does not, and does not count.
    /// </summary>
    public static void Check(Gen<NaiveExpression> expressions, int count, Func<NaiveExpression, bool> property)
    {
        int executed = 0, existing = 0;
        Prop.ForAll(Arb.From(expressions), naive =>
        {
            executed++;
            if (Exists(naive))
                existing++;
            return property(naive);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count + (count / 10)).WithReplay(20260415, 7).WithEndSize(60));
        Assert.True(executed >= count, $"{executed} of {count} expressions were checked");
        Assert.True(existing >= count, $"{existing} of the {executed} expressions exist; {count} must");
    }

    /// <summary>False where the expression divides by the number 0.</summary>
    public static bool Exists(NaiveExpression naive)
    {
        try
        {
            _ = naive.Build();
            return true;
        }
        catch (DivideByZeroException)
        {
            return false;
        }
    }

    private static readonly Dictionary<(int Size, string[] Functions), Gen<NaiveExpression>> Known = [];

    private static Gen<NaiveExpression> OfSize(int size, string[] functions)
    {
        lock (Known)
        {
            if (!Known.TryGetValue((size, functions), out Gen<NaiveExpression>? known))
                Known.Add((size, functions), known = Make(size, functions));
            return known;
        }
    }

    private static Gen<NaiveExpression> Make(int size, string[] functions)
    {
        Gen<NaiveExpression> leaf = Gen.OneOf(
            Gen.Elements("x", "x", "y").Select(name => (NaiveExpression)new NaiveVariable(name)),
            Gen.Choose(-6, 6).SelectMany(numerator => Gen.Elements(1, 1, 2, 3, 4).Select(denominator => (NaiveExpression)new NaiveNumber(numerator, denominator))));
        if (size <= 1)
            return leaf;
        Gen<NaiveExpression> binary = Gen.Choose(1, size - 1).SelectMany(left =>
            Gen.Elements('+', '-', '*', '*', '/').SelectMany(sign =>
                OfSize(left, functions).SelectMany(first =>
                    OfSize(size - left, functions).Select(second => (NaiveExpression)new NaiveBinary(sign, first, second)))));
        Gen<NaiveExpression> power = OfSize(size - 1, functions).SelectMany(@base =>
            Gen.Elements((2, 1), (3, 1), (-1, 1), (-2, 1), (1, 2), (3, 2), (-1, 2), (1, 3), (0, 1), (4, 1)).Select(exponent =>
                (NaiveExpression)new NaivePower(@base, exponent.Item1, exponent.Item2)));
        Gen<NaiveExpression> call = OfSize(size - 1, functions).SelectMany(argument =>
            Gen.Elements(functions).Select(function => (NaiveExpression)new NaiveCall(function, argument)));
        return Gen.Frequency((1, leaf), (5, binary), (2, power), (2, call));
    }
}

/// <summary>Expressions that exist, of every function.</summary>
public static class AnyExpression
{
    public static Arbitrary<NaiveExpression> Existing() => Arb.From(RandomExpressions.All.Where(RandomExpressions.Exists));
}

/// <summary>Expressions that exist, of the functions that other systems have too.</summary>
public static class ExpressionForOtherSystems
{
    public static Arbitrary<NaiveExpression> Existing() => Arb.From(RandomExpressions.ForOtherSystems.Where(RandomExpressions.Exists));
}
