// Fixed points of the map that a layer makes of the kernel of one input, K -> F(K), and what becomes of small differences there:
//   K*                F(K*) = K*; iterated by Newton's step K + (F - K)/(1 - F'), which is a step of the map where that leaves K >= 0. What has not settled
//                     then grows or falls slowly, as along a residual stream: it is followed in even ratios, until it turns back or has left the range
//   F'                dF/dK: how a difference of the sizes of two inputs grows in a layer
//   chi(c)            dK_ab'/dK_ab of two inputs of size K* and correlation c: how a difference of their directions grows; chi = chi(1)
//   c*                the correlation that any two inputs end with: 1 where chi <= 1 (order), else the other fixed point (chaos)
// In layers, differences die out as exp(-l/xi): xi_kernel = -1/ln F', xi_correlation = -1/ln chi(c*); chi = 1 is the edge of chaos. F and the derivatives are the
// derived equations of the network, a program of layers or not.

using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>The fixed point of the kernel under one layer, repeated: ordered, chaotic or critical.</summary>
/// <param name="Kernel">K*; 0 where the kernel dies out, infinite where it grows without end.</param>
/// <param name="KernelSlope">dK'/dK there; of a kernel that grows or dies out, the factor of a layer in the end.</param>
/// <param name="Slope">chi: dK_ab'/dK_ab of two nearly equal inputs; 1 at the edge of chaos.</param>
/// <param name="Correlation">c*: the correlation that two inputs end with.</param>
/// <param name="CorrelationSlope">dK_ab'/dK_ab at c*; of a kernel that grows or dies out, chi over the factor of the kernel.</param>
public sealed record KernelFixedPoint(double Kernel, double KernelSlope, double Slope, double Correlation, double CorrelationSlope)
{
    /// <summary>In how many layers a difference of sizes falls by a factor e; infinite at and beyond a slope of 1.</summary>
    public double KernelLength => Length(KernelSlope);

    /// <summary>In how many layers a difference of directions falls by a factor e; infinite at the edge of chaos.</summary>
    public double CorrelationLength => Length(CorrelationSlope);

    // A slope is known to some 1e-12.
    private static double Length(double slope) => slope <= 0 ? 0 : slope < 1 - 1e-11 ? -1 / Math.Log(slope) : double.PositiveInfinity;
}

/// <summary>Finds fixed points of one layer of a network.</summary>
internal sealed class KernelFlow
{
    private const double Smallest = 1e-12, Largest = 1e12, Accuracy = 1e-13, Critical = 1e-11, Apart = 1e-4, Ratio = 1.2;
    private const int MostSteps = 10_000, QuickSteps = 200;

    // A kernel that grows slowly has grown without end when it is so many times what it was, and slopes are those there: what saturates is a step much further out,
    // and nearly equal inputs are not.
    private const double Far = 1e3;

    private readonly MomentEquations _one, _two;
    private readonly double _start;

    /// <summary>Takes the layer of a network.</summary>
    /// <param name="network">A network whose layers are all the same; the kernel of its first input is where the iteration begins.</param>
    /// <param name="quadrature">How Gaussian expectations are taken.</param>
    /// <exception cref="NotSupportedException">The layers are not all the same, or do something that is not derived.</exception>
    public KernelFlow(Network network, QuadratureChoice quadrature)
    {
        network = network.OnInputs([0]);
        // The layers of a flat network are the same: one says it all.
        if (network.Layers is null)
            network = network with { Depth = 1 };
        IReadOnlyList<StreamStep> steps = ClosureSolver.Steps(network);
        _start = network.Kernel[0, 0];
        (_one, _two) = (Of(1), Of(2));

        MomentEquations Of(int inputs)
        {
            try
            {
                (MomentEquations equations, _, _, LayerNumbers[] numbers, _) = ProgramSolver.Equations(steps, inputs, new GOnly(), quadrature.IsEstimated, [Notation.MeanKernel]);
                return numbers.All(layer => ReferenceEquals(layer, numbers[0]))
                    ? equations
                    : throw new NotSupportedException("The layers of the network are not all the same, and a fixed point is what one layer, repeated, leaves as it is; give a program of one layer that is repeated with the same numbers.");
            }
            catch (LayerProgramException reason)
            {
                throw new NotSupportedException(reason.Message, reason);
            }
        }
    }

