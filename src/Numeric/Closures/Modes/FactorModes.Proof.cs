// Proofs of the rules of FactorModes: the error of a trapezoid rule is bounded on the strip where F is analytic (StripProof); where F has kinks
// there are Gauss-Legendre panels between them, proved likewise (PanelProof). A function such as ReLU, F(t x) = t^d F(x) for t > 0, has the numbers of K = 1 at
// every K, times K^(d/2): one proof, which is the same whoever asks, and is kept.

using System.Collections.Concurrent;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Closures.Modes;

internal sealed partial class FactorModes
{
    // With a proof a fast oscillation may have as fine a grid as fits: numbers in its table.
    private const int LargestTable = 1 << 23;

    private readonly Dictionary<(int Octave, int Stage), (Choice? Choice, string? TooFast)> _strips = [];
    private ProvenParts<Choice>[]? _panels;

    // What few functions are; when there are more, they are integrated again.
    private const int MostUnits = 64;

    private static readonly ConcurrentDictionary<(Expression Function, int? Kink, int Products, double Target, bool Estimates, int Stage), FactorSample> Units = new();

    private Lazy<int?>? _degree;

    /// <summary>d, where F(t x) = t^d F(x) for all t > 0; null where F is no such function, or not known to be one.</summary>
    public int? Degree => (_degree ??= new(() => DegreeOf(Function))).Value;

    /// <summary>What was summed on rules that agree, without a proof, of the samples so far; null if nothing was.</summary>
    public Unproved? Unproved { get; private set; }

    static partial void Express(ActivationDescription function, IReadOnlyList<(double Coefficient, ActivationDescription First, ActivationDescription Second)> terms, double ratio)
    {
        Expression scaled = Rational.Exactly(ratio) * KnownActivations.Variable;
        Expression? body = terms.Any(term => term.First.Expressions(0) is null || term.Second.Expressions(0) is null) ? null
            : Sum.Of([.. terms.Select(term => Rational.Exactly(term.Coefficient) * term.First.Expressions(0)!.Function * term.Second.Expressions(0)!.Function.Substitute(KnownActivations.Variable, scaled))]);
        function.Expressions = derivative => derivative == 0 && body is not null ? new(body, 0, body) : null;
    }

    partial void Rescale(double variance, int stage, ref FactorSample? sample)
    {
        if (sample is not null || Degree is not { } degree)
            return;
        StripFunction formula = Function.Expressions(0)!;
        int? kink = Function.Kinks.Count == 0 ? null : Function.Kinks.Min(each => each.Order);
        var key = (formula.Function, kink, _products, _target, Estimates, stage);
        if (!Units.TryGetValue(key, out FactorSample? unit))
        {
            // Of the formula alone: delegates that agree with it to rounding, each its own way, would leave the last digits to who came first.
            var function = new ActivationDescription(Function.Name, Monomials(formula.Function, degree)) { Kinks = kink is { } order ? [new(0, order)] : [], Expressions = Function.Expressions };
            var modes = new FactorModes(function, _products, _target, Estimates);
            unit = modes.Integrate(1, stage, modes.Choose(1, stage));
            if (Units.Count >= MostUnits) Units.Clear();
            Units[key] = unit;
        }

        sample = variance == 1 ? unit : unit.Times(variance, Math.Pow(variance, degree / 2.0));
    }

    // Left and right of 0, the only kink, a polynomial of which nothing but the highest power is left.
    private static int? DegreeOf(ActivationDescription function)
    {
        const int highest = 4;
        const double beside = 1e-300;
        if (function.Kinks.Any(kink => kink.Position != 0) || function.Expressions(0) is not { } formula)
            return null;
        Expression derivative = DeltaFunctions.LeaveOut(formula.Function);
        for (int degree = 0; degree <= highest; degree++)
        {
            Expression next = DeltaFunctions.LeaveOut(derivative.Differentiate(KnownActivations.Variable));
            if (next.IsZero)
                return degree;
            if (Value(derivative, 0) != 0 || !(Math.Abs(Value(derivative, beside)) <= 1e3 * beside) || !(Math.Abs(Value(derivative, -beside)) <= 1e3 * beside))
                return null;
            derivative = next;
        }

        return null;
    }

