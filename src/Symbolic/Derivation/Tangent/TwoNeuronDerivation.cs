// What the tangents of two different neurons add up to, for the mean of the tangent kernel at order 1/n and for tau.
//   1. Give every parameter a direction eta_w ~ N(0, 1), and let dphi be the tangent of phi along it. A program of layers makes of (phi, dphi) another program of layers, by
//      differentiating it: rows (U, dU) of weights W and dW are Gaussian given what is older, with the covariance S of (x, dx), x = f(phi), dx = f' dphi. So G, S and their modes
//      have components with tangents, Theta is the component (da, db), its mean that of G_(da,db), and every layer does to these what it does to the others (KernelMap,
//      FunctionLayerMap, NormDerivation): nothing is new but the functions.
//   2. Components with one tangent vanish in the mean, as eta and -eta are alike: of the modes H_A(phi) dphi_a there are covariances only, and these with H_A(phi) dphi_b. With
//        L_A = xi(H_A dphi_a),  R_A = xi(H_A dphi_b),   b = n Cov(L_A, R_B) - Theta0 [H_A H_B]      (two neurons; one has the tangents of independent ones)
//      g_(c,da) is L of order 1, and b vanishes unless one of A, B is of order 1: fluctuations of other orders meet nothing but the noise of one neuron. Of functions F, H
//        n Cov(L(F), R(H)) = Theta0 [F H] + sum_r F_r b(e_r, H) + sum_r H_r b(F, e_r),      1/2 for what is of order 1 in both
//   3. X_A, n times the mean of H_A (dphi_a dphi_b - Theta): what rows with the covariances of L and R do to a mean, FunctionLayerMap.
//      Of a list of observables the tables are those of all modes up to a fixed order, projected at the beginning of a layer on the tangents of the list (TangentsOfList), and so are
//      the functions that meet them: a table whose values are known for the functions of a span is one in the span.
//   4. tau takes two directions: dphi_a dphi_a* and dphi_b dphi_b*, which meet as theta does, in a constant instead of a mode of order 1. The kernel of one output, v Theta v/n, has
//      the two contractions (a, a*)(b, b*) and (a, b*)(b, a*) of v in its variance.
// For each pair (a, b), in the modes he_A(z) of its frame; directions r, s, t are those of z, or the inputs c, d of the pair.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>The rows of a dense layer as the tangents of two neurons see them: covariances of s_(c,da) and s_(c,db), c = a, b, and of those with two directions.</summary>
/// <param name="Left">n Cov(s_(c,da), R_A), with the modes of the stream.</param>
/// <param name="Right">n Cov(s_(c,db), L_A).</param>
/// <param name="Both">n Cov(s_(c,da), s_(d,db)).</param>
/// <param name="Straight">Of (a, a*) and (b, b*).</param>
/// <param name="Crossed">Of (a, b*) and (b, a*).</param>
internal sealed record TwoNeuronRows(Tensor Left, Tensor Right, Tensor Both, TwoDirections Straight, TwoDirections Crossed);

/// <summary>Covariances of what has two directions.</summary>
/// <param name="First">n Cov(s of the second, modes of the first).</param>
/// <param name="Second">n Cov(s of the first, modes of the second).</param>
/// <param name="Both">n Cov of both s.</param>
internal sealed record TwoDirections(Tensor First, Tensor Second, Tensor Both);

/// <summary>Derives them.</summary>
/// <param name="statements">Where the statements go.</param>
/// <param name="keeps">What the closure keeps; of G alone rows are Gaussian with the covariance G, components with tangents included.</param>
internal sealed class TwoNeuronDerivation(List<MomentStatement> statements, KeptAverages keeps)
{
    private static readonly TensorIndex C = Direction("c"), D = Direction("d"), S = Direction("s"), T = Direction("t"), Mode = TensorIndex.Of(IndexKind.EveryMode, "A");

    private static readonly Tensor Diagonal = Named("X", 2), FromLeft = Named("b_L", 3), FromRight = Named("b_R", 3), First = Named("w_a", 2), Second = Named("w_b", 2), Across = Named("w_ab", 2);

    private static readonly Tensor Order1 = Named("first_T", 3), Order0 = Named("one_T", 2), Half1 = Named("half_T", 2), Half0 = Named("halfone_T", 2), PhiA = Named("phi_a", 2), PhiB = Named("phi_b", 2), InputA = Named("input_a", 2), InputB = Named("input_b", 2);

    private static readonly Expression Carried = Notation.Skip, Added = KernelMap.Of(LayerLaw.OfNetwork).Fluctuation.CollectIn(ModeDynamics.SigmaFluctuation).Single(entry => entry.Monomial.Count == 1).Coefficient;

    /// <summary>The averages that join the state.</summary>
    public IReadOnlyList<StateVariable> State { get; } =
        [.. keeps is not KeptKernel ? [new(Diagonal, [P, Mode])] : Array.Empty<StateVariable>(), new(FromLeft, [P, S, Mode]), new(FromRight, [P, S, Mode]), new(First, [P, Mode]), new(Second, [P, Mode]), new(Across, [P, Mode])];

    // Whether averages of functions of a neuron are kept, and whether these are the tangents of a list.
    private bool HasFunctions => keeps is not KeptKernel;

    private bool IsOfList => keeps is KeptObservables;

