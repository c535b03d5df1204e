using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Writes a moment system as a C# program.</summary>
internal sealed class CSharpMomentWriter(MomentContent content) : CSharpStatementWriter
{
    private const string _class = CSharpLanguage.ClassPlaceholder;

    private protected override bool IsDiscrete => content.IsDiscrete;

    private bool HasKinks => content.Functions.Any(function => function.Kinks.Count > 0);

    private protected override EquationSystem System => content.System;

    private protected override string Numbers => content.IsOnModes ? "ModeNumbers" : "ObservableNumbers";

    private protected override IReadOnlyList<(string Name, int Arity)> Tables => [("K0", 2), ("V4", 4), ("V4_source", 4), ("K1", 2), ("U1", 2), ("E2", 2)];

    private protected override IEnumerable<(Symbol Letter, string Value)> ParametersOf(IReadOnlyList<MomentStatement> statements) => MomentContent.Parameters(statements).Select(letter => (letter, $"network.{letter.Name}"));

    public string Write()
    {
        CSharpLanguage.Start(_code, content.Header("csharp", CSharpLanguage.RunCommand(content.Name)).Concat(Accuracy), content.System.Closure.Name, RecipeText.Of([Numbers], HasKinks).Usings);
        _style.Use("Flat");
        Declare(content.System.State, content.Step.Concat(content.Quantities).Concat(content.System.Initial));
        _code.Inside(() =>
        {
            Types();
            Initial();
            Step();
            Quantities();
            CSharpLanguage.Solve(_code, content.IsDiscrete, content.Numbers);
            Recipes();
            _code.Write(EmbeddedText.Template("Moments.cs"));
            if (!content.IsOnModes)
                _code.Write(EmbeddedText.Template("Blocks.cs"));
            Functions($"Functions of a neuron and their derivatives, for sigma(x) = {content.Activation}.", content.Functions);
            CSharpLanguage.Recipes(_code, _style, [Numbers], HasKinks);
        });
        _code.Write("}\n");
        CSharpLanguage.Program(
            _code, _class, content.Numbers,
            string.Join(", ", Tables.Select(table => CSharpText.Literal(table.Name))),
            string.Join(", ", Tables.Select(table => $"quantities.{table.Name}[{CSharpLanguage.Component(table.Arity)}]")));
        return _code.ToString();
    }

    private void Types()
    {
        CSharpLanguage.Network(_code, content.Numbers);
        TypesOfResults(content.IsOnModes ? "modes M = (k, q, i), pair after pair, order after order" : "observables, block after block");
    }

    private void Step()
    {
        string result = content.IsDiscrete ? "next" : "rate";
        _code.Write(content.IsDiscrete ? "/// <summary>The state at the next layer.</summary>" : "/// <summary>The rate of change of the state in t.</summary>");
        _code.Write($"public static State {(content.IsDiscrete ? "Step" : "Rate")}(State state, Network network)\n{{").Inside(() =>
        {
            Read(content.Step);
            _code.Write($"var {result} = new State(inputs);");
            Statements(content.Step, result);
            _code.Write($"return {result};");
        });
        _code.Write("}\n");
    }

    private void Quantities()
    {
        _code.Write("/// <summary>What follows from the state at the same depth, over inputs.</summary>\npublic static Quantities QuantitiesOf(State state, Network network)\n{").Inside(() =>
        {
            Read(content.Quantities);
            Statements(content.Quantities, "");
            _code.Write("var quantities = new Quantities(inputs);\nArray.Copy(state.K0, quantities.K0, state.K0.Length);");
            if (content.IsOnModes)
                _code.Write("OverInputs(state.V4, quantities.V4);\nOverInputs(state.K1, quantities.K1);\nOverInputs(U1, quantities.U1);");
            else
                _code.Write("// x y has one component for each pair, in the block of that pair.\nOverInputs(state.V, quantities.V4, numbers.Span.Kernel);\nOverInputs(state.m, quantities.K1, numbers.Span.Kernel);\nOverInputs(U1, quantities.U1, numbers.Own);");
            _code.Write("OverInputs(state.V4_source, quantities.V4_source);\nOverInputs(E2, quantities.E2);\nreturn quantities;");
        });
        _code.Write("}\n");
    }

    private void Recipes()
    {
        _code.Write($"// The recipes for so many inputs, with what they remember.\n[ThreadStatic]\nprivate static {Numbers}? latest;\n");
        _code.Write($"private static {Numbers} NumbersFor(int inputs)\n{{").Inside(() =>
        {
            _code.Write("if (latest?.Ranges.Inputs == inputs)\n    return latest;");
            if (content.IsOnModes)
            {
                _code.Write($"// The orders of the modes beside g.\nreturn latest = new(new FluctuationEquation({FunctionAt(content.Functions[0], 0)}, inputs, {content.HighestOrder}), [{string.Join(", ", content.Orders)}]);");
                return;
            }

            for (int at = 0; at < content.Functions.Count; at++)
                _code.Write($"ActivationDescription f{at} = {FunctionAt(content.Functions[at], at)};");
            _code.Write("// The observables: name, two inputs?, symmetric?, f(x, x), f as a sum of products, and whether it is x y.\nvar expansion = new ObservableExpansion(\n[").Inside(() =>
            {
                foreach (ObservableCode observable in content.Observables)
                    _code.Write(Text(observable));
            });
            _code.Write($"], inputs);\nreturn latest = new(new ObservableSpan(expansion, {content.ClosureSize}, {content.SigmaKernelPlace}));");
        });
        _code.Write("}\n");
    }

    /// <summary>An observable as an item of the list that an expansion is made of.</summary>
    /// <param name="observable">The observable.</param>
    /// <param name="from">The place of the first of its functions.</param>
    public static string Text(ObservableCode observable, int from = 0)
    {
        string products = string.Join(", ", observable.Products.Select(product => $"({CodeContent.Number(product.Coefficient)}, f{from + product.First}, f{from + product.Second})"));
        return $"new({CSharpText.Literal(observable.Meaning)}, {(observable.HasTwoInputs ? "true" : "false")}, {(observable.IsSymmetric ? "true" : "false")}, f{from + observable.Diagonal}, [{products}]{(observable.IsKernel ? ", true" : "")}),";
    }
}
