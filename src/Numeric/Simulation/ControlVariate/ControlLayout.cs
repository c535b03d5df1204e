namespace SymbolicEft.Numeric.Simulation;

// The sums of the differences from the prediction, after those of the plain statistics. Per recorded layer, with u = x, y or r as in
// MomentLayout, u = l + d, l the prediction (E l = 0, covariance known) and d the rest, over pairs:
//   means   sum l, d, l^2, l d, d^2, and m, m^2, m^3, m^4 of the path of the means (fields x and y)      over all pairs
//   tables  sum lu dv, du lv, du dv, lu lv, w^2, w lu, w du, w lv, w dv, w^4,  w = lu dv + du lv + du dv    over chosen pairs
// for the same (u, v) as there.

/// <summary>Where each sum of the control variate sits in the flat array of sums of a batch.</summary>
internal sealed class ControlLayout(MomentLayout plain)
{
    public const int L = 0, D = 1, LL = 2, LD = 3, DD = 4, Path = 5;
    public const int LeftD = 0, DLeft = 1, Rest = 2, Prediction = 3, Square = 4, WithLeftL = 5, WithLeftD = 6, WithRightL = 7, WithRightD = 8, Quartic = 9;
    public const int Tables = 10;

    private const int Means = 9;

    private readonly long recordStride = checked(((long)Means * plain.Fields * plain.PairStride) + ((long)Tables * plain.Blocks * plain.Chosen.Length * plain.ChosenStride));

    /// <summary>The layout of the plain statistics, whose sums come first.</summary>
    public MomentLayout Plain => plain;

    /// <summary>Length of both together.</summary>
    public long Length => checked(plain.Length + (recordStride * plain.Records));

    /// <summary>Place of the sums of one kind over pairs; powers of the path follow <see cref="Path"/>.</summary>
    public int Mean(int record, int field, int kind) => (int)(plain.Length + (record * recordStride) + (((Means * field) + kind) * plain.PairStride));

    /// <summary>Place of the first entry of a table.</summary>
    public int Table(int record, int block, int kind) => (int)(plain.Length + (record * recordStride)
        + ((long)Means * plain.Fields * plain.PairStride) + ((((long)Tables * block) + kind) * plain.Chosen.Length * plain.ChosenStride));
}
