// The tangent kernel Theta_ab = (1/n) sum over neurons i and parameters w of (d phi_ia/dw)(d phi_ib/dw), all parameters in units in which they have variance 1.
//   1. Give every parameter a direction eta_w ~ N(0, 1): Theta is the kernel of the rows d phi = sum_w (d phi/dw) eta_w, averaged over eta. A layer makes them of rows
//      dU = W (sigma' d phi) + dW sigma + db of the covariance C_W <Theta_ii sigma'_a sigma'_b> + Qhat given phi, so that Theta follows the law of a layer (LayerLaw,
//      KernelMap) with Theta for G, and with this for Qhat.
//   2. Its own noise is of a higher order: the variance of (1/n) sum_ij W_i M W_j has (1/n^2) sum_ij Theta_ij^2 = O(1/n) in it, and <Theta_ii f'f'> - Theta <f'f'> is O(1/n).
//      Parameters may learn at other rates: dW and db then have these for variances, and sigma sigma and C_b in Qhat are multiplied by them.
//   3. So theta = sqrt(n) (Theta - Theta0) is linear in what is known: a stage of a branch makes of the rows that it reads, with x = f(D phi),
//        t = [f'f'] D D theta + Theta0 D D (L'_a g_aa + L'_b g_bb) [f'f'] + Theta0 D D xi(f'f'),       zeta = C_W t + s
//      with the same masks, taps and neurons as S: their noise is correlated with that of S.
//   4. theta and g of the next layer follow from zeta and s (KernelMap); their covariances from those of what they are made of (FluctuationRows).

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>Adds the tangent kernel to the moment system of a step: its mean, n Cov with itself and with G.</summary>
internal sealed class TangentDerivation
{
    /// <summary>The mean, over pairs.</summary>
    public static readonly Tensor Mean = Named("Theta0", 1);

    /// <summary>n Cov(Theta_p, Theta_q).</summary>
    public static readonly Tensor Variance = Named("VarTheta", 2);

    /// <summary>n Cov(Theta_p, G_q).</summary>
    public static readonly Tensor WithKernel = Named("CovThetaG", 2);

    /// <summary>n (E Theta_p - Theta0_p).</summary>
    public static readonly Tensor Correction = Named("Theta1", 1);

    /// <summary>(1/n) sum over neurons i, j of Theta_ij^2, of the part that is symmetric in them: one output v phi/sqrt(n) in place of the trace has n Var = VarTheta + 2 tau.</summary>
    public static readonly Tensor TwoNeurons = Named("tau", 1);

    /// <summary>theta = sqrt(n) (Theta - Theta0), over pairs.</summary>
    internal static readonly Tensor Fluctuation = Named("theta", 1);

    /// <summary>n Cov(Theta_p, xi(H_M)).</summary>
    internal static readonly Tensor WithMode = Named("V_TM", 4);

    /// <summary>n Cov(Theta_v, xi_I), of lists of observables.</summary>
    internal static readonly Tensor WithObservable = Named("V_Tf", 2);

    private readonly List<MomentStatement> _statements = [];
    private readonly List<TangentPath> _paths = [];
    private readonly Dictionary<string, Expression> _normedEquations = new(StringComparer.Ordinal); // rows that read the stream through a norm, in g after it
    private Tensor? _normOfStream;
    private readonly FluctuationRows _rows;
    private readonly FluctuationRow _theta, _kernel;
    private readonly StepLetters _letters;
    private readonly bool _hasModes, _hasObservables, _isWide;
    private readonly TwoNeuronDerivation? _pairs; // where the mean at order 1/n is wanted

    private TangentDerivation(StreamStep step, KeptAverages keeps, bool isWide, bool hasMean)
    {
        (_hasModes, _hasObservables, _isWide, _letters) = (keeps is KeptModes, keeps is KeptObservables, isWide, new(step));
        _rows = new(_statements, isWide ? 1 / (Expression)StepLetters.WidthBefore : Expression.One, _hasObservables ? Followed.Observables : Followed.Modes);
        _kernel = _rows.Given(KernelFluctuation, _hasModes ? WithModes : null);
        _theta = _rows.Given(Fluctuation, _hasModes ? WithMode : _hasObservables ? WithObservable : null);
        _rows.Give(_kernel, _kernel, Covariance);
        _rows.Give(_theta, _theta, Variance);
        _rows.Give(_theta, _kernel, WithKernel);
        if (hasMean)
            (_pairs = new(_statements, keeps)).Start();
    }

    /// <summary>The system with the tangent kernel.</summary>
    /// <param name="system">The equations of the step, on modes or on the kernel alone.</param>
    /// <param name="step">The step.</param>
    /// <param name="isWide">Whether the stream has another width than n, before or after it.</param>
    /// <param name="first">The learning rate of the layer before layer 0, from the data; 0 where it is not trained.</param>
    /// <param name="hasMean">Whether the mean at order 1/n and tau are wanted, which <see cref="WithoutMean"/> allows for all steps.</param>
    /// <exception cref="LayerProgramException">The step does something that is not derived.</exception>
    public static EquationSystem Extend(EquationSystem system, StreamStep step, bool isWide, Rational first, bool hasMean)
    {
        var derivation = new TangentDerivation(step, system.Closure.Keeps, isWide, hasMean);
        (bool hasModes, bool hasObservables) = (derivation._hasModes, derivation._hasObservables);
        if (step is StreamUpdate update)
            derivation.Update(update);
        else
            derivation.Norm();
        StateVariable[] state =
        [
            .. hasObservables ? [new(Mean, [P]), new(Variance, [V, W]), new(WithObservable, [V, First])]
                : new StateVariable[] { new(Mean, [P]), new(Variance, [P, Q]), new(WithKernel, [P, Q]) },
            .. hasModes ? [new(WithMode, [Order, P, Q, I])] : Array.Empty<StateVariable>(),
            .. hasMean ? [new(Correction, [hasObservables ? V : P]), new(TwoNeurons, [P]), .. derivation._pairs!.State] : Array.Empty<StateVariable>(),
        ];
        List<MomentStatement> initial = [.. system.Initial];
        if (!first.IsZero)
        {
            Expression ofFirst = first * OverPair(Notation.MeanKernel, P);
            initial.Add(new ContractedEquation("The first dense layer, from the data.", Mean[P], ofFirst, IsNext: true));
            if (hasMean)
                initial.Add(new ContractedEquation("Its tangents of two neurons are independent.", TwoNeurons[P], ofFirst.Pow(2), IsNext: true));
        }

        // What fluctuates is a number of its own in every block that sees it.
        IEnumerable<MomentStatement> statements = !hasObservables ? derivation._statements : BlockStatements.Of(derivation._statements, system.Step, Variance[V, W], WithObservable[V, First], Named("V", 2)[First, Second], Named("m", 1)[First], Correction[V]);

        // Overlaps of the modes of s serve both.
        HashSet<string> said = [.. system.Step.OfType<GaussianStatement>().Select(SystemText.Of)];
        return system with
        {
            State = [.. system.State, .. state],
            Initial = initial,
            Step = [.. system.Step, .. statements.Where(statement => statement is not GaussianStatement gaussian || !said.Contains(SystemText.Of(gaussian)))],
            Tangents = hasObservables ? null : derivation.Paths(),
        };
    }

