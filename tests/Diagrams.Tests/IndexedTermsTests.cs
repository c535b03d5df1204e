using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Tests.Routes;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Diagrams as formulas with input indices, against the equations that the derivation finds without diagrams.</summary>
public class IndexedTermsTests
{
    private static readonly GOnlyProcess Process = new(DepthForm.Continuous);
    private static readonly FieldTheory Theory = KernelTheories.GOnly(LegCounts.From(2), LegCounts.From(0));

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public void The_leading_equations_are_those_of_the_derivation(int external, int loops)
    {
        Expression derived = DerivationPipeline.GOnly(DepthForm.Continuous).System.Equations
            .Single(each => each.Variable.Tensor == CumulantTensors.Of(external, loops)).RightSide;

        Assert.Same(derived.Expand(), FromDiagrams(external, loops).Expand());
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 0)]
    public void Higher_orders_are_those_of_the_moment_expansion(int external, int loops) =>
        Assert.Same(new CumulantHierarchy(Process).RightSide(external, loops).Expand(), FromDiagrams(external, loops).Expand());

    // 1/2 Hess(Q):V4, second kernel derivatives contracted by hand: 1/2 sum over entries K_aa, K_ab, K_bb of
    // d^2 Q/dK_p dK_q V4_p,q, with Price's theorem for each.
    [Fact]
    public void The_tadpole_is_half_the_hessian_of_Q_contracted_with_V4()
    {
        LatestVertexTerm tadpole = Assert.Single(DiagramEquations.Derive(Theory, 1, 1).Terms, term => !term.IsLinear);
        TensorIndex a = Notation.A, b = Notation.B;
        (int First, int Second)[] entries = [(0, 0), (0, 1), (1, 1)];
        TensorIndex[] inputs = [a, b];
        var sigma = (GaussianMean)GOnlyClosure.SigmaKernel(a, b);
        Expression expected = Expression.Half * Notation.WeightVariance * Expression.Add(
            from p in entries
            from q in entries
            select Notation.Covariance[inputs[p.First], inputs[p.Second], inputs[q.First], inputs[q.Second]]
                * PriceTheorem.Apply(((GaussianMean)((GaussianMean)sigma.WithKernel(Notation.MeanKernel)).DifferentiateKernel(p.First, p.Second)).DifferentiateKernel(q.First, q.Second)));

        Assert.Equal(Rational.Of(1, 2), Assert.Single(tadpole.Diagrams).SymmetryFactor);
        Assert.Same(expected.Expand(), IndexedTerms.Formula(tadpole, 1, Process).Expand());
    }

    // The parts of the moment expansion are named by vertex; the terms of a vertex add up to its part.
    [Theory]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void The_terms_of_every_vertex_add_up_to_its_part(int external, int loops)
    {
        CumulantEquation equation = DiagramEquations.Derive(Theory, external, loops);
        foreach ((string name, Expression value) in new CumulantHierarchy(Process).Parts(external, loops))
        {
            IEnumerable<LatestVertexTerm> terms = equation.Terms.Where(term => term.Vertex.ToString() == name);
            Assert.Same(value.Expand(), Expression.Add(terms.Select(term => IndexedTerms.Formula(term, external, Process))).Expand());
        }
    }

    private static Expression FromDiagrams(int external, int loops) =>
        Expression.Add(DiagramEquations.Derive(Theory, external, loops).Terms.Select(term => IndexedTerms.Formula(term, external, Process)));
}
