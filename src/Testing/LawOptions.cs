using System.Globalization;

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

    // With an infinite tolerance, or no activations, a law holds for everything.
    internal LawOptions Checked() =>
        !(Tolerance > 0 && double.IsFinite(Tolerance)) ? throw new ArgumentException($"Tolerance is {Tolerance.ToString("R", CultureInfo.InvariantCulture)}; it must be finite and above 0.")
        : MostInputs < 1 ? throw new ArgumentException($"MostInputs is {MostInputs}; a network has at least 1.")
        : MostLayers < 1 ? throw new ArgumentException($"MostLayers is {MostLayers}; a network has at least 1.")
        : Activations is { Count: 0 } ? throw new ArgumentException("Activations is empty; leave it out for the smooth ones.")
        : this;
}
