using SymbolicEft.Numeric.Expectations;
using System.Runtime.CompilerServices;

namespace SymbolicEft.Numeric.Closures.Modes;

// What a function F of one input contributes to expansions in modes at variance K, z standard normal:
//   c_m    = E[F(sqrt(K) z) he_m(z)],           m < M
//   G_pr   = E[F(sqrt(K) z) he_p(z) he_r(z)],   p <= P, r < M
// Trapezoid rules in one dimension. The step is chosen for each quarter octave of K: the coarsest rule with a proof, where proofs are at hand
// (FactorModes.Proof.cs); else the coarsest rule, split at the kinks, that agrees in all numbers with one of half the step, at the upper end of the
// quarter octave, where poles are nearest in standard units.

/// <summary>Hermite data of one function of one input.</summary>
internal sealed partial class FactorModes
{
    private const int Remembered = 16, LowestLevel = 3, HighestLevel = 8;
    private static readonly int[] Stages = [64, 192, 512];
    private static readonly int[] Ranges = [14, 20, 28, 36];

    private readonly int _products;
    private readonly double _target;
    private readonly List<FactorSample>[] _recent;
    private readonly Dictionary<(int Octave, int Stage), Choice> _choices = [];
    private readonly Dictionary<(int Range, int Level, int Orders), LineRule> _rules = [];

    /// <summary>Prepares a function.</summary>
    /// <param name="function">F.</param>
    /// <param name="products">P: the highest p of the products G_pr; -1 if only coefficients are wanted.</param>
    /// <param name="target">Accuracy, relative to the norm of F he_p.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public FactorModes(ActivationDescription function, int products, double target, bool estimates = false)
    {
        (Function, _products, _target, Estimates) = (function, products, target, estimates);
        _recent = [.. Stages.Select(_ => new List<FactorSample>())];
    }

    /// <summary>How many ratios of proportional inputs are worth remembering: they stay the same, or each layer has its own.</summary>
    public const int MostOnLines = 16;

    /// <summary>A sum of products f(x) g(y) at proportional inputs, y = r x: a function of one.</summary>
    /// <param name="terms">Each product, with its coefficient.</param>
    /// <param name="ratio">r, not 0.</param>
    /// <param name="target">Accuracy, relative to the norm of the sum.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public static FactorModes OnLine(IReadOnlyList<(double Coefficient, ActivationDescription First, ActivationDescription Second)> terms, double ratio, double target, bool estimates)
    {
        IEnumerable<Kink> kinks = terms.SelectMany(term => term.First.Kinks.Concat(term.Second.Kinks.Select(kink => kink with { Position = kink.Position / ratio })));
        var function = new ActivationDescription(terms[0].First.Name, x => terms.Sum(term => term.Coefficient * term.First.Value(x) * term.Second.Value(ratio * x)))
        {
            Kinks = [.. kinks.Distinct()],
        };
        Express(function, terms, ratio);
        return new(function, -1, target, estimates);
    }

    /// <summary>F.</summary>
    public ActivationDescription Function { get; }

    /// <summary>Whether an estimate of the error will do where a proof does not reach the target.</summary>
    public bool Estimates { get; }

    /// <summary>How many stages of increasing M there are.</summary>
    public static int StageCount => Stages.Length;

    /// <summary>E[f(phi_a) g(phi_b)] by Mehler's formula: sum_m rho^m f_m g_m, at the first stage at which what is left out is within the target.</summary>
    /// <param name="first">f.</param>
    /// <param name="firstVariance">K_aa.</param>
    /// <param name="second">g.</param>
    /// <param name="secondVariance">K_bb.</param>
    /// <param name="correlation">rho.</param>
    /// <param name="target">What may be left out, relative to the norms of f and g.</param>
    /// <returns>The mean; how many orders it has; and what they may leave out, relative to the norms, if that is more than the target, else 0.</returns>
    public static (double Value, int Orders, double Left) MeanOfProduct(FactorModes first, double firstVariance, FactorModes second, double secondVariance, double correlation, double target)
    {
        for (int stage = 0; ; stage++)
        {
            FactorSample f = first.At(firstVariance, stage), g = second.At(secondVariance, stage);
            double sum = 0, power = 1;
            for (int order = 0; order < f.Orders; order++, power *= correlation)
                sum += f.Coefficients[order] * g.Coefficients[order] * power;
            double left = Math.Abs(power) * Math.Sqrt(f.Remainder * g.Remainder), size = Math.Sqrt(f.MeanSquare * g.MeanSquare);
            if (left <= target * size)
                return (sum, f.Orders, 0);
            if (stage == StageCount - 1)
                return (sum, f.Orders, left / size);
        }
    }

    /// <summary>M at a stage.</summary>
    public int Orders(int stage) => Stages[stage] + Math.Max(_products, 0);

