// A grid of specifications, at each of which the kernel's fixed point is found, and how deep the width carries from there. Where chi - 1 changes its sign between two
// neighbours along the first axis, the critical value is between them, and is closed in on.

using System.Globalization;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Phases;

/// <summary>A point of the diagram.</summary>
/// <param name="Places">The places on the axes.</param>
/// <param name="Found">The fixed point; null where there is none.</param>
/// <param name="TrustedTo">The last layer up to which the width keeps fluctuations within the fraction, from K* on; null where not even the first is.</param>
/// <param name="Failure">Why something is missing, one sentence.</param>
internal sealed record PhasePoint(IReadOnlyList<int> Places, KernelFixedPoint? Found, int? TrustedTo, string? Failure);

/// <summary>A point of the critical line.</summary>
/// <param name="Value">The value of the first axis.</param>
/// <param name="Row">The place on the second axis; null where there is none.</param>
/// <param name="Found">The fixed point there.</param>
internal sealed record CriticalPoint(double Value, int? Row, KernelFixedPoint Found);

/// <summary>The diagram.</summary>
/// <param name="specification">What is not swept.</param>
/// <param name="axes">The axes, none, one or two; the first runs fastest.</param>
/// <param name="table">For a flat network, where fixed points are read from. Null to find each by itself.</param>
/// <param name="asksTrust">Whether it is asked as well how deep the width carries.</param>
internal sealed class PhaseDiagram(Specification specification, IReadOnlyList<SweepAxis> axes, KernelTable? table = null, bool asksTrust = true)
{
    private const double CriticalAccuracy = 1e-10;
    private const int MostSteps = 60;

    /// <summary>What is not swept.</summary>
    public Specification Specification { get; } = specification;

    /// <summary>The axes, none, one or two; the first runs fastest.</summary>
    public IReadOnlyList<SweepAxis> Axes { get; } = axes;

    /// <summary>The points.</summary>
    public IReadOnlyList<PhasePoint> Points { get; private set; } = [];

    /// <summary>The critical line, chi = 1.</summary>
    public IReadOnlyList<CriticalPoint> Line { get; private set; } = [];

    private int Across => Axes.Count > 0 ? Axes[0].Texts.Count : 1;

    private int Up => Axes.Count > 1 ? Axes[1].Texts.Count : 1;

    /// <summary>Finds all points, on all cores.</summary>
    /// <param name="report">Told of finished points.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Compute(Action<EnsembleProgress> report, CancellationToken cancellation)
    {
        var points = new PhasePoint[Across * Up];
        int done = 0;
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Run(points.Length, at =>
        {
            points[at] = Point(At(at % Across, at / Across), [.. Places(at)], cancellation);
            report(new(Interlocked.Increment(ref done), points.Length));
        });
        Points = points;
        if (Axes.Count == 0 || Axes[0].Numbers is not { } values)
            return;
        (int, int)[] crossings = [.. from row in Enumerable.Range(0, Up)
                                     from column in Enumerable.Range(0, Across - 1)
                                     where Side(points[(row * Across) + column]) * Side(points[(row * Across) + column + 1]) < 0
                                     select (row, column)];
        var line = new CriticalPoint[crossings.Length];
        Run(crossings.Length, at =>
        {
            (int row, int column) = crossings[at];
            line[at] = Critical(values[column], values[column + 1], Side(points[(row * Across) + column]), row);
        });
        Line = line;

        void Run(int count, Action<int> work)
        {
            try
            {
                Parallel.For(0, count, parallel, work);
            }
            catch (AggregateException several)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
            }
        }
    }

    private static int Side(PhasePoint point) => point.Found is { } found ? Math.Sign(found.Slope - 1) : 0;

    private IEnumerable<int> Places(int at) => Axes.Select((_, axis) => axis == 0 ? at % Across : at / Across);

    private Specification At(int column, int row)
    {
        Specification at = Specification;
        if (Axes.Count > 0)
            at = Axes[0].Apply(at, column);
        return SpecificationReader.Checked(Axes.Count > 1 ? Axes[1].Apply(at, row) : at);
    }

    private PhasePoint Point(Specification at, IReadOnlyList<int> places, CancellationToken cancellation)
    {
        Network network = Theory.Network(at);
        try
        {
            KernelFixedPoint found = Find(at, network);
            if (!asksTrust)
                return new(places, found, null, null);
            bool isSettled = found.Kernel is > 0 and < double.PositiveInfinity;
            try
            {
                Network start = network.OnInputs([0]);
                if (isSettled)
                    start = start with { Kernel = new[,] { { found.Kernel } } };
                start = start with { RecordedLayers = [start.Depth] };
                return new(places, found, WideEnough.Of(start.Solve(at.Closure, at.Quadrature, at.Stepping, cancellation: cancellation), at.Width, at.Fraction).HoldsTo, null);
            }
            catch (Exception reason) when (Failures.IsComputation(reason) || reason is NotSupportedException or UnprovedException)
            {
                return new(places, found, null, reason.Message);
            }
        }
        catch (Exception reason) when (Failures.IsComputation(reason) || reason is UnprovedException)
        {
            return new(places, null, null, reason.Message);
        }
    }

    private KernelFixedPoint Find(Specification at, Network network) => table?.Find(network) ?? Theory.Asked(() => new KernelFlow(network, at.Quadrature).Find());

    /// <summary>The specification at any value of the first axis.</summary>
    public Specification OnLine(double value, int? row)
    {
        Specification at = Axes[0].Field.Set(Specification, SpecificationReader.FlagValue(Axes[0].Field.Flag, value.ToString("R", CultureInfo.InvariantCulture)), new($"--over {Axes[0].Name}", Directory.GetCurrentDirectory()));
        return SpecificationReader.Checked(row is { } place && Axes.Count > 1 ? Axes[1].Apply(at, place) : at);
    }

    private CriticalPoint Critical(double low, double high, int side, int row)
    {
        KernelFixedPoint At(double value)
        {
            Specification at = OnLine(value, row);
            return Find(at, Theory.Network(at));
        }

        // Between the ends by the line through them; the weight of an end that stays is halved, so that neither stays for long.
        KernelFixedPoint middle = At(low);
        double last = double.NaN, value = low, below = middle.Slope - 1, above = At(high).Slope - 1;
        for (int step = 0; step < MostSteps && !(Math.Abs(value - last) <= CriticalAccuracy * Math.Max(Math.Abs(high), 1)); step++)
        {
            (last, value) = (value, Math.Clamp(((low * above) - (high * below)) / (above - below), low, high));
            middle = At(value);
            double here = middle.Slope - 1;
            if (here == 0)
                break;
            if (Math.Sign(here) == side)
                (low, below, above) = (value, here, above / 2);
            else
                (high, above, below) = (value, here, below / 2);
        }

        return new(value, Axes.Count > 1 ? row : null, middle);
    }
}