    /// <summary>
    /// Why the mean at order 1/n and tau are not derived, in words that follow "because"; null where they are: of steps with one branch, a norm first or none, activations and dense
    /// layers with Gaussian weights.
    /// </summary>
    /// <param name="steps">What the program does to the stream.</param>
    public static string? WithoutMean(IReadOnlyList<StreamStep> steps)
    {
        foreach (StreamUpdate update in steps.OfType<StreamUpdate>())
        {
            if (update.Width != 1)
                return $"{update.Path} changes the width of the stream";
            if (update.Branches.Count > 1)
                return $"{update.Path} has branches beside each other, whose tangents are correlated";
            foreach (BranchStage stage in update.Branches[0].Stages)
            {
                string? reason = stage.Keep != 1 ? "dropout" : stage.Taps.Count > 0 ? "taps" : stage.Weights != WeightKind.Gaussian ? "weights that are not Gaussian" : null;
                if (reason is not null)
                    return $"{stage.Path} has {reason}";
            }
        }

        return null;
    }

    private TangentPaths Paths()
    {
        ContractedEquation[] rows = [.. _rows.Equations];
        return new(
            [
                .. rows.Select(row => _normedEquations.TryGetValue(row.Variable.Tensor.Name, out Expression? normed) ? row with { RightSide = normed.Expand() } : row),
                .. _normedEquations.Where(each => rows.All(row => row.Variable.Tensor.Name != each.Key)).Select(each => new ContractedEquation("", Named(each.Key, 1)[P], each.Value)),
            ],
            _paths,
            _normOfStream);
    }

    private void Update(StreamUpdate update)
    {
        List<Made> outputs = [.. update.Branches.Select(Chain)];
        KernelMap map = KernelMap.Of(LayerLaw.OfNetwork);
        FluctuationRow Next(Tensor letter, FluctuationRow of, Func<Made, FluctuationRow> added) => _rows.Define(
            letter,
            OverPairs(map.Fluctuation).Expand().Rewrite(node => node is not Indexed each ? null
                : each.Tensor == KernelFluctuation ? of[P]
                : each.Tensor == Drive ? Expression.Add(outputs.Select(output => added(output)[P])) : null));
        FluctuationRow kernel = _hasObservables ? _kernel : Next(Named("g_next", 1), _kernel, output => output.Drive), theta = Next(Named("theta_next", 1), _theta, output => output.Tangent);
        Expression mean = LayerLaw.OfNetwork.Mean.Rewrite(node => node is not Indexed each ? null
            : each.Tensor == Notation.Kernel ? Mean[P]
            : each.Tensor == Notation.RowCovariance ? Expression.Add(outputs.Select(output => (Expression)output.Mean[P])) : null);
        Tensor meanNext = Named("Theta0_next", 1);
        Say(new ContractedEquation("The mean of the tangent kernel: the law of a layer.", meanNext[P], mean.Expand()));
        Say(new ContractedEquation("The mean of the tangent kernel.", Mean[P], meanNext[P], IsNext: true));
        if (outputs[0].NextOrder is var (correction, pairs))
        {
            Expression ofLayer = OverPairs(map.Mean).Expand().Rewrite(node => node is not Indexed each ? null
                : each.Tensor == MeanCorrection ? Correction[P]
                : each.Tensor == SigmaCorrection ? correction[P] / Notation.WeightVariance : null);
            Say(new ContractedEquation("The mean at order 1/n: the law of a layer.", Correction[P], ofLayer.Expand(), IsNext: true));
            _pairs!.Update(pairs, meanNext);
        }

        if (_hasObservables)
            Finish(theta, outputs);
        else
            Finish(theta, kernel, isCarried: true);
    }

    // phi' = D phi.
    private void Norm()
    {
        FluctuationRow theta = Normed("", _letters.Gain(0, 0), _letters.Epsilon(0, 0), out Tensor mean);
        _normOfStream = theta.Tensor;
        FluctuationRow kernel = _rows.Define(Named("g_next", 1), Named("Nr", 2)[P, R] * _kernel[R]);
        Say(new ContractedEquation("The mean of the tangent kernel.", Mean[P], mean[P], IsNext: true));
        if (_pairs is not null)
        {
            Tensor scaled = NormedCorrection("", _letters.Gain(0, 0), _letters.Epsilon(0, 0)), added = _pairs.Norm(_letters.Gain(0, 0), _letters.Epsilon(0, 0), mean);
            Say(new ContractedEquation("The mean at order 1/n.", Correction[P], scaled[P] + added[P], IsNext: true));
        }

        Finish(theta, kernel, isCarried: false);
    }

