// The terms of the clock's equations beside their diagrams, as the steps of a derivation: those of the cumulants that the equations are made of, then those that
// G = Khat + <H> has besides, in which modes outside are of the same neuron.

using System.Globalization;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Diagrams.Clock;

/// <summary>Puts the diagrams of the random clock beside the terms of its equations.</summary>
internal static class ClockTermDiagrams
{
    /// <summary>The steps, one for each cumulant.</summary>
    /// <param name="order">Powers of 1/n beyond the leading one, 1.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static IEnumerable<DerivationStep> Steps(int order, DepthForm form)
    {
        ClockEquations equations = ClockEquations.Derive(order, form);
        FieldTheory theory = ClockTheory.Of(form, order + 1);
        bool isFirst = true;
        foreach (ClockEquation equation in equations.State)
        {
            ClockVariable variable = equation.Variable;
            DiagramSet set = ClockTheory.Diagrams(theory, variable);
            string name = ExpressionPrinter.Text(ClockDerivation.Variable(variable));
            yield return new(
                $"Diagrams of {name}{(variable is { Pairs: 1, Modes: 0 } ? $", which is K{variable.Loops.ToString(CultureInfo.InvariantCulture)}" : "")}",
                (isFirst ? Explanation(form) : $"The terms of the equation of {name}.") + $" {Counted(set)}",
                [])
            { Terms = Terms(set, form, equation.RightSide, variable.Pairs, variable.Modes) };
            isFirst = false;
        }

        foreach (ClockOutput output in equations.Kernel.Where(output => output.External > 1))
        {
            DiagramSet set = ClockTheory.Diagrams(theory, [.. Enumerable.Repeat(ClockTheory.Kernel, output.External)], output.Loops);
            string name = ExpressionPrinter.Text(ClockDerivation.Output(output));
            yield return new($"Diagrams of {name}", $"Legs on G end on the clock or on H, whose averages may be of the same neuron. {Counted(set)} They are those of the cumulants named, and these.", [])
            {
                Terms = Terms(set, form, output.Value, output.External, 0),
            };
        }
    }

    /// <summary>The page of every diagram of a cumulant beside the terms of its equation.</summary>
    /// <param name="set">The diagrams, of legs on the clock, then on modes; or on G.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static string Page(DiagramSet set, DepthForm form)
    {
        ClockRightSide found = ClockRoute.Derive(set, form);
        bool isOutput = set.Request.ExternalFields[0] == ClockTheory.Kernel;
        string what = isOutput ? ProseMathematics.Html("The cumulant of G = Khat + <H> is the sum of these terms: each leg ends on the clock or on an average of H, and such averages may be of the same neuron. ") : GalleryPage.RateOfChange;
        return GalleryPage.Html(
            set,
            [.. found.Sum.Terms.Zip(found.Sum.Keys).Select(each => new GalleryTerm($"<math displaystyle=\"true\">{ExpressionPrinter.MathMl(ClockDerivation.Term(each.First))}</math>", [], found.Linear.Contains(each.Second), found.Diagrams[each.Second]))],
            what + ProseMathematics.Html("Legs are r, s, ... of the clock and A, B, ... of modes; kappa^(L) is the cumulant with L loops of components of Khat and, behind the bar, of averages over different neurons; f_r:p is a derivative of f_r = C_W sigma_a sigma_b + C_b in K_p, and d_p puts one of its two derivatives on each of two functions."
                + (isOutput ? "" : " Rates are per unit of h = eps^2 at alpha = 1.")),
            hasLetters: true);
    }

    private static string Counted(DiagramSet set) => set.Diagrams.Length == 1
        ? "It has one diagram."
        : string.Create(CultureInfo.InvariantCulture, $"It has {set.Diagrams.Length} diagrams, whose symmetry factors add up to {set.WeightedSum}.");

