using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Writes a program of layers as C#: a method for each structure of a step, and the numbers of the layers as arrays.</summary>
internal sealed class CSharpProgramWriter(ProgramContent content) : CSharpStatementWriter
{
    private const string _class = CSharpLanguage.ClassPlaceholder;

    private protected override bool IsDiscrete => content.IsDiscrete;

    private protected override EquationSystem System => content.Program.Systems[0];

    private bool IsOnObservables => content.List.Count > 0;

    private bool HasTangentsOnObservables => IsOnObservables && System.State.Any(variable => variable.Tensor == TangentDerivation.WithObservable);

    private protected override string Numbers => IsOnObservables ? "ObservableNumbers" : "ModeNumbers";

    private protected override IReadOnlyList<(string Name, int Arity)> Tables => IsOnObservables ? [("K0", 2), ("V4", 4), ("V4_source", 4), ("K1", 2), .. HasTangentsOnObservables ? [("Theta0", 2), .. content.HasTwoNeurons ? [("Theta1", 2), ("tau", 2)] : Array.Empty<(string, int)>(), ("VarTheta", 4), ("CovThetaG", 4)] : Array.Empty<(string, int)>()] : [.. content.OverInputs.Select(variable => (variable.Tensor.Name, variable.Indices.Sum(index => index.Kind == IndexKind.Input ? 1 : 2)))];

    private protected override IEnumerable<(Symbol Letter, string Value)> ParametersOf(IReadOnlyList<MomentStatement> statements) =>
        content.LettersOf(statements).Select(letter => (letter, $"network.{letter.Name}[layer]"));

    private protected override string MethodOf(GaussianStatement statement) => statement.Recipe switch
    {
        GaussianRecipe.SigmaKernelInModes => $"numbers.SigmaKernelInModes(recipes.Stream{content.PlaceOf(statement)}, ",
        GaussianRecipe.ProductInObservables => $"recipes.List.Product({ProductOf(statement)}, ",
        GaussianRecipe.ScaledProductInObservables => $"recipes.List.Scaled({ProductOf(statement)}, ",
        GaussianRecipe.OverBlocks => statement.Outputs[0].Tensor.IsInOneBlock ? "recipes.List.WithinBlocks(" : "recipes.List.OverAll(",
        GaussianRecipe.MeanOverTaps when IsOfMembers(statement) => $"recipes.List.MeanOverTaps([{string.Join(", ", statement.Taps)}], ",
        GaussianRecipe.GramMatrix or GaussianRecipe.CarriedObservables or GaussianRecipe.NoiseOfObservables or GaussianRecipe.DriftOfObservables or GaussianRecipe.NoiseRateOfObservables => base.MethodOf(statement),
        GaussianRecipe.SigmaKernelOfRows => $"{(IsOnObservables ? "recipes.RowNumbers" : "numbers")}.SigmaKernelOfRows(recipes.Rows{content.PlaceOf(statement)}, ",
        GaussianRecipe.CurvatureOfSigmaKernel => $"recipes.Program.CurvatureOfSigmaKernel(recipes.Rows{content.PlaceOf(statement)}, ",
        GaussianRecipe.NormBeyondModes => $"recipes.Program.NormBeyondModes(recipes.Normed{content.PlaceOf(statement)}, ",
        GaussianRecipe.CovarianceOfSigmaKernel => $"recipes.Products{content.PlaceOf(statement)}.At(",
        GaussianRecipe.CentredModes => "recipes.Program.CentredModes(",
        GaussianRecipe.NumberOfModes => "recipes.Program.NumberOfModes(",
        GaussianRecipe.MeanOverTaps => $"recipes.Program.MeanOverTaps([{string.Join(", ", statement.Taps)}], ",
        GaussianRecipe.MeanOfPairsOverTaps => $"recipes.Program.MeanOfPairsOverTaps([{string.Join(", ", statement.Taps)}], ",
        GaussianRecipe.CovarianceOfProducts => $"recipes.Crossed{PairOf(statement)}.At(",
        GaussianRecipe.TangentProducts => $"recipes.Tangents{PairOf(statement)}.At(",
        GaussianRecipe.TangentProductsOfRows => $"recipes.TangentsOfRows{PairOf(statement)}.At(",
        GaussianRecipe.FramesOfPairs => "recipes.Pairs.Frames(",
        GaussianRecipe.MarksOfModes => "recipes.Pairs.Marks(",
        GaussianRecipe.ProjectedOnTangents => "recipes.Tangents.Project(",
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
        if (statement.Recipe == GaussianRecipe.CurvatureOfSigmaKernel && IsOfMembers(statement))
        {
            string[] given = [.. statement.Arguments.Cast<TensorArgument>().Select(argument => Argument(_style.Declared[argument.Tensor.Name], ""))];
            _code.Write($"recipes.List.BlockByBlock({given[1]}, covariance => recipes.CurvatureOfSigmaKernel(recipes.Rows{content.PlaceOf(statement)}, {given[0]}, covariance), {results[0]});");
            return;
        }

        if (statement.Recipe == GaussianRecipe.OverBlocks && !statement.Outputs[0].Tensor.IsInOneBlock)
            results = [statement.Outputs[0].Indices.Length > 1 ? "true" : "false", .. results];
        if (statement.Recipe == GaussianRecipe.ProjectedOnTangents)
        {
            string[] given = [.. statement.Arguments.Cast<TensorArgument>().Select(argument => Argument(_style.Declared[argument.Tensor.Name], ""))];
            for (int at = 0; at < results.Length; at++)
                _code.Write($"recipes.Tangents.Project({(at < 4 ? $"{at}" : "TangentSpan.OfBoth")}, {given[0]}, {given[at + 1]}, {results[at]});");
            return;
        }

        if (statement.Recipe != GaussianRecipe.CarriedTables)
        {
            base.Call(statement, next, results);
            return;
        }

        int before = statement.Arguments.Count - results.Length;
        for (int at = 0; at < results.Length; at++)
            base.Call(statement with { Arguments = [.. statement.Arguments.Take(before), statement.Arguments[before + at]] }, next, [results[at]]);
    }

