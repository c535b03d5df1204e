using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>From a specification to a derivation and its solution.</summary>
public static class Theory
{
    /// <summary>Derives the equations that a specification asks for.</summary>
    /// <remarks>Closures other than g-only are solved by <see cref="ClosureSolver"/>.</remarks>
    public static DerivationResult Derive(Specification specification)
    {
        IClosure closure = ClosureRegistry.Parse(specification.Closure);
        DepthForm form = specification.Stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous;
        return closure is GOnly ? DeriveGOnly(specification) : ClosureDerivation.Of(closure, form);
    }

    /// <summary>Derives the G-only equations in the form that a specification's stepping and quadrature need.</summary>
    public static DerivationResult DeriveGOnly(Specification specification)
    {
        DepthForm form = specification.Stepping == Stepping.Discrete ? DepthForm.Discrete : DepthForm.Continuous;
        return specification.Order > 0
            ? HigherOrderEquations.GOnly(form, specification.Order + 1)
            : DerivationPipeline.GOnly(form, keepHessianFormal: specification.Quadrature.Nodes is not null);
    }

    /// <summary>Derives and solves.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <param name="reached">Told of every layer.</param>
    /// <exception cref="InputException">The closure cannot be solved with the quadrature or the activation asked for.</exception>
    public static TheorySolution Solve(Specification specification, CancellationToken cancellation, Action<int>? reached = null)
    {
        IClosure closure = ClosureRegistry.Parse(specification.Closure);
        if (specification.Order > 0 && ReadActivation(specification).Definition.Kinks is [var kink, ..])
            throw new InputException($"order is {specification.Order} and the activation {specification.Activation} has a kink at x = {kink.Position}; orders beyond the leading one need its higher derivatives, so use a smooth activation, or order 0.");
        // With kinks the expectations that Price's theorem makes of the tadpole are not finite one by one; ClosureSolver takes modes.
        if (closure is GOnly && (specification.Quadrature.Nodes is not null || ReadActivation(specification).Definition.Kinks.Count == 0))
            return Solve(specification, DeriveGOnly(specification).System, cancellation, reached);
        if (specification.Quadrature.Nodes is not null)
            throw new InputException($"quadrature is {specification.Quadrature} and the closure {closure.Name}; node sums are there to reproduce published g-only numbers, so use certified.");
        try
        {
            return ClosureSolver.Solve(Problem(specification) with { Reached = reached }, closure, specification.Stepping, null, cancellation);
        }
        catch (NotSupportedException problem)
        {
            throw new InputException($"The closure {closure.Name} cannot be solved for the activation {specification.Activation}: {problem.Message}");
        }
    }

    /// <summary>Solves a system of equations that was derived already.</summary>
    public static TheorySolution Solve(Specification specification, EquationSystem system, CancellationToken cancellation, Action<int>? reached = null)
    {
        TheoryProblem problem = Problem(specification) with { Reached = reached };
        return TheorySolver.Solve(
            system, problem, specification.Stepping, compiled => Source(specification.Quadrature, problem, compiled.Atoms), cancellation);
    }

    /// <summary>The network and inputs as the solver needs them.</summary>
    public static TheoryProblem Problem(Specification specification) => new(
        ReadActivation(specification),
        new LayerParameters(specification.Skip, specification.Step, specification.WeightVariance, specification.BiasVariance),
        specification.Inputs,
        PairIndexing.Upper(specification.Kernel),
        specification.Depth,
        specification.RecordedLayers);

    /// <summary>The activation.</summary>
    /// <exception cref="InputException">The text is not one.</exception>
    public static Activation ReadActivation(Specification specification)
    {
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

    /// <summary>The expectation source of a quadrature.</summary>
    public static IExpectationSource Source(QuadratureChoice quadrature, TheoryProblem problem, IReadOnlyList<ExpectationAtom> atoms)
    {
        if (quadrature.Nodes is not { } nodes)
            return new CertifiedExpectations(problem.Activation, problem.Inputs, atoms);
        if (problem.Activation.Definition.Kinks.Count > 0)
            throw new InputException($"quadrature is {quadrature} and the activation {problem.Activation.Text} has a kink at x = {problem.Activation.Definition.Kinks[0].Position}, where a sum over nodes misses the delta in its derivatives; use certified.");
        var rule = new GaussHermiteQuadrature(nodes);
        return new NodeSumExpectations(problem.Activation, problem.Inputs, atoms, rule.Nodes.ToArray(), rule.Weights.ToArray());
    }
}
