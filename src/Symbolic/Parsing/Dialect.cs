using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Parsing;

/// <summary>
/// The names of one written language: what its functions and constants are called. The grammar of arithmetic is common to
/// all; <see cref="ExpressionParser"/> states it.
/// </summary>
public sealed class Dialect
{
    private readonly SortedDictionary<string, NamedCall> _calls = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Expression> _constants = new(StringComparer.Ordinal);

    private sealed record NamedCall(int Arity, Func<Expression[], Expression> Build, int? OtherArity = null);

    /// <summary>Our own language, which <see cref="Printing.TextStyle"/> writes.</summary>
    public static Dialect Own { get; } = MakeOwn();

    /// <summary>Our own language with the known activations as functions: gelu(x), and with parameters first hermite(3, x).</summary>
    public static Dialect Activations { get; } = MakeActivations();

    /// <summary>AngouriMath's language, as far as <see cref="Printing.AngouriMathStyle"/> writes it.</summary>
    public static Dialect AngouriMath { get; } = MakeAngouriMath();

    /// <summary>MathNet.Symbolics' infix language, as far as <see cref="Printing.MathNetSymbolicsStyle"/> writes it.</summary>
    public static Dialect MathNetSymbolics { get; } = MakeMathNetSymbolics();

    /// <summary>The names of functions, aliases included, in order.</summary>
    public IReadOnlyCollection<string> FunctionNames => _calls.Keys;

    /// <summary>The names of functions of one argument by their first names, as a message lists them.</summary>
    internal IEnumerable<string> CommonFunctionNames =>
        IsOwn ? [.. ElementaryFunctions.All.Keys.Append("sqrt").Order(StringComparer.OrdinalIgnoreCase)] : _calls.Keys;

    /// <summary>The names of constants, in order.</summary>
    public IReadOnlyCollection<string> ConstantNames => _constants.Keys;

    /// <summary>True if |x| is the absolute value.</summary>
    internal bool BarsAreAbsolute { get; private init; }

    /// <summary>
    /// True if the language reads -x^2 as (-x)^2 and yet prints -(x^2) so: then a power after a sign is refused rather than
    /// guessed.
    /// </summary>
    internal bool SignedPowersAreAmbiguous { get; private init; }

    /// <summary>Number of arguments of a function; null if there is none of that name.</summary>
    internal int? ArityOf(string name) => Lookup(name)?.Arity;

    /// <summary>Another number of arguments that the function takes: its parameters and the argument.</summary>
    internal int? OtherArityOf(string name) => Lookup(name)?.OtherArity;

    internal Expression Apply(string name, Expression[] arguments) => Lookup(name)!.Build(arguments);

    internal Expression? ConstantNamed(string name) => _constants.GetValueOrDefault(name);

    private bool IsOwn => _calls.ContainsKey("gramdet");

    private NamedCall? Lookup(string name)
    {
        if (_calls.TryGetValue(name, out NamedCall? call))
            return call;
        // The derivatives of delta are as many as one likes, so they are found, not listed.
        return IsOwn && DeltaFunctions.Find(name) is { } delta ? new(1, x => Expression.Apply(delta, x)) : null;
    }

    private void Add(string name, int arity, Func<Expression[], Expression> build) => _calls.Add(name, new(arity, build));

    private void Add(string name, Function function) => Add(name, function.Arity, x => Expression.Apply(function, x));

    private static Dialect MakeOwn()
    {
        var dialect = new Dialect();
        foreach (ElementaryFunction function in ElementaryFunctions.All.Values)
        {
            dialect.Add(function.Name, function);
            foreach (string alias in function.Aliases)
                dialect.Add(alias, function);
        }

        foreach (CompoundFunction function in CompoundFunctions.All)
            dialect.Add(function.Name, function);
        dialect.Add("sqrt", 1, x => x[0].Pow(Expression.Half));
        dialect._constants["pi"] = Constant.Pi;
        dialect._constants["e"] = Expression.Apply(ElementaryFunctions.Exp, 1);
        return dialect;
    }

    private static Dialect MakeActivations()
    {
        Dialect dialect = MakeOwn();
        foreach (KnownActivation known in KnownActivations.All.Values)
        {
            // A function of the language that has parameters as an activation, softplus, takes them here too.
            if (dialect._calls.ContainsKey(known.Name) && known.Parameters.Count == 0)
                continue;
            int all = known.Parameters.Count + 1;
            dialect._calls[known.Name] = new(
                known.Defaults is null ? all : 1,
                x => known.Define(x.Length == all ? x[..^1] : [.. known.Defaults!], x[^1]),
                known.Defaults is null || all == 1 ? null : all);
        }

        return dialect;
    }

    private static Dialect MakeAngouriMath()
    {
        var dialect = new Dialect();
        foreach (string name in (ReadOnlySpan<string>)["sin", "cos", "tan", "arcsin", "arccos", "arctan", "ln", "abs", "sinh", "cosh", "tanh", "arsinh", "arcosh", "artanh"])
            dialect.Add(name, ElementaryFunctions.All[name]);
        dialect.Add("sgn", ElementaryFunctions.Sign);
        dialect.Add("signum", ElementaryFunctions.Sign);
        dialect.Add("sqrt", 1, x => x[0].Pow(Expression.Half));
        // log(base, x), in this order.
        dialect.Add("log", 2, x => Expression.Apply(ElementaryFunctions.Ln, x[1]) / Expression.Apply(ElementaryFunctions.Ln, x[0]));
        dialect._constants["pi"] = Constant.Pi;
        dialect._constants["e"] = Expression.Apply(ElementaryFunctions.Exp, 1);
        return dialect;
    }

    private static Dialect MakeMathNetSymbolics()
    {
        var dialect = new Dialect { BarsAreAbsolute = true, SignedPowersAreAmbiguous = true };
        foreach (string name in (ReadOnlySpan<string>)["exp", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs"])
            dialect.Add(name, ElementaryFunctions.All[name]);
        dialect.Add("asin", ElementaryFunctions.ArcSin);
        dialect.Add("acos", ElementaryFunctions.ArcCos);
        dialect.Add("atan", ElementaryFunctions.ArcTan);
        dialect.Add("asinh", ElementaryFunctions.ArSinh);
        dialect.Add("acosh", ElementaryFunctions.ArCosh);
        dialect.Add("atanh", ElementaryFunctions.ArTanh);
        dialect.Add("sqrt", 1, x => x[0].Pow(Expression.Half));
        dialect._constants["pi"] = Constant.Pi;
        dialect._constants["e"] = Expression.Apply(ElementaryFunctions.Exp, 1);
        return dialect;
    }
}
