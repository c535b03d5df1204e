// What every programming language needs of a program of layers: the statements of each step without those that nothing uses, the functions that they call,
// and for each layer the place of its step and the numbers of its letters.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>A step of a program that is solved by statements of its own.</summary>
/// <param name="Name">Which it is, from 1, and where it stands: step 1 (layers 1 to 16): layers[0].repeat.of[0].residual.</param>
/// <param name="Statements">Its statements.</param>
internal sealed record StepCode(string Name, IReadOnlyList<MomentStatement> Statements);

/// <summary>A closure on the stream of a program of layers, checked for what generated code can compute.</summary>
internal sealed class ProgramContent
{
    // Beyond that a file is no text to read, and its compiler takes minutes.
    private const int MostNumbers = 200_000;

    /// <summary>Prepares a program.</summary>
    /// <exception cref="NotSupportedException">Generated code could not compute what the equations need; the message says what.</exception>
    public ProgramContent(ProgramSystem program, DerivationSubject subject)
    {
        (Program, Name, IsPlain) = (program, subject.Name, subject.Layers is null);
        EquationSystem first = program.Systems[0];
        Numbers = subject.Numbers ?? throw new ArgumentException("Generated code needs the specification's numbers.", nameof(subject));
        LayerProgram layers = subject.Layers ?? LayerProgram.Plain(subject.Activation, Numbers.WeightVariance, Numbers.BiasVariance, Numbers.Skip, Numbers.Step, program.Layers.Count);
        Picture = LayersPicture.Of(layers).TrimEnd('\n').Split('\n');
        Steps = [.. program.Systems.Select((system, at) => new StepCode($"Step {at + 1} ({program.LayersOf(at)}): {program.Structures[at].Path}.", MomentStatements.Needed(system.Step)))];
        Functions = [.. Statements.SelectMany(statement => new[] { statement.Function, statement.Other }).OfType<ActivationDefinition>().DistinctBy(function => function.Text, StringComparer.Ordinal)];
        if (first.Closure.Keeps is KeptObservables kept)
        {
            // The list with sigma, and behind it sigma sigma of every other function.
            ActivationDefinition sigma = Sigma(kept, program);
            List = [.. ListFunctions.Of(Statements).Where(function => function.Text != sigma.Text).Prepend(sigma).Select((function, at) => new MomentContent(first, new(subject.Name, function.Text) { Definition = function, Numbers = Numbers }, HasTwoNeurons && at == 0))];
        }

        HashSet<Symbol> letters = [.. program.Layers.SelectMany(layer => layer.Numbers.Keys)];
        Letters = [.. Steps.SelectMany(step => MomentContent.Symbols(step.Statements)).Where(letters.Contains).Union(IsDiscrete ? [] : [Notation.Step]).OrderBy(letter => letter.Name, StringComparer.Ordinal)];
        Schedules = [.. Letters.Select(letter => program.Layers.Select(layer => layer.Numbers.GetValueOrDefault(letter)).ToArray())];
        int numbers = Schedules.Where(values => values.Distinct().Count() > 1).Sum(values => values.Length);
        if (numbers > MostNumbers)
            throw new NotSupportedException($"Generated code writes out the numbers of layers that differ, which are {numbers} here and may be {MostNumbers}; use fewer layers or constant numbers, or solve it with symeft solve.");
    }

    public ProgramSystem Program { get; }

    /// <summary>Whether statements give the state after a layer, or its rate of change in depth time.</summary>
    public bool IsDiscrete => Program.Systems[0].Form == DepthForm.Discrete;

    /// <summary>Of a list of observables what it is with each function of the stream for sigma, its own sigma first; empty for modes and closures on G alone.</summary>
    public IReadOnlyList<MomentContent> List { get; } = [];

    /// <summary>The place of f f of a statement among the observables of the program: those of the list, with sigma sigma, and behind them the others; null for x x.</summary>
    public int? ProductOf(GaussianStatement statement)
    {
        if (ListFunctions.IsIdentity(statement.Function!))
            return null;
        int place = List.ToList().FindIndex(each => each.Activation == statement.Function!.Text);
        return place == 0 ? List[0].SigmaKernelPlace : List[0].Observables.Count + place - 1;
    }

    /// <summary>Whether a function has a kink.</summary>
    public bool HasKinks => Functions.Any(function => function.Kinks.Count > 0);

    public string Name { get; }

    /// <summary>Whether the network has flat values, whose layers are all the same and count as eps^2 of depth time.</summary>
    public bool IsPlain { get; }

    /// <summary>The layers, to look at.</summary>
    public IReadOnlyList<string> Picture { get; }

    public SubjectNumbers Numbers { get; }

    /// <summary>One for each structure.</summary>
    public IReadOnlyList<StepCode> Steps { get; }

    /// <summary>The functions of neurons.</summary>
    public IReadOnlyList<ActivationDefinition> Functions { get; }

