using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Equations;

// From a pair (diagram, latest vertex) to a formula with indices.
//
// The external legs are the index pairs (a,b), (c,d), ... by label. The vertex (p, m) is the derivative of order m of the
// conditional cumulant of the p components that it drives. The process gives it as a sum of monomials in m components of
// the fluctuation; written for the derivative, every way to hand the m components of a monomial to the m kernel legs
// counts once. Each blob takes the components on its legs and the external pairs left to it as the legs of its cumulant.

/// <summary>Terms of the equations of the cumulants as expressions in tensors with input indices, for theories of one kernel.</summary>
internal static class IndexedTerms
{
    /// <summary>One term: coefficient, vertex and cumulants, summed over the assignments of components to kernel legs.</summary>
    /// <param name="term">The term.</param>
    /// <param name="external">E of the equation that the term belongs to.</param>
    /// <param name="process">The conditional cumulants behind the vertices, in continuous depth.</param>
    /// <exception cref="ArgumentException">The term is of a theory of several fields, or the process is not continuous.</exception>
    public static Expression Formula(LatestVertexTerm term, int external, IKernelProcess process)
    {
        if (term.Vertex.FieldCount != 1)
            throw new ArgumentException($"The vertex {term.Vertex} is of a theory of {term.Vertex.FieldCount} kernels; formulas with indices are written for the closure on G alone.", nameof(term));
        if (process.Form != Symbolic.Derivation.DepthForm.Continuous)
            throw new ArgumentException("Diagrams are those of continuous depth; give the process in that form.", nameof(process));
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs = CumulantTensors.Pairs(external);
        var terms = new List<Expression>();
        foreach ((IReadOnlyList<Indexed> monomial, Expression coupling) in process.Vertex([.. term.DrivenExternals.Select(leg => legs[leg])], term.Vertex.KernelLegs))
        {
            // A vertex that vanishes comes as the number zero, without its components.
            if (coupling.IsZero) continue;
            terms.Add(coupling * Expression.Add(MoveFormula.Orders(monomial.Count).Select(order => Blobs(term, legs, [.. order.Select(at => monomial[at])]))));
        }

        return (Expression)term.Coefficient * Expression.Add(terms);
    }

    private static Expression Blobs(LatestVertexTerm term, IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs, Indexed[] components)
    {
        Expression product = Expression.One;
        int next = 0;
        foreach (CumulantFactor factor in term.Factors)
        {
            int taken = factor.VertexLegs[0];
            product *= CumulantTensors.Component(
                [
                    .. components[next..(next + taken)].Select(component => (component.Indices[0], component.Indices[1])),
                    .. factor.Externals.Select(leg => legs[leg]),
                ],
                factor.Cumulant.Loops);
            next += taken;
        }

        return product;
    }
}