    /// <summary>The data at a variance. The result is a pure function of the arguments; recent ones are remembered.</summary>
    /// <exception cref="QuadratureException">The moments cannot be brought to the target.</exception>
    public FactorSample At(double variance, int stage)
    {
        List<FactorSample> recent = _recent[stage];
        foreach (FactorSample known in recent)
        {
            if (known.Variance == variance) return known;
        }

        FactorSample? sample = variance == 0 ? AtZero(stage) : null;
        Rescale(variance, stage, ref sample);
        sample ??= Integrate(variance, stage, Choose(variance, stage));
        Report(sample);
        if (recent.Count == Remembered) recent.RemoveAt(0);
        recent.Add(sample);
        return sample;
    }

    private FactorSample AtZero(int stage)
    {
        var sample = new FactorSample(0, Orders(stage), _products);
        double value = Function.Value(0);
        sample.Coefficients[0] = value;
        sample.MeanSquare = value * value;
        for (var p = 0; p <= _products; p++)
        {
            sample.Products[(p * sample.Orders) + p] = value;
            sample.Norms[p] = Math.Abs(value);
        }

        return sample;
    }

    private Choice Choose(double variance, int stage)
    {
        var octave = (int)Math.Ceiling(4 * Math.Log2(variance));
        Choice? proven = null;
        string? notProved = null;
        Prove(variance, octave, stage, ref proven, ref notProved);
        if (proven is not null) return proven;
        if (_choices.TryGetValue((octave, stage), out var known)) return known;
        var reference = Math.Pow(2, 0.25 * octave);
        int range = ChooseRange(Function, reference, _products);
        FactorSample coarse = Integrate(reference, stage, new(range, LowestLevel));
        for (var level = LowestLevel; ; level++)
        {
            FactorSample fine = Integrate(reference, stage, new(range, level + 1));
            double difference = coarse.RelativeDifference(fine);
            if (difference <= _target)
            {
                var choice = new Choice(range, level) { NotProved = notProved, Error = difference };
                _choices.Add((octave, stage), choice);
                return choice;
            }

            if (level >= HighestLevel)
                throw new QuadratureException(FormattableString.Invariant($"The moments of {Function.Name} at K = {variance:G6} are known only to {difference:E1}, not to the target {_target:G2}; use fewer modes, as in hermite(4); {Remedy.Smoothness}."));
            coarse = fine;
        }
    }

    /// <summary>The range of standard units beyond which a function contributes nothing: by Cramer's inequality |he_p(z)| &lt;= 1.0865 exp(z^2/4) for the coefficients.</summary>
    /// <param name="function">F.</param>
    /// <param name="reference">K.</param>
    /// <param name="products">The highest p of the products G_pr.</param>
    /// <exception cref="QuadratureException">No range in double precision is wide enough.</exception>
    public static int ChooseRange(ActivationDescription function, double reference, int products)
    {
        var deviation = Math.Sqrt(reference);
        foreach (int range in Ranges)
        {
            // sqrt(w) he_p falls off beyond its turning point 2 sqrt(p); in products with high orders nothing else does.
            if (range < (2 * Math.Sqrt(Math.Max(products, 0))) + 7.5) continue;
            double inside = 0, outside = 0;
            for (var n = 0; n <= 4 * 38; n++)
            {
                double z = 0.25 * n, value = Math.Max(Math.Abs(function.Value(deviation * z)), Math.Abs(function.Value(-deviation * z)));
                if (z < range) inside += value * value * Math.Exp(-0.5 * z * z);
                else outside += value * Math.Exp(-0.25 * z * z);
            }

            if (outside * outside <= 1e-30 * inside) return range;
        }

        throw new QuadratureException(FormattableString.Invariant($"{function.Name} grows so fast that its Gaussian moments at K = {reference:G6} leave the range of double precision; use a smaller kernel."));
    }

    private LineRule Rule(double variance, int orders, Choice choice)
    {
        LineRule? proven = null;
        UseProvenRule(variance, orders, choice, ref proven);
        if (proven is not null) return proven;
        if (Function.Kinks.Any(kink => kink.Position != 0))
            return LineRule.Make([.. Function.Kinks.Select(kink => kink.Position / Math.Sqrt(variance))], choice.Range, choice.Level, orders);
        if (!_rules.TryGetValue((choice.Range, choice.Level, orders), out LineRule? rule))
            _rules.Add((choice.Range, choice.Level, orders), rule = LineRule.Make([.. Function.Kinks.Select(kink => 0.0)], choice.Range, choice.Level, orders));
        return rule;
    }

