using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;

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

    /// <summary>AngouriMath's language, as <see cref="AngouriMathStyle"/> and AngouriMath itself write it, where that is a real expression.</summary>
    public static Dialect AngouriMath { get; } = MakeAngouriMath();

    /// <summary>MathNet.Symbolics' infix language, as <see cref="MathNetSymbolicsStyle"/> and MathNet.Symbolics itself write it, where that is a real expression.</summary>
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

    /// <summary>True if 2x is 2*x.</summary>
    internal bool SignsMayBeLeftOut { get; private init; }

    /// <summary>True if sin^2(x) is sin(x)^2.</summary>
    internal bool FunctionsTakePowers { get; private init; }

    /// <summary>Words that are neither names nor values of ours, and what they are in the language.</summary>
    internal IReadOnlyDictionary<string, string> OtherWords { get; private init; } = new Dictionary<string, string>();

    /// <summary>True for a sign that is a word by itself, such as the circle number's letter.</summary>
    internal bool IsWord(char sign) => !char.IsAscii(sign) && (_constants.ContainsKey(sign.ToString()) || OtherWords.ContainsKey(sign.ToString()));

    /// <summary>Number of arguments of a function; null if there is none of that name.</summary>
    internal int? ArityOf(string name) => Lookup(name)?.Arity;

    /// <summary>Another number of arguments that the function takes: its parameters and the argument.</summary>
    internal int? OtherArityOf(string name) => Lookup(name)?.OtherArity;

    internal Expression Apply(string name, Expression[] arguments) => Lookup(name)!.Build(arguments);

    internal Expression? ConstantNamed(string name) => _constants.GetValueOrDefault(name);

    /// <summary>How a function of x that another language has is written here, such as 1/cos(x) for sec; null where none has it.</summary>
    internal string? Elsewhere(string name) =>
        IsOwn && AngouriMath.Lookup(name) is { } call && (call.Arity == 1 || call.OtherArity == 1) ? call.Build([Symbol.Of("x")]).ToString() : null;

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
        var dialect = new Dialect { OtherWords = new Dictionary<string, string> { ["∞"] = "infinity, no number" } };
        foreach (ElementaryFunction function in ElementaryFunctions.All.Values)
        {
            dialect.Add(function.Name, function);
            foreach (string alias in function.Aliases)
                dialect.Add(alias, function);
        }

        foreach (CompoundFunction function in CompoundFunctions.All)
            dialect.Add(function.Name, function);
        dialect.Add("sqrt", 1, x => x[0].Pow(Expression.Half));
        dialect._constants["pi"] = dialect._constants["π"] = Constant.Pi;
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
        var dialect = new Dialect { SignsMayBeLeftOut = true, OtherWords = AngouriMathStyle.Words };
        dialect.AddCalculus();
        dialect.AddInverses(("arc", ""), ("a", ""), ("ar", "h"), ("a", "h"));
        dialect.AddReciprocals("cosec", "cotan");
        foreach (string name in (ReadOnlySpan<string>)["sgn", "sign", "signum"])
            dialect.Add(name, ElementaryFunctions.Sign);
        dialect.Add("cbrt", 1, x => x[0].Pow(Expression.One / 3));
        dialect.Add("sqr", 1, x => x[0].Pow(2));
        // log(base, x), in this order, and the decimal logarithm.
        dialect._calls["log"] = new(2, x => Log(x.Length == 1 ? 10 : x[0], x[^1]), OtherArity: 1);
        return dialect;
    }

    private static Dialect MakeMathNetSymbolics()
    {
        var dialect = new Dialect { BarsAreAbsolute = true, SignedPowersAreAmbiguous = true, FunctionsTakePowers = true, OtherWords = MathNetSymbolicsStyle.Words };
        dialect.AddCalculus();
        dialect.AddInverses(("a", ""), ("a", "h"));
        dialect.AddReciprocals("csc", "cot");
        dialect.Add("exp", ElementaryFunctions.Exp);
        dialect.Add("lg", 1, x => Log(10, x[0]));
        dialect.Add("log", 2, x => Log(x[0], x[1]));
        dialect.Add("pow", 2, x => x[0].Pow(x[1]));
        dialect._constants["π"] = Constant.Pi;
        return dialect;
    }

    private static Expression Log(Expression @base, Expression x) => Expression.Apply(ElementaryFunctions.Ln, x) / Expression.Apply(ElementaryFunctions.Ln, @base);

    // What every language of calculus has under one name.
    private void AddCalculus()
    {
        foreach (string name in (ReadOnlySpan<string>)["ln", "abs", "sin", "cos", "tan", "sinh", "cosh", "tanh"])
            Add(name, ElementaryFunctions.All[name]);
        Add("sqrt", 1, x => x[0].Pow(Expression.Half));
        _constants["pi"] = Constant.Pi;
        _constants["e"] = Expression.Apply(ElementaryFunctions.Exp, 1);
    }

    // arcsin and asin, arsinh and asinh, and those of the reciprocals: arcsec(x) = arccos(1/x).
    private void AddInverses(params ReadOnlySpan<(string Before, string After)> spellings)
    {
        foreach ((string before, string after) in spellings)
        {
            string own = after == "h" ? "ar" : "arc";
            foreach ((string name, string[] reciprocals) in new[] { ("sin", (string[])["csc", "cosec"]), ("cos", ["sec"]), ("tan", ["cot", "cotan"]) })
            {
                ElementaryFunction inverse = ElementaryFunctions.All[own + name + after];
                Add(before + name + after, inverse);
                foreach (string reciprocal in reciprocals)
                    Add(before + reciprocal + after, 1, x => Expression.Apply(inverse, 1 / x[0]));
            }
        }
    }

    // sec, csc, cot, their longer names, and those of hyperbolic functions.
    private void AddReciprocals(params ReadOnlySpan<string> names)
    {
        foreach (string name in (ReadOnlySpan<string>)["sec", "csc", "cot", .. names])
        {
            string of = name == "sec" ? "cos" : name is "csc" or "cosec" ? "sin" : "tan";
            foreach (string after in (ReadOnlySpan<string>)["", "h"])
                _calls[name + after] = new(1, x => 1 / Expression.Apply(ElementaryFunctions.All[of + after], x[0]));
        }
    }
}