    private string PairOf(GaussianStatement statement) => $"{content.PlaceOf(statement)}_{content.PlaceOf(statement.Other!)}";

    public string Write()
    {
        string[] types =
        [
            "ModeNumbers", "ProgramNumbers", .. IsOnObservables ? new[] { "ObservableNumbers", "ListNumbers" } : [],
            .. content.Used(GaussianRecipe.CovarianceOfSigmaKernel).Any() ? new[] { "SigmaKernelCovariance" } : [],
            .. Crossed.Any() ? new[] { "ProductsCovariance" } : [],
            .. content.HasTwoNeurons ? new[] { "TwoNeuronModes", "TangentProducts" } : [],
            .. content.HasTwoNeurons && IsOnObservables ? new[] { "TangentSpan" } : [],
        ];
        CSharpLanguage.Start(_code, content.Header("csharp", CSharpLanguage.RunCommand(content.Name)).Concat(Accuracy), System.Closure.Name, RecipeText.Of(types, content.HasKinks).Usings);
        _style.Use("Flat");
        _code.Inside(() =>
        {
            Network();
            TypesOfResults(IsOnObservables ? "observables, block after block" : "modes M = (k, q, i), pair after pair, order after order");
            Declare(System.State, System.Initial);
            Initial();
            Steps();
            Quantities();
            CSharpLanguage.Solve(_code, content.IsDiscrete, content.Numbers, isProgram: true);
            Recipes();
            _code.Write(EmbeddedText.Template("Moments.cs"));
            if (IsOnObservables)
                _code.Write(EmbeddedText.Template("Blocks.cs"));
            Functions("Functions of a neuron.", [.. content.Functions.Select(FunctionCode.ValueOf), .. content.List.SelectMany(list => list.Functions)]);
            CSharpLanguage.Recipes(_code, _style, types, content.HasKinks);
        });
        _code.Write("}\n");
        CSharpLanguage.Program(
            _code, _class, content.Numbers,
            string.Join(", ", Tables.Select(table => CSharpText.Literal(table.Name))),
            string.Join(", ", Tables.Select(table => $"quantities.{table.Name}[{CSharpLanguage.Component(table.Arity)}]")),
            !content.IsDiscrete ? "network.eps.Take(layer).Sum(eps => eps * eps)" : content.IsPlain ? "network.eps[0] * network.eps[0] * layer" : "(double)layer");
        return _code.ToString();
    }

