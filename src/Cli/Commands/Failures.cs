using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Commands;

/// <summary>What an exception says of a computation.</summary>
internal static class Failures
{
    /// <summary>Whether a computation could not be brought to an end; its message is a sentence for the user. Anything else is wrong input, an interruption, or a mistake.</summary>
    public static bool IsComputation(Exception reason) =>
        ComputationFailure.Is(reason) || reason is DiagramLimitException or ReportException;

    /// <summary>Whether a part of a larger work cannot be had, for any reason that its message gives: the work can go on without it.</summary>
    public static bool IsOfOnePart(Exception reason) => IsComputation(reason) || reason is InputException or NotSupportedException;
}
