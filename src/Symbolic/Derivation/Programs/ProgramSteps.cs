// The derivation of a program as documents print it, from the statements that it is solved by: for each structure of a step what its layers are, the law of their rows,
// the statements of each dense layer with what a reader should see in them, and those of the stream. Statements with Gaussian functions are written out as expectations
// where these are short; the others are described.

using SymbolicEft.Symbolic.Derivation.Closures;
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

    private readonly MomentSystem _system;
    private readonly StreamStep _step;
    private readonly StepLetters _letters;
    private readonly IReadOnlyList<MomentStatement> _statements;
    private readonly string _name;
    private readonly bool _isFresh;

    private ProgramSteps(ProgramSystem program, int at)
    {
        (_system, _step, _letters) = (program.Systems[at], program.Structures[at], new(program.Structures[at]));
        _statements = MomentStatements.Needed(_system.Step);
        _isFresh = program.Layers.Where(layer => layer.System == at).All(layer => layer.Numbers.GetValueOrDefault(Notation.Skip) == 0);
        _name = program.Systems.Count == 1 ? "" : FormattableString.Invariant($"Step {at + 1}: ");
    }

    private bool IsOnKernel => _system.Closure is GOnly or GConnected;

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
            + "Letters end in the number of their dense layer, before it that of the branch where there are several.";
    }

    private IEnumerable<DerivationStep> All()
    {
        if (_step is not StreamUpdate update)
        {
            yield return Norm();
            yield break;
        }

        yield return new(
            _name + "Layers",
            $"What a layer does to neuron i of input a, dense layer by dense layer, with weights and biases drawn afresh{string.Concat(Stages(update).Select(each => Names(each.Stage, each.Branch, each.At)))}.{(_isFresh ? " alpha is 0 in these layers: nothing of the stream before is left." : "")}",
            [.. Definitions(update)]);
        yield return new(
            _name + "Rows",
            "Contracting the weights and the biases (Wick): given everything older, each row of a dense layer has the covariance Qhat, with S the average over neurons of what the layer reads, x_a x_b. "
            + (Stages(update).All(each => each.Stage.Weights == WeightKind.Gaussian) ? "Rows of different neurons are independent and Gaussian." : "Rows of different neurons are uncorrelated; where weights are not Gaussian, a fourth cumulant T is left at order 1/n."),
            [.. Stages(update).Select(each => new DerivedFormula(new(HeadKind.Plain, Family(@"\hat{Q}", "Qhat", each.Branch, each.At)[A, B]), Rows(each.Branch, each.At)))]);
        foreach ((int branch, int at, BranchStage stage) in Stages(update))
            yield return Dense(update, branch, at, stage);
        if (update.Branches.Count > 1)
            yield return Step("Sum of the branches", "The outputs of the branches add; they are correlated through the stream that all of them read.", (update.Branches.Count, 0));
        yield return Stream(update);
    }

    private static IEnumerable<(int Branch, int At, BranchStage Stage)> Stages(StreamUpdate update) =>
        update.Branches.SelectMany((branch, number) => branch.Stages.Select((stage, at) => (number, at, stage)));

    // sigma is gelu, mu a mask, ...
    private string Names(BranchStage stage, int branch, int at)
    {
        string layer = _letters.Suffix(branch, at).Length == 0 ? "the dense layer" : $"dense layer {_letters.Suffix(branch, at).TrimStart('_').Replace('_', '.')}";
        string[] parts =
        [
            .. stage.Activation is { } function ? new[] { $"sigma is {function.Text}" } : [],
            .. stage.IsGate ? ["v is the second copy of u, with weights of its own"] : Array.Empty<string>(),
            .. stage.Keep != 1 ? [$"mu is 1 with chance keep and 0 else, {(stage.IsMaskShared ? "one for all inputs" : "one for each input")}"] : Array.Empty<string>(),
            .. stage.Taps.Count > 0 ? [$"x of input a stands for x of the positions a + t, t in {string.Join(", ", stage.Taps)}, each with weights of its own of variance C_W over their number"] : Array.Empty<string>(),
            .. stage.Weights == WeightKind.Orthogonal ? ["W is orthogonal"] : stage.ExcessKurtosis != 0 ? ["weights have the excess kurtosis kappa"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "" : $"; before {layer} {string.Join(", ", parts)}";
    }

    private IEnumerable<DerivedFormula> Definitions(StreamUpdate update)
    {
        foreach ((int branch, int at, BranchStage stage) in Stages(update))
        {
            TensorIndex neuron = Summed;
            Expression read = at == 0 ? Notation.Preactivation[neuron, A] : Family("u", "u", branch, at - 1)[neuron, A];
            if (stage.Norm is not null)
            {
                Expression mean = stage.IsCentred ? Notation.Preactivation with { Name = "M", Latex = "M", Arity = 1 } is var average ? average[A] : Expression.Zero : Expression.Zero;
                read = _letters.Gain(branch, at) * (read - mean) * (Notation.Kernel[A, A] - mean.Pow(2) + _letters.Epsilon(branch, at)).Pow(-Expression.Half);
            }

            if (stage.Activation is not null)
                read = stage.IsGate ? read * Notation.Sigma(Family("v", "v", branch, at - 1)[neuron, A]) : Notation.Sigma(read);
            if (stage.Keep != 1)
                read *= new Tensor("mu", @"\mu", 2)[neuron, A] / _letters.Keep(branch, at);
            yield return new(new(HeadKind.Plain, Family("x", "x", branch, at)[neuron, A]), read);
            yield return new(new(HeadKind.Plain, Family("u", "u", branch, at)[Neuron, A]), IndexSum.Of(Summed, Family("W", "W", branch, at)[Neuron, Summed] * Family("x", "x", branch, at)[Summed, A]) + Family("b", "b", branch, at, 1)[Neuron]);
        }

        Expression outputs = Expression.Add(update.Branches.Select((branch, number) => (Expression)Family("u", "u", number, branch.Stages.Count - 1)[Neuron, A]));
        yield return new(new(HeadKind.NextLayer, Notation.Preactivation[Neuron, A]), (Notation.Skip * Notation.Preactivation[Neuron, A]) + (Notation.Step * outputs));
    }

    // A tensor of a dense layer.
    private Tensor Family(string latex, string name, int branch, int at, int arity = 2)
    {
        string suffix = _letters.Suffix(branch, at);
        return new(name + suffix, suffix.Length == 0 ? latex : $"{latex}^{{{suffix.TrimStart('_').Replace('_', ',')}}}", arity);
    }

    private Expression Rows(int branch, int at) => BlockLaw.Derive().RowCovariance.Rewrite(node =>
        node is Indexed sigma && sigma.Tensor == Notation.SigmaKernel ? Family("S", "S", branch, at)[A, B]
        : node == (Expression)Notation.WeightVariance ? _letters.WeightVariance(branch, at)
        : node == (Expression)Notation.BiasVariance ? _letters.BiasVariance(branch, at)
        : null);

    private DerivationStep Dense(StreamUpdate update, int branch, int at, BranchStage stage)
    {
        string suffix = _letters.Suffix(branch, at), title = suffix.Length == 0 ? "The dense layer" : $"Dense layer {suffix.TrimStart('_').Replace('_', '.')}";
        var prose = new List<string> { at == 0 ? ReadsStream(update, stage) : ReadsRows(branch, at) };
        var before = new List<DerivedFormula>();
        if (at == 0 && Drive(suffix) is { } drive)
            before.Add(drive);
        if (stage.Norm is not null && !stage.IsCentred && at == 0)
        {
            var norm = new NormDerivation(suffix, _letters.Gain(branch, at), _letters.Epsilon(branch, at));
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
        return Step(title, string.Join(" ", prose), (branch, at), before);
    }

    // s in g and in the modes, from what its covariance with g is made of.
    private DerivedFormula? Drive(string suffix)
    {
        if (_statements.OfType<ContractedEquation>().FirstOrDefault(equation => equation.Variable.Tensor.Name == "C_sg" + suffix) is not { } withKernel)
            return null;
        Expression source = withKernel.RightSide.Rewrite(node => node is not Indexed each ? null
            : each.Tensor == Covariance ? KernelFluctuation[each.Indices[0]]
            : each.Tensor.Name == "V_gM" ? Named("xi", 3)[each.Indices[0], each.Indices[2], each.Indices[3]]
            : null);
        return new(new(HeadKind.Plain, Named("s" + suffix, 1)[P]), source.Expand()) { Meaning = $"s, the fluctuation of Qhat times sqrt(n), in g{(IsOnKernel || !source.Nodes().OfType<Indexed>().Any(each => each.Tensor.Name == "xi") ? "" : " and in the fluctuations xi of the modes")}." };
    }

    private string ReadsStream(StreamUpdate update, BranchStage stage)
    {
        if (stage.Activation is null && stage.Keep == 1)
        {
            bool all = update.Branches.All(branch => branch.Stages[0].Activation is null && branch.Stages[0].Keep == 1 && !branch.Stages[0].IsCentred);
            // A sum of rows that are neither Gaussian nor rotated at random, with the stream or by itself, has a law with other averages than G.
            bool isExact = Stages(update).All(each => each.Stage.Weights == WeightKind.Orthogonal || each.Stage.ExcessKurtosis == 0);
            return "This dense layer reads the stream without an activation, so that S is a function of G and of nothing else of the stream. "
                + (all && !isExact ? "With Gaussian weights G would be a Markov chain; with these it is one to the order in 1/n that is kept, and a closure on G alone leaves nothing out at that order." : all
                    ? "Given G, everything that happens in the layer is drawn afresh: G of the next layer has a law given G, G is a Markov chain at every width n, and a closure on G alone leaves nothing out here"
                        + (IsOnKernel ? "." : "; the modes are carried along, and nothing below drives G with them.")
                    : "With such branches alone a closure on G would leave nothing out; another branch of this step begins with an activation.");
        }

        string closure = _system.Closure switch
        {
            GOnly => "g-only puts its Gaussian mean at G in its place: g drives alone, and in the mean n Cov(G, G) does (the tadpole)",
            GConnected => "g-connected puts its Gaussian mean at G in its place: g drives alone, and in the mean the connected part of n Cov(G, G) does",
            _ => $"{_system.Closure.Name} keeps its modes up to that order: s is linear in g and in them",
        };
        return $"This dense layer reads an activation of the stream, and S is no function of G: x_a x_b has modes of every order. {closure}.";
    }

    private string ReadsRows(int branch, int at)
    {
        ContractedEquation next = _statements.OfType<ContractedEquation>().Single(equation => equation.IsNext && equation.Variable.Tensor == Covariance);
        Expression factor = Expression.Add(next.RightSide.Terms.ToArray().Where(term => term.Factors.ToArray().OfType<Indexed>().Any(each => each.Tensor.Name.StartsWith("C_ss", StringComparison.Ordinal)))
            .Select(term => Expression.Multiply(term.Factors.ToArray().Where(each => each is not Indexed))));
        return $"This dense layer reads the Gaussian rows of the one before, which are fresh: S is its Gaussian mean at their covariance and noise, whatever the closure. Here the hidden width enters: S is an average over "
            + $"{_letters.RowWidth(branch, at - 1).Name} n neurons, and the noise of S is Cov(F, F)/{_letters.RowWidth(branch, at - 1).Name}, F = x_a x_b of one neuron. It is a part of n Cov(s, s), which V4 has with the factor {ExpressionPrinter.Text(factor)}; K0 does not know it.";
    }

    // The statements of a place.
    private DerivationStep Step(string title, string prose, (int, int)? place, IReadOnlyList<DerivedFormula>? before = null)
    {
        MomentStatement[] statements = [.. _statements.Where(statement => statement.Place == place)];
        string[] described = [.. statements.OfType<GaussianStatement>().Where(statement => !Formulas(statement, _system.Orders).Any()).Select(statement => $"{string.Join(", ", statement.Outputs.Select(output => $"{output.Tensor.Name}[{string.Join(",", output.Indices.ToArray())}]"))}: {statement.Meaning}")];
        string numbers = described.Length == 0 ? "" : $" Numbers of Gaussian functions: {string.Join(" ", described)}";
        return new(_name + title, prose + numbers, [.. before ?? [], .. statements.SelectMany(statement => Formulas(statement, _system.Orders))]);
    }

    private DerivationStep Stream(StreamUpdate update)
    {
        var law = BlockLaw.Derive();
        Expression width = IsWide ? StepLetters.Width : Expression.One;
        bool isOrthogonal = update.Branches.Any(branch => branch.Stages[^1].Weights == WeightKind.Orthogonal);
        string modes = IsOnKernel ? "" : " Modes of other orders are martingales up to a change of frame and the factor alpha^k.";
        return Step(
            "The stream",
            $"The block law with the rows of the last dense layer{(update.Branches.Count > 1 ? "s" : "")} given, Qhat their covariance; then Qhat = Q + s/sqrt(n) + C_W U1/n, and the orders n^(-1/2) and 1/n."
            + (isOrthogonal ? " Orthogonal rows vary less than the law says, by what is subtracted from the noise below." : "") + modes,
            null,
            [
                new(new(HeadKind.ConditionalMean, Notation.Kernel[A, B]), law.Cumulant((A, B))),
                new(new(HeadKind.ConditionalCumulant, Notation.Kernel[A, B], Notation.Kernel[C, D]), (law.Cumulant((A, B), (C, D)) / width).Expand()),
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

    private static IEnumerable<DerivedFormula> Formulas(MomentStatement statement, IReadOnlyList<int> orders, HeadKind next = HeadKind.NextLayer) => statement switch
    {
        ContractedEquation equation => [new(new(equation.IsNext ? next : HeadKind.Plain, equation.Variable), equation.RightSide) { Meaning = equation.Meaning }],
        ComponentEquation equation => [new(new(equation.IsNext ? next : HeadKind.Plain, equation.Variable), equation.RightSide.Expand()) { Meaning = equation.Meaning }],
        GaussianStatement gaussian => Expectations(gaussian, orders),
        _ => [],
    };

    // What a recipe computes, in the letters a, b of the pair p, for any sigma.
    private static IEnumerable<DerivedFormula> Expectations(GaussianStatement statement, IReadOnlyList<int> orders)
    {
        if (statement.Function is null || statement.Arguments is not [TensorArgument given, ..])
            yield break;
        Tensor kernel = new(given.Tensor.Name, given.Tensor.Latex, 2, TensorSymmetry.Symmetric);
        DerivedFormula Of(Expression left, Expression right) => new(new(HeadKind.Plain, left), right) { Meaning = statement.Meaning };
        Expression Part(int order, Func<IReadOnlyList<TensorIndex>, Expression> mode) => HeatPolynomials.Part(Observable.SigmaKernel, A, B, order, kernel, mode);
        Expression Mean(params TensorIndex[] inputs) => GaussianMean.OfProduct(kernel, [.. inputs.Select(input => (input, (Func<Expression, Expression>)Notation.Sigma))]);
        switch (statement.Recipe)
        {
            case GaussianRecipe.SourceInModes:
                yield return Of(statement.Outputs[0], Mean(A, B));
                yield return Of(statement.Outputs[1] * KernelFluctuation[R], Part(2, indices => Notation.Fluctuation[indices[0], indices[1]])) with { Meaning = "" };
                yield return Of(statement.Outputs[2] * Named("H", 3)[Order, P, J], Expression.Add(orders.Where(order => order <= HighestShown).Select(order => Part(order, HeatPolynomials.Mode))))
                    with { Meaning = orders.Max() > HighestShown ? FormattableString.Invariant($"The orders up to {HighestShown}; those that follow have the same form.") : "" };
                break;
            case GaussianRecipe.SourceInKernel:
                yield return Of(statement.Outputs[0], Mean(A, B));
                yield return Of(statement.Outputs[1] * Source[R], Part(2, indices => ModeDynamics.SigmaFluctuation[indices[0], indices[1]])) with { Meaning = "" };
                break;
            case GaussianRecipe.CurvatureOfSource when statement.Arguments[1] is TensorArgument covariance:
                Tensor over = new(covariance.Tensor.Name, covariance.Tensor.Latex, 4, TensorSymmetry.CovarianceOfSymmetric);
                yield return Of(statement.Outputs[0], Part(4, each => over[each[0], each[1], each[2], each[3]] + over[each[0], each[2], each[1], each[3]] + over[each[0], each[3], each[1], each[2]]).Expand());
                break;
            case GaussianRecipe.CovarianceOfSource:
                yield return Of(statement.Outputs[0], Mean(A, B, C, D) - (Mean(A, B) * Mean(C, D)));
                break;
        }
    }
}
