// The mean of the tangent kernel of a chain of dense layers whose rows are fresh (a perceptron: no skip), with the directions integrated and the fluctuations predicted.
//
// Rows phi = R z are N(0, Q) given what is read, x, and so are rows (phi, d) with tangents d along a random direction: given phi, d_ia = sum_c z_ic c_ca + noise, with c = R^-1 w <x_c u_a>,
// u_a = sigma'_a d_a, w = C_W/(neurons read). So of E[d_ia d_jb | all phi] = z_i A_ab z_j + delta_ij B_ab only A and B are followed, layer by layer (ConditionalTangentEngine), and E Theta is the mean of
//   D_ab = E[<d_a d_b> | phi before] = w E[u_a u_b] + (the share of the layer's own parameters).
// No direction is drawn, and D has the mean of Theta exactly at every n.
//
// Control variate: the normals of a field also make rows with the covariance K0 of infinite width. What these show of sigma sigma and sigma' sigma' less its mean is independent of all that is older, so that
// any factor known by then, here 1 and what Q and D of the field are off, keeps the mean 0. A linear map (factor 1) does no more than the linear path of g; with the factors the products of fluctuations
// of different layers go too, which are most of what is left at small n. Coefficients are fitted to other networks, so nothing is biased.

using SymbolicEft.Numeric.Equations;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>A field of fresh rows, and the dense layer that reads it.</summary>
/// <param name="Stage">That layer.</param>
/// <param name="Scale">The factor of the covariance of the rows that it makes.</param>
/// <param name="Record">The record after it; negative if there is none.</param>
/// <param name="Kernel">K0 of the field, over pairs.</param>
/// <param name="Tangent">Theta0 of it.</param>
/// <param name="Products">The mean of sigma sigma at K0, over pairs.</param>
/// <param name="Slopes">Of sigma' sigma'.</param>
internal sealed record ConditionalField(PlanStage<float> Stage, double Scale, int Record, double[] Kernel, double[] Tangent, double[] Products, double[] Slopes);

/// <summary>What the mean of the tangent kernel of a chain of dense layers is measured with; prepared once, used by all threads.</summary>
internal sealed class ConditionalTangent
{
    // Beyond these what is integrated (of order N^4) costs more than it saves, or the fit does.
    private const int MostInputs = 4, MostCoefficients = 512;
    // Var Theta over Theta0 squared of an input with itself, beyond which a few networks make all sums, and what is fitted to some helps no others.
    private const double MostVariance = 10;
    private const int LeastPilot = 4096, PilotForCoefficient = 8;

    private readonly ProgramSettings _settings;
    private readonly double[][] _means; // Theta0 over records
    private readonly bool[] _isMeasured; // over records

    private ConditionalTangent(ProgramSettings settings, ConditionalField[] fields, double[][] means, bool[] isMeasured)
    {
        (_settings, Fields, _means, _isMeasured) = (settings, fields, means, isMeasured);
        Pairs = [.. PairIndexing.All(settings.Positions)];
    }

    /// <summary>The fields, in order.</summary>
    public ConditionalField[] Fields { get; }

    /// <summary>All pairs of inputs.</summary>
    public InputPair[] Pairs { get; }

    /// <summary>The coefficients of the control variate, over records and pairs.</summary>
    public float[][][] Coefficients { get; private set; } = [];

    /// <summary>How many sums a batch has: four powers for each record and pair.</summary>
    public int SumsInBatch => _settings.Recorded.Count * Pairs.Length * MomentLayout.Powers;

