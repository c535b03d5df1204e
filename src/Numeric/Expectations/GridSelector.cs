using System.Globalization;

namespace SymbolicEft.Numeric.Expectations;

// Which grid serves a variance K: a pure function of (activation, derivative orders, Hermite orders, K), so that a result
// never depends on what was computed before it.
//
// K is rounded up to a quarter octave, K_ref = 2^(e/4). At K_ref, where poles are nearest in standard units,
//   range: the smallest T at which the neglected tail is below a hundredth of the target. Cramer's inequality
//          |he_p(z)| <= 1.0865 exp(z^2/4) bounds the tail of every moment at once by an integral of |f| exp(-z^2/4),
//          which is summed from above over probes out to z = 38.5, where the Gaussian density leaves double precision.
//   level: the coarsest grid that agrees to a twentieth of the target, for every function, every Hermite order and every
//          product, with a grid several times finer whose step is incommensurate (golden ratio), so that no resonance
//          of an oscillating integrand with one grid survives on the other.
// Where proofs are at hand, the grid is one whose error is proved (GridSelector.Proof.cs).
// The measured differences become the discretisation bounds of every call; a call whose coarse half-grid disagrees more
// than it did at K_ref moves on to the next level.

/// <summary>Chooses and remembers the grid for each range of variances.</summary>
internal sealed partial class GridSelector
{
    private const int LowestLevel = 3;
    private const int HighestLevel = 8;

    private const double SmallestVariance = 1e-100;
    private const double TailShare = 0.01;
    private const double CramerFactor = 1.0865;
    private const double LastProbe = 38.5;
    private const double ProbeStep = 0.25;
    private const int Stride = 8;
    private static readonly int[] Ranges = [12, 14, 17, 21, 27, 38];

    private readonly ActivationDescription _activation;
    private readonly int _derivatives;
    private readonly int _orders;
    private readonly double _target;
    private readonly bool _estimates;
    private readonly double _growth;
    private readonly int _highestWeight;
    private readonly Dictionary<(int Key, int Level), Choice> _choices = [];
    private readonly double[] _kinks;
    private readonly bool _kinkAwayFromZero;

    /// <summary>Prepares a selector.</summary>
    /// <param name="activation">What is sampled.</param>
    /// <param name="derivatives">Sampled along with sigma.</param>
    /// <param name="orders">Number of Hermite orders.</param>
    /// <param name="target">Relative target.</param>
    /// <param name="growth">
    /// The disagreement allowed at order p grows like growth^p, 1 for none. In Mehler's series errors at high orders are
    /// damped by rho^p.
    /// </param>
    /// <param name="highestWeight">The highest q for which products with He_q will be wanted.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public GridSelector(ActivationDescription activation, int derivatives, int orders, double target, double growth = 1, int highestWeight = 0, bool estimates = false)
    {
        _estimates = estimates;
        _growth = growth;
        _highestWeight = highestWeight;
        _activation = activation;
        _derivatives = derivatives;
        _orders = orders;
        _target = target;
        _kinks = new double[activation.Kinks.Count];
        for (var n = 0; n < _kinks.Length; n++) _kinkAwayFromZero |= activation.Kinks[n].Position != 0;
    }