    // c x^d, with a c for either side of 0.
    private static Func<double, double> Monomials(Expression function, int degree)
    {
        Expression body = DeltaFunctions.LeaveOut(function);
        double right = Value(body, 1), left = Value(body, -1), between = Value(body, 0);
        return x =>
        {
            double value = x > 0 ? right : x < 0 ? left : between, size = Math.Abs(x);
            for (int power = 0; power < degree; power++) value *= size;
            return value;
        };
    }

    // A few values, for which nothing needs to be compiled.
    private static double Value(Expression of, double x) => of.Evaluate(new Dictionary<Expression, double> { [KnownActivations.Variable] = x });

    // The coarsest rule with a proof; if there is none, the reason.
    partial void Prove(double variance, int octave, int stage, ref Choice? proven, ref string? notProved)
    {
        notProved = ProofCuts.NoFormula;
        if (Function.Expressions(0) is not { } function) return;
        string? tooFast = null;
        if (Function.Kinks.Count == 0)
        {
            if (!_strips.TryGetValue((octave, stage), out (Choice? Choice, string? TooFast) strips))
                _strips.Add((octave, stage), strips = ProveStrips(octave, stage, ChooseRange(Function, Math.Pow(2, 0.25 * octave), _products), function));
            if ((proven = strips.Choice) is not null) return;
            tooFast = strips.TooFast;
        }

        _panels ??= [.. Enumerable.Range(0, Stages.Length).Select(each => new ProvenParts<Choice>((Interval variances, double reference, out string reason) => ProvePanels(each, variances, reference, out reason)))];
        (proven, notProved) = _panels[stage].At(variance);
        if (proven is null && tooFast is not null && !Estimates) throw new QuadratureException(tooFast);
    }

    private Choice? ProvePanels(int stage, Interval variances, double reference, out string reason)
    {
        if (ProofCuts.Of(Function, out reason) is not { } cuts) return null;
        StripFunction function = Function.Expressions(0)!;
        int orders = Orders(stage);

        // Sizes, to which the target refers, at both ends: from a rule that is good enough for them, then from the one found.
        double[] ends = [reference, variances.Low];
        FactorSample[] sizes = [.. ends.Select(end => Integrate(end, stage, new(Ranges[^1], LowestLevel + 2)))];
        for (int again = 0; again < 2; again++)
        {
            PanelBounds? found = PanelProof.Find([function.Function], KnownActivations.Variable, cuts, variances, panels => sizes.Max(size => Errors(panels).Relative(size)), _target, orders, out reason);
            if (found is null) return null;
            var choice = new Choice((int)found.Range, 0) { Panels = found, Errors = Errors(found), Error = sizes.Max(size => Errors(found).Relative(size)) };
            sizes = [.. ends.Select(end => Integrate(end, stage, choice))];
            if (sizes.All(size => choice.Errors.Relative(size) <= _target)) return choice;
        }

        reason = "its size is not known well enough";
        return null;

        // All of them grow with r.
        FactorErrors Errors(PanelBounds panels) => new(
            panels.Coefficient(0, orders - 1),
            [.. Enumerable.Range(0, _products + 1).Select(p => panels.Coefficient(0, p, orders - 1))],
            panels.Product(0, 0));
    }