    private void Finish(FluctuationRow theta, FluctuationRow kernel, bool isCarried)
    {
        Expression Of(FluctuationRow left, FluctuationRow right) => _rows.Covariance(left, right)?.Invoke(P, Q) ?? Expression.Zero;
        Expression variance = Of(theta, theta), withKernel = Of(theta, kernel);
        Say(new ContractedEquation("The covariance of the tangent kernel; its own noise is of a higher order.", Variance[P, Q], variance, IsNext: true));
        Say(new ContractedEquation("Its covariance with G.", WithKernel[P, Q], withKernel, IsNext: true));
        if (!_hasModes)
            return;
        Tensor? modes = _rows.WithModes(theta);
        Expression next = modes is null ? Expression.Zero
            : isCarried ? Named("A", 4)[Order, Q, I, J] * modes[Order, P, Q, J]
            : modes[Order, P, Q, I];
        Say(new ContractedEquation("Its covariance with a mode.", WithMode[Order, P, Q, I], next, IsNext: true));
    }

    // Of a list: xi_I of the next layer is linear in the observables of its block and in s.
    private void Finish(FluctuationRow theta, IReadOnlyList<Made> outputs)
    {
        Say(new ContractedEquation("The covariance of the tangent kernel; its own noise is of a higher order.", Variance[P, Q], _rows.Covariance(theta, theta)!(P, Q), IsNext: true));
        Tensor withObservables = _rows.WithModes(theta)!;
        Expression withDrive = Expression.Add(outputs.Select(output => _rows.Covariance(theta, output.Drive)?.Invoke(V, W) ?? Expression.Zero));
        Expression next = FunctionLayerMap.Fluctuation(InOneBlock("A", 2)[First, Third] * withObservables[V, Third], Expression.One, withDrive * InOneBlock("R", 2)[First, W]);
        Say(new ContractedEquation("Its covariance with an observable.", WithObservable[V, First], next, IsNext: true));
    }

    private Made Chain(Branch branch, int at)
    {
        if (branch.Stages.FirstOrDefault(stage => stage.Before.Count > 0) is { } nested)
            throw new LayerProgramException($"{nested.Before[0].Path} is an update inside a branch, whose tangent kernel is not derived; use residuals of the stream, or leave ntk out.");
        if (branch.Stages.Skip(1).FirstOrDefault(stage => stage.Norm is not null) is { } normed)
            throw new LayerProgramException($"{normed.Path} reads rows of a dense layer through a norm, whose tangent kernel is not derived; put the norm before the first dense layer of the branch, or leave ntk out.");
        Read rows = FromStream(branch.Stages[0], at);
        Made made = Finished(branch.Stages[0], at, 0, rows, branch.Stages.Count == 1);
        for (int stage = 1; stage < branch.Stages.Count; stage++)
            made = Finished(branch.Stages[stage], at, stage, FromRows(branch.Stages[stage], at, stage, made), stage == branch.Stages.Count - 1);
        return made;
    }

    // Theta of D phi, and its fluctuation.
    private FluctuationRow Normed(string x, Symbol gain, Symbol epsilon, out Tensor mean)
    {
        Tensor scale = Named("DD_T" + x, 1), response = Named("N_T" + x, 2);
        mean = Named("Theta_n" + x, 1);
        NormScale of = NormScale.Of(gain, epsilon);
        Say(new ComponentEquation("D_a D_b.", scale[P], of.Product));
        Say(new ContractedEquation("Theta after the norm.", mean[P], scale[P] * Mean[P]));
        Say(new ComponentEquation("Its derivative in G of the pair q, through D.", response[P, Q], OverInputs(Mean, Notation.A, Notation.B) * of.Slope));
        return _rows.Define(Named("theta_n" + x, 1), (scale[P] * _theta[P]) + (response[P, R] * _kernel[R]));
    }

    // n (E D_a D_b Theta - Theta0 at K0), to second order in what fluctuates.
    private Tensor NormedCorrection(string x, Symbol gain, Symbol epsilon)
    {
        Tensor correction = Named("Theta1_n" + x, 1), mean = new("Theta0", "Theta0", 2, TensorSymmetry.Symmetric), own = new("Theta1", "Theta1", 2, TensorSymmetry.Symmetric), kernel = new("K1", "K1", 2, TensorSymmetry.Symmetric);
        Tensor withKernel = new(WithKernel.Name, WithKernel.Latex, 4), covariance = new(Covariance.Name, Covariance.Latex, 4);
        (TensorIndex a, TensorIndex b) = (Notation.A, Notation.B);
        (Symbol Variable, TensorIndex Input)[] variables = [(NormDerivation.Kaa, a), (NormDerivation.Kbb, b)];
        Expression product = NormDerivation.Scale(NormDerivation.Kaa, gain, epsilon) * NormDerivation.Scale(NormDerivation.Kbb, gain, epsilon);
        Say(new ComponentEquation(
            "D_a D_b Theta at order 1/n.", correction[P],
            (NormDerivation.AtKernel(product) * own[a, b])
                + Expression.Add(variables.Select(each => NormDerivation.AtKernel(product.Differentiate(each.Variable)) * ((mean[a, b] * kernel[each.Input, each.Input]) + withKernel[a, b, each.Input, each.Input])))
                + Expression.Add(
                    from left in variables
                    from right in variables
                    select Expression.Half * NormDerivation.AtKernel(product.Differentiate(left.Variable).Differentiate(right.Variable)) * mean[a, b] * covariance[left.Input, left.Input, right.Input, right.Input])));
        return correction;
    }

