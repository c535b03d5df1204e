// The map over C_W and C_b: of a flat network from a table of its activation, so that it follows every slider; of a program whose layers are one block, repeated, over those of
// the last dense layer of the block, point by point. With it the critical line, and along the line how deep the width carries, by a closure that is quick, from the exact fixed point on.

using System.Globalization;
using SymbolicEft.Cli.Phases;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>A phase diagram for the page.</summary>
/// <param name="Diagram">Fixed points and critical line.</param>
/// <param name="Trust">How deep the width carries along the line; null without one.</param>
internal sealed record PhaseAnswer(PhaseDiagram Diagram, Chart? Trust)
{
    /// <summary>The name under which the page looks at the map.</summary>
    public const string Id = "phase";

    private const int Columns = 31, Rows = 16, ColumnsOfProgram = 9, RowsOfProgram = 5;

    // Beyond this the depth to which a width can be trusted is not asked, and of so many networks on the line.
    private const int Deepest = 200, Asked = 6;

    private static readonly (double From, double To) Weights = (0.2, 5), Biases = (0, 0.6);

    /// <summary>The specification that the map is of: one input, at most so deep, by a quick closure; the C_W and C_b of a flat network do not matter.</summary>
    public static Specification Mapped(Specification specification) => Quick(specification) with
    {
        Stepping = Numeric.Solving.Stepping.Discrete,
        Network = specification.Layers is not null ? specification.Network.OnInputs([0]) : specification.Network.OnInputs([0]) with { WeightVariance = 1, BiasVariance = 0, Depth = Math.Min(specification.Network.Depth, Deepest) },
    };

    /// <summary>The dense layer whose C_W and C_b a map of a program is over, the last one, and where it stands; null without one.</summary>
    public static (string Path, Dense Layer)? Mapped(LayerProgram program) => Last(program.Layers, "layers");

    /// <summary>The map.</summary>
    /// <param name="mapped">What it is of.</param>
    /// <param name="table">The table of its activation; null for a program of layers.</param>
    /// <param name="view">The ranges of C_W and C_b; null for all that is usual.</param>
    /// <param name="cancellation">Ends it.</param>
    public static PhaseAnswer Map(Specification mapped, KernelTable? table, ChartView? view, CancellationToken cancellation)
    {
        string at = mapped.Layers is null ? "" : Mapped(mapped.Layers) is { } dense ? $"{dense.Path}." : throw new InputException("The program has no dense layer whose C_W and C_b a map could be over.");
        (int columns, int rows) = mapped.Layers is null ? (Columns, Rows) : (ColumnsOfProgram, RowsOfProgram);
        var diagram = new PhaseDiagram(mapped, [Axis(at + "weightVariance", view?.X ?? Weights, columns), Axis(at + "biasVariance", view?.Y ?? Biases, rows)], table, asksTrust: false);
        diagram.Compute(_ => { }, cancellation);
        CriticalPoint[] line = [.. diagram.Line.Where(point => point.Found.Kernel is > 0 and < double.PositiveInfinity).OrderBy(point => point.Row)];
        if (line.Length == 0)
            return new(diagram, null);
        CriticalPoint[] asked = [.. Enumerable.Range(0, Math.Min(Asked, line.Length)).Select(at => line[at * (line.Length - 1) / Math.Max(1, Math.Min(Asked, line.Length) - 1)])];
        ChartPoint[] points = [.. asked.Select(point =>
        {
            Specification there = diagram.OnLine(point.Value, point.Row);
            return new ChartPoint(diagram.Axes[1].Numbers![point.Row!.Value], Layer(there with { Network = there.Network with { Kernel = new[,] { { point.Found.Kernel } } } }, cancellation) ?? double.NaN);
        })];
        return points.All(point => double.IsNaN(point.Y)) ? new(diagram, null) : new(diagram, new()
        {
            Id = "trust",
            Heading = string.Create(CultureInfo.InvariantCulture, $"how deep *n* = {mapped.Width} carries at the edge of chaos"),
            Description = "The layer up to which the width is wide enough, from the fixed point on, at points of the critical line.",
            X = new("*C*_{b} on the line"),
            Y = new(string.Create(CultureInfo.InvariantCulture, $"layer within {mapped.Fraction:R}"), IncludeZero: true),
            Series = [new(RichText.Literal(mapped.Closure), SeriesKind.Line, Styles.Of(mapped.Closure), points), new(null, SeriesKind.Points, Styles.Of(mapped.Closure) with { Marker = Marker.Circle }, points)],
        });
    }

