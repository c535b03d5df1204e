// The equations of hermite(k) and g-connected, from the layer map of the modes (ModeDynamics):
//   s_ab = C_W xi(sigma_a sigma_b) is written in the modes kept; covariances are bilinear, with
//     Cov(g, g) = V4,   Cov(g, H_A) = V_gM,   Cov(H_A, H_B) = E_{K0}[H_A H_B] (Wick; kept by the martingale property);
//   the noise of g' is that of the block law, the noise between modes of different order vanishes (Wick).
// Formulas are given for the letters a, b (and c, d, ... for a mode), for the orders asked for; the pattern in k is the engine's.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Derives the Hermite closures.</summary>
/// <param name="covarianceOrders">The orders of the modes beside g whose fluctuations are kept.</param>
/// <param name="meanOrders">The orders of the modes whose means enter K1.</param>
/// <param name="law">What a layer does to G.</param>
internal sealed class HermiteDerivation(IReadOnlyList<int> covarianceOrders, IReadOnlyList<int> meanOrders, LayerLaw law)
{
    private readonly KernelMap _map = KernelMap.Of(law);

    private static readonly TensorIndex[] Letters = [.. "abcdefhpqr".Select(letter => TensorIndex.Input(letter.ToString()))];

    /// <summary>The derivation of a closure.</summary>
    /// <param name="closure">On modes; or on G, whose mean at order 1/n needs modes of order 4.</param>
    /// <param name="highestOrder">Modes above it are left out.</param>
    public static HermiteDerivation Of(IClosure closure, int highestOrder = int.MaxValue)
    {
        LayerLaw law = closure.Law(LayerLaw.OfNetwork);
        if (closure.Keeps is KeptKernel)
            return new([], [4], law);
        IReadOnlyList<int> orders = new KeptModes(closure.Keeps is KeptModes modes ? Math.Min(modes.HighestOrder, highestOrder) : highestOrder).Orders;
        return new(orders, [.. orders.Where(order => order > 2)], law);
    }

    /// <summary>s_ab in the fluctuations kept: C_W sum over k of the part of order k.</summary>
    public Expression Drive(TensorIndex first, TensorIndex second) => Notation.WeightVariance * Expression.Add(
        covarianceOrders.Append(2).Order().Select(order => ModePolynomials.Part(Observable.SigmaKernel, first, second, order, ModeDynamics.Fluctuations)));

    /// <summary>U1_ab in the means kept.</summary>
    public Expression SigmaCorrection(TensorIndex first, TensorIndex second) => Expression.Add(
        meanOrders.Append(2).Order().Select(order => ModePolynomials.Part(Observable.SigmaKernel, first, second, order, ModeDynamics.Means)));