    /// <summary>What a step begins with.</summary>
    public void Start()
    {
        Say(new GaussianStatement("Among all modes of a pair those of orders 1 and 0; 1, but 1/2 for these; and among its inputs a and b.", GaussianRecipe.MarksOfModes, [Order1[P, S, Mode], Order0[P, Mode], Half1[P, Mode], Half0[P, Mode], InputA[P, C], InputB[P, C]], []));
        Frames("", Here(Notation.MeanKernel), PhiA, PhiB);
        if (IsOfList)
            Project("What two neurons add up to, and X: projected on the tangents of the list.", Read, [FromRight[P, S, Mode], FromLeft[P, S, Mode], First[P, Mode], Second[P, Mode], Across[P, Mode], Diagonal[P, Mode]]);
        Say("Order 1 by half.", Halved(FromLeft)[P, S, Mode], Half1[P, Mode] * Read(FromLeft)[P, S, Mode]);
        Say("Order 1 by half.", Halved(FromRight)[P, S, Mode], Half1[P, Mode] * Read(FromRight)[P, S, Mode]);
        foreach (Tensor each in new[] { First, Second, Across })
            Say("Order 0 by half.", Halved(each)[P, Mode], Half0[P, Mode] * Read(each)[P, Mode]);
        Say("Theta0 squared: the noise of one neuron, of two directions.", Squared(TangentDerivation.Mean)[P], TangentDerivation.Mean[P].Pow(2));
        if (HasFunctions)
            return;
        Tensor whole = Whole(FromLeft, "_g");
        Say(new GaussianStatement("X of Gaussian rows: sum_rs n Cov(g_(r,da), g_(s,db)) [d_r d_s he_A].", GaussianRecipe.DerivativesOfTables, [Diagonal[P, Mode]], [Here(whole)]));
    }

    /// <summary>The rows of a stage that reads the stream.</summary>
    /// <param name="x">What the names of its tensors end in.</param>
    /// <param name="functions">What it makes of the stream, a norm included.</param>
    /// <param name="weight">C_W.</param>
    public TwoNeuronRows FromStream(string x, TangentFunctionsOfStage functions, Expression weight)
    {
        Tensor mean = TangentDerivation.Mean, both = Named("CT_LR" + x, 3), ofLeft = Named("bR_L" + x, 3), ofRight = Named("bL_R" + x, 3);
        Say("Left functions with modes of order 1.", ofLeft[P, C, S], Halved(FromRight)[P, S, Mode] * functions.Left[P, C, Mode]);
        Say("Right ones.", ofRight[P, C, S], Halved(FromLeft)[P, S, Mode] * functions.Right[P, C, Mode]);
        Tensor Covariance(string name, Tensor of, Tensor order1, Tensor table, Tensor withOrder1)
        {
            Tensor made = Named(name + x, 3);
            Say("n Cov of s_(c,da), or s_(c,db), with the modes of the other.", made[P, C, Mode],
                (weight * ((mean[P] * of[P, C, Mode]) + (order1[P, C, S] * Halved(table)[P, S, Mode]) + (Order1[P, S, Mode] * withOrder1[P, C, S]))).Expand());
            return made;
        }

        Tensor left = Covariance("CT_L", functions.Left, functions.LeftOrder1, FromLeft, ofLeft), right = Covariance("CT_R", functions.Right, functions.RightOrder1, FromRight, ofRight);
        Say("n Cov(s_(c,da), s_(d,db)).", both[P, C, D],
            (weight.Pow(2) * ((mean[P] * functions.Whole[P, C, D]) + (functions.LeftOrder1[P, C, S] * ofRight[P, D, S]) + (functions.RightOrder1[P, D, S] * ofLeft[P, C, S]))).Expand());
        return new(left, right, both, Pairing("", functions.OfFirst, functions.OfSecond, functions.FourSlopes, First, Second), Pairing("x", functions.Across, functions.Across, functions.FourSlopesAcross, Across, Across));

        TwoDirections Pairing(string kind, Tensor first, Tensor second, Tensor noise, Tensor tableOfFirst, Tensor tableOfSecond)
        {
            bool isOne = first == second;
            Tensor square = Squared(mean), all = Named($"CT_{kind}12{x}", 1);
            (Tensor Constant, Tensor Sum, Tensor Function, Tensor Table) Side(string side, Tensor function, Tensor table)
            {
                Tensor constant = Named($"l{kind}{side}_0{x}", 1), sum = Named($"w{kind}{side}_l{x}", 1);
                Say("The constant in it.", constant[P], function[P, Mode] * Order0[P, Mode]);
                Say("It with a constant.", sum[P], function[P, Mode] * Halved(table)[P, Mode]);
                return (constant, sum, function, table);
            }

            var one = Side("1", first, tableOfFirst);
            var other = isOne ? one : Side("2", second, tableOfSecond);
            Tensor With(string side, (Tensor Constant, Tensor Sum, Tensor Function, Tensor Table) drive, (Tensor Constant, Tensor Sum, Tensor Function, Tensor Table) modes)
            {
                Tensor made = Named($"CT_{kind}{side}{x}", 2);
                Say("n Cov of s of two directions with the modes of the others.", made[P, Mode],
                    (weight * ((square[P] * drive.Function[P, Mode]) + (drive.Constant[P] * Halved(modes.Table)[P, Mode]) + (Order0[P, Mode] * drive.Sum[P]))).Expand());
                return made;
            }

            Tensor withFirst = With("1", other, one), withSecond = isOne ? withFirst : With("2", one, other);
            Say("n Cov of both s.", all[P], (weight.Pow(2) * ((square[P] * noise[P]) + (one.Constant[P] * other.Sum[P]) + (other.Constant[P] * one.Sum[P]))).Expand());
            return new(withFirst, withSecond, all);
        }
    }

