// An oracle: the equations of the Hermite closures over depth, written by hand.
//
//   state: K0, V4, V4 without transport, K1; V_gM = n Cov(g, M) for modes M of order k != 2; m = n E<M>, k >= 3
//   xi(M) is a martingale (times alpha^k per layer), so Cov(M, M') = E_{K0}[M M'] is known and not integrated.
//
//   t_c = xi(sigma sigma) of a pair c:   Cov(t_c, M) = chi V_gM + beta^c . S_k(C),   C the correlation of the two frames
//                                        Cov(t_c, g) = chi V4 + beta^c . V_gM
//                                        Cov(t_c, t_d) = chi Cov(g, t_d) + beta^c . Cov(M_c, t_d)
//   V4'   = alpha^4 V4 + alpha^2 h C_W (Cov(t,g) + transpose) + (h C_W)^2 Cov(t,t) + free(K0') - alpha^4 free(K0)
//   V_gM' = S_k(alpha T)^T (alpha^2 V_gM + h C_W Cov(t, M)),    w = T w' takes the next frame's directions to this one's
//   m_k'(w) = m_k(alpha T w) + h C_W sqrt(k(k-1))/2 Cov(t(w), he_{k-2}(alpha T w))  [+ 3 (h C_W)^2/sqrt(4!) Cov(t(w), t(w)), k = 4]
//   K1'   = alpha^2 K1 + h C_W (chi K1 + sum_{k>=3} beta . m_k)
// g-only closes the tadpole with the whole V4 where the modes have V4 - free(K0): it has m_4 + 3 free(K0)/sqrt(4!) in K1'.
// with modes written as binary forms, M_k(w) = he_k(w.z), t(w) = v_e v_f t_ef at v = L'^(-T) w. Depth time is the order h at
// alpha = 1, where T = 1 - h Phi^T, Phi the lower half of L^-1 Q L^-T (half its diagonal).

using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;

namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>Hermite closures over depth.</summary>
internal sealed class HermiteEquations : IDepthEquations
{
    private readonly FluctuationEquation _fluctuations;
    private readonly LayerParameters _layer;
    private readonly ModeLayout _modes, _means;
    // 3 free(K0) along w is 6 |w|^4; over sqrt(4!), in the basis of binary forms: |w|^4 = e_0 + 2/sqrt(6) e_2 + e_4.
    private static readonly double[] FreeTadpole = [6 / Math.Sqrt(24), 0, 1, 0, 6 / Math.Sqrt(24)];

    private readonly bool _wholeTadpole;
    private readonly int[] _orders;
    private readonly int _pairs, _highest;
    private readonly int _covariance, _sourceOnly, _correction, _mixed, _mean;
    private readonly double[] _sigmaModes; // Cov(t_c, M), c by modes
    private readonly double[] _sigmaKernel; // Cov(t_c, g_d)
    private readonly double[] _sigmaSigma; // Cov(t_c, t_d)
    private readonly FreeCovariance _free;
    private readonly SymmetricPower _power;
    private double[] _known = [];
    private FluctuationCoefficients? _coefficients;

