using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Languages;

public class PythonPackageTests
{
    [PythonFact]
    public void The_package_for_python_passes_its_tests_with_this_command()
    {
        (int code, _, string messages) = Python("-m", "unittest", "discover", "-s", "python/tests", "-t", "python/tests", "-p", "test_*.py");

        Assert.True(code == 0, messages);
        Assert.Contains("Ran 14 tests", messages);
    }

    [PythonFact]
    public void The_package_for_python_is_typed()
    {
        if (Python("-c", "import mypy").Code != 0)
            return; // not on every machine

        (int code, string output, _) = Python("-m", "mypy", "--config-file", "python/pyproject.toml", "--cache-dir", "/dev/null", "python/symeft");

        Assert.True(code == 0, output);
    }

    [PythonFact]
    public void The_notebook_for_python_runs()
    {
        using JsonDocument notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Tools.Repository, "docs", "notebooks", "from-python.ipynb")));
        IEnumerable<string> cells = notebook.RootElement.GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == "code")
            .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())));
        (int code, string output, string messages) = Python("-c", string.Join("\n", cells));

        Assert.True(code == 0, messages);
        Assert.Contains("True", output);
        Assert.Matches(@"V4 z = -?\d", output);
    }

    private static (int Code, string Output, string Messages) Python(params string[] arguments) => Tools.Run(
        "env", Tools.Repository,
        [
            $"SYMEFT={typeof(Cli.Commands.CommandLine).Assembly.Location}", $"PATH={Path.GetDirectoryName(Tools.Dotnet)}:{Environment.GetEnvironmentVariable("PATH")}", "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH=python",
            Tools.Python!, .. arguments,
        ]);
}
