// Functions of one neuron at one kernel: f = sigma^2 and its derivatives on the nodes of a grid, products of them, and their modes.
//   E[f^(i) he_m] = E[f he_(m+i)] sqrt((m+i)!/m!) / K^(i/2): a derivative alone is a shift of the modes of f, which sums over all modes are.

using SymbolicEft.Numeric.Expectations;
using System.Runtime.CompilerServices;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>Workspace: functions of one neuron at the kernel that is used.</summary>
internal sealed class LineFunctions
{
    private readonly ActivationDescription _sigma;
    private readonly int _highestDerivative;
    private readonly double[] _jumps;
    private readonly Dictionary<string, double[]> _products = new(StringComparer.Ordinal), _modes = new(StringComparer.Ordinal);
    private double[] _points = [], _values = [];
    private double[][] _sigmaKernel = [];
    private double[] _coefficients;

    /// <summary>Prepares the functions.</summary>
    /// <param name="sigma">The activation.</param>
    /// <param name="highestDerivative">The highest derivative of f that stands in a product.</param>
    /// <param name="grid">The rule.</param>
    public LineFunctions(ActivationDescription sigma, int highestDerivative, LineGrid grid)
    {
        (_sigma, _highestDerivative, Grid) = (sigma, highestDerivative, grid);
        _jumps = [.. sigma.Kinks.Where(kink => grid.Jumps.Contains(kink.Position)).Select(kink => 2 * sigma.Value(kink.Position) * sigma.Jump(kink, 1))];
        _coefficients = [];
    }

    /// <summary>The rule.</summary>
    public LineGrid Grid { get; }

    /// <summary>K.</summary>
    public double Kernel { get; private set; }

    /// <summary>Takes a kernel.</summary>
    /// <param name="kernel">K.</param>
    /// <param name="modes">The number of modes of f wanted, 0 included.</param>
    public void Use(double kernel, int modes)
    {
        if (kernel == Kernel && _coefficients.Length == modes)
            return;
        Kernel = kernel;
        Grid.Use(kernel);
        _products.Clear();
        _modes.Clear();
        int count = Grid.Count, regular = count - _jumps.Length;
        double deviation = Math.Sqrt(kernel);
        if (_points.Length != count)
        {
            (_points, _values) = (new double[count], new double[(_highestDerivative + 1) * count]);
            _sigmaKernel = [.. Enumerable.Range(0, _highestDerivative + 1).Select(_ => new double[count])];
        }

        for (int at = 0; at < count; at++)
            _points[at] = deviation * Grid.Nodes[at];
        _sigma.Fill(_highestDerivative, _points, _values);
        for (int order = 0; order <= _highestDerivative; order++)
        {
            double[] row = _sigmaKernel[order];
            Array.Clear(row);
            double choose = 1;
            for (int left = 0; left <= order; left++)
            {
                ReadOnlySpan<double> first = _values.AsSpan(left * count, count), second = _values.AsSpan((order - left) * count, count);
                for (int at = 0; at < count; at++)
                    row[at] += choose * first[at] * second[at];
                choose = choose * (order - left) / (left + 1);
            }

            for (int jump = 0; jump < _jumps.Length; jump++)
                row[regular + jump] = order == 0 ? row[regular + jump] : order == 2 ? _jumps[jump] / deviation : 0;
        }

        _coefficients = new double[modes];
        double[] weighted = Weighted(_sigmaKernel[0]);
        weighted.AsSpan(regular).Clear();
        for (int mode = 0; mode < modes; mode += Grid.IsEven ? 2 : 1)
            _coefficients[mode] = VectorSums.Dot(weighted, Grid.Table[mode]);
    }

    /// <summary>E[f^(order) he_mode].</summary>
    public double OfSigmaKernel(int order, int mode)
    {
        double factor = 1;
        for (int step = 1; step <= order; step++)
            factor *= Math.Sqrt((mode + step) / Kernel);
        return factor * _coefficients[mode + order];
    }

