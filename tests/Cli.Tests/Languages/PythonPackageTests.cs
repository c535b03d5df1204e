namespace SymbolicEft.Cli.Tests.Languages;

public class PythonPackageTests
{
    [PythonFact]
    public void The_package_for_python_passes_its_tests_with_this_command()
    {
        (int code, _, string messages) = Tools.Run(
            "env", Tools.Repository, $"SYMEFT={typeof(Cli.Commands.CommandLine).Assembly.Location}", $"PATH={Path.GetDirectoryName(Tools.Dotnet)}:{Environment.GetEnvironmentVariable("PATH")}", "PYTHONDONTWRITEBYTECODE=1",
            Tools.Python!, "-m", "unittest", "discover", "-s", "python/tests", "-t", "python/tests", "-p", "test_*.py");

        Assert.True(code == 0, messages);
        Assert.Contains("Ran 7 tests", messages);
    }
}
