using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting;

/// <summary>Everything a report shows, as plain numbers and sentences. The derivation, the solver and the sampler fill it; the
/// page, the JSON and the CSV are views of it. A part that does not exist is null or empty, and its section is left out.</summary>
public sealed record ReportData
{
    /// <summary>The network, the inputs and the choices of the run.</summary>
    public required Specification SetUp { get; init; }

    /// <summary>The version of the program, or null.</summary>
    public string? ProgramVersion { get; init; } = typeof(ReportData).Assembly.GetName().Version?.ToString(3);

    /// <summary>Theory curves. At most one has the role <see cref="SeriesRole.Main"/>; it is the one the headline is about.</summary>
    public IReadOnlyList<TheorySeries> Theory { get; init; } = [];

    /// <summary>The finite-width simulation, or null where none was run.</summary>
    public EnsembleSeries? Ensemble { get; init; }

    /// <summary>All closures beside the exact leading order, or null.</summary>
    public ClosureReport? Closures { get; init; }

    /// <summary>The same network at several step sizes eps, compared at equal depth time t = eps^2 l.</summary>
    public IReadOnlyList<StepSizeRun> StepSizes { get; init; } = [];

    /// <summary>One-step residuals of the closure's V4 equation, one entry for each component shown.</summary>
    public IReadOnlyList<ResidualSeries> Residuals { get; init; } = [];

    /// <summary>Rows of the headline table.</summary>
    public IReadOnlyList<HeadlineRow> Headline { get; init; } = [];

    /// <summary>Comparisons of the simulation with values that owe nothing to a closure.</summary>
    public IReadOnlyList<SamplerCheck> SamplerChecks { get; init; } = [];

    /// <summary>The derivation, in order.</summary>
    public IReadOnlyList<DerivationStep> Derivation { get; init; } = [];

    /// <summary>The diagrams of the theory with their values, or null where the closure has none.</summary>
    public DiagramGallery? Diagrams { get; init; }

    /// <summary>Diagnostics of the run, as whole sentences.</summary>
    public IReadOnlyList<ReportNote> Notes { get; init; } = [];

    /// <summary>Further sentences for the methods paragraph (the sampler, the quadrature's error bound, ...).</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];
}

/// <summary>What a theory curve is, which decides in which figures and in what style it is drawn.</summary>
public enum SeriesRole
{
    /// <summary>The closure that the specification asks for, as solved.</summary>
    Main,

    /// <summary>V4 without the transport term.</summary>
    SourceOnly,

    /// <summary>K1 from dK1/dt = C_W U1 with U1 measured in the simulation.</summary>
    ExactSource,

    /// <summary>The main closure's equations solved by the published numerical scheme (another quadrature, another stepping).</summary>
    Published,

    /// <summary>Another closure, drawn beside the main one.</summary>
    Alternative,
}

/// <summary>One solution of a theory at the recorded layers. Quantities that it does not have are null.</summary>
public sealed record TheorySeries
{
    /// <summary>The name in legends; short, and unlike any other series'.</summary>
    public required string Label { get; init; }

    /// <summary>What the curve is.</summary>
    public required SeriesRole Role { get; init; }

    /// <summary>A sentence for the captions that says what the curve is, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The quadrature used, or null.</summary>
    public string? Quadrature { get; init; }

    /// <summary>The stepping used, or null.</summary>
    public string? Stepping { get; init; }

    /// <summary>The pairs of inputs, in the order of the columns below.</summary>
    public required IReadOnlyList<InputPair> Pairs { get; init; }

    /// <summary>The recorded layers l, increasing.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>t = eps^2 l at the recorded layers.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>K0[record][pair], or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? K0 { get; init; }

    /// <summary>V4[record][pair][pair], or null.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? V4 { get; init; }

    /// <summary>K1[record][pair], or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? K1 { get; init; }

