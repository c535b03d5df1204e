// From the layer maps to the moment equations of a closure.
//   hermite(k)    g_p, and the modes xi_M, M = (order k, pair q, component i):
//                   g' = alpha^2 g + eps^2 s (ModeDynamics),   xi_M' = xi(P H_M),   s = C_W (B2 g + B xi)
//   observables   xi_I:   xi_I' = A xi + (eps^2/2) R s (FunctionLayerMap),   s = C_W Pi xi,   A = projection of P f_I
// Covariances are bilinear; the noise is added. The means are the order 1/n of the same layer maps. Depth time is the order
// eps^2 at alpha = 1, with P f = f + eps^2 A f.

using System.Globalization;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Derives the moment systems of closures on modes and on observables.</summary>
internal sealed class MomentDerivation
{
    private readonly DepthForm _form;
    private readonly LayerLaw _law;
    private readonly KernelMap _map;

    private readonly StreamUpdate _step;
    private readonly bool _isWide;

    private MomentDerivation(IClosure closure, DepthForm form, StreamUpdate? step = null, bool isWide = false)
    {
        (_form, _law, _step, _isWide) = (form, closure.Law(LayerLaw.OfNetwork), step ?? Plain, isWide);
        _map = KernelMap.Of(_law);
    }

    // phi' = alpha phi + eps (W sigma(phi) + b), with the activation that the solution is given.
    private static StreamUpdate Plain { get; } = new("", 1, 1, 1, [new Branch([new BranchStage("") { Activation = BranchDerivation.OfNetwork }])]);

    // The network that a solution is given has its activation, a step of a program those of its stages.
    private bool IsProgram => !ReferenceEquals(_step.Branches[0].Stages[0].Activation, BranchDerivation.OfNetwork);

    private bool IsDiscrete => _form == DepthForm.Discrete;

    /// <summary>The moment system of a closure.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="NotSupportedException">The closure has a law of a layer that its equations cannot take.</exception>
    public static EquationSystem Of(IClosure closure, DepthForm form) => new MomentDerivation(closure, form).System(closure);

    private EquationSystem System(IClosure closure) => closure.Keeps switch
    {
        KeptKernel kernel => Kernel(closure, kernel.HasConnectedTadpole ? FieldReading.ConnectedKernel : FieldReading.Kernel),
        KeptModes modes => Modes(closure) with { Orders = modes.Orders },
        KeptModesToAccuracy => Modes(closure),
        KeptObservables when _law != LayerLaw.OfNetwork =>
            throw new NotSupportedException($"The closure {closure.Name} has a law of a layer of its own and keeps observables, whose laws are those of the network; keep G or modes."),
        KeptObservables kept => Span(closure) with { Observables = kept.Observables },
        _ => throw new NotSupportedException($"The closure {closure.Name} keeps {closure.Keeps}, from which nothing is derived."),
    };

    /// <summary>The moment system of a closure for one step of the stream of a program; of the numbers of the step there are only the letters.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="step">The step.</param>
    /// <param name="isWide">Whether the stream has another width than n, before or after it.</param>
    /// <param name="isPlain">Whether all steps are this one, of the plain network: then E2 and U1 are those of its activation.</param>
    /// <param name="form">Discrete, or continuous depth: the order eps^2 of the step, which must have the skip 1.</param>
    /// <exception cref="LayerProgramException">The step does something that is not derived, or the closure is not for programs.</exception>
    public static EquationSystem Of(IClosure closure, StreamStep step, bool isWide, bool isPlain = false, DepthForm form = DepthForm.Discrete)
    {
        if (form == DepthForm.Continuous && step is not StreamUpdate { Skip: 1 })
            throw new LayerProgramException($"stepping is not discrete, and {step.Path} {(step is StreamUpdate { Skip: var skip } ? skip == 0 ? "has no skip" : string.Create(CultureInfo.InvariantCulture, $"has skip {skip:R}") : "norms the stream at once")}; depth time, the sum of step^2, exists where all layers are residuals of skip 1, so use discrete.");
        if (closure.Keeps is KeptObservables && step is StreamNorm norm)
            throw new LayerProgramException($"closure is {closure.Name}, and {norm.Path} norms the stream, which lists of observables do not follow; use g-only, g-connected or hermite(k).");
        var derivation = new MomentDerivation(closure, form, step as StreamUpdate, isWide);
        EquationSystem system = derivation.System(closure);
        return step is StreamNorm
            ? system with { Step = [.. derivation.Normed(system.State.Count > 4)], Quantities = [], Correlations = [], Fluctuations = [FluctuationOfNorm], Response = [new ContractedEquation(MeaningOfResponse, KernelResponse[P, Q], NormOfStream.Response[P, Q])], Normed = [Notation.MeanKernel] }
            : system with { Quantities = isPlain ? system.Quantities : [], Correlations = [] };
    }

