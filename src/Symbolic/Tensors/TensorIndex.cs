using System.Globalization;

namespace SymbolicEft.Symbolic.Tensors;

/// <summary>What an index counts.</summary>
public enum IndexKind
{
    /// <summary>Inputs a = 1..N.</summary>
    Input,

    /// <summary>Neurons i = 1..n.</summary>
    Neuron,

    /// <summary>Pairs of inputs p = (a, b), a at most b.</summary>
    Pair,

    /// <summary>Orders k of Hermite modes.</summary>
    Order,

    /// <summary>Components of a mode: the j-th of order k is he_(k-j)(z1) he_j(z2) in the frame of its pair, the last pair that its tensor names.</summary>
    Component,

    /// <summary>Observables of a list, each in all the blocks of pairs that it stands in.</summary>
    Observable,

    /// <summary>Pairs of inputs as the blocks of pairs see them: (a, a), (a, b), (b, b) in the block of (a, b).</summary>
    Member,

    /// <summary>All modes of a pair, of every order from 0 on, in the frame of the pair that its tensor names.</summary>
    EveryMode,

    /// <summary>The directions of the frame of a pair, or its two inputs themselves.</summary>
    Direction,
}

/// <summary>An index of a tensor: a letter, or a definite number counted from 0.</summary>
public readonly record struct TensorIndex : IComparable<TensorIndex>
{
    private TensorIndex(IndexKind kind, string letter, int value) => (Kind, Letter, Value) = (kind, letter, value);

    /// <summary>What it counts.</summary>
    public IndexKind Kind { get; }

    /// <summary>The letter; empty for a definite number.</summary>
    public string Letter { get; }

    /// <summary>The number, from 0; -1 for a letter.</summary>
    public int Value { get; }

    /// <summary>True for a number, false for a letter.</summary>
    public bool IsDefinite => Value >= 0;

    /// <summary>An input index with a letter.</summary>
    public static TensorIndex Input(string letter) => new(IndexKind.Input, letter, -1);

    /// <summary>A definite input, counted from 0.</summary>
    public static TensorIndex Input(int value) => new(IndexKind.Input, "", value);

    /// <summary>A neuron index with a letter.</summary>
    public static TensorIndex Neuron(string letter) => new(IndexKind.Neuron, letter, -1);

    /// <summary>An index of any kind with a letter.</summary>
    /// <param name="kind">What it counts.</param>
    /// <param name="letter">The letter.</param>
    public static TensorIndex Of(IndexKind kind, string letter) => new(kind, letter, -1);

    /// <summary>Numbers before letters; letters by length, then alphabet.</summary>
    public int CompareTo(TensorIndex other)
    {
        int order = Kind.CompareTo(other.Kind);
        if (order == 0)
            order = other.Value.CompareTo(Value) == 0 ? 0 : Value >= 0 && other.Value >= 0 ? Value.CompareTo(other.Value) : other.Value.CompareTo(Value);
        if (order == 0)
            order = Letter.Length.CompareTo(other.Letter.Length);
        return order == 0 ? string.CompareOrdinal(Letter, other.Letter) : order;
    }

    /// <summary>The letter or the number.</summary>
    public override string ToString() => IsDefinite ? Value.ToString(CultureInfo.InvariantCulture) : Letter;
}
