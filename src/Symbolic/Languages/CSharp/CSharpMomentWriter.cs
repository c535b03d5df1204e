using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>
/// Writes a moment system as a C# program: each equation a nest of loops over its indices, each recipe a call of the source that the solver has it from. A tensor that
/// has a mode (k, q, i) counts the modes of all pairs one after another in its last dimension.
/// </summary>
internal sealed class CSharpMomentWriter(MomentSource source)
{
    private static readonly (string Name, int Arity)[] Tables = [("K0", 2), ("V4", 4), ("V4_source", 4), ("K1", 2), ("U1", 2), ("E2", 2)];

    private readonly CodeWriter _code = new();
    private readonly ModeStyle _style = new();
    private readonly Dictionary<string, Indexed> _tensors = source.System.State.Select(variable => variable.Tensor[[.. variable.Indices]])
        .Concat(source.Step.Concat(source.Quantities).Concat(source.System.Initial).SelectMany(MomentStatements.Components)).DistinctBy(each => each.Tensor.Name).ToDictionary(each => each.Tensor.Name, StringComparer.Ordinal);

    private const string _class = CSharpLanguage.ClassPlaceholder;

    public string Write()
    {
        (IReadOnlyList<(string File, string Text)> recipes, IReadOnlyList<string> usings) = RecipeSource.Of(Numbers);
        CSharpLanguage.Start(_code, source.Header("csharp", CSharpLanguage.RunCommand(source.Name)).Concat(Accuracy), source.System.Closure.Name, usings);
        _style.Use("Flat");
        _code.Inside(() =>
        {
            Types();
            Initial();
            Step();
            Quantities();
            CSharpLanguage.Solve(_code, source.IsDiscrete, source.Numbers);
            Recipes();
            _code.Write(EmbeddedText.Template("Moments.cs"));
            if (!source.IsOnModes)
                _code.Write(EmbeddedText.Template("Blocks.cs"));
            Functions();
            foreach (string helper in _style.Helpers)
                _code.Write("\n" + helper);
            foreach ((string file, string text) in recipes)
                _code.Write($"\n// ---- {file}\n\n{text}");
        });
        _code.Write("}\n");
        CSharpLanguage.Program(
            _code, _class, source.Numbers,
            string.Join(", ", Tables.Select(table => CSharpText.Literal(table.Name))),
            string.Join(", ", Tables.Select(table => $"quantities.{table.Name}[{CSharpLanguage.Component(table.Arity)}]")));
        return _code.ToString();
    }

    private static IEnumerable<string> Accuracy =>
    [
        "",
        "The Gaussian numbers are those of symeft solve, computed by the same sources, which stand below; the proofs of their errors are not among them. Instead rules",
        "are refined until two agree in all numbers, to 1e-12 of the norms, and what series leave out is bounded; where that is not reached, the program stops with a message.",
    ];

    private string Numbers => source.IsOnModes ? "ModeNumbers" : "ObservableNumbers";

    private void Types()
    {
        CSharpLanguage.Network(_code, source.Numbers);
        string shape = source.IsOnModes ? "over pairs p = (a, b), a at most b, and modes M = (k, q, i), pair after pair, order after order" : "over pairs p = (a, b), a at most b, and observables, block after block";
        _code.Write($"/// <summary>The state, {shape}.</summary>\npublic sealed class State(int inputs)\n{{").Inside(() =>
        {
            foreach (MomentVariable variable in source.System.State)
            {
                Indexed tensor = variable.Tensor[[.. variable.Indices]];
                _code.Write($"public {TypeOf(tensor)} {variable.Tensor.Name} {{ get; }} = {New(tensor, "PairIndexing.Count(inputs)", "NumbersFor(inputs).Ranges.Modes.Length", "NumbersFor(inputs).Ranges.Observables")};\n");
            }

            _code.Write($"public Array[] Arrays => [{string.Join(", ", source.System.State.Select(variable => variable.Tensor.Name))}];");
        });
        _code.Write("}\n");
        _code.Write("/// <summary>The results, over inputs.</summary>\npublic sealed class Quantities(int inputs)\n{").Inside(() =>
        {
            for (int at = 0; at < Tables.Length; at++)
                _code.Write($"public double[{new string(',', Tables[at].Arity - 1)}] {Tables[at].Name} {{ get; }} = new double[{string.Join(", ", Enumerable.Repeat("inputs", Tables[at].Arity))}];{(at + 1 < Tables.Length ? "\n" : "")}");
        });
        _code.Write("}\n");
    }

