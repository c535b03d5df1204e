// The rows that the branches of a step of the stream make, stage by stage.
//   the first stage reads the stream     S = E2 + B2 g + B xi in the modes that the closure keeps, after the norm (NormDerivation)
//   every other stage reads the rows of the one before it, which are Gaussian and fresh: S is a function R of their covariance and noise,
//       s = C_W (R' s + nu),  U = C_W (R' U + 1/2 R'':Cov(s, s) + 1/24 [d^4 F]:T),  n Cov(nu, nu) = Cov(F, F)/r,       exactly, whatever the closure
//   gate                                 F = p_a p_b sigma(q_a) sigma(q_b) of two independent copies: R = Q E2(Q)
//   dropout                              F mu_a mu_b / keep^2: E[mu mu] in front, and noise (E[mu mu mu mu] - E[mu mu] E[mu mu]) E[F F]/r
//   taps                                 S_ab averaged over (a + tap, b + tap)
//   weights with excess kurtosis kappa   T = kappa C_W^2 E[f_a f_b f_c f_d]/r;  orthogonal: T = -2 C_W^2 (S_ab S_cd + 2 more)/r, noise less C_W^2 (S_ac S_bd + S_ad S_bc)/r
// Outputs of parallel branches add; they are correlated through the stream.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>How a closure describes the field that is read.</summary>
internal enum FieldReading
{
    /// <summary>G and the other modes.</summary>
    Modes,

    /// <summary>G alone, with the covariance of G in the tadpole.</summary>
    Kernel,

    /// <summary>G alone, with its connected covariance in the tadpole.</summary>
    ConnectedKernel,
}

/// <summary>Derives the rows of a step.</summary>
/// <param name="update">The step; of its numbers only the letters are used.</param>
/// <param name="reading">How the closure describes the stream.</param>
/// <param name="isWide">Whether the stream has another width than n.</param>
internal sealed class BranchDerivation(StreamUpdate update, FieldReading reading, bool isWide)
{
    private readonly StepLetters _letters = new(update);
    private readonly List<MomentStatement> _statements = [];
    private readonly List<ContractedEquation> _paths = [];
    private readonly List<StagePath> _stages = [];

    private bool HasModes => reading == FieldReading.Modes;

    private Expression WidthBefore => isWide ? StepLetters.WidthBefore : Expression.One;

    /// <summary>Stands for the activation that a solution is given.</summary>
    public static ActivationDefinition OfNetwork { get; } = new("sigma", KnownActivations.Variable);

    /// <summary>The statements, in the order of their evaluation.</summary>
    public IReadOnlyList<MomentStatement> Statements => _statements;

    /// <summary>The fluctuations path by path, from g to s: linear in g and in what is new at every stage.</summary>
    public IReadOnlyList<ContractedEquation> Paths => _paths;

    /// <summary>What the equations of <see cref="Paths"/> say of each stage, in the order in which stages run.</summary>
    public IReadOnlyList<StagePath> Stages => _stages;

    /// <summary>s of the first stage that reads the stream, in g and xi.</summary>
    public Expression? StreamSource { get; private set; }

    /// <summary>Derives.</summary>
    /// <exception cref="LayerProgramException">A stage does something that is not derived.</exception>
    public LayerRows Derive()
    {
        List<LayerRows> branches = [.. update.Branches.Select(Chain)];
        Tensor[] sources = [.. update.Branches.Select((branch, at) => Named("s" + _letters.Suffix(at, branch.Stages.Count - 1), 1))];
        if (sources[0] != Source)
            _paths.Add(new ContractedEquation("Outputs of branches add.", Source[P], Expression.Add(sources.Select(source => (Expression)source[P]))));
        return branches.Count == 1 ? branches[0] : Added(branches);
    }

    private LayerRows Chain(Branch branch, int at)
    {
        LayerRows rows = FromStream(branch.Stages[0], at);
        for (int stage = 1; stage < branch.Stages.Count; stage++)
            rows = FromRows(branch.Stages[stage], at, stage, rows);
        return rows;
    }

