using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>Products of three and four functions against thirty digits made by reference/make_products.py, and by identities.</summary>
public class ProductQuadratureTests
{
    private static readonly Dictionary<string, string> Functions = new(StringComparer.Ordinal)
    {
        ["tanh"] = "tanh(#)",
        ["sigmoid"] = "logistic(#)",
        ["silu"] = "silu(#)",
        ["softplus"] = "softplus(#)",
        ["x"] = "#",
        ["square"] = "#^2",
        ["gaussian"] = "exp(-#^2)",
        ["tanh_squared"] = "tanh(#)^2",
        ["relu"] = "relu(#)",
        ["abs"] = "abs(#)",
        ["step"] = "step(#)",
        ["sign"] = "sign(#)",
    };

    // Two take many seconds each (line integrals over expansions): left to whoever runs them by hand.
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Entries().Count).Except([10, 12])];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_agree_with_thirty_digits_within_the_bound_and_the_bound_meets_the_target(int at)
    {
        JsonElement entry = Entries()[at];
        double expected = double.Parse(entry.GetProperty("value").GetString()!, CultureInfo.InvariantCulture);
        ExpectationResult found = GaussianExpectation.Evaluate(Product(entry), Kernel(entry), estimated: true);
        string what = $"{Product(entry)}: {found.Value:R} +- {found.ErrorBound:E1}, should be {expected:R}";
        Assert.False(found.IsClosedForm, what);
        Assert.True(Math.Abs(found.Value - expected) <= found.ErrorBound, what);
        Assert.True(found.ErrorBound <= 1e-13 * Math.Max(1, Math.Abs(expected)), what);
    }

    // The order of the variables decides groups and conditioning, and must not decide the value.
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public void Permuted_inputs_give_the_same_value(int at)
    {
        JsonElement entry = Entries()[at];
        double[,] kernel = Kernel(entry);
        int n = kernel.GetLength(0);
        int[] order = [.. Enumerable.Range(0, n).Select(i => (i + 2) % n)];
        var permuted = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                permuted[i, j] = kernel[order[i], order[j]];
        }

        string[] names = [.. entry.GetProperty("functions").EnumerateArray().Select(name => name.GetString()!)];
        ExpectationResult first = GaussianExpectation.Evaluate(Product(names), kernel, estimated: true), second = GaussianExpectation.Evaluate(Product([.. order.Select(i => names[i])]), permuted, estimated: true);
        Assert.Equal(first.Value, second.Value, first.ErrorBound + second.ErrorBound);
    }

    [Theory]
    // Equal and opposite inputs merge: tanh(x)^2 tanh(-x) y and so on.
    [InlineData("tanh(x)*tanh(y)*tanh(z)*w", "[[1,1,-1,.4],[1,1,-1,.4],[-1,-1,1,-.4],[.4,.4,-.4,2]]", "-tanh(x)^3*w", "[[1,0,0,.4],[0,1,0,0],[0,0,1,0],[.4,0,0,2]]")]
    // An input of variance 0 is its value.
    [InlineData("tanh(x)*logistic(y)*tanh(z)", "[[1,0,.3],[0,0,0],[.3,0,2]]", "tanh(x)*tanh(z)/2", "[[1,0,.3],[0,1,0],[.3,0,2]]")]
    // Independent pairs factorise: against the product of the two.
    [InlineData("tanh(x)*relu(y)*silu(z)*tanh(w)", "[[1,0,.3,0],[0,1,0,.2],[.3,0,1,0],[0,.2,0,1]]", null, null)]
    public void Degenerate_kernels_reduce(string product, string kernel, string? reduced, string? reducedKernel)
    {
        ExpectationResult found = GaussianExpectation.Evaluate(Parse(product), Matrix(kernel), estimated: true);
        double expected = reduced is not null
            ? GaussianExpectation.Evaluate(Parse(reduced), Matrix(reducedKernel!), estimated: true).Value
            : GaussianExpectation.Evaluate(Parse("tanh(x)*silu(z)"), Matrix(kernel), estimated: true).Value * GaussianExpectation.Evaluate(Parse("relu(y)*tanh(w)"), Matrix(kernel), estimated: true).Value;
        Assert.Equal(expected, found.Value, 1e-14);
        Assert.True(found.ErrorBound < 1e-13);
    }

    // z = x + y exactly: three variables of rank two, the third of which two others can be asked for.
    [Fact]
    public void A_kernel_of_rank_two_is_served()
    {
        double[,] kernel = Matrix("[[1, .25, 1.25], [.25, 2, 2.25], [1.25, 2.25, 3.5]]");
        ExpectationResult three = GaussianExpectation.Evaluate(Parse("tanh(x)*tanh(y)*tanh(z)^2"), kernel, estimated: true);
        ExpectationResult two = GaussianExpectation.Evaluate(Parse("tanh(x)*tanh(y)*tanh(x+y)^2"), kernel);
        Assert.Equal(two.Value, three.Value, two.ErrorBound + three.ErrorBound);
        Assert.True(three.ErrorBound < 1e-12);
    }

    [Fact]
    public void Sums_of_products_are_taken_term_by_term_and_what_mixes_variables_is_refused_by_name()
    {
        double[,] kernel = Matrix("[[1,.4,.3],[.4,2,.5],[.3,.5,1.5]]");
        double together = GaussianExpectation.Evaluate(Parse("(tanh(x)*y + 2)*relu(z)"), kernel, estimated: true).Value;
        double apart = GaussianExpectation.Evaluate(Parse("tanh(x)*y*relu(z)"), kernel, estimated: true).Value + (2 * GaussianExpectation.Evaluate(Parse("relu(z)"), kernel, estimated: true).Value);
        Assert.Equal(apart, together, 1e-14);
        var refusal = Assert.Throws<NotSupportedException>(() => GaussianExpectation.Evaluate(Parse("tanh(x + y)*tanh(z)"), kernel, estimated: true));
        Assert.Contains("tanh(x + y) mixes variables", refusal.Message, StringComparison.Ordinal);

        // Given x = 0, the others have the covariance that is left; the square of a delta is nothing.
        ExpectationResult fixedAt = GaussianExpectation.Evaluate(Parse("delta(x)*tanh(y)*tanh(z)"), kernel);
        ExpectationResult left = GaussianExpectation.Evaluate(Parse("tanh(x)*tanh(y)"), Matrix("[[1.84,.38],[.38,1.41]]"));
        Assert.Equal(left.Value / Math.Sqrt(2 * Math.PI), fixedAt.Value, fixedAt.ErrorBound + left.ErrorBound);
        Assert.Throws<NotSupportedException>(() => GaussianExpectation.Evaluate(Parse("delta(x)^2*tanh(y)*tanh(z)"), kernel));
    }

    [Fact]
    public void What_cannot_be_brought_to_the_target_is_an_error()
    {
        // Four neighbouring points of a smooth process: any two determine the others, and no grouping and no condition helps.
        var kernel = new double[4, 4];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
                kernel[i, j] = Math.Exp(-1e-3 * (i - j) * (i - j));
        }

        var refusal = Assert.Throws<QuadratureException>(() => GaussianExpectation.Evaluate(Parse("tanh(x)*tanh(y)*tanh(z)*tanh(w)"), kernel, estimated: true));
        Assert.Contains("nearly determine each other", refusal.Message, StringComparison.Ordinal);
        var divergence = Assert.Throws<QuadratureException>(() => GaussianExpectation.Evaluate(Parse("exp(x^2/2)*tanh(y)*tanh(z)"), Matrix("[[1,.1,.1],[.1,1,.1],[.1,.1,1]]"), estimated: true));
        Assert.Contains("does not exist", divergence.Message, StringComparison.Ordinal);
    }

    private static Expression Parse(string text) => ExpressionParser.Parse(text, Dialect.Activations, "x", "y", "z", "w");

    private static Expression Product(JsonElement entry) => Product([.. entry.GetProperty("functions").EnumerateArray().Select(name => name.GetString()!)]);

    private static Expression Product(string[] names) =>
        Parse(string.Join("*", names.Select((name, at) => $"({Functions[name].Replace("#", ((string[])["x", "y", "z", "w"])[at], StringComparison.Ordinal)})")));

    private static double[,] Kernel(JsonElement entry) => Matrix(entry.GetProperty("kernel").GetRawText());

    private static double[,] Matrix(string json)
    {
        double[][] rows = JsonSerializer.Deserialize<double[][]>(System.Text.RegularExpressions.Regex.Replace(json, @"(?<![0-9])\.", "0."))!;
        var matrix = new double[rows.Length, rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
                matrix[i, j] = rows[i][j];
        }

        return matrix;
    }

    private static List<JsonElement> Entries([CallerFilePath] string source = "") =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "reference", "products.json"))).RootElement.EnumerateArray()];
}
