using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>
/// The components of a closure's observables, which of them are functions of which inputs, and the projections on them at any
/// kernel. A function of (phi_a, phi_b) is projected on functions of the same inputs only, so that dropping other inputs
/// changes nothing.
/// </summary>
internal sealed class ObservableSpan
{
    private static readonly double[] Probes = [-6, -3.7, -2, -1, -0.5, 0.5, 1, 2, 3.7, 6];

    private readonly ObservableExpansion _expansion;
    private readonly FrameContraction _contraction = new();
    private readonly int[][] _ofPair, _span, _within;
    private readonly List<(double[] Kernel, SpanAt Span)> _recent = [];

    /// <summary>Prepares the spans.</summary>
    /// <param name="expansion">The observables.</param>
    /// <param name="observables">How many of them, from the first, belong to the closure.</param>
    /// <param name="sigmaKernel">The place of sigma(x) sigma(y) among them all.</param>
    public ObservableSpan(ObservableExpansion expansion, int observables, int sigmaKernel)
    {
        _expansion = expansion;
        Inputs = expansion.Inputs;
        Pairs = [.. PairIndexing.All(Inputs)];
        Count = expansion.Components.Count(component => component.Observable < observables);
        Kernel = ComponentsOf(0);
        Sigma = ComponentsOf(sigmaKernel);
        _ofPair = [.. Enumerable.Range(0, Pairs.Length).Select(pair => Indices(component => component.Pair == pair))];
        _span = [.. Pairs.Select(pair => Indices(component => IsIn(component.First, pair) && IsIn(component.Second, pair) && (pair.First == pair.Second || expansion.IsProjectedOn(component))))];
        _within = [.. Pairs.Select((pair, at) => pair.First == pair.Second ? new[] { at } : [PairOf(pair.First, pair.First), at, PairOf(pair.Second, pair.Second)])];
    }

    public int Inputs { get; }

    /// <summary>The number of components in the state.</summary>
    public int Count { get; }

    /// <summary>All pairs of inputs.</summary>
    public (int First, int Second)[] Pairs { get; }

    /// <summary>The component of x y for each pair.</summary>
    public int[] Kernel { get; }

    /// <summary>The component of sigma(x) sigma(y) for each pair; beyond the state if the closure does not contain it.</summary>
    public int[] Sigma { get; }

    /// <summary>The largest share of an observable's variance beyond the modes that are kept, so far.</summary>
    public double LargestRest { get; private set; }

    /// <summary>Components of the state whose inputs are those of a pair.</summary>
    public int[] OfPair(int pair) => _ofPair[pair];

    /// <summary>The index of a pair.</summary>
    public int PairOf(int first, int second) => PairIndexing.Of(first, second, Inputs);

    /// <summary>Expansions and projections at a kernel; those of the last two kernels are remembered.</summary>
    public SpanAt At(ReadOnlySpan<double> kernel)
    {
        foreach ((double[] known, SpanAt span) in _recent)
        {
            if (kernel.SequenceEqual(known)) return span;
        }

        double[] k = kernel.ToArray();
        ExpansionAt expansion = _expansion.At(k);
        RequireConvergence(expansion);
        var made = new SpanAt(k, expansion, new double[Count, Count], new SpanProjection[Pairs.Length], new double[Pairs.Length][]);
        AddCovariances(made, k, 1, 1, made.Covariances);
        for (var pair = 0; pair < Pairs.Length; pair++)
        {
            made.Projections[pair] = new SpanProjection(Gram(pair, made));
            if (Pairs[pair].First == Pairs[pair].Second) RequireResolution(pair, made);
        }

        for (var pair = 0; pair < Pairs.Length; pair++)
        {
            made.Sigma[pair] = new double[Count];
            if (Sigma[pair] < Count) made.Sigma[pair][Sigma[pair]] = 1;
            else made.Sigma[pair] = Project(pair, [expansion.Coefficients[Sigma[pair]]], made, made, 1)[0];
        }

        if (_recent.Count == 2) _recent.RemoveAt(0);
        _recent.Add((k, made));
        return made;
    }

