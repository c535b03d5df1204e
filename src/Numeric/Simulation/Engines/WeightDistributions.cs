using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Multiplies what is read by one freshly drawn weight matrix for each of eight samples.</summary>
internal unsafe interface IWeightDistribution
{
    /// <summary>product = W x, W rows x columns with E[W_ij^2] = C_W / columns.</summary>
    /// <param name="x">columns x N vectors; may be overwritten.</param>
    /// <param name="product">rows x N vectors.</param>
    /// <param name="rows">Neurons that are made.</param>
    /// <param name="columns">Neurons that are read.</param>
    /// <param name="inputs">N.</param>
    /// <param name="weightVariance">C_W.</param>
    /// <param name="random">Words and normals of this layer.</param>
    void Apply(Vector512<double>* x, Vector512<double>* product, int rows, int columns, int inputs, double weightVariance, ref WeightStream random);
}

/// <summary>The one place where the law of a dense layer's weights becomes what draws them.</summary>
internal static class WeightDistributions
{
    /// <summary>What draws the weights of a dense layer.</summary>
    public static IWeightDistribution Of(BranchStage stage) => stage.Weights switch
    {
        WeightKind.Gaussian => new GaussianWeights(),
        WeightKind.Uniform => new UniformWeights(),
        WeightKind.Rademacher => new MixedWeights(-2),
        WeightKind.Kurtosis => new MixedWeights(stage.ExcessKurtosis),
        WeightKind.Orthogonal => new OrthogonalWeights(),
        _ => throw new ArgumentException($"Weights {stage.Weights} are not known.", nameof(stage)),
    };
}

/// <summary>Successive rows of random numbers of one layer; a row starts on a whole draw.</summary>
internal unsafe ref struct WeightStream(LanePhilox lanes, Vector512<ulong>* keys, Vector512<double>* row, CancellationToken cancellation)
{
    private uint nextDraw;

    /// <summary>Vectors that <c>row</c> needs room for: two rows of so many numbers.</summary>
    public static long Room(int count) => 2L * (count + 4);

    /// <summary>The next <paramref name="count"/> standard normals of each sample.</summary>
    public Vector512<double>* Normals(int count)
    {
        LaneNormals.Fill((double*)row, lanes, keys, nextDraw, Draws(count));
        return row;
    }

    /// <summary>The next <paramref name="count"/> numbers of each sample, uniform on (-1, 1); behind as many others that are to stay, if told so.</summary>
    public Vector512<double>* Uniforms(int count, bool isBehind = false)
    {
        Vector512<double>* numbers = isBehind ? row + count + 4 : row;
        LaneNormals.Words((ulong*)numbers, lanes, keys, nextDraw, Draws(count));
        // 2^52 + w, minus 2^52 + 2^31 - 1/2: the midpoints of 2^32 cells.
        Vector512<ulong> shifted = Vector512.Create(0x4330000000000000ul);
        for (int k = 0; k < count; k++)
        {
            Vector512<double> word = ((numbers[k].AsUInt64() & Vector512.Create(0xFFFFFFFFul)) | shifted).AsDouble() - shifted.AsDouble();
            numbers[k] = (word - Vector512.Create(2147483647.5)) * Vector512.Create(1 / 2147483648.0);
        }

        return numbers;
    }

    private int Draws(int count)
    {
        cancellation.ThrowIfCancellationRequested(); // a layer of n^2 numbers may take seconds
        int draws = (count + 3) / 4;
        nextDraw += (uint)draws;
        return draws;
    }
}

/// <summary>W_ij ~ N(0, C_W / n), independent; n the number of columns here and below.</summary>
internal unsafe struct GaussianWeights : IWeightDistribution
{
    public readonly void Apply(Vector512<double>* x, Vector512<double>* product, int rows, int columns, int inputs, double weightVariance, ref WeightStream random)
    {
        Vector512<double> scale = Vector512.Create(Math.Sqrt(weightVariance / columns));
        for (int i = 0; i < rows; i++) DenseWeights.Row(random.Normals(columns), scale, x, product + ((long)i * inputs), columns, inputs);
    }
}

/// <summary>W_ij uniform on +-sqrt(3 C_W / n), independent.</summary>
internal unsafe struct UniformWeights : IWeightDistribution
{
    public readonly void Apply(Vector512<double>* x, Vector512<double>* product, int rows, int columns, int inputs, double weightVariance, ref WeightStream random)
    {
        Vector512<double> scale = Vector512.Create(Math.Sqrt(3 * weightVariance / columns));
        for (int i = 0; i < rows; i++) DenseWeights.Row(random.Uniforms(columns), scale, x, product + ((long)i * inputs), columns, inputs);
    }
}

