using System.Globalization;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Simulation;

// The linear fluctuation equation as a control variate. A free ensemble is driven by the normals Z of the sampled network, with the
// deterministic covariance of the infinite network:
//
//   hf' = alpha hf + eps Z R(Q(K0))^T,  hf = phi at layer 0          rows iid N(0, K0) at every layer and every n
//   M_A = n^(-1/2) sum_i H_A(hf_i),  gf = M of order 2 = sqrt(n) (hf^T hf / n - K0)
//   t   = chi g + sum over orders k != 2 of beta_k M_k               xi(sigma sigma), linear in the fluctuations
//   g'  = alpha^2 g + eps^2 C_W t + (gf' - alpha^2 gf),  g = gf at layer 0
//
// g follows sqrt(n) (G - K0), and t follows sqrt(n) (S - E2), to leading order, path by path. Their laws are exact at every n:
// E g = E t = 0, and since M_A is a sum over iid neurons of Wick powers of a Gaussian,
//   E[M_A' | past] = alpha^k M_A (in the fixed frame),  Cov(M_A, M_B) = E_{K0}[H_A H_B] for equal orders and 0 otherwise,
//   Cov(gf' - alpha^2 gf) = free(K0') - alpha^4 free(K0), uncorrelated with everything before and with every order k != 2,
// which are the assumptions of the recursion of hermite(k) in discrete depth. There they hold at leading order; here they hold
// exactly, so its V4, Cov(S, G) and Cov(S, S) are the exact covariances of (g, t).
//
// With all orders, the sum over modes is what the free ensemble itself shows, sqrt(n) (sigma(hf)^T sigma(hf) / n - E2) with the part
// of order 2 moved from gf to g. Its mean is still exactly 0; its covariances are those of hermite(k) in the limit of large k, of
// which a finite k is taken: the k from which on next to nothing is left out, as far as that can be afforded. What is left out is bounded
// (CovarianceTail) and stated beside the standard errors, of which it is no part: it is not random.
//
// For the means there is better. The increments G' - E[G' | phi] = G' - alpha^2 G - eps^2 (C_b + C_W S) are exact martingale differences, and
// whatever is linear in them may be left out: with r = n (S - E2 - A (G - K0) - F), A = chi / C_W, F the part of orders k != 2 that the free
// ensemble shows (E F = 0 exactly),
//
//   m' = alpha^2 m + eps^2 C_W (A m + r),  m = 0 at layer 0          E m = n (E G - K0) = K1,  E (A m + r) = n (E S - E2) = U1
//
// exactly, at every width. m has no noise of leading order in it, neither the linear one nor that whose strength depends on the state.

/// <summary>
/// The linear fluctuation equation of a network at its infinite-width kernel, as control variate of the sampler: what is sampled is the
/// difference from a prediction whose mean and covariance are known exactly at every width. Estimates stay unbiased.
/// </summary>
/// <remarks>Independent of width, seed and precision. Preparing it costs about as much as solving hermite(k) in discrete depth twice.</remarks>
internal sealed class ControlVariate : PathwiseControl
{
    private readonly Network network;
    private readonly double[,] initialKernel;
    private readonly int[] recordedLayers;

    private ControlVariate(EnsembleSettings settings, ModeTable modes, int order)
        : base(settings.Network.RecordedLayers.Count, order)
    {
        network = settings.Network;
        initialKernel = (double[,])network.Kernel.Clone();
        recordedLayers = [.. network.RecordedLayers];
        Modes = modes;
        Layers = new ControlLayer[recordedLayers[^1] + 1];
    }

    internal ModeTable Modes { get; }

    /// <summary>What one layer does to g along a path.</summary>
    internal PathwiseMap Map { get; private set; }

    internal ControlLayer[] Layers { get; }

