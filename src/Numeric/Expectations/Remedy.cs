namespace SymbolicEft.Numeric.Expectations;

/// <summary>What a user can do about an expectation that is not known well enough; refusals end with one of these.</summary>
internal static class Remedy
{
    /// <summary>For what does not converge: a kink that is hidden in the expression, or a function that varies on too many scales.</summary>
    public const string Smoothness = "where the function has a kink, write it with abs, relu, sign or step, whose kinks are located; otherwise use a smaller kernel";

    /// <summary>For what leaves the range of double precision.</summary>
    public const string Size = "use a smaller kernel, or a function that grows less";
}