    // A trapezoid rule; without one why a solution stops, null where bounds overflow: so do the moments, and the solution says so in its own words.
    private (Choice? Choice, string? TooFast) ProveStrips(int octave, int stage, int lowestRange, StripFunction function)
    {
        double reference = Math.Pow(2, 0.25 * octave);
        Interval variances = StripProof.QuarterOctave(octave);
        int orders = Orders(stage);

        // Sizes, to which the target refers, at both ends: from a grid that is good enough for them, then from the one found.
        double[] ends = [reference, variances.Low];
        FactorSample[] sizes = [.. ends.Select(end => Integrate(end, stage, new(lowestRange, LowestLevel + 2)))];
        double worst = double.PositiveInfinity;
        for (int again = 0; again < 3; again++)
        {
            if (ProvenGrid.Find(Ranges.Where(range => range >= lowestRange), LargestTable / orders, range => StripProof.Of([function], KnownActivations.Variable, variances, range), Error, _target, out worst) is not var (range, level, proof))
                break;
            double step = Math.ScaleB(1, -level);
            var choice = new Choice(range, level) { Errors = Errors(proof, step) };
            sizes = [.. ends.Select(end => Integrate(end, stage, choice))];
            worst = Error(proof, step);
            if (worst <= _target) return (choice with { Error = worst }, null);
        }

        return (null, double.IsInfinity(worst) ? null : FormattableString.Invariant(
            $"The moments of {Function.Name} at K = {reference:G6} are proved only to {worst:E1}, not to the target {_target:G2}: it varies or grows too fast for any grid that fits; use a slower activation, a smaller K, fewer modes, or --quadrature estimated, which computes without proof."));

        FactorErrors Errors(StripProof proof, double step) => new(
            proof.Coefficient(0, step, orders - 1),
            [.. Enumerable.Range(0, _products + 1).Select(p => proof.Coefficient(0, step, p, orders - 1))],
            proof.Product(0, 0, step));

        double Error(StripProof proof, double step)
        {
            FactorErrors errors = Errors(proof, step);
            return sizes.Max(errors.Relative);
        }
    }

    partial void UseProvenRule(double variance, int orders, Choice choice, ref LineRule? rule)
    {
        if (choice.Panels is not { } panels) return;
        rule = choice.Common ?? LineRule.Of(panels.Nodes(variance).Select(node => (node.Node, node.Weight * GaussianTails.Density(node.Node))), orders);
        if (panels.IsCommon) choice.Common = rule;
    }

    partial void Judge(FactorSample sample, Choice choice) =>
        sample.NotProved = choice.NotProved ?? (choice.Errors is { } errors && errors.Relative(sample) > 2 * _target ? "its size changes too fast with the variance" : null);

    partial void Report(FactorSample sample)
    {
        if (sample.NotProved is { } reason) Unproved ??= Unproved.Moments(Function, sample.Variance, reason);
    }

    private sealed partial record Choice
    {
        public PanelBounds? Panels { get; init; }

        public FactorErrors? Errors { get; init; }

        public LineRule? Common { get; set; }
    }
}

/// <summary>Bounds of the errors of all coefficients, products and the mean square.</summary>
/// <param name="Coefficient">Of every coefficient.</param>
/// <param name="Products">Of the products G_pr, for each p.</param>
/// <param name="MeanSquare">Of the mean square.</param>
internal sealed record FactorErrors(double Coefficient, double[] Products, double MeanSquare)
{
    /// <summary>The largest, relative to the norm that it belongs to.</summary>
    public double Relative(FactorSample sample)
    {
        double worst = Math.Max(Relative(MeanSquare, sample.MeanSquare), Relative(Coefficient, Math.Sqrt(sample.MeanSquare)));
        for (int p = 0; p < sample.Norms.Length; p++) worst = Math.Max(worst, Relative(Products[p], sample.Norms[p]));
        return double.IsNaN(worst) ? double.PositiveInfinity : worst;
    }

    /// <summary>An error over a size; of a function that is 0 nothing is wrong.</summary>
    public static double Relative(double error, double size) => size > 0 ? error / size : error < GridAccuracy.Nothing ? 0 : double.PositiveInfinity;
}

internal sealed partial class FactorSample
{
    /// <summary>Null if discretisation and truncation are proved to be within the target; else why not, as a clause.</summary>
    public string? NotProved { get; set; }

    /// <summary>The same of a function that is so many times as large, in the standard units of another variance.</summary>
    public FactorSample Times(double variance, double factor)
    {
        var result = new FactorSample(variance, Orders, Norms.Length - 1) { MeanSquare = factor * factor * MeanSquare, Remainder = factor * factor * Remainder, NotProved = NotProved };
        foreach ((double[] from, double[] to) in new[] { (Coefficients, result.Coefficients), (Products, result.Products), (Norms, result.Norms) })
        {
            for (int at = 0; at < from.Length; at++) to[at] = factor * from[at];
        }

        return result;
    }
}
