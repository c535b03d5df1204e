using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric;

/// <summary>
/// A wide network and its inputs: phi' = alpha phi + eps (W sigma(phi) + b), W_ij ~ N(0, C_W/n), b_i ~ N(0, C_b), rows of phi
/// at layer 0 iid N(0, K(0)). The first thing to make: it derives, solves and simulates.
/// </summary>
/// <example>
/// V4 and K1 of one input, by a closure and by simulation:
/// <code>
/// var network = new Network { Activation = "tanh(x)", WeightVariance = 2, Step = 0.05, Depth = 800, Kernel = new[,] { { 2.0 } } };
/// TheorySolution theory = network.Solve("hermite(20)");
/// EnsembleStatistics simulation = network.Simulate(width: 64, samples: 20_000);
/// Console.WriteLine(simulation.K1At(^1, (0, 0)).ZScore(theory.K1At(^1, (0, 0))));
/// </code>
/// </example>
public sealed record Network
{
    private const int StandardRecords = 9;

    // Layers between which validity windows are interpolated.
    private const int ComparedLayers = 81;

    private readonly IReadOnlyList<int>? _recordedLayers;

    /// <summary>sigma: a known name such as "gelu", or an expression in x such as "tanh(x)".</summary>
    public required string Activation { get; init; }

    /// <summary>Weight variance C_W.</summary>
    public required double WeightVariance { get; init; }

    /// <summary>Bias variance C_b.</summary>
    public double BiasVariance { get; init; }

    /// <summary>Skip coefficient alpha: 1 for the ResNet; 0, with eps = 1, for the MLP.</summary>
    public double Skip { get; init; } = 1;

    /// <summary>Step eps; depth time is t = eps^2 l.</summary>
    public required double Step { get; init; }

    /// <summary>Depth L.</summary>
    public required int Depth { get; init; }

    /// <summary>K(0), N x N with N from 1 to 64, positive semidefinite; it may be singular (equal inputs).</summary>
    public required double[,] Kernel { get; init; }

    /// <summary>Layers to report, ascending, within 0..L; nine about equally spaced ones, first and last included, unless set.</summary>
    public IReadOnlyList<int> RecordedLayers
    {
        get => _recordedLayers ?? TheoryProblem.EvenlySpacedLayers(Depth, StandardRecords);
        init => _recordedLayers = value;
    }

    /// <summary>Number of inputs N.</summary>
    public int Inputs => Kernel.GetLength(0);

    /// <summary>The network that a program of layers is.</summary>
    /// <param name="program">The layers: now those that repeat one activation and one dense layer, as a residual or not, with the same numbers.</param>
    /// <param name="kernel">K(0), N x N.</param>
    /// <exception cref="LayerProgramException">The program does not fit together; the message names the layer by its path.</exception>
    /// <exception cref="NotSupportedException">The program is right, and none that can be solved yet; the message says where it leaves those.</exception>
    public static Network Of(LayerProgram program, double[,] kernel) =>
        PlainNetwork.Of(program.Unroll(kernel.GetLength(0)), out string? refusal) is { } plain
            ? new()
            {
                Activation = plain.Activation,
                WeightVariance = plain.WeightVariance,
                BiasVariance = plain.BiasVariance,
                Skip = plain.Skip,
                Step = plain.Step,
                Depth = plain.Depth,
                Kernel = kernel,
            }
            : throw new NotSupportedException($"Only the same activation and dense layer, repeated with the same numbers and Gaussian weights, are solved yet, and {refusal}.");

    /// <summary>Derives the equations of a closure, step by step; its text is the derivation.</summary>
    /// <param name="closure">g-only, g-connected, sigma-kernel, hermite(k), or a list of observables such as [x*y, sigma(x)*sigma(y)]; <see cref="ClosureRegistry.Syntax"/> has all.</param>
    /// <param name="stepping">Discrete gives the map from layer to layer, the others the differential equations in t = eps^2 l.</param>
    /// <param name="order">Powers of 1/n beyond the leading one, up to 2; g-only alone has them.</param>
    /// <exception cref="ClosureSyntaxException">The text is no closure.</exception>
    /// <exception cref="NotSupportedException">The closure has no such order.</exception>
    public DerivationResult Derive(string closure = GOnlyClosure.Name, Stepping stepping = Stepping.Discrete, int order = 0)
    {
        IClosure parsed = ClosureRegistry.Parse(closure);
        RequireRange(order);
        // Equations are for any number of inputs and any skip.
        return ClosureSolver.Refusal(parsed, stepping, QuadratureChoice.Certified, order, inputs: 1, skip: 1) is { } refusal
            ? throw new NotSupportedException(refusal)
            : ClosureSolver.Derive(parsed, stepping, order: order);
    }

