using System.Xml.Linq;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Tests.Printing;

/// <summary>MathML that a browser shows as the LaTeX would be set.</summary>
public class MathMlTests
{
    [Theory]
    [InlineData(@"V^{(4)\mathrm{src}}", "<msup><mi>V</mi><mrow><mo stretchy=\"false\">(</mo><mn>4</mn><mo stretchy=\"false\">)</mo><mi mathvariant=\"normal\">src</mi></mrow></msup>")]
    [InlineData(@"\mathrm{tr}\sigma", "<mrow><mi mathvariant=\"normal\">tr</mi><mi>σ</mi></mrow>")]
    [InlineData(@"K^{(0)}", "<msup><mi>K</mi><mrow><mo stretchy=\"false\">(</mo><mn>0</mn><mo stretchy=\"false\">)</mo></mrow></msup>")]
    [InlineData(@"C_W", "<msub><mi>C</mi><mi>W</mi></msub>")]
    [InlineData(@"K^{(0)\prime}", "<msup><mi>K</mi><mrow><mo stretchy=\"false\">(</mo><mn>0</mn><mo stretchy=\"false\">)</mo><mo>′</mo></mrow></msup>")]
    [InlineData(@"\xi[\sigma'(x) y]", "<mrow><mi>ξ</mi><mo stretchy=\"false\">[</mo><msup><mi>σ</mi><mo>′</mo></msup><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mi>y</mi><mo stretchy=\"false\">]</mo></mrow>")]
    [InlineData(@"\hat{Q}_{ab}", "<msub><mover accent=\"true\"><mi>Q</mi><mo stretchy=\"false\">^</mo></mover><mrow><mi>a</mi><mi>b</mi></mrow></msub>")]
    public void Names_are_read_from_LaTeX(string latex, string expected) => Assert.Equal(expected, MathMlStyle.Identifier(latex));

    // Every element has as many children as MathML Core says, and nothing of LaTeX is left over.
    [Theory]
    [InlineData("g-only")]
    [InlineData("g-connected")]
    [InlineData("sigma-kernel")]
    [InlineData("hermite(3)")]
    [InlineData("[x*y, sigma(x)*sigma(y), x^2*y]")]
    public void Derivations_are_well_formed_and_hold_no_LaTeX(string name)
    {
        foreach (DepthForm form in new[] { DepthForm.Discrete, DepthForm.Continuous })
        {
            IClosure closure = ClosureRegistry.Parse(name);
            DerivationResult derivation = closure is GOnly ? DerivationPipeline.GOnly(form, keepHessianFormal: false) : ClosureDerivation.Of(closure, form);
            foreach (string line in derivation.Steps.SelectMany(step => step.Formulas).SelectMany(formula => FormulaPrinter.MathMl(formula)))
            {
                XElement root = XElement.Parse(line);
                Assert.DoesNotContain('\\', root.Value);
                Assert.DoesNotContain('{', root.Value);
                Assert.DoesNotContain("prime", root.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("xi", root.Value, StringComparison.Ordinal);
                foreach (XElement element in root.Descendants())
                {
                    int? children = element.Name.LocalName switch
                    {
                        "msub" or "msup" or "mfrac" or "mover" or "munder" => 2,
                        "msubsup" => 3,
                        "mi" or "mn" or "mo" or "mtext" => 0,
                        _ => null,
                    };
                    Assert.True(children is null || element.Elements().Count() == children, element.ToString());
                    // A script behind a script: K^(0) with its indices to the right of it instead of below.
                    Assert.False(element.Name.LocalName == "msub" && element.Elements().First() is { Name.LocalName: "msup" or "mrow" } head && head.DescendantsAndSelf("msup").FirstOrDefault() is { } raised && raised.Value == head.Value, element.ToString());
                }
            }
        }
    }
}
