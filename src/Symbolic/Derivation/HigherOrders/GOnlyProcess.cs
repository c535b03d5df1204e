// The law of the next layer's kernel, closed on G and expanded around K0:
//   1. BlockLaw gives n^(p-1) times the conditional cumulant of p components of G', in G and Qhat;
//   2. continuous depth keeps the order eps^2 of the change at alpha = 1. A cumulant of order p is a closed loop,
//      eps^(2p), or an open chain, eps^(2p-2): of the orders p >= 3 nothing is left, and of p = 2 only the chain;
//   3. G -> K0 + nu g, Qhat -> Q + nu chi[g] + nu^2 (...) + ..., the closure's Taylor series with Price's theorem;
//   4. the power nu^m is the vertex (p, m).

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>The kernel process of the g-only closure.</summary>
/// <param name="form">Discrete or continuous depth.</param>
/// <param name="keepHessianFormal">True leaves second kernel derivatives formal, for a scheme that differentiates its own node sum.</param>
internal sealed class GOnlyProcess(DepthForm form, bool keepHessianFormal = false) : IKernelProcess
{
    private readonly BlockLaw _law = BlockLaw.Derive();
    private readonly List<Expression> _rowCovariance = [];
    private readonly Dictionary<int, Expression> _cumulants = [];
    private readonly Dictionary<(int Components, int Degree), Expression> _vertices = [];

    public DepthForm Form => form;

    public bool HasCumulants(int components) => !Cumulant(components).IsZero;

    /// <summary>n^(p-1) times the conditional cumulant of p components, or its rate in depth time, in G and Qhat.</summary>
    /// <param name="components">p.</param>
    public Expression Cumulant(int components)
    {
        if (_cumulants.TryGetValue(components, out Expression? known))
            return known;
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs = CumulantTensors.Pairs(components);
        Expression cumulant = _law.Cumulant(legs);
        if (form == DepthForm.Continuous)
            cumulant = DepthTimeLimit.Rate(components == 1 ? cumulant - Notation.Kernel[legs[0].First, legs[0].Second] : cumulant);
        return _cumulants[components] = cumulant;
    }

    public IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)> Vertex(
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, int degree)
    {
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> standard = CumulantTensors.Pairs(legs.Count);
        var table = new Dictionary<TensorIndex, TensorIndex>();
        for (int at = 0; at < legs.Count; at++)
        {
            table[standard[at].First] = legs[at].First;
            table[standard[at].Second] = legs[at].Second;
        }

        return Expand(legs.Count, degree).Rename(table).CollectIn(Notation.Fluctuation);
    }

    private Expression Expand(int components, int degree)
    {
        if (_vertices.TryGetValue((components, degree), out Expression? known))
            return known;
        Expression shifted = Cumulant(components).Rewrite(node => node switch
        {
            Indexed kernel when kernel.Tensor == Notation.Kernel =>
                Notation.MeanKernel[kernel.Indices] + (Notation.SmallParameter * Notation.Fluctuation[kernel.Indices]),
            Indexed rows when rows.Tensor == Notation.RowCovariance => Series(rows, degree),
            _ => null,
        });
        return _vertices[(components, degree)] = shifted.Coefficient(Notation.SmallParameter, degree);
    }

    // Q_ab + nu chi[g]_ab + ...; the order 0 is left as the abbreviation Q.
    private Expression Series(Indexed rows, int degree)
    {
        if (_rowCovariance.Count <= degree)
        {
            IReadOnlyList<Expression> orders = KernelExpansion.Expand(GOnlyClosure.Close(_law.RowCovariance), Notation.Fluctuation, degree);
            for (int power = _rowCovariance.Count; power <= degree; power++)
                _rowCovariance.Add(power == 0 ? Notation.MeanRowCovariance[Notation.A, Notation.B] : PriceTheorem.Apply(orders[power], keepHessianFormal ? 1 : int.MaxValue));
        }

        var table = new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = rows.Indices[0], [Notation.B] = rows.Indices[1] };
        return Expression.Add(Enumerable.Range(0, degree + 1).Select(power => Notation.SmallParameter.Pow(power) * _rowCovariance[power].Rename(table)));
    }
}
