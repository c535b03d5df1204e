using System.Xml;
using System.Xml.Linq;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>Takes the MathML of a derivation step apart into displayed lines, and refuses what is not MathML.</summary>
internal static class MathMlCheck
{
    private static readonly HashSet<string> Elements = new(StringComparer.Ordinal)
    {
        "math", "semantics", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "msub", "msup", "msubsup", "munder", "mover", "munderover",
        "mmultiscripts", "mprescripts", "none", "mfrac", "msqrt", "mroot", "mstyle", "mpadded", "mphantom", "merror", "menclose",
        "mtable", "mtr", "mtd", "mfenced",
    };

    /// <summary>The lines of a step, each a math element set for display.</summary>
    /// <exception cref="ReportException">The text is not well-formed XML, or has elements or attributes that are not MathML's.</exception>
    public static IReadOnlyList<string> Lines(DerivationStep step)
    {
        if (string.IsNullOrWhiteSpace(step.MathMl))
            return [];
        XElement root;
        try
        {
            root = XElement.Parse($"<root>{step.MathMl}</root>", LoadOptions.PreserveWhitespace);
        }
        catch (XmlException exception)
        {
            throw new ReportException($"The MathML of derivation step {step.Number} ({step.Title}) is not well-formed XML: {exception.Message}", exception);
        }

        var lines = new List<string>();
        foreach (var math in root.Elements())
        {
            foreach (var element in math.DescendantsAndSelf())
                Check(step, element);
            if (math.Name.LocalName != "math")
                throw new ReportException($"The MathML of derivation step {step.Number} ({step.Title}) has the element {math.Name.LocalName} where a math element is expected.");
            // HTML knows the namespace by the element's name; a prefix or a second declaration would only be noise.
            foreach (var element in math.DescendantsAndSelf())
            {
                element.Name = element.Name.LocalName;
                element.Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
            }

            math.SetAttributeValue("display", "block");
            lines.Add(math.ToString(SaveOptions.DisableFormatting));
        }

        if (lines.Count == 0)
            throw new ReportException($"The MathML of derivation step {step.Number} ({step.Title}) has no math element.");
        return lines;
    }

    private static void Check(DerivationStep step, XElement element)
    {
        if (!Elements.Contains(element.Name.LocalName))
            throw new ReportException($"The MathML of derivation step {step.Number} ({step.Title}) has the element {element.Name.LocalName}, which is not one of MathML's.");
        foreach (var attribute in element.Attributes())
        {
            string name = attribute.Name.LocalName;
            if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || name is "href" or "src" or "style")
                throw new ReportException($"The MathML of derivation step {step.Number} ({step.Title}) has the attribute {name}, which a report does not carry.");
        }
    }
}