    /// <summary>The order at which a series of modes was cut, where it was chosen by accuracy, and an estimate of what it leaves out; or null.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>By how much V4[record][pair][pair] and K1[record][pair] can differ from the exact leading order; null where no bound is known.</summary>
    public ErrorBounds? ErrorBounds { get; init; }

    /// <summary>By which share the highest modes change each tensor at the last layer, by its name; empty where nothing was solved with fewer modes as well.</summary>
    public IReadOnlyDictionary<string, double> ModeChanges { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>U1[record][pair], the model of n (E S - E2(K0)), without the factor C_W, or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? U1 { get; init; }

    /// <summary>Standard errors of K1 where it rests on simulated numbers, same shape, or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? K1StandardErrors { get; init; }

    /// <summary>The same at more layers, for a curve through these; null where there are none. It is drawn and not tabulated.</summary>
    public TheorySeries? Curve { get; init; }

    /// <summary>Which width is wide enough, by the numbers of this series; null where that was not asked.</summary>
    public WideEnough? WideEnough { get; init; }

    /// <summary>Why the layers end before the network does, one sentence; null where they do not.</summary>
    public string? Failure { get; init; }

    /// <summary>What is proved of the expectations that the numbers rest on; null where they rest on a simulation.</summary>
    public Proof? Proof { get; init; }

    /// <summary>Cumulants beyond the leading order in 1/n, such as V6, V4_1 and K2; empty where the order is the leading one.</summary>
    public IReadOnlyList<HigherCumulant> HigherCumulants { get; init; } = [];

    /// <summary>The tangent kernel, or null where it was not asked for.</summary>
    public TangentSeries? Tangent { get; init; }

    /// <summary>The powers of 1/n beyond the leading one that it has.</summary>
    public int Order => FiniteWidth.Order(name => HigherCumulants.Any(cumulant => cumulant.Name == name));

    /// <summary>A component of a coefficient of the expansions in 1/n; see <see cref="FiniteWidth"/>.</summary>
    /// <param name="name">K0, K1, K2, ... or V4, V4_1, ...</param>
    /// <param name="record">The record.</param>
    /// <param name="first">The place of a pair.</param>
    /// <param name="second">That of the other pair of a covariance.</param>
    public double Coefficient(string name, int record, int first, int second)
    {
        if (name == FiniteWidth.Mean(0))
            return K0![record][first];
        if (name == FiniteWidth.Mean(1))
            return K1![record][first];
        if (name == FiniteWidth.Covariance(0))
            return V4![record][first][second];
        HigherCumulant cumulant = HigherCumulants.First(each => each.Name == name);
        return cumulant.Components[record][cumulant.Legs == 1 ? first : Multisets.Place([first, second], Pairs.Count)];
    }

    /// <summary>The same with what it says of networks of a width: V4 is n Cov(G, G) and K1 n (E G - K0) there, to an order.</summary>
    /// <param name="order">Powers of 1/n beyond the leading one, at most <see cref="Order"/>.</param>
    /// <param name="width">n.</param>
    public TheorySeries AtWidth(int order, int width)
    {
        int pairs = Pairs.Count;
        return this with
        {
            Curve = Curve?.AtWidth(order, width),
            V4 = V4?.Select((rows, record) => (IReadOnlyList<IReadOnlyList<double>>)[.. Enumerable.Range(0, pairs).Select(first =>
                Enumerable.Range(0, pairs).Select(second => FiniteWidth.CovarianceAt(name => Coefficient(name, record, first, second), order, width)).ToArray())]).ToArray(),
            K1 = K1?.Select((row, record) => (IReadOnlyList<double>)[.. Enumerable.Range(0, pairs).Select(pair => FiniteWidth.ShiftAt(name => Coefficient(name, record, pair, pair), order, width))]).ToArray(),
        };
    }

    /// <summary>The same of some of its pairs.</summary>
    /// <param name="places">Where these stand among the pairs.</param>
    public TheorySeries Only(IReadOnlyList<int> places) => this with
    {
        Pairs = [.. places.Select(place => Pairs[place])],
        K0 = Some.Rows(K0, places),
        V4 = Some.Matrices(V4, places),
        K1 = Some.Rows(K1, places),
        K1StandardErrors = Some.Rows(K1StandardErrors, places),
        ErrorBounds = ErrorBounds?.Only(places),
        U1 = Some.Rows(U1, places),
        Tangent = Tangent?.Only(places),
        HigherCumulants = [.. HigherCumulants.Select(cumulant =>
        {
            int[] components = [.. Multisets.Ascending(places.Count, cumulant.Legs).Select(indices => Multisets.Place(indices.Select(index => places[index]), Pairs.Count))];
            return cumulant with { Components = Some.Rows(cumulant.Components, components)! };
        })],
    };
}

/// <summary>Averages over simulated networks of finite width at the recorded layers. Quantities that were not measured are null.</summary>
public sealed record EnsembleSeries
{
    /// <summary>The name in legends.</summary>
    public required string Label { get; init; }