    /// <summary>The fixed point of the network itself, and how far its width can be trusted from there, in a sentence.</summary>
    /// <param name="specification">The network.</param>
    /// <param name="table">The table of its activation; null for a program of layers.</param>
    /// <param name="cancellation">Ends it.</param>
    public static string Here(Specification specification, KernelTable? table, CancellationToken cancellation)
    {
        specification = Quick(specification);
        int depth = specification.Network.Depth;
        if (table?.Find(specification.Network) is { } near)
        {
            if (near.Kernel is 0 or double.PositiveInfinity)
                return Endless(near);
            specification = specification with { Network = specification.Network.OnInputs([0]) with { Kernel = new[,] { { near.Kernel } } } };
        }

        var diagram = new PhaseDiagram(specification, []);
        diagram.Compute(_ => { }, cancellation);
        PhasePoint here = diagram.Points[0];
        if (here.Found is not { } found)
            return here.Failure ?? "";
        if (found.Kernel is 0 or double.PositiveInfinity)
            return Endless(found);
        string regime = found.Slope < 1 - 1e-6 ? "order" : found.Slope > 1 + 1e-6 ? "chaos" : "the edge of chaos";
        string trust = (here.Failure, here.TrustedTo) switch
        {
            ({ } failure, _) => $"was not asked how far it holds: {failure.TrimEnd('.')}",
            (_, null) => "is not wide enough even at the first layer",
            (_, { } layer) => string.Create(CultureInfo.InvariantCulture, $"is wide enough {(layer == depth ? "to the last layer," : "up to layer")} {layer}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"Here: K* = {Short(found.Kernel)}, \u03c7 = {Short(found.Slope)} ({regime}), c* = {Short(found.Correlation)}, correlation length {Short(found.CorrelationLength)} layers. From K* on, n = {specification.Width} {trust}.");
    }

    private static string Endless(KernelFixedPoint found) => $"Here: the kernel {(found.Kernel == 0 ? "dies out" : "grows without end")}, and \u03c7 comes to {Short(found.Slope)}; there is no K*.";

    private static string Short(double value) => double.IsPositiveInfinity(value) ? "\u221e" : value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>What the map shows, as HTML.</summary>
    public string Caption
    {
        get
        {
            Specification mapped = Diagram.Specification;
            return (Diagram.Line.Count == 0 ? "No critical line crosses this part." : "Line: the edge of chaos, \u03c7 = 1, with order on one side of it and chaos on the other.")
                + " A cell with a cross has no such value. "
                + (mapped.Layers is null ? "Fixed points are read between those of a table, right to some 1e-5; symeft phase has every digit, and the correlation in the end." : $"<i>C<sub>W</sub></i> and <i>C<sub>b</sub></i> are those of the last dense layer, {Mapped(mapped.Layers)!.Value.Path}; symeft phase has axes anywhere in a program.")
                + (Diagram.Line.Count == 0 ? "" : " At finite width the line is a statement about networks of some depth: " + FormattableString.Invariant(Trust is null
                    ? (FormattableString)$"along it n = {mapped.Width} does not keep fluctuations and shift of the kernel within {mapped.Fraction:R} even at the first layer."
                    : $"up to the layer on the right fluctuations and shift of the kernel stay within {mapped.Fraction:R} at n = {mapped.Width} ({mapped.Closure}, asked to layer {mapped.Network.Depth})."));
        }
    }

    private static Specification Quick(Specification specification) => specification with
    {
        Closure = TheoryAnswer.IsQuick(specification.Closure) ? specification.Closure : TheoryAnswer.QuickClosure,
        Quadrature = specification.Quadrature.WithErrors,
    };

    private static (string Path, Dense Layer)? Last(IReadOnlyList<Layer> layers, string path)
    {
        for (int at = layers.Count - 1; at >= 0; at--)
        {
            string here = FormattableString.Invariant($"{path}[{at}].{layers[at].Kind}");
            if (layers[at] is Dense dense)
                return (here, dense);
            foreach ((string name, IReadOnlyList<Layer> inner) in layers[at].Inner.Reverse())
            {
                if (Last(inner, $"{here}.{name}") is { } found)
                    return found;
            }
        }

        return null;
    }

    private static int? Layer(Specification at, CancellationToken cancellation)
    {
        var alone = new PhaseDiagram(at, []);
        alone.Compute(_ => { }, cancellation);
        return alone.Points[0].TrustedTo;
    }

    private static SweepAxis Axis(string name, (double From, double To) range, int count) =>
        SweepAxis.Parse(string.Create(CultureInfo.InvariantCulture, $"{name}={range.From:R}:{range.To:R}:{count}"));
}
