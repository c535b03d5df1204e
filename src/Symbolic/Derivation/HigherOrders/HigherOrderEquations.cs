using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>The g-only equations to any order in 1/n.</summary>
internal static class HigherOrderEquations
{
    /// <summary>
    /// The equations of every kappa_(E,L) with E - 1 + L of at most the order. Order 1 is K0, V4, K1; order 2 adds the
    /// third cumulant V6, the 1/n correction V4_1 of V4, and the two-loop mean K2:
    /// E G = K0 + K1/n + K2/n^2, n Cov = V4 + V4_1/n, n^2 kappa_3 = V6.
    /// </summary>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="order">The highest power of 1/n, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is 0 or negative.</exception>
    public static DerivationResult GOnly(DepthForm form, int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        DerivationResult leading = DerivationPipeline.GOnly(form);
        if (order == 1)
            return leading;
        var hierarchy = new CumulantHierarchy(new GOnlyProcess(form));
        var steps = new List<DerivationStep>(leading.Steps);
        var equations = new List<EvolutionEquation>(leading.System.Equations);
        HeadKind head = form == DepthForm.Discrete ? HeadKind.NextLayer : HeadKind.TimeDerivative;
        for (int power = 2; power <= order; power++)
        {
            List<EvolutionEquation> added = [.. Cumulants(power).Select(cumulant => Equation(hierarchy, cumulant.External, cumulant.Loops))];
            equations.AddRange(added);
            steps.Add(new(
                $"Cumulants at n^-{power}",
                "The law of total cumulance, with the conditional cumulants expanded in the fluctuation and the cumulants of products reduced to those of G: "
                + $"the equations of the joint cumulants of G at n^-{power}, and their values at depth 0.",
                [
                    .. added.Select(equation => new DerivedFormula(new(head, equation.Variable), equation.RightSide)),
                    .. added.Select(equation => new DerivedFormula(new(HeadKind.AtDepthZero, equation.Variable), equation.Initial)),
                ]));
        }

        return new DerivationResult(leading.System.With(equations, form), steps);
    }

    /// <summary>The cumulants (E, L) of one power of 1/n, E - 1 + L: the one of most legs first.</summary>
    /// <param name="power">The power, at least 1.</param>
    public static IEnumerable<(int External, int Loops)> Cumulants(int power) =>
        Enumerable.Range(0, power + 1).Select(loops => (power + 1 - loops, loops));

    /// <summary>The equation of kappa_(E,L) of a process, from depth 0 with independent Gaussian rows.</summary>
    /// <param name="hierarchy">The process' cumulants.</param>
    /// <param name="external">E.</param>
    /// <param name="loops">L; (1,0) is not among them.</param>
    public static EvolutionEquation Equation(CumulantHierarchy hierarchy, int external, int loops)
    {
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> legs = CumulantTensors.Pairs(external);
        IReadOnlyList<(string Name, Expression Value)> parts = hierarchy.Parts(external, loops);
        // The rows of phi^0 are exactly Gaussian at every width: their cumulants have no corrections in 1/n.
        Expression initial = loops == 0 ? InitialRows.Cumulant(legs) : Expression.Zero;
        return new EvolutionEquation(CumulantTensors.Component(legs, loops), Expression.Add(parts.Select(part => part.Value)), initial, parts);
    }
}