    // S = B2 g + B xi, or B2 g alone; then times C_W.
    private LayerRows FromStream(BranchStage stage, int branch)
    {
        string x = _letters.Suffix(branch, 0);
        Tensor mode = Named("xi", 3), mixed = Named("V_gM", 4), mean = Named("m", 3);
        Tensor expectation = Named("E2" + x, 1), orderTwo = Named("B2" + x, 2), orders = Named("B" + x, 3), overlaps = Named("B_HH" + x, 4), withKernel = Named("C_sg" + x, 2), withMode = Named("C_sM" + x, 4), own = Named("C_ss" + x, 2), correction = Named("U1" + x, 1);
        Tensor kernel = Notation.MeanKernel, kernelMean = MeanCorrection;
        NormDerivation? norm = null;
        if (stage.IsCentred)
            throw new LayerProgramException($"{stage.Path} reads the stream through layerNorm, whose mean over neurons is not derived here; use rmsNorm.");
        if (stage.Norm is not null)
        {
            norm = new NormDerivation(x, _letters.Gain(branch, 0), _letters.Epsilon(branch, 0));
            Say(norm.OfKernel(Notation.Covariance));
            (kernel, kernelMean) = (norm.Kernel, norm.MeanCorrection);
        }

        Expression fluctuation;
        var corrections = new List<MomentStatement>();
        if (stage.Activation is null)
        {
            // x_a x_b is G of what is read.
            Say(new ContractedEquation("S is the kernel of what is read.", expectation[P], OverPair(kernel, P)));
            fluctuation = norm is null ? KernelFluctuation[P] : norm.Response[P, R] * KernelFluctuation[R];
            corrections.Add(new ContractedEquation("U1 = n (E S - E2).", correction[P], kernelMean[P]));
        }
        else
        {
            Say(new GaussianStatement(
                HasModes ? "sigma_a sigma_b = E2 + B2 g + B H: the coefficients in g, and in the modes H_M of the orders k other than 2." : "sigma_a sigma_b = E2 + B2 g + B H: the coefficients in g, and in the modes H_M of order 4.",
                GaussianRecipe.SourceInModes, [expectation[P], orderTwo[P, R], orders[Order, P, J]], [Here(kernel)])
            { Function = FunctionOf(stage.Activation) });
            Tensor response = orderTwo;
            if (norm is not null)
            {
                response = Named("B2n" + x, 2);
                Say(new ContractedEquation("The coefficients in g before the norm.", response[P, Q], orderTwo[P, R] * norm.Response[R, Q]));
            }

            fluctuation = response[P, R] * KernelFluctuation[R];
            Tensor means = mean;
            if (HasModes)
            {
                Say(new GaussianStatement("B_HH: B times the Gaussian overlaps of the modes, which never change (martingales).", GaussianRecipe.ContractWithOverlaps, [overlaps[Order, P, Q, J]], [Here(Notation.MeanKernel), Here(orders)]));
                fluctuation += orders[Order, P, J] * mode[Order, P, J];
                if (norm is not null)
                {
                    Say(norm.OfModes(mixed, mean));
                    Say(norm.OfModesBeyond(FunctionOf(stage.Activation)));
                    means = norm.Means;
                }

                Expression beyond = norm is null ? Expression.Zero : norm.Beyond[P];
                corrections.Add(new ContractedEquation("U1 = n (E S - E2), in the means.", correction[P], ((orderTwo[P, R] * kernelMean[R]) + (orders[Order, P, J] * means[Order, P, J]) + beyond).Expand()));
            }
            else
            {
                Expression tadpole = Tadpole(x, norm, kernel, orders, corrections);
                corrections.Add(new ContractedEquation("U1 = n (E S - E2): the response, and the tadpole.", correction[P], ((orderTwo[P, R] * kernelMean[R]) + tadpole).Expand()));
            }
        }

        // The covariances of the atoms; modes of different orders are uncorrelated, and a mode's overlaps are contracted with B.
        Expression source = (_letters.WeightVariance(branch, 0) * fluctuation).Expand();
        Say(new ContractedEquation("n Cov(s_p, g_q), s = C_W xi(sigma sigma).", withKernel[P, Q], Bilinear(source, KernelFluctuation[Q], (left, _) => left.Tensor == mode
            ? mixed[Order, Q, P, J]
            : Covariance[left.Indices[0], Q])));
        if (HasModes)
        {
            Expression WithMode(Expression term) => term.Factors.Contains(mode[Order, P, J])
                ? term / (mode[Order, P, J] * orders[Order, P, J]) * overlaps[Order, P, Q, J] / WidthBefore
                : term / Fluctuating(term) * mixed[Order, Fluctuating(term).Indices[0], Q, J];
            Say(new ContractedEquation("n Cov(s_p, xi(H_M)), M = (k, q, j).", withMode[Order, P, Q, J], Expression.Add(source.Terms.ToArray().Select(WithMode))));
        }

        Expression itself = Bilinear(Renamed(source, (P, Q)), Source[P], (left, _) => left.Tensor == mode ? withMode[Order, P, Q, J] : withKernel[P, left.Indices[0]]);
        Say(new ContractedEquation("n Cov(s_p, s_q).", own[P, Q], itself));
        Say(corrections);
        StreamSource ??= source;
        return Finished(stage, branch, 0, new Read(expectation, withKernel, HasModes ? withMode : null, own, target => correction[target], WidthBefore)
        {
            Products = () => Covariances(x, kernel, stage.Activation),
            Before = KernelFluctuation,
            Normed = norm?.Response,
            Response = stage.Activation is null ? null : orderTwo,
        });
    }