    // n (E Theta_s - Theta0_s) of the rows of a stage: of f'_a f'_b Theta, of f'_a f'_b (Theta_ii - Theta), and of the weights after it.
    private Tensor OfRows(string x, Symbol weight, Expression rate, Tensor? gain, Tensor before, Tensor correction, Expression? slopes, FluctuationRow tangent, FluctuationRow? both, Tensor diagonal)
    {
        Tensor made = Named("Theta1_s" + x, 1), own = Named("C_theta_slopes" + x, 1), unit = Named("unit_T" + x, 2), mean = Named("U1_slopes" + x, 1);
        Expression sum = correction[P] * (gain is null ? Expression.One : gain[P]);
        if (slopes is not null)
        {
            Say(new ContractedEquation("n times the mean of f'_a f'_b beyond infinite width.", mean[P], slopes.Expand()));
            sum += before[P] * mean[P];
            if (_rows.Covariance(tangent, both!)?.Invoke(P, R) is { } covariance)
            {
                Say(new ComponentEquation("The unit matrix over pairs.", unit[P, Q], KroneckerDelta.Of(Notation.A, Notation.C) * KroneckerDelta.Of(Notation.B, Notation.D)));
                Say(new ContractedEquation("n Cov(Theta_p, xi(f'_a f'_b)) of the same pair.", own[P], (covariance * unit[P, R]).Expand()));
                sum += own[P];
            }
        }

        Say(new ContractedEquation("n times the mean of Theta of the rows beyond infinite width.", made[P], (weight * (sum + diagonal[P] + (rate * Named("U1" + x, 1)[P]))).Expand()));
        return made;
    }

    private Read FromStream(BranchStage stage, int branch)
    {
        string x = _letters.Suffix(branch, 0);
        if (stage.IsCentred)
            throw new LayerProgramException($"{stage.Path} reads the stream through layerNorm, whose tangent kernel is not derived; use rmsNorm, or leave ntk out.");
        bool isNormed = stage.Norm is not null;
        if (_hasObservables && isNormed)
            throw new LayerProgramException($"{stage.Path} reads the stream through a norm, with which the tangent kernel is not derived for lists of observables; use hermite(k), or leave ntk out.");
        Tensor kernel = isNormed ? NormDerivation.KernelOf(x) : Notation.MeanKernel, mean = Mean;
        FluctuationRow tangent = isNormed ? Normed(x, _letters.Gain(branch, 0), _letters.Epsilon(branch, 0), out mean) : _theta;
        Tensor norm = Named("Nr" + x, 2);
        Symbol weight = _letters.WeightVariance(branch, 0);
        Tensor? correction = _pairs is null ? null : isNormed ? NormedCorrection(x, _letters.Gain(branch, 0), _letters.Epsilon(branch, 0)) : Correction;
        (Tensor, TwoNeuronRows)? NextOrder(ActivationDefinition of, ActivationDefinition derivative, Tensor? gain, Expression? slopes, FluctuationRow? both)
        {
            if (_pairs is null)
                return null;
            TangentFunctionsOfStage functions = _pairs.Functions(x, of, derivative, kernel, ofRows: false);
            if (isNormed)
                functions = _pairs.Normed(x, functions, _letters.Gain(branch, 0), _letters.Epsilon(branch, 0));
            return (OfRows(x, weight, RateOf(stage, branch, 0), gain, mean, correction!, slopes, tangent, both, _pairs.MeanOverStream(x, functions.Slopes, isNormed)), _pairs.FromStream(x, functions, weight));
        }

        Tensor kernelAfter = isNormed ? Named("g_n" + x, 1) : _kernel.Tensor;
        if (isNormed)
            _normedEquations[kernelAfter.Name] = norm[P, R] * _kernel[R];
        (Tensor, Tensor, Tensor?, Tensor?, Tensor) reads = (_theta.Tensor, _kernel.Tensor, isNormed ? tangent.Tensor : null, isNormed ? kernelAfter : null, mean);
        if (stage.Activation is not { } function)
        {
            FluctuationRow read = _rows.Define(Named("S" + x, 1), isNormed ? norm[P, R] * _kernel[R] : _hasObservables ? InOneBlock("Pi" + x, 2)[P, Third] * Followed.Observables.Term : _kernel[P]);
            if (isNormed)
                _normedEquations[read.Tensor.Name] = kernelAfter[P];
            return new(Named("E2" + x, 1), read, mean, tangent, kernel, null, WidthBefore)
            {
                Reads = reads,
                NextOrder = NextOrder(TangentFunctions.Identity, TangentFunctions.One, null, null, null),
            };
        }

        ActivationDefinition slope = TangentFunctions.Derivative(function, stage.Path);
        if (_hasObservables)
        {
            Read observed = InObservables(x, kernel, function, slope, out FluctuationRow slopesOfList, out Expression meanOfList);
            return observed with { NextOrder = NextOrder(function, slope, observed.Functions!.Value.Gain, meanOfList, slopesOfList) };
        }

        // f'f' in g and the modes.
        Tensor gain = Named("D" + x, 1), response = Named("D2" + x, 2), orders = Named("DB" + x, 3);
        Say(new GaussianStatement("sigma'_a sigma'_b = D + D2 g + DB H.", GaussianRecipe.SigmaKernelInModes, [gain[P], response[P, R], orders[Order, P, J]], [Here(kernel)]) { Function = slope });
        Tensor whole = response;
        if (isNormed)
        {
            whole = Named("D2n" + x, 2);
            Say(new ContractedEquation("The coefficients in g before the norm.", whole[P, Q], response[P, R] * norm[R, Q]));
        }

        Expression drives = InModes(Named((isNormed ? "B2n" : "B2") + x, 2), Named("B" + x, 3)), slopes = InModes(whole, orders);
        bool hasBeyond = _hasModes && slope.Kinks.Count > 0;
        if (hasBeyond)
        {
            FluctuationRow ofDrive = _rows.Given(Named("beyond_S" + x, 1)), ofSlopes = _rows.Given(Named("beyond_y" + x, 1));
            Say(new ComponentEquation("The covariance of the kernel of independent rows.", Named("free_n" + x, 2)[P, Q], Independent(kernel)));
            (ActivationDefinition Function, Tensor Response, Tensor Orders)[] functions = [(function, Named("B2" + x, 2), Named("B" + x, 3)), (slope, response, orders)];
            _rows.Give(ofDrive, ofDrive, Beyond(x, kernel, functions[0], functions[0]));
            _rows.Give(ofDrive, ofSlopes, Beyond(x, kernel, functions[0], functions[1]));
            _rows.Give(ofSlopes, ofSlopes, Beyond(x, kernel, functions[1], functions[1]));
            drives += ofDrive[P];
            slopes += ofSlopes[P];
        }

        FluctuationRow drive = _rows.Define(Named("S" + x, 1), drives), both = _rows.Define(Named("y" + x, 1), slopes);
        if (isNormed)
        {
            _normedEquations[drive.Tensor.Name] = Named("B2" + x, 2)[P, R] * kernelAfter[R];
            _normedEquations[both.Tensor.Name] = response[P, R] * kernelAfter[R];
        }

        Tensor product = Named("Theta_t" + x, 1);
        Say(new ContractedEquation("Theta of sigma(x).", product[P], gain[P] * mean[P]));
        Expression slopesMean = (response[P, R] * (isNormed ? Named("K1n" + x, 1) : MeanCorrection)[R])
            + (orders[Order, P, J] * (_hasModes ? Named(isNormed ? "mn" + x : "m", 3)[Order, P, J] : BranchDerivation.OfTadpole(x)));
        if (_pairs is not null && _hasModes && isNormed)
        {
            Tensor beyond = Named("U_beyond_D" + x, 1);
            Say(new NormDerivation(x, _letters.Gain(branch, 0), _letters.Epsilon(branch, 0)).OfModesBeyond(slope) with { Outputs = [beyond[P]] });
            slopesMean += beyond[P];
        }

        return new(Named("E2" + x, 1), drive, product, _rows.Define(Named("t" + x, 1), (gain[P] * tangent[P]) + (mean[P] * both[P])), kernel, (function, slope, mean, gain), WidthBefore)
        {
            HasBeyond = hasBeyond,
            Reads = reads,
            NextOrder = NextOrder(function, slope, gain, slopesMean, both),
        };
    }