    /// <summary>E of a product without a mode.</summary>
    public double Mean(LineProduct product)
    {
        if (product.IsSigmaKernel)
            return OfSigmaKernel(product.SigmaKernels[0].Order, 0);
        return VectorSums.Dot(Weighted(Values(product)), Grid.Roots);
    }

    /// <summary>E[product he_j] for j = 1, 2, ..., of a product without a mode.</summary>
    public double[] Modes(LineProduct product, int modes)
    {
        if (_modes.TryGetValue(product.FunctionsKey, out double[]? known))
            return known;
        var result = new double[modes];
        if (product.IsSigmaKernel)
        {
            for (int mode = 1; mode <= modes; mode++)
                result[mode - 1] = OfSigmaKernel(product.SigmaKernels[0].Order, mode);
        }
        else
        {
            Project(Weighted(Values(product)), 0, 1, result);
        }

        return _modes[product.FunctionsKey] = result;
    }

    /// <summary>The product of the functions but for the mode, on the nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double[] Values(LineProduct product)
    {
        if (_products.TryGetValue(product.FunctionsKey, out double[]? known))
            return known;
        int count = Grid.Count, regular = count - _jumps.Length;
        var values = new double[count];
        Array.Fill(values, 1);
        if (product.Weight != ProductWeight.One)
        {
            double mean = OfSigmaKernel(0, 0);
            for (int at = 0; at < count; at++)
            {
                double weight = ((_points[at] * _points[at] / Kernel) - 1) / Kernel, slope = _sigmaKernel[1][at] * _sigmaKernel[1][at];
                values[at] = weight * (product.Weight == ProductWeight.Slope ? slope : ((_sigmaKernel[0][at] - mean) * _sigmaKernel[2][at]) - slope);
            }
        }

        foreach (SigmaKernelDerivative each in product.SigmaKernels)
        {
            double[] row = _sigmaKernel[each.Order];
            double mean = each.Centred ? OfSigmaKernel(each.Order, 0) : 0;
            for (int at = 0; at < count; at++)
                values[at] *= row[at] - (at < regular || each.Order != 2 ? mean : 0);
        }

        foreach (int order in product.Pairs)
        {
            for (int at = 0; at < count; at++)
                values[at] *= order == 0 ? (_points[at] * _points[at]) - Kernel : order == 1 ? 2 * _points[at] : 2;
        }

        if (product.Weight == ProductWeight.Slope || (product.Weight == ProductWeight.One && !product.SigmaKernels.Any(each => each.Order == 2)))
            values.AsSpan(regular).Clear();
        return _products[product.FunctionsKey] = values;
    }

    /// <summary>A function times the roots of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double[] Weighted(double[] values)
    {
        var result = new double[values.Length];
        for (int at = 0; at < values.Length; at++)
            result[at] = values[at] * Grid.Roots[at];
        return result;
    }

    /// <summary>Adds factor E[F d^order he_j] for j = 1, 2, ...</summary>
    /// <param name="weighted">F times the roots of the weights.</param>
    /// <param name="order">How often the mode is differentiated, in x.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="result">Over modes.</param>
    public void Project(double[] weighted, int order, double factor, double[] result)
    {
        int first = Math.Max(1, order), step = Grid.IsEven ? 2 : 1;
        for (int mode = first + (first % step); mode <= result.Length; mode += step)
        {
            double scale = factor;
            for (int below = 0; below < order; below++)
                scale *= Math.Sqrt((mode - below) / Kernel);
            result[mode - 1] += scale * VectorSums.Dot(weighted, Grid.Table[mode - order]);
        }
    }

    /// <summary>The function of given modes 1, 2, ..., times the roots of the weights.</summary>
    public double[] Synthesise(ReadOnlySpan<double> modes)
    {
        var result = new double[Grid.Count];
        for (int step = Grid.IsEven ? 2 : 1, mode = step; mode <= modes.Length; mode += step)
            VectorSums.AddMultiple(Grid.Table[mode], modes[mode - 1], result);
        return result;
    }
}
