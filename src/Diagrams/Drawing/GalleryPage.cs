using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Languages.Xml;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Drawing;

// One HTML file without scripts, style sheets or images beside it:
//   1. the equation of the cumulant, term by term: the term, its formula with input indices where the theory has one kernel,
//      and links to the diagrams whose latest vertex gives the term;
//   2. every diagram: picture, symmetry factor, vertices, and links to its terms, one for each vertex that can be the latest.

/// <summary>A term of an equation on the page.</summary>
/// <param name="Written">The term, in HTML.</param>
/// <param name="Formula">The term written out, one MathML element a line; may be empty.</param>
/// <param name="IsLinear">Whether it is the linear response of an external leg.</param>
/// <param name="Diagrams">The diagrams that add up to it.</param>
internal sealed record GalleryTerm(string Written, IReadOnlyList<string> Formula, bool IsLinear, IReadOnlyList<Diagram> Diagrams);

/// <summary>A page with every diagram of a cumulant beside the terms of the equation that it stands for.</summary>
internal static class GalleryPage
{
    private static string Style { get; } = EmbeddedText.Of(typeof(GalleryPage).Assembly, "gallery.css");

    /// <summary>What the terms of an equation of motion are.</summary>
    public const string RateOfChange = "The time derivative of the cumulant is the sum of these terms: one for the linear response of every external leg, and one for every way to take the latest vertex off a diagram. ";

    private const string MomentNotation = "<code>c(p,m)</code> is the derivative of order m of the p-th conditional cumulant, <code>k(E,L)</code> the cumulant of E legs with L loops; "
        + "in brackets the external legs that the vertex drives, and for each cumulant the number of vertex legs and the external legs that it takes.";

    /// <summary>Writes the page of a theory whose terms are those of the latest vertex.</summary>
    /// <param name="set">All connected diagrams of a cumulant, with labelled external legs.</param>
    /// <param name="process">The conditional cumulants of the kernel, for formulas with indices; null, or a theory of several kernels, for terms in symbols only.</param>
    /// <returns>The text of an HTML file; the same diagrams always give the same text.</returns>
    /// <exception cref="ArgumentException">Diagrams were left out or their legs are not labelled.</exception>
    public static string Html(DiagramSet set, IKernelProcess? process = null)
    {
        CumulantEquation equation = DiagramRoute.Derive(set);
        return Html(set, [.. equation.Terms.Select(term => Term(equation, term, process))], RateOfChange + MomentNotation);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="set">The diagrams.</param>
    /// <param name="terms">The terms of the equation of their sum.</param>
    /// <param name="explanation">What the terms are and how to read them, in HTML.</param>
    /// <param name="hasLetters">Whether a diagram is written in one line with the names of its fields, rather than its vertices with numbers of legs.</param>
    /// <returns>The text of an HTML file; the same diagrams always give the same text.</returns>
    public static string Html(DiagramSet set, IReadOnlyList<GalleryTerm> terms, string explanation, bool hasLetters = false)
    {
        ImmutableArray<string> fields = set.Request.Theory.Fields;
        string title = Title(set.Request, fields);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{Style}</style>\n</head>\n<body>\n");
        text.Append(CultureInfo.InvariantCulture, $"<h1>{title}</h1>\n<p>{set.Diagrams.Length} {(set.Diagrams.Length == 1 ? "diagram" : "diagrams")}; the sum of the symmetry factors is {set.WeightedSum}. Time runs from left to right; ");
        text.Append(CultureInfo.InvariantCulture, $"an arrow sits at the end of a line where it responds, a circle is a drift vertex{Shapes(set)}{Lines(fields)}.</p>\n");
        text.Append(CultureInfo.InvariantCulture, $"<h2>The equation</h2>\n<p>{explanation}</p>\n<ol class=\"terms\">\n");
        var termsOf = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int at = 0; at < terms.Count; at++) Item(text, terms[at], at + 1, termsOf);
        text.Append("</ol>\n<h2>The diagrams</h2>\n<div class=\"diagrams\">\n");
        foreach (Diagram diagram in set.Diagrams) Figure(text, diagram, fields, termsOf.GetValueOrDefault(diagram.Id) ?? [], hasLetters);
        text.Append("</div>\n</body>\n</html>\n");
        return text.ToString();
    }