    // f f and f'f' of the stream, projected on the observables of the block.
    private Read InObservables(string x, Tensor kernel, ActivationDefinition function, ActivationDefinition slope, out FluctuationRow both, out Expression slopesMean)
    {
        Tensor gain = Named("E2_D" + x, 1), projection = InOneBlock("Pi_D" + x, 2), product = Named("Theta_t" + x, 1);
        Say(new GaussianStatement("E of sigma' sigma', and its derivative in the kernel.", GaussianRecipe.SigmaKernelOfRows, [gain[P], Named("B2_D" + x, 2)[P, R]], [Here(kernel)]) { Function = slope });
        Say(new GaussianStatement("xi(sigma' sigma') = Pi_D xi: the projection on the observables of a block.", GaussianRecipe.ProductInObservables, [projection[V, Third]], [Here(kernel), Here(kernel)]) { Function = slope });
        FluctuationRow drive = _rows.Define(Named("S" + x, 1), InOneBlock("Pi" + x, 2)[P, Third] * Followed.Observables.Term);
        both = _rows.Define(Named("y" + x, 1), projection[P, Third] * Followed.Observables.Term);
        slopesMean = projection[P, Third] * Named("m", 1)[Third];
        Say(new ContractedEquation("Theta of sigma(x).", product[P], gain[P] * Mean[P]));
        return new(Named("E2" + x, 1), drive, product, _rows.Define(Named("t" + x, 1), (gain[P] * _theta[P]) + (Mean[P] * both[P])), kernel, (function, slope, Mean, gain), WidthBefore)
        {
            Reads = (_theta.Tensor, _kernel.Tensor, null, null, Mean),
        };
    }

    private Expression InModes(Tensor response, Tensor orders) => (response[P, R] * _kernel[R]) + (_hasModes ? orders[Order, P, J] * Followed.Modes.Term : Expression.Zero);

    // Modes of a function with a kink fall slowly, of its derivative more so: what is above those kept is noise of this layer, whose covariance is known whole.
    private Tensor Beyond(string x, Tensor kernel, (ActivationDefinition Function, Tensor Response, Tensor Orders) left, (ActivationDefinition Function, Tensor Response, Tensor Orders) right)
    {
        string names = $"{left.Orders.Name}_{right.Orders.Name}";
        Tensor whole = Named("Cov_" + names, 2), half = Named("free_" + names, 2), beyond = Named("beyond_" + names, 2);
        Say(left == right
            ? new GaussianStatement("Cov(F_p, F_q) of one neuron.", GaussianRecipe.CovarianceOfSigmaKernel, [whole[P, Q]], [Here(kernel)]) { Function = left.Function }
            : new GaussianStatement("Cov(F_p, F'_q) of one neuron.", GaussianRecipe.CovarianceOfProducts, [whole[P, Q]], [Here(kernel)]) { Function = left.Function, Other = right.Function });
        Say(new ContractedEquation("Order 2, on one side.", half[P, Q], left.Response[P, R] * Named("free_n" + x, 2)[R, Q]));
        Tensor contracted = _rows.Overlaps(right.Orders[Order, P, J]).Nodes().OfType<Indexed>().Single().Tensor;
        Say(new ContractedEquation("What modes above those kept hold.", beyond[P, Q], ((whole[P, Q] - (half[P, R] * right.Response[Q, R]) - (left.Orders[Order, P, J] * contracted[Order, Q, P, J])) / WidthBefore).Expand()));
        return beyond;
    }

