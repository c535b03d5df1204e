// Statements of moment systems as C#: each equation a nest of loops over its indices, each recipe a call of the code that the solver has it from. A tensor that
// has a mode (k, q, i) counts the modes of all pairs one after another in its last dimension; a symmetric matrix over inputs is stored as it is declared, with the
// indices of inputs or with that of a pair, and read as either.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Writes statements as C#.</summary>
internal abstract class CSharpStatementWriter
{
    private protected readonly CodeWriter _code = new();
    private protected readonly ModeStyle _style = new();

    /// <summary>Whether statements give the state at the next layer, or its rate of change.</summary>
    private protected abstract bool IsDiscrete { get; }

    /// <summary>The state, and what it is at depth 0.</summary>
    private protected abstract EquationSystem System { get; }

    /// <summary>The class of the recipes.</summary>
    private protected abstract string Numbers { get; }

    /// <summary>The results.</summary>
    private protected abstract IReadOnlyList<(string Name, int Arity)> Tables { get; }

    /// <summary>The parameters that statements read, and where a method has their values from.</summary>
    private protected abstract IEnumerable<(Symbol Letter, string Value)> ParametersOf(IReadOnlyList<MomentStatement> statements);

    /// <summary>Lines of the header on errors.</summary>
    private protected static IEnumerable<string> Accuracy =>
    [
        "",
        "The Gaussian numbers are those of symeft solve, computed by the same code, which stands below; the proofs of their errors are not among them. Instead rules",
        "are refined until two agree in all numbers, to 1e-12 of the norms, and what series leave out is bounded; where that is not reached, the program stops with a message.",
    ];

    /// <summary>The method of a recipe, with what it is given before its arguments, such as numbers.CarriedModes(.</summary>
    private protected virtual string MethodOf(GaussianStatement statement) => $"numbers.{statement.Recipe}(";

    /// <summary>Declares the tensors of statements: each as it first occurs.</summary>
    private protected void Declare(IEnumerable<StateVariable> state, IEnumerable<MomentStatement> statements) => _style.Declared = PairStorage.Declared(state, statements);

    /// <summary>The classes of the state and of the results.</summary>
    /// <param name="beside">What tensors count beside pairs.</param>
    private protected void TypesOfResults(string beside)
    {
        _code.Write($"/// <summary>The state, over pairs p = (a, b), a at most b, and {beside}.</summary>\npublic sealed class State(int inputs)\n{{").Inside(() =>
        {
            foreach (StateVariable variable in System.State)
            {
                Indexed tensor = variable.Tensor[[.. variable.Indices]];
                _code.Write($"public {TypeOf(tensor)} {variable.Tensor.Name} {{ get; }} = {New(tensor, "PairIndexing.Count(inputs)", "NumbersFor(inputs).Ranges.Modes.Length", "NumbersFor(inputs).Ranges.Observables", "RecipesFor(inputs).Pairs.Length", "NumbersFor(inputs).Ranges.Members")};\n");
            }

            _code.Write($"public Array[] Arrays => [{string.Join(", ", System.State.Select(variable => variable.Tensor.Name))}];");
        });
        _code.Write("}\n");
        _code.Write("/// <summary>The results, over inputs.</summary>\npublic sealed class Quantities(int inputs)\n{").Inside(() =>
        {
            for (int at = 0; at < Tables.Count; at++)
                _code.Write($"public double[{new string(',', Tables[at].Arity - 1)}] {Tables[at].Name} {{ get; }} = new double[{string.Join(", ", Enumerable.Repeat("inputs", Tables[at].Arity))}];{(at + 1 < Tables.Count ? "\n" : "")}");
        });
        _code.Write("}\n");
    }

    /// <summary>The state at depth 0.</summary>
    private protected void Initial()
    {
        _code.Write("/// <summary>The state at depth 0, from K(0).</summary>\npublic static State Initial(double[,] K0)\n{").Inside(() =>
        {
            _code.Write($"int inputs = K0.GetLength(0);\nvar next = new State(inputs);\n{Numbers} numbers = NumbersFor(inputs);\nInputPair[] pairs = [.. PairIndexing.All(inputs)];\nArray.Copy(K0, next.K0, K0.Length);");
            if (System.Initial.Any(statement => statement is ContractedEquation))
                _code.Write("int pairCount = pairs.Length;");
            foreach (MomentStatement statement in System.Initial)
            {
                _code.Write($"\n// {statement.Meaning}");
                if (statement is ComponentEquation component)
                    Loops(component, "next.");
                else if (statement is ContractedEquation equation)
                    Contracted(equation, "next", " at depth 0");
                else if (statement is GaussianStatement gaussian)
                    Call(gaussian, "next.", gaussian.Outputs.Select(output => Argument(output, "next.")));
            }

            _code.Write("\nreturn next;");
        });
        _code.Write("}\n");
    }

