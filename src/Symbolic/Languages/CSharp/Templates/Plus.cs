// state + h1 rate1 + h2 rate2 + ...
private static State Plus(State state, params (double Factor, State Rate)[] terms)
{
    var result = new State(state.K0.GetLength(0));
    for (int at = 0; at < state.Arrays.Length; at++)
    {
        Span<double> sum = Flat(result.Arrays[at]);
        Flat(state.Arrays[at]).CopyTo(sum);
        foreach ((double factor, State rate) in terms)
        {
            Span<double> values = Flat(rate.Arrays[at]);
            for (int place = 0; place < sum.Length; place++)
                sum[place] += factor * values[place];
        }
    }

    return result;
}
