using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>C# that refers to nothing but the framework; what it lacks is collected, to be written into the file.</summary>
internal class CSharpCodeStyle : CodeStyle
{
    private static readonly Lazy<SortedDictionary<string, string>> Definitions = new(() => EmbeddedText.Definitions("Arrays.cs"));

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal), _classes = new(StringComparer.Ordinal);

    /// <summary>The code of the methods on arrays used so far.</summary>
    public IEnumerable<string> Helpers => _used.Select(name => Definitions.Value[name]);

    /// <summary>The classes of this program whose functions were used so far.</summary>
    public IEnumerable<string> Classes => _classes;

    public override bool ExponentsAreRaised => true;

    public override string Constant(Constant constant) => ReferenceEquals(constant, Expressions.Constant.Pi) ? "Math.PI" : CodeContent.Number(constant.Value);

    public override string Delta(TensorIndex first, TensorIndex second) => $"({first} == {second} ? 1.0 : 0.0)";

    public override string Power(string @base, string exponent) => $"Math.Pow({@base}, {exponent})";

    public override string SquareRoot(string radicand) => $"Math.Sqrt({radicand})";

    // A function has the name of the method that evaluates it everywhere else.
    protected override string NameOf(Function function)
    {
        if (function.CSharpName is not { } name || DeltaFunctions.OrderOf(function) is not null)
            throw new NotSupportedException($"Generated C# has no function {function.Name}; write markdown or latex.");
        string owner = name[..name.IndexOf('.')];
        if (owner != nameof(Math))
            _classes.Add(owner);
        return name;
    }

    /// <summary>Has a method of the templates written into the file.</summary>
    public void Use(string name) => _used.Add(name);
}