    /// <summary>The rows of a stage that reads Gaussian rows: S is linear in their covariances that have one tangent, by Stein, and has the noise of its neurons.</summary>
    /// <param name="x">What the names of its tensors end in.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="mean">Theta of them.</param>
    /// <param name="functions">What the stage makes of them.</param>
    /// <param name="weight">C_W.</param>
    /// <param name="width">r of the rows.</param>
    public TwoNeuronRows FromRows(string x, TwoNeuronRows rows, Tensor mean, TangentFunctionsOfStage functions, Expression weight, Expression width)
    {
        Tensor left = Named("CT_L" + x, 3), right = Named("CT_R" + x, 3), both = Named("CT_LR" + x, 3), half = Named("CT_half" + x, 3), ofLeft = functions.ResponseToLeft!, ofRight = functions.ResponseToRight!, square = Squared(mean);
        Say("Theta squared.", square[P], mean[P].Pow(2));
        Say("n Cov(s_(c,da), R_A).", left[P, C, Mode], weight * ofLeft[P, C, D] * rows.Left[P, D, Mode]);
        Say("n Cov(s_(c,db), L_A).", right[P, C, Mode], weight * ofRight[P, C, D] * rows.Right[P, D, Mode]);
        Say("On one side.", half[P, C, D], ofLeft[P, C, S] * rows.Both[P, S, D]);
        Say("n Cov(s_(c,da), s_(d,db)), with the noise of the neurons.", both[P, C, D], (weight.Pow(2) * ((half[P, C, S] * ofRight[P, D, S]) + (mean[P] * functions.Whole[P, C, D] / width))).Expand());
        return new(left, right, both, Pairing("", rows.Straight, functions.OfFirst, functions.OfSecond, functions.FourSlopes), Pairing("x", rows.Crossed, functions.Across, functions.Across, functions.FourSlopesAcross));

        TwoDirections Pairing(string kind, TwoDirections of, Tensor first, Tensor second, Tensor noise)
        {
            bool isOne = first == second;
            Tensor Constant(string side, Tensor function)
            {
                if (function.Arity == 1)
                    return function;
                Tensor constant = Named($"l{kind}{side}_0{x}", 1);
                Say("The constant in it.", constant[P], function[P, Mode] * Order0[P, Mode]);
                return constant;
            }

            Tensor one = Constant("1", first), other = isOne ? one : Constant("2", second), product = Named($"l{kind}12_0{x}", 1), all = Named($"CT_{kind}12{x}", 1);
            Tensor With(string side, Tensor constant, Tensor before)
            {
                Tensor made = Named($"CT_{kind}{side}{x}", 2);
                Say("n Cov of s of two directions with the modes of the others.", made[P, Mode], weight * constant[P] * before[P, Mode]);
                return made;
            }

            Tensor withFirst = With("1", other, of.First), withSecond = isOne ? withFirst : With("2", one, of.Second);
            Say("Both constants.", product[P], one[P] * other[P]);
            Say("n Cov of both s.", all[P], (weight.Pow(2) * ((product[P] * of.Both[P]) + (square[P] * noise[P] / width))).Expand());
            return new(withFirst, withSecond, all);
        }
    }

    /// <summary>What a function makes of the stream, or of Gaussian rows.</summary>
    /// <param name="x">What the names of its tensors end in.</param>
    /// <param name="function">f.</param>
    /// <param name="slope">f'.</param>
    /// <param name="kernel">K0 of what it reads.</param>
    /// <param name="ofRows">Whether it reads Gaussian rows.</param>
    public TangentFunctionsOfStage Functions(string x, ActivationDefinition function, ActivationDefinition slope, Tensor kernel, bool ofRows)
    {
        Tensor left = Named("F_L" + x, 3), right = Named("F_R" + x, 3), slopes = Named("F_ab" + x, 2), first = Named("F_aa" + x, 2), second = Named("F_bb" + x, 2), whole = Named("F_cd" + x, 3), four = Named("F_aabb" + x, 1), leftOrder1 = Named("F1_L" + x, 3), rightOrder1 = Named("F1_R" + x, 3);
        Say(new GaussianStatement(
            "f_c f'_a and f_c f'_b, c = a, b, f'_a f'_b, f'_a f'_a and f'_b f'_b in modes; E[f_c f_d f'_a f'_b] and E[f'_a f'_a f'_b f'_b].", ofRows ? GaussianRecipe.TangentProductsOfRows : GaussianRecipe.TangentProducts,
            [left[P, C, Mode], right[P, C, Mode], slopes[P, Mode], first[P, Mode], second[P, Mode], whole[P, C, D], four[P]], [Here(kernel)])
        { Function = function, Other = slope });
        Say("Their modes of order 1.", leftOrder1[P, C, S], left[P, C, Mode] * Order1[P, S, Mode]);
        Say("Their modes of order 1.", rightOrder1[P, C, S], right[P, C, Mode] * Order1[P, S, Mode]);
        var functions = new TangentFunctionsOfStage(left, right, leftOrder1, rightOrder1, slopes, slopes, first, second, whole, four, four);
        if (!ofRows)
            return IsOfList ? OnList(x, functions) : HasFunctions ? functions : OfKernel(x, functions);
        Frames(x, Here(kernel), Named("u_a" + x, 2), Named("u_b" + x, 2));
        Tensor units = Units(x), ofLeft = Named("RT_L" + x, 3), ofRight = Named("RT_R" + x, 3);
        Say("The response to s_(d,da), E[d_d (f_c f'_a)].", ofLeft[P, C, D], leftOrder1[P, C, S] * units[P, S, D]);
        Say("To s_(d,db).", ofRight[P, C, D], rightOrder1[P, C, S] * units[P, S, D]);
        return functions with { ResponseToLeft = ofLeft, ResponseToRight = ofRight };
    }