    /// <summary>Prepares a program; null where its rows are not fresh or something else in it is not integrated.</summary>
    /// <param name="settings">The program, with tangents.</param>
    /// <param name="control">Its linear fluctuation, whose numbers at infinite width are used.</param>
    /// <param name="cancellation">Stops the fit.</param>
    public static ConditionalTangent? Prepare(ProgramSettings settings, ProgramControlVariate control, CancellationToken cancellation)
    {
        if (settings.Directions == 0 || settings.DrawsWeights || settings.Precision != StatePrecision.Single || settings.Positions > MostInputs || !settings.Steps.Take(settings.Recorded[^1]).All(IsFresh))
            return null;
        var tangents = new TangentExtension(settings.Positions);
        int pairs = PairIndexing.Count(settings.Positions);
        double[] Block(int block, double[] components) => [.. Enumerable.Range(0, pairs).Select(pair => components[tangents.Component(block, pair)])];
        var measured = new TangentQuantities(settings.Positions);
        double[][] means = [.. settings.Recorded.Select(layer => Block(1, control.Kernels[layer]))];
        bool[] isMeasured = [.. means.Select((mean, at) => Enumerable.Range(0, settings.Positions).Select(a => PairIndexing.Of(a, a, settings.Positions)).All(pair =>
            control.KernelCovariance[at][measured.Along(1, pair), measured.Along(2, pair)] <= MostVariance * settings.Width * mean[pair] * mean[pair]))];
        if (!isMeasured.Any(each => each)) return null;
        ProgramPlan<float> plan = ProgramPlan<float>.Of(settings, LaneActivation.Single);
        var fields = new List<ConditionalField>();
        for (int layer = 0; layer < settings.Recorded[^1]; layer++)
        {
            PlanStage<float>[] stages = plan.Steps[layer].Branches[0];
            double[] kernel = control.Kernels[layer];
            for (int at = 0; at < stages.Length; at++)
            {
                ProgramControlStage numbers = control.Layers[layer].Stages[at];
                bool isLast = at == stages.Length - 1;
                double[] own = Block(0, kernel);
                // Theta of the rows responds to that of what is read with C_W <sigma' sigma'>.
                double Slope(int pair) => numbers.InKernel.Row(tangents.Component(1, pair)).Where(entry => entry.Column == tangents.Component(1, pair)).Sum(entry => entry.Value) / stages[at].Stage.WeightVariance;
                fields.Add(new(
                    stages[at], isLast ? plan.Steps[layer].Step * plan.Steps[layer].Step : 1, isLast && settings.Recorded.ToList().IndexOf(layer + 1) is var record and >= 0 && isMeasured[record] ? record : -1, own, Block(1, kernel),
                    Block(0, numbers.Mean), [.. Enumerable.Range(0, pairs).Select(Slope)]));
                kernel = numbers.Made;
            }
        }

        var prepared = new ConditionalTangent(settings, [.. fields], means, isMeasured);
        if (fields.Count > 0 && prepared.CountOf(new(0, settings.Positions - 1), fields.Count, withFactors: false) > MostCoefficients)
            return null;
        prepared.Fit(cancellation);
        return prepared;
    }

    /// <summary>An engine for one thread.</summary>
    public ConditionalTangentEngine Engine() => new(_settings, this);

    /// <summary>Theta0 of a pair at the record after so many fields.</summary>
    public double Tangent(int fields, int pair) => _means[Fields[fields - 1].Record][pair];

    /// <summary>How many numbers of the free rows concern Theta of a pair: sigma sigma of the pair and of either input, and sigma' sigma' of the pair.</summary>
    public static int ShownOf(InputPair pair) => pair.First == pair.Second ? 2 : 4;

    /// <summary>Whether the fit of a pair has factors: of each field but the first, of which all is known, what Q of the pair and of either input and D of the pair are off.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="fields">How many fields are older than the record.</param>
    public bool HasFactors(InputPair pair, int fields) => CountOf(pair, fields, withFactors: true) <= MostCoefficients;

    /// <summary>How many coefficients the fit of a pair has.</summary>
    public int CountOf(InputPair pair, int fields) => CountOf(pair, fields, HasFactors(pair, fields));

    /// <summary>The means of Theta, over records; null where they are better measured with directions.</summary>
    /// <param name="samples">Number of networks.</param>
    /// <param name="sums">Their sums.</param>
    public TangentRow?[] Summarize(long samples, ReadOnlySpan<double> sums)
    {
        var rows = new TangentRow?[_means.Length];
        for (int record = 0; record < rows.Length; record++)
        {
            if (!_isMeasured[record]) continue;
            var row = new TangentRow(new double[Pairs.Length], new double[Pairs.Length]) { EffectiveSamples = new double[Pairs.Length] };
            rows[record] = row;
            for (int p = 0; p < Pairs.Length; p++)
            {
                double[] mean = _means[record];
                double scale = Math.Sqrt(Math.Abs(mean[PairIndexing.Of(Pairs[p].First, Pairs[p].First, _settings.Positions)] * mean[PairIndexing.Of(Pairs[p].Second, Pairs[p].Second, _settings.Positions)]));
                (double value, row.StandardError[p], row.EffectiveSamples[p]) = ControlSummary.OfPath(samples, sums.Slice(((record * Pairs.Length) + p) * MomentLayout.Powers, MomentLayout.Powers), _settings.Precision, scale);
                row.Value[p] = mean[p] + value;
            }
        }

        return rows;
    }

    private int CountOf(InputPair pair, int fields, bool withFactors) => ShownOf(pair) * (1 + ((fields - 1) * (withFactors ? 1 + ShownOf(pair) : 1)));

