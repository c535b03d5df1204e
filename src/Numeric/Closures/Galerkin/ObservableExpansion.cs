// The observables of a closure for all inputs, each expanded in the orthonormal Hermite modes of its pair of inputs.
//   f(x)            one component per input a, a function of phi_a
//   f(x, y) = f(y, x)   one per pair a <= b
//   f(x, y) otherwise   one per ordered pair (a, b)
// Expansions end at a fixed order, for one input and for two, whatever N: dropping an input changes no other number. Two inputs that are
// proportional are one: f(phi_a, r phi_a) is a function of phi_a, so that equal inputs have equal numbers.

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>An observable f(x, y), or f(x).</summary>
/// <param name="Name">For messages.</param>
/// <param name="HasTwoInputs">True if it depends on two inputs.</param>
/// <param name="IsSymmetric">True if exchanging them changes nothing.</param>
/// <param name="Diagonal">f(x, x).</param>
/// <param name="Products">f as a sum of products F(x) G(y); one function is one object throughout a list. None where no two inputs differ.</param>
/// <param name="IsKernel">Whether it is x y, whose modes are those of the frame.</param>
internal sealed record ObservableFunction(
    string Name, bool HasTwoInputs, bool IsSymmetric, ActivationDescription Diagonal, IReadOnlyList<(double Coefficient, ActivationDescription First, ActivationDescription Second)> Products, bool IsKernel = false);

/// <summary>One component of an observable: f(phi_a, phi_b) for definite inputs.</summary>
/// <param name="Observable">Its place in the list.</param>
/// <param name="First">a.</param>
/// <param name="Second">b; equal to a for a function of one input.</param>
/// <param name="Pair">The pair of inputs, in either order.</param>
internal readonly record struct ObservableComponent(int Observable, int First, int Second, int Pair);

/// <summary>Expands a list of observables at any kernel.</summary>
internal sealed partial class ObservableExpansion
{
    /// <summary>Expansions end at this order for functions of one input.</summary>
    public const int HighestOfOne = 400;

    /// <summary>Expansions end at this order for functions of two inputs.</summary>
    public const int HighestOfTwo = 48;

    private const double Target = 1e-12, Rounding = 1e-14;

    private readonly bool _estimates;
    private readonly Dictionary<(ActivationDescription Function, int Products), FactorModes> _factors = [];

    private readonly Dictionary<(int Observable, bool IsStraight, double Ratio), FactorModes> _onLines = [];
    private readonly List<(double Coefficient, ProductModes Straight, ProductModes Exchanged)>[] _products;
    private readonly FactorModes[] _diagonals;
    private readonly bool[] _isOfTwo, _isKernel;
    private readonly string[] _names;
    private readonly InputPair[] _pairs;

