using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Multiplies sigma by one freshly drawn weight matrix for each of eight samples.</summary>
internal unsafe interface IWeightDistribution
{
    /// <summary>product = W sigma, W n x n with E[W_ij^2] = C_W / n.</summary>
    /// <param name="sigma">sigma(phi), n x N vectors; may be overwritten.</param>
    /// <param name="product">W sigma, n x N vectors.</param>
    /// <param name="width">n.</param>
    /// <param name="inputs">N.</param>
    /// <param name="weightVariance">C_W.</param>
    /// <param name="random">Words and normals of this layer.</param>
    static abstract void Apply(Vector512<double>* sigma, Vector512<double>* product, int width, int inputs, double weightVariance, WeightStream random);
}

/// <summary>Successive rows of random numbers of one layer; a row starts on a whole draw.</summary>
internal unsafe ref struct WeightStream(LanePhilox lanes, Vector512<ulong>* keys, Vector512<double>* row, CancellationToken cancellation)
{
    private uint nextDraw;

    /// <summary>The next <paramref name="count"/> standard normals of each sample.</summary>
    public Vector512<double>* Normals(int count)
    {
        LaneNormals.Fill((double*)row, lanes, keys, nextDraw, Draws(count));
        return row;
    }

    /// <summary>The next <paramref name="count"/> numbers of each sample, uniform on (-1, 1).</summary>
    public Vector512<double>* Uniforms(int count)
    {
        LaneNormals.Words((ulong*)row, lanes, keys, nextDraw, Draws(count));
        // 2^52 + w, minus 2^52 + 2^31 - 1/2: the midpoints of 2^32 cells.
        Vector512<ulong> shifted = Vector512.Create(0x4330000000000000ul);
        for (int k = 0; k < count; k++)
        {
            Vector512<double> word = ((row[k].AsUInt64() & Vector512.Create(0xFFFFFFFFul)) | shifted).AsDouble() - shifted.AsDouble();
            row[k] = (word - Vector512.Create(2147483647.5)) * Vector512.Create(1 / 2147483648.0);
        }

        return row;
    }

    private int Draws(int count)
    {
        cancellation.ThrowIfCancellationRequested(); // a layer of n^2 numbers may take seconds
        int draws = (count + 3) / 4;
        nextDraw += (uint)draws;
        return draws;
    }
}

/// <summary>W_ij ~ N(0, C_W / n), independent.</summary>
internal unsafe struct GaussianWeights : IWeightDistribution
{
    public static void Apply(Vector512<double>* sigma, Vector512<double>* product, int width, int inputs, double weightVariance, WeightStream random)
    {
        Vector512<double> scale = Vector512.Create(Math.Sqrt(weightVariance / width));
        for (int i = 0; i < width; i++) DenseWeights.Row(random.Normals(width), scale, sigma, product + ((long)i * inputs), width, inputs);
    }
}

/// <summary>W_ij uniform on +-sqrt(3 C_W / n), independent.</summary>
internal unsafe struct UniformWeights : IWeightDistribution
{
    public static void Apply(Vector512<double>* sigma, Vector512<double>* product, int width, int inputs, double weightVariance, WeightStream random)
    {
        Vector512<double> scale = Vector512.Create(Math.Sqrt(3 * weightVariance / width));
        for (int i = 0; i < width; i++) DenseWeights.Row(random.Uniforms(width), scale, sigma, product + ((long)i * inputs), width, inputs);
    }
}

internal static unsafe class DenseWeights
{
    public static void Row(Vector512<double>* w, Vector512<double> scale, Vector512<double>* sigma, Vector512<double>* product, int width, int inputs)
    {
        for (int a = 0; a < inputs; a++)
        {
            Vector512<double> sum = default;
            for (int j = 0; j < width; j++) sum = Vector512.MultiplyAddEstimate(w[j], sigma[((long)j * inputs) + a], sum);
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
    public static void Apply(Vector512<double>* sigma, Vector512<double>* product, int width, int inputs, double weightVariance, WeightStream random)
    {
        for (int k = 1; k <= width; k++)
        {
            Vector512<double>* x = random.Normals(k);
            Vector512<double>* v = sigma + ((long)(width - k) * inputs);
            Vector512<double> negative = Vector512.Create(long.MinValue).AsDouble() & x[0];
            if (k > 1)
            {
                Vector512<double> norm = default;
                for (int j = 0; j < k; j++) norm = Vector512.MultiplyAddEstimate(x[j], x[j], norm);
                norm = Vector512.Sqrt(norm);
                // u = x + sign(x_1) |x| e_1, |u|^2 = 2 |x| (|x| + |x_1|); H = 1 - 2 u u^T / |u|^2
                Vector512<double> half = norm * (norm + Vector512.Abs(x[0]));
                x[0] += norm | negative;
                for (int a = 0; a < inputs; a++)
                {
                    Vector512<double> dot = default;
                    for (int j = 0; j < k; j++) dot = Vector512.MultiplyAddEstimate(x[j], v[((long)j * inputs) + a], dot);
                    dot = -dot / half;
                    for (int j = 0; j < k; j++)
                    {
                        Vector512<double>* entry = v + ((long)j * inputs) + a;
                        *entry = Vector512.MultiplyAddEstimate(dot, x[j], *entry);
                    }
                }
            }

            for (int a = 0; a < inputs; a++) v[a] = v[a] ^ negative;
        }

        Vector512<double> scale = Vector512.Create(Math.Sqrt(weightVariance));
        for (long k = 0; k < (long)width * inputs; k++) product[k] = scale * sigma[k];
    }
}
