using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Equations;

/// <summary>What an update of the stream makes of its fluctuations: g' = Carried g + sum over stages of OfStages nu, branches and updates inside them gone through.</summary>
/// <param name="Carried">The response of g' to g.</param>
/// <param name="OfStages">The response of g' to nu of each stage, in the order in which they run.</param>
internal sealed record StreamResponse(PairMap Carried, PairMap[] OfStages)
{
    /// <summary>The responses of an update: backwards, so that the response of g' to every stage is known.</summary>
    /// <param name="update">The update.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="count">Over how many components they go.</param>
    public static StreamResponse Of(StreamUpdate update, LayerMaps maps, int count)
    {
        int place = maps.Stages.Length;
        var stages = new PairMap[place];
        return new(Through(update, 0, PairMap.Unit(count)), stages);

        PairMap Through(StreamUpdate of, int number, PairMap after)
        {
            UpdateMaps numbers = maps.Updates[number];
            var inner = new Stack<int>();
            int next = number + 1;
            foreach (StreamUpdate before in of.Inner())
            {
                inner.Push(next);
                next += Count(before);
            }

            PairMap sum = after.Times(numbers.Keep);
            for (int branch = of.Branches.Count - 1; branch >= 0; branch--)
            {
                PairMap response = after.Times(numbers.Drive[branch]);
                foreach (BranchStage stage in of.Branches[branch].Stages.Reverse())
                {
                    place--;
                    stages[place] = response.After(maps.Stages[place].Own);
                    response = response.After(maps.Stages[place].InKernel);
                    foreach (StreamUpdate before in stage.Before.Reverse()) response = Through(before, inner.Pop(), response);
                }

                sum = sum.Plus(response);
            }

            return sum;
        }

        static int Count(StreamUpdate of) => 1 + of.Inner().Sum(Count);
    }
}
