using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>Writes a moment system as a Python program.</summary>
internal sealed class PythonMomentWriter(MomentContent content) : PythonStatementWriter
{
    private protected override bool IsDiscrete => content.IsDiscrete;

    private protected override string Further(GaussianStatement statement) => statement.Recipe == GaussianRecipe.SigmaKernelInModes ? ", functions" : "";

    public string Write()
    {
        foreach (string line in content.Header("python", $"python3 {content.Name}.py").Concat(PythonLanguage.Accuracy))
            _code.Write(PythonText.Comment(line));
        _code.Write($"\nimport functools\nimport math\n{(content.IsOnModes ? "" : "import types\n")}\nimport numpy as np\n");
        SubjectNumbers numbers = content.Numbers;
        _code.Write("# The specification.");
        PythonLanguage.Specification(_code, numbers);
        if (content.IsOnModes)
        {
            _code.Write($"orders = [{string.Join(", ", content.Orders)}]  # of the modes beside g");
            _code.Write($"highest_order = {content.HighestOrder}\n\n");
        }
        else
        {
            _code.Write("# The observables: place among the integrands, place of f(y, x), two inputs?, symmetric?");
            _code.Write("observables = [");
            foreach (ObservableCode observable in content.Observables)
                _code.Write($"    ({observable.Integrand}, {observable.Exchanged}, {(observable.HasTwoInputs ? "True" : "False")}, {(observable.IsSymmetric ? "True" : "False")}),  # {observable.Meaning}");
            _code.Write($"]\nclosure_size = {content.ClosureSize}\nsigma_kernel = {content.SigmaKernel}\n\n");
        }

        string family = content.IsOnModes ? "modes" : "observables";
        string[] templates = ["gaussian.py", $"{family}.py", content.IsDiscrete ? $"{family}_discrete.py" : $"{family}_continuous.py"];
        PythonLanguage.Constants(_code, templates);
        Declare(content.System.State, content.Step.Concat(content.Quantities).Concat(content.System.Initial));
        Initial();
        Step();
        Quantities();
        PythonLanguage.Solve(_code, content.IsDiscrete, numbers);
        foreach (string template in templates)
            PythonLanguage.Template(_code, template);
        Functions();
        foreach (string helper in _style.Helpers)
            _code.Write(helper + "\n\n");
        PythonLanguage.Program(_code, ["K0", "V4", "V4_source", "K1", "U1", "E2"]);
        return _code.ToString();
    }

    private void Initial()
    {
        _code.Write("def initial(K0):\n    \"\"\"The state at depth 0, from K(0).\"\"\"").Inside(() =>
        {
            _code.Write("inputs = len(K0)\npairs, _ = pairs_of(inputs)");
            if (!content.IsOnModes)
                _code.Write("observables = components_of(inputs).count");
            _code.Write($"state = {{\"K0\": np.array(K0, dtype=float), {string.Join(", ", content.System.State.Skip(1).Select(variable => $"\"{variable.Tensor.Name}\": {Zeros(variable.Indices)}"))}}}");
            foreach (MomentStatement statement in content.System.Initial)
            {
                _code.Write($"# {statement.Meaning}");
                if (statement is ComponentEquation component)
                    Loops(component, $"state[\"{component.Variable.Tensor.Name}\"]");
                else if (statement is GaussianStatement gaussian)
                    _code.Write($"state[\"{gaussian.Outputs[0].Tensor.Name}\"] = {Call(gaussian, "state[\"K0\"]")}");
            }

            _code.Write("return state");
        });
        _code.Write("\n");
    }

    private void Step()
    {
        _code.Write(content.IsDiscrete
            ? "def step(state, parameters):\n    \"\"\"The state at the next layer.\"\"\""
            : "def rate(state, parameters):\n    \"\"\"The rate of change of the state in t.\"\"\"").Inside(() =>
        {
            Read(content.Step);
            _code.Write("result = {}");
            Statements(content.Step);
            _code.Write("return result");
        });
        _code.Write("\n");
    }

    private void Quantities()
    {
        _code.Write("def quantities(state, parameters):\n    \"\"\"What follows from the state at the same depth, over inputs.\"\"\"").Inside(() =>
        {
            Read(content.Quantities);
            Statements(content.Quantities);
            if (content.IsOnModes)
                _code.Write("V4, K1 = state[\"V4\"], state[\"K1\"]");
            else
                _code.Write("kernel_places = kernel_components(inputs)\nV4, K1 = state[\"V\"][kernel_places][:, kernel_places], state[\"m\"][kernel_places]");
            _code.Write("return {\n    \"K0\": state[\"K0\"], \"V4\": over_inputs(V4, inputs), \"V4_source\": over_inputs(state[\"V4_source\"], inputs),\n"
                + "    \"K1\": over_inputs(K1, inputs), \"U1\": over_inputs(U1, inputs), \"E2\": over_inputs(E2, inputs)}");
        });
        _code.Write("\n");
    }

    private void Read(IReadOnlyList<MomentStatement> statements)
    {
        _code.Write("inputs = len(state[\"K0\"])");
        if (statements.Any(statement => statement is ComponentEquation))
            _code.Write("pairs, _ = pairs_of(inputs)");
        SortedSet<string> read = [.. statements.SelectMany(MomentStatements.Inputs)];
        List<Symbol> parameters = [.. MomentContent.Parameters(statements)];
        foreach (Symbol parameter in parameters)
            _code.Write($"{parameter.Name} = parameters[\"{parameter.Name}\"]");
        List<string> names = [.. content.System.State.Select(variable => variable.Tensor.Name).Where(read.Contains)];
        foreach (string name in names)
            _code.Write($"{name} = state[\"{name}\"]");
    }

    /// <summary>An array of zeros over the ranges of indices.</summary>
    internal static string Zeros(IReadOnlyList<TensorIndex> indices) => $"np.zeros(({string.Join(", ", indices.Select(Range))}{(indices.Count == 1 ? "," : "")}))";

    private static string Range(TensorIndex index) => index.Kind switch
    {
        IndexKind.Input => "inputs",
        IndexKind.Pair => "len(pairs)",
        IndexKind.Observable => "observables",
        IndexKind.EveryMode => "len(table_modes()[0])",
        IndexKind.Direction => "2",
        _ => "highest_order + 1",
    };

    private void Functions()
    {
        (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name(content.Integrands, "t");
        _code.Write("def integrands(x, y, f, g):\n    \"\"\"x = phi_a, y = phi_b; f and g: sigma and its derivatives there.\"\"\"");
        PythonLanguage.Body(_code, _style, locals, values);
        _code.Write("def functions(x, y):\n    \"\"\"The integrands at x and y.\"\"\"\n    return integrands(x, y, sigma(x), sigma(y))\n\n");
        _code.Write($"def sigma(x):\n    {PythonText.Documentation($"sigma(x) = {content.Activation}{(content.Derivatives.Count > 1 ? " and its derivatives" : "")}.")}");
        PythonLanguage.Body(_code, _style, content.DerivativeLocals, content.Derivatives);
    }
}
