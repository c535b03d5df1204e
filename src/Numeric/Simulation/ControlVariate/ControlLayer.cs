using SymbolicEft.Numeric.Closures.Hermite;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>The modes he_p(z1) he_q(z2) of each pair of inputs that enter the prediction: order by order, q ascending; q = 0 alone for one input.</summary>
internal sealed class ModeTable
{
    private readonly int[] start;

    public ModeTable(int inputs, IReadOnlyList<int> orders)
    {
        Inputs = inputs;
        Orders = [.. orders];
        Pairs = [.. PairIndexing.All(inputs)];
        Highest = orders.DefaultIfEmpty(0).Max();
        OneInput = [.. Orders.Select(k => (k, 0))];
        TwoInputs = [.. Orders.SelectMany(k => Enumerable.Range(0, k + 1), (k, q) => (k - q, q))];
        start = new int[Pairs.Length + 1];
        for (int pair = 0; pair < Pairs.Length; pair++) start[pair + 1] = start[pair] + Of(pair).Length;
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>The orders, ascending, 2 not among them.</summary>
    public int[] Orders { get; }

    /// <summary>The highest of them; 0 if there are none.</summary>
    public int Highest { get; }

    /// <summary>All pairs in order.</summary>
    public InputPair[] Pairs { get; }

    /// <summary>Number of modes of all pairs.</summary>
    public int Length => start[^1];

    private (int P, int Q)[] OneInput { get; }

    private (int P, int Q)[] TwoInputs { get; }

    /// <summary>Where the modes of a pair begin.</summary>
    public int Start(int pair) => start[pair];

    /// <summary>The modes of a pair.</summary>
    public (int P, int Q)[] Of(int pair) => Pairs[pair].First == Pairs[pair].Second ? OneInput : TwoInputs;
}

/// <summary>Everything the free ensemble needs at one layer.</summary>
/// <param name="Factor">The packed lower factor of the step into this layer, eps R(Q(K0)) of the layer before; at layer 0 that of K(0).</param>
/// <param name="Kernel">K0 over pairs.</param>
/// <param name="Means">E2(K0) over pairs.</param>
/// <param name="Frames">A, B, D of each pair: z1 = A phi_a, z2 = B phi_a + D phi_b.</param>
/// <param name="Response">The coefficients of g_aa, g_ab, g_bb of each pair in t_ab; the first alone for one input.</param>
/// <param name="Coefficients">beta / sqrt(p! q!) of each mode, the coefficients of He_p(z1) He_q(z2) with leading coefficients 1.</param>
internal sealed record ControlLayer(double[] Factor, double[] Kernel, double[] Means, double[] Frames, double[] Response, double[] Coefficients)
{
    public static ControlLayer Of(ModeTable modes, FluctuationCoefficients here, double[] kernel, double[,] factor)
    {
        int inputs = modes.Inputs, pairs = modes.Pairs.Length, place = 0;
        var roots = new double[Math.Max(2, modes.Highest) + 1];
        roots[0] = 1;
        for (int k = 1; k < roots.Length; k++) roots[k] = roots[k - 1] * Math.Sqrt(k);
        var packed = new double[pairs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b <= a; b++) packed[place++] = factor[a, b];
        }

        double[] frames = new double[3 * pairs], response = new double[3 * pairs], coefficients = new double[modes.Length];
        for (int pair = 0; pair < pairs; pair++)
        {
            PairFluctuation each = here.Pairs[pair];
            (frames[3 * pair], frames[(3 * pair) + 1], frames[(3 * pair) + 2]) = (each.A, each.B, each.D);
            (response[3 * pair], response[(3 * pair) + 1], response[(3 * pair) + 2]) = (each.ResponseFirst, each.ResponseCross, each.ResponseSecond);
            int at = modes.Start(pair);
            foreach ((int p, int q) in modes.Of(pair)) coefficients[at++] = each.Order(p + q)[q] / (roots[p] * roots[q]);
        }

        return new ControlLayer(packed, kernel, [.. here.Pairs.Select(pair => pair.Mean)], frames, response, coefficients);
    }
}
