// The cumulants of a chain of kernels, level by level, to any order in 1/n: the law of total cumulance (CumulantHierarchy) for a level whose law is not said
// (LevelProcess). All terms are sums over components of products of its derivatives c(p,m) and of cumulants of the kernels before it; here they are told by
// numbers in place of letters, for whoever evaluates them.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.HigherOrders;

/// <summary>A factor of a term: a derivative of the level's law, or a cumulant of the kernels before it.</summary>
/// <param name="IsDerivative">Whether it is c(p,m); else kappa_(E,L).</param>
/// <param name="First">p, or E.</param>
/// <param name="Second">m, or L.</param>
/// <param name="Legs">Of each of its components the number: those of the equation from 0, carried ones first, then those that are summed.</param>
internal sealed record LevelFactor(bool IsDerivative, int First, int Second, IReadOnlyList<int> Legs);

/// <summary>A term.</summary>
/// <param name="Coefficient">A number.</param>
/// <param name="Factors">The factors.</param>
internal sealed record LevelTerm(Rational Coefficient, IReadOnlyList<LevelFactor> Factors);

/// <summary>The joint cumulant of kernels after a level.</summary>
/// <param name="External">E, how many components.</param>
/// <param name="Loops">L: it is the coefficient at n^-(E-1+L).</param>
/// <param name="Carried">How many of them, the first ones, are of kernels that the level carries on; the others are new.</param>
/// <param name="Terms">The terms.</param>
internal sealed record LevelEquation(int External, int Loops, int Carried, IReadOnlyList<LevelTerm> Terms)
{
    /// <summary>The equations of all cumulants with a new component up to a power of 1/n.</summary>
    /// <param name="power">The highest power, at least 1.</param>
    public static IReadOnlyList<LevelEquation> UpTo(int power) =>
    [
        .. from at in Enumerable.Range(1, power)
           from cumulant in HigherOrderEquations.Cumulants(at)
           from carried in Enumerable.Range(0, cumulant.External)
           select new LevelEquation(cumulant.External, cumulant.Loops, carried, [.. RightSide(cumulant.External, cumulant.Loops, carried).Expand().Terms.ToArray().Select(term => Read(term, cumulant.External, power))]),
    ];

    /// <summary>The right side, with the letters of <see cref="CumulantTensors.Pairs"/>.</summary>
    /// <param name="external">E.</param>
    /// <param name="loops">L.</param>
    /// <param name="carried">How many of the legs are carried.</param>
    public static Expression RightSide(int external, int loops, int carried) => new CumulantHierarchy(new LevelProcess(carried)).RightSide(external, loops);

    /// <summary>The highest derivative of c^(p) that there is in equations up to a power of 1/n.</summary>
    /// <param name="power">The power.</param>
    /// <param name="components">p.</param>
    public static int HighestDegree(int power, int components) => 2 * (power - components + 1);

    private static LevelTerm Read(Expression term, int external, int power)
    {
        Rational coefficient = Rational.One;
        var factors = new List<LevelFactor>();
        var numbers = CumulantTensors.Pairs(external).Select((pair, at) => (pair.First, at)).ToDictionary(each => each.First, each => each.at);
        foreach (Expression factor in term.Factors)
        {
            if (factor is Number number)
                coefficient *= number.Value;
            else
                factors.Add(Factor((Indexed)factor));
        }

        return new(coefficient, factors);

        LevelFactor Factor(Indexed component)
        {
            (bool isDerivative, int first, int second) = Kind(component.Tensor, power);
            // A pair of letters is one component; the symmetry of a tensor may have turned it.
            return new(isDerivative, first, second, [.. Enumerable.Range(0, component.Indices.Length / 2).Select(at => Number(component.Indices[2 * at], component.Indices[(2 * at) + 1]))]);
        }

        int Number(TensorIndex one, TensorIndex other)
        {
            TensorIndex name = one.CompareTo(other) < 0 ? one : other;
            if (!numbers.TryGetValue(name, out int place))
                numbers.Add(name, place = numbers.Count);
            return place;
        }
    }

    private static (bool IsDerivative, int First, int Second) Kind(Tensor tensor, int power)
    {
        for (int first = 1; first <= power + 1; first++)
        {
            for (int second = 0; second <= HighestDegree(power, 1); second++)
            {
                if (LevelProcess.Derivative(first, second) == tensor)
                    return (true, first, second);
                if (CumulantTensors.Of(first, second) == tensor)
                    return (false, first, second);
            }
        }

        throw new NotSupportedException($"{tensor.Name} is neither a derivative of a level nor a cumulant.");
    }
}
