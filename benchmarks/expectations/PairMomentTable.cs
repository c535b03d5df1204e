using System.Numerics.Tensors;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Benchmarks.Expectations;

// E[sigma^(i)_a sigma^(j)_b] for all pairs of N inputs and all i + j <= P, from one-dimensional moments alone:
//   c_p = E[sigma he_p] for p < P + M, one pass over shared nodes for each input (ActivationMomentTable);
//   A_i[m] = K^(-i/2) sqrt((m + i)!/m!) c_(m+i), which are the Hermite coefficients of sigma^(i);
//   E[sigma^(i)_a sigma^(j)_b] = sum_m rho^m A_i[m] B_j[m]   (Mehler), M terms.
// Error of an entry: the errors of A and B by Cauchy-Schwarz on the rows A_i |rho|^(m/2), and the tail by Parseval (as in
// MehlerSum).
// An input with itself is one-dimensional: the trapezoid rule over the derivatives, with a proof (StripProof).
// Guard: a pair with an entry whose bound exceeds the target, relative to |value| or to sqrt(E[sigma^(i)^2] E[sigma^(j)^2]),
// goes to PairExpectationEngine.

/// <summary>The table of expectations of products of two derivatives of one activation, for all pairs of inputs: the fast path.</summary>
/// <remarks>A workspace for repeated use, not thread-safe; results are a pure function of the kernel.</remarks>
internal sealed class PairMomentTable
{
    private const double Unit = 1.1102230246251565e-16, NodeStep = 0.03125;
    private const int NodesAside = 304; // out to 9.5 standard deviations

    // By quarter octaves of the variance; null where nothing can be proved.
    private readonly Dictionary<int, StripProof?> _proofs = [];
    private readonly double _target;
    private readonly int _terms;
    private readonly ActivationMomentTable _moments;
    private readonly Lazy<PairExpectationEngine> _direct;
    private readonly double[][] _factors;
    private readonly List<Input> _inputs = [];
    private readonly ActivationDescription _activation;
    private readonly int _derivatives;
    private readonly double[] _weighted, _powers, _roots, _points, _nodeWeights, _leftNorms, _leftErrors, _rightNorms, _rightErrors;

    private sealed record Input(double[] Values, double[] Errors, double[] Scales, double[] Rests, double[] Samples)
    {
        public double Kernel { get; set; } = double.NaN;

        public StripProof? Proof { get; set; }
    }

    /// <summary>Prepares a table.</summary>
    /// <param name="activation">The activation, with derivatives for the pairs that need direct integration.</param>
    /// <param name="highestOrder">P, the highest i + j, 0..60.</param>
    /// <param name="terms">M, the number of terms of Mehler's series, a multiple of 4 up to 256.</param>
    /// <param name="relativeTarget">Error allowed in an entry, relative to the larger of |value| and sqrt(E[sigma^(i)^2] E[sigma^(j)^2]).</param>
    public PairMomentTable(ActivationDescription activation, int highestOrder, int terms = 64, double relativeTarget = 1e-12)
    {
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentOutOfRangeException.ThrowIfNegative(highestOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(highestOrder, 60);
        ArgumentOutOfRangeException.ThrowIfLessThan(terms, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms, 256);
        (HighestOrder, _terms, _target) = (highestOrder, terms, relativeTarget);
        _moments = new ActivationMomentTable(activation, highestOrder + terms);
        _direct = new(() => new PairExpectationEngine(activation, highestOrder, relativeTarget));
        _factors = [.. Enumerable.Range(0, highestOrder + 1).Select(i => (double[])[.. Enumerable.Range(0, terms + 1).Select(m => Math.Sqrt(MehlerSum.FallingFactorial(m + i, i)))])];
        _weighted = new double[terms];
        _powers = new double[terms + 1];
        _roots = new double[terms];
        _activation = activation;
        _derivatives = activation.HighestDerivative(highestOrder);
        _points = new double[(2 * NodesAside) + 1];
        _nodeWeights = [.. Enumerable.Range(0, _points.Length).Select(n => NodeStep * GaussianTails.Density(Node(n)))];
        _leftNorms = new double[highestOrder + 1];
        _leftErrors = new double[highestOrder + 1];
        _rightNorms = new double[highestOrder + 1];
        _rightErrors = new double[highestOrder + 1];
    }

    /// <summary>P.</summary>
    public int HighestOrder { get; }

    /// <summary>Length of the block of one pair, (P + 1)^2; entry (i, j) is at i (P + 1) + j.</summary>
    public int ValuesPerPair => (HighestOrder + 1) * (HighestOrder + 1);

    /// <summary>How many pairs of the last table were integrated directly.</summary>
    public int DirectPairs { get; private set; }

    /// <summary>All pairs a &lt;= b of N inputs, (0,0), (0,1), ..., (1,1), ....</summary>
    /// <param name="kernel">The N x N kernel, row by row; the upper triangle is read.</param>
    /// <param name="inputs">N.</param>
    /// <param name="values">Receives N(N+1)/2 blocks; entries with i + j > P become NaN.</param>
    /// <param name="errorBounds">Receives the absolute error bounds in the same places.</param>
    /// <exception cref="InvalidKernelException">A 2 x 2 block of the kernel is not positive semidefinite.</exception>
    /// <exception cref="QuadratureException">An entry cannot be brought to the target.</exception>
    public void Evaluate(ReadOnlySpan<double> kernel, int inputs, Span<double> values, Span<double> errorBounds)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, inputs * inputs, nameof(kernel));
        DirectPairs = 0;
        for (var a = 0; a < inputs; a++)
        {
            if (_inputs.Count == a) _inputs.Add(NewInput());
            Load(_inputs[a], kernel[(a * inputs) + a]);
        }

