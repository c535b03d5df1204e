using System.Globalization;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Reporting;

/// <summary>What is known of the errors of the Gaussian expectations that numbers rest on, as every output says it.</summary>
/// <param name="Status">proved, estimate, or none: not even the error is estimated.</param>
/// <param name="Unproved">What is not proved and why, a sentence each; empty where everything is.</param>
public sealed record Proof(string Status, IReadOnlyList<string> Unproved)
{
    private const int MostLines = 3;

    /// <summary>Everything is proved.</summary>
    public static Proof Whole { get; } = new(ProofStatus.Proved.ToString().ToLowerInvariant(), []);

    /// <summary>Whether everything is proved.</summary>
    public bool IsProved => Unproved.Count == 0;

    /// <summary>One sentence for the top of a table; empty where everything is proved.</summary>
    public string Sentence => Unproved.Count switch
    {
        0 => "",
        1 => $"{Heading} {Unproved[0]}.",
        var count => string.Create(CultureInfo.InvariantCulture, $"{Heading} {Unproved[0]}; so are {count - 1} more kinds of expectations."),
    };

    /// <summary>A line each for the end of a table of text.</summary>
    public IEnumerable<string> Lines => Unproved.Count <= MostLines
        ? Unproved
        : [.. Unproved.Take(MostLines), string.Create(CultureInfo.InvariantCulture, $"{Unproved.Count - MostLines} more kinds of expectations are not proved; all are named with --format json")];

    private string Heading => Status == "none" ? "Numbers whose error is not known:" : "Estimates, not proved:";

    /// <summary>Of the numbers of some solutions together.</summary>
    public static Proof Of(params IEnumerable<TheorySolution> solutions)
    {
        TheorySolution[] all = [.. solutions];
        return all.Length == 0 ? Whole : new(all.Max(solution => solution.Proof).ToString().ToLowerInvariant(), [.. all.SelectMany(solution => solution.Unproved).Distinct().Select(each => each.ToString())]);
    }
}
