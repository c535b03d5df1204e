using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>From a specification to a derivation and its solution.</summary>
public static class Theory
{
    /// <summary>Derives the equations that a specification asks for.</summary>
    public static DerivationResult Derive(Specification specification) => Derive(specification, ClosureRegistry.Parse(specification.Closure));

    /// <summary>Derives the G-only equations in the form that a specification's stepping and quadrature need.</summary>
    public static DerivationResult DeriveGOnly(Specification specification) => Derive(specification, new GOnly());

    /// <summary>Derives and solves.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="reached">Told of every layer.</param>
    /// <exception cref="InputException">The closure cannot be solved with the quadrature or the activation asked for.</exception>
    public static TheorySolution Solve(Specification specification, CancellationToken cancellation, Action<int>? reached = null) =>
        Solve(specification, Problem(specification) with { Reached = reached }, null, cancellation);

    /// <summary>Derives and solves, with equations that were compiled for earlier specifications.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="problem">Its network and inputs.</param>
    /// <param name="compiled">Where compiled equations are kept; null to compile anew.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="InputException">The closure cannot be solved with the quadrature or the activation asked for.</exception>
    internal static TheorySolution Solve(Specification specification, TheoryProblem problem, CompiledClosures? compiled, CancellationToken cancellation) => Asked(() =>
        ClosureSolver.Solve(problem, ClosureRegistry.Parse(specification.Closure), specification.Stepping, specification.Order, cancellation, compiled));

    /// <summary>Whether g-only can be solved for a specification's network with another stepping and quadrature, component by component.</summary>
    internal static bool HasComponents(Specification specification, Stepping stepping, QuadratureChoice quadrature)
    {
        Activation activation = ReadActivation(specification);
        return ClosureRegistry.Parse(specification.Closure) is GOnly closure
            && ClosureSolver.IsSolvedByComponents(closure, activation)
            && ClosureSolver.Refusal(closure, stepping, quadrature, 0, specification.Inputs, specification.Skip, activation) is null;
    }

    /// <summary>Solves a system of equations that was derived already.</summary>
    public static TheorySolution Solve(Specification specification, EquationSystem system, CancellationToken cancellation, Action<int>? reached = null)
    {
        TheoryProblem problem = Problem(specification) with { Reached = reached };
        return TheorySolver.Solve(
            system, problem, specification.Stepping, compiled => Source(problem, compiled.Atoms), cancellation);
    }

    /// <summary>The network and inputs as the solver needs them.</summary>
    public static TheoryProblem Problem(Specification specification) => new(
        ReadActivation(specification),
        new LayerParameters(specification.Skip, specification.Step, specification.WeightVariance, specification.BiasVariance),
        specification.Inputs,
        PairIndexing.Upper(specification.Kernel),
        specification.Depth,
        specification.RecordedLayers)
    {
        Quadrature = specification.Quadrature,
    };

    /// <summary>The activation.</summary>
    /// <exception cref="InputException">The text is not one.</exception>
    public static Activation ReadActivation(Specification specification)
    {
        LayersRules.RequireFlat(specification); // whoever asks for the flat values would get those of another network
        try
        {
            var activation = Activation.Parse(specification.Activation);
            _ = activation.Definition.Kinks;
            return activation;
        }
        catch (ExpressionSyntaxException problem)
        {
            throw new InputException($"The activation is wrong: {problem.Message}");
        }
        catch (NotSupportedException problem)
        {
            throw new InputException($"The activation '{specification.Activation}' cannot be used: {problem.Message}");
        }
    }

    /// <summary>The expectation source of a problem's quadrature.</summary>
    public static IExpectationSource Source(TheoryProblem problem, IReadOnlyList<ExpectationAtom> atoms) =>
        Asked(() => problem.Quadrature.SourceFor(problem, atoms));

    private static DerivationResult Derive(Specification specification, IClosure closure) =>
        ClosureSolver.Derive(closure, specification.Stepping, specification.Quadrature, specification.Order);

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
