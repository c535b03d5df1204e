using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>
/// The state of a closure over lists of observables, and the projections in it at any kernel. For every pair of inputs (a, b),
/// a &lt;= b, the observables of these inputs, f(phi_a, phi_b), f(phi_a, phi_a), ..., are a block of their own, closed in itself: dropping
/// other inputs changes nothing. An observable of one input stands in the blocks of all of its pairs, each time with what that block knows of it.
/// </summary>
internal sealed partial class ObservableSpan
{
    /// <summary>
    /// Below this 1 - rho^2 a function of one pair is projected on functions of that pair alone, and on x y: f(a, a) - 2 f(a, b) + f(b, b) is of order
    /// 1 - rho^2, and coefficients of order 1/(1 - rho^2) would make what V4 is known to of it, rounding, count.
    /// </summary>
    public const double NearlyProportional = 1e-3;

    private static readonly double[] Probes = [-6, -3.7, -2, -1, -0.5, 0.5, 1, 2, 3.7, 6];

    private readonly ObservableExpansion _expansion;
    private readonly FrameContraction _contraction = new();
    private readonly int[][] _within, _ofPair;
    private readonly int[] _function, _owner; // of each component of the state
    private readonly List<(double[] Kernel, SpanAt Span)> _recent = [];

    /// <summary>Prepares the blocks.</summary>
    /// <param name="expansion">The observables.</param>
    /// <param name="observables">How many of them, from the first, belong to the closure.</param>
    /// <param name="sigmaKernel">The place of sigma(x) sigma(y) among them all.</param>
    public ObservableSpan(ObservableExpansion expansion, int observables, int sigmaKernel)
    {
        _expansion = expansion;
        Inputs = expansion.Inputs;
        Pairs = [.. PairIndexing.All(Inputs)];
        _within = [.. Pairs.Select((pair, at) => pair.First == pair.Second ? new[] { at } : [PairOf(pair.First, pair.First), at, PairOf(pair.Second, pair.Second)])];
        _ofPair = [.. Pairs.Select((_, pair) => Enumerable.Range(0, expansion.Components.Length).Where(at => expansion.Components[at].Pair == pair && expansion.Components[at].Observable < observables).ToArray())];
        Blocks = new ObservableBlock[Pairs.Length];
        var functions = new List<int>();
        for (var pair = 0; pair < Pairs.Length; pair++)
        {
            int[] block = [.. _within[pair].SelectMany(each => _ofPair[each]).Order()];
            Blocks[pair] = new ObservableBlock(functions.Count, block, _within[pair]);
            functions.AddRange(block);
        }

        _function = [.. functions];
        _owner = [.. Blocks.SelectMany((block, pair) => Enumerable.Repeat(pair, block.Functions.Length))];
        Sigma = Components(sigmaKernel);
        Own = [.. Enumerable.Range(0, _ofPair.Sum(each => each.Length)).Select(function => Blocks[expansion.Components[function].Pair].Place(function))];
        Kernel = [.. Components(0).Select(function => Own[function])];
    }

    public int Inputs { get; }

    /// <summary>The number of components in the state.</summary>
    public int Count => _function.Length;

    /// <summary>All pairs of inputs.</summary>
    public InputPair[] Pairs { get; }

    /// <summary>The block of each pair.</summary>
    public ObservableBlock[] Blocks { get; }

    /// <summary>For each observable of the closure and its inputs the component of the state in the block of these inputs.</summary>
    public int[] Own { get; }

    /// <summary>The component of x y for each pair, in the block of that pair.</summary>
    public int[] Kernel { get; }

    /// <summary>The function sigma(x) sigma(y) of each pair among the components of the expansion.</summary>
    public int[] Sigma { get; }

    /// <summary>The largest share of an observable's variance beyond the modes that are kept, so far.</summary>
    public double LargestRest { get; private set; }

    /// <summary>The pair of inputs that a component of the expansion is a function of.</summary>
    public int PairOf(int function) => _expansion.Components[function].Pair;

    /// <summary>The index of a pair.</summary>
    public int PairOf(int first, int second) => PairIndexing.Of(first, second, Inputs);

