using System.Text.Json;
using SymbolicEft.Cli.Tests.Languages;
using SymbolicEft.Diagrams.Serialization;

namespace SymbolicEft.Cli.Tests.Commands;

// The command diagrams: closures with several kernels, documents read back, the stated limit, and interruption.
public class DiagramsCommandTests
{
    [Fact]
    public void The_kernels_of_a_closure_are_the_fields()
    {
        string specification = Symeft.File(Symeft.TwoInputs.Replace("g-only", "sigma-kernel", StringComparison.Ordinal));
        JsonElement json = Symeft.Json("diagrams", "--spec", specification, "--external", "G,S", "--loops", "0");
        // The noise of G with S, directly, or of any pair of kernels that a line turns into them.
        Assert.Equal(json.GetProperty("count").GetInt32(), json.GetProperty("diagrams").GetArrayLength());
        Assert.All(json.GetProperty("diagrams").EnumerateArray(), diagram => Assert.Equal("[0,1]", diagram.GetProperty("external").GetRawText()));
        Assert.Equal(4, json.GetProperty("count").GetInt32());

        (int code, _, string messages) = Symeft.Run("diagrams", "--spec", specification, "--external", "G,T", "--loops", "0");
        Assert.Equal(2, code);
        Assert.Contains("'T' is no field; use a whole number from 1 to 20, or up to 20 of G, S with commas.", messages, StringComparison.Ordinal);

        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run("diagrams", "--spec", specification, "--external", "G,S", "--loops", "0", "--draw", "svg", "--out", folder).Code);
        Assert.Contains("G", File.ReadAllText(Path.Combine(folder, "gallery.html")), StringComparison.Ordinal);
        Assert.Equal(4 + 1, Directory.GetFiles(folder, "*.svg").Length);
    }

    [Fact]
    public void A_document_reads_back_as_the_same_diagrams()
    {
        string text = Symeft.Run("diagrams", "--external", "2", "--loops", "1", "--format", "json").Output;
        DiagramDocument document = DiagramDocument.Parse(text);
        Assert.Equal((13L, "17/2"), (document.Count, document.WeightedSum.ToString()));
        Assert.Equal(text, document.ToJson() + "\n");
    }

    // The published count of all legs in one line, 13 of weight 17/2, and what its options leave.
    [Theory]
    [InlineData("13 diagrams, sum of symmetry factors 17/2")]
    [InlineData("13 diagrams, sum of symmetry factors 17/2", "--connectivity", "connected", "--tadpoles", "keep")]
    [InlineData("8 diagrams, sum of symmetry factors 17/4", "--unlabelled")]
    public void Options_choose_among_the_diagrams(string summary, params string[] options)
    {
        string output = Symeft.Run(["diagrams", "--external", "2", "--loops", "1", .. options]).Output;
        Assert.EndsWith(summary + Environment.NewLine, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clock", "1", "1", "2 diagrams, sum of symmetry factors 3/2")]
    [InlineData("clock", "K", "2", "73 diagrams, sum of symmetry factors 221/4")]
    [InlineData("clock", "H,K", "0", "1 diagrams, sum of symmetry factors 1")]
    [InlineData("modes", "2", "1", "11 diagrams, sum of symmetry factors 15/2")]
    [InlineData("tangent", "1", "1", "4 diagrams, sum of symmetry factors 3")]
    [InlineData("g-only", "2", "1", "13 diagrams, sum of symmetry factors 17/2")]
    public void A_theory_has_vertices_of_its_own(string theory, string external, string loops, string summary)
    {
        string output = Symeft.Run("diagrams", "--theory", theory, "--external", external, "--loops", loops).Output;
        Assert.EndsWith(summary + Environment.NewLine, output, StringComparison.Ordinal);
        Assert.EndsWith(summary + Environment.NewLine, Symeft.Run("diagrams", "--theory", theory, "--external", external, "--loops", loops, "--count").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--theory is 'ghost'; use g-only, clock, modes, tangent.", "--theory", "ghost")]
    [InlineData("--theory clock has vertices of its own, and --drift names some; leave one of them out.", "--theory", "clock", "--drift", "2")]
    [InlineData("--external and --loops ask for n^-3, and the diagrams of --theory clock are derived up to n^-2; ask for fewer legs or loops.", "--theory", "clock", "--loops", "3")]
    [InlineData("--external is 'G,H'; legs on G are the kernel after the last layer and do not go with others, so use it alone, or only K and H.", "--theory", "clock", "--external", "G,H")]
    public void A_theory_says_what_it_is_not_for(string message, params string[] options)
    {
        string[] all = [.. options.Contains("--loops") ? [] : (string[])["--loops", "0"], .. options.Contains("--external") ? [] : (string[])["--external", "1"], .. options];
        Assert.Equal((2, "", $"symeft: {message}{Environment.NewLine}"), Symeft.Run(["diagrams", .. all]));
    }

    [Fact]
    public void The_gallery_of_a_theory_has_its_terms()
    {
        string folder = Symeft.Folder();
        Assert.Equal(0, Symeft.Run("diagrams", "--theory", "clock", "--external", "K", "--loops", "1", "--draw", "svg", "--out", folder).Code);
        string page = File.ReadAllText(Path.Combine(folder, "gallery.html"));
        Assert.Contains("a hexagon averages over the same neuron", page, StringComparison.Ordinal);
        Assert.Contains("a(K,KH)&gt;x1 b(K,H)&gt;a c(HH,0)&gt;a,b", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_diagrams_remain_without_tadpoles_and_more_with_unconnected_ones()
    {
        long Count(params string[] options)
        {
            using JsonDocument document = JsonDocument.Parse(Symeft.Run(["diagrams", "--external", "2", "--loops", "1", "--count", "--format", "json", .. options]).Output);
            return document.RootElement.GetProperty("count").GetInt64();
        }

        Assert.True(Count("--tadpoles", "drop") < Count("--tadpoles", "drop-insertions") && Count("--tadpoles", "drop-insertions") < 13);
        Assert.True(Count("--connectivity", "one-particle-irreducible") < 13);
        Assert.True(Count("--connectivity", "all") > 13);
        (int code, _, string messages) = Symeft.Run("diagrams", "--external", "2", "--loops", "1", "--connectivity", "some");
        Assert.Equal((2, "symeft: --connectivity is 'some'; use connected, all, one-particle-irreducible." + Environment.NewLine), (code, messages));
    }

    [Fact]
    public void Beyond_the_limit_the_command_stops_and_says_so()
    {
        (int code, string output, string messages) = Symeft.Run("diagrams", "--external", "1", "--loops", "3", "--count", "--limit", "100");
        Assert.Equal((1, ""), (code, output));
        Assert.Equal("symeft: There are more diagrams than the limit of 100; ask for fewer legs, loops or vertices, or raise the limit.\n", messages.ReplaceLineEndings("\n"));
        Assert.Equal(2, Symeft.Run("diagrams", "--external", "1", "--loops", "1", "--limit", "0").Code);
    }

    // Ctrl-C is SIGINT to the process. It must be sent from a process that has not told its children to ignore it.
    [Fact]
    public void An_interrupted_enumeration_ends_with_130_and_one_sentence()
    {
        if (Tools.Python is null || OperatingSystem.IsWindows())
            return;
        string program = typeof(SymbolicEft.Cli.Commands.CommandLine).Assembly.Location;
        const string script = """
            import signal, subprocess, sys, time
            p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
            time.sleep(2)
            p.send_signal(signal.SIGINT)
            start = time.monotonic()
            out, err = p.communicate(timeout=60)
            print(p.returncode, time.monotonic() - start, repr(out), repr(err))
            """;
        (int code, string output, string errors) = Tools.Run(
            Tools.Python, Path.GetTempPath(), "-c", script, Tools.Dotnet, program, "diagrams", "--external", "1", "--loops", "12", "--count", "--limit", "1000000000");
        Assert.True(code == 0, errors);
        Assert.StartsWith("130 ", output, StringComparison.Ordinal);
        Assert.Contains(" '' ", output, StringComparison.Ordinal);
        Assert.Contains("symeft: Interrupted.", output, StringComparison.Ordinal);
    }
}
