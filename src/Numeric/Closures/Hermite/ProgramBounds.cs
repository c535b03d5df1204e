// Bounds on what modes above the highest order k add to V4 and K1 of a program of layers with Gaussian weights. V4: ProgramTail. K1: the means obey the maps of the fluctuations
// (ProgramPath), with remainders of second order for nu,
//   dK1' = |A| dK1 + sum over stages of |d g'/d nu| dU,   A = d g'/d g
//   dU of a stage that reads the stream       E_p |f_>| + nu_p |f_4|, as of the plain network (MeanTail)
//   dU of one that reads Gaussian rows        1/8 sqrt(24) |f_4| |x|^2, x what s of the rows lacks, in standard units: its curvature is all that meets Cov(s, s)
//   of one that reads the stream through an RMS norm       that, and what the norm adds (NormMeans)
//   and of a gate p sigma(q), F = Q E2(Q)     |Q| of that, and sum_r |E2'_pr| (what Cov(s_p, s_r) lacks)
// Masks of dropout weigh all of it with E[mu mu], at most 1/keep. Fields that updates inside a branch make have modes that are functions of the stream's, and norms of the stream itself, of rows, layerNorm, and taps
// behind which a pair has modes of others: means of those meet covariances of modes above k of two fields, or of pairs that share no frame, of which no bound is known but where
// nothing at all is left out: at most two inputs, and no function of a field that is kept in modes.

using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Hermite;

/// <summary>Bounds on what modes above the highest order add to V4 of a program of layers with Gaussian weights, and to K1 where no update stands inside a branch, and what is normed is the stream that a dense layer reads, or nothing is left out.</summary>
internal sealed class ProgramBounds : ILeadingOrderBounds
{
    private readonly IReadOnlyList<StreamStep> _steps;
    private readonly ProgramEquations _solved;
    private readonly int _pairs;
    private readonly ProgramPath _path;
    private readonly ProgramTail _tail;
    private readonly MeanTail? _means;
    private readonly NormMeans? _norms;
    private readonly NumberErrors? _numbers;
    private readonly PairUnits _units;
    private readonly bool _isKnown;
    private double[] _mean, _seen;
    private int _layer;
    private double _width = 1;

    /// <summary>Begins at layer 0, where nothing is left out.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="solved">Its equations, as they run.</param>
    /// <param name="kernel">K0 of layer 0.</param>
    public ProgramBounds(IReadOnlyList<StreamStep> steps, ProgramEquations solved, ReadOnlySpan<double> kernel)
    {
        (_steps, _solved, _pairs) = (steps, solved, PairIndexing.Count(solved.Equations.Inputs));
        _path = new(solved.Program, solved.Equations, solved.Numbers, _pairs);
        _tail = new(solved.Functions, solved.Equations.Inputs, tangents: null);
        _units = new(solved.Equations.Inputs);
        (_mean, _seen) = (new double[_pairs], new double[_pairs]);
        bool isNormed = steps.Stages().Any(stage => stage.Norm is not null), isRead = steps.OfType<StreamUpdate>().All(step => step.Branches.All(branch => branch.Stages.Skip(1).All(stage => stage.Norm is null)));
        if (steps.All(step => step is StreamUpdate) && steps.Stages().All(stage => stage.Before.Count == 0 && !(stage.Norm is not null && stage.IsCentred) && !(isNormed && stage.Taps.Count > 0)) && isRead)
            _means = new(_units, solved.Functions.HighestOrder, solved.Functions.HaveOnlyEvenOrders);
        if (_means is not null && isNormed)
            _norms = new(_units, _means);
        if (solved.Equations.Modes.Length > 0 && steps.All(StreamLayer.Is))
            _numbers = new(solved.Equations, _units, kernel, steps.OfType<StreamUpdate>().Max(step => step.Branches.Count));
        _isKnown = _means is not null || (solved.Equations.Inputs <= 2 && !steps.OfType<StreamUpdate>().Any(HasFunctionsOfModes));
    }

    /// <summary>Whether the fluctuations of a program are followed, path by path.</summary>
    public static bool Know(IReadOnlyList<StreamStep> steps) => steps.Stages().All(stage => stage.Weights == WeightKind.Gaussian);

    /// <inheritdoc/>
    public double V4(int left, int right) => _tail.Bound(left, right);

    /// <inheritdoc/>
    public IReadOnlyList<double>? K1 => _isKnown ? _mean : null;

    /// <inheritdoc/>
    public NumberErrors? Numbers => _numbers;