    /// <summary>
    /// The coefficients of a function in a block. All functions of a block end at one order, that of its functions of two inputs: differences of
    /// functions of similar inputs are small, and would be those of the orders.
    /// </summary>
    public double[] Function(int block, int function, SpanAt at)
    {
        double[] coefficients = at.Expansion.Coefficients[function];
        return at.Dimension(block) == 2 && at.Dimension(PairOf(function)) == 1 ? ToOrderOfTwo(coefficients) : coefficients;
    }

    /// <summary>The coefficients of a function of one input up to the highest order of those of two.</summary>
    public static double[] ToOrderOfTwo(double[] coefficients) => coefficients[..Math.Min(coefficients.Length, ObservableExpansion.HighestOfTwo + 1)];

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
        var made = new SpanAt(k, expansion, new double[Count, Count], new BlockProjection[Pairs.Length][], new double[Pairs.Length][][]);
        AddCovariances(made, k, 1, 1, made.Covariances);
        for (var pair = 0; pair < Pairs.Length; pair++)
        {
            made.Projections[pair] = Projections(pair, made);
            if (Pairs[pair].First == Pairs[pair].Second) RequireResolution(pair, made);
            made.Sigma[pair] = [.. _within[pair].Select(each => SigmaIn(pair, each, made))];
        }