    private void Initial()
    {
        _code.Write("/// <summary>The state at depth 0, from K(0).</summary>\npublic static State Initial(double[,] K0)\n{").Inside(() =>
        {
            _code.Write($"int inputs = K0.GetLength(0);\nvar next = new State(inputs);\n{Numbers} numbers = NumbersFor(inputs);\nInputPair[] pairs = [.. PairIndexing.All(inputs)];\nArray.Copy(K0, next.K0, K0.Length);");
            foreach (MomentStatement statement in source.System.Initial)
            {
                _code.Write($"\n// {statement.Meaning}");
                if (statement is ComponentEquation component)
                    Loops(component, "next.");
                else if (statement is GaussianStatement gaussian)
                    Call(gaussian, "next.", gaussian.Outputs.Select(output => Argument(output, "next.")));
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
                _code.Write("OverInputs(state.V4, quantities.V4);\nOverInputs(state.K1, quantities.K1);\nOverInputs(U1, quantities.U1);");
            else
                _code.Write("// x y has one component for each pair, in the block of that pair.\nOverInputs(state.V, quantities.V4, numbers.Span.Kernel);\nOverInputs(state.m, quantities.K1, numbers.Span.Kernel);\nOverInputs(U1, quantities.U1, numbers.Own);");
            _code.Write("OverInputs(state.V4_source, quantities.V4_source);\nOverInputs(E2, quantities.E2);\nreturn quantities;");
        });
        _code.Write("}\n");
    }

    private void Read(IReadOnlyList<MomentStatement> statements)
    {
        HashSet<IndexKind> kinds = [.. statements.SelectMany(MomentStatements.Components).SelectMany(component => component.Indices.ToArray()).Select(index => index.Kind)];
        _code.Write($"int inputs = state.K0.GetLength(0);\n{Numbers} numbers = NumbersFor(inputs);");
        if (statements.Any(statement => statement is ComponentEquation))
            _code.Write("InputPair[] pairs = [.. PairIndexing.All(inputs)];");
        _code.Write("int pairCount = PairIndexing.Count(inputs);");
        if (kinds.Contains(IndexKind.Order))
            _code.Write("IndexRanges ranges = numbers.Ranges;\nint orders = ranges.Modes.Orders.Length, modes = ranges.Modes.Length;");
        if (kinds.Contains(IndexKind.Observable))
            _code.Write("int[] observables = numbers.Ranges.Observables, members = numbers.Ranges.Members, observableBlock = BlockOf(observables), memberBlock = BlockOf(members); // where those of each block begin");
        foreach (Symbol parameter in Parameters(statements))
            _code.Write($"double {parameter.Name} = network.{parameter.Name};");
        SortedSet<string> read = [.. statements.SelectMany(MomentStatements.Inputs)];
        foreach (MomentVariable variable in source.System.State.Where(variable => read.Contains(variable.Tensor.Name)))
            _code.Write($"{TypeOf(variable.Tensor[[.. variable.Indices]])} {variable.Tensor.Name} = state.{variable.Tensor.Name};");
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
                    Recipe(gaussian, result);
                    break;
                case ComponentEquation component:
                    if (!component.IsNext)
                        _code.Write($"var {component.Variable.Tensor.Name} = new double[{(IsMatrix(component) ? "inputs, inputs" : "pairCount, pairCount")}];");
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
            _code.Write($"var {left.Tensor.Name} = {New(left)};");
        Nest(left.Indices.ToArray(), left, equation.RightSide.Nodes().OfType<Indexed>(), () =>
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
                    Nest(summed, left, tensors.Nodes().OfType<Indexed>(), () => _code.Write($"{name} += {product};"), isStatement: true);
                    value = name;
                }

                terms.Add((negative, scalar.IsOne ? value : $"{Print(scalar)} * {value}"));
            }

            _code.Statement($"{(equation.IsNext ? result + "." : "")}{_style.Indexed(left)} = ", _style.Sum(terms), ";");
        });
    }

    // Loops over indices, one below the other: those of an order and of the components of a mode after that of its pair.
    private void Nest(IEnumerable<TensorIndex> letters, Indexed left, IEnumerable<Indexed> factors, Action body, bool isStatement = false)
    {
        TensorIndex[] loops = [.. letters.OrderBy(letter => letter.Kind is IndexKind.Order ? 1 : letter.Kind is IndexKind.Component ? 2 : 0)];
        Indexed[] tensors = [left, .. factors];
        void From(int at)
        {
            if (at == loops.Length)
            {
                body();
                return;
            }

            TensorIndex letter = loops[at];
            string from = "0", to = letter.Kind switch { IndexKind.Pair => "pairCount", IndexKind.Order => "orders", IndexKind.Component => "size", _ => $"{Starts(letter)}[^1]" };
            // A tensor in one block vanishes elsewhere.
            if (!left.Indices.Contains(letter) && letter.Kind is IndexKind.Observable or IndexKind.Member
                && tensors.Where(tensor => tensor.Tensor.IsInOneBlock && tensor.Indices.Contains(letter)).SelectMany(tensor => tensor.Indices.ToArray()).FirstOrDefault(other => left.Indices.Contains(other)) is { Letter: { Length: > 0 } known } tied)
            {
                string block = $"{(tied.Kind == IndexKind.Observable ? "observableBlock" : "memberBlock")}[{known}]";
                (from, to) = ($"{Starts(letter)}[{block}]", $"{Starts(letter)}[{block} + 1]");
            }

            bool hasBraces = letter.Kind == IndexKind.Order || (at + 1 == loops.Length && !isStatement);
            _code.Write($"for (int {letter} = {from}; {letter} < {to}; {letter}++){(hasBraces ? "\n{" : "")}").Inside(() =>
            {
                if (letter.Kind == IndexKind.Order)
                {
                    TensorIndex pair = tensors.Select(ModeIndices.Of).First(mode => mode?.Order == letter)!.Pair;
                    _code.Write($"int place = {pair} * orders + {letter}, size = ranges.ModeCounts[place], mode = ranges.ModeStarts[place];");
                    if (tensors.Any(tensor => ModeIndices.Of(tensor) is { Components.Length: 2 }))
                        _code.Write("int matrix = ranges.MatrixStarts[place];");
                }

                From(at + 1);
            });
            if (hasBraces)
                _code.Write("}");
        }

        From(0);
    }

    private static string Starts(TensorIndex letter) => letter.Kind == IndexKind.Observable ? "observables" : "members";

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

    // Its last dimension counts all modes, or it is the list of matrices over modes.
    private static string TypeOf(Indexed tensor) =>
        $"double[{new string(',', ModeIndices.Of(tensor) is { } mode ? mode.Components.Length == 1 ? mode.Leading.Length : 0 : tensor.Indices.Length - 1)}]";

    private static string New(Indexed tensor, string pairs = "pairCount", string modes = "modes", string observables = "observables") =>
        ModeIndices.Of(tensor) is { Components.Length: 2 } ? "new double[ranges.Matrices]"
        : $"new double[{string.Join(", ", [
            .. (ModeIndices.Of(tensor)?.Leading ?? tensor.Indices.ToArray()).Select(index => index.Kind switch
            {
                IndexKind.Input => "inputs",
                IndexKind.Pair => pairs,
                IndexKind.Observable => $"{observables}[^1]",
                _ => "members[^1]",
            }), .. ModeIndices.Of(tensor) is null ? Array.Empty<string>() : [modes]])}]";

    // A recipe fills arrays; those of tensors in one block are block after block.
    private void Recipe(GaussianStatement statement, string result)
    {
        string Blocks(Indexed tensor) => string.Join(", ", tensor.Indices.ToArray().Select(Starts));
        foreach (Indexed output in statement.Outputs)
            _code.Write(output.Tensor.IsInOneBlock ? $"var in{output.Tensor.Name} = new double[InBlocks({Blocks(output)})];" : $"var {output.Tensor.Name} = {New(output)};");
        Call(statement, result + ".", statement.Outputs.Select(output => output.Tensor.IsInOneBlock ? $"in{output.Tensor.Name}" : Argument(output, "")));
        foreach (Indexed output in statement.Outputs.Where(output => output.Tensor.IsInOneBlock))
            _code.Write($"{TypeOf(output)} {output.Tensor.Name} = Spread(in{output.Tensor.Name}, {Blocks(output)});");
    }

    private void Call(GaussianStatement statement, string next, IEnumerable<string> outputs) =>
        _code.Write($"numbers.{statement.Recipe}({string.Join(", ", statement.Arguments.Select(argument => argument switch
        {
            TensorArgument tensor => Argument(_tensors[tensor.Tensor.Name], tensor.IsNext ? next : ""),
            ScalarArgument scalar => Print(scalar.Value),
            _ => throw new NotSupportedException($"{argument} is no argument of a recipe."),
        }).Concat(outputs))});");

    // Recipes know vectors only, and matrices over inputs as vectors over pairs.
    private static string Argument(Indexed tensor, string owner) =>
        tensor.Indices[0].Kind == IndexKind.Input ? $"PairIndexing.Upper({owner}{tensor.Tensor.Name})"
        : TypeOf(tensor) == "double[]" ? owner + tensor.Tensor.Name : $"Flat({owner}{tensor.Tensor.Name})";

    private void Recipes()
    {
        _code.Write($"// The recipes for so many inputs, with what they remember.\n[ThreadStatic]\nprivate static {Numbers}? latest;\n");
        _code.Write($"private static {Numbers} NumbersFor(int inputs)\n{{").Inside(() =>
        {
            _code.Write("if (latest?.Ranges.Inputs == inputs)\n    return latest;");
            if (source.IsOnModes)
            {
                _code.Write($"// The orders of the modes beside g.\nreturn latest = new(new FluctuationEquation({FunctionAt(0)}, inputs, {source.HighestOrder}), [{string.Join(", ", source.Orders)}]);");
                return;
            }

            for (int at = 0; at < source.Functions.Count; at++)
                _code.Write($"ActivationDescription f{at} = {FunctionAt(at)};");
            _code.Write("// The observables: name, two inputs?, symmetric?, f(x, x), and f as a sum of products.\nvar expansion = new ObservableExpansion(\n[").Inside(() =>
            {
                foreach (ObservableCode observable in source.Observables)
                    _code.Write($"new({CSharpText.Literal(observable.Meaning)}, {(observable.HasTwoInputs ? "true" : "false")}, {(observable.IsSymmetric ? "true" : "false")}, f{observable.Diagonal}, [{string.Join(", ", observable.Products.Select(product => $"({CodeSource.Number(product.Coefficient)}, f{product.First}, f{product.Second})"))}]),");
            });
            _code.Write($"], inputs);\nreturn latest = new(new ObservableSpan(expansion, {source.ClosureSize}, {source.SigmaKernelPlace}));");
        });
        _code.Write("}\n");
    }

    private string FunctionAt(int at) => $"Function({CSharpText.Literal(source.Functions[at].Meaning)}, {string.Join(", ", source.Functions[at].Derivatives.Select((_, order) => $"F{at}_{order}"))})";

    // Each function and its derivatives.
    private void Functions()
    {
        _code.Write(CSharpText.Comment($"Functions of a neuron and their derivatives, for sigma(x) = {source.Activation}."));
        for (int at = 0; at < source.Functions.Count; at++)
        {
            for (int order = 0; order < source.Functions[at].Derivatives.Count; order++)
            {
                (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name([source.Functions[at].Derivatives[order]], "t");
                _code.Write($"private static double F{at}_{order}(double x)\n{{").Inside(() =>
                {
                    foreach (Assignment local in locals)
                        _code.Statement($"double {Print(local.Left)} = ", Print(local.Value), ";");
                    _code.Statement("return ", Print(values[0]), ";");
                });
                _code.Write("}\n");
            }
        }
    }

    private static string Formula(Expression expression) => ExpressionPrinter.Print(expression, MomentCodeFormula.Instance);

    private string Print(Expression expression) => ExpressionPrinter.Print(expression, _style);

    /// <summary>Entries of tensors that have modes by their place among all modes.</summary>
    private sealed class ModeStyle : CSharpCodeStyle
    {
        public override string Indexed(Indexed indexed) => ModeIndices.Of(indexed) switch
        {
            null => base.Indexed(indexed),
            { Components: [var i, var j] } => $"{indexed.Tensor.Name}[matrix + {i} * size + {j}]",
            { } mode => $"{indexed.Tensor.Name}[{string.Concat(mode.Leading.Select(index => $"{index}, "))}mode + {mode.Components[0]}]",
        };
    }
}
