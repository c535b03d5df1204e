using System.Text;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Languages.Org;

/// <summary>The derivation as an Org file.</summary>
public sealed class OrgLanguage : IOutputLanguage
{
    /// <inheritdoc/>
    public string Name => "org";

    /// <inheritdoc/>
    public string FileEnding => ".org";

    /// <inheritdoc/>
    public string Write(DerivationResult derivation, DerivationSubject subject)
    {
        var text = new StringBuilder($"#+TITLE: The {derivation.System.Closure.Name} closure\n");
        foreach (DerivationStep step in derivation.Steps)
        {
            text.Append($"* {step.Title}\n{step.Prose}\n");
            foreach (DerivedFormula formula in step.Formulas)
                text.Append($"\\[ {FormulaPrinter.Latex(formula)} \\]\n");
        }

        return text.ToString();
    }
}