    private Read FromRows(BranchStage stage, int branch, int at, Made rows)
    {
        string x = _letters.Suffix(branch, at);
        Expression width = _letters.RowWidth(branch, at - 1);
        Tensor kernel = Named("Q" + _letters.Suffix(branch, at - 1), 2), expectation = Named((stage.IsGate ? "E2g" : "E2") + x, 1), response = Named((stage.IsGate ? "Rg" : "R") + x, 2), noise = Named("noise_S" + x, 2);
        FluctuationRow own = _rows.Given(Named("nu" + x, 1));
        _rows.Give(own, own, noise);
        FluctuationRow drive = _rows.Define(Named("S" + x, 1), (response[P, R] * rows.Drive[R]) + own[P]);
        string before = _letters.Suffix(branch, at - 1);
        Symbol weight = _letters.WeightVariance(branch, at);
        (Tensor, TwoNeuronRows)? NextOrder(ActivationDefinition of, ActivationDefinition derivative, Tensor? gain, Expression? slopesMean, FluctuationRow? both)
        {
            if (rows.NextOrder is not var (correction, pairs))
                return null;
            TangentFunctionsOfStage functions = _pairs!.Functions(x, of, derivative, kernel, ofRows: true);
            Tensor diagonal = stage.IsGate ? _pairs.MeanOverGate(x, pairs, functions, kernel) : _pairs.MeanOverRows(x, pairs, functions.Slopes);
            Tensor corrected = OfRows(x, weight, RateOf(stage, branch, at), gain, rows.Mean, correction, slopesMean, rows.Tangent, both, diagonal);
            if (stage.IsGate)
            {
                Tensor fourKernel = Named("Q4" + x, 2);
                Say(new ContractedEquation("E[p p p p].", fourKernel[P, Q], Named("Wick" + x, 2)[P, Q] + Named("QQ" + x, 2)[P, Q]));
                functions = _pairs.Gated(x, functions, new(kernel, Named("E2" + x, 1), gain!, Named("E4" + x, 2), fourKernel, Named("Cov_DDg" + x, 2), Named("delta" + x, 2)));
            }

            return (corrected, _pairs.FromRows(x, pairs, rows.Mean, functions, weight, width));
        }

        (Tensor, Tensor, Tensor?, Tensor?, Tensor) reads = (rows.Tangent.Tensor, rows.Drive.Tensor, null, null, rows.Mean);
        if (stage.Activation is not { } function)
            return new(expectation, drive, rows.Mean, rows.Tangent, kernel, null, width) { Reads = reads, NextOrder = NextOrder(TangentFunctions.Identity, TangentFunctions.One, null, null, null) };
        ActivationDefinition slope = TangentFunctions.Derivative(function, stage.Path);
        Tensor gain = Named("D" + x, 1), slopes = Named("R_D" + x, 2), crossed = Named("Cov_FD" + x, 2), itself = Named("Cov_DD" + x, 2);
        Say(new GaussianStatement("E of sigma' sigma' of Gaussian rows, and its derivative in their covariance.", GaussianRecipe.SigmaKernelOfRows, [gain[P], slopes[P, R]], [Here(kernel)]) { Function = slope });
        Say(new GaussianStatement("Cov(F_p, F'_q) of one neuron, F = sigma sigma and F' = sigma' sigma'.", GaussianRecipe.CovarianceOfProducts, [crossed[P, Q]], [Here(kernel)]) { Function = function, Other = slope });
        Say(new GaussianStatement("Cov(F'_p, F'_q).", GaussianRecipe.CovarianceOfSigmaKernel, [itself[P, Q]], [Here(kernel)]) { Function = slope });
        if (stage.IsGate)
            (gain, slopes, crossed, itself) = Gate(x, kernel, gain, slopes, crossed, itself);

        // The noise of the same neurons; of orthogonal weights rows vary less.
        Tensor withOwn = Named("noise_SD" + x, 2), ofSlopes = Named("noise_D" + x, 2);
        (Expression lostWithOwn, Expression lostOfSlopes) = (Expression.Zero, Expression.Zero);
        if (rows.Lost is { } lost)
        {
            Tensor half = Named("lost_D_half" + x, 2), right = Named("lost_SD" + x, 2), all = Named("lost_D" + x, 2);
            Say(new ContractedEquation("What the rows vary less, in F' on one side.", half[P, Q], slopes[P, R] * lost[R, Q]));
            Say(new ContractedEquation("In F on the other.", right[P, Q], half[Q, R] * response[P, R]));
            Say(new ContractedEquation("In F' on both.", all[P, Q], half[P, R] * slopes[Q, R]));
            (lostWithOwn, lostOfSlopes) = (right[P, Q] / width, all[P, Q] / width);
        }

        Say(new ContractedEquation("The noise of both.", withOwn[P, Q], (crossed[P, Q] / width) - lostWithOwn));
        Say(new ContractedEquation("The noise of F'.", ofSlopes[P, Q], (itself[P, Q] / width) - lostOfSlopes));
        FluctuationRow other = _rows.Given(Named("nu_D" + x, 1));
        _rows.Give(own, other, withOwn);
        _rows.Give(other, other, ofSlopes);
        FluctuationRow both = _rows.Define(Named("y" + x, 1), (slopes[P, R] * rows.Drive[R]) + other[P]);
        Tensor product = Named("Theta_t" + x, 1);
        Say(new ContractedEquation("Theta of sigma(x).", product[P], gain[P] * rows.Mean[P]));
        Expression? slopesMean = null;
        if (rows.NextOrder is not null)
        {
            Tensor curvature = Named("U_ss_D" + x, 1);
            Say(new GaussianStatement("1/8 sum_ru n Cov(s_r, s_u) E[D_r D_u sigma' sigma'].", GaussianRecipe.CurvatureOfSigmaKernel, [curvature[P]], [Here(kernel), Here(Named("C_ssT" + x, 2))]) { Function = slope });
            slopesMean = (_letters.WeightVariance(branch, at - 1) * slopes[P, R] * Named("U1" + before, 1)[R]) + curvature[P];
            if (stage.IsGate)
            {
                // Of sigma sigma + p p sigma' sigma', to second order in s.
                Tensor half = Named("C_Ds" + x, 2), plain = Named("R_D" + x, 2);
                Say(new ContractedEquation("n Cov(E[sigma' sigma'], s).", half[P, Q], plain[P, R] * Named("C_ss" + before, 2)[R, Q]));
                slopesMean = (_letters.WeightVariance(branch, at - 1) * slopes[P, R] * Named("U1" + before, 1)[R]) + Named("U_ss" + x, 1)[P]
                    + (OverPair(kernel, P) * curvature[P]) + (half[P, R] * Named("delta" + x, 2)[P, R]);
            }
        }

        return new(expectation, drive, product, _rows.Define(Named("t" + x, 1), (gain[P] * rows.Tangent[P]) + (rows.Mean[P] * both[P])), kernel, (function, slope, rows.Mean, gain), width)
        {
            IsGate = stage.IsGate,
            Reads = reads,
            Slope = (ofSlopes, gain),
            NextOrder = NextOrder(function, slope, gain, slopesMean, both),
        };
    }

