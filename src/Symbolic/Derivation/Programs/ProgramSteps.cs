// The derivation of a program as documents print it, from the statements that it is solved by: for each structure of a step what its layers are, the law of their rows,
// the statements of each dense layer with what a reader should see in them, and those of the stream. Statements with Gaussian functions are written out as expectations
// where these are short; the others are described.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>The derivation of a program of layers, step by step.</summary>
internal sealed class ProgramSteps
{
    // Modes of sigma sigma up to this order are written out.
    private const int HighestShown = 4;

    private static readonly TensorIndex Neuron = TensorIndex.Neuron("i"), Summed = TensorIndex.Neuron("k"), A = Notation.A, B = Notation.B, C = Notation.C, D = Notation.D;

    private readonly EquationSystem _system;
    private readonly StreamStep _step;
    private readonly StepLetters _letters;
    private readonly IReadOnlyList<MomentStatement> _statements;
    private readonly string _name;
    private readonly bool _isFresh;
    private readonly IReadOnlyList<ContractedEquation> _vanishing;

    private ProgramSteps(ProgramSystem program, int at)
    {
        _vanishing = program.Vanishing.ElementAtOrDefault(at) ?? [];
        (_system, _step, _letters) = (program.Systems[at], program.Structures[at], new(program.Structures[at]));
        _statements = MomentStatements.Needed(_system.Step);
        _isFresh = program.Layers.Where(layer => layer.System == at).All(layer => layer.Numbers.GetValueOrDefault(Notation.Skip) == 0);
        _name = program.Systems.Count == 1 ? "" : FormattableString.Invariant($"Step {at + 1}: ");
    }

    private bool IsOnKernel => _system.Closure.Keeps is KeptKernel;

    private bool IsOnObservables => _system.Closure.Keeps is KeptObservables;

    private HeadKind Next => _system.Form == DepthForm.Discrete ? HeadKind.NextLayer : HeadKind.TimeDerivative;

    private bool IsWide => Reads(StepLetters.Width) || Reads(StepLetters.WidthBefore);

    /// <summary>All steps.</summary>
    /// <param name="program">The program.</param>
    public static IReadOnlyList<DerivationStep> Of(ProgramSystem program) =>
    [
        new("The program", Overview(program), []),
        .. Enumerable.Range(0, program.Systems.Count).SelectMany(at => new ProgramSteps(program, at).All()),
        new("Initial conditions", "Rows of phi^0 are independent N(0, K(0)): covariances by Wick; what is not named is 0.", [.. program.Systems[0].Initial.SelectMany(statement => Formulas(statement, [], HeadKind.AtDepthZero))]),
    ];

    private static string Overview(ProgramSystem program)
    {
        string steps = string.Join("; ", program.Systems.Select((_, at) => FormattableString.Invariant($"step {at + 1} ({program.LayersOf(at)}) is {program.Structures[at].Path}")));
        return "The stream phi_ia has neurons i for inputs a. Layer by layer it takes a step, and layers with the same structure take the same step with numbers of their own: "
            + steps + ". p = (a, b), q = (c, d), r and u count pairs of inputs, k the orders of modes and i, j the modes of a pair; letters that only a right side has are summed. "
            + "Letters end in the number of their dense layer, before it that of the branch where there are several."
            + (program.Systems[0].Closure.Keeps is KeptObservables kept
                ? $" I, J and L count the observables {string.Join(", ", kept.Observables)} in the blocks of pairs, v, w and x the pairs that a block sees; what ends in _b is over pairs, said of all blocks, and in _r within each."
                : "");
    }

