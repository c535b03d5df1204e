using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Writes a moment system as a C# program: each equation a nest of loops over its indices.</summary>
internal sealed class CSharpMomentWriter(MomentSource source)
{
    private static readonly (string Name, int Arity)[] Tables = [("K0", 2), ("V4", 4), ("V4_source", 4), ("K1", 2), ("U1", 2), ("E2", 2)];

    private readonly CodeWriter _code = new();
    private readonly CSharpCodeStyle _style = new();
    private const string _class = CSharpLanguage.ClassPlaceholder;

    public string Write()
    {
        foreach (string line in source.Header("csharp", CSharpLanguage.RunCommand(source.Name)))
            _code.Write(CSharpText.Comment(line));
        _code.Write("\n#nullable enable\n\nusing System;\nusing System.Collections.Generic;\nusing System.Globalization;\nusing System.Runtime.InteropServices;\n");
        _code.Write($"{CSharpText.Summary($"The derived equations of the {source.System.Closure.Name} closure.")}\npublic static class {_class}\n{{");
        _code.Inside(() =>
        {
            Types();
            Initial();
            Step();
            Quantities();
            _code.Write(source.IsDiscrete ? CSharpTemplates.SolveDiscrete : source.Numbers.EulerSteps ? CSharpTemplates.SolveEuler : CSharpTemplates.SolveContinuous);
            string gaussian = CSharpGaussianTemplates.Common + (source.IsOnModes
                ? CSharpGaussianTemplates.Modes + (source.IsDiscrete ? CSharpGaussianTemplates.ModesDiscrete : CSharpGaussianTemplates.ModesContinuous)
                : CSharpSpanTemplates.Common + (source.IsDiscrete ? CSharpSpanTemplates.Discrete : CSharpSpanTemplates.Continuous));
            _code.Write(gaussian.Replace("INTEGRANDS", $"{source.Integrands.Count}", StringComparison.Ordinal).Replace("ORDERS", $"{source.Derivatives.Count}", StringComparison.Ordinal));
            Functions();
            foreach (string helper in _style.Helpers)
                _code.Write("\n" + helper);
        });
        _code.Write("}\n");
        CSharpLanguage.Program(
            _code, _class, source.Numbers,
            string.Join(", ", Tables.Select(table => CSharpText.Literal(table.Name))),
            string.Join(", ", Tables.Select(table => $"quantities.{table.Name}[{CSharpTemplates.Component(table.Arity)}]")));
        return _code.ToString();
    }

    private void Types()
    {
        CSharpLanguage.Network(_code, source.Numbers);
        if (source.IsOnModes)
        {
            _code.Write($"// The orders of the modes beside g.\nprivate const int HighestOrder = {source.HighestOrder};\n\nprivate static readonly int[] Orders = [{string.Join(", ", source.Orders)}];\n");
        }
        else
        {
            _code.Write($"// Expansions end at these orders, for functions of one input and of two.\nprivate const int LineOrder = {MomentSource.LineOrder}, PlaneOrder = {MomentSource.PlaneOrder};\n");
            _code.Write("// The observables: place among the integrands, place of f(y, x), two inputs?, symmetric?\nprivate static readonly (int Straight, int Exchanged, bool HasTwo, bool Symmetric)[] Observables =\n[").Inside(() =>
            {
                foreach (ObservableCode observable in source.Observables)
                    _code.Write($"({observable.Integrand}, {observable.Exchanged}, {(observable.HasTwoInputs ? "true" : "false")}, {(observable.IsSymmetric ? "true" : "false")}), // {observable.Meaning}");
            });
            _code.Write($"];\n\nprivate const int ClosureSize = {source.ClosureSize}, SigmaKernel = {source.SigmaKernel};\n");
        }

        _code.Write("/// <summary>The state, over pairs p = (a, b), a at most b.</summary>\npublic sealed class State(int inputs)\n{").Inside(() =>
        {
            foreach (MomentVariable variable in source.System.State)
                _code.Write($"public {TypeOf(variable.Indices.Count)} {variable.Tensor.Name} {{ get; }} = new double[{string.Join(", ", variable.Indices.Select(Size))}];\n");
            _code.Write($"public Array[] Arrays => [{string.Join(", ", source.System.State.Select(variable => variable.Tensor.Name))}];");
        });
        _code.Write("}\n");
        _code.Write("/// <summary>The results, over inputs.</summary>\npublic sealed class Quantities(int inputs)\n{").Inside(() =>
        {
            for (int at = 0; at < Tables.Length; at++)
                _code.Write($"public {TypeOf(Tables[at].Arity)} {Tables[at].Name} {{ get; }} = new double[{string.Join(", ", Enumerable.Repeat("inputs", Tables[at].Arity))}];{(at + 1 < Tables.Length ? "\n" : "")}");
        });
        _code.Write("}\n");
    }

