using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

// What the covariances of a prediction of all orders lack if those of the stream are computed to order K, as for the plain network (CovarianceTail): F_p is the part of
// f f of a stage that reads the stream in modes above K, sd(F_p) = s_p; w_p = sum_q |d g'_p / d F_q| s_q; A = d g'/d g.
//
//   b_p'^2 = (|A| b)_p^2 + 2 w_p (|A| c)_p + w_p^2,     c_p' = rho^(K+1) ((|A| c)_p + w_p)
//
// rho: the largest canonical correlation of the inputs of p between the two layers; 1 where taps mix pairs, or the stream is normed. The noise of hidden rows is independent of
// everything before, so what its modes lack (at most a share of E[F_p^2]) adds in squares. Bounds, not estimates.

/// <summary>Bounds on the deviations of the part of a prediction that is in modes above an order.</summary>
internal sealed class ProgramTail
{
    private readonly FunctionModes functions;
    private readonly int inputs;
    private readonly IReadOnlyList<InputPair> pairs;
    private double[] deviation;
    private double[] seen;
    private double[] noise;

    public ProgramTail(FunctionModes functions, int inputs)
    {
        (this.functions, this.inputs, pairs) = (functions, inputs, PairIndexing.All(inputs));
        (deviation, seen, noise) = (new double[pairs.Count], new double[pairs.Count], new double[pairs.Count]);
    }

    /// <summary>A bound on what the covariance of two pairs lacks.</summary>
    public double Bound(int p, int q) => (deviation[p] * deviation[q]) + (noise[p] * noise[q]);

    /// <summary>Goes on to the next layer.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="noises">The noise of what each stage's fresh rows show, pairs by pairs; null for those that read the stream.</param>
    /// <param name="kernel">K0 before it.</param>
    /// <param name="nextKernel">K0 after it.</param>
    /// <param name="width">r before it.</param>
    /// <param name="share">The largest share of E[F^2] that the noise of hidden rows lacks.</param>
    public void Advance(StreamStep step, LayerMaps maps, double[]?[] noises, ReadOnlySpan<double> kernel, ReadOnlySpan<double> nextKernel, double width, double share)
    {
        if (step is not StreamUpdate update)
        {
            PairMap norm = maps.NormOfStream!;
            (deviation, seen, noise) = (norm.OfAbsolutes(deviation), norm.OfAbsolutes(seen), norm.OfAbsolutes(noise));
            return;
        }

        int count = pairs.Count, place = 0;
        PairMap carried = PairMap.Unit(count, maps.Keep);
        double[] source = new double[count], squares = new double[count];
        bool mixes = false;
        for (int branch = 0; branch < update.Branches.Count; branch++)
        {
            IReadOnlyList<BranchStage> stages = update.Branches[branch].Stages;
            PairMap after = PairMap.Unit(count, maps.Drive[branch]);
            for (int at = stages.Count - 1; at >= 0; at--)
            {
                StageMaps each = maps.Stages[place + at];
                double[] lacks = at == 0 ? Above(stages[0], each, kernel, width) : noises[place + at] is { } known ? Share(known, each, share, stages[at - 1].Width, stages[at].Keep) : [];
                if (lacks.Any(value => value > 0))
                {
                    double[] added = after.After(each.Own).OfAbsolutes(lacks);
                    for (int p = 0; p < count; p++)
                    {
                        if (at == 0) source[p] += added[p];
                        else squares[p] += added[p] * added[p];
                    }
                }

                mixes |= stages[at].Taps.Count > 0;
                after = after.After(each.InKernel);
            }

            carried = carried.Plus(after);
            place += stages.Count;
        }

        double[] b = carried.OfAbsolutes(deviation), c = carried.OfAbsolutes(seen), hidden = carried.OfAbsolutes(noise);
        for (int p = 0; p < count; p++)
        {
            deviation[p] = Math.Sqrt((b[p] * b[p]) + (2 * source[p] * c[p]) + (source[p] * source[p]));
            seen[p] = (c[p] + source[p]) * (mixes ? 1 : Math.Pow(Correlation(update.Skip, kernel, nextKernel, p), functions.HighestOrder + 1));
            noise[p] = Math.Sqrt((hidden[p] * hidden[p]) + squares[p]);
        }
    }

    private double[] Above(BranchStage stage, StageMaps maps, ReadOnlySpan<double> kernel, double width)
    {
        if (stage.Activation is null)
            return [];
        double[] read = kernel.ToArray();
        if (stage.Norm is var (gain, epsilon))
        {
            double[] before = read;
            double Scale(int a) => gain / Math.Sqrt(before[PairIndexing.Of(a, a, inputs)] + epsilon);
            read = [.. pairs.Select((pair, p) => Scale(pair.First) * Scale(pair.Second) * before[p])];
        }

        FluctuationEquation function = functions.OfStream(stage.Activation);
        // A mask takes E[mu mu] of it, at most 1/keep.
        return [.. pairs.Select((_, p) => Math.Sqrt(function.SquareBeyond(read, p) / width) / stage.Keep)];
    }

    // E[F^2] = Cov(F, F) + E[F]^2; masks weigh it with E[mu mu mu mu], at most 1/keep^3.
    private double[] Share(double[] noise, StageMaps maps, double share, double width, double keep) => share == 0 ? [] :
        [.. pairs.Select((_, p) => Math.Sqrt(share * (noise[(p * pairs.Count) + p] + (maps.Expectation[p] * maps.Expectation[p] / width)) / (keep * keep * keep)))];

    private double Correlation(double skip, ReadOnlySpan<double> kernel, ReadOnlySpan<double> nextKernel, int pair)
    {
        (int a, int b) = pairs[pair];
        return Math.Min(1, ModeNumbers.Frame(kernel, a, b, inputs).ToNext(ModeNumbers.Frame(nextKernel, a, b, inputs)).Scale(skip).Norm);
    }
}