    private IEnumerable<DerivationStep> All()
    {
        if (_step is not StreamUpdate update)
        {
            yield return Norm();
            yield break;
        }

        StageHere[] stages = [.. Stages(update, _letters, isField: true)];
        yield return new(
            _name + "Layers",
            $"What a layer does to neuron i of input a, dense layer by dense layer, with weights and biases drawn afresh{string.Concat(stages.Select(Names))}.{(_isFresh ? " alpha is 0 in these layers: nothing of the stream before is left." : "")}",
            Definitions(update));
        yield return new(
            _name + "Rows",
            "Contracting the weights and the biases (Wick): given everything older, each row of a dense layer has the covariance Qhat, with S the average over neurons of what the layer reads, x_a x_b. "
            + (stages.All(each => each.Stage.Weights == WeightKind.Gaussian) ? "Rows of different neurons are independent and Gaussian." : "Rows of different neurons are uncorrelated; where weights are not Gaussian, a fourth cumulant T is left at order 1/n."),
            [.. stages.Select(each => new DerivedFormula(new(HeadKind.Plain, Family(@"\hat{Q}", "Qhat", each.Suffix)[A, B]), Rows(each)))]);
        foreach (string place in _statements.Select(statement => statement.Place).OfType<string>().Distinct())
        {
            yield return stages.FirstOrDefault(each => each.Suffix == place) is { } stage ? Dense(update, stage)
                : place.EndsWith('+') ? Step("Sum of branches", "The outputs of the branches add; they are correlated through the field that all of them read.", place)
                : place.EndsWith('x') ? Step($"Rows that branches read ({Number(place)})", "Several branches read these Gaussian rows; so that their outputs are correlated, the rows are described as the stream is, by G and its other modes.", place)
                : place.EndsWith('v') ? Step($"Rows that a norm reads ({Number(place)})", "What a norm makes of Gaussian rows depends on their mean square over neurons, G of the rows; so they are described as the stream is, by G and its other modes.", place)
                : place.EndsWith('y') ? Step($"A field inside the branch ({Number(place)})", "An update inside the branch makes a field with the equations of the stream; it is kept in its covariances with the fields that outputs are added to later.", place)
                : Step($"Outputs inside the branch ({Number(place)})", "The outputs of an update without a skip are Gaussian rows, times eps.", place);
        }

        if (_system.Form == DepthForm.Continuous)
            yield return DepthTime();
        yield return Stream(update);
    }

    private DerivationStep DepthTime() => new(
        _name + "Depth time",
        "In the depth time t, the sum of eps^2 over layers, a layer is its order eps^2, at alpha = 1: what the next layer has of order eps^4 goes with eps. The covariance of the rows, their response and their mean stay; "
        + (_vanishing.Count == 0 ? "nothing that was said above is lost." : "these are gone, with the letters that they alone have:"),
        [.. _vanishing.Select(equation => new DerivedFormula(new(HeadKind.Plain, equation.Variable), equation.RightSide) { Meaning = equation.Meaning })]);

    // A dense layer: its letters, where it stands, and whether it reads a field in modes, or else the Gaussian rows of the one before.
    private sealed record StageHere(StepLetters Letters, int Branch, int At, BranchStage Stage, bool IsOfField, Symbol? RowsRead)
    {
        public string Suffix => Letters.Suffix(Branch, At);
    }

    // Those of updates inside a branch before the one that reads what they make.
    private static IEnumerable<StageHere> Stages(StreamUpdate update, StepLetters letters, bool isField, Symbol? rows = null)
    {
        for (int branch = 0; branch < update.Branches.Count; branch++)
        {
            (bool reads, Symbol? width) = (isField, rows);
            for (int at = 0; at < update.Branches[branch].Stages.Count; at++)
            {
                BranchStage stage = update.Branches[branch].Stages[at];
                for (int before = 0; before < stage.Before.Count; before++)
                {
                    StreamUpdate inner = stage.Before[before];
                    StepLetters own = letters.Before(branch, at, before);
                    foreach (StageHere each in Stages(inner, own, reads || inner.Skip != 0 || inner.Branches.Count > 1, width))
                        yield return each;
                    (reads, width) = (inner.Skip != 0, own.WidthAfter);
                }

                yield return new(letters, branch, at, stage, reads || stage.Norm is not null, width);
                (reads, width) = (false, letters.RowWidth(branch, at));
            }
        }
    }

    private static string Number(string suffix) => suffix.TrimStart('_').TrimEnd('v', 'x', 'y', 'z', '+').Replace('_', '.');