    /// <summary>A gate x = p f(q) of two copies p and q of Gaussian rows, dx = dp f(q) + p f'(q) dq, where x and dx are linear in p and dp.</summary>
    /// <param name="x">What the names of its tensors end in.</param>
    /// <param name="functions">Those of f.</param>
    /// <param name="gate">Averages of the gate.</param>
    public TangentFunctionsOfStage Gated(string x, TangentFunctionsOfStage functions, GateAverages gate)
    {
        (Tensor kernelA, Tensor kernelB, Tensor kernels) = OfInputs("Q", gate.Kernel);
        (Tensor meanA, Tensor meanB, _) = OfInputs("E", gate.Mean);
        (Tensor slopesA, Tensor slopesB, _) = OfInputs("D", gate.Slopes);
        Tensor unit = Named("unit_in" + x, 3), whole = Named("F_cdg" + x, 3), first = Named("F_cdg1" + x, 3), second = Named("F_cdg2" + x, 3), ofFirst = Named("D_aag" + x, 1), ofSecond = Named("D_bbg" + x, 1), four = Named("F_aabbg" + x, 1);
        Say("The unit matrix over the inputs of a pair.", unit[P, C, D], Order1[P, C, Mode] * Order1[P, D, Mode]);
        Say("E[p_c p_d] E[f_c f_a f_d f_b].", first[P, C, D], kernels[P, C, D] * Both("E4", gate.FourMean)[P, C, D]);
        Say("E[p_c p_a p_d p_b] E[f_c f'_a f_d f'_b].", second[P, C, D], Both("Q4", gate.FourKernel)[P, C, D] * functions.Whole[P, C, D]);
        Say("E[x_c x_d (f_a f_b + p_a p_b f'_a f'_b)].", whole[P, C, D], first[P, C, D] + second[P, C, D]);
        Say("E[f_a f_a + p_a p_a f'_a f'_a].", ofFirst[P], slopesA[P, C] * InputA[P, C]);
        Say("Of b.", ofSecond[P], slopesB[P, C] * InputB[P, C]);
        Say("The mean square of f_a f_b + p_a p_b f'_a f'_b.", four[P], (gate.FourSlopes[P, Q] * gate.Unit[P, Q]) + gate.Slopes[P].Pow(2));
        return functions with
        {
            ResponseToLeft = Response("RT_Lg", meanA, kernelA, functions.ResponseToLeft!),
            ResponseToRight = Response("RT_Rg", meanB, kernelB, functions.ResponseToRight!),
            Whole = whole,
            Across = gate.Slopes,
            OfFirst = ofFirst,
            OfSecond = ofSecond,
            FourSlopes = four,
            FourSlopesAcross = four,
        };

        Tensor Response(string name, Tensor mean, Tensor kernel, Tensor response)
        {
            Tensor made = Named(name + x, 3);
            Say("The response of the gate.", made[P, C, D], (mean[P, C] * unit[P, C, D]) + (kernel[P, C] * response[P, C, D]));
            return made;
        }

        (Tensor WithA, Tensor WithB, Tensor Both) OfInputs(string name, Tensor of)
        {
            Tensor a = Named($"{name}_ca{x}", 2), b = Named($"{name}_cb{x}", 2), both = Named($"{name}_cd{x}", 3);
            Say(new GaussianStatement("Of the pairs (c, a), (c, b) and (c, d), c and d the inputs of a pair.", GaussianRecipe.OverInputs, [a[P, C], b[P, C], both[P, C, D]], [Here(of)]));
            return (a, b, both);
        }

        Tensor Both(string name, Tensor of)
        {
            Tensor both = Named($"{name}_cadb{x}", 3);
            Say(new GaussianStatement("Of the pairs (c, a) and (d, b).", GaussianRecipe.OverInputsOfPairs, [both[P, C, D]], [Here(of)]));
            return both;
        }
    }

    /// <summary>n times the mean of dx_a dx_b beyond that of Theta, of a gate: both tangents in q, or one in p.</summary>
    /// <param name="x">What the names of its tensors end in.</param>
    /// <param name="rows">The rows that it reads.</param>
    /// <param name="functions">Those of f.</param>
    /// <param name="kernel">Q of the rows.</param>
    public Tensor MeanOverGate(string x, TwoNeuronRows rows, TangentFunctionsOfStage functions, Tensor kernel)
    {
        Tensor slopes = MeanOverRows(x, rows, functions.Slopes), mean = Named("dX_g" + x, 1), ofA = Named("R_a" + x, 2), ofB = Named("R_b" + x, 2), withB = Named("s_b" + x, 2), withA = Named("s_a" + x, 2);
        Say("E[d_d (f_a f'_b)].", ofA[P, D], InputA[P, C] * functions.ResponseToRight![P, C, D]);
        Say("E[d_d (f_b f'_a)].", ofB[P, D], InputB[P, C] * functions.ResponseToLeft![P, C, D]);
        Say("n Cov(s_(b,da), s_(d,db)).", withB[P, D], InputB[P, C] * rows.Both[P, C, D]);
        Say("n Cov(s_(d,da), s_(a,db)).", withA[P, D], InputA[P, C] * rows.Both[P, D, C]);
        Say("n times the mean of dx_a dx_b beyond that of Theta.", mean[P], (new Tensor(kernel.Name, kernel.Latex, 1)[P] * slopes[P]) + (ofA[P, D] * withB[P, D]) + (ofB[P, D] * withA[P, D]));
        return mean;
    }

    // Functions of G: what they are linear in, without the noise of the neurons.
    private TangentFunctionsOfStage OfKernel(string x, TangentFunctionsOfStage functions)
    {
        Tensor Linear(string name, Tensor order1)
        {
            Tensor made = Named(name + "_g" + x, 3);
            Say("The part in G.", made[P, C, Mode], order1[P, C, S] * Order1[P, S, Mode]);
            return made;
        }

        (Tensor Function, Tensor Constant) Mean(string name, Tensor of)
        {
            Tensor constant = Named(name + "_c" + x, 1), made = Named(name + "_g" + x, 2);
            Say("The mean.", constant[P], of[P, Mode] * Order0[P, Mode]);
            Say("The part in G.", made[P, Mode], constant[P] * Order0[P, Mode]);
            return (made, constant);
        }

        Tensor whole = Named("F_cd_g" + x, 3), four = Named("F_aabb_g" + x, 1), fourAcross = Named("F_abab_g" + x, 1);
        var (first, ofFirst) = Mean("F_aa", functions.OfFirst);
        var (second, ofSecond) = Mean("F_bb", functions.OfSecond);
        var (across, ofAcross) = Mean("F_ab", functions.Across);
        Say("The part in G of both.", whole[P, C, D], functions.LeftOrder1[P, C, S] * functions.RightOrder1[P, D, S]);
        Say("Both means.", four[P], ofFirst[P] * ofSecond[P]);
        Say("The mean squared.", fourAcross[P], ofAcross[P].Pow(2));
        return functions with { Left = Linear("F_L", functions.LeftOrder1), Right = Linear("F_R", functions.RightOrder1), Across = across, OfFirst = first, OfSecond = second, Whole = whole, FourSlopes = four, FourSlopesAcross = fourAcross };
    }

