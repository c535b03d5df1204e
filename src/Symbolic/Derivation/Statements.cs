// What an equation system consists of. Three kinds of statements:
//   ContractedEquation   between tensors over pairs of inputs p, q, r, u, orders k, components i, j of a mode, observables I, J, L;
//                        an index that only the right side has is summed
//   ComponentEquation    in the letters of inputs, for each pair p = (a, b), for two pairs p = (a, b), q = (c, d), or for the letters a, b, c, d ...;
//                        Gaussian expectations under K0 may stand in it as they are
//   GaussianStatement    numbers of Gaussian functions at K0 (expansions, overlaps, projections), which a language computes

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>A statement of an equation system.</summary>
/// <param name="Meaning">What it says, for a comment.</param>
public abstract record MomentStatement(string Meaning)
{
    /// <summary>In a program of layers the dense layer that it belongs to, by what the names of its tensors end in; with a plus sign for the sum of branches. Null for the stream.</summary>
    public string? Place { get; init; }
}

/// <summary>An equation between tensors; an index that only the right side has is summed.</summary>
/// <param name="Meaning">What it says.</param>
/// <param name="Variable">The component that is determined.</param>
/// <param name="RightSide">Numbers, parameters, and products of tensors.</param>
/// <param name="IsNext">True if it gives the state at the next layer (or its rate of change), false for what follows from the state.</param>
public sealed record ContractedEquation(string Meaning, Indexed Variable, Expression RightSide, bool IsNext = false) : MomentStatement(Meaning);

/// <summary>An equation in the letters of inputs, a, b for the pair p and c, d for the pair q.</summary>
/// <param name="Meaning">What it says.</param>
/// <param name="Variable">With indices p, or p, q, or the letters a, b, c, d ... of inputs.</param>
/// <param name="RightSide">In K0, Q, parameters and Gaussian expectations, with the letters of inputs; tensors over pairs with the indices p, q.</param>
/// <param name="IsNext">True if it gives the state at the next layer (or its rate of change).</param>
public sealed record ComponentEquation(string Meaning, Indexed Variable, Expression RightSide, bool IsNext = false) : MomentStatement(Meaning)
{
    /// <summary>The right side in named parts that add up to it, such as transport and source; may be empty.</summary>
    public IReadOnlyList<(string Name, Expression Value)> Parts { get; init; } = [];
}

/// <summary>Numbers that come from Gaussian functions.</summary>
/// <param name="Meaning">What they are.</param>
/// <param name="Recipe">Which computation.</param>
/// <param name="Outputs">The results, with the indices that tell their shapes.</param>
/// <param name="Arguments">What the computation is given, in its order.</param>
public sealed record GaussianStatement(string Meaning, GaussianRecipe Recipe, IReadOnlyList<Indexed> Outputs, IReadOnlyList<RecipeArgument> Arguments) : MomentStatement(Meaning)
{
    /// <summary>sigma, where a network has several; null for the one that it has.</summary>
    public ActivationDefinition? Function { get; init; }

    /// <summary>The second of two functions.</summary>
    public ActivationDefinition? Other { get; init; }

    /// <summary>The taps of <see cref="GaussianRecipe.MeanOverTaps"/>.</summary>
    public IReadOnlyList<int> Taps { get; init; } = [];
}

/// <summary>What a recipe is given.</summary>
public abstract record RecipeArgument;

/// <summary>A tensor.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="IsNext">True for its value at the next layer.</param>
public sealed record TensorArgument(Tensor Tensor, bool IsNext = false) : RecipeArgument;

/// <summary>A number.</summary>
/// <param name="Value">In parameters of the layer.</param>
public sealed record ScalarArgument(Expression Value) : RecipeArgument;

/// <summary>The computations with Gaussian functions that closures are made of.</summary>
public enum GaussianRecipe
{
    /// <summary>E[sigma sigma], and the coefficients of sigma sigma in g (order 2) and in the modes of the other orders.</summary>
    SigmaKernelInModes,

    /// <summary>Coefficients of one family contracted with the Gaussian overlaps E[H_M H_M'].</summary>
    ContractWithOverlaps,

    /// <summary>P H_M of the next kernel in the modes of this one: alpha^k times a change of frame.</summary>
    CarriedModes,

    /// <summary>The rate of change of the modes with their moving frame.</summary>
    DriftOfModes,

    /// <summary>The sum over pairs r of X_r D_r H_M for covariances X_r with the modes two orders below.</summary>
    SecondDerivatives,