    private IEnumerable<(int Function, int Other)> Crossed => content.UsedPairs(GaussianRecipe.CovarianceOfProducts, GaussianRecipe.TangentProducts, GaussianRecipe.TangentProductsOfRows);

    private string ProductOf(GaussianStatement statement) => content.ProductOf(statement) is { } place ? $"{place}" : "null";

    private static bool IsOfMembers(GaussianStatement statement) => statement.Outputs[0].Indices[0].Kind == IndexKind.Member;

    // The list with its sigma, sigma sigma of other functions, and Gaussian rows, whose second derivatives meet modes of order 4.
    private void ListOfObservables()
    {
        int place = content.Functions.Count;
        List<string> observables = [], one = [], two = [];
        foreach (MomentContent list in content.List)
        {
            int from = place;
            foreach (FunctionCode function in list.Functions)
                _code.Write($"ActivationDescription f{place} = {FunctionAt(function, place++)};");
            string[] Of(IEnumerable<ObservableCode> codes) => [.. codes.Select(observable => CSharpMomentWriter.Text(observable, from))];
            observables.AddRange(Of(list == content.List[0] ? list.Observables : [list.Observables[list.SigmaKernelPlace]]));
            one.AddRange(Of(list.Tangents.One));
            two.AddRange(Of(list.Tangents.Two));
        }

        _code.Write("// The observables: name, two inputs?, symmetric?, f(x, x), f as a sum of products, and whether it is x y.\nvar expansion = new ObservableExpansion(\n[").Inside(() => observables.ForEach(observable => _code.Write(observable)));
        _code.Write($"], inputs);\nvar span = new ObservableSpan(expansion, {content.List[0].ClosureSize}, {content.List[0].SigmaKernelPlace});\nNumbers = new(span);\nList = new(span, Numbers.Ranges, kernel => expansion.At(kernel));\nRowNumbers = new(new IndexRanges(inputs, [4]));\nProgram = new(RowNumbers);");
        if (!content.HasTwoNeurons)
            return;
        _code.Write("// What tangents are multiplied by: one of the first input, and one of each.\nObservableExpansion One(ObservableFunction[] tangents) => new(tangents, inputs);\nTangents = new(One(\n[").Inside(() => one.ForEach(tangent => _code.Write(tangent)));
        _code.Write("]), One(\n[").Inside(() => two.ForEach(tangent => _code.Write(tangent)));
        _code.Write("]), new ModeLayout(inputs, []), ObservableExpansion.HighestOfTwo);");
    }