        if (_recent.Count == 2) _recent.RemoveAt(0);
        _recent.Add((k, made));
        return made;
    }

    /// <summary>
    /// The projections of functions of a pair on the observables of a block: Proj P f for f given in the frame of the next kernel and
    /// P f = E_u[f(alpha phi + eps u)]; Proj f where the two kernels are the same and alpha is 1.
    /// </summary>
    /// <param name="block">The pair whose block it is.</param>
    /// <param name="member">The functions are those of this pair of the block: 0, 1, 2 for aa, ab, bb; 0 for one input.</param>
    /// <param name="functions">Their coefficients.</param>
    /// <param name="next">Where their frame is from.</param>
    /// <param name="here">Where they are projected.</param>
    /// <param name="alpha">alpha.</param>
    /// <returns>For each of them the coefficients over the block's components.</returns>
    public double[][] Project(int block, int member, double[][] functions, SpanAt next, SpanAt here, double alpha)
    {
        int[] places = Blocks[block].Functions;
        BlockProjection projection = here.Projections[block][member];
        int pair = _within[block][member];
        var overlaps = new double[functions.Length, places.Length];
        foreach (int other in _within[block])
        {
            int[] columns = [.. projection.Places.Where(place => PairOf(places[place]) == other)];
            if (columns.Length == 0) continue;
            var part = new double[functions.Length, columns.Length];
            Matrix2 correlations = Correlations(pair, other, next, here, here.Kernel).Scale(alpha);
            _contraction.Add(correlations, next.Dimension(pair), here.Dimension(other), functions, [.. columns.Select(place => Function(block, places[place], here))], 1, part, ObservableExpansion.HighestOfOne);
            for (var i = 0; i < functions.Length; i++)
            {
                for (var j = 0; j < columns.Length; j++) overlaps[i, columns[j]] = part[i, j];
            }
        }

        var result = new double[functions.Length][];
        var row = new double[projection.Places.Length];
        for (var i = 0; i < functions.Length; i++)
        {
            for (var j = 0; j < row.Length; j++) row[j] = overlaps[i, projection.Places[j]];
            double[] within = projection.Projection.Coefficients(row);
            result[i] = new double[places.Length];
            for (var j = 0; j < row.Length; j++) result[i][projection.Places[j]] = within[j];
        }

        return result;
    }

    /// <summary>Adds sign * sum_k f_k . S_k(factor L^-1 K L^-T) g_k for all components, the factor counting once per order.</summary>
    public void AddCovariances(SpanAt at, ReadOnlySpan<double> kernel, double factor, double sign, double[,] result)
    {
        if (factor == 0) return;
        double[] k = kernel.ToArray();
        AddOverlaps(at, k, factor, (left, right, correlations, cut, block) => _contraction.Add(
            correlations, at.Dimension(left), at.Dimension(right), Functions(_ofPair[left], at), Functions(_ofPair[right], at), sign, block, cut), result);
    }

    /// <summary>Adds E[d_e f_I Q_ef d_f f_J] for all components: the noise in depth time.</summary>
    public void AddNoiseRate(SpanAt at, double[] rows, double[,] result)
    {
        double[][][] slopes = [.. Enumerable.Range(0, Own.Length).Select(function => ModeDerivatives.First(at.Expansion.Coefficients[function], at.Dimension(PairOf(function))))];
        AddOverlaps(at, at.Kernel, 1, (left, right, correlations, cut, block) =>
        {
            Matrix2 rates = Correlations(left, right, at, at, rows);
            int[] i = _ofPair[left], j = _ofPair[right];
            for (var e = 0; e < at.Dimension(left); e++)
            {
                for (var f = 0; f < at.Dimension(right); f++)
                {
                    double rate = e == 0 ? (f == 0 ? rates.M11 : rates.M12) : f == 0 ? rates.M21 : rates.M22;
                    _contraction.Add(correlations, at.Dimension(left), at.Dimension(right), [.. i.Select(row => slopes[row][e])], [.. j.Select(column => slopes[column][f])], rate, block, cut - 1);
                    for (var row = 0; row < i.Length; row++)
                    {
                        for (var column = 0; column < j.Length; column++)
                            block[row, column] += rate * slopes[i[row]][e][0] * slopes[j[column]][f][0];
                    }
                }
            }
        }, result);
    }

    /// <summary>The components of an observable in all inputs, pair by pair.</summary>
    public int[] Components(int observable)
    {
        var places = new int[Pairs.Length];
        for (var at = 0; at < _expansion.Components.Length; at++)
        {
            if (_expansion.Components[at].Observable == observable) places[PairOf(at)] = at;
        }

        return places;
    }

    private Matrix2 Correlations(int left, int right, SpanAt first, SpanAt second, double[] kernel)
    {
        if (left == right && ReferenceEquals(first, second) && kernel.AsSpan().SequenceEqual(first.Kernel)) return Matrix2.Identity;
        (int a, int b) = Pairs[left];
        (int c, int d) = Pairs[right];
        return first.Expansion.Frames[left].Correlations(
            second.Expansion.Frames[right], kernel[PairOf(a, c)], kernel[PairOf(a, d)], kernel[PairOf(b, c)], kernel[PairOf(b, d)]);
    }

    private delegate void AddBlock(int left, int right, Matrix2 correlations, int cut, double[,] block);

    // Adds a symmetric form of the functions, pair by pair, to that of the components of the state: once to order 400, and again to order 48 for
    // functions of one input each in blocks of two.
    private void AddOverlaps(SpanAt at, double[] kernel, double factor, AddBlock add, double[,] result)
    {
        double[,] whole = new double[Own.Length, Own.Length], cut = new double[Own.Length, Own.Length];
        bool hasPlanes = at.Expansion.Frames.Any(frame => frame.Dimension == 2);
        for (var left = 0; left < Pairs.Length; left++)
        {
            for (var right = left; right < Pairs.Length; right++)
            {
                int[] rows = _ofPair[left], columns = _ofPair[right];
                if (rows.Length == 0 || columns.Length == 0) continue;
                Matrix2 correlations = Correlations(left, right, at, at, kernel).Scale(factor);
                double[,] block = new double[rows.Length, columns.Length], blockToCut = block;
                add(left, right, correlations, ObservableExpansion.HighestOfOne, block);
                if (hasPlanes && at.Dimension(left) == 1 && at.Dimension(right) == 1)
                {
                    blockToCut = new double[rows.Length, columns.Length];
                    add(left, right, correlations, ObservableExpansion.HighestOfTwo, blockToCut);
                }

                for (var i = 0; i < rows.Length; i++)
                {
                    for (var j = 0; j < columns.Length; j++)
                    {
                        whole[rows[i], columns[j]] = whole[columns[j], rows[i]] = block[i, j];
                        cut[rows[i], columns[j]] = cut[columns[j], rows[i]] = blockToCut[i, j];
                    }
                }
            }
        }

        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
                result[i, j] += (at.Dimension(_owner[i]) == 1 && at.Dimension(_owner[j]) == 1 ? whole : cut)[_function[i], _function[j]];
        }
    }

    private static double[][] Functions(int[] functions, SpanAt at) => [.. functions.Select(function => at.Expansion.Coefficients[function])];

    // For functions of each pair of a block, what they are projected on: all observables of the block, or, where inputs are nearly proportional, those of
    // the pair itself, observables of one input, and x y.
    private BlockProjection[] Projections(int block, SpanAt at)
    {
        int[] functions = Blocks[block].Functions, members = _within[block], all = [.. Enumerable.Range(0, functions.Length)];
        double complement = at.Expansion.Frames[block].Complement;
        if (at.Dimension(block) == 1 || complement * complement >= NearlyProportional)
        {
            BlockProjection whole = On(all);
            return [.. members.Select(_ => whole)];
        }

        return [.. members.Select(member => On([.. all.Where(place => PairOf(functions[place]) == member || (member == block && _expansion.IsOfEveryPair(functions[place])))]))];

        BlockProjection On(int[] places)
        {
            var gram = new double[places.Length, places.Length];
            for (var i = 0; i < places.Length; i++)
            {
                for (var j = 0; j < places.Length; j++) gram[i, j] = at.Covariances[Blocks[block].Start + places[i], Blocks[block].Start + places[j]];
            }

            return new BlockProjection(places, new SpanProjection(gram));
        }
    }

    // xi(sigma sigma) of a pair as coefficients over the components of a block.
    private double[] SigmaIn(int block, int pair, SpanAt at)
    {
        int place = Array.IndexOf(Blocks[block].Functions, Sigma[pair]);
        if (place < 0) return Project(block, Array.IndexOf(_within[block], pair), [Function(block, Sigma[pair], at)], at, at, 1)[0];
        var unit = new double[Blocks[block].Functions.Length];
        unit[place] = 1;
        return unit;
    }

    // A combination that is left out must vanish as a function, not only to rounding at this kernel: near K = 0 every sigma is linear, and the difference
    // of S and G, which K1 consists of, would be lost without a word.
    private void RequireResolution(int pair, SpanAt at)
    {
        double variance = at.Kernel[pair];
        foreach (double[] combination in at.Projections[pair][0].Projection.LeftOut())
        {
            foreach (double x in Probes)
            {
                double sum = 0, size = 0;
                for (var i = 0; i < combination.Length; i++)
                {
                    double term = combination[i] * _expansion.Difference(Blocks[pair].Functions[i], x);
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
            // Not a number where they overflow, which the projection refuses by its name.
            double share = expansion.Rest[at] > 0 ? expansion.Rest[at] / (expansion.Variances[at] + expansion.Rest[at]) : 0;
            if (share > 0.01)
                throw new QuadratureException(FormattableString.Invariant($"The Hermite modes that are kept leave {share:P1} of the variance of {_expansion.NameOf(at)}, which jumps or varies too fast for this kernel; use g-only or hermite(k), which need no such modes, or a smaller kernel."));
            if (share > LargestRest) LargestRest = share;
        }
    }
}

/// <summary>The observables of one pair of inputs within the state.</summary>
/// <param name="Start">The first component.</param>
/// <param name="Functions">For each component of the block which function it is, among the components of the expansion.</param>
/// <param name="Members">The pairs aa, ab, bb that these are functions of; one for an input with itself.</param>
internal sealed record ObservableBlock(int Start, int[] Functions, int[] Members)
{
    /// <summary>The component of the state that is a function of the expansion.</summary>
    public int Place(int function) => Start + Array.IndexOf(Functions, function);
}

/// <summary>What functions are projected on.</summary>
/// <param name="Places">Components of a block.</param>
/// <param name="Projection">The projection on these.</param>
internal sealed record BlockProjection(int[] Places, SpanProjection Projection);

/// <summary>A closure's observables at one kernel.</summary>
/// <param name="Kernel">K0 over pairs.</param>
/// <param name="Expansion">The expansions of all functions.</param>
/// <param name="Covariances">E_{K0}[f_I f_J] - E_{K0}[f_I] E_{K0}[f_J] of all components.</param>
/// <param name="Projections">For each block, and each pair in it, the projection of functions of that pair.</param>
/// <param name="Sigma">For each block, and each pair in it, xi(sigma sigma) as coefficients over the components of the block.</param>
internal sealed record SpanAt(double[] Kernel, ExpansionAt Expansion, double[,] Covariances, BlockProjection[][] Projections, double[][][] Sigma)
{
    /// <summary>1 for functions of one input, and of two that are proportional; else 2.</summary>
    public int Dimension(int pair) => Expansion.Frames[pair].Dimension;
}
