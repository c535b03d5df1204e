// The tier for many inputs. The loops are those of generated code (CodePlan): response coefficients of one pair are filled once, over pairs;
// components of V4 are visited once each, p at most q over pairs; an ab row of the response touches aa, ab and bb only. This file turns
// the plan into LINQ trees over the same flat vectors as the tier for few inputs, so the two can stand in for each other:
//   * a letter of a loop is an int variable; pairOf[a N + b] and rowOf[p] + q place a component in a packed vector;
//   * every load is done in the outermost loop that knows its letters, into a local variable;
//   * the loop over the first letter is split among threads where the body is long: components are independent, so bytes do not depend on it.

using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>The programs of an equation system in loops over inputs.</summary>
/// <param name="RightSide">Values at the next layer, or rates of change.</param>
/// <param name="Quantities">What follows from the state.</param>
/// <param name="Initial">The state at depth 0.</param>
internal sealed record LoopPrograms(ITensorProgram RightSide, ITensorProgram Quantities, ITensorProgram Initial)
{
    /// <summary>Compiles a system; null if its equations have a form that loops cannot take.</summary>
    public static LoopPrograms? TryCompile(EquationSystem system, TensorLayout state, ExpectationTable table)
    {
        try
        {
            var plan = new CodePlan(system);
            var expectations = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
            foreach (ExpectationArray array in plan.Expectations) expectations.Add(array.Array.Name, Slots(array.Meaning, state.Inputs, table));
            var derived = new TensorLayout(state.Inputs, plan.Derived);
            return new(
                LoopProgram.Compile(plan.RightSide, state, state, expectations),
                LoopProgram.Compile(plan.Quantities, state, derived, expectations),
                LoopProgram.Compile(plan.Initial, state, state, expectations));
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    // Where <...>_ab stands in the vector of expectations, for all a and b; for one input, for all a.
    private static int[] Slots(GaussianMean meaning, int inputs, ExpectationTable table)
    {
        var slots = new int[meaning.Indices.Length == 1 ? inputs : inputs * inputs];
        for (int at = 0; at < slots.Length; at++)
        {
            var rename = new Dictionary<TensorIndex, TensorIndex> { [meaning.Indices[0]] = TensorIndex.Input(meaning.Indices.Length == 1 ? at : at / inputs) };
            if (meaning.Indices.Length == 2) rename[meaning.Indices[1]] = TensorIndex.Input(at % inputs);
            slots[at] = table.SlotOf((GaussianMean)meaning.Rename(rename));
        }

        return slots;
    }
}
