using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>A solution.</summary>
/// <param name="Recorded">At the layers that the specification records.</param>
/// <param name="Curve">At as many layers as a curve through them needs.</param>
internal sealed record SolutionWithCurve(TheorySolution Recorded, TheorySolution Curve);

/// <summary>From a specification to a derivation and its solution.</summary>
public static class Theory
{
    /// <summary>Derives the equations that a specification asks for.</summary>
    /// <exception cref="InputException">They have not the order asked for.</exception>
    public static DerivationResult Derive(Specification specification)
    {
        IClosure closure = ClosureRegistry.Parse(specification.Closure);
        return specification.Order > 0 && ClosureSolver.Refusal(closure, specification.Solver, specification.Network, withActivation: false) is { } refusal
            ? throw new InputException(refusal)
            : Derive(specification, closure);
    }

    /// <summary>Derives the G-only equations in the form that a specification's stepping and quadrature need.</summary>
    public static DerivationResult DeriveGOnly(Specification specification) => Derive(specification, new GOnly());

    /// <summary>Derives and solves.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="reached">Told of every layer.</param>
    /// <exception cref="InputException">The closure cannot be solved with the quadrature or the activation asked for.</exception>
    public static TheorySolution Solve(Specification specification, CancellationToken cancellation, Action<int>? reached = null) =>
        Solve(specification, null, cancellation, reached);

    /// <summary>Derives and solves, with equations that were compiled for earlier specifications.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="compiled">Where compiled equations are kept; null to compile anew.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="reached">Told of every layer.</param>
    /// <exception cref="InputException">The closure cannot be solved with the quadrature or the activation asked for.</exception>
    internal static TheorySolution Solve(Specification specification, CompiledClosures? compiled, CancellationToken cancellation, Action<int>? reached = null) => Asked(() =>
        ClosureSolver.Solve(Network(specification), ClosureRegistry.Parse(specification.Closure), specification.Solver with { Reached = reached, Cancellation = cancellation }, compiled));

    /// <summary>Derives and solves, at the recorded layers and at as many as a curve through them needs. A solution that stops is stopped at the recorded layers.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="compiled">Where compiled equations are kept; null to compile anew.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="reached">Told of every layer.</param>
    /// <exception cref="InputException">The closure cannot be solved with the quadrature or the activation asked for.</exception>
    internal static SolutionWithCurve SolveWithCurve(Specification specification, CompiledClosures? compiled, CancellationToken cancellation, Action<int>? reached = null)
    {
        const int most = 201, largest = 2_000_000;
        Network network = Network(specification);
        IReadOnlyList<int> recordedLayers = network.RecordedLayers;
        double pairs = PairIndexing.Count(specification.Inputs);
        int count = (int)Math.Min(most, largest / (pairs * pairs));
        int[] layers = [.. (count < 2 ? [] : Numeric.Network.EvenlySpacedLayers(network.Depth, Math.Min(network.Depth + 1, count))).Union(recordedLayers).Order()];
        if (layers.Length > recordedLayers.Count)
        {
            try
            {
                TheorySolution curve = Solve(specification, network with { RecordedLayers = layers }, compiled, cancellation, reached);
                // Where an adaptive integrator is asked moves its steps, if only in the last digits: the numbers stay those of symeft solve.
                return new(specification.Stepping == Stepping.Continuous ? Solve(specification, compiled, cancellation) : curve.At(recordedLayers), curve);
            }
            catch (ComputationException)
            {
                // It stops below, with what is recorded.
            }
        }

        TheorySolution recorded = Solve(specification, compiled, cancellation);
        return new(recorded, recorded);
    }

    private static TheorySolution Solve(Specification specification, Network network, CompiledClosures? compiled, CancellationToken cancellation, Action<int>? reached) => Asked(() =>
        ClosureSolver.Solve(network, ClosureRegistry.Parse(specification.Closure), specification.Solver with { Reached = reached, Cancellation = cancellation }, compiled));

    /// <summary>A solution at some of its layers.</summary>
    /// <param name="solution">The solution.</param>
    /// <param name="layers">The layers, ascending, all of which it has.</param>
    internal static TheorySolution At(this TheorySolution solution, IReadOnlyList<int> layers)
    {
        int[] kept = [.. Enumerable.Range(0, solution.Layers.Count).Where(at => layers.Contains(solution.Layers[at]))];
        return solution with
        {
            Layers = [.. kept.Select(at => solution.Layers[at])],
            Times = [.. kept.Select(at => solution.Times[at])],
            Tensors = solution.Tensors.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double[]>)[.. kept.Select(at => entry.Value[at])], StringComparer.Ordinal),
        };
    }

    /// <summary>Whether a specification's network has a g-only solution, component by component, to leading order.</summary>
    internal static bool HasComponents(Specification specification)
    {
        Network network = Network(specification);
        return network.Layers is null
            && ClosureRegistry.Parse(specification.Closure) is { Keeps: KeptKernel { HasConnectedTadpole: false } } closure
            && ClosureDerivation.IsByComponents(closure, network.Sigma.Definition)
            && ClosureSolver.Refusal(closure, specification.Solver with { Order = 0 }, network) is null;
    }

    /// <summary>Solves a system of equations that was derived already.</summary>
    public static TheorySolution Solve(Specification specification, EquationSystem system, CancellationToken cancellation) =>
        Asked(() => MomentSolver.Solve(Network(specification), system, specification.Solver with { Cancellation = cancellation }));

    /// <summary>The network and its inputs, its activation read.</summary>
    /// <exception cref="InputException">The activation is none.</exception>
    public static Network Network(Specification specification)
    {
        try
        {
            _ = specification.Network.Sigma.Definition.Kinks;
            return specification.Network;
        }
        catch (ExpressionSyntaxException problem)
        {
            throw new InputException($"The activation is wrong: {problem.Message}");
        }
        catch (NotSupportedException problem)
        {
            throw new InputException($"The activation '{specification.Network.Activation}' cannot be used: {problem.Message}");
        }
    }

    private static DerivationResult Derive(Specification specification, IClosure closure) =>
        Asked(() => ClosureSolver.Derive(specification.Network, closure, specification.Solver));

    // What the library refuses, the specification asked for.
    internal static T Asked<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (NotSupportedException refusal)
        {
            throw new InputException(refusal.Message);
        }
    }
}