    /// <summary>n Cov(s_ab, g_cd).</summary>
    public Expression DriveWithKernel(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => Covariance(Drive(a, b), Notation.Fluctuation[c, d]);

    /// <summary>n Cov(s_ab, xi(H_A)).</summary>
    public Expression DriveWithMode(TensorIndex a, TensorIndex b, IReadOnlyList<TensorIndex> mode) =>
        Covariance(Drive(a, b), ModePolynomials.Component(ModeDynamics.Fluctuations, mode));

    /// <summary>n Cov(s_ab, s_cd): s_cd in its modes, each with s_ab.</summary>
    public Expression DriveWithDrive(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => Notation.WeightVariance * Expression.Add(
        covarianceOrders.Append(2).Order().Select(order => ModePolynomials.Part(
            Observable.SigmaKernel, c, d, order, Notation.MeanKernel, mode => ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, a, b, mode))));

    /// <summary>V4_ab,cd at the next layer, in terms of Cov(s, g), Cov(s, s) and the noise of the block law.</summary>
    public Expression NextCovariance(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) =>
        WithoutNoise(a, b, c, d) + NoiseOf(a, b, c, d);

    /// <summary>V4_ab,cd without transport at the next layer: the same without s.</summary>
    public Expression NextSourceOnlyCovariance(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) =>
        CarriedOver(a, b, c, d) + NoiseOf(a, b, c, d);

    private Expression WithoutNoise(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => Covariance(_map.FluctuationOf(a, b), _map.FluctuationOf(c, d));

    private Expression CarriedOver(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d)
    {
        Expression Carried(TensorIndex first, TensorIndex second) => _map.FluctuationOf(first, second).Rewrite(node => node is Indexed source && source.Tensor == ModeDynamics.SigmaFluctuation ? Expression.Zero : null);
        return Covariance(Carried(a, b), Carried(c, d)).Rewrite(node => node is Indexed covariance && covariance.Tensor == Notation.Covariance ? Notation.SourceOnlyCovariance[covariance.Indices] : null);
    }

    private Expression NoiseOf(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => LayerLaw.AtInfiniteWidth(law.Covariance.Rename(
        new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = a, [Notation.B] = b, [Notation.C] = c, [Notation.D] = d }));

    /// <summary>V_gM at the next layer, n Cov(g_ab, xi(H_A)); without noise, which vanishes between different orders.</summary>
    public Expression NextMixed(TensorIndex a, TensorIndex b, IReadOnlyList<TensorIndex> mode) =>
        Covariance(_map.FluctuationOf(a, b), NextFluctuation(mode));

    /// <summary>The noise covariance of two modes in one layer, E_{K0'}[H_A H_B] - alpha^(|A|+|B|) E_{K0}[H_A H_B], at K0' = alpha^2 K0 + eps^2 Q.</summary>
    public static Expression Noise(IReadOnlyList<TensorIndex> left, IReadOnlyList<TensorIndex> right)
    {
        Expression overlap = ModeDynamics.Overlap(left, right);
        Expression next = overlap.Rewrite(node => node is Indexed kernel && kernel.Tensor == Notation.MeanKernel
            ? (Notation.Skip.Pow(2) * kernel) + (Notation.Step.Pow(2) * Notation.MeanRowCovariance[kernel.Indices])
            : null);
        return (next - (Notation.Skip.Pow(left.Count + right.Count) * overlap)).Expand();
    }

    /// <summary>The equations of V4 and K1 with their parts named: the covariances of s with g and with itself, and the noise of one layer.</summary>
    /// <param name="form">Discrete or continuous depth.</param>
    public DerivationStep CompactForm(DepthForm form)
    {
        TensorIndex a = Letters[0], b = Letters[1], c = Letters[2], d = Letters[3];
        Expression noise = NoiseOf(a, b, c, d), named = LayerNoise[a, b, c, d];
        DerivedFormula Equation(Expression variable, Expression next, Expression added) => form == DepthForm.Discrete
            ? new(new(HeadKind.NextLayer, variable), next + added)
            : new(new(HeadKind.TimeDerivative, variable), DepthTimeLimit.Rate(next - variable) + added);
        return new(
            "Compact form",
            "The same equations with their parts named: the fluctuation s = chi[g] of the row covariance, its covariances with g and with itself, and the noise Sigma that one layer adds.",
            [
                new(new(HeadKind.Plain, ModeDynamics.SigmaFluctuation[a, b]), Drive(a, b)),
                new(new(HeadKind.Plain, ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, a, b, [c, d])), DriveWithKernel(a, b, c, d)),
                new(new(HeadKind.Plain, ModeDynamics.SigmaCovariance[a, b, c, d]), DriveWithDrive(a, b, c, d)),
                new(new(HeadKind.Plain, named), form == DepthForm.Discrete ? noise : DepthTimeLimit.Rate(noise)),
                Equation(Notation.Covariance[a, b, c, d], WithoutNoise(a, b, c, d), named),
                Equation(Notation.SourceOnlyCovariance[a, b, c, d], CarriedOver(a, b, c, d), named),
                Equation(Notation.MeanCorrection[a, b], _map.MeanOf(a, b), Expression.Zero),
            ]);
    }

    private static Tensor LayerNoise { get; } = new("Sigma", @"\Sigma", 4, TensorSymmetry.CovarianceOfSymmetric);

    /// <summary>The steps of the derivation in one depth form.</summary>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="highestShown">Modes up to this order are written out; higher ones follow the same way.</param>
    public IReadOnlyList<DerivationStep> Steps(DepthForm form, int highestShown = 4)
    {
        TensorIndex a = Letters[0], b = Letters[1], c = Letters[2], d = Letters[3];
        int[] orders = [.. covarianceOrders.Append(2).Union(meanOrders).Where(order => order <= highestShown).Order()];
        static TensorIndex[] Mode(int order, int from = 0) => Letters[from..(from + order)];
        static Expression Kernel(TensorIndex first, TensorIndex second) => Notation.MeanKernel[first, second];
        Expression Rate(Expression next, Expression present) => form == DepthForm.Discrete ? next : DepthTimeLimit.Rate(next - present);
        HeadKind head = form == DepthForm.Discrete ? HeadKind.NextLayer : HeadKind.TimeDerivative;
        DerivedFormula Equation(Expression variable, Expression next) => new(new(head, variable), Rate(next, variable));

        var steps = new List<DerivationStep>
        {
            new("Hermite modes",
                "Observables of one neuron are expanded in the Hermite polynomials of the mean process, H_A = exp(-1/2 K0:dd) phi_A. Their Gaussian overlaps vanish between different orders (Wick).",
                [.. orders.Where(order => order > 1).Select(order => new DerivedFormula(new(HeadKind.Plain, ModePolynomials.Mode(Mode(order))), ModePolynomials.Polynomial(Mode(order), Kernel)))]),
            new("One layer",
                "The mean of a mode over the layer's rows U given phi, with the row covariance Q + dQ: K0 and Q cancel, because K0 is the heat time of the mean process.",
                [.. orders.Select(order => new DerivedFormula(new(HeadKind.ConditionalMean, ModePolynomials.Mode(Mode(order))), ModeDynamics.ConditionalMean(Mode(order))))]),
            new("Fluctuations",
                "At order n^(-1/2), dQ = s/sqrt(n): every mode of order other than 2 is a martingale, up to the factor alpha^k; g is driven by s. Noise is left out here.",
                [.. orders.Select(order => new DerivedFormula(new(HeadKind.NextLayer, ModePolynomials.Component(ModeDynamics.Fluctuations, Mode(order))), NextFluctuation(Mode(order))))]),
            new("The row covariance in modes",
                "s = C_W xi(sigma sigma) in the modes that the closure keeps: f = sum_A E[d_A f] H_A/A!, the Taylor expansion of exp(1/2 K0:dd) f.",
                [new(new(HeadKind.Plain, ModeDynamics.SigmaFluctuation[a, b]), Drive(a, b))]),
            new("Covariances",
                "Bilinear in the modes, with Cov(g, g) = V4, Cov(g, H_A) = V_gM, and the known overlaps of the other modes.",
                [
                    new(new(HeadKind.Plain, ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, a, b, [c, d])), DriveWithKernel(a, b, c, d)),
                    .. covarianceOrders.Where(order => order <= highestShown).Select(order => new DerivedFormula(
                        new(HeadKind.Plain, ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, a, b, Mode(order, 2))), DriveWithMode(a, b, Mode(order, 2)))),
                    new(new(HeadKind.Plain, ModeDynamics.SigmaCovariance[a, b, c, d]), DriveWithDrive(a, b, c, d)),
                ]),
        };
        var equations = new List<DerivedFormula>
        {
            Equation(Notation.Covariance[a, b, c, d], NextCovariance(a, b, c, d)),
            Equation(Notation.SourceOnlyCovariance[a, b, c, d], NextSourceOnlyCovariance(a, b, c, d)),
        };
        equations.AddRange(covarianceOrders.Where(order => order <= highestShown).Select(order =>
            Equation(ModeDynamics.WithMode(ModeDynamics.KernelWithMode, a, b, Mode(order, 2)), NextMixed(a, b, Mode(order, 2)))));
        steps.Add(new("Equations of the covariances", "The covariance of the conditional means, and the noise of the block law, which is uncorrelated between modes of different order.", equations));
        steps.Add(new("Equations of the means",
            "At order 1/n: dQ = s/sqrt(n) + C_W U1/n, and the modes' means m_A; K1 is m_ab.",
            [
                .. meanOrders.Append(2).Order().Where(order => order <= highestShown).Select(order =>
                    Equation(ModePolynomials.Component(ModeDynamics.Means, Mode(order)), order == 2 ? _map.MeanOf(a, b) : ModeDynamics.Mean(Mode(order)))),
                new(new(HeadKind.Plain, Notation.SigmaCorrection[a, b]), SigmaCorrection(a, b)),
            ]));
        steps.Add(new("Initial conditions",
            "Rows of phi^0 are independent N(0, K(0)): overlaps by Wick; means of order 1/n vanish, so that U1(0) = 0.",
            [
                new(new(HeadKind.AtDepthZero, Notation.Covariance[a, b, c, d]), ModeDynamics.Overlap([a, b], [c, d])),
                new(new(HeadKind.AtDepthZero, Notation.SourceOnlyCovariance[a, b, c, d]), ModeDynamics.Overlap([a, b], [c, d])),
                .. covarianceOrders.Where(order => order <= highestShown).Select(order => new DerivedFormula(
                    new(HeadKind.AtDepthZero, ModeDynamics.WithMode(ModeDynamics.KernelWithMode, a, b, Mode(order, 2))), ModeDynamics.Overlap([a, b], Mode(order, 2)))),
            ]));
        return steps;
    }

    private Expression NextFluctuation(IReadOnlyList<TensorIndex> mode) => mode.Count == 2 ? _map.FluctuationOf(mode[0], mode[1]) : ModeDynamics.Fluctuation(mode);

    // Cov of two expressions linear in fluctuations.
    private static Expression Covariance(Expression left, Expression right) => Expression.Add(
        from first in Linear(left)
        from second in Linear(right)
        select first.Coefficient * second.Coefficient * Pair(first.Atom, second.Atom)).Expand();

    private static IEnumerable<(Indexed Atom, Expression Coefficient)> Linear(Expression expression) => expression.Expand().Terms.ToArray().Select(term =>
    {
        Indexed atom = term.Factors.ToArray().OfType<Indexed>().Single(IsFluctuation);
        return (atom, term / atom);
    });

    private static bool IsFluctuation(Indexed atom) =>
        atom.Tensor == Notation.Fluctuation || atom.Tensor == ModeDynamics.SigmaFluctuation || atom.Tensor.Name.StartsWith("xi_H", StringComparison.Ordinal);

    private static Expression Pair(Indexed left, Indexed right)
    {
        bool leftIsDrive = left.Tensor == ModeDynamics.SigmaFluctuation, rightIsDrive = right.Tensor == ModeDynamics.SigmaFluctuation;
        if (leftIsDrive && rightIsDrive)
            return ModeDynamics.SigmaCovariance[[.. left.Indices, .. right.Indices]];
        if (leftIsDrive)
            return ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, left.Indices[0], left.Indices[1], right.Indices.ToArray());
        if (rightIsDrive)
            return Pair(right, left);
        if (left.Tensor == Notation.Fluctuation)
            return right.Tensor == Notation.Fluctuation
                ? Notation.Covariance[[.. left.Indices, .. right.Indices]]
                : ModeDynamics.WithMode(ModeDynamics.KernelWithMode, left.Indices[0], left.Indices[1], right.Indices.ToArray());
        return right.Tensor == Notation.Fluctuation ? Pair(right, left) : ModeDynamics.Overlap(left.Indices.ToArray(), right.Indices.ToArray());
    }
}