    /// <summary>Samples the activation at the variance <paramref name="k"/> > 0 on the grid that serves it.</summary>
    /// <exception cref="QuadratureException">No grid serves: tails or convergence fail.</exception>
    public void Load(ActivationSample sample, double k)
    {
        if (k < SmallestVariance)
            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"The moments of {_activation.Name} at K = {k:R} would underflow; use K = 0."));
        var key = (int)Math.Ceiling(4 * Math.Log2(k));
        bool isProved = false;
        string notProved = "nothing is proved here";
        LoadProved(sample, key, k, ref isProved, ref notProved);
        if (isProved) return;
        var level = LowestLevel;
        while (true)
        {
            if (!_choices.TryGetValue((key, level), out var choice))
            {
                choice = Choose(Math.Pow(2.0, 0.25 * key), level, notProved);
                _choices.Add((key, level), choice);
            }

            sample.Load(k, Make(choice.Range, choice.Level, false, k), choice.Accuracy);
            if (sample.WorstDisagreement(_growth) <= 4 * choice.Accuracy.Disagreement + 1e-14) return;
            level = choice.Level + 1;
        }
    }

    // Samples on a grid that is proved to serve, or says why there is none.
    partial void LoadProved(ActivationSample sample, int key, double k, ref bool isProved, ref string notProved);

    private HermiteGrid Make(int range, int level, bool incommensurate, double k)
    {
        HermiteGrid grid;
        if (_kinks.Length == 0)
        {
            grid = HermiteGrids.Trapezoid(range, level, incommensurate);
        }
        else
        {
            var deviation = Math.Sqrt(k);
            for (var n = 0; n < _kinks.Length; n++) _kinks[n] = _activation.Kinks[n].Position / deviation;
            grid = HermiteGrids.Split(_kinks, range, level, incommensurate);
        }

        grid.EnsureOrders(_orders);
        return grid;
    }

    private Choice Choose(double reference, int lowest, string notProved)
    {
        var range = ChooseRange(reference);
        var sample = new ActivationSample(_activation, _derivatives, _orders);
        var finer = new ActivationSample(_activation, _derivatives, _orders);
        var truncation = TailShare * _target;
        for (var level = lowest; level <= HighestLevel; level++)
        {
            sample.Load(reference, Make(range, level, false, reference));
            finer.Load(reference, Make(range, level + (_kinks.Length > 0 ? 1 : 2), true, reference));
            var accuracy = sample.Compare(finer, _growth, _highestWeight, truncation, notProved);
            if (accuracy.Worst(sample.MeanSquares) <= 0.05 * _target) return new Choice(range, level, accuracy);
        }

        throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
            $"The moments of {_activation.Name} at K = {reference:G6} do not converge to {_target:G2} on {sample.PointCount} points; {Remedy.Smoothness}."));
    }

    private int ChooseRange(double reference)
    {
        var probes = (int)(LastProbe / ProbeStep) + 1;
        var deviation = Math.Sqrt(reference);
        var points = new double[2 * probes];
        for (var n = 0; n < probes; n++)
        {
            points[n] = deviation * n * ProbeStep;
            points[probes + n] = -points[n];
        }

        var values = new double[(_derivatives + 1) * points.Length];
        _activation.Fill(_derivatives, points, values);
        var range = Ranges[0];
        for (var order = 0; order <= _derivatives; order++)
        {
            var row = values.AsSpan(order * points.Length, points.Length);
            for (var n = 0; n < points.Length; n++)
            {
                if (double.IsNaN(row[n]))
                    throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                        $"{(order == 0 ? _activation.Name : $"Derivative {order} of {_activation.Name}")} at K = {reference:G6} cannot be evaluated at x = {points[n]:G4}: parts of it overflow in double precision, or it is not defined there; write it in functions that do not overflow, such as tanh, logistic and softplus, or use a smaller kernel."));
            }

            range = Math.Max(range, RangeOf(row, probes, reference, squared: false));
            if (order == 0) range = Math.Max(range, RangeOf(row, probes, reference, squared: true));
        }

        return range;
    }

    private int RangeOf(ReadOnlySpan<double> row, int probes, double reference, bool squared)
    {
        var mass = 0.0;
        for (var n = 0; n < probes; n++)
        {
            var z = n * ProbeStep;
            var above = Weight(row[n], squared);
            var below = Weight(row[probes + n], squared);
            var density = Math.Exp(-0.5 * z * z);
            if (density > 0) mass += (n == 0 ? 0.5 : 1.0) * (Math.Min(above * above, double.MaxValue) + Math.Min(below * below, double.MaxValue)) * density;
        }

        var norm = Math.Sqrt(mass * ProbeStep * 0.3989422804014327);
        if (!double.IsFinite(norm))
            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"{(squared ? "The square of " : "")}{_activation.Name} at K = {reference:G6} has no finite Gaussian mean square in double precision; {Remedy.Size}."));
        var tail = 0.0;
        var next = 0.0;
        var allowance = TailShare * _target * norm;
        for (var n = probes - 1; n >= 0; n--)
        {
            // The larger of the two ends bounds a step; a value that overflows or is no number ends the search.
            var z = n * ProbeStep;
            var here = Math.Max(Weight(row[n], squared), Weight(row[probes + n], squared));
            var step = 2 * ProbeStep * CramerFactor * 0.3989422804014327 * Math.Max(here, next) * Math.Exp(-0.25 * z * z);
            next = here;
            tail += step;
            if (tail <= allowance) continue;
            var needed = z + ProbeStep;
            foreach (var range in Ranges)
            {
                if (range >= needed) return range;
            }

            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"{(squared ? "The square of " : "")}{_activation.Name} at K = {reference:G6} is not negligible {needed:G3} standard deviations out; its Gaussian moments do not exist or leave the range of double precision; {Remedy.Size}."));
        }

        return Ranges[0];
    }

    private static double Weight(double value, bool squared)
    {
        var magnitude = Math.Abs(value);
        if (!double.IsFinite(magnitude)) return double.PositiveInfinity;
        return squared ? magnitude * magnitude : magnitude;
    }

    internal sealed partial record Choice(int Range, int Level, GridAccuracy Accuracy);
}