    /// <summary>What becomes of a field in modes to which rows are added, in the letters and tensors of the stream and by the law of the network, whatever that of the closure.</summary>
    /// <param name="rows">The rows.</param>
    public static IReadOnlyList<MomentStatement> OfField(LayerRows rows)
    {
        var derivation = new MomentDerivation(new HermiteModes(4), DepthForm.Discrete, isWide: true);
        return [.. derivation.Kernel(rows).Where(statement => !MomentStatements.Outputs(statement).Contains(SourceOnly.Name)), .. derivation.NextModes(rows)];
    }

    /// <summary>The fluctuation of G of such a field, its noise apart.</summary>
    public static ContractedEquation FluctuationOfField => new MomentDerivation(new HermiteModes(4), DepthForm.Discrete, isWide: true).NextFluctuation;

    private static NormDerivation NormOfStream
    {
        get
        {
            var letters = new StepLetters(new StreamNorm("", 1, 0));
            return new("", letters.Gain(0, 0), letters.Epsilon(0, 0));
        }
    }

    /// <summary>The derivative of K0 of the next layer in K0, over pairs and pairs; in depth time that of its rate of change.</summary>
    public static Tensor KernelResponse { get; } = Named("dK0", 2);

    private const string MeaningOfResponse = "The derivative of K0 of the next layer, or of its rate of change, in K0.";

    private IReadOnlyList<MomentStatement> ResponseOfKernel(BranchDerivation derived, LayerRows rows)
    {
        if (!IsProgram)
            return [];
        IReadOnlyList<MomentStatement> ofRows = derived.Response(rows, out Tensor response);
        Expression next = OverPairs(_map.Fluctuation).Rewrite(node => node is not Indexed each ? null : each.Tensor == KernelFluctuation ? BranchDerivation.Unit[P, Q] : each.Tensor == Drive ? response[P, Q] : null);
        return [.. ofRows, new ContractedEquation(MeaningOfResponse, KernelResponse[P, Q], Evolved(next, BranchDerivation.Unit[P, Q]))];
    }

    private static ContractedEquation FluctuationOfNorm => new("g after the norm.", KernelFluctuation[P], NormOfStream.Response[P, R] * KernelFluctuation[R], IsNext: true);

    // RMS norm of the stream: K0, V4 and K1 through its derivatives, the means of the modes as they come.
    private IEnumerable<MomentStatement> Normed(bool hasModes)
    {
        Tensor mixed = WithModes, mean = ModeMeans, half = Named("V4_half", 2), halfSource = Named("V4_source_half", 2);
        NormDerivation norm = NormOfStream;
        foreach (MomentStatement statement in norm.OfKernel(Notation.Covariance, MeanCorrection).Concat(hasModes ? norm.OfModes(mixed, mean) : []))
            yield return statement;
        yield return new ComponentEquation("K0.", Notation.MeanKernel[Notation.A, Notation.B], norm.Kernel[Notation.A, Notation.B], IsNext: true);
        yield return new ContractedEquation("The covariance of G, after the norm on one side.", half[P, Q], norm.Response[P, R] * Covariance[R, Q]);
        yield return new ContractedEquation("The covariance of G.", Covariance[P, Q], half[P, R] * norm.Response[Q, R], IsNext: true);
        yield return new ContractedEquation("V4 without transport, after the norm on one side.", halfSource[P, Q], norm.Response[P, R] * SourceOnly[R, Q]);
        yield return new ContractedEquation("V4 without transport.", SourceOnly[P, Q], halfSource[P, R] * norm.Response[Q, R], IsNext: true);
        yield return new ContractedEquation("The mean of G at order 1/n.", MeanCorrection[P], norm.MeanCorrection[P], IsNext: true);
        if (!hasModes)
            yield break;
        yield return new ContractedEquation("The covariance of G with a mode.", mixed[Order, P, Q, I], norm.Response[P, R] * mixed[Order, R, Q, I], IsNext: true);
        yield return new ContractedEquation("The means of the modes at order 1/n.", mean[Order, Q, I], norm.Means[Order, Q, I], IsNext: true);
    }