    private static string Explanation(DepthForm form) =>
        "Every term of an equation is what is left of diagrams when their last move is taken away. A full line is a change of the clock, a dashed one the average of a mode over neurons. A circle is a drift vertex of the clock: "
        + "f_r:p has a clock leg for each pair p and, unless its mean E is taken, a mode leg. There is no noise: a hexagon stands where averages are over the same neurons, at 1/n, so that their functions are multiplied; "
        + "it has a clock leg for each d_p, and a mode leg where the product is averaged, less its mean. It acts with the vertices that its lines end on, "
        + (form == DepthForm.Discrete ? "in one layer, but for at most one of them" : "with the earlier of the two")
        + ". Graphs in which a mode ends on no clock are 0. Beside a term stand its diagrams, each with its symmetry factor, in one line, and with its name; in the line vertices are a, b, c, ..., latest first, "
        + "and a(K,KH)>x1 says that a changes the clock, has a clock leg and a mode leg, and ends on the external leg x1. Terms that differ by the order of the external legs are written once.";

    private static IReadOnlyList<IllustratedTerm> Terms(DiagramSet set, DepthForm form, ClockSum sum, int legs, int modes)
    {
        ClockRightSide found = ClockRoute.Derive(set, form);
        IReadOnlyList<(ClockTerm First, string Key, int Count)> kinds = UpToLabels(sum, legs, modes);
        bool isOutput = set.Request.ExternalFields[0] == ClockTheory.Kernel;
        // Of a cumulant of G those without a meeting are diagrams of the cumulant that the term names.
        IReadOnlyList<Diagram> Drawn(string key, ClockTerm term) => isOutput && term.Cumulants is [{ Functions: var functions }] && functions.All(product => product.Count == 1) && term.Means.Count == 0 ? [] : found.Diagrams[key];
        Diagram[] drawn = [.. kinds.SelectMany(kind => Drawn(kind.Key, kind.First)).DistinctBy(diagram => diagram.Id)];
        var names = drawn.Zip(DiagramNames.Of(drawn, ClockTheory.Name)).ToDictionary(each => each.First.Id, each => each.Second, StringComparer.Ordinal);
        return
        [
            .. kinds.Select(kind =>
            {
                Expression written = ClockDerivation.Term(kind.First);
                IReadOnlyList<Diagram> diagrams = Drawn(kind.Key, kind.First);
                string alike = kind.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{kind.Count} terms, the legs permuted");
                string remark = !found.Linear.Contains(kind.Key) ? "" : form == DepthForm.Discrete ? "the linear response carries every diagram on" : "the linear response on one leg of every diagram";
                return new IllustratedTerm(
                    ExpressionPrinter.Text(written),
                    @"\displaystyle " + ExpressionPrinter.Latex(written),
                    string.Join("; ", ((string[])[alike, remark]).Where(each => each.Length > 0)),
                    [.. diagrams.Select(diagram => TermDiagrams.Figure(diagram, set.Request.Theory.Fields) with { Name = names[diagram.Id] })])
                { MathMl = $"<math displaystyle=\"true\">{ExpressionPrinter.MathMl(written)}</math>" };
            }),
        ];
    }

    private static IReadOnlyList<(ClockTerm First, string Key, int Count)> UpToLabels(ClockSum sum, int legs, int modes)
    {
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var gathered = new List<(ClockTerm First, string Key, int Count)>();
        foreach ((ClockTerm term, string key) in sum.Terms.Zip(sum.Keys))
        {
            string kind = (from leg in MoveFormula.Orders(legs) from mode in MoveFormula.Orders(modes) select term.Relabel(at => leg[at], at => mode[at]).Canonical().Key).Min(StringComparer.Ordinal)!;
            if (kinds.TryGetValue(kind, out int place))
            {
                gathered[place] = gathered[place] with { Count = gathered[place].Count + 1 };
                continue;
            }

            kinds.Add(kind, gathered.Count);
            gathered.Add((term, key, 1));
        }

        return gathered;
    }
}
