using System.Text.Json;

namespace SymbolicEft.Cli.Tests.Languages;

// The generated Python is run by an interpreter with NumPy, all programs in one process.
public sealed class PythonProgramTests
{
    private const string Driver = """
        import json, runpy, sys
        result = {}
        for name in sys.argv[1:]:
            program = runpy.run_path(name + ".py")
            rows = []
            for layer, state in program["solve"](program["kernel"], program["parameters"], program["layers"]):
                values = state | program["quantities"](state, program["parameters"])
                rows.append({tensor: array.tolist() for tensor, array in values.items()})
            result[name] = rows
        print(json.dumps(result))
        """;

    [PythonFact]
    public void Generated_programs_equal_the_toolkit()
    {
        string folder = Directory.CreateTempSubdirectory("symeft-python-").FullName;
        File.WriteAllText(Path.Combine(folder, "driver.py"), Driver);
        foreach (ProgramCase program in ProgramCase.All)
            File.WriteAllText(Path.Combine(folder, program.Name + ".py"), program.In("python"));
        LayerProgramCase[] layered = [.. LayerProgramCase.All.Where(program => !program.IsOnObservables)];
        foreach (LayerProgramCase program in layered)
            File.WriteAllText(Path.Combine(folder, program.Name + ".py"), program.In("python"));
        (int code, string output, string errors) = Tools.Run(Tools.Python!, folder, ["driver.py", .. ProgramCase.All.Select(program => program.Name), .. layered.Select(program => program.Name)]);
        Assert.True(code == 0, errors);
        using JsonDocument results = JsonDocument.Parse(output);
        foreach (ProgramCase program in ProgramCase.All)
        {
            JsonElement rows = results.RootElement.GetProperty(program.Name);
            double largest = program.LargestDifference(program.Solve(), (record, tensor, indices) =>
                indices.Aggregate(rows[record].GetProperty(tensor), (element, index) => element[index]).GetDouble());
            Assert.True(largest <= (program.HasErrorControl ? 1e-9 : 1e-12), $"{program.Name}: {largest}");
        }

        foreach (LayerProgramCase program in layered)
        {
            JsonElement rows = results.RootElement.GetProperty(program.Name);
            double largest = program.LargestDifference((record, tensor, indices) => indices.Aggregate(rows[record].GetProperty(tensor), (element, index) => element[index]).GetDouble());
            Assert.True(largest <= program.Tolerance, $"{program.Name}: {largest}");
        }

        Directory.Delete(folder, recursive: true);
    }

    [PythonFact]
    public void The_file_runs_by_itself_and_prints_a_table()
    {
        ProgramCase program = ProgramCase.All[0];
        string folder = Directory.CreateTempSubdirectory("symeft-python-").FullName;
        File.WriteAllText(Path.Combine(folder, "program.py"), program.In("python"));
        (int code, string output, string errors) = Tools.Run(Tools.Python!, folder, "program.py");
        Assert.True(code == 0, errors);
        Assert.Equal("", errors);
        ProgramTables.Check(program, output);
        Directory.Delete(folder, recursive: true);
    }
}
