// From the layer maps to the moment equations of a closure.
//   hermite(k)    g_p, and the modes xi_M, M = (order k, pair q, component i):
//                   g' = alpha^2 g + eps^2 s (ModeDynamics),   xi_M' = xi(P H_M),   s = C_W (B2 g + B xi)
//   observables   xi_I:   xi_I' = A xi + (eps^2/2) R s (FunctionLayerMap),   s = C_W Pi xi,   A = projection of P f_I
// Covariances are bilinear; the noise is added. The means are the order 1/n of the same layer maps. Depth time is the order
// eps^2 at alpha = 1, with P f = f + eps^2 A f.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Derives the moment systems of closures on modes and on observables.</summary>
internal sealed class MomentDerivation
{
    private readonly DepthForm _form;
    private readonly BlockLaw _law = BlockLaw.Derive();

    private readonly KernelMap _map;

    private MomentDerivation(DepthForm form, KernelMap? map = null) => (_form, _map) = (form, map ?? KernelMap.OfNetwork());

    private bool IsDiscrete => _form == DepthForm.Discrete;

    /// <summary>The moment system of a closure.</summary>
    /// <exception cref="NotSupportedException">The closure has no observables.</exception>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="map">What a layer does to G, for closures on the kernel or on modes; that of the network if null.</param>
    public static MomentSystem Of(IClosure closure, DepthForm form, KernelMap? map = null) => closure switch
    {
        GOnly => new MomentDerivation(form, map).Kernel(closure, isConnected: false),
        GConnected => new MomentDerivation(form, map).Kernel(closure, isConnected: true),
        HermiteModes hermite => new MomentDerivation(form, map).Modes(closure) with { Orders = [.. Enumerable.Range(1, hermite.HighestOrder).Where(order => order != 2)] },
        HermiteToAccuracy => new MomentDerivation(form, map).Modes(closure),
        IObservableClosure list => new MomentDerivation(form).Span(closure) with { Observables = list.Observables },
        _ => throw new NotSupportedException($"The closure {closure.Name} has no equations; give it observables."),
    };

    // The kernel alone: S is E2 at G = K0 + dG, whose expansion is that of E[f(phi')] in the covariance of the rows, dG for eps^2 dQ; its second
    // order meets modes of order 4 alone. What the closure puts for n Cov(G, G) in it is the whole covariance, or its connected part.
    private MomentSystem Kernel(IClosure closure, bool isConnected)
    {
        Tensor orderTwo = Named("B2", 2), orders = Named("B", 3), withKernel = Named("C_sg", 2), connected = Named("V4_connected", 2), second = Named("V4_DDM", 3), sigmaWithKernel = Named("C_SG", 2), sigmaWithSigma = Named("C_SS", 2);
        Expression fluctuation = OverPairs(_map.Fluctuation);
        Expression source = Notation.WeightVariance * orderTwo[P, R] * KernelFluctuation[R];
        Expression covariance = Bilinear(fluctuation, Renamed(fluctuation, (P, Q)), (left, right) =>
            left.Tensor == Source
                ? right.Tensor == Source ? SourceSource[P, Q] : withKernel[P, Q]
                : right.Tensor == Source ? withKernel[Q, P] : Covariance[P, Q]);
        Expression tadpole = FunctionLayerMap.Coefficients(2)[2].Substitute(Notation.Step, 1) * orders[Order, P, J] * second[Order, P, J];
        GaussianStatement expansion = new(
            "sigma_a sigma_b = E2 + B2 g + B H: the coefficients in g, and in the modes H_M of order 4.", GaussianRecipe.SourceInModes, [MeanSigmaKernel[P], orderTwo[P, R], orders[Order, P, J]], [Here(Notation.MeanKernel)]);
        Tensor closed = isConnected ? connected : Covariance;
        List<MomentStatement> corrections =
        [
            new GaussianStatement("sum_ru V4_ru E[D_r D_u H_M], with D_r = d_e d_f for the pair r, both orders of e and f.", GaussianRecipe.FourthDerivatives, [second[Order, Q, I]], [Here(closed), Here(Notation.MeanKernel)]),
            new ContractedEquation("U1 = n (E S - E2): the response, and the tadpole.", SigmaCorrection[P], ((orderTwo[P, R] * MeanCorrection[R]) + tadpole).Expand()),
        ];
        if (isConnected)
            corrections.Insert(0, new ContractedEquation("The connected covariance of G.", connected[P, Q], Covariance[P, Q] - SourceOnly[P, Q]));
        return new MomentSystem(
            closure,
            _form,
            [new(Notation.MeanKernel, [Notation.A, Notation.B]), new(Covariance, [P, Q]), new(SourceOnly, [P, Q]), new(MeanCorrection, [P])],
            [Independent(SourceOnly), Independent(Covariance)],
            [
                expansion,
                new ContractedEquation("n Cov(s_p, g_q), s = C_W xi(sigma sigma).", withKernel[P, Q], Bilinear(source, KernelFluctuation[Q], (left, _) => Covariance[left.Indices[0], Q])),
                new ContractedEquation("n Cov(s_p, s_q).", SourceSource[P, Q], Bilinear(Renamed(source, (P, Q)), Source[P], (left, _) => withKernel[P, left.Indices[0]])),
                .. corrections,
                .. Kernel(),
                new ContractedEquation("The covariance of G.", Covariance[P, Q], Evolved(covariance, Covariance[P, Q]) + Noise[P, Q], IsNext: true),
                new ContractedEquation("The mean of G at order 1/n.", MeanCorrection[P], Evolved(OverPairs(_map.Mean), MeanCorrection[P]), IsNext: true),
            ],
            [expansion, .. corrections],
            [
                new ContractedEquation("n Cov(S_p, g_q).", sigmaWithKernel[P, Q], orderTwo[P, R] * Covariance[R, Q]),
                new ContractedEquation("n Cov(S_p, S_q).", sigmaWithSigma[P, Q], orderTwo[P, R] * sigmaWithKernel[Q, R]),
                Transport(covariance, withKernel, sigmaWithKernel, sigmaWithSigma),
            ])
        {
            Orders = [4],
            Fluctuations = FluctuationEquations(fluctuation, source),
        };
    }

