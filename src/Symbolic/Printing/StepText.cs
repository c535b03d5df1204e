using System.Text;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Symbolic.Printing;

/// <summary>A derivation as plain text, for terminals.</summary>
internal static class StepText
{
    /// <summary>Writes every step with its formulas, and its terms with their figures in one line each; lines end with a line feed.</summary>
    public static string Write(IReadOnlyList<DerivationStep> steps)
    {
        var text = new StringBuilder();
        for (int at = 0; at < steps.Count; at++)
        {
            DerivationStep step = steps[at];
            text.Append($"{at + 1}. {step.Title}\n   {step.Prose}\n");
            foreach (DerivedFormula formula in step.Formulas)
                text.Append(formula.Meaning.Length > 0 ? $"   {formula.Meaning}\n" : "").Append($"     {FormulaPrinter.Text(formula)}\n");
            foreach (IllustratedTerm term in step.Terms)
            {
                text.Append($"     {term.Text}{(term.Remark.Length > 0 ? $"  ({term.Remark})" : "")}\n");
                foreach (TermFigure figure in term.Figures)
                    text.Append($"       {figure.Factor}  {figure.Notation}  {figure.Name}\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
