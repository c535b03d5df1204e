namespace SymbolicEft.Numeric.Simulation;

/// <summary>What random numbers are for: the highest bits of the counter word that otherwise holds the number of the layer. Zero: the normals of the block law, and of the input of both laws.</summary>
internal static class CounterPurpose
{
    /// <summary>Weights.</summary>
    public const uint Weights = 1u << 28;

    /// <summary>Biases.</summary>
    public const uint Biases = 2u << 28;

    /// <summary>Masks of dropout.</summary>
    public const uint Masks = 3u << 28;

    /// <summary>Normals of rows whose tangents are integrated.</summary>
    public const uint Conditional = 4u << 28;

    /// <summary>The same of the networks that the coefficients of their control variate are fitted to.</summary>
    public const uint Pilot = 5u << 28;
}
