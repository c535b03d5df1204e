// Proofs of the grids of GridSelector, for a quarter octave of variances each:
//   level: the coarsest grid whose error is proved to be a quarter of the target, for every function, every Hermite order and every
//          product, and every K of the quarter octave (StripProof).
//   panels, where there are kinks: Gauss-Legendre rules between them that are proved likewise (PanelProof).
// Where only delegates are known, or nothing is proved of kinks, errors are measured instead (GridSelector.cs).

using System.Globalization;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations;

internal sealed partial class GridSelector
{
    // With a proof a fast oscillation may have as fine a grid as fits: numbers in its table.
    private const int LargestTable = 1 << 24;
    private const double ProvenShare = 0.25;

    private ProvenParts<Choice>? _panels;
    private (StripFunction[]? Known, bool IsSet) _functions;

    /// <summary>What was summed on grids that agree, without a proof, of the samples so far; null if nothing was.</summary>
    public Unproved? Unproved { get; private set; }

    private StripFunction[]? Functions
    {
        get
        {
            if (_functions.IsSet) return _functions.Known;
            StripFunction?[] rows = [.. Enumerable.Range(0, _derivatives + 1).Select(_activation.Expressions)];
            _functions = (rows.Contains(null) ? null : [.. rows.OfType<StripFunction>()], true);
            return _functions.Known;
        }
    }

    partial void LoadProved(ActivationSample sample, int key, double k, ref bool isProved, ref string notProved)
    {
        if (Prove(key, k, out notProved) is not { } proven)
        {
            Unproved ??= Unproved.Moments(_activation, k, notProved);
            return;
        }

        sample.Load(k, proven.Panels is { } panels ? Make(panels, k) : Make(proven.Range, proven.Level, false, k), proven.Accuracy);
        isProved = true;
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

    // The coarsest grid with a proof; null, with the reason, if there is none.
    private Choice? Prove(int key, double k, out string reason)
    {
        reason = ProofCuts.NoFormula;
        if (Functions is not { } functions) return null;
        string? tooFast = null;
        if (_kinks.Length == 0)
        {
            (Choice? strips, tooFast) = _activation.Strips.GetOrAdd(new(_derivatives, _orders, _target, _growth, _highestWeight, key), static (of, asked) => asked.Selector.ProveStrips(of.Key, asked.Functions), (Selector: this, Functions: functions));
            if (strips is not null) return strips;
        }

        (Choice? panels, reason) = (_panels ??= new(ProvePanels)).At(k);
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
                [.. Functions!.Select(function => function.Function)],
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

    /// <summary>All that a trapezoid rule with a proof depends on but the activation.</summary>
    internal readonly record struct StripQuestion(int Derivatives, int Orders, double Target, double Growth, int HighestWeight, int Key);

    internal sealed partial record Choice
    {
        public Panels? Panels { get; init; }
    }

    internal sealed record Panels(PanelBounds Bounds, double[] Kinks)
    {
        public HermiteGrid? Common { get; set; }
    }
}