    /// <summary>Computes kernels, coefficients and covariances up to the last recorded layer.</summary>
    /// <param name="settings">The network; the block law. Width, seed and precision may change later.</param>
    /// <param name="highestOrder">
    /// The highest order of a mode, 2 to 16 (for even or odd sigma odd orders drop out): all covariances of the prediction are exact.
    /// Or <see cref="PathwiseControl.AllOrders"/>, which gains most and costs least: covariances are exact up to the truncation.
    /// </param>
    /// <param name="covarianceOrder">With all orders, the order to which covariances are computed, 4 to 160; the cost grows as its cube. Null: the first at which next to nothing is left out, as far as that can be afforded.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="closure">Whose law of a layer is taken; that of the network, which predicts best, if null. Any other gives a control variate without bias too.</param>
    /// <param name="quadrature">Whether what is not proved is refused; by default it is named in <see cref="Unproved"/>.</param>
    /// <returns>The control variate.</returns>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    /// <exception cref="ArgumentException">The law is not the block law, or the tables need more than 4 GB.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    public static ControlVariate Prepare(EnsembleSettings settings, int highestOrder = AllOrders, int? covarianceOrder = null, CancellationToken cancellation = default, IClosure? closure = null, QuadratureChoice? quadrature = null)
    {
        settings.Validate();
        bool all = highestOrder == AllOrders;
        if (!all && highestOrder is < 2 or > 16) throw new ArgumentOutOfRangeException(nameof(highestOrder), $"Order {highestOrder} of the control variate is out of range; it must be 2 to 16, or 0 for all orders.");
        if (all && covarianceOrder is < 4 or > 160) throw new ArgumentOutOfRangeException(nameof(covarianceOrder), $"Order {covarianceOrder} of the control variate's covariances is out of range; it must be 4 to 160.");
        if (settings.Law != SamplingLaw.Block) throw new ArgumentException($"A control variate needs the block law, not {settings.Law}; use the plain estimator.", nameof(settings));
        if (!all) return Make(settings, highestOrder, highestOrder, cancellation, closure, quadrature);
        if (covarianceOrder is { } order) return Make(settings, AllOrders, order, cancellation, closure, quadrature);
        return ToSufficientOrder(next => Make(settings, AllOrders, next, cancellation, closure, quadrature), settings.Network.RecordedLayers[^1] + 1);
    }

    private static ControlVariate Make(EnsembleSettings settings, int highestOrder, int covarianceOrder, CancellationToken cancellation, IClosure? closure, QuadratureChoice? quadrature)
    {
        bool all = highestOrder == AllOrders;
        var fluctuations = new FluctuationEquation(settings.Network.Sigma.Description, settings.Inputs, covarianceOrder, estimates: true);
        int[] orders = [.. Enumerable.Range(1, covarianceOrder).Where(k => k != 2 && (k % 2 == 0 || !fluctuations.HasOnlyEvenOrders))];
        var result = new ControlVariate(settings, new ModeTable(settings.Inputs, all ? [] : orders), highestOrder);
        double modes = orders.Sum(k => settings.Inputs + ((settings.Pairs - settings.Inputs) * (k + 1.0)));
        double bytes = (8.0 * result.Layers.Length * ((9.0 * settings.Pairs) + result.Modes.Length)) + (24.0 * settings.Pairs * modes);
        if (bytes > MemoryLimit)
            throw new EnsembleLimitException(string.Create(CultureInfo.InvariantCulture, $"The control variate of {settings.Inputs} inputs over {result.Layers.Length - 1} layers needs {bytes / 1e9:F0} GB; use the plain estimator, or fewer inputs or layers."));
        result.Fill(settings, fluctuations, orders, all ? new CovarianceTail(fluctuations) : null, closure, quadrature ?? QuadratureChoice.Estimated, cancellation);
        result.Unproved = [.. fluctuations.Unproved];
        return result;
    }

