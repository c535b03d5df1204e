// What the paper says is computed here, study by study: the published failure, told apart; closures beside the exact leading order; the next order; a program of layers.
// The set-up is that of Kawase and Ota, with two inputs of theirs, as statistics of some inputs do not depend on the others, and one where one is enough.

using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Paper;

/// <summary>Computes the numbers and figures of the paper.</summary>
/// <param name="context">Where progress is told, and what interrupts.</param>
/// <param name="samples">How many networks of each width.</param>
/// <param name="seed">Seed of the random numbers.</param>
internal sealed class PaperStudies(CommandContext context, long samples, ulong seed)
{
    // The width of the paper, and those at which the next order is shown.
    private const int Width = 64;

    private const string Exact = "hermite(60)", Clock = "hermite(80)";

    private static readonly int[] Widths = [8, 16, 32, 64], Nodes = [8, 16, 32, 64, 128], BlockWidths = [32, 128];

    private static readonly (string Name, InputPair Left, InputPair Right)[] Variances = [("V4_0000", (0, 0), (0, 0)), ("V4_0101", (0, 1), (0, 1))];

    private static readonly (string Name, InputPair Pair)[] Means = [("K1_00", (0, 0)), ("K1_01", (0, 1))];

    private static readonly Network Setup = new()
    {
        Activation = "tanh(x)",
        WeightVariance = 2,
        Step = 0.05,
        Depth = 800,
        Kernel = new[,] { { 2, 0.6 }, { 0.6, 2 } },
        RecordedLayers = [.. Network.EvenlySpacedLayers(800, 17)],
    };

    /// <summary>The numbers.</summary>
    public PaperNumbers Numbers { get; } = new();

    /// <summary>The figures.</summary>
    public List<Picture> Figures { get; } = [];

    /// <summary>The studies, in the order of the paper: what each is, and what computes it.</summary>
    public IReadOnlyList<(string What, Action Compute)> All =>
    [
        ("the published failure", Failure),
        ("its quadrature", Quadrature),
        ("the next order", NextOrder),
        ("a program of layers", Layers),
    ];

    private void Failure()
    {
        Numbers.Add("setup.samples", samples);
        Numbers.Add("setup.seed", seed);
        Numbers.Add("setup.width", Width);
        Numbers.Add("setup.depth", Setup.Depth);
        Numbers.Add("setup.step", Setup.Step);
        Numbers.Add("setup.weightVariance", Setup.WeightVariance);
        Numbers.Add("setup.kernel00", Setup.Kernel[0, 0]);
        Numbers.Add("setup.kernel01", Setup.Kernel[0, 1]);
        (string Name, string Legend, SeriesStyle Style, TheorySolution Solution)[] theories =
        [
            ("exact", "exact leading order", Styles.Exact, Solve(Setup, Exact)),
            ("published", "as published", Styles.Published, Solve(Setup, "g-only", QuadratureChoice.GaussHermite(32), Stepping.Euler)),
            .. new[] { "g-only", "g-connected", "sigma-kernel", "hermite(4)", "hermite(20)" }.Select(closure => (closure, closure, Styles.Of(closure), Solve(Setup, closure))),
        ];
        EnsembleStatistics simulation = Simulate(Setup, Width);
        foreach ((string name, _, _, TheorySolution theory) in theories)
            AddLast($"failure.{name}", theory);
        AddLast("failure.simulation", simulation);
        foreach (string component in Variances.Select(each => each.Name).Concat(Means.Select(each => each.Name)))
        {
            double At(string name) => Numbers[$"failure.{name}.{component}"].Value;
            Estimate measured = Numbers[$"failure.simulation.{component}"];
            Numbers.Add($"failure.quadrature.{component}", At("published") - At("g-only"));
            Numbers.Add($"failure.closure.{component}", At("g-only") - At("exact"));
            Numbers.Add($"failure.finite.{component}", new Estimate(At("exact") - measured.Value, measured.StandardError));
            Numbers.Add($"failure.whole.{component}", new Estimate(At("published") - measured.Value, measured.StandardError));
            foreach ((string name, _, _, _) in theories)
            {
                Numbers.Add($"failure.z.{name}.{component}", -measured.ZScore(At(name)));
                if (name != "exact")
                    Numbers.Add($"failure.off.{name}.{component}", 100 * ((At(name) / At("exact")) - 1));
            }
        }

        (string Name, string Legend, SeriesStyle Style, TheorySolution Solution)[] shown = [.. theories.Where(theory => !theory.Name.StartsWith("hermite", StringComparison.Ordinal))];
        Figures.Add(Curves("mean", "K^{(1)}_00", "*K*^{(1)}_{00}", shown.Select(theory => (theory.Legend, theory.Style, (Func<int, double>)(record => theory.Solution.K1At(record, (0, 0))))), record => simulation.K1At(record, (0, 0))));
        TheorySolution exact = theories[0].Solution;
        ChartPoint OffExact(int record, Estimate value) => Off(Setup.RecordedLayers[record], exact.V4At(record, (0, 0), (0, 0)), value);
        Figures.Add(Curves(
            "variance", "V4_00,00, per cent off the exact leading order", "*V*^{(4)}_{00,00}, per cent off the exact leading order",
            shown.Skip(1).Select(theory => (theory.Legend, theory.Style, (Func<int, double>)(record => OffExact(record, new(theory.Solution.V4At(record, (0, 0), (0, 0)), 0)).Y))),
            record => OffExact(record, simulation.V4At(record, (0, 0), (0, 0))) is var point ? new(point.Y, point.Error) : default) with
        { Y = new ChartAxis("per cent off", IncludeZero: true) });
    }

