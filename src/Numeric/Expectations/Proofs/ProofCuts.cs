using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Where panels of a function should end.</summary>
internal static class ProofCuts
{
    /// <summary>Why nothing is proved of a delegate.</summary>
    public const string NoFormula = "it is known by its values alone, without a formula";

    /// <summary>The points at which some part of the function has its kink; null, with the reason as a clause, where they are not known.</summary>
    public static double[]? Of(ActivationDescription function, out string reason)
    {
        reason = "";
        try
        {
            IEnumerable<double> points = function.Expressions(0) is { } known ? Kinks.Points(known.Function, KnownActivations.Variable) : [];
            return [.. points.Concat(function.Kinks.Select(kink => kink.Position)).Distinct().Order()];
        }
        catch (NotSupportedException where)
        {
            reason = $"its kinks are not located ({where.Message.TrimEnd('.')})";
            return null;
        }
    }
}