    private static string Shapes(DiagramSet set) => set.Diagrams.SelectMany(diagram => diagram.Vertices).Any(vertex => vertex.Origin == VertexOrigin.Meeting)
        ? ", a hexagon averages over the same neuron"
        : ", a square a noise vertex";

    private static string Title(DiagramRequest request, ImmutableArray<string> fields)
    {
        string legs = fields.Length == 1
            ? request.ExternalFields.Length.ToString(CultureInfo.InvariantCulture)
            : string.Join(", ", request.ExternalFields.Select(field => fields[field]));
        return XmlText.Escape(string.Create(CultureInfo.InvariantCulture, $"Diagrams: external legs {legs}, loops {request.Loops}"));
    }

    private static string Lines(ImmutableArray<string> fields)
    {
        if (fields.Length == 1) return "";
        string[] looks = ["a full line is", "a dashed one", "a dotted one", "a dash-dotted one"];
        return "; " + string.Join(", ", fields.Select((field, at) => $"{looks[at]} {XmlText.Escape(field)}"));
    }

    private static GalleryTerm Term(CumulantEquation equation, LatestVertexTerm term, IKernelProcess? process)
    {
        IReadOnlyList<string> formula = [];
        if (process is not null && term.Vertex.FieldCount == 1)
        {
            Expression value = IndexedTerms.Formula(term, equation.Cumulant.External, process).Expand();
            Indexed cumulant = CumulantTensors.Component(CumulantTensors.Pairs(equation.Cumulant.External), equation.Cumulant.Loops);
            IReadOnlyList<string> lines = FormulaPrinter.MathMl(new DerivedFormula(new FormulaHead(HeadKind.TimeDerivative, cumulant), value), 150);
            // One term of several: the derivative contains it, so no sign of equality.
            formula = [lines[0].Replace("<mo>=</mo>", "<mo>&#x220B;</mo>"), .. lines.Skip(1)];
        }

        return new($"<code>{XmlText.Escape(Written(term))}</code>", formula, term.IsLinear, [.. term.Diagrams.DistinctBy(diagram => diagram.Id)]);
    }

    private static void Item(StringBuilder text, GalleryTerm term, int number, Dictionary<string, List<int>> termsOf)
    {
        text.Append(CultureInfo.InvariantCulture, $"<li id=\"term-{number}\">{term.Written}\n");
        foreach (string line in term.Formula) text.Append(CultureInfo.InvariantCulture, $"<div class=\"formula\">{line}</div>\n");
        if (term.IsLinear)
        {
            text.Append("<span class=\"links\">linear response of an external leg</span>");
        }
        else
        {
            foreach (Diagram diagram in term.Diagrams)
            {
                if (!termsOf.TryGetValue(diagram.Id, out List<int>? list)) termsOf[diagram.Id] = list = [];
                list.Add(number);
            }

            text.Append(CultureInfo.InvariantCulture, $"<span class=\"links\">{string.Join(' ', term.Diagrams.Select(diagram => $"<a href=\"#d-{diagram.Id}\">{diagram.Id[..6]}</a>"))}</span>");
        }

        text.Append("</li>\n");
    }

    private static string Written(LatestVertexTerm term) => term.Coefficient == Rational.One ? term.ToString()[2..] : term.ToString();

    private static void Figure(StringBuilder text, Diagram diagram, ImmutableArray<string> fields, List<int> terms, bool hasLetters)
    {
        string picture = new SvgFormat().Draw(diagram, fields.Length > 1 ? fields : null);
        text.Append(CultureInfo.InvariantCulture, $"<figure id=\"d-{diagram.Id}\">\n{picture}<figcaption><b>{diagram.SymmetryFactor}</b> &#183; <code>{diagram.Id[..6]}</code><br>");
        text.Append(CultureInfo.InvariantCulture, $"{(hasLetters ? $"<code>{XmlText.Escape(LineNotation.Write(diagram, fields))}</code>" : $"vertices {XmlText.Escape(string.Join(' ', diagram.Vertices))}")}<br>");
        IEnumerable<string> links = terms.Select(term => string.Create(CultureInfo.InvariantCulture, $"<a href=\"#term-{term}\">{term}</a>"));
        text.Append(CultureInfo.InvariantCulture, $"{(terms.Count == 1 ? "term" : "terms")} {string.Join(", ", links)}</figcaption>\n</figure>\n");
    }
}
