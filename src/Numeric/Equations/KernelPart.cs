namespace SymbolicEft.Numeric.Equations;

/// <summary>A result over pairs of inputs, as part of a tensor of a moment system.</summary>
/// <param name="Name">Its name in a solution.</param>
/// <param name="Tensor">The tensor that it is, or is a part of.</param>
/// <param name="Select">Its values, from those of the tensor.</param>
internal sealed record KernelPart(string Name, string Tensor, Func<double[], double[]> Select)
{
    /// <summary>The results that systems on modes have.</summary>
    public static IReadOnlyList<KernelPart> OfModes(int pairs) =>
    [
        Whole("K0"), Upper("V4", "V4", pairs), Upper("V4_source", "V4_source", pairs), Whole("K1"), Whole("E2"), Whole("U1"), Whole("C_SG"), Upper("C_SS", "C_SS", pairs),
        Whole("Theta0"), Whole("Theta1"), Whole("tau"), Upper("VarTheta", "VarTheta", pairs), Whole("CovThetaG"),
    ];

    /// <summary>The results that systems on observables have: x y is one of these, and a pair sees itself in its block.</summary>
    /// <param name="pairs">The number of pairs.</param>
    /// <param name="observables">The number of all observables in all blocks.</param>
    /// <param name="kernel">Where the observable x y of each pair stands.</param>
    /// <param name="own">Where each observable stands in the block of its own inputs.</param>
    /// <param name="members">Where each pair stands in its own block.</param>
    public static IReadOnlyList<KernelPart> OfObservables(int pairs, int observables, int[] kernel, int[] own, int[] members)
    {
        double[] Part(double[] values, int[] rows, int[] columns, int length) => [.. rows.SelectMany(row => columns.Select(column => values[(row * length) + column]))];
        double[] Block(double[] values, int[] rows, int[] columns) => Part(values, rows, columns, observables);
        return
        [
            Whole("K0"),
            new("V4", "V", values => UpperOf(Block(values, kernel, kernel), pairs)),
            Upper("V4_source", "V4_source", pairs),
            new("K1", "m", values => [.. kernel.Select(place => values[place])]),
            Whole("E2"),
            new("U1", "U1", values => [.. members.Select(place => values[place])]),
            new("C_SG", "C_Sf", values => Block(values, members, kernel)),
            new("V_state", "V", values => Block(values, own, own)),
            Whole("Theta0"),
            new("Theta1", "Theta1", values => [.. members.Select(place => values[place])]),
            Whole("tau"),
            new("VarTheta", "VarTheta", values => UpperOf(Part(values, members, members, (int)Math.Sqrt(values.Length)), pairs)),
            new("CovThetaG", "V_Tf", values => Block(values, members, kernel)),
        ];
    }

    /// <summary>The upper triangle of a full matrix.</summary>
    public static double[] UpperOf(ReadOnlySpan<double> full, int count)
    {
        var upper = new double[PairIndexing.Count(count)];
        for (int p = 0; p < count; p++)
        {
            for (int q = p; q < count; q++)
                upper[PairIndexing.Of(p, q, count)] = full[(p * count) + q];
        }

        return upper;
    }

    /// <summary>A tensor as it is.</summary>
    public static KernelPart Whole(string name) => new(name, name, values => values);

    private static KernelPart Upper(string name, string tensor, int pairs) => new(name, tensor, values => UpperOf(values, pairs));
}
