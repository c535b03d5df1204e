using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Tests;

internal static class Theories
{
    internal static FieldTheory OneField(string drift, string noise) =>
        FieldTheory.OneField(LegCounts.Parse(drift, 2), LegCounts.Parse(noise, 0));
}
