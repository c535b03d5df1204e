using System.Globalization;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations;

// Which grid serves a variance K: a pure function of (activation, derivative orders, Hermite orders, K), so that a result
// never depends on what was computed before it.
//
// K is rounded up to a quarter octave, K_ref = 2^(e/4). At K_ref, where poles are nearest in standard units,
//   range: the smallest T at which the neglected tail is below a hundredth of the target. Cramer's inequality
//          |he_p(z)| <= 1.0865 exp(z^2/4) bounds the tail of every moment at once by an integral of |f| exp(-z^2/4),
//          which is summed from above over probes out to z = 38.5, where the Gaussian density leaves double precision.
//   level: the coarsest grid whose error is proved to be a twentieth of the target, for every function, every Hermite order and every
//          product, and every K of the quarter octave (StripProof).
//   panels, where there are kinks: Gauss-Legendre rules between them that are proved likewise (PanelProof).
// Where only delegates are known, or nothing is proved of kinks, errors are measured instead:
//   level: the coarsest grid that agrees to a twentieth of the target, for every function, every Hermite order and every
//          product, with a grid several times finer whose step is incommensurate (golden ratio), so that no resonance
//          of an oscillating integrand with one grid survives on the other.
// The measured differences become the discretisation bounds of every call; a call whose coarse half-grid disagrees more
// than it did at K_ref moves on to the next level.

/// <summary>Chooses and remembers the grid for each range of variances.</summary>
internal sealed class GridSelector
{
    private const int LowestLevel = 3;
    private const int HighestLevel = 8;