    /// <summary>n.</summary>
    public required int Width { get; init; }

    /// <summary>The number of simulated networks.</summary>
    public required long Samples { get; init; }

    /// <summary>The pairs of inputs, in the order of the columns below.</summary>
    public required IReadOnlyList<InputPair> Pairs { get; init; }

    /// <summary>The recorded layers l, increasing.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>t = eps^2 l at the recorded layers.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>The infinite-width K0[record][pair] that the ensemble is compared with, or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? K0 { get; init; }

    /// <summary>The mean kernel G[record][pair].</summary>
    public required IReadOnlyList<IReadOnlyList<double>> G { get; init; }

    /// <summary>Standard errors of G, same shape.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> GStandardErrors { get; init; }

    /// <summary>V4[record][pair][pair] = n Cov(G, G), or null.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? V4 { get; init; }

    /// <summary>Standard errors of V4, same shape, or null with it.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? V4StandardErrors { get; init; }

    /// <summary>K1[record][pair] = n (E G - K0), or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? K1 { get; init; }

    /// <summary>Standard errors of K1, same shape, or null with it.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? K1StandardErrors { get; init; }

    /// <summary>U1[record][pair] = n (E S - E2(K0)), without the factor C_W, or null.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? U1 { get; init; }

    /// <summary>Standard errors of U1, same shape, or null with it.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? U1StandardErrors { get; init; }

    /// <summary>The tangent kernel, or null where it was not measured.</summary>
    public EnsembleTangent? Tangent { get; init; }

    /// <summary>What the control variate saved, or null for the plain estimator.</summary>
    public EnsembleGains? Gains { get; init; }

    /// <summary>How far the standard errors can be trusted, or null where that is not known.</summary>
    public EnsembleReliability? Reliability { get; init; }

    /// <summary>What is proved of K0 and E2, from which K1 and U1 are differences; null where that is not known.</summary>
    public Proof? Proof { get; init; }

    /// <summary>What the theory says of this width, order by order; empty where no order beyond the leading one was asked for.</summary>
    public IReadOnlyList<FinitePrediction> Predictions { get; init; } = [];