        var pair = 0;
        for (var a = 0; a < inputs; a++)
        {
            for (var b = a; b < inputs; b++, pair++)
            {
                var block = KernelBlock.Factorise(kernel[(a * inputs) + a], kernel[(a * inputs) + b], kernel[(b * inputs) + b]);
                var value = values.Slice(pair * ValuesPerPair, ValuesPerPair);
                var bound = errorBounds.Slice(pair * ValuesPerPair, ValuesPerPair);
                if (_inputs[a].Kernel > 0 && _inputs[b].Kernel > 0
                    && (a == b ? Diagonal(_inputs[a], value, bound) : Series(_inputs[a], _inputs[b], block.Correlation, value, bound)))
                    continue;
                DirectPairs++;
                _direct.Value.Evaluate(kernel[(a * inputs) + a], kernel[(a * inputs) + b], kernel[(b * inputs) + b], value, bound);
            }
        }
    }

    private Input NewInput()
    {
        var rows = HighestOrder + 1;
        return new(new double[rows * _terms], new double[rows * _terms], new double[rows], new double[rows], new double[(_derivatives + 1) * _points.Length]);
    }

    private void Load(Input input, double variance)
    {
        if (input.Kernel == variance) return;
        input.Kernel = double.NaN;
        _moments.Evaluate(variance);
        for (var i = 0; i <= HighestOrder && variance > 0; i++)
        {
            var scale = Math.Pow(variance, -0.5 * i);
            var row = input.Values.AsSpan(i * _terms, _terms);
            var errors = input.Errors.AsSpan(i * _terms, _terms);
            ReadOnlySpan<double> factors = _factors[i].AsSpan(0, _terms);
            TensorPrimitives.Multiply(_moments.Coefficients.Slice(i, _terms), factors, row);
            TensorPrimitives.Multiply(row, scale, row);
            TensorPrimitives.Multiply(_moments.CoefficientBounds.Slice(i, _terms), factors, errors);
            TensorPrimitives.Multiply(errors, scale, errors);

            // Scale, factor and powers of rho round a few units an order.
            for (var m = 0; m < _terms; m++) errors[m] += (i + (3 * m) + 8) * Unit * Math.Abs(row[m]);
            input.Rests[i] = scale * Math.Sqrt(_moments.Remainder(_terms + i));
        }

        input.Proof = variance > 0 ? ProofFor(variance) : null;
        if (variance > 0) SetScales(input, Math.Sqrt(variance));
        input.Kernel = variance;
    }

    // sqrt(E[sigma^(i)^2]) from the derivatives; where they are not supplied, the part of Parseval's sum that is known.
    private void SetScales(Input input, double deviation)
    {
        for (var n = 0; n < _points.Length; n++) _points[n] = deviation * Node(n);
        _activation.Fill(_derivatives, _points, input.Samples);
        for (var i = 0; i <= HighestOrder; i++)
        {
            var sum = 0.0;
            for (var m = 0; i > _derivatives && m < _terms; m++)
                sum += Math.Pow(Math.Max(Math.Abs(input.Values[(i * _terms) + m]) - input.Errors[(i * _terms) + m], 0), 2);
            input.Scales[i] = Math.Sqrt(i <= _derivatives ? Line(input, i, i).Value : sum);
        }
    }

    // E[sigma^(i) sigma^(j)] at one input; the error is proved, or where that cannot be the distance from the rule of twice the step.
    private ApproximateValue Line(Input input, int i, int j)
    {
        ReadOnlySpan<double> first = input.Samples.AsSpan(i * _points.Length, _points.Length), second = input.Samples.AsSpan(j * _points.Length, _points.Length);
        double even = 0, odd = 0, size = 0;
        for (var n = 0; n < _points.Length; n += 2)
        {
            var term = _nodeWeights[n] * first[n] * second[n];
            even += term;
            size += Math.Abs(term);
        }

        for (var n = 1; n < _points.Length; n += 2) odd += _nodeWeights[n] * first[n] * second[n];
        double error = input.Proof is { } proof ? proof.Product(i, j, NodeStep) : Math.Abs(even - odd);
        return new(even + odd, error + (64 * Unit * size));
    }

    // For the quarter octave of the variance, as in GridSelector.
    private StripProof? ProofFor(double variance)
    {
        if (_activation.Kinks.Count > 0) return null;
        int key = (int)Math.Ceiling(4 * Math.Log2(variance));
        if (_proofs.TryGetValue(key, out StripProof? known)) return known;
        StripFunction?[] functions = [.. Enumerable.Range(0, _derivatives + 1).Select(_activation.Expressions)];
        StripProof? proof = functions.Contains(null) ? null
            : StripProof.Of(functions!, KnownActivations.Variable, StripProof.QuarterOctave(key), NodesAside * NodeStep);
        _proofs.Add(key, proof);
        return proof;
    }

    // False if derivatives are not supplied, or an entry misses the target.
    private bool Diagonal(Input input, Span<double> values, Span<double> bounds)
    {
        if (_derivatives < HighestOrder || _activation.Kinks.Count > 0) return false;
        values.Fill(double.NaN);
        bounds.Fill(double.NaN);
        var met = true;
        for (var i = 0; i <= HighestOrder; i++)
        {
            for (var j = i; i + j <= HighestOrder; j++)
            {
                var (value, bound) = Line(input, i, j);
                values[(i * (HighestOrder + 1)) + j] = values[(j * (HighestOrder + 1)) + i] = value;
                bounds[(i * (HighestOrder + 1)) + j] = bounds[(j * (HighestOrder + 1)) + i] = bound;
                met &= bound <= _target * Math.Max(Math.Abs(value), input.Scales[i] * input.Scales[j]);
            }
        }

        return met;
    }

    private static double Node(int n) => (n - NodesAside) * NodeStep;

    // False if an entry misses the target.
    private bool Series(Input a, Input b, double rho, Span<double> values, Span<double> bounds)
    {
        _powers[0] = 1;
        for (var m = 1; m <= _terms; m++) _powers[m] = _powers[m - 1] * rho;
        for (var m = 0; m < _terms; m++) _roots[m] = Math.Sqrt(Math.Abs(_powers[m]));
        Norms(a, _leftNorms, _leftErrors);
        Norms(b, _rightNorms, _rightErrors);
        values.Fill(double.NaN);
        bounds.Fill(double.NaN);
        var met = true;
        for (var i = 0; i <= HighestOrder; i++)
        {
            TensorPrimitives.Multiply(a.Values.AsSpan(i * _terms, _terms), _powers.AsSpan(0, _terms), _weighted);
            for (var j = 0; i + j <= HighestOrder; j++)
            {
                var slot = (i * (HighestOrder + 1)) + j;
                var value = TensorPrimitives.Dot<double>(_weighted, b.Values.AsSpan(j * _terms, _terms));
                var bound = (_leftNorms[i] * _rightErrors[j]) + (_leftErrors[i] * (_rightNorms[j] + _rightErrors[j])) + Tail(a, b, Math.Abs(rho), i, j);
                values[slot] = value;
                bounds[slot] = bound;
                met &= bound <= _target * Math.Max(Math.Abs(value), a.Scales[i] * b.Scales[j]);
            }
        }

        return met;
    }

    private void Norms(Input input, double[] norms, double[] errors)
    {
        for (var i = 0; i <= HighestOrder; i++)
        {
            TensorPrimitives.Multiply(input.Values.AsSpan(i * _terms, _terms), _roots, _weighted);
            norms[i] = TensorPrimitives.Norm<double>(_weighted);
            TensorPrimitives.Multiply(input.Errors.AsSpan(i * _terms, _terms), _roots, _weighted);
            errors[i] = TensorPrimitives.Norm<double>(_weighted);
        }
    }

    private double Tail(Input a, Input b, double rho, int i, int j)
    {
        var rest = a.Rests[i] * b.Rests[j];
        if (rest == 0) return 0;
        var weight = 1.001 * Math.Abs(_powers[_terms]) * _factors[i][_terms] * _factors[j][_terms];
        for (var m = _terms; ; m++)
        {
            var ratio = rho * Math.Sqrt((m + 1.0 + i) * (m + 1.0 + j)) / (m + 1);
            if (ratio <= 1) break;
            if (m > 100000) return double.PositiveInfinity;
            weight *= ratio;
        }

        return weight * rest;
    }
}
