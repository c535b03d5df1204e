// Reads observables: expressions in x and y (or x alone) in which sigma, sigma', sigma'', ... of x or y may occur; the text
// style's sigma_1(x) is read too. The activation is abstract: sigma(x) is put in for a placeholder variable after parsing.

using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Reads observables from text.</summary>
internal static partial class ObservableParser
{
    private const int HighestDerivative = 12;

    /// <summary>Reads one observable, such as sigma'(x)*sigma'(y).</summary>
    /// <exception cref="ClosureSyntaxException">The text is none.</exception>
    public static Observable Parse(string text)
    {
        var placeholders = new Dictionary<string, Expression>(StringComparer.Ordinal) { ["x"] = Observable.X, ["y"] = Observable.Y };
        string plain = SigmaOfSlot().Replace(text, match =>
        {
            int order = match.Groups["number"].Success ? int.Parse(match.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture) : match.Groups["primes"].Length;
            if (order > HighestDerivative)
                throw new ClosureSyntaxException($"The observable '{text.Trim()}' has a derivative of sigma above the highest, {HighestDerivative}.");
            string slot = match.Groups["slot"].Value, name = $"sigma_{order}_{slot}";
            placeholders[name] = Expression.Apply(ActivationFunction.OfOrder(order), placeholders[slot]);
            return name;
        });
        if (LooseSigma().IsMatch(plain))
            throw new ClosureSyntaxException($"In the observable '{text.Trim()}' sigma must be applied to x or y, such as sigma(x) or sigma'(y).");
        try
        {
            Expression parsed = ExpressionParser.Parse(plain, [.. placeholders.Keys]);
            var table = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
            foreach ((string name, Expression value) in placeholders)
                table[Symbol.Of(name)] = value;
            var observable = Observable.Of(parsed.Substitute(table));
            _ = observable.Products();
            return observable;
        }
        catch (ExpressionSyntaxException problem)
        {
            throw new ClosureSyntaxException($"The observable '{text.Trim()}' is wrong: {problem.Message}");
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            throw new ClosureSyntaxException(problem.Message);
        }
    }

    /// <summary>Reads a list in square brackets.</summary>
    /// <exception cref="ClosureSyntaxException">The text is none.</exception>
    public static ObservableList ParseList(string text)
    {
        string trimmed = text.Trim();
        if (!trimmed.StartsWith('[') || !trimmed.EndsWith(']'))
            throw new ClosureSyntaxException($"The list of observables '{trimmed}' must stand in one pair of square brackets, such as [x*y, x].");
        string inside = trimmed[1..^1];
        if (string.IsNullOrWhiteSpace(inside))
            throw new ClosureSyntaxException("The list of observables is empty; it needs at least x*y.");
        return new ObservableList([.. inside.Split(',').Select(Parse)]);
    }

    [GeneratedRegex(@"\bsigma(_(?<number>[0-9]{1,3})|(?<primes>'*))\s*\(\s*(?<slot>[xy])\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex SigmaOfSlot();

    [GeneratedRegex(@"\bsigma(?!_[0-9]+_[xy]\b)", RegexOptions.CultureInvariant)]
    private static partial Regex LooseSigma();
}
