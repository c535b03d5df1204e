// The linear equations of a moment system on modes, followed path by path:
//   g' = keep g + drive xi(sigma sigma) + noise,  xi(sigma sigma) = response g + modes      (the fluctuations; s = C_W xi(sigma sigma))
//   K1' = keepMean K1 + driveMean U1,             U1 = response K1 + modes                  (the means)
// The numbers are read off the statements; response and modes are the tensors B2 and B of the system's expansion.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>What one layer does to g and to K1 along a path.</summary>
/// <param name="Keep">The coefficient of g in g'.</param>
/// <param name="Drive">The coefficient of xi(sigma sigma) in g'.</param>
/// <param name="KeepMean">The coefficient of K1 in K1'.</param>
/// <param name="DriveMean">The coefficient of U1 in K1'.</param>
internal readonly record struct PathwiseMap(double Keep, double Drive, double KeepMean, double DriveMean)
{
    /// <summary>The map of a system in discrete depth.</summary>
    /// <exception cref="NotSupportedException">The ofDrive takes its response and its modes with different factors, or something else drives g or K1.</exception>
    public static PathwiseMap Of(EquationSystem system, LayerNumbers layer)
    {
        ContractedEquation fluctuation = system.Fluctuations.Single(equation => equation.IsNext), ofDrive = system.Fluctuations.Single(equation => !equation.IsNext);
        ContractedEquation mean = system.Step.OfType<ContractedEquation>().Single(equation => equation.IsNext && equation.Variable.Tensor == MomentLetters.MeanCorrection);
        (double keep, double drive) = Pair(fluctuation, MomentLetters.KernelFluctuation, MomentLetters.Drive, layer);
        (double keepMean, double driveMean) = Pair(mean, MomentLetters.MeanCorrection, MomentLetters.SigmaCorrection, layer);
        double[] factors = [.. Terms(ofDrive, layer).Select(term => term.Coefficient)];
        if (factors.Any(factor => factor != factors[0]))
            throw new NotSupportedException("The ofDrive takes its response and its modes with different factors, which no path follows.");
        return new(keep, drive * factors[0], keepMean, driveMean);
    }

    private static (double First, double Second) Pair(ContractedEquation equation, Tensor first, Tensor second, LayerNumbers layer)
    {
        double one = 0, other = 0;
        foreach ((double coefficient, IReadOnlyList<Indexed> tensors) in Terms(equation, layer))
        {
            if (tensors is not [var single] || (single.Tensor != first && single.Tensor != second))
                throw new NotSupportedException($"{equation.Variable} at the next layer depends on {string.Join(" ", tensors)}, which no path follows.");
            (one, other) = single.Tensor == first ? (one + coefficient, other) : (one, other + coefficient);
        }

        return (one, other);
    }

    private static IEnumerable<(double Coefficient, IReadOnlyList<Indexed> Tensors)> Terms(ContractedEquation equation, LayerNumbers layer) =>
        equation.RightSide.Expand().Terms.ToArray().Select(EquationTerm.Of).Select(term => (layer.ValueOf(term.Coefficient), term.Tensors));
}