    // The kernel alone: S is E2 at G = K0 + dG, whose expansion is that of E[f(phi')] in the covariance of the rows, dG for eps^2 dQ; its second
    // order meets modes of order 4 alone. What the closure puts for n Cov(G, G) in it is the whole covariance, or its connected part.
    private EquationSystem Kernel(IClosure closure, FieldReading reading)
    {
        (IReadOnlyList<MomentStatement> branch, LayerRows rows, BranchDerivation derived) = Rows(reading);
        return new EquationSystem(
            closure,
            _form,
            [new(Notation.MeanKernel, [Notation.A, Notation.B]), new(Covariance, [P, Q]), new(SourceOnly, [P, Q]), new(MeanCorrection, [P])],
            [Independent(SourceOnly), Independent(Covariance)],
            [.. branch, .. Kernel(rows), CovarianceOfKernel(rows), MeanOfKernel(rows)],
            Quantities(branch),
            Correlations(branch, rows))
        {
            Orders = [4],
            Fluctuations = FluctuationEquations(derived),
            Stages = IsProgram ? derived.Stages : [],
            Updates = IsProgram ? derived.Updates : [],
            Response = ResponseOfKernel(derived, rows),
            Normed = derived.Normed,
        };
    }

    // G and the other modes.
    private EquationSystem Modes(IClosure closure)
    {
        Tensor mixed = WithModes, mean = ModeMeans;
        (IReadOnlyList<MomentStatement> branch, LayerRows rows, BranchDerivation derived) = Rows(FieldReading.Modes);
        return new EquationSystem(
            closure,
            _form,
            [new(Notation.MeanKernel, [Notation.A, Notation.B]), new(Covariance, [P, Q]), new(SourceOnly, [P, Q]), new(mixed, [Order, P, Q, I]), new(MeanCorrection, [P]), new(mean, [Order, Q, I])],
            [Independent(SourceOnly), Independent(Covariance)],
            [.. branch, .. Kernel(rows), .. NextModes(rows)],
            Quantities(branch),
            Correlations(branch, rows))
        {
            Fluctuations = FluctuationEquations(derived),
            Stages = IsProgram ? derived.Stages : [],
            Updates = IsProgram ? derived.Updates : [],
            Response = ResponseOfKernel(derived, rows),
            Normed = derived.Normed,
        };
    }

    private (IReadOnlyList<MomentStatement> Statements, LayerRows Rows, BranchDerivation Derived) Rows(FieldReading reading)
    {
        var branch = new BranchDerivation(_step, reading, _isWide);
        LayerRows rows = branch.Derive();
        return (branch.Statements, rows, branch);
    }