    internal void RequireFor(EnsembleSettings settings)
    {
        bool same = settings.Law == SamplingLaw.Block && settings.Network.LayerAt(0) == network.LayerAt(0)
            && ReferenceEquals(settings.Network.Sigma.Expression, network.Sigma.Expression)
            && settings.Network.Kernel.Cast<double>().SequenceEqual(initialKernel.Cast<double>())
            && settings.Network.RecordedLayers.SequenceEqual(recordedLayers);
        if (!same)
            throw new ArgumentException("The control variate was prepared for another network: law, activation, skip, step, variances, initial kernel and recorded layers must be the same; prepare it again.", nameof(settings));
    }

    private void Fill(EnsembleSettings settings, FluctuationEquation fluctuations, int[] orders, CovarianceTail? tail, IClosure? closure, QuadratureChoice quadrature, CancellationToken cancellation)
    {
        int pairs = settings.Pairs, record = 0;
        EquationSystem system = MomentDerivation.Of(new ModesUnder(closure, fluctuations.HighestOrder), DepthForm.Discrete);
        var equations = new MomentEquations(system, new ModeRecipes(fluctuations, orders), network.LayerAt(0), [Notation.Covariance]);
        Map = PathwiseMap.Of(system, network.LayerAt(0));
        double[] initial = PairIndexing.Upper(initialKernel), state = equations.Initial(initial), next = new double[equations.Length];
        double[,] factor = SemidefiniteCholesky.Factor(initialKernel);
        for (int layer = 0; layer < Layers.Length; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            FluctuationCoefficients here = fluctuations.At(state.AsSpan(0, pairs));
            ProofPolicy.Require(quadrature, fluctuations.Unproved, settings.Network.Sigma.Text, layer);
            Layers[layer] = ControlLayer.Of(Modes, here, state[..pairs], factor);
            tail?.See(here, state.AsSpan(0, pairs));
            if (recordedLayers[record] == layer)
            {
                (KernelCovariance[record], MixedCovariance[record], SigmaCovariance[record]) = Covariances(equations, state, pairs);
                double[,] Bound(IReadOnlyList<double>? left, IReadOnlyList<double>? right) => Square(pairs, (p, q) => left is null ? 0 : left[p] * right![q]);
                KernelTruncation[record] = Bound(tail?.Kernel, tail?.Kernel);
                MixedTruncation[record] = Bound(tail?.Sigma, tail?.Kernel);
                SigmaTruncation[record] = Bound(tail?.Sigma, tail?.Sigma);
                (K0[record], E2[record]) = ([.. Layers[layer].Kernel], [.. Layers[layer].Means]);
                record++;
            }

            if (layer == Layers.Length - 1) break;
            LayerParameters numbers = network.LayerAt(layer);
            factor = Factor(here.Inputs, pair => numbers.Time * (numbers.BiasVariance + (numbers.WeightVariance * here.Pairs[pair].Mean)));
            equations.Next(state, next);
            (state, next) = (next, state);
            tail?.Advance(here, numbers, state.AsSpan(0, pairs));
        }
    }

    private static (double[,] Kernel, double[,] Mixed, double[,] Sigma) Covariances(MomentEquations equations, double[] state, int pairs)
    {
        var recorded = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        equations.Record(state, recorded.Add);
        double[,] Symmetric(double[] upper) => Square(pairs, (p, q) => upper[PairIndexing.Of(p, q, pairs)]);
        double[] mixed = recorded["C_SG"];
        return (Symmetric(recorded["V4"]), Square(pairs, (p, q) => mixed[(p * pairs) + q]), Symmetric(recorded["C_SS"]));
    }

    // Modes to an order, with the law of a layer that a closure has.
    private sealed record ModesUnder(IClosure? Closure, int HighestOrder) : IClosure
    {
        public string Name => $"the modes to order {HighestOrder}";

        public string Summary => Name;

        public KeptAverages Keeps => new KeptModes(HighestOrder);

        public LayerLaw Law(LayerLaw ofNetwork) => Closure?.Law(ofNetwork) ?? ofNetwork;
    }
}
