// Functions of a neuron that are products over inputs, such as sigma(x_a)^2 sigma(x_b): f_ab, phi_a phi_b, their products, and derivatives of these as a
// whole. They are numbered as they occur.

using System.Globalization;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>A function of one input: a derivative of a power of sigma, times a power of x.</summary>
/// <param name="Sigmas">The power of sigma.</param>
/// <param name="Derivative">How often it is differentiated.</param>
/// <param name="Power">The power of x.</param>
internal readonly record struct InputFactor(int Sigmas, int Derivative, int Power);

/// <summary>A product over inputs.</summary>
/// <param name="Factors">For each input the number of its factor; 0 is the constant 1.</param>
/// <param name="Support">The inputs whose factor is not 1, ascending.</param>
/// <param name="Base">The number of the function that this one is a derivative of; its own where it is none.</param>
/// <param name="Derivatives">The inputs by which the base is differentiated, ascending.</param>
internal sealed record SeparableFunction(int[] Factors, int[] Support, int Base, int[] Derivatives);

/// <summary>All functions that occur, each once.</summary>
/// <param name="inputs">N.</param>
internal sealed class SeparableFunctions(int inputs)
{
    private readonly Dictionary<InputFactor, int> _factorPlaces = new() { [default] = 0 };
    private readonly List<InputFactor> _factors = [default];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal) { [Key(new int[inputs])] = 0 };
    private readonly List<SeparableFunction> _functions = [new(new int[inputs], [], 0, [])];
    private readonly Dictionary<(int, int), int> _products = [];

    /// <summary>The functions; 0 is the constant 1.</summary>
    public IReadOnlyList<SeparableFunction> Functions => _functions;

    /// <summary>The functions of one input; 0 is the constant 1.</summary>
    public IReadOnlyList<InputFactor> Factors => _factors;

    /// <summary>A product over inputs, by the factor of each.</summary>
    public int Of(InputFactor[] factors)
    {
        int[] numbers = [.. factors.Select(Number)];
        string key = Key(numbers);
        if (_places.TryGetValue(key, out int known))
            return known;
        int[] derivatives = [.. Enumerable.Range(0, inputs).SelectMany(input => Enumerable.Repeat(input, factors[input].Derivative))];
        int whole = derivatives.Length == 0 ? _functions.Count : Of([.. factors.Select(factor => factor with { Derivative = 0 })]);
        _functions.Add(new(numbers, [.. Enumerable.Range(0, inputs).Where(input => numbers[input] != 0)], whole, derivatives));
        return _places[key] = _functions.Count - 1;
    }

    /// <summary>A product.</summary>
    /// <exception cref="NotSupportedException">It would hold a derivative beside another function of the same input.</exception>
    public int Times(int left, int right)
    {
        if (left == 0 || right == 0)
            return left + right;
        (int, int) key = left < right ? (left, right) : (right, left);
        if (_products.TryGetValue(key, out int known))
            return known;
        return _products[key] = Of([.. _functions[left].Factors.Zip(_functions[right].Factors, (one, other) => Times(_factors[one], _factors[other]))]);
    }

    private static InputFactor Times(InputFactor left, InputFactor right)
    {
        if (left == default || right == default)
            return left == default ? right : left;
        return left.Derivative + right.Derivative == 0
            ? new(left.Sigmas + right.Sigmas, 0, left.Power + right.Power)
            : throw new NotSupportedException("The clock equations hold a product of derivatives that is no derivative of a product, which is not solved; use order 1.");
    }

    private int Number(InputFactor factor)
    {
        if (_factorPlaces.TryGetValue(factor, out int known))
            return known;
        _factors.Add(factor);
        return _factorPlaces[factor] = _factors.Count - 1;
    }

    private static string Key(int[] factors) => string.Join(',', factors.Select(factor => factor.ToString(CultureInfo.InvariantCulture)));
}