    /// <summary>The fixed point that the network's first input runs to.</summary>
    /// <exception cref="ComputationException">The correlation of two inputs does not settle.</exception>
    public KernelFixedPoint Find()
    {
        double lowest = Smallest * _start, highest = Largest * Math.Max(_start, 1);
        double kernel = RunsTo(_start, of => Layer(of) is var (next, response) ? (next - of, response) : default, (lowest, highest), Far, Accuracy, out bool hasSettled);

        // Where the kernel dies out or grows, slopes are those of a very small or large one.
        if (!hasSettled)
            kernel = Math.Min(kernel, Far * Math.Max(_start, 1));
        double slope = Layer(kernel).Slope, chi = AtEqualInputs(kernel);
        double fixedPoint = hasSettled ? kernel : kernel < _start ? 0 : double.PositiveInfinity;
        (double correlation, double ofCorrelation) = !hasSettled ? (1, chi / slope) : chi > 1 + Critical ? Decorrelated(kernel) : (1, chi);
        return new(fixedPoint, slope, chi, correlation, ofCorrelation);
    }

    /// <summary>Where a kernel runs to: a fixed point, or the end of a range on which it meets none.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="layer">By how much a layer makes it grow, and the derivative of what comes out.</param>
    /// <param name="range">How small and how large it may become.</param>
    /// <param name="far">How many times larger or smaller it may become where it does so slowly.</param>
    /// <param name="accuracy">To which part of itself a fixed point is found.</param>
    /// <param name="hasSettled">Whether it is a fixed point.</param>
    internal static double RunsTo(double start, Func<double, (double Growth, double Slope)> layer, (double Lowest, double Highest) range, double far, double accuracy, out bool hasSettled)
    {
        double kernel = start;
        for (int step = 0; step < QuickSteps && kernel >= range.Lowest && kernel <= range.Highest; step++)
        {
            (double growth, double slope) = layer(kernel);
            hasSettled = Math.Abs(growth) <= accuracy * kernel;
            if (hasSettled)
                return kernel;
            double next = kernel + growth, newton = kernel + (growth / (1 - slope));
            kernel = slope < 1 && newton > 0 && newton < 100 * Math.Max(kernel, next) ? newton : next;
        }

        // Back into the range, if it was left, and on from there.
        kernel = Math.Clamp(kernel, range.Lowest, range.Highest);
        int direction = Math.Sign(layer(kernel).Growth);
        double end = direction > 0 ? Math.Min(range.Highest, far * Math.Max(start, 1)) : Math.Max(range.Lowest, Math.Min(start, 1) / far);
        hasSettled = direction == 0;
        while (!hasSettled && (end - kernel) * direction > 0)
        {
            double next = direction > 0 ? Math.Min(Ratio * kernel, end) : Math.Max(kernel / Ratio, end);
            hasSettled = layer(next).Growth * direction <= 0;
            while (hasSettled && Math.Abs(next - kernel) > accuracy * kernel && (kernel + next) / 2 is var middle && middle != kernel && middle != next)
                (kernel, next) = layer(middle).Growth * direction > 0 ? (middle, next) : (kernel, middle);
            if (!hasSettled)
                kernel = next;
        }

        return kernel;
    }

    /// <summary>What a layer makes of the kernel of one input, with its slope, and of the difference of two nearly equal ones.</summary>
    /// <param name="kernel">K.</param>
    public (double Next, double Slope, double Difference) At(double kernel)
    {
        (double next, double slope) = Layer(kernel);
        return (next, slope, AtEqualInputs(kernel));
    }

    // K' and dK'/dK of one input.
    private (double Next, double Slope) Layer(double kernel)
    {
        double[] state = _one.Initial([kernel]), next = new double[_one.Length];
        _one.Next(state, next);
        return (next[0], _one.KernelResponse(state)[0]);
    }

    // K_ab' and dK_ab'/dK_ab of two inputs of one size.
    private (double Next, double Slope) Pair(double kernel, double correlation)
    {
        double[] state = _two.Initial([kernel, correlation * kernel, kernel]), next = new double[_two.Length];
        _two.Next(state, next);
        return (next[1], _two.KernelResponse(state)[4]);
    }

    // chi: of exactly equal inputs the equations know one. In s = sqrt(2(1 - c)), in which kinks are smooth too, from three steps away.
    private double AtEqualInputs(double kernel)
    {
        double At(int step) => Pair(kernel, 1 - (step * step * Apart * Apart / 2)).Slope;
        return (3 * At(1)) - (3 * At(2)) + At(3);
    }

    // In chaos c = 1 is left: the fixed point below it, from a side where the map leads down.
    private (double Correlation, double Slope) Decorrelated(double kernel)
    {
        double correlation = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            (double value, double slope) = Pair(kernel, correlation);
            double next = Math.Min(value / kernel, 1);
            if (Math.Abs(next - correlation) <= Accuracy)
                return (next, slope);
            double newton = correlation + ((next - correlation) / (1 - slope));
            correlation = slope < 1 && newton > -1 && newton < 1 ? newton : next;
        }

        throw new ComputationException(FormattableString.Invariant($"The correlation of two inputs of K = {kernel:G6} has not settled after {MostSteps} layers."));
    }
}