    // What follows of the modes once the rows are known.
    private IEnumerable<MomentStatement> NextModes(LayerRows rows)
    {
        Tensor mixed = WithModes, mean = ModeMeans, carried = Named("A", 4), withCarried = Named("C_sPM", 4), curvature = Named("C_sDM", 3), second = Named("C_ssDDM", 3);
        Tensor withMode = rows.WithMode!, withFourth = rows.WithItself;
        Expression fluctuation = OverPairs(_map.Fluctuation);

        // P H_M in the modes of this layer's kernel; H_M + eps^2 A H in depth time.
        Expression Carried(Func<TensorIndex, Expression> of) => IsDiscrete
            ? carried[Order, Q, I, J] * of(J)
            : of(I) + (Notation.Step.Pow(2) * carried[Order, Q, I, J] * of(J));
        Expression covarianceWithMode = Expression.Add(fluctuation.Expand().Terms.ToArray().Select(term => term.Factors.Contains(Drive[P])
            ? term / Drive[P] * (IsDiscrete ? withCarried[Order, P, Q, I] : Carried(component => withMode[Order, P, Q, component]))
            : term / KernelFluctuation[P] * Carried(component => mixed[Order, P, Q, component]))).Expand();
        // E[D H_M] = 0 for every order but 2, whose equation is that of K1.
        Expression meanOfMode = FunctionLayerMap.Mean(
            Carried(component => mean[Order, Q, component]), Expression.Zero, Expression.Zero, curvature[Order, Q, I], second[Order, Q, I]).Expand();
        if (IsDiscrete)
        {
            if (rows.FourthCumulant is { } cumulant)
            {
                // 1/24 T:dddd beside 1/8 Cov(s, s):dddd.
                withFourth = Named("C_ssT", 2);
                yield return new ContractedEquation("n Cov(s, s), and the fourth cumulant of a row by three: what fourth derivatives meet.", withFourth[P, Q], rows.WithItself[P, Q] + (cumulant[P, Q] / 3));
            }

            yield return new GaussianStatement("P H_M = A H: the modes of the next kernel averaged over the layer, E_u H_M(alpha phi + eps u), u ~ N(0, Q).", GaussianRecipe.CarriedModes, [carried[Order, Q, I, J]], [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip)]);
            yield return new ContractedEquation("n Cov(s_p, xi(P H_M)).", withCarried[Order, P, Q, I], carried[Order, Q, I, J] * withMode[Order, P, Q, J]);
            yield return new GaussianStatement("sum_r n Cov(s_r, xi(P D_r H_M)), with D_r = d_e d_f for the pair r, both orders of e and f.", GaussianRecipe.SecondDerivatives, [curvature[Order, Q, I]], [Here(withCarried), Here(rows.WithKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip.Pow(2))]);
            yield return new GaussianStatement("sum_ru n Cov(s_r, s_u) E[D_r D_u H_M]: order 4 alone.", GaussianRecipe.FourthDerivatives, [second[Order, Q, I]], [Here(withFourth), Next(Notation.MeanKernel)]);
        }
        else
        {
            yield return new GaussianStatement("P H_M = H_M + eps^2 A H: the modes move with K0.", GaussianRecipe.DriftOfModes, [carried[Order, Q, I, J]], [Here(Notation.MeanKernel), Here(rows.CovarianceTensor)]);
            yield return new GaussianStatement("sum_r n Cov(s_r, xi(D_r H_M)), with D_r = d_e d_f for the pair r, both orders of e and f.", GaussianRecipe.SecondDerivatives, [curvature[Order, Q, I]], [Here(withMode), Here(rows.WithKernel), Here(Notation.MeanKernel), new ScalarArgument(Expression.One)]);
        }

