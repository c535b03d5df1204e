namespace SymbolicEft.Numeric.Simulation;

// Per recorded layer, with x = G - G_ref, y = S - S_ref and (if asked) r = y - A x, over pairs:
//   means     sum u, u^2, u^3, u^4      for u = x, y, r             over all pairs; for u = x alone where S is not measured
//   products  sum u_p v_q, sum u_p^2 v_q^2, sum u_p^2 v_q, sum u_p v_q^2, sum u_p^4 v_q^4   for (u, v) = (x, x), (y, x), (y, y), (r, x), over chosen pairs; (x, x) alone where no
//             covariances of S are wanted
// These give every mean and covariance, and by the infinitesimal jackknife every standard error: the influence of a sample on
// Cov(u, v) is (u - <u>)(v - <v>) - Cov(u, v), whose variance needs moments up to the fourth. The higher ones tell whether a standard error
// rests on all samples or on a few (EffectiveSamples).

/// <summary>Where each sum sits in the flat array of sums of a batch. Rows are padded to whole vectors of eight.</summary>
internal sealed class MomentLayout
{
    public const int X = 0, Y = 1, R = 2;
    public const int XX = 0, YX = 1, YY = 2, RX = 3;
    public const int Product = 0, SquareSquare = 1, SquareLinear = 2, LinearSquare = 3, Quartic = 4;
    public const int Powers = 4, Tables = 5;

    public MomentLayout(int records, int pairs, IReadOnlyList<int> chosen, bool hasClosure, bool hasSigmaCovariances = true, bool hasSigma = true)
    {
        Records = records;
        Pairs = pairs;
        Chosen = [.. chosen];
        Fields = hasClosure ? 3 : hasSigma ? 2 : 1;
        Blocks = hasClosure ? 4 : hasSigmaCovariances ? 3 : 1;
        PairStride = (pairs + 7) / 8 * 8;
        ChosenStride = (Chosen.Length + 7) / 8 * 8;
        RecordStride = checked(((long)Powers * Fields * PairStride) + ((long)Tables * Blocks * Chosen.Length * ChosenStride));
        Length = checked(RecordStride * records);
    }

    public int Records { get; }

    public int Pairs { get; }

    public int[] Chosen { get; }

    public int Fields { get; }

    public int Blocks { get; }

    public int PairStride { get; }

    public int ChosenStride { get; }

    public long RecordStride { get; }

    public long Length { get; }

    /// <summary>Place of the sum of a power of u, 1 to 4.</summary>
    public int Mean(int record, int field, int power) => (int)((record * RecordStride) + (((Powers * field) + power - 1) * PairStride));

    /// <summary>Place of the first entry of a table of products.</summary>
    public int Table(int record, int block, int kind) =>
        (int)((record * RecordStride) + ((long)Powers * Fields * PairStride) + ((((long)Tables * block) + kind) * Chosen.Length * ChosenStride));

    /// <summary>The two fields of a block.</summary>
    public static (int Left, int Right) FieldsOf(int block) => block switch { XX => (X, X), YX => (Y, X), YY => (Y, Y), _ => (R, X) };
}