    // Functions of a list: projected on its tangents, and the noise of a neuron without what the projections take away. Tangents of one input are in another span than those of the other.
    private TangentFunctionsOfStage OnList(string x, TangentFunctionsOfStage functions)
    {
        Tensor Projected(Tensor tensor) => Named($"{tensor.Name}_f", tensor.Arity);
        Project("The functions projected on the tangents of the list.", Projected, [functions.Left[P, C, Mode], functions.Right[P, C, Mode], functions.OfFirst[P, Mode], functions.OfSecond[P, Mode], functions.Slopes[P, Mode]]);
        Tensor left = Projected(functions.Left), right = Projected(functions.Right), first = Projected(functions.OfFirst), second = Projected(functions.OfSecond), slopes = Projected(functions.Slopes);
        Tensor whole = Projected(functions.Whole), four = Projected(functions.FourSlopes), lost = Named("F_ab_lost" + x, 2), fourAcross = Named("F_abab_f" + x, 1);
        Say("The noise of a neuron in what is projected.", whole[P, C, D], functions.Whole[P, C, D] + (left[P, C, Mode] * right[P, D, Mode]) - (functions.Left[P, C, Mode] * functions.Right[P, D, Mode]));
        Say("Of two directions.", four[P], functions.FourSlopes[P] + (first[P, Mode] * second[P, Mode]) - (functions.OfFirst[P, Mode] * functions.OfSecond[P, Mode]));
        Say("What the projection takes away.", lost[P, Mode], functions.Slopes[P, Mode] - slopes[P, Mode]);
        Say("Of two directions across.", fourAcross[P], functions.FourSlopesAcross[P] - (lost[P, Mode] * functions.Slopes[P, Mode]));
        return functions with { Left = left, Right = right, Slopes = slopes, Across = slopes, OfFirst = first, OfSecond = second, Whole = whole, FourSlopes = four, FourSlopesAcross = fourAcross };
    }

    // In the order of the recipe: with a tangent of a, of b, with two of a, of b, of both.
    private void Project(string meaning, Func<Tensor, Tensor> projected, IReadOnlyList<Indexed> tables) => Say(new GaussianStatement(
        meaning, GaussianRecipe.ProjectedOnTangents, [.. tables.Select(table => projected(table.Tensor)[table.Indices])], [Here(Notation.MeanKernel), .. tables.Select(table => Here(table.Tensor))]));

    // A table of the state as it is read.
    private Tensor Read(Tensor table) => IsOfList ? Named(table.Name + "_f", table.Arity) : table;

    /// <summary>n times the mean of f'_a f'_b (dphi_a dphi_b - Theta) over the stream.</summary>
    /// <param name="x">What its name ends in.</param>
    /// <param name="slopes">f'_a f'_b in modes.</param>
    /// <param name="isNormed">Whether the stream is read through a norm.</param>
    public Tensor MeanOverStream(string x, Tensor slopes, bool isNormed)
    {
        Tensor mean = Named("dX" + x, 1), diagonal = isNormed ? DiagonalAfterNorm(x) : Read(Diagonal);
        Say("n times the mean of f'_a f'_b (dphi_a dphi_b - Theta).", mean[P], slopes[P, Mode] * diagonal[P, Mode]);
        return mean;
    }

    /// <summary>
    /// What a norm makes of the functions after it: x = D(G_aa) phi has the tangent dx_a = D_a (dphi_a + 2 L'_a g_(a,da) phi_a), L = ln D, and functions of it have another mode of order 1.
    /// </summary>
    /// <param name="x">What the names of its tensors end in.</param>
    /// <param name="functions">Those of x.</param>
    /// <param name="gain">gain.</param>
    /// <param name="epsilon">epsilon.</param>
    public TangentFunctionsOfStage Normed(string x, TangentFunctionsOfStage functions, Symbol gain, Symbol epsilon)
    {
        Scales(x, gain, epsilon);
        (Tensor left, Tensor leftOrder1) = Side("L", functions.Left, functions.LeftOrder1, PhiA, "a");
        (Tensor right, Tensor rightOrder1) = Side("R", functions.Right, functions.RightOrder1, PhiB, "b");
        Tensor order1 = Named("F1_LR" + x, 3), whole = Named("F_cdn" + x, 3), scale = Named("DD_T" + x, 1), square = Named("DDDD_T" + x, 1);
        Say("What modes of order 1 have in the whole.", order1[P, C, D], functions.LeftOrder1[P, C, S] * functions.RightOrder1[P, D, S]);
        Say("The whole after the norm.", whole[P, C, D], (scale[P] * functions.Whole[P, C, D]) - (scale[P] * order1[P, C, D]) + (leftOrder1[P, C, S] * rightOrder1[P, D, S]));
        Say("D_a D_a D_b D_b.", square[P], scale[P].Pow(2));
        Tensor four = Four("F_aabbn", functions.FourSlopes);
        return new(left, right, leftOrder1, rightOrder1, Scaled("ab", functions.Slopes, scale), Scaled("x", functions.Across, scale), Scaled("aa", functions.OfFirst, Named("D_aa" + x, 1)), Scaled("bb", functions.OfSecond, Named("D_bb" + x, 1)), whole, four, Four("F_ababn", functions.FourSlopesAcross));

        (Tensor Function, Tensor Order1) Side(string name, Tensor of, Tensor ofOrder1, Tensor input, string letter)
        {
            Tensor along = Named($"F_{name}_along{x}", 2), lost = Named($"F_{name}_lost{x}", 3), made = Named($"F_{name}n{x}", 3), madeOrder1 = Named($"F1_{name}n{x}", 3), own = Named($"D_{letter}{x}", 1);
            Say("The mode phi of the same input.", along[P, C], ofOrder1[P, C, S] * input[P, S]);
            Say("What the scale adds.", lost[P, C, S], along[P, C] * Named($"DL_{letter}{x}", 2)[P, S]);
            Say("After the norm.", made[P, C, Mode], (own[P] * of[P, C, Mode]) + (lost[P, C, S] * Order1[P, S, Mode]));
            Say("Its modes of order 1.", madeOrder1[P, C, S], (own[P] * ofOrder1[P, C, S]) + lost[P, C, S]);
            return (made, madeOrder1);
        }

        Tensor Four(string name, Tensor of)
        {
            Tensor made = Named(name + x, 1);
            Say("Four slopes after the norm.", made[P], square[P] * of[P]);
            return made;
        }

        Tensor Scaled(string name, Tensor of, Tensor by)
        {
            Tensor made = Named($"F_{name}n{x}", 2);
            Say("After the norm.", made[P, Mode], by[P] * of[P, Mode]);
            return made;
        }
    }

