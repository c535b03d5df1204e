// The rows that the branches of a step of the stream make, stage by stage.
//   the first stage reads the stream     S = E2 + B2 g + B xi in the modes that the closure keeps, after the norm (NormDerivation)
//   every other stage reads the rows of the one before it, which are Gaussian and fresh: S is a function R of their covariance and noise,
//       s = C_W (R' s + nu),  U = C_W (R' U + 1/2 R'':Cov(s, s) + 1/24 [d^4 F]:T),  n Cov(nu, nu) = Cov(F, F)/r,       exactly, whatever the closure
//   layerNorm                            phi - M in place of phi: K1 - K0/r, no modes of order 1, and those of order 3 have lost M g
//   gate                                 F = p_a p_b sigma(q_a) sigma(q_b) of two independent copies: R = Q E2(Q)
//   dropout                              F mu_a mu_b / keep^2: E[mu mu] in front, and noise (E[mu mu mu mu] - E[mu mu] E[mu mu]) E[F F]/r
//   taps                                 S_ab averaged over (a + tap, b + tap)
//   weights with excess kurtosis kappa   T = kappa C_W^2 E[f_a f_b f_c f_d]/r;  orthogonal: T = -2 C_W^2 (S_ab S_cd + 2 more)/r, noise less C_W^2 (S_ac S_bd + S_ad S_bc)/r
// Outputs of parallel branches add; they are correlated through the field that they read.
// An update inside a branch makes another field Y = alpha X + eps u, in modes too: its equations are those of the stream with other names (BranchField). What a stage reads of Y is
// correlated with X through g of Y, and through the modes of X of which those of Y are made, B xi(Y) = B A xi(X) + noise.

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

    /// <summary>A list of observables.</summary>
    Observables,
}

/// <summary>Derives the rows of a step.</summary>
/// <param name="update">The step; of its numbers only the letters are used.</param>
/// <param name="reading">How the closure describes the stream.</param>
/// <param name="isWide">Whether the stream has another width than n.</param>
internal sealed class BranchDerivation(StreamUpdate update, FieldReading reading, bool isWide)
{
    private readonly List<MomentStatement> _statements = [];
    private readonly List<ContractedEquation> _paths = [];
    private readonly List<StagePath> _stages = [];
    private readonly List<UpdatePath?> _updates = [];
    private readonly List<Tensor> _normed = [];
    private readonly BranchField _stream = new("", isWide ? StepLetters.WidthBefore : Expression.One);
    private BranchField _field = new("", Expression.One); // what is read: statements are said in its tensors
    private int _targets;
    private StepLetters _letters = new(update);
    private string? _place;

    private bool HasModes => reading == FieldReading.Modes;

    /// <summary>The identity, as a function of a neuron.</summary>
    public static ActivationDefinition Identity { get; } = new("x", KnownActivations.Variable);

    /// <summary>Stands for the activation that a solution is given.</summary>
    public static ActivationDefinition OfNetwork { get; } = new("sigma", KnownActivations.Variable);

    /// <summary>The statements, in the order of their evaluation.</summary>
    public IReadOnlyList<MomentStatement> Statements => reading == FieldReading.Observables ? BlockStatements.Of(_statements, []) : _statements;

    /// <summary>The fluctuations path by path, from g to s: linear in g and in what is new at every stage.</summary>
    public IReadOnlyList<ContractedEquation> Paths => _paths;

    /// <summary>What the equations of <see cref="Paths"/> say of each stage, in the order in which stages run.</summary>
    public IReadOnlyList<StagePath> Stages => _stages;

    /// <summary>The same of each update, in the order in which they begin; the first is that of the stream.</summary>
    public IReadOnlyList<UpdatePath> Updates => [.. _updates.OfType<UpdatePath>()];

    /// <summary>K0 of each field that a norm reads, in the order of the stages that have one.</summary>
    public IReadOnlyList<Tensor> Normed => _normed;

    /// <summary>s of the first stage that reads the stream, in g and xi; null where none does.</summary>
    public Expression? StreamDrive { get; private set; }

    /// <summary>The unit matrix over pairs: the derivative of K0 in itself.</summary>
    public static Tensor Unit { get; } = Named("unit", 2);

    /// <summary>The derivative of the covariance of the rows in K0 of the stream: n Cov(s, t) for a t that has the unit matrix for n Cov(t, g), and no covariance with modes.</summary>
    /// <param name="rows">The rows, after they were derived.</param>
    /// <param name="response">The derivative, over pairs and pairs.</param>
    /// <returns>What leads to it, after <see cref="Statements"/>.</returns>
    public IReadOnlyList<MomentStatement> Response(LayerRows rows, out Tensor response)
    {
        int before = _statements.Count;
        SayAsIs(new ComponentEquation("The unit matrix over pairs.", Unit[P, Q], IsSamePair));
        response = rows.FromBase(new(_stream, Unit, null));
        IReadOnlyList<MomentStatement> statements = _statements[before..];
        _statements.RemoveRange(before, statements.Count);
        return statements;
    }

    /// <summary>Derives.</summary>
    /// <exception cref="LayerProgramException">A stage does something that is not derived.</exception>
    public LayerRows Derive()
    {
        _updates.Add(null);
        LayerRows rows = Outputs(update, _letters, _stream, [_stream], out IReadOnlyList<Tensor> drives);
        if (rows.Drive != Drive)
            _paths.Add(new ContractedEquation("Outputs of branches add.", Drive[P], rows.Drive[P]));
        _updates[0] = new(KernelFluctuation, KernelFluctuation, Drive, drives, Notation.MeanKernel);
        return rows;
    }