    /// <summary>What a method reads at its beginning: ranges, parameters, and the tensors of the state.</summary>
    private protected void Read(IReadOnlyList<MomentStatement> statements)
    {
        HashSet<IndexKind> kinds = [.. statements.SelectMany(MomentStatements.Components).SelectMany(component => component.Indices.ToArray()).Select(index => index.Kind)];
        _code.Write($"int inputs = state.K0.GetLength(0);\n{Numbers} numbers = NumbersFor(inputs);");
        if (statements.Any(statement => statement is ComponentEquation))
            _code.Write("InputPair[] pairs = [.. PairIndexing.All(inputs)];");
        _code.Write("int pairCount = PairIndexing.Count(inputs);");
        if (kinds.Contains(IndexKind.Order))
            _code.Write("IndexRanges ranges = numbers.Ranges;\nint orders = ranges.Modes.Orders.Length, modes = ranges.Modes.Length;");
        if (kinds.Contains(IndexKind.EveryMode))
            _code.Write("int everyMode = RecipesFor(inputs).Pairs.Length; // the modes of a pair of all orders");
        if (kinds.Contains(IndexKind.Observable))
            _code.Write("int[] observables = numbers.Ranges.Observables, members = numbers.Ranges.Members, observableBlock = BlockOf(observables), memberBlock = BlockOf(members); // where those of each block begin");
        foreach ((Symbol letter, string value) in ParametersOf(statements))
            _code.Write($"double {_style.Symbol(letter)} = {value};");
        SortedSet<string> read = [.. statements.SelectMany(MomentStatements.Inputs)];
        foreach (StateVariable variable in System.State.Where(variable => read.Contains(variable.Tensor.Name)))
            _code.Write($"{TypeOf(variable.Tensor[[.. variable.Indices]])} {variable.Tensor.Name} = state.{variable.Tensor.Name};");
    }

