using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

public sealed class GaussHermiteQuadratureTests
{
    [Fact]
    public void ThirtyTwoNodesGiveTheWrongResponseThatWasPublished()
    {
        var values = new double[9];
        new GaussHermiteQuadrature(32).Evaluate(TestActivations.Tanh(), 2, 4.37, 4.37, 4.37, sameInput: true, values);
        Assert.Equal(-0.0133, 2 * (values[4] + values[6]), 4);
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

    /// <summary>The published scheme for one input: Euler steps of eps^2, the Hessian from the node sum.</summary>
    [Fact]
    public void EulerSteppingWithNodeSumsReproducesThePublishedDigits()
    {
        var rule = new GaussHermiteQuadrature(32);
        var tanh = TestActivations.Tanh();
        const double step = 0.0025;
        var values = new double[9];
        var (kernel, covariance, correction) = (2.0, 8.0, 0.0);
        for (var layer = 0; layer < 800; layer++)
        {
            rule.Evaluate(tanh, 2, kernel, kernel, kernel, sameInput: true, values);
            var chi = 2 * (values[4] + values[6]);
            var source = 2 * values[0];
            var hessian = 2 * rule.DiagonalNodeSum(tanh, kernel).Second;
            correction += step * (chi * correction + 0.5 * hessian * covariance);
            covariance += step * (2 * chi * covariance + 4 * kernel * source);
            kernel += step * source;
        }

        Assert.Equal(4.3730, kernel, 4);
        Assert.Equal(42.878, covariance, 3);
        Assert.Equal(-0.9011, correction, 4);
    }

    [Fact]
    public void DerivativesOfThePairNodeSumAgreeWithDifferences()
    {
        var rule = new GaussHermiteQuadrature(32);
        var tanh = TestActivations.Tanh();
        double[] kernel = [3.1, 1.2, 2.3];
        var gradient = new double[3];
        var hessian = new double[9];
        var up = new double[3];
        var down = new double[3];
        var value = rule.PairNodeSum(tanh, kernel[0], kernel[1], kernel[2], gradient, hessian);
        Assert.Equal(value, rule.Expect((x, y) => Math.Tanh(x) * Math.Tanh(y), kernel[0], kernel[1], kernel[2]), 14);
        const double change = 1e-5;
        for (var t = 0; t < 3; t++)
        {
            var plus = (double[])kernel.Clone();
            var minus = (double[])kernel.Clone();
            plus[t] += change;
            minus[t] -= change;
            var valueUp = rule.PairNodeSum(tanh, plus[0], plus[1], plus[2], up, new double[9]);
            var valueDown = rule.PairNodeSum(tanh, minus[0], minus[1], minus[2], down, new double[9]);
            Assert.Equal((valueUp - valueDown) / (2 * change), gradient[t], 9);
            for (var u = 0; u < 3; u++) Assert.Equal((up[u] - down[u]) / (2 * change), hessian[3 * t + u], 8);
        }
    }
}
