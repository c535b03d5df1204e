using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Expectations;

// Everything that one-dimensional sums over one grid say about an activation at one variance K:
//   c^(k)_p = E[sigma^(k)(sqrt(K) z) he_p(z)],   E[(sigma^(k))^2],   and what Parseval leaves above each order.
//
// Error of c_p, three parts:
//   discretisation  proved for the range of K that this grid serves (GridSelector), truncation included. Where only
//                   delegates are known, or nothing is proved: four times what a much finer grid of incommensurate step measured at
//                   the upper end of the range; the coarse half of the grid, which is far less accurate, is the check of every
//                   call: it may not disagree by more than it did there;
//   truncation      then a hundredth of the target, by the choice of range;
//   rounding        by Cauchy-Schwarz, sum w |he_p f| <= rms(f), times the depth of the additions and the accuracy of the
//                   delegate; plus the rounding of the argument, |x f'(x)| u, with f' from differences along the grid. Nodes of
//                   panels round themselves, (1 + z) 3u at most, which moves f, he_p (he_p' = sqrt(p) he_(p-1)) and the density.

/// <summary>Workspace: Hermite coefficients of sigma and its derivatives at one variance, with error bounds.</summary>
internal sealed class ActivationSample
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    private readonly ActivationDescription _activation;
    private readonly double[] _disagreements;
    private readonly double[] _squareDisagreements;
    private readonly double[] _nodeRounding;
    private readonly Dictionary<(int Derivative, int Order), double> _weighted = [];
    private GridAccuracy? _accuracy;
    private double[] _points = [];
    private double[] _values = [];
    private double[] _even = [];
    private double[] _odd = [];

    public ActivationSample(ActivationDescription activation, int derivatives, int orders)
    {
        _activation = activation;
        Derivatives = derivatives;
        Orders = orders;
        Coefficients = new double[(derivatives + 1) * orders];
        Bounds = new double[(derivatives + 1) * orders];
        Remainders = new double[(derivatives + 1) * (orders + 1)];
        MeanSquares = new double[derivatives + 1];
        MeanSquareBounds = new double[derivatives + 1];
        Slopes = new double[derivatives + 1];
        Rounding = new double[derivatives + 1];
        _disagreements = new double[(derivatives + 1) * orders];
        _squareDisagreements = new double[derivatives + 1];
        _nodeRounding = new double[derivatives + 1];
    }

    public int Derivatives { get; }

    public int Orders { get; }

    public double Kernel { get; private set; } = double.NaN;

    public HermiteGrid Grid { get; private set; } = null!;

    /// <summary>c^(k)_p at [k * Orders + p].</summary>
    public double[] Coefficients { get; }

    /// <summary>Error bounds of the coefficients.</summary>
    public double[] Bounds { get; }

    /// <summary>Upper bound of sum_{p >= m} (c^(k)_p)^2 at [k * (Orders + 1) + m].</summary>
    public double[] Remainders { get; }

    /// <summary>E[(sigma^(k))^2].</summary>
    public double[] MeanSquares { get; }

    public double[] MeanSquareBounds { get; }

    /// <summary>Bound on the rounding error of any coefficient of sigma^(k), but for what the rounding of nodes makes of he_p.</summary>
    public double[] Rounding { get; }

    /// <summary>sqrt(E[(d f / d z)^2]), from differences along the grid.</summary>
    public double[] Slopes { get; }

    /// <summary>Null if discretisation and truncation of the last <see cref="Load"/> are proved; else why not, as a clause.</summary>
    public string? NotProved => _accuracy?.NotProved;

    public int PointCount => 2 * (Grid?.Count ?? 0);

    /// <summary>sigma^(k) at +sqrt(K) z over the nodes.</summary>
    public ReadOnlySpan<double> Above(int derivative) => _values.AsSpan(derivative * 2 * Grid.Count, Grid.Count);

    /// <summary>sigma^(k) at -sqrt(K) z over the nodes.</summary>
    public ReadOnlySpan<double> Below(int derivative) => _values.AsSpan((2 * derivative + 1) * Grid.Count, Grid.Count);

    /// <summary>Samples at the variance <paramref name="k"/> and projects on the Hermite polynomials.</summary>
    /// <param name="k">The variance, positive.</param>
    /// <param name="grid">The grid that serves it.</param>
    /// <param name="accuracy">What is known of the grid; without it the error bounds hold rounding only.</param>
    public void Load(double k, HermiteGrid grid, GridAccuracy? accuracy = null)
    {
        Kernel = k;
        Grid = grid;
        _accuracy = accuracy;
        _weighted.Clear();
        Evaluate();
        for (var derivative = 0; derivative <= Derivatives; derivative++) Summarise(derivative);
        Project();
        for (var derivative = 0; derivative <= Derivatives; derivative++) SetBounds(derivative);
    }

    /// <summary>The largest difference between full and coarse grid, relative to the root mean square and to growth^p.</summary>
    public double WorstDisagreement(double growth)
    {
        var worst = 0.0;
        for (var k = 0; k <= Derivatives; k++)
        {
            worst = Math.Max(worst, Relative(_squareDisagreements[k], k));
            var weight = 1.0;
            for (var p = 0; p < Orders; p++, weight *= growth)
                worst = Math.Max(worst, Relative(_disagreements[k * Orders + p] / weight, k));
        }

        return worst;
    }

    /// <summary>
    /// E[sigma^(i) sigma^(j) He_q(z)], He_q monic, with its error bound.
    /// </summary>
    public ApproximateValue Product(int i, int j, int q = 0)
    {
        // Row q holds w he_q; below zero he_q has the parity of q.
        var weights = Grid.Row(q).AsSpan();
        var split = Grid.CoarseCount;
        var sign = q % 2 == 0 ? 1.0 : -1.0;
        var coarse = Range(i, j, weights, sign, 0, split, out var coarseMagnitude);
        var fine = Range(i, j, weights, sign, split, Grid.Count, out var fineMagnitude);
        var norm = Math.Sqrt(MehlerSum.FallingFactorial(q, q));
        var value = norm * (coarse + fine);

        // By Cauchy-Schwarz, sum |w he_q df g| <= rms(df) rms(he_q g).
        var rounding = q == 0
            ? Rounding[i] * Math.Sqrt(MeanSquares[j]) + Rounding[j] * Math.Sqrt(MeanSquares[i])
            : (Rounding[i] + (_nodeRounding[i] * Math.Sqrt(q))) * WeightedRootMeanSquare(j, q) + Rounding[j] * WeightedRootMeanSquare(i, q)
                + Grid.AdditionDepth * UnitRoundoff * (coarseMagnitude + fineMagnitude);
        if (_accuracy is not null) rounding += _accuracy.ProductError(i, j, q, Math.Sqrt(MeanSquares[i]), Math.Sqrt(MeanSquares[j]));
        return new ApproximateValue(value, norm * rounding);
    }

    // sqrt(E[he_q^2 f^2]) from the row w he_q: the products of one derivative share it.
    private double WeightedRootMeanSquare(int derivative, int order)
    {
        if (_weighted.TryGetValue((derivative, order), out double known))
            return known;
        var row = Grid.Row(order).AsSpan();
        var above = Above(derivative);
        var below = Below(derivative);
        var sum = 0.0;
        for (var n = 0; n < row.Length; n++)
        {
            if (row[n] != 0) sum += row[n] * row[n] / Grid.Weights[n] * (above[n] * above[n] + below[n] * below[n]);
        }

        return _weighted[(derivative, order)] = Math.Sqrt(sum);
    }

    private double Range(int i, int j, ReadOnlySpan<double> weights, double sign, int start, int end, out double magnitude)
    {
        var fa = Above(i);
        var fb = Below(i);
        var ga = Above(j);
        var gb = Below(j);
        var sum = Vector256<double>.Zero;
        var size = Vector256<double>.Zero;
        for (var n = start; n < end; n += 4)
        {
            var w = Vector256.Create(weights.Slice(n, 4));
            var above = w * Vector256.Create(fa.Slice(n, 4)) * Vector256.Create(ga.Slice(n, 4));
            var below = w * Vector256.Create(fb.Slice(n, 4)) * Vector256.Create(gb.Slice(n, 4));
            sum += above + sign * below;
            size += Vector256.Abs(above) + Vector256.Abs(below);
        }

        magnitude = Vector256.Sum(size);
        return Vector256.Sum(sum);
    }

    private double Relative(double difference, int derivative) =>
        difference == 0 ? 0 : difference / Math.Sqrt(MeanSquares[derivative]);

    /// <summary>What a finer sample of the same activation at the same variance says of this grid.</summary>
    /// <param name="finer">The sample to compare with.</param>
    /// <param name="growth">The error allowed at Hermite order p grows like growth^p.</param>
    /// <param name="highestWeight">The highest q for which products with He_q will be wanted.</param>
    /// <param name="truncation">The neglected tail, relative to the root mean square.</param>
    /// <param name="notProved">Why nothing better is known.</param>
    public GridAccuracy Compare(ActivationSample finer, double growth, int highestWeight, double truncation, string notProved)
    {
        var coefficients = new double[Derivatives + 1];
        var products = new double[(Derivatives + 1) * (Derivatives + 1) * (highestWeight + 1)];
        for (var k = 0; k <= Derivatives; k++)
        {
            var weight = 1.0;
            for (var p = 0; p < Orders; p++, weight *= growth)
            {
                var difference = Relative(Math.Abs(Coefficients[k * Orders + p] - finer.Coefficients[k * Orders + p]) / weight, k);
                coefficients[k] = Math.Max(coefficients[k], 4 * difference + truncation);
            }

            for (var j = 0; j <= Derivatives; j++)
            {
                for (var q = 0; q <= highestWeight; q++)
                {
                    var norm = Math.Sqrt(MeanSquares[k] * MeanSquares[j] * MehlerSum.FallingFactorial(q, q));
                    var difference = Math.Abs(Product(k, j, q).Value - finer.Product(k, j, q).Value);
                    products[(k * (Derivatives + 1) + j) * (highestWeight + 1) + q] =
                        (difference == 0 ? 0 : 4 * difference / norm) + truncation;
                }
            }
        }

        return new GridAccuracy(coefficients, products, Derivatives, highestWeight, growth, WorstDisagreement(growth), notProved);
    }

    private void Evaluate()
    {
        var count = Grid.Count;
        if (_points.Length != 2 * count)
        {
            _points = new double[2 * count];
            _values = new double[(Derivatives + 1) * 2 * count];
            _even = new double[(Derivatives + 1) * count];
            _odd = new double[(Derivatives + 1) * count];
        }

        var deviation = Math.Sqrt(Kernel);
        for (var n = 0; n < count; n++)
        {
            var x = deviation * Grid.Nodes[n];
            _points[n] = x;
            _points[count + n] = -x;
        }

        _activation.Fill(Derivatives, _points, _values);
        for (var k = 0; k <= Derivatives; k++)
        {
            var above = Above(k);
            var below = Below(k);
            var even = _even.AsSpan(k * count, count);
            var odd = _odd.AsSpan(k * count, count);
            for (var n = 0; n < count; n += 4)
            {
                var up = Vector256.Create(above.Slice(n, 4));
                var down = Vector256.Create(below.Slice(n, 4));
                (up + down).CopyTo(even.Slice(n, 4));
                (up - down).CopyTo(odd.Slice(n, 4));
            }
        }
    }

    private void Summarise(int derivative)
    {
        var split = Grid.CoarseCount;
        var coarse = Range(derivative, derivative, Grid.Weights, 1, 0, split, out _);
        var fine = Range(derivative, derivative, Grid.Weights, 1, split, Grid.Count, out _);
        var meanSquare = coarse + fine;

        // E[(f')^2] and E[(x f')^2] from differences between neighbouring coarse nodes.
        var (slopeAbove, variationAbove) = Differences(Above(derivative));
        var (slopeBelow, variationBelow) = Differences(Below(derivative));
        var slope = slopeAbove + slopeBelow;
        var variation = variationAbove + variationBelow;

        var root = Math.Sqrt(meanSquare);
        var share = Grid.Count == Grid.CoarseCount ? 1 : 2; // of the weights, coarse nodes have half, or all of them
        var rounding = (_activation.EvaluationError + Grid.AdditionDepth * UnitRoundoff) * root
            + 2 * UnitRoundoff * Math.Sqrt(share * variation);
        _nodeRounding[derivative] = Grid.HasRoundedNodes ? 3 * UnitRoundoff * WeightedNorm(derivative, 0) : 0;
        if (Grid.HasRoundedNodes) rounding += 3 * UnitRoundoff * (WeightedNorm(derivative, 1) + Math.Sqrt(share * slope));
        MeanSquares[derivative] = meanSquare;
        MeanSquareBounds[derivative] = (2 * rounding * root) + (_accuracy?.ProductError(derivative, derivative, 0, root, root) ?? 0);
        Slopes[derivative] = Math.Sqrt(share * slope);
        Rounding[derivative] = rounding;
        _squareDisagreements[derivative] = root > 0 ? Math.Abs(coarse - fine) / root : 0;
    }

    // sqrt(E[((1 + |z|) z^power f)^2]).
    private double WeightedNorm(int derivative, int power)
    {
        ReadOnlySpan<double> above = Above(derivative), below = Below(derivative);
        double sum = 0;
        for (int n = 0; n < above.Length; n++)
        {
            double z = Grid.Nodes[n], factor = (1 + z) * (power == 0 ? 1 : z);
            sum += Grid.Weights[n] * factor * factor * ((above[n] * above[n]) + (below[n] * below[n]));
        }

        return Math.Sqrt(sum);
    }

    private (double Slope, double Variation) Differences(ReadOnlySpan<double> values)
    {
        var slope = Vector256<double>.Zero;
        var variation = Vector256<double>.Zero;
        var inverse = Grid.InverseCoarseSteps.AsSpan();
        var weights = Grid.Weights.AsSpan();
        var nodes = Grid.Nodes.AsSpan();
        for (var n = 0; n + 5 <= Grid.CoarseCount; n += 4)
        {
            var difference = (Vector256.Create(values.Slice(n + 1, 4)) - Vector256.Create(values.Slice(n, 4))) * Vector256.Create(inverse.Slice(n, 4));
            var square = difference * difference * Vector256.Create(weights.Slice(n, 4));
            var z = Vector256.Create(nodes.Slice(n + 1, 4));
            slope += square;
            variation += square * z * z;
        }

        return (Vector256.Sum(slope), Vector256.Sum(variation));
    }

    private void Project()
    {
        var count = Grid.Count;
        var split = Grid.CoarseCount;
        for (var p = 0; p < Orders; p++)
        {
            var row = Grid.Row(p).AsSpan();
            var parity = p % 2 == 0 ? _even : _odd;
            for (var k = 0; k <= Derivatives; k++)
            {
                var part = parity.AsSpan(k * count, count);
                var coarse = VectorSums.Dot(row[..split], part[..split]);
                var fine = VectorSums.Dot(row[split..], part[split..]);
                var difference = Math.Abs(coarse - fine);
                Coefficients[k * Orders + p] = coarse + fine;
                _disagreements[k * Orders + p] = difference;
            }
        }
    }

    private void SetBounds(int derivative)
    {
        var discretisation = _accuracy?.CoefficientError(derivative, Math.Sqrt(MeanSquares[derivative])) ?? 0;
        var growth = _accuracy?.Growth ?? 1;
        var start = derivative * (Orders + 1);
        var rest = MeanSquares[derivative] + MeanSquareBounds[derivative];
        for (var p = 0; p < Orders; p++, discretisation *= growth)
        {
            var bound = Rounding[derivative] + (_nodeRounding[derivative] * Math.Sqrt(p)) + discretisation;
            Bounds[derivative * Orders + p] = bound;
            Remainders[start + p] = Math.Max(rest, 0);
            var certain = Math.Max(Math.Abs(Coefficients[derivative * Orders + p]) - bound, 0);

            // Rounded upwards: what is left may be overestimated, never underestimated.
            rest = (rest - certain * certain * (1 - 4 * UnitRoundoff)) * (1 + 2 * UnitRoundoff);
        }

        Remainders[start + Orders] = Math.Max(rest, 0);
    }
}
