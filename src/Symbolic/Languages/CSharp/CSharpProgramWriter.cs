using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Writes a program of layers as C#: a method for each structure of a step, and the numbers of the layers as arrays.</summary>
internal sealed class CSharpProgramWriter(ProgramSource source) : CSharpStatementWriter
{
    private const string _class = CSharpLanguage.ClassPlaceholder;

    private protected override bool IsDiscrete => true;

    private protected override EquationSystem System => source.Program.Systems[0];

    private protected override string Numbers => "ModeNumbers";

    private protected override IReadOnlyList<(string Name, int Arity)> Tables => [("K0", 2), ("V4", 4), ("V4_source", 4), ("K1", 2)];

    private protected override IEnumerable<(Symbol Letter, string Value)> ParametersOf(IReadOnlyList<MomentStatement> statements) =>
        source.LettersOf(statements).Select(letter => (letter, $"network.{letter.Name}[layer]"));

    private protected override string MethodOf(GaussianStatement statement) => statement.Recipe switch
    {
        GaussianRecipe.SourceInModes => $"numbers.SourceInModes(recipes.Stream{source.PlaceOf(statement)}, ",
        GaussianRecipe.SourceInKernel => $"numbers.SourceInKernel(recipes.Rows{source.PlaceOf(statement)}, ",
        GaussianRecipe.CurvatureOfSource => $"recipes.Program.CurvatureOfSource(recipes.Rows{source.PlaceOf(statement)}, ",
        GaussianRecipe.NormBeyondModes => $"recipes.Program.NormBeyondModes(recipes.Normed{source.PlaceOf(statement)}, ",
        GaussianRecipe.CovarianceOfSource => $"recipes.Products{source.PlaceOf(statement)}.At(",
        GaussianRecipe.CentredModes => "recipes.Program.CentredModes(",
        GaussianRecipe.NumberOfModes => "recipes.Program.NumberOfModes(",
        GaussianRecipe.MeanOverTaps => $"recipes.Program.MeanOverTaps([{string.Join(", ", statement.Taps)}], ",
        GaussianRecipe.MeanOfPairsOverTaps => $"recipes.Program.MeanOfPairsOverTaps([{string.Join(", ", statement.Taps)}], ",
        GaussianRecipe.ContractWithOverlaps or GaussianRecipe.CarriedModes or GaussianRecipe.SecondDerivatives or GaussianRecipe.FourthDerivatives => base.MethodOf(statement),
        _ => throw new NotSupportedException($"Generated C# has no recipe {statement.Recipe} for programs of layers; write markdown or latex, or solve it with symeft solve."),
    };

    public string Write()
    {
        string[] types = ["ModeNumbers", "ProgramNumbers", .. source.Used(GaussianRecipe.CovarianceOfSource).Any() ? new[] { "SourceCovariance" } : []];
        (IReadOnlyList<(string File, string Text)> recipes, IReadOnlyList<string> usings) = RecipeSource.Of(types);
        CSharpLanguage.Start(_code, source.Header("csharp", CSharpLanguage.RunCommand(source.Name)).Concat(Accuracy), System.Closure.Name, usings);
        _style.Use("Flat");
        _code.Inside(() =>
        {
            Network();
            TypesOfResults("modes M = (k, q, i), pair after pair, order after order");
            Declare(System.State, System.Initial);
            Initial();
            Steps();
            Quantities();
            _code.Write(EmbeddedText.Template("SolveDiscrete.cs").Replace("Step(state, network)", "Step(state, network, layer)", StringComparison.Ordinal));
            Recipes();
            _code.Write(EmbeddedText.Template("Moments.cs"));
            Functions("Functions of a neuron.", [.. source.Functions.Select(function => new FunctionCode(function.Text, [function.Expression]))]);
            foreach (string helper in _style.Helpers)
                _code.Write("\n" + helper);
            foreach ((string file, string text) in recipes)
                _code.Write($"\n// ---- {file}\n\n{text}");
        });
        _code.Write("}\n");
        CSharpLanguage.Program(
            _code, _class, source.Numbers,
            string.Join(", ", Tables.Select(table => CSharpText.Literal(table.Name))),
            string.Join(", ", Tables.Select(table => $"quantities.{table.Name}[{CSharpLanguage.Component(table.Arity)}]")),
            "(double)layer");
        return _code.ToString();
    }

    private void Network()
    {
        _code.Write("/// <summary>The layers: the step that each takes, from 1, and the numbers of its letters, 0 for one that its step does not have; the defaults are those of the specification.</summary>");
        _code.Write("public sealed class Network\n{").Inside(() =>
        {
            Schedule("int", "Steps", [.. source.Program.Layers.Select(layer => $"{layer.System + 1}")]);
            for (int at = 0; at < source.Letters.Count; at++)
            {
                _code.Write("");
                Schedule("double", source.Letters[at].Name, [.. source.Schedules[at].Select(CodeSource.Number)]);
            }
        });
        _code.Write("}\n");
    }

