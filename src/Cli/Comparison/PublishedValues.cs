using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Comparison;

/// <summary>A value printed in the literature.</summary>
/// <param name="Theory">From the published theory (32-node Gauss-Hermite), or null.</param>
/// <param name="Simulation">From the published simulation, or null.</param>
/// <param name="SimulationStandardError">Its standard error as printed, or null.</param>
internal sealed record PublishedValue(double? Theory, double? Simulation, double? SimulationStandardError = null);

/// <summary>
/// Values printed in Kawase and Ota, arXiv:2604.15742, for their set-up: tanh, C_W = 2, C_b = 0, alpha = 1, eps = .05,
/// n = 64, K(0) = 2 [(1 - .3) 1 + .3 J]; 5e6 networks. They stand beside our numbers and enter no computation.
/// </summary>
internal static class PublishedValues
{
    private static readonly (Quantity Quantity, double Time, PublishedValue Value)[] Diagonal =
    [
        (Quantity.V4, 0.5, new(14.447, 14.719)),
        (Quantity.V4, 1, new(22.663, 23.687)),
        (Quantity.V4, 1.5, new(32.313, 35.010)),
        (Quantity.V4, 2, new(42.878, 48.735)),
        (Quantity.G, 2, new(null, 4.3609)),
        (Quantity.K1, 2, new(-0.9011, -0.7742, 0.0250)),
    ];

    /// <summary>The printed value, if the specification is the paper's and the paper prints one.</summary>
    public static PublishedValue? Find(Specification specification, Quantity quantity, InputPair pair, double time) =>
        IsPaperSetUp(specification) && pair.IsDiagonal
            ? Diagonal.FirstOrDefault(entry => entry.Quantity == quantity && Math.Abs(entry.Time - time) < 1e-9).Value
            : null;

    private static bool IsPaperSetUp(Specification specification)
    {
        for (int a = 0; a < specification.Inputs; a++)
        {
            for (int b = 0; b < specification.Inputs; b++)
            {
                if (specification.Network.Kernel[a, b] != (a == b ? 2 : 0.6))
                    return false;
            }
        }

        return specification is { Network: { WeightVariance: 2, BiasVariance: 0, Skip: 1, Step: 0.05 }, Width: 64 }
            && specification.Network.Activation.Replace(" ", "", StringComparison.Ordinal) == "tanh(x)";
    }
}
