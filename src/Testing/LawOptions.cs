namespace SymbolicEft.Testing;

/// <summary>What networks laws are checked on, and how exactly.</summary>
public sealed record LawOptions
{
    /// <summary>Largest difference of two numbers that must be equal, relative to the largest number of its tensor.</summary>
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>The most inputs of a network.</summary>
    public int MostInputs { get; init; } = 3;

    /// <summary>The most layers of a network.</summary>
    public int MostLayers { get; init; } = 12;

    /// <summary>The activations, as specifications name them; <see cref="ActivationGenerators.Smooth"/> if null.</summary>
    public IReadOnlyList<string>? Activations { get; init; }
}