    // n Cov(G, G), or its connected part, in the second derivatives of S.
    private Expression Tadpole(string x, NormDerivation? norm, Tensor kernel, Tensor orders, List<MomentStatement> corrections)
    {
        Tensor second = Named("V4_DDM" + x, 3), connected = Named("V4_connected", 2), closed = reading == FieldReading.ConnectedKernel ? connected : Covariance;
        if (reading == FieldReading.ConnectedKernel)
            corrections.Add(new ContractedEquation("The connected covariance of G.", connected[P, Q], Covariance[P, Q] - SourceOnly[P, Q]));
        if (norm is not null)
        {
            Tensor half = Named("V4_half" + x, 2), normed = Named("V4_normed" + x, 2);
            corrections.Add(new ContractedEquation("It, after the norm, on one side.", half[P, Q], norm.Response[P, R] * closed[R, Q]));
            corrections.Add(new ContractedEquation("On both.", normed[P, Q], half[P, R] * norm.Response[Q, R]));
            closed = normed;
        }

        corrections.Add(new GaussianStatement("sum_ru V4_ru E[D_r D_u H_M], with D_r = d_e d_f for the pair r, both orders of e and f.", GaussianRecipe.FourthDerivatives, [second[Order, Q, I]], [Here(closed), Here(kernel)]));
        return FunctionLayerMap.Coefficients(2)[2].Substitute(Notation.Step, 1) * orders[Order, P, J] * second[Order, P, J];
    }

    // A function of Gaussian rows that are fresh.
    private LayerRows FromRows(BranchStage stage, int branch, int at, LayerRows rows)
    {
        string x = _letters.Suffix(branch, at);
        Tensor expectation = Named("E2" + x, 1), response = Named("R" + x, 2), withKernel = Named("C_Sg" + x, 2), withMode = Named("C_SM" + x, 4), half = Named("C_Ss" + x, 2), own = Named("C_SS" + x, 2), correction = Named("U1" + x, 1), second = Named("C_ssT" + x, 2), curvature = Named("U_ss" + x, 1);
        Tensor kernel = rows.CovarianceTensor;
        Expression width = _letters.RowWidth(branch, at - 1);
        if (stage.Norm is not null)
            throw new LayerProgramException($"{stage.Path} reads rows of a dense layer through a norm, whose fluctuation at order 1/n is not derived here; put the norm before the first dense layer of the branch.");

        Expression mean, fourth = rows.FourthCumulant is { } cumulant ? cumulant[P, Q] / 3 : Expression.Zero;
        if (stage.Activation is null)
        {
            // E[u_a u_b] is Q itself.
            Say(new ContractedEquation("S is the kernel of the rows.", expectation[P], OverPair(kernel, P)));
            Say(new ComponentEquation("Its response.", response[P, Q], IsSamePair));
            mean = rows.Mean(P);
        }
        else
        {
            Say(new GaussianStatement("E2 of Gaussian rows, and its derivative R in their covariance.", GaussianRecipe.SourceInKernel, [expectation[P], response[P, R]], [Here(kernel)]) { Function = FunctionOf(stage.Activation) });
            Say(new ContractedEquation("n Cov(s, s), and the fourth cumulant of a row by three: what second derivatives meet.", second[P, Q], rows.WithItself[P, Q] + fourth));
            Say(new GaussianStatement("1/8 sum_ru of it times E[D_r D_u sigma sigma].", GaussianRecipe.CurvatureOfSource, [curvature[P]], [Here(kernel), Here(second)]) { Function = FunctionOf(stage.Activation) });
            mean = (response[P, R] * rows.Mean(R)) + curvature[P];
        }

        Tensor? gated = null;
        if (stage.IsGate)
            (expectation, response, mean, gated) = Gate(x, kernel, rows, expectation, response, curvature);
        Say(new ContractedEquation("n Cov(S_p, g_q).", withKernel[P, Q], response[P, R] * rows.WithKernel[R, Q]));
        if (HasModes)
            Say(new ContractedEquation("n Cov(S_p, xi(H_M)).", withMode[Order, P, Q, J], response[P, R] * rows.WithMode![Order, R, Q, J]));
        Say(new ContractedEquation("n Cov(S_p, s_q), s of the rows.", half[P, Q], response[P, R] * rows.WithItself[R, Q]));
        Say(new ContractedEquation("n Cov(S_p, S_q), of the rows' fluctuations.", own[P, Q], half[P, R] * response[Q, R]));
        Say(new ContractedEquation("U1 = n (E S - E2).", correction[P], mean.Expand()));

        // The noise of S: independent neurons.
        Tensor products = Covariances(x, kernel, stage.Activation, gated), noise = Named("noise_S" + x, 2), all = Named("C_SSn" + x, 2);
        Tensor? lost = rows.LostNoise is { } less ? Sandwich(x, response, less) : null;
        Say(new ContractedEquation("The noise of S: of r n independent neurons.", noise[P, Q], (products[P, Q] / width) - (lost is null ? Expression.Zero : lost[P, Q] / width)));
        Say(new ContractedEquation("n Cov(S_p, S_q).", all[P, Q], own[P, Q] + noise[P, Q]));

        // Now times C_W.
        Symbol weight = _letters.WeightVariance(branch, at);
        Tensor rowsWithKernel = Named("C_sg" + x, 2), rowsWithMode = Named("C_sM" + x, 4), rowsOwn = Named("C_ss" + x, 2);
        Say(new ContractedEquation("n Cov(s_p, g_q), s = C_W xi(S).", rowsWithKernel[P, Q], weight * withKernel[P, Q]));
        if (HasModes)
            Say(new ContractedEquation("n Cov(s_p, xi(H_M)).", rowsWithMode[Order, P, Q, J], weight * withMode[Order, P, Q, J]));
        Say(new ContractedEquation("n Cov(s_p, s_q).", rowsOwn[P, Q], weight.Pow(2) * all[P, Q]));
        return Finished(stage, branch, at, new Read(expectation, rowsWithKernel, HasModes ? rowsWithMode : null, rowsOwn, target => correction[target], width)
        {
            Products = () => products,
            Before = Named("s" + _letters.Suffix(branch, at - 1), 1),
            Response = response,
        });
    }

