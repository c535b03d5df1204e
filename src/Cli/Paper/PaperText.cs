// The paper's text is a template, paper.tex: @name@ and @name:F2@ stand for numbers, @@equations@@ for what the derivation ends with.

using System.Text;
using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Cli.Paper;

/// <summary>Writes the paper.</summary>
internal static partial class PaperText
{
    // What the equations of a closure are for, in the order of the paper.
    private static readonly string[] Equations = ["K0", "V4", "K1", "U1"];

    /// <summary>The paper as LaTeX.</summary>
    /// <param name="numbers">Its numbers.</param>
    /// <param name="closure">The closure whose equations it shows.</param>
    public static string Write(PaperNumbers numbers, DerivationResult closure) => Placeholder().Replace(
        EmbeddedText.Of(typeof(PaperText).Assembly, "paper.tex").Replace("@@equations@@", Formulas(closure), StringComparison.Ordinal),
        found => numbers.Latex(found.Groups[1].Value, found.Groups[2] is { Success: true } format ? format.Value : null));

    // The last formula of each quantity: what the steps before it led to.
    private static string Formulas(DerivationResult closure)
    {
        var text = new StringBuilder();
        foreach (string quantity in Equations)
        {
            DerivedFormula formula = closure.Steps.SelectMany(step => step.Formulas).Last(formula =>
                formula.Left.Kind is HeadKind.NextLayer or HeadKind.Plain && formula.Left.Operands is [Symbolic.Tensors.Indexed head] && head.Tensor.Name == quantity);
            text.Append("\\begin{equation}\n").Append(FormulaPrinter.Latex(formula)).Append("\n\\end{equation}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    [GeneratedRegex(@"@([A-Za-z][A-Za-z0-9_.()-]*)(?::([FG][0-9]+))?@", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
