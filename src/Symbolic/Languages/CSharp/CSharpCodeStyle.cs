using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>C# that refers to nothing but the framework; functions it lacks are collected, to be written into the file.</summary>
internal class CSharpCodeStyle : CodeStyle
{
    private static readonly Lazy<SortedDictionary<string, string>> Definitions = new(() => EmbeddedText.Definitions("Functions.cs"));

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The sources of the functions used so far, and of those they call.</summary>
    public IEnumerable<string> Helpers => _used.Select(name => Definitions.Value[name]);

    public override bool ExponentsAreRaised => true;

    public override string Constant(Constant constant) => ReferenceEquals(constant, Expressions.Constant.Pi) ? "Math.PI" : CodeSource.Number(constant.Value);

    public override string Delta(TensorIndex first, TensorIndex second) => $"({first} == {second} ? 1.0 : 0.0)";

    public override string Power(string @base, string exponent) => $"Math.Pow({@base}, {exponent})";

    public override string SquareRoot(string radicand) => $"Math.Sqrt({radicand})";

    protected override string NameOf(Function function)
    {
        string? name = function.CSharpName;
        if (name is not null && name.StartsWith("Math.", StringComparison.Ordinal))
            return name;
        string own = name?[(name.IndexOf('.') + 1)..] ?? "";
        if (!Definitions.Value.ContainsKey(own))
            throw new NotSupportedException($"Generated C# has no function {function.Name}; write markdown or latex.");
        Use(own);
        return own;
    }

    /// <summary>Has a function of the templates written into the file, with those it calls.</summary>
    public void Use(string name)
    {
        _used.Add(name);
        foreach (string other in Definitions.Value.Keys)
        {
            if (other != name && !_used.Contains(other) && Definitions.Value[name].Contains($" {other}(", StringComparison.Ordinal))
                Use(other);
        }
    }
}
