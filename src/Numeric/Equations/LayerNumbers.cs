using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The numbers of a layer, by the letters that its equations have for them.</summary>
/// <param name="values">The numbers.</param>
internal sealed class LayerNumbers(IReadOnlyDictionary<Symbol, double> values)
{
    private double[]? _parameters;

    /// <summary>Those of a plain layer, in the order of <see cref="LayerParameters.Symbols"/>.</summary>
    public double[] Parameters => _parameters ??= [.. LayerParameters.Symbols.Select(letter => this[letter])];

    /// <summary>Those of the network that is the same in all layers.</summary>
    public static implicit operator LayerNumbers(LayerParameters layer) => new(LayerParameters.Symbols.Zip(layer.ToArray()).ToDictionary(each => each.First, each => each.Second));

    /// <summary>The number of a letter.</summary>
    /// <exception cref="NotSupportedException">A layer has none.</exception>
    public double this[Symbol letter] => values.TryGetValue(letter, out double value)
        ? value
        : throw new NotSupportedException($"{letter} is not a parameter of a layer; those are {string.Join(", ", values.Keys.Select(key => key.Name).Order(StringComparer.Ordinal))}.");

    /// <summary>The value of an expression in letters.</summary>
    public double ValueOf(Expression expression)
    {
        if (expression is Number number)
            return number.Value.ToDouble();
        var atoms = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance);
        foreach (Symbol symbol in expression.Nodes().OfType<Symbol>())
            atoms[symbol] = this[symbol];
        return expression.Evaluate(atoms);
    }
}
