// Reads the name of a closure. The table is the list of all closures: one line each. What help, completion, the explorer, the comparison of a report
// and property tests name comes from it.

using System.Globalization;
using System.Text.RegularExpressions;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>All closures that can be named.</summary>
public static partial class ClosureRegistry
{
    // Name; the number in brackets if it may be left out, its range (0, 0: takes none); the closure; how it is written; which of them are
    // suggested, and which are compared with one another where nobody says.
    private sealed record Entry(string Name, int? DefaultArgument, int Lowest, int Highest, Func<int, IClosure> Make, string[] Forms, string[] Suggested, string[] Compared)
    {
        public Entry(string name, Func<IClosure> make)
            : this(name, 0, 0, 0, _ => make(), [name], [name], [name])
        {
        }
    }

    private static readonly Entry[] Entries =
    [
        new("g-only", () => new GOnly()),
        new("g-connected", () => new GConnected()),
        new("sigma-kernel", 1, 1, SigmaKernel.Limit, kernels => new SigmaKernel(kernels), ["sigma-kernel", "sigma-kernel(m)"], ["sigma-kernel"], ["sigma-kernel"]),
        new("hermite", null, 1, HermiteModes.Limit, order => new HermiteModes(order), ["hermite(k)", "hermite(auto)"],
            ["hermite(4)", "hermite(10)", "hermite(20)", "hermite(auto)"], ["hermite(1)", "hermite(4)", "hermite(10)", "hermite(20)"]),
    ];

    /// <summary>A list of observables, as an example.</summary>
    private const string List = "[x*y, sigma(x)*sigma(y), x]";

    /// <summary>What may be written, for messages and help.</summary>
    public static string Syntax { get; } = $"{string.Join(", ", Entries.SelectMany(entry => entry.Forms))}, or a list of observables such as {List}";

    /// <summary>Closures that are worth trying, as they are written.</summary>
    public static IReadOnlyList<string> Suggested { get; } = [.. Entries.SelectMany(entry => entry.Suggested), List];

    /// <summary>Closures that a report compares with one another.</summary>
    public static IReadOnlyList<string> Compared { get; } = [.. Entries.SelectMany(entry => entry.Compared)];

    /// <summary>Reads a closure.</summary>
    /// <exception cref="ClosureSyntaxException">The text names none.</exception>
    public static IClosure Parse(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.StartsWith('['))
            return ObservableParser.ParseList(trimmed);
        Match match = NameAndNumber().Match(trimmed);
        if (!match.Success || Entries.FirstOrDefault(each => each.Name == match.Groups["name"].Value) is not { } entry)
            throw new ClosureSyntaxException($"'{trimmed}' is no closure; known are {Syntax}.");
        Group argument = match.Groups["number"];
        if (!argument.Success)
        {
            return entry.DefaultArgument is { } given
                ? entry.Make(given)
                : throw new ClosureSyntaxException($"{entry.Name} needs a number, such as {entry.Name}({Math.Min(20, entry.Highest)}).");
        }

        // hermite(1e-3): an accuracy instead of an order.
        if (entry.Name == "hermite" && Accuracy(argument.Value) is { } accuracy)
            return new HermiteToAccuracy(accuracy);
        if (entry.Highest == 0)
            throw new ClosureSyntaxException($"{entry.Name} takes no number; write {entry.Name}.");
        return int.TryParse(argument.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= entry.Lowest && number <= entry.Highest
            ? entry.Make(number)
            : throw new ClosureSyntaxException($"{entry.Name}({argument.Value}) is out of range; the number must be from {entry.Lowest} to {entry.Highest}{(entry.Name == "hermite" ? ", or an accuracy below 1 such as 0.001" : "")}.");
    }

    private static double? Accuracy(string text) =>
        text == "auto" ? HermiteToAccuracy.Standard
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1 ? value
        : null;

    [GeneratedRegex(@"^(?<name>[a-z]+(-[a-z]+)*)\s*(\(\s*(?<number>[^()\s]+)\s*\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex NameAndNumber();
}
