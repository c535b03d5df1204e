using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Cli.Exploring;

/// <summary>The network at its own width, order by order in 1/n, beside what was simulated so far.</summary>
/// <param name="Sentences">What the orders say at the last layer, as HTML.</param>
/// <param name="Charts">V4 and K1 of the first input at the width.</param>
internal sealed record FiniteAnswer(string Sentences, IReadOnlyList<Chart> Charts)
{
    // Solved while one waits for one input, and enough for most networks; what the highest of them change is said.
    private const int Modes = 40;

    /// <summary>
    /// What is solved: the next order of the network itself, whatever closure is shown, of the first input alone, whose statistics do not depend on the others, so that it is quick whatever else is chosen.
    /// </summary>
    /// <param name="specification">What the page shows.</param>
    public static Specification Asked(Specification specification) => specification with
    {
        Closure = new HermiteModes(Modes).Name,
        Order = 1,
        Network = specification.Network with { Kernel = new[,] { { specification.Network.Kernel[0, 0] } } },
        Quadrature = specification.Quadrature.WithErrors,
        Stepping = specification.Stepping == Stepping.Euler ? Stepping.Discrete : specification.Stepping,
    };

    /// <summary>The answer.</summary>
    /// <param name="asked">What was solved.</param>
    /// <param name="series">Its solution.</param>
    /// <param name="ensemble">The simulation so far, of all inputs, or null.</param>
    public static FiniteAnswer Of(Specification asked, TheorySeries series, EnsembleSeries? ensemble)
    {
        var view = new ReportView(new ReportData { SetUp = asked, Theory = [series], Ensemble = ensemble });
        return new(Sections.List(OrderFigures.Sentences(view)), OrderFigures.Figure(view)?.Panels ?? []);
    }
}
