// The rounding of what is known of the difference of two inputs, and how far depth amplifies it.
//
// For two inputs that are nearly equal or opposite, phi_b = r phi_a + a small difference, the entry K_ab is known to rounding, and an
// error of it is taken to the next layer by d K_ab' / d K_ab = alpha^2 + h C_W E[sigma'_a sigma'_b]: above the growth of K itself in the
// chaotic phase. That factor, relative to K, is at most the smaller of
//   (s'/s)^2                   s = sqrt(1 - rho^2): how much further apart the inputs are than a layer before, and
//   x_ab sqrt(K_aa K_bb / K_aa' K_bb'),   x_ab^2 = x_a x_b,   x_a = alpha^2 + h C_W E[sigma'_a^2], by Cauchy-Schwarz;
// the second is for inputs that part because proportional ones do not remain so (ReLU takes opposite inputs to orthogonal ones in a layer),
// which amplifies nothing. In a program of layers a layer may take the difference of a pair from those of others, and the second is
//   sum over q of |d K_p' / d K_q| (size of q / size of p') c_q, pairs p and q of two inputs each, the size of ab being sqrt(K_aa K_bb):
// c itself, from the derivative that the equations have. So with c <- max(1, the smaller), a cumulant of m factors G, such as V4 (m = 2), has the rounding
// 4e-15 c^m of its size (measured: 1e-16 to 6e-15, the most in lists of
// observables; K2 and K3, which come last, keep five and four digits where the others keep six). Below s = 1e-8 there is nothing but rounding.
//
// While a pair is singular, s stays 0 and says nothing. But then the numbers of the pair are those of one input, T_ab..ab = r^m T_aa..aa,
// which is looked at instead, to the same share of the size of T: K^m V4/K^2 at least, K1 being of order V4/K. Of a pair that is nearly
// singular the same is asked but for some multiple of s, which finds what lists of observables lose in projecting on so small a difference.

using System.Globalization;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Solving;

/// <summary>Stops a solution when rounding of the difference of two inputs has been amplified beyond use; of one solution, layer by layer.</summary>
internal sealed class PairSeparation
{
    /// <summary>The share of a number that rounding may reach.</summary>
    private const double Tolerance = 1e-6;

    private const double Rounding = 4e-15, SmallestSeparation = 1e-8, Singular = 1e-7, NearlySingular = 1e-3;

    // By how many times s the numbers of a nearly singular pair may differ from those of one input.
    private const double Slope = 100;

    // Inputs further apart than this have no rounding worth amplifying: the first bound is enough for them.
    private const double FarApart = 0.1;

    private readonly Network _network;
    private readonly int _inputs;
    private readonly double _limit;
    private readonly (ActivationDescription Function, double Jump)[] _jumps;
    private readonly double[] _squares; // E[f^2] of each function that jumps and each input at a layer; NaN until it is asked for
    private readonly double[] _kernel, _separations, _responses, _moments, _bounds;
    private double[] _growths, _growthsNext;
    private readonly bool[] _singularAtFirst;
    private readonly Func<double[], double?, double[]>? _ofProgram;
    private PairExpectationEngine? _engine;

    /// <summary>Begins at depth 0.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="degree">The most factors G in a cumulant of the solution: 1 for K0 alone, 2 with V4, 3 with V6.</param>
    /// <param name="functions">The functions of a program of layers; null for the activation of the problem.</param>
    /// <param name="response">Of a program of layers, from K0 before a step and the time that it took: what it makes of differences of K0, over pairs and pairs.</param>
    public PairSeparation(Network network, int degree, IReadOnlyList<ActivationDescription>? functions = null, Func<double[], double?, double[]>? response = null)
    {
        (_network, _inputs, _ofProgram) = (network, network.Inputs, response);
        _limit = Math.Pow(Tolerance / Rounding, 1.0 / degree);
        _kernel = network.InitialKernel;
        _separations = new double[_kernel.Length];
        (_growths, _growthsNext) = (new double[_kernel.Length], new double[_kernel.Length]);
        _singularAtFirst = new bool[_kernel.Length];
        _responses = new double[_inputs];
        (_moments, _bounds) = (new double[9], new double[9]);
        Array.Fill(_growths, 1);
        _jumps = degree > 1 ? [.. (functions ?? [network.Sigma.Description]).Select(function => (function, function.Kinks.Sum(kink => Math.Abs(function.Jump(kink, 0))))).Where(each => each.Item2 > 0)] : [];
        _squares = new double[_jumps.Length * _inputs];
        Array.Fill(_squares, double.NaN);
        for (int a = 0; a < _inputs; a++)
        {
            for (int b = a + 1; b < _inputs; b++)
            {
                int pair = PairIndexing.Of(a, b, _inputs);
                _separations[pair] = Separation(_kernel, a, b);
                _singularAtFirst[pair] = _separations[pair] < Singular;
                RequireResolvedJumps(_kernel, a, b, 0);
            }
        }
    }

    /// <summary>Follows the inputs to the next layer.</summary>
    /// <param name="kernel">K0 there, over pairs.</param>
    /// <param name="layer">Which layer.</param>
    /// <exception cref="ComputationException">Rounding has been amplified beyond use.</exception>
    public void ReachLayer(ReadOnlySpan<double> kernel, int layer) => Reach(kernel, null, layer);

