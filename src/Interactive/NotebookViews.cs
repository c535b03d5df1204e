using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using SymbolicEft.Diagrams.Drawing;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Printing;
using Picture = SymbolicEft.Plotting.Picture;

namespace SymbolicEft.Interactive;

/// <summary>How results look in a notebook.</summary>
public static class NotebookViews
{
    private const string Html = "text/html", Mathematics = "text/latex", Markdown = "text/markdown", Plain = "text/plain";

    /// <summary>Registers the views: expressions and formulas as LaTeX, derivations as Markdown with LaTeX, solutions and simulations as tables, figures and diagrams as SVG.</summary>
    public static void Register()
    {
        Formatter.Register<Expression>(expression => $"$${ExpressionPrinter.Latex(expression)}$$", Mathematics);
        Formatter.Register<DerivedFormula>(formula => $"$${FormulaPrinter.Latex(formula)}$$", Mathematics);
        Formatter.Register<DerivationResult>(Derivation, Markdown);
        Formatter.Register<EquationSystem>(system => system.ToString(), Plain);
        Formatter.Register<TheorySolution>(Solution, Html);
        Formatter.Register<EnsembleStatistics>(Simulation, Html);
        Formatter.Register<Picture>(picture => picture.ToSvg(), Html);
        Formatter.Register<Diagram>(diagram => new SvgFormat().Draw(diagram), Html);
        foreach ((Type type, string kind) in new[]
        {
            (typeof(Expression), Mathematics), (typeof(DerivedFormula), Mathematics), (typeof(DerivationResult), Markdown), (typeof(EquationSystem), Plain),
            (typeof(TheorySolution), Html), (typeof(EnsembleStatistics), Html), (typeof(Picture), Html), (typeof(Diagram), Html),
        })
            Formatter.SetPreferredMimeTypesFor(type, kind);
    }

    private static string Derivation(DerivationResult derivation)
    {
        var text = new StringBuilder();
        foreach (DerivationStep step in derivation.Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"#### {ProseMathematics.Markdown(step.Title)}\n\n{ProseMathematics.Markdown(step.Prose)}\n\n");
            foreach (DerivedFormula formula in step.Formulas)
                text.Append(CultureInfo.InvariantCulture, $"$${FormulaPrinter.Latex(formula)}$$\n\n");
        }

        return text.ToString();
    }

    private static string Solution(TheorySolution theory)
    {
        IReadOnlyList<InputPair> pairs = Shown(theory.Inputs);
        string[] heads = ["l", "t", .. pairs.Select(pair => Head("K", "(0)", pair)), .. pairs.Select(pair => Head("V", "(4)", pair, pair)), .. pairs.Select(pair => Head("K", "(1)", pair))];
        IEnumerable<string[]> rows = Enumerable.Range(0, theory.Layers.Count).Select(record => (string[])
        [
            Whole(theory.Layers[record]), Short(theory.Times[record]), .. pairs.Select(pair => Short(theory.K0At(record, pair))), .. pairs.Select(pair => Short(theory.V4At(record, pair, pair))),
            .. pairs.Select(pair => Short(theory.K1At(record, pair))),
        ]);
        string[] notes = [.. theory.Unproved.Select(each => each.ToString())];
        return Table(heads, rows) + (notes.Length == 0 ? "<p>All expectations are proved.</p>" : $"<p>Not proved: {WebUtility.HtmlEncode(string.Join("; ", notes))}.</p>");
    }

    private static string Simulation(EnsembleStatistics simulation)
    {
        IReadOnlyList<InputPair> pairs = Shown(simulation.Layers[0].G.Value.Length == 1 ? 1 : 2);
        string[] heads = ["l", .. pairs.Select(pair => Head("E G", "", pair)), .. pairs.Select(pair => Head("V", "(4)", pair, pair)), .. pairs.Select(pair => Head("K", "(1)", pair))];
        IEnumerable<string[]> rows = Enumerable.Range(0, simulation.Layers.Count).Select(record => (string[])
        [
            Whole(simulation.Layers[record].Layer), .. pairs.Select(pair => WithError(simulation.GAt(record, pair))), .. pairs.Select(pair => WithError(simulation.V4At(record, pair, pair))),
            .. pairs.Select(pair => WithError(simulation.K1At(record, pair))),
        ]);
        return Table(heads, rows) + $"<p>{simulation.Samples.ToString(CultureInfo.InvariantCulture)} networks{(simulation.Cancelled ? ", stopped early" : "")}; &plusmn; is one standard error.</p>";
    }

    // Of many inputs the first two say what a table can.
    private static IReadOnlyList<InputPair> Shown(int inputs) => inputs == 1 ? [new(0, 0)] : [new(0, 0), new(0, 1)];

    private static string Head(string letter, string order, params InputPair[] pairs) =>
        $"<i>{letter}</i>{(order.Length == 0 ? "" : $"<sup>{order}</sup>")}<sub>{string.Join(',', pairs.Select(pair => pair.Name))}</sub>";

    private static string Table(string[] heads, IEnumerable<string[]> rows) =>
        $"<table><thead><tr>{string.Concat(heads.Select(head => $"<th>{head}</th>"))}</tr></thead><tbody>{string.Concat(rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>"))}</tbody></table>";

    private static string WithError(Estimate estimate) => $"{Short(estimate.Value)} &plusmn; {estimate.StandardError.ToString("G2", CultureInfo.InvariantCulture)}";

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
