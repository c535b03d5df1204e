using SymbolicEft.Cli.Tests.Languages;

namespace SymbolicEft.Cli.Tests.Commands;

public class CompletionTests
{
    [Theory]
    [InlineData("so", "solve")]
    [InlineData("solve --clos", "--closure")]
    [InlineData("solve --stepping eu", "euler")]
    [InlineData("solve --activation ge", "gelu")]
    [InlineData("simulate spec.yaml --estimator contr", "control-variate")]
    [InlineData("completion z", "zsh")]
    public void The_parser_suggests(string line, string expected)
    {
        (int code, string output, string messages) = Symeft.Run($"[suggest:{line.Length}]", line);
        Assert.True(code == 0, messages);
        Assert.Contains(expected, output.Split('\n', StringSplitOptions.TrimEntries));
    }

    // The script as bash runs it: the variables that bash sets at the key, and what the function puts into COMPREPLY.
    [Theory]
    [InlineData("symeft so", "solve")]
    [InlineData("symeft solve spec.yaml --closure her", "hermite\\(10\\)\nhermite\\(20\\)\nhermite\\(4\\)\nhermite\\(auto\\)")]
    [InlineData("symeft solve spec.yaml --weight", "--weight-variance")]
    [InlineData("symeft solve derivations/pa", "")]
    public void Bash_completes(string line, string expected)
    {
        string[] words = line.Split(' ');
        string script = $$"""
            symeft() { '{{Tools.Dotnet}}' '{{typeof(Cli.Commands.CommandLine).Assembly.Location}}' "$@"; }
            eval "$(symeft completion bash)"
            complete -p symeft >&2
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}}) COMP_CWORD={{words.Length - 1}}
            _symeft
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        (int code, string output, string errors) = Tools.Run("bash", Path.GetTempPath(), "-c", script);
        Assert.True(code == 0, errors);
        Assert.Equal("complete -o default -F _symeft symeft", errors.Trim());
        Assert.Equal(expected, output.Trim());
    }

    [Fact]
    public void Other_shells_are_refused_in_a_sentence()
    {
        (int code, _, string messages) = Symeft.Run("completion", "csh");
        Assert.Equal(2, code);
        Assert.Equal("symeft: There is no completion for the shell 'csh'; use bash, zsh, fish.", messages.TrimEnd());
        foreach (string shell in (string[])["bash", "zsh", "fish"])
            Assert.Contains("[suggest:", Symeft.Run("completion", shell).Output, StringComparison.Ordinal);
    }
}