    /// <summary>
    /// The same without rounding of single precision that is no measurement: after a norm of the stream an input with itself is the same in every network, and
    /// no z-score is to be taken of it. V4 of that size is 0, and a mean as near to K0 is K0. No error bar of V4 is below what single precision does to it.
    /// </summary>
    public EnsembleSeries WithoutRounding()
    {
        const double ofVariance = 1e-10, ofMean = 1e-6, ofRows = 5e-7;
        if (K0 is null || K1 is null || K1StandardErrors is null || V4 is null || V4StandardErrors is null)
            return this;
        bool Fluctuates(int record, int row, int column) => Math.Abs(V4[record][row][column]) + V4StandardErrors[record][row][column] > ofVariance * Math.Abs(K0[record][row] * K0[record][column]);
        bool Moves(int record, int pair) => Fluctuates(record, pair, pair) || Math.Abs(G[record][pair] - K0[record][pair]) > ofMean * Math.Abs(K0[record][pair]);
        IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Variances(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> values) =>
            [.. values.Select((matrix, record) => (IReadOnlyList<IReadOnlyList<double>>)[.. matrix.Select((line, row) => (IReadOnlyList<double>)[.. line.Select((value, column) => Fluctuates(record, row, column) ? value : 0)])])];
        IReadOnlyList<IReadOnlyList<double>> Means(IReadOnlyList<IReadOnlyList<double>> values, Func<int, int, double> still) =>
            [.. values.Select((row, record) => (IReadOnlyList<double>)[.. row.Select((value, pair) => Moves(record, pair) ? value : still(record, pair))])];
        return this with
        {
            G = Means(G, (record, pair) => K0[record][pair]),
            GStandardErrors = Means(GStandardErrors, (_, _) => 0),
            K1 = Means(K1, (_, _) => 0),
            K1StandardErrors = Means(K1StandardErrors, (_, _) => 0),
            V4 = Variances(V4),
            V4StandardErrors = Variances([.. V4StandardErrors.Select((matrix, record) => (IReadOnlyList<IReadOnlyList<double>>)[.. matrix.Select((line, row) =>
                (IReadOnlyList<double>)[.. line.Select((error, column) => Math.Max(error, ofRows * Math.Abs(V4[record][row][column])))])])]),
        };
    }

    /// <summary>The same of some of its pairs.</summary>
    /// <param name="places">Where these stand among the pairs.</param>
    public EnsembleSeries Only(IReadOnlyList<int> places) => this with
    {
        Pairs = [.. places.Select(place => Pairs[place])],
        K0 = Some.Rows(K0, places),
        G = Some.Rows(G, places)!,
        GStandardErrors = Some.Rows(GStandardErrors, places)!,
        V4 = Some.Matrices(V4, places),
        V4StandardErrors = Some.Matrices(V4StandardErrors, places),
        K1 = Some.Rows(K1, places),
        K1StandardErrors = Some.Rows(K1StandardErrors, places),
        U1 = Some.Rows(U1, places),
        U1StandardErrors = Some.Rows(U1StandardErrors, places),
        Tangent = Tangent?.Only(places),
        Gains = Gains is null ? null : new(Some.Rows(Gains.Mean, places)!, Some.Rows(Gains.Source, places), Some.Matrices(Gains.V4, places)!),
        Reliability = Reliability is null ? null : Reliability with { Mean = Some.Rows(Reliability.Mean, places)!, Source = Some.Rows(Reliability.Source, places), V4 = Some.Matrices(Reliability.V4, places)!, V4Truncation = Some.Matrices(Reliability.V4Truncation, places) },
    };
}

/// <summary>What a theory says of networks of a width.</summary>
/// <param name="Order">To which order beyond the leading one.</param>
/// <param name="G">E G, [record][pair].</param>
/// <param name="V4">n Cov(G, G), [record][pair][pair].</param>
public sealed record FinitePrediction(int Order, IReadOnlyList<IReadOnlyList<double>> G, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> V4);

/// <summary>By how much numbers can be off, not random.</summary>
/// <param name="V4">Of V4, [record][pair][pair], because of the modes that the closure leaves out.</param>
/// <param name="K1">Of K1, [record][pair], likewise; null where no bound on it is known.</param>
/// <param name="OfNumbers">The same because of errors of the Gaussian numbers and of rounding, to first order; null where that is not followed.</param>
public sealed record ErrorBounds(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> V4, IReadOnlyList<IReadOnlyList<double>>? K1, ErrorBounds? OfNumbers = null)
{
    /// <summary>All of it together.</summary>
    public ErrorBounds Total => OfNumbers is not { } numbers ? this : new(
        [.. V4.Zip(numbers.V4, (modes, others) => (IReadOnlyList<IReadOnlyList<double>>)Sums(modes, others))],
        K1 is null || numbers.K1 is null ? null : Sums(K1, numbers.K1),
        numbers);

