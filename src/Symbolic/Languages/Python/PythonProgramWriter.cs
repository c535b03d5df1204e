using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>Writes a program of layers as Python: a function for each structure of a step, and the numbers of the layers as lists.</summary>
internal sealed class PythonProgramWriter(ProgramContent content) : PythonStatementWriter
{
    // Second derivatives in the covariance of Gaussian rows meet modes of order 4.
    private const int OrderOfRows = 4;

    private string[] Templates => ["gaussian.py", "modes.py", "modes_discrete.py", .. IsDiscrete ? [] : new[] { "modes_continuous.py" }, "programs.py", .. HasTangent ? new[] { "tangent.py" } : [], .. content.HasKinks ? new[] { "kinks.py" } : []];

    private bool HasTangent => content.HasTwoNeurons || content.UsedPairs(GaussianRecipe.CovarianceOfProducts).Any();

    private protected override bool IsDiscrete => content.IsDiscrete;

    private int HighestOrder => Math.Max(OrderOfRows, content.HighestOrder);

    private protected override string Further(GaussianStatement statement) => statement.Recipe switch
    {
        GaussianRecipe.SigmaKernelInModes => $", products({Function(statement)})",
        GaussianRecipe.SigmaKernelOfRows or GaussianRecipe.CurvatureOfSigmaKernel => $", coefficients({KernelOf(statement)}, {OrderOfRows}, products({Function(statement)}))",
        GaussianRecipe.NormBeyondModes => $", coefficients({KernelOf(statement)}, {content.HighestOrder + 2}, products({Function(statement)}))",
        GaussianRecipe.CovarianceOfSigmaKernel => $", {Function(statement)}",
        GaussianRecipe.CovarianceOfProducts or GaussianRecipe.TangentProducts or GaussianRecipe.TangentProductsOfRows => $", {Function(statement)}, sigma_{content.PlaceOf(statement.Other!)}",
        GaussianRecipe.FramesOfPairs or GaussianRecipe.MarksOfModes or GaussianRecipe.CarriedTables or GaussianRecipe.DerivativesOfTables or GaussianRecipe.ProductsOfTables or GaussianRecipe.OverInputs or GaussianRecipe.OverInputsOfPairs => "",
        GaussianRecipe.MeanOverTaps or GaussianRecipe.MeanOfPairsOverTaps => ", inputs",
        GaussianRecipe.ContractWithOverlaps or GaussianRecipe.CarriedModes or GaussianRecipe.SecondDerivatives or GaussianRecipe.FourthDerivatives or GaussianRecipe.NumberOfModes or GaussianRecipe.DriftOfModes => "",
        _ => throw new NotSupportedException($"Generated Python has no recipe {statement.Recipe} for programs of layers; write csharp, markdown or latex, or solve it with symeft solve."),
    };

    private protected override IEnumerable<string> Before(GaussianStatement statement) => statement.Recipe == GaussianRecipe.MarksOfModes ? ["inputs"] : statement.Taps.Count == 0 ? [] : [$"[{string.Join(", ", statement.Taps)}]"];

    private string Function(GaussianStatement statement) => $"sigma_{content.PlaceOf(statement)}";

    private string KernelOf(GaussianStatement statement) => ArgumentOf((TensorArgument)statement.Arguments[0], "K0");

    public string Write()
    {
        if (content.List.Count > 0)
            throw new NotSupportedException($"Generated Python has no projections of {content.Program.Systems[0].Closure.Name} for programs of layers; write csharp, markdown or latex, use g-only, g-connected or hermite(k), or solve it with symeft solve.");
        foreach (string line in content.Header("python", $"python3 {content.Name}.py").Concat(PythonLanguage.Accuracy))
            _code.Write(PythonText.Comment(line));
        _code.Write("\nimport functools\nimport math\n\nimport numpy as np\n");
        _code.Write("# The specification: for each layer the step that it takes, from 1, and the numbers of its letters, 0 for one that its step does not have.");
        _code.Write("parameters = {").Inside(() =>
        {
            Schedule("steps", [.. content.Program.Layers.Select(layer => $"{layer.System + 1}")]);
            for (int at = 0; at < content.Letters.Count; at++)
                Schedule(content.Letters[at].Name, [.. content.Schedules[at].Select(CodeContent.Number)]);
        });
        _code.Write("}");
        PythonLanguage.Inputs(_code, content.Numbers);
        _code.Write($"orders = [{string.Join(", ", content.Orders)}]  # of the modes beside g\nhighest_order = {HighestOrder}\n\n");
        if (content.HasKinks)
            _code.Write($"kinks = [{string.Join(", ", content.Functions.SelectMany(function => function.Kinks).Select(kink => kink.Value).Distinct().Order().Select(CodeContent.Number))}]  # where functions of a neuron are not smooth\n\n");
        PythonLanguage.Constants(_code, Templates);
        Initial();
        Steps();
        _code.Write("def quantities(state, parameters):\n    \"\"\"The state over inputs.\"\"\"\n    inputs = len(state[\"K0\"])\n"
            + $"    return {{\"K0\": state[\"K0\"]}} | {{name: over_inputs(state[name], inputs) for name in [{string.Join(", ", Results.Skip(1).Select(PythonText.Literal))}]}}\n\n");
        PythonLanguage.Solve(_code, IsDiscrete, content.Numbers, isProgram: true);
        foreach (string template in Templates)
            _code.Write(EmbeddedText.Template(template).Trim('\n').Replace("rims = projections(", content.HasKinks ? "rims = projections_of_pieces(" : "rims = projections(", StringComparison.Ordinal) + "\n\n");
        Functions();
        foreach (string helper in _style.Helpers)
            _code.Write(helper + "\n\n");
        PythonLanguage.Program(_code, Results, !IsDiscrete ? "sum(eps ** 2 for eps in parameters[\"eps\"][:layer])" : content.IsPlain ? "parameters[\"eps\"][0] ** 2 * layer" : "float(layer)");
        return _code.ToString();
    }