    /// <summary>The sum over two pairs of X_ru D_r D_u H_M, for modes of order 4.</summary>
    FourthDerivatives,

    /// <summary>E[sigma sigma] of Gaussian rows, and its derivative in their covariance.</summary>
    SigmaKernelOfRows,

    /// <summary>1/8 of the sum over two pairs of X_ru E[D_r D_u sigma sigma] of Gaussian rows: half the second derivative in their covariance, contracted with X.</summary>
    CurvatureOfSigmaKernel,

    /// <summary>Cov(sigma_a sigma_b, sigma_c sigma_d) of Gaussian rows.</summary>
    CovarianceOfSigmaKernel,

    /// <summary>The sum over the inputs a of a pair of A_a H_M, A_a the number of indices a of the mode, for covariances with something of the pair (a, a).</summary>
    NumberOfModes,

    /// <summary>
    /// sigma sigma of a normed field is a function of the norm too, and that in modes up to the same order: 1/2 of the sum over pairs r of X_r D_r H_M in the two orders above, with
    /// their coefficients.
    /// </summary>
    NormBeyondModes,

    /// <summary>The mean over taps: the matrix over pairs that takes S_ab to the mean of S_(a + tap, b + tap), positions on a ring.</summary>
    MeanOverTaps,

    /// <summary>E[sigma sigma], and the projection of sigma sigma on the observables.</summary>
    SigmaKernelInObservables,

    /// <summary>The projection of f f, for a field scaled from one kernel to another, on the observables.</summary>
    ProductInObservables,

    /// <summary>Of f f as above, and E_c that scales input c alone (E_c = x_c d/dx_c), for the pairs (c, c) of a block: E[E_c f f], the projection of E_c f f, E[E_c E_d f f].</summary>
    ScaledProductInObservables,

    /// <summary>A tensor over pairs as the members of blocks see it: of all blocks, or within each.</summary>
    OverBlocks,

    /// <summary>Covariances of the observables at a kernel.</summary>
    GramMatrix,

    /// <summary>P f_I, its response to s, and P D f_I, projected on the observables of their block.</summary>
    CarriedObservables,

    /// <summary>E_K0'[f_I f_J] - E_K0[P f_I P f_J].</summary>
    NoiseOfObservables,

    /// <summary>1/2 Q:dd f_I, its response to s, and D f_I, projected on the observables of their block.</summary>
    DriftOfObservables,

    /// <summary>E[d_e f_I Q_ef d_f f_J].</summary>
    NoiseRateOfObservables,

    /// <summary>X_pq with both pairs moved by the same tap, the mean over taps over their number.</summary>
    MeanOfPairsOverTaps,

    /// <summary>Cov(f_a f_b, h_c h_d) of Gaussian rows, of two functions f and h.</summary>
    CovarianceOfProducts,

    /// <summary>n Cov(G, modes), the means of the modes and coefficients in them, where the mean over neurons has been taken off: none of order 1, and n Cov(G, M) off the means of order 3.</summary>
    CentredModes,

    /// <summary>z = N phi, and both inputs of a pair in z.</summary>
    FramesOfPairs,

    /// <summary>Among all modes of a pair those of order 1 and of order 0; 1, but 1/2 for order 1, and for order 0; and among its inputs the first and the second.</summary>
    MarksOfModes,

    /// <summary>X(P he_A) of tables X, he_A of the next layer.</summary>
    CarriedTables,

    /// <summary>The sum over directions of X_r(d_r he_A).</summary>
    DerivativesOfTables,

    /// <summary>X(z_r he_A).</summary>
    ProductsOfTables,

    /// <summary>f_c f'_a, f_c f'_b (c = a, b), f'_a f'_b, f'_a f'_a and f'_b f'_b in all modes of a pair, and E[f_c f_d f'_a f'_b] and E[f'_a f'_a f'_b f'_b].</summary>
    TangentProducts,

    /// <summary>The same of Gaussian rows, to order 2.</summary>
    TangentProductsOfRows,

    /// <summary>X of the pairs (c, a), (c, b) and (c, d), c and d the inputs of the pair (a, b).</summary>
    OverInputs,

    /// <summary>X of the pairs (c, a) and (d, b).</summary>
    OverInputsOfPairs,

    /// <summary>
    /// Tables over all modes of a pair projected on the tangents of a list of observables: functions with a tangent of a, of b, with two of a, two of b, and with one of each, which are the fifth
    /// and all that follow.
    /// </summary>
    ProjectedOnTangents,
}