    /// <inheritdoc/>
    public void Advance(double[] state, double[] next)
    {
        LayerMaps maps = _path.At(_layer, state);
        if (_steps[_layer++] is not StreamUpdate update)
        {
            _tail.Advance(maps.NormOfStream!);
            return;
        }

        double[] kernel = state[.._pairs], nextKernel = next[.._pairs];
        IReadOnlyList<StageReads> reads = StageReads.Of(update, maps, kernel, _width);
        UpdateTail seen = _tail.See(update, maps, ofTangents: null, reads, _solved.NoisesAt(_layer - 1), kernel, _solved.Book.Beyond.Share);
        _numbers?.Advance(state, nextKernel, Plain(seen, maps, reads, kernel));
        if (_means is not null)
            AdvanceMeans(_means, seen, maps, reads, kernel, nextKernel);
        else if (seen.Squares.Any(value => value != 0))
            Array.Fill(_mean, double.PositiveInfinity);
        _tail.Advance(seen, kernel, nextKernel);
        _width = update.Width;
    }

    private void AdvanceMeans(MeanTail means, UpdateTail update, LayerMaps maps, IReadOnlyList<StageReads> reads, double[] kernel, double[] nextKernel)
    {
        PairMap carried = update.Response.Carried, response = carried.Plus(PairMap.Unit(_pairs), -maps.Updates[0].Keep);
        double[] mean = carried.OfAbsolutes(_mean), seen = carried.OfAbsolutes(_seen), met = response.OfAbsolutes(_seen), lacking = response.OfAbsolutes(_tail.Kernel), noise = response.OfAbsolutes(_tail.Noise);
        int place = 0;
        foreach (Branch branch in update.Update.Branches)
        {
            // What the rows lack that a stage reads.
            (double[] ofModes, double[] ofNoise) = (_tail.Kernel, _tail.Noise);
            for (int at = 0; at < branch.Stages.Count; at++, place++)
            {
                (BranchStage stage, StageReads read, double[] lacks) = (branch.Stages[at], reads[place], update.OfModes[place]);
                (PairMap toNext, PairMap own, PairMap inKernel) = (update.Response.OfStages[place], maps.Stages[place].Own, maps.Stages[place].InKernel);
                double[] near = new double[_pairs];
                Add(mean, toNext.OfAbsolutes(at == 0 ? OfStream(means, stage, maps.Stages[place].NormedKernel, read, lacks, near) : OfRows(stage, read.Kernel, ofModes, ofNoise)));
                double[] added = toNext.OfAbsolutes(near);
                Add(seen, added);
                Add(met, added);
                Add(lacking, toNext.OfAbsolutes(lacks));
                (double[] modesOfRows, double[] noiseOfRows) = (inKernel.OfAbsolutes(ofModes), own.OfAbsolutes(update.OfNoise[place]));
                Add(modesOfRows, own.OfAbsolutes(lacks));
                (ofModes, ofNoise) = (modesOfRows, Root(inKernel.OfAbsolutes(ofNoise), noiseOfRows));
            }
        }

        noise = Root(noise, [.. update.Squares.Select(Math.Sqrt)]);
        int inputs = _solved.Equations.Inputs;
        for (int p = 0; p < _pairs; p++)
        {
            double rho = _tail.Correlation(update.Update.Skip, kernel, nextKernel, p);
            (int a, int b) = _units.Pairs[p];
            means.Advance(p, rho, ModeNumbers.Frame(kernel, a, b, inputs), ModeNumbers.Frame(nextKernel, a, b, inputs), met, (lacking, _tail.Kernel), (noise, _tail.Noise));
            if (_norms is not null)
            {
                (int first, int second) = (_units.First(p), _units.Second(p));
                double root = Math.Sqrt(_width);
                double Carried(int of) => carried.Row(of).Sum(entry => Math.Abs(entry.Value));
                means.AdvanceWith(p, rho, (Carried(first), Carried(second)), (update.Drive[first] / root, update.Drive[second] / root));
            }

            seen[p] *= update.MixesPairs ? 1 : Math.Pow(rho, _solved.Functions.HighestOrder - 1);
        }

        (_mean, _seen) = (mean, seen);
    }