    // sigma is gelu, mu a mask, ...
    private static string Names(StageHere each)
    {
        BranchStage stage = each.Stage;
        string[] parts =
        [
            .. stage.Activation is { } function ? new[] { $"sigma is {function.Text}" } : [],
            .. stage.IsGate ? ["v is the second copy of u, with weights of its own"] : Array.Empty<string>(),
            .. stage.Keep != 1 ? [$"mu is 1 with chance keep and 0 else, {(stage.IsMaskShared ? "one for all inputs" : "one for each input")}"] : Array.Empty<string>(),
            .. stage.Taps.Count > 0 ? [$"x of input a stands for x of the positions a + t, t in {string.Join(", ", stage.Taps)}, each with weights of its own of variance C_W over their number"] : Array.Empty<string>(),
            .. stage.Weights == WeightKind.Orthogonal ? ["W is orthogonal"] : stage.ExcessKurtosis != 0 ? ["weights have the excess kurtosis kappa"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "" : $"; before {(each.Suffix.Length == 0 ? "the dense layer" : $"dense layer {Number(each.Suffix)}")} {string.Join(", ", parts)}";
    }

    private List<DerivedFormula> Definitions(StreamUpdate update)
    {
        var formulas = new List<DerivedFormula>();
        Expression outputs = Outputs(update, _letters, neuron => Notation.Preactivation[neuron, A], formulas);
        formulas.Add(new(new(HeadKind.NextLayer, Notation.Preactivation[Neuron, A]), (Notation.Skip * Notation.Preactivation[Neuron, A]) + (Notation.Step * outputs)));
        return formulas;
    }

    // What the branches of an update give to neuron i, from the field that they read.
    private static Expression Outputs(StreamUpdate update, StepLetters letters, Func<TensorIndex, Expression> read, List<DerivedFormula> formulas)
    {
        Expression outputs = Expression.Zero;
        for (int branch = 0; branch < update.Branches.Count; branch++)
        {
            (Func<TensorIndex, Expression> field, Func<TensorIndex, Expression>? copy) = (read, null);
            for (int at = 0; at < update.Branches[branch].Stages.Count; at++)
            {
                BranchStage stage = update.Branches[branch].Stages[at];
                for (int before = 0; before < stage.Before.Count; before++)
                {
                    StepLetters own = letters.Before(branch, at, before);
                    Expression added = Outputs(stage.Before[before], own, field, formulas);
                    Tensor made = Family("y", "y", own.Within);
                    formulas.Add(new(new(HeadKind.Plain, made[Neuron, A]), ((stage.Before[before].Skip == 0 ? Expression.Zero : own.Skip) * field(Neuron)) + ((stage.Before[before].Step == 1 ? Expression.One : own.Step) * added)));
                    field = neuron => made[neuron, A];
                }

                string suffix = letters.Suffix(branch, at);
                Expression x = field(Summed);
                if (stage.Norm is not null)
                {
                    Expression mean = stage.IsCentred ? new Tensor("M", "M", 1)[A] : Expression.Zero;
                    Tensor kernel = stage.Before.Count == 0 ? at == 0 ? Notation.Kernel : Family("G", "G", letters.Suffix(branch, at - 1)) : Family("G", "G", letters.Before(branch, at, stage.Before.Count - 1).Within);
                    x = letters.Gain(branch, at) * (x - mean) * (kernel[A, A] - mean.Pow(2) + letters.Epsilon(branch, at)).Pow(-Expression.Half);
                }

                if (stage.Activation is not null)
                    x = stage.IsGate ? x * Notation.Sigma(copy!(Summed)) : Notation.Sigma(x);
                if (stage.Keep != 1)
                    x *= new Tensor("mu", @"\mu", 2)[Summed, A] / letters.Keep(branch, at);
                formulas.Add(new(new(HeadKind.Plain, Family("x", "x", suffix)[Summed, A]), x));
                formulas.Add(new(new(HeadKind.Plain, Family("u", "u", suffix)[Neuron, A]), IndexSum.Of(Summed, Family("W", "W", suffix)[Neuron, Summed] * Family("x", "x", suffix)[Summed, A]) + Family("b", "b", suffix, 1)[Neuron]));
                (field, copy) = (neuron => Family("u", "u", suffix)[neuron, A], neuron => Family("v", "v", suffix)[neuron, A]);
            }

            outputs += field(Neuron);
        }

        return outputs;
    }

    // A tensor of a dense layer.
    private static Tensor Family(string latex, string name, string suffix, int arity = 2) => new(name + suffix, suffix.Length == 0 ? latex : $"{latex}^{{{suffix.TrimStart('_').Replace('_', ',')}}}", arity);

    private static Expression Rows(StageHere each) => BlockLaw.Derive().RowCovariance.Rewrite(node =>
        node is Indexed sigma && sigma.Tensor == Notation.SigmaKernel ? Family("S", "S", each.Suffix)[A, B]
        : node == (Expression)Notation.WeightVariance ? each.Letters.WeightVariance(each.Branch, each.At)
        : node == (Expression)Notation.BiasVariance ? each.Letters.BiasVariance(each.Branch, each.At)
        : null);

    private DerivationStep Dense(StreamUpdate update, StageHere each)
    {
        BranchStage stage = each.Stage;
        bool isOfStream = each.IsOfField && each.At == 0 && each.Letters == _letters && stage.Before.Count == 0;
        var prose = new List<string> { isOfStream ? ReadsStream(update, stage) : each.IsOfField ? "This dense layer reads a field inside the branch, which is described by G and its other modes as the stream is." : ReadsRows(each.RowsRead!) };
        var before = new List<DerivedFormula>();
        if (isOfStream && DriveIn(each.Suffix) is { } drive)
            before.Add(drive);
        if (isOfStream && stage.Norm is not null && !stage.IsCentred)
        {
            var norm = new NormDerivation(each.Suffix, each.Letters.Gain(each.Branch, each.At), each.Letters.Epsilon(each.Branch, each.At));
            prose.Add("The norm makes G of x a function of G: to the fluctuation g of x with the scale held at K0 it adds that of the scale, which has g_aa and g_bb, and s gets both times C_W and the response of what follows.");
            Tensor normed = new("g_x", "g^{x}", 2, TensorSymmetry.Symmetric), scale = new("g_scale", @"g^{\mathrm{scale}}", 2, TensorSymmetry.Symmetric);
            before.Add(new(new(HeadKind.Plain, normed[A, B]), norm.WithScaleHeld.Expand()) { Meaning = "g of x, with the scale held." });
            before.Add(new(new(HeadKind.Plain, scale[A, B]), norm.OfScale.Expand()) { Meaning = "What the norm adds to it." });
        }

        if (stage.IsGate)
            prose.Add("The gate is a product of two independent copies: E2 is Q times that of sigma, and both factors respond.");
        if (stage.Keep != 1)
            prose.Add("Dropout multiplies by masks of mean 1: their second moments stand before E2, what their fourth moments have more is noise.");
        if (stage.Taps.Count > 0)
            prose.Add("The layer mixes positions: every S is averaged over its taps, which is a linear map of pairs.");
        if (stage.ExcessKurtosis != 0)
            prose.Add("The rows are not Gaussian: their fourth cumulant T is of order 1/n, and meets fourth derivatives of what reads them.");
        if (stage.Weights == WeightKind.Orthogonal)
            prose.Add("Rows of an orthogonal matrix are not independent: their kernel varies less, and they have a fourth cumulant.");
        return Step(each.Suffix.Length == 0 ? "The dense layer" : $"Dense layer {Number(each.Suffix)}", string.Join(" ", prose), each.Suffix, before);
    }

    // s in g and in the modes, from what its covariance with g is made of.
    private DerivedFormula? DriveIn(string suffix)
    {
        if (_statements.OfType<ContractedEquation>().FirstOrDefault(equation => equation.Variable.Tensor.Name == "C_sg" + suffix) is not { } withKernel)
            return null;
        Expression drive = withKernel.RightSide.Rewrite(node => node is not Indexed each ? null
            : each.Tensor == Covariance ? KernelFluctuation[each.Indices[0]]
            : each.Tensor.Name == "V" ? Named("xi", 1)[each.Indices[0]]
            : each.Tensor.Name == "V_gM" ? Named("xi", 3)[each.Indices[0], each.Indices[2], each.Indices[3]]
            : null);
        return new(new(HeadKind.Plain, Named("s" + suffix, 1)[withKernel.Variable.Indices[0]]), drive.Expand()) { Meaning = IsOnObservables ? "s, the fluctuation of Qhat times sqrt(n) as a block sees it, in its observables." : $"s, the fluctuation of Qhat times sqrt(n), in g{(IsOnKernel || !drive.Nodes().OfType<Indexed>().Any(each => each.Tensor.Name == "xi") ? "" : " and in the fluctuations xi of the modes")}." };
    }

    private string ReadsStream(StreamUpdate update, BranchStage stage)
    {
        if (stage.Activation is null && stage.Keep == 1)
        {
            bool all = update.Branches.All(branch => branch.Stages[0] is { Activation: null, Keep: 1, IsCentred: false, Before.Count: 0 });
            // A sum of rows that are neither Gaussian nor rotated at random, with the stream or by itself, has a law with other averages than G.
            bool isExact = Stages(update, _letters, isField: true).All(each => each.Stage.Weights == WeightKind.Orthogonal || each.Stage.ExcessKurtosis == 0);
            return "This dense layer reads the stream without an activation, so that S is a function of G and of nothing else of the stream. "
                + (all && !isExact ? "With Gaussian weights G would be a Markov chain; with these it is one to the order in 1/n that is kept, and a closure on G alone leaves nothing out at that order." : all
                    ? "Given G, everything that happens in the layer is drawn afresh: G of the next layer has a law given G, G is a Markov chain at every width n, and a closure on G alone leaves nothing out here"
                        + (IsOnKernel ? "." : $"; the {(IsOnObservables ? "other observables" : "modes")} are carried along, and nothing below drives G with them.")
                    : "With such branches alone a closure on G would leave nothing out; another branch of this step does not begin with one.");
        }

        string closure = _system.Closure.Keeps switch
        {
            KeptKernel kept => $"{_system.Closure.Name} puts its Gaussian mean at G in its place: g drives alone, and in the mean {(kept.HasConnectedTadpole ? "the connected part of " : "")}n Cov(G, G) does (the tadpole)",
            KeptObservables => $"{_system.Closure.Name} projects it on its observables, block by block of pairs of inputs: s is linear in those of the block",
            _ => $"{_system.Closure.Name} keeps its modes up to that order: s is linear in g and in them",
        };
        return $"This dense layer reads an activation of the stream, and S is no function of G: x_a x_b has modes of every order. {closure}.";
    }

    private string ReadsRows(Symbol width)
    {
        string noise = $"This dense layer reads the Gaussian rows of the one before, which are fresh: S is its Gaussian mean at their covariance and noise, whatever the closure. Here the hidden width enters: S is an average over {width.Name} n neurons, and the noise of S is Cov(F, F)/{width.Name}, F = x_a x_b of one neuron. ";
        if (IsOnObservables || _system.Form == DepthForm.Continuous)
            return noise + (IsOnObservables ? "It is a part of n Cov(s, s); K0 does not know it." : "It is a part of n Cov(s, s), which comes with eps^4; K0 does not know it.");
        ContractedEquation next = _statements.OfType<ContractedEquation>().Single(equation => equation.IsNext && equation.Variable.Tensor == Covariance);
        Expression factor = Expression.Add(next.RightSide.Terms.ToArray().Where(term => term.Factors.ToArray().OfType<Indexed>().Any(each => each.Tensor.Name.StartsWith("C_ss", StringComparison.Ordinal)))
            .Select(term => Expression.Multiply(term.Factors.ToArray().Where(each => each is not Indexed))));
        return noise + $"It is a part of n Cov(s, s), which V4 has with the factor {ExpressionPrinter.Text(factor)}; K0 does not know it.";
    }

    // The statements of a place.
    private DerivationStep Step(string title, string prose, string? place, IReadOnlyList<DerivedFormula>? before = null)
    {
        MomentStatement[] statements = [.. _statements.Where(statement => statement.Place == place)];
        string[] described = [.. statements.OfType<GaussianStatement>().Where(statement => !Formulas(statement, _system.Orders).Any()).Select(statement => $"{string.Join(", ", statement.Outputs.Select(output => $"{output.Tensor.Name}[{string.Join(",", output.Indices.ToArray())}]"))}: {statement.Meaning}")];
        string numbers = described.Length == 0 ? "" : $" Numbers of Gaussian functions: {string.Join(" ", described)}";
        return new(_name + title, prose + numbers, [.. before ?? [], .. statements.SelectMany(statement => Formulas(statement, _system.Orders, Next))]);
    }

    private DerivationStep Stream(StreamUpdate update)
    {
        LayerLaw law = _system.Closure.Law(LayerLaw.OfNetwork);
        Expression width = IsWide ? StepLetters.Width : Expression.One;
        bool isOrthogonal = update.Branches.Any(branch => branch.Stages[^1].Weights == WeightKind.Orthogonal);
        string modes = IsOnKernel ? "" : IsOnObservables ? " Observables of the next layer are averaged over it and projected on those of this one, block by block." : " Modes of other orders are martingales up to a change of frame and the factor alpha^k.";
        return Step(
            "The stream",
            $"The law of the next G with the rows of the last dense layer{(update.Branches.Count > 1 ? "s" : "")} given, Qhat their covariance; then Qhat = Q + s/sqrt(n) + C_W U1/n, and the orders n^(-1/2) and 1/n."
            + (isOrthogonal ? " Orthogonal rows vary less than the law says, by what is subtracted from the noise below." : "") + modes,
            null,
            [
                new(new(HeadKind.ConditionalMean, Notation.Kernel[A, B]), law.Mean),
                new(new(HeadKind.ConditionalCumulant, Notation.Kernel[A, B], Notation.Kernel[C, D]), (law.Covariance / width).Expand()),
            ]);
    }

    private DerivationStep Norm()
    {
        Expression scaled = _letters.Gain(0, 0) * Notation.Preactivation[Neuron, A] * (Notation.Kernel[A, A] + _letters.Epsilon(0, 0)).Pow(-Expression.Half);
        return Step(
            "Norm of the stream",
            "A norm of the stream makes no noise: K0, V4 and K1 go through the derivatives of a function of G" + (IsOnKernel ? "." : ", and the means of the modes with them."),
            null,
            [new(new(HeadKind.NextLayer, Notation.Preactivation[Neuron, A]), scaled)]);
    }

    private bool Reads(Symbol letter) => _statements.Any(statement => statement switch
    {
        ContractedEquation equation => equation.RightSide.Contains(letter),
        ComponentEquation equation => equation.RightSide.Contains(letter),
        _ => false,
    });

    /// <summary>A statement as formulas; none where it is said by its meaning alone.</summary>
    internal static IEnumerable<DerivedFormula> Formulas(MomentStatement statement, IReadOnlyList<int> orders, HeadKind next = HeadKind.NextLayer) => statement switch
    {
        ContractedEquation equation => [new(new(equation.IsNext ? next : HeadKind.Plain, equation.Variable), equation.RightSide) { Meaning = equation.Meaning }],
        ComponentEquation equation => [new(new(equation.IsNext ? next : HeadKind.Plain, equation.Variable), equation.RightSide.Expand()) { Meaning = equation.Meaning }],
        GaussianStatement gaussian => Expectations(gaussian, orders),
        _ => [],
    };

    // What a recipe computes, in the letters a, b of the pair p, for any sigma; of the functions of tangents sigma' stands in its place.
    private static IEnumerable<DerivedFormula> Expectations(GaussianStatement statement, IReadOnlyList<int> orders)
    {
        if (statement.Function is null || statement.Arguments is not [TensorArgument given, ..])
            yield break;
        Tensor kernel = new(given.Tensor.Name, given.Tensor.Latex, 2, TensorSymmetry.Symmetric);
        DerivedFormula Of(Expression left, Expression right) => new(new(HeadKind.Plain, left), right) { Meaning = statement.Meaning };
        Func<Expression, Expression> function = TangentFunctions.IsSlope(statement.Function) ? TangentFunctions.Slope : Notation.Sigma, other = statement.Other is null ? function : TangentFunctions.Slope;
        Observable product = Observable.Of(function(Observable.X) * function(Observable.Y));
        Expression Part(int order, Func<IReadOnlyList<TensorIndex>, Expression> mode) => ModePolynomials.Part(product, A, B, order, kernel, mode);
        Expression Mean(params TensorIndex[] inputs) => GaussianMean.OfProduct(kernel, [.. inputs.Select(input => (input, input == C || input == D ? other : function))]);
        switch (statement.Recipe)
        {
            case GaussianRecipe.SigmaKernelInModes:
                yield return Of(statement.Outputs[0], Mean(A, B));
                yield return Of(statement.Outputs[1] * KernelFluctuation[R], Part(2, indices => Notation.Fluctuation[indices[0], indices[1]])) with { Meaning = "" };
                yield return Of(statement.Outputs[2] * Named("H", 3)[Order, P, J], Expression.Add(orders.Where(order => order <= HighestShown).Select(order => Part(order, ModePolynomials.Mode))))
                    with
                { Meaning = orders.Max() > HighestShown ? FormattableString.Invariant($"The orders up to {HighestShown}; those that follow have the same form.") : "" };
                break;
            case GaussianRecipe.SigmaKernelOfRows:
                yield return Of(statement.Outputs[0], Mean(A, B));
                yield return Of(statement.Outputs[1] * Drive[R], Part(2, indices => ModeDynamics.SigmaFluctuation[indices[0], indices[1]])) with { Meaning = "" };
                break;
            case GaussianRecipe.CurvatureOfSigmaKernel when statement.Arguments[1] is TensorArgument covariance:
                Tensor over = new(covariance.Tensor.Name, covariance.Tensor.Latex, 4, TensorSymmetry.CovarianceOfSymmetric);
                yield return Of(statement.Outputs[0], Part(4, each => over[each[0], each[1], each[2], each[3]] + over[each[0], each[2], each[1], each[3]] + over[each[0], each[3], each[1], each[2]]).Expand());
                break;
            case GaussianRecipe.CovarianceOfSigmaKernel or GaussianRecipe.CovarianceOfProducts:
                yield return Of(statement.Outputs[0], Mean(A, B, C, D) - (Mean(A, B) * Mean(C, D)));
                break;
        }
    }
}