    // p sigma(q): S = G_pp S_sigma of independent rows with the same covariance.
    private (Tensor Expectation, Tensor Response, Expression Mean, Tensor Expectations) Gate(string x, Tensor kernel, LayerRows rows, Tensor expectation, Tensor response, Tensor curvature)
    {
        Tensor gated = Named("E2g" + x, 1), straight = Named("Rg" + x, 2), unit = Named("delta" + x, 2), twice = Named("U_pq" + x, 1), slope = Named("R_s" + x, 2);
        Say(new ContractedEquation("E2 of the gate: Q E2(Q).", gated[P], OverPair(kernel, P) * expectation[P]));
        Say(new ComponentEquation("The unit matrix over pairs.", unit[P, Q], IsSamePair));
        Say(new ContractedEquation("Its response, of the factor sigma sigma and of the factor p p.", straight[P, Q], (OverPair(kernel, P) * response[P, Q]) + (expectation[P] * unit[P, Q])));
        Say(new ContractedEquation("n Cov of the two factors.", slope[P, Q], response[P, R] * rows.WithItself[R, Q]));
        Say(new ContractedEquation("It, at the same pair.", twice[P], slope[P, R] * unit[P, R]));
        Expression mean = (straight[P, R] * rows.Mean(R)) + (OverPair(kernel, P) * curvature[P]) + twice[P];
        return (gated, straight, mean, expectation);
    }

