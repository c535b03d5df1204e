using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>The equations as one Python file that needs NumPy only: loops over inputs, expectations included.</summary>
public sealed partial class PythonLanguage : IOutputLanguage
{
    /// <inheritdoc/>
    public string Name => "python";

    /// <inheritdoc/>
    public string FileEnding => ".py";

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The activation has a kink, or the equations need what the file could not compute.</exception>
    public string Write(DerivationResult derivation, DerivationSubject subject) => derivation.Program is not null
        ? new PythonProgramWriter(new ProgramContent(derivation.Program, subject)).Write()
        : !derivation.System.IsOfComponents
        ? new PythonMomentWriter(new MomentContent(derivation.System, subject)).Write()
        : new Writer(new CodeContent(derivation, subject)).Write();

    /// <summary>The loop over depth.</summary>
    /// <param name="code">Where it is written.</param>
    /// <param name="isDiscrete">Whether there is a map from layer to layer, or a rate of change.</param>
    /// <param name="numbers">Says how a rate is integrated.</param>
    /// <param name="isProgram">Whether each layer has numbers of its own.</param>
    internal static void Solve(CodeWriter code, bool isDiscrete, SubjectNumbers numbers, bool isProgram = false)
    {
        code.Write(EmbeddedText.Template(isDiscrete ? "solve_discrete.py" : numbers.EulerSteps ? "solve_euler.py" : "solve_continuous.py").Trim('\n')
            .Replace("ARGUMENTS", isProgram ? "parameters, layer" : "parameters", StringComparison.Ordinal)
            .Replace("EPS", isProgram ? "parameters[\"eps\"][layer]" : "parameters[\"eps\"]", StringComparison.Ordinal) + "\n\n");
        if (!isDiscrete)
            Template(code, "plus.py");
    }

    /// <summary>A template, and the two empty lines after it.</summary>
    internal static void Template(CodeWriter code, string name) => code.Write(EmbeddedText.Template(name).Trim('\n') + "\n\n");