    private void Network()
    {
        _code.Write("/// <summary>The layers: the step that each takes, from 1, and the numbers of its letters, 0 for one that its step does not have; the defaults are those of the specification.</summary>");
        _code.Write("public sealed class Network\n{").Inside(() =>
        {
            Schedule("int", "Steps", [.. content.Program.Layers.Select(layer => $"{layer.System + 1}")]);
            for (int at = 0; at < content.Letters.Count; at++)
            {
                _code.Write("");
                Schedule("double", content.Letters[at].Name, [.. content.Schedules[at].Select(CodeContent.Number)]);
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
        (string method, string result) = content.IsDiscrete ? ("Step", "next") : ("Rate", "rate");
        _code.Write($"/// <summary>The {(content.IsDiscrete ? "state after one more layer" : "rate of change of the state in t, in a layer")}.</summary>\n/// <param name=\"layer\">How many layers there are before.</param>");
        _code.Write($"public static State {method}(State state, Network network, int layer) => network.Steps[layer] switch\n{{").Inside(() =>
        {
            for (int at = 0; at < content.Steps.Count; at++)
                _code.Write($"{at + 1} => {method}{at + 1}(state, network, layer),");
            _code.Write("var other => throw new ArgumentException($\"There is no step {other}.\", nameof(network)),");
        });
        _code.Write("};\n");
        for (int at = 0; at < content.Steps.Count; at++)
        {
            StepCode step = content.Steps[at];
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
            + (IsOnObservables
                ? "ObservableNumbers numbers = NumbersFor(state.K0.GetLength(0));\n// x y has one component for each pair, in the block of that pair.\nOverInputs(state.V, quantities.V4, numbers.Span.Kernel);\nOverInputs(state.V4_source, quantities.V4_source);\nOverInputs(state.m, quantities.K1, numbers.Span.Kernel);\n"
                    + (HasTangentsOnObservables ? "// Theta of a pair is that of its own block.\nOverInputs(state.Theta0, quantities.Theta0);\n" + (content.HasTwoNeurons ? "OverInputs(state.Theta1, quantities.Theta1, numbers.Own);\nOverInputs(state.tau, quantities.tau);\n" : "") + "OverInputs(state.VarTheta, quantities.VarTheta, numbers.Own);\nOverInputs(state.V_Tf, quantities.CovThetaG, numbers.Own, numbers.Span.Kernel);\n" : "")
                : string.Concat(Tables.Skip(1).Select(table => $"OverInputs(state.{table.Name}, quantities.{table.Name});\n")))
            + "return quantities;"));
        _code.Write("}\n");
    }

    private void Recipes()
    {
        int order = content.HighestOrder;
        int[] stream = [.. content.Used(GaussianRecipe.SigmaKernelInModes)];
        (string Name, string Type, int At, string Arguments)[] parts =
        [
            .. stream.Select(at => ($"Stream{at}", "FluctuationEquation", at, $"inputs, {order}")),
            .. content.Used(GaussianRecipe.NormBeyondModes).Select(at => ($"Normed{at}", "FluctuationEquation", at, $"inputs, {order + 2}")),
            .. content.Used(GaussianRecipe.SigmaKernelOfRows, GaussianRecipe.CurvatureOfSigmaKernel).Select(at => ($"Rows{at}", "FluctuationEquation", at, "inputs, 4")),
            .. content.Used(GaussianRecipe.CovarianceOfSigmaKernel).Select(at => ($"Products{at}", "SigmaKernelCovariance", at, "inputs, false")),
        ];
        (int Function, int Other)[] crossed = [.. Crossed], tangents = [.. content.UsedPairs(GaussianRecipe.TangentProducts)], tangentsOfRows = [.. content.UsedPairs(GaussianRecipe.TangentProductsOfRows)];
        _code.Write("// The recipes for so many inputs, with what they remember: functions of the stream, of it after a norm (two orders more), of Gaussian rows, and covariances of their products.");
        _code.Write("private sealed class Recipes\n{").Inside(() =>
        {
            _code.Write("public Recipes(int inputs)\n{").Inside(() =>
            {
                if (content.MostTwoInputs is { } reason)
                    _code.Write($"if (inputs > 2)\n    throw new ArithmeticException({CSharpText.Literal(reason)});");
                for (int at = 0; at < content.Functions.Count; at++)
                    _code.Write($"ActivationDescription f{at} = {FunctionAt(FunctionCode.ValueOf(content.Functions[at]), at)};");
                foreach ((string name, string type, int at, string arguments) in parts)
                    _code.Write($"{name} = new(f{at}, {arguments});");
                foreach ((int function, int other) in crossed)
                    _code.Write($"Crossed{function}_{other} = new(f{function}, f{other}, inputs, false);");
                if (IsOnObservables)
                {
                    ListOfObservables();
                    TwoNeurons("new(inputs, [])", "ObservableExpansion.HighestOfTwo", "ObservableExpansion.HighestOfOne");
                    return;
                }

                _code.Write($"// The orders of the modes beside g; where all functions of the stream are even or odd, the odd ones vanish.\nint[] orders = [{string.Join(", ", content.Orders)}];");
                string even = string.Join(" && ", stream.Select(at => $"Stream{at}.HasOnlyEvenOrders"));
                _code.Write($"Numbers = new(new IndexRanges(inputs, orders.Where(order => {(even.Length == 0 ? "" : $"!({even}) || ")}order % 2 == 0)));\nProgram = new(Numbers);");
                TwoNeurons("Numbers.Ranges.Modes", "TwoNeuronModes.HighestOf(layout)", "0");
            });
            _code.Write($"}}\n\npublic {Numbers} Numbers {{ get; }}\n\npublic ProgramNumbers Program {{ get; }}");
            if (IsOnObservables)
            {
                _code.Write("\npublic ListNumbers List { get; }\n\npublic ModeNumbers RowNumbers { get; }\n");
                _code.Write("public double[] CurvatureOfSigmaKernel(FluctuationEquation rows, double[] kernel, double[] covariance)\n{").Inside(() => _code.Write("var result = new double[kernel.Length];\nProgram.CurvatureOfSigmaKernel(rows, kernel, covariance, result);\nreturn result;"));
                _code.Write("}");
            }

            if (content.HasTwoNeurons && IsOnObservables)
                _code.Write("\npublic TangentSpan Tangents { get; }");
            if (content.HasTwoNeurons)
                _code.Write("\npublic TwoNeuronModes Pairs { get; }");
            foreach ((string name, string type, IEnumerable<(int Function, int Other)> pairs) in new[] { ("Crossed", "ProductsCovariance", crossed), ("Tangents", "TangentProducts", tangents), ("TangentsOfRows", "TangentProducts", tangentsOfRows) })
            {
                foreach ((int function, int other) in pairs)
                    _code.Write($"\npublic {type} {name}{function}_{other} {{ get; }}");
            }

            foreach ((string name, string type, _, _) in parts)
                _code.Write($"\npublic {type} {name} {{ get; }}");
        });
        _code.Write("}\n\n[ThreadStatic]\nprivate static Recipes? latest;\n\nprivate static Recipes RecipesFor(int inputs) => latest?.Numbers.Ranges.Inputs == inputs ? latest : latest = new(inputs);\n");
        _code.Write($"private static {Numbers} NumbersFor(int inputs) => RecipesFor(inputs).Numbers;\n");

        // Averages over two neurons, to an order, of pairs of an input with itself to another.
        void TwoNeurons(string layout, string highest, string highestOfOne)
        {
            if (!content.HasTwoNeurons)
                return;
            _code.Write($"ModeLayout layout = {layout};\nint highest = {highest};\nPairs = new(layout, highest, {highestOfOne});");
            // The slope of a stage without an activation is in no other recipe.
            string Slopes(string name, int at, string highest) => parts.Any(part => part.Name == $"{name}{at}") ? $"{name}{at}" : $"new(f{at}, inputs, {highest})";
            foreach ((int function, int other) in tangents)
                _code.Write($"Tangents{function}_{other} = new(layout, highest, {highestOfOne}, Pairs.Length, f{function}, f{other}, {Slopes("Stream", other, IsOnObservables ? "highest" : $"{order}")}, Crossed{function}_{other}, false);");
            foreach ((int function, int other) in tangentsOfRows)
                _code.Write($"TangentsOfRows{function}_{other} = new(layout, 2, 0, Pairs.Length, f{function}, f{other}, {Slopes("Rows", other, "4")}, Crossed{function}_{other}, false);");
        }
    }
}
