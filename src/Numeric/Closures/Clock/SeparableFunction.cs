// Functions of a neuron that are products over inputs, such as sigma(x_a) sigma'(x_a) sigma(x_b): what the functions in the clock equations are sums of, f_ab and
// phi_a phi_b, their derivatives and their products. They are numbered as they occur.

using System.Globalization;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>A function of one input: a product of derivatives of sigma and a power of x.</summary>
/// <param name="Derivatives">The orders of the derivatives, ascending.</param>
/// <param name="Power">The power of x.</param>
internal sealed record InputFactor(int[] Derivatives, int Power);

/// <summary>A product over inputs.</summary>
/// <param name="Factors">For each input the number of its factor; 0 is the constant 1.</param>
/// <param name="Support">The inputs whose factor is not 1, ascending.</param>
internal sealed record SeparableFunction(int[] Factors, int[] Support);

/// <summary>All functions that occur, each once.</summary>
/// <param name="inputs">N.</param>
internal sealed class SeparableFunctions(int inputs)
{
    private readonly Dictionary<string, int> _factorPlaces = new(StringComparer.Ordinal) { ["|0"] = 0 };
    private readonly List<InputFactor> _factors = [new([], 0)];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal) { [string.Join(',', new int[inputs])] = 0 };
    private readonly List<SeparableFunction> _functions = [new(new int[inputs], [])];
    private readonly Dictionary<(int, int), int> _factorProducts = [], _products = [];

    /// <summary>The functions; 0 is the constant 1.</summary>
    public IReadOnlyList<SeparableFunction> Functions => _functions;

    /// <summary>The functions of one input; 0 is the constant 1.</summary>
    public IReadOnlyList<InputFactor> Factors => _factors;

    /// <summary>A function of one input alone.</summary>
    public int Of(int input, int[] derivatives, int power)
    {
        var factors = new int[inputs];
        factors[input] = Factor(derivatives, power);
        return Of(factors);
    }

    /// <summary>A product.</summary>
    public int Times(int left, int right)
    {
        if (left == 0 || right == 0)
            return left + right;
        (int, int) key = left < right ? (left, right) : (right, left);
        if (_products.TryGetValue(key, out int known))
            return known;
        return _products[key] = Of([.. _functions[left].Factors.Zip(_functions[right].Factors, TimesFactor)]);
    }

    private int TimesFactor(int left, int right)
    {
        if (left == 0 || right == 0)
            return left + right;
        (int, int) key = left < right ? (left, right) : (right, left);
        if (_factorProducts.TryGetValue(key, out int known))
            return known;
        return _factorProducts[key] = Factor([.. _factors[left].Derivatives.Concat(_factors[right].Derivatives).Order()], _factors[left].Power + _factors[right].Power);
    }

    private int Factor(int[] derivatives, int power)
    {
        string key = string.Join(',', derivatives) + "|" + power.ToString(CultureInfo.InvariantCulture);
        if (_factorPlaces.TryGetValue(key, out int known))
            return known;
        _factors.Add(new(derivatives, power));
        return _factorPlaces[key] = _factors.Count - 1;
    }

    private int Of(int[] factors)
    {
        string key = string.Join(',', factors);
        if (_places.TryGetValue(key, out int known))
            return known;
        _functions.Add(new(factors, [.. Enumerable.Range(0, inputs).Where(input => factors[input] != 0)]));
        return _places[key] = _functions.Count - 1;
    }
}