    // A step that replaces the stream by rows that are Gaussian given it.
    private static bool IsFresh(StreamStep step) => step is StreamUpdate { Skip: 0, Branches: [var branch] } && branch.Stages.All(stage =>
        stage is { Before.Count: 0, Norm: null, IsGate: false, Keep: 1, Taps.Count: 0, Copies: 1, Weights: WeightKind.Gaussian, WeightVariance: > 0 });

    // Least squares of D on a constant and the control variate, over networks of their own.
    private void Fit(CancellationToken cancellation)
    {
        Coefficients = [.. _settings.Recorded.Select((layer, record) => Pairs.Select(pair => layer == 0 || !_isMeasured[record] ? [] : new float[CountOf(pair, FieldsBefore(layer))]).ToArray())];
        int most = Coefficients.Max(record => record.Max(each => each.Length));
        if (most == 0) return;
        double[][][][] halves = [.. Enumerable.Range(0, 2).Select(_ => Coefficients.Select(record => record.Select(each => new double[(each.Length + 2) * (each.Length + 2)]).ToArray()).ToArray())];
        using (ConditionalTangentEngine engine = Engine())
        {
            long groups = Math.Max(LeastPilot, (long)PilotForCoefficient * most) / SingleLanes.Count;
            for (long group = 0; group < groups; group++)
                engine.AddProducts(group * SingleLanes.Count, halves[group % 2], cancellation);
        }

        for (int record = 0; record < Coefficients.Length; record++)
        {
            for (int p = 0; p < Pairs.Length && Coefficients[record][p].Length > 0; p++)
            {
                (double[] here, double[] there) = (halves[0][record][p], halves[1][record][p]);
                double[] both = [.. here.Zip(there, (left, right) => left + right)];
                LeastSquares(here, Coefficients[record][p]);
                // Where a few networks make the sums, deep and narrow, what is fitted to one half makes the other worse: then nothing is taken off.
                if (Variance(there, Coefficients[record][p]) < Variance(there, new float[Coefficients[record][p].Length]))
                    LeastSquares(both, Coefficients[record][p]);
                else
                    Array.Clear(Coefficients[record][p]);
            }
        }
    }

    // Of the value less its control variate, from the products of (1, features, value).
    private static double Variance(double[] products, float[] coefficients)
    {
        int size = coefficients.Length + 2;
        double Of(int k) => k == size - 1 ? 1 : -coefficients[k - 1];
        double mean = 0, square = 0;
        for (int k = 1; k < size; k++)
        {
            mean += Of(k) * products[k];
            for (int m = k; m < size; m++) square += (m == k ? 1 : 2) * Of(k) * Of(m) * products[(k * size) + m];
        }

        return (square / products[0]) - (mean / products[0] * (mean / products[0]));
    }

    private int FieldsBefore(int layer) => 1 + Array.FindIndex(Fields, field => field.Record >= 0 && _settings.Recorded[field.Record] == layer);

    // The products of (1, features, value) over networks, upper triangle. Features of no size, or that others make up to rounding, have the coefficient 0.
    private static void LeastSquares(double[] products, float[] coefficients)
    {
        const double dependent = 1e-8;
        int size = coefficients.Length + 2, last = size - 1;
        var root = new double[size];
        for (int k = 0; k < size; k++) root[k] = Math.Sqrt(products[(k * size) + k]);
        // Cholesky of the products over their sizes, row by row: R^T R.
        for (int k = 0; k < last; k++)
        {
            double left = root[k] > 0 ? products[(k * size) + k] / (root[k] * root[k]) : 0;
            for (int j = 0; j < k; j++) left -= products[(j * size) + k] * products[(j * size) + k];
            bool isKept = left > dependent;
            double inverse = isKept ? 1 / Math.Sqrt(left) : 0;
            for (int m = k + 1; m < size; m++)
            {
                double entry = root[k] > 0 && root[m] > 0 ? products[(k * size) + m] / (root[k] * root[m]) : 0;
                for (int j = 0; j < k; j++) entry -= products[(j * size) + k] * products[(j * size) + m];
                products[(k * size) + m] = entry * inverse;
            }

            products[(k * size) + k] = isKept ? Math.Sqrt(left) : 0;
        }

        var solution = new double[last];
        for (int k = last - 1; k >= 0; k--)
        {
            double sum = products[(k * size) + last], pivot = products[(k * size) + k];
            for (int m = k + 1; m < last; m++) sum -= products[(k * size) + m] * solution[m];
            solution[k] = pivot > 0 ? sum / pivot : 0;
            if (k > 0) coefficients[k - 1] = pivot > 0 ? (float)(solution[k] * root[last] / root[k]) : 0;
        }
    }
}