    // Cov(F_p, F_q) of one neuron.
    private Tensor Covariances(string x, Tensor kernel, ActivationDefinition? function, Tensor? gated = null)
    {
        Tensor covariance = Named("Cov_F" + x, 2);
        ComponentEquation wick = new("Cov of x_a x_b and x_c x_d, by Wick.", gated is null ? covariance[P, Q] : Named("Wick" + x, 2)[P, Q], ModeDynamics.Overlap([Notation.A, Notation.B], [Notation.C, Notation.D]).Rewrite(node =>
            node is Indexed each && each.Tensor == Notation.MeanKernel ? OverInputs(kernel, each.Indices[0], each.Indices[1]) : null));
        if (function is null)
        {
            Say(wick);
            return covariance;
        }

        Say(new GaussianStatement("Cov(F_p, F_q) of one neuron, F = sigma sigma.", GaussianRecipe.CovarianceOfSource, [covariance[P, Q]], [Here(kernel)]) { Function = FunctionOf(function) });
        if (gated is null)
            return covariance;

        // E[pppp] E[ssss] - E[pp] E[ss] E[pp] E[ss], E[pppp] = Q Q + Wick.
        Tensor full = Named("Cov_Fg" + x, 2), means = Named("EE" + x, 2), fourfold = Named("E4" + x, 2), kernels = Named("QQ" + x, 2);
        Say(wick);
        Say(new ContractedEquation("Products of the means.", means[P, Q], gated[P] * gated[Q]));
        Say(new ContractedEquation("E[sigma sigma sigma sigma].", fourfold[P, Q], covariance[P, Q] + means[P, Q]));
        Say(new ContractedEquation("Q Q.", kernels[P, Q], OverPair(kernel, P) * OverPair(kernel, Q)));
        Say(new ContractedEquation("Cov(F_p, F_q), F = p p sigma sigma.", full[P, Q], (kernels[P, Q] * covariance[P, Q]) + (wick.Variable * fourfold[P, Q])));
        return full;
    }

