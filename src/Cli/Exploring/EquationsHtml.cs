using System.Text;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A derivation as HTML.</summary>
/// <param name="Equations">The equations that are solved.</param>
/// <param name="Steps">The derivation, step by step.</param>
/// <param name="Diagrams">The diagrams beside their terms.</param>
internal sealed record EquationsHtml(string Equations, string Steps, string Diagrams)
{
    private const int LineLength = 130;

    /// <summary>Writes a derivation.</summary>
    public static EquationsHtml Of(DerivationResult derivation) => new(Solved(derivation), Derived(derivation), Drawn(derivation));

    private static string Solved(DerivationResult derivation)
    {
        EquationSystem system = derivation.System;
        HeadKind advance = system.Form == DepthForm.Discrete ? HeadKind.NextLayer : HeadKind.TimeDerivative;
        // Closures on modes and observables are solved as tensors over all of them; what a reader wants to see are their layer maps.
        if (!system.IsOfComponents)
            return string.Concat(derivation.Steps.Where(step => step.Formulas.Any(formula => formula.Left.Kind is HeadKind.NoiseCovariance || (formula.Left.Kind == advance && formula.Left.Operands[0] is Indexed atom && IsOfAll(atom))))
                .Select(step => $"<h3>{Captions.Escape(step.Title)}</h3>\n<p class=\"soft\">{Captions.Escape(step.Prose)}</p>\n{string.Concat(step.Formulas.Select(Formula))}"));
        IEnumerable<DerivedFormula> formulas =
        [
            .. system.Abbreviations.Select(each => new DerivedFormula(new(HeadKind.Plain, each.Variable), each.RightSide)),
            // V4 without transport is there for comparisons; it is no part of the closure.
            .. system.Equations.Where(each => each.Variable.Tensor != Notation.SourceOnlyCovariance).Select(each => new DerivedFormula(new(advance, each.Variable), each.RightSide)),
            .. system.ComponentQuantities.Select(each => new DerivedFormula(new(HeadKind.Plain, each.Variable), each.RightSide)),
        ];
        return string.Concat(formulas.Select(Formula));
    }

    // Not the definition of the process, which is about one neuron i.
    private static bool IsOfAll(Indexed atom) => atom.Tensor.Name != "phi";

    private static string Derived(DerivationResult derivation)
    {
        var html = new StringBuilder("<ol class=\"steps\">\n");
        int number = 1;
        foreach (DerivationStep step in derivation.Steps.Where(step => step.Terms.Count == 0))
        {
            html.Append($"<li><h3><span class=\"number\">{FormattableString.Invariant($"{number++}.")}</span> {Captions.Escape(step.Title)}</h3><p>{Captions.Escape(step.Prose)}</p>\n");
            foreach (DerivedFormula formula in step.Formulas)
                html.Append(Formula(formula));
            html.Append("</li>\n");
        }

        return html.Append("</ol>\n").ToString();
    }

    private static string Drawn(DerivationResult derivation)
    {
        DerivationStep[] steps = [.. derivation.Steps.Where(step => step.Terms.Count > 0)];
        if (steps.Length == 0)
            return $"<p>Diagrams beside the terms of equations are drawn here for g-only, the theory of the kernel alone (symeft derive --order 1 has those of the network itself, and --ntk those of the tangent kernel); {Captions.Escape(derivation.System.Closure.Name)} has other fields beside it.</p>";
        var html = new StringBuilder();
        foreach (DerivationStep step in steps)
        {
            html.Append($"<h3>{Captions.Escape(step.Title)}</h3>\n<ul class=\"terms\">\n");
            foreach (IllustratedTerm term in step.Terms)
            {
                html.Append($"<li><span role=\"img\" aria-label=\"{Captions.Escape(term.Text)}\">{term.MathMl}</span>");
                if (term.Remark.Length > 0)
                    html.Append($" <span class=\"soft\">({Captions.Escape(term.Remark)})</span>");
                foreach (TermFigure figure in term.Figures)
                    html.Append($"<figure class=\"diagram\">{figure.Svg}<figcaption>symmetry factor {Captions.Escape(figure.Factor)} · <code>{Captions.Escape(figure.Notation)}</code></figcaption></figure>");
                html.Append("</li>\n");
            }

            html.Append("</ul>\n");
        }

        return html.Append($"<details><summary>How to read them</summary><p>{Captions.Escape(steps[0].Prose)}</p></details>\n").ToString();
    }

    private static string Formula(DerivedFormula formula) =>
        $"<div class=\"equation\" tabindex=\"0\" role=\"group\" aria-label=\"{Captions.Escape(FormulaPrinter.Text(formula))}\">{string.Concat(FormulaPrinter.MathMl(formula, LineLength).Select(line => $"<div>{line}</div>"))}</div>\n";
}