    /// <summary>
    /// The projections of functions of a pair, as coefficients over all components: Proj P f for f given in the frame of the
    /// next kernel and P f = E_u[f(alpha phi + eps u)]; Proj f where the two kernels are the same and alpha is 1.
    /// </summary>
    public double[][] Project(int pair, double[][] functions, SpanAt next, SpanAt here, double alpha)
    {
        int[] span = _span[pair];
        var overlaps = new double[functions.Length, span.Length];
        foreach (int other in _within[pair])
        {
            int[] columns = [.. _ofPair[other].Where(span.Contains)];
            if (columns.Length == 0) continue;
            var block = new double[functions.Length, columns.Length];
            Matrix2 correlations = Correlations(pair, other, next, here, here.Kernel).Scale(alpha);
            _contraction.Add(correlations, next.Dimension(pair), here.Dimension(other), functions, Functions(columns, here), 1, block);
            for (var i = 0; i < functions.Length; i++)
            {
                for (var j = 0; j < columns.Length; j++) overlaps[i, Array.IndexOf(span, columns[j])] = block[i, j];
            }
        }

        var result = new double[functions.Length][];
        var row = new double[span.Length];
        for (var i = 0; i < functions.Length; i++)
        {
            for (var j = 0; j < span.Length; j++) row[j] = overlaps[i, j];
            double[] within = here.Projections[pair].Coefficients(row);
            result[i] = new double[Count];
            for (var j = 0; j < span.Length; j++) result[i][span[j]] = within[j];
        }

        return result;
    }

    /// <summary>Adds sign * sum_k f_k . S_k(factor L^-1 K L^-T) g_k for all components, the factor counting once per order.</summary>
    public void AddCovariances(SpanAt at, ReadOnlySpan<double> kernel, double factor, double sign, double[,] result)
    {
        if (factor == 0) return;
        double[] k = kernel.ToArray();
        for (var left = 0; left < Pairs.Length; left++)
        {
            for (var right = left; right < Pairs.Length; right++)
                AddCovariances(left, right, at, Correlations(left, right, at, at, k).Scale(factor), sign, result);
        }
    }

    /// <summary>Adds E[d_e f_I Q_ef d_f f_J] for all components: the noise in depth time.</summary>
    public void AddNoiseRate(SpanAt at, double[] rows, double[,] result)
    {
        double[][][] slopes = [.. Enumerable.Range(0, Count).Select(component =>
            ModeDerivatives.First(at.Expansion.Coefficients[component], at.Dimension(_expansion.Components[component].Pair)))];
        for (var left = 0; left < Pairs.Length; left++)
        {
            for (var right = 0; right < Pairs.Length; right++)
            {
                Matrix2 rates = Correlations(left, right, at, at, rows), correlations = Correlations(left, right, at, at, at.Kernel);
                int[] i = _ofPair[left], j = _ofPair[right];
                for (var e = 0; e < at.Dimension(left); e++)
                {
                    for (var f = 0; f < at.Dimension(right); f++)
                    {
                        double rate = e == 0 ? (f == 0 ? rates.M11 : rates.M12) : f == 0 ? rates.M21 : rates.M22;
                        var block = new double[i.Length, j.Length];
                        _contraction.Add(correlations, at.Dimension(left), at.Dimension(right), [.. i.Select(row => slopes[row][e])], [.. j.Select(column => slopes[column][f])], rate, block);
                        for (var row = 0; row < i.Length; row++)
                        {
                            for (var column = 0; column < j.Length; column++)
                                result[i[row], j[column]] += block[row, column] + (rate * slopes[i[row]][e][0] * slopes[j[column]][f][0]);
                        }
                    }
                }
            }
        }
    }

    // Covariances of the span of a pair. Where it has functions of two inputs all are cut at the order where those end: a difference of functions of
    // nearly equal inputs is small, and would be that of the cuts.
    private double[,] Gram(int pair, SpanAt at)
    {
        int[] span = _span[pair];
        var gram = new double[span.Length, span.Length];
        bool isPlane = at.Dimension(pair) == 2;
        for (var i = 0; i < span.Length; i++)
        {
            for (var j = 0; j < span.Length; j++)
            {
                int left = _expansion.Components[span[i]].Pair, right = _expansion.Components[span[j]].Pair;
                gram[i, j] = at.Covariances[span[i], span[j]];
                if (isPlane && at.Dimension(left) == 1 && at.Dimension(right) == 1)
                    gram[i, j] = LineCovariance(at.Expansion.Coefficients[span[i]], at.Expansion.Coefficients[span[j]], Correlations(left, right, at, at, at.Kernel).M11, ObservableExpansion.HighestOfTwo);
            }
        }

        return gram;
    }