    // Dropout, taps, the law of the weights, and the bias.
    private LayerRows Finished(BranchStage stage, int branch, int at, Read read)
    {
        string x = _letters.Suffix(branch, at);
        Symbol weight = _letters.WeightVariance(branch, at);
        Expression factor = weight;
        (Tensor withKernel, Tensor? withMode, Tensor own, Tensor expectation) = (read.WithKernel, read.WithMode, read.WithItself, read.Expectation);
        Func<TensorIndex, Expression> mean = read.Mean;
        Tensor? fourfold = null, masksOfPath = null, tapsOfPath = null;
        if (stage.Keep != 1 || stage.ExcessKurtosis != 0)
        {
            // E[F_p F_q] of one neuron, masks included.
            Tensor products = read.Products(), means = Named("EE" + x + "m", 2);
            fourfold = Named("E4" + x + "m", 2);
            Say(new ContractedEquation("Products of the means.", means[P, Q], expectation[P] * expectation[Q]));
            Say(new ContractedEquation("E[F_p F_q] of one neuron.", fourfold[P, Q], products[P, Q] + means[P, Q]));
        }

        if (stage.Keep != 1)
        {
            Symbol keep = _letters.Keep(branch, at);
            Tensor weights = Named("w" + x, 1), masks = Named("w4" + x, 2), square = Named("ww" + x, 2), excess = Named("w4_excess" + x, 2), masked = Named("E4" + x + "k", 2), noise = Named("noise_mask" + x, 2);
            TensorIndex[] pair = [Notation.A, Notation.B], pairs = [Notation.A, Notation.B, Notation.C, Notation.D];
            Say(new ComponentEquation("E[mu_a mu_b]/keep^2 of the masks.", weights[P], Masks(pair, keep, stage.IsMaskShared)));
            Say(new ComponentEquation("E[mu mu mu mu]/keep^4.", masks[P, Q], Masks(pairs, keep, stage.IsMaskShared)));
            Say(new ContractedEquation("Their products.", square[P, Q], weights[P] * weights[Q]));
            Say(new ContractedEquation("What masks vary.", excess[P, Q], masks[P, Q] - square[P, Q]));
            Say(new ContractedEquation("E[F_p F_q] with masks.", masked[P, Q], masks[P, Q] * fourfold![P, Q]));
            Say(new ContractedEquation("The noise of the masks.", noise[P, Q], excess[P, Q] * fourfold![P, Q]));
            withKernel = Scaled("C_sg", "m", withKernel, weights);
            if (withMode is not null)
            {
                Tensor scaled = Named("C_sM" + x + "m", 4);
                Say(new ContractedEquation("With masks.", scaled[Order, P, Q, J], weights[P] * withMode[Order, P, Q, J]));
                withMode = scaled;
            }

            Tensor left = Scaled("C_ss", "l", own, weights), both = Named("C_ss" + x + "m", 2);
            Say(new ContractedEquation("With masks, and their noise.", both[P, Q], (left[P, Q] * weights[Q]) + (weight.Pow(2) * noise[P, Q] / read.Width)));
            Tensor masksOfMean = Named("E2" + x + "m", 1), corrected = Named("U1" + x + "m", 1);
            Say(new ContractedEquation("E2 with masks.", masksOfMean[P], weights[P] * expectation[P]));
            Say(new ContractedEquation("U1 with masks.", corrected[P], weights[P] * mean(P)));
            (own, expectation, mean, fourfold, masksOfPath) = (both, masksOfMean, target => corrected[target], masked, weights);

            Tensor Scaled(string name, string end, Tensor tensor, Tensor by)
            {
                Tensor scaled = Named(name + x + end, 2);
                Say(new ContractedEquation("With masks.", scaled[P, Q], by[P] * tensor[P, Q]));
                return scaled;
            }
        }

        Tensor shown = expectation;
        if (stage.Taps.Count > 0)
        {
            if (stage.Weights != WeightKind.Gaussian)
                throw new LayerProgramException($"{stage.Path}.dense has taps and weights that are not Gaussian, whose fourth cumulant is not derived here; use gaussian weights.");
            Tensor taps = Named("taps" + x, 2), meanTaps = Named("E2" + x + "t", 1), correctedTaps = Named("U1" + x + "t", 1);
            Say(new GaussianStatement("The mean over taps: S_ab of (a + tap, b + tap).", GaussianRecipe.MeanOverTaps, [taps[P, Q]], []) { Taps = stage.Taps });
            Tensor Over(string name, Tensor tensor)
            {
                Tensor over = Named(name + x + "t", 2);
                Say(new ContractedEquation("Over taps.", over[P, Q], taps[P, R] * tensor[R, Q]));
                return over;
            }

            withKernel = Over("C_sg", withKernel);
            if (withMode is not null)
            {
                Tensor over = Named("C_sM" + x + "t", 4);
                Say(new ContractedEquation("Over taps.", over[Order, P, Q, J], taps[P, R] * withMode[Order, R, Q, J]));
                withMode = over;
            }

            Tensor leftTaps = Over("C_ssl", own), bothTaps = Named("C_ss" + x + "t", 2);
            Say(new ContractedEquation("Over taps.", bothTaps[P, Q], leftTaps[P, R] * taps[Q, R]));
            Say(new ContractedEquation("E2 over taps.", meanTaps[P], taps[P, R] * expectation[R]));
            Say(new ContractedEquation("U1 over taps.", correctedTaps[P], taps[P, R] * mean(R)));
            (own, expectation, mean, tapsOfPath) = (bothTaps, meanTaps, target => correctedTaps[target], taps);
        }

        Tensor? cumulant = null, lost = null;
        if (stage.ExcessKurtosis != 0)
        {
            cumulant = Named("T" + x, 2);
            Say(new ContractedEquation("n times the fourth cumulant of a row.", cumulant[P, Q], _letters.Kurtosis(branch, at) * weight.Pow(2) * fourfold![P, Q] / read.Width));
        }
        else if (stage.Weights == WeightKind.Orthogonal)
        {
            (cumulant, lost) = (Named("T" + x, 2), Named("lost" + x, 2));
            Expression Product(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => OverInputs(expectation, a, b) * OverInputs(expectation, c, d);
            Expression crossed = Product(Notation.A, Notation.C, Notation.B, Notation.D) + Product(Notation.A, Notation.D, Notation.B, Notation.C);
            Say(new ComponentEquation("What rows of an orthogonal matrix vary less in their kernel.", lost[P, Q], weight.Pow(2) * crossed));
            Say(new ComponentEquation("n times the fourth cumulant of a row.", cumulant[P, Q], -2 * weight.Pow(2) * (crossed + Product(Notation.A, Notation.B, Notation.C, Notation.D)) / read.Width));
        }

        bool isPlain = x.Length == 0;
        MomentStatement covariance = isPlain && ReferenceEquals(expectation, read.Expectation)
            ? new ComponentEquation("The row covariance at infinite width.", Notation.MeanRowCovariance[Notation.A, Notation.B], BlockLaw.Derive().RowCovariance.Rewrite(node => node is Indexed sigma && sigma.Tensor == Notation.SigmaKernel ? MeanSigmaKernel[P] : null))
            : new ContractedEquation("The row covariance at infinite width.", Named("Q" + x, 1)[P], _letters.BiasVariance(branch, at) + (factor * expectation[P]));
        Say(covariance);
        SayPath(branch, at, read, masksOfPath, tapsOfPath, shown, covariance);
        return new LayerRows(covariance, withKernel, withMode, own, target => factor * mean(target)) { FourthCumulant = cumulant, LostNoise = lost };
    }

    // From the fluctuation of the kernel that is read to that of the rows; nu is what the neurons show beside the response to that kernel: modes of other
    // orders, the noise of fresh rows, masks. The means follow the same equations, with what is of second order for nu.
    private void SayPath(int branch, int at, Read read, Tensor? masks, Tensor? taps, Tensor shown, MomentStatement covariance)
    {
        string x = _letters.Suffix(branch, at);
        Tensor seen = read.Before, own = Named("nu" + x, 1);
        Tensor Path(string meaning, string name, Expression right)
        {
            Tensor result = Named(name + x, 1);
            _paths.Add(new ContractedEquation(meaning, result[P], right));
            return result;
        }

        Tensor? normed = read.Normed is null ? null : seen = Path("g of the field after the norm.", "g_n", read.Normed[P, R] * seen[R]);
        Expression fluctuation = read.Response is null ? seen[P] : read.Response[P, R] * seen[R];
        if (masks is not null)
            fluctuation = masks[P] * Path("The response of S to the kernel that is read.", "xi_R", fluctuation)[P];
        Tensor sum = Path("xi(S): the response, and nu, what the neurons show beside it.", "xi_S", fluctuation + own[P]);
        if (taps is not null)
            sum = Path("Over taps.", "xi_St", taps[P, R] * sum[R]);
        Tensor source = Path("s of the rows.", "s", _letters.WeightVariance(branch, at) * sum[P]);
        _stages.Add(new StagePath(branch, at, read.Before, normed, own, source, shown, covariance is ContractedEquation equation ? equation.Variable.Tensor : Notation.MeanRowCovariance, at == 0 ? null : Named("noise_S" + x, 2)));
    }

    // Cov(s, s) between branches: both read the stream.
    private LayerRows Added(List<LayerRows> branches)
    {
        Tensor rows = Named("Q", 1), withKernel = Named("C_sg", 2), withMode = Named("C_sM", 4), own = Named("C_ss", 2);
        Expression Sum(Func<LayerRows, Expression> of) => Expression.Add(branches.Select(of));
        ContractedEquation covariance = new("The row covariance at infinite width: outputs add.", rows[P], Sum(branch => OverPair(branch.CovarianceTensor, P)));
        Say(covariance);
        Say(new ContractedEquation("n Cov(s_p, g_q).", withKernel[P, Q], Sum(branch => branch.WithKernel[P, Q])));
        if (HasModes)
            Say(new ContractedEquation("n Cov(s_p, xi(H_M)).", withMode[Order, P, Q, J], Sum(branch => branch.WithMode![Order, P, Q, J])));
        Expression crossed = Expression.Zero;
        for (int left = 0; left < branches.Count; left++)
        {
            for (int right = left + 1; right < branches.Count; right++)
            {
                Tensor between = Between(left, right);
                crossed += between[P, Q] + between[Q, P];
            }
        }

        Say(new ContractedEquation("n Cov(s_p, s_q).", own[P, Q], Sum(branch => branch.WithItself[P, Q]) + crossed));
        Tensor? Total(string name, Func<LayerRows, Tensor?> of)
        {
            Tensor[] parts = [.. branches.Select(of).OfType<Tensor>()];
            if (parts.Length == 0)
                return null;
            Tensor total = Named(name, 2);
            Say(new ContractedEquation("Outputs add.", total[P, Q], Expression.Add(parts.Select(part => (Expression)part[P, Q]))));
            return total;
        }

        return new LayerRows(covariance, withKernel, HasModes ? withMode : null, own, target => Sum(branch => branch.Mean(target)))
        {
            FourthCumulant = Total("T", rows => rows.FourthCumulant),
            LostNoise = Total("lost", rows => rows.LostNoise),
        };
    }

    // What one branch's s is in g and xi, put into the covariances of the other's with these; then through the stages of both.
    private Tensor Between(int left, int right)
    {
        string name = $"C_s{left + 1}s{right + 1}";
        (string x, string y) = (_letters.Suffix(left, 0), _letters.Suffix(right, 0));
        BranchStage[] leftStages = [.. update.Branches[left].Stages], rightStages = [.. update.Branches[right].Stages];
        if (leftStages[0].Keep != 1 || rightStages[0].Keep != 1 || leftStages[0].Taps.Count > 0 || rightStages[0].Taps.Count > 0)
            throw new LayerProgramException($"{leftStages[0].Path} or {rightStages[0].Path} has dropout or taps where it reads the stream beside another branch, which is not derived here; put them behind the first dense layer of the branch.");
        Tensor first = Named(name, 2), other = Named("C_sg" + y, 2), otherModes = Named("C_sM" + y, 4), orders = Named("B" + x, 3);
        Tensor response = Named((leftStages[0].Norm is null ? "B2" : "B2n") + x, 2);
        Expression linear = leftStages[0].Activation is not null ? response[P, R] * other[Q, R]
            : leftStages[0].Norm is null ? other[Q, P] : Named("Nr" + x, 2)[P, R] * other[Q, R];
        if (HasModes && leftStages[0].Activation is not null)
            linear += orders[Order, P, J] * otherModes[Order, Q, P, J];
        Say(new ContractedEquation("n Cov(s_p, s_q) of two branches, at the rows of their first stages.", first[P, Q], (_letters.WeightVariance(left, 0) * linear).Expand()));
        Tensor at = first;
        for (int stage = 1; stage < leftStages.Length; stage++)
            at = Through(at, left, stage, isLeft: true, $"{name}_l{stage}");
        for (int stage = 1; stage < rightStages.Length; stage++)
            at = Through(at, right, stage, isLeft: false, $"{name}_r{stage}");
        return at;
    }

    private Tensor Through(Tensor covariance, int branch, int stage, bool isLeft, string name)
    {
        BranchStage each = update.Branches[branch].Stages[stage];
        if (each.Keep != 1 || each.Taps.Count > 0)
            throw new LayerProgramException($"{each.Path} has dropout or taps beside another branch, which is not derived here; leave them out.");
        Tensor response = Named((each.IsGate ? "Rg" : "R") + _letters.Suffix(branch, stage), 2), next = Named(name, 2);
        Say(new ContractedEquation("Through a stage.", next[P, Q], _letters.WeightVariance(branch, stage) * (isLeft ? response[P, R] * covariance[R, Q] : covariance[P, R] * response[Q, R])));
        return next;
    }

    private Tensor Sandwich(string x, Tensor response, Tensor inner)
    {
        Tensor half = Named("lost_half" + x, 2), both = Named("lost_S" + x, 2);
        Say(new ContractedEquation("What the rows vary less, in S on one side.", half[P, Q], response[P, R] * inner[R, Q]));
        Say(new ContractedEquation("On both.", both[P, Q], half[P, R] * response[Q, R]));
        return both;
    }

    // E of a product of masks over keep to their number: a mask is its own square, and different inputs have the same one or independent ones.
    private static Expression Masks(TensorIndex[] letters, Symbol keep, bool isShared)
    {
        Expression product = keep;
        for (int at = 1; at < letters.Length; at++)
        {
            // A letter that none before it equals brings a mask of its own.
            Expression isNew = isShared ? Expression.Zero : Expression.One;
            for (int before = 0; before < at && !isShared; before++)
                isNew *= 1 - KroneckerDelta.Of(letters[before], letters[at]);
            product *= 1 - isNew + (isNew * keep);
        }

        return product / keep.Pow(letters.Length);
    }

    // 1 where the pairs p = (a, b) and q = (c, d) are one.
    private static Expression IsSamePair => KroneckerDelta.Of(Notation.A, Notation.C) * KroneckerDelta.Of(Notation.B, Notation.D);

    // A symmetric matrix over inputs is a vector over pairs.
    private static Expression OverInputs(Tensor tensor, TensorIndex first, TensorIndex second) => new Tensor(tensor.Name, tensor.Latex, 2, TensorSymmetry.Symmetric)[first, second];

    private static Expression OverPair(Tensor tensor, TensorIndex pair) => new Tensor(tensor.Name, tensor.Latex, 1)[pair];

    private static ActivationDefinition? FunctionOf(ActivationDefinition? activation) => ReferenceEquals(activation, OfNetwork) ? null : activation;

    private static Indexed Fluctuating(Expression term) => term.Factors.ToArray().OfType<Indexed>().Single(factor => factor.Tensor == KernelFluctuation);

    private void Say(MomentStatement statement) => _statements.Add(statement);

    private void Say(IEnumerable<MomentStatement> statements) => _statements.AddRange(statements);

    // What was read: S with its covariances, times C_W already but for the expectation and its correction, and the width over which it is averaged.
    private sealed record Read(Tensor Expectation, Tensor WithKernel, Tensor? WithMode, Tensor WithItself, Func<TensorIndex, Expression> Mean, Expression Width)
    {
        public required Func<Tensor> Products { get; init; }

        // The fluctuation of the kernel that was read, what a norm makes of it, and the response of S to that; null where there is none.
        public required Tensor Before { get; init; }

        public Tensor? Normed { get; init; }

        public Tensor? Response { get; init; }
    }
}
