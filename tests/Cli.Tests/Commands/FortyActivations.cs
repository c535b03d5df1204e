using System.Collections.Concurrent;

namespace SymbolicEft.Cli.Tests.Commands;

/// <summary>Forty activations, and the network that every command is driven with: kinks of order 0 to 3, jumps, poles near and far, growth, and two that are refused.</summary>
internal static class FortyActivations
{
    public static readonly IReadOnlyList<string> Smooth =
    [
        "identity", "gelu", "silu", "softplus", "mish", "erf", "tanh", "sin", "cos", "rbf(1/2)", "gaussian", "1/cosh(x)", "atan(x)", "exp(x)",
        "hermite(3)", "x + x^2/4", "x^3", "x*exp(-x^2/2)", "sqrt(1 + x^2)",
    ];

    public static readonly IReadOnlyList<string> Kinked =
    [
        "relu", "leakyrelu(1/5)", "abrelu(1/4, 2)", "elu(x)", "selu", "abs", "relu(x + 1) - relu(x - 1) - 1", "relu(x) - relu(x - 6)", "x/(1 + abs(x))",
        "relu(x)^2", "x*abs(x)", "relu(x)*tanh(x)", "rectifiedmonomial(3)", "step", "sign", "tanh(x) + abs(x - 1/2)", "tanh(relu(x))", "sin(3*x) + relu(x)",
    ];

    /// <summary>No solution: the mean square of the first is not finite, the kinks of the second cannot be located, the third grows too fast in a layer or two.</summary>
    public static readonly IReadOnlyList<string> Refused = ["exp(x^2)", "relu(sin(x))", "exp(x^2/2)"];

    public static readonly double[,] Kernel = { { 0.5, 0.15 }, { 0.15, 0.8 } };

    private static readonly string[] Network = ["--weight-variance", "1", "--bias-variance", "0.1", "--step", "0.3", "--depth", "2", "--record", "3"];

    private static readonly ConcurrentDictionary<string, Lazy<(int Code, string Output, string Messages)>> Solved = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> All { get; } = [.. Smooth, .. Kinked, .. Refused];

    public static TheoryData<string> Data => [.. All];

    /// <summary>The flags of the network.</summary>
    public static string[] Flags(string activation, params string[] others) => ["--activation", activation, "--kernel", "[[0.5, 0.15], [0.15, 0.8]]", .. Network, .. others];

    /// <summary>The flags of the network on its first input, without its activation.</summary>
    public static string[] OneInput(params string[] others) => ["--kernel", "0.5", .. Network, .. others];

    /// <summary>What solve says, as JSON, to flags: what every other command must agree with.</summary>
    public static (int Code, string Output, string Messages) Solve(params string[] flags) =>
        Solved.GetOrAdd(string.Join('\n', flags), _ => new(() => Symeft.Run(["solve", .. flags, "--format", "json"]))).Value;

    /// <summary>The sentence of a message.</summary>
    public static string Sentence(string messages) => messages.Trim().Split('\n')[^1]["symeft: ".Length..];
}
