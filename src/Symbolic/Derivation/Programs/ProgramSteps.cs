namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>The derivation of a program of layers, step by step.</summary>
internal static class ProgramSteps
{
    /// <summary>All steps.</summary>
    public static IReadOnlyList<DerivationStep> Of(ProgramSystem program) => [];
}