    /// <summary>Follows the inputs over a step of the integrator.</summary>
    /// <param name="kernel">K0 after it, over pairs.</param>
    /// <param name="time">Depth time of the step.</param>
    /// <param name="layer">The layer reached.</param>
    /// <exception cref="ComputationException">Rounding has been amplified beyond use.</exception>
    public void ReachTime(ReadOnlySpan<double> kernel, double time, int layer) => Reach(kernel, time, layer);

    /// <summary>Requires of pairs that are singular, or nearly so, that a tensor has the numbers of one input.</summary>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="covariance">V4, upper triangle over pairs of pairs.</param>
    /// <param name="name">What the tensor is called.</param>
    /// <param name="tensor">Its components: pairs, pairs p at most q at most r ..., the last running fastest.</param>
    /// <param name="degree">How many pairs of indices it has.</param>
    /// <param name="relativeError">What the solution's expectations are known to: that of two inputs may differ by as much from that of one.</param>
    /// <param name="layer">Which layer.</param>
    /// <exception cref="ComputationException">It does not.</exception>
    public void RequireNumbersOfOneInput(ReadOnlySpan<double> kernel, ReadOnlySpan<double> covariance, string name, ReadOnlySpan<double> tensor, int degree, double relativeError, int layer)
    {
        for (int a = 0; a < _inputs; a++)
        {
            for (int b = a + 1; b < _inputs; b++)
            {
                double separation = Separation(kernel, a, b);
                if (!(separation < NearlySingular))
                    continue;
                int one = PairIndexing.Of(a, a, _inputs), pair = PairIndexing.Of(a, b, _inputs);
                double variance = kernel[one], ratio = KernelBlock.Ratio(variance, kernel[pair], kernel[PairIndexing.Of(b, b, _inputs)]);
                double ofOne = tensor[Place(one, degree)], ofPair = tensor[Place(pair, degree)];
                double size = Math.Max(Math.Abs(ofOne), Math.Pow(variance, degree - 2) * Math.Abs(covariance[Place(one, 2)]));
                double allowed = (Tolerance + relativeError + (Slope * separation)) * Math.Pow(Math.Abs(ratio), degree) * size;
                if (Math.Abs(ofPair - (Math.Pow(ratio, degree) * ofOne)) > allowed)
                    throw Amplified(a, b, ratio, separation < Singular, name, layer);
            }
        }
    }

    private void Reach(ReadOnlySpan<double> kernel, double? time, int layer)
    {
        Array.Fill(_responses, double.NaN);
        Array.Fill(_squares, double.NaN);
        double[]? response = null;
        for (int a = 0; a < _inputs; a++)
        {
            for (int b = a + 1; b < _inputs; b++)
            {
                int pair = PairIndexing.Of(a, b, _inputs);
                double before = _separations[pair], now = Separation(kernel, a, b), growth = _growths[pair] * now * now / (before * before);
                if (growth > _growths[pair] && before < FarApart)
                    growth = Math.Min(growth, _ofProgram is null ? _growths[pair] * Math.Sqrt(Response(a, kernel, time, layer) * Response(b, kernel, time, layer)) : Responded(response ??= _ofProgram(_kernel, time), kernel, a, b));
                _separations[pair] = now;
                RequireResolvedJumps(kernel, a, b, layer);
                _growthsNext[pair] = Math.Max(1, growth);
                if (_growthsNext[pair] > _limit)
                    throw GrownApart(a, b, _growthsNext[pair], layer);
            }
        }

        (_growths, _growthsNext) = (_growthsNext, _growths);
        kernel.CopyTo(_kernel);
    }

    // What the errors of all pairs of two inputs make of that of a pair; of an input that has vanished there is nothing to know.
    private double Responded(double[] response, ReadOnlySpan<double> kernel, int a, int b)
    {
        double size = Size(kernel, a, b), sum = 0;
        int row = PairIndexing.Of(a, b, _inputs) * _kernel.Length;
        for (int c = 0; size > 0 && c < _inputs; c++)
        {
            for (int d = c + 1; d < _inputs; d++)
            {
                int pair = PairIndexing.Of(c, d, _inputs);
                sum += Math.Abs(response[row + pair]) * Size(_kernel, c, d) / size * _growths[pair];
            }
        }

        return sum >= 0 ? sum : double.PositiveInfinity;
    }

    private double Size(ReadOnlySpan<double> kernel, int a, int b) => Math.Sqrt(kernel[PairIndexing.Of(a, a, _inputs)] * kernel[PairIndexing.Of(b, b, _inputs)]);