    private FactorSample Integrate(double variance, int stage, Choice choice)
    {
        int orders = Orders(stage);
        var sample = new FactorSample(variance, orders, _products);
        LineRule rule = Rule(variance, orders, choice);
        int count = rule.Nodes.Length;
        var deviation = Math.Sqrt(variance);
        var points = new double[2 * count];
        for (var n = 0; n < count; n++) (points[n], points[count + n]) = (deviation * rule.Nodes[n], -deviation * rule.Nodes[n]);
        var values = new double[2 * count];
        Function.Fill(0, points, values);
        double[] even = new double[count], odd = new double[count], square = new double[count];
        bool hasEven = false, hasOdd = false;
        for (var n = 0; n < count; n++)
        {
            double above = values[n], below = values[count + n];
            (even[n], odd[n], square[n]) = (above + below, above - below, (above * above) + (below * below));
            hasEven |= even[n] != 0;
            hasOdd |= odd[n] != 0;
        }

        double[] weightedEven = new double[count], weightedOdd = new double[count], weightedSquare = new double[count];
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Weigh(double[] function)
        {
            for (var n = 0; n < count; n++) (weightedEven[n], weightedOdd[n], weightedSquare[n]) = (function[n] * even[n], function[n] * odd[n], function[n] * square[n]);
        }

        Weigh(rule.Roots);
        sample.MeanSquare = VectorSums.Dot(rule.Roots, weightedSquare);
        for (var m = 0; m < orders; m++) sample.Coefficients[m] = VectorSums.Dot(rule.Function(m), (m & 1) == 0 ? weightedEven : weightedOdd);
        // Four p at a time: for even r the part of F of the parity of p, for odd r the other.
        const int Block = 4;
        double[] evenOrders = new double[Block * count], oddOrders = new double[Block * count];
        Span<double> sums = stackalloc double[Block];
        for (var first = 0; first <= _products; first += Block)
        {
            int rows = Math.Min(Block, _products + 1 - first);
            for (var p = first; p < first + rows; p++)
            {
                double[] function = rule.Function(p);
                Weigh(function);
                sample.Norms[p] = Math.Sqrt(VectorSums.Dot(function, weightedSquare));
                bool isEven = (p & 1) == 0;
                (isEven ? weightedEven : weightedOdd).CopyTo(evenOrders, (p - first) * count);
                (isEven ? weightedOdd : weightedEven).CopyTo(oddOrders, (p - first) * count);
            }

            for (var r = 0; r < orders; r++)
            {
                VectorSums.Dots(rule.Function(r), (r & 1) == 0 ? evenOrders : oddOrders, count, sums[..rows]);
                for (var p = first; p < first + rows; p++)
                {
                    // Parts of one parity only leave half of the products zero.
                    if (((p + r) & 1) == 0 ? hasEven : hasOdd) sample.Products[(p * orders) + r] = sums[p - first];
                }
            }
        }

        double rest = sample.MeanSquare;
        for (var m = 0; m < orders; m++) rest -= sample.Coefficients[m] * sample.Coefficients[m];

        // Each coefficient, and the mean square, may be off by the error of the rule: those of M orders by no more than sqrt(M) times that together.
        sample.Remainder = Math.Max(rest, 0) + ((1e-15 + (2 * (Math.Sqrt(orders) + 1) * choice.Error)) * sample.MeanSquare);
        Judge(sample, choice);
        return sample;
    }

    // What only a proof knows; a program without proofs has none of these.
    static partial void Express(ActivationDescription function, IReadOnlyList<(double Coefficient, ActivationDescription First, ActivationDescription Second)> terms, double ratio);

    partial void Rescale(double variance, int stage, ref FactorSample? sample);

    partial void Prove(double variance, int octave, int stage, ref Choice? proven, ref string? notProved);

    partial void UseProvenRule(double variance, int orders, Choice choice, ref LineRule? rule);

    partial void Judge(FactorSample sample, Choice choice);

    partial void Report(FactorSample sample);

    private sealed partial record Choice(int Range, int Level)
    {
        public double Error { get; init; }

        public string? NotProved { get; init; }
    }
}

/// <summary>Hermite data of one function at one variance.</summary>
internal sealed partial class FactorSample(double variance, int orders, int products)
{
    /// <summary>K.</summary>
    public double Variance { get; } = variance;

    /// <summary>M.</summary>
    public int Orders { get; } = orders;

    /// <summary>c_m.</summary>
    public double[] Coefficients { get; } = new double[orders];

    /// <summary>G_pr at p M + r.</summary>
    public double[] Products { get; } = new double[(products + 1) * orders];

    /// <summary>sqrt(E[F^2 he_p^2]).</summary>
    public double[] Norms { get; } = new double[products + 1];

    /// <summary>E[F^2].</summary>
    public double MeanSquare { get; set; }

    /// <summary>What Parseval leaves at most for the orders from M on, not less than the error of the rule and rounding.</summary>
    public double Remainder { get; set; }

    /// <summary>The largest difference from another sample, each number in units of the norm that bounds it.</summary>
    public double RelativeDifference(FactorSample other)
    {
        double largest = 0;
        if (MeanSquare == 0) return other.MeanSquare == 0 ? 0 : double.PositiveInfinity;
        var norm = Math.Sqrt(MeanSquare);
        for (var m = 0; m < Orders; m++)
            largest = Math.Max(largest, Math.Abs(Coefficients[m] - other.Coefficients[m]) / norm);
        for (var p = 0; p < Norms.Length; p++)
        {
            for (var r = 0; r < Orders; r++)
                largest = Math.Max(largest, Math.Abs(Products[(p * Orders) + r] - other.Products[(p * Orders) + r]) / Norms[p]);
        }

        return double.IsNaN(largest) ? double.PositiveInfinity : largest;
    }
}