    // What the branches of an update make of a field, in the covariances with all fields that are kept; it is the last of these.
    private LayerRows Outputs(StreamUpdate of, StepLetters letters, BranchField field, IReadOnlyList<BranchField> kept, out IReadOnlyList<Tensor> drives)
    {
        List<LayerRows> branches = [];
        for (int branch = 0; branch < of.Branches.Count; branch++)
            branches.Add(Chain(of.Branches[branch], branch, letters, field, null, kept));
        _letters = letters;
        _place = letters.Within + "+";
        drives = [.. branches.Select(rows => rows.Drive)];
        return branches.Count == 1 ? branches[0] : Added(branches);
    }

    private LayerRows Chain(Branch branch, int at, StepLetters letters, BranchField? field, LayerRows? rows, IReadOnlyList<BranchField> kept)
    {
        for (int stage = 0; stage < branch.Stages.Count; stage++)
        {
            BranchStage each = branch.Stages[stage];
            for (int before = 0; before < each.Before.Count; before++)
                (field, rows) = Updated(each.Before[before], letters.Before(at, stage, before), field, rows, kept);
            _letters = letters;
            // What a norm does to rows depends on G of them: they are read in modes.
            if (field is null && each.Norm is not null)
                field = HasModes ? InModes(rows!, _letters.Suffix(at, stage) + "v", kept) : throw new LayerProgramException($"{each.Path} reads rows of a dense layer through a norm, which makes more of them than their kernel, and that is all that closures other than hermite(k) keep; use hermite(k), k at least 4.");
            rows = field is null ? FromRows(each, at, stage, rows!) : FromField(each, at, stage, field, kept);
            field = null;
        }

        return rows!;
    }

    // An update inside a branch. Outputs of one that has no skip are fresh Gaussian rows again; with one they are added to a field in modes. Branches that read the same Gaussian rows do so in modes.
    private (BranchField? Field, LayerRows? Rows) Updated(StreamUpdate of, StepLetters letters, BranchField? field, LayerRows? rows, IReadOnlyList<BranchField> kept)
    {
        int place = _updates.Count;
        _updates.Add(null);
        if (of.Skip == 0 && of.Branches.Count == 1)
        {
            LayerRows chained = Chain(of.Branches[0], 0, letters, field, rows, kept), scaled = Scaled(of, chained, letters);
            _updates[place] = new(field?.Fluctuation ?? rows!.Drive, scaled.Drive, chained.Drive, [chained.Drive], scaled.CovarianceTensor);
            return (null, scaled);
        }

        if (!HasModes && (of.Skip != 0 || field is null))
            throw new LayerProgramException($"{of.Path} stands inside a branch, and {(of.Skip != 0 ? "what it makes" : "what it reads")} is more than its kernel, which is all that closures other than hermite(k) keep; use hermite(k), k at least 4.");
        field ??= InModes(rows!, letters.Within + "x", kept);
        LayerRows outputs = Outputs(of, letters, field, ReferenceEquals(field, kept[^1]) ? kept : [.. kept, field], out IReadOnlyList<Tensor> drives);
        if (of.Skip != 0)
        {
            BranchField updated = Updated(field, outputs, letters.Within + "y", letters.Skip, letters.Step, letters.WidthAfter, kept);
            _updates[place] = new(field.Fluctuation, updated.Fluctuation, outputs.Drive, drives, updated.Kernel);
            return (updated, null);
        }

        BranchField read = field;
        LayerRows fresh = Scaled(of, outputs with
        {
            With = [.. outputs.With.Where(with => kept.Any(each => ReferenceEquals(each, with.Field)))],
            FromBase = of => outputs.FromBase(read.From(of)),
        }, letters);
        _updates[place] = new(field.Fluctuation, fresh.Drive, outputs.Drive, drives, fresh.CovarianceTensor);
        return (null, fresh);
    }

    // Gaussian rows in modes: added to nothing.
    private BranchField InModes(LayerRows rows, string suffix, IReadOnlyList<BranchField> kept)
    {
        _place = suffix;
        Say(kept[^1], rows, suffix, 0, 1, rows.Width);
        return new(suffix, rows.Width)
        {
            With = rows.With,
            FromBase = of => (Turned(rows.FromBase(of)), null),
        };
    }

    // Y = skip X + step u: g' = skip^2 g + step^2 s + noise, xi' = A xi + noise. The outputs are in covariances with X as the last.
    private BranchField Updated(BranchField field, LayerRows rows, string suffix, Symbol skip, Symbol step, Symbol width, IReadOnlyList<BranchField> kept)
    {
        _place = suffix;
        Say(field, rows, suffix, skip, step, width);
        Expression carried = skip.Pow(2), added = step.Pow(2);
        Tensor modes = Named("A" + suffix, 4);
        var with = new List<FieldCovariance>();
        foreach (BranchField other in kept)
        {
            FieldCovariance before = ReferenceEquals(other, field) ? new(other, other.Of(Covariance), other.Mixed) : field.With.Single(each => ReferenceEquals(each.Field, other)), ofRows = rows.With.Single(each => ReferenceEquals(each.Field, other));
            Tensor withKernel = Named($"V4{suffix}{with.Count}", 2), withMode = Named($"V_gM{suffix}{with.Count}", 4);
            SayAsIs(new ContractedEquation("n Cov(g_p, g_q), g_q of the field that an output will be added to.", withKernel[P, Q], (carried * before.WithKernel[P, Q]) + (added * ofRows.WithKernel[P, Q])));
            SayAsIs(new ContractedEquation("n Cov(g_p, xi(H_M)) of it.", withMode[Order, P, Q, J], (carried * before.WithMode![Order, P, Q, J]) + (added * ofRows.WithMode![Order, P, Q, J])));
            with.Add(new(other, withKernel, withMode));
        }

        return new(suffix, width)
        {
            Parent = field,
            Carried = modes,
            With = with,
            FromBase = of =>
            {
                FieldCovariance before = field.From(of);
                string name = $"_t{_targets++}";
                Tensor outputs = rows.FromBase(before), withKernel = Named("C_tg" + name, 2), withMode = Named("C_tM" + name, 4);
                SayAsIs(new ContractedEquation("n Cov(t_p, g_q) after an update.", withKernel[P, Q], (carried * before.WithKernel[P, Q]) + (added * outputs[Q, P])));
                if (before.WithMode is null)
                    return (withKernel, null);
                SayAsIs(new ContractedEquation("n Cov(t_p, xi(H_M)) after it.", withMode[Order, P, Q, I], modes[Order, Q, I, J] * before.WithMode[Order, P, Q, J]));
                return (withKernel, withMode);
            },
        };
    }