    /// <summary>A norm of the stream itself.</summary>
    /// <param name="gain">gain.</param>
    /// <param name="epsilon">epsilon.</param>
    /// <param name="meanNext">Theta0 after it.</param>
    /// <returns>What the tangents of the scale add to Theta at order 1/n.</returns>
    public Tensor Norm(Symbol gain, Symbol epsilon, Tensor meanNext)
    {
        Scales("", gain, epsilon);
        Tensor scale = Named("DD_T", 1), square = Named("DDDD_T", 1), diagonal = DiagonalAfterNorm(""), constant = Named("dX_0", 1), mean = Named("dX", 1);
        Say("D_a D_a D_b D_b.", square[P], scale[P].Pow(2));
        Say("The constant.", constant[P], diagonal[P, Mode] * Order0[P, Mode]);
        Say("What the tangents of the scale add to Theta.", mean[P], scale[P] * constant[P]);
        if (HasFunctions)
            Say("n times the mean of he_A (dx_a dx_b - Theta).", Diagonal[P, Mode], (scale[P] * diagonal[P, Mode]) - (mean[P] * Order0[P, Mode]), isNext: true);
        Side(FromLeft, PhiA, PhiB, "a", "b");
        Side(FromRight, PhiB, PhiA, "b", "a");
        List<Tensor> pairs = [];
        foreach (Tensor table in new[] { First, Second, Across })
        {
            Tensor made = Named(table.Name + "_norm", 2);
            Say("Two neurons of two directions.", made[P, Mode], square[P] * Read(table)[P, Mode]);
            Say("Two neurons of two directions.", table[P, Mode], made[P, Mode], isNext: true);
            pairs.Add(Named("tau_" + table.Name, 1));
            Say("Both in a constant.", pairs[^1][P], made[P, Mode] * Order0[P, Mode]);
        }

        SayTau(meanNext, pairs[0], pairs[2]);
        return mean;

        void Side(Tensor table, Tensor input, Tensor otherInput, string letter, string other)
        {
            Tensor whole = Whole(table, ""), along = Named(table.Name + "_along", 2), moved = Named(table.Name + "_moved", 3), phi = Named(table.Name + "_phi", 2), met = Named(table.Name + "_met", 2), added = Named(table.Name + "_added", 2);
            Say("With phi of the same input.", along[P, Mode], input[P, S] * whole[P, S, Mode]);
            Say("g with the tangent of one input after the norm.", moved[P, S, Mode], (Named("D_" + letter, 1)[P] * whole[P, S, Mode]) + (Named("DL_" + letter, 2)[P, S] * along[P, Mode]));
            Say("The other input in modes.", phi[P, Mode], otherInput[P, T] * Order1[P, T, Mode]);
            Say("With it.", met[P, S], moved[P, S, Mode] * phi[P, Mode]);
            Say("What the scale of the other adds.", added[P, Mode], Named("DL_" + other, 2)[P, T] * Order1[P, T, Mode]);
            Say("Two neurons, one of them in a mode of order 1.", table[P, S, Mode],
                (Named("D_" + other, 1)[P] * moved[P, S, Mode]) + (met[P, S] * added[P, Mode]) - (meanNext[P] * Order1[P, S, Mode]), isNext: true);
        }
    }

    // b with the tangents of one neuron.
    private Tensor Whole(Tensor table, string x)
    {
        Tensor whole = Named(table.Name + "_whole" + x, 3);
        if (statements.All(statement => !MomentStatements.Outputs(statement).Contains(whole.Name)))
            Say("With one neuron.", whole[P, S, Mode], (TangentDerivation.Mean[P] * Order1[P, S, Mode]) + Read(table)[P, S, Mode]);
        return whole;
    }

    // X of x over D_a D_b: (dphi_a + 2 L'_a g_(a,da) phi_a)(dphi_b + 2 L'_b g_(b,db) phi_b).
    private Tensor DiagonalAfterNorm(string x)
    {
        Tensor diagonal = Named("X_n" + x, 2), phi = Named("phi_b_modes" + x, 2), both = Named("phi_ab_r" + x, 3), product = Named("phi_ab" + x, 2), met = Named("g_ab" + x, 1), scales = Named("LL_ab" + x, 1), of = Named("LLg_ab" + x, 1);
        Expression One(Tensor table, Tensor input, string letter, out Tensor with)
        {
            Tensor whole = Whole(table, x), products = Named($"phi_{letter}_r{x}", 3);
            with = Named($"g_{letter}_{letter}{x}", 2);
            Say("n Cov of g_(a,da) with the modes of the other, or of g_(b,db).", with[P, Mode], input[P, S] * whole[P, S, Mode]);
            Say(new GaussianStatement("For z_r he_A.", GaussianRecipe.ProductsOfTables, [products[P, S, Mode]], [Here(with)]));
            return Named($"L_{letter}{x}", 2)[P, S] * products[P, S, Mode];
        }

        Expression first = One(FromLeft, PhiA, "a", out Tensor withA), second = One(FromRight, PhiB, "b", out _);
        Say("phi_b in modes.", phi[P, Mode], PhiB[P, S] * Order1[P, S, Mode]);
        Say(new GaussianStatement("z_r phi_b.", GaussianRecipe.ProductsOfTables, [both[P, S, Mode]], [Here(phi)]));
        Say("phi_a phi_b.", product[P, Mode], PhiA[P, S] * both[P, S, Mode]);
        Say("n Cov(g_(a,da), g_(b,db)).", met[P], withA[P, Mode] * phi[P, Mode]);
        Say("4 L'_a L'_b.", scales[P], Named("LL_a" + x, 1)[P] * Named("LL_b" + x, 1)[P]);
        Say("Times it.", of[P], scales[P] * met[P]);
        Say("n times the mean of he_A (dx_a dx_b/(D_a D_b) - Theta).", diagonal[P, Mode], Read(Diagonal)[P, Mode] + first + second + (of[P] * product[P, Mode]));
        return diagonal;
    }