    private static ContractedEquation[] FluctuationEquations(Expression fluctuation, Expression source) =>
    [
        new("g at the next layer, without its noise.", KernelFluctuation[P], fluctuation.Expand(), IsNext: true),
        new("s = C_W xi(sigma sigma).", Source[P], source.Expand()),
    ];

    // What s adds to V4 in a layer, over eps^2; its rate in depth time.
    private ContractedEquation Transport(Expression covariance, Tensor withKernel, Tensor sigmaWithKernel, Tensor sigmaWithSigma)
    {
        Expression added = covariance.Rewrite(node => node is not Indexed each ? null
            : each.Tensor == withKernel ? Notation.WeightVariance * sigmaWithKernel[each.Indices]
            : each.Tensor == SourceSource ? Notation.WeightVariance.Pow(2) * sigmaWithSigma[each.Indices]
            : each.Tensor == Covariance ? Expression.Zero : null);
        return new("What the source adds to V4, over eps^2.", Named("transport", 2)[P, Q], IsDiscrete ? (added / Notation.Step.Pow(2)).Expand() : DepthTimeLimit.Rate(added));
    }

    private MomentSystem Modes(IClosure closure)
    {
        Tensor mode = Named("xi", 3), mixed = Named("V_gM", 4), mean = Named("m", 3), orderTwo = Named("B2", 2), orders = Named("B", 3), overlaps = Named("B_HH", 4), carried = Named("A", 4);
        Tensor withKernel = Named("C_sg", 2), withMode = Named("C_sM", 4), withCarried = Named("C_sPM", 4), curvature = Named("C_sDM", 3), second = Named("C_ssDDM", 3);
        Tensor sigmaWithKernel = Named("C_SG", 2), sigmaWithMode = Named("C_SM", 4), sigmaWithSigma = Named("C_SS", 2);
        Expression fluctuation = OverPairs(_map.Fluctuation);
        Expression source = Notation.WeightVariance * ((orderTwo[P, R] * KernelFluctuation[R]) + (orders[Order, P, J] * mode[Order, P, J]));
        Expression correction = source.Rewrite(node => node is Indexed atom
            ? atom.Tensor == KernelFluctuation ? MeanCorrection[atom.Indices] : atom.Tensor == mode ? mean[atom.Indices] : null
            : null) / Notation.WeightVariance;

        // P H_M in the modes of this layer's kernel; H_M + eps^2 A H in depth time.
        Expression Carried(Func<TensorIndex, Expression> of) => IsDiscrete
            ? carried[Order, Q, I, J] * of(J)
            : of(I) + (Notation.Step.Pow(2) * carried[Order, Q, I, J] * of(J));

        // The covariances of the atoms; modes of different orders are uncorrelated, and a mode's overlaps are contracted with B.
        Expression SourceWithKernel = Bilinear(source, KernelFluctuation[Q], (left, _) => left.Tensor == mode
            ? mixed[Order, Q, P, J]
            : Covariance[left.Indices[0], Q]);
        Expression SourceWithMode = Expression.Add(source.Expand().Terms.ToArray().Select(term => term.Factors.Contains(mode[Order, P, J])
            ? term / (mode[Order, P, J] * orders[Order, P, J]) * overlaps[Order, P, Q, J]
            : term / KernelFluctuation[R] * mixed[Order, R, Q, J]));
        Expression SourceWithSource = Bilinear(Renamed(source, (P, Q)), Source[P], (left, _) => left.Tensor == mode
            ? withMode[Order, P, Q, J]
            : withKernel[P, left.Indices[0]]);

        Expression covariance = Bilinear(fluctuation, Renamed(fluctuation, (P, Q)), (left, right) =>
            left.Tensor == Source
                ? right.Tensor == Source ? SourceSource[P, Q] : withKernel[P, Q]
                : right.Tensor == Source ? withKernel[Q, P] : Covariance[P, Q]);
        Expression covarianceWithMode = Expression.Add(fluctuation.Expand().Terms.ToArray().Select(term => term.Factors.Contains(Source[P])
            ? term / Source[P] * (IsDiscrete ? withCarried[Order, P, Q, I] : Carried(component => withMode[Order, P, Q, component]))
            : term / KernelFluctuation[P] * Carried(component => mixed[Order, P, Q, component]))).Expand();
        // E[D H_M] = 0 for every order but 2, whose equation is that of K1.
        Expression meanOfMode = FunctionLayerMap.Mean(
            Carried(component => mean[Order, Q, component]), Expression.Zero, Expression.Zero, curvature[Order, Q, I], second[Order, Q, I]).Expand();

        GaussianStatement expansion = new(
            "sigma_a sigma_b = E2 + B2 g + B H: the coefficients in g, and in the modes H_M of the orders k other than 2.", GaussianRecipe.SourceInModes, [MeanSigmaKernel[P], orderTwo[P, R], orders[Order, P, J]], [Here(Notation.MeanKernel)]);
        GaussianStatement contracted = new("B_HH: B times the Gaussian overlaps of the modes, which never change (martingales).", GaussianRecipe.ContractWithOverlaps, [overlaps[Order, P, Q, J]], [Here(Notation.MeanKernel), Here(orders)]);
        ContractedEquation correctionEquation = new("U1 = n (E S - E2), in the means.", SigmaCorrection[P], correction.Expand());
        List<MomentStatement> step =
        [
            expansion,
            contracted,
            new ContractedEquation("n Cov(s_p, g_q), s = C_W xi(sigma sigma).", withKernel[P, Q], SourceWithKernel),
            new ContractedEquation("n Cov(s_p, xi(H_M)), M = (k, q, j).", withMode[Order, P, Q, J], SourceWithMode),
            new ContractedEquation("n Cov(s_p, s_q).", SourceSource[P, Q], SourceWithSource),
            correctionEquation,
            .. Kernel(),
        ];
        step.AddRange(IsDiscrete
            ?
            [
                new GaussianStatement("P H_M = A H: the modes of the next kernel averaged over the layer, E_u H_M(alpha phi + eps u), u ~ N(0, Q).", GaussianRecipe.CarriedModes, [carried[Order, Q, I, J]], [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip)]),
                new ContractedEquation("n Cov(s_p, xi(P H_M)).", withCarried[Order, P, Q, I], carried[Order, Q, I, J] * withMode[Order, P, Q, J]),
                new GaussianStatement("sum_r n Cov(s_r, xi(P D_r H_M)), with D_r = d_e d_f for the pair r, both orders of e and f.", GaussianRecipe.SecondDerivatives, [curvature[Order, Q, I]], [Here(withCarried), Here(withKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip.Pow(2))]),
                new GaussianStatement("sum_ru n Cov(s_r, s_u) E[D_r D_u H_M]: order 4 alone.", GaussianRecipe.FourthDerivatives, [second[Order, Q, I]], [Here(SourceSource), Next(Notation.MeanKernel)]),
            ]
            :
            [
                new GaussianStatement("P H_M = H_M + eps^2 A H: the modes move with K0.", GaussianRecipe.DriftOfModes, [carried[Order, Q, I, J]], [Here(Notation.MeanKernel), Here(Notation.MeanRowCovariance)]),
                new GaussianStatement("sum_r n Cov(s_r, xi(D_r H_M)), with D_r = d_e d_f for the pair r, both orders of e and f.", GaussianRecipe.SecondDerivatives, [curvature[Order, Q, I]], [Here(withMode), Here(withKernel), Here(Notation.MeanKernel), new ScalarArgument(Expression.One)]),
            ]);
        step.AddRange(
        [
            new ContractedEquation("The covariance of G.", Covariance[P, Q], Evolved(covariance, Covariance[P, Q]) + Noise[P, Q], IsNext: true),
            new ContractedEquation("The covariance of G with a mode; noise is uncorrelated between different orders.", mixed[Order, P, Q, I], Evolved(covarianceWithMode, mixed[Order, P, Q, I]), IsNext: true),
            new ContractedEquation("The mean of G at order 1/n.", MeanCorrection[P], Evolved(OverPairs(_map.Mean), MeanCorrection[P]), IsNext: true),
            new ContractedEquation("The means of the modes at order 1/n.", mean[Order, Q, I], Evolved(meanOfMode, mean[Order, Q, I]), IsNext: true),
        ]);
        return new MomentSystem(
            closure,
            _form,
            [new(Notation.MeanKernel, [Notation.A, Notation.B]), new(Covariance, [P, Q]), new(SourceOnly, [P, Q]), new(mixed, [Order, P, Q, I]), new(MeanCorrection, [P]), new(mean, [Order, Q, I])],
            [Independent(SourceOnly), Independent(Covariance)],
            step,
            [expansion, correctionEquation],
            [
                contracted,
                new ContractedEquation("n Cov(S_p, g_q).", sigmaWithKernel[P, Q], OfSigma(SourceWithKernel)),
                new ContractedEquation("n Cov(S_p, xi(H_M)), M = (k, q, j).", sigmaWithMode[Order, P, Q, J], OfSigma(SourceWithMode)),
                new ContractedEquation("n Cov(S_p, S_q).", sigmaWithSigma[P, Q], OfSigma(Bilinear(Renamed(source, (P, Q)), Source[P], (left, _) => left.Tensor == mode
                    ? sigmaWithMode[Order, P, Q, J]
                    : sigmaWithKernel[P, left.Indices[0]]))),
                Transport(covariance, withKernel, sigmaWithKernel, sigmaWithSigma),
            ])
        { Fluctuations = FluctuationEquations(fluctuation, source) };