    private static double LineCovariance(double[] left, double[] right, double correlation, int highest)
    {
        double sum = 0, power = 1;
        for (var k = 1; k <= highest; k++)
        {
            power *= correlation;
            sum += left[k] * power * right[k];
        }

        return sum;
    }

    private static bool IsIn(int input, (int First, int Second) pair) => input == pair.First || input == pair.Second;

    private int[] Indices(Func<ObservableComponent, bool> condition) =>
        [.. Enumerable.Range(0, Count).Where(at => condition(_expansion.Components[at]))];

    private int[] ComponentsOf(int observable)
    {
        var places = new int[Pairs.Length];
        for (var at = 0; at < _expansion.Components.Length; at++)
        {
            if (_expansion.Components[at].Observable == observable) places[_expansion.Components[at].Pair] = at;
        }

        return places;
    }

    private Matrix2 Correlations(int left, int right, SpanAt first, SpanAt second, double[] kernel)
    {
        (int a, int b) = Pairs[left];
        (int c, int d) = Pairs[right];
        return first.Expansion.Frames[left].Correlations(
            second.Expansion.Frames[right], kernel[PairOf(a, c)], kernel[PairOf(a, d)], kernel[PairOf(b, c)], kernel[PairOf(b, d)]);
    }

    // Adds covariances of the components of two pairs, and of these pairs the other way round.
    private void AddCovariances(int left, int right, SpanAt at, in Matrix2 correlations, double sign, double[,] result)
    {
        int[] rows = _ofPair[left], columns = _ofPair[right];
        if (rows.Length == 0 || columns.Length == 0) return;
        var block = new double[rows.Length, columns.Length];
        _contraction.Add(correlations, at.Dimension(left), at.Dimension(right), Functions(rows, at), Functions(columns, at), sign, block);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                result[rows[i], columns[j]] += block[i, j];
                if (right > left) result[columns[j], rows[i]] += block[i, j];
            }
        }
    }

    private static double[][] Functions(int[] components, SpanAt at) => [.. components.Select(component => at.Expansion.Coefficients[component])];

    // A combination that is left out must vanish as a function, not only to rounding at this kernel: near K = 0 every sigma is linear, and the difference
    // of S and G, which K1 consists of, would be lost without a word.
    private void RequireResolution(int pair, SpanAt at)
    {
        double variance = at.Kernel[pair];
        foreach (double[] combination in at.Projections[pair].LeftOut())
        {
            foreach (double x in Probes)
            {
                double sum = 0, size = 0;
                for (var i = 0; i < combination.Length; i++)
                {
                    double term = combination[i] * _expansion.Difference(_span[pair][i], x);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                if (double.IsFinite(size) && Math.Abs(sum) > 1e-6 * size)
                    throw new QuadratureException(FormattableString.Invariant($"At K_{Pairs[pair].First}{Pairs[pair].First} = {variance:G6} the observables of the closure differ by less than rounding, so that means of order 1/n cannot be told from them; use hermite(k), fewer observables or a larger kernel."));
            }
        }
    }

    private void RequireConvergence(ExpansionAt expansion)
    {
        for (var at = 0; at < expansion.Rest.Length; at++)
        {
            double[] coefficients = expansion.Coefficients[at];
            double variance = 0;
            for (var k = 1; k < coefficients.Length; k++) variance += coefficients[k] * coefficients[k];
            if (variance > 0) LargestRest = Math.Max(LargestRest, expansion.Rest[at] / variance);
        }

        if (LargestRest > 0.01)
            throw new QuadratureException(FormattableString.Invariant($"The Hermite modes that are kept leave {LargestRest:P1} of an observable's variance; the observables vary too fast for this kernel."));
    }
}

/// <summary>A closure's observables at one kernel.</summary>
/// <param name="Kernel">K0 over pairs.</param>
/// <param name="Expansion">The expansions of all components.</param>
/// <param name="Covariances">E_{K0}[f_I f_J] - E_{K0}[f_I] E_{K0}[f_J] of all components.</param>
/// <param name="Projections">For each pair the projection on the functions of its inputs.</param>
/// <param name="Sigma">For each pair xi(sigma sigma) as coefficients over the components.</param>
internal sealed record SpanAt(double[] Kernel, ExpansionAt Expansion, double[,] Covariances, SpanProjection[] Projections, double[][] Sigma)
{
    /// <summary>1 for functions of one input, and of two that are proportional; else 2.</summary>
    public int Dimension(int pair) => Expansion.Frames[pair].Dimension;
}