    /// <summary>The constants that templates use, with the values that the recipes of the solver have.</summary>
    internal static void Constants(CodeWriter code, IEnumerable<string> templates)
    {
        code.Write("# The constants of the recipes of symeft.");
        foreach (string constant in templates.SelectMany(name => Constant().Matches(EmbeddedText.Template(name))).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal))
            code.Write($"{constant} = {RecipeText.ValueOf(string.Concat(constant.Split('_').Select(word => word[0] + word[1..].ToLowerInvariant())))}");
        code.Write("\n");
    }

    /// <summary>Lines of the header on errors.</summary>
    internal static IEnumerable<string> Accuracy =>
    [
        "",
        "Coefficients are trapezoid sums in standard normal coordinates. The step is halved, on grids that share no points, until two levels",
        "agree to 1e-10 of the norm; for analytic activations the error of the finer level is then about the square of that. Where two",
        "levels never agree, as for an activation that is not smooth, the program stops with a message.",
    ];

    [GeneratedRegex(@"\b[A-Z]{2,}(?:_[A-Z]+)+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Constant();

    /// <summary>What solves the specification and prints a table.</summary>
    /// <param name="code">Where it is written.</param>
    /// <param name="names">The columns.</param>
    /// <param name="time">Depth time of a layer.</param>
    internal static void Program(CodeWriter code, IEnumerable<string> names, string time = "parameters[\"eps\"] ** 2 * layer") =>
        code.Write(EmbeddedText.Template("program.py").Trim('\n').Replace("TIME", time, StringComparison.Ordinal).Replace("NAMES", $"[{string.Join(", ", names.Select(PythonText.Literal))}]", StringComparison.Ordinal));

    /// <summary>The parameters, K(0) and the recorded layers.</summary>
    internal static void Specification(CodeWriter code, SubjectNumbers numbers)
    {
        code.Write($"parameters = {{\"alpha\": {CodeContent.Number(numbers.Skip)}, \"eps\": {CodeContent.Number(numbers.Step)}, \"C_W\": {CodeContent.Number(numbers.WeightVariance)}, \"C_b\": {CodeContent.Number(numbers.BiasVariance)}}}");
        Inputs(code, numbers);
    }

    /// <summary>K(0) and the recorded layers.</summary>
    internal static void Inputs(CodeWriter code, SubjectNumbers numbers)
    {
        string kernel = string.Join(", ", Enumerable.Range(0, numbers.Kernel.GetLength(0)).Select(a =>
            $"[{string.Join(", ", Enumerable.Range(0, numbers.Kernel.GetLength(1)).Select(b => CodeContent.Number(numbers.Kernel[a, b])))}]"));
        code.Write($"kernel = np.array([{kernel}], dtype=float)\nlayers = [{string.Join(", ", numbers.RecordedLayers)}]");
    }

    /// <summary>The body of a function that returns a list of values.</summary>
    internal static void Body(CodeWriter code, PythonCodeStyle style, IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values)
    {
        code.Inside(() =>
        {
            foreach (Assignment local in locals)
                code.Statement($"{ExpressionPrinter.Print(local.Left, style)} = ", ExpressionPrinter.Print(local.Value, style), bracket: true);
            code.Write("return [");
            foreach (Expression value in values)
                code.Statement("    ", ExpressionPrinter.Print(value, style), ",");
            code.Write("]\n\n");
        });
    }

    private sealed class Writer(CodeContent content)
    {
        private readonly CodeWriter _code = new();
        private readonly PythonCodeStyle _style = new();

        private static IEnumerable<string> ExpectationsBySums =>
        [
            "",
            "Expectations are trapezoid sums in standard normal coordinates (u, v), x = sqrt(K_aa) u, y = sqrt(K_bb) (rho u + sqrt((1 - rho)(1 + rho)) v).",
            "The step is halved, on grids that share no points, until two levels agree to 1e-10 of the sum of magnitudes. The rule converges",
            "geometrically for analytic activations, which is what it is good for: the error of the finer level is then about the square of",
            "that. Where two levels never agree, as for an activation that is not smooth, the program stops with a message.",
        ];

        public string Write()
        {
            foreach (string line in content.Header("python", $"python3 {content.Name}.py").Concat(ExpectationsBySums))
                _code.Write(PythonText.Comment(line));
            _code.Write("\nimport math\n\nimport numpy as np\n");
            SubjectNumbers numbers = content.Numbers;
            _code.Write("# The specification.");
            Specification(_code, numbers);
            _code.Write("\n");
            Function("initial", "K0", "The state at depth 0, from K(0); every symmetric component is stored.", content.Plan.Initial, content.Plan.State, fromState: false);
            Function(
                content.IsDiscrete ? "step" : "rate",
                "state, parameters",
                content.IsDiscrete ? "The state at the next layer." : "The rate of change of the state in t.",
                content.Plan.RightSide,
                content.Plan.State,
                fromState: true);
            Function("quantities", "state, parameters", "What follows from the state at the same depth.", content.Plan.Quantities, content.Plan.Derived, fromState: true);
            Solve(_code, content.IsDiscrete, content.Numbers);
            Expectations();
            foreach (string helper in _style.Helpers)
                _code.Write(helper + "\n\n");
            Program(_code, content.Plan.State.Concat(content.Plan.Derived).Select(tensor => tensor.Name));
            return _code.ToString();
        }

        private static string New(Tensor tensor) => $"np.zeros(({string.Join(", ", Enumerable.Repeat("inputs", tensor.Arity))}{(tensor.Arity == 1 ? "," : "")}))";

        private void Function(string name, string arguments, string summary, CodeSection section, IReadOnlyList<Tensor> results, bool fromState)
        {
            _code.Write($"def {name}({arguments}):\n    \"\"\"{summary}\"\"\"");
            _code.Inside(() =>
            {
                IReadOnlySet<string> read = section.TensorsRead;
                _code.Write($"inputs = len({(fromState ? "state[\"K0\"]" : "K0")})");
                if (fromState)
                {
                    foreach (Symbol parameter in section.Read(CodePlan.Parameters))
                        _code.Write($"{parameter.Name} = parameters[\"{parameter.Name}\"]");
                    foreach (Tensor tensor in content.Plan.State.Where(tensor => read.Contains(tensor.Name)))
                        _code.Write($"{tensor.Name} = state[\"{tensor.Name}\"]");
                }

                List<Tensor> arrays = [.. content.Plan.Expectations.Select(each => each.Array).Where(tensor => read.Contains(tensor.Name))];
                if (arrays.Count > 0)
                    _code.Write($"averages = expectations({(fromState ? "state[\"K0\"]" : "K0")})");
                foreach (Tensor tensor in arrays)
                    _code.Write($"{tensor.Name} = averages[\"{tensor.Name}\"]");
                foreach (Assignment scalar in section.Scalars)
                    _code.Statement($"{Print(scalar.Left)} = ", Print(scalar.Value), bracket: true);
                foreach (LoopBlock block in section.Helpers)
                {
                    foreach (string heading in block.Headings)
                        _code.Write(PythonText.Comment(heading));
                    foreach (Assignment line in block.Outputs)
                        _code.Write($"{((Indexed)line.Left).Tensor.Name} = {New(((Indexed)line.Left).Tensor)}");
                    Loops(block, 0, each => each.Name);
                }

                _code.Write($"result = {{{string.Join(", ", results.Select(tensor => $"\"{tensor.Name}\": {New(tensor)}"))}}}");
                foreach (LoopBlock block in section.Outputs)
                {
                    foreach (string heading in block.Headings)
                        _code.Write(PythonText.Comment(heading));
                    Loops(block, 0, each => $"result[\"{each.Name}\"]");
                }

                _code.Write("return result");
            });
            _code.Write("\n");
        }

        private void Loops(LoopBlock block, int at, Func<Tensor, string> owner)
        {
            if (at == block.Shape.Letters.Count)
            {
                foreach (Assignment local in block.Locals)
                    _code.Statement($"{Print(local.Left)} = ", Print(local.Value), bracket: true);
                foreach (Assignment line in block.Outputs)
                    Put(block.Shape, (Indexed)line.Left, owner, Print(line.Value));
                return;
            }

            string start = block.Shape.StartOf(at) switch { LoopStart.Zero => "", LoopStart.First => "a, ", LoopStart.Third => "c, ", _ => "b if c == a else c, " };
            _code.Write($"for {block.Shape.Letters[at]} in range({start}inputs):").Inside(() => Loops(block, at + 1, owner));
        }

        private void Put(LoopShape shape, Indexed left, Func<Tensor, string> owner, string value)
        {
            string array = owner(left.Tensor), letters = string.Join(", ", shape.Letters);
            if (shape.Symmetry == TensorSymmetry.None)
            {
                _code.Statement($"{array}[{letters}] = ", value, bracket: true);
                return;
            }

            string name = shape.Symmetry switch { TensorSymmetry.Symmetric => "put_pair", TensorSymmetry.SymmetricInEachPair => "put_pairs", _ => "put_covariance" };
            _style.Use(name);
            _code.Statement($"{name}({array}, {letters}, ", value, ")");
        }

        private void Expectations()
        {
            (IReadOnlyList<Expression> integrands, IReadOnlyList<(ExpectationArray Array, int Slot, int Exchanged)> places) = content.Integrands();
            (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name(integrands, "t");
            _code.Write($"def expectations(K0):\n    \"\"\"All expectations that the equations need, for every pair of inputs.\"\"\"\n    inputs = len(K0)\n    result = {{{string.Join(", ", places.Select(place => $"\"{place.Array.Array.Name}\": {New(place.Array.Array)}"))}}}");
            _code.Write("    for a, b, values in each_pair(K0):").Depth += 2;
            foreach ((ExpectationArray array, int slot, int exchanged) in places)
            {
                string name = $"result[\"{array.Array.Name}\"]";
                if (array.Array.Arity == 1)
                    _code.Write($"if a == b:\n    {name}[a] = values[{slot}]");
                else
                    _code.Write($"{name}[a, b] = values[{slot}]\n{name}[b, a] = values[{exchanged}]");
            }

            _code.Depth -= 2;
            _code.Write("    return result\n\n");
            Template(_code, "expectations.py");
            _code.Write("def integrands(x, y, f, g):\n    \"\"\"x = phi_a, y = phi_b; f and g: sigma and its derivatives there.\"\"\"");
            Body(_code, _style, locals, values);
            _code.Write($"def sigma(x):\n    {PythonText.Documentation($"sigma(x) = {content.Activation} and its derivatives.")}");
            (locals, values) = content.DerivativesTo(content.Plan.HighestOrder);
            Body(_code, _style, locals, values);
        }

        private string Print(Expression expression) => ExpressionPrinter.Print(expression, _style);
    }
}
