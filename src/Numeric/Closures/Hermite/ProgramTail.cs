using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Hermite;

// What the covariances of a prediction of all orders lack if those of the stream are computed to order K, as for the plain network (CovarianceTail): F_p is the part of
// f f of a stage that reads the stream in modes above K, sd(F_p) = s_p; w_p = sum_q |d g'_p / d F_q| s_q; A = d g'/d g.
//
//   b_p'^2 = (|A| b)_p^2 + 2 w_p (|A| c)_p + w_p^2,     c_p' = rho^(K+1) ((|A| c)_p + w_p)
//
// rho: the largest canonical correlation of the inputs of p between the two layers; 1 where taps mix pairs, or the stream is normed. What an update inside a branch makes of the stream
// knows the next layer through the stream alone, so its modes above K count as those of the stream. The noise of hidden rows is independent of everything before, so what its modes
// lack (at most a share of E[F_p^2]; where they are read in modes, those above K) adds in squares from layer to layer. Bounds, not estimates.

/// <summary>An update of the stream, and what its stages lack.</summary>
/// <param name="Update">The update.</param>
/// <param name="Stages">Its stages, in the order in which they run.</param>
/// <param name="Response">The response of g' to g and to what each stage shows.</param>
/// <param name="OfModes">The deviation of what each stage shows and is lacking of modes of the field that it reads, over pairs.</param>
/// <param name="OfNoise">The same of the noise of rows and masks.</param>
/// <param name="Drive">What g' lacks of modes of the stream, that are new in this update.</param>
/// <param name="Squares">The variance of what it lacks of everything that is independent of the stream.</param>
internal sealed record UpdateTail(StreamUpdate Update, BranchStage[] Stages, StreamResponse Response, double[][] OfModes, double[][] OfNoise, double[] Drive, double[] Squares)
{
    /// <summary>Whether g' of a pair has something of other inputs.</summary>
    public bool MixesPairs => Stages.Any(stage => stage.Taps.Count > 0);
}

/// <summary>Bounds on the deviations of the part of a prediction that is in modes above an order.</summary>
internal sealed class ProgramTail
{
    private readonly FunctionModes functions;
    private readonly int inputs;
    private readonly IReadOnlyList<InputPair> pairs;
    private readonly TangentExtension? tangents;
    private readonly int count;
    private double[] deviation;
    private double[] seen;
    private double[] noise;

    public ProgramTail(FunctionModes functions, int inputs, TangentExtension? tangents)
    {
        (this.functions, this.inputs, this.tangents, pairs) = (functions, inputs, tangents, PairIndexing.All(inputs));
        count = tangents?.Count ?? pairs.Count;
        (deviation, seen, noise) = (new double[count], new double[count], new double[count]);
    }

    /// <summary>A bound on what the covariance of two pairs lacks.</summary>
    public double Bound(int p, int q) => (deviation[p] * deviation[q]) + (noise[p] * noise[q]);

    /// <summary>A bound on the standard deviations of what G lacks of modes of the stream, over pairs.</summary>
    public double[] Kernel => deviation;

    /// <summary>The same of what it lacks of the noise of rows, which is independent of that.</summary>
    public double[] Noise => noise;

    /// <summary>Looks at an update of the stream.</summary>
    /// <param name="update">The update.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="ofTangents">Those of the tangent kernel; null without tangents.</param>
    /// <param name="reads">What each stage reads.</param>
    /// <param name="noises">The noise of what each stage's fresh rows show, pairs by pairs; null for those that read a field in modes.</param>
    /// <param name="kernel">K0 before it.</param>
    /// <param name="share">The largest share of E[F^2] that the noise of hidden rows lacks.</param>
    public UpdateTail See(StreamUpdate update, LayerMaps maps, TangentMaps? ofTangents, IReadOnlyList<StageReads> reads, double[]?[] noises, double[] kernel, double share)
    {
        StreamResponse response = StreamResponse.Of(update, maps, count);
        BranchStage[] stages = [.. new StreamStep[] { update }.Stages()];
        double[][] ofModes = new double[stages.Length][], ofNoise = new double[stages.Length][];
        double[] drive = new double[count], fresh = new double[count], squares = new double[count];
        for (int place = stages.Length - 1; place >= 0; place--)
        {
            (BranchStage stage, StageMaps each, StageReads read, double[]? noise) = (stages[place], maps.Stages[place], reads[place], noises[place]);
            // With tangents the stream alone is read in modes, and its kernel is wanted without them.
            double[] known = each.NormedKernel ?? (tangents is null ? read.Kernel : kernel);
            double[] Of(bool isSlope) => noise is null ? Above(stage, known, read.Width, isSlope) : [];
            double[] Hidden(bool isSlope) => noise is null ? Masked(stage, known, read.Width, share, isSlope)
                : !isSlope ? Share(noise, tangents is null ? each.Expectation : [.. pairs.Select((_, p) => each.Expectation[tangents.Component(0, p)])], share, read.Width, stage.Keep)
                : ofTangents!.Stages[place].Slope is var (slope, mean) ? Share(slope, mean, share, read.Width, stage.Keep) : [];
            (ofModes[place], ofNoise[place]) = (Extended(Of, ofTangents?.Stages[place]), Extended(Hidden, ofTangents?.Stages[place]));
            (double[] added, double[] independent) = (response.OfStages[place].OfAbsolutes(ofModes[place]), response.OfStages[place].OfAbsolutes(ofNoise[place]));
            for (int p = 0; p < count; p++)
            {
                squares[p] += independent[p] * independent[p];
                if (read.IsOfStream) drive[p] += added[p];
                else fresh[p] += added[p];
            }
        }

        for (int p = 0; p < count; p++) squares[p] += fresh[p] * fresh[p];
        return new(update, stages, response, ofModes, ofNoise, drive, squares);
    }

