using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

public sealed class GaussHermiteQuadratureTests
{
    [Fact]
    public void ThirtyTwoNodesGiveTheWrongResponseThatWasPublished()
    {
        var rule = new GaussHermiteQuadrature(32);
        var chi = 2 * rule.Expect(x => Slope(x) * Slope(x) - 2 * Math.Tanh(x) * Slope(x) * Math.Tanh(x), 4.37);
        Assert.Equal(-0.0133, chi, 4);

        static double Slope(double x) => 1 - Math.Tanh(x) * Math.Tanh(x);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(100)]
    [InlineData(256)]
    public void MomentsOfTheNormalDistributionAreExactUpToTwiceTheNumberOfNodes(int nodes)
    {
        var rule = new GaussHermiteQuadrature(nodes);
        var moment = 1.0;
        for (var k = 0; k < Math.Min(nodes, 60); k++)
        {
            Assert.Equal(1.0, rule.Expect(x => Math.Pow(x, 2 * k), 1.0) / moment, 12);
            moment *= 2 * k + 1;
        }
    }
}
