using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Diagrams.Clock;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Diagrams.Tangent;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>Puts the diagrams of the g-only equations beside their terms.</summary>
internal static class TermDiagrams
{
    // At the power n^-3 there are hundreds of diagrams for one cumulant: no document is better for them.
    private const int HighestPower = 2;

    /// <summary>
    /// Adds one step for each cumulant, with its terms and their diagrams: of G-only, of the network itself where its next order is derived, and of the
    /// tangent kernel of a plain network, but for lists of observables, whose terms are of blocks; other derivations are left as they are.
    /// </summary>
    /// <param name="derivation">A derivation.</param>
    /// <param name="order">Powers of 1/n beyond the leading one; diagrams are drawn up to the first.</param>
    public static DerivationResult WithDiagrams(this DerivationResult derivation, int order = 0)
    {
        if (derivation.Program is { Systems: [var step], Structures: [StreamUpdate { Branches: [{ Stages: [{ Norm: null }] }] }] } && TangentTerms.Has(step, TangentDerivation.Correction) && step.Closure.Keeps is not KeptObservables)
            return derivation with { Steps = [.. derivation.Steps, .. TangentTermDiagrams.Steps(step)] };
        if (derivation.Program is null && derivation.System.Closure.Keeps is KeptModes && order > 0)
            return derivation with { Steps = [.. derivation.Steps, .. ClockTermDiagrams.Steps(HighestPower - 1, derivation.System.Form)] };
        if (derivation.System.Closure.Name != GOnlyClosure.Name || !derivation.System.IsOfComponents)
            return derivation;
        var steps = new List<DerivationStep>(derivation.Steps);
        foreach (int power in Enumerable.Range(1, Math.Min(order + 1, HighestPower)))
        {
            foreach ((int external, int loops) in HigherOrderEquations.Cumulants(power))
                steps.Add(Step(derivation.System.Form, external, loops, explain: steps.Count == derivation.Steps.Count));
        }

        return derivation with { Steps = steps };
    }

    private static DerivationStep Step(DepthForm form, int external, int loops, bool explain)
    {
        FieldTheory theory = MoveRoute.GOnlyTheory(form, external + loops - 1);
        DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(theory, external, loops));
        ImmutableArray<MoveTerm> kinds = [.. MoveRoute.UpToLabels(MoveRoute.Derive(set, form)).Select(kind => kind.First)];
        // Diagrams that differ by the labels of their legs alone are one to the reader, and the first of each kind is drawn.
        Diagram[] drawn = [.. kinds.Where(term => !term.IsLinear).SelectMany(term => term.Diagrams).DistinctBy(diagram => diagram.Id)];
        var names = drawn.Zip(DiagramNames.Of(drawn)).ToDictionary(each => each.First.Id, each => each.Second, StringComparer.Ordinal);
        string name = CumulantTensors.Of(external, loops).Name;
        string counted = set.Diagrams.Length == 1 ? "one diagram" : $"{set.Diagrams.Length.ToString(CultureInfo.InvariantCulture)} diagrams";
        return new DerivationStep($"Diagrams of {name}", explain ? Explanation(form) : $"The terms of the equation of {name}, which has {counted}.", [])
        {
            Terms = [.. MoveRoute.UpToLabels(MoveRoute.Derive(set, form)).Select(kind => Term(kind.First, kind.Count, form, names))],
        };
    }

    private static string Explanation(DepthForm form) =>
        "Every term of an equation is what is left of diagrams when their last move is taken away. c(p,m) is the derivative of order m, by the kernel at K0, "
        + (form == DepthForm.Discrete ? "of n^(p-1) times the conditional cumulant of p components of G'" : "of n^(p-1) times the conditional cumulant of p components of dG, per unit of depth time")
        + ": c(1,1) is the linear response, c(1,2) the tadpole's vertex, c(2,0) the noise. Before its bar stand the index pairs that it drives, behind it numbers for the pairs of its kernel legs, which are summed over. "
        + "Beside a term stand the diagrams that add up to it, each with its symmetry factor, in one line, and with its name. In the line the vertices are a, b, c, ..., latest first; "
        + "a(p,m)>x1,b says that the response legs of a end on the external leg x1 and on the vertex b. In a drawing time runs to the right, a circle is a drift vertex, a square a noise vertex, "
        + "an arrow marks the response end of a line. Terms that differ by the order of the external legs are written once.";

    private static IllustratedTerm Term(MoveTerm term, int count, DepthForm form, Dictionary<string, string> names)
    {
        string alike = count == 1 ? "" : $"{count.ToString(CultureInfo.InvariantCulture)} terms, the legs permuted";
        if (!term.IsLinear)
            return new IllustratedTerm(term.ToString(), term.Latex, alike, [.. term.Diagrams.Distinct().Select(diagram => Figure(diagram) with { Name = names[diagram.Id] })]) { MathMl = term.MathMl };
        string carried = form == DepthForm.Discrete ? "the linearised layer carries every diagram on" : "the linear response on one leg of every diagram";
        return new IllustratedTerm(term.ToString(), term.Latex, alike.Length == 0 ? carried : $"{alike}; {carried}", []) { MathMl = term.MathMl };
    }

    /// <summary>The drawings of a diagram.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="fields">The names of several fields, one letter each; null for one field.</param>
    internal static TermFigure Figure(Diagram diagram, IReadOnlyList<string>? fields = null) => new(
        diagram.Id, diagram.SymmetryFactor.ToString(), LineNotation.Write(diagram, fields), new SvgFormat().Draw(diagram, fields), new TikzFormat().Draw(diagram, fields));
}
