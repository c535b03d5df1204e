using System.Collections.Immutable;
using System.Globalization;

namespace SymbolicEft.Diagrams.Model;

/// <summary>A set of allowed numbers of kernel legs: a finite list, or every number from a minimum on.</summary>
public sealed class LegCounts
{
    private readonly ImmutableArray<int> counts;
    private readonly int? from;

    private LegCounts(ImmutableArray<int> counts, int? from)
    {
        this.counts = counts;
        this.from = from;
    }

    /// <summary>No number at all: the vertex does not occur.</summary>
    public static LegCounts None { get; } = new([], null);

    /// <summary>The listed numbers.</summary>
    /// <param name="counts">Numbers of legs, zero or more; order and repetition do not matter.</param>
    /// <exception cref="ArgumentException">A negative number.</exception>
    public static LegCounts Of(params IEnumerable<int> counts)
    {
        ImmutableArray<int> sorted = [.. counts.Distinct().Order()];
        if (sorted.Length > 0 && sorted[0] < 0) throw new ArgumentException("A number of legs is zero or more.", nameof(counts));
        return new LegCounts(sorted, null);
    }

    /// <summary>Every number from <paramref name="minimum"/> on.</summary>
    /// <param name="minimum">The smallest number, zero or more.</param>
    /// <exception cref="ArgumentException">A negative minimum.</exception>
    public static LegCounts From(int minimum) => minimum < 0
        ? throw new ArgumentException("A number of legs is zero or more.", nameof(minimum))
        : new LegCounts([], minimum);

    /// <summary>Reads "all", "none" or a list such as "2,3".</summary>
    /// <param name="text">The text.</param>
    /// <param name="minimum">Where "all" starts: 2 for drift (lower powers belong to the mean path and its propagator), 0 for noise.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static LegCounts Parse(string text, int minimum)
    {
        string trimmed = text.Trim();
        if (trimmed == "all") return From(minimum);
        if (trimmed == "none") return None;
        var numbers = new List<int>();
        foreach (string part in trimmed.Split(','))
        {
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < minimum)
            {
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{text}' is not a list of numbers of kernel legs; write numbers of {minimum} or more such as {minimum},{minimum + 1}, or all, or none."));
            }

            numbers.Add(number);
        }

        return Of(numbers);
    }

    /// <summary>The allowed numbers up to a maximum, ascending.</summary>
    /// <param name="maximum">The largest number wanted.</param>
    public IEnumerable<int> UpTo(int maximum) => from is int minimum
        ? Enumerable.Range(minimum, Math.Max(0, maximum - minimum + 1))
        : counts.Where(count => count <= maximum);

    /// <summary>Writes what <see cref="Parse"/> reads, or "3.." for an open list.</summary>
    public override string ToString() => from is int minimum
        ? minimum.ToString(CultureInfo.InvariantCulture) + ".."
        : counts.Length == 0 ? "none" : string.Join(',', counts);
}
