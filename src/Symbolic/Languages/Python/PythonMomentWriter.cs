using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>Writes a moment system as a Python program: each equation a line of sums over indices (numpy.einsum).</summary>
internal sealed partial class PythonMomentWriter(MomentSource source)
{
    private readonly CodeWriter _code = new();
    private readonly PythonCodeStyle _style = new();

    public string Write()
    {
        foreach (string line in source.Header("python", $"python3 {source.Name}.py").Concat(Accuracy))
            _code.Write(PythonText.Comment(line));
        _code.Write($"\nimport functools\nimport math\n{(source.IsOnModes ? "" : "import types\n")}\nimport numpy as np\n");
        SourceNumbers numbers = source.Numbers;
        _code.Write("# The specification.");
        PythonLanguage.Specification(_code, numbers);
        if (source.IsOnModes)
        {
            _code.Write($"orders = [{string.Join(", ", source.Orders)}]  # of the modes beside g");
            _code.Write($"highest_order = {source.HighestOrder}\n\n");
        }
        else
        {
            _code.Write("# The observables: place among the integrands, place of f(y, x), two inputs?, symmetric?");
            _code.Write("observables = [");
            foreach (ObservableCode observable in source.Observables)
                _code.Write($"    ({observable.Integrand}, {observable.Exchanged}, {(observable.HasTwoInputs ? "True" : "False")}, {(observable.IsSymmetric ? "True" : "False")}),  # {observable.Meaning}");
            _code.Write($"]\nclosure_size = {source.ClosureSize}\nsigma_kernel = {source.SigmaKernel}\n\n");
        }

        string family = source.IsOnModes ? "modes" : "observables";
        string[] templates = ["gaussian.py", $"{family}.py", source.IsDiscrete ? $"{family}_discrete.py" : $"{family}_continuous.py"];
        _code.Write("# The constants of the recipes of symeft.");
        foreach (string constant in templates.SelectMany(name => Constant().Matches(EmbeddedText.Template(name))).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal))
            _code.Write($"{constant} = {RecipeSource.ValueOf(string.Concat(constant.Split('_').Select(word => word[0] + word[1..].ToLowerInvariant())))}");
        _code.Write("\n");