    /// <summary>Prepares the equations.</summary>
    /// <param name="fluctuations">The fluctuation equation, to an order not below any of the others.</param>
    /// <param name="layer">alpha, eps, C_W, C_b.</param>
    /// <param name="covarianceOrders">Orders of the modes beside g that V4 is transported by.</param>
    /// <param name="meanOrders">Orders of the modes whose means enter K1; each less 2 is 2 or a covariance order.</param>
    /// <param name="wholeTadpole">Whether m_4 is closed with the whole covariance of G, as g-only does; the order 4 must be among the means.</param>
    public HermiteEquations(FluctuationEquation fluctuations, LayerParameters layer, IEnumerable<int> covarianceOrders, IEnumerable<int> meanOrders, bool wholeTadpole = false)
    {
        (_fluctuations, _layer, _wholeTadpole) = (fluctuations, layer, wholeTadpole);
        bool Occurs(int order) => !fluctuations.HasOnlyEvenOrders || order % 2 == 0;
        _modes = new ModeLayout(fluctuations.Inputs, covarianceOrders.Where(Occurs));
        _means = new ModeLayout(fluctuations.Inputs, meanOrders.Where(Occurs));
        _orders = [.. _modes.Orders.Union(_means.Orders).Order()];
        _pairs = _modes.Pairs.Length;
        _highest = Math.Max(2, _orders.DefaultIfEmpty(2).Max());
        _covariance = _pairs;
        _sourceOnly = _covariance + (_pairs * _pairs);
        _correction = _sourceOnly + (_pairs * _pairs);
        _mixed = _correction + _pairs;
        _mean = _mixed + (_pairs * _modes.Length);
        Length = _mean + _means.Length;
        _sigmaModes = new double[_pairs * _modes.Length];
        _sigmaKernel = new double[_pairs * _pairs];
        _sigmaSigma = new double[_pairs * _pairs];
        _free = new FreeCovariance(fluctuations.Inputs);
        _power = new SymmetricPower(_highest);
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public double? RelativeError => FluctuationEquation.Target;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _fluctuations.Unproved;

    private double Step => _layer.Step * _layer.Step;

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        var state = new double[Length];
        kernel.CopyTo(state);
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
                state[_covariance + (c * _pairs) + d] = state[_sourceOnly + (c * _pairs) + d] = _free.Of(kernel, c, d);
        }