    /// <summary>Of some pairs.</summary>
    internal ErrorBounds Only(IReadOnlyList<int> places) => new(Some.Matrices(V4, places)!, Some.Rows(K1, places), OfNumbers?.Only(places));

    private static List<IReadOnlyList<double>> Sums(IReadOnlyList<IReadOnlyList<double>> left, IReadOnlyList<IReadOnlyList<double>> right) =>
        [.. left.Zip(right, (x, y) => (IReadOnlyList<double>)[.. x.Zip(y, (one, other) => one + other)])];
}

/// <summary>How far standard errors can be trusted.</summary>
/// <param name="Mean">How many networks those of G and K1 rest on, (sum w^2)^2 / sum w^4 of their influences w, [record][pair].</param>
/// <param name="Source">Of U1, [record][pair]; null where it is not measured.</param>
/// <param name="V4">Of V4, [record][pair][pair].</param>
/// <param name="V4Truncation">The most by which V4 can be off beyond its standard error, not random, [record][pair][pair]; null if not at all.</param>
/// <param name="Warnings">Which standard errors are not to be trusted, and why, as whole sentences.</param>
public sealed record EnsembleReliability(
    IReadOnlyList<IReadOnlyList<double>> Mean, IReadOnlyList<IReadOnlyList<double>>? Source, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> V4,
    IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? V4Truncation, IReadOnlyList<string> Warnings);

/// <summary>Some of the columns of a table over pairs.</summary>
internal static class Some
{
    /// <summary>Of rows over pairs.</summary>
    public static IReadOnlyList<IReadOnlyList<double>>? Rows(IReadOnlyList<IReadOnlyList<double>>? rows, IReadOnlyList<int> places) =>
        rows is null ? null : [.. rows.Select(row => (IReadOnlyList<double>)[.. places.Select(place => row[place])])];

    /// <summary>All rows of a matrix.</summary>
    public static double[][] Rows(double[,] matrix) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(row => Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column]).ToArray())];

    /// <summary>Of matrices over pairs.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? Matrices(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? matrices, IReadOnlyList<int> places) =>
        matrices is null ? null : [.. matrices.Select(matrix => (IReadOnlyList<IReadOnlyList<double>>)[.. places.Select(row => (IReadOnlyList<double>)[.. places.Select(column => matrix[row][column])])])];
}

/// <summary>Variance of the plain estimate over that of the estimate given, from the same networks; what is known without error has an infinite gain.</summary>
/// <param name="Mean">Of G and K1, [record][pair].</param>
/// <param name="Source">Of U1, [record][pair]; null without U1.</param>
/// <param name="V4">Of V4, [record][pair][pair].</param>
public sealed record EnsembleGains(
    IReadOnlyList<IReadOnlyList<double>> Mean, IReadOnlyList<IReadOnlyList<double>>? Source, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> V4);

/// <summary>Theory and simulation at one step size.</summary>
/// <param name="Step">eps.</param>
/// <param name="Theory">The theory at this eps, or null.</param>
/// <param name="Ensemble">The simulation at this eps, or null.</param>
public sealed record StepSizeRun(double Step, TheorySeries? Theory, EnsembleSeries? Ensemble);

/// <summary>
/// The one-step residual of the closure's equation for one component of V4, in units of V4 per depth time:
/// (measured V4' - V4) / eps^2 minus the closure's right-hand side at the measured V4. Transport is the part
/// n (Cov(Qhat, G) + transpose) - (chi V4 + V4 chi^T); source is the covariance of the layer's own noise minus Sigma(K0).
/// </summary>
public sealed record ResidualSeries
{
    /// <summary>The first pair of the component.</summary>
    public required InputPair First { get; init; }

    /// <summary>The second pair of the component.</summary>
    public required InputPair Second { get; init; }

    /// <summary>The recorded layers l, increasing.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>t = eps^2 l at the recorded layers.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>The transport part.</summary>
    public required IReadOnlyList<double> Transport { get; init; }

