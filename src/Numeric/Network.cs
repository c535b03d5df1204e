using System.Collections.Concurrent;
using System.Globalization;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
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
    // Layers between which validity windows are interpolated.
    private const int ComparedLayers = 81;

    // What a sweep or a page asks for again and again is read and compiled once; when there is more, it is read again.
    private const int MostKnown = 64;

    private static readonly ConcurrentDictionary<string, Lazy<Activations.Activation>> Known = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<int>? _recordedLayers;
    private readonly Lazy<Activations.Activation> _sigma = null!;

    /// <summary>sigma: a known name such as "gelu", or an expression in x such as "tanh(x)".</summary>
    public required string Activation
    {
        get;
        init
        {
            if (Known.Count >= MostKnown) Known.Clear();
            (field, _sigma) = (value, Known.GetOrAdd(value, text => new(() => Activations.Activation.Parse(text))));
        }
    }

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

    /// <summary>How many layers to report, about equally spaced, first and last included, at least 2; fewer are reported if there are fewer. Nine unless set.</summary>
    public int Records { get; init; } = 9;

    /// <summary>Layers to report, ascending, within 0..L; <see cref="Records"/> equally spaced ones unless set.</summary>
    public IReadOnlyList<int> RecordedLayers
    {
        get => _recordedLayers ?? EvenlySpacedLayers(Depth, Records);
        init => _recordedLayers = value;
    }

    /// <summary>
    /// The network as a program of layers, in place of <see cref="Activation"/>, <see cref="WeightVariance"/>, <see cref="BiasVariance"/>, <see cref="Skip"/> and <see cref="Step"/>,
    /// which then mean nothing; <see cref="Depth"/> is the number of its layers, and depth time counts them. Null for none: <see cref="Of"/> makes one.
    /// </summary>
    public LayerProgram? Layers { get; private init; }

    /// <summary>Number of inputs N.</summary>
    public int Inputs => Kernel.GetLength(0);

    /// <summary>K(0) over pairs, in the order of <see cref="PairIndexing"/>.</summary>
    internal double[] InitialKernel => PairIndexing.Upper(Kernel);

    /// <summary>sigma, read and ready for numbers; copies of the network share it.</summary>
    /// <exception cref="Symbolic.Parsing.ExpressionSyntaxException">The text is neither a known name nor an expression.</exception>
    internal Activations.Activation Sigma => _sigma.Value;

    /// <summary>The numbers of the step from a layer to the next, which solvers, samplers and laws ask for here alone; now the same at every layer.</summary>
    /// <param name="layer">The layer that the step starts from.</param>
    public LayerParameters LayerAt(int layer) => new(Skip, Step, WeightVariance, BiasVariance);

    /// <summary>Depth time t = eps^2 l of a layer, the exact product of the decimals rounded once.</summary>
    /// <param name="layer">The layer l.</param>
    public double TimeOf(int layer) => (Rational.Pow(Rational.FromShortestDecimal(Step), 2) * layer).ToDouble();

    /// <summary>The network on its first two inputs, or on the one it has.</summary>
    internal Network FirstTwo => Inputs <= 2 ? this : OnInputs([0, 1]);

    /// <summary>Whether the statistics of an input depend on the others: where dense layers have taps, inputs are positions on a ring.</summary>
    internal bool MixesInputs => Layers is { } program && program.Unroll(Inputs).Stages().Any(stage => stage.Taps.Count > 0);

    /// <summary>The same network on some of its inputs, whose statistics do not depend on the others.</summary>
    /// <param name="inputs">Which inputs, numbered from 0, in the order that they are to have.</param>
    /// <exception cref="NotSupportedException">They do: the network is a program of layers with taps.</exception>
    public Network OnInputs(IReadOnlyList<int> inputs)
    {
        if (MixesInputs)
            throw new NotSupportedException("The inputs of the network are positions that its taps mix, and none of them can be left out; solve all, and take the pairs that are wanted.");
        var kernel = new double[inputs.Count, inputs.Count];
        for (int a = 0; a < inputs.Count; a++)
        {
            for (int b = 0; b < inputs.Count; b++) kernel[a, b] = Kernel[inputs[a], inputs[b]];
        }

        return this with { Kernel = kernel };
    }
    /// <summary>The network that a program of layers is.</summary>
    /// <param name="program">The layers.</param>
    /// <param name="kernel">K(0), N x N.</param>
    /// <exception cref="LayerProgramException">The program does not fit together; the message names the layer by its path.</exception>
    public static Network Of(LayerProgram program, double[,] kernel)
    {
        IReadOnlyList<StreamStep> steps = program.Unroll(kernel.GetLength(0));
        var network = new Network { Activation = "identity", WeightVariance = 0, Step = 1, Depth = steps.Count, Kernel = kernel };
        return PlainNetwork.Of(steps, out _) is not { } plain
            ? network.As(program, steps.Count)
            : network with
            {
                Activation = plain.Activation,
                WeightVariance = plain.WeightVariance,
                BiasVariance = plain.BiasVariance,
                Skip = plain.Skip,
                Step = plain.Step,
            };
    }

    /// <summary>A program of layers on the same inputs.</summary>
    /// <param name="program">The layers.</param>
    /// <param name="depth">How many layers of the stream it makes.</param>
    internal Network As(LayerProgram program, int depth) => this with { Layers = program, Activation = "identity", WeightVariance = 0, BiasVariance = 0, Skip = 1, Step = 1, Depth = depth };

    private void RequireFlat(string what)
    {
        if (Layers is not null)
            throw new NotSupportedException($"The network is a program of layers, which can be solved and simulated and not {what}; give it by its flat values where these can say it.");
    }

    /// <summary>Derives the equations of a closure, step by step; its text is the derivation.</summary>
    /// <param name="closure">g-only, g-connected, sigma-kernel, hermite(k), or a list of observables such as [x*y, sigma(x)*sigma(y)]; <see cref="ClosureRegistry.Syntax"/> has all.</param>
    /// <param name="stepping">Discrete gives the map from layer to layer, the others the differential equations in t = eps^2 l.</param>
    /// <param name="order">Powers of 1/n beyond the leading one, up to 2; g-only has them, hermite(k) up to 1, with estimated quadrature.</param>
    /// <exception cref="ClosureSyntaxException">The text is no closure.</exception>
    /// <exception cref="NotSupportedException">The closure has no such order.</exception>
    public DerivationResult Derive(string closure = GOnlyClosure.Name, Stepping stepping = Stepping.Discrete, int order = 0) => Derive(ClosureRegistry.Parse(closure), stepping, order);

    /// <inheritdoc cref="Derive(string, Stepping, int)"/>
    public DerivationResult Derive(IClosure closure, Stepping stepping = Stepping.Discrete, int order = 0)
    {
        RequireRange(order);
        var settings = new SolverSettings { Stepping = stepping, Order = order };
        // Equations are for any number of inputs and any skip.
        return Layers is null && ClosureSolver.Refusal(closure, settings, null) is { } refusal
            ? throw new NotSupportedException(refusal)
            : ClosureSolver.Derive(this, closure, settings);
    }

    /// <summary>The derivation as a document or as a program that runs by itself, with this network's numbers.</summary>
    /// <param name="language">markdown, latex, csharp or python.</param>
    /// <param name="closure">As in <see cref="Derive(string, Stepping, int)"/>.</param>
    /// <param name="stepping">How depth advances.</param>
    /// <param name="name">What the document or program is called.</param>
    /// <exception cref="ArgumentException">There is no such language.</exception>
    /// <exception cref="NotSupportedException">The language cannot express the closure.</exception>
    public string Write(string language, string closure = GOnlyClosure.Name, Stepping stepping = Stepping.Discrete, string name = "network") =>
        Write(language, ClosureRegistry.Parse(closure), stepping, name);

    /// <inheritdoc cref="Write(string, string, Stepping, string)"/>
    public string Write(string language, IClosure closure, Stepping stepping = Stepping.Discrete, string name = "network")
    {
        Validate();
        return OutputLanguages.Find(language).Write(Derive(closure, stepping), Subject(name, stepping));
    }

    /// <summary>The network as documents and programs take it.</summary>
    internal DerivationSubject Subject(string name, Stepping stepping) => new(name, Activation)
    {
        Definition = Sigma.Definition,
        Layers = Layers,
        Numbers = new(Skip, Step, WeightVariance, BiasVariance, Kernel, RecordedLayers, stepping == Stepping.Euler),
    };

    /// <summary>Derives and solves: K0, V4, K1 and U1 at the recorded layers.</summary>
    /// <param name="closure">As in <see cref="Derive(string, Stepping, int)"/>.</param>
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
    /// <param name="order">Powers of 1/n beyond the leading one, up to 2; g-only has them, hermite(k) up to 1, with estimated quadrature.</param>
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
        Validate();
        return ClosureSolver.Solve(this, closure, new() { Stepping = stepping, Quadrature = quadrature ?? QuadratureChoice.Certified, Order = order, KeepsSizes = true, Cancellation = cancellation });
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
        RequireFlat("compared");
        Validate();
        Network compared = WithLayersBetween(ComparedLayers);
        var settings = new SolverSettings { Stepping = stepping, Quadrature = (quadrature ?? QuadratureChoice.Certified).WithErrors, Cancellation = cancellation };
        return new(ClosureComparison.Solve(compared, closures, settings));
    }

    /// <summary>
    /// Simulates networks of finite width from the exact law of their layers: G, V4, K1 and U1 with standard errors. The same numbers
    /// for the same seed, on any number of cores.
    /// </summary>
    /// <param name="width">Width n.</param>
    /// <param name="samples">Number of networks, at least 2.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="controlVariate">Whether the derived linear fluctuation serves as control variate: unbiased, and error bars several times smaller. Null: where the law allows it, which is the block law. For a program of layers without one the statistics say why.</param>
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
        if (samples < 2)
            throw new ArgumentException($"{samples} samples have no standard error; at least 2 are needed.", nameof(samples));
        var run = new EnsembleRun { Samples = samples, Progress = progress, Cancellation = cancellation };
        QuadratureChoice taken = quadrature ?? QuadratureChoice.Certified;
        if (Layers is not null)
        {
            if (law is SamplingLaw.UniformWeights or SamplingLaw.OrthogonalWeights)
                throw new ArgumentException($"The dense layers of a program say the law of their weights themselves; leave {nameof(law)} out.", nameof(law));
            RequireBlock();
            ProgramSettings program = ProgramOf(width, seed, law != SamplingLaw.Block) with { Precision = precision };
            EnsembleSampler sampler = ProgramSampling.Sampler(program, controlVariate ?? law == SamplingLaw.Block, [.. ClosureSolver.SolveInfiniteWidth(this, taken, cancellation).K0], taken.WithErrors, cancellation);
            return sampler.Run(run);
        }

        var settings = new EnsembleSettings { Network = this, Width = width, Seed = seed, Law = law, Precision = precision };
        settings.Validate();
        RequireBlock();
        TheorySolution reference = ClosureSolver.SolveInfiniteWidth(this, taken, cancellation);
        ControlVariate? control = controlVariate ?? law == SamplingLaw.Block ? ControlVariate.Prepare(settings, cancellation: cancellation, quadrature: taken.WithErrors) : null;
        return new EnsembleSampler(settings, new EnsembleReference { K0 = [.. reference.K0], E2 = [.. reference.E2] }, control)
            .Run(run);

        void RequireBlock()
        {
            if (controlVariate == true && law != SamplingLaw.Block)
                throw new ArgumentException($"controlVariate is true and the law {law}; the control variate follows from the block law, so leave one of the two out.", nameof(controlVariate));
        }
    }

    /// <summary>How the program of layers that this network is, is sampled.</summary>
    /// <param name="width">n.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="drawsWeights">Whether weights are drawn in place of the exact law of the rows; they are where weights are not Gaussian.</param>
    internal ProgramSettings ProgramOf(int width, ulong seed, bool drawsWeights)
    {
        IReadOnlyList<StreamStep> steps = Layers!.Unroll(Inputs);
        bool needsWeights = steps.Stages().Any(stage => stage.Weights != WeightKind.Gaussian);
        return new() { Steps = steps, Width = width, InitialKernel = Kernel, RecordedLayers = RecordedLayers, Seed = seed, DrawsWeights = drawsWeights || needsWeights };
    }

    /// <summary>About equally spaced layers, first and last included.</summary>
    /// <param name="depth">L.</param>
    /// <param name="count">How many, at least 2; fewer come back if there are fewer layers.</param>
    internal static IReadOnlyList<int> EvenlySpacedLayers(int depth, int count) =>
        [.. Enumerable.Range(0, count).Select(at => (int)Math.Round((double)at * depth / (count - 1), MidpointRounding.AwayFromZero)).Distinct()];

    /// <summary>The same network with more layers recorded: between them, windows are interpolated.</summary>
    /// <param name="count">How many equally spaced layers to record beside those recorded already.</param>
    internal Network WithLayersBetween(int count) =>
        this with { RecordedLayers = [.. EvenlySpacedLayers(Depth, Math.Min(Depth + 1, count)).Union(RecordedLayers).Order()] };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which, why, and what would be right.</exception>
    internal void Validate()
    {
        int n = Inputs;
        Require(n is >= 1 and <= 64 && Kernel.GetLength(1) == n, nameof(Kernel), $"The initial kernel is {n} x {Kernel.GetLength(1)}; it must be square with 1 to 64 inputs.");
        Require(Depth is >= 0 and < 1 << 24, nameof(Depth), $"Depth {Depth} is out of range; it must be 0 to 16777215.");
        Require(double.IsFinite(Skip), nameof(Skip), $"Skip {Text(Skip)} is not a finite number.");
        Require(double.IsFinite(Step), nameof(Step), $"Step {Text(Step)} is not a finite number.");
        Require(double.IsFinite(WeightVariance) && WeightVariance >= 0, nameof(WeightVariance), $"Weight variance {Text(WeightVariance)} is not a variance; it must be finite and not negative.");
        Require(double.IsFinite(BiasVariance) && BiasVariance >= 0, nameof(BiasVariance), $"Bias variance {Text(BiasVariance)} is not a variance; it must be finite and not negative.");
        Require(_recordedLayers is not null || Records >= 2, nameof(Records), $"Records is {Records}; the first and the last layer are always reported, so use at least 2.");
        IReadOnlyList<int> layers = RecordedLayers;
        Require(layers.Count > 0, nameof(RecordedLayers), "No layer is recorded; name at least one of 0 to L.");
        for (int at = 0; at < layers.Count; at++)
        {
            Require(layers[at] >= 0 && layers[at] <= Depth, nameof(RecordedLayers), $"Recorded layer {layers[at]} is not in the network; it must be 0 to {Depth}.");
            Require(at == 0 || layers[at] > layers[at - 1], nameof(RecordedLayers), "Recorded layers must ascend without repetition.");
        }

        _ = SemidefiniteCholesky.Factor(Kernel);
        _ = Sigma;

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

        static void Require(bool condition, string name, string message)
        {
            if (!condition) throw new ArgumentException(message, name);
        }
    }

    private static void RequireRange(int order)
    {
        if (order is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(order), $"order is {order}; use 0, 1 or 2 powers of 1/n beyond the leading one.");
    }
}
