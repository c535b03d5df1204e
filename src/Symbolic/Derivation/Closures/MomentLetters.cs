using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>The indices and tensors of moment systems.</summary>
internal static class MomentLetters
{
    // Pairs of inputs; the order of a mode; components of a mode; observables; pairs of inputs as the block of a pair sees them.
    public static readonly TensorIndex P = Pair("p"), Q = Pair("q"), R = Pair("r"), U = Pair("u");
    public static readonly TensorIndex Order = TensorIndex.Of(IndexKind.Order, "k"), I = TensorIndex.Of(IndexKind.Component, "i"), J = TensorIndex.Of(IndexKind.Component, "j");
    public static readonly TensorIndex First = Observable("I"), Second = Observable("J"), Third = Observable("L");
    public static readonly TensorIndex V = Member("v"), W = Member("w"), X = Member("x");

    // Over pairs.
    public static readonly Tensor KernelFluctuation = Named("g", 1), Drive = Named("s", 1), Covariance = Named("V4", 2), SourceOnly = Named("V4_source", 2), Noise = Named("noise", 2);
    public static readonly Tensor MeanCorrection = Named("K1", 1), SigmaCorrection = Named("U1", 1), MeanSigmaKernel = Named("E2", 1), DriveWithDrive = Named("C_ss", 2);

    /// <summary>n Cov(g_p, xi(H_M)), and the means of the modes at order 1/n.</summary>
    public static readonly Tensor WithModes = Named("V_gM", 4), ModeMeans = Named("m", 3);

    /// <summary>The component of a matrix over inputs that belongs to the pair p = (a, b), or the covariance of p and q = (c, d).</summary>
    public static Expression OverPairs(Expression inputs) => inputs.Rewrite(node => node is not Indexed indexed ? null
        : indexed.Tensor == Notation.Fluctuation ? KernelFluctuation[PairOf(indexed.Indices)]
        : indexed.Tensor == ModeDynamics.SigmaFluctuation ? Drive[PairOf(indexed.Indices)]
        : indexed.Tensor == Notation.MeanCorrection ? MeanCorrection[PairOf(indexed.Indices)]
        : indexed.Tensor == Notation.SigmaCorrection ? SigmaCorrection[PairOf(indexed.Indices)]
        : null);

    public static Tensor Named(string name, int arity) => new(name, Latex(name), arity);

    /// <summary>A tensor whose indices are all in the block of one pair.</summary>
    public static Tensor InOneBlock(string name, int arity) => new(name, Latex(name), arity, IsInOneBlock: true);

    /// <summary>A tensor of this layer, as a recipe is given it.</summary>
    public static TensorArgument Here(Tensor tensor) => new(tensor);

    /// <summary>A tensor of the next layer.</summary>
    public static TensorArgument Next(Tensor tensor) => new(tensor, IsNext: true);

    /// <summary>An expression with another index.</summary>
    public static Expression Renamed(Expression expression, (TensorIndex From, TensorIndex To) index) =>
        expression.Rename(new Dictionary<TensorIndex, TensorIndex> { [index.From] = index.To });

    /// <summary>The covariance of two expressions linear in fluctuations, which do not share summed indices.</summary>
    public static Expression Bilinear(Expression left, Expression right, Func<Indexed, Indexed, Expression> covariance) => Expression.Add(
        from first in Linear(left)
        from second in Linear(right)
        select first.Coefficient * second.Coefficient * covariance(first.Atom, second.Atom)).Expand();

    /// <summary>The name of a tensor in LaTeX: K1 is K^(1), and what follows an underscore, such as the number of a dense layer, stands above.</summary>
    public static string Latex(string name)
    {
        string[] parts = name.Split('_');
        string stem = parts[0], letter = stem switch { "xi" => @"\xi", "delta" => @"\delta", "Pi" => @"\Pi", { Length: > 1 } word => $@"\mathrm{{{word}}}", _ => stem };
        List<string> above = [.. parts.Skip(1).Select(part => part.Length > 2 ? $@"\mathrm{{{part}}}" : part)];
        if (stem is [>= 'A' and <= 'Z', >= '0' and <= '9', ..])
        {
            letter = stem[..1];
            above.Insert(0, $"({stem[1]}){stem[2..]}");
        }

        return above.Count == 0 ? letter : $"{letter}^{{{string.Join(",", above)}}}";
    }

    private static IEnumerable<(Indexed Atom, Expression Coefficient)> Linear(Expression expression) => expression.Expand().Terms.ToArray().Select(term =>
    {
        Indexed atom = term.Factors.ToArray().OfType<Indexed>().Single(each => each.Tensor.Name is "g" or "s" or "xi");
        return (atom, term / atom);
    });

    private static TensorIndex Pair(string letter) => TensorIndex.Of(IndexKind.Pair, letter);

    private static TensorIndex Observable(string letter) => TensorIndex.Of(IndexKind.Observable, letter);

    private static TensorIndex Member(string letter) => TensorIndex.Of(IndexKind.Member, letter);

    private static TensorIndex PairOf(ReadOnlySpan<TensorIndex> letters) =>
        letters[0] == Notation.A && letters[1] == Notation.B ? P
        : letters[0] == Notation.C && letters[1] == Notation.D ? Q
        : throw new InvalidOperationException($"The component {letters[0]}{letters[1]} belongs to no pair of the equation.");
}