    /// <summary>The letters that statements read.</summary>
    public IReadOnlyList<Symbol> Letters { get; }

    /// <summary>The numbers of each letter, layer by layer; 0 where the step of a layer does not have it.</summary>
    public IReadOnlyList<double[]> Schedules { get; }

    /// <summary>
    /// Why a program takes two inputs at most, for its message; null where it takes any number. Of three inputs covariances of products are sums over modes that end at a fixed order: with a
    /// kink they are cut off where they count, which the solver says of its numbers.
    /// </summary>
    public string? MostTwoInputs => HasKinks && Statements.Any(statement => statement.Recipe is GaussianRecipe.CovarianceOfSigmaKernel or GaussianRecipe.CovarianceOfProducts or GaussianRecipe.TangentProducts or GaussianRecipe.TangentProductsOfRows)
        ? "Functions with kinks have covariances of products at three inputs that end at a fixed order, and what is left out counts; give two inputs, whose numbers do not depend on the others, or use symeft solve, which says how much it is."
        : null;

    /// <summary>The orders of the modes beside g.</summary>
    public IReadOnlyList<int> Orders => Program.Systems[0].Orders;

    /// <summary>The highest order of a mode of the stream.</summary>
    public int HighestOrder => Math.Max(2, Orders.DefaultIfEmpty(2).Max());

    /// <summary>The statements with Gaussian functions, of all steps.</summary>
    public IEnumerable<GaussianStatement> Statements => Steps.SelectMany(step => step.Statements).OfType<GaussianStatement>();

    /// <summary>The places of the functions that some recipes are asked for.</summary>
    public IEnumerable<int> Used(params IReadOnlyList<GaussianRecipe> recipes) => Statements.Where(statement => recipes.Contains(statement.Recipe)).Select(PlaceOf).Distinct().Order();

    /// <summary>The pairs of functions that some recipes are asked for.</summary>
    public IEnumerable<(int Function, int Other)> UsedPairs(params IReadOnlyList<GaussianRecipe> recipes) =>
        Statements.Where(statement => recipes.Contains(statement.Recipe)).Select(statement => (PlaceOf(statement), PlaceOf(statement.Other!))).Distinct().Order();

    /// <summary>The place of the function of a statement.</summary>
    public int PlaceOf(GaussianStatement statement) => PlaceOf(statement.Function!);

    /// <summary>Whether averages over two neurons are among the state.</summary>
    public bool HasTwoNeurons => Statements.Any(statement => statement.Recipe == GaussianRecipe.MarksOfModes);

    /// <summary>What results show over inputs: the tensors of the state that count nothing else.</summary>
    public IReadOnlyList<StateVariable> OverInputs => [.. Program.Systems[0].State.Where(variable => variable.Indices.All(index => index.Kind is IndexKind.Input or IndexKind.Pair))];

    /// <summary>The place of a function.</summary>
    public int PlaceOf(ActivationDefinition function) => Enumerable.Range(0, Functions.Count).First(at => Functions[at].Text == function.Text);

    /// <summary>The letters that some statements read.</summary>
    public IEnumerable<Symbol> LettersOf(IReadOnlyList<MomentStatement> statements)
    {
        IReadOnlySet<Expression> read = MomentContent.Nodes(statements);
        return Letters.Where(read.Contains);
    }

    private static ActivationDefinition Sigma(KeptObservables kept, ProgramSystem program)
    {
        try
        {
            return ListFunctions.SigmaOf(kept, program.Structures);
        }
        catch (LayerProgramException reason)
        {
            throw new NotSupportedException(reason.Message, reason);
        }
    }

    /// <summary>The lines of the header comment, without comment signs.</summary>
    public IEnumerable<string> Header(string language, string run)
    {
        yield return $"The {Program.Systems[0].Closure.Name} closure on the stream of a program of layers, {(IsDiscrete ? "layer by layer" : "in depth time t, the sum of eps^2 of the layers")}.";
        yield return $"Specification {Name}: the equations hold for every number of inputs and every number that a layer has;";
        foreach (string line in Picture)
            yield return $"    {line}";
        yield return $"Generated by: symeft derive {Name}.yaml --to {language}";
        yield return $"Run it with:  {run}";
        yield return "";
        yield return "p, q, r, u count pairs of inputs, p = (a, b) and q = (c, d); s is the fluctuation of the covariance of the rows that a dense layer makes. Names end in the";
        yield return "number of the dense layer in its branch, before it that of the branch where there are several.";
        yield return "M = (k, q, j) is the mode he_(k-j)(z1) he_j(z2) of order k in the frame z of the pair q, phi = L z; an input with itself has j = 0 alone.";
        yield return "Normalised modes he_k are the Hermite polynomials H_A(phi; K0) of order k over sqrt(k!).";
    }
}
