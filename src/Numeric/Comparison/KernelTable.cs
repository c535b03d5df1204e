// Fixed points of all flat networks of one activation at once. A layer makes of the kernel of one input, and of the difference of two nearly equal ones,
//   K' = alpha^2 K + eps^2 (C_W s(K) + C_b)        dK'/dK = alpha^2 + eps^2 C_W s'(K)        chi = alpha^2 + eps^2 C_W d(K)
// with s, s' and d those of the layer alpha = 0, eps = C_W = 1, C_b = 0, which KernelFlow takes from the derived equations. They are kept at kernels in even ratios, and
// s/K, s' and d are read between them by cubics in ln K (for ReLU all are constants): a map of hundreds of networks is then arithmetic, right to some 1e-5, where
// KernelFlow has every digit.

using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>What a layer of an activation makes of a kernel, kept.</summary>
internal sealed class KernelTable
{
    private const int PerDecade = 12, FirstDecade = -4, LastDecade = 3;
    private const double Spacing = 2.302585092994046 / PerDecade, Accuracy = 1e-10;

    private readonly double[] _sizes, _slopes, _differences;

    /// <summary>Fills the table.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="quadrature">How Gaussian expectations are taken.</param>
    /// <param name="cancellation">Ends it.</param>
    public KernelTable(string activation, QuadratureChoice quadrature, CancellationToken cancellation)
    {
        int count = ((LastDecade - FirstDecade) * PerDecade) + 1;
        (_sizes, _slopes, _differences) = (new double[count], new double[count], new double[count]);
        var unit = new Network { Activation = activation, WeightVariance = 1, Skip = 0, Step = 1, Depth = 1, Kernel = new[,] { { 1.0 } } };
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new KernelFlow(unit, quadrature), (at, _, flow) =>
        {
            try
            {
                (_sizes[at], _slopes[at], _differences[at]) = flow.At(Kernel(at));
            }
            catch (Exception reason) when (reason is ComputationException or UnprovedException or Expectations.QuadratureException)
            {
                (_sizes[at], _slopes[at], _differences[at]) = (double.NaN, double.NaN, double.NaN);
            }

            return flow;
        }, _ => { });
    }

    /// <summary>The fixed point that the first input of a flat network runs to; of chaos the correlation in the end is not known here.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ComputationException">The kernel goes where the activation has no value.</exception>
    public KernelFixedPoint Find(Network network)
    {
        (double ofStream, double ofLayer, double biases) = (network.Skip * network.Skip, network.Step * network.Step * network.WeightVariance, network.Step * network.Step * network.BiasVariance);
        double kernel = KernelFlow.RunsTo(network.Kernel[0, 0], of => (Growth(of), Response(of)), (Kernel(0), Kernel(_sizes.Length - 1)), double.PositiveInfinity, Accuracy, out bool hasSettled);
        double slope = Response(kernel), chi = ofStream + (ofLayer * Read(_differences, kernel));
        return hasSettled
            ? new(kernel, slope, chi, chi <= 1 ? 1 : double.NaN, chi <= 1 ? chi : double.NaN)
            : new(Growth(kernel) > 0 ? double.PositiveInfinity : 0, slope, chi, 1, chi / slope);

        double Growth(double of) => ((ofStream - 1) * of) + (ofLayer * Size(of)) + biases is var growth && double.IsFinite(growth)
            ? growth
            : throw new ComputationException(FormattableString.Invariant($"The kernel of an input comes to K = {of:G6}, where the activation {network.Activation} has no expectations that are known."));

        double Response(double of) => ofStream + (ofLayer * Read(_slopes, of));
    }

    private static double Kernel(int entry) => Math.Pow(10, FirstDecade + ((double)entry / PerDecade));

    // With its slope: exact in first order at every entry.
    private double Size(double kernel)
    {
        (int at, double share) = Place(kernel);
        double Part(int entry) => _sizes[entry] / Kernel(entry);
        double Slope(int entry) => (_slopes[entry] - Part(entry)) * Spacing;
        return kernel * Cubic(Part(at), Slope(at), Part(at + 1), Slope(at + 1), share);
    }

    private double Read(double[] values, double kernel)
    {
        (int at, double share) = Place(kernel);
        double Slope(int entry) => entry == 0 ? values[1] - values[0] : entry == values.Length - 1 ? values[^1] - values[^2] : (values[entry + 1] - values[entry - 1]) / 2;
        return Cubic(values[at], Slope(at), values[at + 1], Slope(at + 1), share);
    }

    private (int At, double Share) Place(double kernel)
    {
        double place = (Math.Log10(kernel) - FirstDecade) * PerDecade;
        int at = Math.Clamp((int)place, 0, _sizes.Length - 2);
        return (at, place - at);
    }

    private static double Cubic(double left, double slopeLeft, double right, double slopeRight, double share)
    {
        double square = share * share, cube = square * share;
        return (((2 * cube) - (3 * square) + 1) * left) + ((cube - (2 * square) + share) * slopeLeft) + (((3 * square) - (2 * cube)) * right) + ((cube - square) * slopeRight);
    }
}