    /// <summary>The source part.</summary>
    public required IReadOnlyList<double> Source { get; init; }

    /// <summary>The whole residual where it was measured by itself, or null (then it is the sum of the parts).</summary>
    public IReadOnlyList<double>? Total { get; init; }

    /// <summary>Standard errors of the transport part, or null.</summary>
    public IReadOnlyList<double>? TransportStandardErrors { get; init; }

    /// <summary>Standard errors of the source part, or null.</summary>
    public IReadOnlyList<double>? SourceStandardErrors { get; init; }

    /// <summary>Standard errors of the whole, or null.</summary>
    public IReadOnlyList<double>? TotalStandardErrors { get; init; }
}

/// <summary>One row of the headline table: a quantity at one depth, by theory and by simulation.</summary>
public sealed record HeadlineRow
{
    /// <summary>The quantity.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>The pair of inputs; the first pair of V4.</summary>
    public required InputPair Pair { get; init; }

    /// <summary>The second pair of V4; null for the others.</summary>
    public InputPair? SecondPair { get; init; }

    /// <summary>l.</summary>
    public required int Layer { get; init; }

    /// <summary>t = eps^2 l.</summary>
    public required double Time { get; init; }

    /// <summary>The main theory's value, or null.</summary>
    public double? Theory { get; init; }

    /// <summary>The simulated value, or null.</summary>
    public double? Simulation { get; init; }

    /// <summary>Its standard error, or null.</summary>
    public double? StandardError { get; init; }

    /// <summary>The value printed in the literature for the theory, or null.</summary>
    public double? PublishedTheory { get; init; }

    /// <summary>The value printed in the literature for the simulation, or null.</summary>
    public double? PublishedSimulation { get; init; }

    /// <summary>Its standard error as printed, or null.</summary>
    public double? PublishedSimulationStandardError { get; init; }

    /// <summary>z = (theory - simulation) / standard error, or null where a part is missing or the standard error is not positive.</summary>
    public double? ZScore =>
        Theory is { } theory && Simulation is { } simulation && StandardError is > 0 and { } error
        && double.IsFinite((theory - simulation) / error)
            ? (theory - simulation) / error
            : null;
}

/// <summary>A simulated number beside one that is known independently; the component is that of the first input.</summary>
/// <param name="Subject">The network, in a few words.</param>
/// <param name="Quantity">The quantity.</param>
/// <param name="Layer">l.</param>
/// <param name="Expected">What is known.</param>
/// <param name="ExpectedStandardError">Its standard error, or null if it has none or none is printed.</param>
/// <param name="Source">Where it is known from: exact, or a publication.</param>
/// <param name="Simulation">The simulated value.</param>
/// <param name="StandardError">Its standard error.</param>
public sealed record SamplerCheck(
    string Subject, Quantity Quantity, int Layer, double Expected, double? ExpectedStandardError, string Source, double Simulation, double StandardError)
{
    /// <summary>z = (simulation - expected) / the standard error of the difference.</summary>
    public double ZScore => (Simulation - Expected) / Math.Sqrt((StandardError * StandardError) + ((ExpectedStandardError ?? 0) * (ExpectedStandardError ?? 0)));
}

/// <summary>A step of the derivation as it is read on the page.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Title">A title of a few words.</param>
/// <param name="Prose">What was done, in one or a few sentences of plain text.</param>
/// <param name="MathMl">One or several MathML elements "math", one for each displayed line; well-formed XML. May be empty.</param>
/// <param name="Latex">The same in LaTeX. May be empty.</param>
public sealed record DerivationStep(int Number, string Title, string Prose, string MathMl, string Latex);

/// <summary>A diagnostic of the run.</summary>
/// <param name="IsWarning">Whether it bears on what the numbers may be trusted for; warnings stand at the top of the page.</param>
/// <param name="Sentence">A whole sentence of plain text.</param>
public sealed record ReportNote(bool IsWarning, string Sentence);