        Initial();
        Step();
        Quantities();
        PythonLanguage.Solve(_code, source.IsDiscrete, numbers);
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
            if (!source.IsOnModes)
                _code.Write("observables = components_of(inputs).count");
            _code.Write($"state = {{\"K0\": np.array(K0, dtype=float), {string.Join(", ", source.System.State.Skip(1).Select(variable => $"\"{variable.Tensor.Name}\": {Zeros(variable.Indices)}"))}}}");
            foreach (MomentStatement statement in source.System.Initial)
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
        _code.Write(source.IsDiscrete
            ? "def step(state, parameters):\n    \"\"\"The state at the next layer.\"\"\""
            : "def rate(state, parameters):\n    \"\"\"The rate of change of the state in t.\"\"\"").Inside(() =>
        {
            Read(source.Step);
            _code.Write("result = {}");
            Statements(source.Step);
            _code.Write("return result");
        });
        _code.Write("\n");
    }

    private void Quantities()
    {
        _code.Write("def quantities(state, parameters):\n    \"\"\"What follows from the state at the same depth, over inputs.\"\"\"").Inside(() =>
        {
            Read(source.Quantities);
            Statements(source.Quantities);
            if (source.IsOnModes)
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
        List<Symbol> parameters = [.. MomentSource.Parameters(statements)];
        foreach (Symbol parameter in parameters)
            _code.Write($"{parameter.Name} = parameters[\"{parameter.Name}\"]");
        List<string> names = [.. source.System.State.Select(variable => variable.Tensor.Name).Where(read.Contains)];
        foreach (string name in names)
            _code.Write($"{name} = state[\"{name}\"]");
    }

    private void Statements(IReadOnlyList<MomentStatement> statements)
    {
        foreach (MomentStatement statement in statements)
        {
            _code.Write($"# {statement.Meaning}");
            switch (statement)
            {
                case GaussianStatement gaussian:
                    _code.Write($"{string.Join(", ", gaussian.Outputs.Select(output => output.Tensor.Name))} = {Call(gaussian, "K0")}");
                    break;
                case ComponentEquation component:
                    string target = component.IsNext ? $"result[\"{component.Variable.Tensor.Name}\"]" : component.Variable.Tensor.Name;
                    _code.Write($"{target} = {(component.Variable.Indices[0] == Symbolic.Derivation.Notation.A ? "np.zeros((inputs, inputs))" : "np.zeros((len(pairs), len(pairs)))")}");
                    Loops(component, target);
                    break;
                case ContractedEquation equation:
                    string left = equation.IsNext ? $"result[\"{equation.Variable.Tensor.Name}\"]" : equation.Variable.Tensor.Name;
                    _code.Write($"# {Formula(equation.Variable)}{(equation.IsNext ? source.IsDiscrete ? " at the next layer" : ": d/dt" : "")} = {Formula(equation.RightSide)}");
                    _code.Statement($"{left} = ", Sum(equation), bracket: true);
                    break;
            }
        }
    }

    private string Formula(Expression expression) => ExpressionPrinter.Print(expression, MomentCodeFormula.Instance);

    // Terms as contractions; scalars in front.
    private string Sum(ContractedEquation equation) => _style.Sum([.. equation.RightSide.Terms.ToArray().Select(term =>
    {
        Expression scalar = Expression.One;
        var tensors = new List<Indexed>();
        foreach (Expression factor in term.Factors)
        {
            if (factor is Indexed tensor)
                tensors.Add(tensor);
            else
                scalar *= factor;
        }

        bool negative = scalar.Factors[0] is Number { Value.Sign: < 0 };
        if (negative)
            scalar = -scalar;
        string contraction = Contraction(tensors, equation.Variable);
        string value = scalar.IsOne ? contraction : $"{Scalar(scalar)} * {contraction}";
        return (negative, value);
    })]);

    private string Scalar(Expression scalar)
    {
        string text = ExpressionPrinter.Print(scalar, _style);
        return scalar is Sum ? $"({text})" : text;
    }

    private static string Contraction(List<Indexed> tensors, Indexed left)
    {
        static string Letters(Indexed tensor) => string.Concat(tensor.Indices.ToArray());
        if (tensors is [var single] && Letters(single) == Letters(left))
            return Operand(single);
        return $"np.einsum(\"{string.Join(",", tensors.Select(Letters))}->{Letters(left)}\", {string.Join(", ", tensors.Select(Operand))})";
    }

    private static string Operand(Indexed tensor) => tensor.Tensor.Name;

    private void Loops(ComponentEquation equation, string target)
    {
        bool isMatrix = equation.Variable.Indices[0] == Symbolic.Derivation.Notation.A;
        bool two = equation.Variable.Indices.Length == 2 && !isMatrix;
        _code.Write("for p, (a, b) in enumerate(pairs):").Inside(() =>
        {
            string value = ExpressionPrinter.Print(MomentSource.Gathered(equation.RightSide), _style);
            if (isMatrix)
                _code.Statement($"{target}[a, b] = {target}[b, a] = ", value, bracket: true);
            else if (two)
                _code.Write("for q, (c, d) in enumerate(pairs):").Inside(() => _code.Statement($"{target}[p, q] = ", value, bracket: true));
            else
                _code.Statement($"{target}[p] = ", value, bracket: true);
        });
    }

    private static string Zeros(IReadOnlyList<TensorIndex> indices) => $"np.zeros(({string.Join(", ", indices.Select(Range))}{(indices.Count == 1 ? "," : "")}))";

    private static string Range(TensorIndex index) => index.Kind switch
    {
        IndexKind.Input => "inputs",
        IndexKind.Pair => "len(pairs)",
        IndexKind.Observable => "observables",
        _ => "highest_order + 1",
    };

    private string Call(GaussianStatement statement, string kernel)
    {
        string name = string.Concat(statement.Recipe.ToString().Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
        return $"{name}({string.Join(", ", statement.Arguments.Select(argument => argument switch
        {
            TensorArgument { IsNext: true } tensor => $"result[\"{tensor.Tensor.Name}\"]",
            TensorArgument tensor => tensor.Tensor == Symbolic.Derivation.Notation.MeanKernel ? kernel : tensor.Tensor.Name,
            ScalarArgument scalar => Scalar(scalar.Value),
            _ => throw new NotSupportedException($"{argument} is no argument of a recipe."),
        }))})";
    }

    private void Functions()
    {
        (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name(source.Integrands, "t");
        _code.Write("def integrands(x, y, f, g):\n    \"\"\"x = phi_a, y = phi_b; f and g: sigma and its derivatives there.\"\"\"");
        PythonLanguage.Body(_code, _style, locals, values);
        _code.Write($"def sigma(x):\n    {PythonText.Documentation($"sigma(x) = {source.Activation}{(source.Derivatives.Count > 1 ? " and its derivatives" : "")}.")}");
        PythonLanguage.Body(_code, _style, source.DerivativeLocals, source.Derivatives);
    }

    private static IEnumerable<string> Accuracy =>
    [
        "",
        "Coefficients are trapezoid sums in standard normal coordinates. The step is halved, on grids that share no points, until two levels",
        "agree to 1e-10 of the norm; for analytic activations the error of the finer level is then about the square of that. Where two",
        "levels never agree, as for an activation that is not smooth, the program stops with a message.",
    ];

    [GeneratedRegex(@"\b[A-Z]{2,}(?:_[A-Z]+)+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Constant();
}
