using System.Text.RegularExpressions;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>The equations as one C# file without dependencies: loops over inputs, expectations included.</summary>
public sealed class CSharpLanguage : IOutputLanguage
{
    /// <inheritdoc/>
    public string Name => "csharp";

    /// <inheritdoc/>
    public string FileEnding => ".cs";

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The equations need what the file could not compute, of an activation with a kink maybe.</exception>
    public string Write(DerivationResult derivation, DerivationSubject subject)
    {
        string text = derivation.Program is { } program
            ? new CSharpProgramWriter(new ProgramContent(program, subject)).Write()
            : !derivation.System.IsOfComponents
            ? new CSharpMomentWriter(new MomentContent(derivation.System, subject, takesKinks: true)).Write()
            : IsOnModes(derivation.System, subject)
            ? new CSharpMomentWriter(new MomentContent(MomentDerivation.Of(derivation.System.Closure, derivation.System.Form), subject, takesKinks: true)).Write()
            : new Writer(new CodeContent(derivation, subject)).Write();
        // A class cannot have a member of its own name, whatever the specification is called.
        string name = ClassName(subject.Name);
        bool isTaken = Regex.IsMatch(text, $@"\b{Regex.Escape(name)}(Program)?\b(?!\.cs)", RegexOptions.CultureInvariant);
        return text.Replace(ClassPlaceholder, isTaken ? name + "Theory" : name, StringComparison.Ordinal);
    }

    // The leading order of closures on G alone has equations of components and on modes; a program has those that the solver takes.
    private static bool IsOnModes(EquationSystem system, DerivationSubject subject) =>
        subject.Definition is { } activation && !ClosureDerivation.IsByComponents(system.Closure, activation) && CodeContent.IsLeading(system);

    /// <summary>What stands for the name of the class until all other names are known.</summary>
    internal const string ClassPlaceholder = "\u0001";

    /// <summary>The command that runs a file by itself; the setting spares the native compiler that a single file asks for by default.</summary>
    internal static string RunCommand(string specification) => $"dotnet run --property:PublishAot=false {specification}.cs";

    /// <summary>The head of a file: comments, namespaces of the framework, and the beginning of the class.</summary>
    internal static void Start(CodeWriter code, IEnumerable<string> header, string closure, IEnumerable<string> usings)
    {
        foreach (string line in header)
            code.Write(CSharpText.Comment(line));
        SortedSet<string> names = new(usings, StringComparer.Ordinal) { "System", "System.Collections.Generic", "System.Globalization", "System.Linq", "System.Runtime.InteropServices" };
        code.Write($"\n#nullable enable\n\n{string.Concat(names.Select(name => $"using {name};\n"))}");
        code.Write($"{CSharpText.Summary($"The derived equations of the {closure} closure.")}\npublic static class {ClassPlaceholder}\n{{");
    }

    /// <summary>The end of a class: methods on arrays, and the files of this program that it needs.</summary>
    /// <param name="code">Where they are written.</param>
    /// <param name="style">What was used.</param>
    /// <param name="types">Types that were used beside.</param>
    /// <param name="hasKinks">Whether functions have kinks.</param>
    internal static void Recipes(CodeWriter code, CSharpCodeStyle style, IEnumerable<string> types, bool hasKinks = false)
    {
        foreach (string helper in style.Helpers)
            code.Write("\n" + helper);
        foreach ((string file, string text) in RecipeText.Of([.. types, .. style.Classes], hasKinks).Files)
            code.Write($"\n// ---- {file}\n\n{text}");
    }

    /// <summary>The loop over depth.</summary>
    /// <param name="code">Where it is written.</param>
    /// <param name="isDiscrete">Whether there is a map from layer to layer, or a rate of change.</param>
    /// <param name="numbers">Says how a rate is integrated.</param>
    /// <param name="isProgram">Whether each layer has numbers of its own.</param>
    internal static void Solve(CodeWriter code, bool isDiscrete, SubjectNumbers numbers, bool isProgram = false)
    {
        code.Write(EmbeddedText.Template(isDiscrete ? "SolveDiscrete.cs" : numbers.EulerSteps ? "SolveEuler.cs" : "SolveContinuous.cs")
            .Replace("ARGUMENTS", isProgram ? "network, layer" : "network", StringComparison.Ordinal)
            .Replace("PARAMETERS", isProgram ? "Network network, int layer" : "Network network", StringComparison.Ordinal)
            .Replace("EPS", isProgram ? "network.eps[layer]" : "network.eps", StringComparison.Ordinal));
        if (!isDiscrete)
            code.Write(EmbeddedText.Template("Plus.cs"));
    }

