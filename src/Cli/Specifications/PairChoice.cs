// pairs: of which pairs of inputs G, K0, V4, K1 and U1 are given. N inputs have N (N + 1)/2 pairs and V4 the square of that, so with many inputs a
// choice is needed. It changes no number, only which are kept.

using SymbolicEft.Numeric;
using YamlDotNet.RepresentationModel;

namespace SymbolicEft.Cli.Specifications;

/// <summary>A choice of pairs of inputs.</summary>
public sealed class PairChoice
{
    private const string Example = "use all, diagonal, or a list such as [[0,0],[0,1]] (inputs are numbered from 0)";

    private readonly InputPair[]? _list;

    private PairChoice(string text, InputPair[]? list) => (Text, _list) = (text, list);

    private PairChoice(IReadOnlyCollection<InputPair> list)
        : this($"[{string.Join(", ", list.Select(pair => $"[{pair.First}, {pair.Second}]"))}]", [.. list])
    {
    }

    /// <summary>Every pair.</summary>
    public static PairChoice All { get; } = new("all", null);

    /// <summary>Each input with itself.</summary>
    public static PairChoice Diagonal { get; } = new("diagonal", null);

    /// <summary>As it is written in a specification.</summary>
    public string Text { get; }

    /// <summary>Reads a choice.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static PairChoice Parse(YamlNode node, string label)
    {
        if (node is YamlScalarNode { Value: { } word })
            return word == All.Text ? All : word == Diagonal.Text ? Diagonal : throw new InputException($"{label} is '{word}'; {Example}.");
        if (node is not YamlSequenceNode { Children: { Count: > 0 } entries })
            throw new InputException($"{label} is no choice of pairs; {Example}.");
        var pairs = new SortedSet<InputPair>(Comparer<InputPair>.Create((one, other) => (one.First, one.Second).CompareTo((other.First, other.Second))));
        foreach (YamlNode entry in entries)
        {
            if (entry is not YamlSequenceNode { Children: [YamlScalarNode a, YamlScalarNode b] } || !Index(a, out int first) || !Index(b, out int second))
                throw new InputException($"{label} has the entry {entry}, which is not a pair of inputs; {Example}.");
            if (!pairs.Add(new(Math.Min(first, second), Math.Max(first, second))))
                throw new InputException($"{label} names the pair [{first}, {second}] twice; once is enough.");
        }

        return new(pairs);
    }

    /// <summary>The pairs, in the order of every table.</summary>
    /// <param name="inputs">N.</param>
    public IReadOnlyList<InputPair> Of(int inputs) =>
        _list ?? (this == All ? PairIndexing.All(inputs) : [.. Enumerable.Range(0, inputs).Select(input => new InputPair(input, input))]);

    /// <summary>The inputs that the pairs are of, ascending.</summary>
    /// <param name="inputs">N.</param>
    public int[] Named(int inputs) => _list is null ? [.. Enumerable.Range(0, inputs)] : [.. _list.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Order()];

    /// <summary>The same pairs where only those inputs are left.</summary>
    /// <param name="named">The inputs of <see cref="Named"/>.</param>
    public PairChoice Among(int[] named) => _list is null ? this : new([.. _list.Select(pair => new InputPair(Array.IndexOf(named, pair.First), Array.IndexOf(named, pair.Second)))]);

    /// <summary>Refuses inputs that are not there.</summary>
    /// <exception cref="InputException">A pair names one.</exception>
    public void RequireFor(int inputs)
    {
        foreach (InputPair pair in _list ?? [])
        {
            if (pair.Second >= inputs)
                throw new InputException($"pairs names input {pair.Second} in [{pair.First}, {pair.Second}], and there {(inputs == 1 ? "is 1 input, number 0" : $"are {inputs} inputs, 0 to {inputs - 1}")}; use one of those.");
        }
    }

    private static bool Index(YamlScalarNode node, out int index) =>
        int.TryParse(node.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out index);
}
