using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Tests.Reporting;

/// <summary>Made-up data with the look of the real thing: smooth curves through plausible values and a fixed pattern of "noise".
/// Nothing here is a result.</summary>
internal static class SampleReport
{
    private const double Width = 64;

    public static ReportData Paper(int inputs = 4, bool simulated = true, double skip = 1)
    {
        var main = Theory("g-only, proved", SeriesRole.Main, inputs, 800, .05, "certified", "discrete", (1, -.2567, 1));
        var published = Theory("published scheme", SeriesRole.Published, inputs, 800, .05, "gauss-hermite(32)", "euler", (.897, -.2253, .9));
        var data = new ReportData
        {
            SetUp = new Specification
            {
                Name = "paper",
                Network = new Specification().Network with { Skip = skip, Kernel = Kernel(inputs) },
                Samples = simulated ? 200_000 : 0,
            },
            ProgramVersion = "0.1.0",
            Theory =
            [
                main,
                published,
                Theory("source only", SeriesRole.SourceOnly, inputs, 800, .05, "certified", "discrete", (.798, 0, 0)) with { K0 = null, K1 = null, U1 = null },
                ExactSource(inputs),
            ],
            Ensemble = simulated ? Ensemble(inputs, 800, .05, 200_000) : null,
            StepSizes = [.. new[] { (.1, 200), (.07, 408), (.05, 800) }.Select(run => new StepSizeRun(run.Item1,
                Theory("theory", SeriesRole.Main, 1, run.Item2, run.Item1, "certified", "discrete", (1 - (.4 * run.Item1 * run.Item1), -.2567, 1)),
                simulated ? Ensemble(1, run.Item2, run.Item1, 50_000) : null))],
            Residuals = simulated ? [Residual(new(0, 0), new(0, 0), .6), .. inputs > 1 ? [Residual(new(0, 1), new(0, 1), 1.1)] : Array.Empty<ResidualSeries>()] : [],
            Derivation = Derivation(),
            Notes = simulated ? [new(true, "K1 is smaller than 20 of its standard errors at layers 100 and 200; run more samples to resolve it."), new(false, "The quadrature's largest error bound was 3e-13.")] : [],
            Methods = ["Each layer was drawn from its exact conditional law given the kernel."],
        };
        return data with { Headline = Headline(data, main, inputs) };
    }

    /// <summary>Adds closures: one exact, one 3 % off at the end, one that was not solved, one for input 0 alone whose K1 nothing feeds.</summary>
    public static ReportData WithClosures(ReportData data)
    {
        var main = data.Theory[0];
        var pairs = PairIndexing.All(Math.Min(2, data.SetUp.Inputs));
        int At(InputPair pair) => main.Pairs.ToList().IndexOf(pair);
        int last = main.Layers[^1];
        var components = new List<ExactComponent>();
        for (int p = 0; p < pairs.Count; p++)
        {
            for (int q = p; q < pairs.Count; q++)
            {
                int left = At(pairs[p]), right = At(pairs[q]);
                components.Add(new(Quantity.V4, pairs[p], pairs[q], [.. main.V4!.Select(record => record[left][right])], 1e-4, data.Ensemble?.V4![^1][left][right], data.Ensemble?.V4StandardErrors![^1][left][right]));
            }
        }

        foreach (var pair in pairs)
            components.Add(new(Quantity.K1, pair, null, [.. main.K1!.Select(record => record[At(pair)])], .01, data.Ensemble?.K1![^1][At(pair)], data.Ensemble?.K1StandardErrors![^1][At(pair)]));
        ClosureNumbers Numbers(ExactComponent component, double off) => new(
            [.. component.Values.Select((value, at) => value * (1 + (off * main.Layers[at] / last)))],
            [.. ClosureReport.Shares.Select(share => off <= share ? new DepthWindow(share, last, 2, false) : new DepthWindow(share, last * share / off, 2 * share / off, true))]);
        return data with
        {
            Closures = new()
            {
                ExactName = "hermite(40)",
                Layers = main.Layers,
                Times = main.Times,
                Components = components,
                Closures =
                [
                    new("g-only", null, false, [.. components.Select(component => Numbers(component, .03))]),
                    new("[x*y, x]", null, false, [.. components.Select(component => Numbers(component, 0))]),
                    new("sigma-kernel(3)", "The observables <vary> too fast.", false, [.. components.Select(_ => (ClosureNumbers?)null)]),
                    new("hermite(1)", null, true, [.. components.Select((component, at) => at == 0 ? Numbers(component, .2) : null)]),
                ],
                Budget = new([.. pairs.Take(2)], [.. pairs.Take(2).Select(_ => 20.0)],
                    [new(1, [.. pairs.Take(2).Select(_ => 10.0)], [.. pairs.Take(2).Select(_ => 4.0)]), new(2, [.. pairs.Take(2).Select(_ => 9.0)], [.. pairs.Take(2).Select(_ => 6.0)]), new(3, [.. pairs.Take(2).Select(_ => 1e-5)], [.. pairs.Take(2).Select(_ => 1e-6)])],
                    [.. pairs.Take(2).Select(_ => 1.0)], [.. pairs.Take(2).Select(_ => 40.00001)]),
            },
        };
    }