    /// <summary>The component that the table shows: a = c = 0, b = d = other.</summary>
    internal static string Component(int arity) => string.Join(", ", Enumerable.Range(0, arity).Select(at => at % 2 == 0 ? "0" : "other"));

    /// <summary>The record of parameters.</summary>
    internal static void Network(CodeWriter code, SubjectNumbers numbers)
    {
        code.Write("/// <summary>The parameters of a layer; the defaults are those of the specification.</summary>");
        code.Write($"public sealed record Network(double alpha = {CodeContent.Number(numbers.Skip)}, double eps = {CodeContent.Number(numbers.Step)}, double C_W = {CodeContent.Number(numbers.WeightVariance)}, double C_b = {CodeContent.Number(numbers.BiasVariance)});\n");
    }

    /// <summary>The class that solves the specification and prints a table.</summary>
    /// <param name="code">Where it is written.</param>
    /// <param name="className">The class of the equations.</param>
    /// <param name="numbers">K(0) and the recorded layers.</param>
    /// <param name="names">The columns.</param>
    /// <param name="values">Their values.</param>
    /// <param name="time">Depth time of a layer.</param>
    internal static void Program(CodeWriter code, string className, SubjectNumbers numbers, string names, string values, string time = "network.eps * network.eps * layer")
    {
        string kernel = string.Join(", ", Enumerable.Range(0, numbers.Kernel.GetLength(0)).Select(a =>
            $"{{ {string.Join(", ", Enumerable.Range(0, numbers.Kernel.GetLength(1)).Select(b => CodeContent.Number(numbers.Kernel[a, b])))} }}"));
        code.Write("\n" + EmbeddedText.Template("Program.cs").TrimEnd('\n')
            .Replace("CLASS", className, StringComparison.Ordinal)
            .Replace("KERNEL", kernel, StringComparison.Ordinal)
            .Replace("LAYERS", string.Join(", ", numbers.RecordedLayers), StringComparison.Ordinal)
            .Replace("TIME", time, StringComparison.Ordinal)
            .Replace("NAMES", names, StringComparison.Ordinal)
            .Replace("VALUES", values, StringComparison.Ordinal));
    }