        return state;
    }

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        double alpha = _layer.Skip, alpha2 = alpha * alpha, h = Step, weight = h * _layer.WeightVariance;
        FluctuationCoefficients here = Covariances(state);
        for (var pair = 0; pair < _pairs; pair++)
            next[pair] = (alpha2 * state[pair]) + (h * _layer.BiasVariance) + (weight * here.Pairs[pair].Mean);
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs), nextKernel = next.AsSpan(0, _pairs);
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
            {
                int at = (c * _pairs) + d;
                double noise = _free.Of(nextKernel, c, d) - (alpha2 * alpha2 * _free.Of(kernel, c, d));
                next[_sourceOnly + at] = (alpha2 * alpha2 * state[_sourceOnly + at]) + noise;
                next[_covariance + at] = (alpha2 * alpha2 * state[_covariance + at])
                    + (alpha2 * weight * (_sigmaKernel[at] + _sigmaKernel[(d * _pairs) + c]))
                    + (weight * weight * _sigmaSigma[at])
                    + noise;
            }

            next[_correction + c] = (alpha2 * state[_correction + c]) + (weight * SigmaCorrection(state, c));
        }

        Array.Clear(next, _mixed, Length - _mixed);
        for (var pair = 0; pair < _pairs; pair++)
        {
            PairFrame frame = here.Pairs[pair].Frame, nextFrame = Frame(nextKernel, pair);
            var drift = new MeanDrift(this, pair, nextFrame, alpha2);
            _power.Start(frame.ToNext(nextFrame).Scale(alpha), frame.Dimension, frame.Dimension);
            foreach (int order in _orders)
            {
                _power.Raise(order);
                if (_modes.Orders.Contains(order))
                {
                    int start = _modes.Offset(pair, order), count = ModeLayout.Count(order, frame.Dimension);
                    for (var g = 0; g < _pairs; g++)
                    {
                        Span<double> target = next.AsSpan(_mixed + (g * _modes.Length) + start, count);
                        _power.AddTransposed(state.AsSpan(_mixed + (g * _modes.Length) + start, count), alpha2, target);
                        _power.AddTransposed(_sigmaModes.AsSpan((g * _modes.Length) + start, count), weight, target);
                    }

                    drift.Keep(order, _power);
                }

                if (_means.Orders.Contains(order))
                {
                    int start = _means.Offset(pair, order), count = ModeLayout.Count(order, frame.Dimension);
                    Span<double> target = next.AsSpan(_mean + start, count);
                    _power.AddTransposed(state.AsSpan(_mean + start, count), 1, target);
                    drift.Add(order, 0.5 * weight, target);
                    if (order == 4) drift.AddSquare(3 * weight * weight / Math.Sqrt(24), target);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope)
    {
        double weight = _layer.WeightVariance;
        FluctuationCoefficients here = Covariances(state);
        for (var pair = 0; pair < _pairs; pair++)
            slope[pair] = _layer.BiasVariance + (weight * here.Pairs[pair].Mean);
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs), rows = slope.AsSpan(0, _pairs);
        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
            {
                int at = (c * _pairs) + d;
                slope[_sourceOnly + at] = _free.Rate(kernel, rows, c, d);
                slope[_covariance + at] = slope[_sourceOnly + at] + (weight * (_sigmaKernel[at] + _sigmaKernel[(d * _pairs) + c]));
            }

            slope[_correction + c] = weight * SigmaCorrection(state, c);
        }

        Array.Clear(slope, _mixed, Length - _mixed);
        for (var pair = 0; pair < _pairs; pair++)
        {
            PairFrame frame = here.Pairs[pair].Frame;
            FrameDrift connection = FrameDrift.Of(frame, rows, _modes, pair);
            var drift = new MeanDrift(this, pair, frame, 1);
            foreach (int order in _orders)
            {
                int count = ModeLayout.Count(order, frame.Dimension);
                if (_modes.Orders.Contains(order))
                {
                    int start = _modes.Offset(pair, order);
                    for (var g = 0; g < _pairs; g++)
                    {
                        Span<double> target = slope.AsSpan(_mixed + (g * _modes.Length) + start, count);
                        connection.Add(order, state.AsSpan(_mixed + (g * _modes.Length) + start, count), target);
                        ReadOnlySpan<double> source = _sigmaModes.AsSpan((g * _modes.Length) + start, count);
                        for (var j = 0; j < count; j++) target[j] += weight * source[j];
                    }

                    drift.Keep(order, null);
                }

                if (_means.Orders.Contains(order))
                {
                    int start = _means.Offset(pair, order);
                    Span<double> target = slope.AsSpan(_mean + start, count);
                    connection.Add(order, state.AsSpan(_mean + start, count), target);
                    drift.Add(order, 0.5 * weight, target);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales)
    {
        ReadOnlySpan<double> kernel = KernelScales.OfPairs(state.AsSpan(0, _pairs), _fluctuations.Inputs);
        kernel.CopyTo(scales);
        kernel.CopyTo(scales.AsSpan(_correction));
        KernelScales.OfMatrix(kernel, scales.AsSpan(_covariance));
        KernelScales.OfMatrix(kernel, scales.AsSpan(_sourceOnly));
        // Modes are normalised.
        for (var c = 0; c < _pairs; c++) scales.AsSpan(_mixed + (c * _modes.Length), _modes.Length).Fill(kernel[c]);
        scales.AsSpan(_mean).Fill(1);
    }

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        FluctuationCoefficients here = Covariances(state);
        add("K0", state[.._pairs]);
        add("V4", _free.Upper(state.AsSpan(_covariance, _pairs * _pairs)));
        add("V4_source", _free.Upper(state.AsSpan(_sourceOnly, _pairs * _pairs)));
        add("K1", state[_correction..(_correction + _pairs)]);
        add("E2", [.. here.Pairs.Select(pair => pair.Mean)]);
        add("U1", [.. Enumerable.Range(0, _pairs).Select(pair => SigmaCorrection(state, pair))]);
        add("C_SG", (double[])_sigmaKernel.Clone());
        add("C_SS", _free.Upper(_sigmaSigma));
    }

    /// <inheritdoc/>
    public string Describe(int component) =>
        component < _covariance ? "K0" : component < _sourceOnly ? "V4" : component < _correction ? "V4_source" : component < _mixed ? "K1"
        : component < _mean ? "The covariance of G with a Hermite mode" : "The mean of a Hermite mode";

    /// <summary>The frame of a pair of inputs at a kernel over pairs.</summary>
    internal static PairFrame Frame(ReadOnlySpan<double> kernel, int a, int b, int inputs)
    {
        double kaa = kernel[PairIndexing.Of(a, a, inputs)];
        return a == b ? PairFrame.Of(kaa) : PairFrame.Of(kaa, kernel[PairIndexing.Of(a, b, inputs)], kernel[PairIndexing.Of(b, b, inputs)]);
    }

    private PairFrame Frame(ReadOnlySpan<double> kernel, int pair) => Frame(kernel, _modes.Pairs[pair].First, _modes.Pairs[pair].Second, _modes.Inputs);

    // chi applied to a vector over pairs that starts at an offset and has a stride.
    private double Respond(int pair, PairFluctuation here, ReadOnlySpan<double> values, int offset, int stride)
    {
        var (a, b) = _modes.Pairs[pair];
        double sum = here.ResponseFirst * values[offset + (stride * _modes.PairOf(a, a))];
        return a == b ? sum : sum + (here.ResponseCross * values[offset + (stride * pair)]) + (here.ResponseSecond * values[offset + (stride * _modes.PairOf(b, b))]);
    }

    private double SigmaCorrection(double[] state, int pair)
    {
        PairFluctuation here = _coefficients!.Pairs[pair];
        double sum = Respond(pair, here, state, _correction, 1);
        foreach (int order in _means.Orders)
            sum += Dot(here.Order(order), state.AsSpan(_mean + _means.Offset(pair, order)));
        return _wholeTadpole ? sum + Dot(here.Order(4), FreeTadpole) : sum;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var at = 0; at < left.Length; at++) sum += left[at] * right[at];
        return sum;
    }

    // Fills Cov(t, M), Cov(t, g), Cov(t, t) at a state.
    private FluctuationCoefficients Covariances(double[] state)
    {
        ReadOnlySpan<double> kernel = state.AsSpan(0, _pairs);
        if (_coefficients is null || !kernel.SequenceEqual(_known))
            (_coefficients, _known) = (_fluctuations.At(kernel), kernel.ToArray());
        FluctuationCoefficients here = _coefficients;
        PairFrame[] frames = [.. here.Pairs.Select(pair => pair.Frame)];
        ReadOnlySpan<double> mixed = state.AsSpan(_mixed, _pairs * _modes.Length);
        Array.Clear(_sigmaModes);
        for (var c = 0; c < _pairs; c++)
        {
            Span<double> row = _sigmaModes.AsSpan(c * _modes.Length, _modes.Length);
            for (var at = 0; at < _modes.Length; at++) row[at] = Respond(c, here.Pairs[c], mixed, at, _modes.Length);
            for (var pair = 0; pair < _pairs; pair++)
            {
                _power.Start(_modes.Correlations(frames, c, pair, kernel), frames[c].Dimension, frames[pair].Dimension);
                foreach (int order in _modes.Orders)
                {
                    _power.Raise(order);
                    _power.AddTransposed(here.Pairs[c].Order(order), 1, row[_modes.Offset(pair, order)..]);
                }
            }
        }

        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
            {
                double sum = Respond(c, here.Pairs[c], state, _covariance + d, _pairs);
                foreach (int order in _modes.Orders)
                    sum += Dot(here.Pairs[c].Order(order), mixed[((d * _modes.Length) + _modes.Offset(c, order))..]);
                _sigmaKernel[(c * _pairs) + d] = sum;
            }
        }

        for (var c = 0; c < _pairs; c++)
        {
            for (var d = 0; d < _pairs; d++)
            {
                double sum = Respond(c, here.Pairs[c], _sigmaKernel, d * _pairs, 1);
                foreach (int order in _modes.Orders)
                    sum += Dot(here.Pairs[c].Order(order), _sigmaModes.AsSpan((d * _modes.Length) + _modes.Offset(c, order)));
                _sigmaSigma[(c * _pairs) + d] = sum;
            }
        }

        return here;
    }

    /// <summary>The source of the means of one pair: t(w) times the modes of order k - 2, as binary forms.</summary>
    private sealed class MeanDrift
    {
        private readonly HermiteEquations _equations;
        private readonly int _pair, _dimension;
        private readonly int[] _kernels; // aa, ab, bb
        private readonly QuadraticForm[] _forms; // what each t_ef contributes to t(w)
        private readonly Dictionary<int, double[][]> _kept = [];

        public MeanDrift(HermiteEquations equations, int pair, PairFrame frame, double alpha2)
        {
            (_equations, _pair, _dimension) = (equations, pair, frame.Dimension);
            var (a, b) = equations._modes.Pairs[pair];
            if (a == b)
            {
                _kernels = [pair];
                _forms = [new(frame.A * frame.A, 0, 0)];
            }
            else
            {
                // v_a = A w1 + B w2, v_b = D w2.
                _kernels = [equations._modes.PairOf(a, a), pair, equations._modes.PairOf(b, b)];
                _forms =
                [
                    new(frame.A * frame.A, 2 * frame.A * frame.B, frame.B * frame.B),
                    new(0, 2 * frame.A * frame.D, 2 * frame.B * frame.D),
                    new(0, 0, frame.D * frame.D),
                ];
            }

            // Order 2: Cov(t_ef, he_2(w.z)) = Cov(t_ef, g(w))/sqrt2 with g(w) = v_e v_f g_ef.
            _kept[2] = [.. _kernels.Select(kernel => Form(other => alpha2 * equations._sigmaKernel[(kernel * equations._pairs) + other]).ToModes())];
        }

        /// <summary>Keeps Cov(t_ef, M) of one order, brought to the next frame.</summary>
        public void Keep(int order, SymmetricPower? power)
        {
            int start = _equations._modes.Offset(_pair, order), count = ModeLayout.Count(order, _dimension);
            _kept[order] = [.. _kernels.Select(kernel =>
            {
                ReadOnlySpan<double> source = _equations._sigmaModes.AsSpan((kernel * _equations._modes.Length) + start, count);
                if (power is null) return source.ToArray();
                var moved = new double[count];
                power.AddTransposed(source, 1, moved);
                return moved;
            })];
        }

        /// <summary>Adds factor * sqrt(k(k-1)) t(w) M_{k-2}(w); the root cancels against the normalisation of the product.</summary>
        public void Add(int order, double factor, Span<double> target)
        {
            double[][] lower = _kept[order - 2];
            for (var at = 0; at < _kernels.Length; at++)
                _forms[at].AddProduct(lower[at], order, factor, target);
        }

        /// <summary>Adds factor * Cov(t(w), t(w)) to a form of degree 4.</summary>
        public void AddSquare(double factor, Span<double> target)
        {
            for (var at = 0; at < _kernels.Length; at++)
            {
                int kernel = _kernels[at];
                double[] inner = Form(other => _equations._sigmaSigma[(kernel * _equations._pairs) + other]).ToModes();
                // ToModes divides by sqrt2, and the product by sqrt(4 * 3).
                _forms[at].AddProduct(inner, 4, factor * Math.Sqrt(2) / Math.Sqrt(12), target);
            }
        }

        private QuadraticForm Form(Func<int, double> component)
        {
            var sum = default(QuadraticForm);
            for (var at = 0; at < _kernels.Length; at++) sum = sum.Plus(_forms[at], component(_kernels[at]));
            return sum;
        }
    }
}

/// <summary>The drift of forms, written by hand.</summary>
internal static class FormDrift
{
    /// <summary>target += the rate of change of a form of degree k.</summary>
    public static void Add(this FrameDrift drift, int degree, ReadOnlySpan<double> form, Span<double> target)
    {
        if (drift.Dimension == 1)
        {
            target[0] -= 0.5 * degree * drift.R11 * form[0];
            return;
        }

        for (var j = 0; j <= degree; j++)
        {
            target[j] -= 0.5 * (((degree - j) * drift.R11) + (j * drift.R22)) * form[j];
            if (j < degree) target[j + 1] -= drift.R12 * Math.Sqrt((degree - j) * (j + 1.0)) * form[j];
        }
    }
}