    private void Schedule(string type, string name, string[] values)
    {
        string property = $"public {type}[] {name} {{ get; init; }} = ";
        if (values.Distinct(StringComparer.Ordinal).Count() == 1)
        {
            _code.Write($"{property}[.. Enumerable.Repeat<{type}>({values[0]}, {values.Length})];");
            return;
        }

        _code.Write($"{property}\n[").Inside(() => _code.List(values));
        _code.Write("];");
    }

    private void Steps()
    {
        _code.Write("/// <summary>The state after one more layer.</summary>\n/// <param name=\"layer\">How many layers there are before.</param>");
        _code.Write("public static State Step(State state, Network network, int layer) => network.Steps[layer] switch\n{").Inside(() =>
        {
            for (int at = 0; at < source.Steps.Count; at++)
                _code.Write($"{at + 1} => Step{at + 1}(state, network, layer),");
            _code.Write("var other => throw new ArgumentException($\"There is no step {other}.\", nameof(network)),");
        });
        _code.Write("};\n");
        for (int at = 0; at < source.Steps.Count; at++)
        {
            StepCode step = source.Steps[at];
            Declare(System.State, step.Statements);
            _code.Write($"{CSharpText.Summary(step.Name)}\npublic static State Step{at + 1}(State state, Network network, int layer)\n{{").Inside(() =>
            {
                Read(step.Statements);
                if (step.Statements.OfType<GaussianStatement>().Any(statement => MethodOf(statement).Contains("recipes.", StringComparison.Ordinal)))
                    _code.Write("Recipes recipes = RecipesFor(inputs);");
                _code.Write("var next = new State(inputs);");
                Statements(step.Statements, "next");
                _code.Write("return next;");
            });
            _code.Write("}\n");
        }
    }

    private void Quantities()
    {
        _code.Write("/// <summary>The state over inputs.</summary>\npublic static Quantities QuantitiesOf(State state, Network network)\n{").Inside(() => _code.Write(
            "var quantities = new Quantities(state.K0.GetLength(0));\nArray.Copy(state.K0, quantities.K0, state.K0.Length);\nOverInputs(state.V4, quantities.V4);\n"
            + "OverInputs(state.V4_source, quantities.V4_source);\nOverInputs(state.K1, quantities.K1);\nreturn quantities;"));
        _code.Write("}\n");
    }

    private void Recipes()
    {
        int order = source.HighestOrder;
        int[] stream = [.. source.Used(GaussianRecipe.SourceInModes)];
        (string Name, string Type, int At, string Arguments)[] parts =
        [
            .. stream.Select(at => ($"Stream{at}", "FluctuationEquation", at, $"inputs, {order}")),
            .. source.Used(GaussianRecipe.NormBeyondModes).Select(at => ($"Normed{at}", "FluctuationEquation", at, $"inputs, {order + 2}")),
            .. source.Used(GaussianRecipe.SourceInKernel, GaussianRecipe.CurvatureOfSource).Select(at => ($"Rows{at}", "FluctuationEquation", at, "inputs, 4")),
            .. source.Used(GaussianRecipe.CovarianceOfSource).Select(at => ($"Products{at}", "SourceCovariance", at, "inputs, false")),
        ];
        _code.Write("// The recipes for so many inputs, with what they remember: functions of the stream, of it after a norm (two orders more), of Gaussian rows, and covariances of their products.");
        _code.Write("private sealed class Recipes\n{").Inside(() =>
        {
            _code.Write("public Recipes(int inputs)\n{").Inside(() =>
            {
                for (int at = 0; at < source.Functions.Count; at++)
                    _code.Write($"ActivationDescription f{at} = {FunctionAt(new FunctionCode(source.Functions[at].Text, [source.Functions[at].Expression]), at)};");
                foreach ((string name, string type, int at, string arguments) in parts)
                    _code.Write($"{name} = new(f{at}, {arguments});");
                _code.Write($"// The orders of the modes beside g; where all functions of the stream are even or odd, the odd ones vanish.\nint[] orders = [{string.Join(", ", source.Orders)}];");
                string even = string.Join(" && ", stream.Select(at => $"Stream{at}.HasOnlyEvenOrders"));
                _code.Write($"Numbers = new(new IndexRanges(inputs, orders.Where(order => {(even.Length == 0 ? "" : $"!({even}) || ")}order % 2 == 0)));\nProgram = new(Numbers);");
            });
            _code.Write("}\n\npublic ModeNumbers Numbers { get; }\n\npublic ProgramNumbers Program { get; }");
            foreach ((string name, string type, _, _) in parts)
                _code.Write($"\npublic {type} {name} {{ get; }}");
        });
        _code.Write("}\n\n[ThreadStatic]\nprivate static Recipes? latest;\n\nprivate static Recipes RecipesFor(int inputs) => latest?.Numbers.Ranges.Inputs == inputs ? latest : latest = new(inputs);\n");
        _code.Write("private static ModeNumbers NumbersFor(int inputs) => RecipesFor(inputs).Numbers;\n");
    }
}
