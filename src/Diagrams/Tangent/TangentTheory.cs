// The mixed theory of G and Theta. Theta follows the law of a layer with C_W <Theta_ii sigma'_a sigma'_b> + Qhat for Qhat (TangentDerivation): it is driven, and
// drives nothing. Of a closure on G alone the other field is G, with all its powers; of one on modes it is all modes, G among them, in which the law is bilinear.
//   - Lines run from G to Theta too: the linear response to g, or to a mode.
//   - The vertices of Theta are read off the equation of its mean at order 1/n: a leg for each of the fields whose cumulant a term holds. What two neurons add
//     up to is a vertex without kernel legs and with a power of 1/n.
//   - Theta has no noise of its own at this order.

using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Diagrams.Tangent;

/// <summary>The response-field theory of G, or of its modes, with the tangent kernel.</summary>
internal static class TangentTheory
{
    /// <summary>G, or every mode.</summary>
    public const int Kernel = 0;

    /// <summary>Theta.</summary>
    public const int Tangent = 1;

    /// <summary>The theory at order 1/n.</summary>
    /// <param name="system">The moment system of a step with the tangent kernel and its mean at order 1/n.</param>
    public static FieldTheory Of(EquationSystem system)
    {
        FieldTheory kernel = system.Closure.Keeps is KeptModes ? ModeTheory.Create() : MoveRoute.GOnlyTheory(DepthForm.Continuous, 1);
        IReadOnlyList<TangentTerm> terms = new TangentTerms(system).Of(TangentDerivation.Correction);
        return kernel.Driving(
            "T",
            terms.Where(term => term.Legs.Length != 1).Select(Vertex),
            [(Kernel, Kernel), .. terms.Where(term => term.Legs.Length == 1).Select(term => (term.Legs[0], Tangent))]);
    }

    /// <summary>The equations of a plain network with the tangent kernel; the activation and the numbers of a layer are not in them.</summary>
    /// <param name="closure">The closure.</param>
    public static EquationSystem Plain(IClosure closure) => ProgramDerivation.Of(
        [new StreamUpdate("", 1, 1, 1, [new Branch([new BranchStage("") { Activation = TangentFunctions.Identity, WeightVariance = 1 }])])], closure, tangent: Rational.Zero).Systems[0];

    private static VertexType Vertex(TangentTerm term) => new(
        [0, 1], [term.Legs.Count(leg => leg == Kernel), term.Legs.Count(leg => leg == Tangent)], VertexOrigin.Dynamics, term.Legs.IsEmpty ? 1 : 0);

    /// <summary>The diagrams that a term of the equation of their sum stands for; those of the term that carries them on are not among them.</summary>
    /// <param name="set">The diagrams of Theta's mean at order 1/n, or of its covariance.</param>
    /// <param name="term">The term.</param>
    public static IEnumerable<Diagram> Of(DiagramSet set, TangentTerm term) => term.Legs.SequenceEqual(set.Request.ExternalFields.Order())
        ? []
        : set.Diagrams.Where(diagram => diagram.External > 1 || Before(diagram).SequenceEqual(term.Legs));

    // What there was before the last move of a diagram of the mean: of a line from G the mean of G, else the legs of the latest vertex.
    private static IEnumerable<int> Before(Diagram diagram)
    {
        Edge last = diagram.Edges.Single(edge => edge.ToExternal);
        return last.ResponseField != Tangent ? [last.ResponseField]
            : diagram.Vertices[last.From].KernelByField.SelectMany((legs, field) => Enumerable.Repeat(field, legs));
    }
}
