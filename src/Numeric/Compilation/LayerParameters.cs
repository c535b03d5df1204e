using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>The numeric parameters of a layer.</summary>
/// <param name="Skip">alpha.</param>
/// <param name="Step">eps.</param>
/// <param name="WeightVariance">C_W.</param>
/// <param name="BiasVariance">C_b.</param>
/// <param name="Width">n; read only by exact balances at finite width.</param>
public readonly record struct LayerParameters(double Skip, double Step, double WeightVariance, double BiasVariance, double Width = double.PositiveInfinity)
{
    /// <summary>The letters, in the order of <see cref="ToArray"/>.</summary>
    internal static Symbol[] Symbols { get; } = [Notation.Skip, Notation.Step, Notation.WeightVariance, Notation.BiasVariance, Notation.Width];

    /// <summary>The depth time of the layer, eps^2.</summary>
    public double Time => Step * Step;

    /// <summary>The values in the order in which compiled programs read them.</summary>
    public double[] ToArray() => [Skip, Step, WeightVariance, BiasVariance, Width];

    internal static int SlotOf(Symbol symbol) =>
        Array.IndexOf(Symbols, symbol) is >= 0 and var slot
            ? slot
            : throw new NotSupportedException($"{symbol} is not a parameter of a layer; those are {string.Join(", ", Symbols.AsEnumerable())}.");
}
