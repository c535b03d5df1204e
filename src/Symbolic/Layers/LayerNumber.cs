using System.Globalization;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Layers;

/// <summary>A number of a layer: one for all repetitions, one for each, or an expression in l, which counts the repetitions from 0.</summary>
public sealed class LayerNumber : IEquatable<LayerNumber>
{
    private readonly IReadOnlyList<double>? _list;
    private readonly Expression? _schedule;

    private LayerNumber(string text, IReadOnlyList<double>? list, Expression? schedule) => (Text, _list, _schedule) = (text, list, schedule);

    /// <summary>l, the number of the repetition.</summary>
    public static Symbol Repetition { get; } = Symbol.Of("l");

    /// <summary>As it is written in a specification.</summary>
    public string Text { get; }

    /// <summary>True for one number for all repetitions.</summary>
    public bool IsConstant => _list is { Count: 1 } && !Text.StartsWith('[');

    /// <summary>How many repetitions it has numbers for; null for any.</summary>
    public int? Count => IsConstant || _schedule is not null ? null : _list!.Count;

    /// <summary>The same number in every repetition.</summary>
    public static implicit operator LayerNumber(double value) => new(value.ToString("R", CultureInfo.InvariantCulture), [value], null);

    /// <summary>An expression in l.</summary>
    public static implicit operator LayerNumber(string expression) => Parse(expression);

    /// <summary>A number for each repetition.</summary>
    /// <param name="values">The numbers.</param>
    public static LayerNumber Of(IReadOnlyList<double> values) =>
        new($"[{string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]", [.. values], null);

    /// <summary>An expression in l, such as 0.5/sqrt(l+1); a number is one too.</summary>
    /// <exception cref="ExpressionSyntaxException">The text is none.</exception>
    public static LayerNumber Parse(string text)
    {
        Expression schedule = ExpressionParser.Parse(text, Dialect.Activations, Repetition.Name);
        return schedule.Contains(Repetition) ? new LayerNumber(text, null, schedule) : schedule.Evaluate(new Dictionary<Expression, double>());
    }

    /// <summary>Its value in a repetition.</summary>
    /// <param name="repetition">l, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It has no number for it.</exception>
    public double At(int repetition) =>
        _schedule is not null ? _schedule.Evaluate(new Dictionary<Expression, double> { [Repetition] = repetition })
        : IsConstant ? _list![0]
        : repetition < _list!.Count ? _list[repetition]
        : throw new ArgumentOutOfRangeException(nameof(repetition), $"{Text} has no number for repetition {repetition}.");

    /// <inheritdoc/>
    public bool Equals(LayerNumber? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LayerNumber);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