    private void Quadrature()
    {
        AddLast("quadrature.exact", Solve(Setup, "g-only", null, Stepping.Euler));
        foreach (int nodes in Nodes)
        {
            Numbers.Add($"quadrature.nodes{nodes}", nodes);
            AddLast($"quadrature.{nodes}", Solve(Setup, "g-only", QuadratureChoice.GaussHermite(nodes), Stepping.Euler));
        }
    }

    private void NextOrder()
    {
        Network one = Setup with { Kernel = new[,] { { Setup.Kernel[0, 0] } } };
        TheorySolution theory = Activity("solving the next order", () => one.Solve(Clock, order: 1, cancellation: context.Cancellation));
        double Last(string tensor) => theory.Tensors[tensor][^1][0];
        foreach (string tensor in new[] { "K0", "V4", "K1", "V6", "V4_1", "K2" })
            Numbers.Add($"orders.{tensor}", Last(tensor));
        foreach (string tensor in new[] { "V4_1", "K2" })
            Numbers.Add($"orders.change.{tensor}", 100 * theory.ModeChanges[tensor]);
        Numbers.Add("orders.tenth.V4", FiniteWidth.TenthAt(Last("V4_1"), Last("V4"), Last("K0") * Last("K0"))!.Value);
        Numbers.Add("orders.tenth.K1", FiniteWidth.TenthAt(Last("K2"), Last("K1"), Last("K0"))!.Value);
        double Variance(int order, double width) => FiniteWidth.CovarianceAt(Last, order, width);
        double Shift(int order, double width) => FiniteWidth.ShiftAt(Last, order, width);
        var points = new List<ChartPoint>();
        foreach (int width in Widths)
        {
            EnsembleStatistics simulation = Simulate(one, width);
            Estimate variance = simulation.V4At(^1, (0, 0), (0, 0)), mean = simulation.K1At(^1, (0, 0));
            points.Add(new(1.0 / width, variance.Value, variance.StandardError));
            Numbers.Add($"orders.width{width}", width);
            Numbers.Add($"orders.{width}.V4", variance);
            Numbers.Add($"orders.{width}.K1", mean);
            Numbers.Add($"orders.{width}.predicted.V4", Variance(1, width));
            Numbers.Add($"orders.{width}.predicted.K1", Shift(1, width));
            Numbers.Add($"orders.{width}.z0.V4", -variance.ZScore(Variance(0, width)));
            Numbers.Add($"orders.{width}.z1.V4", -variance.ZScore(Variance(1, width)));
            Numbers.Add($"orders.{width}.z0.K1", -mean.ZScore(Shift(0, width)));
            Numbers.Add($"orders.{width}.z1.K1", -mean.ZScore(Shift(1, width)));
        }

        Figures.Add(new Chart
        {
            Id = "orders",
            Heading = "*n* Cov(*G*_{00}, *G*_{00}) at the last layer",
            Description = "n Cov(G_00, G_00) at the last layer against 1/n: simulation, the leading order and the next one.",
            X = new ChartAxis("1/*n*", IncludeZero: true),
            Y = new ChartAxis("*V*^{(4)}_{00,00}"),
            Series =
            [
                new("leading order", SeriesKind.Line, Styles.Exact, [new(0, Variance(0, 1)), new(1.0 / Widths[0], Variance(0, Widths[0]))]),
                new("with the next order", SeriesKind.Line, Styles.Of("hermite(20)"), [new(0, Variance(0, 1)), new(1.0 / Widths[0], Variance(1, Widths[0]))]),
                new("simulation", SeriesKind.Points, Styles.Simulation, [.. points.OrderBy(point => point.X)]),
            ],
        });
    }

