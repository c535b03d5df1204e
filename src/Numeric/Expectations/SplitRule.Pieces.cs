namespace SymbolicEft.Numeric.Expectations;

internal sealed partial class SplitRule
{
    partial void AddPieces(ReadOnlySpan<double> cuts, double range, double step, ref int fine)
    {
        Piece(PieceMap.HalfLine(-cuts[0], range), step, -1, ref fine);
        for (var n = 1; n < cuts.Length; n++) Piece(PieceMap.Finite(cuts[n - 1], cuts[n]), step, 1, ref fine);
        Piece(PieceMap.HalfLine(cuts[^1], range), step, 1, ref fine);
    }

    private void Piece(PieceMap map, double step, int sign, ref int fine)
    {
        var first = (int)Math.Ceiling(map.LowestParameter / step);
        var last = (int)Math.Floor(map.HighestParameter / step);
        for (var k = first; k <= last; k++)
        {
            var (node, jacobian) = map.At(k * step);
            Add(k, sign * node, jacobian * step, ref fine);
        }
    }
}