    private void Initial()
    {
        _code.Write("/// <summary>The state at depth 0, from K(0).</summary>\npublic static State Initial(double[,] K0)\n{").Inside(() =>
        {
            _code.Write("int inputs = K0.GetLength(0);\nvar next = new State(inputs);\n(int A, int B)[] pairs = PairsOf(inputs);\nArray.Copy(K0, next.K0, K0.Length);");
            foreach (MomentStatement statement in source.System.Initial)
            {
                _code.Write($"\n// {statement.Meaning}");
                if (statement is ComponentEquation component)
                    Loops(component, "next.");
                else if (statement is GaussianStatement gaussian)
                    _code.Write($"Array.Copy({Call(gaussian, "")}, next.{gaussian.Outputs[0].Tensor.Name}, next.{gaussian.Outputs[0].Tensor.Name}.Length);");
            }

            _code.Write("\nreturn next;");
        });
        _code.Write("}\n");
    }

    private void Step()
    {
        string result = source.IsDiscrete ? "next" : "rate";
        _code.Write(source.IsDiscrete ? "/// <summary>The state at the next layer.</summary>" : "/// <summary>The rate of change of the state in t.</summary>");
        _code.Write($"public static State {(source.IsDiscrete ? "Step" : "Rate")}(State state, Network network)\n{{").Inside(() =>
        {
            Read(source.Step);
            _code.Write($"var {result} = new State(inputs);");
            Statements(source.Step, result);
            _code.Write($"return {result};");
        });
        _code.Write("}\n");
    }

    private void Quantities()
    {
        _code.Write("/// <summary>What follows from the state at the same depth, over inputs.</summary>\npublic static Quantities QuantitiesOf(State state, Network network)\n{").Inside(() =>
        {
            Read(source.Quantities);
            Statements(source.Quantities, "");
            _code.Write("var quantities = new Quantities(inputs);\nArray.Copy(state.K0, quantities.K0, state.K0.Length);");
            if (source.IsOnModes)
            {
                _code.Write("OverInputs(state.V4, quantities.V4);\nOverInputs(state.K1, quantities.K1);");
            }
            else
            {
                // x y is the first observable, one component for each pair.
                _code.Write("// x y is the first observable, with one component for each pair.");
                _code.Write("OverInputs(state.V, quantities.V4);\nOverInputs(state.m, quantities.K1);");
            }

            _code.Write("OverInputs(state.V4_source, quantities.V4_source);\nOverInputs(U1, quantities.U1);\nOverInputs(E2, quantities.E2);\nreturn quantities;");
        });
        _code.Write("}\n");
    }

    private void Read(IReadOnlyList<MomentStatement> statements)
    {
        _code.Write("int inputs = state.K0.GetLength(0);");
        SortedSet<string> letters = [.. statements.OfType<ContractedEquation>()
            .SelectMany(equation => equation.RightSide.FreeIndices().Concat(equation.Variable.Indices.ToArray()))
            .Select(index => Range(index))];
        if (statements.Any(statement => statement is ComponentEquation))
            _code.Write("(int A, int B)[] pairs = PairsOf(inputs);");
        if (letters.Contains("pairCount"))
            _code.Write("int pairCount = PairCount(inputs);");
        if (letters.Contains("orders"))
            _code.Write("const int orders = HighestOrder + 1;");
        if (letters.Contains("observables"))
            _code.Write("int observables = ObservableCount(inputs);");
        if (letters.Contains("sources"))
            _code.Write("int sources = SourcesOf(inputs).Length;");
        foreach (Symbol parameter in Parameters(statements))
            _code.Write($"double {parameter.Name} = network.{parameter.Name};");
        SortedSet<string> read = [.. statements.SelectMany(MomentStatements.Inputs)];
        foreach (MomentVariable variable in source.System.State.Where(variable => read.Contains(variable.Tensor.Name)))
            _code.Write($"{TypeOf(variable.Indices.Count)} {variable.Tensor.Name} = state.{variable.Tensor.Name};");
    }

    private static IReadOnlyList<Symbol> Parameters(IReadOnlyList<MomentStatement> statements) => MomentSource.Parameters(statements);

    private void Statements(IReadOnlyList<MomentStatement> statements, string result)
    {
        foreach (MomentStatement statement in statements)
        {
            _code.Write($"\n// {statement.Meaning}");
            switch (statement)
            {
                case GaussianStatement gaussian:
                    string outputs = string.Join(", ", gaussian.Outputs.Select(output => output.Tensor.Name));
                    _code.Write($"var {(gaussian.Outputs.Count > 1 ? $"({outputs})" : outputs)} = {Call(gaussian, result)};");
                    break;
                case ComponentEquation component:
                    if (!component.IsNext)
                        _code.Write($"var {component.Variable.Tensor.Name} = new double[{(IsMatrix(component) ? "inputs, inputs" : "pairs.Length, pairs.Length")}];");
                    Loops(component, component.IsNext ? result + "." : "");
                    break;
                case ContractedEquation equation:
                    Contracted(equation, result);
                    break;
            }
        }

        _code.Write("");
    }

