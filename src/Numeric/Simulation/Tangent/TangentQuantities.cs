// What is measured of networks whose rows have tangents in two directions (ProgramSettings.Directions). With eta and zeta two directions of all parameters, independent and of
// variance 1, and d, e the tangents along them,
//   t1_ab = (1/n) sum_i d_ia d_ib and t2_ab of e have the mean Theta_ab given the network, and are independent given it;     x_ab = (1/n) sum_i d_ia e_ib has the mean 0
// so that, exactly at every n,
//   E Theta = E t1 = E t2 = E (t1 + t2)/2                      Cov(Theta, Theta) = Cov(t1, t2)            Cov(Theta, G) = Cov((t1 + t2)/2, G)
//   tau_ab = (1/n) E sum_ij Theta_ij (Theta_ij + Theta_ji)/2 = n (Cov(x_aa, x_bb) + Cov(x_ab, x_ba))/2

using SymbolicEft.Numeric.Equations;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>The numbers that are measured of a network with tangents: G over pairs, (t1 + t2)/2, t1 and t2 likewise, and x over two inputs.</summary>
/// <param name="inputs">N.</param>
internal sealed class TangentQuantities(int inputs)
{
    /// <summary>How many directions there are.</summary>
    public const int Directions = TangentExtension.Directions;

    private readonly int pairs = PairIndexing.Count(inputs);

    /// <summary>N.</summary>
    public int Inputs => inputs;

    /// <summary>How many numbers.</summary>
    public int Count => (4 * pairs) + (inputs * inputs);

    /// <summary>Place of G of a pair.</summary>
    public int Kernel(int pair) => pair;

    /// <summary>Place of (t1 + t2)/2 of a pair.</summary>
    public int Mean(int pair) => pairs + pair;

    /// <summary>Place of t of a pair along one direction, 1 or 2.</summary>
    public int Along(int direction, int pair) => ((1 + direction) * pairs) + pair;

    /// <summary>Place of x of two inputs.</summary>
    public int Crossed(int first, int second) => (4 * pairs) + (first * inputs) + second;

    /// <summary>The two numbers of one input each whose geometric mean is the size of a number.</summary>
    public (int Left, int Right) Diagonals(int quantity)
    {
        int crossed = quantity - (4 * pairs);
        (int a, int b) = crossed >= 0 ? (crossed / inputs, crossed % inputs) : PairIndexing.All(inputs)[quantity % pairs];
        int block = crossed >= 0 ? 1 : quantity / pairs;
        return ((block * pairs) + PairIndexing.Of(a, a, inputs), (block * pairs) + PairIndexing.Of(b, b, inputs));
    }

    /// <summary>All numbers from those of G and of Theta, which t1 and t2 have for a mean; x has 0.</summary>
    /// <param name="kernel">Over pairs.</param>
    /// <param name="tangent">Over pairs.</param>
    public double[] OfMeans(IReadOnlyList<double> kernel, IReadOnlyList<double> tangent) => [.. kernel, .. tangent, .. tangent, .. tangent, .. new double[inputs * inputs]];

    /// <summary>The numbers that some pairs need.</summary>
    public int[] Of(IReadOnlyList<int> kept) =>
    [
        .. Enumerable.Range(0, 4).SelectMany(block => kept.Select(pair => (block * pairs) + pair)),
        .. kept.Select(pair => PairIndexing.All(inputs)[pair]).SelectMany(pair => new[] { Crossed(pair.First, pair.First), Crossed(pair.Second, pair.Second), Crossed(pair.First, pair.Second), Crossed(pair.Second, pair.First) }).Distinct().Order(),
    ];

    /// <summary>For each number the pairs of components of a row, N of phi and N of each direction, that it is a sum of.</summary>
    public int[][] OfComponents()
    {
        int all = inputs * (1 + Directions);
        int Along(int direction, InputPair pair) => PairIndexing.Of((direction * inputs) + pair.First, (direction * inputs) + pair.Second, all);
        IReadOnlyList<InputPair> each = PairIndexing.All(inputs);
        return
        [
            .. each.Select(pair => new[] { Along(0, pair) }),
            .. each.Select(pair => new[] { Along(1, pair), Along(2, pair) }),
            .. each.Select(pair => new[] { Along(1, pair) }),
            .. each.Select(pair => new[] { Along(2, pair) }),
            .. Enumerable.Range(0, inputs * inputs).Select(place => new[] { PairIndexing.Of(inputs + (place / inputs), (2 * inputs) + (place % inputs), all) }),
        ];
    }

    /// <summary>The covariances of the predictions of what is measured, times n; 0 for those that nobody asks for.</summary>
    /// <param name="covariance">Of G, over pairs and pairs.</param>
    /// <param name="withKernel">Of Theta with G.</param>
    /// <param name="variance">Of Theta.</param>
    /// <param name="crossed">Of x, over four inputs a, b, c, d.</param>
    public double[,] Covariances(Func<int, int, double> covariance, Func<int, int, double> withKernel, Func<int, int, double> variance, Func<int, int, int, int, double> crossed)
    {
        var result = new double[Count, Count];
        void Set(int left, int right, double value) => result[left, right] = result[right, left] = value;
        for (int p = 0; p < pairs; p++)
        {
            for (int q = 0; q < pairs; q++)
            {
                Set(Kernel(p), Kernel(q), covariance(p, q));
                Set(Along(1, p), Along(2, q), variance(p, q));
                foreach (int tangent in new[] { Mean(p), Along(1, p), Along(2, p) })
                    Set(tangent, Kernel(q), withKernel(p, q));
            }
        }

        for (int place = 0; place < inputs * inputs * inputs * inputs; place++)
        {
            (int a, int b, int c, int d) = (place / inputs / inputs / inputs, place / inputs / inputs % inputs, place / inputs % inputs, place % inputs);
            result[Crossed(a, b), Crossed(c, d)] = crossed(a, b, c, d);
        }

        return result;
    }
}

/// <summary>Makes the measured numbers of the kernels of components.</summary>
/// <param name="quantities">The numbers.</param>
/// <param name="inner">Receives them.</param>
/// <param name="settings">What is sampled.</param>
internal sealed class TangentObserver(TangentQuantities quantities, IKernelObserver inner, SamplingSettings settings) : IKernelObserver
{
    private readonly int lanes = settings.Lanes;
    private int valid = settings.Lanes;
    private readonly int[][] components = quantities.OfComponents();
    private readonly double[] measured = new double[quantities.Count * settings.Lanes];

    /// <summary>How many lanes of the next group are samples of this run; whatever the rest is does not matter.</summary>
    public void Expect(int samples) => valid = samples;

    public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel) => inner.Observe(record, Measured(record, kernel), default);

    public void ObservePrediction(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel) => inner.ObservePrediction(record, Measured(record, kernel), default);

    public void ObservePath(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel) => inner.ObservePath(record, Measured(record, kernel), default);

    private double[] Measured(int record, ReadOnlySpan<double> kernel)
    {
        for (int quantity = 0; quantity < components.Length; quantity++)
        {
            int[] of = components[quantity];
            for (int lane = 0; lane < lanes; lane++)
            {
                double sum = 0;
                foreach (int pair in of) sum += kernel[(pair * lanes) + lane];
                // Tangents may overflow where kernels do not, and paths, which are n times as large, before them.
                if (lane < valid && !double.IsFinite(sum)) throw BatchAccumulator.Overflow(settings, record);
                measured[(quantity * lanes) + lane] = sum / of.Length;
            }
        }

        return measured;
    }
}