    /// <summary>The derivation as a document or as a program that runs by itself, with this network's numbers.</summary>
    /// <param name="language">markdown, latex, csharp or python.</param>
    /// <param name="closure">As in <see cref="Derive"/>.</param>
    /// <param name="stepping">How depth advances.</param>
    /// <param name="name">What the document or program is called.</param>
    /// <exception cref="ArgumentException">There is no such language.</exception>
    /// <exception cref="NotSupportedException">The language cannot express the closure.</exception>
    public string Write(string language, string closure = GOnlyClosure.Name, Stepping stepping = Stepping.Discrete, string name = "network")
    {
        TheoryProblem problem = Problem();
        var source = new DerivationSource(name, Activation)
        {
            Definition = problem.Activation.Definition,
            Numbers = new(Skip, Step, WeightVariance, BiasVariance, Kernel, RecordedLayers, stepping == Stepping.Euler),
        };
        return OutputLanguages.Find(language).Write(Derive(closure, stepping), source);
    }

    /// <summary>Derives and solves: K0, V4, K1 and U1 at the recorded layers.</summary>
    /// <param name="closure">As in <see cref="Derive"/>.</param>
    /// <param name="quadrature">How Gaussian expectations are taken; certified if null.</param>
    /// <param name="stepping">How depth advances.</param>
    /// <param name="order">Powers of 1/n beyond the leading one, up to 2: adds V6, V4_1, K2, ... to the solution's tensors.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="Expectations.QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">Closure, quadrature, stepping, order, skip and activation do not go together; the message says which, why, and what would.</exception>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    public TheorySolution Solve(
        string closure = GOnlyClosure.Name, QuadratureChoice? quadrature = null, Stepping stepping = Stepping.Discrete, int order = 0, CancellationToken cancellation = default) =>
        Solve(ClosureRegistry.Parse(closure), quadrature, stepping, order, cancellation);

    /// <summary>Derives and solves a closure that is a value, such as one of your own: K0, V4, K1 and U1 at the recorded layers.</summary>
    /// <param name="closure">The closure; one of your own is an <see cref="IObservableClosure"/>, and is named nowhere else.</param>
    /// <param name="quadrature">How Gaussian expectations are taken; certified if null.</param>
    /// <param name="stepping">How depth advances.</param>
    /// <param name="order">Powers of 1/n beyond the leading one, up to 2; g-only alone has them.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="Expectations.QuadratureException">An expectation cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">Closure, quadrature, stepping, order, skip and activation do not go together; the message says which, why, and what would.</exception>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    public TheorySolution Solve(
        IClosure closure, QuadratureChoice? quadrature = null, Stepping stepping = Stepping.Discrete, int order = 0, CancellationToken cancellation = default)
    {
        RequireRange(order);
        return ClosureSolver.Solve(Problem() with { Quadrature = quadrature ?? QuadratureChoice.Certified }, closure, stepping, order, cancellation);
    }

    /// <summary>
    /// Solves closures beside the exact leading order in 1/n: how far each can be trusted, and by how many error bars a simulation differs from it.
    /// The exact leading order is hermite(40), whose cost grows with the cube of 40 and with the square of the number of pairs: give two inputs of
    /// many, whose numbers do not depend on the others.
    /// </summary>
    /// <param name="closures">The closures; a name is made one by <see cref="ClosureRegistry.Parse"/>.</param>
    /// <param name="quadrature">How Gaussian expectations are taken; certified if null.</param>
    /// <param name="stepping">How depth advances.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    /// <exception cref="ComputationException">The exact leading order cannot be solved.</exception>
    /// <exception cref="Expectations.QuadratureException">An expectation of the exact leading order cannot be brought to the accuracy wanted.</exception>
    public NetworkComparison Compare(
        IReadOnlyList<IClosure> closures, QuadratureChoice? quadrature = null, Stepping stepping = Stepping.Discrete, CancellationToken cancellation = default)
    {
        int[] layers = [.. TheoryProblem.EvenlySpacedLayers(Depth, Math.Min(Depth + 1, ComparedLayers)).Union(RecordedLayers).Order()];
        TheoryProblem problem = Problem() with { Quadrature = (quadrature ?? QuadratureChoice.Certified).WithErrors, RecordedLayers = layers };
        return new(ClosureComparison.Solve(problem, closures, stepping, cancellation: cancellation));
    }

    /// <summary>
    /// Simulates networks of finite width from the exact law of their layers: G, V4, K1 and U1 with standard errors. The same numbers
    /// for the same seed, on any number of cores.
    /// </summary>
    /// <param name="width">Width n.</param>
    /// <param name="samples">Number of networks, at least 2.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="controlVariate">Whether the derived linear fluctuation serves as control variate: unbiased, and error bars several times smaller. Null: where the law allows it, which is the block law.</param>
    /// <param name="law">How a layer is drawn: from its exact law given the one before, or with weights of its own.</param>
    /// <param name="precision">Of the state; statistics are double in both.</param>
    /// <param name="quadrature">How the Gaussian expectations of infinite width are taken, which K1 and U1 are differences from; certified if null, and for sums over nodes.</param>
    /// <param name="progress">Told of finished networks.</param>
    /// <param name="cancellation">Ends early; what is finished is kept.</param>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    public EnsembleStatistics Simulate(
        int width,
        long samples,
        ulong seed = 1,
        bool? controlVariate = null,
        SamplingLaw law = SamplingLaw.Block,
        StatePrecision precision = StatePrecision.Single,
        QuadratureChoice? quadrature = null,
        Action<EnsembleProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        EnsembleSettings settings = Settings(NeuronActivation.From(Parsed()), width, seed) with { Law = law, Precision = precision };
        settings.Validate();
        if (controlVariate == true && law != SamplingLaw.Block)
            throw new ArgumentException($"controlVariate is true and the law {law}; the control variate follows from the block law, so leave one of the two out.", nameof(controlVariate));
        if (samples < 2)
            throw new ArgumentException($"{samples} samples have no standard error; at least 2 are needed.", nameof(samples));
        TheoryProblem problem = Problem() with { Quadrature = quadrature ?? QuadratureChoice.Certified };
        TheorySolution reference = ClosureSolver.SolveInfiniteWidth(problem, cancellation);
        ControlVariate? control = controlVariate ?? law == SamplingLaw.Block ? ControlVariate.Prepare(settings, problem.Activation.Description, cancellation: cancellation) : null;
        return new EnsembleSampler(settings, new EnsembleReference { K0 = [.. reference.K0], E2 = [.. reference.E2] }, control)
            .Run(new EnsembleRun { Samples = samples, Progress = progress, Cancellation = cancellation });
    }

    /// <summary>The network and its inputs as the solvers of <see cref="Closures"/> take them.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    public TheoryProblem Problem()
    {
        Settings(NeuronActivation.Known("identity"), width: 1, seed: 0).Validate();
        return new(Parsed(), new LayerParameters(Skip, Step, WeightVariance, BiasVariance), Inputs, PairIndexing.Upper(Kernel), Depth, RecordedLayers);
    }

    private EnsembleSettings Settings(NeuronActivation activation, int width, ulong seed) => new()
    {
        Activation = activation,
        Width = width,
        Depth = Depth,
        Skip = Skip,
        Step = Step,
        WeightVariance = WeightVariance,
        BiasVariance = BiasVariance,
        InitialKernel = Kernel,
        Seed = seed,
        RecordedLayers = RecordedLayers,
    };

    private Activations.Activation Parsed() => Activations.Activation.Parse(Activation);

    private static void RequireRange(int order)
    {
        if (order is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(order), $"order is {order}; use 0, 1 or 2 powers of 1/n beyond the leading one.");
    }
}
