using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation;

public class PhiloxTests
{
    // Known answers published with Random123 (kat_vectors, philox4x32 10).
    [Fact]
    public void Reproduces_the_published_known_answers()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Words(0, 0, 0, 0, 0, 0));
        const uint ones = 0xffffffff;
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox.Words(ones, ones, ones, ones, ones, ones));
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Words(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Theory]
    [InlineData(StatePrecision.Single, 0ul, 0L, 0u, 0u)]
    [InlineData(StatePrecision.Double, 0ul, 0L, 0u, 0u)]
    [InlineData(StatePrecision.Single, 0xfedcba9876543210ul, 4_294_967_280L, 800u, 4_000_000_000u)]
    [InlineData(StatePrecision.Double, 0xfedcba9876543210ul, 4_294_967_288L, 800u, 4_000_000_000u)]
    [InlineData(StatePrecision.Single, 0x85a308d3243f6a88ul, 123_456_789_012_352L, 0x10000007u, 65_535u)]
    [InlineData(StatePrecision.Double, 0x85a308d3243f6a88ul, 123_456_789_012_352L, 0x10000007u, 65_535u)]
    public void Every_lane_has_the_words_of_its_sample(StatePrecision precision, ulong seed, long firstSample, uint layer, uint firstDraw)
    {
        uint[,] words = LaneProbe.Words(precision, seed, firstSample, layer, firstDraw, draws: 5);
        for (int lane = 0; lane < words.GetLength(1); lane++)
        {
            ulong sample = (ulong)firstSample + (ulong)lane;
            for (uint draw = 0; draw < 5; draw++)
            {
                (uint x0, uint x1, uint x2, uint x3) =
                    Philox.Words(firstDraw + draw, layer, (uint)sample, (uint)(sample >> 32), (uint)seed, (uint)(seed >> 32));
                Assert.Equal((x0, x1, x2, x3), (words[4 * draw, lane], words[(4 * draw) + 1, lane], words[(4 * draw) + 2, lane], words[(4 * draw) + 3, lane]));
            }
        }
    }
}