    // The step as a layer of the plain network.
    private StreamLayer Plain(UpdateTail seen, LayerMaps maps, IReadOnlyList<StageReads> reads, double[] kernel) => StreamLayer.Of(
        seen.Update.Skip,
        [.. seen.Stages.Select((stage, place) =>
        {
            FluctuationCoefficients sigma = stage.Activation is { } activation ? _solved.Functions.OfStream(activation).At(kernel) : StreamLayer.OfStream(kernel, _solved.Equations.Inputs, _solved.Functions.HighestOrder);
            double weight = seen.Response.OfStages[place].Values.FirstOrDefault();
            double[] above = stage.Activation is null ? new double[_pairs] : [.. seen.OfModes[place].Select(each => each * Math.Sqrt(reads[place].Width))];
            return (weight, sigma, above, Math.Max(0, (maps.Updates[0].Drive[place] * maps.Stages[place].RowCovariance[0]) - (weight * sigma.Pairs[0].Mean)));
        })],
        _width,
        seen.Update.Width);

    // The first stage of a branch reads a field, and so do those behind an update or through a norm.
    private static bool HasFunctionsOfModes(StreamUpdate update) => update.Branches.Any(branch => branch.Stages.Select((stage, at) =>
        (stage.Activation is not null && (at == 0 || stage.Norm is not null || stage.Before.Count > 0)) || stage.Before.Any(HasFunctionsOfModes)).Any(has => has));

    // Of a stage that reads the stream: dU, and |f| in modes above order k - 2.
    private double[] OfStream(MeanTail means, BranchStage stage, double[]? normed, StageReads read, double[] lacks, double[] near)
    {
        var result = new double[_pairs];
        int highest = _solved.Functions.HighestOrder;
        double[] ofKernel = new double[_pairs];
        if (stage.Norm is { } norm)
        {
            _norms!.Use(norm, read.Kernel);
            for (int p = 0; p < _pairs; p++) ofKernel[p] = _norms.OfKernel(p, read.Kernel, _tail.Kernel, _tail.Noise);
        }

        if (stage.Activation is null)
            return ofKernel;
        FluctuationCoefficients here = _solved.Functions.OfStream(stage.Activation).At(normed ?? read.Kernel);
        for (int p = 0; p < _pairs; p++)
        {
            PairFluctuation each = here.Pairs[p];
            (int a, int b) = _units.Pairs[p];
            double above = lacks[p] * Math.Sqrt(read.Width) * stage.Keep;
            result[p] = means.OfMean(p, above, each.Order(4));
            if (stage.Norm is not null)
            {
                result[p] += _norms!.OfModes(p, ModeNumbers.Frame(read.Kernel, a, b, here.Inputs), highest, above, each.Order(4), _tail.Kernel, _tail.Noise)
                    + (a == b ? Math.Abs(each.ResponseFirst) * ofKernel[p] : (Math.Abs(each.ResponseFirst) * ofKernel[_units.First(p)]) + (Math.Abs(each.ResponseCross) * ofKernel[p]) + (Math.Abs(each.ResponseSecond) * ofKernel[_units.Second(p)]));
            }

            result[p] /= stage.Keep;
            near[p] = MeanTail.Near(each, highest, above) / (read.Width * stage.Keep);
        }

        return result;
    }

    // dU of a stage that reads Gaussian rows, of whose s modes and noise are lacking.
    private double[] OfRows(BranchStage stage, double[] kernel, double[] ofModes, double[] ofNoise)
    {
        var result = new double[_pairs];
        if (stage.Activation is null)
            return result;
        FluctuationCoefficients here = _solved.Functions.OfRows(stage.Activation).At(kernel);
        for (int p = 0; p < _pairs; p++)
        {
            PairFluctuation each = here.Pairs[p];
            (double modes, double noise) = (_units.Norm(each.Frame, p, ofModes), _units.Norm(each.Frame, p, ofNoise));
            result[p] = Math.Sqrt(24) / 8 * MeanTail.Norm(each.Order(4)) * ((modes * modes) + (noise * noise));
            if (stage.IsGate)
            {
                double Of(double response, int r) => Math.Abs(response) * ((ofModes[p] * ofModes[r]) + (ofNoise[p] * ofNoise[r]));
                result[p] = (Math.Abs(kernel[p]) * result[p]) + Of(each.ResponseFirst, _units.First(p)) + Of(each.ResponseCross, p) + Of(each.ResponseSecond, _units.Second(p));
            }

            result[p] /= stage.Keep;
        }

        return result;
    }

    private static void Add(double[] sum, double[] values)
    {
        for (int p = 0; p < sum.Length; p++) sum[p] += values[p];
    }

    // Of what is independent.
    private static double[] Root(double[] first, double[] second) => [.. first.Zip(second, (x, y) => Math.Sqrt((x * x) + (y * y)))];
}