    // p sigma(q): F' is sigma sigma + p p sigma' sigma', of F = p p sigma sigma.
    private (Tensor Gain, Tensor Slopes, Tensor Crossed, Tensor Itself) Gate(string x, Tensor kernel, Tensor gain, Tensor slopes, Tensor crossed, Tensor itself)
    {
        Tensor plain = Named("E2" + x, 1), response = Named("R" + x, 2), products = Named("Cov_F" + x, 2), wick = Named("Wick" + x, 2), kernels = Named("QQ" + x, 2), unit = Named("delta" + x, 2);
        Tensor gainOfBoth = Named("Dg" + x, 1), slopesOfBoth = Named("R_Dg" + x, 2), crossedOfBoth = Named("Cov_FDg" + x, 2), itselfOfBoth = Named("Cov_DDg" + x, 2);
        Tensor means = Named("ED" + x, 2), slopeMeans = Named("DDm" + x, 2), fourfold = Named("E4_FD" + x, 2), fourSlopes = Named("E4_DD" + x, 2), onRight = Named("QCov" + x, 2);
        Say(new ContractedEquation("sigma sigma + p p sigma' sigma'.", gainOfBoth[P], plain[P] + (OverPair(kernel, P) * gain[P])));
        Say(new ContractedEquation("Its response.", slopesOfBoth[P, Q], response[P, Q] + (OverPair(kernel, P) * slopes[P, Q]) + (gain[P] * unit[P, Q])));
        Say(new ContractedEquation("Products of the means.", means[P, Q], plain[P] * gain[Q]));
        Say(new ContractedEquation("Of sigma' sigma'.", slopeMeans[P, Q], gain[P] * gain[Q]));
        Say(new ContractedEquation("E[sigma sigma sigma' sigma'].", fourfold[P, Q], crossed[P, Q] + means[P, Q]));
        Say(new ContractedEquation("E[sigma' sigma' sigma' sigma'].", fourSlopes[P, Q], itself[P, Q] + slopeMeans[P, Q]));
        Say(new ContractedEquation("Cov(F_p, F'_q).", crossedOfBoth[P, Q], (OverPair(kernel, P) * products[P, Q]) + (wick[P, Q] * fourfold[P, Q]) + (kernels[P, Q] * crossed[P, Q])));
        Say(new ContractedEquation("Cov of sigma sigma and p p sigma' sigma'.", onRight[P, Q], crossed[P, Q] * OverPair(kernel, Q)));
        Say(new ContractedEquation("Cov(F'_p, F'_q).", itselfOfBoth[P, Q], products[P, Q] + onRight[P, Q] + onRight[Q, P] + (wick[P, Q] * fourSlopes[P, Q]) + (kernels[P, Q] * itself[P, Q])));
        return (gainOfBoth, slopesOfBoth, crossedOfBoth, itselfOfBoth);
    }

    // Masks, taps, C_W and the bias; the covariances of s that the branch has already are taken from there.
    private Made Finished(BranchStage stage, int branch, int at, Read read, bool isLast)
    {
        string x = _letters.Suffix(branch, at);
        Symbol weight = _letters.WeightVariance(branch, at);
        (FluctuationRow drive, FluctuationRow tangent, Tensor mean) = (read.Drive, read.Tangent, read.TangentMean);
        bool isPlain = stage.Keep == 1 && stage.Taps.Count == 0;
        if (stage.Keep != 1)
            (drive, tangent, mean) = Masked(stage, x, read);
        (Tensor shownDrive, Tensor shown, Tensor shownMean) = (drive.Tensor, tangent.Tensor, mean);
        if (stage.Taps.Count > 0)
        {
            Tensor taps = Named("taps" + x, 2), over = Named("Theta_tt" + x, 1);
            drive = _rows.Define(Named("S" + x + "t", 1), taps[P, R] * drive[R]);
            tangent = _rows.Define(Named("t" + x + "t", 1), taps[P, R] * tangent[R]);
            Say(new ContractedEquation("Over taps.", over[P], taps[P, R] * mean[R]));
            mean = over;
        }

        Expression rate = RateOf(stage, branch, at);
        FluctuationRow rows = _rows.Define(Named("s" + x + "_", 1), weight * drive[P]), zeta = _rows.Define(Named("zeta" + x, 1), (weight * tangent[P]) + (rate * rows[P]));
        if (isPlain)
        {
            if (!_hasObservables)
                _rows.Give(rows, _kernel, Named("C_sg" + x, 2));
            if (!read.HasBeyond)
                _rows.Give(rows, rows, Named("C_ss" + x, 2));
            if (_hasModes || _hasObservables)
                _rows.GiveWithModes(rows, _hasModes ? Named("C_sM" + x, 4) : Named("C_sg" + x, 2));
        }

        Tensor all = Named("Theta_s" + x, 1);
        Say(new ContractedEquation("Theta of the rows: of the weights before, and of these and the bias.", all[P], (weight * mean[P]) + (rate * OverPair(Named("Q" + x, 1), P))
            + (stage.Rates is null ? Expression.Zero : _letters.BiasRate(branch, at) - (rate * _letters.BiasVariance(branch, at)))));
        (Tensor before, Tensor kernelBefore, Tensor? normed, Tensor? normedKernel, Tensor readMean) = read.Reads;
        _paths.Add(new(before, kernelBefore, normed, normedKernel, shown, shownDrive, shownMean, zeta.Tensor, all, readMean, read.Slope));
        return new(all, rows, zeta) { NextOrder = read.NextOrder, Lost = !isLast && stage.Weights == WeightKind.Orthogonal ? Named("lost" + x, 2) : null };
    }

    // The learning rate of the weights of a stage: 1 but where others are asked for.
    private Expression RateOf(BranchStage stage, int branch, int at) => stage.Rates is null ? Expression.One : _letters.WeightRate(branch, at);