        yield return CovarianceOfKernel(rows);
        yield return new ContractedEquation("The covariance of G with a mode; noise is uncorrelated between different orders.", mixed[Order, P, Q, I], Evolved(covarianceWithMode, mixed[Order, P, Q, I]), IsNext: true);
        yield return MeanOfKernel(rows);
        yield return new ContractedEquation("The means of the modes at order 1/n.", mean[Order, Q, I], Evolved(meanOfMode, mean[Order, Q, I]), IsNext: true);
    }

    private Expression CovarianceNext(Tensor withKernel, Expression driveWithDrive)
    {
        Expression fluctuation = OverPairs(_map.Fluctuation);
        return Bilinear(fluctuation, Renamed(fluctuation, (P, Q)), (left, right) =>
            left.Tensor == Drive
                ? right.Tensor == Drive ? driveWithDrive : withKernel[P, Q]
                : right.Tensor == Drive ? withKernel[Q, P] : Covariance[P, Q]);
    }

    private ContractedEquation CovarianceOfKernel(LayerRows rows) =>
        new("The covariance of G.", Covariance[P, Q], Evolved(CovarianceNext(rows.WithKernel, rows.WithItself[P, Q]), Covariance[P, Q]) + Noise[P, Q], IsNext: true);

    // The map has U as C_W U1, which is what it is of one dense layer.
    private ContractedEquation MeanOfKernel(LayerRows rows) => new(
        "The mean of G at order 1/n.", MeanCorrection[P],
        Evolved(OverPairs(_map.Mean).Expand().Rewrite(node => node is Indexed each && each.Tensor == SigmaCorrection ? rows.Mean(each.Indices[0]) / Notation.WeightVariance : null), MeanCorrection[P]), IsNext: true);

    private static IReadOnlyList<MomentStatement> Quantities(IReadOnlyList<MomentStatement> branch) => MomentStatements.Needed(branch, new HashSet<string>(StringComparer.Ordinal) { SigmaCorrection.Name, MeanSigmaKernel.Name });

    // n Cov(S, G) and n Cov(S, S): those of s without C_W, and what they add to V4.
    private MomentStatement[] Correlations(IReadOnlyList<MomentStatement> branch, LayerRows rows)
    {
        (Tensor Of, Tensor Sigma, int Power)[] names = [(rows.WithKernel, Named("C_SG", 2), 1), .. rows.WithMode is { } withMode ? [(withMode, Named("C_SM", 4), 1)] : Array.Empty<(Tensor, Tensor, int)>(), (rows.WithItself, Named("C_SS", 2), 2)];
        IEnumerable<MomentStatement> overlaps = branch.OfType<GaussianStatement>().Where(statement => statement.Recipe == GaussianRecipe.ContractWithOverlaps);
        IEnumerable<MomentStatement> sigma = names.Select(name =>
        {
            ContractedEquation drive = branch.OfType<ContractedEquation>().Single(equation => equation.Variable.Tensor.Name == name.Of.Name);
            Expression right = drive.RightSide.Rewrite(node => node is Indexed each && names.FirstOrDefault(other => other.Of.Name == each.Tensor.Name && other.Power == 1) is { Sigma: not null } known ? Notation.WeightVariance * known.Sigma[each.Indices] : null);
            string meaning = drive.Meaning.Split(", s =", StringSplitOptions.None)[0].TrimEnd('.').Replace("s_p", "S_p", StringComparison.Ordinal).Replace("s_q", "S_q", StringComparison.Ordinal) + ".";
            return (MomentStatement)new ContractedEquation(meaning, name.Sigma[drive.Variable.Indices], (right / Notation.WeightVariance.Pow(name.Power)).Expand());
        });
        return [.. overlaps, .. sigma, Transport(CovarianceNext(rows.WithKernel, DriveWithDrive[P, Q]), rows.WithKernel, Named("C_SG", 2), Named("C_SS", 2))];
    }

    private ContractedEquation[] FluctuationEquations(BranchDerivation derived)
    {
        return !IsProgram ? [NextFluctuation, new("s = C_W xi(sigma sigma).", Drive[P], derived.StreamDrive!.Expand())] : [.. derived.Paths, NextFluctuation];
    }

    private ContractedEquation NextFluctuation => new("g at the next layer, without its noise.", KernelFluctuation[P], OverPairs(_map.Fluctuation).Expand(), IsNext: true);

    // What s adds to V4 in a layer, over eps^2; its rate in depth time.
    private ContractedEquation Transport(Expression covariance, Tensor withKernel, Tensor sigmaWithKernel, Tensor sigmaWithSigma)
    {
        Expression added = covariance.Rewrite(node => node is not Indexed each ? null
            : each.Tensor == withKernel ? Notation.WeightVariance * sigmaWithKernel[each.Indices]
            : each.Tensor == DriveWithDrive ? Notation.WeightVariance.Pow(2) * sigmaWithSigma[each.Indices]
            : each.Tensor == Covariance ? Expression.Zero : null);
        return new("What s adds to V4, over eps^2.", Named("transport", 2)[P, Q], IsDiscrete ? (added / Notation.Step.Pow(2)).Expand() : DepthTimeLimit.Rate(added));
    }

    private EquationSystem Span(IClosure closure)
    {
        Tensor observable = Named("xi", 1), covariance = Named("V", 2), mean = Named("m", 1), carried = InOneBlock("A", 2), response = InOneBlock("R", 2), curvature = InOneBlock("D", 3), fourth = InOneBlock("F", 3), noise = Named("N", 2);
        Tensor withPresent = Named("C_Pf", 2), nextWithDrive = Named("C_Ps", 2);
        DriveOfList drive = IsProgram ? ProgramDrive() : PlainDrive(observable, covariance, mean);
        Tensor withDrive = drive.WithObservable, withItself = drive.WithItself;
        Expression Carried(Func<TensorIndex, Expression> of) => IsDiscrete
            ? carried[First, Third] * of(Third)
            : of(First) + (Notation.Step.Pow(2) * carried[First, Third] * of(Third));
        Expression fluctuation = FunctionLayerMap.Fluctuation(Carried(index => observable[index]), Drive[W], response[First, W]);
        Expression meanNext = FunctionLayerMap.Mean(
            Carried(index => mean[index]), SigmaCorrection[W], response[First, W], curvature[First, W, Third] * withDrive[W, Third], fourth[First, W, X] * drive.WithFourth[W, X]).Expand();
        if (drive.Rows is { } made)
            meanNext = meanNext.Rewrite(node => node is Indexed each && each.Tensor == SigmaCorrection ? made.Mean(each.Indices[0]) / Notation.WeightVariance : null).Expand();

        // Cov of xi' with xi_J, then with s_w, then with xi_J': each is linear in one of the two.
        Expression present = Bilinear(fluctuation, observable[Second], (left, _) => left.Tensor == Drive ? withDrive[left.Indices[0], Second] : covariance[left.Indices[0], Second]);
        Expression presentDrive = Bilinear(Renamed(fluctuation, (W, V)), Drive[W], (left, right) => left.Tensor == Drive ? withItself[left.Indices[0], right.Indices[0]] : withDrive[right.Indices[0], left.Indices[0]]);
        Expression next = Bilinear(Renamed(fluctuation, (First, Second)), observable[First], (left, _) => left.Tensor == Drive ? nextWithDrive[First, left.Indices[0]] : withPresent[First, left.Indices[0]]);

        Tensor rows = drive.Rows?.CovarianceTensor ?? Notation.MeanRowCovariance;
        Expression noiseOf = noise[First, Second], width = _isWide ? StepLetters.Width : Expression.One;
        List<MomentStatement> step = [.. drive.Statements, .. Kernel(drive.Rows)];
        if (IsDiscrete)
        {
            step.Add(new GaussianStatement("P f_I = A f, and P D_v f_I = R + D f, E[D_v D_w f_I] = F: f of the next layer averaged over the layer, f(alpha phi + eps u), u ~ N(0, Q), projected on the observables of the block; D_v = d_e d_f for the pair v, both orders of e and f.", GaussianRecipe.CarriedObservables, [carried[First, Third], response[First, W], curvature[First, W, Third], fourth[First, W, X]], [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip)]));
            step.Add(new GaussianStatement("The noise of one layer, E_K0'[f_I f_J] - E_K0[P f_I P f_J].", GaussianRecipe.NoiseOfObservables, [noise[First, Second]], [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip)]));
            if (drive.Rows?.LostNoise is { } lost)
            {
                Tensor half = Named("lost_f", 2), both = Named("lost_ff", 2);
                step.Add(BlockStatements.Lift(lost, out Tensor lifted));
                step.Add(new ContractedEquation("What the rows vary less, in xi_I.", half[First, W], response[First, V] * lifted[V, W]));
                step.Add(new ContractedEquation("In both.", both[First, Second], response[Second, W] * half[First, W]));
                noiseOf -= FunctionLayerMap.Coefficients(1)[1].Pow(2) * both[First, Second];
            }

            step.Add(new ContractedEquation("n Cov(xi_I', xi_J).", withPresent[First, Second], present));
            step.Add(new ContractedEquation("n Cov(xi_I', s_w).", nextWithDrive[First, W], presentDrive));
            step.Add(new ContractedEquation("n Cov(xi_I', xi_J').", covariance[First, Second], next + (noiseOf / width).Expand(), IsNext: true));
        }
        else
        {
            step.Add(new GaussianStatement("P f_I = f_I + eps^2 A f, and D_v f_I = R + D f: A is 1/2 Q:dd, projected on the observables of the block; D_v = d_e d_f for the pair v, both orders of e and f.", GaussianRecipe.DriftOfObservables, [carried[First, Third], response[First, W], curvature[First, W, Third]], [Here(Notation.MeanKernel), Here(rows)]));
            step.Add(new GaussianStatement("The noise, E[d_e f_I Q_ef d_f f_J].", GaussianRecipe.NoiseRateOfObservables, [noise[First, Second]], [Here(Notation.MeanKernel), Here(rows)]));
            step.Add(new ContractedEquation("n Cov(d xi_I/dt, xi_J).", withPresent[First, Second], DepthTimeLimit.Rate(present - covariance[First, Second])));
            step.Add(new ContractedEquation("n d/dt Cov(xi_I, xi_J).", covariance[First, Second], withPresent[First, Second] + withPresent[Second, First] + (noiseOf / width), IsNext: true));
        }

        step.Add(new ContractedEquation("The means at order 1/n.", mean[First], Evolved(meanNext, mean[First]), IsNext: true));
        return new EquationSystem(
            closure,
            _form,
            [new(Notation.MeanKernel, [Notation.A, Notation.B]), new(SourceOnly, [P, Q]), new(covariance, [First, Second]), new(mean, [First])],
            [Independent(SourceOnly), new GaussianStatement("The covariances of independent rows.", GaussianRecipe.GramMatrix, [covariance[First, Second]], [Here(Notation.MeanKernel)])],
            step,
            drive.Quantities,
            drive.Correlations)
        {
            Fluctuations = drive.Fluctuation is { } s ? [new("xi at the next layer, without its noise.", observable[First], fluctuation.Expand(), IsNext: true), new("s = C_W xi(sigma sigma).", Drive[V], s.Expand())] : [],
            Response = drive.Response,
            Normed = drive.Normed,
        };
    }

    // What a list of observables says of the rows of a layer.
    private sealed record DriveOfList(IReadOnlyList<MomentStatement> Statements, Tensor WithObservable, Tensor WithItself)
    {
        // n Cov(s, s), and the fourth cumulant of a row by three.
        public required Tensor WithFourth { get; init; }

        // Of a program.
        public LayerRows? Rows { get; init; }

        public IReadOnlyList<MomentStatement> Response { get; init; } = [];

        public IReadOnlyList<Tensor> Normed { get; init; } = [];

        // Of the plain network.
        public Expression? Fluctuation { get; init; }

        public IReadOnlyList<MomentStatement> Quantities { get; init; } = [];

        public IReadOnlyList<MomentStatement> Correlations { get; init; } = [];
    }

    private static DriveOfList PlainDrive(Tensor observable, Tensor covariance, Tensor mean)
    {
        Tensor projection = InOneBlock("Pi", 2), withDrive = Named("C_sf", 2);
        Expression drive = Notation.WeightVariance * projection[V, Third] * observable[Third];
        GaussianStatement expansion = new("xi(sigma sigma) = Pi xi: the projection on the observables of a block (exact where sigma sigma is one of them).", GaussianRecipe.SigmaKernelInObservables, [MeanSigmaKernel[P], projection[V, Third]], [Here(Notation.MeanKernel)]);
        ContractedEquation correction = new("U1 = n (E S - E2), in the means.", SigmaCorrection[V], projection[V, Third] * mean[Third]);
        return new(
            [
                expansion,
                new ContractedEquation("n Cov(s_v, xi_I), s = C_W xi(sigma sigma).", withDrive[V, First],
                    Bilinear(drive, observable[First], (left, _) => covariance[left.Indices[0], First])),
                new ContractedEquation("n Cov(s_v, s_w).", DriveWithDrive[V, W], Bilinear(Renamed(drive, (V, W)), Drive[V], (left, _) => withDrive[V, left.Indices[0]])),
                correction,
            ],
            withDrive, DriveWithDrive)
        {
            WithFourth = DriveWithDrive,
            Fluctuation = drive,
            Quantities = [expansion, correction],
            Correlations = [new ContractedEquation("n Cov(S_v, xi_I).", Named("C_Sf", 2)[V, First], projection[V, Third] * covariance[Third, First])],
        };
    }

    private DriveOfList ProgramDrive()
    {
        (IReadOnlyList<MomentStatement> branch, LayerRows rows, BranchDerivation derived) = Rows(FieldReading.Observables);
        var statements = new List<MomentStatement>(branch);
        Tensor fourth = rows.WithItself;
        if (rows.FourthCumulant is { } cumulant && IsDiscrete)
        {
            fourth = Named("C_ssT", 2);
            statements.Add(BlockStatements.Lift(cumulant, out Tensor lifted));
            statements.Add(new ContractedEquation("n Cov(s, s), and the fourth cumulant of a row by three: what fourth derivatives meet.", fourth[V, W], rows.WithItself[V, W] + (lifted[V, W] / 3)));
        }

        return new(statements, rows.WithKernel, rows.WithItself) { WithFourth = fourth, Rows = rows, Response = ResponseOfKernel(derived, rows), Normed = derived.Normed };
    }

    // Q where rows have none yet, K0', the noise of G, and V4 without transport.
    private IEnumerable<MomentStatement> Kernel(LayerRows? rows)
    {
        Expression withoutDrive = OverPairs(_map.Fluctuation).Substitute(Drive[P], 0);
        Expression carried = Bilinear(withoutDrive, Renamed(withoutDrive, (P, Q)), (_, _) => SourceOnly[P, Q]);
        Tensor? named = rows is null ? null : Notation.MeanRowCovariance with { Name = rows.CovarianceTensor.Name, Latex = rows.CovarianceTensor.Latex };
        if (rows is null)
            yield return new ComponentEquation("The row covariance at infinite width.", Notation.MeanRowCovariance[Notation.A, Notation.B], BlockLaw.Derive().RowCovariance.Rewrite(node => node is Indexed sigma && sigma.Tensor == Notation.SigmaKernel ? MeanSigmaKernel[P] : null));
        yield return new ComponentEquation("K0.", Notation.MeanKernel[Notation.A, Notation.B], Evolved(LayerLaw.AtInfiniteWidth(_law.Mean, named), Notation.MeanKernel[Notation.A, Notation.B]), IsNext: true);
        Expression noise = LayerLaw.AtInfiniteWidth(_law.Covariance, named) / (_isWide ? StepLetters.Width : Expression.One);
        if (rows?.LostNoise is { } lost)
            noise -= Notation.Step.Pow(4) * lost[P, Q] / (_isWide ? StepLetters.Width : Expression.One);
        yield return new ComponentEquation("The noise of G, from the block law.", Noise[P, Q], Evolved(noise, Expression.Zero));
        yield return new ContractedEquation("V4 without transport.", SourceOnly[P, Q], Evolved(carried, SourceOnly[P, Q]) + Noise[P, Q], IsNext: true);
    }

    private static ComponentEquation Independent(Tensor tensor) =>
        new("The covariance of independent rows.", tensor[P, Q], ModeDynamics.Overlap([Notation.A, Notation.B], [Notation.C, Notation.D]), IsNext: true);

    private Expression Evolved(Expression next, Expression present) => IsDiscrete ? next.Expand() : DepthTimeLimit.Rate(next - present);
}