    private static double[,] Kernel(int inputs)
    {
        var kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
            for (int b = 0; b < inputs; b++)
                kernel[a, b] = a == b ? 2 : .6;
        return kernel;
    }

    private static (List<int> Layers, List<double> Times) Records(int depth, double step, int count) =>
        ([.. Enumerable.Range(0, count).Select(i => i * depth / (count - 1))], [.. Enumerable.Range(0, count).Select(i => step * step * (i * depth / (count - 1)))]);

    private static double K0(InputPair pair, double t) => pair.IsDiagonal ? 2 + (1.06 * t) + (.062 * t * t) : .6 + (.33 * t) + (.1 * t * t);

    private static double V4(InputPair p, InputPair q, double t)
    {
        double K(int a, int b, double s) => K0(new InputPair(Math.Min(a, b), Math.Max(a, b)), s);
        double free = (K(p.First, q.First, t) * K(p.Second, q.Second, t)) + (K(p.First, q.Second, t) * K(p.Second, q.First, t));
        return free * (1 + (.126 * t));
    }

    private static TheorySeries Theory(
        string label, SeriesRole role, int inputs, int depth, double step, string quadrature, string stepping, (double V4, double K1, double U1) size)
    {
        var (layers, times) = Records(depth, step, 41);
        var pairs = PairIndexing.All(inputs);
        return new TheorySeries
        {
            Label = label,
            Role = role,
            Quadrature = quadrature,
            Stepping = stepping,
            Pairs = pairs,
            Layers = layers,
            Times = times,
            K0 = [.. times.Select(t => pairs.Select(p => K0(p, t)).ToArray())],
            V4 = [.. times.Select(t => pairs.Select(p => pairs.Select(q => V4(p, q, t) * (1 - ((1 - size.V4) * t / 2))).ToArray()).ToArray())],
            K1 = [.. times.Select(t => pairs.Select(p => (p.IsDiagonal ? 2 : 1.6) * size.K1 * t).ToArray())],
            U1 = [.. times.Select(t => pairs.Select(p => size.U1 * (p.IsDiagonal ? -.22 : -.17) * (1 + (.3 * t))).ToArray())],
        };
    }

    private static TheorySeries ExactSource(int inputs)
    {
        var (layers, times) = Records(800, .05, 9);
        var pairs = PairIndexing.All(inputs);
        return new TheorySeries
        {
            Label = "exact source",
            Role = SeriesRole.ExactSource,
            Pairs = pairs,
            Layers = layers,
            Times = times,
            Description = "the source is interpolated between recorded layers.",
            K1 = [.. times.Select(t => pairs.Select(p => TrueK1(p, t)).ToArray())],
            K1StandardErrors = [.. times.Select(t => pairs.Select(_ => .03 * t).ToArray())],
        };
    }

    private static double TrueK1(InputPair pair, double t) => (pair.IsDiagonal ? -.11 : -.09) * t * t;

    private static EnsembleSeries Ensemble(int inputs, int depth, double step, long samples)
    {
        var (layers, times) = Records(depth, step, 9);
        var pairs = PairIndexing.All(inputs);
        int serial = 0;
        double Noise() => Math.Sin(12.9898 * ++serial) * 1.3;
        double scale = 1 / Math.Sqrt(samples);
        var v4Errors = times.Select(t => pairs.Select(p => pairs.Select(q => 1.45 * scale * V4(p, p, t)).ToArray()).ToArray()).ToArray();
        var gErrors = times.Select(t => pairs.Select(p => scale * Math.Sqrt(V4(p, p, t) / Width)).ToArray()).ToArray();
        return new EnsembleSeries
        {
            Label = "simulation, n = 64",
            Width = 64,
            Samples = samples,
            Pairs = pairs,
            Layers = layers,
            Times = times,
            G = [.. times.Select((t, i) => pairs.Select((p, j) => K0(p, t) + (TrueK1(p, t) / Width) + (Noise() * gErrors[i][j])).ToArray())],
            GStandardErrors = gErrors,
            V4 = [.. times.Select((t, i) => pairs.Select((p, j) => pairs.Select((q, k) => (V4(p, q, t) * (1 + (.01 * t))) + (Noise() * v4Errors[i][j][k])).ToArray()).ToArray())],
            V4StandardErrors = v4Errors,
            K1 = [.. times.Select((t, i) => pairs.Select((p, j) => TrueK1(p, t) + (Noise() * Width * gErrors[i][j])).ToArray())],
            K1StandardErrors = [.. times.Select((_, i) => pairs.Select((_, j) => Width * gErrors[i][j]).ToArray())],
            U1 = [.. times.Select(t => pairs.Select(p => ((p.IsDiagonal ? -.11 : -.1) * t) + (Noise() * .012)).ToArray())],
            U1StandardErrors = [.. times.Select(_ => pairs.Select(_ => .012).ToArray())],
        };
    }

