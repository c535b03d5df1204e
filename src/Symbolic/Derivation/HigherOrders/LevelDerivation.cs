// The cumulants of a chain of kernels as a paper's section.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>Writes the equations of a level as steps of a derivation.</summary>
internal static class LevelDerivation
{
    /// <summary>The steps of the orders beyond the leading one.</summary>
    /// <param name="order">Powers of 1/n beyond the leading one, at least 1.</param>
    /// <param name="levels">What the levels of each step of the stream are, in sentences.</param>
    public static IReadOnlyList<DerivationStep> Steps(int order, string levels) =>
    [
        new(
            "Kernels level by level",
            "Every branch reads its field through G alone, or reads rows that are fresh: kernels are a Markov process of their own at every width, and orders beyond the leading one are those of the network itself; no mode is needed. "
            + "Given the kernels before, a kernel is an average over neurons that are independent, or the next G of the block law, so that n^(p-1) times a conditional cumulant of p components is a function of the kernels before and has no corrections in 1/n. "
            + levels,
            []),
        new(
            "Cumulants after a level",
            "c(p,m) is the derivative of order m, in the kernels that are read, of n^(p-1) times the conditional cumulant of p components, at infinite width; its first p pairs are those of the new kernel, and repeated pairs are summed over all components that are read. "
            + "By the law of total cumulance and the Taylor series of the law these are the joint cumulants of the new kernel; of kernels that a later level reads the components are carried on, with c(1,1) = 1 for them and nothing else. "
            + "E G = K0 + K1/n + K2/n^2 + ..., n Cov = V4 + V4_1/n + ..., n^2 times the third cumulant is V6 + ... Fields begin with rows whose covariance is K(0) and does not fluctuate.",
            [
                .. from power in Enumerable.Range(1, order + 1)
                   from cumulant in HigherOrderEquations.Cumulants(power)
                   select new DerivedFormula(
                       new(HeadKind.Plain, Symbol.Of($"{Name(cumulant).Name} after the level", $@"{Name(cumulant).Latex}\text{{ after the level}}")),
                       LevelEquation.RightSide(cumulant.External, cumulant.Loops, 0)),
            ]),
    ];

    private static Tensor Name((int External, int Loops) cumulant) => CumulantTensors.Of(cumulant.External, cumulant.Loops);
}
