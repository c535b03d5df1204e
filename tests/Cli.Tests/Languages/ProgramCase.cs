using SymbolicEft.Cli.Tests.Commands;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Tensors;
using SymbolicEft.Tests;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>A network for which programs are generated, and what the toolkit makes of it.</summary>
public sealed class ProgramCase
{
    private static readonly OrthogonalWeights Own = new();

    // Inputs 2 and 3 are equal: the pair integral on the edge of the kernels is tested as well.
    private static readonly double[,] Kernel = { { 1.5, 0.4, 0.4 }, { 0.4, 0.9, 0.9 }, { 0.4, 0.9, 0.9 } };

    private ProgramCase(string activation, int inputs, Stepping stepping, string closure, double skip = 0.9, int first = 0, Rational? drive = null, double? correlation = null)
    {
        IClosure named = closure == Own.Name ? Own : ClosureRegistry.Parse(closure);
        (ActivationText, Stepping, Closure, Drive) = (activation, stepping, drive is { } factor ? new DrivenClosure(named, factor) : named, drive ?? 1);
        string name = string.Join('-', closure.Split([' ', ',', '(', ')', '[', ']', '*', '\''], StringSplitOptions.RemoveEmptyEntries));
        Name = $"{activation.Split('(')[0]}-{(closure == "g-only" ? "" : name + "-")}{(drive is not null ? "driven-" : correlation is not null ? "near-" : first > 0 ? "equal-" : skip == 0 ? "mlp-" : "")}{inputs}-{stepping.ToString().ToLowerInvariant()}";
        var kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b < inputs; b++)
                kernel[a, b] = Kernel[first + a, first + b];
        }

        if (correlation is { } rho)
            kernel = new[,] { { 1, rho }, { rho, 1 } };
        Numbers = new(stepping == Stepping.Discrete ? skip : 1, skip == 0 ? 1 : 0.3, 1.7, 0.1, kernel, closure == "g-only" ? [0, 1, 3] : [0, 2], EulerSteps: stepping == Stepping.Euler);
    }

    private ProgramCase(string activation, IClosure closure)
    {
        (ActivationText, Stepping, Closure, Name, Drive) = (activation, Stepping.Discrete, closure, $"{activation.Split('(')[0]}-{closure.Name}-deep", 1);
        Numbers = new(1, 0.05, 2, 0, new[,] { { 2, 0.6 }, { 0.6, 2 } }, [0, 400, 800], EulerSteps: false);
    }

    private ProgramCase(string activation, int number)
    {
        (ActivationText, Stepping, Closure, Name, Drive) = (activation, Stepping.Discrete, new GOnly(), $"forty-{number}", 1);
        Numbers = new(1, 0.3, 1, 0.1, FortyActivations.Kernel, [0, 1, 2], EulerSteps: false);
    }

    public string Name { get; }

    public string ActivationText { get; }

    public Stepping Stepping { get; }

    public IClosure Closure { get; }

    public SubjectNumbers Numbers { get; }

    /// <summary>
    /// g-only for tanh, erf and GELU, one to three inputs, both forms, and the integrator with error control; then every other kind of closure; then
    /// the activations that every command is driven with.
    /// </summary>
    public static IReadOnlyList<ProgramCase> All { get; } =
    [
        .. from activation in new[] { "tanh(x)", "erf(x)", "gelu" }
           from inputs in new[] { 1, 2, 3 }
           from stepping in new[] { Stepping.Discrete, Stepping.Euler }
           select new ProgramCase(activation, inputs, stepping, "g-only"),
        new("tanh(x)", 1, Stepping.Continuous, "g-only"),
        new("tanh(x)", 3, Stepping.Discrete, Own.Name),
        new("tanh(x)", 3, Stepping.Discrete, "g-connected"),
        new("gelu", 2, Stepping.Euler, "g-connected"),
        new("erf(x)", 2, Stepping.Discrete, "g-connected"),
        new("gelu", 2, Stepping.Discrete, "hermite(1)"),
        new("gelu", 3, Stepping.Discrete, "hermite(4)"),
        new("gelu", 3, Stepping.Euler, "hermite(4)"),
        new("tanh(x)", 2, Stepping.Discrete, "hermite(9)"),
        new("tanh(x)", 2, Stepping.Discrete, "hermite(4)", skip: 0),
        new("gelu", 1, Stepping.Continuous, "hermite(3)"),
        new("gelu", 2, Stepping.Discrete, "hermite(4)", drive: Rational.Of(3, 2)),
        new("gelu", 2, Stepping.Euler, "hermite(4)", drive: Rational.Of(3, 2)),
        new("tanh(x)", 2, Stepping.Discrete, "sigma-kernel"),
        new("gelu", 2, Stepping.Discrete, "sigma-kernel", first: 1),
        new("tanh(x)", 1, Stepping.Discrete, "sigma-kernel(2)"),
        new("softplus", 2, Stepping.Discrete, "[x*y, sigma(x)*sigma(y), x]"),
        new("softplus", 2, Stepping.Euler, "[x*y, x*sigma(y), sigma'(x)]"),
        new("softplus", 2, Stepping.Discrete, "[x*y, x*sigma(y), sigma'(x)]"),
        new("gelu", 1, Stepping.Continuous, "sigma-kernel"),
        .. FortyActivations.Smooth.Select((activation, number) => new ProgramCase(activation, number)),
    ];

    /// <summary>
    /// Activations with kinks, of which C# alone has programs: closures on G alone, which the solver takes on modes then, and modes; with the activations that every command is driven with.
    /// </summary>
    public static IReadOnlyList<ProgramCase> Kinked { get; } =
    [
        .. from inputs in new[] { 1, 2, 3 }
           from stepping in new[] { Stepping.Discrete, Stepping.Euler }
           // K1 of one input vanishes for ReLU, but for rounding.
           select new ProgramCase(inputs == 1 ? "elu(x)" : "relu", inputs, stepping, "g-only"),
        new("elu(x)", 1, Stepping.Continuous, "g-only"),
        new("relu", 2, Stepping.Discrete, "g-only", skip: 0),
        new("relu", 3, Stepping.Discrete, "g-connected"),
        new("relu", 2, Stepping.Euler, "g-connected"),
        new("relu", 3, Stepping.Discrete, "hermite(4)"),
        new("relu", 2, Stepping.Discrete, "hermite(9)"),
        .. FortyActivations.Kinked.Select((activation, number) => new ProgramCase(activation, FortyActivations.Smooth.Count + 1 + number)),
    ];

    /// <summary>The networks of the specifications under derivations, to the end of their depth.</summary>
    public static IReadOnlyList<ProgramCase> Deep { get; } =
    [
        .. from activation in new[] { "tanh(x)", "erf(x)", "gelu", "relu" }
           from closure in new IClosure[] { new GOnly(), new GConnected() }
           select new ProgramCase(activation, closure),
    ];

    /// <summary>g-only for an activation that no Gaussian expectation exists of.</summary>
    public static ProgramCase WithoutSolution { get; } = new("exp(x^2)", FortyActivations.Smooth.Count);

    /// <summary>Inputs that nearly determine each other, where Mehler's series has too many terms.</summary>
    public static IReadOnlyList<ProgramCase> NearlyEqual { get; } =
    [
        new("gelu", 2, Stepping.Discrete, "hermite(4)", correlation: 1 - 1e-9), new("tanh(x)", 2, Stepping.Discrete, "sigma-kernel", correlation: 1 - 1e-9),
    ];

    public bool HasErrorControl => Stepping == Stepping.Continuous;

    public DerivationResult Derivation => ClosureDerivation.Of(Closure, Form);

    private DepthForm Form => Stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous;

    /// <summary>By what s is multiplied in the derivation; 1 for the network's own.</summary>
    public Rational Drive { get; }

    public DerivationSubject Subject => new(Name, ActivationText) { Definition = Activation.Parse(ActivationText).Definition, Numbers = Numbers };

    /// <summary>The text in a language.</summary>
    public string In(string language) => OutputLanguages.All.Single(each => each.Name == language).Write(Derivation, Subject);

    /// <summary>The toolkit's own solution, with expectations from its tables.</summary>
    public TheorySolution Solve()
    {
        var network = new Network
        {
            Activation = ActivationText,
            Skip = Numbers.Skip,
            Step = Numbers.Step,
            WeightVariance = Numbers.WeightVariance,
            BiasVariance = Numbers.BiasVariance,
            Kernel = Numbers.Kernel,
            Depth = Numbers.RecordedLayers[^1],
            RecordedLayers = Numbers.RecordedLayers,
        };
        return ClosureSolver.Solve(network, Closure, Stepping);
    }

    /// <summary>Compares every component at every record, relative to the largest component of its tensor at any record (means begin at 0).</summary>
    /// <param name="expected">The toolkit's solution.</param>
    /// <param name="value">The generated program's value of a component at a record.</param>
    /// <returns>The largest relative difference.</returns>
    public double LargestDifference(TheorySolution expected, Func<int, string, int[], double> value)
    {
        double largest = 0;
        foreach (Tensor tensor in new[] { Notation.MeanKernel, Notation.Covariance, Notation.SourceOnlyCovariance, Notation.MeanCorrection, Notation.SigmaCorrection, Notation.MeanSigmaKernel })
        {
            IReadOnlyList<Indexed> components = tensor.ComponentsOver(expected.Inputs);
            // A tensor that is zero throughout must be so to the last bit.
            double scale = Math.Max(expected.Tensors[tensor.Name].Max(row => row.Max(Math.Abs)), double.Epsilon);
            for (int record = 0; record < Numbers.RecordedLayers.Count; record++)
            {
                double[] row = expected.Tensors[tensor.Name][record];
                for (int at = 0; at < row.Length; at++)
                {
                    int[] indices = [.. components[at].Indices.ToArray().Select(index => index.Value)];
                    double difference = Math.Abs(value(record, tensor.Name, indices) - row[at]) / scale;
                    Assert.False(double.IsNaN(difference), $"{components[at]} at record {record}");
                    largest = Math.Max(largest, difference);
                }
            }
        }

        return largest;
    }
}