    private static ResidualSeries Residual(InputPair first, InputPair second, double size)
    {
        var (layers, times) = Records(800, .05, 9);
        return new ResidualSeries
        {
            First = first,
            Second = second,
            Layers = layers,
            Times = times,
            Transport = [.. times.Select((t, i) => (size * t) + (.1 * Math.Sin(7.0 * i)))],
            Source = [.. times.Select((t, i) => .04 * Math.Cos(5.0 * i))],
            Total = [.. times.Select((t, i) => (size * t) + (.1 * Math.Sin(7.0 * i)) + (.04 * Math.Cos(5.0 * i)))],
            TransportStandardErrors = [.. times.Select(_ => .09)],
            SourceStandardErrors = [.. times.Select(_ => .035)],
            TotalStandardErrors = [.. times.Select(_ => .1)],
        };
    }

    private static List<HeadlineRow> Headline(ReportData data, TheorySeries main, int inputs)
    {
        var rows = new List<HeadlineRow>();
        foreach (var pair in inputs > 1 ? new InputPair[] { new(0, 0), new(0, 1) } : [new(0, 0)])
        {
            foreach (int layer in new[] { 200, 400, 600, 800 })
            {
                int record = layer / 20, measured = layer / 100, p = main.Pairs.ToList().IndexOf(pair);
                rows.Add(new HeadlineRow
                {
                    Quantity = Quantity.V4,
                    Pair = pair,
                    SecondPair = pair,
                    Layer = layer,
                    Time = layer * .0025,
                    Theory = main.V4![record][p][p],
                    Simulation = data.Ensemble?.V4![measured][p][p],
                    StandardError = data.Ensemble?.V4StandardErrors![measured][p][p],
                    PublishedTheory = pair.IsDiagonal ? new[] { 14.447, 22.663, 32.313, 42.878 }[(layer / 200) - 1] : null,
                    PublishedSimulation = pair.IsDiagonal ? new[] { 14.719, 23.687, 35.010, 48.735 }[(layer / 200) - 1] : null,
                });
            }
        }

        rows.Add(new HeadlineRow
        {
            Quantity = Quantity.G,
            Pair = new(0, 0),
            Layer = 800,
            Time = 2,
            Theory = main.K0![40][0] + (main.K1![40][0] / Width),
            Simulation = data.Ensemble?.G[8][0],
            StandardError = data.Ensemble?.GStandardErrors[8][0],
            PublishedSimulation = 4.3609,
        });
        rows.Add(new HeadlineRow
        {
            Quantity = Quantity.K1,
            Pair = new(0, 0),
            Layer = 800,
            Time = 2,
            Theory = main.K1[40][0],
            Simulation = data.Ensemble?.K1![8][0],
            StandardError = data.Ensemble?.K1StandardErrors![8][0],
            PublishedTheory = -.9011,
            PublishedSimulation = -.7742,
            PublishedSimulationStandardError = .0250,
        });
        return rows;
    }

    private static DerivationStep[] Derivation() =>
    [
        new(1, "The process", "The rows of U = W sigma + b are independent Gaussians once the layer below is given, with covariance Qhat = C_b + C_W S.",
            "<math><mrow><msub><mi>φ</mi><mrow><mi>l</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><mi>α</mi><msub><mi>φ</mi><mi>l</mi></msub><mo>+</mo><mi>ε</mi><mi>U</mi></mrow></math>",
            @"\phi_{l+1} = \alpha \phi_l + \varepsilon U"),
        new(2, "The variance", "Wick's theorem for the rows of U gives the covariance of the next kernel; two displayed lines, the second one long.",
            "<math><mrow><mi>E</mi><mo>[</mo><msub><mi>G</mi><mi>ab</mi></msub><mo>]</mo><mo>=</mo><msup><mi>α</mi><mn>2</mn></msup><msub><mi>G</mi><mi>ab</mi></msub><mo>+</mo><msup><mi>ε</mi><mn>2</mn></msup><msub><mi>Q</mi><mi>ab</mi></msub></mrow></math>"
            + "<math><mrow><mi>n</mi><mi>Cov</mi><mo>=</mo><msup><mi>α</mi><mn>2</mn></msup><msup><mi>ε</mi><mn>2</mn></msup><mo>(</mo><msub><mi>G</mi><mi>ac</mi></msub><msub><mi>Q</mi><mi>bd</mi></msub><mo>+</mo><msub><mi>G</mi><mi>ad</mi></msub><msub><mi>Q</mi><mi>bc</mi></msub><mo>+</mo><msub><mi>G</mi><mi>bc</mi></msub><msub><mi>Q</mi><mi>ad</mi></msub><mo>+</mo><msub><mi>G</mi><mi>bd</mi></msub><msub><mi>Q</mi><mi>ac</mi></msub><mo>)</mo><mo>+</mo><msup><mi>ε</mi><mn>4</mn></msup><mo>(</mo><msub><mi>Q</mi><mi>ac</mi></msub><msub><mi>Q</mi><mi>bd</mi></msub><mo>+</mo><msub><mi>Q</mi><mi>ad</mi></msub><msub><mi>Q</mi><mi>bc</mi></msub><mo>)</mo></mrow></math>",
            @"n \mathrm{Cov}(G'_{ab}, G'_{cd}) = \dots"),
    ];
}