    private void Contracted(ContractedEquation equation, string result)
    {
        Indexed left = equation.Variable;
        _code.Write($"// {Formula(left)}{(equation.IsNext ? source.IsDiscrete ? " at the next layer" : ": d/dt" : "")} = {Formula(equation.RightSide)}");
        if (!equation.IsNext)
            _code.Write($"var {left.Tensor.Name} = new double[{string.Join(", ", left.Indices.ToArray().Select(Range))}];");
        Nest([.. left.Indices], 0, () =>
        {
            var terms = new List<(bool, string)>();
            int sums = 0;
            foreach (Expression term in equation.RightSide.Terms)
            {
                Expression scalar = Expression.One, tensors = Expression.One;
                foreach (Expression factor in term.Factors)
                    (scalar, tensors) = factor is Indexed ? (scalar, tensors * factor) : (scalar * factor, tensors);
                bool negative = scalar.Factors[0] is Number { Value.Sign: < 0 };
                if (negative)
                    scalar = -scalar;
                string value = Print(tensors);
                IReadOnlyList<TensorIndex> summed = MomentSource.Summed(term, left);
                if (summed.Count > 0)
                {
                    string name = $"sum{++sums}", product = value;
                    _code.Write($"double {name} = 0;");
                    Nest(summed, 0, () => _code.Write($"{name} += {product};"), braces: false);
                    value = name;
                }

                terms.Add((negative, scalar.IsOne ? value : $"{Print(scalar)} * {value}"));
            }

            _code.Statement($"{(equation.IsNext ? result + "." : "")}{_style.Indexed(left)} = ", _style.Sum(terms), ";");
        });
    }

    // Loops over indices, one below the other; braces around the innermost body.
    private void Nest(IReadOnlyList<TensorIndex> letters, int at, Action body, bool braces = true)
    {
        if (at == letters.Count)
        {
            body();
            return;
        }

        _code.Write($"for (int {letters[at]} = 0; {letters[at]} < {Range(letters[at])}; {letters[at]}++)");
        if (braces && at + 1 == letters.Count)
            _code.Write("{");
        _code.Inside(() => Nest(letters, at + 1, body, braces));
        if (braces && at + 1 == letters.Count)
            _code.Write("}");
    }

    private void Loops(ComponentEquation equation, string owner)
    {
        string name = owner + equation.Variable.Tensor.Name, value = Print(MomentSource.Gathered(equation.RightSide));
        _code.Write("for (int p = 0; p < pairs.Length; p++)\n{").Inside(() =>
        {
            _code.Write("(int a, int b) = pairs[p];");
            if (IsMatrix(equation))
            {
                _code.Statement($"{name}[a, b] = {name}[b, a] = ", value, ";");
                return;
            }

            _code.Write("for (int q = 0; q < pairs.Length; q++)\n{").Inside(() =>
            {
                _code.Write("(int c, int d) = pairs[q];");
                _code.Statement($"{name}[p, q] = ", value, ";");
            });
            _code.Write("}");
        });
        _code.Write("}");
    }

    private static bool IsMatrix(ComponentEquation equation) => equation.Variable.Indices[0] == Notation.A;

    private static string TypeOf(int arity) => $"double[{new string(',', arity - 1)}]";

    private static string Range(TensorIndex index) => index.Kind switch
    {
        IndexKind.Pair => "pairCount",
        IndexKind.Observable => "observables",
        IndexKind.Member => "sources",
        _ => "orders",
    };

    private static string Size(TensorIndex index) => index.Kind switch
    {
        IndexKind.Input => "inputs",
        IndexKind.Pair => "PairCount(inputs)",
        IndexKind.Observable => "ObservableCount(inputs)",
        IndexKind.Member => "SourcesOf(inputs).Length",
        _ => "HighestOrder + 1",
    };

    private string Call(GaussianStatement statement, string result) =>
        $"{statement.Recipe}({string.Join(", ", statement.Arguments.Select(argument => argument switch
        {
            TensorArgument tensor => (tensor.IsNext ? result + "." : "") + tensor.Tensor.Name,
            ScalarArgument scalar => Print(scalar.Value),
            _ => throw new NotSupportedException($"{argument} is no argument of a recipe."),
        }))})";

    private void Functions()
    {
        (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name(source.Integrands, "t");
        _code.Write("// x = phi_a, y = phi_b; f and g: sigma and its derivatives there.\nprivate static void Integrands(double x, double y, double[] f, double[] g, double[] values)\n{");
        CSharpLanguage.Body(_code, _style, locals, values, "values");
        _code.Write("}\n");
        _code.Write($"{CSharpText.Comment($"sigma(x) = {source.Activation}{(source.Derivatives.Count > 1 ? " and its derivatives" : "")}.")}\nprivate static void Sigma(double x, double[] f)\n{{");
        CSharpLanguage.Body(_code, _style, source.DerivativeLocals, source.Derivatives, "f");
        _code.Write("}");
    }

    private static string Formula(Expression expression) => ExpressionPrinter.Print(expression, MomentCodeFormula.Instance);

    private string Print(Expression expression) => ExpressionPrinter.Print(expression, _style);
}
