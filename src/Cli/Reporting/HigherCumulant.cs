namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// A joint cumulant of several components of G at some order in 1/n, at the recorded layers. It is symmetric under exchange
/// of its pairs, so that each component is held once: p at most q at most r ... over pairs, the last running fastest.
/// </summary>
/// <param name="Name">Its name, such as V6, V4_1 or K2.</param>
/// <param name="Legs">E, the number of pairs that index it.</param>
/// <param name="Components">Components[record][place].</param>
public sealed record HigherCumulant(string Name, int Legs, IReadOnlyList<IReadOnlyList<double>> Components);
