using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>Writes statements of moment systems as Python: each equation a line of sums over indices (numpy.einsum), each recipe a call of a template.</summary>
internal abstract class PythonStatementWriter
{
    private protected readonly CodeWriter _code = new();
    private protected readonly PythonCodeStyle _style = new();

    /// <summary>Whether statements give the state at the next layer, or its rate of change.</summary>
    private protected abstract bool IsDiscrete { get; }

    /// <summary>What a recipe is called with behind its arguments, each after a comma.</summary>
    private protected abstract string Further(GaussianStatement statement);

    /// <summary>Declares the tensors of statements: each as it first occurs.</summary>
    private protected void Declare(IEnumerable<StateVariable> state, IEnumerable<MomentStatement> statements) => _style.Declared = PairStorage.Declared(state, statements);

    private protected void Statements(IReadOnlyList<MomentStatement> statements)
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
                    _code.Write($"{target} = {(component.Variable.Indices[0] == Symbolic.Derivation.Notation.A ? "np.zeros((inputs, inputs))" : component.Variable.Indices.Length == 1 ? "np.zeros(len(pairs))" : "np.zeros((len(pairs), len(pairs)))")}");
                    Loops(component, target);
                    break;
                case ContractedEquation equation:
                    string left = equation.IsNext ? $"result[\"{equation.Variable.Tensor.Name}\"]" : equation.Variable.Tensor.Name;
                    _code.Write($"# {Formula(equation.Variable)}{(equation.IsNext ? IsDiscrete ? " at the next layer" : ": d/dt" : "")} = {Formula(equation.RightSide)}");
                    _code.Statement($"{left} = ", Sum(equation), bracket: true);
                    break;
            }
        }
    }

    private string Formula(Expression expression) => ExpressionPrinter.Print(expression, MomentCodeFormula.Instance);

    // Terms as contractions; scalars in front.
    private protected string Sum(ContractedEquation equation) => _style.Sum([.. equation.RightSide.Expand().Terms.ToArray().Select(term =>
    {
        (Expression scalar, IReadOnlyList<Indexed> tensors) = EquationTerm.Of(term);
        bool negative = scalar.Factors[0] is Number { Value.Sign: < 0 };
        if (negative)
            scalar = -scalar;
        if (tensors.Count == 0)
            return (negative, Scalar(scalar));
        string contraction = Contraction(tensors, equation.Variable);
        string value = scalar.IsOne ? contraction : $"{Scalar(scalar)} * {contraction}";
        return (negative, value);
    })]);

    private string Scalar(Expression scalar)
    {
        string text = ExpressionPrinter.Print(scalar, _style);
        return scalar is Sum ? $"({text})" : text;
    }

    private string Contraction(IReadOnlyList<Indexed> tensors, Indexed left)
    {
        static string Letters(Indexed tensor) => string.Concat(tensor.Indices.ToArray());
        if (tensors is [var single] && Letters(single) == Letters(left))
            return Operand(single);
        return $"np.einsum(\"{string.Join(",", tensors.Select(Letters))}->{Letters(left)}\", {string.Join(", ", tensors.Select(Operand))})";
    }

    // A matrix over inputs as a vector over pairs, where it is read as one.
    private string Operand(Indexed tensor) =>
        tensor.Indices[0].Kind == IndexKind.Pair && _style.Declared.TryGetValue(tensor.Tensor.Name, out Indexed? declared) && declared.Indices[0].Kind == IndexKind.Input ? $"over_pairs({tensor.Tensor.Name})" : tensor.Tensor.Name;

    private protected void Loops(ComponentEquation equation, string target)
    {
        bool isMatrix = equation.Variable.Indices[0] == Symbolic.Derivation.Notation.A;
        bool two = equation.Variable.Indices.Length == 2 && !isMatrix;
        _code.Write("for p, (a, b) in enumerate(pairs):").Inside(() =>
        {
            string value = ExpressionPrinter.Print(MomentContent.Gathered(equation.RightSide), _style);
            if (isMatrix)
                _code.Statement($"{target}[a, b] = {target}[b, a] = ", value, bracket: true);
            else if (two)
                _code.Write("for q, (c, d) in enumerate(pairs):").Inside(() => _code.Statement($"{target}[p, q] = ", value, bracket: true));
            else
                _code.Statement($"{target}[p] = ", value, bracket: true);
        });
    }

    /// <summary>The call of a recipe.</summary>
    /// <param name="statement">The recipe.</param>
    /// <param name="kernel">The name of K0.</param>
    private protected string Call(GaussianStatement statement, string kernel)
    {
        // over_inputs is another function.
        string recipe = statement.Recipe == GaussianRecipe.OverInputs ? "OverInputsOfPair" : statement.Recipe.ToString();
        string name = string.Concat(recipe.Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
        IEnumerable<string> arguments = statement.Arguments.Select(argument => argument switch
        {
            TensorArgument tensor => ArgumentOf(tensor, kernel),
            ScalarArgument scalar => Scalar(scalar.Value),
            _ => throw new NotSupportedException($"{argument} is no argument of a recipe."),
        });
        return $"{name}({string.Join(", ", [.. Before(statement), .. arguments])}{Further(statement)})";
    }

    /// <summary>A tensor as recipes take it: kernels as matrices over inputs.</summary>
    private protected string ArgumentOf(TensorArgument argument, string kernel) => argument switch
    {
        { IsNext: true } => $"result[\"{argument.Tensor.Name}\"]",
        { Tensor: var tensor } when tensor == Symbolic.Derivation.Notation.MeanKernel => kernel,
        { Tensor: var tensor } when _style.Declared.TryGetValue(tensor.Name, out Indexed? declared) && declared.Indices is [{ Kind: IndexKind.Pair }] => $"over_inputs({tensor.Name}, inputs)",
        _ => argument.Tensor.Name,
    };

    /// <summary>What a recipe is called with before its arguments.</summary>
    private protected virtual IEnumerable<string> Before(GaussianStatement statement) => [];
}