    private IEnumerable<string> Results => content.OverInputs.Select(variable => variable.Tensor.Name);

    private void Schedule(string name, string[] values)
    {
        if (values.Distinct(StringComparer.Ordinal).Count() == 1)
        {
            _code.Write($"{PythonText.Literal(name)}: [{values[0]}] * {values.Length},");
            return;
        }

        _code.Write($"{PythonText.Literal(name)}: [").Inside(() => _code.List(values));
        _code.Write("],");
    }

    private void Initial()
    {
        EquationSystem system = content.Program.Systems[0];
        Declare(system.State, system.Initial);
        _code.Write("def initial(K0):\n    \"\"\"The state at depth 0, from K(0).\"\"\"").Inside(() =>
        {
            _code.Write("inputs = len(K0)\npairs, _ = pairs_of(inputs)");
            if (content.MostTwoInputs is { } reason)
                _code.Write($"if inputs > 2:\n    raise ArithmeticError({PythonText.Literal(reason)})");
            _code.Write($"state = {{\"K0\": np.array(K0, dtype=float), {string.Join(", ", system.State.Skip(1).Select(variable => $"\"{variable.Tensor.Name}\": {PythonMomentWriter.Zeros(variable.Indices)}"))}}}");
            foreach (MomentStatement statement in system.Initial)
            {
                _code.Write($"# {statement.Meaning}");
                if (statement is ComponentEquation component)
                    Loops(component, $"state[\"{component.Variable.Tensor.Name}\"]");
                else if (statement is ContractedEquation equation)
                    _code.Write($"state[\"{equation.Variable.Tensor.Name}\"] = {Sum(equation)}");
            }

            _code.Write("return state");
        });
        _code.Write("\n");
    }

    private void Steps()
    {
        string function = IsDiscrete ? "step" : "rate";
        _code.Write($"def {function}(state, parameters, layer):\n    \"\"\"The {(IsDiscrete ? "state after one more layer" : "rate of change of the state in t, in a layer")}; layer counts those before.\"\"\"");
        _code.Write($"    return [{string.Join(", ", content.Steps.Select((_, at) => $"{function}_{at + 1}"))}][parameters[\"steps\"][layer] - 1](state, parameters, layer)\n\n");
        for (int at = 0; at < content.Steps.Count; at++)
        {
            StepCode step = content.Steps[at];
            IReadOnlyList<StateVariable> state = content.Program.Systems[at].State;
            Declare(state, step.Statements);
            _code.Write($"def {function}_{at + 1}(state, parameters, layer):\n    {PythonText.Documentation(step.Name)}").Inside(() =>
            {
                _code.Write("inputs = len(state[\"K0\"])\npairs, _ = pairs_of(inputs)\nplace = places_of(inputs)");
                foreach (Symbol letter in content.LettersOf(step.Statements))
                    _code.Write($"{letter.Name} = parameters[{PythonText.Literal(letter.Name)}][layer]");
                SortedSet<string> read = new(step.Statements.SelectMany(MomentStatements.Inputs), StringComparer.Ordinal);
                foreach (string name in state.Select(variable => variable.Tensor.Name).Where(read.Contains))
                    _code.Write($"{name} = state[\"{name}\"]");
                _code.Write("result = {}");
                Statements(step.Statements);
                _code.Write("return result");
            });
            _code.Write("\n");
        }
    }

    private void Functions()
    {
        if (HasTangent)
            _code.Write($"def stream_functions():\n    \"\"\"What reads the stream.\"\"\"\n    return [{string.Join(", ", content.Used(GaussianRecipe.SigmaKernelInModes, GaussianRecipe.NormBeyondModes).Select(at => $"sigma_{at}"))}]\n\n");
        for (int at = 0; at < content.Functions.Count; at++)
        {
            (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name([DeltaFunctions.LeaveOut(content.Functions[at].Expression)], "t");
            _code.Write($"def sigma_{at}(x):\n    {PythonText.Documentation(content.Functions[at].Text)}").Inside(() =>
            {
                foreach (Assignment local in locals)
                    _code.Statement($"{ExpressionPrinter.Print(local.Left, _style)} = ", ExpressionPrinter.Print(local.Value, _style), bracket: true);
                _code.Statement("return ", ExpressionPrinter.Print(values[0], _style), bracket: true);
            });
            _code.Write("\n");
        }
    }
}
