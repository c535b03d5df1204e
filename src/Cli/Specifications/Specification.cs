using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Comparison;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Specifications;

/// <summary>How the simulation estimates.</summary>
public enum EstimatorChoice
{
    /// <summary>Sample means and covariances.</summary>
    Plain,

    /// <summary>Sample means and covariances less those of the derived linear fluctuation, whose exact values are known.</summary>
    ControlVariate,

    /// <summary>Plain, with the weights drawn one by one, n^2 a layer: the independent check of the block law.</summary>
    Weights,

    /// <summary>Likewise with uniform weights of the same variance: how far the block law carries beyond Gaussian ones.</summary>
    UniformWeights,

    /// <summary>Likewise with sqrt(C_W) times a random orthogonal matrix.</summary>
    OrthogonalWeights,
}

/// <summary>A whole specification, every value checked; the defaults are those of the published set-up.</summary>
public sealed record Specification
{
    /// <summary>Name of the report folder.</summary>
    public string Name { get; init; } = "unnamed";

    /// <summary>The network, its inputs and the layers that are recorded.</summary>
    public Network Network { get; init; } = new() { Activation = "tanh(x)", WeightVariance = 2, Step = 0.05, Depth = 800, Kernel = new double[,] { { 2 } } };

    /// <summary>
    /// The network as a program of layers as it was written, where it does what flat values cannot say; <see cref="Network"/> is it. Null for a flat network, also for one
    /// that was written as layers.
    /// </summary>
    public LayerProgram? Layers { get; init; }

    /// <summary>n.</summary>
    public int Width { get; init; } = 64;

    /// <summary>The closure.</summary>
    public string Closure { get; init; } = "g-only";

    /// <summary>Powers of 1/n beyond the leading one: 0 for K0, V4, K1; each one more adds the next cumulants and corrections.</summary>
    public int Order { get; init; }

    /// <summary>Whether the tangent kernel is asked for.</summary>
    public TangentKernel Tangent { get; init; }

    /// <summary>The learning rates of the tangent kernel.</summary>
    public LearningRates Rates { get; init; } = new();

    /// <summary>How Gaussian expectations are taken.</summary>
    public QuadratureChoice Quadrature { get; init; } = QuadratureChoice.Certified;

    /// <summary>How depth advances.</summary>
    public Stepping Stepping { get; init; } = Stepping.Discrete;

    /// <summary>Number of simulated networks; 0 for none.</summary>
    public long Samples { get; init; }

    /// <summary>Simulate until this is met; <see cref="Samples"/>, if not 0, is then the most that is simulated. Null for a fixed number.</summary>
    public StoppingRule? Until { get; init; }

    /// <summary>Whether networks are to be simulated.</summary>
    public bool Simulates => Samples > 0 || Until is not null;

    /// <summary>Seed of the random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The estimator.</summary>
    public EstimatorChoice Estimator { get; init; } = EstimatorChoice.Plain;

    /// <summary>The pairs of inputs that solve and simulate give; null for as many as fit.</summary>
    public PairChoice? Pairs { get; init; }

    /// <summary>How large V4 and K1 may make the fluctuations and the shift of a kernel, over it, where a width is wide enough.</summary>
    public double Fraction { get; init; } = WideEnough.StandardFraction;

    /// <summary>N.</summary>
    public int Inputs => Network.Inputs;

    /// <summary>How the closure is solved.</summary>
    internal SolverSettings Solver => new() { Stepping = Stepping, Quadrature = Quadrature, Order = Order, Tangent = Tangent, Rates = Rates, KeepsSizes = true };

    /// <summary>The same network on some of the inputs, whose statistics do not depend on the others; pairs and stopping rule are left out.</summary>
    /// <param name="inputs">Which, in the order they are to have.</param>
    public Specification OfInputs(IReadOnlyList<int> inputs) => this with { Network = Network.OnInputs(inputs), Pairs = null, Until = null };
}