    /// <summary>Goes on through a norm of the stream.</summary>
    /// <param name="norm">Its map.</param>
    public void Advance(PairMap norm) => (deviation, seen, noise) = (norm.OfAbsolutes(deviation), norm.OfAbsolutes(seen), norm.OfAbsolutes(noise));

    /// <summary>Goes on through an update.</summary>
    /// <param name="update">It, looked at.</param>
    /// <param name="kernel">K0 before it.</param>
    /// <param name="nextKernel">K0 after it.</param>
    public void Advance(UpdateTail update, ReadOnlySpan<double> kernel, ReadOnlySpan<double> nextKernel)
    {
        bool mixes = update.MixesPairs;
        double[] powers = new double[pairs.Count];
        for (int p = 0; p < powers.Length && !mixes; p++) powers[p] = Math.Pow(Correlation(update.Update.Skip, kernel, nextKernel, p), functions.HighestOrder + 1);
        double[] remembered = tangents?.Vector(powers, powers) ?? powers;
        PairMap carried = update.Response.Carried;
        (deviation, noise, double[] b, double[] hidden, double[] c, double[] drive) = (new double[count], new double[count], carried.OfAbsolutes(deviation), carried.OfAbsolutes(noise), carried.OfAbsolutes(seen), update.Drive);
        for (int p = 0; p < count; p++)
        {
            deviation[p] = Math.Sqrt((b[p] * b[p]) + (2 * drive[p] * c[p]) + (drive[p] * drive[p]));
            seen[p] = (c[p] + drive[p]) * (mixes ? 1 : remembered[p]);
            noise[p] = Math.Sqrt((hidden[p] * hidden[p]) + update.Squares[p]);
        }
    }

    /// <summary>The largest canonical correlation of the inputs of a pair between a layer and the next.</summary>
    public double Correlation(double skip, ReadOnlySpan<double> kernel, ReadOnlySpan<double> nextKernel, int pair)
    {
        (int a, int b) = pairs[pair];
        return Math.Min(1, ModeNumbers.Frame(kernel, a, b, inputs).ToNext(ModeNumbers.Frame(nextKernel, a, b, inputs)).Scale(skip).Norm);
    }

    private double[] Above(BranchStage stage, double[] read, double width, bool isSlope = false)
    {
        if (stage.Activation is null)
            return [];
        FluctuationEquation function = Function(stage, isSlope);
        // A mask takes E[mu mu] of it, at most 1/keep.
        return [.. pairs.Select((_, p) => Math.Sqrt((function.SquareBeyond(read, p) + Unkept(function, read, p)) / width) / stage.Keep)];
    }

    // What the noise of masks lacks: a share of E[F^2], weighed with E[mu mu mu mu], at most 1/keep^3.
    private double[] Masked(BranchStage stage, double[] read, double width, double share, bool isSlope = false)
    {
        if (stage.Activation is null || stage.Keep == 1 || share == 0)
            return [];
        FluctuationEquation function = Function(stage, isSlope);
        return [.. pairs.Select((_, p) => Math.Sqrt(share * (function.At(read).Pairs[p].Square + function.SquareBeyond(read, p)) / (width * stage.Keep * stage.Keep * stage.Keep)))];
    }

    private FluctuationEquation Function(BranchStage stage, bool isSlope) => functions.OfStream(isSlope ? TangentFunctions.Derivative(stage.Activation!, stage.Path) : stage.Activation!);

    // A function that a norm reads is expanded to higher orders than are kept.
    private double Unkept(FluctuationEquation function, double[] kernel, int pair)
    {
        double sum = 0;
        for (int order = functions.HighestOrder + 1; order <= function.HighestOrder; order++)
        {
            ReadOnlySpan<double> modes = function.At(kernel).Pairs[pair].Order(order);
            sum += VectorSums.Dot(modes, modes);
        }

        return sum;
    }

    // E[F^2] = Cov(F, F) + E[F]^2, the mean of what all rows show; masks weigh it with E[mu mu mu mu], at most 1/keep^3.
    private double[] Share(double[] noise, double[] mean, double share, double width, double keep) => share == 0 ? [] :
        [.. pairs.Select((_, p) => Math.Sqrt(share * (noise[(p * pairs.Count) + p] + (mean[p] * mean[p] / width)) / (keep * keep * keep)))];

    // What G of the rows lacks; with tangents, and what Theta of them lacks.
    private double[] Extended(Func<bool, double[]> lacks, TangentStageMaps? stage)
    {
        double[] ofKernel = lacks(false), ofSlopes = stage is null ? [] : lacks(true);
        if (ofKernel.Length == 0 && ofSlopes.Length == 0)
            return new double[count];
        if (tangents is null)
            return ofKernel;
        return tangents.Vector(
            ofKernel.Length == 0 ? new double[pairs.Count] : ofKernel,
            ofSlopes.Length == 0 ? new double[pairs.Count] : [.. ofSlopes.Select((each, p) => Math.Abs(stage!.Read[p]) * each)]);
    }
}
