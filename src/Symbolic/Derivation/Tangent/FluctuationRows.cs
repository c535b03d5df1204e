// Covariances of fluctuations that are given by linear equations, X_p = c T_pr Y_r + ... + B xi + nu: whoever asks for one gets a tensor, and the statements that lead to
// it are written in the order in which they are needed. C' = T C T^t + noise, row by row:
//   Cov(X, Y) = T Cov(Z, Y)         the later of the two is taken apart
//   Cov(X, xi_M)                    likewise; of the modes with themselves the overlaps, E[H_M H_M']; of the observables of a list, xi_I, their own covariances
//   Cov(nu, nu')                    given, for noise of the same neurons; else 0, and 0 with everything older

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>A fluctuation over pairs of inputs.</summary>
/// <param name="Tensor">Its letter in equations.</param>
/// <param name="Place">The order in which rows were made: a row is given by earlier ones.</param>
internal sealed record FluctuationRow(Tensor Tensor, int Place)
{
    /// <summary>Its linear equation, for the pair p; null for a fluctuation of the state, or noise.</summary>
    public Expression? Equation { get; init; }

    /// <summary>The component of a pair.</summary>
    public Expression this[TensorIndex pair] => Tensor[pair];
}

/// <summary>What a closure follows of a neuron, beside G: modes, or the observables of a list.</summary>
/// <param name="Term">Its fluctuation as equations of rows have it, of the pair p, its other indices summed.</param>
/// <param name="Other">The same with indices of its own, as covariances with it have it.</param>
/// <param name="Letter">What names of covariances with it end in.</param>
/// <param name="Pair">The pair of a row in such a covariance, in words, and</param>
/// <param name="Text">the other side.</param>
/// <param name="Covariances">Its own covariances, where they are of the state; null for the overlaps of modes.</param>
internal sealed record Followed(Indexed Term, Indexed Other, string Letter, string Pair, string Text, Tensor? Covariances)
{
    /// <summary>The modes xi(H_M).</summary>
    public static Followed Modes { get; } = new(Named("xi", 3)[Order, P, J], Named("xi", 3)[Order, Q, J], "M", "p", "xi(H_M)), M = (k, q, j)", null);

    /// <summary>The observables xi_I of the block of a pair.</summary>
    public static Followed Observables { get; } = new(Named("xi", 1)[Third], Named("xi", 1)[First], "f", "v", "xi_I)", Named("V", 2));

    /// <summary>A covariance with it: an order comes first, then the pair of the row.</summary>
    /// <param name="covariance">The tensor.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="atom"><see cref="Term"/> or <see cref="Other"/>.</param>
    public static Indexed With(Tensor covariance, TensorIndex pair, Indexed atom)
    {
        TensorIndex[] indices = atom.Indices.ToArray();
        return covariance[[.. indices.Where(index => index.Kind == IndexKind.Order), pair, .. indices.Where(index => index.Kind != IndexKind.Order)]];
    }
}

/// <summary>Rows and their covariances.</summary>
/// <param name="statements">Where the statements of covariances go.</param>
/// <param name="overlapFactor">What stands in front of the overlaps of modes: 1/r of a field of r n neurons.</param>
/// <param name="followed">What the closure follows.</param>
internal sealed class FluctuationRows(List<MomentStatement> statements, Expression overlapFactor, Followed followed)
{
    private readonly List<FluctuationRow> _rows = [];
    private readonly Dictionary<(int, int), Tensor?> _covariances = [];
    private readonly Dictionary<int, Tensor?> _withModes = [];
    private readonly Dictionary<Tensor, Tensor> _overlaps = [];

    /// <summary>A fluctuation of the state, or noise: its covariances are given, or 0.</summary>
    /// <param name="tensor">Its letter.</param>
    /// <param name="withModes">n Cov with modes, over (k, p, q, j), or with observables, over (p, I); null for 0.</param>
    public FluctuationRow Given(Tensor tensor, Tensor? withModes = null)
    {
        FluctuationRow row = Add(tensor, null);
        _withModes[row.Place] = withModes;
        return row;
    }

    /// <summary>A fluctuation by its equation for the pair p: terms with one row each, or with <see cref="Followed.Term"/>.</summary>
    /// <param name="tensor">Its letter.</param>
    /// <param name="equation">The equation; a summed pair is r.</param>
    public FluctuationRow Define(Tensor tensor, Expression equation) => Add(tensor, equation.Expand());

    /// <summary>Gives a covariance.</summary>
    /// <param name="left">X.</param>
    /// <param name="right">Y.</param>
    /// <param name="covariance">n Cov(X_p, Y_q), over p and q.</param>
    public void Give(FluctuationRow left, FluctuationRow right, Tensor covariance) => _covariances[(left.Place, right.Place)] = covariance;

    /// <summary>Gives the covariances with modes.</summary>
    /// <param name="row">X.</param>
    /// <param name="covariance">n Cov(X_p, xi(H_M)), over (k, p, q, j), or n Cov(X_p, xi_I), over (p, I).</param>
    public void GiveWithModes(FluctuationRow row, Tensor covariance) => _withModes[row.Place] = covariance;

