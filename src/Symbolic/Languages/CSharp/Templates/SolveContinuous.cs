/// <summary>The state at each of some increasing layers, by classical Runge-Kutta steps with error control.</summary>
public static IEnumerable<(int Layer, State State)> Solve(double[,] kernel, Network network, IReadOnlyList<int> layers)
{
    State state = Initial(kernel);
    int layer = 0;
    foreach (int wanted in layers)
    {
        for (; layer < wanted; layer++)
            state = Advance(state, ARGUMENTS, EPS * EPS, 0);
        yield return (layer, state);
    }
}

// One step of h against two of h/2; halved until they agree to 1e-11.
private static State Advance(State state, PARAMETERS, double h, int halvings)
{
    State whole = RungeKutta(state, ARGUMENTS, h);
    State halves = RungeKutta(RungeKutta(state, ARGUMENTS, h / 2), ARGUMENTS, h / 2);
    if (Distance(whole, halves) <= 1e-11)
        return halves;
    if (halvings == 20)
        throw new ArithmeticException("The equations cannot be integrated to the tolerance: the step went to zero.");
    return Advance(Advance(state, ARGUMENTS, h / 2, halvings + 1), ARGUMENTS, h / 2, halvings + 1);
}

private static State RungeKutta(State state, PARAMETERS, double h)
{
    State k1 = Rate(state, ARGUMENTS);
    State k2 = Rate(Plus(state, (h / 2, k1)), ARGUMENTS);
    State k3 = Rate(Plus(state, (h / 2, k2)), ARGUMENTS);
    State k4 = Rate(Plus(state, (h, k3)), ARGUMENTS);
    return Plus(state, (h / 6, k1), (h / 3, k2), (h / 3, k3), (h / 6, k4));
}

// The largest difference of two states, relative to the larger of 1 and the value.
private static double Distance(State left, State right)
{
    double largest = 0;
    for (int at = 0; at < left.Arrays.Length; at++)
    {
        Span<double> first = Flat(left.Arrays[at]), second = Flat(right.Arrays[at]);
        for (int place = 0; place < first.Length; place++)
        {
            double difference = Math.Abs(first[place] - second[place]) / Math.Max(1, Math.Abs(second[place]));
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }
    }

    return largest;
}
