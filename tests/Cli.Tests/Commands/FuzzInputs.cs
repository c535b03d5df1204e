// Inputs that nobody would write: examples that are right, mutated a few times, or words of the language in any order, or any
// characters at all. A seed and a number make one input, so that a failure can be repeated.

using System.Text;

namespace SymbolicEft.Cli.Tests.Commands;

/// <summary>A source of hostile text.</summary>
internal sealed class FuzzInputs(int seed, string[] examples, string[] words)
{
    private const int Longest = 4000;

    private static readonly string[] Awkward =
    [
        "\0", "\u0001", "\u001b[2J", "\t", "\n", "\r\n", "\u00a0", "\u2028", "\u202e", "\ufeff", "\ud800", "\u0661", "\u03c3", "'", "\"", "`", "\\", "/", "../", "%s", "{0}",
        "NaN", "inf", "-inf", "1e400", "1e-400", "1e5000", "9^9^9^9", "-0", "00", "1e", ".", "..", "0x10", "1_000", "2147483648", "-9223372036854775809", "99999999999999999999999",
        "&a ", "*a", "!!int ", "!t ", "<<: ", "? ", "- ", "---\n", "...\n", "|\n", ">\n", "%YAML 1.9\n", "#", "@", "[", "]", "{", "}", "(", ")", ",", ":", "^", "=", "<",
    ];

    /// <summary>The input of a number.</summary>
    public string Text(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        string text = random.Next(8) switch
        {
            0 => Soup(random, 1 + random.Next(40), words),
            1 => Soup(random, 1 + random.Next(12), Awkward),
            2 => Characters(random, random.Next(60)),
            _ => examples[random.Next(examples.Length)],
        };
        int mutations = random.Next(6);
        for (int at = 0; at < mutations; at++)
            text = Mutated(random, text);
        return text.Length > Longest ? text[..Longest] : text;
    }

    private string Mutated(Random random, string text)
    {
        int start = random.Next(text.Length + 1), length = Math.Min(text.Length - start, random.Next(1 + Math.Min(20, text.Length)));
        string before = text[..start], chunk = text.Substring(start, length), after = text[(start + length)..];
        return random.Next(9) switch
        {
            0 => before + after,
            1 => before + chunk + chunk + after,
            2 => before + Awkward[random.Next(Awkward.Length)] + chunk + after,
            3 => before + words[random.Next(words.Length)] + after,
            4 => before + Characters(random, 1 + random.Next(3)) + after,
            5 => before + chunk + examples[random.Next(examples.Length)] + after,
            // Nested or repeated many times.
            6 => before + Repeated(chunk.Length == 0 ? "(" : chunk, 1 << random.Next(11)) + after,
            7 => before + Repeated("(", 1 << random.Next(10)) + chunk + Repeated(")", 1 << random.Next(10)) + after,
            _ => before + new string([.. chunk.Reverse()]) + after,
        };
    }

    private static string Soup(Random random, int count, string[] from) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => from[random.Next(from.Length)]));

    private static string Characters(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)(random.Next(4) == 0 ? random.Next(0x10000) : random.Next(128))));

    private static string Repeated(string chunk, int times) =>
        new StringBuilder().Insert(0, chunk, Math.Max(1, Math.Min(times, Longest / chunk.Length))).ToString();
}