    /// <summary>The equations of the rows, in the order in which they were defined.</summary>
    public IEnumerable<ContractedEquation> Equations => _rows.Where(row => row.Equation is not null).Select(row => new ContractedEquation("", row.Tensor[P], row.Equation!));

    /// <summary>n Cov(X_p, Y_q); null for 0.</summary>
    public Func<TensorIndex, TensorIndex, Expression>? Covariance(FluctuationRow left, FluctuationRow right)
    {
        if (Known(left, right) is { } known)
            return known.Tensor is { } tensor ? (known.IsTransposed ? (p, q) => tensor[q, p] : (p, q) => tensor[p, q]) : null;
        // Noise has no equation to be taken apart, however late it is.
        (FluctuationRow later, FluctuationRow earlier) = right.Equation is null || (left.Equation is not null && left.Place >= right.Place) ? (left, right) : (right, left);
        Tensor? made = null;
        if (later.Equation is not null)
        {
            Expression sum = Expression.Add(Terms(later).Select(term => term.Row is null
                ? WithModes(earlier) is { } modes ? term.Coefficient * Followed.With(modes, Q, followed.Term) : Expression.Zero
                : Covariance(term.Row, earlier) is { } covariance ? term.Coefficient * covariance(term.Index, Q) : Expression.Zero)).Expand();
            if (!sum.IsZero)
            {
                made = Named($"C_{later.Tensor.Name}_{earlier.Tensor.Name}", 2);
                statements.Add(new ContractedEquation($"n Cov({later.Tensor.Name}_p, {earlier.Tensor.Name}_q).", made[P, Q], sum));
            }
        }

        _covariances[(later.Place, earlier.Place)] = made;
        return Covariance(left, right);
    }

    /// <summary>n Cov(X_p, xi(H_M)) over (k, p, q, j), M = (k, q, j), or n Cov(X_p, xi_I) over (p, I); null for 0.</summary>
    public Tensor? WithModes(FluctuationRow row)
    {
        if (_withModes.TryGetValue(row.Place, out Tensor? known))
            return known;
        Tensor? made = null;
        Expression sum = Expression.Add(Terms(row).Select(term => term.Row is null
            ? followed.Covariances is { } own ? term.Coefficient * own[[.. followed.Term.Indices, .. followed.Other.Indices]] : Overlaps(term.Coefficient) * overlapFactor
            : WithModes(term.Row) is { } modes ? term.Coefficient * Followed.With(modes, term.Index, followed.Other) : Expression.Zero)).Expand();
        if (!sum.IsZero)
        {
            made = Named($"C_{row.Tensor.Name}_{followed.Letter}", followed.Other.Indices.Length + 1);
            statements.Add(new ContractedEquation($"n Cov({row.Tensor.Name}_{followed.Pair}, {followed.Text}.", Followed.With(made, P, followed.Other), sum));
        }

        return _withModes[row.Place] = made;
    }

    /// <summary>The coefficients of modes in front of <see cref="Followed.Term"/>, contracted with the overlaps.</summary>
    /// <param name="coefficient">A number times the coefficients.</param>
    public Expression Overlaps(Expression coefficient)
    {
        Indexed orders = coefficient.Factors.ToArray().OfType<Indexed>().Single(factor => factor.Indices.Length == 3);
        if (!_overlaps.TryGetValue(orders.Tensor, out Tensor? contracted))
        {
            contracted = Named($"{orders.Tensor.Name}_HH", 4);
            statements.Add(new GaussianStatement("The coefficients times the Gaussian overlaps of the modes.", GaussianRecipe.ContractWithOverlaps, [contracted[Order, P, Q, J]], [Here(Notation.MeanKernel), Here(orders.Tensor)]));
            _overlaps.Add(orders.Tensor, contracted);
        }

        return coefficient / orders * contracted[Order, P, Q, J];
    }

    private (Tensor? Tensor, bool IsTransposed)? Known(FluctuationRow left, FluctuationRow right) =>
        _covariances.TryGetValue((left.Place, right.Place), out Tensor? known) ? (known, false)
        : _covariances.TryGetValue((right.Place, left.Place), out known) ? (known, true)
        : null;

    // The terms of an equation: what stands in front, the row with the pair at which it is taken, or no row for modes.
    private IEnumerable<(Expression Coefficient, FluctuationRow? Row, TensorIndex Index)> Terms(FluctuationRow row)
    {
        foreach (Expression term in row.Equation!.Terms.ToArray())
        {
            Indexed atom = term.Factors.ToArray().OfType<Indexed>().Single(factor => factor.Equals(followed.Term) || _rows.Any(each => each.Tensor == factor.Tensor));
            FluctuationRow? of = _rows.SingleOrDefault(each => each.Tensor == atom.Tensor);
            yield return (term / atom, of, of is null ? P : atom.Indices[0]);
        }
    }

    private FluctuationRow Add(Tensor tensor, Expression? equation)
    {
        var row = new FluctuationRow(tensor, _rows.Count) { Equation = equation };
        _rows.Add(row);
        return row;
    }
}
