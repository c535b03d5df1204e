using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>Solves the derived equations of closures.</summary>
internal static class MomentSolver
{
    // The share of an observable's variance beyond the modes kept that goes without saying.
    private const double Negligible = 1e-9;

    /// <summary>Derives a closure's moment system and runs it.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="activation">sigma with its kinks, for closures on modes; the network's if null.</param>
    /// <returns>
    /// K0, V4, V4_source, K1, E2, U1; C_SG = n Cov(S_ab, G_cd), full, pairs by pairs; on modes C_SS = n Cov(S_ab, S_cd), on observables V_state, full,
    /// the covariance of all of them. The relative error of observables is the largest share of their variance beyond the Hermite modes that are kept.
    /// </returns>
    /// <exception cref="ComputationException">The solution cannot be continued.</exception>
    /// <exception cref="QuadratureException">A coefficient cannot be brought to the accuracy wanted.</exception>
    /// <exception cref="NotSupportedException">The closure has no equations, or an observable contains a delta function.</exception>
    public static TheorySolution Solve(Network network, IClosure closure, SolverSettings settings, ActivationDescription? activation = null)
    {
        if (closure.Keeps is KeptModesToAccuracy automatic)
            return OrderChoice.Solve(network, automatic.Accuracy, (of, modes) => Solve(of, modes, settings, activation));
        return Solve(network, MomentDerivation.Of(closure, ClosureSolver.FormOf(settings.Stepping)), settings, activation);
    }

    /// <summary>Runs a system, of modes, of observables or of components.</summary>
    /// <inheritdoc cref="Solve(Network, IClosure, SolverSettings, ActivationDescription?)"/>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="system">The equations, in the form that the stepping takes.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="activation">sigma with its kinks, for closures on modes; the network's if null.</param>
    /// <param name="wanted">Tensors of the state of modes or observables that are wanted, with what they depend on; all if null.</param>
    /// <exception cref="ArgumentException">The form of the system does not fit the stepping, or alpha is not 1 where it must be.</exception>
    public static TheorySolution Solve(Network network, EquationSystem system, SolverSettings settings, ActivationDescription? activation = null, IReadOnlyList<Tensor>? wanted = null)
    {
        if (ClosureSolver.FormOf(settings.Stepping) != system.Form)
            throw new ArgumentException($"Stepping {settings.Stepping} needs the {(settings.Stepping == Stepping.Discrete ? "discrete" : "continuous")} form of the equations.");
        if (system.IsOfComponents)
            return Solve(network, new CompiledSystem(system, network.Inputs), settings);
        IRecipeBook book = BookOf(system, network, settings.Quadrature.IsEstimated, activation);
        var equations = new MomentEquations(system, book, network.LayerAt(0), wanted);
        // Bounds are those of the network's own law of a layer.
        bool isBounded = wanted is null && system.Closure.Keeps is KeptModes { HighestOrder: >= 4 } && settings.Stepping == Stepping.Discrete && system.Closure.Law(LayerLaw.OfNetwork) == LayerLaw.OfNetwork;
        return WithTruncation(book, () => DepthSolver.Solve(isBounded ? new BoundedEquations(equations, new ModeBounds(((ModeRecipes)book).Fluctuations, network, equations)) : equations, network, settings));
    }

    /// <summary>Runs a system of components that is compiled already, as for many problems with one number of inputs.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="compiled">The compiled equations, in the form that the stepping takes.</param>
    /// <param name="settings">How to solve.</param>
    /// <param name="hasOtherRoute">True to stop where a number loses its digits; false to go on, and to say so in the solution.</param>
    /// <exception cref="ComputationException">The solution left the range of finite numbers, cannot be integrated, or holds amplified rounding of similar inputs.</exception>
    /// <exception cref="LostDigitsException">A number lost its digits, and there is another route.</exception>
    /// <exception cref="NotSupportedException">The quadrature cannot take the expectations.</exception>
    public static TheorySolution Solve(Network network, CompiledSystem compiled, SolverSettings settings, bool hasOtherRoute = false)
    {
        var recipes = new ComponentRecipes(compiled, settings.Quadrature.ExpectationsFor(network, compiled.Atoms), network.Sigma.Text, hasOtherRoute);
        return DepthSolver.Solve(new MomentEquations(compiled.System, recipes, network.LayerAt(0)), network, settings);
    }

    /// <summary>Solves, and says what the modes of a book leave out, of a solution that stopped too.</summary>
    /// <param name="book">The book of the solution.</param>
    /// <param name="solve">Solves.</param>
    internal static TheorySolution WithTruncation(IRecipeBook book, Func<TheorySolution> solve)
    {
        try
        {
            return WithShare(solve());
        }
        catch (ComputationException reason) when (reason.Finished is { } finished)
        {
            reason.Finished = WithShare(finished);
            throw;
        }

        TheorySolution WithShare(TheorySolution solution) =>
            book.Beyond is var (order, share) && share > Negligible ? solution with { Truncation = new(order, share) } : solution;
    }

    private static IRecipeBook BookOf(EquationSystem system, Network network, bool estimates, ActivationDescription? activation)
    {
        if (system.Observables.Count == 0)
            return new ModeRecipes(new FluctuationEquation(activation ?? network.Sigma.Description, network.Inputs, system.Orders.Append(2).Max(), estimates), system.Orders);
        List<Observable> observables = [.. system.Observables];
        if (!observables.Contains(Observable.SigmaKernel))
            observables.Add(Observable.SigmaKernel);
        var expansion = new ObservableExpansion(observables, network.Sigma, network.Inputs, estimates);
        return new ObservableRecipes(expansion, new ObservableSpan(expansion, system.Observables.Count, observables.IndexOf(Observable.SigmaKernel)));
    }
}
