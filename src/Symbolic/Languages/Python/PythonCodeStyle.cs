using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>Python with NumPy; functions that NumPy lacks are collected, to be written into the file.</summary>
internal sealed class PythonCodeStyle : CodeStyle
{
    private static readonly SortedDictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["exp"] = "np.exp",
        ["expm1"] = "np.expm1",
        ["ln"] = "np.log",
        ["log1p"] = "np.log1p",
        ["sin"] = "np.sin",
        ["cos"] = "np.cos",
        ["tan"] = "np.tan",
        ["arcsin"] = "np.arcsin",
        ["arccos"] = "np.arccos",
        ["arctan"] = "np.arctan",
        ["sinh"] = "np.sinh",
        ["cosh"] = "np.cosh",
        ["tanh"] = "np.tanh",
        ["arsinh"] = "np.arcsinh",
        ["arcosh"] = "np.arccosh",
        ["artanh"] = "np.arctanh",
        ["abs"] = "np.abs",
        ["sign"] = "np.sign",
        ["erf"] = "erf",
        ["erfc"] = "erfc",
        ["Phi"] = "normal_distribution",
        ["logistic"] = "logistic",
        ["softplus"] = "softplus",
        ["relu"] = "relu",
        ["step"] = "unit_step",
    };

    private static readonly Lazy<SortedDictionary<string, string>> Definitions = new(() => EmbeddedText.Definitions("functions.py"));

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The tensors of the statements that are written, as they are declared.</summary>
    public Dictionary<string, Indexed> Declared { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The code of the functions used so far.</summary>
    public IEnumerable<string> Helpers => _used.Select(name => Definitions.Value[name]);

    /// <summary>Has a function of the templates written into the file.</summary>
    public void Use(string name) => _used.Add(name);

    public override string Indexed(Indexed indexed) =>
        $"{indexed.Tensor.Name}[{string.Join(", ", PairStorage.Places(indexed, Declared, pair => [$"*pairs[{pair}]"], (first, second) => $"place[{first}, {second}]"))}]";

    public override string Constant(Constant constant) => ReferenceEquals(constant, Expressions.Constant.Pi) ? "math.pi" : CodeContent.Number(constant.Value);

    public override string Delta(TensorIndex first, TensorIndex second) => $"(1.0 if {first} == {second} else 0.0)";

    public override string Power(string @base, string exponent) => $"{@base} ** {exponent}";

    public override string SquareRoot(string radicand) => $"np.sqrt({radicand})";

    protected override string NameOf(Function function)
    {
        if (!Names.TryGetValue(function.Name, out string? name))
            throw new NotSupportedException($"Generated Python has no function {function.Name}; write markdown or latex.");
        if (Definitions.Value.ContainsKey(name))
            _used.Add(name);
        return name;
    }
}