    private Tensor Turned(Tensor covariance)
    {
        Tensor turned = Named($"C_tg_t{_targets++}", 2);
        SayAsIs(new ContractedEquation("The same, turned.", turned[P, Q], covariance[Q, P]));
        return turned;
    }

    // The equations of the stream, for another field.
    private void Say(BranchField field, LayerRows rows, string suffix, Expression skip, Expression step, Expression width)
    {
        IReadOnlyList<MomentStatement> statements = MomentDerivation.OfField(rows);
        HashSet<string> own = [.. statements.Where(statement => !MomentStatements.IsNext(statement)).SelectMany(MomentStatements.Outputs)];
        var letters = new Dictionary<Expression, Expression> { [Notation.Skip] = skip, [Notation.Step] = step, [StepLetters.Width] = width };
        foreach (MomentStatement statement in statements)
            SayAsIs(statement.Renamed(name => own.Contains(name) ? name + suffix : StatementNames.OfState.Contains(name) ? name + field.Suffix : name, name => name + suffix, letters));
        _paths.Add((ContractedEquation)MomentDerivation.FluctuationOfField.Renamed(name => name == Drive.Name ? rows.Drive.Name : name + field.Suffix, name => name + suffix, letters));
    }

    // Outputs times eps, where it is not 1.
    private LayerRows Scaled(StreamUpdate of, LayerRows rows, StepLetters letters)
    {
        if (of.Step == 1)
            return rows with { Width = letters.WidthAfter };
        string x = _place = letters.Within + "z";
        Expression square = letters.Step.Pow(2);
        Tensor Times(string name, Tensor tensor, Expression factor)
        {
            Tensor scaled = Named(name + x, tensor.Arity);
            TensorIndex[] indices = tensor.Arity switch { 1 => [P], 2 => [P, Q], _ => [Order, P, Q, J] };
            SayAsIs(new ContractedEquation("Times powers of eps.", scaled[indices], factor * tensor[indices]));
            return scaled;
        }

        ContractedEquation covariance = new("The row covariance at infinite width.", Named("Q" + x, 1)[P], square * OverPair(rows.CovarianceTensor, P));
        SayAsIs(covariance);
        Tensor drive = Named("s" + x, 1);
        _paths.Add(new ContractedEquation("Times powers of eps.", drive[P], square * rows.Drive[P]));
        return rows with
        {
            Covariance = covariance,
            Drive = drive,
            With = [.. rows.With.Select((with, at) => new FieldCovariance(with.Field, Times($"C_sg{at}", with.WithKernel, square), with.WithMode is null ? null : Times($"C_sM{at}", with.WithMode, square)))],
            WithItself = Times("C_ss", rows.WithItself, square.Pow(2)),
            Mean = target => square * rows.Mean(target),
            FourthCumulant = rows.FourthCumulant is null ? null : Times("T", rows.FourthCumulant, square.Pow(2)),
            LostNoise = rows.LostNoise is null ? null : Times("lost", rows.LostNoise, square.Pow(2)),
            Width = letters.WidthAfter,
            FromBase = of => Times($"C_t{_targets++}", rows.FromBase(of), square),
        };
    }