    // D_a, D_b, their squares, and D_a 2 L'_a phi_a.
    private void Scales(string x, Symbol gain, Symbol epsilon)
    {
        foreach ((string letter, Symbol variable, Tensor input) in new[] { ("a", NormDerivation.Kaa, PhiA), ("b", NormDerivation.Kbb, PhiB) })
        {
            Expression scale = NormDerivation.Scale(variable, gain, epsilon);
            Tensor own = Named($"D_{letter}{x}", 1), twice = Named($"D_{letter}{letter}{x}", 1), slope = Named($"LL_{letter}{x}", 1), along = Named($"L_{letter}{x}", 2), scaled = Named($"DL_{letter}{x}", 2);
            Say(new ComponentEquation("D of the input.", own[P], NormDerivation.AtKernel(scale)));
            Say("Squared.", twice[P], own[P].Pow(2));
            Say(new ComponentEquation("2 L' of it: G_aa has both of its inputs.", slope[P], NormDerivation.AtKernel(2 * scale.Differentiate(variable) / scale)));
            Say("2 L' phi.", along[P, S], slope[P] * input[P, S]);
            Say("Times D.", scaled[P, S], own[P] * along[P, S]);
        }
    }

    /// <summary>The same over Gaussian rows, whose covariances with one tangent fluctuate.</summary>
    /// <param name="x">What its name ends in.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="slopes">f'_a f'_b in modes.</param>
    public Tensor MeanOverRows(string x, TwoNeuronRows rows, Tensor slopes)
    {
        Tensor standard = InUnits("su" + x, rows.Both, Units(x)), one = Named("su1" + x, 3), modes = Named("X" + x, 2), mean = Named("dX" + x, 1);
        Say("As modes.", one[P, S, Mode], standard[P, S, T] * Order1[P, T, Mode]);
        Say(new GaussianStatement("sum_rs n Cov(s_(r,da), s_(s,db)) [d_r d_s he_A].", GaussianRecipe.DerivativesOfTables, [modes[P, Mode]], [Here(one)]));
        Say("n times the mean of f'_a f'_b (du_a du_b - Theta).", mean[P], slopes[P, Mode] * modes[P, Mode]);
        return mean;
    }

    /// <summary>The averages of the next layer: alpha phi + eps u.</summary>
    /// <param name="rows">u.</param>
    /// <param name="meanNext">Theta0 there.</param>
    public void Update(TwoNeuronRows rows, Tensor meanNext)
    {
        Tensor next = Units("_next"), left = Named("CT_Lz", 3), right = Named("CT_Rz", 3), both = InUnits("CT_LRz", rows.Both, next, () => Frames("_next", Next(Notation.MeanKernel), Named("phi_a_next", 2), Named("phi_b_next", 2)));
        Say("s_(c,da) in the units of the next layer.", left[P, S, Mode], next[P, S, C] * rows.Left[P, C, Mode]);
        Say("s_(c,db) in them.", right[P, S, Mode], next[P, S, C] * rows.Right[P, C, Mode]);
        Indexed[] tables = [Order1[P, S, Mode], Read(Diagonal)[P, Mode], Read(FromLeft)[P, S, Mode], Read(FromRight)[P, S, Mode], left[P, S, Mode], right[P, S, Mode], Read(First)[P, Mode], Read(Second)[P, Mode], Read(Across)[P, Mode], .. new[] { rows.Straight.First, rows.Straight.Second, rows.Crossed.First }.Select(each => each[P, Mode])];
        static Tensor After(Tensor tensor) => Named(tensor.Name + "_P", tensor.Arity);
        Say(new GaussianStatement("All of them for P he_A, he_A the modes of the next layer.", GaussianRecipe.CarriedTables, [.. tables.Select(table => After(table.Tensor)[table.Indices])],
            [Here(Notation.MeanKernel), Next(Notation.MeanKernel), new ScalarArgument(Notation.Skip), .. tables.Select(table => Here(table.Tensor))]));

        // dphi' = alpha dphi + eps du.
        Expression square = Carried.Pow(2), mixed = Carried * Added;
        Tensor turned = Named("T_next", 3);
        Say("P he_r, he_r of order 1.", turned[P, T, S], After(Order1)[P, S, Mode] * Order1[P, T, Mode]);
        void Next1(Tensor table, Tensor drive, Tensor other, bool isTurned)
        {
            Tensor crossed = Named(other.Name + "_1", 3);
            Say("Of order 1.", crossed[P, T, S], After(other)[P, T, Mode] * Order1[P, S, Mode]);
            Say("Two neurons, one of them in a mode of order 1.", table[P, S, Mode],
                ((square * turned[P, S, T] * After(Read(table))[P, T, Mode]) + (mixed * After(drive)[P, S, Mode]) + (mixed * Order1[P, T, Mode] * crossed[P, T, S])
                    + (Added.Pow(2) * Order1[P, T, Mode] * (isTurned ? both[P, T, S] : both[P, S, T]))).Expand(), isNext: true);
        }

        Next1(FromLeft, left, right, false);
        Next1(FromRight, right, left, true);

        Tensor one = Named("s_one", 3), two = Named("s_two", 3), curvature = Named("X_one", 2), second = Named("X_two", 2);
        Say("n Cov(s_r, ...) of both sides.", one[P, S, Mode], After(left)[P, S, Mode] + After(right)[P, S, Mode]);
        Say("n Cov(s_r, s_t).", two[P, S, Mode], both[P, S, T] * Order1[P, T, Mode]);
        foreach ((Tensor from, Tensor to) in new[] { (one, curvature), (two, second) })
            Say(new GaussianStatement("sum_r ...(d_r he_A).", GaussianRecipe.DerivativesOfTables, [to[P, Mode]], [Here(from)]));
        // D takes both orders of two indices, and each of them is one tangent and one direction of phi.
        if (HasFunctions)
            Say("n times the mean of he_A (dphi_a dphi_b - Theta): the mean of a function at the next layer.", Diagonal[P, Mode],
                FunctionLayerMap.Mean(square * After(Read(Diagonal))[P, Mode], Expression.Zero, Expression.Zero, 2 * Carried * curvature[P, Mode], 8 * second[P, Mode]), isNext: true);

        Tensor straight = TwoNext("", First, rows.Straight.First, rows.Straight.Second, rows.Straight.Both), crossed = TwoNext("x", Across, rows.Crossed.First, rows.Crossed.First, rows.Crossed.Both);
        TwoNext("b", Second, rows.Straight.Second, rows.Straight.First, rows.Straight.Both);
        SayTau(meanNext, straight, crossed);

        Tensor TwoNext(string kind, Tensor table, Tensor drive, Tensor other, Tensor all)
        {
            Tensor constant = Named("w0" + kind, 1), made = Named("w_next" + kind, 2), offDiagonal = Named("tau_ij" + kind, 1);
            Say("With a constant.", constant[P], other[P, Mode] * Order0[P, Mode]);
            Say("Two neurons of two directions, one of them in a constant.", made[P, Mode],
                ((square.Pow(2) * After(Read(table))[P, Mode]) + (square * Added * After(drive)[P, Mode]) + (square * Added * Order0[P, Mode] * constant[P]) + (Added.Pow(2) * Order0[P, Mode] * all[P])).Expand());
            Say("Two neurons of two directions.", table[P, Mode], made[P, Mode], isNext: true);
            Say("Both in a constant.", offDiagonal[P], made[P, Mode] * Order0[P, Mode]);
            return offDiagonal;
        }
    }

