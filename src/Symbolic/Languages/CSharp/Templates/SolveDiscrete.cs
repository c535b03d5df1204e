/// <summary>The state at each of some increasing layers.</summary>
public static IEnumerable<(int Layer, State State)> Solve(double[,] kernel, Network network, IReadOnlyList<int> layers)
{
    State state = Initial(kernel);
    int layer = 0;
    foreach (int wanted in layers)
    {
        for (; layer < wanted; layer++)
            state = Step(state, ARGUMENTS);
        yield return (layer, state);
    }
}
