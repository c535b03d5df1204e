// The terms of the tangent kernel's equations beside their diagrams, as the steps of a derivation: of its mean at order 1/n, and of its covariances.

using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Tangent;

/// <summary>Puts the diagrams of the mixed theory of G and Theta beside the terms of its equations.</summary>
internal static class TangentTermDiagrams
{
    /// <summary>The steps.</summary>
    /// <param name="system">The moment system of a step of a plain network, with the tangent kernel and its mean at order 1/n.</param>
    public static IEnumerable<DerivationStep> Steps(EquationSystem system)
    {
        FieldTheory theory = TangentTheory.Of(system);
        var terms = new TangentTerms(system);
        bool hasModes = system.Closure.Keeps is KeptModes;
        yield return Step(TangentDerivation.Correction, [TangentTheory.Tangent], 1, Explanation(hasModes));
        yield return Step(TangentDerivation.WithKernel, [TangentTheory.Kernel, TangentTheory.Tangent], 0, "The terms of the covariance with G: Theta is driven by what drives G, and has no noise of its own.");
        yield return Step(TangentDerivation.Variance, [TangentTheory.Tangent, TangentTheory.Tangent], 0, "The terms of the variance.");

        DerivationStep Step(Tensor tensor, int[] external, int loops, string prose)
        {
            DiagramSet set = DiagramGenerator.Generate(new DiagramRequest { Theory = theory, ExternalFields = [.. external], Loops = loops });
            return new($"Diagrams of {tensor.Name}", prose, [])
            {
                Terms = [.. terms.Of(tensor).Select(term => new IllustratedTerm(
                    ExpressionPrinter.Text(term.Sum),
                    @"\displaystyle " + ExpressionPrinter.Latex(term.Sum),
                    external.Length == 1 ? Name(term, hasModes) : term.Legs.SequenceEqual(external) ? "carried on" : "",
                    [.. TangentTheory.Of(set, term).Select(diagram => TermDiagrams.Figure(diagram, theory.Fields) with { Name = external.Length == 1 ? Name(term, hasModes) : "source" })])
                { MathMl = $"<math displaystyle=\"true\">{ExpressionPrinter.MathMl(term.Sum)}</math>" })],
            };
        }
    }

    /// <summary>The page of a set of diagrams, beside the terms of the equation of their sum where it is one of those that are derived.</summary>
    /// <param name="set">The diagrams.</param>
    /// <param name="system">The moment system.</param>
    public static string Page(DiagramSet set, EquationSystem system)
    {
        Tensor? tensor = (string.Concat(set.Request.ExternalFields.Order()), set.Request.Loops) switch
        {
            ("1", 1) => TangentDerivation.Correction,
            ("01", 0) => TangentDerivation.WithKernel,
            ("11", 0) => TangentDerivation.Variance,
            _ => null,
        };
        if (tensor is null)
            return GalleryPage.Html(set);
        bool hasModes = system.Closure.Keeps is KeptModes;
        return GalleryPage.Html(
            set,
            [
                .. new TangentTerms(system).Of(tensor).Select(term => new GalleryTerm(
                    $"<math displaystyle=\"true\">{ExpressionPrinter.MathMl(term.Sum)}</math>{(set.Request.ExternalFields.Length == 1 ? $": {Name(term, hasModes)}." : "")}", [], term.Legs.SequenceEqual(set.Request.ExternalFields.Order()), [.. TangentTheory.Of(set, term)])),
            ],
            $"{ProseMathematics.Html($"{tensor.Name} of the next layer is the sum of these terms, in the letters in which symeft derive --ntk prints the statements that they are made of.")}",
            hasLetters: true);
    }

    private static string Explanation(bool hasModes) =>
        "The mean of the tangent kernel at order 1/n: every term holds one cumulant, and the legs of this are the kernel legs of a vertex of Theta. A full line is "
        + (hasModes ? "M, a mode of any order, G among them" : "G") + ", a dashed one Theta; a line may turn from the first into the second, and the linear response of Theta carries every diagram on. "
        + "A circle is a drift vertex, empty where it stands at 1/n by itself; a square is the noise. "
        + (hasModes
            ? "Of the five contributions that a closure on G alone shows one by one, that of the covariance of G in the second derivative of C_W <sigma'_a sigma'_b> Theta0 + Q is among the means of modes here: it is that of the mode of order 4."
            : "There are five contributions: the mean Theta1 carried on; K1 in the first derivative of C_W <sigma'_a sigma'_b> Theta0 + Q; V4 in its second derivative; the covariance of G and Theta in the first derivative of C_W <sigma'_a sigma'_b>; "
                + "and what the tangents of two different neurons add up to. The recursion of the mean of a perceptron at first order (arXiv:2508.11522) has as many, with the vertices Theta{1}, K{1}, V, D and F there.");

    private static string Name(TangentTerm term, bool hasModes) => string.Concat(term.Legs) switch
    {
        "" => "two neurons",
        "0" => hasModes ? "the means of the modes" : "the mean of G",
        "1" => "the mean of Theta, carried on",
        "00" => "the covariance of G",
        "01" => hasModes ? "the covariance of the modes with Theta" : "the covariance of G with Theta",
        _ => "",
    };
}