    // Neurons by themselves, and two different ones.
    private void SayTau(Tensor meanNext, Tensor straight, Tensor crossed) =>
        Say("tau: the neurons by themselves, and two different ones.", TangentDerivation.TwoNeurons[P], meanNext[P].Pow(2) + (Expression.Half * straight[P]) + (Expression.Half * crossed[P]), isNext: true);

    private Tensor InUnits(string name, Tensor both, Tensor units, Action? before = null)
    {
        before?.Invoke();
        Tensor half = Named(name + "_half", 3), made = Named(name, 3);
        Say("In standard units, on one side.", half[P, S, D], units[P, S, C] * both[P, C, D]);
        Say("On both.", made[P, S, T], half[P, S, D] * units[P, T, D]);
        return made;
    }

    private static Tensor Units(string x) => Named("Z" + x, 3);

    private static Tensor Halved(Tensor table) => Named(table.Name + "_half", table.Arity);

    private static Tensor Squared(Tensor mean) => Named(mean.Name + "_square", 1);

    private static TensorIndex Direction(string letter) => TensorIndex.Of(IndexKind.Direction, letter);

    private void Frames(string x, TensorArgument kernel, Tensor first, Tensor second) =>
        Say(new GaussianStatement("z = N phi, and both inputs of a pair in z.", GaussianRecipe.FramesOfPairs, [Units(x)[P, S, C], first[P, S], second[P, S]], [kernel]));

    private void Say(string meaning, Indexed left, Expression right, bool isNext = false) => Say(new ContractedEquation(meaning, left, right, isNext));

    private void Say(MomentStatement statement) => statements.Add(statement);
}

/// <summary>What a stage makes of what it reads, in the modes of pairs.</summary>
/// <param name="Left">f_c f'_a.</param>
/// <param name="Right">f_c f'_b.</param>
/// <param name="LeftOrder1">Its modes of order 1.</param>
/// <param name="RightOrder1">Its modes of order 1.</param>
/// <param name="Slopes">f'_a f'_b.</param>
/// <param name="Across">The same as two directions see it.</param>
/// <param name="OfFirst">f'_a f'_a.</param>
/// <param name="OfSecond">f'_b f'_b.</param>
/// <param name="Whole">E[f_c f_d f'_a f'_b].</param>
/// <param name="FourSlopes">E[f'_a f'_a f'_b f'_b], of f'_a f'_a and f'_b f'_b.</param>
/// <param name="FourSlopesAcross">The same of f'_a f'_b and f'_a f'_b, which closures that project have another of.</param>
internal sealed record TangentFunctionsOfStage(
    Tensor Left, Tensor Right, Tensor LeftOrder1, Tensor RightOrder1, Tensor Slopes, Tensor Across, Tensor OfFirst, Tensor OfSecond, Tensor Whole, Tensor FourSlopes, Tensor FourSlopesAcross)
{
    /// <summary>Of Gaussian rows: the response of s_(c,da) to s_(d,da) of the rows.</summary>
    public Tensor? ResponseToLeft { get; init; }

    /// <summary>The response of s_(c,db) to s_(d,db).</summary>
    public Tensor? ResponseToRight { get; init; }
}

/// <summary>Averages of a gate p f(q) of Gaussian rows.</summary>
/// <param name="Kernel">Q of the rows.</param>
/// <param name="Mean">E[f f].</param>
/// <param name="Slopes">E[f f + p p f' f'].</param>
/// <param name="FourMean">E[f f f f] of two pairs.</param>
/// <param name="FourKernel">E[p p p p].</param>
/// <param name="FourSlopes">Cov of f f + p p f' f' at two pairs.</param>
/// <param name="Unit">The unit matrix over pairs.</param>
internal sealed record GateAverages(Tensor Kernel, Tensor Mean, Tensor Slopes, Tensor FourMean, Tensor FourKernel, Tensor FourSlopes, Tensor Unit);