    // Where a function f jumps by J, the second derivative of E[f_a f_b] by rho is of order J^2/(2 pi s^3), and takes the rounding of V4 into K1, or the mean of the tangent kernel: measured by
    // E[f^2], whatever the size of the kernel. A pair that is singular is of one input, and has none; nor has an input that is 0.
    private void RequireResolvedJumps(ReadOnlySpan<double> kernel, int a, int b, int layer)
    {
        double s = _separations[PairIndexing.Of(a, b, _inputs)], first = kernel[PairIndexing.Of(a, a, _inputs)], second = kernel[PairIndexing.Of(b, b, _inputs)];
        if (s < Singular || !(first > 0 && second > 0))
            return;
        for (int at = 0; at < _jumps.Length; at++)
        {
            (ActivationDescription function, double jump) = _jumps[at];
            if (Rounding * jump * jump > Tolerance * 2 * Math.PI * s * s * s * Math.Sqrt(RoughSquare(at, a, first) * RoughSquare(at, b, second)))
                throw new ComputationException(string.Create(CultureInfo.InvariantCulture,
                    $"{function.Name} jumps, and at layer {layer} inputs {a} and {b} are so nearly proportional (1 - rho^2 = {s * s:G2}) that the rounding of their difference leaves no six digits of K1 of the pair; begin with less similar inputs, or solve for each of the two without the other."));
        }
    }

    // E[f(phi)^2] to a few percent.
    private double RoughSquare(int at, int input, double variance)
    {
        const double step = 0.25;
        ref double known = ref _squares[(at * _inputs) + input];
        if (!double.IsNaN(known))
            return known;
        double sum = 0, deviation = Math.Sqrt(variance);
        for (double z = -6 + (step / 2); z < 6; z += step)
        {
            double value = _jumps[at].Function.Value(deviation * z);
            sum += value * value * Math.Exp(-0.5 * z * z);
        }

        return known = sum * step / Math.Sqrt(2 * Math.PI);
    }

    // x_a K_aa / K_aa' of the step, or the same of the differential equation; infinite where sigma jumps, or E[sigma'^2] cannot be had.
    private double Response(int input, ReadOnlySpan<double> kernel, double? time, int layer)
    {
        if (!double.IsNaN(_responses[input]))
            return _responses[input];
        int place = PairIndexing.Of(input, input, _inputs);
        double before = _kernel[place], square = MeanSquareSlope(before);
        LayerParameters numbers = _network.LayerAt(layer - 1);
        double response = time is { } elapsed ? Math.Exp(elapsed * numbers.WeightVariance * square) : (numbers.Skip * numbers.Skip) + (numbers.Time * numbers.WeightVariance * square);
        return _responses[input] = response * before / kernel[place] is var relative && relative >= 0 ? relative : double.PositiveInfinity;
    }

    private double MeanSquareSlope(double variance)
    {
        try
        {
            _engine ??= new(_network.Sigma.Description, 2, 1e-8);
            _engine.Evaluate(variance, variance, variance, _moments, _bounds);
            return _moments[_engine.IndexOf(1, 1)];
        }
        catch (Exception problem) when (problem is QuadratureException or NotSupportedException)
        {
            return double.PositiveInfinity;
        }
    }

    private double Separation(ReadOnlySpan<double> kernel, int a, int b)
    {
        double aa = kernel[PairIndexing.Of(a, a, _inputs)], bb = kernel[PairIndexing.Of(b, b, _inputs)];
        // What is no kernel is refused, with its place, where expectations are taken.
        return aa > 0 && bb > 0 ? Math.Max(SmallestSeparation, Math.Sqrt(Math.Max(0, KernelBlock.RelativeDeterminant(aa, kernel[PairIndexing.Of(a, b, _inputs)], bb)))) : 1;
    }

    // The place of (p, p, ...).
    private int Place(int pair, int degree) => Multisets.Place(Enumerable.Repeat(pair, degree), _kernel.Length);

    private ComputationException GrownApart(int a, int b, double growth, int layer)
    {
        // Inputs that are proportional, but neither equal nor opposite, part at once where sigma is not homogeneous: neither has the numbers of the other.
        double first = _network.Kernel[a, a], second = _network.Kernel[b, b];
        string mend = !_singularAtFirst[PairIndexing.Of(a, b, _inputs)] ? "begin with less similar inputs, or use fewer layers"
            : Math.Abs(first - second) <= Singular * first ? "drop one of the two, whose numbers follow from those of the other, or use fewer layers"
            : "solve for each of the two without the other, or begin with inputs that are not proportional";
        return new(string.Create(CultureInfo.InvariantCulture,
            $"By layer {layer} inputs {a} and {b} have grown {Math.Sqrt(growth):N0} times further apart than they were, and the rounding of their difference with them, until the numbers of the pair have no six digits left; {mend}."));
    }

    private static ComputationException Amplified(int a, int b, double ratio, bool singular, string name, int layer)
    {
        string relation = Math.Abs(ratio - 1) < Singular ? "equal" : Math.Abs(ratio + 1) < Singular ? "opposite" : "proportional";
        string nearly = singular ? "" : "nearly ";
        string times = relation == "equal" ? "" : string.Create(CultureInfo.InvariantCulture, $", times {ratio:G6} for every index");
        return new(string.Create(CultureInfo.InvariantCulture,
            $"Inputs {a} and {b} are {nearly}{relation}, and by layer {layer} the rounding of their difference has been amplified until {name} of the pair is not that of one input; drop input {b}: its numbers are {nearly}those of input {a}{times}."));
    }
}
