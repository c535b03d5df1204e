// The map of a flat network over C_W and C_b, on a grid, with the critical line, and how far the width can be trusted by a closure that is quick.

using System.Globalization;
using SymbolicEft.Cli.Phases;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;

namespace SymbolicEft.Cli.Exploring;

/// <summary>Phase diagrams for the page.</summary>
internal static class PhaseAnswer
{
    /// <summary>The name under which the page looks at the map.</summary>
    public const string Id = "phase";

    private const int Columns = 25, Rows = 13;

    // Beyond this the depth to which a width can be trusted is not asked: the map has hundreds of networks.
    private const int Deepest = 200;

    private static readonly (double From, double To) Weights = (0.2, 5), Biases = (0, 0.6);

    /// <summary>The specification that the map is of: one input, at most so deep, by a quick closure; C_W and C_b do not matter.</summary>
    public static Specification Mapped(Specification specification) => specification with
    {
        Closure = TheoryAnswer.IsQuick(specification.Closure) ? specification.Closure : TheoryAnswer.QuickClosure,
        Quadrature = specification.Quadrature.WithErrors,
        Stepping = Numeric.Solving.Stepping.Discrete,
        Network = specification.Network.OnInputs([0]) with { WeightVariance = 1, BiasVariance = 0, Depth = Math.Min(specification.Network.Depth, Deepest) },
    };

    /// <summary>The map.</summary>
    /// <param name="mapped">What it is of.</param>
    /// <param name="view">The ranges of C_W and C_b; null for all that is usual.</param>
    /// <param name="cancellation">Ends it.</param>
    public static PhaseDiagram Map(Specification mapped, ChartView? view, CancellationToken cancellation)
    {
        var diagram = new PhaseDiagram(mapped, [Axis("weightVariance", view?.X ?? Weights, Columns), Axis("biasVariance", view?.Y ?? Biases, Rows)]);
        diagram.Compute(_ => { }, cancellation);
        return diagram;
    }

    /// <summary>The fixed point of the network itself, and how far its width can be trusted from there, in a sentence.</summary>
    public static string Here(Specification specification, CancellationToken cancellation)
    {
        var diagram = new PhaseDiagram(specification with { Quadrature = specification.Quadrature.WithErrors, Closure = TheoryAnswer.IsQuick(specification.Closure) ? specification.Closure : TheoryAnswer.QuickClosure }, []);
        diagram.Compute(_ => { }, cancellation);
        PhasePoint here = diagram.Points[0];
        if (here.Found is not { } found)
            return here.Failure ?? "";
        string Short(double value) => double.IsPositiveInfinity(value) ? "\u221e" : value.ToString("G6", CultureInfo.InvariantCulture);
        string regime = found.Slope < 1 - 1e-6 ? "order" : found.Slope > 1 + 1e-6 ? "chaos" : "the edge of chaos";
        string trust = here.TrustedTo is { } layer
            ? layer == diagram.Specification.Network.Depth ? $"is wide enough to the last layer, {layer.ToString(CultureInfo.InvariantCulture)}" : $"is wide enough up to layer {layer.ToString(CultureInfo.InvariantCulture)}"
            : "is not wide enough even at the first layer";
        string from = found.Kernel is > 0 and < double.PositiveInfinity ? "from K* on" : "from K(0) on";
        return $"Here: K* = {Short(found.Kernel)}, \u03c7 = {Short(found.Slope)} ({regime}), c* = {Short(found.Correlation)}, correlation length {Short(found.CorrelationLength)} layers; {from}, n = {diagram.Specification.Width.ToString(CultureInfo.InvariantCulture)} {(here.Failure is null ? trust : "was not asked how far it holds: " + here.Failure.TrimEnd('.'))}.";
    }

    /// <summary>What the maps show.</summary>
    public static string Caption(PhaseDiagram diagram)
    {
        string line = diagram.Line.Count == 0 ? "No critical line crosses this part." : "Line: the edge of chaos, \u03c7 = 1; order on one side of it, chaos on the other.";
        return $"{line} Cells with a cross have no value. How far n = {diagram.Specification.Width.ToString(CultureInfo.InvariantCulture)} can be trusted is asked of {diagram.Specification.Closure}, from K* on, to layer {diagram.Specification.Network.Depth.ToString(CultureInfo.InvariantCulture)}.";
    }

    private static SweepAxis Axis(string name, (double From, double To) range, int count) =>
        SweepAxis.Parse(string.Create(CultureInfo.InvariantCulture, $"{name}={range.From:R}:{range.To:R}:{count}"));
}
