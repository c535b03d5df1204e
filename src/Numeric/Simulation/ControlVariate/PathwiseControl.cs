using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>A prediction of the kernels of each sampled network, linear in the fluctuations, whose mean is zero and whose covariances are known: the control variate of an engine.</summary>
internal abstract class PathwiseControl
{
    /// <summary>As highest order: the prediction has modes of all orders.</summary>
    public const int AllOrders = 0;

    /// <summary>The most memory that the numbers of all layers may take.</summary>
    protected const double MemoryLimit = 4.0 * (1L << 30);

    // Covariances of a prediction of all orders are computed to the first of these orders at which what is left of V4 is negligible, or to the
    // last that can be afforded.
    private const int FirstCovarianceOrder = 20, LastCovarianceOrder = 160;
    private const double Negligible = 1e-5, MostWork = 2e9;

    /// <summary>Makes room.</summary>
    /// <param name="records">Number of recorded layers.</param>
    /// <param name="highestOrder">The highest order of a mode.</param>
    protected PathwiseControl(int records, int highestOrder)
    {
        HighestOrder = highestOrder;
        (K0, E2) = (new double[records][], new double[records][]);
        (KernelCovariance, MixedCovariance, SigmaCovariance) = (new double[records][,], new double[records][,], new double[records][,]);
        (KernelTruncation, MixedTruncation, SigmaTruncation) = (new double[records][,], new double[records][,], new double[records][,]);
    }

    /// <summary>The highest order k of a mode that enters the prediction, or <see cref="AllOrders"/>.</summary>
    public int HighestOrder { get; }

    /// <summary>What its expectations rest on and nothing proves.</summary>
    public IReadOnlyList<Unproved> Unproved { get; protected set; } = [];

    /// <summary>K0 in discrete depth at each recorded layer, over pairs.</summary>
    public double[][] K0 { get; }

    /// <summary>E2(K0) = E[sigma sigma] at each recorded layer, over pairs.</summary>
    public double[][] E2 { get; }

    /// <summary>Cov(g, g) at each recorded layer, pairs x pairs; the same at every width, exact up to <see cref="KernelTruncation"/>.</summary>
    public double[][,] KernelCovariance { get; }

    /// <summary>Cov(t, g) at each recorded layer, pairs x pairs, first index t.</summary>
    public double[][,] MixedCovariance { get; }

    /// <summary>Cov(t, t) at each recorded layer, pairs x pairs.</summary>
    public double[][,] SigmaCovariance { get; }

    /// <summary>Bound on what the covariance order leaves out of Cov(g, g); zero unless the prediction has all orders.</summary>
    public double[][,] KernelTruncation { get; }

    /// <summary>Likewise of Cov(t, g).</summary>
    public double[][,] MixedTruncation { get; }

    /// <summary>Likewise of Cov(t, t).</summary>
    public double[][,] SigmaTruncation { get; }

    /// <summary>The control variate at the first covariance order at which next to nothing is left out, as far as that can be afforded.</summary>
    /// <param name="make">Makes it to an order.</param>
    /// <param name="layers">Number of layers, for what can be afforded.</param>
    protected static TControl ToSufficientOrder<TControl>(Func<int, TControl> make, int layers)
        where TControl : PathwiseControl
    {
        TControl result = make(FirstCovarianceOrder);
        for (int next = 2 * FirstCovarianceOrder; next <= LastCovarianceOrder && result.LargestTruncation() > Negligible && result.Work(next, layers) <= MostWork; next *= 2)
        {
            try
            {
                result = make(next);
            }
            catch (Exception reason) when (reason is QuadratureException or UnprovedException)
            {
                break; // the lower order stands, with its bound
            }
        }

        return result;
    }

    /// <summary>R with R R^T the covariance of a row, over pairs. Rounding of a correlation of +-1 must not make it indefinite.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="covariance">The entry of a pair.</param>
    protected static double[,] Factor(int inputs, Func<int, double> covariance)
    {
        var matrix = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            matrix[a, a] = covariance(PairIndexing.Of(a, a, inputs));
            for (int b = 0; b < a; b++)
            {
                double bound = Math.Sqrt(matrix[a, a] * matrix[b, b]);
                matrix[a, b] = matrix[b, a] = Math.Clamp(covariance(PairIndexing.Of(b, a, inputs)), -bound, bound);
            }
        }

        return SemidefiniteCholesky.Factor(matrix);
    }

    /// <summary>A square matrix from its entries.</summary>
    protected static double[,] Square(int size, Func<int, int, double> entry)
    {
        var matrix = new double[size, size];
        for (int p = 0; p < size; p++)
        {
            for (int q = 0; q < size; q++) matrix[p, q] = entry(p, q);
        }

        return matrix;
    }

    /// <summary>What is left out of V4, relative to it.</summary>
    protected virtual double LargestTruncation()
    {
        double largest = 0;
        for (int record = 0; record < KernelCovariance.Length; record++)
        {
            for (int p = 0; p < KernelCovariance[record].GetLength(0); p++)
            {
                if (KernelTruncation[record][p, p] > 0) largest = Math.Max(largest, KernelTruncation[record][p, p] / KernelCovariance[record][p, p]);
            }
        }

        return largest;
    }

    /// <summary>Number of pairs whose covariances with modes are computed.</summary>
    protected virtual int PairsOfModes => KernelCovariance[0].GetLength(0);

    // About the number of multiplications of covariances to an order.
    private double Work(int order, double layers)
    {
        double pairs = PairsOfModes;
        return layers * (pairs == 1 ? order : pairs * pairs * order * order * order / 3);
    }
}