    // S = B2 g + B xi, or B2 g alone; then times C_W.
    private LayerRows FromField(BranchStage stage, int branch, int at, BranchField field, IReadOnlyList<BranchField> kept)
    {
        if (reading == FieldReading.Observables)
            return FromObservables(stage, branch, at, field);
        (_field, _place) = (field, _letters.Suffix(branch, at));
        bool isKept = ReferenceEquals(field, kept[^1]);
        string x = _letters.Suffix(branch, at), own0 = isKept ? x : x + "own";
        Tensor mode = Named("xi", 3), mixed = WithModes, mean = ModeMeans;
        Tensor expectation = Named("E2" + x, 1), orderTwo = Named("B2" + x, 2), orders = Named("B" + x, 3), overlaps = Named("B_HH" + x, 4), withKernel = Named("C_sg" + own0, 2), withMode = Named("C_sM" + own0, 4), own = Named("C_ss" + x, 2), correction = Named("U1" + x, 1);
        Tensor kernel = Notation.MeanKernel, kernelMean = MeanCorrection;
        NormDerivation? norm = null;
        if (stage.Norm is not null)
        {
            _normed.Add(field.Kernel);
            norm = new NormDerivation(x, _letters.Gain(branch, at), _letters.Epsilon(branch, at));
            Tensor correctionBefore = MeanCorrection;
            if (stage.IsCentred)
            {
                // G - M M: M is of order n^(-1/2), with n Cov(M, M) = K0/r.
                correctionBefore = Named("K1c" + x, 1);
                Say(new ContractedEquation("K1 without the mean over neurons.", correctionBefore[P], MeanCorrection[P] - (OverPair(kernel, P) / field.Width)));
            }

            Say(norm.OfKernel(Notation.Covariance, correctionBefore));
            (kernel, kernelMean) = (norm.Kernel, norm.MeanCorrection);
        }

        Expression fluctuation;
        Tensor? response = norm?.Response;
        (Tensor Modes, Tensor Left, Tensor Of)? lost = null;
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
                GaussianRecipe.SigmaKernelInModes, [expectation[P], orderTwo[P, R], orders[Order, P, J]], [Here(kernel)])
            { Function = FunctionOf(stage.Activation) });
            response = orderTwo;
            if (norm is not null)
            {
                response = Named("B2n" + x, 2);
                Say(new ContractedEquation("The coefficients in g before the norm.", response[P, Q], orderTwo[P, R] * norm.Response[R, Q]));
            }

            fluctuation = response[P, R] * KernelFluctuation[R];
            Tensor means = mean;
            if (HasModes)
            {
                Tensor mixedRead = mixed;
                if (stage.IsCentred)
                {
                    (mixedRead, means, Tensor centred) = (Named("V_gMc" + x, 4), Named("mc" + x, 3), Named("Bc" + x, 3));
                    Say(new GaussianStatement(
                        "Without the mean over neurons there are no modes of order 1, and H_A has lost sum_a M_a H_(A without a), which in the mean meets g: order 3.",
                        GaussianRecipe.CentredModes, [mixedRead[Order, P, Q, J], means[Order, Q, I], centred[Order, P, J]], [Here(mixed), Here(mean), Here(orders), Here(Notation.MeanKernel)]));
                    lost = (field.Of(mode), centred, orders);
                    orders = centred;
                }

                Say(new GaussianStatement("B_HH: B times the Gaussian overlaps of the modes, which never change (martingales).", GaussianRecipe.ContractWithOverlaps, [overlaps[Order, P, Q, J]], [Here(Notation.MeanKernel), Here(orders)]));
                fluctuation += orders[Order, P, J] * mode[Order, P, J];
                if (norm is not null)
                {
                    Say(norm.OfModes(mixedRead, means));
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
        Expression weight = _letters.WeightVariance(branch, at), drive = (weight * fluctuation).Expand();
        Say(new ContractedEquation("n Cov(s_p, g_q), s = C_W xi(sigma sigma).", withKernel[P, Q], Bilinear(drive, KernelFluctuation[Q], (left, _) => left.Tensor == mode
            ? mixed[Order, Q, P, J]
            : Covariance[left.Indices[0], Q])));
        if (HasModes)
        {
            Expression WithMode(Expression term) => term.Factors.Contains(mode[Order, P, J])
                ? term / (mode[Order, P, J] * orders[Order, P, J]) * overlaps[Order, P, Q, J] / field.Width
                : term / Fluctuating(term) * mixed[Order, Fluctuating(term).Indices[0], Q, J];
            Say(new ContractedEquation("n Cov(s_p, xi(H_M)), M = (k, q, j).", withMode[Order, P, Q, J], Expression.Add(drive.Terms.ToArray().Select(WithMode))));
        }

        Expression itself = Bilinear(Renamed(drive, (P, Q)), Drive[P], (left, _) => left.Tensor == mode ? withMode[Order, P, Q, J] : withKernel[P, left.Indices[0]]);
        Say(new ContractedEquation("n Cov(s_p, s_q).", own[P, Q], itself));
        Say(corrections);
        bool hasOrders = HasModes && stage.Activation is not null;
        if (field.Suffix.Length == 0)
            StreamDrive ??= drive;
        var with = new List<FieldCovariance>();
        (BranchField? To, Tensor Orders) pulled = (field, orders);
        foreach (BranchField other in kept.Reverse())
        {
            if (ReferenceEquals(other, field))
            {
                with.Insert(0, new(field, withKernel, HasModes ? withMode : null));
                continue;
            }

            string name = $"{x}{(with.Count == 0 ? "" : $"o{with.Count}")}";
            pulled = hasOrders ? Pulled(pulled, other, $"B{x}o{with.Count}") : (null, orders);
            FieldCovariance covariance = field.With.Single(each => ReferenceEquals(each.Field, other));
            Tensor ofKernel = Named("C_sg" + name, 2), ofMode = Named("C_sM" + name, 4), coefficients = pulled.Orders, met = Named($"B_HH{x}o{with.Count}", 4);
            Expression Response(Func<TensorIndex, Expression> of) => response is null ? of(P) : response[P, R] * of(R);
            Expression ofModes = Expression.Zero, overlap = Expression.Zero;
            if (pulled.To is not null)
            {
                SayAsIs(new GaussianStatement("Those coefficients times the Gaussian overlaps of the modes.", GaussianRecipe.ContractWithOverlaps, [met[Order, P, Q, J]], [Here(other.Kernel), Here(coefficients)]));
                (ofModes, overlap) = (coefficients[Order, P, J] * other.Mixed[Order, Q, P, J], met[Order, P, Q, J] / other.Width);
            }

            SayAsIs(new ContractedEquation("n Cov(s_p, g_q), g_q of the field that an output will be added to.", ofKernel[P, Q], (weight * (Response(index => covariance.WithKernel[index, Q]) + ofModes)).Expand()));
            SayAsIs(new ContractedEquation("n Cov(s_p, xi(H_M)) of it.", ofMode[Order, P, Q, J], (weight * (Response(index => covariance.WithMode![Order, index, Q, J]) + overlap)).Expand()));
            with.Insert(0, new(other, ofKernel, ofMode));
        }

        return Finished(stage, branch, at, new Read(expectation, with, own, target => correction[target], field.Width)
        {
            Products = () => Covariances(x, kernel, stage.Activation),
            Before = field.Fluctuation,
            Kernel = field.Kernel,
            NormedKernel = norm?.Kernel,
            Lost = lost,
            Normed = norm?.Response,
            Response = stage.Activation is null ? null : orderTwo,
            FromBase = of =>
            {
                FieldCovariance target = field.From(of);
                Tensor between = Named($"C_st{_targets++}", 2);
                Expression linear = response is null ? target.WithKernel[Q, P] : response[P, R] * target.WithKernel[Q, R];
                if (hasOrders && target.WithMode is { } targetMode)
                    linear += orders[Order, P, J] * targetMode[Order, Q, P, J];
                SayAsIs(new ContractedEquation("n Cov(s_p, t_q).", between[P, Q], (weight * linear).Expand()));
                return between;
            },
        });
    }

    // S of the stream in the observables of each block: f f is projected on them. A norm x_a = D(G_aa) phi_a is frozen at K0 in it, and what it does besides is
    //   <f f> of x = exp(sum_c dL_c E_c) of that, E_c = x_c d/dx_c, dL_c = L' (g_cc/sqrt(n) + K1_cc/n) + 1/2 L'' g_cc^2/n, L = ln D,
    // to second order; g_cc is an observable of the block.
    private LayerRows FromObservables(BranchStage stage, int branch, int at, BranchField field)
    {
        if (stage.IsCentred)
            throw new LayerProgramException($"{stage.Path} reads the stream through layerNorm, whose mean over neurons lists of observables do not follow; use rmsNorm, or hermite(k).");
        string x = _place = _letters.Suffix(branch, at);
        Symbol weight = _letters.WeightVariance(branch, at);
        Tensor kernel = Notation.MeanKernel, observables = Named("V", 2), means = Named("m", 1);
        Tensor expectation = Named("E2" + x, 1), slope = Named("B2" + x, 2), total = InOneBlock("Pi" + x, 2), withKernel = Named("C_sg" + x, 2), own = Named("C_ss" + x, 2), correction = Named("U1" + x, 1);
        NormDerivation? norm = null;
        if (stage.Norm is not null)
        {
            _normed.Add(field.Kernel);
            norm = new NormDerivation(x, _letters.Gain(branch, at), _letters.Epsilon(branch, at));
            Say(norm.OfKernel(Notation.Covariance, MeanCorrection).Take(2));
            kernel = norm.Kernel;
        }

        ActivationDefinition function = stage.Activation ?? Identity;
        Say(stage.Activation is null
            ? (MomentStatement)new ContractedEquation("S is the kernel of what is read.", expectation[P], OverPair(kernel, P))
            : new GaussianStatement("E2, and its derivative in the kernel.", GaussianRecipe.SigmaKernelOfRows, [expectation[P], slope[P, R]], [Here(kernel)]) { Function = function });
        Say(new GaussianStatement("xi(sigma sigma) = Pi xi: the projection on the observables of a block (exact where sigma sigma is one of them).", GaussianRecipe.ProductInObservables, [total[V, Third]], [Here(Notation.MeanKernel), Here(kernel)]) { Function = function });
        Expression mean = total[V, Third] * means[Third];
        if (norm is not null)
            (total, mean) = Scaled(norm, x, function, total, mean);
        Say(new ContractedEquation("n Cov(s_v, xi_I), s = C_W xi(S).", withKernel[V, First], weight * total[V, Third] * observables[Third, First]));
        Say(new ContractedEquation("n Cov(s_v, s_w).", own[V, W], weight * total[W, Third] * withKernel[V, Third]));
        Say(new ContractedEquation("U1 = n (E S - E2), in the means.", correction[V], mean));
        return Finished(stage, branch, at, new Read(expectation, [new(field, withKernel, null)], own, target => correction[target], field.Width)
        {
            Products = () => Covariances(x, kernel, stage.Activation),
            Before = field.Fluctuation,
            Kernel = field.Kernel,
            FromBase = of =>
            {
                Tensor between = Named($"C_st{_targets++}", 2), inner = of.WithKernel;
                if (inner != Unit)
                {
                    SayAsIs(new ContractedEquation("n Cov(s_v, t_w).", between[V, W], weight * total[V, Third] * inner[W, Third]));
                    return between;
                }

                // What K0 responds by is over pairs.
                if (norm is not null && stage.Activation is not null)
                    SayAsIs(new ContractedEquation("The derivative of the kernel after the norm.", (inner = Named("Nr_unit" + x, 2))[P, Q], norm.Response[P, R] * Unit[R, Q]));
                SayAsIs(new ContractedEquation("The derivative of the row covariance.", between[P, Q], weight * (stage.Activation is not null ? slope[P, R] * inner[R, Q] : norm is null ? inner[P, Q] : norm.Response[P, R] * inner[R, Q])));
                return between;
            },
        });
    }

    private (Tensor Total, Expression Mean) Scaled(NormDerivation norm, string x, ActivationDefinition function, Tensor frozen, Expression mean)
    {
        Tensor observables = Named("V", 2), means = Named("m", 1), kernels = InOneBlock("Pi_G" + x, 2), first = Named("L1" + x, 1), second = Named("L2" + x, 1);
        Tensor scaled = InOneBlock("EH" + x, 2), projected = InOneBlock("EPi" + x, 3), twice = InOneBlock("EEH" + x, 3), response = InOneBlock("EL" + x, 2), curvature = InOneBlock("EL2" + x, 2), total = InOneBlock("Pi_n" + x, 2);
        Tensor withObservable = Named("C_gf" + x, 2), kernelCovariance = Named("C_gg" + x, 2), kernelMean = Named("K1g" + x, 1), unit = Named("unit_b" + x, 2), variance = Named("V_gg" + x, 1), weighted = Named("C_Lf" + x, 2), half = Named("C_Lg" + x, 2), both = Named("C_LL" + x, 2);
        Say(new GaussianStatement("g of the pairs of a block among its observables.", GaussianRecipe.ProductInObservables, [kernels[V, Third]], [Here(Notation.MeanKernel), Here(Notation.MeanKernel)]) { Function = Identity });
        Say(new GaussianStatement("E_c = x_c d/dx_c on sigma sigma: E[E_c sigma sigma], its projection, E[E_c E_d sigma sigma].", GaussianRecipe.ScaledProductInObservables, [scaled[V, W], projected[V, W, Third], twice[V, W, X]], [Here(Notation.MeanKernel), Here(norm.Kernel)]) { Function = function });
        Say(norm.OfLogarithm(first, second));
        Say(BlockStatements.Lift(first, out Tensor firstLifted));
        Say(BlockStatements.Lift(second, out Tensor secondLifted));
        Say(new ContractedEquation("The response of S to g_cc, through D.", response[V, W], scaled[V, W] * firstLifted[W]));
        Say(new ContractedEquation("Its second derivative, of D alone.", curvature[V, W], scaled[V, W] * secondLifted[W]));
        Say(new ContractedEquation("xi(S) in the observables.", total[V, Third], frozen[V, Third] + (response[V, W] * kernels[W, Third])));
        Say(new ContractedEquation("n Cov(g_v, xi_I).", withObservable[V, First], kernels[V, Third] * observables[Third, First]));
        Say(new ContractedEquation("n Cov(g_v, g_w).", kernelCovariance[V, W], withObservable[V, Third] * kernels[W, Third]));
        Say(new ContractedEquation("K1 as the blocks see it.", kernelMean[V], kernels[V, Third] * means[Third]));
        Say(new ComponentEquation("The unit matrix over pairs.", unit[P, Q], IsSamePair));
        Tensor unitInBlock = InOneBlock(unit.Name + "_r", 2);
        Say(new GaussianStatement("The same within the blocks.", GaussianRecipe.OverBlocks, [unitInBlock[V, W]], [Here(unit)]));
        Say(new ContractedEquation("n Var(g_v).", variance[V], unitInBlock[V, W] * kernelCovariance[V, W]));
        Say(new ContractedEquation("n Cov(L'_c g_cc, xi_I).", weighted[V, First], firstLifted[V] * withObservable[V, First]));
        Say(new ContractedEquation("n Cov(L'_c g_cc, g_w).", half[V, W], firstLifted[V] * kernelCovariance[V, W]));
        Say(new ContractedEquation("n Cov(L'_c g_cc, L'_d g_dd).", both[V, W], half[V, W] * firstLifted[W]));
        return (total, mean + (response[V, W] * kernelMean[W]) + (Expression.Half * curvature[V, W] * variance[W]) + (projected[V, W, Third] * weighted[W, Third]) + (Expression.Half * twice[V, W, X] * both[W, X]));
    }

    // B of the modes of a field that another was made of, B xi(Y) = B A xi(X) + noise; none where it was not.
    private (BranchField? To, Tensor Orders) Pulled((BranchField? From, Tensor Orders) coefficients, BranchField to, string name)
    {
        (BranchField? from, Tensor orders) = coefficients;
        for (int step = 0; from is not null && !ReferenceEquals(from, to); step++)
        {
            if (from.Parent is not null)
            {
                Tensor next = Named($"{name}_{step}", 3);
                SayAsIs(new ContractedEquation("The coefficients in the modes that those were made of.", next[Order, P, J], orders[Order, P, I] * from.Carried![Order, P, I, J]));
                orders = next;
            }

            from = from.Parent;
        }

        return (from, orders);
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
        return orders[Order, P, J] * OfTadpole(x);
    }

    /// <summary>What the coefficients of order 4 of a function of the stream are multiplied by in its tadpole, where a closure keeps G alone.</summary>
    /// <param name="x">What the names of the stage end in.</param>
    public static Expression OfTadpole(string x) => FunctionLayerMap.Coefficients(2)[2].Substitute(Notation.Step, 1) * Named("V4_DDM" + x, 3)[Order, P, J];

    // A function of Gaussian rows that are fresh.
    private LayerRows FromRows(BranchStage stage, int branch, int at, LayerRows rows)
    {
        string x = _place = _letters.Suffix(branch, at);
        Tensor expectation = Named("E2" + x, 1), response = Named("R" + x, 2), half = Named("C_Ss" + x, 2), own = Named("C_SS" + x, 2), correction = Named("U1" + x, 1), second = Named("C_ssT" + x, 2), curvature = Named("U_ss" + x, 1);
        Tensor kernel = rows.CovarianceTensor;
        Expression width = rows.Width;

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
            Say(new GaussianStatement("E2 of Gaussian rows, and its derivative R in their covariance.", GaussianRecipe.SigmaKernelOfRows, [expectation[P], response[P, R]], [Here(kernel)]) { Function = FunctionOf(stage.Activation) });
            Say(new ContractedEquation("n Cov(s, s), and the fourth cumulant of a row by three: what second derivatives meet.", second[P, Q], rows.WithItself[P, Q] + fourth));
            Say(new GaussianStatement("1/8 sum_ru of it times E[D_r D_u sigma sigma].", GaussianRecipe.CurvatureOfSigmaKernel, [curvature[P]], [Here(kernel), Here(second)]) { Function = FunctionOf(stage.Activation) });
            mean = (response[P, R] * rows.Mean(R)) + curvature[P];
        }

        Tensor? gated = null;
        if (stage.IsGate)
            (expectation, response, mean, gated) = Gate(x, kernel, rows, expectation, response, curvature);
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
        Tensor rowsOwn = Named("C_ss" + x, 2);
        var with = new List<FieldCovariance>();
        foreach (FieldCovariance each in rows.With.Reverse())
        {
            string name = $"{x}{(with.Count == 0 ? "" : $"o{with.Count}")}";
            Tensor rowsWithKernel = Named("C_sg" + name, 2), rowsWithMode = Named("C_sM" + name, 4);
            Say(new ContractedEquation("n Cov(s_p, g_q), s = C_W xi(S).", rowsWithKernel[P, Q], weight * response[P, R] * each.WithKernel[R, Q]));
            if (HasModes)
                Say(new ContractedEquation("n Cov(s_p, xi(H_M)).", rowsWithMode[Order, P, Q, J], weight * response[P, R] * each.WithMode![Order, R, Q, J]));
            with.Insert(0, new(each.Field, rowsWithKernel, HasModes ? rowsWithMode : null));
        }

        Say(new ContractedEquation("n Cov(s_p, s_q).", rowsOwn[P, Q], weight.Pow(2) * all[P, Q]));
        return Finished(stage, branch, at, new Read(expectation, with, rowsOwn, target => correction[target], width)
        {
            Products = () => products,
            Before = rows.Drive,
            Kernel = kernel,
            Noise = noise,
            Response = response,
            FromBase = of =>
            {
                Tensor between = Named($"C_st{_targets++}", 2);
                Say(new ContractedEquation("n Cov(s_p, t_q).", between[P, Q], weight * response[P, R] * rows.FromBase(of)[R, Q]));
                return between;
            },
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

        Say(new GaussianStatement("Cov(F_p, F_q) of one neuron, F = sigma sigma.", GaussianRecipe.CovarianceOfSigmaKernel, [covariance[P, Q]], [Here(kernel)]) { Function = FunctionOf(function) });
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
        (IReadOnlyList<FieldCovariance> with, Tensor own, Tensor expectation) = (read.With, read.WithItself, read.Expectation);
        Func<FieldCovariance, Tensor> fromBase = read.FromBase;
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
            (with, fromBase) = Linear("With masks.", "m", (left, of) => weights[left] * of(left));
            Tensor left = Named("C_ss" + x + "l", 2), both = Named("C_ss" + x + "m", 2), masksOfMean = Named("E2" + x + "m", 1), corrected = Named("U1" + x + "m", 1);
            Say(new ContractedEquation("With masks.", left[P, Q], weights[P] * own[P, Q]));
            Say(new ContractedEquation("With masks, and their noise.", both[P, Q], (left[P, Q] * weights[Q]) + (weight.Pow(2) * noise[P, Q] / read.Width)));
            Say(new ContractedEquation("E2 with masks.", masksOfMean[P], weights[P] * expectation[P]));
            Say(new ContractedEquation("U1 with masks.", corrected[P], weights[P] * mean(P)));
            (own, expectation, mean, fourfold, masksOfPath) = (both, masksOfMean, target => corrected[target], masked, weights);
        }

        Tensor shown = expectation;
        if (stage.Taps.Count > 0)
        {
            Tensor taps = Named("taps" + x, 2), leftTaps = Named("C_ssl" + x + "t", 2), bothTaps = Named("C_ss" + x + "t", 2), meanTaps = Named("E2" + x + "t", 1), correctedTaps = Named("U1" + x + "t", 1);
            Say(new GaussianStatement("The mean over taps: S_ab of (a + tap, b + tap).", GaussianRecipe.MeanOverTaps, [taps[P, Q]], []) { Taps = stage.Taps });
            (with, fromBase) = Linear("Over taps.", "t", (left, of) => taps[left, R] * of(R));
            Say(new ContractedEquation("Over taps.", leftTaps[P, Q], taps[P, R] * own[R, Q]));
            Say(new ContractedEquation("Over taps.", bothTaps[P, Q], leftTaps[P, R] * taps[Q, R]));
            Say(new ContractedEquation("E2 over taps.", meanTaps[P], taps[P, R] * expectation[R]));
            Say(new ContractedEquation("U1 over taps.", correctedTaps[P], taps[P, R] * mean(R)));
            if (fourfold is not null)
            {
                // A weight of one tap meets all four positions moved by it.
                Tensor moved = Named("E4" + x + "t", 2);
                Say(new GaussianStatement("The mean over taps of E[F_p F_q], both pairs moved by the same tap, over their number.", GaussianRecipe.MeanOfPairsOverTaps, [moved[P, Q]], [Here(fourfold)]) { Taps = stage.Taps });
                fourfold = moved;
            }

            (own, expectation, mean, tapsOfPath) = (bothTaps, meanTaps, target => correctedTaps[target], taps);
        }

        // What is linear in s.
        (IReadOnlyList<FieldCovariance> With, Func<FieldCovariance, Tensor> FromBase) Linear(string meaning, string end, Func<TensorIndex, Func<TensorIndex, Expression>, Expression> map)
        {
            List<FieldCovariance> mapped = [];
            foreach (FieldCovariance each in with.Reverse())
            {
                string name = $"{x}{end}{(mapped.Count == 0 ? "" : $"o{mapped.Count}")}";
                Tensor withKernel = Named("C_sg" + name, 2), withMode = Named("C_sM" + name, 4);
                Say(new ContractedEquation(meaning, withKernel[P, Q], map(P, index => each.WithKernel[index, Q])));
                if (each.WithMode is not null)
                    Say(new ContractedEquation(meaning, withMode[Order, P, Q, J], map(P, index => each.WithMode[Order, index, Q, J])));
                mapped.Insert(0, new(each.Field, withKernel, each.WithMode is null ? null : withMode));
            }

            Func<FieldCovariance, Tensor> before = fromBase;
            return (mapped, of =>
            {
                Tensor inner = before(of), between = Named($"C_st{_targets++}", 2);
                Say(new ContractedEquation(meaning, between[P, Q], map(P, index => inner[index, Q])));
                return between;
            }
            );
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
        return new LayerRows(covariance, with, own, target => factor * mean(target), _letters.RowWidth(branch, at)) { Drive = SayPath(branch, at, read, masksOfPath, tapsOfPath, shown, covariance), FourthCumulant = cumulant, LostNoise = lost, FromBase = fromBase };
    }

    // From the fluctuation of the kernel that is read to that of the rows; nu is what the neurons show beside the response to that kernel: modes of other
    // orders, the noise of fresh rows, masks. The means follow the same equations, with what is of second order for nu.
    private Tensor SayPath(int branch, int at, Read read, Tensor? masks, Tensor? taps, Tensor shown, MomentStatement covariance)
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
        if (read.Lost is var (modes, left, of))
            fluctuation = fluctuation + (left[Order, P, J] * modes[Order, P, J]) - (of[Order, P, J] * modes[Order, P, J]);
        if (masks is not null)
            fluctuation = masks[P] * Path("The response of S to the kernel that is read.", "xi_R", fluctuation)[P];
        Tensor sum = Path("xi(S): the response, and nu, what the neurons show beside it.", "xi_S", fluctuation + own[P]);
        if (taps is not null)
            sum = Path("Over taps.", "xi_St", taps[P, R] * sum[R]);
        Tensor drive = Path("s of the rows.", "s", _letters.WeightVariance(branch, at) * sum[P]);
        _stages.Add(new StagePath(branch, at, read.Before, normed, own, drive, shown, covariance is ContractedEquation equation ? equation.Variable.Tensor : Notation.MeanRowCovariance, read.Noise)
        {
            Kernel = read.Kernel,
            NormedKernel = read.NormedKernel,
            Lost = read.Lost?.Modes,
        });
        return drive;
    }

    // Cov(s, s) between branches: both read the stream.
    private LayerRows Added(List<LayerRows> branches)
    {
        string x = _letters.Within;
        Tensor rows = Named("Q" + x, 1), own = Named("C_ss" + x, 2), drive = Named("s" + x, 1);
        Expression Sum(Func<LayerRows, Expression> of) => Expression.Add(branches.Select(of));
        ContractedEquation covariance = new("The row covariance at infinite width: outputs add.", rows[P], Sum(branch => OverPair(branch.CovarianceTensor, P)));
        Say(covariance);
        var with = new List<FieldCovariance>();
        for (int at = branches[0].With.Count - 1; at >= 0; at--)
        {
            int place = at;
            string name = $"{x}{(with.Count == 0 ? "" : $"o{with.Count}")}";
            Tensor withKernel = Named("C_sg" + name, 2), withMode = Named("C_sM" + name, 4);
            Say(new ContractedEquation("n Cov(s_p, g_q).", withKernel[P, Q], Sum(branch => branch.With[place].WithKernel[P, Q])));
            if (HasModes)
                Say(new ContractedEquation("n Cov(s_p, xi(H_M)).", withMode[Order, P, Q, J], Sum(branch => branch.With[place].WithMode![Order, P, Q, J])));
            with.Insert(0, new(branches[0].With[at].Field, withKernel, HasModes ? withMode : null));
        }

        // The noise of each branch is its own: what two have in common is what one is made of, in the covariances of the other with it.
        Expression crossed = Expression.Zero;
        for (int left = 0; left < branches.Count; left++)
        {
            for (int right = left + 1; right < branches.Count; right++)
            {
                Tensor between = branches[left].FromBase(branches[right].With[^1]);
                crossed += between[P, Q] + between[Q, P];
            }
        }

        Say(new ContractedEquation("n Cov(s_p, s_q).", own[P, Q], Sum(branch => branch.WithItself[P, Q]) + crossed));
        Tensor? Total(string name, Func<LayerRows, Tensor?> of)
        {
            Tensor[] parts = [.. branches.Select(of).OfType<Tensor>()];
            if (parts.Length == 0)
                return null;
            Tensor total = Named(name + x, 2);
            Say(new ContractedEquation("Outputs add.", total[P, Q], Expression.Add(parts.Select(part => (Expression)part[P, Q]))));
            return total;
        }

        _paths.Add(new ContractedEquation("Outputs of branches add.", drive[P], Sum(branch => branch.Drive[P])));
        return new LayerRows(covariance, with, own, target => Sum(branch => branch.Mean(target)), _letters.WidthAfter)
        {
            Drive = drive,
            FromBase = of =>
            {
                Tensor[] parts = [.. branches.Select(branch => branch.FromBase(of))];
                Tensor between = Named($"C_st{_targets++}", 2);
                Say(new ContractedEquation("Outputs add.", between[P, Q], Expression.Add(parts.Select(part => (Expression)part[P, Q]))));
                return between;
            },
            FourthCumulant = Total("T", rows => rows.FourthCumulant),
            LostNoise = Total("lost", rows => rows.LostNoise),
        };
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

    // Of the stream, in the field that is read.
    private void Say(MomentStatement statement) => SayAsIs(_field.Suffix.Length == 0 ? statement : statement.Renamed(InField, InField, new Dictionary<Expression, Expression>()));

    private string InField(string name) => StatementNames.OfState.Contains(name) ? name + _field.Suffix : name;

    private void SayAsIs(MomentStatement statement) => _statements.Add(statement with { Place = _place });

    private void Say(IEnumerable<MomentStatement> statements)
    {
        foreach (MomentStatement statement in statements)
            Say(statement);
    }

    // What was read: S with its covariances, times C_W already but for the expectation and its correction, and the width over which it is averaged.
    private sealed record Read(Tensor Expectation, IReadOnlyList<FieldCovariance> With, Tensor WithItself, Func<TensorIndex, Expression> Mean, Expression Width)
    {
        public required Func<Tensor> Products { get; init; }

        public required Func<FieldCovariance, Tensor> FromBase { get; init; }

        // The kernel that was read, what a norm makes of it (of a field in modes), its fluctuation, what a norm makes of that, and the response of S to it; null where there is none.
        public required Tensor Kernel { get; init; }

        public Tensor? NormedKernel { get; init; }

        public required Tensor Before { get; init; }

        public Tensor? Normed { get; init; }

        public Tensor? Response { get; init; }

        // What S has less, in the modes of the field, where the mean over neurons is taken off.
        public (Tensor Modes, Tensor Left, Tensor Of)? Lost { get; init; }

        // Of what fresh rows show.
        public Tensor? Noise { get; init; }
    }
}
