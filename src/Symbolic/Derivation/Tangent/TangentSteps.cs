// The derivation of the tangent kernel as documents print it, from the statements that it is solved by: for each structure of a step what a direction for every parameter
// makes of the layers, then the statements of the mean, those of the fluctuations, and those of the mean at order 1/n with what the tangents of two neurons add up to.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>The steps that the tangent kernel adds to a derivation.</summary>
internal static class TangentSteps
{
    private static readonly string[] Means = [TangentDerivation.Mean.Name], Fluctuations = [TangentDerivation.Variance.Name, TangentDerivation.WithKernel.Name, TangentDerivation.WithMode.Name, TangentDerivation.WithObservable.Name];

    /// <summary>The steps, in the order in which a step of the stream is evaluated.</summary>
    /// <param name="kernel">The program without the tangent kernel.</param>
    /// <param name="program">The same program with it.</param>
    /// <param name="withoutMean">Why the mean at order 1/n is not derived; null where it is.</param>
    public static IReadOnlyList<DerivationStep> Of(ProgramSystem kernel, ProgramSystem program, string? withoutMean) =>
    [
        Definition(program.Layers.Any(layer => layer.Numbers.Keys.Any(letter => letter.Name.StartsWith("rate", StringComparison.Ordinal)))),
        .. Enumerable.Range(0, program.Systems.Count).SelectMany(at => Step(kernel.Systems[at], program.Systems[at], program.Systems.Count == 1 ? "" : FormattableString.Invariant($"Step {at + 1}: "), withoutMean)),
        Initial(kernel.Systems[0], program.Systems[0]),
    ];

    private static DerivationStep Definition(bool hasRates) => new(
        "The tangent kernel",
        "Theta_ab is the mean over neurons i of the sum over parameters w of d phi_ia/dw d phi_ib/dw, every parameter in units in which it has variance 1. Give each a direction eta_w ~ N(0, 1), and let "
        + "dphi = sum_w eta_w d phi/dw: Theta is the kernel of the rows dphi, averaged over eta. A dense layer makes of them rows dU = W dx + dW x + db, dx = sigma'(phi) dphi, whose covariance given "
        + "everything older is C_W <Theta_ii sigma'_a sigma'_b> + Qhat: Theta follows the law of a layer as G does, with this for Qhat"
        + (hasRates ? ", where dW and db have their learning rates for variances" : "") + ". Its own noise is of a higher order, and <Theta_ii sigma'_a sigma'_b> is Theta <sigma'_a sigma'_b> to leading order, "
        + "so that its fluctuation is linear in that of G, in the modes and in the noise of the layer.",
        []);

    private static IEnumerable<DerivationStep> Step(EquationSystem kernel, EquationSystem tangent, string name, string? withoutMean)
    {
        int before = kernel.Step.Count;
        HashSet<MomentStatement> said = [.. tangent.Step.Take(before)];
        IReadOnlyList<MomentStatement> New(IEnumerable<string> state) => [.. MomentStatements.Needed(tangent.Step, state.ToHashSet(StringComparer.Ordinal)).Where(said.Add)];

        yield return Section(name + "Infinite width", "The mean goes with the slopes: of weights before with <sigma'_a sigma'_b>, and what the layer itself trains is added.", tangent, New(Means));
        yield return Section(
            name + "Fluctuations of the tangent kernel",
            "n Cov(Theta_p, Theta_q), n Cov(Theta_p, G_q)" + (tangent.Closure.Keeps switch { KeptModes => ", and n Cov(Theta_p, xi(H_M)), which are needed for them", KeptObservables => ", that with the observable x y of the covariances with all that the blocks see", _ => "" }) + ": rows that are linear in g, in modes, in observables and in noise have covariances that follow from those.",
            tangent, New(Fluctuations));
        if (withoutMean is null)
        {
            yield return Section(
                name + "The mean at order 1/n, and two neurons",
                "<(Theta_ii - Theta) sigma'_a sigma'_b> is n^-1 times what the tangents of two different neurons add up to: (phi, dphi) is a program of layers itself, whose modes have components with the tangents of a and of b, "
                + "b_L and b_R; X is n times the mean of H_A (dphi_a dphi_b - Theta). tau takes a second direction, w_a, w_b and w_ab. c, d, s count the inputs of the pair, or the directions of its frame, A all its modes."
                + (tangent.Closure.Keeps is KeptObservables
                    ? " A list f keeps of them what its own tangents say: functions with one tangent are projected on d_x f, in the slot of that tangent, those with two on d_x d_y f, pair by pair (what ends in _f); an observable that jumps in a slot has no tangent there."
                    : ""),
                tangent, New(tangent.Step.Where(MomentStatements.IsNext).SelectMany(MomentStatements.Outputs)));
        }
        else
        {
            yield return new(name + "The mean at order 1/n", $"Theta1 and tau are not derived, because {withoutMean}.", []);
        }
    }

    private static DerivationStep Section(string title, string prose, EquationSystem system, IReadOnlyList<MomentStatement> statements)
    {
        string[] described = [.. statements.Where(statement => !ProgramSteps.Formulas(statement, system.Orders).Any()).Select(statement => $"{string.Join(", ", MomentStatements.Outputs(statement))}: {statement.Meaning}")];
        return new(
            title,
            prose + (described.Length == 0 ? "" : $" Numbers of Gaussian functions: {string.Join(" ", described)}"),
            [.. statements.SelectMany(statement => ProgramSteps.Formulas(statement, system.Orders))]);
    }

    private static DerivationStep Initial(EquationSystem kernel, EquationSystem tangent) => new(
        "Initial tangent kernel",
        tangent.Initial.Count == kernel.Initial.Count ? "No parameter is before layer 0: Theta and its covariances are 0 there." : "The first dense layer, from the data, is trained too. What is not named is 0.",
        [.. tangent.Initial.Skip(kernel.Initial.Count).SelectMany(statement => ProgramSteps.Formulas(statement, [], HeadKind.AtDepthZero))]);
}
