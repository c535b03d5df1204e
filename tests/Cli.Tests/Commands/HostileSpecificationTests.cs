namespace SymbolicEft.Cli.Tests.Commands;

// A specification may come from elsewhere. Whatever it asks that cannot be right is refused in one sentence, with exit code 2.
public class HostileSpecificationTests
{
    private const string Head = "network: { depth: 4 }\nrecord: 2\n";

    [Theory]
    [InlineData("inputs: { data: /etc/passwd }", "is '/etc/passwd', which leads out of the specification's folder; put the data beside the specification, or name them with --data.")]
    [InlineData("inputs: { data: ../secret.csv }", "is '../secret.csv', which leads out of the specification's folder;")]
    [InlineData("inputs: { data: points/../../secret.csv }", "which leads out of the specification's folder;")]
    [InlineData("inputs: { data: '..\\secret.csv' }", "which leads out of the specification's folder;")]
    [InlineData("inputs: { data: 'C:\\secret.csv' }", "which leads out of the specification's folder;")]
    [InlineData("inputs: { data: . }", "which cannot be read (")]
    [InlineData("inputs: { data: \"a\\0b\" }", "is 'a\\u0000b', which cannot be read (")]
    [InlineData("inputs: { kernel: [[.nan]] }", "is '.nan', which is not a finite number;")]
    [InlineData("inputs: { kernel: [[NaN]] }", "is 'NaN', which is not a finite number;")]
    [InlineData("inputs: { kernel: [[1e400]] }", "is '1e400', which is not a finite number;")]
    [InlineData("inputs: { kernel: [[1, inf], [inf, 1]] }", "is 'inf', which is not a finite number;")]
    [InlineData("inputs: { kernel: [[1, -Infinity], [-Infinity, 1]] }", "is '-Infinity', which is not a finite number;")]
    [InlineData("inputs: { kernel: 1 }\nnetwork: { step: Infinity }", "is 'Infinity', which is not a finite number;")]
    [InlineData("inputs: { kernel: 1 }\nnetwork: { depth: 1000000000 }", "is 1000000000, which is out of range; use a whole number from 1 to 10000000.")]
    [InlineData("inputs: { kernel: 1 }\nnetwork: { depth: 1e999999999 }", "is '1e999999999', which is not a whole number;")]
    [InlineData("inputs: { kernel: 1 }\nnetwork: { width: 1000000000 }", "is 1000000000, which is out of range;")]
    [InlineData("inputs: { kernel: 1 }\nrecord: 2000000000", "is 2000000000, which is out of range;")]
    [InlineData("inputs: { kernel: 1 }\nsimulate: { samples: 1e27 }", "is 1e27, which is out of range;")]
    [InlineData("inputs: { kernel: 1 }\nname: ../../etc", "which cannot name a folder;")]
    [InlineData("inputs: { kernel: 1 }\nname: /etc", "which cannot name a folder;")]
    [InlineData("inputs: { kernel: 1 }\nname: \"a\\e[2Jb\"", "is 'a\\u001b[2Jb', which cannot name a folder;")]
    [InlineData("inputs: { kernel: 1 }\nname: \"two\\nlines\"", "is 'two lines', which cannot name a folder;")]
    [InlineData("inputs: { kernel: 1 }\nclosure: \"\\u202egpj\"", "is no closure;")]
    [InlineData("inputs: { kernel: 1 }\nnetwork: { activation: abs(x)^(1/3) }", "is not finite at a kink; only kinks with finite derivatives on both sides can be used.")]
    [InlineData("inputs: { kernel: 1 }\nsimulate: { until: 'K1[\u0660,0] < 1' }", "which is not a stopping rule;")]
    [InlineData("inputs: { kernel: 1 }\nclosure: sigma-kernel(1000000000)", "is out of range;")]
    [InlineData("inputs: { kernel: 1 }\nclosure: hermite(1000000000)", "is out of range;")]
    [InlineData("a: &a [1,1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]", "uses a YAML anchor or alias (line 1); write the value out.")]
    [InlineData("inputs: { kernel: 1 }\n---\ninputs: { kernel: 2 }", "holds more than one YAML document; keep one.")]
    [InlineData("inputs: { kernel: !!binary 1 }\ninputs: { kernel: 1 }", "is not YAML (line ")]
    public void Is_refused_in_one_sentence(string yaml, string reason) => Refused(yaml, reason);

