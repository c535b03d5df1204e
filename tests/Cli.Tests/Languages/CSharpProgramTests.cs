using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Numeric.Activations;
using System.Collections;
using System.Reflection;
using System.Runtime.Loader;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Languages.CSharp;

namespace SymbolicEft.Cli.Tests.Languages;

// The generated C# is compiled by the SDK's compiler with nothing but the framework, warnings as errors, and run.
public sealed class CSharpProgramTests : IClassFixture<CSharpProgramTests.CompiledPrograms>
{
    private readonly CompiledPrograms _programs;

    public CSharpProgramTests(CompiledPrograms programs) => _programs = programs;

    private static IEnumerable<ProgramCase> Cases => ProgramCase.All.Concat(ProgramCase.Kinked).Concat(ProgramCase.Deep).Concat(ProgramCase.NearlyEqual);

    public static TheoryData<string> Names => [.. Cases.Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_generated_program_equals_the_toolkit(string name)
    {
        ProgramCase program = Cases.Single(each => each.Name == name);
        SubjectNumbers numbers = program.Numbers;
        Type type = _programs.Assembly.GetType(CSharpLanguage.ClassName(name), throwOnError: true)!;
        object network = Activator.CreateInstance(type.GetNestedType("Network")!, numbers.Skip, numbers.Step, numbers.WeightVariance, numbers.BiasVariance)!;
        var states = new List<(object State, object Quantities)>();
        foreach (object item in (IEnumerable)Call(type, "Solve", numbers.Kernel, network, numbers.RecordedLayers))
        {
            object state = item.GetType().GetField("Item2")!.GetValue(item)!;
            states.Add((state, Call(type, "QuantitiesOf", state, network)));
        }

        TheorySolution expected = program.Solve();
        double largest = program.LargestDifference(expected, (record, tensor, indices) =>
        {
            (object state, object quantities) = states[record];
            object owner = quantities.GetType().GetProperty(tensor) is null ? state : quantities;
            return (double)((Array)owner.GetType().GetProperty(tensor)!.GetValue(owner)!).GetValue(indices)!;
        });
        // Two different integrators, each with its own error control, agree to their tolerances only.
        Assert.InRange(largest, 0, program.HasErrorControl ? 1e-9 : 1e-12);
    }

    public static TheoryData<string> Layered => [.. LayerProgramCase.All.Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Layered))]
    public void A_generated_program_of_layers_equals_the_toolkit(string name)
    {
        LayerProgramCase program = LayerProgramCase.All.Single(each => each.Name == name);
        Type type = _programs.Assembly.GetType(CSharpLanguage.ClassName(program.Name), throwOnError: true)!;
        object network = Activator.CreateInstance(type.GetNestedType("Network")!)!;
        var results = new List<object>();
        foreach (object item in (IEnumerable)Call(type, "Solve", program.Network.Kernel, network, program.Network.RecordedLayers))
            results.Add(Call(type, "QuantitiesOf", item.GetType().GetField("Item2")!.GetValue(item)!, network));
        double largest = program.LargestDifference((record, tensor, indices) => (double)((Array)results[record].GetType().GetProperty(tensor)!.GetValue(results[record])!).GetValue(indices)!);
        Assert.InRange(largest, 0, program.Tolerance);
    }

    // The planar rules that end at kinks are not in the code that programs contain.
    [Fact]
    public void A_program_that_lacks_a_rule_says_so()
    {
        Type type = _programs.Assembly.GetType(CSharpLanguage.ClassName(LayerProgramCase.NearlyEqual.Name), throwOnError: true)!;
        Network given = LayerProgramCase.NearlyEqual.Network;
        var states = (IEnumerable)Call(type, "Solve", given.Kernel, Activator.CreateInstance(type.GetNestedType("Network")!)!, given.RecordedLayers);
        Assert.Contains("need rules that end at kinks, which this program does not have; use symeft solve", Assert.ThrowsAny<Exception>(() => states.Cast<object>().ToList()).Message, StringComparison.Ordinal);
        Assert.NotEmpty(LayerProgramCase.NearlyEqual.Solve().Layers);
        double[,] three = { { 1, 0.3, 0.2 }, { 0.3, 1, 0.1 }, { 0.2, 0.1, 1 } };
        states = (IEnumerable)Call(type, "Solve", three, Activator.CreateInstance(type.GetNestedType("Network")!)!, given.RecordedLayers);
        Assert.Contains("give two inputs", Assert.ThrowsAny<Exception>(() => states.Cast<object>().ToList()).Message, StringComparison.Ordinal);
    }

    // The toolkit refuses exp(x^2) by a sentence; so does its program, which cannot know before it runs.
    [Fact]
    public void A_program_without_a_solution_says_so()
    {
        ProgramCase program = ProgramCase.WithoutSolution;
        SubjectNumbers numbers = program.Numbers;
        Type type = _programs.Assembly.GetType(CSharpLanguage.ClassName(program.Name), throwOnError: true)!;
        object network = Activator.CreateInstance(type.GetNestedType("Network")!, numbers.Skip, numbers.Step, numbers.WeightVariance, numbers.BiasVariance)!;
        var states = (IEnumerable)Call(type, "Solve", numbers.Kernel, network, numbers.RecordedLayers);
        const string reason = "has no finite Gaussian mean square";
        Assert.Contains(reason, Assert.ThrowsAny<Exception>(() => states.Cast<object>().ToList()).Message, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<ComputationException>(program.Solve).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tanh-1-discrete")]
    [InlineData("tanh-sigma-kernel-2-discrete")]
    public void The_program_prints_a_table_with_the_specification_as_its_defaults(string name)
    {
        ProgramCase program = ProgramCase.All.Single(each => each.Name == name);
        Type type = _programs.Assembly.GetType(CSharpLanguage.ClassName(program.Name) + "Program", throwOnError: true)!;
        TextWriter before = Console.Out;
        var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            type.GetMethod("Main", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, null);
        }
        finally
        {
            Console.SetOut(before);
        }

        ProgramTables.Check(program, output.ToString());
    }

    private static object Call(Type type, string method, params object[] arguments) => type.GetMethod(method)!.Invoke(null, arguments)!;

    public sealed class CompiledPrograms
    {
        public CompiledPrograms()
        {
            string folder = Directory.CreateTempSubdirectory("symeft-csharp-").FullName;
            var arguments = new List<string> { "exec", Tools.CSharpCompiler, "-noconfig", "-nologo", "-target:library", "-out:generated.dll", "-langversion:latest", "-warnaserror+", "-optimize+" };
            foreach (string library in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) && Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location)))
                arguments.Add($"-r:{library}");
            foreach (ProgramCase program in Cases.Append(ProgramCase.WithoutSolution))
            {
                File.WriteAllText(Path.Combine(folder, program.Name + ".cs"), program.In("csharp"));
                arguments.Add(program.Name + ".cs");
            }

            foreach (LayerProgramCase program in LayerProgramCase.All.Append(LayerProgramCase.NearlyEqual))
            {
                File.WriteAllText(Path.Combine(folder, program.Name + ".cs"), program.In("csharp"));
                arguments.Add(program.Name + ".cs");
            }

            // Names that members have, and the files beside the specifications.
            foreach (string name in new[] { "sigma-kernel", "state", "network", "step", "closure-size", "console", "initial" })
            {
                foreach (string closure in new[] { "g-only", "sigma-kernel" })
                {
                    var derivation = ClosureDerivation.Of(ClosureRegistry.Parse(closure), DepthForm.Discrete);
                    string text = new CSharpLanguage().Write(derivation, new(name, "tanh(x)") { Definition = Activation.Parse("tanh(x)").Definition, Numbers = ProgramCase.All[0].Numbers });
                    File.WriteAllText(Path.Combine(folder, $"{name}-{closure}.cs"), $"namespace Named{name.Replace("-", "", StringComparison.Ordinal)}{closure.Replace("-", "", StringComparison.Ordinal)} {{ {Body(text)} }}");
                    arguments.Add($"{name}-{closure}.cs");
                }
            }

            foreach (string file in Directory.EnumerateFiles(Path.Combine(Tools.Repository, "derivations"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string copy = "beside-" + Path.GetFileName(file);
                File.WriteAllText(Path.Combine(folder, copy), $"namespace Beside{Path.GetFileNameWithoutExtension(file).Replace("-", "", StringComparison.Ordinal)} {{ {Body(File.ReadAllText(file))} }}");
                arguments.Add(copy);
            }

            (int code, string output, string errors) = Tools.Run(Tools.Dotnet, folder, arguments);
            Assert.True(code == 0, output + errors);
            Assembly = new AssemblyLoadContext("generated").LoadFromStream(new MemoryStream(File.ReadAllBytes(Path.Combine(folder, "generated.dll"))));
            Directory.Delete(folder, recursive: true);
        }

        public Assembly Assembly { get; }

        // Several programs in one library: each in a namespace, #nullable and using lines inside it.
        private static string Body(string text) => "\n" + text + "\n";
    }
}