    /// <summary>The name of the class: the specification's name in Pascal case.</summary>
    /// <param name="specification">Name of the specification.</param>
    public static string ClassName(string specification)
    {
        string name = string.Concat(specification
            .Split([.. specification.Where(c => !char.IsAsciiLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "Closure" + name : name;
    }

    private sealed class Writer(CodeContent content)
    {
        private readonly CodeWriter _code = new();
        private readonly CSharpCodeStyle _style = new();
        private const string _class = ClassPlaceholder;

        private static IEnumerable<string> Accuracy =>
        [
            "",
            "Expectations are those of symeft solve, computed by the same code, which stands below; the proofs of their errors are not among them. Instead a grid is one that",
            "agrees with a much finer one, and every expectation has an estimate of its error, of at most 1e-13 of the root mean squares, or of 1e-10 where double precision holds",
            "no more; where that is not reached, the program stops with a message.",
        ];

        public string Write()
        {
            Start(_code, content.Header("csharp", RunCommand(content.Name)).Concat(Accuracy), content.System.Closure.Name, RecipeText.Of(["PairTable"]).Usings.Append("System.Threading"));
            _code.Inside(() =>
            {
                Types();
                Function("The state at depth 0, from K(0).", "State Initial(double[,] K0)", content.Plan.Initial, "State", "next", content.Plan.State, fromState: false);
                Function(
                    content.IsDiscrete ? "The state at the next layer." : "The rate of change of the state in t.",
                    $"State {(content.IsDiscrete ? "Step" : "Rate")}(State state, Network network)",
                    content.Plan.RightSide,
                    "State",
                    content.IsDiscrete ? "next" : "rate",
                    content.Plan.State,
                    fromState: true);
                Function("What follows from the state at the same depth.", "Quantities QuantitiesOf(State state, Network network)", content.Plan.Quantities, "Quantities", "quantities", content.Plan.Derived, fromState: true);
                Solve(_code, content.IsDiscrete, content.Numbers);
                if (!content.IsDiscrete)
                    _style.Use("Flat");
                Expectations();
                Recipes(_code, _style, ["PairTable"]);
            });
            _code.Write("}\n");
            Program();
            return _code.ToString();
        }

        private static string TypeOf(Tensor tensor) => $"double[{new string(',', tensor.Arity - 1)}]";

        private static string New(Tensor tensor) => $"new double[{string.Join(", ", Enumerable.Repeat("inputs", tensor.Arity))}]";

        private void Types()
        {
            Network(_code, content.Numbers);
            Type("State", "The state; every symmetric component is stored.", content.Plan.State);
            Type("Quantities", "What follows from the state.", content.Plan.Derived);
            Type("Expectations", "Gaussian expectations under K0.", [.. content.Plan.Expectations.Select(each => each.Array)]);
        }

        private void Type(string name, string summary, IReadOnlyList<Tensor> tensors)
        {
            _code.Write($"/// <summary>{summary}</summary>\npublic sealed class {name}(int inputs)\n{{");
            _code.Inside(() =>
            {
                foreach (Tensor tensor in tensors)
                    _code.Write($"public {TypeOf(tensor)} {tensor.Name} {{ get; }} = {New(tensor)};\n");
                _code.Write($"public Array[] Arrays => [{string.Join(", ", tensors.Select(tensor => tensor.Name))}];");
            });
            _code.Write("}\n");
        }

        private void Function(string summary, string signature, CodeSection section, string type, string result, IReadOnlyList<Tensor> results, bool fromState)
        {
            _code.Write($"/// <summary>{summary}</summary>\npublic static {signature}\n{{");
            _code.Inside(() =>
            {
                _code.Write($"int inputs = {(fromState ? "state." : "")}K0.GetLength(0);\nvar {result} = new {type}(inputs);");
                IReadOnlySet<string> read = section.TensorsRead;
                if (fromState)
                {
                    foreach (Symbol parameter in section.Read(CodePlan.Parameters))
                        _code.Write($"double {parameter.Name} = network.{parameter.Name};");
                    foreach (Tensor tensor in content.Plan.State.Where(tensor => read.Contains(tensor.Name)))
                        _code.Write($"{TypeOf(tensor)} {tensor.Name} = state.{tensor.Name};");
                }

                List<Tensor> expectations = [.. content.Plan.Expectations.Select(each => each.Array).Where(tensor => read.Contains(tensor.Name))];
                if (expectations.Count > 0)
                    _code.Write($"Expectations expectations = ExpectationsOf({(fromState ? "state." : "")}K0);");
                foreach (Tensor tensor in expectations)
                    _code.Write($"{TypeOf(tensor)} {tensor.Name} = expectations.{tensor.Name};");

                foreach (Assignment scalar in section.Scalars)
                    _code.Statement($"double {Print(scalar.Left)} = ", Print(scalar.Value), ";");
                foreach (LoopBlock block in section.Helpers)
                {
                    foreach (string heading in block.Headings)
                        _code.Write(CSharpText.Comment(heading));
                    foreach (Assignment line in block.Outputs)
                        _code.Write($"{TypeOf(((Indexed)line.Left).Tensor)} {((Indexed)line.Left).Tensor.Name} = {New(((Indexed)line.Left).Tensor)};");
                    Loops(block, 0, "");
                }

                foreach (LoopBlock block in section.Outputs)
                {
                    foreach (string heading in block.Headings)
                        _code.Write(CSharpText.Comment(heading));
                    Loops(block, 0, result + ".");
                }

                _code.Write($"return {result};");
            });
            _code.Write("}\n");
        }

        private void Loops(LoopBlock block, int at, string owner)
        {
            if (at == block.Shape.Letters.Count)
            {
                foreach (Assignment local in block.Locals)
                    _code.Statement($"double {Print(local.Left)} = ", Print(local.Value), ";");
                foreach (Assignment line in block.Outputs)
                    Put(block.Shape, (Indexed)line.Left, owner, Print(line.Value));
                return;
            }

            string letter = block.Shape.Letters[at].ToString();
            string start = block.Shape.StartOf(at) switch { LoopStart.Zero => "0", LoopStart.First => "a", LoopStart.Third => "c", _ => "c == a ? b : c" };
            _code.Write($"for (int {letter} = {start}; {letter} < inputs; {letter}++)\n{{");
            _code.Inside(() => Loops(block, at + 1, owner)).Write("}" + (at == 0 ? "\n" : ""));
        }

        private void Put(LoopShape shape, Indexed left, string owner, string value)
        {
            if (shape.Symmetry == TensorSymmetry.None)
            {
                _code.Statement($"{owner}{_style.Indexed(left)} = ", value, ";");
                return;
            }

            string name = shape.Symmetry switch { TensorSymmetry.Symmetric => "PutPair", TensorSymmetry.SymmetricInEachPair => "PutPairs", _ => "PutCovariance" };
            _style.Use(name);
            _code.Statement($"{name}({owner}{left.Tensor.Name}, {string.Join(", ", shape.Letters)}, ", value, ");");
        }

        // What the table holds.
        private IReadOnlyList<(int First, int Second)> Orders => [.. content.Plan.Expectations.Select(array => array.Orders
            ?? throw new NotSupportedException($"Generated C# takes expectations of products of two derivatives of sigma, and the equations need {ExpressionPrinter.Text(array.Meaning)}; write them as python, markdown or latex."))];

        private void Expectations()
        {
            int highest = Orders.Select(orders => orders.First + orders.Second).DefaultIfEmpty(0).Max();
            _style.Use("Flat");
            _code.Write("/// <summary>All expectations that the equations need, for every pair of inputs.</summary>\npublic static Expectations ExpectationsOf(double[,] K0)\n{").Inside(() =>
            {
                _code.Write("int inputs = K0.GetLength(0);\nvar expectations = new Expectations(inputs);\nPairTable table = TableFor(inputs);\ntable.Evaluate(Flat(K0));\nfor (int a = 0; a < inputs; a++)\n{").Inside(() =>
                {
                    (ExpectationArray Array, (int First, int Second) Orders)[] arrays = [.. content.Plan.Expectations.Zip(Orders)];
                    foreach ((ExpectationArray array, (int first, int second)) in arrays.Where(each => each.Array.Array.Arity == 1))
                        _code.Write($"expectations.{array.Array.Name}[a] = table[a, a, {first}, {second}];");
                    _code.Write("for (int b = 0; b < inputs; b++)\n{").Inside(() =>
                    {
                        foreach ((ExpectationArray array, (int first, int second)) in arrays.Where(each => each.Array.Array.Arity == 2))
                            _code.Write($"expectations.{array.Array.Name}[a, b] = table[a, b, {first}, {second}];");
                    });
                    _code.Write("}");
                });
                _code.Write("}\n\nreturn expectations;");
            });
            _code.Write("}\n");
            _code.Write(EmbeddedText.Template("Pairs.cs").Replace("HIGHEST", $"{highest}", StringComparison.Ordinal));
            (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = content.DerivativesTo(highest);
            _code.Write($"{CSharpText.Comment($"sigma(x) = {content.Activation} and its derivatives.")}\nprivate static void Sigma(double x, Span<double> f)\n{{").Inside(() =>
            {
                foreach (Assignment local in locals)
                    _code.Statement($"double {Print(local.Left)} = ", Print(local.Value), ";");
                for (int at = 0; at < values.Count; at++)
                    _code.Statement($"f[{at}] = ", Print(values[at]), ";");
            });
            _code.Write("}");
        }

        private void Program()
        {
            IEnumerable<Tensor> columns = content.Plan.State.Concat(content.Plan.Derived);
            string Columns(Func<Tensor, string> write) => string.Join(", ", columns.Select(write));
            CSharpLanguage.Program(
                _code,
                _class,
                content.Numbers,
                Columns(tensor => CSharpText.Literal(tensor.Name)),
                Columns(tensor => $"{(content.Plan.State.Contains(tensor) ? "state" : "quantities")}.{tensor.Name}[{Component(tensor.Arity)}]"));
        }

        private string Print(Expression expression) => ExpressionPrinter.Print(expression, _style);
    }
}