    [Fact]
    public void More_inputs_than_are_supported_are_refused()
    {
        Refused($"{Head}inputs: {{ kernel: {Identity(65)} }}", "has 65 rows; at most 64 inputs are supported.");
        Refused($"{Head}inputs: {{ kernel: {Identity(500)} }}", "has 500 rows; at most 64 inputs are supported.");
    }

    [Fact]
    public void Tables_that_fit_in_no_memory_are_refused() => Refused(
        $"inputs: {{ kernel: {Identity(64)} }}\nnetwork: {{ depth: 100000 }}\nrecord: 100000",
        "record is 100000 and there are 64 inputs, which makes 432640000000 numbers of V4, and at most 1000000000 are kept; record fewer depths or give fewer inputs.");

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Deep_nesting_is_refused(string open, string close) => Refused(
        $"inputs: {{ kernel: {Repeat(open, 100_000)}1{Repeat(close, 100_000)} }}", "is nested more deeply than any specification (line 1).");

    [Theory]
    [InlineData("(", "x", ")")]
    [InlineData("tanh(", "x", ")")]
    [InlineData("-", "x", "")]
    [InlineData("2^", "x", "")]
    [InlineData("(-", "x", ")")]
    [InlineData("x + (", "", "")]
    public void Deeply_nested_activations_are_refused(string open, string inner, string close) => Refused(
        $"inputs: {{ kernel: 1 }}\nnetwork: {{ activation: \"{Repeat(open, 50_000)}{inner}{Repeat(close, 50_000)}\" }}", "The activation is wrong: ");

    [Fact]
    public void A_file_of_a_hundred_megabytes_is_refused_unread()
    {
        string path = Path.Combine(Symeft.Folder(), "large.yaml");
        using (FileStream file = File.Create(path))
            file.SetLength(100_000_000);
        Said(Symeft.Run("solve", path), "is longer than 1000000 characters, and no specification is; give the path of a YAML file.");
    }

    [Fact]
    public void Data_without_end_are_refused()
    {
        string folder = Symeft.Folder();
        using (FileStream file = File.Create(Path.Combine(folder, "large.csv")))
            file.SetLength(1_000_000_000);
        string spec = Path.Combine(folder, "spec.yaml");
        File.WriteAllText(spec, "inputs: { data: large.csv }");
        Said(Symeft.Run("solve", spec), "which has 1000000000 bytes; at most 200000000 are read.");
    }

    // What the user typed may lie anywhere.
    [Fact]
    public void Data_named_on_the_command_line_may_lie_anywhere()
    {
        string data = Path.Combine(Symeft.Folder(), "points.csv");
        File.WriteAllText(data, "1,0\n0,1\n");
        (int code, _, string messages) = Symeft.Run("solve", "--data", data, "--depth", "2", "--record", "2");
        Assert.True(code == 0, messages);
    }

    [Fact]
    public void Data_beside_or_below_the_specification_are_read()
    {
        string folder = Symeft.Folder();
        Directory.CreateDirectory(Path.Combine(folder, "data..set"));
        File.WriteAllText(Path.Combine(folder, "data..set", "points.csv"), "1,0\n0,1\n");
        string spec = Path.Combine(folder, "spec.yaml");
        File.WriteAllText(spec, Head + "inputs: { data: data..set/points.csv }");
        (int code, _, string messages) = Symeft.Run("solve", spec);
        Assert.True(code == 0, messages);
    }

    private static void Refused(string yaml, string reason) => Said(Symeft.Run("solve", Symeft.File(yaml)), reason);

    private static void Said((int Code, string Output, string Messages) run, string reason)
    {
        Assert.Contains(reason, run.Messages, StringComparison.Ordinal);
        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Output);
        Assert.StartsWith("symeft: ", run.Messages, StringComparison.Ordinal);
        string sentence = run.Messages.TrimEnd('\r', '\n');
        Assert.DoesNotContain(sentence, char.IsControl);
        Assert.True(sentence.Length < 5000);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Identity(int inputs) =>
        $"[{string.Join(", ", Enumerable.Range(0, inputs).Select(a => $"[{string.Join(", ", Enumerable.Range(0, inputs).Select(b => a == b ? "1" : "0"))}]"))}]";
}
