using System.Collections.Immutable;
using System.Globalization;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>
/// The equal-time cumulant kappa_(E,L): the coefficient at n^-(E - 1 + L) of the joint cumulant of E fields.
/// </summary>
internal sealed class Cumulant : IEquatable<Cumulant>, IComparable<Cumulant>
{
    /// <summary>Creates a cumulant from the number of legs of every field.</summary>
    /// <param name="legsByField">Number of legs of every field, together at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    /// <exception cref="ArgumentException">No leg, or a negative number.</exception>
    public Cumulant(ImmutableArray<int> legsByField, int loops)
    {
        if (legsByField.Any(count => count < 0) || legsByField.Sum() < 1 || loops < 0)
            throw new ArgumentException("A cumulant has at least one leg, and no negative number of legs or loops.");
        LegsByField = legsByField;
        Loops = loops;
    }

    /// <summary>Creates the one-field cumulant kappa_(E,L).</summary>
    /// <param name="external">E, at least 1.</param>
    /// <param name="loops">L, 0 or more.</param>
    public Cumulant(int external, int loops)
        : this([external], loops)
    {
    }

    /// <summary>Number of legs of every field.</summary>
    public ImmutableArray<int> LegsByField { get; }

    /// <summary>L.</summary>
    public int Loops { get; }

    /// <summary>E.</summary>
    public int External => LegsByField.Sum();

    /// <summary>The power of 1/n, E - 1 + L.</summary>
    public int Order => External - 1 + Loops;

    public int CompareTo(Cumulant? other)
    {
        if (other is null) return 1;
        int result = External.CompareTo(other.External);
        if (result == 0) result = Loops.CompareTo(other.Loops);
        if (result == 0) result = LegsByField.Length.CompareTo(other.LegsByField.Length);
        for (int field = 0; result == 0 && field < LegsByField.Length; field++)
            result = other.LegsByField[field].CompareTo(LegsByField[field]);
        return result;
    }

    public bool Equals(Cumulant? other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as Cumulant);

    public override int GetHashCode() => HashCode.Combine(External, Loops, LegsByField[0]);

    /// <summary>Writes "k(2,0)", with several fields "k(1+1,0)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"k({string.Join('+', LegsByField)},{Loops})");
}