    private void Layers()
    {
        LayerPreset preset = LayerPresets.Find("transformer-mlp")!;
        Network block = Network.Of(preset.Program, new[,] { { 1, 0.3 }, { 0.3, 1 } });
        block = block with { RecordedLayers = [.. Enumerable.Range(0, block.Depth + 1)] };
        Numbers.Add("layers.depth", block.Depth);
        Numbers.Add("layers.kernel00", block.Kernel[0, 0]);
        Numbers.Add("layers.kernel01", block.Kernel[0, 1]);
        TheorySolution theory = Solve(block, "hermite(20)");
        AddLast("layers.theory", theory);
        Numbers.Add("layers.theory.K0_00", theory.K0At(^1, (0, 0)));
        Numbers.Add("layers.theory.K0_01", theory.K0At(^1, (0, 1)));
        var series = new List<ChartSeries> { new("exact leading order", SeriesKind.Line, Styles.Exact, [new(0, 0), new(block.Depth, 0)]) };
        for (int at = 0; at < BlockWidths.Length; at++)
        {
            int width = BlockWidths[at];
            EnsembleStatistics simulation = Simulate(block, width);
            string name = $"layers.{width}";
            Numbers.Add($"layers.width{width}", width);
            AddLast(name, simulation);
            foreach (string component in Variances.Select(each => each.Name).Concat(Means.Select(each => each.Name)))
                Numbers.Add($"{name}.z.{component}", -Numbers[$"{name}.{component}"].ZScore(Numbers[$"layers.theory.{component}"].Value));
            series.Add(new(string.Create(CultureInfo.InvariantCulture, $"simulation, *n* = {width}"), SeriesKind.Points, Styles.Family[at] with { Dash = "" }, [.. block.RecordedLayers.Select((layer, record) => Off(layer, theory.V4At(record, (0, 0), (0, 0)), simulation.V4At(record, (0, 0), (0, 0))))]));
        }

        Figures.Add(new Chart
        {
            Id = "layers",
            Heading = "*V*^{(4)}_{00,00} of a transformer's perceptron blocks",
            Description = "V4_00,00 of simulations of pre-norm perceptron blocks at two widths against the block, per cent off the leading order.",
            X = new ChartAxis("block *l*"),
            Y = new ChartAxis("per cent off", IncludeZero: true),
            Series = series,
        });
    }

    // In per cent of what it is compared with.
    private static ChartPoint Off(int layer, double exact, Estimate value) => new(layer, 100 * ((value.Value / exact) - 1), 100 * value.StandardError / exact);

    private static Chart Curves(string id, string plain, string symbol, IEnumerable<(string Legend, SeriesStyle Style, Func<int, double> At)> curves, Func<int, Estimate> measured) => new()
    {
        Id = id,
        Heading = symbol,
        Description = $"{plain} against the layer: closures and the simulation.",
        X = new ChartAxis("layer *l*"),
        Y = new ChartAxis(symbol, IncludeZero: true),
        Series =
        [
            .. curves.Select(curve => new ChartSeries(RichText.Literal(curve.Legend), SeriesKind.Line, curve.Style, [.. Setup.RecordedLayers.Select((layer, record) => new ChartPoint(layer, curve.At(record)))])),
            new(string.Create(CultureInfo.InvariantCulture, $"simulation, *n* = {Width}"), SeriesKind.Points, Styles.Simulation, [.. Setup.RecordedLayers.Select((layer, record) => new ChartPoint(layer, measured(record).Value, measured(record).StandardError))]),
        ],
    };

    private void AddLast(string name, TheorySolution theory)
    {
        foreach ((string component, InputPair left, InputPair right) in Variances)
            Numbers.Add($"{name}.{component}", theory.V4At(^1, left, right));
        foreach ((string component, InputPair pair) in Means)
            Numbers.Add($"{name}.{component}", theory.K1At(^1, pair));
    }

    private void AddLast(string name, EnsembleStatistics simulation)
    {
        foreach ((string component, InputPair left, InputPair right) in Variances)
            Numbers.Add($"{name}.{component}", simulation.V4At(^1, left, right));
        foreach ((string component, InputPair pair) in Means)
            Numbers.Add($"{name}.{component}", simulation.K1At(^1, pair));
    }

    private TheorySolution Solve(Network network, string closure, QuadratureChoice? quadrature = null, Stepping stepping = Stepping.Discrete) =>
        Activity($"solving {closure}", () => network.Solve(closure, quadrature, stepping, cancellation: context.Cancellation));

    private EnsembleStatistics Simulate(Network network, int width)
    {
        using var progress = new ProgressLine(context.Messages, $"n = {width}");
        EnsembleStatistics simulation = network.Simulate(width, samples, seed, progress: progress.Report, cancellation: context.Cancellation);
        context.Cancellation.ThrowIfCancellationRequested();
        return simulation;
    }

    private T Activity<T>(string what, Func<T> work) => LongWork.Run(context, () => what, work);
}
