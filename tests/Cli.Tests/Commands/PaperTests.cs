using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SymbolicEft.Cli.Tests.Commands;

// symeft paper with few networks: every number on its pages is one of the JSON beside it, rounded; where there is LaTeX, nothing sticks out and every symbol is there.
public partial class PaperTests
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        string folder = Symeft.Folder();
        (int code, _, string messages) = Symeft.Run("paper", "--samples", "48", "--seed", "3", "--out", folder);
        Assert.True(code == 0, messages);
        return folder;
    });

    [Fact]
    public void Every_number_of_the_text_is_one_of_the_JSON()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Value, "paper.json")));
        string text = File.ReadAllText(Path.Combine(Folder.Value, "paper.tex")).Split(@"\begin{document}")[1];
        MatchCollection numbers = Number().Matches(text);
        Assert.True(numbers.Count > 150);
        foreach (Match match in numbers)
        {
            JsonElement stored = json.RootElement.GetProperty(match.Groups[1].Value);
            double value = stored.GetProperty("value").GetDouble();
            Match printed = Parts().Match(match.Groups[2].Value);
            Assert.True(printed.Success, match.Value);
            double power = printed.Groups["power"].Success ? Math.Pow(10, int.Parse(printed.Groups["power"].Value, CultureInfo.InvariantCulture)) : 1;
            double unit = power * Math.Pow(10, -printed.Groups["decimals"].Length);
            Assert.InRange(double.Parse(printed.Groups["value"].Value, CultureInfo.InvariantCulture) * power, value - (0.5000001 * unit), value + (0.5000001 * unit));
            if (printed.Groups["error"].Success)
            {
                double error = stored.GetProperty("standardError").GetDouble();
                Assert.InRange(int.Parse(printed.Groups["error"].Value, CultureInfo.InvariantCulture) * unit, error - (0.5000001 * unit), error + (0.5000001 * unit));
            }
        }

        // What is left has orders in 1/n, indices and the derived equations, and no measured number.
        string rest = Layout().Replace(Number().Replace(text, ""), "");
        Assert.DoesNotMatch(@"\d\.\d|\d{3}", rest);
        Assert.DoesNotMatch("@[A-Za-z]", rest);
    }

    [Fact]
    public void The_parts_of_the_published_difference_add_up()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Value, "paper.json")));
        double Of(string name) => json.RootElement.GetProperty(name).GetProperty("value").GetDouble();
        foreach (string component in new[] { "V4_0000", "V4_0101", "K1_00", "K1_01" })
            Assert.Equal(Of($"failure.published.{component}") - Of($"failure.simulation.{component}"), Of($"failure.quadrature.{component}") + Of($"failure.closure.{component}") + Of($"failure.finite.{component}"), 1e-10);
        // ORDERS.md, section 6, first row.
        Assert.Equal(15.119134, Of("orders.V4_1"), 2e-4);
        Assert.Equal(48.4709796, Of("orders.V4"), 1e-5);
        Assert.Equal(1118.15586, Of("orders.V6"), 2e-3);
    }

    [Fact]
    public void Where_there_is_LaTeX_nothing_sticks_out()
    {
        string log = Path.Combine(Folder.Value, "paper.log");
        if (!File.Exists(log))
            return; // The command said so.
        Assert.True(File.Exists(Path.Combine(Folder.Value, "paper.pdf")));
        string text = File.ReadAllText(log);
        Assert.DoesNotContain("Overfull", text, StringComparison.Ordinal);
        Assert.DoesNotContain("undefined", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        (int code, _, string messages) = Symeft.Run("paper", "--samples", "1");
        Assert.Equal(2, code);
        Assert.Contains("--samples is '1'; give a whole number from 2 to 100000000.", messages, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\\N\{([^{}]*)\}\{((?:[^{}]|\{[^{}]*\})*)\}")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?<value>-?\d+(?:\.(?<decimals>\d+))?)(?:\((?<error>\d+)\))?(?:\\times10\^\{(?<power>-?\d+)\})?$")]
    private static partial Regex Parts();

    [GeneratedRegex(@"\\cite\{[^}]*\}|\\includegraphics\[[^\]]*\]|\\begin\{minipage\}\[t\]\{[^}]*\}|\\rule\{0pt\}\{2\.6ex\}|\[2pt\]")]
    private static partial Regex Layout();
}