    private protected void Statements(IReadOnlyList<MomentStatement> statements, string result)
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
                        _code.Write($"var {component.Variable.Tensor.Name} = new double[{(IsMatrix(component) ? "inputs, inputs" : component.Variable.Indices.Length == 1 ? "pairCount" : "pairCount, pairCount")}];");
                    Loops(component, component.IsNext ? result + "." : "");
                    break;
                case ContractedEquation equation:
                    Contracted(equation, result, IsDiscrete ? " at the next layer" : ": d/dt");
                    break;
            }
        }

        _code.Write("");
    }

    private void Contracted(ContractedEquation equation, string result, string when)
    {
        Indexed left = equation.Variable;
        _code.Write($"// {Formula(left)}{(equation.IsNext ? when : "")} = {Formula(equation.RightSide)}");
        if (!equation.IsNext)
            _code.Write($"var {left.Tensor.Name} = {New(left)};");
        Nest(left.Indices.ToArray(), left, equation.RightSide.Nodes().OfType<Indexed>(), () =>
        {
            var terms = new List<(bool, string)>();
            int sums = 0;
            foreach (Expression term in equation.RightSide.Expand().Terms)
            {
                (Expression scalar, IReadOnlyList<Indexed> factors) = EquationTerm.Of(term);
                Expression tensors = Expression.Multiply(factors);
                bool negative = scalar.Factors[0] is Number { Value.Sign: < 0 };
                if (negative)
                    scalar = -scalar;
                string value = Print(tensors);
                IReadOnlyList<TensorIndex> summed = MomentContent.Summed(term, left);
                if (summed.Count > 0)
                {
                    string name = $"sum{++sums}", product = value;
                    _code.Write($"double {name} = 0;");
                    Nest(summed, left, tensors.Nodes().OfType<Indexed>(), () => _code.Write($"{name} += {product};"), isStatement: true);
                    value = name;
                }

                terms.Add((negative, scalar.IsOne ? value : factors.Count == 0 ? Print(scalar) : $"{(scalar is Sum ? $"({Print(scalar)})" : Print(scalar))} * {value}"));
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
            string from = "0", to = letter.Kind switch { IndexKind.Pair => "pairCount", IndexKind.Order => "orders", IndexKind.Component => "size", IndexKind.EveryMode => "everyMode", IndexKind.Direction => "2", _ => $"{Starts(letter)}[^1]" };
            // A tensor in one block vanishes elsewhere.
            if (!left.Indices.Contains(letter) && letter.Kind is IndexKind.Observable or IndexKind.Member
                && tensors.Where(tensor => tensor.Tensor.IsInOneBlock && tensor.Indices.Contains(letter)).SelectMany(tensor => tensor.Indices.ToArray()).FirstOrDefault(other => left.Indices.Contains(other)) is { Letter: { Length: > 0 } known } tied)
            {
                string block = $"{(tied.Kind == IndexKind.Observable ? "observableBlock" : "memberBlock")}[{known}]";
                (from, to) = ($"{Starts(letter)}[{block}]", $"{Starts(letter)}[{block} + 1]");
            }

            bool hasBraces = letter.Kind == IndexKind.Order || (at + 1 == loops.Length && !isStatement);
            string name = ModeStyle.NameOf(letter);
            _code.Write($"for (int {name} = {from}; {name} < {to}; {name}++){(hasBraces ? "\n{" : "")}").Inside(() =>
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

    private protected void Loops(ComponentEquation equation, string owner)
    {
        string name = owner + equation.Variable.Tensor.Name, value = Print(MomentContent.Gathered(equation.RightSide));
        _code.Write("for (int p = 0; p < pairs.Length; p++)\n{").Inside(() =>
        {
            _code.Write("(int a, int b) = pairs[p];");
            if (IsMatrix(equation))
            {
                _code.Statement($"{name}[a, b] = {name}[b, a] = ", value, ";");
                return;
            }

            if (equation.Variable.Indices.Length == 1)
            {
                _code.Statement($"{name}[p] = ", value, ";");
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
    private protected static string TypeOf(Indexed tensor) =>
        $"double[{new string(',', ModeIndices.Of(tensor) is { } mode ? mode.Components.Length == 1 ? mode.Leading.Length : 0 : tensor.Indices.Length - 1)}]";

    private protected static string New(Indexed tensor, string pairs = "pairCount", string modes = "modes", string observables = "observables", string everyMode = "everyMode", string members = "members") =>
        ModeIndices.Of(tensor) is { Components.Length: 2 } ? "new double[ranges.Matrices]"
        : $"new double[{string.Join(", ", [
            .. (ModeIndices.Of(tensor)?.Leading ?? tensor.Indices.ToArray()).Select(index => index.Kind switch
            {
                IndexKind.Input => "inputs",
                IndexKind.Pair => pairs,
                IndexKind.Observable => $"{observables}[^1]",
                IndexKind.EveryMode => everyMode,
                IndexKind.Direction => "2",
                _ => $"{members}[^1]",
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

    private protected virtual void Call(GaussianStatement statement, string next, IEnumerable<string> outputs) =>
        _code.Write($"{MethodOf(statement)}{string.Join(", ", statement.Arguments.Select(argument => argument switch
        {
            TensorArgument tensor => Argument(_style.Declared[tensor.Tensor.Name], tensor.IsNext ? next : ""),
            ScalarArgument scalar => Print(scalar.Value),
            _ => throw new NotSupportedException($"{argument} is no argument of a recipe."),
        }).Concat(outputs))});");

    // Recipes know vectors only, and matrices over inputs as vectors over pairs.
    private protected static string Argument(Indexed tensor, string owner) =>
        tensor.Indices[0].Kind == IndexKind.Input ? $"PairIndexing.Upper({owner}{tensor.Tensor.Name})"
        : TypeOf(tensor) == "double[]" ? owner + tensor.Tensor.Name : $"Flat({owner}{tensor.Tensor.Name})";

    private protected static string Formula(Expression expression) => ExpressionPrinter.Print(expression, MomentCodeFormula.Instance);

    private protected string Print(Expression expression) => ExpressionPrinter.Print(expression, _style);

    /// <summary>The functions of a file, F0_0 for the first, F0_1 for its derivative.</summary>
    private protected void Functions(string heading, IReadOnlyList<FunctionCode> functions)
    {
        _code.Write(CSharpText.Comment(heading));
        for (int at = 0; at < functions.Count; at++)
        {
            for (int order = 0; order < functions[at].Derivatives.Count; order++)
            {
                (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name([functions[at].Derivatives[order]], "t");
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

    /// <summary>What describes a function to the recipes.</summary>
    private protected static string FunctionAt(FunctionCode function, int at) => function.Kinks.Count > 0
        ? $"new ActivationDescription({CSharpText.Literal(function.Meaning)}, F{at}_0) {{ Kinks = [{string.Join(", ", function.Kinks.Select(kink => $"new({CodeContent.Number(kink.Value)}, {kink.Order})"))}] }}"
        : $"Function({CSharpText.Literal(function.Meaning)}, {string.Join(", ", function.Derivatives.Select((_, order) => $"F{at}_{order}"))})";

    /// <summary>Entries of tensors: those that have modes by their place among all modes, matrices over inputs as they are declared.</summary>
    private protected sealed class ModeStyle : CSharpCodeStyle
    {
        /// <summary>The tensors of the statements that are written, as they are declared.</summary>
        public Dictionary<string, Indexed> Declared { get; set; } = new(StringComparer.Ordinal);

        /// <summary>The variable of a loop; tensors have capital letters too.</summary>
        public static string NameOf(TensorIndex letter) => letter.Kind == IndexKind.EveryMode ? "every" : letter.ToString();

        // r counts pairs too.
        public override string Symbol(Symbol symbol) => symbol.Name == "r" ? "r_" : base.Symbol(symbol);

        public override string Indexed(Indexed indexed) => ModeIndices.Of(indexed) switch
        {
            null => $"{indexed.Tensor.Name}[{string.Join(", ", PairStorage.Places(indexed, Declared, pair => [$"pairs[{pair}].First", $"pairs[{pair}].Second"], (first, second) => $"PairIndexing.Of({first}, {second}, inputs)", NameOf))}]",
            { Components: [var i, var j] } => $"{indexed.Tensor.Name}[matrix + {i} * size + {j}]",
            { } mode => $"{indexed.Tensor.Name}[{string.Concat(mode.Leading.Select(index => $"{index}, "))}mode + {mode.Components[0]}]",
        };
    }
}
