using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>C# that refers to nothing but the framework; functions it lacks are collected, to be written into the file.</summary>
internal sealed class CSharpCodeStyle : CodeStyle
{
    private static readonly SortedDictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["Erf"] = """
            // All terms are positive: no cancellation. Beyond 6 the result is 1 to the last digit.
            private static double Erf(double x)
            {
                if (Math.Abs(x) > 6)
                    return Math.Sign(x);
                double term = x, sum = x;
                for (int k = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); k++)
                {
                    term *= 2 * x * x / (2 * k + 1);
                    sum += term;
                }

                return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
            }
            """,
        ["Erfc"] = "private static double Erfc(double x) => 1 - Erf(x);",
        ["NormalDistribution"] = "private static double NormalDistribution(double x) => (1 + Erf(x / Math.Sqrt(2))) / 2;",
        ["ExpMinusOne"] = """
            private static double ExpMinusOne(double x)
            {
                double exponential = Math.Exp(x);
                return Math.Abs(x) > 1 ? exponential - 1 : exponential == 1 ? x : (exponential - 1) * x / Math.Log(exponential);
            }
            """,
        ["LogOnePlus"] = """
            private static double LogOnePlus(double x)
            {
                double sum = 1 + x;
                return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
            }
            """,
        ["Logistic"] = """
            private static double Logistic(double x)
            {
                double small = Math.Exp(-Math.Abs(x));
                return (x < 0 ? small : 1) / (1 + small);
            }
            """,
        ["Softplus"] = "private static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));",
    };

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The sources of the functions printed so far, and of those they call.</summary>
    public IEnumerable<string> Helpers => _used.Select(name => Sources[name]);

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
        if (!Sources.TryGetValue(own, out string? source))
            throw new NotSupportedException($"Generated C# has no function {function.Name}; write markdown or latex.");
        Use(own);
        return own;
    }

    private void Use(string name)
    {
        _used.Add(name);
        foreach (string other in Sources.Keys)
        {
            if (other != name && !_used.Contains(other) && Sources[name].Contains($" {other}(", StringComparison.Ordinal))
                Use(other);
        }
    }
}