    // With a proof a fast oscillation may have as fine a grid as fits: numbers in its table.
    private const int LargestTable = 1 << 24;
    private const double SmallestVariance = 1e-100;
    private const double TailShare = 0.01;
    private const double ProvenShare = 0.25;
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
    private readonly ProvenParts<Choice> _panels;
    private readonly Lazy<StripFunction[]?> _functions;
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
        _panels = new(ProvePanels);
        _functions = new(() =>
        {
            StripFunction?[] rows = [.. Enumerable.Range(0, derivatives + 1).Select(activation.Expressions)];
            return rows.Contains(null) ? null : [.. rows.OfType<StripFunction>()];
        });
        _kinks = new double[activation.Kinks.Count];
        for (var n = 0; n < _kinks.Length; n++) _kinkAwayFromZero |= activation.Kinks[n].Position != 0;
    }

    /// <summary>What was summed on grids that agree, without a proof, of the samples so far; null if nothing was.</summary>
    public Unproved? Unproved { get; private set; }

    /// <summary>Samples the activation at the variance <paramref name="k"/> > 0 on the grid that serves it.</summary>
    /// <exception cref="QuadratureException">No grid serves: tails or convergence fail.</exception>
    public void Load(ActivationSample sample, double k)
    {
        if (k < SmallestVariance)
            throw new QuadratureException(string.Create(CultureInfo.InvariantCulture,
                $"The moments of {_activation.Name} at K = {k:R} would underflow; use K = 0."));
        var key = (int)Math.Ceiling(4 * Math.Log2(k));
        if (Prove(key, k, out string reason) is { } proven)
        {
            sample.Load(k, proven.Panels is { } panels ? Make(panels, k) : Make(proven.Range, proven.Level, false, k), proven.Accuracy);
            return;
        }

        Unproved ??= Unproved.Moments(_activation, k, reason);
        var level = LowestLevel;
        while (true)
        {
            if (!_choices.TryGetValue((key, level), out var choice))
            {
                choice = Choose(Math.Pow(2.0, 0.25 * key), level, reason);
                _choices.Add((key, level), choice);
            }

            sample.Load(k, Make(choice.Range, choice.Level, false, k), choice.Accuracy);
            if (sample.WorstDisagreement(_growth) <= 4 * choice.Accuracy.Disagreement + 1e-14) return;
            level = choice.Level + 1;
        }
    }

    // One grid for all variances, or one whose nodes stay where they are in x.
    private HermiteGrid Make(Panels panels, double k)
    {
        if (panels.Common is not { } grid)
        {
            var deviation = Math.Sqrt(k);
            grid = new(panels.Bounds.Nodes(k), [], panels.Bounds.Range, hasRoundedNodes: true, [.. panels.Kinks.Select(kink => kink / deviation)]);
            if (panels.Bounds.IsCommon) panels.Common = grid;
        }

        grid.EnsureOrders(_orders);
        return grid;
    }

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

    // The coarsest grid with a proof; null, with the reason, if there is none.
    private Choice? Prove(int key, double k, out string reason)
    {
        reason = ProofCuts.NoFormula;
        if (_functions.Value is not { } functions) return null;
        string? tooFast = null;
        if (_kinks.Length == 0)
        {
            (Choice? strips, tooFast) = _activation.Strips.GetOrAdd(new(_derivatives, _orders, _target, _growth, _highestWeight, key), static (of, asked) => asked.Selector.ProveStrips(of.Key, asked.Functions), (Selector: this, Functions: functions));
            if (strips is not null) return strips;
        }

        (Choice? panels, reason) = _panels.At(k);
        return panels is null && tooFast is not null && !_estimates ? throw new QuadratureException(tooFast) : panels;
    }

    // A trapezoid rule; without one why a solution stops, null where bounds overflow: so do the moments, and the solution says so in its own words.
    private (Choice? Choice, string? TooFast) ProveStrips(int key, StripFunction[] functions)
    {
        double reference = Math.Pow(2, 0.25 * key);
        Interval variances = StripProof.QuarterOctave(key);
        var sample = new ActivationSample(_activation, _derivatives, _orders);

        // Sizes, to which the target refers, from a grid that is good enough for them.
        sample.Load(reference, Make(Ranges[0], LowestLevel + 2, false, reference));
        if (ProvenGrid.Find(
            Ranges,
            LargestTable / _orders,
            range => StripProof.Of(functions, KnownActivations.Variable, variances, range),
            (proof, step) => BoundsOf(proof, step).Worst(sample.MeanSquares),
            ProvenShare * _target,
            out double best) is var (range, level, proof))
            return (new Choice(range, level, BoundsOf(proof, Math.ScaleB(1, -level))), null);

        return (null, double.IsInfinity(best) ? null : string.Create(CultureInfo.InvariantCulture,
            $"The moments of {_activation.Name} at K = {reference:G6} are not proved to {_target:G2}: it varies too fast, or grows too fast, for any grid that fits; use a slower activation, a smaller K, or --quadrature estimated, which computes without proof."));
    }

    private Choice? ProvePanels(Interval variances, double reference, out string reason)
    {
        if (ProofCuts.Of(_activation, out reason) is not { } cuts) return null;

        // Sizes, to which the target refers: first from a grid that is good enough for them, then from the panels.
        var sample = new ActivationSample(_activation, _derivatives, _orders);
        sample.Load(reference, Make(Ranges[^1], LowestLevel + 2, false, reference));
        for (int again = 0; again < 2; again++)
        {
            if (PanelProof.Find(
                [.. _functions.Value!.Select(function => function.Function)],
                KnownActivations.Variable,
                cuts,
                variances,
                panels => BoundsOf(panels).Worst(sample.MeanSquares),
                ProvenShare * _target,
                _orders,
                out reason) is not { } found)
                return null;

            var choice = new Choice((int)found.Range, 0, BoundsOf(found)) { Panels = new(found, [.. cuts]) };
            sample.Load(reference, Make(choice.Panels, reference), choice.Accuracy);
            if (choice.Accuracy.Worst(sample.MeanSquares) <= ProvenShare * _target) return choice;
        }

        reason = "its size is not known well enough";
        return null;
    }

    private GridAccuracy BoundsOf(StripProof proof, double step) => Bounds(
        (k, p) => proof.Coefficient(k, step, p),
        (k, j, q) => proof.Product(k, j, step, q));

    private GridAccuracy BoundsOf(PanelBounds panels) => Bounds((k, p) => panels.Coefficient(k, p), panels.Product);

    private GridAccuracy Bounds(Func<int, int, double> coefficient, Func<int, int, int, double> product)
    {
        double[] coefficients = new double[_derivatives + 1], products = new double[(_derivatives + 1) * (_derivatives + 1) * (_highestWeight + 1)];
        for (int k = 0; k <= _derivatives; k++)
        {
            // The bound grows with the order: without growth of the allowance the last is the largest, with it the last of a few counts for all of them.
            int stride = _growth > 1 ? Stride : _orders;
            for (int p = 0; p < _orders; p += stride)
                coefficients[k] = Math.Max(coefficients[k], coefficient(k, Math.Min(p + stride, _orders) - 1) / Math.Pow(_growth, p));

            for (int j = 0; j <= _derivatives; j++)
            {
                for (int q = 0; q <= _highestWeight; q++) products[(((k * (_derivatives + 1)) + j) * (_highestWeight + 1)) + q] = product(k, j, q);
            }
        }

        return new(coefficients, products, _derivatives, _highestWeight, _growth, 0, null);
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

    /// <summary>All that a trapezoid rule with a proof depends on but the activation.</summary>
    internal readonly record struct StripQuestion(int Derivatives, int Orders, double Target, double Growth, int HighestWeight, int Key);

    internal sealed record Choice(int Range, int Level, GridAccuracy Accuracy)
    {
        public Panels? Panels { get; init; }
    }

    internal sealed record Panels(PanelBounds Bounds, double[] Kinks)
    {
        public HermiteGrid? Common { get; set; }
    }
}