// Any excess kurtosis k, at variance 1; g a standard normal, independent of the rest:
//   k <= 0   +-a + sqrt(1 - a^2) g, the sign by chance, a^4 = -k/2: fourth cumulants add, that of a sign is -2
//   k > 0    sqrt((3 + k)/3) g with chance 3/(3 + k), else 0: the fourth moment is 3 (3 + k)/3

/// <summary>Independent weights of a given excess kurtosis: signs mixed with normals below 0, normals among zeros above; -2 is + and - by chance.</summary>
internal unsafe struct MixedWeights(double excessKurtosis) : IWeightDistribution
{
    public readonly void Apply(Vector512<double>* x, Vector512<double>* product, int rows, int columns, int inputs, double weightVariance, ref WeightStream random)
    {
        Vector512<double> scale = Vector512.Create(Math.Sqrt(weightVariance / columns));
        double sign = Math.Sqrt(Math.Sqrt(Math.Max(0, -excessKurtosis / 2))), chance = 3 / (3 + excessKurtosis);
        Vector512<double> ofSign = Vector512.Create(sign), ofNormal = Vector512.Create(Math.Sqrt(1 - (sign * sign)));
        Vector512<double> spread = Vector512.Create(1 / Math.Sqrt(chance)), limit = Vector512.Create(chance);
        for (int i = 0; i < rows; i++)
        {
            Vector512<double>* w = excessKurtosis == -2 ? random.Uniforms(columns) : random.Normals(columns);
            Vector512<double>* u = excessKurtosis == -2 ? w : random.Uniforms(columns, isBehind: true);
            for (int j = 0; j < columns; j++)
            {
                if (excessKurtosis > 0)
                {
                    w[j] = Vector512.LessThan(Vector512.Abs(u[j]), limit) & (spread * w[j]);
                    continue;
                }

                Vector512<double> signed = ofSign ^ (Vector512.Create(long.MinValue).AsDouble() & u[j]);
                w[j] = excessKurtosis == -2 ? signed : signed + (ofNormal * w[j]);
            }

            DenseWeights.Row(w, scale, x, product + ((long)i * inputs), columns, inputs);
        }
    }
}

internal static unsafe class DenseWeights
{
    public static void Row(Vector512<double>* w, Vector512<double> scale, Vector512<double>* x, Vector512<double>* product, int columns, int inputs)
    {
        for (int a = 0; a < inputs; a++)
        {
            Vector512<double> sum = default;
            for (int j = 0; j < columns; j++) sum = Vector512.MultiplyAddEstimate(w[j], x[((long)j * inputs) + a], sum);
            product[a] = scale * sum;
        }
    }
}

// Haar orthogonal O without forming it (Stewart, SIAM J. Numer. Anal. 17, 403 (1980)): O = D_n H_n ... D_2 H_2 D_1, where H_k reflects
// the last k coordinates in the bisector of a Gaussian vector x of R^k and its first axis, and D_k is the sign of x_1 on the first
// of those coordinates. W = sqrt(C_W) O, so that E[W_ij^2] = C_W / n.

/// <summary>W = sqrt(C_W) O, O uniform on the orthogonal group.</summary>
internal unsafe struct OrthogonalWeights : IWeightDistribution
{
    public readonly void Apply(Vector512<double>* x, Vector512<double>* product, int rows, int columns, int inputs, double weightVariance, ref WeightStream random)
    {
        int width = columns;
        for (int k = 1; k <= width; k++)
        {
            Vector512<double>* axis = random.Normals(k);
            Vector512<double>* v = x + ((long)(width - k) * inputs);
            Vector512<double> negative = Vector512.Create(long.MinValue).AsDouble() & axis[0];
            if (k > 1)
            {
                Vector512<double> norm = default;
                for (int j = 0; j < k; j++) norm = Vector512.MultiplyAddEstimate(axis[j], axis[j], norm);
                norm = Vector512.Sqrt(norm);
                // u = x + sign(x_1) |x| e_1, |u|^2 = 2 |x| (|x| + |x_1|); H = 1 - 2 u u^T / |u|^2
                Vector512<double> half = norm * (norm + Vector512.Abs(axis[0]));
                axis[0] += norm | negative;
                for (int a = 0; a < inputs; a++)
                {
                    Vector512<double> dot = default;
                    for (int j = 0; j < k; j++) dot = Vector512.MultiplyAddEstimate(axis[j], v[((long)j * inputs) + a], dot);
                    dot = -dot / half;
                    for (int j = 0; j < k; j++)
                    {
                        Vector512<double>* entry = v + ((long)j * inputs) + a;
                        *entry = Vector512.MultiplyAddEstimate(dot, axis[j], *entry);
                    }
                }
            }

            for (int a = 0; a < inputs; a++) v[a] = v[a] ^ negative;
        }

        Vector512<double> scale = Vector512.Create(Math.Sqrt(weightVariance));
        for (long k = 0; k < (long)width * inputs; k++) product[k] = scale * x[k];
    }
}
