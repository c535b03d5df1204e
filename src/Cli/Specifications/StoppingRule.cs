// until: "K1[0,0] < 0.005": simulate until the standard error of a component, at every recorded depth, is below a limit.
// Components are named as in the tables: G, K1 and U1 have one pair of inputs, V4 two; with ntk also Theta, Theta1, tau and VarThetaSingle, and VarTheta and CovThetaG.

using System.Globalization;
using System.Text.RegularExpressions;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Cli.Specifications;

/// <summary>When a simulation has enough networks.</summary>
/// <param name="Quantity">G, V4, K1 or U1, or what ntk adds.</param>
/// <param name="Indices">Inputs: a, b; for V4, VarTheta and CovThetaG a, b, c, d.</param>
/// <param name="Limit">The standard error to get below.</param>
public sealed partial record StoppingRule(string Quantity, IReadOnlyList<int> Indices, double Limit)
{
    private const string Example = "write it like K1[0,0] < 0.005 or V4[0,0,1,1] < 0.1, which is a limit on the standard error";

    /// <summary>Reads a rule.</summary>
    /// <exception cref="InputException">The text is not a rule.</exception>
    public static StoppingRule Parse(string text, string label)
    {
        Match match = Shape().Match(text);
        if (!match.Success)
            throw new InputException($"{label} is '{text}', which is not a stopping rule; {Example}.");
        string quantity = match.Groups["quantity"].Value;
        int[] indices = [.. match.Groups["index"].Captures.Select(index => int.Parse(index.ValueSpan, CultureInfo.InvariantCulture))];
        int wanted = quantity is "V4" or "VarTheta" or "CovThetaG" ? 4 : 2;
        if (indices.Length != wanted)
            throw new InputException($"{label} is '{text}', and {quantity} has {wanted} indices, not {indices.Length}; {Example}.");
        double limit = SpecificationFields.Real(match.Groups["limit"].Value, label);
        return limit > 0 ? new StoppingRule(quantity, indices, limit) : throw new InputException($"{label} is '{text}', and a standard error is never below {SpecificationFields.Digits(limit)}; {Example}.");
    }

    /// <summary>Refuses a rule about pairs that are not kept.</summary>
    /// <exception cref="InputException">It is about one.</exception>
    internal void RequireAmong(PairChoice choice, int inputs)
    {
        IReadOnlyList<InputPair> kept = choice.Of(inputs);
        if (!Indices.Chunk(2).All(pair => kept.Contains(new(Math.Min(pair[0], pair[1]), Math.Max(pair[0], pair[1])))))
            throw new InputException($"until is {this}, and the pairs kept are {choice.Text}; name its pairs with --pairs.");
    }

    /// <summary>The same rule where only those inputs are left.</summary>
    internal StoppingRule Among(int[] inputs) => this with { Indices = [.. Indices.Select(index => Array.IndexOf(inputs, index))] };

    /// <summary>Refuses indices beyond the inputs.</summary>
    /// <exception cref="InputException">An index is too large.</exception>
    public void RequireFor(int inputs)
    {
        foreach (int index in Indices)
        {
            if (index >= inputs)
                throw new InputException($"until names input {index} in {this}, and there {(inputs == 1 ? "is 1 input, number 0" : $"are {inputs} inputs, 0 to {inputs - 1}")}; use one of those.");
        }
    }

    /// <summary>The largest standard error of the component over the recorded depths.</summary>
    public double Error(EnsembleStatistics statistics, int inputs) => Enumerable.Range(0, statistics.Layers.Count).Max(record => Error(statistics, record, inputs));

    /// <summary>Whether it is about the tangent kernel.</summary>
    internal bool IsOfTangents => Quantity is not ("G" or "V4" or "K1" or "U1");

    /// <summary>The largest standard error of the component over the recorded depths, of a simulation of the tangent kernel.</summary>
    internal double Error(TangentStatistics statistics, int inputs)
    {
        int first = PairIndexing.Of(Indices[0], Indices[1], inputs), second = Indices.Count == 2 ? 0 : PairIndexing.Of(Indices[2], Indices[3], inputs);
        return statistics.Layers.Max(layer => Quantity switch
        {
            "V4" => layer.V4.StandardError[first][second],
            "VarTheta" => layer.Variance.StandardError[first][second],
            "CovThetaG" => layer.WithKernel.StandardError[first][second],
            "G" => layer.G.StandardError[first],
            "K1" => statistics.Width * layer.G.StandardError[first],
            "Theta" => layer.Theta.StandardError[first],
            "Theta1" => statistics.Width * layer.Theta.StandardError[first],
            "tau" => layer.Tau.StandardError[first],
            _ => layer.Single.StandardError[first],
        });
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Quantity}[{string.Join(",", Indices)}] < {SpecificationFields.Digits(Limit)}";

    private double Error(EnsembleStatistics statistics, int record, int inputs)
    {
        LayerStatistics layer = statistics.Layers[record];
        int first = PairIndexing.Of(Indices[0], Indices[1], inputs);
        return Quantity switch
        {
            "V4" => statistics.V4At(record, (Indices[0], Indices[1]), (Indices[2], Indices[3])).StandardError,
            "G" => layer.G.StandardError[first],
            "K1" => layer.K1!.StandardError[first],
            _ => layer.U1!.StandardError[first],
        };
    }

    [GeneratedRegex(@"^\s*(?<quantity>G|V4|K1|U1|Theta|Theta1|tau|VarThetaSingle|VarTheta|CovThetaG)\s*\[\s*(?<index>[0-9]{1,3})(\s*,\s*(?<index>[0-9]{1,3}))*\s*\]\s*<\s*(?<limit>\S+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
