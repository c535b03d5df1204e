using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Writes a program of layers as C#: a method for each structure of a step, and the numbers of the layers as arrays.</summary>
internal sealed class CSharpProgramWriter(ProgramSource source) : CSharpStatementWriter
{
    private const string _class = CSharpLanguage.ClassPlaceholder;

    private protected override bool IsDiscrete => source.IsDiscrete;

    private protected override EquationSystem System => source.Program.Systems[0];

    private protected override string Numbers => "ModeNumbers";

    private protected override IReadOnlyList<(string Name, int Arity)> Tables => [.. source.OverInputs.Select(variable => (variable.Tensor.Name, variable.Indices.Sum(index => index.Kind == IndexKind.Input ? 1 : 2)))];

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
        GaussianRecipe.CovarianceOfTwoSources => $"recipes.Crossed{PairOf(statement)}.At(",
        GaussianRecipe.TangentSources => $"recipes.Tangents{PairOf(statement)}.At(",
        GaussianRecipe.TangentSourcesOfRows => $"recipes.TangentsOfRows{PairOf(statement)}.At(",
        GaussianRecipe.FramesOfPairs => "recipes.Pairs.Frames(",
        GaussianRecipe.MarksOfModes => "recipes.Pairs.Marks(",
        GaussianRecipe.CarriedTables => "recipes.Pairs.Carried(",
        GaussianRecipe.DerivativesOfTables => "recipes.Pairs.Derivatives(",
        GaussianRecipe.ProductsOfTables => "recipes.Pairs.Products(",
        GaussianRecipe.OverInputs or GaussianRecipe.OverInputsOfPairs => "recipes.Pairs.OverInputs(",
        GaussianRecipe.ContractWithOverlaps or GaussianRecipe.CarriedModes or GaussianRecipe.SecondDerivatives or GaussianRecipe.FourthDerivatives or GaussianRecipe.DriftOfModes => base.MethodOf(statement),
        _ => throw new NotSupportedException($"Generated C# has no recipe {statement.Recipe} for programs of layers; write markdown or latex, or solve it with symeft solve."),
    };

    // Tables are carried one by one.
    private protected override void Call(GaussianStatement statement, string next, IEnumerable<string> outputs)
    {
        string[] results = [.. outputs];
        if (statement.Recipe != GaussianRecipe.CarriedTables)
        {
            base.Call(statement, next, results);
            return;
        }

        int before = statement.Arguments.Count - results.Length;
        for (int at = 0; at < results.Length; at++)
            base.Call(statement with { Arguments = [.. statement.Arguments.Take(before), statement.Arguments[before + at]] }, next, [results[at]]);
    }

    private string PairOf(GaussianStatement statement) => $"{source.PlaceOf(statement)}_{source.PlaceOf(statement.Other!)}";

    public string Write()
    {
        string[] types =
        [
            "ModeNumbers", "ProgramNumbers",
            .. source.Used(GaussianRecipe.CovarianceOfSource).Any() ? new[] { "SourceCovariance" } : [],
            .. Crossed.Any() ? new[] { "TwoSourceCovariance" } : [],
            .. source.HasTwoNeurons ? new[] { "TwoNeuronModes", "TangentSources" } : [],
        ];
        (IReadOnlyList<(string File, string Text)> recipes, IReadOnlyList<string> usings) = RecipeSource.Of(types, source.HasKinks);
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
            CSharpLanguage.Solve(_code, source.IsDiscrete, source.Numbers, isProgram: true);
            Recipes();
            _code.Write(EmbeddedText.Template("Moments.cs"));
            Functions("Functions of a neuron.", [.. source.Functions.Select(CodeOf)]);
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
            !source.IsDiscrete ? "network.eps.Take(layer).Sum(eps => eps * eps)" : source.IsPlain ? "network.eps[0] * network.eps[0] * layer" : "(double)layer");
        return _code.ToString();
    }

    private IEnumerable<(int Function, int Other)> Crossed => source.UsedPairs(GaussianRecipe.CovarianceOfTwoSources, GaussianRecipe.TangentSources, GaussianRecipe.TangentSourcesOfRows);

    private static FunctionCode CodeOf(ActivationDefinition function) => new(function.Text, [DeltaFunctions.LeaveOut(function.Expression)]);

    private static string Kinked(ActivationDefinition function, int at, IReadOnlyList<KinkPoint> kinks) =>
        $"new({CSharpText.Literal(function.Text)}, F{at}_0) {{ Kinks = [{string.Join(", ", kinks.Select(kink => $"new({CodeSource.Number(kink.Value)}, {kink.Order})"))}] }}";

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
        (string method, string result) = source.IsDiscrete ? ("Step", "next") : ("Rate", "rate");
        _code.Write($"/// <summary>The {(source.IsDiscrete ? "state after one more layer" : "rate of change of the state in t, in a layer")}.</summary>\n/// <param name=\"layer\">How many layers there are before.</param>");
        _code.Write($"public static State {method}(State state, Network network, int layer) => network.Steps[layer] switch\n{{").Inside(() =>
        {
            for (int at = 0; at < source.Steps.Count; at++)
                _code.Write($"{at + 1} => {method}{at + 1}(state, network, layer),");
            _code.Write("var other => throw new ArgumentException($\"There is no step {other}.\", nameof(network)),");
        });
        _code.Write("};\n");
        for (int at = 0; at < source.Steps.Count; at++)
        {
            StepCode step = source.Steps[at];
            Declare(System.State, step.Statements);
            _code.Write($"{CSharpText.Summary(step.Name)}\npublic static State {method}{at + 1}(State state, Network network, int layer)\n{{").Inside(() =>
            {
                Read(step.Statements);
                if (step.Statements.OfType<GaussianStatement>().Any(statement => MethodOf(statement).Contains("recipes.", StringComparison.Ordinal)))
                    _code.Write("Recipes recipes = RecipesFor(inputs);");
                _code.Write($"var {result} = new State(inputs);");
                Statements(step.Statements, result);
                _code.Write($"return {result};");
            });
            _code.Write("}\n");
        }
    }

    private void Quantities()
    {
        _code.Write("/// <summary>The state over inputs.</summary>\npublic static Quantities QuantitiesOf(State state, Network network)\n{").Inside(() => _code.Write(
            "var quantities = new Quantities(state.K0.GetLength(0));\nArray.Copy(state.K0, quantities.K0, state.K0.Length);\n"
            + $"{string.Concat(Tables.Skip(1).Select(table => $"OverInputs(state.{table.Name}, quantities.{table.Name});\n"))}return quantities;"));
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
        (int Function, int Other)[] crossed = [.. Crossed], tangents = [.. source.UsedPairs(GaussianRecipe.TangentSources)], tangentsOfRows = [.. source.UsedPairs(GaussianRecipe.TangentSourcesOfRows)];
        _code.Write("// The recipes for so many inputs, with what they remember: functions of the stream, of it after a norm (two orders more), of Gaussian rows, and covariances of their products.");
        _code.Write("private sealed class Recipes\n{").Inside(() =>
        {
            _code.Write("public Recipes(int inputs)\n{").Inside(() =>
            {
                for (int at = 0; at < source.Functions.Count; at++)
                    _code.Write($"ActivationDescription f{at} = {(source.Functions[at].Kinks is { Count: > 0 } kinks ? Kinked(source.Functions[at], at, kinks) : FunctionAt(CodeOf(source.Functions[at]), at))};");
                foreach ((string name, string type, int at, string arguments) in parts)
                    _code.Write($"{name} = new(f{at}, {arguments});");
                foreach ((int function, int other) in crossed)
                    _code.Write($"Crossed{function}_{other} = new(f{function}, f{other}, inputs, false);");
                _code.Write($"// The orders of the modes beside g; where all functions of the stream are even or odd, the odd ones vanish.\nint[] orders = [{string.Join(", ", source.Orders)}];");
                string even = string.Join(" && ", stream.Select(at => $"Stream{at}.HasOnlyEvenOrders"));
                _code.Write($"Numbers = new(new IndexRanges(inputs, orders.Where(order => {(even.Length == 0 ? "" : $"!({even}) || ")}order % 2 == 0)));\nProgram = new(Numbers);");
                if (!source.HasTwoNeurons)
                    return;
                _code.Write("ModeLayout layout = Numbers.Ranges.Modes;\nint highest = TwoNeuronModes.HighestOf(layout);\nPairs = new(layout, highest);");
                // The slope of a stage without an activation is in no other recipe.
                string Slopes(string name, int at, int highest) => parts.Any(part => part.Name == $"{name}{at}") ? $"{name}{at}" : $"new(f{at}, inputs, {highest})";
                foreach ((int function, int other) in tangents)
                    _code.Write($"Tangents{function}_{other} = new(layout, highest, Pairs.Length, f{function}, f{other}, {Slopes("Stream", other, order)}, Crossed{function}_{other}, false);");
                foreach ((int function, int other) in tangentsOfRows)
                    _code.Write($"TangentsOfRows{function}_{other} = new(layout, 2, Pairs.Length, f{function}, f{other}, {Slopes("Rows", other, 4)}, Crossed{function}_{other}, false);");
            });
            _code.Write("}\n\npublic ModeNumbers Numbers { get; }\n\npublic ProgramNumbers Program { get; }");
            if (source.HasTwoNeurons)
                _code.Write("\npublic TwoNeuronModes Pairs { get; }");
            foreach ((string name, string type, IEnumerable<(int Function, int Other)> pairs) in new[] { ("Crossed", "TwoSourceCovariance", crossed), ("Tangents", "TangentSources", tangents), ("TangentsOfRows", "TangentSources", tangentsOfRows) })
            {
                foreach ((int function, int other) in pairs)
                    _code.Write($"\npublic {type} {name}{function}_{other} {{ get; }}");
            }

            foreach ((string name, string type, _, _) in parts)
                _code.Write($"\npublic {type} {name} {{ get; }}");
        });
        _code.Write("}\n\n[ThreadStatic]\nprivate static Recipes? latest;\n\nprivate static Recipes RecipesFor(int inputs) => latest?.Numbers.Ranges.Inputs == inputs ? latest : latest = new(inputs);\n");
        _code.Write("private static ModeNumbers NumbersFor(int inputs) => RecipesFor(inputs).Numbers;\n");
    }
}