    // mu_a mu_b/keep^2 in front, and the noise of the masks.
    private (FluctuationRow Drive, FluctuationRow Tangent, Tensor Mean) Masked(BranchStage stage, string x, Read read)
    {
        Tensor weights = Named("w" + x, 1), excess = Named("w4_excess" + x, 2), noise = Named("noise_mask" + x, 2), own = Named("noise_mask_S" + x, 2), mean = Named("Theta_tm" + x, 1);
        FluctuationRow mask = _rows.Given(Named("mu" + x, 1));
        Say(new ContractedEquation("The noise of the masks, of their neurons.", own[P, Q], noise[P, Q] / read.Width));
        _rows.Give(mask, mask, own);
        FluctuationRow drive = _rows.Define(Named("S" + x + "m", 1), (weights[P] * read.Drive[P]) + mask[P]);
        Expression tangent = weights[P] * read.Tangent[P];
        Say(new ContractedEquation("With masks.", mean[P], weights[P] * read.TangentMean[P]));
        if (read.Functions is not var (function, slope, before, gain))
            throw new LayerProgramException($"{stage.Path} has dropout without an activation, whose tangent kernel is not derived; put an activation before it, or leave ntk out.");
        if (read.IsGate)
            throw new LayerProgramException($"{stage.Path} has dropout behind a gate, whose tangent kernel is not derived; leave one of them or ntk out.");
        Tensor crossed = Named("Cov_FD" + x, 2), itself = Named("Cov_DD" + x, 2), means = Named("EDm" + x, 2), slopes = Named("DDm" + x, 2), withOwn = Named("noise_mask_SD" + x, 2), ofSlopes = Named("noise_mask_D" + x, 2);
        Tensor masked = Named("w_FD" + x, 2), maskedSlopes = Named("w_DD" + x, 2), half = Named("w_DD_half" + x, 2);
        if (_statements.All(statement => !MomentStatements.Outputs(statement).Contains(crossed.Name)))
        {
            Say(new GaussianStatement("Cov(F_p, F'_q) of one neuron.", GaussianRecipe.CovarianceOfProducts, [crossed[P, Q]], [Here(read.Kernel)]) { Function = function, Other = slope });
            Say(new GaussianStatement("Cov(F'_p, F'_q).", GaussianRecipe.CovarianceOfSigmaKernel, [itself[P, Q]], [Here(read.Kernel)]) { Function = slope });
        }

        Say(new ContractedEquation("Products of the means.", means[P, Q], Named("E2" + x, 1)[P] * gain[Q]));
        Say(new ContractedEquation("Of F'.", slopes[P, Q], gain[P] * gain[Q]));
        Say(new ContractedEquation("What masks vary in F and F'.", masked[P, Q], (excess[P, Q] * crossed[P, Q]) + (excess[P, Q] * means[P, Q])));
        Say(new ContractedEquation("In F' twice.", maskedSlopes[P, Q], (excess[P, Q] * itself[P, Q]) + (excess[P, Q] * slopes[P, Q])));
        Say(new ContractedEquation("The noise of the masks in both.", withOwn[P, Q], masked[P, Q] * before[Q] / read.Width));
        Say(new ContractedEquation("In Theta on one side.", half[P, Q], before[P] * maskedSlopes[P, Q]));
        Say(new ContractedEquation("In Theta.", ofSlopes[P, Q], half[P, Q] * before[Q] / read.Width));
        FluctuationRow other = _rows.Given(Named("mu_D" + x, 1));
        _rows.Give(mask, other, withOwn);
        _rows.Give(other, other, ofSlopes);
        return (drive, _rows.Define(Named("t" + x + "m", 1), tangent + other[P]), mean);
    }

    private Expression WidthBefore => _isWide ? StepLetters.WidthBefore : Expression.One;

    private static Expression Independent(Tensor kernel) => ModeDynamics.Overlap([Notation.A, Notation.B], [Notation.C, Notation.D]).Rewrite(node =>
        node is Indexed each && each.Tensor == Notation.MeanKernel ? OverInputs(kernel, each.Indices[0], each.Indices[1]) : null);

    // A symmetric matrix over inputs is a vector over pairs.
    private static Expression OverInputs(Tensor tensor, TensorIndex first, TensorIndex second) => new Tensor(tensor.Name, tensor.Latex, 2, TensorSymmetry.Symmetric)[first, second];

    private static Expression OverPair(Tensor tensor, TensorIndex pair) => new Tensor(tensor.Name, tensor.Latex, 1)[pair];

    private void Say(MomentStatement statement) => _statements.Add(statement);

    // What a stage made of what it read, before masks, taps and weights: S and Theta, and the functions with Theta before them and E[f'f'].
    private sealed record Read(Tensor Expectation, FluctuationRow Drive, Tensor TangentMean, FluctuationRow Tangent, Tensor Kernel, (ActivationDefinition Function, ActivationDefinition Slope, Tensor Before, Tensor Gain)? Functions, Expression Width)
    {
        public bool IsGate { get; init; }

        // theta and g or s of what is read, theta and g after the norm, and the mean of Theta after it.
        public required (Tensor Tangent, Tensor Kernel, Tensor? Normed, Tensor? NormedKernel, Tensor Mean) Reads { get; init; }

        // Of f'f' of fresh rows: the noise and the mean.
        public (Tensor Noise, Tensor Mean)? Slope { get; init; }

        // Whether S has more than the modes that the closure keeps.
        public bool HasBeyond { get; init; }

        // The mean of Theta of the rows that come of it at order 1/n, and what two neurons of them add up to.
        public (Tensor Correction, TwoNeuronRows Pairs)? NextOrder { get; init; }
    }

    // The rows of a dense layer: Theta, s, zeta.
    private sealed record Made(Tensor Mean, FluctuationRow Drive, FluctuationRow Tangent)
    {
        // What the covariance of the kernel of the rows has less than that of independent ones.
        public Tensor? Lost { get; init; }

        public (Tensor Correction, TwoNeuronRows Pairs)? NextOrder { get; init; }
    }
}