        static Expression OfSigma(Expression ofSource) => (ofSource / Notation.WeightVariance).Expand();
    }

    private MomentSystem Span(IClosure closure)
    {
        Tensor observable = Named("xi", 1), covariance = Named("V", 2), mean = Named("m", 1), projection = InOneBlock("Pi", 2), carried = InOneBlock("A", 2), response = InOneBlock("R", 2), curvature = InOneBlock("D", 3), fourth = InOneBlock("F", 3), noise = Named("N", 2);
        Tensor withSource = Named("C_sf", 2), withPresent = Named("C_Pf", 2), nextWithSource = Named("C_Ps", 2);
        Expression source = Notation.WeightVariance * projection[V, Third] * observable[Third];
        Expression Carried(Func<TensorIndex, Expression> of) => IsDiscrete
            ? carried[First, Third] * of(Third)
            : of(First) + (Notation.Step.Pow(2) * carried[First, Third] * of(Third));
        Expression fluctuation = FunctionLayerMap.Fluctuation(Carried(index => observable[index]), Source[W], response[First, W]);
        Expression meanNext = FunctionLayerMap.Mean(
            Carried(index => mean[index]), SigmaCorrection[W], response[First, W], curvature[First, W, Third] * withSource[W, Third], fourth[First, W, X] * SourceSource[W, X]).Expand();

        // Cov of xi' with xi_J, then with s_q, then with xi_J': each is linear in one of the two.
        Expression present = Bilinear(fluctuation, observable[Second], (left, _) => left.Tensor == Source ? withSource[left.Indices[0], Second] : covariance[left.Indices[0], Second]);
        Expression presentSource = Bilinear(Renamed(source, (V, W)), observable[First], (left, _) => withPresent[First, left.Indices[0]]);
        Expression next = Bilinear(Renamed(fluctuation, (First, Second)), observable[First], (left, _) => left.Tensor == Source ? nextWithSource[First, left.Indices[0]] : withPresent[First, left.Indices[0]]);

        GaussianStatement expansion = new("xi(sigma sigma) = Pi xi: the projection on the observables of a block (exact where sigma sigma is one of them).", GaussianRecipe.SourceInObservables, [MeanSigmaKernel[P], projection[V, Third]], [Here(Notation.MeanKernel)]);
        ContractedEquation correction = new("U1 = n (E S - E2), in the means.", SigmaCorrection[V], projection[V, Third] * mean[Third]);
        List<MomentStatement> step =
        [
            expansion,
            new ContractedEquation("n Cov(s_v, xi_I), s = C_W xi(sigma sigma).", withSource[V, First],
                Bilinear(source, observable[First], (left, _) => covariance[left.Indices[0], First])),
            new ContractedEquation("n Cov(s_v, s_w).", SourceSource[V, W], Bilinear(Renamed(source, (V, W)), Source[V], (left, _) => withSource[V, left.Indices[0]])),
            correction,
            .. Kernel(),
        ];
        step.AddRange(IsDiscrete
            ?
            [
                new GaussianStatement("P f_I = A f, and P D_v f_I = R + D f, E[D_v D_w f_I] = F: f of the next layer averaged over the layer, f(alpha phi + eps u), u ~ N(0, Q), projected on the observables of the block; D_v = d_e d_f for the pair v, both orders of e and f.", GaussianRecipe.CarriedObservables, [carried[First, Third], response[First, W], curvature[First, W, Third], fourth[First, W, X]], [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip)]),
                new GaussianStatement("The noise of one layer, E_K0'[f_I f_J] - E_K0[P f_I P f_J].", GaussianRecipe.NoiseOfObservables, [noise[First, Second]], [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip)]),
                new ContractedEquation("n Cov(xi_I', xi_J).", withPresent[First, Second], present),
                new ContractedEquation("n Cov(xi_I', s_w).", nextWithSource[First, W], presentSource),
                new ContractedEquation("n Cov(xi_I', xi_J').", covariance[First, Second], next + noise[First, Second], IsNext: true),
            ]
            :
            [
                new GaussianStatement("P f_I = f_I + eps^2 A f, and D_v f_I = R + D f: A is 1/2 Q:dd, projected on the observables of the block; D_v = d_e d_f for the pair v, both orders of e and f.", GaussianRecipe.DriftOfObservables, [carried[First, Third], response[First, W], curvature[First, W, Third]], [Here(Notation.MeanKernel), Here(Notation.MeanRowCovariance)]),
                new GaussianStatement("The noise, E[d_e f_I Q_ef d_f f_J].", GaussianRecipe.NoiseRateOfObservables, [noise[First, Second]], [Here(Notation.MeanKernel), Here(Notation.MeanRowCovariance)]),
                new ContractedEquation("n Cov(d xi_I/dt, xi_J).", withPresent[First, Second], DepthTimeLimit.Rate(present - covariance[First, Second])),
                new ContractedEquation("n d/dt Cov(xi_I, xi_J).", covariance[First, Second], withPresent[First, Second] + withPresent[Second, First] + noise[First, Second], IsNext: true),
            ]);
        step.Add(new ContractedEquation("The means at order 1/n.", mean[First], Evolved(meanNext, mean[First]), IsNext: true));
        return new MomentSystem(
            closure,
            _form,
            [new(Notation.MeanKernel, [Notation.A, Notation.B]), new(SourceOnly, [P, Q]), new(covariance, [First, Second]), new(mean, [First])],
            [Independent(SourceOnly), new GaussianStatement("The covariances of independent rows.", GaussianRecipe.GramMatrix, [covariance[First, Second]], [Here(Notation.MeanKernel)])],
            step,
            [expansion, correction],
            [new ContractedEquation("n Cov(S_v, xi_I).", Named("C_Sf", 2)[V, First], projection[V, Third] * covariance[Third, First])])
        {
            Fluctuations =
            [
                new("xi at the next layer, without its noise.", observable[First], fluctuation.Expand(), IsNext: true),
                new("s = C_W xi(sigma sigma).", Source[V], source.Expand()),
            ],
        };
    }

    // Q, K0', the noise of G, and V4 without transport.
    private IEnumerable<MomentStatement> Kernel()
    {
        (TensorIndex, TensorIndex) ab = (Notation.A, Notation.B), cd = (Notation.C, Notation.D);
        Expression rows = _law.RowCovariance.Rewrite(node => node is Indexed sigma && sigma.Tensor == Notation.SigmaKernel ? MeanSigmaKernel[P] : null);
        Expression withoutSource = OverPairs(_map.Fluctuation).Substitute(Source[P], 0);
        Expression carried = Bilinear(withoutSource, Renamed(withoutSource, (P, Q)), (_, _) => SourceOnly[P, Q]);
        yield return new ComponentEquation("The row covariance at infinite width.", Notation.MeanRowCovariance[Notation.A, Notation.B], rows);
        yield return new ComponentEquation("K0.", Notation.MeanKernel[Notation.A, Notation.B], Evolved(AtInfiniteWidth(_law.Cumulant(ab)), Notation.MeanKernel[Notation.A, Notation.B]), IsNext: true);
        yield return new ComponentEquation("The noise of G, from the block law.", Noise[P, Q], Evolved(AtInfiniteWidth(_law.Cumulant(ab, cd)), Expression.Zero));
        yield return new ContractedEquation("V4 without transport.", SourceOnly[P, Q], Evolved(carried, SourceOnly[P, Q]) + Noise[P, Q], IsNext: true);
    }

    private static ComponentEquation Independent(Tensor tensor) =>
        new("The covariance of independent rows.", tensor[P, Q], ModeDynamics.Overlap([Notation.A, Notation.B], [Notation.C, Notation.D]), IsNext: true);

    private static TensorArgument Here(Tensor tensor) => new(tensor);

    private static TensorArgument Next(Tensor tensor) => new(tensor, IsNext: true);

    private Expression Evolved(Expression next, Expression present) => IsDiscrete ? next.Expand() : DepthTimeLimit.Rate(next - present);

    private static Expression Renamed(Expression expression, (TensorIndex From, TensorIndex To) index) =>
        expression.Rename(new Dictionary<TensorIndex, TensorIndex> { [index.From] = index.To });

    // Cov of two expressions linear in fluctuations, which do not share summed indices.
    private static Expression Bilinear(Expression left, Expression right, Func<Indexed, Indexed, Expression> covariance) => Expression.Add(
        from first in Linear(left)
        from second in Linear(right)
        select first.Coefficient * second.Coefficient * covariance(first.Atom, second.Atom)).Expand();

    private static IEnumerable<(Indexed Atom, Expression Coefficient)> Linear(Expression expression) => expression.Expand().Terms.ToArray().Select(term =>
    {
        Indexed atom = term.Factors.ToArray().OfType<Indexed>().Single(each => each.Tensor.Name is "g" or "s" or "xi");
        return (atom, term / atom);
    });

    private static Expression AtInfiniteWidth(Expression expression) => expression.Rewrite(node => node switch
    {
        Indexed kernel when kernel.Tensor == Notation.Kernel => Notation.MeanKernel[kernel.Indices],
        Indexed rows when rows.Tensor == Notation.RowCovariance => Notation.MeanRowCovariance[rows.Indices],
        _ => null,
    });
}
