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

    /// <summary>Goes on to the next layer.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="ofTangents">Those of the tangent kernel; null without tangents.</param>
    /// <param name="reads">What each stage reads.</param>
    /// <param name="noises">The noise of what each stage's fresh rows show, pairs by pairs; null for those that read a field in modes.</param>
    /// <param name="kernel">K0 before it.</param>
    /// <param name="nextKernel">K0 after it.</param>
    /// <param name="width">r before it.</param>
    /// <param name="share">The largest share of E[F^2] that the noise of hidden rows lacks.</param>
    public void Advance(StreamStep step, LayerMaps maps, TangentMaps? ofTangents, IReadOnlyList<StageReads> reads, double[]?[] noises, ReadOnlySpan<double> kernel, ReadOnlySpan<double> nextKernel, double width, double share)
    {
        if (step is not StreamUpdate update)
        {
            PairMap norm = maps.NormOfStream!;
            (deviation, seen, noise) = (norm.OfAbsolutes(deviation), norm.OfAbsolutes(seen), norm.OfAbsolutes(noise));
            return;
        }

        int place = maps.Stages.Length;
        double[] known = kernel.ToArray();
        double[] source = new double[count], fresh = new double[count], squares = new double[count];
        bool mixes = false;
        PairMap carried = Through(update, 0, PairMap.Unit(count));
        for (int p = 0; p < count; p++) squares[p] += fresh[p] * fresh[p];

        // Backwards, so that the response of g' to every stage is known.
        PairMap Through(StreamUpdate of, int number, PairMap after)
        {
            UpdateMaps numbers = maps.Updates[number];
            var inner = new Stack<int>();
            int next = number + 1;
            foreach (StreamUpdate before in of.Inner())
            {
                inner.Push(next);
                next += Count(before);
            }

            PairMap sum = after.Times(numbers.Keep);
            for (int branch = of.Branches.Count - 1; branch >= 0; branch--)
            {
                PairMap response = after.Times(numbers.Drive[branch]);
                foreach (BranchStage stage in of.Branches[branch].Stages.Reverse())
                {
                    place--;
                    (StageMaps each, StageReads read, double[]? noise) = (maps.Stages[place], reads[place], noises[place]);
                    // With tangents the stream alone is read in modes, and its kernel is wanted without them.
                    double[] lacks = noise is null ? Above(stage, each.NormedKernel ?? (tangents is null ? read.Kernel : known), read.Width) : Share(noise, each.Expectation, share, read.Width, stage.Keep);
                    if (tangents is not null)
                        lacks = Extended(lacks, ofTangents!.Stages[place], stage, noise is null, each.NormedKernel ?? known, width, share, read.Width);
                    if (lacks.Any(value => value > 0))
                    {
                        double[] added = response.After(each.Own).OfAbsolutes(lacks);
                        for (int p = 0; p < count; p++)
                        {
                            if (noise is not null) squares[p] += added[p] * added[p];
                            else if (read.IsOfStream) source[p] += added[p];
                            else fresh[p] += added[p];
                        }
                    }

                    mixes |= stage.Taps.Count > 0;
                    response = response.After(each.InKernel);
                    foreach (StreamUpdate before in stage.Before.Reverse()) response = Through(before, inner.Pop(), response);
                }

                sum = sum.Plus(response);
            }

            return sum;
        }

        static int Count(StreamUpdate of) => 1 + of.Inner().Sum(Count);

        double[] powers = new double[pairs.Count];
        for (int p = 0; p < powers.Length && !mixes; p++) powers[p] = Math.Pow(Correlation(update.Skip, kernel, nextKernel, p), functions.HighestOrder + 1);
        double[] remembered = tangents?.Vector(powers, powers) ?? powers;
        double[] b = carried.OfAbsolutes(deviation), c = carried.OfAbsolutes(seen), hidden = carried.OfAbsolutes(noise);
        for (int p = 0; p < count; p++)
        {
            deviation[p] = Math.Sqrt((b[p] * b[p]) + (2 * source[p] * c[p]) + (source[p] * source[p]));
            seen[p] = (c[p] + source[p]) * (mixes ? 1 : remembered[p]);
            noise[p] = Math.Sqrt((hidden[p] * hidden[p]) + squares[p]);
        }
    }

    private double[] Above(BranchStage stage, double[] read, double width, bool isSlope = false)
    {
        if (stage.Activation is null)
            return [];
        FluctuationEquation function = functions.OfStream(isSlope ? TangentFunctions.Derivative(stage.Activation, stage.Path) : stage.Activation);
        // A mask takes E[mu mu] of it, at most 1/keep.
        return [.. pairs.Select((_, p) => Math.Sqrt((function.SquareBeyond(read, p) + Unkept(function, read, p)) / width) / stage.Keep)];
    }

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

    // E[F^2] = Cov(F, F) + E[F]^2; masks weigh it with E[mu mu mu mu], at most 1/keep^3.
    private double[] Share(double[] noise, double[] expectation, double share, double width, double keep) => share == 0 ? [] :
        [.. pairs.Select((_, p) => Math.Sqrt(share * (noise[(p * pairs.Count) + p] + (expectation[tangents?.Component(0, p) ?? p] * expectation[tangents?.Component(0, p) ?? p] / width)) / (keep * keep * keep)))];

    // What Theta of the rows lacks beside what G of them lacks.
    private double[] Extended(double[] lacks, TangentStageMaps stage, BranchStage of, bool isOfStream, double[] kernel, double width, double share, double rows)
    {
        double[] slopes = isOfStream ? Above(of, kernel, width, isSlope: true)
            : share > 0 && stage.Slope is var (noise, mean) ? [.. pairs.Select((_, p) => Math.Sqrt(share * (noise[(p * pairs.Count) + p] + (mean[p] * mean[p] / rows)) / (of.Keep * of.Keep * of.Keep)))] : [];
        return slopes.Length == 0 && lacks.Length == 0 ? [] : tangents!.Vector(
            lacks.Length == 0 ? new double[pairs.Count] : lacks,
            slopes.Length == 0 ? new double[pairs.Count] : [.. slopes.Select((each, p) => Math.Abs(stage.Read[p]) * each)]);
    }

    private double Correlation(double skip, ReadOnlySpan<double> kernel, ReadOnlySpan<double> nextKernel, int pair)
    {
        (int a, int b) = pairs[pair];
        return Math.Min(1, ModeNumbers.Frame(kernel, a, b, inputs).ToNext(ModeNumbers.Frame(nextKernel, a, b, inputs)).Scale(skip).Norm);
    }
}