    /// <summary>Prepares the observables.</summary>
    /// <param name="observables">The list.</param>
    /// <param name="inputs">N.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public ObservableExpansion(IReadOnlyList<ObservableFunction> observables, int inputs, bool estimates = false)
    {
        (Inputs, _estimates) = (inputs, estimates);
        _pairs = [.. PairIndexing.All(inputs)];
        var components = new List<ObservableComponent>();
        for (var at = 0; at < observables.Count; at++)
        {
            ObservableFunction observable = observables[at];
            for (var a = 0; a < inputs; a++)
            {
                for (var b = 0; b < inputs; b++)
                {
                    if (!observable.HasTwoInputs ? a == b : a <= b || !observable.IsSymmetric)
                        components.Add(new ObservableComponent(at, a, b, PairIndexing.Of(a, b, inputs)));
                }
            }
        }

        Components = [.. components];
        _isOfTwo = [.. observables.Select(observable => observable.HasTwoInputs)];
        _isKernel = [.. observables.Select(observable => observable.IsKernel)];
        _names = [.. observables.Select(observable => observable.Name)];
        _diagonals = [.. observables.Select(observable => Factor(observable.Diagonal, -1))];
        _products = [.. observables.Select(observable => observable.Products.Select(product => Product(product)).ToList())];
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>All components.</summary>
    public ObservableComponent[] Components { get; }

    /// <summary>True for x y, and for functions of one input by what they are: their differences at similar inputs are no obstacle.</summary>
    public bool IsOfEveryPair(int component) => Components[component].Observable == 0 || !_isOfTwo[Components[component].Observable];

    /// <summary>The observable that a component is of, as lists name it.</summary>
    public string NameOf(int component) => _names[Components[component].Observable];

    /// <summary>The coefficients of every component at a kernel, and what is left beyond them.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    public ExpansionAt At(ReadOnlySpan<double> kernel)
    {
        var frames = new PairFrame[_pairs.Length];
        for (var pair = 0; pair < frames.Length; pair++)
        {
            (int a, int b) = _pairs[pair];
            double kaa = kernel[PairIndexing.Of(a, a, Inputs)];
            frames[pair] = a == b ? PairFrame.Of(kaa) : PairFrame.Of(kaa, kernel[pair], kernel[PairIndexing.Of(b, b, Inputs)]);
            if (frames[pair].Complement == 0) frames[pair] = PairFrame.Of(kaa);
        }

        var coefficients = new double[Components.Length][];
        var rest = new double[Components.Length];
        for (var at = 0; at < coefficients.Length; at++)
        {
            ObservableComponent component = Components[at];
            (int a, int b) = _pairs[component.Pair];
            if (_isKernel[component.Observable])
            {
                coefficients[at] = KernelModes(frames[component.Pair], kernel[component.Pair]);
                continue;
            }

            if (frames[component.Pair].Dimension == 1)
            {
                double ratio = a == b ? 1 : KernelBlock.Ratio(kernel[PairIndexing.Of(a, a, Inputs)], kernel[component.Pair], kernel[PairIndexing.Of(b, b, Inputs)]);
                FactorModes function = ratio == 1 ? _diagonals[component.Observable] : OnLine(component, ratio);
                FactorSample sample = function.At(kernel[PairIndexing.Of(a, a, Inputs)], StageOfOne(function));
                if (ratio != 1) Report(function);
                coefficients[at] = sample.Coefficients[..(HighestOfOne + 1)];
                rest[at] = sample.MeanSquare - VectorSums.Dot(coefficients[at], coefficients[at]);
                if (rest[at] < Rounding * sample.MeanSquare) rest[at] = 0; // sign(x)^2 has neither a variance nor a rest
                continue;
            }

            double kaa = kernel[PairIndexing.Of(a, a, Inputs)], kbb = kernel[PairIndexing.Of(b, b, Inputs)];
            var sum = new double[ProductModes.Length(HighestOfTwo, 2)];
            var term = new double[sum.Length];
            foreach ((double coefficient, ProductModes straight, ProductModes exchanged) in _products[component.Observable])
            {
                (component.First < component.Second ? straight : exchanged).TwoInputs(frames[component.Pair], kaa, kbb, term);
                for (var n = 0; n < sum.Length; n++) sum[n] += coefficient * term[n];
            }

            coefficients[at] = sum;
            // An estimate: what the last eighth of the orders holds is more than all that follows.
            for (int n = ProductModes.Offset(HighestOfTwo - (HighestOfTwo / 8), 2); n < sum.Length; n++) rest[at] += sum[n] * sum[n];
        }

        double[] variances = Variances(coefficients);
        for (var at = 0; at < coefficients.Length; at++)
        {
            if (frames[Components[at].Pair].Dimension == 2) LargestShareBeyond = Math.Max(LargestShareBeyond, ShareBeyond(coefficients[at], variances[at]));
            else if (rest[at] > 0) LargestShareOfOne = Math.Max(LargestShareOfOne, rest[at] / (variances[at] + rest[at]));
        }

        return new ExpansionAt(frames, coefficients, rest, variances);
    }

    // x y has no others: x = L11 z1, y = L21 z1 + L22 z2, z^2 = 1 + sqrt(2) he_2.
    private static double[] KernelModes(in PairFrame frame, double kernel) => frame.Dimension == 1
        ? [kernel, 0, Math.Sqrt(2) * kernel]
        : [kernel, 0, 0, Math.Sqrt(2) * frame.L11 * frame.L21, frame.L11 * frame.L22, 0];

    /// <summary>An estimate of the largest share of variance that functions of two inputs had beyond the modes kept, at all kernels so far.</summary>
    public double LargestShareBeyond { get; private set; }

    /// <summary>The same of functions of one input, by Parseval.</summary>
    public double LargestShareOfOne { get; private set; }

    // relu(x) relu(y) of nearly opposite inputs is next to nothing: what is left of f(a, b) is measured by f(a, a) and f(b, b) if these are larger.
    private double[] Variances(double[][] coefficients)
    {
        double[] own = [.. coefficients.Select(function => VectorSums.Dot(function.AsSpan(1), function.AsSpan(1)))];
        var diagonal = new Dictionary<(int Observable, int Input), double>();
        for (var at = 0; at < own.Length; at++)
        {
            if (Components[at].First == Components[at].Second) diagonal[(Components[at].Observable, Components[at].First)] = own[at];
        }

        return [.. Components.Select((component, at) => Math.Max(own[at], Math.Sqrt(diagonal[(component.Observable, component.First)] * diagonal[(component.Observable, component.Second)])))];
    }

    // As the last two octaves of orders relate, so do those that follow: a power law is continued as it is, a faster fall more slowly than it is.
    private static double ShareBeyond(double[] coefficients, double variance)
    {
        double Held(int above, int upTo)
        {
            double held = 0;
            for (int n = ProductModes.Offset(above + 1, 2); n < Math.Min(coefficients.Length, ProductModes.Offset(upTo + 1, 2)); n++) held += coefficients[n] * coefficients[n];
            return held;
        }

        double last = Held(HighestOfTwo / 2, HighestOfTwo), before = Held(HighestOfTwo / 4, HighestOfTwo / 2);
        if (!(variance > 0))
            return 0;
        double ratio = before > 0 ? Math.Min(last / before, 0.9) : 0.9;
        return last * ratio / (1 - ratio) / variance;
    }

    /// <summary>f(x, x) - f(0, 0) of the observable of a component.</summary>
    public double Difference(int component, double x)
    {
        ActivationDescription function = _diagonals[Components[component].Observable].Function;
        return function.Value(x) - function.Value(0);
    }

    private static int StageOfOne(FactorModes function)
    {
        var stage = 0;
        while (function.Orders(stage) <= HighestOfOne) stage++;
        return stage;
    }

    // f(x, r x) of a pair (a, b), f(r x, x) of (b, a).
    private FactorModes OnLine(ObservableComponent component, double ratio)
    {
        bool straight = component.First < component.Second;
        if (_onLines.TryGetValue((component.Observable, straight, ratio), out FactorModes? known)) return known;
        List<(double Coefficient, ProductModes Straight, ProductModes Exchanged)> products = _products[component.Observable];
        (double Coefficient, ActivationDescription First, ActivationDescription Second)[] terms =
            [.. products.Select(product => (product.Coefficient, straight ? product.Straight : product.Exchanged)).Select(term => (term.Coefficient, term.Item2.First, term.Item2.Second))];
        FactorModes modes = FactorModes.OnLine(terms, ratio, Target, _estimates);
        if (_onLines.Count == FactorModes.MostOnLines) _onLines.Clear();
        _onLines.Add((component.Observable, straight, ratio), modes);
        return modes;
    }

    private (double Coefficient, ProductModes Straight, ProductModes Exchanged) Product((double Coefficient, ActivationDescription First, ActivationDescription Second) product)
    {
        FactorModes f = Factor(product.First, HighestOfTwo), g = Factor(product.Second, HighestOfTwo);
        return (product.Coefficient, new ProductModes(f, g, f, HighestOfTwo, Target), new ProductModes(g, f, f, HighestOfTwo, Target));
    }

    private FactorModes Factor(ActivationDescription function, int products)
    {
        if (!_factors.TryGetValue((function, products), out FactorModes? factor)) _factors.Add((function, products), factor = new FactorModes(function, products, Target, _estimates));
        return factor;
    }

    // For what was not proved.
    partial void Report(FactorModes onLine);
}

/// <summary>Expansions of all components at one kernel.</summary>
/// <param name="Frames">The frames of all pairs.</param>
/// <param name="Coefficients">For each component its coefficients, order by order.</param>
/// <param name="Rest">For functions of one input what Parseval leaves beyond the highest order; of two inputs an estimate of it.</param>
/// <param name="Variances">What the rest is measured by: the variance of the function, or that of the same observable of each of its inputs if it is larger.</param>
internal sealed record ExpansionAt(PairFrame[] Frames, double[][] Coefficients, double[] Rest, double[] Variances);
